"""The article's network, and the error of its output layer for known losses."""

from sympy import Integer, simplify

from symfnn.algebra.index import DEPTH, LAYER, index, scalar_function
from symfnn.calculus.adjoint import cases
from symfnn.model.feedforward import feedforward

i = index("i")
A, Z, Y = (feedforward().quantity(name) for name in "azy")


def test_half_squared_error_gives_the_difference_times_the_slope():
    output, hidden = cases(feedforward(loss="half-squared-error"), "z")
    expected = (A[DEPTH, i] - Y[i]) * scalar_function("f", 1)(Z[DEPTH, i])
    assert simplify(output.value - expected) == 0
    assert hidden.layers == (Integer(2), DEPTH - 1)


def test_hidden_and_output_activation_may_differ():
    output, hidden = cases(feedforward(activation=["sigmoid", "tanh"]), "z")
    assert output.value.has(scalar_function("g", 1)(Z[DEPTH, i]))
    assert hidden.value.has(scalar_function("f", 1)(Z[LAYER, i]))
    assert not hidden.value.has(scalar_function("g", 1))
