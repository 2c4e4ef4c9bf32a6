"""Definitions that contradict one another: which is in force, and under which others a claim has to fail as well."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple, final

from sympy import Expr, Lambda

from symfnn.algebra import index, normal
from symfnn.check.verdicts import CONFLICT, Finding, Remark, Verdict
from symfnn.elaboration import restatements
from symfnn.elaboration.scope import Profile, Scope, Stated
from symfnn.elaboration.understood import Redefined
from symfnn.latex.syntax import Letter, Statement
from symfnn.latex.walk import nodes
from symfnn.model.definitions import Model
from symfnn.source import Span

_MOST = 8  # choices of definitions under which a claim is judged


class Place(NamedTuple):
    """Where something is defined.

    Attributes:
        span: in the offsets of the document's source.
        line: of the source.
        origin: one more than the number of headings before it.
    """

    span: Span
    line: int
    origin: int


NOWHERE = Place(Span(0, 0), 1, 1)


@final
@dataclass(frozen=True, slots=True)
class Rival:
    """A definition that may be meant beside the one in force.

    Attributes:
        name: of the quantity or the function.
        definitions: of the quantity.
        profiles: of the quantity.
        rule: of the function; None for a quantity.
        after: the origin from behind which it may be meant: a heading has parted it from the one in force, and another
            heading may lead back; 0 where there was none.
        is_unlikely: whether what is accepted without it needs no mention of it.
        place: where it was defined, if that is in the document.
        is_beside: whether it is the rule of a function that was given beside another one: no claim came between them.
    """

    name: str
    definitions: tuple[Stated, ...]
    profiles: tuple[Profile, ...]
    rule: Lambda | None = None
    after: int = 0
    is_unlikely: bool = False
    place: Place | None = None
    is_beside: bool = False


class Choice(NamedTuple):
    """A choice among definitions that a text gives side by side.

    Attributes:
        scope: with the ones that are chosen.
        words: which these are.
    """

    scope: Scope
    words: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Conflicts:
    """What is known about definitions that contradict one another.

    Attributes:
        rivals: of what is in force.
        unread: names that an equation which was not understood may define.
        places: where what is in force was defined, by name.
        remarks: on the conflicts.
        claimed: the letters of the claims since what they stand for was defined.
    """

    rivals: tuple[Rival, ...] = ()
    unread: frozenset[str] = frozenset()
    places: dict[str, Place] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    claimed: frozenset[str] = frozenset()

    def doubtful(self, origin: int) -> frozenset[str]:
        """The names of which it is open at a place which definition is meant."""
        return self.unread | {rival.name for rival in self._at(origin)}

    def of_unlike_shapes(self, scope: Scope, origin: int) -> frozenset[str]:
        """Those of them that have another shape by another definition, or are not understood."""
        in_force = {profile.name: _shape(profile) for profile in scope.profiles}
        unlike = {
            rival.name
            for rival in self._at(origin)
            if any(_shape(profile) != in_force.get(profile.name) for profile in rival.profiles)
        }
        return self.unread | unlike

    def mentioned(self, origin: int) -> frozenset[str]:
        """Those of them of which a report has to say which definition was used."""
        return self.unread | {rival.name for rival in self._at(origin) if not rival.is_unlikely}

    def _at(self, origin: int) -> list[Rival]:
        return [rival for rival in self.rivals if rival.after < origin]

    def alternatives(self, scope: Scope, origin: int, names: Iterable[str]) -> list[Scope] | None:
        """The scope with the other definitions of some names, in each combination; None where these are too many."""
        by_name: dict[str, list[Rival | None]] = {}
        for rival in self._at(origin):
            if rival.name in names:
                by_name.setdefault(rival.name, [None]).append(rival)
        choices = itertools.islice(itertools.product(*by_name.values()), 1, _MOST + 1)
        made = [_with(scope, [rival for rival in choice if rival is not None]) for choice in choices]
        return None if len(made) == _MOST else made

    def choices(self, scope: Scope, origin: int, names: Iterable[str]) -> list[Choice]:
        """The other definitions of some names that the text has given beside those in force, the nearest first."""
        by_name: dict[str, list[Rival | None]] = {}
        for rival in reversed(self._at(origin)):
            if rival.is_beside and rival.name in names:
                by_name.setdefault(rival.name, [None]).append(rival)
        made = []
        for choice in itertools.islice(itertools.product(*by_name.values()), 1, _MOST + 1):
            chosen = [rival for rival in choice if rival is not None]
            made.append(Choice(_with(scope, chosen), tuple(_taken(rival.name, rival.place) for rival in chosen)))
        return made

    def involved(self, model: Model, sides: Iterable[Expr]) -> set[str]:
        """The names of everything that some expressions depend on by one definition or another."""
        values: dict[str, list[Expr]] = {}
        rivalling = (stated.definition for rival in self.rivals for stated in rival.definitions)
        for definition in (*model.definitions, *rivalling):
            values.setdefault(definition.name, []).append(definition.value)
        seen: set[str] = set()
        waiting = list(sides)
        while waiting:
            new = _names(waiting.pop()) - seen
            seen |= new
            waiting += [value for name in new for value in values.get(name, ())]
        return seen

    def noted(self, before: Scope, after: Scope, statement: Statement, place: Place, *, is_claim: bool) -> "Conflicts":
        """With the place of what a statement has defined, or the letters that it has claimed something about."""
        stated = {
            one.definition.name: place
            for one in after.definitions
            if one.origin != 0 and one.span == statement.span and one not in before.definitions
        }
        rules = {
            name: place
            for name, rule in after.functions.items()
            if rule is not None and rule != before.functions.get(name)
        }
        anew = {*stated, *rules}
        claimed = self.claimed - anew
        if is_claim:
            claimed |= {node.name for node in nodes(statement.content) if isinstance(node, Letter)} - anew
        return replace(self, places={**self.places, **stated, **rules}, claimed=claimed)

    def with_unread(self, name: str) -> "Conflicts":
        """With a name that an equation which was not understood may define."""
        return replace(self, unread=self.unread | {name})

    def taken(self, name: str) -> str:
        """Which definition of a name holds, in words."""
        return _taken(name, self.places.get(name))

    def by(self, name: str) -> str:
        """By which definition of a name something holds or not, in words."""
        where = self.line(name)
        return f"by the definition of {name}{where}" if where else f"by the latest definition of {name}"

    def line(self, name: str) -> str:
        """Where what is in force was defined, in words; empty where that is not in the document."""
        return _line(self.places.get(name))

    def _replaced(self, rival: Rival) -> Rival:
        """A rival whose place in force another one takes, with where it was defined."""
        is_beside = rival.rule is not None and rival.name not in self.claimed
        return replace(rival, place=self.places.get(rival.name), is_beside=is_beside)


@final
@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of an equation that contradicts a definition.

    Attributes:
        conflicts: known behind it.
        scope: in force behind it.
        finding: on it.
    """

    conflicts: Conflicts
    scope: Scope
    finding: Finding


