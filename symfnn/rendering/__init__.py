"""Formulas of the index language in the symbols of a notation."""
