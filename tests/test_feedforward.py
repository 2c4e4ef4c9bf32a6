"""The article's network, and the error of its output layer for known losses."""

import pytest
from sympy import Integer, Lambda, Matrix, simplify, symbols

from symfnn import errors
from symfnn.algebra.index import DEPTH, LAYER, index, scalar_function
from symfnn.calculus.adjoint import cases, value
from symfnn.model.feedforward import feedforward

i = index("i")
A, Z, Y = (feedforward().quantity(name) for name in "azy")


def test_half_squared_error_gives_the_difference_times_the_slope():
    model = feedforward(loss="half-squared-error")
    output, hidden = cases(model, "z")
    expected = (A[DEPTH, i] - Y[i]) * scalar_function("f", 1)(Z[DEPTH, i])
    assert simplify(value(model, output) - expected) == 0
    assert hidden.layers == (Integer(2), DEPTH - 1)


def test_hidden_and_output_activation_may_differ():
    model = feedforward(activation=["sigmoid", "tanh"])
    output, hidden = (value(model, case) for case in cases(model, "z"))
    assert output.has(scalar_function("g", 1)(Z[DEPTH, i]))
    assert hidden.has(scalar_function("f", 1)(Z[LAYER, i]))
    assert not hidden.has(scalar_function("g", 1))


a, c, y, z = symbols("a c y z")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"layers": (3, -1, 2)}, "positive number of neurons, not -1"),
        ({"layers": (3, 2.5)}, "positive number of neurons, not 2.5"),
        ({"layers": (3,)}, "at least an input and an output layer"),
        ({"layers": 5}, "a sequence of widths"),
        ({"activation": 3}, "an activation is a name"),
        ({"activation": Lambda(z, c * z)}, "holds c, which is not its variable"),
        ({"activation": Lambda(z, Matrix([z, z]))}, "gives one number for one neuron"),
        ({"loss": Lambda((a, y), c * a * y)}, "holds c, which is neither a nor y"),
        ({"loss": Lambda((a, y), Matrix([a, y]))}, "gives one number for one neuron"),
        ({"loss": Lambda(a, a**2)}, "a SymPy Lambda of"),
        ({"regularizer": "l2"}, "needs a loss"),
        ({"strength": 1}, "a strength without a regularizer"),
        ({"loss": "huber", "regularizer": "l2", "strength": -1}, "0 or more"),
        ({"loss": "huber", "regularizer": "l2", "strength": "x"}, "is a number"),
    ],
)
def test_what_cannot_be_built_is_one_sentence(arguments, sentence):
    with pytest.raises(errors.ModelError, match=sentence) as caught:
        feedforward(**arguments)
    assert "\n" not in str(caught.value)
