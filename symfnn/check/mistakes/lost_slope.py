"""The factor f' was forgotten."""

from collections.abc import Iterator
from dataclasses import replace

from symfnn.check.mistakes import applied
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import BigOperator, Node, Product, Sum


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    hadamard = trees.hadamard_sign(*around.texts(side))
    for slope in applied.slopes(side, around):
        for sign in (hadamard, ""):
            if isinstance(side, Sum) and len(side.terms) > 1:
                yield _times(trees.bracketed(side), slope, sign)
            yield from (trees.put(side, place, _times(term, slope, sign)) for place, term in trees.terms(side))


def _times(term: Node, slope: trees.Unit, sign: str) -> Node:
    """The term times a slope, which goes to the end: inside a sum where there is one."""
    if isinstance(term, BigOperator):
        return replace(term, body=_times(term.body, slope, sign))
    units, signs = trees.units(term) if isinstance(term, Product) else ([(term,)], [])
    return trees.product([*units, slope], [*signs, sign], term.span)


MISTAKE = Mistake(
    code="lost-slope",
    title="The slope f' was dropped",
    message="the slope {meant} is missing",
    explanation=r"""
The chain rule through $a = f(z)$ gives a factor $f'(z)$, and it is not there:

$$\frac{\partial C}{\partial z^l_j} = \frac{\partial C}{\partial a^l_j} \, f'(z^l_j).$$

It is absent only where $f$ is the identity, or where it cancels: for a sigmoid output with the cross-entropy (or
softmax with its own) $\delta^L = a^L - y$ holds *without* a slope. With the squared error nothing cancels.
""",
    examples=(
        (
            "nielsen",
            r"\sigma(z^l_j) \delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k",
            r"\sigma(z^l_j) \delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)",
        ),
    ),
    others=(
        ("nielsen", r"\delta^L = (a^L - y) \odot \sigma'(z^L)", r"\delta^L = a^L - y"),
        ("nielsen", r"\delta^L = (a^L - y) \odot \sigma(z^L)", r"\delta^L = (a^L - y) \odot \sigma'(z^L)"),
    ),
    undo=_undo,
)
