"""Write softmax and log Σ e^u in single operations that share their shift, their exponentials and the sum of these."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import final

from sympy import Expr, exp, log

from symfnn.export.making import Making
from symfnn.export.program import (
    Assignment,
    Elementwise,
    Largest,
    LogSumExp,
    Program,
    Softmax,
    Total,
    operands,
    variable,
)


def exponentials(program: Program) -> Program:
    """The program without ``Softmax`` and ``LogSumExp``.

    The largest u is taken out before the exponential; it cancels in a softmax, and in u - log Σ e^u as well.
    """
    uses = Counter(name for a in program.assignments for name in operands(a.operation))
    uses.update(program.outputs)
    opened = _Opened(dict(program.inputs), uses=uses)
    for assignment in program.assignments:
        opened.add(assignment)
    return replace(program, assignments=tuple(opened.assignments))


@final
@dataclass(slots=True, kw_only=True)
class _Opened(Making):
    """The new assignments; by the name of u, the numbers of what belongs to it."""

    uses: Counter[str]
    numbers: dict[str, int] = field(default_factory=dict)
    shifts: dict[Expr, Expr] = field(default_factory=dict)
    quotients: dict[Expr, Expr] = field(default_factory=dict)

    def add(self, assignment: Assignment) -> None:
        operation, self.section = assignment.operation, assignment.section
        if isinstance(operation, Softmax):
            number = self._number(operation.operand)
            quotient = variable(f"power_{number}") / variable(f"mass_{number}")
            if self.uses[assignment.target] == 1 and assignment.target.startswith("a_"):
                self.quotients[variable(assignment.target)] = quotient
            operation = Elementwise(quotient)
        elif isinstance(operation, LogSumExp):
            number = self._number(operation.operand)
            top = variable(f"top_{number}")
            self.shifts[variable(operation.operand)] = variable(f"shifted_{number}") + top
            self.shifts[variable(assignment.target)] = top + log(variable(f"mass_{number}"))
            operation = Elementwise(self.shifts[variable(assignment.target)])
        elif isinstance(operation, Elementwise):
            operation = Elementwise(self._shifted(operation.expression.xreplace(self.quotients)))
        self.put(assignment.target, operation)

    def _number(self, state: str) -> int:
        if state not in self.numbers:
            number = self.numbers[state] = len(self.numbers) + 1
            self.put(f"top_{number}", Largest(state, 1))
            self.put(f"shifted_{number}", Elementwise(variable(state) - variable(f"top_{number}")))
            self.put(f"power_{number}", Elementwise(exp(variable(f"shifted_{number}"))))
            self.put(f"mass_{number}", Total(f"power_{number}", 1))
        return self.numbers[state]

    def _shifted(self, expression: Expr) -> Expr:
        """The expression in shifted u, where the shift cancels."""
        if not any(letter in expression.free_symbols for letter in self.shifts):
            return expression
        shifted = expression.xreplace(self.shifts)
        tops = {variable(f"top_{number}") for number in self.numbers.values()}
        return expression if shifted.free_symbols & tops else shifted
