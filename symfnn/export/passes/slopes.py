"""Take the slope of max(u, 0) from its value, so that nothing has to keep u: 1 where that is positive, else 0."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sympy import Expr, Gt, Max, Piecewise, S, sign

from symfnn.export.program import Elementwise, Program, condition_of, step, variable


def slopes(program: Program, slope: Callable[[Expr], Expr] = sign) -> Program:
    """The program with such slopes taken from maxima that stand before them: as signs, or as ``slope`` gives them."""
    maxima: dict[Expr, Expr] = {}
    result = []
    for assignment in program.assignments:
        operation = assignment.operation
        if isinstance(operation, Elementwise):
            expression = operation.expression
            if maxima and expression.has(Piecewise):
                expression = expression.replace(lambda node: _state(node) in maxima, lambda n: slope(maxima[_state(n)]))
            if isinstance(expression, Max) and len(expression.args) == 2 and S.Zero in expression.args:
                (state,) = set(expression.args) - {S.Zero}
                maxima.setdefault(state, variable(assignment.target))
            operation = Elementwise(expression)
        result.append(replace(assignment, operation=operation))
    return replace(program, assignments=tuple(result))


def positive(value: Expr) -> Expr:
    """1 where a number is positive, else 0, as a distinction of cases."""
    return step(value > 0)


def _state(node: Any) -> Expr | None:
    """The state u of a node that is 1 where u > 0, else 0."""
    condition = condition_of(node)
    return condition.lhs if isinstance(condition, Gt) and condition.rhs == 0 else None
