"""The network of a fitted ``MLPClassifier`` or ``MLPRegressor`` of scikit-learn, which is not imported here."""

from typing import Any

from symfnn import errors
from symfnn.model.definitions import Model
from symfnn.weights.chain import Array, Layer, Objective, network

_ACTIVATIONS = {"identity": "identity", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "softmax": "softmax"}
_LOSSES = {"identity": "half-squared-error", "softmax": "softmax-cross-entropy", "logistic": "cross-entropy"}


def from_sklearn(estimator: Any) -> tuple[Model, list[Array]]:
    """The model that a fitted estimator minimises, with its penalty ``alpha``, and its parameters.

    Its gradient is that of the estimator for targets as ``estimator`` encodes them: one column for each class. Of a
    regression with K outputs scikit-learn reports the loss divided by K, but not the gradient.

    Args:
        estimator: an ``MLPClassifier`` or ``MLPRegressor`` after ``fit``.

    Returns:
        The model, and arrays (s_{l-1} + 1, s_l) for l = 2 … L.

    Raises:
        ModelError: it is none, is not fitted, or has an activation that has no name here.
    """
    name = type(estimator).__name__
    if name not in ("MLPClassifier", "MLPRegressor"):
        raise errors.ModelError(f"an MLPClassifier or MLPRegressor is needed, not {name}")
    if not hasattr(estimator, "coefs_"):
        raise errors.ModelError(f"this {name} is not fitted: it has no weights yet")
    output = estimator.out_activation_
    if output not in _LOSSES or estimator.activation not in _ACTIVATIONS:
        given = estimator.activation if output in _LOSSES else output
        raise errors.ModelError(f"the activation {given!r} of this {name} has no counterpart in the catalogue")
    count = len(estimator.coefs_)
    activations = [_ACTIVATIONS[estimator.activation]] * (count - 1) + [_ACTIVATIONS[output]]
    arrays = zip(estimator.coefs_, estimator.intercepts_, activations, strict=True)
    layers = [Layer(f"layer {place}", *given) for place, given in enumerate(arrays, 2)]
    penalty = ("l2", "mean", float(estimator.alpha)) if estimator.alpha else (None, "mean", None)
    return network(layers, Objective(_LOSSES[output], *penalty), f"this {name}")
