"""The program of a network: its definitions and the closed forms of its derivatives, batched."""

from collections.abc import Collection
from functools import cache

from sympy import Expr, Integer, Lambda, expand_mul, log

from symfnn import errors
from symfnn.algebra import index
from symfnn.export.closed_forms import by_inputs, by_targets, closed_forms, penalty_of_layer
from symfnn.export.limits import shorter, with_limits
from symfnn.export.lowering import Lowering, Value, no_form
from symfnn.export.passes import PASSES
from symfnn.export.passes.dominant import dominant
from symfnn.export.passes.row_sums import row_sums
from symfnn.export.program import Program, Rows, Shape, Stack, variable
from symfnn.export.shapes import verify
from symfnn.export.stable import rebuilt, stable
from symfnn.model import regularizers
from symfnn.model.definitions import Model, at_sample

_N, _I, _J = index.index("n"), index.index("i"), index.index("j")
COTANGENT = variable("cotangent")  # what all derivatives are multiplied by where a function of the loss is derived
TARGETS = ("y", "v")  # what an objective compares outputs with, or weighs them by
_PER_LAYER = ("z", "a", "delta", "w", "b")


def program(
    model: Model, strength: float | None = None, *, by_data: Collection[str] = (), seeded: bool = False
) -> Program:
    """The program of the objective and its gradients, every pass applied.

    Args:
        model: with given layers, known activations and a loss.
        strength: λ, where the model's regulariser leaves it open.
        by_data: ``"X"`` and ``"Y"`` where ``X_gradient`` and ``Y_gradient``, the derivatives by them, are results too.
        seeded: whether all derivatives are multiplied by a number ``cotangent``, an input of its own.

    Returns:
        A program from ``theta_2`` … ``theta_L``, ``X``, ``Y`` and ``m`` to ``J``, ``gradient_2`` … ``gradient_L`` and
        the network's output.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form with arrays.
    """
    return optimised(plain_program(model, strength, by_data=by_data, seeded=seeded))


def optimised(plain: Program) -> Program:
    """The program after every pass.

    Raises:
        ModelError: it does not hold together.
    """
    result = verify(plain)
    for apply in PASSES:
        result = verify(apply(result))
    return result


def plain_program(
    model: Model, strength: float | None = None, *, by_data: Collection[str] = (), seeded: bool = False
) -> Program:
    """The same before any pass: every definition and every derivative on its own.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form with arrays.
    """
    _require_complete(model)
    given = _strength(model, strength)
    layers = range(2, int(model.depth) + 1)
    inputs = (*_inputs(model, layers), *([(str(COTANGENT), ())] if seeded else []))
    seed = COTANGENT if seeded else Integer(1)
    made = _lowering(model, dict(inputs))
    _forward(made, model, layers)
    _objective(made, model, given)
    for layer in reversed(layers):
        forms = closed_forms(model, layer)
        made.section = f"error of layer {layer}"
        state = at_sample(model, with_limits(stable(forms.state)), _N)
        made.assign(f"delta_{layer}", state, (_N, _I), full=f"z_{layer}")
        made.section = f"gradient of layer {layer}"
        weight, bias = (_derivative(_with_strength(form, given), seed) for form in (forms.weight, forms.bias))
        made.assign(f"bias_{layer}", bias, (None, _I), full=f"b_{layer}")
        made.assign(f"weight_{layer}", weight, (_J, _I), full=f"w_{layer}")
        made.put(f"gradient_{layer}", Stack(f"bias_{layer}", f"weight_{layer}"))
    gradients = [f"gradient_{layer}" for layer in layers]
    gradients += [_by_data(made, model, name, seed) for name in by_data]
    return dominant(row_sums(Program(inputs, tuple(made.assignments), ("J", *gradients, f"a_{model.depth}"))))


def _by_data(made: Lowering, model: Model, name: str, seed: Expr) -> str:
    """The derivative by inputs or targets."""
    assert model.batch is not None
    form = _opened_logarithms(model, stable(by_inputs(model) if name == "X" else by_targets(model)))
    made.section = f"derivative by {name}"
    value = at_sample(model, _derivative(form, seed * model.batch.factor), _N)
    made.assign(f"{name}_gradient", value, (_N, _I), full=name)
    return f"{name}_gradient"


def _derivative(form: Expr, factor: Expr) -> Expr:
    """The form to be evaluated, a factor multiplied into every term of it."""
    return with_limits(stable(expand_mul(factor * form, deep=False)))


def _inputs(model: Model, layers: range) -> tuple[tuple[str, Shape], ...]:
    parameters: list[tuple[str, Shape]] = [(f"theta_{layer}", (f"1 + s_{layer - 1}", f"s_{layer}")) for layer in layers]
    (targets,) = [quantity.name.upper() for quantity in model.quantities if quantity.name in TARGETS]
    return (*parameters, ("X", ("m", "s_1")), (targets, ("m", f"s_{model.depth}")), ("m", ()))


