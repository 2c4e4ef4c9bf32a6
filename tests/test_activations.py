"""The catalogue's definitions, and what is refused."""

import math

import pytest
from sympy import Abs, Eq, Lambda, Max, Min, Piecewise, Rational, Symbol, exp, floor, sin, sqrt

from symfnn import errors
from symfnn.model.activations import CATALOGUE, activation
from symfnn.model.kinks import kinks_of

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


Z = Symbol("z", real=True)
OWN = {
    Abs(Z): (0,),
    Max(0, Z): (0,),
    Min(1, Max(-1, Z)): (-1, 1),
    Abs(Z - Rational(1, 2)) + Abs(2 * Z + 3): (Rational(-3, 2), Rational(1, 2)),
    Piecewise((0, (Z > -1) & (Z < 1)), (Z, True)): (-1, 1),
    Piecewise((1, Z < 0), (2, True)): (0,),
    Max(0, 1 - Abs(Z)): (-1, 0, 1),
    exp(-Abs(Z)): (0,),
    # smooth where the pieces meet
    Z * Abs(Z): (),
    Piecewise((sin(Z), Z > 0), (Z, True)): (),
    sqrt(1 + Z**2): (),
    # cannot be told: no linear condition, no number there, a single point
    Abs(Z**2 - 1): None,
    sqrt(Abs(Z)): None,
    Abs(Z) / Z: None,
    Piecewise((Z, Eq(Z, 1)), (2 * Z, True)): None,
    floor(Z): None,
}


@pytest.mark.parametrize("expression", OWN, ids=str)
def test_kinks_of_an_own_activation(expression):
    assert activation(Lambda(Z, expression)).kinks == OWN[expression]


@pytest.mark.parametrize("known", CATALOGUE, ids=lambda known: known.name)
def test_kinks_of_the_catalogue_are_found(known):
    assert kinks_of(known.rule) == known.kinks


def test_a_maximum_stays_the_same_function():
    for expression in (Min(1, Max(-1, Z)), Max(0, 1 - Abs(Z)), Z * Max(0, Min(6, Z + 3)) / 6):
        rule = activation(Lambda(Z, expression)).rule
        for twice in range(-9, 14):
            assert rule(Rational(twice, 2)) == expression.subs(Z, Rational(twice, 2))
