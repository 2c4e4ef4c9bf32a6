"""Back propagation written by hand in NumPy, as textbooks have it; it shares nothing with the package.

Written straightforwardly for moderate numbers: nothing here is made for saturation.
"""

import mpmath
import numpy as np

_erf = np.vectorize(lambda x: float(mpmath.erf(float(x))), otypes=[float])


def _logistic(z):
    return 1 / (1 + np.exp(-z))


def _normal_density(z):
    return np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


# a(z) and a'(z)
ACTIVATIONS = {
    "identity": (lambda z: z, lambda z: np.ones_like(z)),
    "sigmoid": (_logistic, lambda z: _logistic(z) * (1 - _logistic(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "leaky-relu": (lambda z: np.where(z > 0, z, z / 100), lambda z: np.where(z > 0, 1, 0.01)),
    "elu": (lambda z: np.where(z > 0, z, np.exp(z) - 1), lambda z: np.where(z > 0, 1, np.exp(z))),
    "softplus": (lambda z: np.log(1 + np.exp(z)), _logistic),
    "silu": (lambda z: z * _logistic(z), lambda z: _logistic(z) * (1 + z * (1 - _logistic(z)))),
    "gelu": (
        lambda z: z * (1 + _erf(z / np.sqrt(2))) / 2,
        lambda z: (1 + _erf(z / np.sqrt(2))) / 2 + z * _normal_density(z),
    ),
    "softsign": (lambda z: z / (1 + np.abs(z)), lambda z: 1 / (1 + np.abs(z)) ** 2),
}


def _huber(e):
    return np.where(np.abs(e) <= 1, e * e / 2, np.abs(e) - 0.5)


# the loss of each entry, and its derivative by a
LOSSES = {
    "half-squared-error": (lambda a, y: (a - y) ** 2 / 2, lambda a, y: a - y),
    "cross-entropy": (
        lambda a, y: -y * np.log(a) - (1 - y) * np.log(1 - a),
        lambda a, y: -y / a + (1 - y) / (1 - a),
    ),
    "softmax-cross-entropy": (lambda a, y: -y * np.log(a), lambda a, y: -y / a),
    "absolute-error": (lambda a, y: np.abs(a - y), lambda a, y: np.sign(a - y)),
    "huber": (lambda a, y: _huber(a - y), lambda a, y: np.clip(a - y, -1, 1)),
}

# the penalty of each weight, and its derivative
REGULARIZERS = {
    None: (lambda w: 0 * w, lambda w: 0 * w),
    "l2": (lambda w: w * w / 2, lambda w: w),
    "l1": (np.abs, np.sign),
    "elastic-net": (lambda w: np.abs(w) / 2 + w * w / 4, lambda w: np.sign(w) / 2 + w / 2),
}


def activate(name, z):
    if name == "softmax":
        powers = np.exp(z)
        return powers / powers.sum(axis=1, keepdims=True)
    return ACTIVATIONS[name][0](z)


def _back(name, z, by_output):
    """The derivative by z from the derivative by a = f(z)."""
    if name == "softmax":
        a = activate(name, z)
        jacobians = a[:, :, None] * (np.eye(a.shape[1]) - a[:, None, :])
        return np.einsum("nij,nj->ni", jacobians, by_output)
    return by_output * ACTIVATIONS[name][1](z)


def forward(theta, inputs, activations):
    """All states and all activations."""
    states, outputs = [], [inputs]
    for parameters, name in zip(theta, activations, strict=True):
        states.append(outputs[-1] @ parameters[1:] + parameters[0])
        outputs.append(activate(name, states[-1]))
    return states, outputs


def gradient(theta, inputs, targets, activations, loss, regularizer=None, reduction="mean", strength=0.0):
    """J and its gradients."""
    samples = len(inputs) if reduction == "mean" else 1
    states, outputs = forward(theta, inputs, activations)
    value, by_output = LOSSES[loss]
    penalty, by_weight = REGULARIZERS[regularizer]
    total = value(outputs[-1], targets).sum() + strength * sum(penalty(part[1:]).sum() for part in theta)
    error = _back(activations[-1], states[-1], by_output(outputs[-1], targets))
    gradients = []
    for place in range(len(theta) - 1, -1, -1):
        own = np.vstack([error.sum(axis=0), outputs[place].T @ error])
        own[1:] += strength * by_weight(theta[place][1:])
        gradients.insert(0, own / samples)
        if place:
            error = _back(activations[place - 1], states[place - 1], error @ theta[place][1:].T)
    return total / samples, gradients
