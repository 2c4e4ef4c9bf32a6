"""The functions that an exported module holds, each with the program that evaluates it; no library's text."""

from dataclasses import dataclass
from typing import Literal, final

from symfnn.export.build import program
from symfnn.export.passes.prune import restricted
from symfnn.export.program import Program
from symfnn.model.definitions import Model

ARGUMENTS = {
    "theta": "{parameters} arrays, that of layer l of shape (1 + s_(l-1), s_l).",
    "X": "inputs, of shape (m, {inputs}).",
    "Y": "targets, of shape (m, {outputs}).",
}
LISTS = {"theta": "theta_{0}"}  # the arguments that are lists, and their parts by layer


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
    """

    name: str
    title: str
    arguments: tuple[str, ...]
    program: Program
    results: tuple[Result, ...]


def functions(model: Model, strength: float | None = None) -> tuple[Function, ...]:
    """The functions of a model.

    Args:
        model: with given layers, known activations and a loss.
        strength: λ, where the model's regulariser leaves it open.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form with arrays.
    """
    whole = program(model, strength)
    objective, *gradients, output = whole.outputs
    value, slopes, outputs = (
        Result("number", (objective,)),
        Result("list", tuple(gradients)),
        Result("array", (output,)),
    )
    return (
        _function("loss_and_grad", "The objective J and its gradient by every theta.", "XY", whole, value, slopes),
        _function("loss", "The objective J.", "XY", whole, value),
        _function("predict", "The outputs of the network, of shape (m, {outputs}).", "X", whole, outputs),
    )


def _function(name: str, title: str, arguments: str, whole: Program, *results: Result) -> Function:
    kept = restricted(whole, tuple(name for result in results for name in result.names))
    return Function(name, title, ("theta", *arguments), kept, results)
