"""What a document leaves open, filled in: a claim may hold only for some loss and some output activation."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from sympy import Add, Expr, Integer, Max, Mul, Piecewise, Sum, Symbol, exp, log, simplify

from symfnn.algebra import index
from symfnn.check.claims import Claim
from symfnn.model import activations, losses
from symfnn.model.definitions import Assumption, Definition, Model, readers

# not the identity: under it every formula that has lost its f' would stand
_FUNCTIONS = ("sigmoid", "tanh")
_PIECEWISE = ("relu",)
# an output activation and a loss; None where the activation stays
_PAIRS = (("sigmoid", "cross-entropy"), (None, "half-squared-error"), ("softmax", "softmax-cross-entropy"))

_OUTPUT = "the output activation is"


def is_of_activation(words: str) -> bool:
    """Whether a variant fills in what function a layer is computed by."""
    return words.startswith(_OUTPUT) or is_of_function(words)


def is_of_function(words: str) -> bool:
    """Whether a variant only fills in a function that the document leaves open."""
    return any(words.endswith(f" is {name}") for name in (*_FUNCTIONS, *_PIECEWISE))


def variants(claim: Claim) -> Iterator[tuple[str, Model]]:
    """The claim's model with what it leaves open filled in, in words and as a model.

    A function of pieces is filled in only where the claim has cases itself: for it f'(a) = f'(z), which is a mistake,
    stands.
    """
    has_cases = claim.left.has(Piecewise, Max) or claim.right.has(Piecewise, Max)
    yield from _with_function(claim, (*_FUNCTIONS, *(_PIECEWISE if has_cases else ())))
    yield from _with_loss(claim.model)
    yield from _adding_up(claim)
    yield from _with_shares(claim.model)


def _adding_up(claim: Claim) -> Iterator[tuple[str, Model]]:
    """The model with targets of an entropy that add up to 1, as those of one class and probabilities do."""
    model = claim.model
    for quantity in model.quantities:
        reading = [definition for definition, _ in readers(model).get(quantity.name, ())]
        is_target = bool(reading) and all(d.entry.is_Symbol and d.value.has(log) for d in reading)
        is_column = len(quantity.slots) == 1 and not quantity.layered
        if is_column and is_target and not any(d.name == quantity.name for d in model.definitions):
            words = f"Σ {quantity.name} = 1"
            agreed = Assumption(_total(quantity), Integer(1), words)
            yield words, replace(model, assumptions=(*model.assumptions, agreed))


def _total(quantity: index.Quantity) -> Expr:
    """The sum of the entries of a column."""

    def entry(k: Expr) -> Expr:
        return quantity[(k,)]

    return index.summation(entry, *quantity.ranges[0])


def ensure_known(activation: str | None, loss: str | None) -> None:
    """An activation and a loss are looked up for nothing but the error.

    Raises:
        ModelError: a name is unknown.
    """
    if loss is not None:
        losses.loss(loss)
    if activation is not None and activation != activations.SOFTMAX:
        activations.activation(activation)


def filled(model: Model, activation: str | None, loss: str | None) -> Model:
    """The model with an activation and a loss of the catalogue where it leaves them open.

    Raises:
        ModelError: a name is unknown.
    """
    output = activation if activation == activations.SOFTMAX else None
    if loss is not None:
        found = (_filled(model, *found, output, loss) for found in _open_losses(model))
        model = next((made for made in found if made is not None), model)
    if activation is None or output is not None:
        return model
    known = activations.activation(activation)
    return replace(model, functions=(*model.functions, *((letter, known) for letter in _open_letters(model))))


def _open_losses(model: Model) -> Iterator[tuple[Definition, tuple[Expr, ...], tuple[Expr, ...]]]:
    """Definitions of an unspecified loss, with its outputs and its targets."""
    for definition in model.definitions:
        node = definition.value
        if isinstance(node, index.Unspecified) and len(node.arrays) == 2 and not node.place:
            output, target = (tuple(array) for array in node.arrays)
            yield definition, output, target


def _open_letters(model: Model) -> list[str]:
    known = dict(model.functions)
    letters = {node.letter for d in model.definitions for node in d.value.atoms(index.ScalarFunction)}
    return sorted(letters - known.keys())


def open_functions(claim: Claim) -> list[str]:
    """The letters of functions that a claim is about and that have no rule."""
    nodes = claim.left.atoms(index.ScalarFunction) | claim.right.atoms(index.ScalarFunction)
    return sorted({node.letter for node in nodes} - dict(claim.model.functions).keys())


def _with_function(claim: Claim, names: tuple[str, ...]) -> Iterator[tuple[str, Model]]:
    model = claim.model
    letters = open_functions(claim) if len(open_functions(claim)) == 1 else _open_letters(model)
    if len(letters) != 1:
        return
    for name in names:
        functions = (*model.functions, (letters[0], activations.activation(name)))
        yield f"{letters[0]} is {name}", replace(model, functions=functions)


def _with_loss(model: Model) -> Iterator[tuple[str, Model]]:
    """An unspecified loss of the outputs and the targets, with the activation that goes with it."""
    for definition, output, target in _open_losses(model):
        for activation, loss in _PAIRS:
            made = _filled(model, definition, output, target, activation, loss)
            if made is not None:
                before = "" if activation is None else f"{_OUTPUT} {activation}, "
                yield f"{before}the loss is {loss}", made


def _with_shares(model: Model) -> Iterator[tuple[str, Model]]:
    """Matrices of targets that weigh the logarithms of a softmax in a loss, with shares that add up to 1."""
    defined = {definition.name for definition in model.definitions}
    agreed = {index.name_of(entry) for assumption in model.assumptions for entry in index.entries(assumption.left)}
    found: dict[str, Assumption] = {}
    for definition in model.definitions:
        for total in sorted(definition.value.atoms(Sum), key=str):
            for weight, letter, size in _weights(model, total):
                name = index.name_of(weight)
                if name not in defined | agreed and len(model.quantity(name).slots) > 1:
                    left = index.summation(partial(_share, weight, letter), 1, size)
                    found.setdefault(name, Assumption(left, Integer(1), f"Σ {name} = 1"))
    for name, assumption in found.items():
        yield f"Σ {name} = 1", replace(model, assumptions=(*model.assumptions, assumption))


def _share(weight: Expr, letter: Expr, place: Expr) -> Expr:
    """The weight at a place, at any other index that it has."""
    others = {symbol: index.index(f"{symbol.name}_") for symbol in weight.free_symbols if symbol.is_Dummy}
    return index.substitute(weight, {**others, letter: place})


def _weights(model: Model, total: Sum) -> Iterator[tuple[Expr, Expr, Expr]]:
    """The entries beside a logarithm of a softmax in a sum, each with the letter of its classes and their number."""
    sizes = {limit[0]: limit[2] for limit in total.limits}
    for term in Add.make_args(total.function):
        factors = Mul.make_args(term)
        logarithms = [factor for factor in factors if isinstance(factor, log)]
        for entry in filter(index.is_entry, factors if logarithms else ()):
            for letter in sizes.keys() & set(index.indices_of(entry)):
                if any(_is_shared(model, part, sizes[letter]) for part in logarithms):
                    yield entry, letter, sizes[letter]


def _is_shared(model: Model, logarithm: Expr, size: Expr) -> bool:
    """Whether what a logarithm is taken of is a share of a sum over so many."""
    values = [logarithm]
    names = {index.name_of(entry) for entry in index.entries(logarithm)}
    found = [d.value for d in model.definitions if d.name in names]
    # a share may have another name of its own: y = p and p = softmax(z)
    names = {index.name_of(value) for value in found if index.is_entry(value)}
    values += [*found, *(d.value for d in model.definitions if d.name in names)]
    return any(limit[2] == size for value in values for total in value.atoms(Sum) for limit in total.limits)


def _filled(
    model: Model,
    definition: Definition,
    output: tuple[Expr, ...],
    target: tuple[Expr, ...],
    activation: str | None,
    loss: str,
) -> Model | None:
    quantity, targets = model.quantity(str(output[0])), model.quantity(str(target[0]))
    is_vector = len(quantity.slots) - quantity.layered == 1 and len(output) == 1 + quantity.layered
    if not is_vector or len(targets.slots) != 1:
        return None
    places = tuple(output[1:])
    low, size = quantity.ranges_at((*places, index.index("i")))[-1]
    rule = losses.loss(loss).rule

    def term(k: Expr) -> Expr:
        return rule(quantity[(*places, k)], targets[k])

    value = index.summation(term, low, size)
    if activation is None:
        definitions = tuple(replace(d, value=value) if d is definition else d for d in model.definitions)
        return replace(model, definitions=definitions)
    own = _output_definition(model, quantity, places)
    if own is None or _is_stated(model, own, activation):
        return None
    made = _activated(own, quantity, places, activation, size)
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


def _is_stated(model: Model, own: Definition, activation: str) -> bool:
    """Whether the outputs' activation has a rule that is not that of a name of the catalogue."""
    assert isinstance(own.value, index.ScalarFunction)
    known = dict(model.functions).get(own.value.letter)
    if known is None:
        return False
    z = Symbol("z", real=True)
    return activation == "softmax" or simplify(known.rule(z) - activations.activation(activation).rule(z)) != 0


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
) -> Definition:
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
