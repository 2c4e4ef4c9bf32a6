"""f' at an argument that is not the one differentiated."""

from collections.abc import Iterator

from symfnn.check.mistakes import applied, scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Node, Scripted


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    for found in applied.applications(side):
        if found.primes and found.argument.body is not None:
            where = (*found.place, found.position + 1, 0)
            yield from (trees.put(side, where, body) for body in _elsewhere(side, found.argument.body, around))


def _elsewhere(side: Node, body: Node, around: Surroundings) -> Iterator[Node]:
    """The argument at other layers, and what else functions are applied to."""
    yield scripts.rescripted(body, around.subject)
    if isinstance(body, Scripted):
        yield from scripts.moved(body)
    for text in around.texts(side):
        for other in applied.applications(text):
            if other.argument.body is not None:
                yield scripts.rescripted(other.argument.body, body)
                yield other.argument.body


MISTAKE = Mistake(
    code="misplaced-slope",
    title="The slope is taken at the wrong place",
    message="the slope is taken at {found} rather than at {meant}",
    explanation=r"""
The derivative $f'$ is there, but at another layer's argument, or at the activation in place of the pre-activation.

$$\delta^l = (W^{l+1})^\top \delta^{l+1} \odot f'(z^l)$$

The slope belongs to the layer that the left side is about: δ of layer $l$ passes through $f$ at $z^l$, though all
other factors belong to layer $l+1$. $f'(a^l)$ is right only where a text defines $f'$ as a function of the
activation.
""",
    examples=(
        (
            "nielsen",
            r"\delta^l = (w^{l+1})^T \delta^{l+1} \odot \sigma'(z^{l+1})",
            r"\delta^l = (w^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)",
        ),
        (
            "nielsen",
            r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_k)",
            r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)",
        ),
    ),
    others=(("nielsen", r"\delta^L = \nabla_a C \odot \sigma(z^L)", r"\delta^L = \nabla_a C \odot \sigma'(z^L)"),),
    undo=_undo,
)
