"""The objective for complex parameters: its imaginary part at θ + i h v is h times the derivative in direction v.

The third judge of compiled gradients: no slope of any function is written down here.
"""

import mpmath
import numpy as np

STEP = 1e-30


@np.vectorize
def _erf(z):
    """With 60 digits: fewer lose the imaginary part beside the real one."""
    with mpmath.workdps(60):
        return complex(mpmath.erf(mpmath.mpc(complex(z))))


def _abs(z):
    return np.where(z.real < 0, -z, np.where(z.real > 0, z, 0))


def _softmax(z):
    powers = np.exp(z)
    return powers / powers.sum(axis=1, keepdims=True)


ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "leaky-relu": lambda z: np.where(z.real > 0, z, z / 100),
    "elu": lambda z: np.where(z.real > 0, z, np.exp(z) - 1),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "silu": lambda z: z / (1 + np.exp(-z)),
    "gelu": lambda z: z * (1 + _erf(z / np.sqrt(2))) / 2,
    "softsign": lambda z: z / (1 + _abs(z)),
    "softmax": _softmax,
}
LOSSES = {
    "half-squared-error": lambda a, y: (a - y) ** 2 / 2,
    "cross-entropy": lambda a, y: -y * np.log(a) - (1 - y) * np.log(1 - a),
    "softmax-cross-entropy": lambda a, y: -y * np.log(a),
    "absolute-error": lambda a, y: _abs(a - y),
    "huber": lambda a, y: np.where(np.abs((a - y).real) <= 1, (a - y) ** 2 / 2, _abs(a - y) - 0.5),
}
PENALTIES = {
    None: lambda w: 0 * w,
    "l2": lambda w: w * w / 2,
    "l1": _abs,
    "elastic-net": lambda w: _abs(w) / 2 + w * w / 4,
}


def directional(theta, direction, inputs, targets, activations, loss, regularizer, reduction, strength):
    """The derivative of J by all parameters in one direction."""
    moved = [part + 1j * STEP * step for part, step in zip(theta, direction, strict=True)]
    output = inputs.astype(complex)
    for part, name in zip(moved, activations, strict=True):
        output = ACTIVATIONS[name](output @ part[1:] + part[0])
    total = LOSSES[loss](output, targets).sum() + strength * sum(PENALTIES[regularizer](p[1:]).sum() for p in moved)
    return total.imag / STEP / (len(inputs) if reduction == "mean" else 1)
