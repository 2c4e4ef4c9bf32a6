"""Write u where u > 0, else 0, as the larger of the two, which is one operation."""

from dataclasses import replace

from sympy import Expr, Ge, Gt, Max, Piecewise, S

from symfnn.export.program import Elementwise, Program


def extremes(program: Program) -> Program:
    """The program with such pieces as maxima; not-a-number goes through instead of becoming 0."""
    return replace(
        program,
        assignments=tuple(
            replace(a, operation=Elementwise(a.operation.expression.replace(_is_positive_part, _maximum)))
            if isinstance(a.operation, Elementwise) and a.operation.expression.has(Piecewise)
            else a
            for a in program.assignments
        ),
    )


def _is_positive_part(node: Expr) -> bool:
    if not isinstance(node, Piecewise) or len(node.args) != 2:
        return False
    (value, condition), (other, otherwise) = node.args
    return other == 0 and otherwise == S.true and condition in (Gt(value, 0), Ge(value, 0))


def _maximum(node: Expr) -> Expr:
    return Max(node.args[0][0], 0)
