"""Parameters from files and from networks of other libraries, as a model and its arrays."""
