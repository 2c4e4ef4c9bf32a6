"""The functions that an exported module holds, each with the program that evaluates it; no library's text."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, final

from sympy import Integer

from symfnn import errors
from symfnn.algebra import index
from symfnn.export.build import optimised, plain_program, program
from symfnn.export.passes.prune import restricted
from symfnn.export.program import Program
from symfnn.export.tangent import along
from symfnn.model.definitions import Batch, Definition, Model

WHAT = ("gradient", "input", "jvp", "vjp", "hvp")
ARGUMENTS = {
    "theta": "{parameters} arrays, that of layer l of shape (1 + s_(l-1), s_l).",
    "X": "inputs, of shape (m, {inputs}).",
    "Y": "targets, of shape (m, {outputs}).",
    "V": "by what the outputs are multiplied, of shape (m, {outputs}).",
    "m": "the number of all samples.",
    "theta_dot": "a direction for the parameters, of the shapes of theta.",
    "X_dot": "a direction for the inputs, of shape (m, {inputs}).",
}
# the arguments that are lists, and their parts by layer
LISTS = {"theta": "theta_{0}", "theta_dot": "theta_{0}_dot"}


@final
@dataclass(frozen=True, slots=True)
class Result:
    """A number, an array, or a list with one array for each layer from the second."""

    kind: Literal["number", "array", "list"]
    names: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Function:
    """A function of arrays.

    Attributes:
        name: its name.
        title: what it gives, in one line.
        arguments: their names.
        program: which evaluates it; the inputs of ``theta`` are ``theta_2``, ``theta_3``, …
        results: what it returns, the names of arrays in the program.
        model: whose formulas it evaluates, where that is not the module's.
    """

    name: str
    title: str
    arguments: tuple[str, ...]
    program: Program
    results: tuple[Result, ...]
    model: Model | None = None


def functions(model: Model, strength: float | None = None, what: Collection[str] = ()) -> tuple[Function, ...]:
    """The functions of a model: objective, gradient and outputs, and what is asked for beside them.

    Args:
        model: with given layers, known activations and a loss.
        strength: λ, where the model's regulariser leaves it open.
        what: some of ``WHAT``.

    Raises:
        ModelError: the model leaves something open or holds something that has no form with arrays, or what is asked
            for is unknown.
    """
    for name in what:
        if name not in WHAT:
            raise errors.ModelError(f"unknown derivative {name!r}: choose from {', '.join(WHAT)}")
    whole = program(model, strength)
    objective, *gradients, output = whole.outputs
    value, slopes, outputs = _number(objective), _list(gradients), _array(output)
    return (
        _function("loss_and_grad", "The objective J and its gradient by every theta.", "XY", whole, value, slopes),
        _function("loss", "The objective J.", "XY", whole, value),
        _function("predict", "The outputs of the network, of shape (m, {outputs}).", "X", whole, outputs),
        *([_input_gradient(model, strength)] if "input" in what else []),
        *([_jacobian_vector(model, strength)] if "jvp" in what else []),
        *([_vector_jacobian(model)] if "vjp" in what else []),
        *([_hessian_vector(model, strength)] if "hvp" in what else []),
    )


def part_of_samples(model: Model, strength: float | None = None) -> Function:
    """The share that some of m samples have in the objective and its gradients; ``m`` is an argument.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form with arrays.
    """
    whole = program(model, strength)
    objective, *gradients, _ = whole.outputs
    title = "The share of these samples in the objective J and its gradient by every theta."
    made = _function("loss_and_grad", title, "XY", whole, _number(objective), _list(gradients))
    return replace(made, arguments=("theta", "X", "Y", "m"))


def _input_gradient(model: Model, strength: float | None) -> Function:
    whole = program(model, strength, by_data=("X",))
    title = "The gradient of J by the inputs, of shape (m, {inputs})."
    return _function("input_grad", title, "XY", whole, _array(whole.outputs[-2]))


def _jacobian_vector(model: Model, strength: float | None) -> Function:
    """The outputs and their derivative, by differentiating the definitions."""
    plain = plain_program(model, strength)
    output = plain.outputs[-1]
    forward = restricted(plain, (output,))
    whole = optimised(along(forward, [name for name, _ in forward.inputs], [output]))
    title = "The outputs, and their derivative along a direction of parameters and inputs: a Jacobian-vector product."
    results = [_array(name) for name in whole.outputs]
    made = _function("jvp", title, "X", whole, *results)
    return replace(made, arguments=("theta", "X", "theta_dot", "X_dot"))


def _vector_jacobian(model: Model) -> Function:
    """The gradients of Σ v∘a, an objective without penalty, by the closed forms."""
    weighted = _weighted_outputs(model)
    whole = program(weighted, by_data=("X",))
    _, *gradients, by_inputs, _ = whole.outputs
    title = "The gradients of the sum of V * outputs by every theta and by the inputs: a vector-Jacobian product."
    made = _function("vjp", title, "XV", whole, _list(gradients), _array(by_inputs))
    return replace(made, model=weighted)


def _hessian_vector(model: Model, strength: float | None) -> Function:
    """By differentiating the derived gradient."""
    plain = plain_program(model, strength)
    gradients = plain.outputs[1:-1]
    backward = restricted(plain, gradients)
    parameters = [name for name, _ in backward.inputs if name.startswith("theta")]
    whole = optimised(along(backward, parameters, gradients))
    title = "The second derivative of J by theta, multiplied by a direction: a Hessian-vector product."
    made = _function("hvp", title, "XY", whole, _list(whole.outputs[len(gradients) :]))
    return replace(made, arguments=("theta", "X", "Y", "theta_dot"))


def _weighted_outputs(model: Model) -> Model:
    """The model with the objective Σ_k v_k a_k, over all samples without factor and penalty."""
    a, y = model.quantity("a"), model.quantity("y")
    v = replace(y, name="v")
    total = index.summation(lambda k: v[k] * a[model.depth, k], 1, index.width(model.depth))
    definitions = tuple(
        Definition(d.entry, total, d.layers) if d.name == model.objective else d for d in model.definitions
    )
    quantities = tuple(v if quantity is y else quantity for quantity in model.quantities)
    batch = Batch("J", Integer(1), Integer(0))
    return replace(model, quantities=quantities, definitions=definitions, batch=batch, assumptions=())


def _number(name: str) -> Result:
    return Result("number", (name,))


def _array(name: str) -> Result:
    return Result("array", (name,))


def _list(names: Collection[str]) -> Result:
    return Result("list", tuple(names))


def _function(name: str, title: str, arguments: str, whole: Program, *results: Result) -> Function:
    kept = restricted(whole, tuple(name for result in results for name in result.names))
    return Function(name, title, ("theta", *arguments), kept, results)
