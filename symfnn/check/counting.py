"""Indices, sizes and bounds as functions that count; entries of quantities are no part of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias, final

import sympy
from sympy import Expr, Indexed, KroneckerDelta, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.model.definitions import Model


@final
@dataclass(frozen=True, slots=True)
class Sizes:
    """What indices range over.

    Attributes:
        depth: the number of layers.
        widths: of the layers that have one.
        sizes: of everything else that is counted, by name.
    """

    depth: int
    widths: Mapping[int, int]
    sizes: Mapping[str, int]

    def width(self, layer: int) -> int:
        """The number of neurons of a layer.

        Raises:
            OutsideError: there is no such layer.
        """
        if layer not in self.widths:
            raise errors.OutsideError(f"there is no layer {layer}")
        return self.widths[layer]

    def size(self, letter: Expr) -> int:
        """What a letter stands for that counts something.

        Raises:
            OracleError: nothing says what it is.
        """
        if letter == index.DEPTH:
            return self.depth
        if letter.name not in self.sizes:
            raise errors.OracleError(f"no value is known for the index {letter}")
        return self.sizes[letter.name]


class Places(Protocol):
    """What a counting function runs in."""

    @property
    def sizes(self) -> Sizes:
        """What indices range over."""

    @property
    def letters(self) -> Mapping[Expr, int]:
        """The letters' values."""


@final
@dataclass(frozen=True, slots=True)
class Place:
    """Sizes and letters, and nothing else."""

    sizes: Sizes
    letters: Mapping[Expr, int]


Counter: TypeAlias = Callable[[Places], int]


@final
@dataclass(frozen=True, slots=True)
class Setting:
    """What an expression is compiled for: a model, a number of digits (None: floats), the variable of a rule."""

    model: Model
    digits: int | None = None
    variable: Expr | None = None


def counter(expression: Expr, setting: Setting) -> Counter:
    """The function that computes an index, a size or a bound.

    Raises:
        OracleError: it is none of these.
    """
    if isinstance(expression, sympy.Integer):
        value = int(expression)
        return lambda place: value
    if isinstance(expression, Symbol) and expression.is_integer:
        return _letter(expression, setting)
    if isinstance(expression, Indexed) and not index.is_entry(expression):
        layer = counter(expression.indices[0], setting)
        return lambda place: place.sizes.width(layer(place))
    combine = _COUNTING.get(expression.func)
    if combine is None:
        raise errors.OracleError(f"{expression} is no index")
    parts = [counter(part, setting) for part in expression.args]
    return lambda place: combine([part(place) for part in parts])


def all_values(
    ranges: tuple[tuple[Expr, index.Range], ...], setting: Setting, sizes: Sizes
) -> Iterator[dict[Expr, int]]:
    """Every value of some letters in their ranges; a bound may use earlier letters."""
    yield from _values([(s, counter(low, setting), counter(high, setting)) for s, (low, high) in ranges], sizes, {})


def _values(
    ranges: list[tuple[Expr, Counter, Counter]], sizes: Sizes, letters: dict[Expr, int]
) -> Iterator[dict[Expr, int]]:
    if not ranges:
        yield letters
        return
    letter, low, high = ranges[0]
    here = Place(sizes, letters)
    for value in range(low(here), high(here) + 1):
        yield from _values(ranges[1:], sizes, letters | {letter: value})


def _letter(letter: Expr, setting: Setting) -> Counter:
    for definition in setting.model.definitions:
        if definition.entry == letter:
            return counter(definition.value, setting)

    def run(place: Places) -> int:
        value = place.letters.get(letter)
        return place.sizes.size(letter) if value is None else value

    return run


def _multiplied(numbers: list[int]) -> int:
    result = 1
    for number in numbers:
        result *= number
    return result


_COUNTING: dict[type, Callable[[list[int]], int]] = {
    sympy.Add: sum,
    sympy.Mul: _multiplied,
    sympy.Max: max,
    sympy.Min: min,
    KroneckerDelta: lambda numbers: int(numbers[0] == numbers[1]),
}
