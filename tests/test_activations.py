"""The catalogue's definitions, and what is refused."""

import math

import pytest
from sympy import Lambda, Symbol

from symfnn import errors
from symfnn.model.activations import CATALOGUE, activation

BY_HAND = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
    "leaky-relu": lambda z: z if z > 0 else 0.01 * z,
    "elu": lambda z: z if z > 0 else math.expm1(z),
    "softplus": lambda z: math.log1p(math.exp(z)),
    "silu": lambda z: z / (1 + math.exp(-z)),
    "gelu": lambda z: z * 0.5 * math.erfc(-z / math.sqrt(2)),
    "softsign": lambda z: z / (1 + abs(z)),
}


@pytest.mark.parametrize("known", CATALOGUE, ids=lambda known: known.name)
@pytest.mark.parametrize("z", [-2.5, -0.25, 0.0, 0.75, 3.0])
def test_values_agree_with_definitions_written_by_hand(known, z):
    assert float(known.rule(z)) == pytest.approx(BY_HAND[known.name](z), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("known", [a for a in CATALOGUE if a.kinks], ids=lambda known: known.name)
def test_the_slope_at_a_kink_is_that_of_the_piece_which_holds_there(known):
    (z,) = known.rule.variables
    slope = known.rule.expr.diff(z)
    assert slope.subs(z, 0) == slope.subs(z, -1)


def test_unknown_name_and_foreign_symbol_are_refused():
    with pytest.raises(errors.ModelError, match=r"unknown activation 'sigmoyd': choose one of .*sigmoid"):
        activation("sigmoyd")
    z, c = Symbol("z"), Symbol("c")
    with pytest.raises(errors.ModelError, match="holds c"):
        activation(Lambda(z, c * z))
    assert activation(Lambda(z, z**3)).rule(2) == 8
