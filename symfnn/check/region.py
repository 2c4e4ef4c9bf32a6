"""What is known of the layers in one case of a proof: differences of letters, exactly, for every depth."""

from dataclasses import dataclass
from itertools import product
from typing import final

from sympy import Expr, Integer

from symfnn import errors
from symfnn.algebra import index

_Key = tuple[Expr | None, Expr | None]


class UndeterminedError(errors.CalculusError):
    """A step depends on whether ``low`` ≤ ``high``, which the region leaves open: both cases have to be proved."""

    def __init__(self, low: Expr, high: Expr) -> None:
        super().__init__(f"whether {low} ≤ {high} is not known")
        self.low, self.high = low, high


def offset(layer: Expr) -> tuple[Expr | None, int] | None:
    """(x, c) where the layer is x + c for one letter or width x, (None, c) where it is a number; else None."""
    number, rest = layer.as_coeff_Add()
    if not number.is_Integer:
        return None
    if rest == 0:
        return None, int(number)
    is_letter = rest.is_Symbol or getattr(rest, "base", None) == index.WIDTH
    return (rest, int(number)) if is_letter else None


@final
@dataclass(frozen=True, slots=True)
class Region:
    """Upper bounds of differences: ``bounds[u, v] = c`` means u - v ≤ c, and None stands for 0.

    Every letter and width is a positive integer. The bounds are closed under the triangle inequality.
    """

    bounds: tuple[tuple[_Key, int], ...] = ()

    def at_most(self, low: Expr, high: Expr) -> bool | None:
        """Whether ``low`` ≤ ``high`` throughout the region; None where it depends or is not known."""
        left, right = offset(low), offset(high)
        if left is None or right is None:
            return True if low == high else None
        bounds = dict(self.bounds)
        room = right[1] - left[1]
        greatest = _least(bounds, left[0], right[0])
        if greatest is not None and greatest <= room:
            return True
        least = _least(bounds, right[0], left[0])
        return False if least is not None and -least > room else None

    def same(self, left: Expr, right: Expr) -> bool | None:
        """Whether two layers are equal throughout the region."""
        if left == right:
            return True
        answers = (self.at_most(left, right), self.at_most(right, left))
        if False in answers:
            return False
        return True if answers == (True, True) else None

    def decide_same(self, left: Expr, right: Expr) -> bool:
        """The same, asked for.

        Raises:
            UndeterminedError: it depends.
        """
        return self.decide(left, right) and self.decide(right, left)

    def decide(self, low: Expr, high: Expr) -> bool:
        """Whether ``low`` ≤ ``high``.

        Raises:
            UndeterminedError: it depends.
        """
        answer = self.at_most(low, high)
        if answer is None:
            raise UndeterminedError(low, high)
        return answer

    def inside(self, layer: Expr, layers: index.Range) -> bool | None:
        """Whether a layer lies in a range."""
        answers = (self.at_most(layers[0], layer), self.at_most(layer, layers[1]))
        if False in answers:
            return False
        return True if answers == (True, True) else None

    def decide_inside(self, layer: Expr, layers: index.Range) -> bool:
        """The same, asked for.

        Raises:
            UndeterminedError: it depends.
        """
        if self.inside(layer, layers) is False:
            return False
        return self.decide(layers[0], layer) and self.decide(layer, layers[1])

    def restricted(self, low: Expr, high: Expr) -> "Region | None":
        """The part of the region where ``low`` ≤ ``high``; None where there is none, all of it where it cannot say."""
        left, right = offset(low), offset(high)
        if left is None or right is None:
            return self
        bounds = dict(self.bounds)
        key = (left[0], right[0])
        room = right[1] - left[1]
        if left[0] == right[0]:
            return self if room >= 0 else None
        bounds[key] = min(room, bounds.get(key, room))
        return _closed(bounds)

    def pins(self) -> dict[Expr, Expr]:
        """Letters that equal a number or another letter plus a number; the depth L is replaced last."""
        bounds = dict(self.bounds)
        result: dict[Expr, Expr] = {}
        for u, v in sorted(bounds, key=lambda key: (key[1] is not None, key[1] != index.DEPTH, str(key))):
            if u is None or u in result or v in result or bounds.get((v, u)) != -bounds[u, v]:
                continue
            if u == index.DEPTH and v is not None:
                continue
            result[u] = Integer(bounds[u, v]) + (v if v is not None else 0)
        return result


def _least(bounds: dict[_Key, int], u: Expr | None, v: Expr | None) -> int | None:
    """The least known upper bound of u - v."""
    if u == v:
        return 0
    known = [bounds[u, v]] if (u, v) in bounds else []
    if u is None:
        known.append(-1)
    elif v is not None and (u, None) in bounds:
        known.append(bounds[u, None] - 1)
    return min(known, default=None)


def _closed(bounds: dict[_Key, int]) -> Region | None:
    """The region under the triangle inequality; None where it is empty."""
    letters = list(dict.fromkeys(letter for key in bounds for letter in key if letter is not None))
    for letter in letters:
        bounds[None, letter] = min(-1, bounds.get((None, letter), -1))
    places = [*letters, None]
    for middle, u, v in product(places, repeat=3):
        if u != v and (u, middle) in bounds and (middle, v) in bounds:
            through = bounds[u, middle] + bounds[middle, v]
            bounds[u, v] = min(through, bounds.get((u, v), through))
    if any(bounds[v, u] + room < 0 for (u, v), room in bounds.items() if (v, u) in bounds):
        return None
    return Region(tuple(sorted(bounds.items(), key=str)))
