"""Losses of networks in PyTorch and JAX, to be differentiated by their own automatic differentiation."""

from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import torch

jax.config.update("jax_enable_x64", True)


def quickly(function):
    """The function compiled by JAX without optimisation, which takes half the time."""
    options = {"xla_backend_optimization_level": 0, "xla_llvm_disable_expensive_passes": True}
    return jax.jit(function, compiler_options=options)


TORCH = SimpleNamespace(
    name="torch",
    compiled=lambda function: function,
    array=torch.tensor,
    abs=torch.abs,
    log=torch.log,
    where=torch.where,
    log_softmax=lambda z: torch.log_softmax(z, 1),
    softplus=lambda z: torch.nn.functional.softplus(z, threshold=100),
    activations={
        "identity": lambda z: z,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "leaky-relu": torch.nn.functional.leaky_relu,
        "elu": torch.nn.functional.elu,
        "softplus": lambda z: torch.nn.functional.softplus(z, threshold=100),
        "silu": torch.nn.functional.silu,
        "gelu": torch.nn.functional.gelu,
        "softsign": torch.nn.functional.softsign,
        "softmax": lambda z: torch.softmax(z, 1),
    },
    derivative=torch.func.grad,
    jvp=torch.func.jvp,
    vjp=torch.func.vjp,
)
JAX = SimpleNamespace(
    name="jax",
    compiled=quickly,
    array=jnp.asarray,
    abs=jnp.abs,
    log=jnp.log,
    where=jnp.where,
    log_softmax=lambda z: jax.nn.log_softmax(z, axis=1),
    softplus=jax.nn.softplus,
    activations={
        "identity": lambda z: z,
        "sigmoid": jax.nn.sigmoid,
        "tanh": jnp.tanh,
        "relu": jax.nn.relu,
        "leaky-relu": lambda z: jnp.where(z > 0, z, z * 0.01),
        "elu": jax.nn.elu,
        "softplus": jax.nn.softplus,
        "silu": jax.nn.silu,
        "gelu": lambda z: jax.nn.gelu(z, approximate=False),
        "softsign": jax.nn.soft_sign,
        "softmax": lambda z: jax.nn.softmax(z, axis=1),
    },
    derivative=jax.grad,
    jvp=jax.jvp,
    vjp=jax.vjp,
)


def states_and_outputs(lib, theta, X, names):
    """The states of the last layer, and the outputs."""
    a = z = X
    for part, name in zip(theta, names, strict=True):
        z = a @ part[1:] + part[:1]
        a = lib.activations[name](z)
    return z, a


def predict(lib, names):
    return lambda theta, X: states_and_outputs(lib, theta, X, names)[1]


def loss(lib, names, kind, regularizer=None, strength=0.0, reduction="mean"):
    """J as a function of theta, X and Y; logarithms of outputs are taken of the states where that is usual."""

    def value(theta, X, Y):
        z, a = states_and_outputs(lib, theta, X, names)
        total = _error(lib, kind, names[-1], z, a, Y).sum()
        for part in theta if regularizer else ():
            w = part[1:]
            total = total + strength * _PENALTIES[regularizer](lib, w).sum()
        return total / (len(X) if reduction == "mean" else 1)

    return value


_PENALTIES = {
    "l2": lambda lib, w: w**2 / 2,
    "l1": lambda lib, w: lib.abs(w),
    "elastic-net": lambda lib, w: lib.abs(w) / 2 + w**2 / 4,
}


def _error(lib, kind, output, z, a, y):
    if kind == "half-squared-error":
        return (a - y) ** 2 / 2
    if kind == "absolute-error":
        return lib.abs(a - y)
    if kind == "huber":
        e = lib.abs(a - y)
        return lib.where(e <= 1, (a - y) ** 2 / 2, e - 0.5)
    if kind == "softmax-cross-entropy":
        return -y * lib.log_softmax(z)
    if output == "sigmoid":
        return y * lib.softplus(-z) + (1 - y) * lib.softplus(z)
    return -y * (lib.log_softmax(z) if output == "softmax" else lib.log(a)) - (1 - y) * lib.log(1 - a)


def numbers(given):
    """Lists and tuples of arrays as lists of NumPy arrays."""
    if isinstance(given, list | tuple):
        return [part for one in given for part in numbers(one)]
    return [np.asarray(given.detach() if isinstance(given, torch.Tensor) else given)]


def worst(found, wanted):
    """The largest difference, relative to the largest entry of its array."""
    pairs = list(zip(numbers(found), numbers(wanted), strict=True))
    assert all(np.isfinite(part).all() for _, part in pairs)
    return max(float(np.abs(a - b).max()) / max(float(np.abs(b).max()), 1e-300) for a, b in pairs)
