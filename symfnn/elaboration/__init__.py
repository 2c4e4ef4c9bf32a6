"""From what is written to what it means: names, shapes, products by shape, derivatives, definitions and claims."""
