"""The directional derivative of an elementwise expression, in stable nodes where the expression has them.

At a kink it is that of the piece that holds there; the sign function is constant wherever it has a derivative.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sympy import Abs, Add, Expr, Integer, Max, Min, Mul, Piecewise, Pow, S, exp, log, pi, sign, sqrt

from symfnn.export import stable

_ZERO = Integer(0)


def differential(expression: Expr, tangents: Mapping[Expr, Expr]) -> Expr:
    """Σ ∂expression/∂x · ẋ.

    Args:
        expression: over symbols.
        tangents: ẋ by x; a symbol without one is constant.
    """
    if expression in tangents:
        return tangents[expression]
    if not tangents.keys() & expression.free_symbols:
        return _ZERO
    for kind, rule in _RULES:
        if isinstance(expression, kind):
            return rule(expression, lambda part: differential(part, tangents))
    return Add(*(expression.fdiff(n) * differential(part, tangents) for n, part in enumerate(expression.args, 1)))


Inner = Callable[[Expr], Expr]


def _sum(expression: Expr, inner: Inner) -> Expr:
    return Add(*map(inner, expression.args))


def _product(expression: Expr, inner: Inner) -> Expr:
    parts = expression.args
    return Add(*(Mul(*parts[:n], inner(part), *parts[n + 1 :]) for n, part in enumerate(parts)))


def _power(expression: Expr, inner: Inner) -> Expr:
    base, exponent = expression.args
    by_base = exponent * base ** (exponent - 1) * inner(base)
    slope = inner(exponent)
    return by_base if slope == 0 else by_base + expression * log(base) * slope


def _pieces(expression: Expr, inner: Inner) -> Expr:
    return Piecewise(*((inner(value), condition) for value, condition in expression.args))


def _extreme(expression: Expr, inner: Inner) -> Expr:
    """The derivative of the part that is the largest, or the smallest; of the last where several are."""
    kind = expression.func
    *others, last = expression.args
    pieces = []
    for n, part in enumerate(others):
        rest = kind(*others[n + 1 :], last)
        pieces.append((inner(part), part > rest if kind is Max else part < rest))
    return Piecewise(*pieces, (inner(last), S.true))


def _magnitude(expression: Expr, inner: Inner) -> Expr:
    return sign(expression.args[0]) * inner(expression.args[0])


def _constant(expression: Expr, inner: Inner) -> Expr:
    del expression, inner
    return _ZERO


def _quotient(expression: Expr, inner: Inner) -> Expr:
    """ṗ/q - (p/q) q̇/q, each with 0/0 = 0."""
    above, below = expression.args
    terms = [(inner(above), 1), (expression * inner(below), -1)]
    return Add(*(number * stable.Quotient(part, below) for part, number in terms if part != 0))


def _times_log(expression: Expr, inner: Inner) -> Expr:
    """ṗ log(u) + p u̇/u."""
    factor, argument = expression.args
    first, second = inner(factor), factor * inner(argument)
    return (0 if first == 0 else stable.TimesLog(first, argument)) + (
        0 if second == 0 else stable.Quotient(second, argument)
    )


def _slope(rule: Callable[[Expr], Expr]) -> Callable[[Expr, Inner], Expr]:
    return lambda expression, inner: rule(expression.args[0]) * inner(expression.args[0])


_RULES: tuple[tuple[Any, Callable[[Expr, Inner], Expr]], ...] = (
    (Add, _sum),
    (Mul, _product),
    (Pow, _power),
    (Piecewise, _pieces),
    ((Max, Min), _extreme),
    (Abs, _magnitude),
    (sign, _constant),
    (stable.Quotient, _quotient),
    (stable.TimesLog, _times_log),
    (stable.Logistic, _slope(lambda u: stable.Logistic(u) * stable.Logistic(-u))),
    (stable.Softplus, _slope(stable.Logistic)),
    (stable.ExpMinusOne, _slope(exp)),
    (stable.ErrorComplement, _slope(lambda u: -2 / sqrt(pi) * exp(-(u**2)))),
)
