r"""The identity matrix: a letter I that nothing introduces, as a side of its own beside a square Jacobian.

Its size is that of the other side; written below, as in ``\mathbf{I}_n``, it has to be that one.
"""

from sympy import Expr, Integer, KroneckerDelta

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.reading import Reading, blank, index_of
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.values import Axis, Value
from symfnn.latex.syntax import Letter, Node, Product, Scripted

_STYLES = frozenset({"", "bold", "blackboard", "roman"})


def values_of_sides(reading: Reading, left: Node, right: Node) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """The values that two sides can have, an identity matrix those of the shapes of the other side.

    Raises:
        MeaningError: a side is not understood, or says that an array other than a Jacobian is the identity matrix.
    """
    sides = left, right
    for place, side in enumerate(sides):
        if not _is_identity(reading.scope, side):
            continue
        others = readings(reading, sides[1 - place])
        made = tuple(one for other in others if (one := _beside(reading, side, other)) is not None)
        if made:
            return (made, others) if place == 0 else (others, made)
    return readings(reading, left), readings(reading, right)


def _is_identity(scope: Scope, node: Node) -> bool:
    """Whether a side is the identity matrix by its name."""
    letter = node.base if isinstance(node, Scripted) and node.sup is None and not node.primes else node
    if not isinstance(letter, Letter) or letter.name != "I" or letter.style not in _STYLES:
        return False
    is_known = any(profile.is_firm and profile.name not in scope.supposed for profile in scope.named("I"))
    return not is_known and "I" not in scope.functions and "I" not in scope.sizes


def _beside(reading: Reading, node: Node, other: Value) -> Value | None:
    """The identity matrix of the shape of a Jacobian; None where that is not square, or of another size.

    ``W^T W = I`` is no claim about W but what it is taken to fulfil.

    Raises:
        MeaningError: another square array stands there.
    """
    row, column = other.row, other.column
    if row is None or column is None or row.size != column.size or other.outer or other.parts is not None:
        return None
    if any(size != row.size for size in _sizes(reading, node)):
        return None
    if not other.is_jacobian:
        raise errors.MeaningError("not-covered", "what this says of an array is no claim that is understood", node.span)
    down, across = Axis(index.fresh("i"), row.size), Axis(index.fresh("j"), row.size)
    return Value(KroneckerDelta(down.letter, across.letter), down, across, is_jacobian=True)


def _sizes(reading: Reading, node: Node) -> list[Expr]:
    """The sizes that are written below an I; one that is not understood is none of any array."""
    if not isinstance(node, Scripted) or node.sub is None:
        return []
    written = node.sub.factors if isinstance(node.sub, Product) else (node.sub,)
    try:
        return [index_of(blank(reading.scope), one) for one in written]
    except errors.MeaningError:
        return [Integer(0)]
