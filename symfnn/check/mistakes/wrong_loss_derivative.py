"""The derivative of another loss."""

from collections.abc import Iterator

from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Fence, Fraction, Node, Sum


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    for place, node in trees.places(side):
        if (pair := _difference(node)) is not None:
            for value, target in (pair, pair[::-1]):
                forms = _forms(value, target)
                yield from (trees.put(side, place, form) for form in forms)
    for value, target in _quotients(side):
        yield from _forms(value, target)


def _difference(node: Node) -> tuple[Node, Node] | None:
    """What is subtracted from what, in ``a - y``."""
    if isinstance(node, Sum) and len(node.terms) == 2 and set(node.signs) == {"+", "-"}:
        plus = node.signs.index("+")
        return node.terms[plus], node.terms[1 - plus]
    return None


def _quotients(side: Node) -> Iterator[tuple[Node, Node]]:
    """The value and the target of ``y / a``."""
    for _, node in trees.places(side):
        if isinstance(node, Fraction) and not trees.is_derivative(node):
            value, target = node.bottom, node.top
            if trees.base_name(value) and trees.base_name(target):
                yield value, target


def _forms(value: Node, target: Node) -> tuple[Node, ...]:
    """The derivatives of the usual losses by the computed value."""
    one = trees.number(1)
    error = Sum((value, target), ("+", "-"), value.span)
    ratio, others = Fraction(target, value, value.span), _one_minus(one, target, value)
    slope: list[trees.Unit] = [(value,), (Fence("(", Sum((one, value), ("+", "-"), value.span), ")", value.span),)]
    return (
        error,
        Sum((others, ratio), ("+", "-"), value.span),
        Fraction(error, trees.product(slope, [""], value.span), value.span),
        Sum((ratio,), ("-",), value.span),
        trees.product([(trees.number(2),), (trees.bracketed(error),)], [""], value.span),
    )


def _one_minus(one: Node, target: Node, value: Node) -> Node:
    top = Sum((one, target), ("+", "-"), target.span)
    return Fraction(top, Sum((one, value), ("+", "-"), value.span), value.span)


MISTAKE = Mistake(
    code="wrong-loss-derivative",
    title="This is the derivative of another loss",
    message="this is not the derivative of the loss: {meant} rather than {found}",
    explanation=r"""
The derivative belongs to another loss than the one that the text defines. By the output $a$ of one neuron:

| loss | $\partial C / \partial a$ | $\partial C / \partial z$ for the sigmoid |
| --- | --- | --- |
| $\tfrac12 (a - y)^2$ | $a - y$ | $(a - y)\, a (1 - a)$ |
| $-y \ln a - (1 - y) \ln (1 - a)$ | $-\frac{y}{a} + \frac{1 - y}{1 - a}$ | $a - y$ |
| $-\sum_k y_k \ln a_k$ | $-\frac{y}{a}$ | with softmax: $a - y$ |

Note by which variable the text differentiates: $a - y$ is the first loss by $a$, and the second by $z$.
""",
    examples=(
        (
            "nielsen",
            r"\frac{\partial C}{\partial a^L_j} = a^L_j - y_j",
            r"\frac{\partial C}{\partial a^L_j} = \frac{1 - y_j}{1 - a^L_j} - \frac{y_j}{a^L_j}",
        ),
        (
            "nielsen",
            r"\frac{\partial C}{\partial a^L_j} = a^L_j - y_j",
            r"\frac{\partial C}{\partial a^L_j} = \frac{a^L_j - y_j}{a^L_j (1 - a^L_j)}",
        ),
    ),
    others=(("nielsen", r"\delta^L = (a^L - y) \odot \sigma(z^L)", r"\delta^L = (a^L - y) \odot \sigma'(z^L)"),),
    undo=_undo,
)