def settled(conflicts: Conflicts, scope: Scope, changed: Redefined, statement: Statement, place: Place) -> Settled:
    """An equation that would define a quantity anew: another definition, or left open since it may be a wrong claim."""
    name = changed.name
    if changed.scope is scope:
        return Settled(conflicts.with_unread(name), scope, _open(conflicts, name))
    old, new = _rival(scope, name), _rival(changed.scope, name)
    is_repeated = any(_is_same(rival.definitions, new.definitions) for rival in conflicts.rivals if rival.name == name)
    last = new.definitions[-1].definition
    is_meant = is_repeated or restatements.defines(scope, statement, last, old.definitions)
    if changed.is_conflict and not is_meant:
        return Settled(_with_rival(conflicts, new), scope, _open(conflicts, name))
    is_special = restatements.is_special(last, old.definitions)
    if is_meant and (is_special or not changed.is_conflict):
        words = "this is otherwise in one layer" if is_special else "this defines anew what was defined before"
        rival = replace(old, is_unlikely=True) if is_special else replace(old, after=place.origin)
        return Settled(_with_rival(conflicts, rival), changed.scope, Finding(Verdict.DEFINITION, words))
    return _contested(conflicts, changed.scope, old, place)


def settled_rule(conflicts: Conflicts, scope: Scope, changed: Scope, name: str, place: Place) -> Settled:
    """The same for another rule of a function."""
    before, after = scope.functions[name], changed.functions[name]
    assert before is not None
    assert after is not None
    old, new = (Rival(name, (), (), rule) for rule in (before, after))
    known = conflicts.places.get(name)
    is_meant = any(rival.rule == after for rival in conflicts.rivals if rival.name == name)
    if not is_meant and not restatements.gives_another_rule(after, before):
        return Settled(_with_rival(conflicts, new), scope, _open(conflicts, name))
    if known is None or known.origin != place.origin:
        words = "this defines anew what was defined before"
        rival = replace(old, after=place.origin)
        return Settled(_with_rival(conflicts, rival), changed, Finding(Verdict.DEFINITION, words))
    return _contested(conflicts, changed, old, place)


