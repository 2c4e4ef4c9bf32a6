"""Small letters that may be numbers, as in ``z = w x + b``: nothing in the text shows them as arrays."""

from collections.abc import Iterator

from symfnn.elaboration.names import TRANSPOSES, mention
from symfnn.latex.syntax import Fence, Letter, Node, Product, Relation, Scripted

_MATRICES = frozenset({"W", r"\Theta", "U", "V"})
_ELEMENTWISE = frozenset({r"\odot", r"\circ", r"\otimes", r"\bigodot", r"\bullet", ".*"})
_NORMS = ("|", "‖", r"\|", "||")


def numbers(contents: list[Node], nodes: list[Node]) -> frozenset[str]:
    """The small letters of a text that may be numbers; none where it has weights with capital letters.

    Args:
        contents: of its formulas.
        nodes: all parts of them.
    """
    letters = [node for node in nodes if isinstance(node, Letter)]
    if any(letter.name in _MATRICES or letter.style == "bold" for letter in letters):
        return frozenset()
    small = {letter.name for letter in letters if letter.name[-1:].islower() and not letter.style}
    return frozenset(small - set(_arrays(contents, nodes)))


def _arrays(contents: list[Node], nodes: list[Node]) -> Iterator[str]:
    """The names that are arrays somewhere: with an index, transposed, in a norm, in a space, multiplied by entries."""
    for content in contents:
        if isinstance(content, Relation) and r"\in" in content.signs and content.parts[0] is not None:
            yield from _names(content.parts[0])
    for node in nodes:
        if isinstance(node, Scripted):
            yield from _with_marks(node)
        elif isinstance(node, Fence) and node.left in _NORMS and node.body is not None:
            yield from _names(node.body)
        elif isinstance(node, Product) and _ELEMENTWISE.intersection(node.signs):
            yield from _names(node)


def _with_marks(node: Scripted) -> Iterator[str]:
    """The names that are transposed here, or have an index."""
    found = mention(node)
    if found is None:
        is_transposed = isinstance(node.sup, Letter) and node.sup.name in TRANSPOSES
        yield from _names(node.base) if is_transposed else ()
    elif found.is_transposed or any(isinstance(mark.content, Letter) for mark in found.marks):
        yield found.name


def _names(node: Node) -> Iterator[str]:
    found = mention(node)
    if found is not None:
        yield found.name
    for field in () if found is not None else node.__dataclass_fields__:
        for part in _inside(getattr(node, field)):
            yield from _names(part)


def _inside(part: object) -> Iterator[Node]:
    if isinstance(part, tuple):
        for one in part:
            yield from _inside(one)
    elif isinstance(part, Node.__args__):
        yield part
