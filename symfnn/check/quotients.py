"""Products multiplied out, and quotients in partial fractions."""

from functools import lru_cache

from sympy import Add, Expr, KroneckerDelta, Mul, Pow, S, Symbol, apart

from symfnn import errors
from symfnn.check.indicators import Indicator

_T = Symbol("t", positive=True)
_LONG = 150  # operations of a quotient that is not taken apart
MOST_POWER = 12


def expanded(factors: list[Expr]) -> Expr:
    """A product multiplied out, positive powers of sums included."""
    opened: list[Expr] = []
    for factor in Mul.make_args(Mul(*factors)):
        base, power = factor.as_base_exp()
        is_open = isinstance(base, Add) and power.is_Integer and 0 < power <= MOST_POWER
        opened.extend([base] * int(power) if is_open else [factor])
    terms = [S.One]
    for factor in opened:
        terms = [term * part for term in terms for part in Add.make_args(factor)]
        terms = list(Add.make_args(Add(*terms)))
    return Add(*terms)


def content(base: Expr) -> tuple[Expr, Expr]:
    """A monomial and a sum without common factors or denominators, whose product the given sum is."""
    powers = [
        {b: e for b, e in (f.as_base_exp() for f in Mul.make_args(t)) if e.is_Rational and not b.is_Number}
        for t in base.args
    ]
    least = {b: min(p.get(b, S.Zero) for p in powers) for b in dict.fromkeys(b for p in powers for b in p)}
    common = Mul(*(b**e for b, e in least.items()))
    rest = Add(*(expanded([term, 1 / common]) for term in base.args)) if common != 1 else base
    number, rest = rest.primitive()
    if rest.could_extract_minus_sign():
        number, rest = -number, -rest
    return number * common, rest


def reciprocal(base: Expr) -> Expr:
    """One over a form, its content taken apart.

    Raises:
        CalculusError: the form is 0 or may be.
    """
    if base == 0:
        raise errors.CalculusError("something is divided by 0")
    if any(isinstance(factor.as_base_exp()[0], KroneckerDelta | Indicator) for factor in Mul.make_args(base)):
        raise errors.CalculusError("something is divided by what may be 0")
    if not isinstance(base, Add):
        return 1 / base
    outside, rest = content(base)
    return Pow(outside, -1) * Pow(rest, -1)


def partial_fractions(rational: Expr, generator: Expr) -> Expr:
    """A rational function of one generator in partial fractions; as it is where that would take long."""
    return _parted(rational.xreplace({generator: _T})).xreplace({_T: generator})


@lru_cache(maxsize=4096)
def _parted(rational: Expr) -> Expr:
    if rational.count_ops() > _LONG:
        return rational
    result = S.Zero
    for part in Add.make_args(apart(rational, _T)):
        top, bottom = part.as_numer_denom()
        below = S.One
        for factor in Mul.make_args(bottom):
            base, power = factor.as_base_exp()
            below *= reciprocal(base) ** power
        result += expanded([top.expand(), below])
    return result


def generators_of(expression: Expr) -> set[Expr]:
    """What an expression is a rational function of."""
    if isinstance(expression, Add | Mul) or (isinstance(expression, Pow) and expression.exp.is_Integer):
        return {leaf for part in expression.args for leaf in generators_of(part)}
    return set() if expression.is_number else {expression}


def is_zero(form: Expr) -> bool:
    """Whether a canonical form vanishes, once its denominators are multiplied out."""
    if form == 0:
        return True
    below: dict[Expr, Expr] = {}
    for term in Add.make_args(form):
        for factor in Mul.make_args(term):
            base, power = factor.as_base_exp()
            if isinstance(base, Add) and power.is_Integer and power < 0:
                below[base] = max(below.get(base, S.Zero), -power)
    if not below or sum(below.values()) > MOST_POWER:
        return False
    multiple = Mul(*(base**power for base, power in below.items()))
    return bool(Add(*(expanded([term, multiple]) for term in Add.make_args(form))) == 0)
