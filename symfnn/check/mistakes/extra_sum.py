"""A sum that has one term left."""

from collections.abc import Iterator

from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import BigOperator, Node


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    for place, node in trees.places(side):
        if isinstance(node, BigOperator) and node.name == "sum":
            yield trees.put(side, place, node.body)


MISTAKE = Mistake(
    code="extra-sum",
    title="A sum is too much",
    message="there is nothing to sum here: {meant} rather than {found}",
    explanation=r"""
A sum stands where one term is meant. With an elementwise activation a derivative by $z_j$ reaches only $a_j$:

$$\frac{\partial C}{\partial z_j} = \sum_k \frac{\partial C}{\partial a_k} \frac{\partial a_k}{\partial z_j}
 = \frac{\partial C}{\partial a_j} f'(z_j), \qquad \sum_k \delta_{jk} x_k = x_j.$$

Once the Kronecker delta is used up the sum is gone. For a softmax the sum stays, since every output depends on every
input.
""",
    examples=(
        (
            "nielsen",
            r"\frac{\partial C}{\partial w^l_{jk}} = \sum_j \delta^l_j a^{l-1}_k",
            r"\frac{\partial C}{\partial w^l_{jk}} = \delta^l_j a^{l-1}_k",
        ),
    ),
    others=(("nielsen", r"z^l_j = w^l_{jk} a^{l-1}_k + b^l_j", r"z^l_j = \sum_k w^l_{jk} a^{l-1}_k + b^l_j"),),
    undo=_undo,
)
