"""Programs: every pass leaves their results as they are, and every shape is inferred again."""

from dataclasses import replace
from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest
from program_interpreter import evaluate

from symfnn import errors
from symfnn.export import jax_module, numpy_module, torch_module
from symfnn.export.build import plain_program, program
from symfnn.export.layout import separated
from symfnn.export.passes import PASSES
from symfnn.export.passes.prune import prune, restricted
from symfnn.export.passes.share import share_expressions, share_operations
from symfnn.export.program import (
    Assignment,
    Bordered,
    Elementwise,
    Inner,
    Largest,
    LogSumExp,
    Ones,
    Product,
    Program,
    Rows,
    Softmax,
    Spread,
    Stack,
    Total,
    Turned,
    operands,
    renamed,
    variable,
)
from symfnn.export.shapes import infer, verify
from symfnn.export.stable import Logistic
from symfnn.model.activations import NAMES
from symfnn.model.feedforward import feedforward
from symfnn.model.losses import NAMES as LOSSES
from symfnn.model.regularizers import NAMES as REGULARIZERS

A, B = variable("a"), variable("b")


def network(number):
    """Every activation as hidden and as output layer; outputs in (0, 1) where the loss needs that."""
    rng = np.random.default_rng(number)
    loss = LOSSES[number % len(LOSSES)]
    hidden = [NAMES[(number + place) % len(NAMES)] for place in range(2)]
    output = "softmax" if loss == "softmax-cross-entropy" else NAMES[number % len(NAMES)]
    if loss == "cross-entropy":
        output = ("sigmoid", "softmax")[number % 2]
    regularizer = (None, *REGULARIZERS)[number % 4]
    strength = None if regularizer is None else 0.3
    model = feedforward((4, 3, 5, 2), (*hidden, output), loss, regularizer, ("mean", "sum")[number % 2], strength)
    given = {"X": rng.normal(size=(6, 4)), "Y": rng.uniform(size=(6, 2)), "m": 6}
    for layer, (before, own) in enumerate(pairwise((4, 3, 5, 2)), 2):
        given[f"theta_{layer}"] = rng.normal(size=(before + 1, own)) / 2
    return model, given


@pytest.mark.parametrize("number", range(22))
def test_every_pass_leaves_the_results_as_they_are(number):
    model, given = network(number)
    before = verify(plain_program(model))
    wanted = [evaluate(before, given)[name] for name in before.outputs]
    assert all(np.isfinite(part).all() for part in wanted)
    for apply in PASSES:
        after = verify(apply(before))
        arrays = evaluate(after, given)
        for name, expected in zip(after.outputs, wanted, strict=True):
            assert np.allclose(arrays[name], expected, rtol=1e-11, atol=1e-13)
        before = after
    assert before == program(model)
    assert all(apply(before) == before for apply in (share_operations, prune))


