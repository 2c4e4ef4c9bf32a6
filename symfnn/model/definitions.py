"""Definitions, and the Model that they make up; nothing here differentiates."""

from dataclasses import dataclass
from typing import final

from sympy import Expr

from symfnn import errors
from symfnn.algebra import index


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
class Model:
    """Quantities, their definitions in order of evaluation, and the scalar that is differentiated.

    Attributes:
        quantities: every quantity that occurs.
        definitions: recursive in the layer where they like.
        parameters: names of the quantities that gradients are wanted for.
        objective: name of the scalar quantity that is differentiated.
        adjoint: (name of the adjoint, name of the quantity it belongs to), e.g. ``("delta", "z")``.
    """

    quantities: tuple[index.Quantity, ...]
    definitions: tuple[Definition, ...]
    parameters: tuple[str, ...]
    objective: str
    adjoint: tuple[str, str] | None = None

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

    def definition_of(self, entry: Expr) -> Definition | None:
        """The definition in force at an entry; None for a given quantity such as a weight.

        Raises:
            ModelError: the entry's layer is a letter that several definitions share out among them.
        """
        named = [d for d in self.definitions if d.name == index.name_of(entry)]
        found = [d for d in named if d.layers is None or covers(d.layers, index.indices_of(entry)[0])]
        if len(found) > 1:
            raise errors.ModelError(f"{entry} is defined {len(found)} times")
        return found[0] if found else None


def covers(layers: index.Range, layer: Expr) -> bool:
    """Whether a layer lies in a range; a letter l + c lies in any range of more than one layer."""
    low, high = layers
    if layer.free_symbols - {index.DEPTH}:
        return bool(low != high)
    return index.at_most(low, layer) and index.at_most(layer, high)
