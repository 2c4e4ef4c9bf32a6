"""Every activation with every loss, regulariser and reduction agrees with differences of the scalar network.

Both sides are evaluated at a rational point with 60 digits, the differences with 300, and must agree in 50.
"""

from functools import lru_cache
from itertools import product

import pytest
from scalar_network import (
    LOSSES,
    PENALTIES,
    Formulas,
    Scalars,
    activation,
    chain,
    evaluated,
    keys_of,
    outputs,
)
from scalar_network import RULES as FUNCTIONS
from sympy import Float, Lambda, Rational, Symbol, sympify

from symfnn.calculus.rules import RULES, derive, derive_batch
from symfnn.model.feedforward import feedforward

DIGITS = 60
CLOSE = Float(10, DIGITS) ** -50
WIDTHS = (2, 3, 2)
DEPTH = len(WIDTHS)
NAMES = ("z", "w", "b", "x")
LAMBDA = Rational(3, 7)
IN_UNIT = ("cross-entropy", "softmax-cross-entropy")
PAIRS = [
    *product((*FUNCTIONS, "softmax"), [loss for loss in LOSSES if loss != "softmax-cross-entropy"]),
    *product((*FUNCTIONS, "softmax"), ["softmax-cross-entropy"]),
]
# two samples: what follows the name; the targets of each add up to one, and one of them is more than 1 away
INPUTS = {1: {("x", 1): "2/3", ("x", 2): "-3/4"}, 2: {("x", 1): "-1/5", ("x", 2): "5/7"}}
TARGETS = {1: {("y", 1): "-7/5", ("y", 2): "12/5"}, 2: {("y", 1): "4/9", ("y", 2): "5/9"}}


def parameters(net: Scalars, loss: str) -> dict:
    """Small weights of either sign, a negative hidden state; the outputs lie in (0, 1) where the loss asks it."""
    values = {}
    for place, key in enumerate(keys_of(net, "w")):
        values[key] = Rational((-1) ** (place // 2) * (place % 5 + 2), 31 + place)
    for place, key in enumerate(keys_of(net, "b")):
        values[key] = Rational(3 + place, 11) * (-1 if place == 1 else 1)
    values["b", DEPTH, 1] = Rational(1, 3)
    values["b", DEPTH, 2] = Rational(2, 5) if loss in IN_UNIT else Rational(-2, 5)
    return values


@lru_cache(maxsize=4)
def sample(name: str, loss: str, n: int, targets: tuple = ()):
    """The numbers of one sample: all entries, and the derivatives of its loss by everything."""
    last = "softmax" if loss == "softmax-cross-entropy" else name
    net = chain(WIDTHS, [activation(name), activation(last)])
    ends = zip(outputs(net, DEPTH), [net.given("y", i) for i in range(1, WIDTHS[-1] + 1)], strict=True)
    error = sum(LOSSES[loss](a, y) for a, y in ends)
    given = {key: Rational(text) for key, text in (INPUTS[n] | TARGETS[n] | dict(targets)).items()}
    given |= parameters(net, loss)
    point = {net.values[key]: value for key, value in given.items()}
    return evaluated(net, error, point, keys_of(net, NAMES), DIGITS)


def functions_of(model) -> dict:
    """f and f' of each letter, from the activation's name in the table of the tests."""
    z, result = Symbol("z", real=True), {}
    for letter, known in model.functions:
        rule = FUNCTIONS[known.name](z)
        for order, function in enumerate((Lambda(z, rule), Lambda(z, rule.diff(z)))):
            result[letter, order] = lambda value, function=function: function(value).evalf(DIGITS)
    return result


def formulas(model, values, rules=RULES) -> Formulas:
    derived = [(d.goal.entry, d.goal.layers, d.value) for name in NAMES for d in derive(model, name, rules)]
    return Formulas(dict(values), {"L": DEPTH}, WIDTHS, functions_of(model), derived)


def agree(left, right) -> bool:
    return abs(sympify(left).evalf(DIGITS) - right) < CLOSE


@pytest.mark.parametrize(("name", "loss"), PAIRS)
def test_every_activation_with_every_loss(name, loss):
    values, expected = sample(name, loss, 1)
    if loss in IN_UNIT:
        assert all(0 < values["a", DEPTH, i] < 1 for i in range(1, WIDTHS[-1] + 1))
    for sizes in (None, WIDTHS):
        found = formulas(feedforward(sizes, name, loss), values)
        for key, value in expected.items():
            assert agree(found.derivative(*key), value), (sizes, key)
    check_gradients_over_all_samples(name, loss)


@pytest.mark.parametrize("name", [*FUNCTIONS, "softmax"])
def test_targets_that_do_not_add_up_to_one(name):
    """Then the derivation holds without the rule that assumes they do, and only without it."""
    loss, targets = "softmax-cross-entropy", ((("y", 1), "3/4"), (("y", 2), "5/6"))
    values, expected = sample(name, loss, 1, targets)
    model = feedforward(None, name, loss)
    found = formulas(model, values, tuple(rule for rule in RULES if rule.name != "assume"))
    assumed = formulas(model, values)
    for key, value in expected.items():
        assert agree(found.derivative(*key), value), key
    assert not agree(assumed.derivative("z", DEPTH, 1), expected["z", DEPTH, 1])


def over_samples(name: str, loss: str, model) -> Formulas:
    """The entries of both samples, the sample's number behind the other indices."""
    values = {}
    for n in (1, 2):
        one = sample(name, loss, n)[0]
        values |= one if n == 1 else {}
        found = formulas(model, one)
        values |= {(*key, n): value for key, value in one.items()}
        values |= {("delta", *key[1:], n): found.derivative(*key) for key in one if key[0] == "z"}
    derived = [(d.goal.entry, d.goal.layers, d.value) for which in "wb" for d in derive_batch(model, which)]
    return Formulas(values, {"L": DEPTH, "m": 2, "lambda": LAMBDA}, WIDTHS, {}, derived)


def penalty_slope(regularizer, key, value):
    """What the penalty adds to one weight's derivative."""
    if regularizer is None or key[0] != "w":
        return 0
    w = Symbol("w", real=True)
    return PENALTIES[regularizer](w).diff(w).subs(w, value) * LAMBDA


REDUCED = list(product((None, *PENALTIES), ("mean", "sum")))


def check_gradients_over_all_samples(name, loss):
    """With every regulariser and reduction in turn, so that each meets every loss."""
    regularizer, reduction = REDUCED[PAIRS.index((name, loss)) % len(REDUCED)]
    model = feedforward(None, name, loss, regularizer, reduction)
    found = over_samples(name, loss, model)
    factor = Rational(1, 2) if reduction == "mean" else 1
    for key in [key for key in sample(name, loss, 1)[1] if key[0] in "wb"]:
        parts = sum(sample(name, loss, n)[1][key] for n in (1, 2))
        expected = factor * (parts + penalty_slope(regularizer, key, found.values[key]))
        assert agree(found.derivative(*key), Float(expected, DIGITS)), key
