"""Functions applied to an argument: ``f'(z)`` is a product on the surface, and this is where it is recognised."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import final

from symfnn.check.mistakes import scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Surroundings
from symfnn.latex.syntax import Fence, Letter, Node, Product, Scripted
from symfnn.source import Span


@final
@dataclass(frozen=True, slots=True)
class Application:
    """A function and its argument in a product.

    Attributes:
        place: of the product.
        position: of the function among its factors.
        head: the function, with primes.
        argument: in its brackets.
    """

    place: trees.Place
    position: int
    head: Letter | Scripted
    argument: Fence

    @property
    def primes(self) -> int:
        """How often the function is differentiated."""
        return self.head.primes if isinstance(self.head, Scripted) else 0


def applications(node: Node) -> Iterator[Application]:
    """Every application of a function in the line."""
    for place, inner in trees.places(node):
        if isinstance(inner, Product):
            for position, (head, argument) in enumerate(zip(inner.factors, inner.factors[1:], strict=False)):
                if _applies(head, argument) and not inner.signs[position]:
                    assert isinstance(head, Letter | Scripted)
                    assert isinstance(argument, Fence)
                    yield Application(place, position, head, argument)


def with_primes(head: Letter | Scripted, primes: int) -> Letter | Scripted:
    """The function differentiated so many times."""
    if isinstance(head, Scripted):
        bare = primes == 0 and head.sub is None and head.sup is None and isinstance(head.base, Letter)
        return head.base if bare and isinstance(head.base, Letter) else replace(head, primes=primes)
    return Scripted(head, None, None, primes, head.span) if primes else head


def slopes(side: Node, around: Surroundings) -> Iterator[trees.Unit]:
    """Derivatives that may have been left out: of each function in sight, at the place that the claim is about."""
    shown = [_bare(with_primes(found.head, found.primes), found.argument.body) for found in applications(side)]
    for text in around.texts(side):
        for found in applications(text):
            assert found.argument.body is not None
            head = with_primes(found.head, 1)
            for body in (scripts.rescripted(found.argument.body, around.subject), found.argument.body):
                bare = _bare(head, body)
                if bare not in shown:
                    shown.append(bare)
                    yield head, Fence("(", body, ")", Span(0, 0))


def _bare(head: Node, body: Node | None) -> tuple[Node, Node | None]:
    return trees.without_spans(head), None if body is None else trees.without_spans(body)


def _applies(head: Node, argument: Node) -> bool:
    bracket = isinstance(argument, Fence) and argument.left == "(" and argument.body is not None
    return bracket and trees.is_function_head(head)
