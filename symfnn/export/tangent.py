"""Differentiate a program along a direction: assignments are followed by their directional derivatives, ẋ as ``x_dot``.

A derivative of the derived gradient gives products with the second derivative, and one of the outputs gives products
with their Jacobian.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import final

from sympy import Expr, Integer

from symfnn.export.differential import differential
from symfnn.export.lowering import no_form
from symfnn.export.making import Making
from symfnn.export.program import (
    Assignment,
    Elementwise,
    LogSumExp,
    Operation,
    Product,
    Program,
    Rows,
    Softmax,
    Spread,
    Stack,
    Total,
    operands,
    variable,
)
from symfnn.export.shapes import infer
from symfnn.export.stable import Logistic


def dotted(name: str) -> str:
    """The name of a derivative along the direction."""
    return f"{name}_dot"


def along(program: Program, inputs: Iterable[str], outputs: Iterable[str]) -> Program:
    """The program with the directional derivatives of these outputs as further outputs.

    Args:
        program: before any pass.
        inputs: those that have a direction, which becomes an input of its own.
        outputs: names in the program.

    Raises:
        ModelError: it holds an operation that has no derivative here.
    """
    shapes = dict(program.inputs)
    directions = tuple((dotted(name), shapes[name]) for name in inputs)
    made = _Tangents(shapes | dict(directions), names={name: dotted(name) for name in inputs})
    for _, group in groupby(program.assignments, key=lambda a: a.section):
        assignments = list(group)
        for assignment in assignments:
            made.section = assignment.section
            made.put(assignment.target, assignment.operation)
        for assignment in assignments:
            made.differentiate(assignment)
    wanted = tuple(made.of(name) for name in outputs)
    return Program((*program.inputs, *directions), tuple(made.assignments), (*program.outputs, *wanted))


@final
@dataclass(slots=True, kw_only=True)
class _Tangents(Making):
    """The derivatives so far; a name without one does not depend on the direction."""

    names: dict[str, str]
    count: int = 0

    def differentiate(self, assignment: Assignment) -> None:
        """The derivative of one assignment, where it has one."""
        if not any(name in self.names for name in operands(assignment.operation)):
            return
        self.section = f"{assignment.section}, along the direction"
        operation = self._operation(assignment.target, assignment.operation)
        if operation == Elementwise(Integer(0)):
            return
        name = dotted(assignment.target)
        if infer(operation, self.shapes) != assignment.shape:
            operation = Spread(self._part("constant", operation), assignment.target)
        self.put(name, operation)
        self.names[assignment.target] = name

    def of(self, name: str) -> str:
        """The derivative of a name, zeros where it does not depend on the direction."""
        if name not in self.names:
            self.put(dotted(name), Spread(self._part("constant", Elementwise(Integer(0))), name))
            self.names[name] = dotted(name)
        return self.names[name]

    def _part(self, hint: str, operation: Operation) -> str:
        self.count += 1
        name = f"{hint}_{self.count}_part"
        self.put(name, operation)
        return name

    def _operation(self, target: str, operation: Operation) -> Operation:
        match operation:
            case Elementwise(expression):
                return Elementwise(self._elementwise(target, expression))
            case Product():
                return self._product(operation)
            case Total(operand, axis):
                return Total(self.names[operand], axis)
            case Rows(operand, part):
                return Rows(self.names[operand], part)
            case Stack(biases, weights):
                return Stack(self.of(biases), self.of(weights))
            case Spread(operand, like):
                return Spread(self.names[operand], like)
        return self._along_columns(target, operation)

    def _along_columns(self, target: str, operation: Operation) -> Operation:
        """S (u̇ - Σ s u̇) of the softmax s, and Σ s u̇ of the logarithm."""
        match operation:
            case Softmax(operand):
                weighted = variable(target) * variable(self.names[operand])
                total = self._part("total", Total(self._part("term", Elementwise(weighted)), 1))
                return Elementwise(weighted - variable(target) * variable(total))
            case LogSumExp(operand):
                weights = variable(self._part("softmax", Softmax(operand)))
                return Total(self._part("term", Elementwise(weights * variable(self.names[operand]))), 1)
        raise no_form(operation)

    def _elementwise(self, target: str, expression: Expr) -> Expr:
        """The derivative of the value in the value itself, where it is one function, so that it is evaluated once."""
        tangents = {variable(name): variable(dot) for name, dot in self.names.items()}
        value = variable(target)
        if isinstance(expression, Logistic):
            return value * (1 - value) * differential(expression.args[0], tangents)
        return differential(expression, tangents).xreplace({expression: value})

    def _product(self, operation: Product) -> Operation:
        parts = list(self._factors(operation))
        if len(parts) == 1:
            return parts[0]
        first, second = (variable(self._part("product", part)) for part in parts)
        return Elementwise(first + second)

    def _factors(self, operation: Product) -> Iterator[Product]:
        left, right, *flags = (
            operation.left,
            operation.right,
            operation.is_left_transposed,
            operation.is_right_transposed,
        )
        if left in self.names:
            yield Product(self.names[left], right, *flags)
        if right in self.names:
            yield Product(left, self.names[right], *flags)
