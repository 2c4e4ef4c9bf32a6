"""A derivation as a list of steps, each of which can be taken again."""
