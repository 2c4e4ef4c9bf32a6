"""Write an error times the slope of an activation in one operation, for libraries that have it.

The slopes are recognised by what they are of the activation's value a: a (1 - a), 1 - a^2, or the sign of a maximum.
"""

from dataclasses import replace
from typing import Any

from sympy import Expr, Max, Mul, sign

from symfnn.export.program import Elementwise, Program, variable
from symfnn.export.stable import LogisticSlope, PositiveSlope, TanhSlope


def backward(program: Program, kinds: tuple[Any, ...] = (LogisticSlope, TanhSlope, PositiveSlope)) -> Program:
    """The program with such products as single nodes, those of these kinds."""
    shapes = dict(program.inputs) | {a.target: a.shape for a in program.assignments}
    positive: set[Expr] = set()
    result = []
    for assignment in program.assignments:
        operation = assignment.operation
        if isinstance(operation, Elementwise):
            if isinstance(operation.expression, Max) and 0 in operation.expression.args:
                positive.add(variable(assignment.target))
            if operation.expression.is_Mul:
                is_whole = {variable(name) for name, shape in shapes.items() if shape == assignment.shape}
                operation = Elementwise(_shortened(operation.expression, is_whole, positive, kinds))
        result.append(replace(assignment, operation=operation))
    return replace(program, assignments=tuple(result))


def positive_parts(program: Program) -> Program:
    """The program with those below a maximum with 0 as a choice between the error and 0."""
    return backward(program, (PositiveSlope,))


def _shortened(product: Expr, whole: set[Expr], positive: set[Expr], kinds: tuple[Any, ...]) -> Expr:
    """The product, its slope and another array of the same shape in one node."""
    factors = list(product.args)
    errors = [factor for factor in factors if factor in whole]
    for factor in factors:
        for value in factor.free_symbols:
            for node, parts in (
                (LogisticSlope, [value, 1 - value]),
                (TanhSlope, [1 - value**2]),
                (PositiveSlope, [sign(value)] if value in positive else []),
            ):
                others = [error for error in errors if error not in parts]
                if node in kinds and factor in parts and all(part in factors for part in parts) and others:
                    rest = [f for f in factors if f not in (*parts, others[0])]
                    return Mul(node(others[0], value), *rest)
    return product
