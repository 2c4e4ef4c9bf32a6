"""Take the slope of max(u, 0) from its value: 1 where that is positive, else 0, is its sign."""

from dataclasses import replace
from typing import Any

from sympy import Expr, Gt, Max, Piecewise, S, sign

from symfnn.export.program import Elementwise, Program, variable


def slopes(program: Program) -> Program:
    """The program with such slopes as signs of maxima that stand before them."""
    maxima: dict[Expr, Expr] = {}
    result = []
    for assignment in program.assignments:
        operation = assignment.operation
        if isinstance(operation, Elementwise):
            expression = operation.expression
            if maxima and expression.has(Piecewise):
                expression = expression.replace(lambda node: _state(node) in maxima, lambda n: sign(maxima[_state(n)]))
            if isinstance(expression, Max) and len(expression.args) == 2 and S.Zero in expression.args:
                (state,) = set(expression.args) - {S.Zero}
                maxima.setdefault(state, variable(assignment.target))
            operation = Elementwise(expression)
        result.append(replace(assignment, operation=operation))
    return replace(program, assignments=tuple(result))


def _state(node: Any) -> Expr | None:
    """The state u of a node that is 1 where u > 0, else 0."""
    if not isinstance(node, Piecewise) or len(node.args) != 2:
        return None
    (value, condition), (other, otherwise) = node.args
    is_step = (value, other, otherwise) == (S.One, S.Zero, S.true) and isinstance(condition, Gt)
    return condition.lhs if is_step and condition.rhs == 0 else None
