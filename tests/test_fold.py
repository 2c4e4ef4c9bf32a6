"""Slopes in the activation's own value are solved for, not looked up."""

import pytest
from sympy import Integer, Lambda, Symbol, exp

from symfnn.calculus.fold import slope_in_value
from symfnn.model.activations import activation

a, z = Symbol("a", real=True), Symbol("z", real=True)


@pytest.mark.parametrize(("name", "expected"), [("sigmoid", a * (1 - a)), ("tanh", 1 - a**2), ("identity", Integer(1))])
def test_known_slopes_come_out(name, expected):
    folded = slope_in_value(activation(name).rule)
    assert folded(a) == expected


def test_another_function_gives_another_slope():
    steep = slope_in_value(Lambda(z, 3 / (1 + exp(-2 * z))))
    assert (steep(a) - (2 * a - 2 * a**2 / 3)).expand() == 0


@pytest.mark.parametrize("name", ["softplus", "silu", "gelu", "relu", "softsign"])
def test_slopes_that_are_no_polynomial_in_the_value_are_left_alone(name):
    assert slope_in_value(activation(name).rule) is None
