"""A program for a value and its derivatives in two halves, as automatic differentiation wants them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import final

from symfnn.export.build import program
from symfnn.export.layout import STACKED, Layout, separated
from symfnn.export.passes.prune import prune, restricted
from symfnn.export.program import Assignment, Program, Rows, operands
from symfnn.export.target import Target, with_outputs
from symfnn.model.definitions import Model


@final
@dataclass(frozen=True, slots=True)
class Halves:
    """The two halves.

    Attributes:
        forward: up to the value, which is its first result; the others are kept.
        backward: from there to the derivatives; its inputs are arguments and what is kept.
        kept: what the first half has evaluated and the second needs.
        more: assignments that lead from the second half to each further derivative, by its name.
    """

    forward: Program
    backward: Program
    kept: tuple[str, ...]
    more: dict[str, tuple[Assignment, ...]]


def differentiated(model: Model, strength: float | None, target: Target, layout: Layout) -> Program:
    """The objective, its derivatives by parameters, by ``X`` and by ``Y``, all times ``cotangent``, and the outputs.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form with arrays.
    """
    whole = program(model, strength, by_data=("X", "Y"), seeded=True)
    if layout is not STACKED:
        whole, _ = separated(whole, is_turned=layout.is_turned)
    passed = target.passed(whole)
    return with_outputs(passed, (*passed.outputs[:-3], "X_gradient", "Y_gradient", passed.outputs[-1]))


def halves(whole: Program, value: str, derivatives: tuple[str, ...], further: tuple[str, ...] = ()) -> Halves:
    """Divide a program.

    Args:
        whole: that evaluates all of it.
        value: what the first half leads to.
        derivatives: what the second half leads to.
        further: derivatives that are not always wanted.
    """
    first = restricted(whole, (value,))
    shapes = {a.target: a.shape for a in first.assignments}
    # a part of an argument is taken again rather than kept
    again = {a.target for a in first.assignments if isinstance(a.operation, Rows)}
    second = _without(whole, derivatives, shapes.keys() - again)
    needed = _read(second)
    kept = tuple(name for name in shapes if name in needed - again)
    known = {*kept, *(a.target for a in second)}
    more = {name: _without(whole, (name,), known) for name in further}
    read = needed.union(*map(_read, more.values()))
    inputs = tuple(given for given in (*whole.inputs, *((name, shapes[name]) for name in kept)) if given[0] in read)
    forward = Program(first.inputs, first.assignments, (value, *kept))
    return Halves(forward, Program(inputs, second, derivatives), kept, more)


def _read(assignments: tuple[Assignment, ...]) -> set[str]:
    return {name for assignment in assignments for name in operands(assignment.operation)}


def _without(program: Program, outputs: tuple[str, ...], known: Collection[str]) -> tuple[Assignment, ...]:
    """The assignments that lead from known names to the outputs."""
    rest = tuple(a for a in program.assignments if a.target not in known)
    return prune(Program(program.inputs, rest, outputs)).assignments
