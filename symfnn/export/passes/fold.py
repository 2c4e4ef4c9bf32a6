"""Fold the biases into the matrix products: a column of ones beside the states multiplies the row of biases."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import final

from sympy import Expr

from symfnn.export.making import Making
from symfnn.export.program import (
    Assignment,
    Bordered,
    Elementwise,
    Inside,
    Operation,
    Product,
    Program,
    Rows,
    Stack,
    Total,
    operands,
    variable,
)


def fold(program: Program, apart: frozenset[str] = frozenset()) -> Program:
    """The program with one product for each layer's state, and one for the whole gradient of its parameters.

    Args:
        program: with samples as rows.
        apart: states that get no column of ones, such as wide inputs, which would have to be copied beside it.
    """
    folding = _Folding(dict(program.inputs), program=program, apart=apart)
    for assignment in program.assignments:
        folding.add(assignment)
    return replace(program, assignments=tuple(folding.assignments))


def inside(program: Program) -> Program:
    """The folded program without copies of what is a part of another array.

    What is elementwise in an array takes it from beside the ones, and a product with the transposed weights is made
    with the row of biases as well, whose column is left out of the result.
    """
    parts = {a.target: a.operation for a in program.assignments if isinstance(a.operation, Rows)}
    whole = dict(program.inputs)
    names: dict[Expr, Expr] = {}
    result: list[Assignment] = []
    for assignment in program.assignments:
        operation = assignment.operation
        if isinstance(operation, Elementwise):
            operation = Elementwise(operation.expression.xreplace(names))
        match operation, parts.get(getattr(operation, "right", "")):
            case Product(left, _, False, True), Rows(parameters, "weights"):
                name = f"whole_{assignment.target}"
                shape = assignment.shape[0], whole[parameters][0]
                made = Product(left, parameters, is_right_transposed=True)
                result.append(Assignment(name, made, shape, assignment.section))
                operation = Inside(name)
        result.append(replace(assignment, operation=operation))
        if isinstance(operation, Bordered) and operation.axis == 1:
            name = f"inside_{operation.operand}"
            names[variable(operation.operand)] = variable(name)
            rows, columns = assignment.shape
            shape = rows, columns.removeprefix("1 + ")
            result.append(Assignment(name, Inside(assignment.target), shape, assignment.section))
    return replace(program, assignments=tuple(result))


@final
@dataclass(slots=True, kw_only=True)
class _Folding(Making):
    program: Program
    apart: frozenset[str]
    made: dict[str, Operation] = field(default_factory=dict)
    uses: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.made.update((a.target, a.operation) for a in self.program.assignments)
        self.uses.update(name for a in self.program.assignments for name in operands(a.operation))

    def add(self, assignment: Assignment) -> None:
        operation, self.section = assignment.operation, assignment.section
        match operation:
            case Elementwise(expression) if expression.is_Add and len(expression.args) == 2:
                found = self._state(*expression.args) or self._state(*reversed(expression.args))
            case Stack(biases, weights):
                found = self._gradient(biases, weights)
            case _:
                found = None
        if found is not None:
            states, operation = found
            if _bordered(states) not in self.shapes:
                self.put(_bordered(states), Bordered(states, 1))
        self.put(assignment.target, operation)

    def _state(self, left: Expr, right: Expr) -> tuple[str, Operation] | None:
        """The states and the product that a sum of a product and biases becomes."""
        product, biases = self.made.get(str(left)), self.made.get(str(right))
        if not (isinstance(product, Product) and isinstance(biases, Rows) and biases.part == "biases"):
            return None
        weights = self.made.get(product.right)
        is_plain = not (product.is_left_transposed or product.is_right_transposed) and self.uses[str(left)] == 1
        if weights != Rows(biases.operand, "weights") or not is_plain or product.left in self.apart:
            return None
        return product.left, Product(_bordered(product.left), biases.operand)

    def _gradient(self, biases: str, weights: str) -> tuple[str, Operation] | None:
        """The states and the product that a stack of a sum and a product becomes."""
        total, product = self.made.get(biases), self.made.get(weights)
        if not (isinstance(total, Total) and isinstance(product, Product)) or product.left in self.apart:
            return None
        if product != Product(product.left, total.operand, True) or total.axis != 0:
            return None
        if self.uses[biases] > 1 or self.uses[weights] > 1 or {biases, weights} & set(self.program.outputs):
            return None
        return product.left, Product(_bordered(product.left), product.right, True)


def _bordered(states: str) -> str:
    return f"bordered_{states}"
