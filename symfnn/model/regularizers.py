"""The catalogue of regularisers: what each weight adds; biases are left out (A17)."""

from typing import NamedTuple

from sympy import Abs, Expr, Lambda, Rational, S, Symbol

from symfnn import errors

_W = Symbol("w", real=True)
STRENGTH = Symbol("lambda", positive=True)


class Regularizer(NamedTuple):
    """The penalty of one weight; the whole is strength × the sum over all weights (× 1/m under a mean)."""

    name: str
    rule: Lambda


CATALOGUE = (
    Regularizer("l2", Lambda(_W, _W**2 / 2)),
    Regularizer("l1", Lambda(_W, Abs(_W))),
    # equal parts of both, scikit-learn's default l1_ratio
    Regularizer("elastic-net", Lambda(_W, Abs(_W) / 2 + _W**2 / 4)),
)
NAMES = tuple(regularizer.name for regularizer in CATALOGUE)


def regularizer(given: str) -> Regularizer:
    """The regulariser of that name.

    Raises:
        ModelError: the name is unknown.
    """
    for known in CATALOGUE:
        if known.name == given:
            return known
    raise errors.ModelError(f"unknown regularizer {given!r}: choose one of {', '.join(NAMES)}")


def strength(given: float | Expr | None) -> Expr:
    """λ as an exact number, or the symbol λ where none is given.

    Raises:
        ModelError: the strength is negative or not a number.
    """
    if given is None:
        return STRENGTH
    if isinstance(given, bool) or not isinstance(given, int | float | Rational):
        raise errors.ModelError(f"the strength of a regularizer is a number, not {given!r}")
    number = Rational(str(given)) if given == given and abs(given) != float("inf") else S.NaN
    if not number.is_nonnegative:
        raise errors.ModelError(f"the strength of a regularizer is a number of 0 or more, not {given}")
    return number
