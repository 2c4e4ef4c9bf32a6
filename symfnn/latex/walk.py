"""Going through a surface tree, and making one with other parts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

from symfnn.latex.syntax import FIELDS, Node, Statement


def nodes(node: Node) -> Iterator[Node]:
    """A node and all nodes in it."""
    below = [node]
    while below:
        one = below.pop()
        yield one
        below += reversed(children(one))


def children(node: Node) -> list[Node]:
    """The nodes right below, in the order of their fields."""
    return [part for name in FIELDS[type(node)] for part in _parts(getattr(node, name))]


def _parts(content: object) -> Iterator[Node]:
    """The nodes right below one of a node's fields."""
    if isinstance(content, tuple):
        for part in content:
            yield from _parts(part)
    elif type(content) in FIELDS:
        yield cast(Node, content)


def with_children(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with each node right below it changed."""
    return type(node)(*(_changed(getattr(node, name), change) for name in FIELDS[type(node)]))


def _changed(content: Any, change: Callable[[Node], Node]) -> Any:
    if type(content) in FIELDS:
        return change(content)
    # a span is a tuple of a class of its own
    return tuple(_changed(part, change) for part in content) if type(content) is tuple else content


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with every node in it changed, the inner ones first, and itself last."""
    return cast(Node, _rebuilt(node, change))


def rewritten(statement: Statement, change: Callable[[Node], Node]) -> Statement:
    """The statement with every node in it and in what stands beside it changed."""
    remarks = tuple(rebuilt(remark, change) for remark in statement.remarks)
    return replace(statement, content=rebuilt(statement.content, change), remarks=remarks)


def _rebuilt(content: Any, change: Callable[[Node], Node]) -> Any:
    # few calls a level, for a tree may be as deep as it is allowed to
    if type(content) is tuple:
        return tuple([_rebuilt(part, change) for part in content])
    if type(content) not in FIELDS:
        return content
    return change(type(content)(*[_rebuilt(getattr(content, name), change) for name in FIELDS[type(content)]]))
