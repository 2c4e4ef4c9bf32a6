"""The network of a ``torch.nn.Sequential`` of affine layers and activations; PyTorch is not imported here."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sympy import Lambda

from symfnn import errors
from symfnn.model.definitions import Model
from symfnn.weights.chain import Array, Layer, Objective, network

# the activation of a class, and its settings that it needs for that
_ACTIVATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "Identity": ("identity", {}),
    "Sigmoid": ("sigmoid", {}),
    "Tanh": ("tanh", {}),
    "ReLU": ("relu", {}),
    "LeakyReLU": ("leaky-relu", {"negative_slope": 0.01}),
    "ELU": ("elu", {"alpha": 1.0}),
    "Softplus": ("softplus", {"beta": 1.0}),
    "SiLU": ("silu", {}),
    "GELU": ("gelu", {"approximate": "none"}),
    "Softsign": ("softsign", {}),
    "Softmax": ("softmax", {}),
}


def from_torch(
    module: Any,
    loss: str | Lambda | None = None,
    regularizer: str | None = None,
    reduction: str = "mean",
    strength: float | None = None,
) -> tuple[Model, list[Array]]:
    """The model of a module, and its parameters.

    Args:
        module: a ``torch.nn.Sequential`` of ``Linear`` and activation layers, also nested, or one ``Linear``. A first
            ``Flatten`` is passed over. A layer without biases gets biases of 0.
        loss: a name of the catalogue; None for that which belongs to the output: the cross-entropies after softmax
            and sigmoid, otherwise half the squared error. Outputs without an activation are taken for logits where
            the loss is a cross-entropy.
        regularizer: as for ``feedforward``.
        reduction: the same.
        strength: the same.

    Returns:
        The model, and arrays (s_{l-1} + 1, s_l) for l = 2 … L, copies in the module's own type.

    Raises:
        ModelError: a layer has no counterpart here; its name is given.
    """
    layers: list[Layer] = []
    has_activation = False
    for name, part in _flat("", module):
        kind = type(part).__name__
        if kind == "Linear":
            layers.append(_affine(name, part))
            has_activation = False
        elif kind == "Flatten" and not layers:
            continue
        else:
            activation = _activation(name, part)
            if not layers or (has_activation and activation != "identity"):
                raise errors.ModelError(f"the layer {name!r} ({kind}) does not stand behind a Linear layer")
            if activation != "identity":
                layers[-1] = replace(layers[-1], activation=activation)
                has_activation = True
    return network(layers, Objective(loss, regularizer, reduction, strength), f"this {type(module).__name__}")


def _flat(name: str, module: Any) -> Iterator[tuple[str, Any]]:
    """The layers in order, by their names as the module has them."""
    if type(module).__name__ != "Sequential":
        yield name or "module", module
        return
    for inner, part in module.named_children():
        yield from _flat(f"{name}.{inner}" if name else inner, part)


def _affine(name: str, layer: Any) -> Layer:
    weights, biases = (None if given is None else _numbers(name, given) for given in (layer.weight, layer.bias))
    assert weights is not None
    return Layer(f"the layer {name!r}", weights.T, biases)


def _numbers(name: str, tensor: Any) -> Array:
    try:
        array: Array = tensor.detach().cpu().numpy().copy()
    except TypeError as error:
        raise errors.ModelError(f"the layer {name!r} holds {tensor.dtype}, which NumPy does not have") from error
    return array


def _activation(name: str, layer: Any) -> str:
    kind = type(layer).__name__
    if kind not in _ACTIVATIONS:
        raise errors.ModelError(
            f"the layer {name!r} ({kind}) has no counterpart here: Linear and {', '.join(_ACTIVATIONS)} have"
        )
    activation, settings = _ACTIVATIONS[kind]
    for setting, wanted in settings.items():
        found = getattr(layer, setting)
        if found != wanted:
            known = f"only {wanted!r} is known"
            raise errors.ModelError(f"the layer {name!r} ({kind}) has {setting} {found!r}, but {known}")
    if kind == "Softmax" and layer.dim not in (1, -1):
        raise errors.ModelError(f"the layer {name!r} (Softmax) runs along axis {layer.dim}, not along the neurons")
    return activation
