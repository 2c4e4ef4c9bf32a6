"""The workspace form: the same numbers, in arrays that are made once."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from program_interpreter import evaluate
from sympy import Abs, Integer, Lambda, Max, Piecewise, Symbol, cos, exp, sqrt
from test_export_program import network

from symfnn.export.build import program
from symfnn.export.gradient_check import worst_relative_error
from symfnn.export.numpy import lambdify
from symfnn.export.numpy_module import module
from symfnn.export.passes.buffers import plan
from symfnn.export.passes.extremes import extremes
from symfnn.export.passes.single import single
from symfnn.export.program import Assignment, Elementwise, Program, operands, variable
from symfnn.export.shapes import verify
from symfnn.model.activations import NAMES
from symfnn.model.feedforward import feedforward

Z = Symbol("z", real=True)


def loaded(model, dtype=None):
    names = {"__name__": "exported"}
    exec(compile(module(model, dtype=dtype, has_workspace=True, has_formulas=False), "exported", "exec"), names)
    return names


def arguments(given):
    return [given[name] for name in sorted(given) if name.startswith("theta")], given["X"], given["Y"]


@pytest.mark.parametrize("number", range(22))
def test_single_operations_give_the_same_results(number):
    model, given = network(number)
    before = program(model)
    after = verify(single(extremes(before)))
    one, other = evaluate(before, given), evaluate(after, given)
    for name in before.outputs:
        assert np.allclose(one[name], other[name], rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("number", range(22))
def test_no_array_is_written_over_while_it_is_needed(number):
    made = single(extremes(program(network(number)[0])))
    planned = plan(made)
    holds = {}
    for assignment in made.assignments:
        target = assignment.target
        for name in operands(assignment.operation):
            assert name not in planned.places or holds[planned.places[name]] == name
        if target in planned.places:
            assert planned.buffers[planned.places[target]] == assignment.shape
            holds[planned.places[target]] = target
    assert len(planned.buffers) < len(planned.places)


@pytest.mark.parametrize("number", range(22))
def test_a_workspace_gives_what_the_function_gives(number):
    model, given = network(number)
    names = loaded(model)
    space = names["Workspace"](6)
    theta, inputs, targets = arguments(given)
    for factor in (1, 0.5, 1):
        parts = [factor * part for part in theta]
        wanted, by_function = names["loss_and_grad"](parts, inputs, targets)
        objective, gradients = space.loss_and_grad(parts, inputs, targets)
        assert objective == pytest.approx(wanted, rel=1e-12)
        for found, expected in zip(gradients, by_function, strict=True):
            assert np.allclose(found, expected, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("state", [1000.0, -1000.0, 30.0, 0.0])
@pytest.mark.parametrize("activation", NAMES)
def test_saturated_layers_in_a_workspace(activation, state):
    model = feedforward((2, 3, 2), (activation, "sigmoid"), "cross-entropy")
    theta = [np.array([[0.0, 0, 0], [1, 1, 0], [0, 1, 1]]), np.full((4, 2), 0.5)]
    inputs, targets = np.array([[state, -state], [state, state]]), np.array([[0.0, 1], [1, 0]])
    wanted, by_function = lambdify(model)(theta, inputs, targets)
    objective, gradients = loaded(model)["Workspace"](2).loss_and_grad(theta, inputs, targets)
    assert objective == pytest.approx(wanted, rel=1e-12)
    for found, expected in zip(gradients, by_function, strict=True):
        assert np.allclose(found, expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "silu", "softmax", "leaky-relu", "elu", "softplus"])
def test_nothing_is_allocated_in_a_call(activation):
    """Not even the smallest of the arrays; NumPy's own buffers of 8192 numbers do not grow with the samples."""
    model = feedforward((20, 30, 10), (activation, "softmax"), "softmax-cross-entropy", "l2", strength=0.1)
    samples = 5000
    rng = np.random.default_rng(0)
    theta = [rng.normal(size=(p + 1, q)) / 5 for p, q in pairwise((20, 30, 10))]
    inputs, targets = rng.normal(size=(samples, 20)), rng.uniform(size=(samples, 10))
    space = loaded(model)["Workspace"](samples)
    space.loss_and_grad(theta, inputs, targets)
    tracemalloc.start()
    try:
        space.loss_and_grad(theta, inputs, targets)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < samples * 10 * 8 / 2


