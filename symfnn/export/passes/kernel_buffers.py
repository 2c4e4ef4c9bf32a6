"""Plan the memory of kernels and products: arrays that are never needed at the same time share a buffer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, final

from symfnn.export.passes.buffers import Plan, parts, sized
from symfnn.export.passes.fuse import Loop, reads, writes
from symfnn.export.passes.kernels import Kernel, Unit
from symfnn.export.program import Bordered, Ones, Operation, Program, Rows, Shape, Stack, Turned, operands


class _Event(NamedTuple):
    """A product, or a step of a kernel: what it reads and writes, and what a loop makes entry by entry."""

    reads: tuple[str, ...]
    writes: tuple[str, ...]
    entries: frozenset[str] = frozenset()


def kernel_plan(program: Program, units: Sequence[Unit], widths: tuple[int, ...] = ()) -> Plan:
    """The buffers of a program in units.

    A loop may write over what it reads at the same place and nothing needs afterwards. What only the loop itself reads
    gets no buffer. Widths that are known and equal share buffers.
    """
    events = [event for unit in units for event in _events(unit)]
    shapes = dict(program.inputs) | {a.target: a.shape for a in program.assignments}
    shapes = {name: sized(shape, widths) for name, shape in shapes.items()}
    made: dict[str, Operation] = {a.target: a.operation for a in program.assignments}
    last: dict[str, int] = {}
    for number, event in enumerate(events):
        for name in event.reads:
            last.update(dict.fromkeys(_bases(name, made), number))
    last.update(dict.fromkeys(program.outputs, len(events)))
    planning = _Planning(shapes, dict(parts(program)))
    for number, event in enumerate(events):
        dying = [name for name in {base for name in event.reads for base in _bases(name, made)} if last[name] == number]
        # a transpose is not read at the place that is written
        through_views = {base for name in event.reads for base in _bases(name, made) if base != name}
        planning.add(event, sorted(dying), through_views, last)
    return Plan(planning.places, planning.buffers)


def _events(unit: Unit) -> list[_Event]:
    if not isinstance(unit, Kernel):
        is_view = isinstance(unit.operation, Turned | Rows | Bordered | Ones)
        written = () if is_view or isinstance(unit.operation, Stack) else (unit.target,)
        return [] if is_view else [_Event(operands(unit.operation), written)]
    return [
        _Event(
            reads(step),
            writes(step),
            frozenset(a.target for a in step.assignments) if isinstance(step, Loop) else frozenset(),
        )
        for step in unit.steps
    ]


def _bases(name: str, made: Mapping[str, Operation]) -> tuple[str, ...]:
    """The array and those that it is a view of."""
    operation = made.get(name)
    if isinstance(operation, Turned | Rows | Bordered):
        return (name, *_bases(operation.operand, made))
    return (name,)


@final
@dataclass(slots=True)
class _Planning:
    """The plan so far, and the buffers that are free."""

    shapes: Mapping[str, Shape]
    places: dict[str, str]
    buffers: dict[str, Shape] = field(default_factory=dict)
    free: dict[Shape, list[str]] = field(default_factory=dict)

    def add(self, event: _Event, dying: list[str], through_views: set[str], last: Mapping[str, int]) -> None:
        wanted = [n for n in event.writes if n in last and self.shapes[n] != () and n not in self.places]
        shape = next((self.shapes[name] for name in event.entries), None)
        early = [name for name in dying if self.shapes[name] == shape and name not in through_views]
        self._take([name for name in wanted if name not in event.entries])
        self._release(early)
        self._take([name for name in wanted if name in event.entries])
        self._release([name for name in dying if name not in early])

    def _take(self, names: list[str]) -> None:
        for name in names:
            shape = self.shapes[name]
            rest = self.free.get(shape)
            if not rest:
                rest = [f"buffer_{len(self.buffers) + 1}"]
                self.buffers[rest[0]] = shape
            self.places[name] = rest.pop()

    def _release(self, names: list[str]) -> None:
        for name in names:
            place = self.places.get(name)
            if place in self.buffers:
                self.free.setdefault(self.shapes[name], []).append(place)
