"""The closed forms that a program is generated from, derived by the calculus layer by layer.

The error of layer l follows from the definitions of layers l-1 … l+1 alone, since the error of layer l+1 has a name.
Each layer is therefore derived from that part of the model, moved to layer 3; equal parts are derived once.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import final

from sympy import Expr, Indexed, Integer

from symfnn.algebra import index, normal
from symfnn.calculus import rules
from symfnn.derivation.steps import Rule
from symfnn.model.definitions import Definition, Model

_PLACE = 3


@final
@dataclass(frozen=True, slots=True)
class LayerForms:
    """The derivatives that belong to one layer.

    Attributes:
        state: of the objective of one sample by z[l, i].
        weight: of the objective over all samples by w[l, i, j].
        bias: of the same by b[l, i].
    """

    state: Expr
    weight: Expr
    bias: Expr


@final
@dataclass(frozen=True, slots=True)
class _Part:
    """The part of a model that decides one layer's derivatives; parts with equal keys have equal derivatives."""

    key: tuple[object, ...]
    model: Model = field(compare=False)


def closed_forms(model: Model, layer: int) -> LayerForms:
    """The closed forms of a numbered layer.

    Targets are not assumed to add up to one: the rule ``assume`` is left out.

    Args:
        model: with numbered layers, a batch, and z as the quantity whose adjoint has a name.
        layer: 2 … L.

    Raises:
        CalculusError: the definitions ask for something that the rules do not cover.
    """
    exact = tuple(rule for rule in rules.RULES if rule.name != "assume")
    found = _derive(_part(model, layer), exact, rules.RULES, rules.BATCH_RULES)
    back = layer - _PLACE
    return LayerForms(*(_moved(model, form, back) for form in (found.state, found.weight, found.bias)))


@lru_cache(maxsize=256)
def _derive(part: _Part, exact: tuple[Rule, ...], one: tuple[Rule, ...], batch: tuple[Rule, ...]) -> LayerForms:
    """Derive one part; ``one`` are the rules that ``derive_batch`` takes for each sample, here to tell caches apart."""
    del one
    (state,) = rules.derive(part.model, "z", exact)
    (weight,) = rules.derive_batch(part.model, "w", batch)
    (bias,) = rules.derive_batch(part.model, "b", batch)
    return LayerForms(state.value, weight.value, bias.value)


def _part(model: Model, layer: int) -> _Part:
    """Layers l-1 … l+1 moved to 2 … 4, the objective where l is the last layer, and one layer's penalty."""
    shift = _PLACE - layer
    definitions = tuple(_moved_definition(model, d, shift) for d in model.definitions if _belongs(model, d, layer))
    place, high = Integer(_PLACE), Integer(min(int(model.depth) - layer, 1) + _PLACE)
    layers = {"a": (Integer(2), high)}
    quantities = tuple(
        replace(q, ranges=(layers.get(q.name, (place, place)), *q.ranges[1:]))
        if q.layered
        else replace(q, ranges=tuple((low, _moved(model, bound, shift)) for low, bound in q.ranges))
        for q in model.quantities
    )
    batch = model.batch
    if batch is not None:
        batch = replace(batch, regularizer=_moved(model, penalty_of_layer(batch.regularizer, layer), shift))
    letters = {node.letter for d in definitions for node in d.value.atoms(index.ScalarFunction)}
    functions = tuple((letter, function) for letter, function in model.functions if letter in letters)
    part = replace(
        model,
        definitions=definitions,
        quantities=quantities,
        batch=batch,
        functions=functions,
        depth=high,
        widths=None,
    )
    written = tuple((d.entry, normal.normal_form(d.value), d.layers) for d in definitions)
    penalty = None if batch is None else (batch.objective, batch.factor, normal.normal_form(batch.regularizer))
    read = {index.name_of(entry) for d in definitions for entry in (d.entry, *index.entries(d.value))}
    known = tuple(q for q in quantities if q.name in read or q.name == (model.adjoint or ("", ""))[0])
    return _Part((written, functions, penalty, model.adjoint, model.objective, known), part)


def penalty_of_layer(penalty: Expr, layer: int) -> Expr:
    """The share of one layer in a sum over all layers' weights; 0 where nothing is summed."""
    shares = []
    for body, limits in normal.terms(penalty):
        outer = [limit for limit in limits if limit[0] in _layer_letters(body)]
        number = {limit[0]: Integer(layer) for limit in outer}
        inner = [tuple(part.xreplace(number) for part in limit) for limit in limits if limit not in outer]
        if outer:
            shares.append(index.bind(body.xreplace(number), inner))
    return sum(shares, Integer(0))


def _layer_letters(body: Expr) -> set[Expr]:
    return {index.indices_of(entry)[0] for entry in index.entries(body)}


def _belongs(model: Model, definition: Definition, layer: int) -> bool:
    """Whether the derivatives of a layer may read this definition."""
    if definition.layers is None:
        return bool(layer == model.depth)
    place = int(definition.layers[0])
    return layer <= place <= layer + 1 or (place == layer - 1 and definition.name == "a")


def _moved_definition(model: Model, definition: Definition, shift: int) -> Definition:
    entry, value = (_moved(model, side, shift) for side in (definition.entry, definition.value))
    layers = definition.layers
    return Definition(entry, value, layers if layers is None else (layers[0] + shift, layers[1] + shift))


def _moved(model: Model, expression: Expr, shift: int) -> Expr:
    """The same expression, every numbered layer in it moved by ``shift``."""
    layered = {quantity.name for quantity in model.quantities if quantity.layered}
    opened = index.refresh(expression)
    moved = {
        entry: entry.base[(entry.indices[0] + shift, *entry.indices[1:])]
        for entry in opened.atoms(Indexed)
        if entry.indices[0].is_Integer and (not index.is_entry(entry) or index.name_of(entry) in layered)
    }
    return opened.xreplace(moved)
