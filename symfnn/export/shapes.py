"""Shapes of a program's assignments, inferred from its inputs; widths that happen to be equal stay distinct."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from symfnn import errors
from symfnn.export.program import (
    Bordered,
    Elementwise,
    Inner,
    Inside,
    Largest,
    LogSoftmax,
    LogSumExp,
    Ones,
    Operation,
    Product,
    Program,
    Rows,
    Shape,
    Softmax,
    Spread,
    Stack,
    Total,
    Turned,
    operands,
)

_BIASES = "1 + "
_OfOne: TypeAlias = Total | Largest | Bordered | Inside | Turned | Rows | Softmax | LogSoftmax | LogSumExp


def infer(operation: Operation, shapes: Mapping[str, Shape]) -> Shape:
    """The shape of an operation's result.

    Raises:
        ModelError: the operands' shapes do not fit.
    """
    match operation:
        case Elementwise():
            return _broadcast([shapes[name] for name in operands(operation)])
        case Product(left, right, is_left, is_right):
            return _product(_turned(shapes[left], is_left), _turned(shapes[right], is_right))
        case Inner(left, right):
            return _inner(_matrix(shapes[left]), _matrix(shapes[right]))
        case Ones(rows, columns):
            return (rows, columns)
        case Stack(biases, weights):
            return _stacked(shapes[biases], shapes[weights])
        case Spread(operand, like):
            return _spread(shapes[operand], shapes[like])
    return _of_one(operation, _matrix(shapes[operation.operand]))


def verify(program: Program) -> Program:
    """The program, each name assigned once and before it is used, each shape as it is inferred.

    Raises:
        ModelError: one of this does not hold.
    """
    shapes = dict(program.inputs)
    for assignment in program.assignments:
        missing = [name for name in operands(assignment.operation) if name not in shapes]
        if missing:
            raise errors.ModelError(f"{assignment.target} uses {missing[0]} before it is assigned")
        if assignment.target in shapes:
            raise errors.ModelError(f"{assignment.target} is assigned twice")
        found = infer(assignment.operation, shapes)
        if found != assignment.shape:
            raise errors.ModelError(f"{assignment.target} has the shape {found}, not {assignment.shape}")
        shapes[assignment.target] = found
    unknown = [name for name in program.outputs if name not in shapes]
    if unknown:
        raise errors.ModelError(f"the result {unknown[0]} is never assigned")
    return program


def _of_one(operation: _OfOne, shape: tuple[str, str]) -> Shape:
    rows, columns = shape
    match operation:
        case Total(_, None):
            return ()
        case Total(_, axis) | Largest(_, axis):
            return ("1", columns) if axis == 0 else (rows, "1")
        case Softmax() | LogSoftmax():
            return shape
        case LogSumExp():
            return (rows, "1")
    return _arranged(operation, shape)


def _arranged(operation: Bordered | Inside | Turned | Rows, shape: tuple[str, str]) -> Shape:
    rows, columns = shape
    match operation:
        case Bordered(_, axis):
            return (_BIASES + rows, columns) if axis == 0 else (rows, _BIASES + columns)
        case Inside(operand):
            if not columns.startswith(_BIASES):
                raise errors.ModelError(f"{operand} of shape {shape} has no column of ones")
            return (rows, columns.removeprefix(_BIASES))
        case Turned():
            return (columns, rows)
        case Rows(operand, part):
            if not rows.startswith(_BIASES):
                raise errors.ModelError(f"{operand} of shape {shape} has no row of biases")
            return ("1" if part == "biases" else rows.removeprefix(_BIASES), columns)


def _matrix(shape: Shape) -> tuple[str, str]:
    if len(shape) != 2:
        raise errors.ModelError(f"an array with two axes is needed, not one of shape {shape}")
    return shape[0], shape[1]


def _turned(shape: Shape, is_transposed: bool) -> tuple[str, str]:
    rows, columns = _matrix(shape)
    return (columns, rows) if is_transposed else (rows, columns)


def _product(left: tuple[str, str], right: tuple[str, str]) -> Shape:
    if left[1] != right[0]:
        raise errors.ModelError(f"a product of {left} by {right} cannot be")
    return (left[0], right[1])


def _inner(left: tuple[str, str], right: tuple[str, str]) -> Shape:
    if left != right:
        raise errors.ModelError(f"{left} and {right} have no inner product")
    return ()


def _spread(shape: Shape, like: Shape) -> Shape:
    if _broadcast([shape, like]) != like:
        raise errors.ModelError(f"{shape} cannot be repeated to {like}")
    return like


def _stacked(biases: Shape, weights: Shape) -> Shape:
    (one, width), (rows, columns) = _matrix(biases), _matrix(weights)
    if one != "1" or width != columns:
        raise errors.ModelError(f"{biases} is no row of biases above {weights}")
    return (_BIASES + rows, columns)


def _broadcast(shapes: Iterable[Shape]) -> Shape:
    wide = [_matrix(shape) for shape in shapes if shape != ()]
    if not wide:
        return ()
    rows, columns = (_common({shape[axis] for shape in wide}) for axis in (0, 1))
    return (rows, columns)


def _common(lengths: set[str]) -> str:
    longer = lengths - {"1"}
    if len(longer) > 1:
        raise errors.ModelError(f"axes of the lengths {' and '.join(sorted(longer))} do not fit each other")
    return longer.pop() if longer else "1"
