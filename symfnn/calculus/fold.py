"""Folding: a slope f'(z) written in the activation's own value a = f(z), found by ansatz and proved.

Nothing is looked up: the coefficients are solved for, and the result is accepted only if SymPy
proves the identity.
"""

from functools import lru_cache

from sympy import (
    Add,
    Dummy,
    Expr,
    Function,
    Lambda,
    Mul,
    Piecewise,
    Poly,
    S,
    Sum,
    cancel,
    exp,
    factor_list,
    linsolve,
    simplify,
    symbols,
    together,
)

from symfnn.algebra import index, normal

_DEGREE = 2


@lru_cache(maxsize=64)
def slope_in_value(rule: Lambda) -> Lambda | None:
    """A polynomial p with f'(z) = p(f(z)) for all z; None where none of degree 2 or less exists.

    The sigmoid gives ``a*(1 - a)`` and tanh gives ``1 - a**2``. A function given in pieces is
    left as it is.

    Args:
        rule: f, a function of one real variable.
    """
    (z,) = rule.variables
    value, slope = rule.expr, rule.expr.diff(z)
    a = Dummy("a", real=True)
    if z not in slope.free_symbols:
        return Lambda(a, slope)
    if value.has(Piecewise) or slope.has(Piecewise):
        return None
    u = Dummy("u", positive=True)
    rational_value, rational_slope = (_in_exponential(part, z, u) for part in (value, slope))
    if rational_value is None or rational_slope is None:
        return None
    coefficients = symbols(f"c0:{_DEGREE + 1}")
    ansatz = sum((c * rational_value**power for power, c in enumerate(coefficients)), S.Zero)
    numerator = together(ansatz - rational_slope).as_numer_denom()[0]
    solutions = linsolve(Poly(numerator.expand(), u).coeffs(), *coefficients)
    if not solutions:
        return None
    (found,) = solutions
    chosen = found.xreplace(dict.fromkeys(coefficients, S.Zero))
    folded = sum((c * a**power for power, c in enumerate(chosen)), S.Zero)
    difference = folded.xreplace({a: value}).rewrite(exp) - slope.rewrite(exp)
    # cancelling mostly is enough, and simplify loads a quarter of SymPy
    is_proved = cancel(difference) == 0 or simplify(difference) == 0
    return Lambda(a, _shortest(folded, a)) if is_proved else None


def _shortest(polynomial: Expr, a: Expr) -> Expr:
    """The shorter of the factored and the expanded form, with minus signs inside the factors."""
    content, factors = factor_list(polynomial, a)
    parts = [factor**power for factor, power in factors]
    sums = [place for place, part in enumerate(parts) if isinstance(part, Add)]
    if content.is_negative and sums:
        content, parts[sums[0]] = -content, -parts[sums[0]]
    return min((Mul(content, *parts), polynomial.expand()), key=lambda form: form.count_ops())


def in_values(expression: Expr, entry: Expr, definition: Expr) -> Expr:
    """An expression with the parts of a quotient definition written in its value: e^{z_i} = a_i Σ_k e^{z_k}.

    Args:
        expression: what is rewritten.
        entry: the left side at free letters, e.g. ``a[L, i]``.
        definition: its right side, g(z_i) divided by a sum of g(z_k).

    Returns:
        The rewritten expression; the given one where the definition is no such quotient.
    """
    numerator, denominator = definition.as_numer_denom()
    if not isinstance(denominator, Sum) or not isinstance(numerator, Function):
        return expression
    (state,) = index.entries(numerator)
    total = Dummy("total", positive=True)
    result = []
    for body, limits in normal.terms(expression):
        opened = body.replace(lambda part: isinstance(part, Sum) and normal.equal(part, denominator), lambda _: total)
        opened = opened.expand(power_exp=True)
        values = {
            numerator.xreplace({state: other}): _beside(entry, state, other) * total
            for other in index.entries(opened)
            if index.name_of(other) == index.name_of(state) and other.indices[0] == state.indices[0]
        }
        result.append(index.bind(opened.xreplace(values).xreplace({total: denominator}), limits))
    return Add(*result)


def _beside(entry: Expr, state: Expr, other: Expr) -> Expr:
    """The entry that belongs to another state as ``entry`` does to ``state``; it need not have the same indices."""
    moved = zip(state.indices, other.indices, strict=True)
    return entry.xreplace({letter: place for letter, place in moved if letter.is_Symbol})


def _in_exponential(expression: Expr, z: Expr, u: Expr) -> Expr | None:
    """The expression as a rational function of u = e^z; None where it is not one."""
    written = (
        expression.rewrite(exp)
        .expand(power_exp=True)
        .replace(lambda part: isinstance(part, exp), lambda part: u ** (part.args[0].coeff(z)))
    )
    written = together(written)
    return written if z not in written.free_symbols and written.is_rational_function(u) else None
