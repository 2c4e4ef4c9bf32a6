"""A claim: two expressions of the index language that a document says are equal; oracle and proof judge it."""

from dataclasses import dataclass
from typing import final

from sympy import Expr

from symfnn.algebra import index
from symfnn.model.definitions import Model


@final
@dataclass(frozen=True, slots=True)
class Claim:
    """``left = right`` for every value of the free letters in their ranges, given the definitions of a model.

    Both sides are scalars: a claim about columns or matrices is one about every entry, with free row and column
    letters. ``index.Partial(e, v)`` in a side is the derivative of the entry e (or any scalar expression e) by the
    entry v, with everything that e depends on through v moving along: v is moved by a shift added to its definition.

    Attributes:
        model: whose definitions hold; its objective is only what derivatives are usually taken of.
        left: the left side.
        right: the right side.
        ranges: where each free letter lies; a bound uses earlier letters only, and a layer letter comes first.
        equal: pairs of free letters that the claim takes to be the same index (``for i = j``).
        unequal: pairs that it takes to differ.
        sizes: axes that have so many entries in the networks that it is about.
    """

    model: Model
    left: Expr
    right: Expr
    ranges: tuple[tuple[Expr, index.Range], ...] = ()
    equal: tuple[tuple[Expr, Expr], ...] = ()
    unequal: tuple[tuple[Expr, Expr], ...] = ()
    sizes: tuple[tuple[Expr, int], ...] = ()
