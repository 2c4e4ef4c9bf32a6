r"""Entries that a text counts from 0: ``\sum_{j=0}^{n-1} w_j x_j`` is over all of them, as ``\sum_{j=1}^{n}`` is.

Syntax only. It has to be the text's way: all its sums and ranges that begin at a number begin at 0 and end at … - 1,
and the letter is nothing else than an index below, so that where the count begins does not matter.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from symfnn.elaboration.declarations import ranged
from symfnn.elaboration.names import marks
from symfnn.latex.syntax import BigOperator, Letter, Node, Number, Relation, Scripted, Statement, Sum
from symfnn.latex.walk import nodes, rebuilt


def counted_from_one(statements: list[Statement]) -> list[Statement]:
    """The statements with such sums from 1 on, in a text that counts from 0."""
    contents = [content for one in statements for content in (one.content, *one.remarks)]
    if not _counts_from_zero(contents):
        return statements
    return [replace(one, content=rebuilt(one.content, _from_one)) for one in statements]


def _counts_from_zero(contents: Iterable[Node]) -> bool:
    """Whether all that has a first and a last number has 0 and something less 1."""
    bounds = [pair for content in contents for pair in _bounds(content)]
    return bool(bounds) and all(_text(low) == "0" and _less_one(high) is not None for low, high in bounds)


def _bounds(content: Node) -> Iterator[tuple[Node | None, Node | None]]:
    """What sums and ranges in a formula begin and end with."""
    stated = ranged(content)
    if stated is not None:
        yield stated.low, stated.high
    for node in nodes(content):
        if isinstance(node, BigOperator) and isinstance(node.lower, Relation) and node.upper is not None:
            yield node.lower.parts[-1], node.upper


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Number) else ""


def _less_one(node: Node | None) -> Node | None:
    """What 1 is taken from; None for anything else."""
    match node:
        case Sum((count, Number("1")), ("+", "-")):
            return count
    return None


def _from_one(node: Node) -> Node:
    """A sum over all entries from 1 on; any other node as it is."""
    match node:
        case BigOperator(lower=Relation((Letter(name) as letter, Number("0") as low), ("=",)) as lower, upper=upper):
            count = _less_one(upper)
            if count is not None and _is_index(name, node.body):
                return replace(node, lower=replace(lower, parts=(letter, replace(low, text="1"))), upper=count)
    return node


def _is_index(name: str, body: Node) -> bool:
    """Whether a letter is nothing else in a formula than an index below, as it stands."""
    below = [
        m.content for n in nodes(body) if isinstance(n, Scripted) and n.sub is not None for m in marks(n.sub, "sub")
    ]
    own = sum(isinstance(content, Letter) and content.name == name for content in below)
    return own > 0 and own == sum(isinstance(node, Letter) and node.name == name for node in nodes(body))
