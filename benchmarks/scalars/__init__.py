"""Formulas evaluated exactly in networks that are written out in scalars: a second reading, independent of symfnn's.

``names`` says how quantities are written, ``network`` what they stand for, ``reading`` what a formula is worth,
``values`` computes, ``statements`` makes a network from a document's statements, ``truth`` judges a formula.
"""
