"""Where a function of one real variable has a kink, if its pieces end at solutions of linear equations."""

from itertools import pairwise

from sympy import (
    Abs,
    Eq,
    Expr,
    Function,
    Heaviside,
    Lambda,
    Max,
    Min,
    Ne,
    Piecewise,
    Pow,
    S,
    Symbol,
    asinh,
    atan,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    sign,
    sin,
    sinh,
    tanh,
)
from sympy.core.relational import Relational

_SMOOTH = (exp, log, tanh, sin, cos, sinh, cosh, asinh, atan, erf, erfc)
_IN_PIECES = (Abs, sign, Heaviside, Max, Min, Piecewise)


def kinks_of(rule: Lambda) -> tuple[Expr, ...] | None:
    """The points at which the value or the slope of a function jumps, in order; None where they cannot be told.

    Between two neighbouring points where some piece ends, the function is one smooth expression; a point is a kink
    where the expressions on its two sides differ in value or slope. Poles are not looked for.

    Args:
        rule: a function of one real variable; the ends of its pieces must be solutions of linear equations.
    """
    (z,) = rule.variables
    ends = _ends(rule.expr, z)
    if ends is None or not _is_smooth_between(rule.expr) or rule.expr.atoms(Eq, Ne):
        return None
    points = sorted(ends)
    sides = [_between(rule.expr, z, place) for place in _places(points)]
    found = []
    for point, (left, right) in zip(points, pairwise(sides), strict=True):
        is_smooth = _agree(left - right, z, point)
        if is_smooth is None or not _is_defined(rule, point):
            return None
        if not is_smooth:
            found.append(point)
    return tuple(found)


def _ends(expression: Expr, z: Symbol) -> set[Expr] | None:
    """Where a piece may end: the solutions of linear equations, all of them rational."""
    result = set()
    for difference in _switches(expression):
        slope, rest = difference.coeff(z), difference.coeff(z, 0)
        if not (slope.is_Rational and rest.is_Rational) or (slope * z + rest - difference).expand() != 0:
            return None
        if slope != 0:
            result.add(-rest / slope)
    return result


def _switches(expression: Expr) -> list[Expr]:
    """What changes its sign where a piece ends."""
    found = []
    for node in expression.atoms(*_IN_PIECES):
        if isinstance(node, Max | Min):
            found += [a - b for place, a in enumerate(node.args) for b in node.args[:place]]
        elif isinstance(node, Piecewise):
            found += [part.lhs - part.rhs for _, condition in node.args for part in condition.atoms(Relational)]
        else:
            found.append(node.args[0])
    return [difference.expand() for difference in found]


def _is_smooth_between(expression: Expr) -> bool:
    powers = all(node.exp.is_Integer or node.base.is_positive for node in expression.atoms(Pow))
    return powers and all(isinstance(node, _SMOOTH + _IN_PIECES) for node in expression.atoms(Function, Max, Min))


def _places(points: list[Expr]) -> list[Expr]:
    """One number before, between and behind the points."""
    if not points:
        return [S.Zero]
    return [points[0] - 1, *((a + b) / 2 for a, b in pairwise(points)), points[-1] + 1]


def _between(expression: Expr, z: Symbol, place: Expr) -> Expr:
    """The smooth expression that holds around a number at which no piece ends."""

    def chosen(node: Expr) -> Expr:
        if isinstance(node, Piecewise):
            return next((value for value, condition in node.args if condition.subs(z, place) == True), S.NaN)  # noqa: E712 - SymPy's own truth value
        if isinstance(node, Max | Min):
            return (max if isinstance(node, Max) else min)(node.args, key=lambda part: part.subs(z, place))
        is_above = bool(node.args[0].subs(z, place) > 0)
        if isinstance(node, Heaviside):
            return S.One if is_above else S.Zero
        factor = S.One if is_above else S.NegativeOne
        return factor * node.args[0] if isinstance(node, Abs) else factor

    result = expression
    while result.has(*_IN_PIECES):
        result = result.replace(lambda node: isinstance(node, _IN_PIECES), chosen)
    return result


def _is_defined(rule: Lambda, point: Expr) -> bool:
    """Whether the function and its slope as written are numbers at a point."""
    (z,) = rule.variables
    return all(part.subs(z, point).is_finite for part in (rule.expr, rule.expr.diff(z)))


def _agree(difference: Expr, z: Symbol, point: Expr) -> bool | None:
    """Whether a difference and its slope are 0 at a point; None where that cannot be told."""
    for part in (difference, difference.diff(z)):
        value = part.subs(z, point)
        is_zero = value.equals(0) if value.is_finite else None
        if not is_zero:
            return None if is_zero is None else False
    return True
