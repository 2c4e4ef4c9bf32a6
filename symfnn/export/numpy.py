"""Compile a network's derived gradients into a NumPy function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from symfnn.export import arguments
from symfnn.export.arguments import Array
from symfnn.export.numpy_module import module
from symfnn.model.definitions import Model


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
        given = arguments.parameters(theta, self.widths)
        inputs, targets = arguments.real("X", X), arguments.real("Y", Y)
        arguments.require_samples(inputs.shape, targets.shape, self.widths)
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
