"""Folding: a slope f'(z) written in the activation's own value a = f(z), found by ansatz and proved.

Nothing is looked up: the coefficients are solved for, and the result is accepted only if SymPy
proves the identity.
"""

from sympy import Dummy, Expr, Lambda, Piecewise, Poly, S, exp, simplify, solve, symbols, together

_DEGREE = 2


def slope_in_value(rule: Lambda) -> Lambda | None:
    """A polynomial p with f'(z) = p(f(z)) for all z; None where none of degree 2 or less exists.

    The sigmoid gives ``a*(1 - a)`` and tanh gives ``1 - a**2``. A function given in pieces is
    left as it is.

    Args:
        rule: f, a function of one real variable.
    """
    (z,) = rule.variables
    value, slope = rule.expr, rule.expr.diff(z)
    if value.has(Piecewise) or slope.has(Piecewise):
        return None
    u = Dummy("u", positive=True)
    rational_value, rational_slope = (_in_exponential(part, z, u) for part in (value, slope))
    if rational_value is None or rational_slope is None:
        return None
    coefficients = symbols(f"c0:{_DEGREE + 1}")
    ansatz = sum((c * rational_value**power for power, c in enumerate(coefficients)), S.Zero)
    numerator = together(ansatz - rational_slope).as_numer_denom()[0]
    found = solve(Poly(numerator.expand(), u).coeffs(), coefficients, dict=True)
    if not found:
        return None
    a = Dummy("a", real=True)
    folded = sum((found[0].get(c, S.Zero) * a**power for power, c in enumerate(coefficients)), S.Zero)
    is_proved = simplify(folded.xreplace({a: value}).rewrite(exp) - slope.rewrite(exp)) == 0
    return Lambda(a, folded.factor()) if is_proved else None


def _in_exponential(expression: Expr, z: Expr, u: Expr) -> Expr | None:
    """The expression as a rational function of u = e^z; None where it is not one."""
    written = (
        expression.rewrite(exp)
        .expand(power_exp=True)
        .replace(lambda part: isinstance(part, exp), lambda part: u ** (part.args[0].coeff(z)))
    )
    written = together(written)
    return written if z not in written.free_symbols and written.is_rational_function(u) else None
