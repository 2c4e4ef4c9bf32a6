"""A free or a bound index that is another one."""

from collections.abc import Iterator
from dataclasses import replace

from symfnn.check.mistakes import scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import BigOperator, Letter, Node, Relation, Scripted


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    names = list(dict.fromkeys(name for text in (side, around.other) if text is not None for name in _names(text)))
    for place, node in trees.places(side, scripts=True):
        if isinstance(node, Scripted) and node.sub is not None and node.primes == 0:
            yield from _renamed(side, place, node, names)
    yield from _renamed_together(side, names)
    for place, node in trees.places(side):
        if isinstance(node, BigOperator):
            yield from (trees.put(side, place, other) for other in _bound(node, side, around, names))


def _names(text: Node) -> Iterator[str]:
    """The letters that stand below others, and those that are summed over."""
    for _, node in trees.places(text, scripts=True):
        below = node.sub if isinstance(node, Scripted) else node.lower if isinstance(node, BigOperator) else None
        if below is not None:
            yield from (letter.name for _, letter in scripts.letters_in(below))


def _renamed(side: Node, place: trees.Place, node: Scripted, names: list[str]) -> Iterator[Node]:
    assert node.sub is not None
    for where, letter in scripts.letters_in(node.sub):
        for name in names:
            if name != letter.name:
                changed = replace(node, sub=trees.put(node.sub, where, replace(letter, name=name)))
                yield trees.put(side, place, changed)


def _renamed_together(side: Node, names: list[str]) -> Iterator[Node]:
    """One quantity with another index in all of its places: it was written wrongly more than once."""
    found = [
        (place, node) for place, node in trees.places(side, scripts=True) if isinstance(node, Scripted) and node.sub
    ]
    for base in dict.fromkeys(trees.base_name(node) for _, node in found):
        same = [
            (place, node) for place, node in found if trees.base_name(node) == base and isinstance(node.sub, Letter)
        ]
        olds = dict.fromkeys(node.sub.name for _, node in same if isinstance(node.sub, Letter))
        for old, new in ((old, new) for old in olds for new in names if len(same) > 1 and old != new):
            changed = side
            for place, node in same:
                if isinstance(node.sub, Letter) and node.sub.name == old:
                    changed = trees.put(changed, (*place, 1), replace(node.sub, name=new))
            yield changed


def _bound(node: BigOperator, side: Node, around: Surroundings, names: list[str]) -> Iterator[Node]:
    """The sum over another letter, or up to another limit."""
    if (letter := _variable(node.lower)) is not None:
        yield from (replace(node, lower=_put_name(node.lower, letter, name)) for name in names if name != letter.name)
    if isinstance(node.upper, Scripted):
        yield from (replace(node, upper=other) for other in scripts.moved(node.upper))
    for text in around.texts(side):
        for _, other in trees.places(text):
            if isinstance(other, BigOperator) and node.upper is not None and other.upper is not None:
                yield replace(node, upper=other.upper)


def _variable(lower: Node | None) -> Letter | None:
    """The letter that a sum runs over."""
    if isinstance(lower, Relation):
        lower = lower.parts[0]
    return lower if isinstance(lower, Letter) else None


def _put_name(lower: Node | None, letter: Letter, name: str) -> Node:
    other = replace(letter, name=name)
    return trees.put(lower, (0,), other) if isinstance(lower, Relation) else other


MISTAKE = Mistake(
    code="wrong-index",
    title="An index is another one",
    message="the index is wrong: {meant} rather than {found}",
    explanation=r"""
A letter below a quantity, the letter that a sum runs over, or a limit of the sum is not the one that is meant.

$$\frac{\partial C}{\partial z_j} = \sum_k \frac{\partial C}{\partial a_k} \frac{\partial a_k}{\partial z_j}$$

Each free index stands on both sides; each summed index stands under its sum and nowhere outside it. An index that is
free on one side only, or that is used outside its sum, is a slip. Renaming a summed letter changes nothing, but all
of its places have to be renamed together. Limits follow from what is summed: the index of a column of layer $l$ ends
at that layer's width.
""",
    examples=(
        (
            "nielsen",
            r"\delta^L_j = \sum_k \frac{\partial C}{\partial a^L_k} \frac{\partial a^L_j}{\partial z^L_j}",
            r"\delta^L_j = \sum_k \frac{\partial C}{\partial a^L_k} \frac{\partial a^L_k}{\partial z^L_j}",
        ),
        ("nielsen", r"C = \frac{1}{2} \sum_j (y_i - a^L_j)^2", r"C = \frac{1}{2} \sum_j (y_j - a^L_j)^2"),
    ),
    others=(("nielsen", r"z^l_j = \sum_k w^l_{kj} a^{l-1}_k + b^l_j", r"z^l_j = \sum_k w^l_{jk} a^{l-1}_k + b^l_j"),),
    undo=_undo,
)
