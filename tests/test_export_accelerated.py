"""The workspace whose loops numba compiles: the loops as they stand, and compiled once."""

import builtins
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
from program_interpreter import evaluate
from sympy import Max, exp, log
from test_export_program import network

from symfnn import exports
from symfnn.errors import ModelError
from symfnn.export import numba_text
from symfnn.export.build import program
from symfnn.export.numba_workspace import passes
from symfnn.export.numpy_module import module
from symfnn.export.passes.hoist import hoist
from symfnn.export.passes.kernel_buffers import kernel_plan
from symfnn.export.passes.kernels import Kernel, kernels
from symfnn.export.passes.prune import restricted
from symfnn.export.program import Assignment, Elementwise, Product, Program, variable
from symfnn.export.shapes import verify
from symfnn.model.feedforward import feedforward
from symfnn.model.losses import NAMES as LOSSES

EXACT = {
    "exponential": mpmath.exp,
    "exponential_less_one": mpmath.expm1,
    "hyperbolic_tangent": mpmath.tanh,
    "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
}


def loaded(model, dtype=None):
    """The module's names; its loops run as they are written."""
    text = module(model, dtype=dtype, has_workspace=True, has_formulas=False, accelerator="numba")
    names = {"__name__": "exported"}
    exec(compile(text, "exported", "exec"), names)
    names["compiled"] = lambda function, *more: function
    return names


def arguments(given):
    return [given[name] for name in sorted(given) if name.startswith("theta")], given["X"], given["Y"]


def evaluated(space, *given):
    with np.errstate(all="ignore"):
        return space.loss_and_grad(*given)


def require_same(model, given, samples, tolerance=1e-11):
    names = loaded(model)
    wanted, by_function = names["loss_and_grad"](*given)
    space = names["FusedWorkspace"](samples)
    for _ in range(2):  # the second call finds what the first has left in the buffers
        objective, gradients = evaluated(space, *given)
        assert objective == pytest.approx(wanted, rel=1e-12)
        for found, expected in zip(gradients, by_function, strict=True):
            assert np.allclose(found, expected, rtol=tolerance, atol=1e-14)


@pytest.mark.parametrize("number", [0, 5, 14, 19])
def test_an_accelerated_workspace_gives_what_the_function_gives(number):
    model, given = network(number)
    require_same(model, arguments(given), 6)


def test_rows_that_a_loop_needs_once_are_evaluated_before_it():
    shapes = ("z", ("m", "s_2")), ("b", ("1", "s_2")), ("c", ("m", "1"))
    z, b, c = map(variable, "zbc")
    expression = z * exp(b) / c + Max(z - log(1 + c), -b) * z
    before = Program(shapes, (Assignment("r", Elementwise(expression), ("m", "s_2")),), ("r",))
    after = verify(hoist(before))
    rng = np.random.default_rng(0)
    given = {"z": rng.normal(size=(4, 3)), "b": rng.normal(size=(1, 3)), "c": rng.uniform(1, 2, size=(4, 1)), "m": 4}
    assert np.allclose(evaluate(after, given)["r"], evaluate(before, given)["r"], rtol=1e-14)
    assert {a.operation.expression for a in after.assignments[:-1]} == {1 / c, exp(b), -log(1 + c)}


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_in_kernels(loss):
    output = "softmax" if "softmax" in loss else "sigmoid"
    model = feedforward((4, 3, 2), ("silu", output), loss, "l2", strength=0.3)
    rng = np.random.default_rng(5)
    theta = [rng.normal(size=(p + 1, q)) for p, q in pairwise((4, 3, 2))]
    require_same(model, (theta, rng.normal(size=(6, 4)), rng.uniform(0.1, 0.9, size=(6, 2))), 6)


@pytest.mark.parametrize("state", [1000.0, 0.0])
@pytest.mark.parametrize("activation", ["relu", "leaky-relu", "tanh", "softplus", "silu", "gelu", "softmax"])
def test_saturated_layers_in_kernels(activation, state):
    model = feedforward((2, 3, 2), (activation, "sigmoid"), "cross-entropy")
    theta = [np.array([[0.0, 0, 0], [1, 1, 0], [0, 1, 1]]), np.full((4, 2), 0.5)]
    inputs, targets = np.array([[state, -state], [state, state]]), np.array([[0.0, 1], [1, 0]])
    require_same(model, (theta, inputs, targets), 2)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", EXACT)
