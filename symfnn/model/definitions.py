"""Definitions, and the Model that they make up; nothing here differentiates."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import final

from sympy import Expr, Tuple

from symfnn import errors
from symfnn.algebra import index
from symfnn.model.activations import Activation


@final
@dataclass(frozen=True, slots=True)
class Definition:
    """``entry = value``, for every value of the letters in ``entry`` inside their ranges.

    Attributes:
        entry: the left side, e.g. ``z[l, i]`` or ``a[1, i]``; its indices are free letters or fixed layers.
        value: the right side, written in the letters of ``entry``.
        layers: inclusive bounds of the layer, or None where the quantity has no layer.
    """

    entry: Expr
    value: Expr
    layers: index.Range | None = None

    @property
    def name(self) -> str:
        """The name of the quantity that is defined."""
        return index.name_of(self.entry)

    def at(self, entry: Expr) -> Expr:
        """The right side for another entry of the same quantity."""
        values = dict(zip(index.indices_of(self.entry), index.indices_of(entry), strict=True))
        letters = {letter: value for letter, value in values.items() if letter.is_Symbol}
        return index.substitute(self.value, letters)


@final
@dataclass(frozen=True, slots=True)
class Assumption:
    """``left = right`` holds for the data by agreement, e.g. the targets of one sample add up to 1.

    Attributes:
        left: an expression over given quantities.
        right: its value.
        name: a stable word for it.
    """

    left: Expr
    right: Expr
    name: str


@final
@dataclass(frozen=True, slots=True)
class Batch:
    """The objective over all samples: ``factor`` × the sum of the sample objectives, plus the regulariser.

    Attributes:
        objective: the name of the whole, e.g. ``"J"``.
        factor: 1/m or 1.
        regularizer: an expression over the parameters, 0 where there is none.
    """

    objective: str
    factor: Expr
    regularizer: Expr


@final
@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Quantities, their definitions in order of evaluation, and the scalar that is differentiated.

    Attributes:
        quantities: every quantity that occurs.
        definitions: recursive in the layer where they like.
        parameters: names of the quantities that gradients are wanted for.
        objective: name of the scalar quantity that is differentiated.
        adjoint: (name of the adjoint, name of the quantity it belongs to), e.g. ``("delta", "z")``.
        functions: the known ones among the functions of one variable, by letter.
        assumptions: what holds for the data.
        batch: how the objective of one sample enters that of all; None where there is one sample.
        depth: the number of layers, a number or L.
        widths: the number of neurons of each layer, where they are known.

    Raises:
        ModelError: a component is counted from another number than 1, a layer from a negative one, or a definition
            reads a layer before the first.
    """

    quantities: tuple[index.Quantity, ...]
    definitions: tuple[Definition, ...]
    parameters: tuple[str, ...]
    objective: str
    adjoint: tuple[str, str] | None = None
    functions: tuple[tuple[str, Activation], ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    batch: Batch | None = None
    depth: Expr = index.DEPTH
    widths: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        for quantity in self.quantities:
            _require_bounds(quantity)
        for definition in self.definitions:
            for entry in index.entries(definition.value):
                _require_layer(self, definition, entry)

    def quantity(self, name: str) -> index.Quantity:
        """The quantity of that name.

        Raises:
            ModelError: the model has none.
        """
        for quantity in self.quantities:
            if quantity.name == name:
                return quantity
        raise errors.ModelError(f"the model has no quantity named {name}")

    def ranges_of(self, entry: Expr) -> dict[Expr, index.Range]:
        """Where each index of an entry lies, as the quantity's declaration says."""
        indices = index.indices_of(entry)
        bounds = self.quantity(index.name_of(entry)).ranges_at(indices)
        return dict(zip(indices, bounds, strict=True))

    def definition_of(self, entry: Expr, known: Mapping[Expr, index.Range] | None = None) -> Definition | None:
        """The definition in force at an entry; None where there is none, as for a weight.

        Args:
            entry: its layer may be a letter.
            known: where that letter lies; one that is not there may lie anywhere in a definition's range.

        Raises:
            ModelError: the entry's layer is a letter that several definitions share out among them.
        """
        indices = index.indices_of(entry)
        named = defining(self).get(index.name_of(entry), ())
        found = [d for d in named if d.layers is None or covers(d.layers, indices[0], known or {})]
        if len(found) > 1:
            raise errors.ModelError(f"{entry} is defined {len(found)} times")
        return found[0] if found else None

    def definitions_at(self, entry: Expr, known: Mapping[Expr, index.Range]) -> tuple[Definition, ...]:
        """The definitions that hold at an entry for some at least of the layers where its layer may lie.

        Args:
            entry: its layer may be a letter.
            known: where that letter lies; one that is not there may lie anywhere in a definition's range.
        """
        named = defining(self).get(index.name_of(entry), ())
        return tuple(d for d in named if d.layers is None or meets(d.layers, index.indices_of(entry)[0], known))

    def is_given(self, entry: Expr, known: Mapping[Expr, index.Range]) -> bool:
        """Whether no definition holds at an entry, for some at least of the layers where its layer may lie."""
        ranges = [definition.layers for definition in self.definitions_at(entry, known)]
        if not ranges or None in ranges:
            return not ranges
        extent = _extent(index.indices_of(entry)[0], known)
        if extent is None:
            return False
        first, last = extent
        for low, high in sorted((bounds for bounds in ranges if bounds), key=lambda bounds: index.leading(bounds[0])):
            if not index.at_most(low, first):
                return True
            first = max(first, high + 1, key=index.leading)
        return index.at_most(first, last)


def _require_bounds(quantity: index.Quantity) -> None:
    """Indices are positive integers, so that no component 0 could be told from any other; a layer may be 0."""
    components = quantity.ranges[1:] if quantity.layered else quantity.ranges
    for low, high in components:
        if low != 1:
            raise errors.ModelError(f"an index of {quantity.name} runs over {low}…{high}: components begin at 1")
    if quantity.layered and quantity.ranges[0][0].is_negative:
        raise errors.ModelError(f"the layers of {quantity.name} begin at {quantity.ranges[0][0]}: they begin at 0 or 1")


def _require_layer(model: Model, definition: Definition, entry: Expr) -> None:
    """What a definition reads at a numbered layer is declared there."""
    quantity = model.quantity(index.name_of(entry))
    if not quantity.layered:
        return
    layer, low = index.indices_of(entry)[0], quantity.ranges[0][0]
    if layer.is_Integer and low.is_Integer and layer < low:
        raise errors.ModelError(
            f"{definition.entry} is defined by {entry}, but the layers of {quantity.name} begin at {low}"
        )


def covers(layers: index.Range, layer: Expr, known: Mapping[Expr, index.Range]) -> bool:
    """Whether a layer lies in a range for certain; a letter of unknown range does if the range has several layers."""
    first, last = _extent(layer, known) or layers
    return _may_hold(layers, layer, known) and index.at_most(layers[0], first) and index.at_most(last, layers[1])


def meets(layers: index.Range, layer: Expr, known: Mapping[Expr, index.Range]) -> bool:
    """Whether a layer may lie in a range; a letter of unknown range does if the range has several layers."""
    first, last = _extent(layer, known) or layers
    return _may_hold(layers, layer, known) and index.at_most(layers[0], last) and index.at_most(first, layers[1])


def _may_hold(layers: index.Range, layer: Expr, known: Mapping[Expr, index.Range]) -> bool:
    low, high = layers
    return bool(low != high) or (may_meet(low, layer) and _letters(layer) <= set(known))


def _letters(layer: Expr) -> set[Expr]:
    return set(layer.free_symbols) - {index.DEPTH}


def _extent(layer: Expr, known: Mapping[Expr, index.Range]) -> index.Range | None:
    """The first and the last layer that l + c may be; None where nothing is known of l."""
    letters = _letters(layer)
    if not letters <= set(known):
        return None
    first, last = (layer.xreplace({letter: known[letter][end] for letter in letters}) for end in (0, 1))
    return first, last


def may_meet(layer: Expr, place: Expr) -> bool:
    """Whether two layers can be the same one; two numbers are compared at once."""
    return bool(layer == place) if layer.is_Integer and place.is_Integer else True


def at_sample(model: Model, expression: Expr, sample: Expr) -> Expr:
    """The expression for one of the samples: entries that differ between samples get the index ``sample``, last."""
    values = {
        entry: entry.base[(*entry.indices, sample)]
        for entry in index.entries(expression)
        if model.quantity(index.name_of(entry)).per_sample
    }
    return index.refresh(expression.xreplace(values))


@lru_cache(maxsize=32)
def defining(model: Model) -> dict[str, tuple[Definition, ...]]:
    """The definitions of each quantity, by name."""
    result: dict[str, tuple[Definition, ...]] = {}
    for definition in model.definitions:
        result[definition.name] = (*result.get(definition.name, ()), definition)
    return result


def _layer(model: Model, array: Tuple) -> Expr | None:
    """The layer of an array that an unspecified function is of; None where it has none, or all are meant."""
    is_layered = len(array) > 1 and model.quantity(str(array[0])).layered
    return array[1] if is_layered and array[1] != index.ALL else None


@lru_cache(maxsize=32)
def readers(model: Model) -> dict[str, tuple[tuple[Definition, Expr | None], ...]]:
    """For each quantity, the definitions that read it and the layer at which they do (None: it has no layer)."""
    result: dict[str, dict[tuple[Definition, Expr | None], None]] = {}
    for definition in model.definitions:
        for name, layer in _reads(model, definition.value):
            result.setdefault(name, {})[definition, layer] = None
    return {name: tuple(found) for name, found in result.items()}


def _reads(model: Model, value: Expr) -> list[tuple[str, Expr | None]]:
    """The arrays that a value reads, each with its layer."""
    arrays = [array for node in value.atoms(index.Unspecified) for array in node.arrays]
    found = [(str(array[0]), _layer(model, array)) for array in arrays]
    for entry in index.entries(value):
        name = index.name_of(entry)
        found.append((name, index.indices_of(entry)[0] if model.quantity(name).layered else None))
    return sorted(set(found), key=str)
