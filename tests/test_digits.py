"""Real use: the digits of scikit-learn, trained by SciPy with the gradient of each target from the same start."""

import shutil
from itertools import pairwise

import numpy as np
import pytest

from symfnn.export.c_load import load_c
from symfnn.export.numpy import lambdify
from symfnn.export.targets import module
from symfnn.model.feedforward import feedforward

datasets = pytest.importorskip("sklearn.datasets", reason="the digits come from scikit-learn")
optimize = pytest.importorskip("scipy.optimize", reason="SciPy trains")
WIDTHS = (64, 12, 10)
STEPS = 8
SAMPLES = 400  # enough to tell the curves apart, and fast


def digits():
    X, labels = datasets.load_digits(return_X_y=True)
    rng = np.random.default_rng(0)
    start = np.concatenate([(rng.normal(size=(p + 1, q)) / np.sqrt(p)).ravel() for p, q in pairwise(WIDTHS)])
    return X[:SAMPLES] / 16, np.eye(10)[labels[:SAMPLES]], start


MODEL = feedforward(WIDTHS, ("tanh", "softmax"), "softmax-cross-entropy", "l2", strength=0.5)
X, Y, START = digits()


def layers(vector):
    places = np.cumsum([(p + 1) * q for p, q in pairwise(WIDTHS)])[:-1]
    return [part.reshape(p + 1, q) for part, (p, q) in zip(np.split(vector, places), pairwise(WIDTHS), strict=True)]


def curve(function):
    """The losses of the steps of L-BFGS."""
    losses = []

    def value(vector):
        J, gradients = function(vector)
        return float(J), np.concatenate([np.asarray(part, float).ravel() for part in gradients])

    optimize.minimize(
        value, START, jac=True, method="L-BFGS-B", options={"maxiter": STEPS},
        callback=lambda vector: losses.append(value(vector)[0]),
    )  # fmt: skip
    return np.array(losses)


@pytest.fixture(scope="module")
def expected():
    """By back propagation written by hand."""

    def by_hand(vector):
        (first, last), m = layers(vector), len(X)
        hidden = np.tanh(first[0] + X @ first[1:])
        states = last[0] + hidden @ last[1:]
        powers = np.exp(states - states.max(axis=1, keepdims=True))
        outputs = powers / powers.sum(axis=1, keepdims=True)
        J = (-(Y * np.log(outputs)).sum() + 0.25 * ((first[1:] ** 2).sum() + (last[1:] ** 2).sum())) / m
        errors_of_last = (outputs - Y) / m
        errors_of_first = errors_of_last @ last[1:].T * (1 - hidden**2)
        parts = [(X, errors_of_first, first), (hidden, errors_of_last, last)]
        return J, [np.vstack([e.sum(axis=0), a.T @ e + 0.5 / m * theta[1:]]) for a, e, theta in parts]

    return curve(by_hand)


def loaded(target, **more):
    pytest.importorskip({"array-api": "array_api_compat", "numpy": "numpy"}.get(target, target))
    names = {"__name__": "exported"}
    exec(compile(module(MODEL, target, **more), "exported", "exec"), names)
    return names


def functions():
    yield "lambdify", lambda: lambdify(MODEL)
    yield "workspace", lambda: loaded("numpy", has_workspace=True)["Workspace"](len(X)).loss_and_grad
    yield "c", lambda: load_c(MODEL, batch=len(X), flags=["-std=c99", "-O2"])
    for target in ("jax", "torch", "array-api"):
        yield target, lambda target=target: in_library(target)


def in_library(target):
    names = loaded(target)
    if target == "array-api":
        return names["loss_and_grad"]
    if target == "jax":
        import jax

        jax.config.update("jax_enable_x64", True)
        array = jax.numpy.asarray
    else:
        import torch

        array = torch.as_tensor
    return lambda theta, X, Y: names["loss_and_grad"]([array(part) for part in theta], array(X), array(Y))


@pytest.mark.parametrize(("name", "made"), list(functions()), ids=lambda given: given if isinstance(given, str) else "")
def test_every_target_follows_the_same_curve(name, made, expected):
    if name == "c" and not any(shutil.which(compiler) for compiler in ("cc", "gcc", "clang")):
        pytest.skip("no C compiler is installed")
    function = made()
    found = curve(lambda vector: function(layers(vector), X, Y))
    assert len(found) == STEPS
    assert found[-1] < 0.7 * found[0]
    assert np.allclose(found, expected, rtol=1e-9)
