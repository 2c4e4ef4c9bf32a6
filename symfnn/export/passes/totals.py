"""Write sums as products with ones, and sums of products as inner products: BLAS adds faster than NumPy does."""

from collections import Counter
from dataclasses import replace

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
            shape = shapes[operation.operand]
            pair = _factors(made.get(operation.operand), made, shapes) if operation.axis is None else None
            if pair is not None and uses[operation.operand] == 1:
                operation = Inner(*pair)
            else:
                ones = Assignment(f"ones_{assignment.target}", _ones(operation, shape), (), assignment.section)
                shapes[ones.target] = infer(ones.operation, shapes)
                result.append(replace(ones, shape=shapes[ones.target]))
                operation = _with_ones(operation, ones.target)
        result.append(replace(assignment, operation=operation))
    return replace(program, assignments=tuple(result))


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
