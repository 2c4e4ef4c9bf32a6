"""A minus lost or too much."""

from collections.abc import Iterator
from dataclasses import replace

from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Fence, Function, Node, Product, Scripted, Sum

_FLIPPED = {"+": "-", "-": "+", r"\pm": "-", r"\mp": "+"}


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    yield from _turned_round(side)
    yield trees.negative(side)
    for place, node in trees.places(side):
        if isinstance(node, Sum):
            if place and len(node.terms) == 2:
                yield trees.put(side, place, trees.negative(node))
            yield from (trees.put(side, place, flipped) for flipped in _flipped(node))
        elif isinstance(node, Scripted) and node.sup is not None and trees.base_name(node) == "e":
            yield trees.put(side, place, replace(node, sup=trees.negative(node.sup)))  # e^{z} for e^{-z}
        elif isinstance(node, Function) and node.name == "exp" and node.argument is not None:
            yield trees.put(side, place, replace(node, argument=_negated(node.argument)))


def _turned_round(side: Node) -> Iterator[Node]:
    """The differences that are factors, the other way round: ``(a - y) f'`` rather than ``-(y - a) f'``."""
    for place, node in trees.places(side):
        is_factor = isinstance(node, Fence) and place and isinstance(trees.at(side, place[:-1]), Product)
        if is_factor and isinstance(node, Fence) and isinstance(node.body, Sum) and len(node.body.terms) == 2:
            yield trees.put(side, (*place, 0), trees.negative(node.body))


def _flipped(node: Sum) -> Iterator[Node]:
    """The sum with the sign of one term changed."""
    if len(node.terms) == 1:
        yield node.terms[0]
        return
    for place in range(len(node.terms)):
        signs = [*node.signs]
        signs[place] = _FLIPPED.get(signs[place], signs[place])
        yield replace(node, signs=tuple(signs))


def _negated(argument: Node) -> Node:
    if isinstance(argument, Fence) and argument.body is not None:
        return replace(argument, body=trees.negative(argument.body))
    return trees.bracketed(trees.negative(argument))


MISTAKE = Mistake(
    code="wrong-sign",
    title="A sign is wrong",
    message="the sign is wrong: {meant} rather than {found}",
    explanation=r"""
A minus was lost, doubled, or a difference stands the wrong way round. The usual places: the minus in front of the
cross-entropy, the inner derivative of $y - a$, and $f(z) = 1/(1 + e^{-z})$. For half the squared error

$$C = \tfrac12 \|y - a^L\|^2, \qquad \frac{\partial C}{\partial a^L} = -(y - a^L) = a^L - y,$$

and for a softmax or sigmoid output with its cross-entropy $\delta^L = a^L - y$: the computed value comes first. A
text may define δ as the *negative* derivative; then every formula with δ changes its sign, and the update adds.
""",
    examples=(
        ("nielsen", r"\delta^L = (y - a^L) \odot \sigma'(z^L)", r"\delta^L = (a^L - y) \odot \sigma'(z^L)"),
        ("nielsen", r"\frac{\partial C}{\partial b^l} = -\delta^l", r"\frac{\partial C}{\partial b^l} = \delta^l"),
        ("nielsen", r"z^l = w^l a^{l-1} - b^l", r"z^l = w^l a^{l-1} + b^l"),
        ("nielsen", r"\sigma(z) = \frac{1}{1 + e^{z}}", r"\sigma(z) = \frac{1}{1 + e^{-z}}"),
    ),
    others=(("nielsen", r"\delta^L = 2(a^L - y)", r"\delta^L = a^L - y"),),
    undo=_undo,
)
