"""Dual numbers: a value and how fast it changes, over floats or over mpmath's numbers, nested for second derivatives.

A tag tells apart what different numbers change with: between two tags the larger is the outer one, and a number of
a smaller tag, or none, is a constant to it. Nothing here is symbolic.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias, final

from mpmath.ctx_mp import MPContext

from symfnn import errors

Number: TypeAlias = Any  # float, an mpf of one of the contexts below, or Dual
Function: TypeAlias = Callable[[Number], Number]
_LARGEST_POWER = 10_000


@final
@dataclass(slots=True, eq=False)  # not frozen: that makes it four times slower, and it is made for every operation
class Dual:
    """``value + slope ε`` with ε² = 0; value and slope may be dual numbers of smaller tags."""

    tag: int
    value: Number
    slope: Number

    def __add__(self, other: Number) -> "Dual":
        """The sum."""
        if type(other) is Dual:
            if other.tag == self.tag:
                return Dual(self.tag, self.value + other.value, self.slope + other.slope)
            if other.tag > self.tag:
                return Dual(other.tag, self + other.value, other.slope)
        return Dual(self.tag, self.value + other, self.slope)

    __radd__ = __add__

    def __mul__(self, other: Number) -> "Dual":
        """The product."""
        if type(other) is Dual:
            if other.tag == self.tag:
                slope = self.slope * other.value + self.value * other.slope
                return Dual(self.tag, self.value * other.value, slope)
            if other.tag > self.tag:
                return Dual(other.tag, self * other.value, self * other.slope)
        return Dual(self.tag, self.value * other, self.slope * other)

    __rmul__ = __mul__

    def __neg__(self) -> "Dual":
        """The negative."""
        return Dual(self.tag, -self.value, -self.slope)

    def __sub__(self, other: Number) -> Number:
        """The difference."""
        return self + -other

    def __rsub__(self, other: Number) -> Number:
        """The difference."""
        return -self + other


@lru_cache(maxsize=8)
def field(digits: int | None) -> Callable[[Any], Number]:
    """What makes numbers: ``float``, or the numbers of that many digits, whatever the precision set elsewhere."""
    if digits is None:
        return float
    context = MPContext()
    context.dps = digits
    make: Callable[[Any], Number] = context.mpf
    return make


def tag_of(x: Number) -> int:
    """The outermost tag, 0 for a plain number."""
    return x.tag if type(x) is Dual else 0


def primal(x: Number) -> Number:
    """The plain number that is left when nothing changes."""
    while type(x) is Dual:
        x = x.value
    return x


def slope_of(x: Number, tag: int) -> Number:
    """How fast x changes with what the outermost tag stands for; a plain 0 where it does not."""
    return x.slope if type(x) is Dual and x.tag == tag else 0


def is_moving(x: Number) -> bool:
    """Whether x changes at all."""
    return type(x) is Dual and (is_moving(x.value) or is_moving(x.slope) or primal(x.slope) != 0)


def _lift(name: str, slope: Callable[[Number, Number], Number]) -> Function:
    """The real function of that name in ``math`` and mpmath, with its slope at x where its value is y."""
    of_float = getattr(math, name)

    def apply(x: Number) -> Number:
        if type(x) is Dual:
            y = apply(x.value)
            return Dual(x.tag, y, slope(x.value, y) * x.slope)
        y = of_float(x) if type(x) is float else getattr(x.context, name)(x)
        if type(x) is not float and not isinstance(y, x.context.mpf):
            raise errors.DomainError(f"{name} has no real value at {x}")
        return y

    return apply


exp = _lift("exp", lambda x, y: y)
log = _lift("log", lambda x, y: power(x, -1))
sin: Function = _lift("sin", lambda x, y: cos(x))
cos: Function = _lift("cos", lambda x, y: -sin(x))
tan = _lift("tan", lambda x, y: 1 + y * y)
sinh: Function = _lift("sinh", lambda x, y: cosh(x))
cosh: Function = _lift("cosh", lambda x, y: sinh(x))
tanh = _lift("tanh", lambda x, y: 1 - y * y)
asinh = _lift("asinh", lambda x, y: power(root(x * x + 1), -1))
acosh = _lift("acosh", lambda x, y: power(root(x * x - 1), -1))
atanh = _lift("atanh", lambda x, y: power(1 - x * x, -1))
asin = _lift("asin", lambda x, y: power(root(1 - x * x), -1))
acos = _lift("acos", lambda x, y: -power(root(1 - x * x), -1))
atan = _lift("atan", lambda x, y: power(1 + x * x, -1))
erf = _lift("erf", lambda x, y: 2 * power(root(_pi(x)), -1) * exp(-(x * x)))
erfc = _lift("erfc", lambda x, y: -2 * power(root(_pi(x)), -1) * exp(-(x * x)))


def _pi(x: Number) -> Number:
    plain = primal(x)
    return math.pi if type(plain) is float else +plain.context.pi


def power(base: Number, exponent: int) -> Number:
    """An integer power."""
    if abs(exponent) > _LARGEST_POWER:
        raise errors.DomainError(f"the power {exponent} is too large")
    if type(base) is Dual:
        if exponent == 0:
            return power(base.value, 0)
        slope = exponent * power(base.value, exponent - 1) * base.slope
        return Dual(base.tag, power(base.value, exponent), slope)
    return base**exponent


def general_power(base: Number, exponent: Number) -> Number:
    """A real power of a positive number.

    Raises:
        DomainError: the base is not positive.
    """
    if primal(base) <= 0:
        raise errors.DomainError(f"a root or a real power of {primal(base)}")
    return exp(exponent * log(base))


def root(x: Number) -> Number:
    """The square root of a positive number."""
    return general_power(x, primal(x) * 0 + 0.5)


def is_less(x: Number, y: Number) -> bool:
    """Whether x < y.

    Raises:
        DomainError: x = y while one of them moves, as at a kink.
    """
    left, right = primal(x), primal(y)
    if left == right and is_moving(x - y):
        raise errors.DomainError("a kink")
    return bool(left < right)


def sign(x: Number) -> Number:
    """-1, 0 or 1."""
    zero = primal(x) * 0
    return zero + is_less(zero, x) - is_less(x, zero)


def step(x: Number) -> Number:
    """Heaviside's function.

    Raises:
        DomainError: x = 0, where texts do not agree on its value.
    """
    if primal(x) == 0:
        raise errors.DomainError("a step")
    return (1 + sign(x)) * 0.5


def absolute(x: Number) -> Number:
    """The absolute value."""
    return -x if is_less(x, primal(x) * 0) else x


def largest(first: Number, *others: Number) -> Number:
    """The largest of some numbers."""
    for other in others:
        first = other if is_less(first, other) else first
    return first


def smallest(first: Number, *others: Number) -> Number:
    """The smallest of some numbers."""
    for other in others:
        first = other if is_less(other, first) else first
    return first