def test_functions_of_kernels_are_exact_to_two_units(name, dtype):
    text = numba_text.OPENING + "\n".join(numba_text.sources([name])) + f"\n    return {name}\n"
    scope = {"np": np, "cache": cache, "Any": Any, "Callable": Callable}
    exec(text, scope)
    scope["compiled"] = lambda function, *more: function
    function, real = scope["kernels"](dtype), getattr(np, dtype)
    limits = np.finfo(real)
    states = [0, 1e-9, -1e-9, 0.3, -0.34, 0.4, 1, -1.5, 7, -20, 36.5, -80, 88, 300, -300, 700, -708, -740, 1000, -1000]
    for state in map(real, states):
        with np.errstate(all="ignore"), mpmath.workdps(500):
            exact = EXACT[name](mpmath.mpf(float(state)))
            wanted = real(exact)
            found = function(state)
            assert found.dtype == real
            size = max(float(abs(wanted)), float(limits.tiny))
            assert found == wanted or abs(mpmath.mpf(float(found)) - exact) <= 2 * limits.eps * size
    with np.errstate(all="ignore"):
        assert np.isnan(function(real(np.nan)))


def test_one_kernel_between_products():
    """Forward: two; the loss with the error of the output layer: one; each further error: one."""
    made = program(feedforward((40, 8, 5, 3), ("relu", "sigmoid", "softmax"), "softmax-cross-entropy"))
    made = restricted(made, made.outputs[:-1])
    for apply in passes((40, 8, 5, 3)):
        made = apply(made)
    units = kernels(made)
    assert sum(isinstance(unit, Kernel) for unit in units) == 2 + 1 + 2
    products = [unit for unit in units if not isinstance(unit, Kernel) and isinstance(unit.operation, Product)]
    assert len(products) == 3 + 2 + 3 + 1
    planned = kernel_plan(made, units)
    assert len(planned.buffers) < len(planned.places)


def test_layers_of_the_same_sizes_share_their_kernels():
    text = module(feedforward([3] * 12, "tanh", "half-squared-error"), has_workspace=True, accelerator="numba")
    assert text.count("def kernel_") == 3  # forward, output, backward
    assert text.count("kernel_1(") == 1 + 10  # its head, and its calls
    require_same(
        feedforward([3] * 5, "tanh", "half-squared-error"),
        ([np.full((4, 3), k / 10) for k in range(1, 5)], np.eye(3), np.ones((3, 3))),
        3,
    )


def test_without_numba_the_workspace_is_that_of_numpy(monkeypatch):
    real_import = builtins.__import__

    def refusing(name, *rest):
        if name == "numba":
            raise ImportError(name)
        return real_import(name, *rest)

    text = module(feedforward((2, 3, 1), "sigmoid", "cross-entropy"), has_workspace=True, accelerator="numba")
    monkeypatch.setattr(builtins, "__import__", refusing)
    names = {"__name__": "exported"}
    with pytest.warns(UserWarning, match="numba is not installed, so that FusedWorkspace is the Workspace of NumPy"):
        exec(compile(text, "exported", "exec"), names)
    assert names["FusedWorkspace"] is names["Workspace"]


def test_compiled_kernels():
    """In the narrower type, where a number of the wider one would show in the result's."""
    pytest.importorskip("numba")
    text = module(feedforward((3, 2), "sigmoid", "cross-entropy"), has_workspace=True, accelerator="numba")
    names = {"__name__": "exported"}
    exec(compile(text, "exported", "exec"), names)
    rng = np.random.default_rng(0)
    theta = [rng.normal(size=(4, 2)).astype(np.float32)]
    inputs, targets = rng.normal(size=(9, 3)).astype(np.float32), rng.uniform(size=(9, 2)).astype(np.float32)
    wanted, (by_numpy,) = names["Workspace"](9, np.float32).loss_and_grad(theta, inputs, targets)
    objective, (gradient,) = names["FusedWorkspace"](9, np.float32).loss_and_grad(theta, inputs, targets)
    assert objective.dtype == gradient.dtype == np.float32
    assert objective == pytest.approx(wanted, rel=1e-6)
    assert np.allclose(gradient, by_numpy, rtol=1e-5)


@pytest.mark.parametrize(
    ("target", "given", "message"),
    [
        ("numpy", {"has_workspace": True, "accelerator": "cython"}, "unknown accelerator 'cython': there is numba"),
        ("numpy", {"accelerator": "numba"}, "an accelerator is for a workspace: ask for one"),
        ("jax", {"accelerator": "numba"}, "an accelerator is for the workspace of the target numpy"),
    ],
)
def test_what_cannot_be_accelerated(target, given, message):
    with pytest.raises(ModelError, match=message):
        exports.to_python(feedforward((2, 3, 1), "sigmoid", "cross-entropy"), target, **given)
