r"""Terms of sums over samples: what E^q is where a text says ``E = \sum_q E^q`` and then ``E = \sum_q (t_q - y_q)^2``.

The objective of one sample is then taken for the term of that sample; it is supposed, as other terms may add up alike.
"""

from dataclasses import replace

from sympy import Expr, Mul, Sum

from symfnn.algebra import index
from symfnn.elaboration.claims import Equation
from symfnn.elaboration.parts import SAMPLE
from symfnn.elaboration.scope import Scope, Stated
from symfnn.model.definitions import Definition


def with_terms(scope: Scope, found: Equation) -> Scope | None:
    """The scope in which objectives of samples, of which nothing is stated but their sum, are the terms of another sum.

    None where an equation says no such thing.
    """
    old = next((s.definition for s in scope.definitions if s.definition.entry == found.left), None)
    if old is None or found.parts or not found.left.is_Symbol:
        return None
    known = _sum(old.value, None)
    stated = None if known is None else _sum(found.right, known[2])
    if known is None or stated is None:
        return None
    one = known[1]
    name = index.name_of(one) if index.is_entry(one) else ""
    if name not in scope.supposed or index.indices_of(one) != (known[3],):
        return None
    term = stated[0] / known[0] * index.substitute(stated[1], {stated[3]: SAMPLE})
    if name in {index.name_of(entry) for entry in index.entries(term)}:
        return None
    made = Definition(one.base[SAMPLE], index.refresh(term))
    rest = tuple(_with(stated_, name, made) for stated_ in scope.definitions)
    return replace(scope, definitions=rest)


def _with(stated: Stated, name: str, made: Definition) -> Stated:
    return replace(stated, definition=made) if stated.definition.name == name else stated


def _sum(value: Expr, count: Expr | None) -> tuple[Expr, Expr, Expr, Expr] | None:
    """The factor before a sum, what is summed, how far its letter runs, and the letter; None for anything else.

    Args:
        value: the sum with its factor.
        count: how far the letter runs; None where it is the only one.
    """
    sums = [part for part in Mul.make_args(value) if isinstance(part, Sum)]
    if len(sums) != 1:
        return None
    factor, limits = value / sums[0], sums[0].limits
    own = [limit for limit in limits if limit[1] == 1 and count in (None, limit[2])]
    if len(own) != 1 or (count is None and len(limits) > 1) or factor.has(Sum) or index.entries(factor):
        return None
    rest = [limit for limit in limits if limit != own[0]]
    return factor, index.Sum(sums[0].function, *rest) if rest else sums[0].function, own[0][2], own[0][0]
