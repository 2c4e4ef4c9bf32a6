r"""Units told apart by their index letter: ``x_j = \sum_i w_{ji} y_i``, ``y_j = f(x_j)``, in texts that write no layer.

There y_i is an output of the layer below that of x_j, and k in ``\sum_k w_{kj} \delta_k`` is a unit of the layer above.
Read without layers, such definitions go in a circle. So every mention gets the layer that its letter has in the
formula: a weight leads from one layer to the next, what is compared with a given target lies in the last layer, and a
formula that fixes no layer holds in each. The formulas then read ``x_j^{(l)} = \sum_i w_{ji}^{(l)} y_i^{(l-1)}``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple, final

from symfnn.elaboration.names import Mention, mention
from symfnn.elaboration.texts import Written
from symfnn.latex.syntax import BigOperator, Fence, Letter, Node, Number, Relation, Scripted, Statement, Sum
from symfnn.latex.walk import nodes
from symfnn.source import Span

WORDS = "index letters tell layers apart"
_LAYERS = ("l", r"\ell", "r")
_DEPTHS = ("L", "D", "H", "R")


class _Step(NamedTuple):
    """``x_j = Σ_i w_{ji} y_i``: from the layer of i to that of j.

    Attributes:
        made: the name of x.
        read: the name of y.
        weight: the name of w.
        to: which of the weight's indices belongs to x, 0 or 1.
    """

    made: str
    read: str
    weight: str
    to: int


@final
@dataclass(frozen=True, slots=True)
class Units:
    """What is known of the letters of a text whose units are told apart by them.

    Attributes:
        weights: names of what leads from layer to layer, each with which of its indices is that of the upper layer.
        units: names of what every layer has, one for each unit.
        targets: names of what is given for the units of the last layer only.
        order: letters, each with how far above the lowest its layer is, where the text agrees on it.
        layer: the letter for a layer.
        depth: the letter for the last one.
    """

    weights: dict[str, int]
    units: frozenset[str]
    targets: frozenset[str]
    order: dict[str, int]
    layer: str
    depth: str


def in_layers(written: list[Written]) -> list[Written]:
    """The statements of a text with the layer of each unit written out.

    They are as they were where the text writes layers itself, or where its definitions do not go in a circle without.
    """
    units = _units(tuple(one.statement for one in written if one.statement is not None))
    return written if units is None else [_in_layers(units, one) for one in written]


def _in_layers(units: Units, one: Written) -> Written:
    places = None if one.statement is None else _places(units, one.statement)
    if places is None or one.statement is None:
        return one
    content = _with_layers(units, places, one.statement.content)
    remarks = tuple(_with_layers(units, places, remark) for remark in one.statement.remarks)
    return replace(
        one, statement=replace(one.statement, content=content, remarks=remarks), read_as=(*one.read_as, WORDS)
    )


def _units(statements: tuple[Statement, ...]) -> Units | None:
    steps = _forward([step for statement in statements for step in _steps(statement)])
    same = [pair for statement in statements for pair in _same_layer(statement)]
    made = _circle(steps, same)
    if not made or any(_has_layers(statement, made) for statement in statements):
        return None
    weights = {step.weight: step.to for step in steps if step.made in made}
    letters = {part.name for statement in statements for part in nodes(statement.content) if isinstance(part, Letter)}
    free = [name for name in _LAYERS if name not in letters], [name for name in _DEPTHS if name not in letters]
    if not all(free):
        return None
    stated = {left for statement in statements for left in _left_names(statement)}
    beside = {name for statement in statements for name in _beside(statement, made)}
    columns = {found.name for statement in statements for found in _columns(statement)}
    targets = {name for statement in statements for name in _compared(statement, columns)} - stated - beside - made
    units = (made | beside | (stated & columns)) - targets
    return Units(weights, frozenset(units), frozenset(targets), _order(statements, weights), free[0][0], free[1][0])


def _indexed(node: Node) -> Mention | None:
    """A name with letters below and nothing above but a power."""
    found = mention(node)
    if found is None or not found.marks or any(mark.place != "sub" or mark.bracket for mark in found.marks):
        return None
    return found if all(isinstance(mark.content, Letter) for mark in found.marks) else None


def _letters(found: Mention) -> tuple[str, ...]:
    return tuple(mark.content.name for mark in found.marks if isinstance(mark.content, Letter))


def _mentions(node: Node) -> Iterator[Mention]:
    for part in nodes(node):
        found = _indexed(part) if isinstance(part, Scripted) else None
        if found is not None:
            yield found


def _columns(statement: Statement) -> Iterator[Mention]:
    return (found for found in _mentions(statement.content) if len(found.marks) == 1)


def _equation(statement: Statement) -> tuple[Node, list[Node]] | None:
    content = statement.content
    if not isinstance(content, Relation) or content.parts[0] is None or content.signs[0] not in ("=", ":=", r"\equiv"):
        return None
    return content.parts[0], [part for part in content.parts[1:] if part is not None]


def _left_names(statement: Statement) -> set[str]:
    found = _equation(statement)
    left = None if found is None else _indexed(found[0])
    return set() if left is None else {left.name}


def _steps(statement: Statement) -> Iterator[_Step]:
    r"""What an equation ``x_j = \sum_i w_{ji} y_i`` says of its letters."""
    found = _equation(statement)
    left = None if found is None else _indexed(found[0])
    if found is None or left is None or len(left.marks) != 1:
        return
    (own,) = _letters(left)
    for total in (part for side in found[1] for part in nodes(side) if isinstance(part, BigOperator)):
        inside = list(_mentions(total.body))
        for weight in (one for one in inside if len(one.marks) == 2 and own in _letters(one)):
            other = next((letter for letter in _letters(weight) if letter != own), None)
            for read in (one for one in inside if other is not None and _letters(one) == (other,)):
                yield _Step(left.name, read.name, weight.name, _letters(weight).index(own))


def _forward(steps: list[_Step]) -> list[_Step]:
    """The steps that go the way that a weight is first met with; errors go the other way."""
    ways: dict[str, int] = {}
    for step in steps:
        ways.setdefault(step.weight, step.to)
    return [step for step in steps if ways[step.weight] == step.to]


def _same_layer(statement: Statement) -> Iterator[tuple[str, str]]:
    """What an equation such as ``y_j = f(x_j)`` defines, with what it reads of the same unit."""
    found = _equation(statement)
    left = None if found is None else _indexed(found[0])
    if found is None or left is None or len(left.marks) != 1:
        return
    for read in (one for one in _mentions(found[1][0]) if _letters(one) == _letters(left)):
        yield left.name, read.name


def _circle(steps: list[_Step], same: list[tuple[str, str]]) -> set[str]:
    """The names whose definitions lead from layer to layer and back to themselves."""
    reads: dict[str, set[str]] = {}
    for made, read in (*((step.made, step.read) for step in steps), *same):
        reads.setdefault(made, set()).add(read)

    def reached(name: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(reads.get(name, ()))
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting += reads.get(one, ())
        return seen

    starts = {step.made for step in steps if step.made in reached(step.read) | {step.read}}
    return starts | {name for name in reads for start in starts if name in reached(start) and start in reached(name)}


def _has_layers(statement: Statement, names: set[str]) -> bool:
    """Whether a text writes more than letters below at one of the names."""
    for part in nodes(statement.content):
        found = mention(part) if isinstance(part, Scripted) else None
        if found is not None and found.name in names:
            above = [mark for mark in found.marks if mark.place == "sup" and not isinstance(mark.content, Number)]
            if above or any(mark.bracket for mark in found.marks):
                return True
    return False


def _beside(statement: Statement, made: set[str]) -> Iterator[str]:
    """The names that the definition of something of every layer has beside it, such as a bias."""
    found = _equation(statement)
    left = None if found is None else _indexed(found[0])
    if found is not None and left is not None and left.name in made:
        for one in (one for side in found[1] for one in _mentions(side) if _letters(one) == _letters(left)):
            yield one.name


def _compared(statement: Statement, columns: set[str]) -> Iterator[str]:
    """The names with one index in an equation that defines a number."""
    found = _equation(statement)
    left = None if found is None else mention(found[0])
    if found is not None and left is not None and left.name not in columns:
        yield from (one.name for side in found[1] for one in _mentions(side) if len(one.marks) == 1)


def _order(statements: tuple[Statement, ...], weights: dict[str, int]) -> dict[str, int]:
    """How far above each other the letters of a text are; empty where its formulas do not agree."""
    pairs = {pair for statement in statements for pair in _links(statement.content, weights)}
    return _levels(pairs) or {}


def _links(node: Node, weights: dict[str, int]) -> set[tuple[str, str]]:
    """The letters of each weight, that of the upper layer first."""
    found = [one for one in _mentions(node) if one.name in weights and len(one.marks) == 2]
    pairs = {_letters(one) if weights[one.name] == 0 else _letters(one)[::-1] for one in found}
    return {(pair[0], pair[1]) for pair in pairs}


def _levels(pairs: set[tuple[str, str]]) -> dict[str, int] | None:
    """A layer for each letter, by which every pair is one apart; None where there is none or there are several."""
    levels: dict[str, int] = {}
    waiting = sorted(pairs)
    while waiting:
        known = [pair for pair in waiting if not levels or set(pair) & set(levels)]
        if not known:
            return None
        upper, lower = pair = known[0]
        waiting.remove(pair)
        if not levels:
            levels |= {upper: 1, lower: 0}
        levels.setdefault(upper, levels.get(lower, 0) + 1)
        levels.setdefault(lower, levels[upper] - 1)
        if levels[upper] != levels[lower] + 1:
            return None
    return levels


class _Place(NamedTuple):
    """A layer: l + offset, or L + offset."""

    is_last: bool
    offset: int


def _places(units: Units, statement: Statement) -> dict[str, _Place] | None:
    """The layer of each unit's letter in a statement; None where it writes the layer of a weight itself."""
    contents = (statement.content, *statement.remarks)
    if _has_layers(statement, set(units.weights)):
        return None
    found = [one for content in contents for one in _mentions(content)]
    concerned = [one for one in found if one.name in units.units | units.targets or one.name in units.weights]
    letters = list(dict.fromkeys(letter for one in concerned for letter in _letters(one)))
    pairs = {pair for content in contents for pair in _links(content, units.weights)}
    levels = _levels(pairs) if pairs else {}
    if levels is None or not letters:
        return None
    if set(letters) - set(levels):
        known = units.order if len(letters) > 1 else dict.fromkeys(letters, 0)
        if set(letters) - set(known) or any(known[a] != known[b] + 1 for a, b in pairs):
            return None
        levels = {letter: known[letter] for letter in letters}
    last = {levels[letter] for one in concerned if one.name in units.targets for letter in _letters(one)}
    if not last and _is_of_last(units, statement):
        last = {max(levels.values())}
    if len(last) > 1:
        return None
    own = next((_letters(one)[0] for one in concerned if one.name in units.units), letters[0])
    base = last.pop() if last else levels[own]
    is_last = bool(last) or _is_of_last(units, statement) or any(one.name in units.targets for one in concerned)
    return {letter: _Place(is_last, level - base) for letter, level in levels.items()}


