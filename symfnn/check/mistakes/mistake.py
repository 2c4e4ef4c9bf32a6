"""What a mistake is: how it is told, examples, and how it is undone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple, TypeAlias, final

from symfnn.check.mistakes import tree as trees
from symfnn.latex import syntax
from symfnn.latex.syntax import Node, Scripted
from symfnn.latex.writing import write
from symfnn.source import Span

LIMIT = 64  # repairs that one mistake may propose for one side

Shape: TypeAlias = tuple[object, object]  # rows and columns


def _unknown(_: Node) -> Shape | None:
    return None


@final
@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the side that is to be repaired.

    Attributes:
        other: the other side of the claim.
        seen: the sides of the definitions in force and of the document's other statements, the nearest first.
        shape: the rows and columns of what is written, None where they are not known.
    """

    other: Node | None = None
    seen: tuple[Node, ...] = ()
    shape: Callable[[Node], Shape | None] = _unknown

    @property
    def subject(self) -> Node | None:
        r"""What the claim is about: the other side, or what it differentiates by."""
        node = self.other
        if isinstance(node, syntax.Fraction) and trees.is_derivative(node):
            bottom = node.bottom
            return bottom.factors[-1] if isinstance(bottom, syntax.Product) else bottom
        return node

    def texts(self, side: Node) -> Iterator[Node]:
        """The side itself, the other one, then all that was seen."""
        yield side
        if self.other is not None:
            yield self.other
        yield from self.seen


Example: TypeAlias = tuple[str, str, str]  # notation, wrong equation, right equation
Repairs: TypeAlias = Callable[[Node, Surroundings], Iterator[Node]]
NOTHING = Surroundings()


@final
@dataclass(frozen=True, slots=True)
class Mistake:
    """One way in which a formula goes wrong.

    Attributes:
        code: a stable word.
        title: a heading.
        message: one sentence; ``{found}`` is what stands there, ``{meant}`` what would be right.
        surplus: the sentence where something has to go and nothing takes its place; ``message`` where it is empty.
        explanation: what it is, why it happens, what to do about it; Markdown.
        examples: equations with this mistake, and the right ones.
        others: equations that are wrong in another way: this mistake's repairs do not reach the right one.
        undo: every tree that results from undoing the mistake at one place of a side, the likeliest first.
    """

    code: str
    title: str
    message: str
    explanation: str
    examples: tuple[Example, ...]
    others: tuple[Example, ...]
    undo: Repairs
    surplus: str = ""

    def repairs(self, side: Node, around: Surroundings = NOTHING) -> Iterator[Node]:
        """The first few different trees in which this mistake is undone at one place."""
        return islice(_different(self.undo(side, around), side), LIMIT)

    def describe(self, before: Node, after: Node) -> str:
        """The sentence for one repair."""
        _, found, meant = difference(before, after)
        sentence = self.surplus if self.surplus and not meant else self.message
        if ("{found}" in sentence and not found) or ("{meant}" in sentence and not meant):
            found, meant = write(before), write(after)
        return sentence.format(found=found, meant=meant)


class Difference(NamedTuple):
    """Where two trees differ: the place in the first, what stands there, and what stands there in the second.

    ``found`` is empty where something was only added, ``meant`` where something was only taken away.
    """

    span: Span
    found: str
    meant: str


def difference(before: Node, after: Node) -> Difference:
    """The smallest part of ``before`` that has to change to give ``after``."""
    whole = Difference(before.span, write(before), write(after))
    kinds = [kind for kind in (syntax.Product, syntax.Sum) if isinstance(before, kind) or isinstance(after, kind)]
    for kind in kinds:
        if (narrower := _between(before, after, kind)) is not None:
            return narrower
    if kinds or type(before) is not type(after) or _scripts_change(before, after):
        return whole
    old, new = trees.children(before), trees.children(after)
    if len(old) == len(new):
        changed = [number for number, pair in enumerate(zip(old, new, strict=True)) if not _same(*pair)]
        if len(changed) == 1 and _same(before, trees.with_child(after, changed[0], old[changed[0]])):
            return difference(old[changed[0]], new[changed[0]])
    return whole


Item: TypeAlias = tuple[str, Node]  # a factor or a term with the sign before it
Kind: TypeAlias = type[syntax.Product] | type[syntax.Sum]


def _items(node: Node, kind: Kind) -> list[Item]:
    """Factors or terms; a node of another kind is one of them."""
    if isinstance(node, syntax.Product) and kind is syntax.Product:
        return list(zip(("", *node.signs), node.factors, strict=True))
    if isinstance(node, syntax.Sum) and kind is syntax.Sum:
        return list(zip(node.signs, node.terms, strict=True))
    if kind is syntax.Sum:
        return [("+", node)]
    return [("", trees.bracketed(node) if isinstance(node, syntax.Sum) else node)]


def _between(before: Node, after: Node, kind: Kind) -> Difference | None:
    """What is left of products or sums without what they share at both ends; None if that says nothing."""
    old, new = _items(before, kind), _items(after, kind)
    limit = min(len(old), len(new))
    head = next((n for n in range(limit) if not _alike(old[n], new[n], n)), limit)
    tail = next((n for n in range(limit - head) if not _alike(old[-1 - n], new[-1 - n], n + 1)), limit - head)
    found, meant = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(found) == len(meant) == 1 and found[0][0] == meant[0][0]:
        return None if head == tail == 0 else difference(found[0][1], meant[0][1])
    if (len(found) == len(meant) and found) or not (head or tail):
        return None  # signs, an order: nothing narrower says it
    inside = [node for _, node in found] or [before]
    return Difference(Span(inside[0].span.start, inside[-1].span.end), _written(found, kind), _written(meant, kind))


def _alike(one: Item, other: Item, place: int) -> bool:
    """Whether two items are the same; what stands before the first of a product is no sign."""
    return _same(one[1], other[1]) and (one[0] == other[0] or (place == 0 and "" in (one[0], other[0])))


def _written(items: list[Item], kind: Kind) -> str:
    """Items as they stand there; the sign before the first counts in a sum only."""
    if not items:
        return ""
    nodes, signs = tuple(node for _, node in items), tuple(sign for sign, _ in items)
    if kind is syntax.Sum:
        return write(syntax.Sum(nodes, signs, nodes[0].span))
    return write(nodes[0] if len(nodes) == 1 else syntax.Product(nodes, signs[1:], nodes[0].span))


def _scripts_change(before: Node, after: Node) -> bool:
    """Whether a letter's own scripts differ: then the letter is shown with them."""
    if not (isinstance(before, Scripted) and isinstance(after, Scripted)):
        return False
    bare = trees.without_spans(replace(before, base=after.base)), trees.without_spans(after)
    return bare[0] != bare[1]


def _same(one: Node, other: Node) -> bool:
    return trees.without_spans(one) == trees.without_spans(other)


def _different(found: Iterator[Node], side: Node) -> Iterator[Node]:
    shown = {trees.without_spans(side)}
    for repaired in found:
        bare = trees.without_spans(repaired)
        if bare not in shown:
            shown.add(bare)
            yield repaired
