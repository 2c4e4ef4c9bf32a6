"""Another letter than the one that is meant."""

from collections.abc import Iterator
from dataclasses import replace

from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Letter, Node, Scripted

_NO_VARIABLES = {r"\partial", "d", r"\nabla", "T", r"\top", "", "1"}


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    letters = list(dict.fromkeys(_letters(side, around)))
    for place, variable in _variables(side):
        for letter in letters:
            if letter.name != variable.name:
                yield trees.put(side, place, replace(variable, name=letter.name, style=letter.style))
    for place, node in trees.places(side):
        if isinstance(node, Scripted) and trees.base_name(node) not in _NO_VARIABLES:
            for other in _like(node, side, around):
                yield trees.put(side, place, other)


def _variables(side: Node) -> Iterator[tuple[trees.Place, Letter]]:
    """Letters in the line and in what is differentiated by, without their scripts."""
    for place, node in trees.places(side, scripts=True):
        if isinstance(node, Letter) and node.name not in _NO_VARIABLES and not _is_below(side, place):
            yield place, node


def _is_below(side: Node, place: trees.Place) -> bool:
    """Whether a place lies in a script."""
    for depth in range(len(place)):
        above, child = trees.at(side, place[:depth]), trees.at(side, place[: depth + 1])
        if trees.is_script(above, child):
            return True
    return False


def _letters(side: Node, around: Surroundings) -> Iterator[Letter]:
    """Every letter in sight, without its place."""
    for text in around.texts(side):
        for _, node in _variables(text):
            bare = trees.without_spans(node)
            assert isinstance(bare, Letter)
            yield bare


def _like(node: Scripted, side: Node, around: Surroundings) -> Iterator[Node]:
    """Other quantities in sight with scripts of their own."""
    for text in around.texts(side):
        for _, other in trees.places(text):
            if isinstance(other, Scripted) and trees.base_name(other) != trees.base_name(node):
                yield other


MISTAKE = Mistake(
    code="wrong-variable",
    title="Another variable is meant",
    message="the variable is wrong: {meant} rather than {found}",
    explanation=r"""
One letter stands for another: $a$ for $z$, $y$ for $\hat y$, δ for σ, the error before the activation for the one
behind it.

$$z^l = W^l a^{l-1} + b^l, \quad a^l = f(z^l), \quad
\delta^l = \frac{\partial C}{\partial z^l} \ne \frac{\partial C}{\partial a^l}$$

Most often it is a slip of the pen or a line that was copied and half changed. Sometimes a text uses one name for two
things, such as an error before and behind the activation; then the second one needs a name of its own.
""",
    examples=(
        (
            "nielsen",
            r"\frac{\partial C}{\partial w^l} = \delta^l (z^{l-1})^T",
            r"\frac{\partial C}{\partial w^l} = \delta^l (a^{l-1})^T",
        ),
        ("nielsen", r"z^{l+1} = w^{l+1} \delta(z^l) + b^{l+1}", r"z^{l+1} = w^{l+1} \sigma(z^l) + b^{l+1}"),
        (
            "nielsen",
            r"\delta^l = (w^{l+1})^T \delta^{l+1} \odot \delta'(z^l)",
            r"\delta^l = (w^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)",
        ),
    ),
    others=(("nielsen", r"a^l = \sigma(z^{l-1})", r"a^l = \sigma(z^l)"),),
    undo=_undo,
)
