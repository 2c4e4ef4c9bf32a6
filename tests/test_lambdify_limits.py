"""Compiled gradients at the ends: saturation, kinks, outputs of exactly 0 and 1, one neuron, many layers."""

import mpmath
import numpy as np
import pytest
import reference_network as reference
from sympy import Symbol
from sympy import lambdify as lambdify_plain

from symfnn.export.numpy import lambdify
from symfnn.model import activations, losses
from symfnn.model.feedforward import feedforward

Z, Y = Symbol("z", real=True), Symbol("y", real=True)
STATES = (-1000, -30, -3, 0, 0.5, 30, 1000)
PAIRS = [
    (activation.name, loss)
    for activation in activations.CATALOGUE
    for loss in ("half-squared-error", "absolute-error", "huber", "cross-entropy")
    if loss != "cross-entropy" or activation.name == "sigmoid"
]


def exact(expression, state, target):
    """With 1000 digits, since 1 - a is as small as e^{-1000}."""
    compiled = lambdify_plain((Z, Y), expression, "mpmath")
    with mpmath.workdps(1000):
        return float(compiled(mpmath.mpf(state), mpmath.mpf(target)))


@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_one_neuron_at_any_state(activation, loss):
    """J and its slope by the state, against SymPy at high precision."""
    rule = losses.loss(loss).rule(activations.activation(activation).rule(Z), Y)
    function = lambdify(feedforward((1, 1), activation, loss))
    for state in STATES:
        for target in (0, 0.25, 1):
            theta = [np.array([[0.0], [1.0]])]
            with np.errstate(all="raise"):
                objective, (gradient,) = function(theta, [[float(state)]], [[float(target)]])
            wanted = exact(rule, state, target)
            slope = exact(rule.diff(Z), state, target)
            assert abs(objective - wanted) <= 1e-12 * abs(wanted) + 1e-15
            assert abs(gradient[0, 0] - slope) <= 1e-12 * abs(slope) + 1e-15
            assert gradient[1, 0] == gradient[0, 0] * float(state)


@pytest.mark.parametrize("state", [1000.0, -1000.0])
@pytest.mark.parametrize("activation", [a.name for a in activations.CATALOGUE] + ["softmax"])
def test_saturated_hidden_layers_stay_finite(activation, state):
    function = lambdify(feedforward((2, 3, 2), (activation, "sigmoid"), "cross-entropy"))
    theta = [np.array([[0.0, 0, 0], [1, 1, 0], [0, 1, 1]]), np.full((4, 2), 0.5)]
    with np.errstate(all="raise"):
        objective, gradients = function(theta, [[state, -state], [state, state]], [[0, 1], [1, 0]])
    assert np.isfinite(objective)
    assert all(np.isfinite(part).all() for part in gradients)


def test_saturated_sigmoid_with_cross_entropy():
    function = lambdify(feedforward((1, 1), "sigmoid", "cross-entropy"))
    for state, target, wanted, slope in [
        (1000.0, 0.0, 1000, 1),
        (1000.0, 1.0, 0, 0),
        (-1000.0, 1.0, 1000, -1),
        (-1000.0, 0.0, 0, 0),
    ]:
        objective, (gradient,) = function([[[0.0], [1.0]]], [[state]], [[target]])
        assert (objective, gradient[0, 0]) == (wanted, slope)


def test_saturated_softmax_with_categorical_cross_entropy():
    function = lambdify(feedforward((2, 2), "tanh", "softmax-cross-entropy"))
    theta = [np.array([[0.0, 0], [1, 0], [0, 1]])]
    with np.errstate(all="raise"):
        objective, (gradient,) = function(theta, [[1000.0, -1000]], [[0.0, 1]])
    assert objective == 2000
    assert gradient[0].tolist() == [1, -1]


def test_targets_need_not_add_up_to_one():
    rng = np.random.default_rng(3)
    function = lambdify(feedforward((3, 4), "tanh", "softmax-cross-entropy"))
    theta, inputs, targets = [rng.normal(size=(4, 4))], rng.normal(size=(5, 3)), rng.uniform(1, 2, size=(5, 4))
    _, (gradient,) = function(theta, inputs, targets)
    _, (by_hand,) = reference.gradient(theta, inputs, targets, ["softmax"], "softmax-cross-entropy")
    assert np.allclose(gradient, by_hand, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(
    ("output", "target", "wanted", "slope"),
    [(0.0, 0.0, 0.0, 1.0), (1.0, 1.0, 0.0, -1.0), (0.5, 0.0, np.log(2), 2.0), (0.25, 1.0, np.log(4), -4.0)],
)
def test_cross_entropy_after_the_identity_at_its_ends(output, target, wanted, slope):
    """-y/a + (1 - y)/(1 - a) with y = a = 0 is 1; the merged fraction alone would be 0/0."""
    function = lambdify(feedforward((1, 1), "identity", "cross-entropy"))
    with np.errstate(all="raise"):
        objective, (gradient,) = function([[[0.0], [1.0]]], [[output]], [[target]])
    assert objective == pytest.approx(wanted, rel=1e-15)
    assert gradient[0, 0] == pytest.approx(slope, rel=1e-15)


def test_cross_entropy_after_relu_that_is_off():
    function = lambdify(feedforward((1, 1), "relu", "cross-entropy"))
    with np.errstate(all="raise"):
        objective, (gradient,) = function([[[0.0], [1.0]]], [[-2.0]], [[0.0]])
    assert objective == 0
    assert not gradient.any()


def test_kinks_take_the_piece_as_written():
    theta = [np.array([[0.0], [1.0]]), np.array([[0.0], [1.0]])]
    _, gradients = lambdify(feedforward((1, 1, 1), ("relu", "identity"), "half-squared-error"))(theta, [[0.0]], [[1.0]])
    assert not gradients[0].any()
    _, gradients = lambdify(feedforward((1, 1), "identity", "absolute-error"))(theta[:1], [[2.0]], [[2.0]])
    assert not gradients[0].any()
    function = lambdify(feedforward((1, 1), "identity", "half-squared-error", "l1", strength=0.5))
    _, gradients = function([np.array([[0.0], [0.0]])], [[0.0]], [[0.0]])
    assert not gradients[0].any()


@pytest.mark.parametrize("activation", ["tanh", "relu", "softmax"])
def test_forty_layers(activation):
    rng = np.random.default_rng(40)
    widths = [3] * 40
    function = lambdify(feedforward(widths, (activation, "sigmoid"), "cross-entropy", "l2", strength=0.1))
    theta = [rng.normal(size=(4, 3)) for _ in range(39)]
    inputs, targets = rng.normal(size=(7, 3)), rng.uniform(size=(7, 3))
    objective, gradients = function(theta, inputs, targets)
    names = [activation] * 38 + ["sigmoid"]
    wanted, by_hand = reference.gradient(theta, inputs, targets, names, "cross-entropy", "l2", "mean", 0.1)
    assert objective == pytest.approx(wanted, rel=1e-12)
    for found, expected in zip(gradients, by_hand, strict=True):
        assert np.allclose(found, expected, rtol=1e-11, atol=1e-13)


def test_numbers_that_are_not_finite_go_through():
    function = lambdify(feedforward((1, 1), "tanh", "half-squared-error"))
    objective, (gradient,) = function([[[0.0], [1.0]]], [[np.nan]], [[0.0]])
    assert np.isnan(objective)
    assert np.isnan(gradient).all()
