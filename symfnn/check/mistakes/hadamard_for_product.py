"""An elementwise product where a matrix product is meant."""

from collections.abc import Iterator

from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Node


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    for place, units, signs in trees.products(side):
        for number, sign in enumerate(signs):
            if sign in trees.HADAMARD:
                changed = [*signs[:number], "", *signs[number + 1 :]]
                yield trees.put(side, place, trees.product(units, changed, side.span))


MISTAKE = Mistake(
    code="hadamard-for-product",
    title="A Hadamard product stands for a product",
    message="this is a matrix product: {meant} rather than {found}",
    explanation=r"""
The sign for entry-by-entry multiplication stands between a matrix and a column. The weighted input sums over a layer,

$$z^l_j = \sum_k w^l_{jk} a^{l-1}_k + b^l_j, \qquad z^l = W^l a^{l-1} + b^l,$$

so it is a matrix product; only a slope $f'(z)$ multiplies entry by entry. In programs the two are easily confused: in
NumPy `*` is the Hadamard product and `@` the matrix product, and broadcasting may hide the difference.
""",
    examples=(
        ("nielsen", r"z^l = w^l \odot a^{l-1} + b^l", r"z^l = w^l a^{l-1} + b^l"),
        (
            "nielsen",
            r"\frac{\partial C}{\partial w^l} = \delta^l \odot (a^{l-1})^T",
            r"\frac{\partial C}{\partial w^l} = \delta^l (a^{l-1})^T",
        ),
    ),
    others=(("nielsen", r"\delta^L = (a^L - y) \sigma'(z^L)", r"\delta^L = (a^L - y) \odot \sigma'(z^L)"),),
    undo=_undo,
)
