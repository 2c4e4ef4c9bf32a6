"""Evaluates a program with NumPy, one operation after another, every stable node written out: slow and plain."""

import mpmath
import numpy as np
from sympy import lambdify

from symfnn.export.program import (
    Bordered,
    Elementwise,
    Inner,
    Inside,
    Largest,
    LogSoftmax,
    LogSumExp,
    Ones,
    Product,
    Rows,
    Softmax,
    Spread,
    Stack,
    Total,
    Turned,
    operands,
    variable,
)
from symfnn.export.stable import plain_of

_ERF = np.vectorize(lambda x: float(mpmath.erf(float(x))), otypes=[float])


def evaluate(program, given):
    """All arrays of the program by name, their shapes held against the symbolic ones."""
    arrays = dict(given)
    sizes = {"1": 1, "m": given["m"]}
    for name, shape in program.inputs:
        for length, size in zip(shape, np.shape(given[name]), strict=True):
            assert sizes.setdefault(length, size) == size
            sizes.setdefault(length.removeprefix("1 + "), size - 1)
    sizes |= {f"1 + {length}": size + 1 for length, size in sizes.items()}
    for assignment in program.assignments:
        result = _result(assignment.operation, arrays, sizes)
        assert np.shape(result) == tuple(sizes[length] for length in assignment.shape)
        arrays[assignment.target] = result
    return arrays


def _result(operation, arrays, sizes):
    values = [arrays[name] for name in operands(operation)]
    match operation:
        case Elementwise(expression):
            names = [variable(name) for name in operands(operation)]
            function = lambdify(names, plain_of(expression), [{"erf": _ERF, "select": _select}, "numpy"], dummify=True)
            return function(*values)
        case Product(_, _, is_left, is_right):
            left, right = values
            return (left.T if is_left else left) @ (right.T if is_right else right)
        case Total(_, axis):
            return values[0].sum() if axis is None else values[0].sum(axis=axis, keepdims=True)
        case Inner():
            return (values[0] * values[1]).sum()
        case Ones(rows, columns):
            return np.ones((sizes[rows], sizes[columns]))
        case Rows(_, part):
            return values[0][:1] if part == "biases" else values[0][1:]
    return _arranged(operation, values)


def _arranged(operation, values):
    match operation:
        case Largest(_, axis):
            return values[0].max(axis=axis, keepdims=True)
        case Bordered(_, axis):
            return np.insert(values[0], 0, 1, axis=axis)
        case Turned():
            return values[0].T
        case Stack():
            return np.vstack(values)
        case Spread():
            return np.broadcast_to(*values[:1], values[1].shape)
        case Inside():
            return values[0][:, 1:]
    return _along_classes(operation, values[0])


def _along_classes(operation, state):
    match operation:
        case Softmax():
            powers = np.exp(state - state.max(axis=1, keepdims=True))
            return powers / powers.sum(axis=1, keepdims=True)
        case LogSoftmax():
            return state - np.log(np.exp(state).sum(axis=1, keepdims=True))
        case LogSumExp():
            return np.log(np.exp(state).sum(axis=1, keepdims=True))


def _select(conditions, choices, default=np.nan):
    return np.select([np.broadcast_arrays(c, *conditions)[0] for c in conditions], choices, default)
