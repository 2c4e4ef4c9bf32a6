"""Canonical form: a polynomial in entries, functions, closed sums and inverses, the same for equal formulas.

Every rewriting is an identity for all widths and depths; what is not covered stays as it is. A sum is pulled apart
into products of connected sums, whose letters are named by their place and by how deep sums are nested in them, so that
no letter is captured. Conditions become indicators, known to be 0 or 1; exponentials become powers of one
generator for each argument, and rational functions of one generator are written in partial fractions.
"""

import time

from sympy import (
    Abs,
    Add,
    Expr,
    Function,
    Heaviside,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    S,
    Sum,
    cosh,
    coth,
    exp,
    log,
    sign,
    sinh,
    tanh,
)

from symfnn import errors
from symfnn.algebra import index
from symfnn.check import indicators
from symfnn.check.bound_letters import opened, with_named
from symfnn.check.facts import Facts, Limit
from symfnn.check.indicators import Indicator
from symfnn.check.quotients import MOST_POWER, content, expanded, generators_of, partial_fractions, reciprocal


class Exponential(Function):
    """e to the argument, never combined or split by SymPy."""

    is_positive = True
    is_real = True


def canonical(expression: Expr, facts: Facts) -> Expr:
    """The canonical form.

    Raises:
        CalculusError: something is divided by 0, or a case distinction is of an unknown kind.
    """
    if not expression.args or isinstance(expression, index.Partial | index.Unspecified) or _is_indexed(expression):
        return expression
    if isinstance(expression, Add):
        return Add(*(canonical(part, facts) for part in expression.args))
    if isinstance(expression, Mul):
        return _multiply([canonical(part, facts) for part in expression.args], facts)
    if isinstance(expression, Pow):
        return _power(canonical(expression.base, facts), canonical(expression.exp, facts), facts)
    if isinstance(expression, Sum):
        return _sum(expression, facts)
    if isinstance(expression, KroneckerDelta):
        return _tidy(_delta(expression.args[0], expression.args[1], facts), facts)
    return _function(expression, facts)


def _is_indexed(expression: Expr) -> bool:
    return index.is_entry(expression) or getattr(expression, "base", None) == index.WIDTH


def _function(expression: Expr, facts: Facts) -> Expr:
    if isinstance(expression, tanh | sinh | cosh | coth):
        return canonical(expression.rewrite(exp), facts)
    if isinstance(expression, Piecewise | Abs | sign | Max | Min | Heaviside):
        return canonical(indicators.without_cases(expression), facts)
    arguments = [canonical(part, facts) for part in expression.args]
    if isinstance(expression, Indicator):
        return _multiply([indicators.indicator(arguments[0], expression.args[1])], facts)
    if isinstance(expression, exp | Exponential):
        return _multiply([_exponential(term) for term in Add.make_args(arguments[0])], facts)
    if isinstance(expression, log):
        return _logarithm(arguments[0], facts)
    return expression.func(*arguments)


def _exponential(term: Expr) -> Expr:
    number, body = term.as_coeff_Mul()
    if isinstance(body, log):
        return body.args[0] ** number
    return Exponential(body) ** number if body != 1 else Exponential(S.One) ** number


def _logarithm(argument: Expr, facts: Facts) -> Expr:
    """The logarithm of a product, parted where a factor is known to be positive."""
    outside, rest = content(argument) if isinstance(argument, Add) else (argument, S.One)
    if not isinstance(rest, Add):
        outside, rest = outside * rest, S.One
    exponents, logarithms, unknown = S.Zero, S.Zero, []
    for factor in (*Mul.make_args(outside), rest):
        base, power = factor.as_base_exp()
        if not is_positive(base):
            unknown.append(factor)
        elif isinstance(base, Exponential):
            exponents += power * base.args[0]
        elif base != 1:
            logarithms += power * log(base)
    return canonical(exponents, facts) + logarithms + log(Mul(*unknown))