def _contested(conflicts: Conflicts, scope: Scope, old: Rival, place: Place) -> Settled:
    """Another definition in the place of one that is in force: a finding that shows both."""
    name, first = old.name, conflicts.places.get(old.name)
    words = f"{name} is defined otherwise{conflicts.line(name)}; from here on this definition holds"
    remark = Remark(place.span, CONFLICT, words, fails=False, related=None if first is None else first.span)
    known = _with_rival(conflicts, conflicts._replaced(old))
    known = replace(known, remarks=(*known.remarks, remark))
    return Settled(known, scope, Finding(Verdict.DEFINITION, words, CONFLICT))


def _shape(profile: Profile) -> tuple[Expr | None, ...]:
    return profile.rows, profile.columns, profile.samples


def _is_same(one: tuple[Stated, ...], other: tuple[Stated, ...]) -> bool:
    """Whether two definitions of a quantity, which may hold of its layers one by one, say the same."""
    pairs = [(first.definition, second.definition) for first, second in zip(one, other, strict=False)]
    return len(one) == len(other) and all(
        (first.entry, first.layers) == (second.entry, second.layers) and normal.equal(first.value, second.value)
        for first, second in pairs
    )


def _open(conflicts: Conflicts, name: str) -> Finding:
    where = conflicts.line(name) or " before"
    words = f"it contradicts what {name} is defined as{where}; it may be a claim that fails or another definition"
    return Finding(Verdict.UNDECIDED, words, CONFLICT)


def _taken(name: str, place: Place | None) -> str:
    return f"of the definitions of {name} " + ("the latest holds" if place is None else f"the one{_line(place)} holds")


def _line(place: Place | None) -> str:
    return "" if place is None else f" on line {place.line}"


def _rival(scope: Scope, name: str) -> Rival:
    definitions = tuple(stated for stated in scope.definitions if stated.definition.name == name)
    return Rival(name, definitions, tuple(p for p in scope.profiles if p.name == name))


def _with_rival(conflicts: Conflicts, rival: Rival) -> Conflicts:
    return replace(conflicts, rivals=(*conflicts.rivals, rival))


def _with(scope: Scope, rivals: list[Rival]) -> Scope:
    """The scope with other definitions in the place of those in force."""
    for rival in rivals:
        if rival.rule is not None:
            scope = replace(scope, functions={**scope.functions, rival.name: rival.rule})
            continue
        definitions = tuple(stated for stated in scope.definitions if stated.definition.name != rival.name)
        profiles = tuple(p for p in scope.profiles if p.name != rival.name)
        scope = replace(scope, definitions=(*definitions, *rival.definitions), profiles=(*profiles, *rival.profiles))
    return scope


def _names(expression: Expr) -> set[str]:
    arrays = {str(array[0]) for node in expression.atoms(index.Unspecified) for array in node.arrays}
    letters = {node.letter for node in expression.atoms(index.ScalarFunction)}
    symbols = {str(symbol) for symbol in expression.free_symbols}
    return arrays | letters | symbols | {index.name_of(entry) for entry in index.entries(expression)}
