"""What a document leaves open, filled in: a claim may hold only for some loss and some output activation."""

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr, Integer, Max, Piecewise, exp

from symfnn.algebra import index
from symfnn.model import activations, losses
from symfnn.model.definitions import Assumption, Definition, Model

_FUNCTIONS = ("sigmoid", "tanh")
_PAIRS: tuple[tuple[str, str], ...] = (("sigmoid", "cross-entropy"), ("softmax", "softmax-cross-entropy"))


def variants(model: Model, sides: tuple[Expr, ...]) -> Iterator[tuple[str, Model]]:
    """The model with what it leaves open filled in, in words and as a model.

    Nothing is supposed that would excuse a mistake: with the identity, or with max(0, z), a slope that was forgotten,
    doubled or taken at the wrong place does no harm. The one is tried only where a claim says what an output error is
    and mentions neither function nor derivative by an output, the other only where it distinguishes signs itself.

    Args:
        model: with functions or a loss left open.
        sides: of the claim.
    """
    names = (*_FUNCTIONS, *(("relu",) if _distinguishes_signs(sides) else ()))
    pairs = _PAIRS
    if _is_output_error(model, sides):
        names, pairs = (*names, "identity"), (*pairs, ("identity", "half-squared-error"))
    yield from _with_function(model, names)
    yield from _with_loss(model, pairs)


def _distinguishes_signs(sides: tuple[Expr, ...]) -> bool:
    return any(side.has(Piecewise, Max) for side in sides)


def _is_output_error(model: Model, sides: tuple[Expr, ...]) -> bool:
    """Whether a claim is about the last layer and the targets only."""
    if any(side.has(index.ScalarFunction) for side in sides):
        return False
    entries = [entry for side in sides for entry in index.entries(side)]
    if any(index.LAYER in entry.free_symbols for entry in entries):
        return False
    defined = {definition.name for definition in model.definitions}
    named = {quantity.name: quantity for quantity in model.quantities}
    names = {index.name_of(entry) for entry in entries}
    return any(name not in defined and name in named and not named[name].layered for name in names)


def _open_letters(model: Model) -> list[str]:
    known = dict(model.functions)
    letters = {node.letter for d in model.definitions for node in d.value.atoms(index.ScalarFunction)}
    return sorted(letters - known.keys())


def _with_function(model: Model, names: tuple[str, ...]) -> Iterator[tuple[str, Model]]:
    letters = _open_letters(model)
    if len(letters) != 1:
        return
    for name in names:
        functions = (*model.functions, (letters[0], activations.activation(name)))
        yield f"{letters[0]} is {name}", replace(model, functions=functions)


def _with_loss(model: Model, pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, Model]]:
    """An unspecified loss of the outputs and the targets, with the activation that goes with it."""
    for definition in model.definitions:
        node = definition.value
        if not isinstance(node, index.Unspecified) or len(node.args) != 3:
            continue
        output, target = (tuple(array) for array in node.args[1:])
        for activation, loss in pairs:
            made = _filled(model, definition, output, target, activation, loss)
            if made is not None:
                yield f"the output activation is {activation}, the loss {loss}", made


def _filled(
    model: Model, definition: Definition, output: tuple[Expr, ...], target: tuple[Expr, ...], activation: str, loss: str
) -> Model | None:
    quantity = model.quantity(str(output[0]))
    if len(quantity.slots) - quantity.layered != 1 or len(output) != 1 + quantity.layered:
        return None
    places = tuple(output[1:])
    low, size = quantity.ranges_at((*places, index.index("i")))[-1]
    rule = losses.loss(loss).rule
    targets = model.quantity(str(target[0]))
    if len(targets.slots) != 1:
        return None

    def term(k: Expr) -> Expr:
        return rule(quantity[(*places, k)], targets[k])

    value = index.summation(term, low, size)
    own = _output_definition(model, quantity, places)
    if own is None:
        return None
    made = _activated(own, quantity, places, activation, size)
    if made is None:
        return None
    assumptions = model.assumptions
    if loss == "softmax-cross-entropy":
        total = index.summation(lambda k: targets[k], 1, size)
        assumptions = (*assumptions, Assumption(total, Integer(1), "one-hot"))
    definitions = tuple(
        replace(definition, value=value) if d is definition else part
        for d in model.definitions
        for part in ((made if d is own and d.layers == made.layers else d),)
    )
    if made not in definitions:
        definitions = _split(definitions, own, made)
    return replace(model, definitions=definitions, functions=_functions(model, activation), assumptions=assumptions)


def _functions(model: Model, activation: str) -> tuple[tuple[str, activations.Activation], ...]:
    if activation == "softmax":
        return model.functions
    return (*model.functions, ("output", activations.activation(activation)))


def _output_definition(model: Model, quantity: index.Quantity, places: tuple[Expr, ...]) -> Definition | None:
    """The definition of the outputs as a function of their states."""
    entry = quantity[(*places, index.index("i"))]
    for definition in model.definitions:
        if definition.name != quantity.name or not isinstance(definition.value, index.ScalarFunction):
            continue
        if definition.layers is None or definition.layers[1] == index.indices_of(entry)[0]:
            return definition
    return None


def _activated(
    own: Definition, quantity: index.Quantity, places: tuple[Expr, ...], activation: str, size: Expr
) -> Definition | None:
    """The outputs by another activation."""
    layered = bool(places)
    letter = quantity.slots[-1]
    entry = quantity[(*places, letter)]
    state = own.at(entry).args[0]
    if activation != "softmax":
        value = index.scalar_function("output")(state)
    else:
        total = index.summation(lambda k: exp(index.substitute(state, {letter: k})), 1, size)
        value = exp(state) / total
    return Definition(entry, value, (places[0], places[0]) if layered else None)


def _split(definitions: tuple[Definition, ...], own: Definition, made: Definition) -> tuple[Definition, ...]:
    """The last layer taken out of a definition for many and given its own."""
    assert own.layers is not None
    low, high = own.layers
    rest = replace(own, layers=(low, high - 1))
    return tuple(part for d in definitions for part in ((rest, made) if d is own else (d,)))
