"""The statements of a C function that evaluates a program of a tiny network entry by entry, without a loop.

Every entry of every array is a constant of its own, so that compilers keep all of them in registers.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from symfnn.export.c_body import Body
from symfnn.export.c_memory import Memory, Sizes, planned
from symfnn.export.c_text import CPrinter
from symfnn.export.functions import Function
from symfnn.export.lowering import no_form
from symfnn.export.program import (
    Assignment,
    Elementwise,
    Inner,
    Largest,
    LogSumExp,
    Ones,
    Operation,
    Product,
    Rows,
    Softmax,
    Spread,
    Stack,
    Total,
    Turned,
    variable,
)

_LIMIT = 64  # multiplications of the products of weights, over all samples
_TOP, _POWER, _SUM = "top_", "power_", "sum_"
Texts: TypeAlias = NDArray[np.object_]  # the text of each entry


def is_tiny(sizes: Sizes) -> bool:
    """Whether a network is evaluated faster entry by entry than in loops."""
    return sizes.samples * sum(before * own for before, own in pairwise(sizes.widths)) <= _LIMIT


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
    memory = planned(function, (), sizes)
    writer = _Writer(memory, dtype)
    for name, shape in function.program.inputs:
        writer.given(name, shape)
    lines: list[str] = []
    section = ""
    for assignment in function.program.assignments:
        written = list(writer.statements(assignment))
        if written and assignment.section != section:
            section = assignment.section
            lines += ["", f"/* {section} */", *(f"/* {line} */" for line in formulas.get(section, "").splitlines())]
        lines += written
    lines += ["", *writer.results(function)]
    return Body(tuple(lines), 0, writer.printer.needs_library)


@final
@dataclass(slots=True)
class _Writer:
    """Writes assignments; ``entry`` holds the texts that stand for the arrays in the entry that is written."""

    memory: Memory
    dtype: str
    texts: dict[str, Texts] = field(default_factory=dict)
    entry: dict[str, str] = field(default_factory=dict)
    shifted: set[str] = field(default_factory=set)
    printer: CPrinter = field(init=False)

    def __post_init__(self) -> None:
        self.printer = CPrinter(self.dtype, lambda name: self.entry[name])

    def given(self, name: str, shape: tuple[str, ...]) -> None:
        """An input, read where it lies."""
        if name in self.memory.places:
            block, offset, _ = self.memory.places[name]
            self.texts[name] = self._made(shape, lambda place: f"{block}[{offset + place}]")

    def results(self, function: Function) -> Iterator[str]:
        """What is written to the function's arguments; numbers are returned by their names."""
        for result in function.results:
            for name in result.names if result.kind != "number" else ():
                block, offset, _ = self.memory.places[name]
                for place, text in enumerate(self.texts[name].ravel()):
                    yield f"{block}[{offset + place}] = {text};"

    def _made(self, shape: tuple[str, ...], text: Callable[[int], str]) -> Texts:
        lengths = [self.memory.sizes.length(length) for length in shape]
        count = self.memory.sizes.count(shape)
        return np.array([text(place) for place in range(count)], dtype=object).reshape(lengths)

    def statements(self, assignment: Assignment) -> Iterator[str]:
        """The lines of one assignment; what only stands elsewhere needs none."""
        target, operation = assignment.target, assignment.operation
        if isinstance(operation, Softmax | LogSumExp):
            yield from self._shifted(operation.operand)
        moved = self._moved(operation, assignment.shape)
        if moved is not None:
            self.texts[target] = moved
            return
        lengths = tuple(self.memory.sizes.length(length) for length in assignment.shape)
        values = self._values(operation, lengths)
        names = self._made(assignment.shape, lambda place: f"{target}_{place}" if lengths else target)
        for name, value in zip(names.ravel(), values.ravel(), strict=True):
            yield f"const real {name} = {value};"
        self.texts[target] = names

    def _moved(self, operation: Operation, shape: tuple[str, ...]) -> Texts | None:
        """Entries that exist already, in another place."""
        match operation:
            case Rows(operand, part):
                return self.texts[operand][:1] if part == "biases" else self.texts[operand][1:]
            case Stack(biases, weights):
                return np.vstack([self.texts[biases], self.texts[weights]])
            case Spread(operand):
                lengths = [self.memory.sizes.length(length) for length in shape]
                return np.broadcast_to(self.texts[operand], lengths)
            case Turned(operand):
                return self.texts[operand].T
            case Ones():
                return self._made(shape, lambda place: "1")
        return None

    def _values(self, operation: Operation, lengths: tuple[int, ...]) -> Texts:
        """The text of each entry of a result."""
        match operation:
            case Elementwise():
                return self._elementwise(operation, lengths)
            case Product(left, right, is_left, is_right):
                first = self.texts[left].T if is_left else self.texts[left]
                second = self.texts[right].T if is_right else self.texts[right]
                return _array([[_dot(row, column) for column in second.T] for row in first])
            case Inner(left, right):
                return _array(_dot(self.texts[left].ravel(), self.texts[right].ravel()))
            case Total(operand, axis):
                return _along(self.texts[operand], axis, " + ".join)
            case Largest(operand, axis):
                return _along(self.texts[operand], axis, _largest)
            case Softmax(operand):
                count = self.texts[operand].shape[1]
                powers = [[f"{_POWER}{operand}_{row}_{place}" for place in range(count)] for row in range(lengths[0])]
                return _array(
                    [[f"{text} / {_SUM}{operand}_{row}" for text in texts] for row, texts in enumerate(powers)]
                )
            case LogSumExp(operand):
                rows = range(lengths[0])
                return _array([[f"{_TOP}{operand}_{row} + real_log({_SUM}{operand}_{row})"] for row in rows])
        raise no_form(operation)

    def _shifted(self, operand: str) -> Iterator[str]:
        """The exponentials of an array, once; the largest of each row is taken out before."""
        if operand in self.shifted:
            return
        self.shifted.add(operand)
        for row, texts in enumerate(self.texts[operand]):
            top, total = f"{_TOP}{operand}_{row}", f"{_SUM}{operand}_{row}"
            powers = [f"{_POWER}{operand}_{row}_{place}" for place in range(len(texts))]
            yield f"const real {top} = {_largest(list(texts))};"
            yield from (f"const real {p} = real_exp({text} - {top});" for p, text in zip(powers, texts, strict=True))
            yield f"const real {total} = {' + '.join(powers)};"

    def _elementwise(self, operation: Elementwise, lengths: tuple[int, ...]) -> Texts:
        expression = operation.expression.subs(variable("m"), self.memory.sizes.samples)
        names = [str(symbol) for symbol in expression.free_symbols]
        arrays = {name: np.broadcast_to(self.texts[name], lengths) for name in names}
        result = np.empty(lengths, dtype=object)
        for place in np.ndindex(*lengths):
            self.entry = {name: str(array[place]) for name, array in arrays.items()}
            result[place] = self.printer.text(expression)
        return result


def _array(texts: object) -> Texts:
    return np.array(texts, dtype=object)


def _dot(left: Texts, right: Texts) -> str:
    return " + ".join(f"{a} * {b}" for a, b in zip(left, right, strict=True))


def _along(texts: Texts, axis: int | None, joined: Callable[[list[str]], str]) -> Texts:
    if axis is None:
        return _array(joined(list(texts.ravel())))
    lines = [joined(list(line)) for line in (texts.T if axis == 0 else texts)]
    return _array([lines]) if axis == 0 else _array([[line] for line in lines])


def _largest(texts: list[str]) -> str:
    result = texts[0]
    for text in texts[1:]:
        result = f"real_max({result}, {text})"
    return result
