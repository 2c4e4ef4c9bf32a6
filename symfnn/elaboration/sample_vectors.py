r"""Samples declared by number in texts of components: ``x_i \in \mathbb{R}^d`` beside ``\sum_{i=1}^d v_{ih} x_i``.

The x_i of the declaration is sample i, that of the sum is entry i of one sample. The formulas are in components; what
the declaration says of them is only how many there are.
"""

from symfnn.elaboration import spaces
from symfnn.elaboration.names import Mention, mention, written
from symfnn.latex.syntax import BigOperator, Letter, Node, Relation, Scripted


def numbered_samples(contents: list[Node], nodes: list[Node]) -> frozenset[str]:
    """The names whose declaration by number is about samples, while the formulas number their entries.

    Args:
        contents: of the formulas of a text.
        nodes: all parts of them.
    """
    known = {name: found for content in contents for name, found in declared(content)}
    formulas = [one for one in contents if isinstance(one, Relation) and spaces.stated(one) is None]
    used = [mention(part) for one in formulas for part in _parts(one) if isinstance(part, Scripted)]
    sums = [node for node in nodes if isinstance(node, BigOperator)]
    return frozenset(
        name
        for name, (letter, size) in known.items()
        if any(_runs(one, letter, size) for one in sums) or _is_never_so(name, [one for one in used if one is not None])
    )


def declared(content: Node) -> list[tuple[str, tuple[str, str]]]:
    """The names that a formula declares with one small letter below, each with the letter and the size."""
    shape = spaces.stated(content)
    sizes = [] if shape is None else spaces.dimensions(shape.dimensions)
    found = [mention(item) for item in (() if shape is None else shape.of)]
    return [
        (one.name, (written(one.marks[0].content), written(sizes[0])))
        for one in found
        if one is not None and len(sizes) == 1 and one.name.islower() and _has_one_letter(one)
    ]


def _has_one_letter(one: Mention) -> bool:
    mark = one.marks[0] if len(one.marks) == 1 else None
    return mark is not None and mark.place == "sub" and isinstance(mark.content, Letter) and len(mark.content.name) == 1


def _runs(total: BigOperator, letter: str, size: str) -> bool:
    """Whether a sum takes a letter up to a size."""
    match total.lower:
        case Relation((Letter(name), _), ("=",)):
            return name == letter and total.upper is not None and written(total.upper) == size
    return False


def _is_never_so(name: str, used: list[Mention]) -> bool:
    """Whether a name is written with more than one letter wherever it has letters in a formula."""
    own = [one for one in used if one.name == name and any(isinstance(mark.content, Letter) for mark in one.marks)]
    return bool(own) and all(len(one.marks) > 1 for one in own)


def _parts(node: object) -> list[Node]:
    found: list[Node] = []
    if isinstance(node, tuple):
        found += [part for one in node for part in _parts(one)]
    elif isinstance(node, Node.__args__):
        found += [node, *(part for field in node.__dataclass_fields__ for part in _parts(getattr(node, field)))]
    return found
