r"""Products in which all shapes fit: the same factors in another order, transposed where that is needed.

Of ``\delta W f' a`` few arrangements have the shape of a gradient, ``((W^\top \delta) \odot f') a^\top`` among them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import final

from symfnn.check.mistakes import scripts
from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Shape, Surroundings
from symfnn.latex.syntax import Fence, Node, Product
from symfnn.source import Span

_MOST_FACTORS = 5
_KEPT = 4  # arrangements of the same factors that have the same shape
_NOWHERE = Span(0, 0)


@final
@dataclass(frozen=True, slots=True)
class _Made:
    """A product of some of the factors.

    Attributes:
        units: side by side.
        signs: between them.
        shape: rows and columns.
        order: the numbers of the factors as they were found.
        turned: how many of them are transposed.
        is_elementwise: whether the last sign in it is the elementwise one.
    """

    units: tuple[trees.Unit, ...]
    signs: tuple[str, ...]
    shape: Shape
    order: tuple[int, ...]
    turned: int = 0
    is_elementwise: bool = False

    @property
    def cost(self) -> tuple[int, int, tuple[int, ...]]:
        """How far this is from what stands there."""
        swaps = sum(a > b for a, b in combinations(self.order, 2))
        return self.turned + swaps, swaps, self.order

    @property
    def node(self) -> Node:
        """What is written."""
        return trees.product(list(self.units), list(self.signs), _NOWHERE)


def arranged(side: Node, around: Surroundings) -> Iterator[Node]:
    """The side with a product of it in each arrangement of the shape that it should have, the nearest first."""
    target = None if around.other is None else around.shape(around.other)
    wholes = [place for place, _ in trees.terms(side)]
    for place, grouped, _ in trees.products(side):
        units = [part for unit in grouped for part in _opened(unit)]
        found = [around.shape(trees.product([unit], [], side.span)) for unit in units]
        shapes = [shape for shape in found if shape is not None]
        if target is None or place not in wholes or len(shapes) < len(units) or len(set(shapes)) < 2:
            continue
        front = [unit for unit, shape in zip(units, shapes, strict=True) if shape[0] == shape[1] == 1]
        rest = [pair for pair in zip(units, shapes, strict=True) if pair[0] not in front]
        if 2 <= len(rest) <= _MOST_FACTORS:
            for made in _arrangements(rest, target, side, around):
                inner = trees.bracketed(made.node) if front and made.is_elementwise else made.node
                yield trees.put(side, place, trees.product([*front, (inner,)], [""] * len(front), side.span))


def _opened(unit: trees.Unit) -> list[trees.Unit]:
    """The factors of a product in brackets."""
    inner = unit[0].body if len(unit) == 1 and isinstance(unit[0], Fence) else None
    return [part for one in trees.units(inner)[0] for part in _opened(one)] if isinstance(inner, Product) else [unit]


def _arrangements(
    factors: list[tuple[trees.Unit, Shape]], target: Shape, side: Node, around: Surroundings
) -> list[_Made]:
    """Products of all the factors in a shape."""
    mark, hadamard = scripts.transpose_mark(side, *around.texts(side)), trees.hadamard_sign(*around.texts(side))
    made: dict[int, list[_Made]] = {}
    for number, (unit, shape) in enumerate(factors):
        turned = (scripts.transposed(trees.product([unit], [], side.span), mark),)
        made[1 << number] = [_Made((unit,), (), shape, (number,)), _Made((turned,), (), shape[::-1], (number,), 1)]
    whole = (1 << len(factors)) - 1
    for some in range(1, whole + 1):
        if some not in made:
            made[some] = _nearest(
                product
                for part in range(1, some)
                if part & some == part
                for first in made[part]
                for second in made[some ^ part]
                for product in _products(first, second, hadamard)
            )
    return [one for one in made[whole] if one.shape == target]


def _products(first: _Made, second: _Made, hadamard: str) -> Iterator[_Made]:
    """The matrix product and the elementwise one of two products, where they have them."""
    order, turned = first.order + second.order, first.turned + second.turned
    if first.shape[1] == second.shape[0]:
        parts = (_grouped(one) if one.is_elementwise else _flat(one) for one in (first, second))
        units, signs = zip(*parts, strict=True)
        shape = (first.shape[0], second.shape[1])
        yield _Made(units[0] + units[1], (*signs[0], "", *signs[1]), shape, order, turned)
    if first.shape == second.shape:
        parts = (_flat(one) if one.is_elementwise or len(one.units) == 1 else _grouped(one) for one in (first, second))
        units, signs = zip(*parts, strict=True)
        made = (units[0] + units[1], (*signs[0], hadamard, *signs[1]))
        yield _Made(*made, first.shape, order, turned, is_elementwise=True)


def _flat(one: _Made) -> tuple[tuple[trees.Unit, ...], tuple[str, ...]]:
    return one.units, one.signs


def _grouped(one: _Made) -> tuple[tuple[trees.Unit, ...], tuple[str, ...]]:
    return ((trees.bracketed(one.node),),), ()


def _nearest(found: Iterator[_Made]) -> list[_Made]:
    """The few of each shape that are nearest to what stands there."""
    kept: dict[Shape, list[_Made]] = {}
    for one in sorted(found, key=lambda made: made.cost):
        own = kept.setdefault(one.shape, [])
        if len(own) < _KEPT:
            own.append(one)
    return [one for own in kept.values() for one in own]
