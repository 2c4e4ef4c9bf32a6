"""NumPy as one would write it by hand, and the limit: nothing but the matrix products, into arrays that are there."""

import numpy as np

from contenders import Contender, stacked


def plain(case):
    weights, biases, X, Y = case.parts()
    is_relu = case.model == "relu"

    def run():
        states, sums = [X], []
        for W, b in zip(weights, biases, strict=True):
            z = states[-1] @ W + b
            sums.append(z)
            states.append(np.maximum(z, 0) if is_relu else 1 / (1 + np.exp(-z)))
        if is_relu:
            powers = np.exp(z - z.max(axis=1, keepdims=True))
            states[-1] = powers / powers.sum(axis=1, keepdims=True)
            J = -(Y * np.log(states[-1])).sum() / len(X)
        else:
            a = states[-1]
            J = -(Y * np.log(a) + (1 - Y) * np.log(1 - a)).sum() / len(X)
        delta = (states[-1] - Y) / len(X)
        by_weights, by_biases = [], []
        for layer in reversed(range(len(weights))):
            by_weights.append(states[layer].T @ delta)
            by_biases.append(delta.sum(axis=0))
            if layer:
                a = states[layer]
                slope = sums[layer - 1] > 0 if is_relu else a * (1 - a)
                delta = (delta @ weights[layer].T) * slope
        return J, by_weights[::-1], by_biases[::-1]

    return run, lambda found: (found[0], stacked(found[1], found[2]))


def products(case):
    """The limit with NumPy's BLAS; its results are no gradients."""
    weights, _, X, _ = case.parts()
    states = [X, *(np.ones((case.batch, width), case.dtype) for width in case.widths[1:])]
    errors = [np.ones_like(state) for state in states]
    gradients = [np.empty_like(W) for W in weights]

    def run():
        for layer, W in enumerate(weights):
            np.dot(states[layer], W, out=states[layer + 1])
        for layer in reversed(range(len(weights))):
            np.dot(states[layer].T, errors[layer + 1], out=gradients[layer])
            if layer:
                np.dot(errors[layer + 1], weights[layer].T, out=errors[layer])

    _bounded(weights, errors)
    return run, None


def torch_products(case):
    """The limit with PyTorch's BLAS."""
    import torch

    weights, _, X, _ = case.parts()
    weights = [torch.from_numpy(W) for W in weights]
    dtype = getattr(torch, case.dtype)
    states = [torch.from_numpy(X), *(torch.ones(case.batch, width, dtype=dtype) for width in case.widths[1:])]
    errors = [torch.ones_like(state) for state in states]
    gradients = [torch.empty_like(W) for W in weights]

    def run():
        for layer, W in enumerate(weights):
            torch.mm(states[layer], W, out=states[layer + 1])
        for layer in reversed(range(len(weights))):
            torch.mm(states[layer].T, errors[layer + 1], out=gradients[layer])
            if layer:
                torch.mm(errors[layer + 1], weights[layer].T, out=errors[layer])

    _bounded([W.numpy() for W in weights], [])
    return run, None


def _bounded(weights, errors):
    """Weights so small that nothing overflows when products follow each other without an activation."""
    for W in weights:
        W *= 0.5


CONTENDERS = (
    Contender("plain NumPy", plain),
    Contender("products only, NumPy", products),
    Contender("products only, torch", torch_products),
)
