"""Divide a program into matrix products and kernels: all that can be evaluated between them, loop after loop."""

from dataclasses import dataclass, replace
from typing import TypeAlias, final

from symfnn.export.passes.fuse import Step, fused
from symfnn.export.program import (
    Assignment,
    Bordered,
    Elementwise,
    Inner,
    Largest,
    Ones,
    Operation,
    Product,
    Program,
    Rows,
    Spread,
    Stack,
    Total,
    Turned,
    operands,
    variable,
)

_VIEWS = (Rows, Turned, Bordered, Stack, Ones)
_LOOPS = (Elementwise, Total, Inner, Largest, Spread)


@final
@dataclass(frozen=True, slots=True)
class Kernel:
    """Steps that one function evaluates.

    Attributes:
        steps: loops and sums, in their order.
        results: the numbers that others need of it.
    """

    steps: tuple[Step, ...]
    results: tuple[str, ...]


Unit: TypeAlias = Kernel | Assignment


def kernels(program: Program) -> tuple[Unit, ...]:
    """The units of a program, each behind those whose results it reads; as few kernels as there can be."""
    rest = [replace(a, operation=_copied(a)) for a in program.assignments]
    known = {name for name, _ in program.inputs}
    units: list[list[Assignment] | Assignment] = []
    while rest:
        # a loop does not see through a view of what its own kernel makes, so that such views come behind the kernel
        views = _ready(rest, known, _VIEWS)
        products = _ready(rest, known, (Product,))
        units += [*views, *products]
        if not products:
            loops = _ready(rest, known, _LOOPS)
            assert loops or views
            units += [loops] if loops else []
    return tuple(_kernel(program, units, unit) if isinstance(unit, list) else unit for unit in units)


def _copied(assignment: Assignment) -> Operation:
    """A copy of an array in its own shape is elementwise."""
    match assignment.operation:
        case Spread(operand, like) if operand == like:
            return Elementwise(variable(operand))
    return assignment.operation


def _ready(rest: list[Assignment], known: set[str], kinds: tuple[type, ...]) -> list[Assignment]:
    """What can be evaluated, one after another; it is taken from the rest."""
    taken = []
    for assignment in tuple(rest):
        if isinstance(assignment.operation, kinds) and known.issuperset(operands(assignment.operation)):
            taken.append(assignment)
            rest.remove(assignment)
            known.add(assignment.target)
    return taken


def _kernel(program: Program, units: list[list[Assignment] | Assignment], own: list[Assignment]) -> Kernel:
    """The loops of these assignments."""
    steps = fused(Program(_shapes(program), tuple(own), ()), frozenset())
    others = {
        name
        for unit in units
        if unit is not own
        for a in (unit if isinstance(unit, list) else [unit])
        for name in operands(a.operation)
    }
    wanted = others.union(program.outputs)
    return Kernel(steps, tuple(a.target for a in own if a.shape == () and a.target in wanted))


def _shapes(program: Program) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (*program.inputs, *((a.target, a.shape) for a in program.assignments))
