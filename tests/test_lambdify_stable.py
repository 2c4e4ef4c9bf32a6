"""Each stable form equals the expression that it replaces, and is evaluated to the last digits."""

import mpmath
import numpy as np
import pytest
from sympy import Rational, Symbol, exp, log

from symfnn.algebra import index, normal
from symfnn.export import special
from symfnn.export.closed_forms import closed_forms
from symfnn.export.limits import Quotient, TimesLog, shorter, with_limits
from symfnn.export.stable import ExpMinusOne, Logistic, Softplus, Stable, plain_of, stable
from symfnn.model import activations, losses
from symfnn.model.feedforward import feedforward

Z = Symbol("z", real=True)
POINTS = [Rational(-7, 3), Rational(-1, 5), Rational(1, 7), Rational(5, 2)]
NAMES = [activation.name for activation in activations.CATALOGUE]


def equal_at_points(left, right, symbol):
    for point in POINTS:
        difference = (left - right).xreplace({symbol: point})
        if difference != 0 and abs(difference.evalf(60)) > Rational(1, 10**50):
            return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_stable_forms_of_activations_and_slopes_equal_the_plain_ones(name):
    rule = activations.activation(name).rule
    for plain in (rule(Z), rule(Z).diff(Z)):
        assert equal_at_points(plain_of(with_limits(stable(plain))), plain, Z)
        assert equal_at_points(plain_of(with_limits(shorter(stable(plain)))), plain, Z)


@pytest.mark.parametrize(
    ("plain", "wanted"),
    [
        (1 / (1 + exp(-Z)), Logistic(Z)),
        (1 / (1 + exp(2 * Z + 1)), Logistic(-2 * Z - 1)),
        (exp(Z) / (1 + exp(Z)), Logistic(Z)),
        (exp(-Z) / (1 + exp(-Z)) ** 2, Logistic(Z) * Logistic(-Z)),
        (exp(2 * Z) / (1 + exp(Z)) ** 3, Logistic(Z) ** 2 * Logistic(-Z)),
        (1 - 1 / (1 + exp(-Z)), Logistic(-Z)),
        (log(1 + exp(Z)), Softplus(Z)),
        (log(1 / (1 + exp(-Z))), -Softplus(-Z)),
        (exp(Z) - 1, ExpMinusOne(Z)),
        (3 - 3 * exp(Z), -3 * ExpMinusOne(Z)),
    ],
)
def test_forms_are_recognised_by_their_shape(plain, wanted):
    assert stable(plain) == wanted
    assert equal_at_points(plain_of(wanted), plain, Z)


def test_an_unlike_shape_is_left_alone():
    for plain in (1 / (2 + exp(-Z)), exp(Z) - 2, 1 / (1 + exp(Z) + Z)):
        assert not stable(plain).has(Stable)


@pytest.mark.parametrize("loss", [loss.name for loss in losses.CATALOGUE])
@pytest.mark.parametrize("name", [*NAMES, "softmax"])
def test_rewritten_errors_equal_the_derived_ones(name, loss):
    if loss == "softmax-cross-entropy" and name != "softmax":
        pytest.skip("this loss comes after softmax")
    derived = closed_forms(feedforward((3, 2), name, loss), 2).state
    rewritten = plain_of(with_limits(stable(derived)))
    assert rewritten == derived or normal.equal(rewritten, derived)


def test_softmax_and_its_logarithm_equal_the_plain_ones():
    model = feedforward((3, 2), "softmax", "softmax-cross-entropy")
    (definition,) = [d for d in model.definitions if d.name == "a" and d.layers[0] == 2]
    assert stable(definition.value).has(Stable)
    assert plain_of(stable(definition.value)) == definition.value
    inner = plain_of(stable(log(definition.value)))
    entry = index.entries(definition.value.args[0])
    assert inner.func.__name__ == "Add"
    assert entry
    numerator, total = definition.value.as_numer_denom()
    assert inner == log(numerator).doit() - log(total) or inner == numerator.args[0] - log(total)


def test_limits_show_every_denominator_and_logarithm_that_may_vanish():
    a, y = Symbol("a", real=True), Symbol("y", real=True)
    found = with_limits((y - a) / ((a - 1) * a))
    assert found == Quotient(y - 1, a - 1) - Quotient(y, a) or plain_of(found).equals((y - a) / ((a - 1) * a))
    assert with_limits(y * log(a)) == TimesLog(y, a)
    assert not with_limits(y / (1 + a**2)).has(Quotient)


ARGUMENTS = np.concatenate([np.linspace(-12, 12, 481), [1e-300, -1e-8, 26.0, 27.2, -30.0, 0.0, 1.0, -1.0]])


@pytest.mark.parametrize(
    ("function", "exact"), [(special.erf, mpmath.erf), (special.erfc, mpmath.erfc)], ids=["erf", "erfc"]
)
def test_error_functions_to_the_last_digits(function, exact):
    with mpmath.workdps(40), np.errstate(all="raise", under="ignore"):
        wanted = np.array([float(exact(mpmath.mpf(float(x)))) for x in ARGUMENTS])
        found = function(ARGUMENTS)
    normal_numbers = np.abs(wanted) > 1e-300
    assert np.allclose(found[normal_numbers], wanted[normal_numbers], rtol=2e-15, atol=0)
    assert np.allclose(found, wanted, rtol=1e-15, atol=1e-300)
    assert function(ARGUMENTS.astype(np.float32)).dtype == np.float32


def test_logistic_function_to_the_last_digits():
    points = np.array([-700.0, -40, -1, -1e-9, 0, 1e-9, 1, 40, 1000])
    with mpmath.workdps(500):
        wanted = np.array([float(1 / (1 + mpmath.exp(-mpmath.mpf(x)))) for x in points])
    assert np.allclose(special.sigmoid(points), wanted, rtol=4e-16, atol=0)


def test_softmax_does_not_overflow():
    states = np.array([[1000.0, -1000, 999], [-1000, -1000, -1000]])
    with np.errstate(all="raise", under="ignore"):
        found, total = special.softmax(states), special.log_sum_exp(states)
    small = np.exp(-1.0)
    assert np.allclose(found, [[1 / (1 + small), 0, small / (1 + small)], [1 / 3] * 3], rtol=1e-15)
    assert np.allclose(total, [1000 + np.log1p(small), -1000 + np.log(3)], rtol=1e-15)


def test_products_and_quotients_take_their_limits():
    zero, one = np.zeros((1, 2)), np.ones((1, 2))
    with np.errstate(all="raise"):
        assert not special.times_log(zero, zero).any()
        assert not special.times_log1p(zero, -one).any()
        assert not special.quotient(zero, zero).any()
        assert (special.quotient(one, 4 * one) == 0.25).all()
    with np.errstate(divide="ignore"):
        assert np.isinf(special.quotient(one, zero)).all()
