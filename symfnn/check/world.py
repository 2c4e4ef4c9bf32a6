"""A world: every entry of one instance, computed from the definitions when it is read, also while others are moved.

An entry that does not depend on what is moved keeps its value: which entries each one read is noted, as bits.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import final

from sympy import Expr

from symfnn import errors
from symfnn.algebra import index
from symfnn.check import dual, sampling
from symfnn.check.closures import compiled
from symfnn.check.counting import Counter, Place, Setting, all_values, counter
from symfnn.check.dual import Number
from symfnn.check.frame import Closure, Frame, Key, Shift
from symfnn.check.sampling import Instance
from symfnn.model.definitions import Definition, Model

_DEEPEST = 60


@final
@dataclass(frozen=True, slots=True)
class _Rule:
    """A definition with its left side compiled; each index is a letter with an offset, or fixed."""

    letters: tuple[tuple[Expr | None, Counter], ...]
    layers: tuple[Counter, Counter] | None
    value: Expr


def adjoints(model: Model) -> dict[str, str]:
    """The quantity that each named adjoint belongs to; a model has none, one pair, or a tuple of pairs."""
    found = model.adjoint or ()
    pairs = (found,) if found and isinstance(found[0], str) else found
    return {str(name): str(of) for name, of in pairs}


@lru_cache(maxsize=512)
def _rules(setting: Setting, name: str) -> tuple[_Rule, ...]:
    """The definitions of a quantity; one that nobody reads may be anything."""
    return tuple(_rule(definition, setting) for definition in setting.model.definitions if definition.name == name)


def _rule(definition: Definition, setting: Setting) -> _Rule:
    layers = definition.layers
    bounds = None if layers is None else (counter(layers[0], setting), counter(layers[1], setting))
    letters = tuple(_letter(place, setting) for place in index.indices_of(definition.entry))
    return _Rule(letters, bounds, definition.value)


@lru_cache(maxsize=64)
def _sizes(model: Model) -> frozenset[Expr]:
    """What counts in a model and is no letter of an entry."""
    sizes = {s for q in model.quantities for pair in q.ranges for bound in pair for s in bound.free_symbols}
    return frozenset(sizes - {slot for q in model.quantities for slot in q.slots})


def _letter(place: Expr, setting: Setting) -> tuple[Expr | None, Counter]:
    """An index of a defined entry: a letter and what is added to it, or no letter and what it is."""
    letters = place.free_symbols - {index.DEPTH} - _sizes(setting.model)
    if not letters:
        return None, counter(place, setting)
    letter, *others = letters
    if others or (place - letter).has(letter):
        raise errors.OracleError(f"a definition's index {place} is no letter")
    return letter, counter(place - letter, setting)


@lru_cache(maxsize=512)
def _ranges(setting: Setting, name: str) -> list[tuple[Counter, Counter]]:
    low_high = setting.model.quantity(name).ranges
    return [(counter(low, setting), counter(high, setting)) for low, high in low_high]


@final
class World:
    """The entries of one instance, over floats or over numbers of some digits."""

    def __init__(self, instance: Instance, digits: int | None = None, deadline: float | None = None) -> None:
        """A world in which nothing but the assumptions has been looked at.

        Raises:
            OracleError: the model cannot be evaluated, or its assumptions cannot be met.
        """
        self.instance = instance
        self.setting = Setting(instance.model, digits)
        self.sizes = instance.extent
        self.number = dual.field(digits)
        self.zero = self.number(0)
        self.deadline = deadline
        self.adjoints = adjoints(instance.model)
        self._defined = {definition.name for definition in instance.model.definitions}
        self._declared = {quantity.name: quantity for quantity in instance.model.quantities}
        self._chosen: dict[Key, tuple[Closure, Frame] | None] = {}
        self._base: dict[Key, Number] = {}
        self._reads: dict[Key, int] = {}
        self._bits: dict[Key, int] = {}
        self._seen = 0
        self._open: set[Key] = set()
        self._moved: dict[tuple[Shift, ...], dict[Key, Number]] = {}
        self._meet_assumptions()

    def frame(self, letters: dict[Expr, int]) -> Frame:
        """Where an expression with these free letters is computed."""
        return Frame(self, self.sizes, self.number, dict(letters))

    def check_time(self) -> None:
        """Nothing, as long as there is time.

        Raises:
            OracleError: there is none.
        """
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise errors.OracleError("timeout")

    def read(self, key: Key, stack: tuple[Shift, ...]) -> Number:
        """The value of an entry while some are moved."""
        reads = self._reads.get(key)
        if reads is None:
            self._settle(key)
            reads = self._reads[key]
        self._seen |= reads
        if stack:
            live = tuple([shift for shift in stack if shift.bit & reads])
            if live:
                return self._read_moved(key, live)
        return self._base[key]

    def _read_moved(self, key: Key, live: tuple[Shift, ...]) -> Number:
        values = self._moved.setdefault(live, {})
        if key not in values:
            self.check_time()
            values[key] = self._compute(key, live)
        return values[key]

    def _settle(self, key: Key) -> None:
        """Compute an entry while nothing is moved, and note what that reads."""
        if key in self._open:
            raise errors.OracleError(f"{shown(key)} is defined in terms of itself")
        if len(self._open) >= _DEEPEST:
            raise errors.OracleError("the definitions are nested too deep")
        self.check_time()
        self._require_inside(key)
        outer, self._seen = self._seen, self._bit(key)
        self._open.add(key)
        try:
            value = self._compute(key, ())
        finally:
            self._open.discard(key)
            reads, self._seen = self._seen, self._seen | outer
        self._base[key], self._reads[key] = value, reads

    def _bit(self, key: Key) -> int:
        return self._bits.setdefault(key, 1 << len(self._bits))

    def _compute(self, key: Key, stack: tuple[Shift, ...]) -> Number:
        if key not in self._chosen:
            self._chosen[key] = self._choose(key)
        chosen = self._chosen[key]
        name, batch = key[0], self.instance.model.batch
        if chosen is not None:
            define, frame = chosen
            value = define(Frame(self, self.sizes, self.number, dict(frame.letters), stack, frame.sample))
        elif name in self.adjoints:
            value = self._adjoint(key, stack)
        elif batch is not None and key == (batch.objective,):
            value = self._over_samples(stack)
        else:
            value = self._given(key)
        for shift in stack:
            if shift.key == key:
                value = value + dual.Dual(shift.tag, self.zero, self.zero + 1)
        return value

    def _given(self, key: Key) -> Number:
        fraction = sampling.given(self.instance, key)
        return self.number(fraction.numerator) / fraction.denominator

    def is_given(self, key: Key) -> bool:
        """Whether no definition covers an entry that has been read."""
        batch = self.instance.model.batch
        is_whole = batch is not None and key == (batch.objective,)
        return self._chosen.get(key) is None and key[0] not in self.adjoints and not is_whole

    def _adjoint(self, key: Key, stack: tuple[Shift, ...]) -> Number:
        objective = self.instance.model.objective
        sample = self._sample_of(key)
        frame = Frame(self, self.sizes, self.number, {}, stack, sample)
        whole: Key = (objective,) if sample is None or not self._is_sampled(objective) else (objective, sample)
        of: Key = (self.adjoints[str(key[0])], *key[1:])
        return self.differentiate(lambda inner: self.read(whole, inner.stack), (objective,), of, frame)

    def _over_samples(self, stack: tuple[Shift, ...]) -> Number:
        """The objective of all samples."""
        model, frame = self.instance.model, Frame(self, self.sizes, self.number, {}, stack)
        assert model.batch is not None
        factor = compiled(model.batch.factor, self.setting)(frame)
        total = self.zero
        for sample in range(1, self.sizes.size(index.SAMPLES) + 1):
            total = total + self.read((model.objective, sample), stack)
        return factor * total + compiled(model.batch.regularizer, self.setting)(frame)

    def _is_sampled(self, name: str) -> bool:
        return name in self._declared and self._declared[name].per_sample

    def _sample_of(self, key: Key) -> int | None:
        """The sample that an entry belongs to, where its quantity has no axis of its own for it."""
        name = str(key[0])
        if not self._is_sampled(name) or len(key) != len(self._declared[name].slots) + 2:
            return None
        return int(key[-1])

    def _choose(self, key: Key) -> tuple[Closure, Frame] | None:
        """The definition in force at an entry, with the letters that make its left side that entry."""
        sample = self._sample_of(key)
        places = [int(part) for part in (key[1:] if sample is None else key[1:-1])]
        found = []
        for rule in _rules(self.setting, str(key[0])):
            letters = self._match(rule, places)
            if letters is not None:
                found.append((rule, Frame(self, self.sizes, self.number, letters, (), sample)))
        if len(found) > 1:
            raise errors.OracleError(f"{shown(key)} is defined {len(found)} times")
        if not found:
            return None
        rule, frame = found[0]
        return compiled(rule.value, self.setting), frame

    def _match(self, rule: _Rule, places: list[int]) -> dict[Expr, int] | None:
        if len(rule.letters) != len(places):
            return None
        nowhere = Place(self.sizes, {})
        letters: dict[Expr, int] = {}
        for (letter, offset), place in zip(rule.letters, places, strict=True):
            rest = place - offset(nowhere)
            if letter is None:
                if rest:
                    return None
            elif letters.setdefault(letter, rest) != rest:
                return None
        if rule.layers is None:
            return letters
        low, high = (bound(nowhere) for bound in rule.layers)
        return letters if low <= places[0] <= high else None

    def _require_inside(self, key: Key) -> None:
        name, places = str(key[0]), [int(part) for part in key[1:]]
        if name not in self._declared:
            if places and name not in self._defined and name not in self.adjoints:
                raise errors.OracleError(f"there is no quantity {name}")
            return
        quantity, ranges = self._declared[name], _ranges(self.setting, name)
        if self._sample_of(key) is not None:
            self._require(key, places.pop(), 1, self.sizes.size(index.SAMPLES))
        if len(places) != len(quantity.slots):
            raise errors.OracleError(f"{shown(key)} has {len(places)} indices, not {len(quantity.slots)}")
        here = Place(self.sizes, dict(zip(quantity.slots, places, strict=True)))
        for place, (low, high) in zip(places, ranges, strict=True):
            self._require(key, place, low(here), high(here))

    def _require(self, key: Key, place: int, low: int, high: int) -> None:
        if not low <= place <= high:
            raise errors.OutsideError(f"{shown(key)} does not exist: {place} is not in {low}…{high}")

    def keys(self, name: str, prefix: Key, sample: int | None = None) -> list[Key]:
        """The entries of an array that begin with some indices."""
        if name not in self._declared:
            return [(name, *prefix)]
        quantity, ranges = self._declared[name], _ranges(self.setting, name)
        end: Key = (sample,) if sample is not None and quantity.per_sample else ()
        places = [int(part) for part in prefix]
        return [(name, *rest, *end) for rest in self._completed(quantity, ranges, places)]

    def _completed(
        self, quantity: index.Quantity, ranges: list[tuple[Counter, Counter]], places: list[int]
    ) -> Iterator[list[int]]:
        if len(places) >= len(ranges):
            yield places
            return
        low, high = ranges[len(places)]
        here = Place(self.sizes, dict(zip(quantity.slots, places, strict=False)))
        for place in range(low(here), high(here) + 1):
            yield from self._completed(quantity, ranges, [*places, place])

    def unknown(self, letter: str) -> Callable[[Number], Number]:
        """What stands for a function of which nothing is known."""
        return sampling.unknown(self.instance, letter)[1]

    def unspecified(self, name: Key, units: list[tuple[Key, Number]]) -> Number:
        """What stands for a function of whole arrays of which nothing is known."""
        return sampling.unspecified(self.instance, name, units)

    def differentiate(self, body: Closure, of: tuple[str, ...], key: Key, frame: Frame) -> Number:
        """The derivative of what a closure computes by an entry, everything downstream of it moving along.

        Raises:
            OutsideError: what is differentiated is given, so that nothing says how it depends on the entry.
        """
        stack, frame.stack = frame.stack, ()
        self.read(key, ())
        outer, self._seen = self._seen, 0
        body(frame)
        reads, self._seen = self._seen, self._seen | outer
        frame.stack = stack
        bit = self._bit(key)
        if not reads & bit:
            self._require_known(of, key)
            return self.zero
        tag = max(stack[-1].tag if stack else 0, dual.tag_of(frame.argument)) + 1
        frame.stack = (*stack, Shift(tag, key, bit))
        value = body(frame)
        frame.stack = stack
        return self.zero + dual.slope_of(value, tag)

    def _require_known(self, of: tuple[str, ...], key: Key) -> None:
        batch = self.instance.model.batch
        known = self._defined | set(self.adjoints) | {key[0]} | ({batch.objective} if batch else set())
        is_objective = self.instance.model.objective in of
        if is_objective or (of and not known.intersection(of)):
            raise errors.OutsideError(f"nothing says how {', '.join(of)} depends on {shown(key)}")

    def given_keys(self) -> list[Key]:
        """The entries that have been read and that no definition covers, in order."""
        return sorted((key for key in self._base if self.is_given(key)), key=lambda key: (str(key[0]), key[1:]))

    def _meet_assumptions(self) -> None:
        """Scale given arrays so that the assumed sums over them have their values.

        Raises:
            OracleError: an assumption is not the sum of one given array with a value other than 0.
        """
        for assumption in self.instance.model.assumptions:
            left, right = compiled(assumption.left, self.setting), compiled(assumption.right, self.setting)
            for letters, sample in product(self._places(assumption.left), self._samples()):
                frame = Frame(self, self.sizes, self.number, letters, (), sample)
                if not self._scale(left, right, frame):
                    raise errors.OracleError(f"the assumption {assumption.name} cannot be met")

    def _scale(self, left: Closure, right: Closure, frame: Frame) -> bool:
        before = set(self._base)
        total, wanted = left(frame), right(frame)
        new = [key for key in self._base if key not in before]
        is_covered = len({key[0] for key in new}) == 1 and all(self.is_given(key) for key in new)
        if is_covered and total != 0 and wanted != 0:
            for key in new:
                self._base[key] = self._base[key] * wanted / total
        return bool(abs(left(frame) - wanted) <= 1e-9 * abs(wanted))

    def _places(self, expression: Expr) -> list[dict[Expr, int]]:
        """Every value of the letters that are free in an assumption."""
        ranges: dict[Expr, index.Range] = {}
        for entry in index.entries(expression):
            found = self.instance.model.ranges_of(entry)
            ranges |= {s: bounds for s, bounds in found.items() if s.is_Symbol and not s.is_Dummy}
        letters = {s: bounds for s, bounds in ranges.items() if s != index.DEPTH}
        return list(all_values(tuple(letters.items()), self.setting, self.sizes))

    def _samples(self) -> list[int | None]:
        return [None, *range(1, dict(self.sizes.sizes).get(index.SAMPLES.name, 0) + 1)]


def shown(key: Key) -> str:
    """An entry in words."""
    return f"{key[0]}[{', '.join(map(str, key[1:]))}]" if len(key) > 1 else str(key[0])
