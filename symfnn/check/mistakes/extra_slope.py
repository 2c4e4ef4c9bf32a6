"""A factor f' that does not belong there."""

from collections.abc import Iterator

from symfnn.check.mistakes import applied
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Node, Product


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    for place, units, signs in trees.products(side):
        for number, unit in enumerate(units):
            if len(unit) == 2 and list(applied.applications(Product(unit, ("",), side.span)))[:1]:
                yield trees.put(side, place, trees.product(*trees.dropped(units, signs, number), side.span))


MISTAKE = Mistake(
    code="extra-slope",
    title="The slope f' is too much",
    message="the slope {found} is too much",
    surplus="the slope {found} is too much",
    explanation=r"""
A factor $f'(z)$ stands where it cancels, or where nothing is differentiated through $f$. For a sigmoid output with the
cross-entropy, and for softmax with its own, the slope of the loss cancels the slope of the activation:

$$\frac{\partial C}{\partial a^L_j} \, \sigma'(z^L_j)
= \frac{a^L_j - y_j}{a^L_j (1 - a^L_j)} \, a^L_j (1 - a^L_j) = a^L_j - y_j.$$

The formula of the squared error, $\delta^L = (a^L - y) \odot \sigma'(z^L)$, is often kept where the loss is another
one.
""",
    examples=(("nielsen", r"\delta^L = (a^L - y) \odot \sigma'(z^L)", r"\delta^L = a^L - y"),),
    others=(
        (
            "nielsen",
            r"\sigma(z^l_j) \delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k",
            r"\sigma(z^l_j) \delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)",
        ),
    ),
    undo=_undo,
)
