"""Notations: the definitions of well-known texts, as documents in plain LaTeX."""
