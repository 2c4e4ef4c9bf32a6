"""The kernels of a workspace as Python text that numba compiles: loops over whole arrays, one function each."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, final

from sympy import Expr, Symbol, exp, log

from symfnn.export import stable
from symfnn.export.lowering import no_form
from symfnn.export.numba_text import DIALECT
from symfnn.export.passes.fuse import Call, Loop, reads, writes
from symfnn.export.passes.kernels import Kernel
from symfnn.export.program import (
    Assignment,
    Elementwise,
    Largest,
    Ones,
    Operation,
    Program,
    Rows,
    Shape,
    Spread,
    Total,
    Turned,
    operands,
    variable,
)
from symfnn.export.text import Text, Writer

_SHORT = 64  # rows shorter than this are run over as one, where they lie one after another
_OWN, _FLAT = "_ij", "_flat"  # the ends of the names of entries, and of arrays as one row
_SHARE = Symbol("share", real=True)


class Written(NamedTuple):
    """A kernel as text.

    Attributes:
        lines: of its body.
        takes: the names of its parameters: arrays, numbers, and ``m``.
        calls: the functions that it calls.
    """

    lines: tuple[str, ...]
    takes: tuple[str, ...]
    calls: frozenset[str]

    def form(self) -> str:
        """The text with its parameters and its own entries numbered: the same for kernels that do the same."""
        names = {name: f"given_{number}" for number, name in enumerate(self.takes)}

        def numbered(match: re.Match[str]) -> str:
            word = match[0]
            if word.endswith(_OWN):
                names.setdefault(word, f"own_{len(names)}")
            whole = word.removesuffix(_FLAT)
            return names.get(word) or (f"{names[whole]}{_FLAT}" if whole in names else word)

        return re.sub(r"\b[A-Za-z_]\w*", numbered, "\n".join(self.lines))


@final
@dataclass(slots=True)
class KernelWriter:
    """Writes the kernels of one program.

    Attributes:
        program: in units.
        widths: the numbers s_l.
        place: the variable of an array that has a buffer or is given; None where an array lives in a loop alone.
    """

    program: Program
    widths: tuple[int, ...]
    place: Callable[[str], str | None]
    shapes: Mapping[str, Shape] = field(init=False)
    made: Mapping[str, Operation] = field(init=False)
    leaves: dict[Expr, Text] = field(default_factory=dict)
    takes: list[str] = field(default_factory=list)
    flat: set[str] = field(default_factory=set)
    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        self.shapes = dict(self.program.inputs) | {a.target: a.shape for a in self.program.assignments}
        self.made = {a.target: a.operation for a in self.program.assignments}

    def written(self, kernel: Kernel) -> Written:
        """The text of a kernel.

        Raises:
            ModelError: an expression has no text.
        """
        self.takes, self.flat, self.leaves = [], set(), {}
        self.writer = Writer(self.leaves, DIALECT)
        lines: list[str] = []
        scalars = {name for step in kernel.steps for name in writes(step) if self.shapes[name] == ()}
        for name in dict.fromkeys(name for step in kernel.steps for name in reads(step)):
            if self.shapes[name] == () and name not in (*scalars, "m"):
                self.takes.append(name)
        for step in kernel.steps:
            lines += self._loop(step) if isinstance(step, Loop) else self._call(step)
        if kernel.results:
            lines.append(f"return {', '.join(kernel.results)}")
        flat = [f"{name}{_FLAT} = {name}.ravel()" for name in self.takes if name in self.flat]
        share = ["share = real(1) / real(m)"] if "share" in " ".join(lines) else []
        takes = list(dict.fromkeys(self.takes))
        if share or "(m)" in " ".join(lines):
            takes.append("m")
        calls = {name.partition("(")[0] for name in self.writer.used}
        calls |= {name for name in ("total", "larger") if f"{name}(" in "\n".join(lines)}
        return Written((*flat, *share, *lines), tuple(takes), frozenset(calls))

    def _length(self, length: str) -> str:
        border, _, own = length.rpartition(" + ")
        return str(self.widths[int(own[2:]) - 1] + bool(border)) if own.startswith("s_") else own

    def _array(self, name: str) -> str:
        place = self.place(name)
        assert place is not None
        if place not in self.takes:
            self.takes.append(place)
        return place

    def _entry(self, name: str, row: str, column: str) -> str:
        """An entry of an array, views being looked through."""
        shape = self.shapes[name]
        if shape == ():
            return name
        row, column = ("0" if length == "1" else letter for length, letter in zip(shape, (row, column), strict=True))
        match self.made.get(name):
            case Turned(operand):
                return self._entry(operand, column, row)
            case Rows(operand, part):
                return f"{self._array(operand)}[{row if part == 'biases' else f'1 + {row}'}, {column}]"
            case Ones():
                return "real(1)"
        return f"{self._array(name)}[{row}, {column}]"

    def _whole(self, name: str) -> str:
        """All entries of an array, in any order."""
        match self.made.get(name):
            case Turned(operand):
                return self._whole(operand)
            case Rows(operand, part):
                return f"{self._array(operand)}[{':1' if part == 'biases' else '1:'}]"
        return self._array(name)

    def _is_flat(self, step: Loop, shape: Shape) -> bool:
        """Whether all lies one entry after another in the same order, and rows are short."""
        names = [name for name in (*reads(step), *writes(step)) if self.shapes[name] != ()]
        is_whole = all(
            self.shapes[n] == shape and not isinstance(self.made.get(n), Turned | Rows | Ones) for n in names
        )
        columns = self._length(shape[1])
        return is_whole and not step.totals and columns.isdigit() and int(columns) < _SHORT

    def _loop(self, step: Loop) -> Iterator[str]:
        shape = step.assignments[0].shape
        is_flat = self._is_flat(step, shape)

        def entry(name: str) -> str:
            if not is_flat or self.shapes[name] == ():
                return self._entry(name, "i", "j")
            self.flat.add(self._array(name))
            return f"{self._array(name)}{_FLAT}[k]"

        self.leaves.clear()
        self.leaves |= {variable("m"): Text("real(m)"), _SHARE: Text("share")}
        self.leaves |= {variable(name): Text(entry(name)) for name in reads(step) if name != "m"}
        inner = []
        for a in step.assignments:
            inner.append(f"{_local(a.target)} = {self._text(a)}")
            self.leaves[variable(a.target)] = Text(_local(a.target))
        kept = [a.target for a in step.assignments if self.place(a.target) is not None]
        inner += [f"{entry(name)} = {_local(name)}" for name in kept]
        for total in step.totals:
            assert isinstance(total.operation, Total)
            inner.append(f"{self._entry(total.target, '0', 'j')} += {_local(total.operation.operand)}")
            yield f"{self._array(total.target)}[...] = real(0)"
        rows, columns = map(self._length, shape)
        heads = [f"for k in range({rows} * {columns}):"] if is_flat else [f"for i in range({rows}):"]
        if not is_flat:
            heads.append(f"    for j in range({columns}):")
        yield from heads
        yield from (f"{'    ' * len(heads)}{line}" for line in inner)

    def _text(self, assignment: Assignment) -> str:
        operation = assignment.operation
        assert isinstance(operation, Elementwise)
        expression = operation.expression.xreplace({1 / variable("m"): _SHARE})
        return self.writer.text(expression.replace(_is_softplus, _softplus)).text

    def _call(self, step: object) -> Iterator[str]:
        assert isinstance(step, Call)
        target, operation = step.assignment.target, step.assignment.operation
        match operation:
            case Elementwise():
                self.leaves.clear()
                self.leaves |= {variable("m"): Text("real(m)"), _SHARE: Text("share")}
                self.leaves |= {variable(name): Text(name) for name in operands(operation) if name != "m"}
                yield f"{target} = {self._text(step.assignment)}"
            case Total(operand, None):
                yield f"{target} = total({self._whole(operand)})"
            case Total(operand):
                yield from self._along(target, operand, "{0} + {1}", "real(0)")
            case Largest(operand):
                yield from self._along(target, operand, "larger({0}, {1})", "real(-np.inf)")
            case Spread(operand):
                rows, columns = map(self._length, self.shapes[target])
                yield f"for i in range({rows}):"
                yield f"    for j in range({columns}):"
                yield f"        {self._entry(target, 'i', 'j')} = {self._entry(operand, 'i', 'j')}"
            case _:
                raise no_form(operation)

    def _along(self, target: str, operand: str, merged: str, start: str) -> Iterator[str]:
        """Sums or largest entries of rows or columns, row by row."""
        rows, columns = map(self._length, self.shapes[operand])
        own = self._entry(target, "i", "j")
        yield f"{self._array(target)}[...] = {start}"
        yield f"for i in range({rows}):"
        yield f"    for j in range({columns}):"
        yield f"        {own} = {merged.format(own, self._entry(operand, 'i', 'j'))}"


def _is_softplus(node: Expr) -> bool:
    """Whether this is log(1 + e^u)."""
    constant, rest = node.args[0].as_coeff_Add() if isinstance(node, log) else (0, node)
    return constant == 1 and isinstance(rest, exp)


def _softplus(node: Expr) -> Expr:
    return stable.Softplus((node.args[0] - 1).args[0])


def _local(name: str) -> str:
    """The name of an entry in a loop."""
    return f"{name}{_OWN}"
