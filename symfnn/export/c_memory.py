"""Where the arrays of a C function lie: in its arguments, and in one block of memory that the caller gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import prod
from typing import NamedTuple, final

from symfnn.export.functions import LISTS, Function
from symfnn.export.passes.fuse import Exponentials, Loop, Step, reads, stacked, writes
from symfnn.export.program import Program, Rows, Shape

_ALIGNED = 8  # numbers; arrays begin at multiples of it


@final
@dataclass(frozen=True, slots=True)
class Sizes:
    """The numbers behind the lengths of a program.

    Attributes:
        samples: m.
        widths: s_1 … s_L.
    """

    samples: int
    widths: tuple[int, ...]

    def length(self, symbol: str) -> int:
        """The number of a length."""
        if symbol.startswith("1 + "):
            return 1 + self.length(symbol.removeprefix("1 + "))
        if symbol == "m":
            return self.samples
        return self.widths[int(symbol.removeprefix("s_")) - 1] if symbol.startswith("s_") else int(symbol)

    def count(self, shape: Shape) -> int:
        """The number of entries."""
        return prod(self.length(symbol) for symbol in shape)


class Place(NamedTuple):
    """An array of the function: where it begins in a block.

    Attributes:
        block: a parameter of the function, e.g. ``"theta"``, ``"X"`` or ``"work"``.
        offset: the number of entries before it.
        shape: its lengths.
    """

    block: str
    offset: int
    shape: Shape


@final
@dataclass(slots=True)
class Memory:
    """The places of the arrays of one program, found step by step.

    Attributes:
        places: by name; scalars have none.
        size: the number of entries of the block ``work``.
    """

    sizes: Sizes
    places: dict[str, Place] = field(default_factory=dict)
    size: int = 0
    _free: dict[int, list[int]] = field(default_factory=dict)

    def take(self, name: str, shape: Shape) -> None:
        """Room in ``work``: where an array of the same size was that nothing needs any more, or behind all others."""
        count = self.sizes.count(shape)
        rest = self._free.get(count)
        if rest:
            offset = rest.pop()
        else:
            offset = self.size
            self.size += -(-count // _ALIGNED) * _ALIGNED
        self.places[name] = Place("work", offset, shape)

    def release(self, name: str) -> None:
        """The room of an array that nothing needs any more."""
        place = self.places.get(name)
        if place is not None and place.block == "work":
            self._free.setdefault(self.sizes.count(place.shape), []).append(place.offset)


def blocks(function: Function) -> dict[str, str]:
    """The parameter of the C function that each result is written to; a number is returned."""
    found: dict[str, str] = {}
    outputs = iter(("outputs", "outputs_dot"))
    for result in function.results:
        if result.kind == "list":
            found |= dict.fromkeys(result.names, "gradient")
        elif result.kind == "array":
            (name,) = result.names
            found[name] = name if name.startswith("X") else next(outputs)
    return found


def planned(function: Function, steps: Sequence[Step], sizes: Sizes) -> Memory:
    """A place for every array of a function's program that a step leaves to others.

    A loop reads each entry before it writes it, so that it may write over what it reads.
    """
    program = function.program
    memory = Memory(sizes, _arguments(function, sizes))
    shapes = dict(program.inputs) | {a.target: a.shape for a in program.assignments}
    _parts(program, memory)
    _results(function, memory, shapes)
    _parts_of_outputs(program, memory, shapes)
    last = {name: number for number, step in enumerate(steps) for name in reads(step)}
    for number, step in enumerate(steps):
        dying = [name for name in reads(step) if last[name] == number]
        early = [name for name in dying if isinstance(step, Loop) and shapes[name] == step.assignments[0].shape]
        inner = scratch(step, shapes)
        taken = {name: shapes[name] for name in writes(step) if name in last and shapes[name] != ()} | inner
        own = {a.target for a in step.assignments} if isinstance(step, Loop) else set()
        # the sums of a loop are written before its last entry is read
        for name in [name for name in taken if name not in own and name not in memory.places]:
            memory.take(name, taken[name])
        for name in early:
            memory.release(name)
        for name in [name for name in taken if name in own and name not in memory.places]:
            memory.take(name, taken[name])
        for name in (*dying, *inner):
            if name not in early:
                memory.release(name)
    return memory


def scratch(step: Step, shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """What a step needs for itself."""
    if not isinstance(step, Exponentials):
        return {}
    rows = (shapes[step.operand][0], "1")
    names: dict[str, Shape] = {f"tops_{step.operand}": rows, f"sums_{step.operand}": rows}
    return names if step.softmax is not None else {f"powers_{step.operand}": shapes[step.operand], **names}


def _arguments(function: Function, sizes: Sizes) -> dict[str, Place]:
    """The inputs of a program: what belongs to layers stands one after another in the block of its list."""
    shapes = dict(function.program.inputs)
    places: dict[str, Place] = {}
    for argument in function.arguments:
        if argument not in LISTS:
            places |= {argument: Place(argument, 0, shapes[argument])} if argument in shapes else {}
            continue
        offset = 0
        for layer, (before, own) in enumerate(pairwise(sizes.widths), 2):
            name = LISTS[argument].format(layer)
            if name in shapes:
                places[name] = Place(argument, offset, shapes[name])
            offset += (before + 1) * own
    return places


def _results(function: Function, memory: Memory, shapes: Mapping[str, Shape]) -> None:
    """The results, one after another in their blocks."""
    filled: dict[str, int] = {}
    for name, block in blocks(function).items():
        offset = filled.get(block, 0)
        filled[block] = offset + memory.sizes.count(shapes[name])
        memory.places.setdefault(name, Place(block, offset, shapes[name]))


def _parts(program: Program, memory: Memory) -> None:
    """Rows of parameters lie in them."""
    for assignment in program.assignments:
        if isinstance(assignment.operation, Rows):
            memory.places[assignment.target] = _part(
                memory.places[assignment.operation.operand], assignment.operation.part, assignment.shape, memory.sizes
            )


def _parts_of_outputs(program: Program, memory: Memory, shapes: Mapping[str, Shape]) -> None:
    """What is stacked into a result is written there at once."""
    for name, (output, part) in stacked(program).items():
        if name not in memory.places and output in memory.places:
            memory.places[name] = _part(memory.places[output], part, shapes[name], memory.sizes)


def _part(whole: Place, part: str, shape: Shape, sizes: Sizes) -> Place:
    first = 0 if part == "biases" else sizes.length(whole.shape[1])
    return Place(whole.block, whole.offset + first, shape)
