"""Which entries of a model can depend on which: by name, by layer, and by letters that every road keeps."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import final

from sympy import Expr, S

from symfnn import errors
from symfnn.algebra import index
from symfnn.check.region import Region
from symfnn.model.definitions import Definition, Model, defining

ANY_LAYER = index.fresh("any")  # stands for a layer that a sum runs over


@final
@dataclass(frozen=True, slots=True)
class Read:
    """An array that a definition reads.

    Attributes:
        definition: the reader.
        name: of the array.
        layer: at which it is read; None where it has none.
        shift: the read layer less the reader's own, where that is a number.
        entries: as it is read, with fresh letters where it is read as a whole.
    """

    definition: Definition
    name: str
    layer: Expr | None
    shift: int | None
    entries: tuple[Expr, ...]


@final
@dataclass(slots=True)
class Gap:
    """What a road needs: ``r + relative`` ≤ own layer, or ``r + fixed[F]`` ≤ F, or (loose) nothing; r is the goal's."""

    relative: int | None = None
    fixed: dict[Expr, int] = field(default_factory=dict)
    loose: bool = False


@lru_cache(maxsize=32)
def names_of(model: Model) -> frozenset[str]:
    """The names of all quantities."""
    return frozenset(quantity.name for quantity in model.quantities)


def arrays(model: Model, expression: Expr) -> dict[tuple[str, Expr | None], list[Expr]]:
    """The arrays that an expression reads, each at its layer, with the entries read."""
    found: dict[tuple[str, Expr | None], list[Expr]] = {}
    for entry in [*index.entries(expression), *scalars(model, expression)]:
        if index.name_of(entry) in names_of(model):
            layer = layer_of(model, entry)
            is_free = layer is None or layer.free_symbols <= expression.free_symbols
            found.setdefault((index.name_of(entry), layer if is_free else ANY_LAYER), []).append(entry)
    for whole in expression.atoms(index.Unspecified):
        for array in whole.arrays:
            if str(array[0]) in names_of(model):
                entry, layer = _slice(model, array)
                found.setdefault((index.name_of(entry), layer), []).append(entry)
    return found


def _slice(model: Model, array: Expr) -> tuple[Expr, Expr | None]:
    """An entry of what an unspecified function is of, with fresh letters where it is taken whole, and its layer."""
    quantity, fixed = model.quantity(str(array[0])), tuple(array[1:])
    places = (*fixed, *(index.ALL for _ in quantity.slots[len(fixed) :]))
    own = [index.fresh() if place == index.ALL else place for place in places]
    layer = places[0] if quantity.layered and places[0] != index.ALL else None
    return (quantity[tuple(own)] if own else quantity.scalar), layer


def scalars(model: Model, expression: Expr) -> list[Expr]:
    """The quantities without axes that an expression mentions."""
    own = {quantity.scalar for quantity in model.quantities if not quantity.slots}
    shown = expression.xreplace({whole: S.Zero for whole in expression.atoms(index.Unspecified)})
    return sorted(own & shown.free_symbols, key=str)


def layer_of(model: Model, entry: Expr) -> Expr | None:
    """The layer of an entry; None where its quantity has none."""
    name = index.name_of(entry)
    is_layered = name in names_of(model) and model.quantity(name).layered
    return index.indices_of(entry)[0] if is_layered else None


@lru_cache(maxsize=32)
def reads(model: Model) -> tuple[Read, ...]:
    """Everything that is read."""
    result = []
    for definition in model.definitions:
        own = layer_of(model, definition.entry)
        for (name, layer), entries in arrays(model, definition.value).items():
            shift = layer - own if own is not None and layer is not None else None
            number = int(shift) if shift is not None and shift.is_Integer else None
            result.append(Read(definition, name, layer, number, tuple(entries)))
    return tuple(result)


@lru_cache(maxsize=32)
def derivatives(model: Model) -> frozenset[str]:
    """Quantities that stand for a derivative: by their definition, or by name only."""
    named = {model.adjoint[0]} if model.adjoint and model.adjoint[0] not in defining(model) else set()
    return frozenset(named | {d.name for d in model.definitions if d.value.has(index.Partial)})


@lru_cache(maxsize=32)
def above_derivatives(model: Model) -> frozenset[str]:
    """Quantities that are computed from derivatives; they can depend on anything."""
    result = set(derivatives(model))
    while True:
        more = {read.definition.name for read in reads(model) if read.name in result} - result
        if not more:
            return frozenset(result)
        result |= more


@lru_cache(maxsize=512)
def gaps(model: Model, goal: str) -> dict[str, Gap]:
    """For each quantity that can depend on ``goal``, what a road from it needs."""
    is_layered = goal in names_of(model) and model.quantity(goal).layered
    result = {goal: Gap(relative=0) if is_layered else Gap(loose=True)}
    result |= {name: Gap(loose=True) for name in derivatives(model)}
    for step in range(2 * len(model.quantities) + 2):
        changed = [_widen(result, read) for read in reads(model) if read.name in result]
        if not any(changed):
            return result
        if step > len(model.quantities):
            for gap in result.values():
                gap.loose = True
    return result


