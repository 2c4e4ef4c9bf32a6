"""The softmax treated as if each output depended on its own input only."""

from collections.abc import Iterator

from symfnn.check.mistakes import applied, scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Cases, Fence, Node, Product, Relation, Scripted, Sum
from symfnn.source import Span

_NOWHERE = Span(0, 0)


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    yield from _by_cases(side, around)
    for place, units, signs in trees.products(side):
        for number, value, width in _slopes(units, around):
            rest, between = trees.dropped(units, signs, number, width)
            jacobian: trees.Unit = (_jacobian(value, side, around),)
            yield trees.put(side, place, trees.product([jacobian, *rest], ([""] if rest else []) + between, side.span))


def _slopes(units: list[trees.Unit], around: Surroundings) -> Iterator[tuple[int, Node, int]]:
    """Where ``a (1 - a)`` or ``f'(z)`` stands: its number, the value a, and how many units it takes."""
    for number, unit in enumerate(units):
        if number + 1 < len(units) and len(unit) == 1 and _is_complement(unit[0], units[number + 1]):
            yield number, unit[0], 2
        if len(unit) == 2 and isinstance(unit[0], Scripted) and unit[0].primes == 1:
            head = applied.with_primes(unit[0], 0)
            yield number, Product((head, unit[1]), ("",), _NOWHERE), 1


def _is_complement(value: Node, factor: tuple[Node, ...]) -> bool:
    """Whether the second is one minus the first."""
    node = factor[0].body if len(factor) == 1 and isinstance(factor[0], Fence) else None
    if not (isinstance(node, Sum) and len(node.terms) == 2 and node.signs == ("+", "-")):
        return False
    return trees.without_spans(node.terms[1]) == trees.without_spans(value)


def _by_cases(side: Node, around: Surroundings) -> Iterator[Node]:
    r"""``\partial a_i / \partial z_j`` by cases, where the claim gives ``a_i (1 - a_i)`` for all of them."""
    if not isinstance(side, Product) or around.subject is None or not isinstance(side.factors[0], Scripted):
        return
    value, units = side.factors[0], trees.units(side)[0]
    own, other = scripts.indices(value), scripts.indices(around.subject) if isinstance(around.subject, Scripted) else []
    if len(units) == 2 and len(own) == len(other) == 1 and _is_complement(value, units[1]):
        second = scripts.with_indices(value, other)
        mixed = Sum((Product((value, second), ("",), _NOWHERE),), ("-",), _NOWHERE)
        same, apart = (Relation((own[0], other[0]), (sign,), _NOWHERE) for sign in ("=", r"\neq"))
        yield Cases(((side, same), (mixed, apart)), side.span)


def _jacobian(value: Node, side: Node, around: Surroundings) -> Node:
    r"""``(\operatorname{diag}(a) - a a^T)``."""
    mark = scripts.transpose_mark(side, *around.texts(side))
    diagonal = Product((trees.letter("diag"), trees.bracketed(value)), ("",), _NOWHERE)
    column = trees.bracketed(value) if isinstance(value, Product) else value
    outer = Product((column, scripts.transposed(column, mark)), ("",), _NOWHERE)
    return trees.bracketed(Sum((diagonal, outer), ("+", "-"), _NOWHERE))


MISTAKE = Mistake(
    code="softmax-elementwise",
    title="The softmax is treated elementwise",
    message="every output of a softmax depends on every input: {meant} rather than {found}",
    explanation=r"""
A softmax is no function of one variable: raising $z_j$ lowers all other outputs. Its Jacobian is a full matrix,

$$\frac{\partial a_i}{\partial z_j} =
\begin{cases} a_i (1 - a_i) & i = j \\ -a_i a_j & i \ne j \end{cases}, \qquad
\frac{\partial a}{\partial z} = \operatorname{diag}(a) - a a^\top,$$

and $\delta = \bigl(\operatorname{diag}(a) - a a^\top\bigr) \frac{\partial C}{\partial a}$, not $\frac{\partial
C}{\partial a} \odot a \odot (1 - a)$. With the cross-entropy and targets that add up to one the result is $a - y$ all
the same, which hides the mistake.
""",
    examples=(
        (
            "nielsen",
            r"\delta^L = \nabla_a C \odot a^L \odot (1 - a^L)",
            r"\delta^L = (\operatorname{diag}(a^L) - a^L (a^L)^\top) \nabla_a C",
        ),
        (
            "nielsen",
            r"\frac{\partial a_i}{\partial z_j} = a_i (1 - a_i)",
            r"\frac{\partial a_i}{\partial z_j}"
            r" = \begin{cases} a_i (1 - a_i) & i = j \\ -a_i a_j & i \neq j \end{cases}",
        ),
    ),
    others=(("nielsen", r"\delta^L = (y - a^L) \odot a^L", r"\delta^L = (a^L - y) \odot a^L"),),
    undo=_undo,
)
