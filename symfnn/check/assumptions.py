"""What is agreed on for the data, put to use in a canonical form."""

from sympy import Expr, Mul, Sum

from symfnn.algebra import index
from symfnn.check import unfold
from symfnn.check.canonical import canonical
from symfnn.check.facts import Facts
from symfnn.check.unfold import Case


def assumed(case: Case, form: Expr, left: Expr, right: Expr) -> Expr:
    """The form with ``left`` = ``right`` used, also for a factor Σ_k y_k inside a larger sum."""
    pattern = canonical(left.xreplace(case.pins), case.facts)
    value = right.xreplace(case.pins)
    result = form.xreplace({pattern: value})
    if not isinstance(pattern, Sum) or len(pattern.limits) != 1 or not index.is_entry(pattern.function):
        return result

    def rule(part: Expr, facts: Facts) -> Expr | None:
        return _summed(part, pattern, value) if isinstance(part, Sum) else None

    return unfold.rewrite(result, case.facts, rule)


def _summed(total: Sum, pattern: Sum, value: Expr) -> Expr | None:
    """A sum without the letter that it holds only as the pattern does."""
    (bound, low, high), entry = tuple(pattern.limits[0]), pattern.function
    slots = index.indices_of(entry)
    for limit in total.limits:
        letter = limit[0]
        inner = [factor for factor in Mul.make_args(total.function) if letter in factor.free_symbols]
        if len(inner) != 1 or not index.is_entry(inner[0]) or inner[0].base != entry.base:
            continue
        free = {slot: own for slot, own in zip(slots, inner[0].indices, strict=True) if slot.is_Symbol}
        is_same = entry.xreplace(free) == inner[0] and free.get(bound) == letter
        if is_same and (low.xreplace(free), high.xreplace(free)) == tuple(limit)[1:]:
            rest = Mul(value, *(factor for factor in Mul.make_args(total.function) if factor != inner[0]))
            limits = [other for other in total.limits if other != limit]
            return index.Sum(rest, *limits) if limits else rest
    return None