def _widen(result: dict[str, Gap], read: Read) -> bool:
    """Add the roads through one read; whether anything was added."""
    inner, outer = result[read.name], result.setdefault(read.definition.name, Gap())
    before = (outer.relative, dict(outer.fixed), outer.loose)
    outer.loose |= inner.loose
    for place, gap in inner.fixed.items():
        outer.fixed[place] = min(gap, outer.fixed.get(place, gap))
    if inner.relative is not None:
        if read.layer is None or read.layer == ANY_LAYER:
            outer.loose = True
        elif read.shift is not None:
            gap = inner.relative - read.shift
            outer.relative = gap if outer.relative is None else min(gap, outer.relative)
        else:
            outer.fixed[read.layer] = min(inner.relative, outer.fixed.get(read.layer, inner.relative))
    return before != (outer.relative, outer.fixed, outer.loose)


def may_depend(model: Model, region: Region, pins: dict[Expr, Expr], entry: Expr, on: Expr) -> bool:
    """Whether an entry can depend on another; only a certain no is a no."""
    gap = gaps(model, index.name_of(on)).get(index.name_of(entry))
    if gap is None:
        return False
    goal = layer_of(model, on)
    if gap.loose or goal is None:
        return True
    own = layer_of(model, entry)
    needs = [(place.xreplace(pins), more) for place, more in gap.fixed.items()]
    if gap.relative is not None and own is not None:
        needs.append((own, gap.relative))
    return any(region.at_most(place + 1, goal + more) is not True for place, more in needs)


@lru_cache(maxsize=32)
def order(model: Model) -> dict[str, int]:
    """The place of each quantity in the order of evaluation within a layer.

    Raises:
        CalculusError: the definitions are circular.
    """
    below: dict[str, set[str]] = {name: set() for name in names_of(model)}
    for read in reads(model):
        if read.shift == 0 or read.shift is None:
            below[read.definition.name].add(read.name)
    result: dict[str, int] = {}
    while len(result) < len(below):
        ready = sorted(n for n, needs in below.items() if n not in result and needs <= result.keys())
        if not ready:
            raise errors.CalculusError("the definitions are circular")
        result |= {name: len(result) + place for place, name in enumerate(ready)}
    return result


def involved(model: Model, sides: Iterable[Expr]) -> Model:
    """The model with no more definitions than formulas lead to: as it is, unless its definitions are circular.

    A text that says of any unit what goes in and what comes out defines in a circle; what else it states still has an
    order.
    """
    try:
        order(model)
    except errors.CalculusError:
        seen: set[str] = {model.objective} if model.adjoint or model.batch else set()
        waiting = [*sides, *(side for one in model.assumptions for side in (one.left, one.right))]
        waiting += [d.value for d in model.definitions if d.name in seen]
        while waiting:
            new = {name for name, _ in arrays(model, waiting.pop())} - seen
            seen |= new
            waiting += [d.value for d in model.definitions if d.name in new]
        return replace(model, definitions=tuple(d for d in model.definitions if d.name in seen))
    return model


@lru_cache(maxsize=512)
def kept_letters(model: Model, goal: str) -> dict[str, frozenset[tuple[int, int]]]:
    """For each quantity, the (own, goal's) index places that are equal on every road to ``goal``."""
    reach = gaps(model, goal)
    size = len(model.quantity(goal).slots) if goal in names_of(model) else 0
    every = {
        name: frozenset((p, q) for p in range(len(model.quantity(name).slots)) for q in range(size)) for name in reach
    }
    own = frozenset((place, place) for place in range(size))
    result = every | {goal: own}
    changed = True
    while changed:
        changed = False
        for read in reads(model):
            if read.name not in reach:
                continue
            name = read.definition.name
            smaller = result[name] & _through(read, result[read.name])
            changed |= smaller != result[name]
            result[name] = smaller
    return result


def _through(read: Read, inner: frozenset[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """The index places kept by a read and what lies behind it."""
    own = index.indices_of(read.definition.entry)
    ties = None
    for entry in read.entries:
        found = frozenset(
            (p, q)
            for p, letter in enumerate(own)
            for q, other in enumerate(index.indices_of(entry))
            if letter == other and letter.is_Symbol
        )
        ties = found if ties is None else ties & found
    return frozenset((p, q) for p, middle in ties or () for other, q in inner if other == middle)


@lru_cache(maxsize=256)
def may_turn_back(model: Model, name: str) -> bool:
    """Whether a quantity may depend on itself through a higher layer."""
    ahead = [
        read for read in reads(model) if read.shift is not None and read.shift > 0 and is_defined(model, read.name)
    ]
    return any(
        name in gaps(model, read.definition.name) and read.definition.name in gaps(model, name) for read in ahead
    )


def is_defined(model: Model, name: str) -> bool:
    """Whether a quantity has a definition."""
    return name in defining(model)
