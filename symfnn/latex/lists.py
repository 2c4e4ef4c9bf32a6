"""Lists with one relation among their items, which has the list for a side; rows of cells that are branches."""

from symfnn.errors import LatexError
from symfnn.latex.syntax import Cases, Node, Relation, Sequence
from symfnn.source import Span


def gathered(node: Node) -> Node:
    r"""``n = 1, \dots, N`` is one relation with a list on its right, ``a, b \in S`` one with a list on its left."""
    if not isinstance(node, Sequence) or set(node.separators) != {","}:
        return node
    places = [place for place, item in enumerate(node.items) if isinstance(item, Relation)]
    if len(places) != 1:
        return node
    relation = node.items[places[0]]
    assert isinstance(relation, Relation)
    left = _listed(node.items[: places[0]], relation.parts[0])
    right = _listed((), relation.parts[-1], node.items[places[0] + 1 :])
    return Relation((left, *relation.parts[1:-1], right), relation.signs, node.span)


def _listed(before: tuple[Node, ...], node: Node | None, after: tuple[Node, ...] = ()) -> Node | None:
    items = (*before, *(() if node is None else (node,)), *after)
    if len(items) < 2:
        return node
    return Sequence(items, (",",) * (len(items) - 1), items[0].span.to(items[-1].span))


def branches(rows: tuple[tuple[Node | None, ...], ...], span: Span) -> Cases:
    """Branches from rows of cells: the first is the value, the others are its condition."""
    found: list[tuple[Node, Node | None]] = []
    for value, *others in rows:
        rest = [cell for cell in others if cell is not None]
        if value is None:
            raise LatexError("empty-case", "a branch of cases has no value", span)
        found.append((value, None if not rest else rest[0] if len(rest) == 1 else _joined(rest)))
    if not found:
        raise LatexError("empty-case", "there is nothing in these cases", span)
    return Cases(tuple(found), span)


def _joined(parts: list[Node]) -> Sequence:
    return Sequence(tuple(parts), ("",) * (len(parts) - 1), parts[0].span.to(parts[-1].span))
