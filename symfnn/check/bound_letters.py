"""Sums with their bound letters named by place, so that equal sums are the same expression."""

from functools import lru_cache
from itertools import permutations, product

from sympy import Expr, Mul, Sum, Symbol

from symfnn.algebra import index
from symfnn.check.facts import Limit
from symfnn.check.quotients import MOST_POWER

_MOST_TIED = 4


def opened(factors: list[Expr]) -> tuple[Expr, list[Limit]]:
    """The sums among factors opened, their letters fresh."""
    body: list[Expr] = []
    limits: list[Limit] = []
    for factor in factors:
        base, power = factor.as_base_exp()
        if not (isinstance(base, Sum) and power.is_Integer and 0 < power <= MOST_POWER):
            body.append(factor)
            continue
        for _ in range(int(power)):
            new = {letter: index.fresh(letter.name) for letter in base.variables}
            body.append(base.function.xreplace(new))
            limits.extend(tuple(part.xreplace(new) for part in limit) for limit in base.limits)
    return Mul(*body), limits


def with_named(body: Expr, limits: list[Limit]) -> tuple[Expr, Expr]:
    """A number, and the product under its sums with the bound letters named by the least printing of the result."""
    number, body = body.as_coeff_Mul()
    if len(limits) == 1:
        letter = _letter(_height(body), 0)
        new = {limits[0][0]: letter}
        return number, index.Sum(body.xreplace(new), (letter, *limits[0][1:]))
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
        candidates.append(index.Sum(body.xreplace(new), *shown))
    return number, candidates[0] if len(candidates) == 1 else min(candidates, key=str)


def _height(body: Expr) -> int:
    """One more than the greatest height of a sum inside."""
    found = [int(letter.name.split("_")[1]) for inner in body.atoms(Sum) for letter in inner.variables]
    return 1 + max(found, default=0)


@lru_cache(maxsize=256)
def _letter(height: int, place: int) -> Symbol:
    return Symbol(f"_{height}_{place}", integer=True, positive=True)


def _signature(body: Expr, limit: Limit, limits: list[Limit]) -> tuple[int, str]:
    """What can be said of a bound letter without naming the others; letters that others' bounds use come last."""
    own, other = Symbol("_own", integer=True), Symbol("_other", integer=True)
    masked = {one[0]: own if one == limit else other for one in limits}
    uses = sum(limit[0] in (lo.free_symbols | hi.free_symbols) for _, lo, hi in limits)
    shown = ", ".join(str(part.xreplace(masked)) for part in (limit[1], limit[2], body))
    return uses, shown
