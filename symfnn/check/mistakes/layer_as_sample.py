"""A layer written as a sample, or as a component: the wrong brackets, or below instead of above."""

from collections.abc import Iterator
from dataclasses import replace

from symfnn.check.mistakes import scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Fence, Node, Scripted

_OTHER = {"(": ("[", "]"), "[": ("(", ")")}


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    yield from _brackets(side)
    for place, node in trees.places(side):
        if isinstance(node, Scripted) and node.primes == 0 and not scripts.is_transposed(node):
            if node.sub is not None and node.sup is None:
                yield trees.put(side, place, replace(node, sub=None, sup=node.sub))
            elif node.sup is not None and node.sub is None:
                yield trees.put(side, place, replace(node, sub=node.sup, sup=None))


def _brackets(side: Node) -> Iterator[Node]:
    """The other brackets around what stands above."""
    for place, node in trees.places(side, scripts=True):
        if isinstance(node, Fence) and node.left in _OTHER and place:
            above = trees.at(side, place[:-1])
            in_script = trees.is_script(above, node) or _is_in_script(side, place)
            if in_script:
                left, right = _OTHER[node.left]
                yield trees.put(side, place, replace(node, left=left, right=right))


def _is_in_script(side: Node, place: trees.Place) -> bool:
    """Whether the bracket is a factor of what stands above, as in ``[l](i)``."""
    if len(place) < 2:
        return False
    letter, script = trees.at(side, place[:-2]), trees.at(side, place[:-1])
    return isinstance(letter, Scripted) and trees.is_script(letter, script)


MISTAKE = Mistake(
    code="layer-as-sample",
    title="A layer is written as a sample",
    message="a layer, a sample or a component is written as another one: {meant} rather than {found}",
    explanation=r"""
Where a text writes layers in square brackets and samples in round ones, $a^{[1](i)}$ is layer 1 of sample $i$, and

$$z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}$$

says something else than the same with $a^{(l-1)}$: that is sample $l-1$. One bracket was typed for the other. In the
same way $z^l$ is a layer and $z_l$ a component, where layers stand above. Where a text has only one kind of bracket,
it cannot tell layers from samples; then each superscript has to say which it is.
""",
    examples=(
        (
            "ng",
            r"z^{[2]} = W^{[2]} a^{(1)} + b^{[2]}",
            r"z^{[2]} = W^{[2]} a^{[1]} + b^{[2]}",
        ),
        ("ng", r"z^{[l](i)} = W^{[l]} a^{[l-1][i]} + b^{[l]}", r"z^{[l](i)} = W^{[l]} a^{[l-1](i)} + b^{[l]}"),
        ("nielsen", r"a^l = \sigma(z_l)", r"a^l = \sigma(z^l)"),
    ),
    others=(("ng", r"z^{[2]} = W^{[2]} a^{[2]} + b^{[2]}", r"z^{[2]} = W^{[2]} a^{[1]} + b^{[2]}"),),
    undo=_undo,
)
