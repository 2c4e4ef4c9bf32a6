"""What an array library's module looks like around its functions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

from symfnn import errors
from symfnn.export.body import Body
from symfnn.export.dialect import Dialect
from symfnn.export.functions import Function
from symfnn.export.layout import SEPARATE, STACKED, Layout
from symfnn.export.program import Assignment, Elementwise, Program, variable
from symfnn.export.shapes import verify


@final
@dataclass(frozen=True, slots=True)
class Target:
    """A library, and the texts of a module that are its own.

    Attributes:
        name: as the command line has it.
        dialect: how it writes operations.
        standard: the names that the error functions need from ``math``.
        imports: the lines that import the library, and the name ``Array``.
        number: the type of an objective.
        helpers: the sources of those functions of its own that a text calls.
        decorator: the lines above a function; none are "".
        opening: the first lines of every function.
        joined: all arrays of ``theta`` in one vector.
        shaped: a part of ``vector`` in the shape ``shape``.
        check: ``{0}`` as a function of NumPy arrays in float64.
        check_source: what that needs.
        passes: what a program goes through after ``PASSES``.
        dtype: the name of a data type, for a target whose functions convert their arguments.
        converted: an argument in the data type ``dtype``.
        separate: how weights and biases lie that are arrays of their own.
        modules: the lines that import further parts of the standard library.
    """

    name: str
    dialect: Dialect
    standard: tuple[str, ...]
    imports: tuple[str, ...]
    number: str
    helpers: Callable[[frozenset[str]], list[str]]
    decorator: Callable[[Function, Body], str]
    opening: tuple[str, ...]
    joined: str
    shaped: str
    check: str
    check_source: str
    passes: tuple[Callable[[Program], Program], ...] = ()
    dtype: str = "{0}"
    converted: str = "{0}"
    separate: Layout = SEPARATE
    modules: tuple[str, ...] = ()

    def layout(self, name: str) -> Layout:
        """The layout of this name.

        Raises:
            ModelError: there is none.
        """
        layouts = {"stacked": STACKED, "separate": self.separate}
        if name not in layouts:
            raise errors.ModelError(f"unknown layout {name!r}: choose {' or '.join(layouts)}")
        return layouts[name]

    def passed(self, program: Program) -> Program:
        """The program after the target's own passes, its results under their names.

        Raises:
            ModelError: it does not hold together.
        """
        result = program
        for apply in self.passes:
            result = verify(apply(result))
        return verify(with_outputs(result, program.outputs))


def with_outputs(program: Program, names: tuple[str, ...]) -> Program:
    """The program whose results have these names, of which a pass may have left out what only stands for another."""
    known = {name for name, _ in program.inputs} | {a.target for a in program.assignments}
    shapes = dict(program.inputs) | {a.target: a.shape for a in program.assignments}
    added = tuple(
        Assignment(name, Elementwise(variable(found)), shapes[found])
        for name, found in zip(names, program.outputs, strict=True)
        if name not in known
    )
    return Program(program.inputs, (*program.assignments, *added), names)
