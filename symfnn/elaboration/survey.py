"""A first look over all formulas of a text: which letter is the layer, which the last layer, what has layers."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace

from symfnn.elaboration.declarations import ranged, space
from symfnn.elaboration.names import Mark, Mention, mention, written
from symfnn.elaboration.scope import Scope
from symfnn.latex.syntax import BigOperator, Letter, Node, Number, Scripted, Statement, Sum

_USUAL = ("l", r"\ell")


def nodes(node: Node) -> Iterator[Node]:
    """A node and all nodes in it."""
    yield node
    for field in fields(node):
        yield from _inside(getattr(node, field.name))


def _inside(content: object) -> Iterator[Node]:
    if isinstance(content, tuple):
        for part in content:
            yield from _inside(part)
    elif isinstance(content, Node.__args__):
        yield from nodes(content)


def mentions(node: Node) -> Iterator[Mention]:
    """Every letter with its scripts, those in scripts too."""
    for part in nodes(node):
        if isinstance(part, Letter | Scripted):
            found = mention(part)
            if found is not None and found.marks:
                yield found


def survey(scope: Scope, statements: Iterable[Statement]) -> Scope:
    """The scope with the letters for layers that a text uses."""
    everything = list(statements)
    contents = [node for statement in everything for node in (statement.content, *statement.remarks)]
    found = [one for content in contents for one in mentions(content)]
    moved = Counter(letter for one in found for mark in one.marks if (letter := _moved(mark)))
    lower = [letter for letter, _ in moved.most_common() if letter.lstrip("\\")[:1].islower()]
    upper = [letter for letter, _ in moved.most_common() if letter[:1].isupper()]
    usual = [letter for letter in _USUAL if any(written(m.content) == letter for one in found for m in one.marks)]
    layer = next(iter([*[u for u in usual if u in lower], *lower, *usual, *upper]), "")
    others = [letter for letter in upper if letter != layer]
    depth = _depth(contents, layer) or next(iter(others), "" if layer in upper else scope.depth_letter)
    scope = replace(scope, layer_letter=layer, depth_letter=depth, family=_family(contents, layer, depth))
    layered = {
        (one.name, mark.place, mark.bracket)
        for one in found
        for mark in one.marks
        if letters_of(mark.content) & {layer, depth}
    }
    counts: dict[str, int] = {}
    for one in found:
        below = [
            m for m in one.marks if m.place == "sub" and not letters_of(m.content) & {layer, depth} and _is_index(m)
        ]
        counts[one.name.lower()] = max(counts.get(one.name.lower(), 0), len(below))
    return replace(scope, layered=scope.layered | layered, components=counts)


def _is_index(mark: Mark) -> bool:
    """Whether a mark below can be the index of an entry: one small letter."""
    content = mark.content
    name = content.base if isinstance(content, Scripted) else content
    return isinstance(name, Letter) and len(name.name) == 1 and name.name.islower()


def _family(contents: list[Node], layer: str, depth: str) -> tuple[str, str] | None:
    """The letter of the widths and where its layer stands, from shapes and from the limits of ranges."""
    for content in contents:
        for size in _sizes(content):
            for one in mentions(size):
                if len(one.marks) == 1 and letters_of(one.marks[0].content) & {layer, depth}:
                    return one.name, one.marks[0].place
    return None


def _sizes(content: Node) -> Iterator[Node]:
    """What counts something in a formula: the exponents of spaces, the limits of ranges and sums."""
    stated = ranged(content)
    if stated is not None:
        yield stated.high
    for node in nodes(content):
        found = space(node)
        if found is not None and found[1] is not None:
            yield found[1]
        if isinstance(node, BigOperator) and node.upper is not None:
            yield node.upper


def _moved(mark: Mark) -> str | None:
    """The letter of a mark such as l-1 or l+1."""
    content = mark.content
    if not isinstance(content, Sum) or len(content.terms) != 2 or not isinstance(content.terms[1], Number):
        return None
    first = content.terms[0]
    if not isinstance(first, Letter) or content.terms[1].text not in ("1", "2"):
        return None
    return first.name if mark.place == "sup" or first.name in _USUAL else None


def letters_of(node: Node) -> set[str]:
    """How the letters in a node are written, those with scripts also with them."""
    found = {written(part) for part in nodes(node) if isinstance(part, Letter | Scripted)}
    return found - {""}


def indices_in(node: Node) -> frozenset[str]:
    """The letters that stand in scripts."""
    return frozenset(letter for one in mentions(node) for mark in one.marks for letter in letters_of(mark.content))


def _depth(contents: list[Node], layer: str) -> str | None:
    """How the last layer is written, from a range of the layer letter."""
    for content in contents:
        stated = ranged(content)
        if stated is not None and stated.letter == layer and isinstance(stated.high, Letter | Scripted):
            return written(stated.high)
    return None
