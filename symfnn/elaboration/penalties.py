r"""Objectives with a penalty: ``C = C_0 + \frac{\lambda}{2} \|W\|^2`` in a text that says of C_0 no more than that.

C_0 is then taken for an unspecified function of all that is penalised. That is supposed: it refutes nothing.
"""

from collections.abc import Callable
from dataclasses import replace

from sympy import Expr

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import factors
from symfnn.elaboration.declarations import profile
from symfnn.elaboration.names import Mention, mention
from symfnn.elaboration.scope import Scope, Stated
from symfnn.elaboration.suppositions import is_named_objective
from symfnn.latex.syntax import Node, Sum
from symfnn.model.definitions import Definition


def with_objective(
    scope: Scope, right: Node, trouble: errors.MeaningError, attempt: Callable[[Node], Scope]
) -> Scope | None:
    """The scope with an unspecified objective that a penalty is added to; None for anything else.

    Args:
        scope: in which the name of the objective is unknown.
        right: of the definition of the penalised objective.
        trouble: that names the unknown name.
        attempt: what the definition makes of the scope with another right side.
    """
    found = trouble.mention
    if not isinstance(right, Sum) or not isinstance(found, Mention) or found.primes or found.is_transposed:
        return None
    terms = [(term, sign) for term, sign in zip(right.terms, right.signs, strict=True) if _name(term) != found]
    made = profile(scope, found, {}, is_entry=False)
    if len(terms) != len(right.terms) - 1 or terms[0][1] != "+" or not is_named_objective(found, made):
        return None
    nodes, signs = tuple(term for term, _ in terms), tuple(sign for _, sign in terms)
    rest = nodes[0] if len(nodes) == 1 else replace(right, terms=nodes, signs=signs)
    try:
        known = attempt(rest)
    except errors.MeaningError:
        return None
    arrays = _arrays(known)
    if arrays is None:
        return None
    profiles = tuple(p for p in known.profiles if p.name in {str(array[0]) for array in arrays})
    others = tuple(p for p in scope.profiles if p.name not in {q.name for q in profiles})
    scope, made = replace(scope, profiles=(*others, *profiles)).with_profile(replace(made, has_arguments=True))
    value = index.Unspecified(made.quantity.scalar, *arrays)
    scope = scope.with_definition(Stated(Definition(made.quantity.scalar, value), right.span, 0))
    return replace(scope, supposed=scope.supposed | {made.name})


def _name(term: Node) -> Mention | None:
    """The name that a term is, with arguments or without; None for any other."""
    applied = factors.application(term)
    return applied[0] if applied is not None else mention(term)


def _arrays(made: Scope) -> list[tuple[Expr, ...]] | None:
    """The given arrays that the last definition reads; None where it reads computed ones, or those of any layer."""
    if not made.definitions:
        return None
    defined = {stated.definition.name for stated in made.definitions}
    arrays: dict[tuple[Expr, ...], None] = {}
    for entry in index.entries(made.definitions[-1].definition.value):
        known = made.profile(index.name_of(entry))
        if known is None or known.name in defined:
            return None
        layer = index.indices_of(entry)[:1] if known.is_layered else ()
        if any(place.free_symbols - {index.DEPTH} for place in layer):
            return None
        arrays[(entry.base.label, *layer)] = None
    return list(arrays) or None
