"""A quantity of the neighbouring layer."""

from collections.abc import Iterator
from itertools import islice, pairwise

from symfnn.check.mistakes import scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Node, Scripted


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    yield from scripts.at_one_layer(side)
    for place, node in trees.places(side):
        if isinstance(node, Scripted):
            yield from (trees.put(side, place, other) for other in scripts.moved(node))
    yield from _moved_together(side)


def _moved_together(side: Node) -> Iterator[Node]:
    """Two quantities beside each other, both one layer up or both one down."""
    found = [(place, node) for place, node in trees.places(side) if isinstance(node, Scripted)]
    for (place, node), (behind, other) in pairwise(found):
        if behind[: len(place)] != place:
            for first, second in islice(zip(scripts.moved(node), scripts.moved(other), strict=False), 2):
                yield trees.put(trees.put(side, place, first), behind, second)


MISTAKE = Mistake(
    code="shifted-layer",
    title="The layer is off by one",
    message="the layer is wrong: {meant} rather than {found}",
    explanation=r"""
One factor is taken from a neighbouring layer, or from the last layer where any layer is meant.

$$\frac{\partial C}{\partial W^l} = \delta^l (a^{l-1})^\top, \qquad
\delta^l = (W^{l+1})^\top \delta^{l+1} \odot f'(z^l)$$

The weights *into* layer $l$ meet the activation *before* it and the error *of* it. Texts number the weights
differently: with $z^{l+1} = W^l a^l + b^l$ the same gradient is $\delta^{l+1} (a^l)^\top$. Copying a formula from a
text with the other numbering gives exactly this mistake; so does leaving $L$ in a formula that was derived for the
output layer.
""",
    examples=(
        (
            "nielsen",
            r"\frac{\partial C}{\partial w^l} = \delta^l (a^l)^T",
            r"\frac{\partial C}{\partial w^l} = \delta^l (a^{l-1})^T",
        ),
        (
            "nielsen",
            r"\frac{\partial C}{\partial w^l} = \delta^L (a^{L-1})^T",
            r"\frac{\partial C}{\partial w^l} = \delta^l (a^{l-1})^T",
        ),
        ("nielsen", r"z^l = w^{l+1} a^{l-1} + b^l", r"z^l = w^l a^{l-1} + b^l"),
    ),
    others=(
        (
            "nielsen",
            r"\delta^l_j = \sum_k w^{l+1}_{jk} \delta^{l+1}_k",
            r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k",
        ),
    ),
    undo=_undo,
)
