"""The workspace form: the same numbers, in arrays that are made once."""

import tracemalloc
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from program_interpreter import evaluate
from sympy import Abs, Integer, Lambda, Max, Piecewise, Symbol, cos, exp, sqrt
from test_export_program import network

from symfnn.export.build import program
from symfnn.export.gradient_check import worst_relative_error
from symfnn.export.numpy import lambdify
from symfnn.export.numpy_module import module
from symfnn.export.numpy_workspace import passes
from symfnn.export.passes.buffers import plan, sized
from symfnn.export.passes.extremes import extremes
from symfnn.export.passes.prune import restricted
from symfnn.export.program import (
    Assignment,
    Bordered,
    Elementwise,
    LogSumExp,
    Product,
    Program,
    Rows,
    Softmax,
    Stack,
    Total,
    Turned,
    operands,
    variable,
)
from symfnn.export.shapes import verify
from symfnn.model.activations import NAMES
from symfnn.model.feedforward import feedforward

Z = Symbol("z", real=True)
VIEWS = (Rows, Turned, Bordered)


def loaded(model, dtype=None):
    names = {"__name__": "exported"}
    exec(compile(module(model, dtype=dtype, has_workspace=True, has_formulas=False), "exported", "exec"), names)
    return names


def arguments(given):
    return [given[name] for name in sorted(given) if name.startswith("theta")], given["X"], given["Y"]


@pytest.mark.parametrize("number", range(22))
def test_every_pass_of_a_workspace_leaves_the_results_as_they_are(number):
    model, given = network(number)
    whole = program(model)
    before = restricted(whole, whole.outputs[:-1])
    wanted = evaluate(before, given)
    widths = ((4, 3, 5, 2), (40, 3, 5, 2), (4, 128, 128, 2))[number % 3]  # they decide which passes there are
    for apply in passes(widths):
        before = verify(apply(before))
        found = evaluate(before, given)
        for name in before.outputs:
            assert np.allclose(found[name], wanted[name], rtol=1e-11, atol=1e-13)


def prepared(model, widths):
    whole = program(model)
    made = restricted(whole, whole.outputs[:-1])
    for apply in passes(widths):
        made = apply(made)
    return made


@pytest.mark.parametrize("widths", [(4, 3, 5, 2), (4, 200, 200, 2)])
@pytest.mark.parametrize("number", range(22))
def test_no_array_is_written_over_while_it_is_needed(number, widths):
    made = prepared(network(number)[0], widths)
    planned = plan(made, widths)
    views, holds = {}, {}
    for assignment in made.assignments:
        target, place = assignment.target, planned.places.get(assignment.target)
        for name in operands(assignment.operation):
            own = views.get(name, name)
            assert own not in planned.places or holds[planned.places[own]] == own
        if isinstance(assignment.operation, VIEWS):
            (own,) = operands(assignment.operation)
            views[target] = views.get(own, own)
        if place is not None:
            assert sized(planned.buffers.get(place, assignment.shape), widths) == sized(assignment.shape, widths)
            assert not isinstance(assignment.operation, Product) or place not in {
                planned.places.get(views.get(name, name)) for name in operands(assignment.operation)
            }
            holds[place] = target
    assert len(planned.buffers) < len(planned.places)


def test_operations_in_a_workspace():
    """One product for each state, error and gradient, one factor 1/m, no sum and no softmax left."""
    made = prepared(feedforward((4, 8, 5, 3), ("relu", "sigmoid", "softmax"), "softmax-cross-entropy"), (4, 8, 5, 3))
    operations = [a.operation for a in made.assignments]
    assert not any(isinstance(operation, Total | Softmax | LogSumExp | Stack) for operation in operations)
    assert sum(isinstance(operation, Product) for operation in operations) == 3 + 2 + 3 + 2  # and two sums over classes
    assert sum(isinstance(o, Elementwise) and o.expression.has(variable("m")) for o in operations) == 2  # and the mean
    assert sum(isinstance(o, Elementwise) and o.expression.has(exp) for o in operations) == 2
    assert sum(isinstance(o, Elementwise) and o.expression.has(Piecewise) for o in operations) == 0


def test_wide_inputs_are_not_copied():
    text = module(feedforward((40, 8, 3), "tanh", "half-squared-error"), has_workspace=True)
    assert "bordered_X" not in text[text.index("class Workspace") :]
    assert "w_2.T.dot(X.T, " in text


def test_wide_layers_are_multiplied_as_by_hand():
    """Then the samples are rows, and layers of one width share three arrays: two activations, and an error."""
    text = module(feedforward((40, 200, 200, 3), "sigmoid", "cross-entropy"), has_workspace=True)
    own = text[text.index("class Workspace") :]
    assert "Samples are rows inside." in own
    assert "X.dot(w_2, " in own
    assert "bordered" not in own
    assert own.count(" = np.empty((m, 200), dtype)") == 3


