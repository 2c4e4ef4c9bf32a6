r"""Formulas in which only some mentions are numbered: in ``z = W x^{(i)} + b`` the z is that of sample i, too."""

from dataclasses import fields, replace
from typing import Any

from sympy import Expr

from symfnn.elaboration import entries
from symfnn.elaboration.claims import Equation
from symfnn.elaboration.copies import in_sums, number_of_sample, of_sample, varying_names
from symfnn.elaboration.declarations import is_layer, is_sample
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.names import Mark, Mention, marks, mention, written
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.scope import Profile, Scope
from symfnn.elaboration.survey import letters_of
from symfnn.latex.syntax import BigOperator, Letter, Node, Product, Scripted, Sequence
from symfnn.latex.walk import nodes
from symfnn.source import Span

SAME = "all that differs between samples is that of one of them"


def is_mixed(scope: Scope, left: Node, right: Node) -> bool:
    """Whether some mentions are of one numbered sample, and others of what differs between samples have no number."""
    found = [one for side in (left, right) for one in _named(side)]
    if _number(scope, left, right) is not None and any(_varies(scope, one) for one in found):
        return True
    sums = (part for side in (left, right) for part in nodes(side) if isinstance(part, BigOperator) and part.lower)
    return any(_is_mixed_sum(scope, part) for part in sums)


def _is_mixed_sum(scope: Scope, node: BigOperator) -> bool:
    """The same of the body of a sum over samples."""
    found = _named(node.body)
    letters = {written(mark.content) for one in found for mark in _numbers(scope, one)}
    is_over = node.lower is not None and bool(letters & letters_of(node.lower))
    return is_over and any(_varies(scope, one) for one in found)


def of_any(scope: Scope, left: Node, right: Node) -> tuple[Node, Node]:
    """Two sides without the numbers of samples: what holds for a sample without a number holds for each."""
    return _without(scope, left), _without(scope, right)


def of_one(scope: Scope, said: Equation) -> tuple[Scope, Equation] | None:
    """What an equation says where every mention is of the sample that some beside it name; None where all are already.

    In a sum over samples that is the one that the sum is at.
    """
    everything = (said, *said.parts, *said.readings)
    sides: tuple[Expr, ...] = tuple(side for one in everything for side in (one.left, one.right))
    summed = in_sums(scope, sides)
    wider, found = (scope, list(sides)) if summed is None else summed
    named = number_of_sample(wider, tuple(found))
    made = None if named is None else of_sample(wider, tuple(found), *named)
    if made is None and summed is None:
        return None
    wider, found = made or (wider, found)
    pairs = zip(everything, found[::2], found[1::2], strict=True)
    first, *others = (replace(one, left=left, right=right, parts=(), readings=()) for one, left, right in pairs)
    count = len(said.parts)
    return wider, replace(first, parts=tuple(others[:count]), readings=tuple(others[count:]))


def defining_any(scope: Scope, left: Node, right: Node) -> tuple[Scope, Node] | None:
    """The right side of a definition for a sample without a number by what is given for one that has a number.

    None where the left side has a number too, and where the right side has none or is of several samples. In the scope
    what is given for each sample is so for one without a number.
    """
    if any(_numbers(scope, one) for one in _named(left)) or not _number(scope, left, right):
        return None
    defined = {stated.definition.name for stated in scope.definitions}
    for one in _named(right):
        numbers = _numbers(scope, one)
        bare = replace(one, marks=tuple(mark for mark in one.marks if mark not in numbers))
        if not numbers or _meant(scope, bare) is not None:
            continue
        known = _meant(scope, one)
        if not isinstance(known, Profile) or known.name in defined:
            return None
        slots = tuple(slot for slot in known.slots if slot.role != "sample")
        scope, _ = scope.with_profile(replace(known, slots=slots, samples=None))
    return scope, _without(scope, right)