def test_types_sizes_and_other_workspaces():
    model = feedforward((4, 3, 2), ("silu", "sigmoid"), "cross-entropy")
    names = loaded(model, "float32")
    rng = np.random.default_rng(2)
    theta = [rng.normal(size=(p + 1, q)).astype(np.float32) for p, q in pairwise((4, 3, 2))]
    inputs, targets = rng.normal(size=(6, 4)).astype(np.float32), rng.uniform(size=(6, 2)).astype(np.float32)
    one, other = names["Workspace"](6), names["Workspace"](6)
    objective, gradients = one.loss_and_grad(theta, inputs, targets)
    assert {part.dtype for part in (objective, *gradients)} == {np.dtype(np.float32)}
    kept = [part.copy() for part in gradients]
    other.loss_and_grad(theta, 2 * inputs, targets)
    assert all(np.array_equal(*pair) for pair in zip(gradients, kept, strict=True))
    with pytest.raises(ValueError, match=r"this workspace is for \(6, 4\)"):
        one.loss_and_grad(theta, inputs[:5], targets[:5])
    with pytest.raises(ValueError, match=r"X has shape .* in float64, but this workspace is for .* in float32"):
        one.loss_and_grad(theta, inputs.astype(float), targets)


def test_the_larger_of_a_number_and_zero():
    z = variable("z")
    pieces = [
        Piecewise((z, z > 0), (0, True)),
        Piecewise((z, z > 0), (z / 100, True)),
        Piecewise((1, z > 0), (0, True)),
    ]
    given = Program(
        (("z", ("m", "s_1")),),
        tuple(Assignment(f"p_{k}", Elementwise(piece), ("m", "s_1")) for k, piece in enumerate(pieces)),
        ("p_0", "p_1", "p_2"),
    )
    found = [a.operation.expression for a in extremes(given).assignments]
    assert found == [Max(z, 0), *pieces[1:]]


def test_what_allocates_is_said():
    assert "Only erfc allocate in a call." in loaded_text("gelu")
    assert "A call allocates no array." in loaded_text("silu")


def loaded_text(activation):
    return module(feedforward((4, 3, 2), (activation, "sigmoid"), "cross-entropy"), has_workspace=True)


@pytest.mark.parametrize("rule", [Integer(2), Z + 1, Z**3 / 3, Z * exp(-(Z**2)), Abs(Z), cos(Z) + sqrt(1 + Z**2)])
def test_own_activations(rule):
    """A constant too: its gradient is 0 but for the output layer."""
    model = feedforward((4, 3, 2), (Lambda(Z, rule), "tanh"), "half-squared-error")
    names = loaded(model)
    rng = np.random.default_rng(4)
    theta = [rng.normal(size=(p + 1, q)) for p, q in pairwise((4, 3, 2))]
    inputs, targets = rng.normal(size=(6, 4)), rng.uniform(size=(6, 2))
    assert worst_relative_error(names["loss"], names["loss_and_grad"], (4, 3, 2)) < 1e-7
    wanted, by_function = names["loss_and_grad"](theta, inputs, targets)
    objective, gradients = names["Workspace"](6).loss_and_grad(theta, inputs, targets)
    assert objective == pytest.approx(wanted, rel=1e-13)
    for found, expected in zip(gradients, by_function, strict=True):
        assert np.allclose(found, expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("depth", [2, 40])
def test_one_layer_and_many(depth):
    model = feedforward([3] * depth, "identity", "absolute-error")
    names = loaded(model)
    assert worst_relative_error(names["loss"], names["loss_and_grad"], [3] * depth, entries=3) < 1e-6
    rng = np.random.default_rng(4)
    theta = [rng.normal(size=(4, 3)) / 2 for _ in range(depth - 1)]
    inputs, targets = rng.normal(size=(6, 3)), rng.uniform(size=(6, 3))
    wanted, by_function = names["loss_and_grad"](theta, inputs, targets)
    objective, gradients = names["Workspace"](6).loss_and_grad(theta, inputs, targets)
    assert objective == pytest.approx(wanted, rel=1e-13)
    assert all(np.allclose(*pair, rtol=1e-12, atol=1e-15) for pair in zip(gradients, by_function, strict=True))
