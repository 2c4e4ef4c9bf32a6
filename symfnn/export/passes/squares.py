"""Write 1 - a^2 as (1 - a) (1 + a): where a is nearly 1, the square would be rounded before it is subtracted."""

from dataclasses import replace

from sympy import Add, Expr, Integer, Pow

from symfnn.export.program import Elementwise, Program


def squares(program: Program) -> Program:
    """The program with such differences as products."""
    return replace(
        program,
        assignments=tuple(
            replace(a, operation=Elementwise(a.operation.expression.replace(_is_difference, _product)))
            if isinstance(a.operation, Elementwise)
            else a
            for a in program.assignments
        ),
    )


def _is_difference(node: Expr) -> bool:
    if not isinstance(node, Add) or len(node.args) != 2 or node.args[0] != Integer(1):
        return False
    square = -node.args[1]
    return isinstance(square, Pow) and square.exp == 2 and bool(square.base.is_Symbol)


def _product(node: Expr) -> Expr:
    base = (-node.args[1]).base
    return (1 - base) * (1 + base)
