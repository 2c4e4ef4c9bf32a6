"""Every derived gradient equals what SymPy's own diff makes of the network written out in scalars, exactly."""

from functools import lru_cache
from itertools import pairwise, product

import pytest
from scalar_network import Formulas, Scalars, chain, elementwise, keys_of, outputs, same, slope
from sympy import Function

from symfnn.calculus.rules import derive
from symfnn.model.feedforward import feedforward

F, J = Function("f", real=True), Function("J", real=True)
NAMES = ("z", "w", "b", "x")
CHAINS = [
    widths
    for depth in (2, 3, 4)
    for widths in product((1, 2, 3), repeat=depth)
    if all(left != right for left, right in pairwise(widths))
]


def cases_of(model, names):
    return [(d.goal.entry, d.goal.layers, d.value) for name in names for d in derive(model, name)]


def generic(widths):
    """The network with unknown f, and its unknown J of outputs and targets."""
    net = chain(widths, [elementwise(F)] * (len(widths) - 1))
    targets = [net.given("y", i) for i in range(1, widths[-1] + 1)]
    return net, J(*outputs(net, len(widths)), *targets)


def instantiated(net: Scalars, objective, widths, derived) -> Formulas:
    """The derived formulas at these sizes; the partials of J itself are what they are."""
    known = {key: net.value(*key) for key in net.values}
    arguments = net.settled(objective).args
    known |= {("da", len(widths), i): slope(J, i)(*arguments) for i in range(1, widths[-1] + 1)}
    functions = {("f", 0): F, ("f", 1): slope(F)}
    return Formulas(known, {"L": len(widths)}, widths, functions, derived)


@lru_cache
def symbolic():
    return cases_of(feedforward(), NAMES)


@pytest.mark.parametrize("widths", CHAINS, ids=str)
def test_every_component_of_every_chain(widths):
    """By the formulas for letters l, L and s_l, and by those for numbered layers."""
    net, objective = generic(widths)
    numbered = instantiated(net, objective, widths, cases_of(feedforward(widths), NAMES))
    lettered = instantiated(net, objective, widths, symbolic())
    for key in keys_of(net, NAMES):
        expected = net.derivative(objective, *key)
        assert same(numbered.derivative(*key), expected), key
        assert same(lettered.derivative(*key), expected), key


@pytest.mark.parametrize("widths", CHAINS, ids=str)
def test_the_definitions_are_the_network(widths):
    net, _ = generic(widths)
    model = feedforward(widths)
    derived = [(d.entry, d.layers, d.value) for d in model.definitions if d.name in "az"]
    formulas = Formulas(
        {key: net.value(*key) for key in net.values}, {"L": len(widths)}, widths, {("f", 0): F}, derived
    )
    for key in keys_of(net, "az"):
        assert formulas.derivative(*key) == net.value(*key)
