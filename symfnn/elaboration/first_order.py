r"""``\Delta C \approx \frac{\partial C}{\partial w} \Delta w``: what small changes make of a quantity, to first order.

Every ``\Delta w`` on the right side is a small change of that entry and of no other one; the right side has to be
linear in the changes, and the claim is that the factor of each is the derivative of what changes by what is changed.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sympy import Add, Expr, Mul, Symbol, expand

from symfnn import errors
from symfnn.algebra import index, normal
from symfnn.elaboration import entries
from symfnn.elaboration.claims import Equation, equation
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.names import Mention, joined, mention
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.scope import Alias, Profile, Scope
from symfnn.latex.syntax import Letter, Node, Product
from symfnn.latex.walk import nodes
from symfnn.source import Span

SENSE = "the terms of first order are the same"
_CHANGES = frozenset({r"\Delta", "Δ"})


class _Change(NamedTuple):
    """One term of the right side: a factor times the change of an entry.

    Attributes:
        entry: that is changed; the letters of a sum over its entries are free in it.
        factor: the rest of the term.
        ranges: of those letters.
    """

    entry: Expr
    factor: Expr
    ranges: tuple[tuple[Expr, index.Range], ...]


def change(scope: Scope, left: Node, right: Node, remarks: tuple[Node, ...]) -> Equation | None:
    """What is said by a change on the left and one that is linear in changes on the right; None for anything else.

    Raises:
        MeaningError: a side is not understood.
    """
    if not _is_change(left):
        return None
    wider, names = _with_changes(scope, left, right)
    if not names:
        return None
    found = equation(wider, left, right, remarks)
    name = index.name_of(found.left) if index.is_entry(found.left) or found.left.is_Symbol else ""
    if name not in names or found.parts or found.is_informal or found.readings:
        return None
    changed = _original(scope, names, found.left)
    changes = _collected(scope, names, found.right, left.span.to(right.span))
    _require_independent(scope, changes, left.span.to(right.span))
    made = [
        replace(found, left=index.Partial(changed, one.entry), right=one.factor, ranges=(*found.ranges, *one.ranges))
        for one in changes
    ]
    used = [replace(one, ranges=_used(one)) for one in made]
    return replace(used[0], parts=tuple(used[1:])) if used else None


def _is_change(node: Node) -> bool:
    return any(True for _ in _changes_in(node)) and isinstance(node, Product) and len(node.factors) == 2


def _changes_in(node: Node) -> Iterator[tuple[Letter, Mention]]:
    """The letters that stand behind a Δ, with it."""
    for part in nodes(node):
        if not isinstance(part, Product):
            continue
        for first, sign, second in zip(part.factors, part.signs, part.factors[1:], strict=False):
            found = mention(second)
            if isinstance(first, Letter) and first.name in _CHANGES and sign == "" and found is not None:
                yield first, found


def _with_changes(scope: Scope, *sides: Node) -> tuple[Scope, dict[str, str]]:
    """The scope in which changes are quantities of which nothing is known, and what each is a change of."""
    names: dict[str, str] = {}
    profiles: list[Profile] = []
    aliases: list[Alias] = []
    for sign, found in (pair for side in sides for pair in _changes_in(side)):
        letter = joined(sign, found).name
        for meant, _ in entries.candidates(Reading(scope, readings), found):
            whole = scope.profile(meant.of) if isinstance(meant, Alias) else meant
            if not isinstance(whole, Profile):
                continue
            made = replace(whole, name=f"Δ{whole.name}", letter=letter)
            names[made.name] = whole.name
            profiles.append(made)
            if isinstance(meant, Alias):
                aliases.append(meant._replace(profile=replace(meant.profile, letter=letter), of=made.name))
                profiles[-1] = replace(made, letter=f"{letter} of {whole.letter}")
    letters = {p.letter for p in profiles}
    kept = tuple(p for p in scope.profiles if p.letter not in letters)
    return replace(scope, profiles=(*kept, *profiles), aliases=(*scope.aliases, *aliases)), names


def _original(scope: Scope, names: dict[str, str], entry: Expr) -> Expr:
    """The entry of which one is a change."""
    profile = scope.profile(names[index.name_of(entry)])
    assert profile is not None
    places = index.indices_of(entry)
    return profile.quantity[places] if places else profile.quantity.scalar


def _collected(scope: Scope, names: dict[str, str], right: Expr, span: Span) -> list[_Change]:
    """The changes on the right side, each with all that it is multiplied with.

    Raises:
        MeaningError: it is not linear in them, or only some entries of an array are changed.
    """
    found: dict[Expr, _Change] = {}
    for body, limits in normal.terms(expand(right)):
        one = _of_term(scope, names, body, limits, span)
        known = found.get(one.entry)
        found[one.entry] = one if known is None else one._replace(factor=Add(known.factor, one.factor))
    by_name = [index.name_of(entry) for entry in found]
    if len(set(by_name)) < len(by_name):
        raise errors.MeaningError("approximate", "which entries are changed here is not understood", span)
    return list(found.values())


def _of_term(
    scope: Scope, names: dict[str, str], body: Expr, limits: list[tuple[Expr, Expr, Expr]], span: Span
) -> _Change:
    factors = Mul.make_args(body)
    changes = [factor for factor in factors if _name(factor) in names]
    rest = Mul(*(factor for factor in factors if factor not in changes))
    if len(changes) != 1 or factors.count(changes[0]) != 1 or _all_names(rest) & names.keys():
        raise errors.MeaningError("approximate", "this is not linear in the changes", span)
    entry = _original(scope, names, changes[0])
    profile = scope.profile(index.name_of(entry))
    assert profile is not None
    places = index.indices_of(entry)
    bounds = dict(zip(places, profile.quantity.ranges_at(places), strict=True))
    bound = {limit[0]: limit[1:] for limit in limits if entry.has(limit[0])}
    if any(bounds.get(letter) != limit for letter, limit in bound.items()):
        raise errors.MeaningError("approximate", "which entries are changed here is not understood", span)
    if profile.is_layered and places[0] in bound:
        raise errors.MeaningError("approximate", "a change in several layers is not understood", span)
    free = {letter: index.index(f"{profile.name}_{number}") for number, letter in enumerate(places) if letter in bound}
    others = [limit for limit in limits if limit[0] not in bound]
    factor = index.bind(rest, others) if others else rest
    ranges = tuple((free[letter], limit) for letter, limit in bound.items())
    return _Change(index.substitute(entry, free), index.substitute(factor, free), ranges)


def _name(factor: Expr) -> str:
    return index.name_of(factor) if index.is_entry(factor) or isinstance(factor, Symbol) else ""


def _all_names(expression: Expr) -> set[str]:
    symbols = {str(symbol) for symbol in expression.free_symbols}
    return symbols | {index.name_of(entry) for entry in index.entries(expression)}


def _require_independent(scope: Scope, changes: list[_Change], span: Span) -> None:
    """That of several changed quantities none depends on another one.

    Raises:
        MeaningError: one does.
    """
    names = {index.name_of(one.entry) for one in changes}
    defined = {stated.definition.name for stated in scope.definitions}
    if len(names) > 1 and names & defined:
        raise errors.MeaningError("approximate", "one of these changes may change another", span)


def _used(said: Equation) -> tuple[tuple[Expr, index.Range], ...]:
    """The ranges of the letters that are left."""
    letters = said.left.free_symbols | said.right.free_symbols
    return tuple(pair for pair in said.ranges if pair[0] in letters)
