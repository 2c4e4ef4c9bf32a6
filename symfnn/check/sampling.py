"""Instances: how deep, how wide, which numbers and which functions. Everything follows from a seed.

Nothing is evaluated here but ranges; what the numbers lead to is the world's business.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from typing import final

from sympy import Expr, Indexed, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.check import dual
from symfnn.check.counting import Place, Setting, Sizes, counter
from symfnn.check.dual import Number
from symfnn.check.frame import Key
from symfnn.model.definitions import Model

STYLES = 5
_AT_ONE_DEPTH = 8  # round networks are tried from the shallowest on
_GRAIN = 1 << 20  # numbers are multiples of 1/_GRAIN: floats and long numbers hold the same ones
_ROUND = tuple(Fraction(n, 2) for n in (1, -1, 2, -2, 3, 4))
_ROUND_SMALL = tuple(Fraction(1, n) for n in (4, 5, 8, 10))
_ROUND_PART = (Fraction(1, 2), Fraction(1, 4), Fraction(3, 4), Fraction(1, 5), Fraction(2, 5), Fraction(1, 8))


@final
@dataclass(frozen=True, slots=True)
class Instance:
    """A small network, said in so few words that it can be made again.

    Attributes:
        model: whose definitions hold.
        depth: the number of layers.
        widths: (layer, number of neurons) of every layer that has one.
        sizes: (name, value) of everything else that is counted.
        letters: the functions of which nothing is known, in order.
        positive: names of the scalars that are known to be positive.
        seed: what the given numbers follow from.
        style: 0: numbers of both signs; 1: unknown functions have values in (0, 1); 2: given numbers as well;
            3: given numbers and unknown functions are positive; 4: as 2, and so small that sums stay below 1.
        is_round: whether numbers are few and short, and unknown functions well known.
    """

    model: Model
    depth: int
    widths: tuple[tuple[int, int], ...]
    sizes: tuple[tuple[str, int], ...]
    letters: tuple[str, ...] = ()
    positive: frozenset[str] = frozenset()
    seed: int = 0
    style: int = 0
    is_round: bool = False

    @property
    def extent(self) -> Sizes:
        """What indices range over."""
        return Sizes(self.depth, dict(self.widths), dict(self.sizes))


def given(instance: Instance, key: Key) -> Fraction:
    """The number that stands for an entry which no definition covers."""
    choice = _chance(instance.seed, key)
    if instance.is_round:
        values = {2: _ROUND_PART, 4: _ROUND_SMALL}.get(instance.style, _ROUND)
        value = values[int(choice * len(values))]
        return abs(value) if instance.style == 3 or key[0] in instance.positive else value
    fine = Fraction(int(choice * _GRAIN), _GRAIN)
    if instance.style == 2:
        return Fraction(1, 8) + fine * Fraction(3, 4)
    if instance.style == 4:
        return Fraction(1, 16) + fine * Fraction(3, 16)
    magnitude = Fraction(1, 4) + fine * Fraction(5, 4)
    is_negative = _chance(instance.seed, (*key, "sign")) < 0.5
    is_signed = instance.style < 2 and key[0] not in instance.positive
    return -magnitude if is_negative and is_signed else magnitude


@lru_cache(maxsize=1 << 16)
def _chance(seed: int, key: Key) -> float:
    """A number in [0, 1) that follows from a seed and a key."""
    digest = blake2b(repr((seed, key)).encode(), digest_size=6).digest()
    return int.from_bytes(digest) / 2**48


def _coefficient(instance: Instance, key: Key) -> float:
    """A factor from ±[1/2, 5/4] that a float holds exactly."""
    fine = int(_chance(instance.seed, key) * 1024) / 1024
    sign = -1 if _chance(instance.seed, (*key, "sign")) < 0.5 else 1
    return sign * (0.5 + 0.75 * fine)


def unknown(instance: Instance, letter: str) -> tuple[str, Callable[[Number], Number]]:
    """What stands for a function of one variable of which nothing is known: in words, and as a function."""
    place = instance.letters.index(letter) if letter in instance.letters else len(instance.letters)
    if instance.is_round:
        named = _ROUND_FUNCTIONS[instance.style]
        words, function = named[(instance.seed + place) % len(named)]
        return words.replace("f(", f"{letter}("), function
    family = _FUNCTIONS[instance.style]
    made = family[(instance.seed + place) % len(family)]
    a, b = (_coefficient(instance, (letter, part)) for part in ("slope", "shift"))
    return f"{letter} a smooth function", lambda z: made(z, a, b)


def _logistic(z: Number) -> Number:
    return dual.power(1 + dual.exp(-z), -1)


_Shape = Callable[[Number, float, float], Number]
_ANY: tuple[_Shape, ...] = (
    lambda z, a, b: dual.sin(z * a + b) + z * 0.375,
    lambda z, a, b: dual.log(1 + dual.exp(z * a + b)) + b,
    lambda z, a, b: z * a + z * z * 0.1875 + b,
    lambda z, a, b: dual.tanh(z * a + b) - z * 0.25,
)
_PART: tuple[_Shape, ...] = (
    lambda z, a, b: _logistic(z * a + b),
    lambda z, a, b: dual.sin(z * a + b) * 0.375 + 0.5,
    lambda z, a, b: dual.atan(z * a + b) * 0.25 + 0.5,
)
_POSITIVE: tuple[_Shape, ...] = (
    lambda z, a, b: dual.log(1 + dual.exp(z * a + b)) + 0.25,
    lambda z, a, b: (z + b) * (z + b) * 0.1875 + 0.5,
    lambda z, a, b: dual.sin(z * a + b) + 1.5,
)
_FUNCTIONS = (_ANY, _PART, _PART, _POSITIVE, _PART)
_Named = tuple[str, Callable[[Number], Number]]
_ROUND_ANY: tuple[_Named, ...] = (
    ("f(z) = z²", lambda z: z * z),
    ("f(z) = tanh z", dual.tanh),
    ("f(z) = 1/(1 + e^{-z})", _logistic),
)
_ROUND_PARTS: tuple[_Named, ...] = (("f(z) = 1/(1 + e^{-z})", _logistic),)
_ROUND_POSITIVE: tuple[_Named, ...] = (("f(z) = z² + 1", lambda z: z * z + 1), ("f(z) = e^z", dual.exp))
_ROUND_FUNCTIONS = (_ROUND_ANY, _ROUND_PARTS, _ROUND_PARTS, _ROUND_POSITIVE, _ROUND_PARTS)


def unspecified(instance: Instance, name: Key, units: list[tuple[Key, Number]]) -> Number:
    """What stands for a function of whole arrays of which nothing is known: smooth, and no sum of functions of parts.

    Args:
        instance: decides which function it is.
        name: the function's own name, and which of those with this name it is.
        units: each argument's place and indices, and its value.
    """
    if not units:
        raise errors.OracleError(f"{name[0]} is a function of nothing")
    if instance.is_round:
        first = 1 + sum(int(part) for part in name[1:])
        total = sum((value * weight for weight, (_, value) in enumerate(units[1:], first + 1)), units[0][1] * first)
        return total * total * 0.5
    first, second, square = (_weighted(instance, name, part, units) for part in ("first", "second", "square"))
    level = dual.log(1 + dual.exp(second)) + square * square * 0.25
    curve = sum((value * value * _coefficient(instance, (*name, *key, "own")) for key, value in units[1:]), square * 0)
    return level if instance.style else level + dual.sin(first) + curve * 0.25


def _weighted(instance: Instance, name: Key, part: str, units: list[tuple[Key, Number]]) -> Number:
    terms = [value * _coefficient(instance, (*name, part, *key)) for key, value in units]
    return sum(terms[1:], terms[0])


def instances(
    model: Model,
    seed: int,
    count: int,
    beside: tuple[Expr, ...] = (),
    free: tuple[Expr, ...] = (),
    *,
    widest: int = 4,
    is_round: bool = False,
) -> Iterator[Instance]:
    """Small networks with as different sizes as may be; every one differs from the one before in depth or functions.

    Args:
        model: whose definitions hold.
        seed: the same seed gives the same instances.
        count: how many.
        beside: expressions outside the model, such as the sides and bounds of a claim.
        free: the letters in them that are indices, not sizes.
        widest: the largest width, where there are no more layers than widths.
        is_round: whether numbers are few and short, widths may repeat, and depths rise from the smallest.
    """
    chance = random.Random(seed)
    everything = (*beside, *_expressions(model))
    letters = tuple(sorted(unknown_letters(model, everything)))
    symbols = _symbols(everything)
    counted = _counted(model, symbols, free)
    positive = frozenset(s.name for s in symbols if s.is_positive and not s.is_integer)
    depths = _depths(model, everything)
    for number in range(count):
        depth = min(depths) + number // _AT_ONE_DEPTH if is_round else depths[number % len(depths)]
        if model.depth.is_Integer:
            depth = depths[0]
        sizes = _sizes(counted, chance, is_round)
        pool = range(1 + (number % 2 == 0), widest + 1)
        widths = _widths(model, Sizes(depth, {}, dict(sizes)), chance, pool, is_round)
        yield Instance(model, depth, widths, sizes, letters, positive, seed * 1000 + number, 0, is_round)


def sized(instance: Instance, sizes: tuple[tuple[Expr, int], ...]) -> Instance:
    """The network with these numbers of entries along some axes.

    Raises:
        OracleError: a size is no width of a layer and no letter.
    """
    widths, others = dict(instance.widths), dict(instance.sizes)
    for size, count in sizes:
        if size.is_Symbol:
            others[size.name] = count
        else:
            layer = counter(size.indices[0], Setting(instance.model))(Place(instance.extent, {}))
            widths[layer] = count
    return replace(instance, widths=tuple(widths.items()), sizes=tuple(others.items()))


def narrow(instance: Instance) -> Instance:
    """The network with one neuron in each layer and one entry along every axis but that of the samples."""
    axes = (pair for q in instance.model.quantities for pair in (q.ranges[:-1] if q.per_sample else q.ranges))
    sizes = {symbol.name for _, high in axes for symbol in high.free_symbols} - {index.DEPTH.name}
    widths = tuple((layer, 1) for layer, _ in instance.widths)
    return replace(
        instance, widths=widths, sizes=tuple((name, 1 if name in sizes else n) for name, n in instance.sizes)
    )


def _expressions(model: Model) -> list[Expr]:
    """All that a model says, its own letters included."""
    result = [side for d in model.definitions for side in (d.entry, d.value, *(d.layers or ()))]
    result += [side for a in model.assumptions for side in (a.left, a.right)]
    result += [bound for q in model.quantities for pair in q.ranges for bound in pair]
    result += [function.rule.expr for _, function in model.functions]
    return result if model.batch is None else [*result, model.batch.factor, model.batch.regularizer]


def unknown_letters(model: Model, expressions: tuple[Expr, ...]) -> set[str]:
    """The functions of one variable that the model gives no rule for."""
    known = dict(model.functions)
    used = {node.letter for e in expressions for node in e.atoms(index.ScalarFunction)}
    return used - set(known)


def _symbols(expressions: tuple[Expr, ...]) -> list[Expr]:
    found = {s for e in expressions for s in e.atoms(Symbol) if not s.is_Dummy}
    return sorted(found, key=lambda s: (s.name, str(s.assumptions0)))


def _depths(model: Model, expressions: tuple[Expr, ...]) -> list[int]:
    """How many layers to try: at least as many as are mentioned by number, and every layer that L - c means."""
    if model.depth.is_Integer:
        return [int(model.depth)]
    least = 2
    for bound in _layer_indices(model, expressions):
        slope, offset = index.leading(bound)
        if slope == 0 and offset.is_Integer:
            least = max(least, int(offset))
        elif slope == 1 and offset.is_Integer:
            least = max(least, 2 - int(offset))
    return [least + 2, least + 1, max(least, 5) if least < 4 else least, least]


def _layer_indices(model: Model, expressions: tuple[Expr, ...]) -> set[Expr]:
    layered = {q.name for q in model.quantities if q.layered}
    found = {entry.indices[0] for e in expressions for entry in index.entries(e) if index.name_of(entry) in layered}
    return found | {entry.indices[0] for e in expressions for entry in e.atoms(Indexed) if not index.is_entry(entry)}


def layers_with_width(model: Model, sizes: Sizes) -> list[int]:
    """Every layer whose width some array's shape mentions."""
    setting, layers = Setting(model), set()
    for quantity in model.quantities:
        mentioned = {node for pair in quantity.ranges for bound in pair for node in bound.atoms(Indexed)}
        for place in _layers(quantity, setting, sizes) if mentioned else ():
            layers |= {counter(node.indices[0], setting)(place) for node in mentioned}
    return sorted(layers)


