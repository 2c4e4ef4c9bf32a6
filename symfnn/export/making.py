"""Assignments in the making: each gets the shape that follows from what it reads."""

from dataclasses import dataclass, field

from sympy import Expr

from symfnn.export.program import Assignment, Operation, Shape, variable
from symfnn.export.shapes import infer


@dataclass(slots=True)
class Making:
    """The assignments of a program, one after another.

    Attributes:
        shapes: of the names known so far; targets are added.
        assignments: those made so far.
        section: what the next ones are about.
    """

    shapes: dict[str, Shape]
    assignments: list[Assignment] = field(default_factory=list)
    section: str = ""

    def put(self, target: str, operation: Operation) -> Expr:
        """``target = operation``; its symbol.

        Raises:
            ModelError: the operands' shapes do not fit.
        """
        shape = infer(operation, self.shapes)
        self.assignments.append(Assignment(target, operation, shape, self.section))
        self.shapes[target] = shape
        return variable(target)
