r"""How far a sum sign reaches without brackets behind it: ``E = \sum_i t_i \log x_i + (1 - t_i) \log (1 - x_i)``.

The last term has the sum's index twice. Outside of the sum it would mean nothing, since E has no index. A term that has
it once (``z = \sum_i w_i x_i + b_i``) is as likely a slip and stays outside. Syntax only.
"""

from dataclasses import fields, replace
from typing import Any

from symfnn.latex.syntax import BigOperator, Letter, Node, Product, Relation, Statement, Sum
from symfnn.latex.walk import nodes
from symfnn.source import Span

WORDS = "the sum goes on over the terms behind it that have its index twice"
_TWICE = 2


def reaching(statement: Statement) -> tuple[Statement, tuple[str, ...]]:
    """The statement with its sums over all terms that they are meant for, and in words what that takes for granted."""
    content = statement.content
    if not isinstance(content, Relation):
        return statement, ()
    parts = tuple(_reaching(content, part) for part in content.parts)
    if parts == content.parts:
        return statement, ()
    return replace(statement, content=replace(content, parts=parts)), (WORDS,)


def _reaching(content: Relation, part: Node | None) -> Node | None:
    """A side of a relation, in which sums may reach farther."""
    others = [other for other in content.parts if other is not None and other is not part]

    def everywhere(node: Any) -> Any:
        if isinstance(node, tuple) and not isinstance(node, Span):
            return tuple(everywhere(inner) for inner in node)
        if not isinstance(node, Node.__args__):
            return node
        made = replace(node, **{field.name: everywhere(getattr(node, field.name)) for field in fields(node)})
        return _with_terms(made, others) if isinstance(made, Sum) else made

    return None if part is None else everywhere(part)


def _with_terms(node: Sum, others: list[Node]) -> Node:
    """Terms, of which the first sum takes those behind it that have its index twice."""
    for place, term in enumerate(node.terms[:-1]):
        operator = term.factors[-1] if isinstance(term, Product) else term
        letter = _bound(operator)
        if letter is None or not isinstance(operator, BigOperator):
            continue
        behind = node.terms[place + 1 :]
        outside = (*node.terms[:place], *(other for other in others if not _binds(other, letter)))
        if any(_count(other, letter) for other in outside):
            continue
        if all(_count(other, letter) >= _TWICE and not _binds(other, letter) for other in behind):
            return _joined(node, place, operator)
    return node


def _joined(node: Sum, place: int, operator: BigOperator) -> Node:
    """Terms, of which a sum at one place takes all those behind it."""
    term, behind = node.terms[place], node.terms[place + 1 :]
    span = operator.span.to(behind[-1].span)
    body = Sum((operator.body, *behind), ("+", *node.signs[place + 1 :]), operator.body.span.to(behind[-1].span))
    longer: Node = replace(operator, body=body, span=span)
    if isinstance(term, Product):
        longer = replace(term, factors=(*term.factors[:-1], longer), span=term.span.to(span))
    return replace(node, terms=(*node.terms[:place], longer), signs=node.signs[: place + 1])


def _bound(node: Node) -> str | None:
    """The letter of a sum sign over one letter; None for anything else."""
    if not isinstance(node, BigOperator) or node.name != "sum":
        return None
    below = node.lower.parts[0] if isinstance(node.lower, Relation) else node.lower
    return below.name if isinstance(below, Letter) else None


def _binds(node: Node, letter: str) -> bool:
    return any(_bound(part) == letter for part in nodes(node))


def _count(node: Node, letter: str) -> int:
    """How often a letter is written."""
    return sum(isinstance(part, Letter) and part.name == letter for part in nodes(node))
