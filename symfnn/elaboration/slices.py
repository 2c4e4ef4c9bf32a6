r"""One index on a matrix: ``t_q`` is row q where q numbers the rows, ``\sum_{q=1}^{n} t_q`` with an n × m matrix t.

Texts write such a sample as a row or as a column, whatever the matrix is made of; what stands beside it decides.
"""

from collections.abc import Callable
from dataclasses import replace

from sympy import Expr

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import entries, values
from symfnn.elaboration.names import Mark, Mention, marks, written
from symfnn.elaboration.reading import Reading, index_of
from symfnn.elaboration.values import Value
from symfnn.latex.syntax import Letter, Scripted


def of_one_index(reading: Reading, found: Mention) -> tuple[Value, ...]:
    """The row or the column of a matrix that one index names, lying either way; nothing where it names none."""
    below = [mark for mark in found.marks if mark.place == "sub"]
    size = known_size(reading, written(below[0].content)) if len(below) == 1 else None
    if size is None:
        return ()
    above = tuple(mark for mark in found.marks if mark.place != "sub")
    every = Mark("sub", "", Letter(r"\cdot", below[0].content.span))
    made = []
    for places in ((below[0], every), (every, below[0])):
        value = _along(reading, replace(found, marks=(*above, *places)), size)
        made += [] if value is None else [value]
    return _either_way(reading, made[0]) if len(made) == 1 else ()


def of_brackets(reading: Reading, node: Scripted) -> tuple[Value, ...]:
    r"""The same of a matrix in brackets, ``(\frac{\partial L}{\partial Z})_q``."""
    places = [] if node.sub is None or node.sup is not None else marks(node.sub, "sub")
    size = known_size(reading, written(places[0].content)) if len(places) == 1 else None
    if size is None or node.primes:
        return ()
    inner = reading.value(node.base)
    along = [axis for axis in (inner.row, inner.column) if axis is not None and axis.size == size]
    if inner.row is None or inner.column is None or len(along) != 1 or inner.outer or inner.parts is not None:
        return ()
    letter = index_of(reading, places[0].content)
    reading.use(letter, size, node.span)
    is_row = along[0] is inner.row
    body = index.substitute(inner.expr, {along[0].letter: letter})
    row, column = (None, inner.column) if is_row else (inner.row, None)
    made = replace(inner, expr=body, row=row, column=column, derivative=None, is_gradient=False)
    return _either_way(reading, made)


def of_slices(reading: Reading, value: Callable[[], Value]) -> tuple[Value, ...]:
    """A value, lying either way where it is a vector made of rows or columns that one index names."""
    before, reading.is_sliced = reading.is_sliced, False
    made = value()
    is_made_of_slices = reading.is_sliced and made.is_vector and not made.is_jacobian
    reading.is_sliced = reading.is_sliced or before
    return (made, values.transpose(made)) if is_made_of_slices else (made,)


def _either_way(reading: Reading, vector: Value) -> tuple[Value, ...]:
    reading.is_sliced = True
    return vector, values.transpose(vector)


def known_size(reading: Reading, letter: str) -> Expr | None:
    """How far an index is stated to run, from 1 on."""
    if letter in reading.known:
        return reading.known[letter]
    bounds = reading.scope.ranges.get(letter)
    return bounds[1] if bounds is not None and bounds[0] == 1 else None


def _along(reading: Reading, found: Mention, size: Expr) -> Value | None:
    """The value of a mention whose one index runs so far; None where it runs otherwise."""
    (mark,) = [mark for mark in found.marks if mark.place == "sub" and written(mark.content) != r"\cdot"]
    uses, layers = {letter: list(sizes) for letter, sizes in reading.uses.items()}, list(reading.layers)
    try:
        letter = index_of(reading, mark.content)
        value = next((v for v in entries.options(reading, found) if v.is_vector), None)
        if value is not None and reading.uses.get(letter) == [size]:
            return value
    except errors.MeaningError:
        pass
    reading.uses, reading.layers = uses, layers
    return None
