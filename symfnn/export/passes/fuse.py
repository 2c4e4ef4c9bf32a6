"""Group a program into steps of which each is one loop nest: elementwise runs of one shape, products, sums."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, final

from symfnn.export.program import (
    Assignment,
    Elementwise,
    LogSumExp,
    Product,
    Program,
    Rows,
    Shape,
    Softmax,
    Stack,
    Total,
    operands,
    variable,
)


@final
@dataclass(frozen=True, slots=True)
class Loop:
    """Elementwise assignments of one shape, evaluated together entry by entry.

    Attributes:
        assignments: in their order.
        totals: sums of their columns, which are added up on the way.
    """

    assignments: tuple[Assignment, ...]
    totals: tuple[Assignment, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Call:
    """One operation on whole arrays.

    Attributes:
        assignment: what it is.
        bias: a row that is added to every row of a product.
    """

    assignment: Assignment
    bias: str | None = None


@final
@dataclass(frozen=True, slots=True)
class Exponentials:
    """The softmax and the logarithm of the sum of exponentials of one array, which share their exponentials.

    Attributes:
        operand: the array.
        softmax: the name of the one, or None.
        level: the name of the other, or None.
    """

    operand: str
    softmax: str | None
    level: str | None
    section: str


Step: TypeAlias = Loop | Call | Exponentials


def fused(program: Program, narrow: frozenset[str]) -> tuple[Step, ...]:
    """The steps of a program in an order in which each finds what it reads.

    Args:
        program: any.
        narrow: the lengths of rows that are short. There a row of biases is added where a product is made, so that
            what follows runs over all entries in one loop, and sums of columns are calls of their own.
    """
    fusing = _Fusing(narrow, dict(program.inputs) | {a.target: a.shape for a in program.assignments})
    for assignment in _paired(_with_biases(program, narrow)):
        fusing.add(assignment)
    return tuple(
        Loop(tuple(step), tuple(fusing.totals.get(number, ()))) if isinstance(step, list) else step
        for number, step in enumerate(fusing.steps)
    )


def reads(step: Step) -> tuple[str, ...]:
    """The names that a step takes from earlier ones."""
    match step:
        case Loop(assignments):
            own = {a.target for a in assignments}
            return tuple(dict.fromkeys(n for a in assignments for n in operands(a.operation) if n not in own))
        case Call(assignment, bias):
            return (*operands(assignment.operation), *(() if bias is None else (bias,)))
    return (step.operand,)


def writes(step: Step) -> tuple[str, ...]:
    """The names that a step gives."""
    match step:
        case Loop(assignments, totals):
            return tuple(a.target for a in (*assignments, *totals))
        case Call(assignment):
            return (assignment.target,)
    return tuple(name for name in (step.softmax, step.level) if name is not None)


@final
@dataclass(slots=True)
class _Fusing:
    """The steps so far, and the number of that which each name comes from."""

    narrow: frozenset[str]
    shapes: Mapping[str, Shape]
    steps: list[list[Assignment] | Call | Exponentials] = field(default_factory=list)
    made_by: dict[str, int] = field(default_factory=dict)
    totals: dict[int, list[Assignment]] = field(default_factory=dict)

    def add(self, given: Assignment | Call | Exponentials) -> None:
        if isinstance(given, Assignment):
            if isinstance(given.operation, Elementwise) and given.shape != ():
                self._elementwise(given)
                return
            if self._is_on_the_way(given):
                return
            given = Call(given)
        self.steps.append(given)
        self.made_by |= dict.fromkeys(writes(given), len(self.steps) - 1)

    def _is_on_the_way(self, assignment: Assignment) -> bool:
        """Whether this is a sum of long rows that the loop which makes them can add up."""
        operation = assignment.operation
        if not isinstance(operation, Total) or operation.axis != 0 or assignment.shape[1] in self.narrow:
            return False
        number = self.made_by.get(operation.operand, -1)
        if number < 0 or not isinstance(self.steps[number], list):
            return False
        self.totals.setdefault(number, []).append(assignment)
        self.made_by[assignment.target] = number
        return True

    def _elementwise(self, assignment: Assignment) -> None:
        """Into the last loop of its shape, unless something that it reads comes later."""
        latest = max((self.made_by.get(name, -1) for name in operands(assignment.operation)), default=-1)
        for number in range(len(self.steps) - 1, max(latest, 0) - 1, -1):
            step = self.steps[number]
            if isinstance(step, list) and step[0].shape == assignment.shape and self._fits(assignment, number):
                step.append(assignment)
                self.made_by[assignment.target] = number
                return
        self.steps.append([assignment])
        self.made_by[assignment.target] = len(self.steps) - 1

    def _fits(self, assignment: Assignment, number: int) -> bool:
        """Whether what comes from the loop itself is read entry by entry."""
        own = [name for name in operands(assignment.operation) if self.made_by.get(name, -1) == number]
        return all(self.shapes[name] == assignment.shape for name in own)


def _with_biases(program: Program, narrow: frozenset[str]) -> list[Assignment | Call]:
    """Products to which a row is added, as one call, where their columns are narrow."""
    made = {a.target: a for a in program.assignments}
    uses = Counter(name for a in program.assignments for name in operands(a.operation))
    uses.update(program.outputs)
    calls: dict[str, Call] = {}
    for a in program.assignments:
        if not isinstance(a.operation, Elementwise) or a.shape == () or a.shape[1] not in narrow:
            continue
        names = operands(a.operation)
        products = [n for n in names if n in made and isinstance(made[n].operation, Product) and uses[n] == 1]
        rows = [n for n in names if n in made and isinstance(made[n].operation, Rows) and made[n].shape[0] == "1"]
        if len(products) == len(rows) == 1 and a.operation.expression == variable(products[0]) + variable(rows[0]):
            calls[products[0]] = Call(replace(a, operation=made[products[0]].operation), rows[0])
    folded = {call.assignment.target for call in calls.values()}
    return [calls.get(a.target, a) for a in program.assignments if a.target not in folded]


def _paired(given: list[Assignment | Call]) -> list[Assignment | Call | Exponentials]:
    """Softmax and LogSumExp of one array in one step, where the first of them stands."""
    found: dict[str, dict[type, str]] = {}
    for item in given:
        if isinstance(item, Assignment) and isinstance(item.operation, Softmax | LogSumExp):
            found.setdefault(item.operation.operand, {})[type(item.operation)] = item.target
    result: list[Assignment | Call | Exponentials] = []
    for item in given:
        if isinstance(item, Assignment) and isinstance(item.operation, Softmax | LogSumExp):
            names = found.pop(item.operation.operand, None)
            if names is not None:
                operand = item.operation.operand
                result.append(Exponentials(operand, names.get(Softmax), names.get(LogSumExp), item.section))
            continue
        result.append(item)
    return result


def stacked(program: Program) -> dict[str, tuple[str, str]]:
    """The targets that can be written straight into an output: its name and ``"biases"`` or ``"weights"``."""
    made = {a.target: a.operation for a in program.assignments}
    found: dict[str, tuple[str, str]] = {}
    for target, operation in made.items():
        if isinstance(operation, Stack):
            for name, part in ((operation.biases, "biases"), (operation.weights, "weights")):
                if name in made and not isinstance(made[name], Rows | Stack):
                    found.setdefault(name, (target, part))
    return found
