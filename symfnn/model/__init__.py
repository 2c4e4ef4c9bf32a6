"""A Model: ordered definitions over quantities with known shapes, parameters and a scalar objective."""