def is_positive(expression: Expr) -> bool:
    """Whether an expression in canonical form is positive wherever it is defined."""
    if isinstance(expression, Add | Mul):
        return all(is_positive(part) for part in expression.args)
    if isinstance(expression, Pow):
        return is_positive(expression.base)
    if isinstance(expression, Sum):
        return is_positive(expression.function)
    return isinstance(expression, Exponential) or bool(expression.is_number and expression.is_positive)


def _power(base: Expr, exponent: Expr, facts: Facts) -> Expr:
    if not exponent.is_Integer or abs(exponent) > MOST_POWER:
        return base**exponent
    if exponent < 0:
        base = reciprocal(base)
    return _multiply([base] * int(abs(exponent)), facts)


def _multiply(factors: list[Expr], facts: Facts) -> Expr:
    """The product of canonical forms."""
    result = expanded(factors)
    tidy = Add(*(_tidy(term, facts) for term in Add.make_args(result)))
    return tidy if tidy == result or not _is_open(tidy) else _multiply([tidy], facts)


def _is_open(expression: Expr) -> bool:
    """Whether a term holds a positive power of a sum that is not multiplied out."""
    for term in Add.make_args(expression):
        for factor in Mul.make_args(term):
            base, power = factor.as_base_exp()
            if isinstance(base, Add) and power.is_Integer and power > 0 and term != factor:
                return True
    return False


def _delta(left: Expr, right: Expr, facts: Facts) -> Expr:
    same = facts.region.same(left, right)
    if same is None and frozenset((left, right)) not in facts.unequal:
        return KroneckerDelta(left, right)
    return S.One if same else S.Zero


def _tidy(term: Expr, facts: Facts) -> Expr:
    """One product with its deltas, indicators and partial fractions settled."""
    parts = [factor.as_base_exp() for factor in Mul.make_args(term)]
    deltas = [base for base, _ in parts if isinstance(base, KroneckerDelta)]
    if deltas:
        return _with_deltas(deltas, [b**e for b, e in parts if not isinstance(b, KroneckerDelta)], facts)
    if any(isinstance(base, Indicator) for base, _ in parts):
        bases = [base for base, _ in parts]
        known = [_settled(base, bases) if isinstance(base, Indicator) else base**power for base, power in parts]
        term = Mul(*dict.fromkeys(factor for factor in known if isinstance(factor, Indicator)))
        term *= Mul(*(factor for factor in known if not isinstance(factor, Indicator)))
    return _in_fractions(term, facts) if any(isinstance(b, Add) and e.is_negative for b, e in parts) else term


def _settled(condition: Expr, factors: list[Expr]) -> Expr:
    """The indicator beside these factors: x [x ≥ 0] is x [x > 0], and [x > 0] [x ≥ 0] is [x > 0]."""
    value, strict = condition.args
    if strict == 0 and Indicator(value, S.One) in factors:
        return S.One
    return Indicator(value, S.One) if value in factors else condition


def _with_deltas(deltas: list[Expr], rest: list[Expr], facts: Facts) -> Expr:
    """A product in which letters tied by deltas are all written by the first of them."""
    new: dict[Expr, Expr] = {}
    kept: list[Expr] = []
    for node in deltas:
        left, right = (_renamed(part, new) for part in node.args)
        known = _delta(left, right, facts)
        if known == 0:
            return S.Zero
        if not isinstance(known, KroneckerDelta):
            continue
        pair = _tied(left, right)
        kept.append(known)
        if pair is not None:
            new = {letter: value.xreplace({pair[0]: pair[1]}) for letter, value in new.items()} | {pair[0]: pair[1]}
    renamed = Mul(*kept).xreplace(new) if not new else Mul(*(_again(node, new) for node in kept))
    body = Mul(*rest)
    if new and new.keys() & body.free_symbols:
        body = canonical(index.substitute(body, new), facts)
    else:
        body = _tidy(body, facts)
    return Add(*(renamed * part for part in Add.make_args(body)))


