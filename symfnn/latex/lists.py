"""Lists with one relation among their items, which has the list for a side."""

from symfnn.latex.syntax import Node, Relation, Sequence


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
