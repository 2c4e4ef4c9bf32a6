"""Write sums as products with ones, and sums of products as inner products: BLAS adds faster than NumPy does."""

from collections import Counter
from dataclasses import replace
from typing import Literal

from sympy import Expr

from symfnn.export.making import Making
from symfnn.export.program import (
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
)


def totals(program: Program) -> Program:
    """The program without ``Total``; its elementwise assignments are single operations."""
    given = {a.target: a.operation for a in program.assignments}
    made = Making(dict(program.inputs))
    uses = Counter(name for a in program.assignments for name in operands(a.operation))
    for assignment in program.assignments:
        operation, made.section = assignment.operation, assignment.section
        if isinstance(operation, Total):
            pair = _factors(given.get(operation.operand), given, made.shapes) if operation.axis is None else None
            if pair is not None and uses[operation.operand] == 1:
                apart = _misfit(pair, given, made.shapes)
                operation = Inner(*pair) if apart is None else _in_two(made, assignment.target, *apart)
            else:
                operation = _by_ones(made, assignment.target, operation)
        made.put(assignment.target, operation)
    return replace(program, assignments=tuple(made.assignments))


def _by_ones(made: Making, target: str, total: Total) -> Operation:
    """The sum as a product with ones, which are made before."""
    ones = made.put(f"ones_{target}", _ones(total, made.shapes[total.operand]))
    return _with_ones(total, str(ones))


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


def _in_two(made: Making, target: str, weight: str, shifted: str, level: str, axis: Literal[0, 1]) -> Operation:
    """The sum of all y u less that of all b Σ y. As no u is positive and no b negative, nothing cancels."""
    whole = made.put(f"weights_{target}", _by_ones(made, target, Total(weight, axis)))
    first = made.put(f"first_{target}", Inner(weight, shifted))
    return Elementwise(first - made.put(f"second_{target}", Inner(str(whole), level)))


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
