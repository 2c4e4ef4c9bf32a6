r"""Samples that are written as arguments: ``\sum_x \|y(x) - a^L(x)\|^2`` is over samples, and y(x) that of sample x.

Only in a sum of squared lengths: f(x) elsewhere is a function at x. Syntax only.
"""

from dataclasses import fields, replace
from typing import Any

from symfnn.elaboration.names import mention
from symfnn.latex.syntax import BigOperator, Fence, Letter, Node, Product, Relation, Scripted, Statement
from symfnn.latex.walk import nodes
from symfnn.source import Span

_NORMS = ("‖", r"\|")


def numbered_arguments(statement: Statement) -> Statement:
    """The statement with the letter of a sum as a mark above what is written with it as its argument."""
    return replace(statement, content=_everywhere(statement.content, None))


def _everywhere(node: Any, letter: str | None) -> Any:
    """A node in a sum over samples that a letter numbers; None where it is in none."""
    if isinstance(node, tuple) and not isinstance(node, Span):
        return tuple(_everywhere(inner, letter) for inner in node)
    if not isinstance(node, Node.__args__):
        return node
    if isinstance(node, BigOperator):
        letter = _over(node) or letter
    node = replace(node, **{field.name: _everywhere(getattr(node, field.name), letter) for field in fields(node)})
    return _joined(node, letter) if isinstance(node, Product) and letter is not None else node


def _over(node: BigOperator) -> str | None:
    """The letter of a sum of squared lengths of what is written with it as its argument; None for any other."""
    lower = node.lower.parts[0] if isinstance(node.lower, Relation) else node.lower
    if node.name != "sum" or not isinstance(lower, Letter):
        return None
    norms = (part for part in nodes(node.body) if isinstance(part, Fence) and part.left in _NORMS)
    inside = [part for norm in norms for part in nodes(norm) if isinstance(part, Product)]
    return lower.name if any(_places(part, lower.name) for part in inside) else None


def _places(node: Product, letter: str) -> list[int]:
    """Where a name stands before brackets that hold the letter alone."""
    pairs = enumerate(zip(node.factors, node.factors[1:], strict=False))
    return [k for k, (name, held) in pairs if node.signs[k] == "" and mention(name) and _holds(held, letter)]


def _holds(node: Node, letter: str) -> bool:
    return isinstance(node, Fence) and node.left == "(" and isinstance(node.body, Letter) and node.body.name == letter


def _joined(node: Product, letter: str) -> Node:
    """A product in which ``a^L(x)`` is ``a^{L(x)}``."""
    places = _places(node, letter)
    factors, signs = list(node.factors), list(node.signs)
    for k in reversed(places):
        name, held = factors[k], factors[k + 1]
        factors[k : k + 2] = [_marked(name, held)]
        del signs[k]
    return factors[0] if len(factors) == 1 else replace(node, factors=tuple(factors), signs=tuple(signs))


def _marked(name: Node, held: Node) -> Node:
    span = name.span.to(held.span)
    if not isinstance(name, Scripted):
        return Scripted(name, None, held, 0, span)
    above = held if name.sup is None else Product((name.sup, held), ("",), name.sup.span.to(held.span))
    return replace(name, sup=above, span=span)
