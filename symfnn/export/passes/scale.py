"""Multiply the errors by a common factor such as 1/m rather than the gradients, which are larger."""

from collections import Counter
from dataclasses import replace

from sympy import Add, Expr, Mul

from symfnn.export.program import (
    Assignment,
    Elementwise,
    Operation,
    Product,
    Program,
    Total,
    operands,
    renamed,
    variable,
)


def scale_errors(program: Program) -> Program:
    """The program with c (A·D) as A·(c D) and c ΣD as Σ(c D) wherever D is an error signal."""
    shapes = {a.target: a.shape for a in program.assignments} | dict(program.inputs)
    uses = Counter(name for a in program.assignments for name in operands(a.operation))
    made = {a.target: a.operation for a in program.assignments}
    scaled: dict[tuple[str, Expr], str] = {}
    changed: dict[str, Operation] = {}
    result: list[Assignment] = []
    for assignment in program.assignments:
        operation = assignment.operation
        if isinstance(operation, Elementwise) and assignment.shape != ():
            terms = []
            for term in Add.make_args(operation.expression):
                scalar, rest = _apart(term, shapes)
                inner = made.get(str(rest)) if scalar != 1 and uses[str(rest)] == 1 else None
                error = _error(inner)
                if inner is None or error is None or str(rest) in program.outputs:
                    terms.append(term)
                    continue
                if (error, scalar) not in scaled:
                    name = f"scaled_{len(scaled) + 1}"
                    scaled[error, scalar] = name
                    product = Elementwise(scalar * variable(error))
                    result.append(Assignment(name, product, shapes[error], assignment.section))
                changed[str(rest)] = renamed(inner, {error: scaled[error, scalar]})
                terms.append(rest)
            operation = Elementwise(Add(*terms))
        result.append(replace(assignment, operation=operation))
    return Program(program.inputs, _in_order(result, changed), program.outputs)


def _apart(term: Expr, shapes: dict[str, tuple[str, ...]]) -> tuple[Expr, Expr]:
    """The scalar factors of a term, and the rest."""
    factors = Mul.make_args(term)
    scalars = [f for f in factors if all(shapes[str(symbol)] == () for symbol in f.free_symbols)]
    return Mul(*scalars), Mul(*(f for f in factors if f not in scalars))


def _error(operation: Operation | None) -> str | None:
    """The error signal that a gradient, by parameters or by inputs, is a product with, or a sum of."""
    match operation:
        case Product(_, right, True, False) if right.startswith("delta"):
            return right
        case Product(left, _, False, True) if left.startswith("delta"):
            return left
        case Total(operand, 0) if operand.startswith("delta"):
            return operand
    return None


def _in_order(assignments: list[Assignment], changed: dict[str, Operation]) -> tuple[Assignment, ...]:
    """What has changed stands right before its use, behind the scaled error."""
    by_name = {a.target: a for a in assignments}
    result: list[Assignment] = []
    for assignment in assignments:
        if assignment.target in changed:
            continue
        for name in operands(assignment.operation):
            if name in changed:
                result.append(replace(by_name[name], operation=changed[name]))
        result.append(assignment)
    return tuple(result)
