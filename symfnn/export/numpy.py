"""Compile a network's derived gradients into a NumPy function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from symfnn import errors
from symfnn.export.numpy_module import module
from symfnn.model.definitions import Model

Array: TypeAlias = NDArray[Any]


@final
@dataclass(frozen=True, slots=True)
class CompiledGradient:
    """A function of parameters and samples that returns the objective and its gradients.

    Attributes:
        source: the NumPy module whose ``loss_and_grad`` runs, as ``symfnn export`` writes it.
        widths: the number of neurons of each layer.
    """

    source: str
    widths: tuple[int, ...]
    _run: Callable[[list[Array], Array, Array], tuple[Any, list[Array]]] = field(repr=False, compare=False)

    def __call__(self, theta: Sequence[ArrayLike], X: ArrayLike, Y: ArrayLike) -> tuple[Any, list[Array]]:
        """The objective and its gradients.

        Args:
            theta: Θ^(l) for l = 2 … L, each of shape (s_{l-1} + 1, s_l) with the biases in row 0.
            X: inputs, of shape (m, s_1), one sample a row.
            Y: targets, of shape (m, s_L).

        Returns:
            J, and arrays of the shapes of ``theta``. All have the data type of the arguments; whole numbers count as
            float64.

        Raises:
            ShapeError: an argument has another shape, or holds no real numbers.
        """
        wanted = list(zip(self.widths, self.widths[1:], strict=False))
        if len(theta) != len(wanted):
            raise errors.ShapeError(
                f"theta has {len(theta)} arrays, but this network needs {len(wanted)}, for layers 2…L"
            )
        given = [_real(f"theta[{place}]", part) for place, part in enumerate(theta)]
        inputs, targets = _real("X", X), _real("Y", Y)
        for place, (array, (before, own)) in enumerate(zip(given, wanted, strict=True)):
            _require(f"theta[{place}]", array, (before + 1, own), "inputs and a row of biases, by neurons")
        if inputs.ndim != 2 or inputs.shape[0] < 1:
            raise errors.ShapeError(f"X has shape {inputs.shape}, but one row for each of m ≥ 1 samples is needed")
        _require("X", inputs, (inputs.shape[0], self.widths[0]), "samples by inputs")
        _require("Y", targets, (inputs.shape[0], self.widths[-1]), "samples by outputs")
        dtype = np.result_type(*given, inputs, targets)
        cast = [array.astype(dtype, copy=False) for array in (*given, inputs, targets)]
        objective, gradients = self._run(cast[:-2], cast[-2], cast[-1])
        return objective, gradients


def lambdify(model: Model, strength: float | None = None) -> CompiledGradient:
    """A NumPy function for a network's objective and gradients, generated from the derived closed forms (A14 to A19).

    Args:
        model: with given layers, activations and a loss.
        strength: λ, where the model's regulariser leaves it open.

    Returns:
        ``f(theta, X, Y) -> (J, gradients)``; ``f.source`` is its text. ``theta`` and ``gradients`` are lists of arrays
        (s_{l-1} + 1, s_l) for l = 2 … L with the biases in row 0, ``X`` is (m, s_1) and ``Y`` (m, s_L).

    Raises:
        ModelError: the model leaves something open, or holds something that has no form with arrays.
    """
    source = module(model, strength, has_formulas=False)
    names: dict[str, Any] = {"__name__": "symfnn_gradient"}
    # the text is made of the package's own names and of numbers alone
    exec(compile(source, "<symfnn.lambdify>", "exec"), names)
    return CompiledGradient(source, model.widths or (), names["loss_and_grad"])


def _real(name: str, given: ArrayLike) -> Array:
    """The argument as an array of floating-point numbers.

    Raises:
        ShapeError: it is no array of real numbers.
    """
    try:
        array = np.asarray(given)
    except ValueError as error:
        raise errors.ShapeError(f"{name} is no rectangular array: {error}") from error
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    if array.dtype.kind != "f":
        raise errors.ShapeError(f"{name} holds {array.dtype}, but real numbers are needed")
    return array


def _require(name: str, array: Array, shape: tuple[int, ...], axes: str) -> None:
    if array.shape != shape:
        raise errors.ShapeError(f"{name} has shape {array.shape}, but {shape} is needed ({axes})")
