"""PyTorch, JAX and HIPS autograd, differentiating the same loss by themselves."""

from contenders import Contender, stacked


def _torch_loss(case):
    import torch
    from torch.nn import functional as F

    is_relu = case.model == "relu"

    def loss(weights, biases, X, Y):
        a = X
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            z = torch.addmm(b, a, W)
            a = torch.relu(z) if is_relu else torch.sigmoid(z)
        z = torch.addmm(biases[-1], a, weights[-1])
        if is_relu:
            return F.cross_entropy(z, Y)
        return F.binary_cross_entropy_with_logits(z, Y, reduction="sum") / len(X)

    weights, biases, X, Y = case.parts()
    return loss, [torch.from_numpy(W) for W in weights], [torch.from_numpy(b) for b in biases], (X, Y)


def _read(found):
    return found[0].item(), stacked(*([part.detach().numpy() for part in parts] for parts in found[1]))


def eager(case):
    """As most people write it: modules, and ``backward``."""
    import torch

    weights, biases, X, Y = (case.parts()[0], case.parts()[1], *map(torch.from_numpy, case.parts()[2:]))
    layers = []
    for W, b in zip(weights, biases, strict=True):
        linear = torch.nn.Linear(*W.shape, dtype=X.dtype)
        linear.weight.data, linear.bias.data = torch.from_numpy(W.T.copy()), torch.from_numpy(b)
        layers += [linear, torch.nn.ReLU() if case.model == "relu" else torch.nn.Sigmoid()]
    network = torch.nn.Sequential(*layers[:-1])
    is_relu = case.model == "relu"
    loss = torch.nn.CrossEntropyLoss() if is_relu else torch.nn.BCEWithLogitsLoss(reduction="sum")

    def run():
        network.zero_grad()
        value = loss(network(X), Y)
        if not is_relu:
            value = value / len(X)
        value.backward()
        return value

    def read(value):
        linears = layers[::2]
        by_weights = [linear.weight.grad.numpy().T for linear in linears]
        return value.item(), stacked(by_weights, [linear.bias.grad.numpy() for linear in linears])

    return run, read


def functions(case, compiled=None):
    """The shortest way: functions of PyTorch, and ``autograd.grad``."""
    import torch

    loss, weights, biases, data = _torch_loss(case)
    X, Y = (torch.from_numpy(part) for part in data)
    parameters = [part.requires_grad_() for part in (*weights, *biases)]
    loss = loss if compiled is None else compiled(loss)

    def run():
        value = loss(weights, biases, X, Y)
        return value, torch.autograd.grad(value, parameters)

    return run, lambda found: _read((found[0], (found[1][: len(weights)], found[1][len(weights) :])))


def compiled(case):
    import torch

    torch._dynamo.reset()
    return functions(case, torch.compile)


def func_grad(case):
    import torch

    loss, weights, biases, data = _torch_loss(case)
    X, Y = (torch.from_numpy(part) for part in data)
    both = torch.func.grad_and_value(loss, argnums=(0, 1))

    def run():
        return both(weights, biases, X, Y)

    return run, lambda found: _read((found[1], found[0]))


def jax(case):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    is_relu = case.model == "relu"

    def loss(weights, biases, X, Y):
        a = X
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            z = a @ W + b
            a = jax.nn.relu(z) if is_relu else jax.nn.sigmoid(z)
        z = a @ weights[-1] + biases[-1]
        if is_relu:
            return -(Y * jax.nn.log_softmax(z)).sum() / len(X)
        return (Y * jax.nn.softplus(-z) + (1 - Y) * jax.nn.softplus(z)).sum() / len(X)

    weights, biases, X, Y = (jax.tree.map(jnp.asarray, part) for part in case.parts())
    both = jax.jit(jax.value_and_grad(loss, argnums=(0, 1)))
    return (
        lambda: jax.block_until_ready(both(weights, biases, X, Y)),
        lambda found: (float(found[0]), stacked(*found[1])),
    )


def hips(case):
    import autograd
    import autograd.numpy as np

    is_relu = case.model == "relu"
    weights, biases, X, Y = case.parts()

    def loss(parameters):
        a = X
        for W, b in parameters[:-1]:
            z = a @ W + b
            a = np.maximum(z, 0) if is_relu else 1 / (1 + np.exp(-z))
        W, b = parameters[-1]
        z = a @ W + b
        if is_relu:
            shifted = z - np.max(z, axis=1, keepdims=True)
            return -np.sum(Y * (shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True)))) / len(X)
        return np.sum(Y * np.logaddexp(0, -z) + (1 - Y) * np.logaddexp(0, z)) / len(X)

    both = autograd.value_and_grad(loss)
    parameters = list(zip(weights, biases, strict=True))
    return lambda: both(parameters), lambda found: (found[0], stacked(*zip(*found[1], strict=True)))


CONTENDERS = (
    Contender("torch eager", eager, library="torch"),
    Contender("torch eager, functions", functions, library="torch"),
    Contender("torch.compile", compiled, library="torch"),
    Contender("torch.func.grad", func_grad, library="torch"),
    Contender("jax.jit(value_and_grad)", jax, library="jax"),
    Contender("autograd", hips, library="autograd.numpy"),
)
