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


@final
@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the side that is to be repaired.

    Attributes:
        other: the other side of the claim.
        seen: the sides of the definitions in force and of the document's other statements, the nearest first.
    """

    other: Node | None = None
    seen: tuple[Node, ...] = ()

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
        change = difference(before, after)
        sentence = self.surplus if self.surplus and not change.meant else self.message
        return sentence.format(found=change.found or write(before), meant=change.meant or write(after))


class Difference(NamedTuple):
    """Where two trees differ: the place in the first, what stands there, and what stands there in the second.

    ``found`` is empty where something was only added, ``meant`` where something was only taken away.
    """

    span: Span
    found: str
    meant: str


def difference(before: Node, after: Node) -> Difference:
    """The smallest part of ``before`` that has to change to give ``after``."""
    if type(before) is not type(after) or _scripts_change(before, after):
        return Difference(before.span, write(before), write(after))
    if isinstance(before, syntax.Product) and isinstance(after, syntax.Product):
        return _between(before, after)
    old, new = trees.children(before), trees.children(after)
    if len(old) == len(new):
        changed = [pair for pair in zip(old, new, strict=True) if not _same(*pair)]
        if len(changed) == 1 and _same(before, _with(before, after, changed[0])):
            return difference(*changed[0])
    return Difference(before.span, write(before), write(after))


def _between(before: syntax.Product, after: syntax.Product) -> Difference:
    """Of two products: without what they share at both ends."""
    old, new = before.factors, after.factors
    limit = min(len(old), len(new))
    head = next((n for n in range(limit) if not _same(old[n], new[n])), limit)
    tail = next((n for n in range(limit - head) if not _same(old[-1 - n], new[-1 - n])), limit - head)
    found, meant = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(found) == len(meant) == 1 and before.signs == after.signs:
        return difference(found[0], meant[0])
    if len(old) == len(new) and not found:
        return Difference(before.span, write(before), write(after))  # a sign between factors
    inside = found or (before,)
    span = Span(inside[0].span.start, inside[-1].span.end)
    return Difference(span, _written(found, before), _written(meant, after))


def _written(factors: tuple[Node, ...], of: syntax.Product) -> str:
    if not factors:
        return ""
    start = next(n for n, factor in enumerate(of.factors) if factor is factors[0])
    signs = of.signs[start : start + len(factors) - 1]
    return write(factors[0] if len(factors) == 1 else syntax.Product(factors, signs, of.span))


def _scripts_change(before: Node, after: Node) -> bool:
    """Whether a letter's own scripts differ: then the letter is shown with them."""
    if not (isinstance(before, Scripted) and isinstance(after, Scripted)):
        return False
    bare = trees.without_spans(replace(before, base=after.base)), trees.without_spans(after)
    return bare[0] != bare[1]


def _with(before: Node, after: Node, changed: tuple[Node, Node]) -> Node:
    """``after`` with the changed child put back, to see whether anything else differs."""
    place = next(n for n, child in enumerate(trees.children(after)) if child is changed[1])
    return trees.put(after, (place,), changed[0])


def _same(one: Node, other: Node) -> bool:
    return trees.without_spans(one) == trees.without_spans(other)


def _different(found: Iterator[Node], side: Node) -> Iterator[Node]:
    shown = {trees.without_spans(side)}
    for repaired in found:
        bare = trees.without_spans(repaired)
        if bare not in shown:
            shown.add(bare)
            yield repaired
