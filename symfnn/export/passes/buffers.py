"""Plan the memory of a program: arrays that are never needed at the same time share a buffer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import final

from sympy import Piecewise

from symfnn.export.program import (
    Assignment,
    Bordered,
    Elementwise,
    Length,
    Ones,
    Program,
    Rows,
    Shape,
    Stack,
    Turned,
    operands,
)

_VIEWS = (Rows, Turned, Bordered)


@final
@dataclass(frozen=True, slots=True)
class Plan:
    """Where each array lies.

    Attributes:
        places: by target, the buffer that it has, or what it is a part of: ``x[0]`` is the row of ones of a bordered
            array x, or the row of the biases of a gradient x, and ``x[1:]`` the rest.
        buffers: the shape of each buffer.
    """

    places: Mapping[str, str]
    buffers: Mapping[str, Shape]


def plan(program: Program, widths: tuple[int, ...] = ()) -> Plan:
    """The buffers of a program whose elementwise assignments are single operations.

    An operation may write over an operand of its own shape that nothing needs afterwards. Outputs, and what is a part
    of a larger array, keep their places to themselves. An array that may have one entry only is not written over: NumPy
    then takes three times as long.

    Args:
        program: in order of evaluation.
        widths: the numbers s_l, if they are known; equal ones share buffers.
    """
    alone = {a.target for a in program.assignments if set(sized(a.shape, widths)) <= {"1", "m"}}
    overwriting = {a.target for a in program.assignments if _may_overwrite(a)} - alone
    planning = _Planning(_last_uses(program), frozenset(overwriting), widths)
    planning.places.update(parts(program))
    _lead(program, planning)
    for number, assignment in enumerate(program.assignments):
        planning.add(number, assignment)
    return Plan(planning.places, planning.buffers)


def sized(shape: Shape, widths: tuple[int, ...]) -> Shape:
    """The shape with those lengths in numbers that are known."""
    return tuple(_sized(length, widths) for length in shape)


def _sized(length: Length, widths: tuple[int, ...]) -> Length:
    border, _, own = length.rpartition(" + ")
    if not (own.startswith("s_") and own[2:].isdecimal() and int(own[2:]) <= len(widths)):
        return length
    return str(widths[int(own[2:]) - 1] + bool(border))


@final
@dataclass(slots=True)
class _Planning:
    """The plan so far, and the buffers that are free.

    ``last`` has the number of each array's last use, ``overwriting`` what may be written over an operand.
    """

    last: dict[str, int]
    overwriting: frozenset[str]
    widths: tuple[int, ...]
    places: dict[str, str] = field(default_factory=dict)
    buffers: dict[str, Shape] = field(default_factory=dict)
    free: dict[Shape, list[str]] = field(default_factory=dict)

    def add(self, number: int, assignment: Assignment) -> None:
        names = [name for name in dict.fromkeys(operands(assignment.operation)) if self.last[name] == number]
        dying = [self.places[name] for name in names if self.places.get(name) in self.buffers]
        if needs_buffer(assignment) and assignment.target not in self.places:
            shape = sized(assignment.shape, self.widths)
            fit = [place for place in dying if sized(self.buffers[place], self.widths) == shape]
            if fit and assignment.target in self.overwriting:
                self.places[assignment.target] = fit[0]
            elif self.free.get(shape):
                self.places[assignment.target] = self.free[shape].pop()
            else:
                name = f"buffer_{len(self.buffers) + 1}"
                self.places[assignment.target], self.buffers[name] = name, assignment.shape
        for place in dict.fromkeys(dying):
            if place != self.places.get(assignment.target):
                self.free.setdefault(sized(self.buffers[place], self.widths), []).append(place)


def needs_buffer(assignment: Assignment) -> bool:
    """Whether the array is neither a number, nor a constant, nor a view of another, nor put together of others."""
    return assignment.shape != () and not isinstance(assignment.operation, (*_VIEWS, Stack, Ones))


def _last_uses(program: Program) -> dict[str, int]:
    """An array is used where a view of it is."""
    last = dict.fromkeys((*(name for name, _ in program.inputs), *(a.target for a in program.assignments)), -1)
    last.update(dict.fromkeys(program.outputs, len(program.assignments)))
    for number, assignment in reversed(list(enumerate(program.assignments))):
        end = last[assignment.target] if isinstance(assignment.operation, _VIEWS) else number
        for name in operands(assignment.operation):
            last[name] = max(last[name], number, end)
    return last


def parts(program: Program) -> dict[str, str]:
    """Where the outputs, and what is a part of a larger array, lie.

    A target that is a part of several arrays is written into the first, and copied into the others.
    """
    made = {a.target: a for a in program.assignments}
    found: dict[str, str] = {}
    for target, assignment in made.items():
        for name, part in _inner(assignment):
            if name in made and needs_buffer(made[name]):
                found.setdefault(name, target + part)
        if target in program.outputs and needs_buffer(assignment):
            found.setdefault(target, target)
    return found


def _inner(assignment: Assignment) -> Iterator[tuple[str, str]]:
    """The names of the arrays that are parts of another, and of the parts."""
    match assignment.operation:
        case Stack(biases, weights):
            yield biases, "[:1]"
            yield weights, "[1:]"
        case Bordered(operand, 0):
            yield operand, "[1:]"


def _lead(program: Program, planning: _Planning) -> None:
    """What is written over step by step on its way to such a place lies there from the start."""
    made = {a.target: a for a in program.assignments}
    for number, assignment in reversed(list(enumerate(program.assignments))):
        place = planning.places.get(assignment.target)
        if place is None or assignment.target not in planning.overwriting:
            continue
        for name in operands(assignment.operation):
            before = made.get(name)
            is_fit = before is not None and needs_buffer(before) and before.shape == assignment.shape
            if is_fit and planning.last[name] == number and name not in planning.places:
                planning.places[name] = place
                break


def _may_overwrite(assignment: Assignment) -> bool:
    """Whether each entry is read before it is written; pieces are written one after another."""
    operation = assignment.operation
    return isinstance(operation, Elementwise) and not isinstance(operation.expression, Piecewise)
