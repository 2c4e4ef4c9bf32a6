"""Array functions that NumPy lacks; their text is copied into a generated program where it is used.

Each uses nothing but ``np``, ``math`` and others of this file. All keep the data type of their arguments.
"""

import inspect
from collections.abc import Callable, Iterable
from math import factorial, pi, sqrt
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)); where the exponential overflows, the quotient is 0 as it should be."""
    result: Array = 1 / (1 + np.exp(-z))
    return result


def softmax(z: Array) -> Array:
    """exp(z) / sum(exp(z)) along the last axis; a common shift of z cancels, so the largest becomes 0."""
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    result: Array = powers / powers.sum(axis=-1, keepdims=True)
    return result


def log_sum_exp(z: Array) -> Array:
    """log(sum(exp(z))) along the last axis, the largest taken out before the exponential."""
    top = z.max(axis=-1, keepdims=True)
    result: Array = top + np.log(np.exp(z - top).sum(axis=-1, keepdims=True))
    return result[..., 0]


def with_ones(a: Array) -> Array:
    """The array behind a column of ones, which the row of biases is multiplied by."""
    result = np.empty((a.shape[0], a.shape[1] + 1), a.dtype)
    result[:, 0] = 1
    result[:, 1:] = a
    return result


def times_log(p: Array, u: Array) -> Array:
    """The product p log(u), 0 where p is 0."""
    p, u = np.broadcast_arrays(p, u)
    return p * np.log(u, out=np.zeros_like(u), where=p != 0)


def times_log1p(p: Array, v: Array) -> Array:
    """The product p log(1 + v), 0 where p is 0."""
    p, v = np.broadcast_arrays(p, v)
    return p * np.log1p(v, out=np.zeros_like(v), where=p != 0)


def quotient(p: Array, q: Array) -> Array:
    """The quotient p / q, where 0/0 is its limit 0."""
    p, q = np.broadcast_arrays(p, q)
    return np.divide(p, q, out=np.zeros_like(q), where=(p != 0) | (q != 0))


def erf(x: Array) -> Array:
    """The error function, (2 / sqrt(pi)) times the integral of exp(-t**2) from 0 to x."""
    inner = np.clip(x, -1, 1)
    return np.where(np.abs(x) < 1, erf_series(inner), np.sign(x) * (1 - erfc_tail(np.abs(x))))


def erfc(x: Array) -> Array:
    """1 - erf(x), accurate where it is small."""
    tail = erfc_tail(np.abs(x))
    return np.where(np.abs(x) < 1, 1 - erf_series(np.clip(x, -1, 1)), np.where(x > 0, tail, 2 - tail))


def erf_series(x: Array) -> Array:
    """The Taylor series of the error function, for -1 <= x <= 1: x**(2n + 1) (-1)**n / (n! (2n + 1))."""
    total = np.zeros_like(x)
    for n in range(18, -1, -1):
        total = total * x**2 + (-1) ** n / (factorial(n) * (2 * n + 1))
    return total * x * (2 / sqrt(pi))


def erfc_tail(x: Array) -> Array:
    """1 - erf(x) for x >= 1.

    Chebyshev series of (1 + 2 x) exp(x**2) erfc(x) in s = (x - 5) / (x + 3), which runs over -1 ... 1. The square is
    split so that its rounding does not spoil exp(-x**2); beyond 40 the result is 0 in every data type.
    """
    coefficients = (
        1.214373361609205,
        -0.08560693623397121,
        -0.005999640519915682,
        0.007801951554945334,
        -0.002715651717391105,
        0.0006115494911330234,
        -9.340626641960768e-05,
        7.818816898966098e-06,
        2.7197258578141963e-07,
        -1.6637239214622205e-07,
        1.3133701262289988e-08,
        2.0754203597909473e-09,
        -4.4148718962068737e-10,
        -1.7967351765140848e-11,
        1.1481428873007284e-11,
        -2.807460684069243e-14,
        -3.012251024442509e-13,
        7.106503405462323e-15,
        8.542035882836416e-15,
        -2.329298464180819e-16,
        -2.6466825044432234e-16,
    )
    x = np.clip(x, 1, 40)
    s = (x - 5) / (x + 3)
    last = before = np.zeros_like(x)
    for coefficient in coefficients[:0:-1]:
        last, before = 2 * s * last - before + coefficient, last
    scaled = (s * last - before + coefficients[0]) / (1 + 2 * x)
    near = np.rint(16 * x) / 16
    result: Array = scaled * np.exp(-(near**2)) * np.exp(-(x - near) * (x + near))
    return result


_USES: dict[Callable[..., Array], tuple[Callable[..., Array], ...]] = {
    erf: (erf_series, erfc_tail),
    erfc: (erf_series, erfc_tail),
}
FUNCTIONS = (with_ones, sigmoid, softmax, log_sum_exp, times_log, times_log1p, quotient, erf, erfc)


def sources(names: Iterable[str]) -> list[str]:
    """The texts of these functions and of those that they use; their annotations need ``Array``."""
    wanted = set(names)
    chosen = [function for function in FUNCTIONS if function.__name__ in wanted]
    inner = dict.fromkeys(part for function in chosen for part in _USES.get(function, ()))
    return [inspect.getsource(function).rstrip() for function in (*inner, *chosen)]
