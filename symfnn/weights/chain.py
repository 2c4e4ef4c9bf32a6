"""A chain of affine layers and activations as a model of this package and its parameters.

The libraries that networks come from are not imported here: what a layer is, the readers have found out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray
from sympy import Lambda

from symfnn import errors
from symfnn.model.activations import SOFTMAX
from symfnn.model.definitions import Model
from symfnn.model.feedforward import feedforward

Array: TypeAlias = NDArray[Any]
IDENTITY = "identity"
_CROSS_ENTROPIES = {"softmax-cross-entropy": SOFTMAX, "cross-entropy": "sigmoid"}
_LOSSES = {output: loss for loss, output in _CROSS_ENTROPIES.items()}


@final
@dataclass(frozen=True, slots=True)
class Objective:
    """What is minimised, beside the network itself.

    Attributes:
        loss: a name of the catalogue; None for that of the output: the cross-entropies after softmax and sigmoid,
            otherwise half the squared error.
        regularizer: a name of the catalogue, or None.
        reduction: ``"mean"`` or ``"sum"`` over the samples.
        strength: λ; None leaves it a symbol.
    """

    loss: str | Lambda | None = None
    regularizer: str | None = None
    reduction: str = "mean"
    strength: float | None = None


@final
@dataclass(frozen=True, slots=True)
class Layer:
    """``a = f(x W + b)``.

    Attributes:
        name: as its own library has it, for messages.
        weights: W, inputs by neurons.
        biases: b; None counts as 0.
        activation: a name of the catalogue, or a function of one variable.
    """

    name: str
    weights: Array
    biases: Array | None
    activation: str | Lambda = field(default=IDENTITY)


def network(layers: Sequence[Layer], objective: Objective, source: str) -> tuple[Model, list[Array]]:
    """The model of a chain of layers, and its parameters.

    An output without an activation of its own is taken for logits where the loss is a cross-entropy.

    Args:
        layers: from the inputs to the outputs.
        objective: of the model.
        source: what the layers come from, for messages.

    Raises:
        ModelError: there are none, they do not fit each other, hold no floating-point numbers, or the loss does not
            fit the output.
    """
    if not layers:
        raise errors.ModelError(f"{source} has no layer with weights")
    theta = [_parameters(layer) for layer in layers]
    for before, after in pairwise(layers):
        if before.weights.shape[1] != after.weights.shape[0]:
            raise errors.ModelError(
                f"{after.name} takes {after.weights.shape[0]} inputs, but {before.name} has "
                f"{before.weights.shape[1]} neurons"
            )
    activations = [layer.activation for layer in layers]
    loss = objective.loss
    if loss is None:
        last = activations[-1]
        loss = _LOSSES.get(last, "half-squared-error") if isinstance(last, str) else "half-squared-error"
    elif isinstance(loss, str) and activations[-1] == IDENTITY:
        activations[-1] = _CROSS_ENTROPIES.get(loss, IDENTITY)
    widths = [layers[0].weights.shape[0], *(layer.weights.shape[1] for layer in layers)]
    return (
        feedforward(widths, activations, loss, objective.regularizer, objective.reduction, objective.strength),
        theta,
    )


def _parameters(layer: Layer) -> Array:
    """Biases in row 0, weights below.

    Raises:
        ModelError: the arrays have other axes, sizes or kinds of numbers.
    """
    weights = layer.weights
    biases = np.zeros(weights.shape[-1], weights.dtype) if layer.biases is None else layer.biases
    if weights.ndim != 2 or biases.shape != (weights.shape[1],):
        raise errors.ModelError(
            f"{layer.name} has weights of shape {weights.shape} and biases of shape {biases.shape}: a matrix and one "
            "bias for each of its neurons are needed"
        )
    if weights.dtype.kind != "f" or biases.dtype != weights.dtype:
        raise errors.ModelError(
            f"{layer.name} mixes {weights.dtype} and {biases.dtype}: one kind of real number is needed"
        )
    return np.vstack([biases, weights])