def _renamed(part: Expr, new: dict[Expr, Expr]) -> Expr:
    return part.xreplace(new)


def _again(node: Expr, new: dict[Expr, Expr]) -> Expr:
    """A delta δ_{ab} that defines a letter b keeps it; its other index is written anew."""
    left, right = node.args
    if left in new and right in new:
        return KroneckerDelta(left, new[left]) * KroneckerDelta(right, new[right])
    if left in new:
        return KroneckerDelta(left, new[left])
    return KroneckerDelta(right, new[right]) if right in new else node


def _tied(left: Expr, right: Expr) -> tuple[Expr, Expr] | None:
    """(letter, what it is written by): bound letters go first, then the later name."""
    letters = [part for part in (left, right) if part.is_Symbol]
    if not letters:
        return None
    letter = max(letters, key=lambda part: (part.is_Dummy, str(part), part.sort_key()))
    return letter, right if letter == left else left


def _in_fractions(term: Expr, facts: Facts) -> Expr:
    """Factors that are rational in one generator, in partial fractions."""
    parts = [factor.as_base_exp() for factor in Mul.make_args(term)]
    for base, power in parts:
        if not isinstance(base, Add) or not power.is_negative:
            continue
        found = generators_of(base)
        if len(found) != 1:
            continue
        (generator,) = found
        own = [(b, e) for b, e in parts if generators_of(b) == {generator}]
        if len(own) < 2 or any(not e.is_Integer for _, e in own):
            continue
        rest = Mul(*(b**e for b, e in parts if (b, e) not in own))
        parted = partial_fractions(Mul(*(b**e for b, e in own)), generator)
        if isinstance(parted, Add):
            return Add(*(_tidy(rest * part, facts) for part in parted.args))
        return rest * parted
    return term


def _sum(expression: Expr, facts: Facts) -> Expr:
    """A sum, each of its terms bound by itself."""
    if facts.deadline is not None and time.monotonic() > facts.deadline:
        raise errors.CalculusError("the time is over")
    new = {letter: index.fresh(letter.name) for letter in expression.variables}
    limits: list[Limit] = [tuple(part.xreplace(new) for part in limit) for limit in expression.limits]
    body = canonical(expression.function.xreplace(new), facts.within(limits))
    for place, limit in enumerate(limits):
        outer = facts.within(limits[place + 1 :])
        body = Add(*(_bind(term, limit, outer) for term in Add.make_args(body)))
        body = _multiply([body], outer)
    return body


def _bind(term: Expr, limit: Limit, facts: Facts) -> Expr:
    """One product under one more sum."""
    letter, low, high = limit
    factors = Mul.make_args(term)
    inner = [factor for factor in factors if letter in factor.free_symbols]
    outside = Mul(*(factor for factor in factors if letter not in factor.free_symbols))
    if not inner:
        # an upper bound far below the lower one would count less than nothing
        is_counted = facts.region.at_most(low, high + 1)
        return expanded([outside, high - low + 1 if is_counted else with_named(S.One, [limit])[1]])
    for factor in inner:
        if isinstance(factor, KroneckerDelta) and letter in factor.args:
            other = factor.args[1] if factor.args[0] == letter else factor.args[0]
            found = facts.inside(other, _under(outside, (low, high))) if letter not in other.free_symbols else None
            if found is False:
                return S.Zero
            rest = index.substitute(Mul(*(f for f in inner if f != factor)), {letter: other})
            if found:
                return _multiply([outside, canonical(rest, facts)], facts)
    body, limits = opened(inner)
    number, named = with_named(body, [*limits, limit])
    return number * outside * named


def _under(outside: Expr, bounds: index.Range) -> index.Range:
    """Bounds as they are written where the deltas outside hold."""
    new = {}
    for factor in Mul.make_args(outside):
        pair = _tied(*factor.args) if isinstance(factor, KroneckerDelta) else None
        if pair is not None:
            new[pair[0]] = pair[1]
    return bounds[0].xreplace(new), bounds[1].xreplace(new)
