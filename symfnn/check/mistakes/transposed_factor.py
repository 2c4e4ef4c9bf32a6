"""A factor that has to be transposed, or must not be."""

from collections.abc import Iterator

from symfnn.check.mistakes import scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Fence, Fraction, Letter, Node, Product, Scripted


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    mark = scripts.transpose_mark(side, *around.texts(side))
    for place, node in trees.places(side):
        if _is_array(node) and not _is_part(side, place, node) and not _is_entry(node):
            yield trees.put(side, place, scripts.transposed(node, mark))
    for place, units, signs in trees.products(side):
        for number, unit in enumerate(units):
            if trees.is_prefix(unit[0]):
                name = (scripts.transposed(trees.product([unit], [], side.span), mark),)
                yield trees.put(
                    side, place, trees.product([*units[:number], name, *units[number + 1 :]], signs, side.span)
                )
        if all(len(unit) == 1 and not _is_entry(unit[0]) for unit in units):
            turned: list[trees.Unit] = [(scripts.transposed(unit[0], mark),) for unit in reversed(units)]
            yield trees.put(side, place, trees.product(turned, signs[::-1], side.span))


def _is_array(node: Node) -> bool:
    return isinstance(node, Letter | Scripted | Fence) or trees.is_derivative(node)


def _is_entry(node: Node) -> bool:
    """Whether two indices name an entry: what is wrong there are the indices."""
    return isinstance(node, Scripted) and len(scripts.indices(node)) > 1


def _is_part(side: Node, place: trees.Place, node: Node) -> bool:
    """Whether the node is applied, an argument, the inside of a derivative, or already carries the mark."""
    if not place:
        return isinstance(node, Fence)
    above = trees.at(side, place[:-1])
    if isinstance(above, Scripted | Fraction):
        return True
    if not isinstance(above, Product):
        return isinstance(node, Fence) and isinstance(above, Fence)
    here = place[-1]
    if trees.is_prefix(node) or (here > 0 and trees.is_prefix(above.factors[here - 1])):
        return True
    applied = here + 1 < len(above.factors) and isinstance(above.factors[here + 1], Fence)
    argument = isinstance(node, Fence) and here > 0 and trees.is_function_head(above.factors[here - 1])
    return argument or (applied and trees.is_function_head(node))


MISTAKE = Mistake(
    code="transposed-factor",
    title="A factor is transposed, or is not",
    message="{found} must be transposed here",
    explanation=r"""
A transpose is missing or too much. The forward pass $z^l = W^l a^{l-1}$ goes from layer $l-1$ to layer $l$; the error
signal goes the other way, so that the sum runs over the *first* index of $W$:

$$\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k f'(z^l_j), \qquad
\delta^l = (W^{l+1})^\top \delta^{l+1} \odot f'(z^l).$$

With square layers the wrong formula has the right shape and still the wrong value: write one entry as a sum to see
which index is summed. With samples in rows or $W$ stored the other way round, the transpose stands on the other
factor.
""",
    examples=(
        (
            "nielsen",
            r"\delta^l = w^{l+1} \delta^{l+1} \odot \sigma'(z^l)",
            r"\delta^l = (w^{l+1})^\top \delta^{l+1} \odot \sigma'(z^l)",
        ),
        (
            "nielsen",
            r"\frac{\partial C}{\partial w^l} = \delta^l a^{l-1}",
            r"\frac{\partial C}{\partial w^l} = \delta^l (a^{l-1})^\top",
        ),
        ("nielsen", r"z^l = (w^l)^T a^{l-1} + b^l", r"z^l = w^l a^{l-1} + b^l"),
        (
            "nielsen",
            r"\frac{\partial C}{\partial w^l} = a^{l-1} (\delta^l)^T",
            r"\frac{\partial C}{\partial w^l} = \delta^l (a^{l-1})^T",
        ),
    ),
    others=(
        (
            "nielsen",
            r"\delta^l = (w^{l+1})^T \delta^{l+1} \odot \sigma(z^l)",
            r"\delta^l = (w^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)",
        ),
    ),
    undo=_undo,
)
