"""PyTorch, JAX and HIPS autograd, differentiating the same loss by themselves."""

from contenders import Case, Contender, stacked


def _torch_loss(case):
    """A loss of weights as ``torch.nn.Linear`` has them, one row for each neuron of their layer."""
    import torch
    from torch.nn import functional as F

    is_relu = case.model == "relu"

    def loss(weights, biases, X, Y):
        a = X
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            z = F.linear(a, W, b)
            a = torch.relu(z) if is_relu else torch.sigmoid(z)
        z = F.linear(a, weights[-1], biases[-1])
        if is_relu:
            return F.cross_entropy(z, Y)
        return F.binary_cross_entropy_with_logits(z, Y, reduction="sum") / len(X)

    weights, biases, X, Y = case.parts()
    return loss, [torch.from_numpy(W.T.copy()) for W in weights], [torch.from_numpy(b) for b in biases], (X, Y)


def _read(found):
    by_weights, by_biases = found[1]
    return found[0].item(), stacked([W.detach().numpy().T for W in by_weights], [b.detach().numpy() for b in by_biases])


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


def functions_stacked(case):
    """The same for parameters that are stacked."""
    import torch

    loss, _, _, data = _torch_loss(case)
    X, Y = (torch.from_numpy(part) for part in data)
    theta = [torch.from_numpy(part).requires_grad_() for part in case.arrays()[0]]

    def run():
        value = loss([part[1:].T for part in theta], [part[0] for part in theta], X, Y)
        return value, torch.autograd.grad(value, theta)

    return run, lambda found: (found[0].item(), [part.numpy() for part in found[1]])


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


def _jax_loss(case):
    import jax

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

    return loss


def jax(case):
    import jax

    loss = _jax_loss(case)
    weights, biases, X, Y = (jax.tree.map(jax.numpy.asarray, part) for part in case.parts())
    both = jax.jit(jax.value_and_grad(loss, argnums=(0, 1)))
    return (
        lambda: jax.block_until_ready(both(weights, biases, X, Y)),
        lambda found: (float(found[0]), stacked(*found[1])),
    )


def jax_stacked(case):
    """The same for parameters that are stacked."""
    import jax

    loss = _jax_loss(case)
    theta, X, Y = (jax.tree.map(jax.numpy.asarray, part) for part in case.arrays())
    both = jax.jit(
        jax.value_and_grad(lambda theta, X, Y: loss([part[1:] for part in theta], [part[0] for part in theta], X, Y))
    )
    return lambda: jax.block_until_ready(both(theta, X, Y)), lambda found: (float(found[0]), found[1])


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
    Contender("torch eager, stacked", functions_stacked, library="torch"),
    Contender("torch.compile", compiled, Case.is_worth_compiling, library="torch"),
    Contender("torch.func.grad", func_grad, library="torch"),
    Contender("jax.jit(value_and_grad)", jax, library="jax"),
    Contender("jax.jit, stacked", jax_stacked, library="jax"),
    Contender("autograd", hips, library="autograd.numpy"),
)
