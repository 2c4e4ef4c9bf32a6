r"""Functions and what they are applied to where no bracket says so: ``\log \hat{y}``, ``\cos 2x``."""

from dataclasses import replace
from typing import Final

from symfnn.latex.syntax import Fence, Function, Letter, Node, Number, Product, Scripted

_UNWRAPPED: Final = ("(", "[", "{")


def with_arguments(factors: list[Node], signs: list[str]) -> tuple[list[Node], list[str]]:
    r"""Every function takes what follows it without a sign, the last function first."""
    done: list[Node] = []  # from the right
    between: list[str] = []  # the sign before each of them
    for place in range(len(factors) - 1, -1, -1):
        factor = factors[place]
        if done and between[-1] == "" and isinstance(factor, Function) and factor.name != "sqrt":
            count = _taken(done, between)
            taken = done[: -count - 1 : -1]
            del done[-count:]
            del between[-count:]
            factor = _applied(factor, taken)
        done.append(factor)
        if place:
            between.append(signs[place - 1])
    return done[::-1], between[::-1]


def _taken(done: list[Node], between: list[str]) -> int:
    """How many factors are a function's argument: one; a name with its bracket; a number with its letters."""
    first = done[-1]
    count = 1
    if isinstance(first, Number):
        while count < len(done) and between[-count - 1] == "" and _is_name(done[-count - 1]):
            count += 1
    elif _is_name(first) and len(done) > 1 and between[-2] == "" and isinstance(_base(done[-2]), Fence):
        count = 2
    return count


def _is_name(node: Node) -> bool:
    return isinstance(_base(node), Letter)


def _base(node: Node) -> Node:
    while isinstance(node, Scripted):
        node = node.base
    return node


def _applied(function: Function, taken: list[Node]) -> Node:
    """A function of its argument; scripts at the bracket right behind it belong to the value."""
    first, last = taken[0], taken[-1]
    span = function.span.to(last.span)
    if len(taken) > 1:
        product = Product(tuple(taken), ("",) * (len(taken) - 1), first.span.to(last.span))
        return replace(function, argument=product, span=span)
    if isinstance(first, Fence) and first.left in _UNWRAPPED:
        return replace(function, argument=first.body, span=span)
    if isinstance(first, Scripted) and isinstance(first.base, Fence) and first.base.left in _UNWRAPPED:
        value = replace(function, argument=first.base.body, span=function.span.to(first.base.span))
        return replace(first, base=value, span=span)
    return replace(function, argument=first, span=span)
