"""An index that ought to be summed over."""

from collections.abc import Iterator

from symfnn.check.mistakes import scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import BigOperator, Letter, Node, Product, Scripted


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    free = set(_names(around.other)) if around.other is not None else set()
    for name in dict.fromkeys(_names(side)):
        for place, term in _summands(side):
            if name not in free and name in set(_names(term)):
                yield trees.put(side, place, _sum(name, term))
        for place, units, signs in trees.products(side):
            # the sum may begin after factors that do not depend on the index
            for start in range(1, len(units)):
                rest = trees.product(units[start:], signs[start:], side.span)
                if name not in free and name in set(_names(rest)):
                    summed: trees.Unit = (_sum(name, rest),)
                    yield trees.put(side, place, trees.product([*units[:start], summed], signs[:start], side.span))


def _summands(side: Node) -> Iterator[tuple[trees.Place, Node]]:
    """The terms, then what stands in brackets or in a fraction."""
    yield from trees.terms(side)
    for place, node in trees.places(side):
        if place and isinstance(node, Product):
            yield place, node


def _names(text: Node) -> Iterator[str]:
    """The letters that stand below others and are not summed over inside."""
    bound = {name for _, node in trees.places(text) if isinstance(node, BigOperator) for name in _bound(node)}
    for _, node in trees.places(text, scripts=True):
        if isinstance(node, Scripted):
            yield from (
                item.name for item in scripts.indices(node) if isinstance(item, Letter) and item.name not in bound
            )


def _bound(node: BigOperator) -> Iterator[str]:
    if node.lower is not None:
        yield from (letter.name for _, letter in scripts.letters_in(node.lower))


def _sum(name: str, body: Node) -> Node:
    return BigOperator("sum", trees.letter(name), None, body, body.span)


MISTAKE = Mistake(
    code="lost-sum",
    title="A sum is missing",
    message="a sum is missing: {meant} rather than {found}",
    explanation=r"""
An index occurs twice and is not summed over, or one path of the chain rule stands for all of them. A neuron of layer
$l$ acts on the cost through *every* neuron of layer $l+1$:

$$\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k f'(z^l_j).$$

Unless a text says that repeated indices are summed, the sign has to stand there. The same holds for samples: a
gradient of a cost over a batch is the sum (or the mean) of the gradients of its samples.
""",
    examples=(
        (
            "nielsen",
            r"\delta^l_j = w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)",
            r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)",
        ),
        ("nielsen", r"z^l_j = w^l_{jk} a^{l-1}_k + b^l_j", r"z^l_j = \sum_k w^l_{jk} a^{l-1}_k + b^l_j"),
    ),
    others=(("nielsen", r"b^l_j = \sum_k \delta^l_k", r"b^l_j = \delta^l_j"),),
    undo=_undo,
)
