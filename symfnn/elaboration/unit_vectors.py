r"""Unit vectors of a class, ``e_y`` and ``\mathbf{1}_y`` beside ``L = -\log p_y``, and Kronecker's sign."""

from sympy import KroneckerDelta

from symfnn.algebra import index
from symfnn.elaboration.names import Mention, written
from symfnn.elaboration.reading import Reading, index_of, plain_index
from symfnn.elaboration.values import Axis, Value
from symfnn.latex.syntax import Letter, Scripted


def of_class(reading: Reading, found: Mention) -> Value | None:
    """A column that is 1 at the right class and 0 elsewhere, as long as what the label picks from; None for others."""
    mark = found.marks[0] if len(found.marks) == 1 else None
    if found.name not in ("e", "1") or mark is None or mark.place != "sub" or found.primes:
        return None
    letter = plain_index(written(mark.content))
    sizes = [size for alias in reading.scope.aliases for own, size in alias.label if own == letter]
    if not sizes or reading.scope.named(found.name):
        return None
    reading.use(letter, sizes[-1], found.span)
    axis = Axis(index.fresh("i"), sizes[-1])
    value = KroneckerDelta(axis.letter, letter)
    return Value(value, None, axis) if found.is_transposed else Value(value, axis)


def kronecker_delta(reading: Reading, found: Mention) -> Value | None:
    r"""``\delta_{ik}`` where no quantity is written so and the letters turn out to run along one axis."""
    is_plain = all(mark.place == "sub" and isinstance(mark.content, Letter | Scripted) for mark in found.marks)
    if found.name != r"\delta" or len(found.marks) != 2 or not is_plain or found.primes or found.is_transposed:
        return None
    first, second = (index_of(reading, mark.content) for mark in found.marks)
    reading.kroneckers.append((first, second, found.span))
    return Value(KroneckerDelta(first, second))
