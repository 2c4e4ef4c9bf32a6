"""A product where entries have to be multiplied one by one."""

from collections.abc import Iterator

from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Node


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    hadamard = trees.hadamard_sign(*around.texts(side))
    for place, units, signs in trees.products(side):
        for number in reversed(range(len(signs))):
            if signs[number] in ("", r"\cdot", r"\times"):
                changed = [*signs[:number], hadamard, *signs[number + 1 :]]
                yield trees.put(side, place, trees.product(units, changed, side.span))
                # what stands before may multiply the result: X (u v) is not (X u) v
                for start in range(1, number + 1):
                    inner = trees.product(units[start:], changed[start:], side.span)
                    grouped: list[trees.Unit] = [*units[:start], (trees.bracketed(inner),)]
                    yield trees.put(side, place, trees.product(grouped, changed[:start], side.span))


MISTAKE = Mistake(
    code="product-for-hadamard",
    title="A product stands for a Hadamard product",
    message="the factors are multiplied entry by entry: {meant} rather than {found}",
    explanation=r"""
Two columns of the same length stand side by side, or with a product sign that this text uses for matrices. A column
times a column is not defined; what is meant is the product of the entries, $(u \odot v)_j = u_j v_j$:

$$\delta^l = \bigl((W^{l+1})^\top \delta^{l+1}\bigr) \odot f'(z^l).$$

It comes from the chain rule for one entry, $\delta_j = \frac{\partial C}{\partial a_j} f'(z_j)$, where the plain
product is right, written for whole columns. Another way to write it is the diagonal matrix
$\operatorname{diag}(f'(z^l))$ in front.
""",
    examples=(
        ("nielsen", r"\delta^L = (a^L - y) \sigma'(z^L)", r"\delta^L = (a^L - y) \odot \sigma'(z^L)"),
        (
            "nielsen",
            r"\delta^l = (w^{l+1})^T \delta^{l+1} \cdot \sigma'(z^l)",
            r"\delta^l = (w^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)",
        ),
    ),
    others=(("nielsen", r"z^l = w^l \odot a^{l-1} + b^l", r"z^l = w^l a^{l-1} + b^l"),),
    undo=_undo,
)
