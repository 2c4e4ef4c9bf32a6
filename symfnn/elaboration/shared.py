r"""One letter for samples and for entries: the i of ``\sum_i \frac{\partial J(x^{(i)})}{\partial w_{ij}}``.

A text that names the entry w_{ij} on the left means this entry inside the sum too; i numbers samples where it stands
above in brackets. No other sense fits: the letter would run along two axes.
"""

from dataclasses import fields, replace
from typing import Any

from symfnn.elaboration.declarations import is_sample, samples
from symfnn.elaboration.names import Mark, written
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.survey import mentions
from symfnn.latex.syntax import BigOperator, Letter, Node, Relation
from symfnn.latex.walk import nodes
from symfnn.source import Span


def told_apart(reading: Reading, node: BigOperator) -> BigOperator:
    """A sum over samples whose letter is also an index of the statement, with another letter for the samples."""
    lower = node.lower.parts[0] if isinstance(node.lower, Relation) else node.lower
    if not isinstance(lower, Letter) or lower.name not in reading.outer or lower.name in reading.bound:
        return node
    marks = [mark for one in mentions(node.body) for mark in one.marks if written(mark.content) == lower.name]
    numbered = [mark for mark in marks if _is_of_sample(reading, mark)]
    if not numbered or len(numbered) == len(marks):
        return node
    other = f"{lower.name}\u2032"
    spans = {lower.span, *(mark.content.span for mark in numbered)}
    size = samples(reading.scope, numbered[0], {})
    reading.scope = replace(reading.scope, sampled={**reading.scope.sampled, other: size})
    body, below = (_renamed(part, spans, other) for part in (node.body, node.lower))
    return replace(node, body=body, lower=below)


def closed(part: Any) -> Any:
    """A part of a formula in which each sum has a letter of its own, whatever stands outside."""
    if isinstance(part, tuple) and not isinstance(part, Span):
        return tuple(closed(one) for one in part)
    if not isinstance(part, Node.__args__):
        return part
    made = replace(part, **{field.name: closed(getattr(part, field.name)) for field in fields(part)})
    lower = made.lower if isinstance(made, BigOperator) else None
    letter = lower.parts[0] if isinstance(lower, Relation) else lower
    if lower is None or not isinstance(letter, Letter):
        return made
    own = {one.span for side in (made.body, lower) for one in nodes(side) if one == replace(letter, span=one.span)}
    body, below = (_renamed(one, own, f"{letter.name}\u2033") for one in (made.body, made.lower))
    return replace(made, body=body, lower=below)


def _is_of_sample(reading: Reading, mark: Mark) -> bool:
    return mark.place == "sup" and mark.bracket == "(" and is_sample(reading.scope, mark, {})


def _renamed(part: Any, spans: set[Span], name: str) -> Any:
    """A part of a formula with another letter at these places."""
    if isinstance(part, Letter):
        return replace(part, name=name) if part.span in spans else part
    if isinstance(part, tuple) and not isinstance(part, Span):
        return tuple(_renamed(one, spans, name) for one in part)
    if not isinstance(part, Node.__args__):
        return part
    return replace(part, **{field.name: _renamed(getattr(part, field.name), spans, name) for field in fields(part)})
