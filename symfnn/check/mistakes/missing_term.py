"""A term that is missing, or too much."""

from collections.abc import Iterator

from symfnn.check.mistakes import scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Fence, Node, Sum


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    for place, node in trees.places(side):
        if isinstance(node, Sum) and len(node.terms) > 1:
            yield from (trees.put(side, place, shorter) for shorter in _shorter(node))
    for sign, term in _terms(side, around):
        yield _longer(side, sign, term)
        for place, node in trees.places(side):
            if place and (isinstance(node, Sum) or isinstance(trees.at(side, place[:-1]), Fence)):
                yield trees.put(side, place, _longer(node, sign, term))


def _shorter(node: Sum) -> Iterator[Node]:
    """The sum without one of its terms."""
    for place in range(len(node.terms)):
        terms, signs = node.terms[:place] + node.terms[place + 1 :], node.signs[:place] + node.signs[place + 1 :]
        yield terms[0] if len(terms) == 1 and signs == ("+",) else Sum(terms, signs, node.span)


def _longer(side: Node, sign: str, term: Node) -> Node:
    terms, signs = (side.terms, side.signs) if isinstance(side, Sum) else ((side,), ("+",))
    return Sum((*terms, term), (*signs, sign), side.span)


def _terms(side: Node, around: Surroundings) -> Iterator[tuple[str, Node]]:
    """The terms of sums in sight, at the place that the claim is about and as they stand."""
    for text in around.texts(side):
        for _, node in trees.places(text):
            if isinstance(node, Sum) and len(node.terms) > 1:
                for sign, term in zip(node.signs, node.terms, strict=True):
                    yield sign, scripts.rescripted(term, around.subject)
                    yield sign, term


MISTAKE = Mistake(
    code="missing-term",
    title="A term is missing",
    message="the term {meant} is missing",
    surplus="the term {found} is too much",
    explanation=r"""
One summand was left out or is too much: the bias in a forward step, the second half of a cross-entropy, the
regulariser in a gradient:

$$z = Wa + b, \qquad C = -y \ln a - (1 - y) \ln (1 - a), \qquad
\frac{\partial J}{\partial W} = \frac{1}{m} \delta a^\top + \lambda W.$$

A regulariser acts on weights and, as a rule, not on biases: a $\lambda b$ in the gradient of a bias is a term too
much. If the text drops the bias on purpose (by a unit that is always one), its definitions have to say so.
""",
    examples=(
        ("nielsen", r"z^l = w^l a^{l-1}", r"z^l = w^l a^{l-1} + b^l"),
        (
            "nielsen",
            r"\frac{\partial C}{\partial b^l} = \delta^l + \lambda b^l",
            r"\frac{\partial C}{\partial b^l} = \delta^l",
        ),
    ),
    others=(("nielsen", r"z^l = w^l a^l + b^l", r"z^l = w^l a^{l-1} + b^l"),),
    undo=_undo,
)
