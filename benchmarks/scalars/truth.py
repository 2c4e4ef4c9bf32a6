"""Whether a formula holds identically in a network that is written out in scalars."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

from sympy import Expr, Symbol

from scalars.names import free_letters, nodes, range_of
from scalars.network import World
from scalars.reading import evaluate, number
from scalars.values import Array, OutOfRange, Unreadable, plain, verdict
from symfnn.latex.syntax import Fence, Letter, Node, Product, Relation, Scripted
from symfnn.latex.writing import write


@dataclass(frozen=True)
class Truth:
    """What was found.

    Attributes:
        holds: True: both sides are identically equal at every place; False: they differ at one; None: not shown.
        places: how many pairs of entries were compared.
        reason: where they differ, or why nothing is shown.
    """

    holds: bool | None
    places: int = 0
    reason: str = ""


def links_of(content: Node) -> list[tuple[Node, Node]]:
    """The equations of a chain, each between neighbours."""
    parts = content.parts if isinstance(content, Relation) else ()
    return [(left, right) for left, right in pairwise(parts) if left is not None and right is not None]


def truth(world: World, links: list[tuple[Node, Node]], remarks: tuple[Node, ...], seed: int = 1) -> Truth:
    """Whether both sides of every link are equal for all admissible layers, samples and entries."""
    places = 0
    for left, right in links:
        key = "link", *map(write, (left, right, *remarks))
        if key not in world.known:
            world.known[key] = _link(world, left, right, remarks, seed)
        found = world.known[key]
        if not found.holds:
            return found
        places += found.places
    return Truth(True, places)


def _link(world: World, left: Node, right: Node, remarks: tuple[Node, ...], seed: int) -> Truth:
    places = 0
    free = parameters(world, (left, right))
    try:
        for letters in assignments(world, (left, right), remarks):
            try:
                sides = [world.settled(evaluate(side, world, letters | free)) for side in (left, right)]
            except OutOfRange:
                continue
            found = _equal(*sides, seed)
            if not found.holds:
                return Truth(found.holds, places, f"{found.reason} at {letters}: {write(left)} = {write(right)}")
            places += found.places
    except Unreadable as trouble:
        return Truth(None, places, f"{trouble}: {write(left)} = {write(right)}")
    return Truth(True, places) if places else Truth(None, 0, f"nothing to compare: {write(left)} = {write(right)}")


def parameters(world: World, sides: tuple[Node, ...]) -> dict[str, Expr]:
    """The letters that a function is applied to and of which nothing else is said: any numbers."""
    found = {}
    for part in (part for side in sides for part in nodes(side) if isinstance(part, Product)):
        for head, behind in pairwise(part.factors):
            fence = behind.base if isinstance(behind, Scripted) else behind
            named = world.spelling.reference(head)
            if named is None or not world.is_function(named.name) or not isinstance(fence, Fence):
                continue
            if isinstance(fence.body, Letter) and not world.has_value(fence.body.name):
                found[fence.body.name] = Symbol(fence.body.name, real=True)
    return found


def assignments(world: World, sides: tuple[Node, ...], remarks: tuple[Node, ...]) -> Iterator[dict[str, int]]:
    """Numbers for the free letters: within the ranges that stand beside the formula, else all there could be."""
    ranges = {found[0]: found[1:] for remark in remarks if (found := range_of(remark)) is not None}
    found = [letter for side in sides for letter in free_letters(side, world.spelling)]
    letters = [letter for letter in dict.fromkeys(found) if not world.is_number(letter)]
    letters.sort(key=lambda letter: list(ranges).index(letter) if letter in ranges else len(ranges))
    for numbers in product(range(world.longest + 1), repeat=len(letters)):
        chosen = dict(zip(letters, numbers, strict=True))
        if all(_within(world, chosen, letter, *ranges[letter]) for letter in letters if letter in ranges):
            yield chosen


def _within(world: World, chosen: dict[str, int], letter: str, low: Node, high: Node) -> bool:
    try:
        return number(low, world, chosen) <= chosen[letter] <= number(high, world, chosen)
    except OutOfRange:
        return False


def _equal(left: Expr | Array, right: Expr | Array, seed: int) -> Truth:
    left, right = plain(left), plain(right)
    if isinstance(left, Array) != isinstance(right, Array):
        return Truth(False, 0, "a scalar and an array")
    if not isinstance(left, Array):
        return _same(left, right, seed)
    if left.shape != right.shape:
        return Truth(False, 0, f"{left.shape} and {right.shape}")
    for a, b in zip(left.entries, right.entries, strict=True):
        found = _same(a, b, seed)
        if not found.holds:
            return found
    return Truth(True, len(left.entries))


def _same(left: Expr, right: Expr, seed: int) -> Truth:
    found = verdict(left - right, seed)
    return Truth(found, 1, "" if found else "the sides differ" if found is False else "no proof that the sides agree")