def _lowering(model: Model, shapes: dict[str, Shape]) -> Lowering:
    functions = dict(model.functions)

    @cache
    def rule(letter: str, order: int) -> Lambda:
        (z,) = functions[letter].rule.variables
        value = stable(functions[letter].rule.expr.diff(z, order))
        return Lambda(z, with_limits(shorter(value) if order else value))

    widths = {index.width(layer): Integer(number) for layer, number in enumerate(model.widths or (), 1)}
    widths[COTANGENT] = COTANGENT
    return Lowering(shapes, leaf=lambda entry: _leaf(model, entry), rules=rule, widths=widths)


def _leaf(model: Model, expression: Expr) -> Value | None:
    """The array of an entry. Samples are rows; w[l, i, j] is the entry of Θ that row j, column i hold."""
    if not index.is_entry(expression):
        return None
    name, indices = index.name_of(expression), list(index.indices_of(expression))
    quantity = model.quantity(name)
    if name in _PER_LAYER and indices[0].is_Integer:
        name = f"{name}_{int(indices.pop(0))}"
    elif name in ("x", *TARGETS):
        name = name.upper()
    else:
        raise no_form(expression)
    if len(set(indices)) < len(indices) or not all(letter.is_Symbol for letter in indices):
        raise no_form(expression)
    row = indices.pop() if quantity.per_sample or len(indices) == 2 else None
    return Value(variable(name), (row, indices[0]))


def _forward(made: Lowering, model: Model, layers: range) -> None:
    """Every definition but the objective's, in order."""
    made.section = "parameters"
    for layer in layers:
        made.put(f"b_{layer}", Rows(f"theta_{layer}", "biases"))
        made.put(f"w_{layer}", Rows(f"theta_{layer}", "weights"))
    for definition in model.definitions:
        if definition.layers is not None:
            layer = int(definition.layers[0])
            made.section = f"layer {layer}"
            value = with_limits(stable(definition.at(definition.entry.base[Integer(layer), _I])))
            full = f"z_{layer}" if f"z_{layer}" in made.shapes else None
            made.assign(f"{definition.name}_{layer}", at_sample(model, value, _N), (_N, _I), full)


def _objective(made: Lowering, model: Model, strength: Expr | None) -> None:
    """That of all samples, with the regulariser."""
    batch = model.batch
    assert batch is not None
    made.section = "objective"
    (definition,) = [d for d in model.definitions if d.name == model.objective]
    one = with_limits(stable(_opened_logarithms(model, stable(definition.value))))
    whole = batch.factor * index.bind(at_sample(model, one, _N), [(_N, Integer(1), index.SAMPLES)])
    layers = range(2, int(model.depth) + 1)
    penalty = sum((penalty_of_layer(batch.regularizer, layer) for layer in layers), Integer(0))
    made.assign("J", whole + _with_strength(penalty, strength), (None, None))


def _opened_logarithms(model: Model, value: Expr) -> Expr:
    """Logarithms of an activation, written in its state where that needs no logarithm any more."""

    def opened(node: Expr) -> Expr:
        if not isinstance(node, log):
            return node
        values = {entry: _in_state(model, entry) for entry in index.entries(node) if index.name_of(entry) == "a"}
        result = stable(index.substitute(node, values))
        return node if result.has(log) else result

    return rebuilt(value, opened)


def _in_state(model: Model, activation: Expr) -> Expr:
    """The definition of an activation, its function written out."""
    definition = model.definition_of(activation)
    assert definition is not None
    functions = dict(model.functions)
    return definition.at(activation).replace(
        lambda node: isinstance(node, index.ScalarFunction), lambda node: functions[node.letter].rule(*node.args)
    )


def _with_strength(expression: Expr, strength: Expr | None) -> Expr:
    return expression if strength is None else expression.xreplace({regularizers.STRENGTH: strength})


def _require_complete(model: Model) -> None:
    """Whether numbers can come out.

    Raises:
        ModelError: layers, an activation or the loss are left open.
    """
    if model.widths is None:
        raise errors.ModelError("a program needs numbered layers: give their widths, e.g. 4-3-2")
    if model.batch is None:
        raise errors.ModelError("a program needs a loss: it is unspecified in this model")
    letters = {node.letter for d in model.definitions for node in d.value.atoms(index.ScalarFunction)}
    unknown = sorted(letters - dict(model.functions).keys())
    if unknown:
        raise errors.ModelError(f"a program needs every activation: {', '.join(unknown)} is unspecified in this model")
    if model.adjoint != ("delta", "z"):
        raise errors.ModelError("a program needs delta, the derivative by z, as the model's adjoint")


def _strength(model: Model, given: float | None) -> Expr | None:
    assert model.batch is not None
    is_open = regularizers.STRENGTH in model.batch.regularizer.free_symbols
    if is_open and given is None:
        raise errors.ModelError("the regularizer's strength lambda is a symbol in this model: give strength")
    if not is_open and given is not None:
        raise errors.ModelError("a strength was given, but this model has no symbol lambda to take it")
    return None if given is None else regularizers.strength(given)
