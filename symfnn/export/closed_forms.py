"""The closed forms that a program is generated from, derived by the calculus layer by layer.

The error of layer l follows from its activation and the next state alone, since the error of layer l+1 has a name; the
gradients by a layer's parameters follow from its state. Each is derived from that part of the model, moved to layer 3;
equal parts are derived once.
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
    exact = _exact()
    letters = {node.letter for d in _after(model, layer) for node in d.value.atoms(index.ScalarFunction)}
    names = {letter: f"f_{place}" for place, letter in enumerate(sorted(letters))}
    state = _state(_part(model, _after(model, layer), layer, names), exact)
    weight, bias = _parameters(_part(model, _before(model, layer), layer, {}), rules.RULES, rules.BATCH_RULES)
    state = _renamed(state, {new: old for old, new in names.items()})
    return LayerForms(*(_moved(model, form, layer - _PLACE) for form in (state, weight, bias)))


def _exact() -> tuple[Rule, ...]:
    """The rules that assume nothing of the data."""
    return tuple(rule for rule in rules.RULES if rule.name != "assume")


@lru_cache(maxsize=256)
def _state(part: _Part, exact: tuple[Rule, ...]) -> Expr:
    (found,) = rules.derive(part.model, "z", exact)
    return found.value


@lru_cache(maxsize=256)
def _parameters(part: _Part, one: tuple[Rule, ...], batch: tuple[Rule, ...]) -> tuple[Expr, Expr]:
    """By weights and by biases; ``one`` are the rules that ``derive_batch`` takes itself, here to tell caches apart."""
    del one
    (weight,) = rules.derive_batch(part.model, "w", batch)
    (bias,) = rules.derive_batch(part.model, "b", batch)
    return weight.value, bias.value


def _after(model: Model, layer: int) -> list[Definition]:
    """What a layer's state is used by: its activation, the next state, and the objective after the last layer."""
    wanted = {("a", layer), ("z", layer + 1)}
    last = layer == model.depth
    return [d for d in model.definitions if (last if d.layers is None else (d.name, int(d.layers[0])) in wanted)]


def _before(model: Model, layer: int) -> list[Definition]:
    """A layer's state, and its inputs as something given."""
    letter, x = index.index("i"), model.quantity("x")
    place = Integer(layer - 1)
    inputs = Definition(model.quantity("a")[place, letter], x[letter], (place, place))
    return [inputs, *(d for d in model.definitions if d.name == "z" and d.layers == (layer, layer))]


def _part(model: Model, chosen: list[Definition], layer: int, names: dict[str, str]) -> _Part:
    """These definitions, the layer moved to layer 3, the activations renamed, with this layer's penalty."""
    shift = _PLACE - layer
    definitions = tuple(_moved_definition(model, definition, shift, names) for definition in chosen)
    has_next = any(definition.layers == (layer + 1, layer + 1) for definition in chosen)
    place, high = Integer(_PLACE), Integer(_PLACE + has_next)
    layers = {"a": (Integer(2), high)}
    quantities = tuple(
        replace(q, ranges=(layers.get(q.name, (place, place)), *q.ranges[1:]))
        if q.layered
        else replace(q, ranges=tuple((low, _moved(model, bound, shift)) for low, bound in q.ranges))
        for q in model.quantities
    )
    batch = model.batch
    assert batch is not None
    batch = replace(batch, regularizer=_moved(model, penalty_of_layer(batch.regularizer, layer), shift))
    functions = tuple((names[letter], function) for letter, function in model.functions if letter in names)
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
    rest = None if names else (batch.objective, batch.factor, normal.normal_form(batch.regularizer))
    return _Part((written, functions, rest, model.adjoint, model.objective, high), part)


def by_inputs(model: Model) -> Expr:
    """The closed form of the derivative of the objective of one sample by x[i].

    Raises:
        CalculusError: the definitions ask for something that the rules do not cover.
    """
    part = _part(model, _before(model, 2), 2, {}).model
    (found,) = rules.derive(part, "x")
    return _moved(model, found.value, 2 - _PLACE)


def by_targets(model: Model) -> Expr:
    """The closed form of the derivative of the objective of one sample by y[i].

    Raises:
        CalculusError: the definitions ask for something that the rules do not cover.
    """
    depth = int(model.depth)
    letters = {node.letter for d in _after(model, depth) for node in d.value.atoms(index.ScalarFunction)}
    part = _part(model, _after(model, depth), depth, {letter: letter for letter in letters}).model
    (found,) = rules.derive(part, "y", _exact())
    return _moved(model, found.value, depth - _PLACE)


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


def _moved_definition(model: Model, definition: Definition, shift: int, names: dict[str, str]) -> Definition:
    entry = _moved(model, definition.entry, shift)
    value = _renamed(_moved(model, definition.value, shift), names)
    layers = definition.layers
    return Definition(entry, value, layers if layers is None else (layers[0] + shift, layers[1] + shift))


def _renamed(expression: Expr, names: dict[str, str]) -> Expr:
    """The same expression, its activations called by other letters."""
    return expression.replace(
        lambda node: isinstance(node, index.ScalarFunction) and node.letter in names,
        lambda node: index.scalar_function(names[node.letter], node.order)(*node.args),
    )


def _moved(model: Model, expression: Expr, shift: int) -> Expr:
    """The same expression, every numbered layer in it moved by ``shift``; no letter comes in that a sum could bind."""
    if not shift:
        return expression
    layered = {quantity.name for quantity in model.quantities if quantity.layered}
    moved = {
        entry: entry.base[(entry.indices[0] + shift, *entry.indices[1:])]
        for entry in expression.atoms(Indexed)
        if entry.indices[0].is_Integer and (not index.is_entry(entry) or index.name_of(entry) in layered)
    }
    return expression.xreplace(moved)
