"""The texts of the C functions that generated files hold."""
