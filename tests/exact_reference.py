"""Losses of networks with hundreds of digits and exact derivatives: the judge where two libraries round differently.

A number carries its value, its derivative along one direction, its gradient by all entries, and that of the former.
"""

import contextlib
from types import SimpleNamespace

import mpmath
import numpy as np
from framework_reference import loss, states_and_outputs

DIGITS = 400, 1500, 6000  # 1 - a of a saturated softmax is as small as any double, or smaller than all of them
ZERO, ONE = mpmath.mpf(0), mpmath.mpf(1)


class Number:
    """value, along: v and dv; by, by_along: the gradients of both, arrays or 0."""

    __slots__ = ("along", "by", "by_along", "value")

    def __init__(self, value, along=ZERO, by=0, by_along=0):
        self.value, self.along, self.by, self.by_along = value, along, by, by_along

    def function(self, value, first, second):
        return Number(value, first * self.along, first * self.by, first * self.by_along + second * self.along * self.by)

    def __add__(self, other):
        other = _number(other)
        return Number(
            self.value + other.value,
            self.along + other.along,
            self.by + other.by,
            self.by_along + other.by_along,
        )

    def __mul__(self, other):
        other = _number(other)
        return Number(
            self.value * other.value,
            self.value * other.along + self.along * other.value,
            self.value * other.by + other.value * self.by,
            self.along * other.by + self.value * other.by_along + other.along * self.by + other.value * self.by_along,
        )

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -_number(other)

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        other = _number(other)
        one = 1 / other.value
        return self * other.function(one, -(one**2), 2 * one**3)

    def __rtruediv__(self, other):
        return _number(other) / self

    def __pow__(self, power):
        assert power == 2
        return self * self

    def __abs__(self):
        return self * (1 if self.value > 0 else -1 if self.value < 0 else 0)

    def __le__(self, other):
        return bool(self.value <= other)

    def __gt__(self, other):
        return bool(self.value > other)

    __radd__, __rmul__ = __add__, __mul__


def _number(given):
    return given if isinstance(given, Number) else Number(mpmath.mpf(float(given)))


def _elementwise(function):
    return np.frompyfunc(function, 1, 1)


@_elementwise
def exp(u):
    value = mpmath.exp(u.value)
    return u.function(value, value, value)


@_elementwise
def log(u):
    return u.function(mpmath.log(u.value), 1 / u.value, -1 / u.value**2)


@_elementwise
def erf(u):
    slope = 2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-(u.value**2))
    return u.function(mpmath.erf(u.value), slope, -2 * u.value * slope)


@_elementwise
def tanh(u):
    value = mpmath.tanh(u.value)
    slope = 1 / mpmath.cosh(u.value) ** 2
    return u.function(value, slope, -2 * value * slope)


def _where_positive(above, below):
    return _elementwise(lambda u: above(u) if u.value > 0 else below(u))


def _log_softmax(z):
    return z - log(exp(z).sum(axis=1, keepdims=True))


_zero = Number(ZERO)
sigmoid = lambda z: 1 / (1 + exp(-z))  # noqa: E731
# whatever a double can hold beside 1 is still seen in these digits
EXACT = SimpleNamespace(
    name="exact",
    abs=np.abs,
    log=log,
    where=lambda condition, yes, no: np.where(condition.astype(bool), yes, no),
    log_softmax=_log_softmax,
    softplus=lambda z: log(1 + exp(z)),
    activations={
        "identity": lambda z: z,
        "sigmoid": sigmoid,
        "tanh": tanh,
        "relu": _where_positive(lambda u: u, lambda u: _zero),
        "leaky-relu": _where_positive(lambda u: u, lambda u: u * 0.01),
        "elu": _where_positive(lambda u: u, lambda u: exp(u) - 1),
        "softplus": lambda z: log(1 + exp(z)),
        "silu": lambda z: z * sigmoid(z),
        "gelu": lambda z: z * (1 + erf(z * Number(1 / mpmath.sqrt(2)))) / 2,
        "softsign": lambda z: z / (1 + np.abs(z)),
        "softmax": lambda z: exp(_log_softmax(z)),
    },
)


def derivatives(names, kind, regularizer, strength, given, reduction="mean"):
    """Objective and gradient, derivative by the inputs, outputs and their derivative along, pullback, Hessian product.

    Args:
        names: of the activations.
        kind: the loss.
        regularizer: its name or None.
        strength: λ.
        given: theta, X, Y, the directions of theta and X, and what outputs are weighed by.
        reduction: ``"mean"`` or ``"sum"``.

    Raises:
        ZeroDivisionError: 1 - a is 0 in thousands of digits.
    """
    for digits in DIGITS[:-1]:
        with contextlib.suppress(ZeroDivisionError):
            return _derivatives(names, kind, regularizer, strength, given, reduction, digits)
    return _derivatives(names, kind, regularizer, strength, given, reduction, DIGITS[-1])


def _derivatives(names, kind, regularizer, strength, given, reduction, digits):
    with mpmath.workdps(digits):
        theta, inputs, targets, theta_dot, inputs_dot, weights = given
        arrays = [*theta, inputs]
        value = loss(EXACT, names, kind, regularizer, strength, reduction)
        numbers = _given(arrays, [*theta_dot, None])
        whole = value(numbers[:-1], numbers[-1], targets)
        gradient, second = _parts(whole.by, arrays), _parts(whole.by_along, arrays)
        moved = _given(arrays, [*theta_dot, inputs_dot], has_gradient=False)
        _, outputs = states_and_outputs(EXACT, moved[:-1], moved[-1], names)
        _, weighed = states_and_outputs(EXACT, numbers[:-1], numbers[-1], names)
        read = np.vectorize(lambda number, name: float(getattr(number, name)))
        return [
            [float(whole.value), *gradient[:-1]],
            [gradient[-1]],
            [read(outputs, "value"), read(outputs, "along")],
            _parts((weighed * weights).sum().by, arrays),
            second[:-1],
        ]


def _given(arrays, directions, has_gradient=True):
    """The arrays as numbers that know their derivatives by all entries of all arrays, in order.

    Args:
        arrays: of doubles.
        directions: arrays of the same shapes; None for one without.
        has_gradient: whether derivatives by the entries are needed.
    """
    count = sum(array.size for array in arrays)
    result, place = [], 0
    for array, direction in zip(arrays, directions, strict=True):
        numbers = np.empty(array.shape, dtype=object)
        for at in np.ndindex(*array.shape):
            by = np.full(count, ZERO, dtype=object) if has_gradient else 0
            if has_gradient:
                by[place] = ONE
            along = ZERO if direction is None else mpmath.mpf(float(direction[at]))
            numbers[at] = Number(mpmath.mpf(float(array[at])), along, by)
            place += 1
        result.append(numbers)
    return result


def _parts(vector, arrays):
    """A gradient by all entries as arrays of their shapes, of doubles."""
    ends = np.cumsum([array.size for array in arrays])[:-1]
    flat = np.array([float(entry) for entry in np.broadcast_to(vector, (sum(array.size for array in arrays),))])
    return [part.reshape(array.shape) for part, array in zip(np.split(flat, ends), arrays, strict=True)]
