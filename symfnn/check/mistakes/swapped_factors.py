"""Factors of a matrix product in the wrong order."""

from collections.abc import Iterator

from symfnn.check.mistakes import arrangements, scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Node


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    for place, units, signs in trees.products(side):
        for swapped in _swapped(units):
            yield trees.put(side, place, trees.product(swapped, signs, side.span))
    mark = scripts.transpose_mark(side, *around.texts(side))
    for place, units, signs in trees.products(side):
        for swapped in _turned(units, mark):
            yield trees.put(side, place, trees.product(swapped, signs, side.span))
    yield from arrangements.arranged(side, around)


def _swapped(units: list[trees.Unit]) -> Iterator[list[trees.Unit]]:
    """Two neighbours swapped, then the last unit moved to the front and the first to the end."""
    for place in range(len(units) - 1):
        yield [*units[:place], units[place + 1], units[place], *units[place + 2 :]]
    if len(units) > 2:
        yield [units[-1], *units[:-1]]
        yield [*units[1:], units[0]]


def _turned(units: list[trees.Unit], mark: Node) -> Iterator[list[trees.Unit]]:
    """Two neighbours swapped and one of them transposed."""
    for place in range(len(units) - 1):
        first, second = units[place], units[place + 1]
        for pair in ((second, _transposed(first, mark)), (_transposed(second, mark), first)):
            yield [*units[:place], *pair, *units[place + 2 :]]


def _transposed(unit: trees.Unit, mark: Node) -> trees.Unit:
    return (scripts.transposed(unit[0], mark),) if len(unit) == 1 else unit


MISTAKE = Mistake(
    code="swapped-factors",
    title="Factors stand in the wrong order",
    message="the factors stand in the wrong order: {meant} rather than {found}",
    explanation=r"""
Matrix products do not commute: $AB$ and $BA$ differ even where both exist. The gradient of a matrix has its shape, so
with $z = Wa$, $W$ of shape $m \times n$,

$$\frac{\partial C}{\partial W} = \delta a^\top \quad (m \times 1)(1 \times n), \qquad
\text{with rows, } z = xW:\ \frac{\partial C}{\partial W} = x^\top \delta.$$

Write the shape below each factor: the inner sizes must agree and the outer ones give the shape of the left side. The
chain rule for Jacobians also fixes the order: the outer function's Jacobian stands on the left.
""",
    examples=(
        (
            "nielsen",
            r"\frac{\partial C}{\partial w^l} = (a^{l-1})^T \delta^l",
            r"\frac{\partial C}{\partial w^l} = \delta^l (a^{l-1})^T",
        ),
        ("rows", r"Z^l = W^l A^{l-1} + b^l", r"Z^l = A^{l-1} W^l + b^l"),
    ),
    others=(("nielsen", r"\delta^L = (y - a^L) \odot \sigma'(z^L)", r"\delta^L = (a^L - y) \odot \sigma'(z^L)"),),
    undo=_undo,
)
