"""Writing derived formulas as LaTeX."""