def _number(scope: Scope, left: Node, right: Node) -> str | None:
    """The letter of the one sample that is mentioned; None where there are several, or it has another use."""
    letters = {written(mark.content) for side in (left, right) for one in _named(side) for mark in _numbers(scope, one)}
    everything = [part for side in (left, right) for part in nodes(side)]
    lowers = [part.lower for part in everything if isinstance(part, BigOperator) and part.lower is not None]
    below = [mark.content for part in everything for mark in _below(part)]
    others = {name for part in (*lowers, *below) for name in letters_of(part)}
    return letters.pop() if len(letters) == 1 and not letters & others else None


def _meant(scope: Scope, found: Mention) -> entries.Meant | None:
    return next((one for one, _ in entries.candidates(Reading(scope, readings), found, is_exact=True)), None)


def _named(node: Node) -> list[Mention]:
    """The names in a node, each with all its scripts."""
    parts = list(nodes(node))
    bases = {id(part.base) for part in parts if isinstance(part, Scripted)}
    found = [mention(part) for part in parts if isinstance(part, Letter | Scripted) and id(part) not in bases]
    return [one for one in found if one is not None]


def _below(node: Node) -> list[Mark]:
    return marks(node.sub, "sub") if isinstance(node, Scripted) and node.sub is not None else []


def _numbers(scope: Scope, found: Mention) -> list[Mark]:
    """The marks above that number samples by a letter."""
    above = [mark for mark in found.marks if mark.place == "sup" and isinstance(mark.content, Letter)]
    if not above:
        return []
    known = next(entries.candidates(Reading(scope, readings), found, is_exact=True), None)
    own = None if known is None else known[1].sample
    numbers = [mark for mark in above if mark.content is own or is_sample(scope, mark, {}, found.name)]
    return [mark for mark in numbers if not is_layer(scope, mark.content)]


def _varies(scope: Scope, found: Mention) -> bool:
    """Whether a name is of what differs between samples, and has no number of one."""
    meant = _meant(scope, found)
    if not isinstance(meant, Profile) or meant.samples is not None:
        return False
    columns = [alias.profile for alias in scope.aliases if alias.profile.samples is not None]
    of_columns = (p.name for p in scope.profiles if p.samples is None and any(_is_twin(p, one) for one in columns))
    return meant.name in varying_names(scope, also=frozenset(of_columns))


def _is_twin(one: Profile, other: Profile) -> bool:
    """Whether two quantities are written alike but for the number of a sample."""
    slots = sorted(slot for slot in other.slots if slot.role != "sample")
    return (one.letter, one.axes, sorted(one.slots)) == (other.letter, other.axes, slots)


def _without(scope: Scope, node: Any) -> Any:
    """A node without the numbers of samples above its names."""
    if isinstance(node, tuple) and not isinstance(node, Span):
        return tuple(_without(scope, part) for part in node)
    if not isinstance(node, Node.__args__):
        return node
    found = mention(node) if isinstance(node, Scripted) else None
    numbers = [] if found is None else _numbers(scope, found)
    if isinstance(node, Scripted) and node.sup is not None and numbers:
        node = replace(node, sup=_rest(node.sup, {id(mark.content) for mark in numbers}))
        if node.sup is None and node.sub is None and not node.primes:
            return _without(scope, node.base)
    return replace(node, **{field.name: _without(scope, getattr(node, field.name)) for field in fields(node)})


def _rest(script: Node, numbers: set[int]) -> Node | None:
    """What is left of a script without some of its marks; None where that is nothing."""
    if not isinstance(script, Product | Sequence):
        return None if any(id(mark.content) in numbers for mark in marks(script, "sup")) else script
    parts = script.factors if isinstance(script, Product) else script.items
    kept = [part for part in parts if not any(id(mark.content) in numbers for mark in marks(part, "sup"))]
    if len(kept) < 2:
        return kept[0] if kept else None
    if isinstance(script, Product):
        return replace(script, factors=tuple(kept), signs=("",) * (len(kept) - 1))
    return replace(script, items=tuple(kept), separators=script.separators[: len(kept) - 1])
