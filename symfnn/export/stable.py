"""Stable forms: expressions rewritten so that they can be evaluated without overflow or cancellation.

Nothing here knows a catalogue: a form is recognised by its shape. Every node says by ``plain`` what it stands for, and
``plain_of`` puts that back, by which the tests prove each rewriting.
"""

from collections.abc import Callable
from typing import Any

from sympy import Abs, Add, Expr, Function, Indexed, Integer, Mul, Piecewise, Pow, S, Sum, erf, exp, log, sign

from symfnn.algebra import index


class Stable(Function):
    """A function with a stable evaluation of its own."""

    is_real = True

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        raise NotImplementedError


class Logistic(Stable):
    """1/(1 + e^{-u})."""

    is_positive = True

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        return 1 / (1 + exp(-arguments[0]))


class Softplus(Stable):
    """log(1 + e^u)."""

    is_positive = True

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        return log(1 + exp(arguments[0]))


class ExpMinusOne(Stable):
    """e^u - 1."""

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        return exp(arguments[0]) - 1


class ErrorComplement(Stable):
    """1 - erf(u)."""

    is_positive = True

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        return 1 - erf(arguments[0])


class Softmax(Stable):
    """e^u / Σ_k e^{u_k}; the arguments are u and the sum."""

    is_positive = True

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        return exp(arguments[0]) / arguments[1]


class LogSumExp(Stable):
    """log Σ_k e^{u_k}; the argument is the sum."""

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        return log(arguments[0])


class TimesLog(Stable):
    """p log(u), with 0 log(0) = 0, its limit."""

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        return arguments[0] * log(arguments[1])


class Quotient(Stable):
    """p/q, with 0/0 = 0, its limit where p vanishes for all q."""

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        return arguments[0] / arguments[1]


class BinaryCrossEntropy(Stable):
    """-p log a - (1 - p) log(1 - a) with a = 1/(1 + e^{-u}); the arguments are u and p."""

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        u, p = arguments
        return p * log(1 + exp(-u)) + (1 - p) * log(1 + exp(u))


class LogisticSlope(Stable):
    """p a (1 - a)."""

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        p, a = arguments
        return p * a * (1 - a)


class TanhSlope(Stable):
    """p (1 - a^2)."""

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        p, a = arguments
        return p * (1 - a**2)


class PositiveSlope(Stable):
    """p where a > 0, else 0."""

    @staticmethod
    def plain(*arguments: Expr) -> Expr:
        """What the node stands for."""
        p, a = arguments
        return Piecewise((p, a > 0), (0, True))


def plain_of(expression: Expr) -> Expr:
    """The expression with every stable node written out."""
    return rebuilt(expression, lambda node: node.plain(*node.args) if isinstance(node, Stable) else node)


def rebuilt(expression: Expr, rewrite: Callable[[Expr], Expr]) -> Expr:
    """Apply a rewriting to every node, arguments first; entries, and the limits of sums, are left alone."""
    if isinstance(expression, Sum):
        return index.Sum(rebuilt(expression.function, rewrite), *expression.limits)
    if expression.is_Atom or not expression.args or isinstance(expression, _OPAQUE):
        return rewrite(expression)
    return rewrite(expression.func(*(rebuilt(part, rewrite) for part in expression.args)))


def stable(expression: Expr) -> Expr:
    """An equal expression in stable nodes wherever its shape allows."""
    return rebuilt(expression, _node)


def _node(expression: Expr) -> Expr:
    for kind, rewrite in _REWRITINGS:
        if isinstance(expression, kind):
            return rewrite(expression)
    return expression


def _power(expression: Expr) -> Expr:
    """(1 + e^u)^{-n} = Logistic(-u)^n."""
    exponent = _exponent_in(expression.base)
    if exponent is None or not expression.exp.is_negative:
        return expression
    return Logistic(-exponent) ** (-expression.exp)


def _product(expression: Expr) -> Expr:
    factors = list(expression.args)
    for rewrite in (_shifted_powers, _same_slope, _magnitude):
        factors = rewrite(factors)
    return Mul(*factors)


