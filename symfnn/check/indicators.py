"""Case distinctions as polynomials in indicators, which are 1 where their condition holds and 0 elsewhere."""

from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Expr,
    Function,
    Ge,
    Gt,
    Heaviside,
    KroneckerDelta,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Ne,
    Not,
    Or,
    Piecewise,
    S,
    expand,
    false,
    sign,
    true,
)

from symfnn import errors

OPEN = S.Half  # neither strict nor not: what an indicator is at 0 is not said
_MOST_INNER = 3


class Indicator(Function):
    """``Indicator(x, 1)`` is [x > 0], ``Indicator(x, 0)`` is [x ≥ 0]; ``Indicator(x, OPEN)`` has no value at x = 0."""

    is_real = True


def indicator(value: Expr, strict: Expr) -> Expr:
    """The indicator of ``value`` > 0 (strict: 1) or ≥ 0 (strict: 0), the same for every positive multiple.

    Where the value depends on other indicators it is told for each of their values: [x [y > 0] > 0] = [y > 0] [x > 0].
    """
    inner = _outermost(value)
    if inner is not None:
        cases = (indicator(expand(value.xreplace({inner: number})), strict) for number in (S.One, S.Zero))
        holds, fails = cases
        return expand(inner * holds + (1 - inner) * fails)
    if value.is_number:
        return S.One if value.is_positive or (value == 0 and strict == 0) else S.Zero
    _, value = value.primitive()
    if value.could_extract_minus_sign():
        return 1 - Indicator(-value, 1 - strict)
    return Indicator(value, strict)


def _outermost(value: Expr) -> Expr | None:
    """An indicator that is a factor in a term of a polynomial of few of them; None without any."""
    factors = (f.as_base_exp()[0] for term in Add.make_args(value) for f in Mul.make_args(term))
    found = dict.fromkeys(base for base in factors if isinstance(base, Indicator))
    return next(iter(found)) if 0 < len(found) <= _MOST_INNER else None


def without_cases(expression: Expr) -> Expr:
    """A function given in pieces, written in indicators.

    Raises:
        CalculusError: a condition is of another kind, or the pieces do not cover everything.
    """
    if isinstance(expression, Piecewise):
        return _pieces(expression)
    first = expression.args[0]
    if isinstance(expression, Abs):
        return first * (2 * Indicator(first, S.One) - 1)
    if isinstance(expression, sign):
        return Indicator(first, S.One) + Indicator(first, S.Zero) - 1
    if isinstance(expression, Heaviside):
        return (Indicator(first, S.One) + Indicator(first, S.Zero)) / 2
    rest = expression.args[1] if len(expression.args) == 2 else expression.func(*expression.args[1:])
    if isinstance(expression, Max):
        return rest + (first - rest) * Indicator(first - rest, S.One)
    if isinstance(expression, Min):
        return first + (rest - first) * Indicator(first - rest, S.One)
    raise errors.CalculusError(f"{expression} is no case distinction")


def is_kink(gap: Expr, step: Expr) -> bool:
    """Whether a function whose pieces differ by ``step`` has a kink where ``gap`` is 0: one is a multiple of the other.

    Where the step vanishes faster, as z² does at z = 0, the function has a slope there.
    """
    (_, first), (_, second) = (expand(part).primitive() for part in (gap, step))
    return second in (first, -first)


def opened(expression: Piecewise, ends: set[Expr]) -> Expr:
    """A slope given in pieces, written in indicators, without a value where one of ``ends`` is 0: there is a kink.

    Raises:
        CalculusError: a condition is of another kind, or the pieces do not cover everything.
    """
    result = _pieces(expression)
    at_ends = [one for one in result.atoms(Indicator) if one.args[0] in ends or -one.args[0] in ends]
    return result.xreplace({one: Indicator(one.args[0], OPEN) for one in at_ends})


def without_kinks(expression: Expr) -> Expr:
    """The expression where it has a value: no indicator says what is at the points at which another one is open."""
    found = expression.atoms(Indicator)
    ends = {one.args[0] for one in found if one.args[1] == OPEN}
    return expression.xreplace({one: Indicator(one.args[0], OPEN) for one in found if one.args[0] in ends})


def in_pieces(expression: Expr) -> Expr:
    """Greatest and least values as pieces, the constant one at the kink: max(0, z) has slope 0 at z = 0."""
    if not isinstance(expression, Max | Min):
        return expression
    first, *others = sorted(expression.args, key=lambda part: (not part.is_number, part.sort_key()))
    rest = others[0] if len(others) == 1 else expression.func(*others)
    condition = Gt(rest, first) if isinstance(expression, Max) else Lt(rest, first)
    return Piecewise((rest, condition), (first, True))


def _pieces(expression: Expr) -> Expr:
    result, left = S.Zero, S.One
    for value, condition in expression.args:
        holds = _condition(condition)
        result += left * holds * value
        left *= 1 - holds
    if expression.args[-1].cond != true:
        raise errors.CalculusError(f"{expression} does not cover everything")
    return result


def _condition(condition: Expr) -> Expr:
    if condition in (true, false):
        return S.One if condition == true else S.Zero
    parts = condition.args
    if isinstance(condition, And):
        return Mul(*(_condition(part) for part in parts))
    if isinstance(condition, Or):
        return 1 - Mul(*(1 - _condition(part) for part in parts))
    if isinstance(condition, Not):
        return 1 - _condition(parts[0])
    if isinstance(condition, Gt | Ge | Lt | Le):
        return _comparison(condition)
    if isinstance(condition, Eq | Ne) and all(part.is_integer for part in parts):
        same = KroneckerDelta(*parts)
        return same if isinstance(condition, Eq) else 1 - same
    raise errors.CalculusError(f"the condition {condition} is of an unknown kind")


def _comparison(condition: Expr) -> Expr:
    left, right = condition.args
    strict = S.One if isinstance(condition, Gt | Lt) else S.Zero
    return Indicator(left - right if isinstance(condition, Gt | Ge) else right - left, strict)