def _layers(quantity: index.Quantity, setting: Setting, sizes: Sizes) -> list[Place]:
    if not quantity.layered:
        return [Place(sizes, {})]
    low, high = (counter(bound, setting)(Place(sizes, {})) for bound in quantity.ranges[0])
    return [Place(sizes, {quantity.slots[0]: layer}) for layer in range(low, high + 1)]


def _widths(
    model: Model, sizes: Sizes, chance: random.Random, pool: range, may_repeat: bool
) -> tuple[tuple[int, int], ...]:
    layers = layers_with_width(model, sizes)
    if model.widths is not None:
        return tuple(zip(layers, model.widths, strict=False))
    if may_repeat:
        return tuple(zip(layers, chance.choices(pool, k=len(layers)), strict=True))
    taken = sizes.sizes.values()
    last = max(pool.stop, pool.start + len(layers) + len(taken))
    free = [width for width in range(pool.start, last) if width not in taken]
    return tuple(zip(layers, chance.sample(free[: max(len(layers), len(pool))], len(layers)), strict=True))


def _sizes(names: list[str], chance: random.Random, may_repeat: bool) -> tuple[tuple[str, int], ...]:
    """A number for every letter that counts something, all different from each other unless they may repeat."""
    if may_repeat:
        return tuple((name, chance.choice((1, 2, 2, 3))) for name in names)
    return tuple(zip(names, chance.sample(range(2, 4 + len(names)), len(names)), strict=True))


def _counted(model: Model, symbols: list[Expr], letters: tuple[Expr, ...]) -> list[str]:
    """The names of the letters that count something: all that are no index of an entry, and not the depth."""
    in_ranges = {s for q in model.quantities for pair in q.ranges for bound in pair for s in bound.free_symbols}
    indices = {s for d in model.definitions for place in index.indices_of(d.entry) for s in place.free_symbols}
    slots = {slot for q in model.quantities for slot in q.slots}
    defined = {d.entry for d in model.definitions if d.entry.is_Symbol}
    no_sizes = slots | (indices - in_ranges) | set(letters) | defined | {index.DEPTH, index.WIDTH.label}
    return sorted({s.name for s in symbols if s.is_integer and s not in no_sizes})
