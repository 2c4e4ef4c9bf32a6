"""Readable letters for bound indices, chosen only while printing."""

from collections.abc import Iterable

from sympy import Expr, Sum

from symfnn.algebra import index

_POOL = ("k", "j", "p", "q", "r", "t", "u", "v")
_SAMPLES = ("i", "n", *_POOL)


def readable(expression: Expr, taken: Iterable[str] = ()) -> Expr:
    """The expression with every bound letter replaced by a readable one that is free where it stands.

    Args:
        expression: in the index language.
        taken: letters that stand around the expression.
    """
    used = set(taken) | {symbol.name for symbol in expression.free_symbols if not symbol.is_Dummy}
    return _rename(index.refresh(expression), used)


def _rename(expression: Expr, used: set[str]) -> Expr:
    if not expression.has(Sum):
        return expression
    if not isinstance(expression, Sum):
        return expression.func(*(_rename(part, used) for part in expression.args))
    new: dict[Expr, Expr] = {}
    for letter, _, upper in reversed(expression.limits):
        new[letter] = index.index(_choose(letter.name, upper, used | {str(chosen) for chosen in new.values()}))
    inside = used | {str(chosen) for chosen in new.values()}
    body = _rename(expression.function, inside).xreplace(new)
    return index.Sum(body, *(tuple(part.xreplace(new) for part in limit) for limit in expression.limits))


def _choose(hint: str, upper: Expr, used: set[str]) -> str:
    pool = _SAMPLES if upper == index.SAMPLES else (hint, *_POOL)
    for letter in pool:
        if letter not in used:
            return letter
    return next(f"k_{number}" for number in range(1, 1000) if f"k_{number}" not in used)
