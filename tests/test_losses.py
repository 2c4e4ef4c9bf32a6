"""The catalogue of losses, and what is refused."""

import math

import pytest
from sympy import Lambda, Rational, symbols

from symfnn import errors
from symfnn.model.losses import CATALOGUE, loss

BY_HAND = {
    "half-squared-error": lambda a, y: 0.5 * (a - y) ** 2,
    "cross-entropy": lambda a, y: -(y * math.log(a) + (1 - y) * math.log1p(-a)),
    "softmax-cross-entropy": lambda a, y: -y * math.log(a),
    "absolute-error": lambda a, y: abs(a - y),
    "huber": lambda a, y: 0.5 * (a - y) ** 2 if abs(a - y) <= 1 else abs(a - y) - 0.5,
}


@pytest.mark.parametrize("known", CATALOGUE, ids=lambda known: known.name)
@pytest.mark.parametrize(("a", "y"), [(0.25, 1.0), (0.5, 0.0), (0.75, 3.0), (0.125, -2.0)])
def test_values_agree_with_definitions_written_by_hand(known, a, y):
    assert float(known.rule(Rational(a), Rational(y))) == pytest.approx(BY_HAND[known.name](a, y), rel=1e-12)


def test_unknown_name_and_foreign_symbol_are_refused():
    with pytest.raises(errors.ModelError, match="unknown loss 'mse': choose one of half-squared-error"):
        loss("mse")
    a, y, c = symbols("a y c")
    with pytest.raises(errors.ModelError, match="holds c, which is neither a nor y"):
        loss(Lambda((a, y), c * a * y))
    assert loss(Lambda((a, y), (a - y) ** 4)).rule(3, 1) == 16
