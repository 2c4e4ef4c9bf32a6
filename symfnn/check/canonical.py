"""Canonical form: a polynomial in entries, functions, closed sums and inverses, the same for equal formulas.

Every rewriting is an identity for all widths and depths; what is not covered stays as it is. A sum is pulled apart
into products of connected sums, whose letters are named by their place and by how deep sums are nested in them, so that
no letter is captured. Conditions become indicators, known to be 0 or 1; exponentials become powers of one
generator for each argument, and rational functions of one generator are written in partial fractions.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import permutations, product
from typing import final

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
    Symbol,
    apart,
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
from symfnn.check.indicators import Indicator
from symfnn.check.region import Region

Limit = tuple[Expr, Expr, Expr]
_T = Symbol("t", positive=True)
_LONG = 150  # operations of a quotient that is not taken apart
_MOST_TIED = 4
_MOST_POWER = 12


class Exponential(Function):
    """e to the argument, never combined or split by SymPy."""

    is_positive = True
    is_real = True


@final
@dataclass(frozen=True, slots=True)
class Facts:
    """What a canonical form may use.

    Attributes:
        region: of the layers.
        ranges: where free and enclosing bound letters lie.
        unequal: pairs of letters that differ.
        deadline: in the seconds of ``time.monotonic``.
    """

    region: Region
    ranges: dict[Expr, index.Range]
    unequal: tuple[frozenset[Expr], ...] = ()
    deadline: float | None = None

    def within(self, limits: Iterable[Limit]) -> "Facts":
        """The facts under a sum."""
        return replace(self, ranges=self.ranges | {letter: (lo, hi) for letter, lo, hi in limits})

    def inside(self, place: Expr, layers: index.Range) -> bool | None:
        """Whether an index lies in a range."""
        number, letter = place.as_coeff_Add()
        low, high = self.ranges.get(letter, (letter, letter))
        if (low + number, high + number) == layers:
            return True
        answers = (self.region.at_most(layers[0], low + number), self.region.at_most(high + number, layers[1]))
        if answers == (True, True):
            return True
        outside = (self.region.at_most(layers[1] + 1, low + number), self.region.at_most(high + number + 1, layers[0]))
        return False if True in outside else None


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
        return _tidy(indicators.indicator(arguments[0], expression.args[1]), facts)
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
    outside, rest = _content(argument, facts) if isinstance(argument, Add) else (argument, S.One)
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
    if not exponent.is_Integer or abs(exponent) > _MOST_POWER:
        return base**exponent
    if exponent < 0:
        base = _reciprocal(base, facts)
    return _multiply([base] * int(abs(exponent)), facts)


def _reciprocal(base: Expr, facts: Facts) -> Expr:
    if base == 0:
        raise errors.CalculusError("something is divided by 0")
    if any(isinstance(factor.as_base_exp()[0], KroneckerDelta | Indicator) for factor in Mul.make_args(base)):
        raise errors.CalculusError("something is divided by what may be 0")
    if not isinstance(base, Add):
        return 1 / base
    outside, rest = _content(base, facts)
    return Pow(outside, -1) * Pow(rest, -1)


def _content(base: Expr, facts: Facts) -> tuple[Expr, Expr]:
    """A monomial and a sum without common factors or denominators, whose product the given sum is."""
    powers = [
        {b: e for b, e in (f.as_base_exp() for f in Mul.make_args(t)) if e.is_Rational and not b.is_Number}
        for t in base.args
    ]
    least = {b: min(p.get(b, S.Zero) for p in powers) for b in dict.fromkeys(b for p in powers for b in p)}
    common = Mul(*(b**e for b, e in least.items()))
    rest = Add(*(_expanded([term, 1 / common], facts) for term in base.args)) if common != 1 else base
    number, rest = rest.primitive()
    if rest.could_extract_minus_sign():
        number, rest = -number, -rest
    return number * common, rest


def _expanded(factors: list[Expr], facts: Facts) -> Expr:
    """A product multiplied out, positive powers of sums included."""
    opened: list[Expr] = []
    for factor in Mul.make_args(Mul(*factors)):
        base, power = factor.as_base_exp()
        is_open = isinstance(base, Add) and power.is_Integer and 0 < power <= _MOST_POWER
        opened.extend([base] * int(power) if is_open else [factor])
    terms = [S.One]
    for factor in opened:
        terms = [term * part for term in terms for part in Add.make_args(factor)]
        terms = list(Add.make_args(Add(*terms)))
    return Add(*terms)


def _multiply(factors: list[Expr], facts: Facts) -> Expr:
    """The product of canonical forms."""
    result = _expanded(factors, facts)
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
    """The indicator beside these factors: x [x ≥ 0] is x [x > 0]."""
    value = condition.args[0]
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
        generators = _generators(base)
        if len(generators) != 1:
            continue
        (generator,) = generators
        own = [(b, e) for b, e in parts if _generators(b) == {generator}]
        if len(own) < 2 or any(not e.is_Integer for _, e in own):
            continue
        rest = Mul(*(b**e for b, e in parts if (b, e) not in own))
        fractions = _fractions(Mul(*(b**e for b, e in own)).xreplace({generator: _T})).xreplace({_T: generator})
        if isinstance(fractions, Add):
            return Add(*(_tidy(rest * part, facts) for part in fractions.args))
        return rest * fractions
    return term


@lru_cache(maxsize=4096)
def _fractions(rational: Expr) -> Expr:
    """A function of one letter in partial fractions; as it is where that would take long."""
    if rational.count_ops() > _LONG:
        return rational
    facts = Facts(Region(), {})
    result = S.Zero
    for part in Add.make_args(apart(rational, _T)):
        top, bottom = part.as_numer_denom()
        below = S.One
        for factor in Mul.make_args(bottom):
            base, power = factor.as_base_exp()
            below *= _reciprocal(base, facts) ** power
        result += _expanded([top.expand(), below], facts)
    return result


def _generators(expression: Expr) -> set[Expr]:
    if isinstance(expression, Add | Mul) or (isinstance(expression, Pow) and expression.exp.is_Integer):
        return {leaf for part in expression.args for leaf in _generators(part)}
    return set() if expression.is_number else {expression}


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
        return _expanded([outside, high - low + 1 if is_counted else _named(S.One, [limit])[1]], facts)
    for factor in inner:
        if isinstance(factor, KroneckerDelta) and letter in factor.args:
            other = factor.args[1] if factor.args[0] == letter else factor.args[0]
            found = facts.inside(other, _under(outside, (low, high))) if letter not in other.free_symbols else None
            if found is False:
                return S.Zero
            rest = index.substitute(Mul(*(f for f in inner if f != factor)), {letter: other})
            if found:
                return _multiply([outside, canonical(rest, facts)], facts)
    body, limits = _opened(inner)
    number, named = _named(body, [*limits, limit])
    return number * outside * named


def _under(outside: Expr, bounds: index.Range) -> index.Range:
    """Bounds as they are written where the deltas outside hold."""
    new = {}
    for factor in Mul.make_args(outside):
        pair = _tied(*factor.args) if isinstance(factor, KroneckerDelta) else None
        if pair is not None:
            new[pair[0]] = pair[1]
    return bounds[0].xreplace(new), bounds[1].xreplace(new)


def _opened(factors: list[Expr]) -> tuple[Expr, list[Limit]]:
    """The sums among factors opened, their letters fresh."""
    body: list[Expr] = []
    limits: list[Limit] = []
    for factor in factors:
        base, power = factor.as_base_exp()
        if not (isinstance(base, Sum) and power.is_Integer and 0 < power <= _MOST_POWER):
            body.append(factor)
            continue
        for _ in range(int(power)):
            new = {letter: index.fresh(letter.name) for letter in base.variables}
            body.append(base.function.xreplace(new))
            limits.extend(tuple(part.xreplace(new) for part in limit) for limit in base.limits)
    return Mul(*body), limits


def _height(body: Expr) -> int:
    """One more than the greatest height of a sum inside."""
    found = [int(letter.name.split("_")[1]) for inner in body.atoms(Sum) for letter in inner.variables]
    return 1 + max(found, default=0)


@lru_cache(maxsize=256)
def _letter(height: int, place: int) -> Symbol:
    return Symbol(f"_{height}_{place}", integer=True, positive=True)


def _named(body: Expr, limits: list[Limit]) -> tuple[Expr, Expr]:
    """A number, and the product under its sums with the bound letters named by the least printing of the result."""
    number, body = body.as_coeff_Mul()
    if len(limits) == 1:
        letter = _letter(_height(body), 0)
        new = {limits[0][0]: letter}
        return number, Sum(body.xreplace(new), (letter, *limits[0][1:]))
    height = _height(body)
    classes: dict[tuple[int, str], list[Limit]] = {}
    for limit in limits:
        classes.setdefault(_signature(body, limit, limits), []).append(limit)
    groups = [classes[key] for key in sorted(classes)]
    choices = [permutations(group) if len(group) <= _MOST_TIED else [tuple(group)] for group in groups]
    candidates = []
    for choice in product(*choices):
        order = [limit for group in choice for limit in group]
        new = {limit[0]: _letter(height, place) for place, limit in enumerate(order)}
        shown = [tuple(part.xreplace(new) for part in limit) for limit in order]
        candidates.append(Sum(body.xreplace(new), *shown))
    return number, candidates[0] if len(candidates) == 1 else min(candidates, key=str)


def _signature(body: Expr, limit: Limit, limits: list[Limit]) -> tuple[int, str]:
    """What can be said of a bound letter without naming the others; letters that others' bounds use come last."""
    own, other = Symbol("_own", integer=True), Symbol("_other", integer=True)
    masked = {one[0]: own if one == limit else other for one in limits}
    uses = sum(limit[0] in (lo.free_symbols | hi.free_symbols) for _, lo, hi in limits)
    shown = ", ".join(str(part.xreplace(masked)) for part in (limit[1], limit[2], body))
    return uses, shown


def is_zero(form: Expr, facts: Facts) -> bool:
    """Whether a canonical form vanishes, once its denominators are multiplied out."""
    if form == 0:
        return True
    below: dict[Expr, Expr] = {}
    for term in Add.make_args(form):
        for factor in Mul.make_args(term):
            base, power = factor.as_base_exp()
            if isinstance(base, Add) and power.is_Integer and power < 0:
                below[base] = max(below.get(base, S.Zero), -power)
    if not below or sum(below.values()) > _MOST_POWER:
        return False
    multiple = Mul(*(base**power for base, power in below.items()))
    return bool(Add(*(_expanded([term, multiple], facts) for term in Add.make_args(form))) == 0)
