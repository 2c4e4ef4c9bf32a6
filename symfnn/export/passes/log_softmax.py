"""Write u - log Σ e^u in one operation, for libraries that have it."""

from dataclasses import replace

from sympy import Expr

from symfnn.export.program import Assignment, Elementwise, LogSoftmax, LogSumExp, Program, variable


def log_softmax(program: Program) -> Program:
    """The program with such differences in operations of their own."""
    levels: dict[Expr, LogSumExp] = {}
    shapes = dict(program.inputs) | {a.target: a.shape for a in program.assignments}
    names: dict[Expr, Expr] = {}
    result: list[Assignment] = []
    for assignment in program.assignments:
        operation = assignment.operation
        if isinstance(operation, LogSumExp):
            levels[variable(assignment.target)] = operation
        if isinstance(operation, Elementwise):
            for level, whole in levels.items():
                difference = variable(whole.operand) - level
                if not _has(operation.expression, difference):
                    continue
                if difference not in names:
                    name = f"logarithms_{whole.operand}"
                    names[difference] = variable(name)
                    made = Assignment(name, LogSoftmax(whole.operand), shapes[whole.operand], assignment.section)
                    result.append(made)
                operation = Elementwise(_replaced(operation.expression, difference, names[difference]))
        result.append(replace(assignment, operation=operation))
    return replace(program, assignments=tuple(result))


def _has(expression: Expr, difference: Expr) -> bool:
    return bool(_replaced(expression, difference, variable("logarithms")) != expression)


def _replaced(expression: Expr, difference: Expr, name: Expr) -> Expr:
    """The expression with the difference, or its negative, as a part by this name."""
    return expression.xreplace({difference: name, -difference: -name})
