"""Plan the memory of a program: arrays that are never needed at the same time share a buffer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from sympy import Piecewise

from symfnn.export.program import Assignment, Elementwise, Program, Rows, Shape, Softmax, Stack, operands


@final
@dataclass(frozen=True, slots=True)
class Plan:
    """Where each array lies.

    Attributes:
        places: the buffer of each target that needs one.
        buffers: the shape of each buffer.
        parts: targets that are written straight into the gradient that they are stacked into.
    """

    places: Mapping[str, str]
    buffers: Mapping[str, Shape]
    parts: Mapping[str, str]


def plan(program: Program) -> Plan:
    """The buffers of a program whose elementwise assignments are single operations.

    An operation may write over an operand of its own shape that nothing needs afterwards. Outputs keep their buffers.
    """
    last = _last_uses(program)
    parts = _parts(program)
    places: dict[str, str] = {}
    buffers: dict[str, Shape] = {}
    free: dict[Shape, list[str]] = {}
    for number, assignment in enumerate(program.assignments):
        dying = [name for name in dict.fromkeys(operands(assignment.operation)) if last[name] == number]
        released = [(places[name], buffers[places[name]]) for name in dying if name in places]
        if _needs_buffer(assignment) and assignment.target not in parts:
            inner = [buffer for buffer, shape in released if shape == assignment.shape]
            if inner and _may_overwrite(assignment):
                places[assignment.target] = inner[0]
                released.remove((inner[0], assignment.shape))
            elif free.get(assignment.shape):
                places[assignment.target] = free[assignment.shape].pop()
            else:
                name = f"buffer_{len(buffers) + 1}"
                places[assignment.target], buffers[name] = name, assignment.shape
        for buffer, shape in released:
            free.setdefault(shape, []).append(buffer)
    return Plan(places, buffers, parts)


def _last_uses(program: Program) -> dict[str, int]:
    last = {name: number for number, a in enumerate(program.assignments) for name in operands(a.operation)}
    return last | {a.target: -1 for a in program.assignments if a.target not in last} | {
        name: len(program.assignments) for name in program.outputs
    }  # fmt: skip


def _parts(program: Program) -> dict[str, str]:
    """A target that two gradients hold is written into the first."""
    made = {a.target: a.operation for a in program.assignments}
    found: dict[str, str] = {}
    for target, operation in made.items():
        if isinstance(operation, Stack):
            for name, rows in ((operation.biases, "[:1]"), (operation.weights, "[1:]")):
                if name in made and not isinstance(made[name], Rows | Stack):
                    found.setdefault(name, target + rows)
    return found


def _needs_buffer(assignment: Assignment) -> bool:
    return assignment.shape != () and not isinstance(assignment.operation, Rows | Stack)


def _may_overwrite(assignment: Assignment) -> bool:
    """Whether each entry is read before it is written; pieces are written one after another."""
    operation = assignment.operation
    if isinstance(operation, Elementwise):
        return not isinstance(operation.expression, Piecewise)
    return isinstance(operation, Softmax)