@pytest.mark.parametrize("number", [2, 5, 13])
@pytest.mark.parametrize("target", [jax_module.TARGET, torch_module.TARGET, numpy_module.TARGET], ids=lambda t: t.name)
def test_the_passes_of_a_target_leave_them_too(target, number):
    model, given = network(number)
    whole = program(model)
    for made in (whole, separated(whole, is_turned=True)[0]):
        arrays = dict(given)
        for name, _ in made.inputs:
            if name[0] in "wb":
                part = given[f"theta{name[1:]}"]
                arrays[name] = part[1:].T if name[0] == "w" else part[:1]
        wanted = [evaluate(made, arrays)[name] for name in made.outputs]
        for apply in target.passes:
            made = verify(apply(made))
        found = evaluate(made, arrays)
        for name, expected in zip(made.outputs, wanted, strict=True):
            assert np.allclose(found[name], expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("regularizer", [None, "l2"])
def test_an_error_below_softmax_vanishes_where_one_state_outweighs_all(regularizer):
    """Its two parts come from the same numbers, so that nothing of the rounding of a product remains."""
    strength = None if regularizer is None else 0.3
    model = feedforward((4, 3, 5, 2), ("softmax", "tanh", "sigmoid"), "cross-entropy", regularizer, strength=strength)
    _, given = network(0)
    given["X"] = 1e4 * given["X"]
    for made in (plain_program(model), program(model)):
        with np.errstate(over="ignore"):
            found = evaluate(made, given)
        assert np.abs(found["a_2"].max(axis=1) - 1).max() == 0
        assert np.abs(found["delta_2"]).max() == 0


def test_operations_that_are_equal_are_evaluated_once():
    made = plain_program(feedforward((3, 4, 4, 2), ("softmax", "tanh", "sigmoid"), "huber", "l2", strength=1))
    doubled = Program(
        made.inputs,
        (*made.assignments, Assignment("again", Product("X", "w_2"), ("m", "s_2"))),
        (*made.outputs, "again"),
    )
    shared = verify(share_operations(doubled))
    found = [assignment.operation for assignment in shared.assignments]
    assert len(found) == len(set(found))
    assert shared.outputs[-1] == "product_1"


@pytest.mark.parametrize("activation", ["silu", "gelu", "sigmoid", "tanh", "softmax"])
def test_slopes_use_what_the_activation_evaluates(activation):
    """One evaluation of each special function for each hidden layer, forwards and backwards together."""
    made = program(feedforward((3, 4, 4, 2), (activation, "identity"), "half-squared-error"))
    words = {"silu": "Logistic(z", "gelu": "ErrorComplement", "sigmoid": "Logistic(z", "tanh": "tanh"}
    texts = [str(a.operation) for a in made.assignments]
    assert sum(text.count(words.get(activation, "Softmax")) for text in texts) == 2


def test_names_that_only_stand_for_another_are_left_out():
    made = program(feedforward((3, 2), "identity", "half-squared-error"))
    assert not any(isinstance(a.operation, Elementwise) and a.operation.expression.is_Symbol for a in made.assignments)
    assert made.outputs[-1] == "z_2"


def test_repeated_parts_get_a_name_before_their_first_use():
    inputs = (("a", ("m", "s_1")), ("b", ("1", "s_1")), ("m", ()))
    first, second = Logistic(A + 2 * B) + A, A / Logistic(A + 2 * B)
    given = Program(
        inputs,
        (
            Assignment("c", Elementwise(first), ("m", "s_1")),
            Assignment("d", Elementwise(second), ("m", "s_1")),
        ),
        ("c", "d"),
    )
    shared = verify(share_expressions(given))
    assert [a.target for a in shared.assignments] == ["shared_1", "c", "d"]
    assert shared.assignments[0].operation == Elementwise(Logistic(A + 2 * B))


def test_what_no_result_needs_is_left_out():
    made = program(feedforward((3, 4, 2), ("tanh", "sigmoid"), "cross-entropy"))
    forward = verify(restricted(made, made.outputs[-1:]))
    assert [name for name, _ in forward.inputs] == ["theta_2", "theta_3", "X"]
    assert not any(a.target.startswith(("delta", "total", "gradient")) for a in forward.assignments)


SHAPES = {
    "a": ("m", "s_1"),
    "b": ("s_1", "s_2"),
    "c": ("1", "s_1"),
    "t": ("1 + s_1", "s_2"),
    "k": (),
    "r": ("1", "s_2"),
}


@pytest.mark.parametrize(
    ("operation", "shape"),
    [
        (Elementwise(A + variable("c")), ("m", "s_1")),
        (Elementwise(variable("k") * 2), ()),
        (Product("a", "b"), ("m", "s_2")),
        (Product("b", "a", True, True), ("s_2", "m")),
        (Total("a", 0), ("1", "s_1")),
        (Total("a", 1), ("m", "1")),
        (Total("a", None), ()),
        (Rows("t", "biases"), ("1", "s_2")),
        (Rows("t", "weights"), ("s_1", "s_2")),
        (Stack("r", "b"), ("1 + s_1", "s_2")),
        (Spread("c", "a"), ("m", "s_1")),
        (Spread("k", "a"), ("m", "s_1")),
        (Softmax("a"), ("m", "s_1")),
        (LogSumExp("a"), ("m", "1")),
        (Inner("a", "a"), ()),
        (Largest("a", 0), ("1", "s_1")),
        (Largest("a", 1), ("m", "1")),
        (Ones("m", "s_2"), ("m", "s_2")),
        (Bordered("a", 0), ("1 + m", "s_1")),
        (Bordered("a", 1), ("m", "1 + s_1")),
        (Turned("a"), ("s_1", "m")),
    ],
)
def test_shapes_are_inferred(operation, shape):
    assert infer(operation, SHAPES) == shape
    other = renamed(operation, {name: name + "0" for name in SHAPES})
    assert operands(other) == tuple(name + "0" for name in operands(operation))
    assert infer(other, {name + "0": shape for name, shape in SHAPES.items()}) == shape


@pytest.mark.parametrize(
    "operation",
    [
        Elementwise(A + B),
        Product("b", "a"),
        Product("a", "b", True),
        Total("k", None),
        Rows("b", "weights"),
        Stack("c", "b"),
        Stack("b", "b"),
        Spread("a", "c"),
        Softmax("k"),
        Inner("a", "b"),
        Turned("k"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(operation):
    with pytest.raises(errors.ModelError):
        infer(operation, SHAPES)


def test_a_program_that_does_not_hold_together_is_refused():
    made = program(feedforward((3, 4, 2), "tanh", "huber"))
    first, *rest = made.assignments
    for wrong in (
        replace(made, assignments=tuple(rest)),
        replace(made, assignments=(first, *made.assignments)),
        replace(made, assignments=(replace(first, shape=("m", "s_2")), *rest)),
        replace(made, outputs=("nothing",)),
    ):
        with pytest.raises(errors.ModelError):
            verify(wrong)


def test_the_look_at_softmaxes_grows_with_their_number(monkeypatch):
    """Each expression is searched for its own only; deriving a network stays linear in its depth."""
    looks, module = [], import_module("symfnn.export.passes.dominant")
    real = module._has
    monkeypatch.setattr(module, "_has", lambda *given: looks.append(1) or real(*given))
    counts = []
    for depth in (6, 12):
        looks.clear()
        program(feedforward([3] * depth, ["softmax"] * (depth - 1), "half-squared-error"))
        counts.append(len(looks))
    assert 0 < counts[1] < 2.5 * counts[0]
