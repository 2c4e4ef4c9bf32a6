"""The gradient of a bias that is not summed over the samples."""

from collections.abc import Iterator

from symfnn.check.mistakes import scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import BigOperator, Fence, Letter, Node, Product, Scripted
from symfnn.source import Span

_ONES = Letter("1", Span(0, 0), "bold")


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    units, signs = trees.units(side) if isinstance(side, Product) else ([(side,)], [])
    yield trees.product([*units, (_ONES,)], [*signs, ""], side.span)
    row = scripts.transposed(_ONES, scripts.transpose_mark(side, *around.texts(side)))
    for start in range(len(units)):
        yield trees.product([*units[:start], (row,), *units[start:]], [*signs[:start], "", *signs[start:]], side.span)
    yield from (_summed(side, place, node) for place, node in trees.places(side) if _is_batch(node))


def _is_batch(node: Node) -> bool:
    plain = isinstance(node, Letter | Scripted) and not scripts.is_transposed(node)
    return plain and trees.base_name(node) not in ("", r"\partial", "1")


def _summed(side: Node, place: trees.Place, node: Node) -> Node:
    """The sum over samples, each with its number above."""
    sample = Fence("(", trees.letter("i"), ")", Span(0, 0))
    if isinstance(node, Scripted):
        above: Node = sample if node.sup is None else Product((node.sup, sample), ("",), node.span)
        one: Node = Scripted(node.base, node.sub, above, node.primes, node.span)
    else:
        one = Scripted(node, None, sample, 0, node.span)
    return trees.put(side, place, trees.bracketed(BigOperator("sum", trees.letter("i"), None, one, node.span)))


MISTAKE = Mistake(
    code="lost-bias-sum",
    title="The bias is not summed over the batch",
    message="the gradient of a bias is summed over the samples: {meant} rather than {found}",
    explanation=r"""
In $Z = W A + b \mathbf{1}^\top$ one bias serves all $m$ columns, so its gradient collects all of them:

$$\frac{\partial J}{\partial b} = \sum_{i=1}^m \frac{\partial J}{\partial z^{(i)}}
= \frac{\partial J}{\partial Z} \mathbf{1}.$$

The gradient has the shape of $b$, one column; $\partial J / \partial Z$ has one for each sample. With samples in rows
it is $\mathbf{1}^\top \frac{\partial J}{\partial Z}$. In a program it is the `sum` over the batch axis that
broadcasting undid. For the weights the matrix product $dZ\, A^\top$ does the sum by itself, which is why only the
bias needs it written.
""",
    examples=(
        ("ng", r"\frac{\partial J}{\partial b} = dZ", r"\frac{\partial J}{\partial b} = dZ \mathbf{1}"),
        (
            "rows",
            r"\frac{\partial J}{\partial b} = \Delta",
            r"\frac{\partial J}{\partial b} = \mathbf{1}^\top \Delta",
        ),
    ),
    others=(("ng", r"\frac{\partial J}{\partial W} = dZ A", r"\frac{\partial J}{\partial W} = dZ A^T"),),
    undo=_undo,
)