def _is_of_last(units: Units, statement: Statement) -> bool:
    """Whether a statement defines a number by units: an error is one of the last layer."""
    found = _equation(statement)
    left = None if found is None else mention(found[0])
    if found is None or left is None or left.marks:
        return False
    return any(one.name in units.units for side in found[1] for one in _mentions(side))


def _with_layers(units: Units, places: dict[str, _Place], node: Node) -> Node:
    """A node with the layer at each mention of a unit or a weight."""
    found = _indexed(node) if isinstance(node, Scripted) else None
    if found is not None and isinstance(node, Scripted):
        place = _place_of(units, places, found)
        return node if place is None else _at(units, node, place)
    changed = {field.name: _inside(units, places, getattr(node, field.name)) for field in fields(node)}
    return replace(node, **changed)


def _inside(units: Units, places: dict[str, _Place], part: Any) -> Any:
    if isinstance(part, tuple) and not isinstance(part, Span):
        return tuple(_inside(units, places, one) for one in part)
    return _with_layers(units, places, part) if hasattr(part, "span") else part


def _place_of(units: Units, places: dict[str, _Place], found: Mention) -> _Place | None:
    letters = _letters(found)
    if found.name in units.weights and len(letters) == 2:
        return places.get(letters[units.weights[found.name]])
    return places.get(letters[0]) if found.name in units.units and len(letters) == 1 else None


def _at(units: Units, node: Scripted, place: _Place) -> Node:
    r"""``x_j`` as ``x_j^{(l)}``; what stood above it is a power of that."""
    span = node.span
    letter: Node = Letter(units.depth if place.is_last else units.layer, span)
    if place.offset:
        sign = "+" if place.offset > 0 else "-"
        letter = Sum((letter, Number(str(abs(place.offset)), span)), ("+", sign), span)
    made = replace(node, sup=Fence("(", letter, ")", span))
    return made if node.sup is None else Scripted(replace(made), None, node.sup, 0, span)
