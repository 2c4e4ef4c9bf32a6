"""What is known of the letters of a formula while it is rewritten."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import final

from sympy import Expr

from symfnn.algebra import index
from symfnn.check.region import Region

Limit = tuple[Expr, Expr, Expr]


@final
@dataclass(frozen=True, slots=True)
class Facts:
    """What a canonical form may use.

    Attributes:
        region: of the layers.
        ranges: where free and enclosing bound letters lie.
        unequal: pairs of letters that differ.
        deadline: in the seconds of ``time.monotonic``.
    """

    region: Region
    ranges: dict[Expr, index.Range]
    unequal: tuple[frozenset[Expr], ...] = ()
    deadline: float | None = None

    def within(self, limits: Iterable[Limit]) -> "Facts":
        """The facts under a sum."""
        return replace(self, ranges=self.ranges | {letter: (lo, hi) for letter, lo, hi in limits})

    def inside(self, place: Expr, layers: index.Range) -> bool | None:
        """Whether an index lies in a range."""
        number, letter = place.as_coeff_Add()
        low, high = self.ranges.get(letter, (letter, letter))
        if (low + number, high + number) == layers:
            return True
        answers = (self.region.at_most(layers[0], low + number), self.region.at_most(high + number, layers[1]))
        if answers == (True, True):
            return True
        outside = (self.region.at_most(layers[1] + 1, low + number), self.region.at_most(high + number + 1, layers[0]))
        return False if True in outside else None