def _shifted_powers(factors: list[Expr]) -> list[Expr]:
    """e^u / Σ_k e^{u_k} is a softmax, whatever u is shifted by."""
    for total in [f for f in factors if isinstance(f, Pow) and f.exp == -1 and is_exponential_sum(f.base)]:
        (letter, *_), body = total.base.limits[0], total.base.function
        for power in [f for f in factors if isinstance(f, exp)]:
            free = [e for entry in index.entries(power) for e in index.indices_of(entry) if e.is_Symbol]
            if any(body.xreplace({letter: other}) == power for other in free):
                rest = [factor for factor in factors if factor is not total and factor is not power]
                return [*rest, Softmax(power.args[0], total.base)]
    return factors


def _same_slope(factors: list[Expr]) -> list[Expr]:
    """e^{cu} Logistic(-u)^n = Logistic(u)^c Logistic(-u)^{n-c}, for whole c from 1 to n."""
    for place, factor in enumerate(factors):
        base, count = factor.as_base_exp()
        if not isinstance(base, Logistic):
            continue
        for other, power in enumerate(factors):
            times = (power.args[0] / -base.args[0]).cancel() if isinstance(power, exp) else S.Zero
            if times.is_Integer and 1 <= times <= count:
                rest = [f for k, f in enumerate(factors) if k not in (place, other)]
                return [*rest, Logistic(-base.args[0]) ** times, base ** (count - times)]
    return factors


def _magnitude(factors: list[Expr]) -> list[Expr]:
    """The product u sign(u) is |u|."""
    for factor in factors:
        if isinstance(factor, sign) and factor.args[0] in factors:
            rest = list(factors)
            rest.remove(factor)
            rest.remove(factor.args[0])
            return [*rest, Abs(factor.args[0])]
    return factors


def _sum(expression: Expr) -> Expr:
    """1 ± Logistic, 1 ± erf and e^u - 1 in one node each."""
    constant, rest = expression.as_coeff_Add()
    parts = list(Add.make_args(rest))
    for part in parts:
        number, node = part.as_coeff_Mul()
        made = _with_constant(constant, number, node)
        if made is not None:
            parts.remove(part)
            return Add(made, *parts)
    return expression


def _with_constant(constant: Expr, number: Expr, node: Expr) -> Expr | None:
    """``constant + number·node`` in one stable node."""
    if isinstance(node, Logistic) and constant == -number:
        return constant * Logistic(-node.args[0])
    if isinstance(node, erf) and abs(number) == abs(constant) != 0:
        return constant * ErrorComplement(-number / constant * node.args[0])
    if isinstance(node, exp) and constant == -number:
        return number * ExpMinusOne(node.args[0])
    return None


def _logarithm(expression: Expr) -> Expr:
    """The logarithms of 1 + e^u, of Σ e^{u_k}, of the logistic function and of softmax."""
    (inner,) = expression.args
    exponent = _exponent_in(inner)
    if exponent is not None:
        return Softplus(exponent)
    if is_exponential_sum(inner):
        return LogSumExp(inner)
    if isinstance(inner, Logistic):
        return -Softplus(-inner.args[0])
    if isinstance(inner, Softmax):
        return inner.args[0] - LogSumExp(inner.args[1])
    return expression


def _exponent_in(expression: Expr) -> Expr | None:
    """The exponent u of an expression 1 + e^u; None for any other."""
    parts = set(Add.make_args(expression))
    others = parts - {Integer(1)}
    if len(parts) != 2 or len(others) != 1:
        return None
    (other,) = others
    return other.args[0] if isinstance(other, exp) else None


def is_exponential_sum(expression: Expr) -> bool:
    """Whether this is a sum of e^{u_k} over one letter."""
    return isinstance(expression, Sum) and isinstance(expression.function, exp) and len(expression.limits) == 1


_OPAQUE = (Indexed, index.Partial, index.Unspecified)
_REWRITINGS: tuple[tuple[Any, Callable[[Expr], Expr]], ...] = (
    (log, _logarithm),
    (Pow, _power),
    (Mul, _product),
    (Add, _sum),
)
