"""The article's recursion comes out of its definitions, for symbolic depth and widths."""

import dataclasses

import pytest
from sympy import Integer

from symfnn import errors
from symfnn.algebra import index, normal
from symfnn.calculus.adjoint import cases, kept, value
from symfnn.calculus.rules import derive
from symfnn.model.definitions import Definition, Model
from symfnn.model.feedforward import feedforward

i, j = index.index("i"), index.index("j")
layer, depth = index.LAYER, index.DEPTH
TWO = Integer(2)
f, slope = index.scalar_function("f"), index.scalar_function("f", 1)
CHAIN = feedforward()
A, Z, W, DELTA = (CHAIN.quantity(name) for name in ("a", "z", "w", "delta"))
J = CHAIN.quantity("J").scalar


def test_only_the_states_and_the_objective_are_kept():
    assert kept(CHAIN) == {"z", "J"}


def test_error_recursion_has_one_case_for_the_output_and_one_below():
    output, hidden = cases(CHAIN, "z")
    assert output.layers == (depth, depth)
    assert hidden.layers == (TWO, depth - 1)
    assert value(CHAIN, output) == index.Partial(J, A[depth, i]) * slope(Z[depth, i])
    expected = slope(Z[layer, i]) * index.summation(
        lambda k: DELTA[layer + 1, k] * W[layer + 1, k, i], 1, index.width(layer + 1)
    )
    assert normal.equal(value(CHAIN, hidden), expected)


def test_gradients_of_weights_and_biases():
    (weights,) = cases(CHAIN, "w")
    assert value(CHAIN, weights) == DELTA[layer, i] * A[layer - 1, j]
    (biases,) = cases(CHAIN, "b")
    assert value(CHAIN, biases) == DELTA[layer, i]


def test_gradient_of_the_input():
    (inputs,) = cases(CHAIN, "x")
    expected = index.summation(lambda k: DELTA[2, k] * W[2, k, i], 1, index.width(2))
    assert normal.equal(value(CHAIN, inputs), expected)


def test_residual_connection_between_unlike_widths_is_refused():
    model = residual(CHAIN.quantities)
    with pytest.raises(errors.RangeError, match="not known to lie"):
        derive(model, "a")
    with pytest.raises(errors.RangeError, match="not known to lie"):
        [value(model, case) for case in cases(model, "a")]


def residual(quantities):
    """The chain with a^(l) = f(z^(l)) + a^(l-1)."""
    skip = Definition(A[layer, i], f(Z[layer, i]) + A[layer - 1, i], (TWO, depth))
    definitions = (*(d for d in CHAIN.definitions if d.entry != A[layer, i]), skip)
    return Model(quantities, definitions, CHAIN.parameters, CHAIN.objective, CHAIN.adjoint)


def of_one_width(quantity):
    """The same quantity where every layer has n neurons."""
    ranges = tuple((lo, hi if hi == depth else SAME) for lo, hi in quantity.ranges)
    return dataclasses.replace(quantity, ranges=ranges)


SAME = index.index("n")


def test_residual_network_needs_no_special_case():
    def one_width(expression):
        return expression.xreplace({index.width(w): SAME for w in (layer - 1, layer, layer + 1, depth, 1)})

    model = residual(tuple(of_one_width(q) for q in CHAIN.quantities))
    definitions = tuple(dataclasses.replace(d, value=one_width(d.value)) for d in model.definitions)
    model = dataclasses.replace(model, definitions=definitions)
    assert kept(model) == {"z", "a", "J"}
    (states,) = cases(model, "z")
    assert value(model, states) == index.Partial(J, A[layer, i]) * slope(Z[layer, i])
    output, hidden = cases(model, "a")
    assert value(model, output) == index.Partial(J, A[depth, i])
    through = index.summation(lambda k: DELTA[layer + 1, k] * W[layer + 1, k, i], 1, SAME)
    assert normal.equal(value(model, hidden), through + index.Partial(J, A[layer + 1, i]))
