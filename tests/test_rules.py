"""Derivations consist of steps that can be taken again, and every rule is needed."""

import pytest
from sympy import Symbol

from symfnn.algebra import index, normal
from symfnn.calculus import vectorise
from symfnn.calculus.adjoint import cases, value
from symfnn.calculus.rules import BATCH_RULES, RULES, derive, derive_batch
from symfnn.derivation.steps import replay
from symfnn.model.feedforward import feedforward

i, j = index.index("i"), index.index("j")
layer, depth = index.LAYER, index.DEPTH
A, Z, W, DELTA = (feedforward().quantity(name) for name in ("a", "z", "w", "delta"))
J = feedforward().quantity("J").scalar
LOSSES = (None, "half-squared-error", "cross-entropy")


def d(numerator, denominator):
    return index.Partial(numerator, denominator)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", ["z", "w", "b", "x"])
def test_every_derivation_replays_and_reaches_the_adjoint(name, loss):
    model = feedforward(loss=loss)
    for derivation, case in zip(derive(model, name), cases(model, name), strict=True):
        assert replay(derivation)
        assert normal.equal(derivation.value, value(model, case))


def test_links_of_the_weight_gradient():
    """A12 with its middle link."""
    (derivation,) = derive(feedforward(), "w")
    links = [step.after for step in derivation.steps]
    assert links[0] == d(J, Z[layer, i]) * d(Z[layer, i], W[layer, i, j])
    assert links[1] == DELTA[layer, i] * d(Z[layer, i], W[layer, i, j])
    assert links[2] == DELTA[layer, i] * A[layer - 1, j]


def test_links_of_the_error_recursion():
    """A11 with its middle link, over the paths through the next layer."""
    _, hidden = derive(feedforward(), "z")
    paths = index.summation(
        lambda k: d(J, Z[layer + 1, k]) * d(Z[layer + 1, k], Z[layer, i]), 1, index.width(layer + 1)
    )
    assert normal.equal(hidden.steps[0].after, paths)
    assert [step.rule.name for step in hidden.steps] == ["chain-rule", "name", "differentiate"]


def test_output_error_goes_through_the_activation():
    output, _ = derive(feedforward(), "z")
    assert output.steps[0].after == d(J, A[depth, i]) * d(A[depth, i], Z[depth, i])


CLOSED = (
    feedforward(),
    feedforward(activation="sigmoid", loss="cross-entropy"),
    feedforward(activation="tanh", loss="softmax-cross-entropy"),
)


@pytest.mark.parametrize("left_out", RULES, ids=lambda rule: rule.name)
def test_without_a_rule_some_derivation_does_not_arrive(left_out):
    rest = tuple(rule for rule in RULES if rule is not left_out)
    without = [d.value for model in CLOSED for d in derive(model, "z", rest)]
    complete = [d.value for model in CLOSED for d in derive(model, "z")]
    assert not all(
        normal.equal(a, b) and a.count_ops() <= b.count_ops() for a, b in zip(without, complete, strict=True)
    )


def test_the_output_error_of_each_canonical_pair_is_a_minus_y():
    """A18, and the same for softmax with categorical cross-entropy and identity with half squared error."""
    y = feedforward().quantity("y")
    for activation, loss in [
        ("sigmoid", "cross-entropy"),
        ("tanh", "softmax-cross-entropy"),
        ("identity", "half-squared-error"),
    ]:
        output, _ = derive(feedforward(activation=activation, loss=loss), "z")
        assert output.value == A[depth, i] - y[i]


def test_no_other_pair_is_given_the_short_error():
    output, _ = derive(feedforward(activation="tanh", loss="half-squared-error"), "z")
    y = feedforward().quantity("y")
    assert output.value == (A[depth, i] - y[i]) * (1 - A[depth, i] ** 2)


def test_numbered_layers_are_derived_one_by_one():
    found = derive(feedforward((4, 3, 2), "tanh", "half-squared-error"), "z")
    assert [d.goal.layers[0] for d in found] == [3, 2]
    assert all(replay(d) for d in found)


NETWORK = feedforward(activation="sigmoid", loss="cross-entropy", regularizer="l2")


def test_gradient_over_all_samples():
    """A19, by entries."""
    m, n = index.SAMPLES, index.fresh("n")
    weight = Symbol("lambda", positive=True)
    (found,) = derive_batch(NETWORK, "w")
    one = DELTA[layer, i, n] * A[layer - 1, j, n]
    assert normal.equal(found.value, index.bind(one, [(n, 1, m)]) / m + weight / m * W[layer, i, j])
    assert replay(found)
    (found,) = derive_batch(NETWORK, "b")
    assert normal.equal(found.value, index.bind(DELTA[layer, i, n], [(n, 1, m)]) / m)


@pytest.mark.parametrize("left_out", BATCH_RULES, ids=lambda rule: rule.name)
def test_without_a_rule_the_gradient_over_all_samples_does_not_arrive(left_out):
    rest = tuple(rule for rule in BATCH_RULES if rule is not left_out)
    assert derive_batch(NETWORK, "w", rest)[0].value.has(index.Partial)


def test_gradient_of_the_linear_transform_over_all_samples_in_matrix_form():
    """A19: the regulariser's block has a zero row for the biases."""
    (weights,), (biases,) = derive_batch(NETWORK, "w"), derive_batch(NETWORK, "b")
    block = vectorise.stacked(biases.value, weights.value, j, i)
    assert block is not None
