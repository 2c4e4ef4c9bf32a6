"""Write sums as products with ones, and sums of products as inner products: BLAS adds faster than NumPy does."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from sympy import Expr

from symfnn.export.program import (
    Assignment,
    Elementwise,
    Inner,
    Ones,
    Operation,
    Product,
    Program,
    Shape,
    Total,
    Turned,
    operands,
    variable,
)
from symfnn.export.shapes import infer


def totals(program: Program) -> Program:
    """The program without ``Total``; its elementwise assignments are single operations."""
    made = {a.target: a.operation for a in program.assignments}
    shapes = {a.target: a.shape for a in program.assignments} | dict(program.inputs)
    uses = Counter(name for a in program.assignments for name in operands(a.operation))
    result: list[Assignment] = []
    for assignment in program.assignments:
        operation = assignment.operation
        if isinstance(operation, Total):
            pair = _factors(made.get(operation.operand), made, shapes) if operation.axis is None else None
            if pair is not None and uses[operation.operand] == 1:
                apart = _misfit(pair, made, shapes)
                result += [] if apart is None else _in_two(assignment, *apart, shapes)
                operation = Inner(*pair) if apart is None else result.pop().operation
            else:
                ones = _put(
                    f"ones_{assignment.target}", _ones(operation, shapes[operation.operand]), assignment, shapes
                )
                result.append(ones)
                operation = _with_ones(operation, ones.target)
        result.append(replace(assignment, operation=operation))
    return replace(program, assignments=tuple(result))


def _put(target: str, operation: Operation, like: Assignment, shapes: dict[str, Shape]) -> Assignment:
    shapes[target] = infer(operation, shapes)
    return Assignment(target, operation, shapes[target], like.section)


def _misfit(
    pair: tuple[str, str], made: dict[str, Operation], shapes: dict[str, Shape]
) -> tuple[str, str, str, Literal[0, 1]] | None:
    """The names in y (u - b), u shifted as for a softmax and b a row or a column, and the axis of length 1 of b."""
    for weight, inner in (pair, pair[::-1]):
        operation = made.get(inner)
        if isinstance(operation, Elementwise) and operation.expression.is_Add:
            shifted = [part for part in operation.expression.args if str(part).startswith("shifted_")]
            others = [-part for part in operation.expression.args if part not in shifted]
            if len(shifted) == 1 and len(others) == 1 and others[0].is_Symbol and "1" in shapes[str(others[0])]:
                axis: Literal[0, 1] = 0 if shapes[str(others[0])][0] == "1" else 1
                return weight, str(shifted[0]), str(others[0]), axis
    return None


def _in_two(
    total: Assignment, weight: str, shifted: str, level: str, axis: Literal[0, 1], shapes: dict[str, Shape]
) -> Iterator[Assignment]:
    """The sum of all y u less that of all b Σ y. As no u is positive and no b negative, nothing cancels."""
    along = Total(weight, axis)
    ones = _put(f"ones_{total.target}", _ones(along, shapes[weight]), total, shapes)
    whole = _put(f"weights_{total.target}", _with_ones(along, ones.target), total, shapes)
    first = _put(f"first_{total.target}", Inner(weight, shifted), total, shapes)
    second = _put(f"second_{total.target}", Inner(whole.target, level), total, shapes)
    yield from (ones, whole, first, second)
    yield replace(total, operation=Elementwise(variable(first.target) - variable(second.target)))


def _ones(total: Total, shape: Shape) -> Ones:
    rows, columns = shape
    return Ones(rows, columns) if total.axis is None else Ones("1", rows) if total.axis == 0 else Ones(columns, "1")


def _with_ones(total: Total, ones: str) -> Operation:
    if total.axis is None:
        return Inner(total.operand, ones)
    return Product(ones, total.operand) if total.axis == 0 else Product(total.operand, ones)


def _factors(
    operation: Operation | None, made: dict[str, Operation], shapes: dict[str, Shape]
) -> tuple[str, str] | None:
    """The two arrays whose product a term is; none of them transposed, which would have to be copied."""
    if not isinstance(operation, Elementwise):
        return None
    expression = operation.expression
    parts: tuple[Expr, ...] = (expression.base,) * 2 if expression.is_Pow and expression.exp == 2 else expression.args
    if len(parts) != 2 or not (expression.is_Mul or expression.is_Pow) or not all(part.is_Symbol for part in parts):
        return None
    left, right = sorted(map(str, parts))
    is_fit = shapes[left] == shapes[right] != () and not any(isinstance(made.get(n), Turned) for n in (left, right))
    return (left, right) if is_fit else None