def test_a_wide_sigmoid_layer_takes_four_steps_behind_its_product():
    text = module(feedforward((4, 128, 2), "sigmoid", "cross-entropy"), has_workspace=True)
    layer = text.partition("class Workspace")[2].partition("X.dot(")[2].partition(".dot(")[0]
    steps = [line.split("(")[0].strip() for line in layer.splitlines() if "buffer_1)" in line]
    assert steps[1:] == ["subtract", "exp", "add", "divide"]


def test_a_large_relu_layer_multiplies_by_a_comparison():
    model = feedforward((3, 256, 256, 2), ("relu", "relu", "sigmoid"), "cross-entropy")
    assert ", mask_m_s_3, " in module(model, has_workspace=True)
    rng = np.random.default_rng(7)
    theta = [rng.normal(size=(p + 1, q)) / 16 for p, q in pairwise(model.widths)]
    inputs, targets = rng.normal(size=(5, 3)), rng.uniform(size=(5, 2))
    wanted, by_function = lambdify(model)(theta, inputs, targets)
    objective, gradients = loaded(model)["Workspace"](5).loss_and_grad(theta, inputs, targets)
    assert objective == pytest.approx(wanted, rel=1e-13)
    for found, expected in zip(gradients, by_function, strict=True):
        assert np.allclose(found, expected, rtol=1e-11, atol=1e-14)


def test_an_array_of_one_entry_is_not_written_over():
    """NumPy takes three times as long for that."""
    made = prepared(feedforward((4, 3, 1), "sigmoid", "cross-entropy"), (4, 3, 1))
    planned = plan(made, (4, 3, 1))
    for assignment in made.assignments:
        if isinstance(assignment.operation, Elementwise) and assignment.shape == ("m", "s_3"):
            beside = [planned.places.get(name) for name in operands(assignment.operation)]
            assert planned.places[assignment.target] not in beside


@pytest.mark.parametrize(("state", "target"), [(40.0, 1.0), (-40.0, 0.0), (1000.0, 1.0), (3.0, 0.25), (-1000.0, 1.0)])
@pytest.mark.parametrize(("output", "loss"), [("sigmoid", "cross-entropy"), ("softmax", "softmax-cross-entropy")])
def test_small_and_large_objectives_are_exact(output, loss, state, target):
    """With one logistic output log(1 + e^-40) is exact as well; in a softmax it is below the last digit of 1."""
    width = 1 if output == "sigmoid" else 2
    theta = [np.array([[0.0, 0.0], [state, 0.0]])[:, :width]]
    space = loaded(feedforward((1, width), output, loss))["Workspace"](1)
    objective, (gradient,) = space.loss_and_grad(theta, np.ones((1, 1)), np.array([[target, 1 - target][:width]]))
    with mpmath.workdps(500):
        z, y = mpmath.mpf(state), mpmath.mpf(target)
        wanted = mpmath.log(1 + mpmath.exp(z)) - y * z
        slope = 1 / (1 + mpmath.exp(-z)) - y
    assert objective == pytest.approx(float(wanted), rel=1e-14, abs=0 if width == 1 else 1e-16)
    assert gradient[1, 0] == pytest.approx(float(slope), rel=1e-14, abs=1e-16)


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
    with pytest.raises(ValueError, match=r"this workspace is for \(6, 4\) and \(6, 2\)"):
        one.loss_and_grad(theta, inputs[:5], targets[:5])
    with pytest.raises(ValueError, match=r"in float64 and Y .*, but this workspace is for .* in float32"):
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
    assert worst_relative_error(names["loss"], names["loss_and_grad"], (4, 3, 2), names["SHAPES"]) < 1e-7
    wanted, by_function = names["loss_and_grad"](theta, inputs, targets)
    objective, gradients = names["Workspace"](6).loss_and_grad(theta, inputs, targets)
    assert objective == pytest.approx(wanted, rel=1e-13)
    for found, expected in zip(gradients, by_function, strict=True):
        assert np.allclose(found, expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("depth", [2, 40])
def test_one_layer_and_many(depth):
    model = feedforward([3] * depth, "identity", "absolute-error")
    names = loaded(model)
    assert worst_relative_error(names["loss"], names["loss_and_grad"], [3] * depth, names["SHAPES"], entries=3) < 1e-6
    rng = np.random.default_rng(4)
    theta = [rng.normal(size=(4, 3)) / 2 for _ in range(depth - 1)]
    inputs, targets = rng.normal(size=(6, 3)), rng.uniform(size=(6, 3))
    wanted, by_function = names["loss_and_grad"](theta, inputs, targets)
    objective, gradients = names["Workspace"](6).loss_and_grad(theta, inputs, targets)
    assert objective == pytest.approx(wanted, rel=1e-13)
    assert all(np.allclose(*pair, rtol=1e-12, atol=1e-15) for pair in zip(gradients, by_function, strict=True))
