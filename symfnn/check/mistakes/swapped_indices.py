"""The two indices of a matrix the wrong way round."""

from collections.abc import Iterator

from symfnn.check.mistakes import scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Node, Scripted


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    swapped, several = side, 0
    for place, node in _matrices(side):
        items = scripts.indices(node)
        yield trees.put(side, place, scripts.with_indices(node, items[::-1]))
        swapped, several = trees.put(swapped, place, scripts.with_indices(node, items[::-1])), several + 1
    if several > 1:
        yield swapped


def _matrices(side: Node) -> Iterator[tuple[trees.Place, Scripted]]:
    """Letters with two indices, also below a derivative."""
    for place, node in trees.places(side, scripts=True):
        if isinstance(node, Scripted) and len(scripts.indices(node)) == 2:
            yield place, node


MISTAKE = Mistake(
    code="swapped-indices",
    title="Two indices are swapped",
    message="the indices are swapped: {meant} rather than {found}",
    explanation=r"""
The row and the column index of a matrix stand the wrong way round. Which comes first is the text's own choice:

$$z^l_j = \sum_k w^l_{jk} a^{l-1}_k \qquad\text{or}\qquad z^l_j = \sum_k w^l_{kj} a^{l-1}_k,$$

but it holds for the whole text. Read the choice off the forward pass: an index that is summed there is free in the
backward pass, and the other way round. With the first choice $\delta^l_k$ sums over $j$ in $w^{l+1}_{jk}$.
""",
    examples=(
        (
            "nielsen",
            r"\delta^l_j = \sum_k w^{l+1}_{jk} \delta^{l+1}_k \sigma'(z^l_j)",
            r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)",
        ),
        ("nielsen", r"z^l_j = \sum_k w^l_{k,j} a^{l-1}_k + b^l_j", r"z^l_j = \sum_k w^l_{j,k} a^{l-1}_k + b^l_j"),
    ),
    others=(("nielsen", r"z^l = w^l a^l + b^l", r"z^l = w^l a^{l-1} + b^l"),),
    undo=_undo,
)
