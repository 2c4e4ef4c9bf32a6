"""Compiled gradients agree with back propagation written by hand, and follow from the calculus."""

from itertools import pairwise

import complex_step
import numpy as np
import pytest
import reference_network as reference

from symfnn import errors
from symfnn.calculus import rules
from symfnn.export.numpy import lambdify
from symfnn.model.feedforward import feedforward

ACTIVATIONS = (*reference.ACTIVATIONS, "softmax")
LOSSES = tuple(loss for loss in reference.LOSSES if loss != "softmax-cross-entropy")
STRENGTH = 0.3


def parameters(rng, widths):
    return [rng.normal(size=(p + 1, q)) / np.sqrt(p) for p, q in pairwise(widths)]


def pulled_inside(rng, theta, inputs, activations):
    """Output states moved to where the output lies in (0, 1), and targets there too."""
    states, _ = reference.forward(theta, inputs, activations)
    low, high = {"softplus": (-2, 0.4), "gelu": (0.2, 1.0), "silu": (0.2, 1.2)}.get(activations[-1], (0.1, 0.9))
    theta[-1] *= (high - low) / 2 / max(1, np.abs(states[-1]).max())
    theta[-1][0] += (low + high) / 2


def configuration(number):
    """One of all pairs of output activation and loss in turn; everything else by chance."""
    rng = np.random.default_rng(number)
    pairs = [(a, loss) for a in ACTIVATIONS for loss in LOSSES] + [("softmax", "softmax-cross-entropy")]
    output, loss = pairs[number % len(pairs)]
    depth = int(rng.integers(2, 7))
    widths = tuple(int(w) for w in rng.integers(1, 41, depth))
    activations = [str(rng.choice(ACTIVATIONS)) for _ in range(depth - 2)] + [output]
    regularizer = [None, "l2", "l1", "elastic-net"][int(rng.integers(4))]
    reduction = str(rng.choice(["mean", "sum"]))
    return rng, widths, activations, loss, regularizer, reduction


def agree(left, right, tolerance=1e-11):
    """Relative to the largest entry; what is 0 by cancellation may be rounding of numbers around 1."""
    return np.abs(left - right).max() <= tolerance * np.abs(right).max() + 1e-15


@pytest.mark.parametrize("number", range(205))
def test_agrees_with_back_propagation_written_by_hand(number):
    rng, widths, activations, loss, regularizer, reduction = configuration(number)
    function = lambdify(
        feedforward(widths, activations, loss, regularizer, reduction), None if regularizer is None else STRENGTH
    )
    samples = int(rng.integers(1, 51))
    theta, inputs = parameters(rng, widths), rng.normal(size=(samples, widths[0]))
    targets = rng.uniform(size=(samples, widths[-1]))
    if loss == "cross-entropy" and activations[-1] not in ("sigmoid", "softmax"):
        pulled_inside(rng, theta, inputs, activations)
    if loss == "cross-entropy" and activations[-1] == "softmax" and widths[-1] == 1:
        targets[:] = 1
    copies = [part.copy() for part in (*theta, inputs, targets)]
    objective, gradients = function(theta, inputs, targets)
    assert all(np.array_equal(*pair) for pair in zip(copies, (*theta, inputs, targets), strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted, by_hand = reference.gradient(
            theta, inputs, targets, activations, loss, regularizer, reduction, STRENGTH
        )
    if np.isfinite(wanted):
        assert abs(objective - wanted) <= 1e-11 * abs(wanted)
    for found, expected in zip(gradients, by_hand, strict=True):
        assert found.shape == expected.shape
        if np.isfinite(expected).all():
            assert agree(found, expected)
        else:
            assert np.isfinite(found).all()
    if all(np.isfinite(part).all() for part in by_hand):
        direction = [rng.normal(size=part.shape) for part in theta]
        parts = [found * step for found, step in zip(gradients, direction, strict=True)]
        settings = (activations, loss, regularizer, reduction, STRENGTH)
        wanted = complex_step.directional(theta, direction, inputs, targets, *settings)
        assert abs(sum(part.sum() for part in parts) - wanted) <= 1e-11 * sum(np.abs(part).sum() for part in parts)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("output", ACTIVATIONS)
def test_the_type_of_numbers_is_kept(output, dtype):
    rng = np.random.default_rng(1)
    function = lambdify(feedforward((3, 4, 2), ("tanh", output), "half-squared-error", "elastic-net", strength=0.1))
    theta = [part.astype(dtype) for part in parameters(rng, (3, 4, 2))]
    inputs, targets = rng.normal(size=(5, 3)).astype(dtype), rng.uniform(size=(5, 2)).astype(dtype)
    objective, gradients = function(theta, inputs, targets)
    assert objective.dtype == dtype
    assert {part.dtype for part in gradients} == {np.dtype(dtype)}
    exact, _ = function([part.astype(float) for part in theta], inputs.astype(float), targets.astype(float))
    assert abs(objective - exact) <= 1e-5 * abs(exact)


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        (([(4, 2)], (5, 3), (5, 2)), "theta has 1 arrays"),
        (([(4, 4), (4, 2)], (5, 3), (5, 2)), r"theta\[1\]"),
        (([(4, 4), (5, 2)], (5, 4), (5, 2)), "X"),
        (([(4, 4), (5, 2)], (3,), (5, 2)), "X has shape"),
        (([(4, 4), (5, 2)], (0, 3), (0, 2)), "m ≥ 1"),
        (([(4, 4), (5, 2)], (5, 3), (4, 2)), "Y"),
    ],
)
def test_wrong_shapes_are_one_sentence(shapes, sentence):
    theta, inputs, targets = shapes
    with pytest.raises(errors.ShapeError, match=sentence):
        lambdify(feedforward((3, 4, 2), "tanh", "huber"))(
            [np.zeros(shape) for shape in theta], np.zeros(inputs), np.zeros(targets)
        )


def test_numbers_follow_from_the_rules(monkeypatch):
    """A rule that is wrong makes the numbers wrong: they come from what is derived."""
    rng = np.random.default_rng(2)
    theta, inputs, targets = parameters(rng, (3, 4, 2)), rng.normal(size=(5, 3)), rng.uniform(size=(5, 2))
    model = feedforward((3, 4, 2), "tanh", "huber")
    _, right = lambdify(model)(theta, inputs, targets)

    def doubled(goal, expression):
        found = right_rule.apply(goal, expression)
        return None if found is None else 2 * found

    (right_rule,) = (rule for rule in rules.RULES if rule.name == "differentiate")
    wrong_rule = rules.Rule(right_rule.name, right_rule.why, doubled)
    wrong = tuple(wrong_rule if rule is right_rule else rule for rule in rules.RULES)
    monkeypatch.setattr(rules, "RULES", wrong)
    _, changed = lambdify(model)(theta, inputs, targets)
    assert not np.allclose(right[0], changed[0])
