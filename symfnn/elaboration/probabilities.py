r"""Probabilities as names: ``p(y = k \mid x)`` is entry k of the quantity ``p(y|x)``, and ``P(y \mid x)`` a number.

Syntax only. What is behind a semicolon are parameters and no part of the name; scripts that the event and what it is
conditioned on have in common (``p(y^m = k | x^m)``) are the name's.
"""

from dataclasses import fields, replace
from typing import Any, NamedTuple

from symfnn.elaboration.names import written
from symfnn.latex.syntax import Fence, Letter, Node, Number, Product, Relation, Scripted, Sequence, Statement
from symfnn.source import Span

_EXPECTATIONS = frozenset({"E", "Var", r"\mathbb{E}", "H", "I"})


def named(statement: Statement) -> Statement:
    """The statement with each conditional probability as a name."""
    return replace(statement, content=_named(statement.content), remarks=tuple(map(_named, statement.remarks)))


def _named(node: Any) -> Any:
    if isinstance(node, tuple) and not isinstance(node, Span):
        return tuple(_named(part) for part in node)
    if not isinstance(node, Node.__args__):
        return node
    parts = {field.name: _named(getattr(node, field.name)) for field in fields(node)}
    made = replace(node, **parts)
    return _of_product(made) if isinstance(made, Product) else made


def _of_product(node: Product) -> Node:
    """A product in which a letter and the brackets behind it are one factor where they are a probability."""
    factors: list[Node] = []
    signs: list[str] = []
    place = 0
    while place < len(node.factors):
        if factors:
            signs.append(node.signs[place - 1])
        factor, behind = node.factors[place], node.factors[place + 1 : place + 2]
        found = None if not behind or node.signs[place] else _probability(factor, behind[0])
        factors.append(factor if found is None else found)
        place += 1 if found is None else 2
    if len(factors) == len(node.factors):
        return node
    return factors[0] if len(factors) == 1 else Product(tuple(factors), tuple(signs), node.span)


def _probability(letter: Node, brackets: Node) -> Node | None:
    """The name that a letter and brackets make up, or a power of it; None where they are no probability."""
    if not isinstance(letter, Letter) or letter.name in _EXPECTATIONS:
        return None
    if isinstance(brackets, Scripted) and not brackets.primes:
        return _with_scripts(_probability(letter, brackets.base), brackets)
    if not isinstance(brackets, Fence) or not isinstance(brackets.body, Sequence):
        return None
    body = brackets.body
    bars = [place for place, sign in enumerate(body.separators) if sign == "|"]
    if len(bars) != 1:
        return None
    stop = next((place for place, sign in enumerate(body.separators) if sign == ";"), len(body.separators))
    events, given = body.items[: bars[0] + 1], body.items[bars[0] + 1 : stop + 1]
    if len(events) != 1 or not given or not all(isinstance(part, Letter | Scripted) for part in given):
        return None
    return _of_event(letter, events[0], given, letter.span.to(brackets.span))


def _with_scripts(inner: Node | None, brackets: Scripted) -> Node | None:
    """A probability with an index or a power behind its brackets."""
    if inner is None or (brackets.sub is not None and not isinstance(inner, Letter)):
        return None
    if brackets.sub is not None:
        inner = Scripted(inner, brackets.sub, None, 0, brackets.span)
    return inner if brackets.sup is None else replace(brackets, base=Fence("(", inner, ")", inner.span), sub=None)


def _of_event(letter: Letter, event: Node, given: tuple[Node, ...], span: Span) -> Node | None:
    """The name of a probability, with the event's value or index as its own."""
    value: Node | None = None
    match event:
        case Relation((left, right), ("=",)) if left is not None:
            own, value = _scripts(left), right
        case _:
            own = _scripts(event)
    if own is None or (own.sub is not None and value is not None):
        return None
    above = [one.sup for one in (own, _scripts(given[0])) if one is not None and one.sup is not None]
    if len({written(node) for node in above}) > 1:
        return None
    text, index = own.name, own.sub if value is None else value
    if isinstance(value, Number):
        text, index = f"{text}={value.text}", None
    name = Letter(f"{letter.name}({text}|{','.join(map(_text, given))})", span, letter.style)
    return name if index is None and not above else Scripted(name, index, above[0] if above else None, 0, span)


class _Named(NamedTuple):
    """A letter and its scripts."""

    name: str
    sub: Node | None
    sup: Node | None


def _scripts(node: Node) -> _Named | None:
    """A letter apart from its scripts; None for anything else."""
    if isinstance(node, Letter):
        return _Named(node.name, None, None)
    if isinstance(node, Scripted) and isinstance(node.base, Letter) and not node.primes:
        return _Named(node.base.name, node.sub, node.sup)
    return None


def _text(node: Node) -> str:
    """What a probability is conditioned on, as a part of its name: without what stands above."""
    return written(replace(node, sup=None) if isinstance(node, Scripted) else node)
