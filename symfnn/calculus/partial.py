"""One-step partial derivatives: exact, with every Kronecker delta used up.

SymPy differentiates the scalar part, in which entries, sums and unspecified functions are opaque letters; the
recursion through binders is here. Nothing here knows how an entry is defined.
"""

from sympy import Dummy, Expr, S, Sum

from symfnn import errors
from symfnn.algebra import index, normal


def partial(expression: Expr, entry: Expr, ranges: dict[Expr, index.Range]) -> Expr:
    """The derivative of an expression by an entry that it mentions, all other entries held fixed.

    Args:
        expression: scalar, in the index language.
        entry: e.g. ``z[l, p]``; its letters must be free.
        ranges: where the free indices lie.

    Raises:
        RangeError: a sum does not provably cover the entry's index, or ``same_entry`` cannot tell.
        CalculusError: the expression already holds a derivative that is not worked out.
    """
    letters = {leaf: Dummy(real=True) for leaf in _leaves(expression)}
    back = {letter: leaf for leaf, letter in letters.items()}
    scalar = expression.xreplace(letters)
    result = S.Zero
    for leaf, letter in letters.items():
        inner = _of_leaf(leaf, entry, ranges)
        if inner != 0:
            result += scalar.diff(letter).xreplace(back) * inner
    return result


def _leaves(expression: Expr) -> list[Expr]:
    """The largest parts that SymPy must not look into."""
    opaque = isinstance(expression, Sum | index.Unspecified | index.Partial) or index.is_entry(expression)
    if opaque:
        return [expression]
    if expression.is_Symbol and not expression.is_integer:
        return [expression]
    found = [leaf for part in expression.args for leaf in _leaves(part)]
    return list(dict.fromkeys(found))


def _of_leaf(leaf: Expr, entry: Expr, ranges: dict[Expr, index.Range]) -> Expr:
    if isinstance(leaf, Sum):
        opened = index.refresh(leaf)
        limits = [tuple(limit) for limit in opened.limits]
        inner_ranges = ranges | {letter: (lo, hi) for letter, lo, hi in limits}
        return normal.collapse(partial(opened.function, entry, inner_ranges), limits, ranges)
    if isinstance(leaf, index.Unspecified):
        slices = [tuple(array) for array in leaf.arrays]
        indices = index.indices_of(entry)
        whole = (entry.base.label, indices[0]) if indices else ()
        used = whole in slices or whole[:1] in slices
        return index.Partial(leaf.args[0], entry) if used else S.Zero
    if isinstance(leaf, index.Partial):
        raise errors.CalculusError(f"{leaf} cannot be differentiated before it is worked out")
    return same_entry(leaf, entry, ranges)


def same_entry(left: Expr, right: Expr, ranges: dict[Expr, index.Range]) -> Expr:
    """1 where two entries are one and the same, 0 elsewhere, as a product of Kronecker deltas.

    Args:
        left: an entry.
        right: another.
        ranges: where the free indices of both lie.

    Raises:
        RangeError: the answer depends on whether a layer is 0, which its letter, a positive integer, cannot say.
    """
    if index.name_of(left) == index.name_of(right):
        for a, b in zip(index.indices_of(left), index.indices_of(right), strict=True):
            letter = next((d for d in (a - b, b - a) if d.is_Symbol and d != index.DEPTH), None)
            if letter is not None and not index.at_most(S.One, ranges.get(letter, (S.Zero,))[0]):
                raise errors.RangeError(
                    f"whether {left} is {right} depends on whether {letter} is 0: "
                    "count the layers from 1, or give layer 0 definitions of its own"
                )
    return index.delta(left, right)
