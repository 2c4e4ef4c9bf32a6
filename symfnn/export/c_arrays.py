"""The statements of a C function that evaluates a program step by step over whole arrays."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import final

from symfnn.export.c_body import Body
from symfnn.export.c_memory import Memory, Place, Sizes, planned
from symfnn.export.c_text import CPrinter
from symfnn.export.functions import Function
from symfnn.export.lowering import no_form
from symfnn.export.passes.fuse import Call, Exponentials, Loop, Step, fused, reads
from symfnn.export.program import (
    Assignment,
    Elementwise,
    Inner,
    Largest,
    Ones,
    Product,
    Program,
    Rows,
    Shape,
    Spread,
    Stack,
    Total,
    Turned,
    variable,
)

_FEW, _SHORT = 8, 256  # up to so many columns, and entries of the right operand, a product needs no blocks
_NARROW = 64  # up to here rows of biases are added by the product


def body(function: Function, sizes: Sizes, dtype: str, formulas: Mapping[str, str]) -> Body:
    """The statements that evaluate a function's program.

    Args:
        function: the inputs of its program are parameters, but ``m``, which is a number.
        sizes: the numbers behind its lengths.
        dtype: ``"float32"`` or ``"float64"``.
        formulas: comments by section.

    Raises:
        ModelError: an expression has no C text.
    """
    narrow = frozenset(f"s_{layer}" for layer, width in enumerate(sizes.widths, 1) if width < _NARROW)
    steps = fused(function.program, narrow)
    writer = _Writer(function.program, planned(function, steps, sizes), dtype)
    lines: list[str] = []
    section = ""
    for step in steps:
        written = list(writer.step(step))
        own = ", ".join(_sections(step))
        if written and own != section:
            section = own
            lines += ["", *(f"/* {line} */" for line in _comments(step, formulas))]
        lines += written
    named = set(re.findall(r"\w+", "\n".join(line for line in lines if not line.startswith("/*"))))
    return Body((*writer.arrays(named), *lines), writer.memory.size, writer.printer.needs_library)


@final
@dataclass(slots=True)
class _Writer:
    """Writes the steps of one program; ``entries`` holds the texts of the arrays' entries in the current loop."""

    program: Program
    memory: Memory
    dtype: str
    entries: dict[str, str] = field(default_factory=dict)
    printer: CPrinter = field(init=False)
    shapes: dict[str, Shape] = field(init=False)
    given: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.printer = CPrinter(self.dtype, lambda name: self.entries.get(name, name))
        self.given = frozenset(self.memory.places[name].block for name, shape in self.program.inputs if shape != ())
        self.shapes = dict(self.program.inputs) | {a.target: a.shape for a in self.program.assignments}

    def arrays(self, named: set[str]) -> Iterator[str]:
        """A pointer to each array that these names mention, by the name that the program has for it."""
        for name, (block, offset, shape) in self.memory.places.items():
            if name in named and name != block:
                kind = "const real" if block in self.given else "real"
                sizes = " x ".join(str(self.memory.sizes.length(length)) for length in shape)
                yield f"{kind} *{name} = {block}{f' + {offset}' * (offset > 0)}; /* {sizes} */"

    def _count(self, shape: Shape) -> int:
        return self.memory.sizes.count(shape)

    def _lengths(self, name: str) -> tuple[int, int]:
        rows, columns = self.shapes[name]
        return self.memory.sizes.length(rows), self.memory.sizes.length(columns)

    def step(self, step: Step) -> Iterator[str]:
        """The lines of one step."""
        match step:
            case Loop():
                yield from self._loop(step)
            case Exponentials():
                yield from self._exponentials(step)
            case Call(assignment, bias):
                yield from self._call(assignment, bias)

    def _loop(self, step: Loop) -> Iterator[str]:
        assignments, totals = step.assignments, step.totals
        shape = assignments[0].shape
        rows, columns = self._lengths(assignments[0].target)
        names = reads(step)
        is_flat = not totals and (rows == 1 or all(self.shapes[name] in ((), shape) for name in names))
        self.entries = {name: name + self._index(name, shape, is_flat=is_flat) for name in names}
        self.entries |= {a.target: a.target.replace("_", "") for a in assignments}
        inner = []
        for a in assignments:
            assert isinstance(a.operation, Elementwise)
            inner.append(f"const real {self.entries[a.target]} = {self._text(a.operation)};")
        inner += [f"{a.target}[k] = {self.entries[a.target]};" for a in assignments if a.target in self.memory.places]
        for total in totals:
            assert isinstance(total.operation, Total)
            inner.append(f"{total.target}[j] += {self.entries[total.operation.operand]};")
        self.entries = {}
        if is_flat:
            yield from _block(f"for (long k = 0; k < {rows * columns}; k++)", inner)
            return
        row = [f"const long k = (long)i * {columns} + j;", *inner]
        for total in totals:
            yield f"for (int j = 0; j < {columns}; j++)"
            yield f"    {total.target}[j] = 0;"
        yield f"for (int i = 0; i < {rows}; i++)"
        yield from (f"    {line}" for line in _block(f"for (int j = 0; j < {columns}; j++)", row))

    def _index(self, name: str, shape: Shape, *, is_flat: bool) -> str:
        own = self.shapes[name]
        if own == ():
            return ""
        if own == shape:
            return "[k]"
        if is_flat:  # one row
            return "[k]" if own[1] == shape[1] else "[0]"
        return "[0]" if own == ("1", "1") else "[j]" if own[0] == "1" else "[i]"

    def _text(self, operation: Elementwise) -> str:
        samples = self.memory.sizes.samples
        return self.printer.text(operation.expression.subs(variable("m"), samples))

    def _call(self, assignment: Assignment, bias: str | None) -> Iterator[str]:
        target, operation = assignment.target, assignment.operation
        match operation:
            case Rows():
                return
            case Elementwise():
                yield f"const real {target} = {self._text(operation)};"
            case Stack():
                yield from self._stacked(target, operation)
            case Product():
                yield self._product(target, operation, bias)
            case Spread(operand):
                yield self._spread(target, operand)
            case Total() | Inner() | Largest():
                yield self._sum(target, operation)
            case _:
                yield from self._arranged(target, operation)

    def _sum(self, target: str, operation: Total | Inner | Largest) -> str:
        match operation:
            case Inner(left, right):
                return f"const real {target} = inner({self._count(self.shapes[left])}, {left}, {right});"
            case Total(operand, None):
                return f"const real {target} = total({self._count(self.shapes[operand])}, {operand});"
        rows, columns = self._lengths(operation.operand)
        name = f"{'row' if operation.axis else 'column'}_{'totals' if isinstance(operation, Total) else 'tops'}"
        return f"{name}({rows}, {columns}, {operation.operand}, {target});"

    def _arranged(self, target: str, operation: object) -> Iterator[str]:
        rows, columns = self._lengths(target)
        match operation:
            case Ones():
                yield from _block(f"for (long k = 0; k < {rows * columns}; k++)", [f"{target}[k] = 1;"])
            case Turned(operand):
                yield f"spread({rows}, {columns}, {operand}, 1, {rows}, {target});"
            case _:
                raise no_form(operation)

    def _spread(self, target: str, operand: str) -> str:
        rows, columns = self._lengths(target)
        if self.shapes[operand] == ():
            return f"spread({rows}, {columns}, &{operand}, 0, 0, {target});"
        own_rows, own_columns = self._lengths(operand)
        apart = own_columns if own_rows > 1 else 0, 1 if own_columns > 1 else 0
        return f"spread({rows}, {columns}, {operand}, {apart[0]}, {apart[1]}, {target});"

    def _product(self, target: str, product: Product, bias: str | None) -> str:
        rows, columns = self._lengths(target)
        left, right = self._lengths(product.left), self._lengths(product.right)
        depth = left[0] if product.is_left_transposed else left[1]
        first = f"{product.left}, {_strides(left, product.is_left_transposed)}"
        second = f"{product.right}, {_strides(right, product.is_right_transposed)}"
        name = "narrow_product" if columns <= _FEW and depth * columns <= _SHORT else "product"
        return f"{name}({rows}, {columns}, {depth}, {first}, {second}, {bias or 'NULL'}, {target});"

    def _exponentials(self, step: Exponentials) -> Iterator[str]:
        rows, columns = self._lengths(step.operand)
        tops, sums = f"tops_{step.operand}", f"sums_{step.operand}"
        powers = step.softmax or f"powers_{step.operand}"
        name = "shifted_powers" if step.softmax is None else "softmax"
        yield f"{name}({rows}, {columns}, {step.operand}, {powers}, {tops}, {sums});"
        if step.level is not None:
            yield f"log_sum_exp({rows}, {tops}, {sums}, {step.level});"

    def _stacked(self, target: str, operation: Stack) -> Iterator[str]:
        """What could not be written into the output at once."""
        outer = self.memory.places[target]
        width = self._count(self.shapes[operation.biases])
        for name, offset in ((operation.biases, outer.offset), (operation.weights, outer.offset + width)):
            if self.memory.places[name] != Place(outer.block, offset, self.shapes[name]):
                rows, columns = self._lengths(name)
                yield f"spread({rows}, {columns}, {name}, {columns}, 1, {outer.block} + {offset});"


def _strides(lengths: tuple[int, int], is_transposed: bool) -> str:
    return f"1, {lengths[1]}" if is_transposed else f"{lengths[1]}, 1"


def _block(head: str, inner: list[str]) -> Iterator[str]:
    if len(inner) == 1:
        yield head
        yield f"    {inner[0]}"
        return
    yield f"{head} {{"
    yield from (f"    {line}" for line in inner)
    yield "}"


def _sections(step: Step) -> list[str]:
    match step:
        case Loop(assignments):
            return list(dict.fromkeys(a.section for a in assignments))
        case Call(assignment):
            return [assignment.section]
    return [step.section]


def _comments(step: Step, formulas: Mapping[str, str]) -> Iterator[str]:
    for section in _sections(step):
        yield section
        yield from formulas.get(section, "").splitlines()
