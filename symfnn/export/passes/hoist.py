"""Give what is the same in a whole row or column an assignment of its own, so that a loop evaluates it once."""

from dataclasses import dataclass, replace
from typing import final

from sympy import Add, Expr, Mul, Pow

from symfnn.export.making import Making
from symfnn.export.program import FUNCTIONS, Elementwise, Program, Shape
from symfnn.export.shapes import infer


def hoist(program: Program) -> Program:
    """The program without rows and columns that are evaluated inside of larger expressions."""
    hoisting = _Hoisting(dict(program.inputs))
    for assignment in program.assignments:
        operation = assignment.operation
        hoisting.section = assignment.section
        if isinstance(operation, Elementwise) and assignment.shape != ():
            operation = Elementwise(hoisting.opened(operation.expression, assignment.shape))
        hoisting.put(assignment.target, operation)
    return replace(program, assignments=tuple(hoisting.assignments))


@final
@dataclass(slots=True, kw_only=True)
class _Hoisting(Making):
    count: int = 0

    def shape(self, expression: Expr) -> Shape:
        return infer(Elementwise(expression), self.shapes) if expression.free_symbols else ()

    def step(self, expression: Expr) -> Expr:
        """The name of an expression that is evaluated before."""
        if expression.as_coeff_Mul()[1].is_Symbol or self.shape(expression) == ():
            return expression
        self.count += 1
        name = f"short_{self.count}"
        return self.put(name, Elementwise(self.opened(expression, self.shape(expression))))

    def opened(self, expression: Expr, whole: Shape) -> Expr:
        """An expression of this shape, the shorter ones inside of it by their names."""
        if not isinstance(expression, Add | Mul | Pow) and expression.func not in FUNCTIONS:
            return expression
        if not isinstance(expression, Add | Mul):
            return expression.func(*(self._part(part, whole) for part in expression.args))
        groups: dict[Shape, list[Expr]] = {}
        for part in expression.args:
            groups.setdefault(self.shape(part), []).append(part)
        full = [self._part(part, whole) for part in groups.pop(whole, [])]
        return expression.func(*full, *(self.step(expression.func(*parts)) for parts in groups.values()))

    def _part(self, part: Expr, whole: Shape) -> Expr:
        return self.opened(part, whole) if self.shape(part) == whole else self.step(part)
