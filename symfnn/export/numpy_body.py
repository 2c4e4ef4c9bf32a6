"""The statements of a NumPy function that evaluates a program, written to be read."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import final

from sympy import Expr

from symfnn.export.numpy_text import ATOM, MATRIX, POWER, Text, Writer
from symfnn.export.program import (
    Assignment,
    Elementwise,
    LogSumExp,
    Product,
    Program,
    Rows,
    Softmax,
    Spread,
    Stack,
    Total,
    operands,
    variable,
)

_WIDE = 110  # columns inside a function
# what needs no line of its own where it is used once
_INLINE = ("product", "total", "term", "softmax", "level", "constant", "bias", "weight")


@final
@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a function.

    Attributes:
        lines: its statements, without indentation.
        used: the functions that they call.
        is_guarded: whether a branch that is not taken may overflow.
    """

    lines: tuple[str, ...]
    used: frozenset[str]
    is_guarded: bool


def body(program: Program, formulas: Mapping[str, str]) -> Body:
    """The statements of a program.

    Args:
        program: its inputs are variables of the function, but ``m``.
        formulas: comments by section.

    Raises:
        ModelError: an expression has no NumPy text.
    """
    made = _Made(program)
    lines = ["m = X.shape[0]"] if "m" in dict(program.inputs) else []
    section = None
    for assignment in program.assignments:
        written = list(made.statement(assignment))
        if written and assignment.section != section:
            section = assignment.section
            lines += ["", f"# {section}", *(f"# {line}" for line in formulas.get(section, "").splitlines())]
        lines += written
    return Body(tuple(lines), frozenset(made.writer.used), made.writer.is_guarded)


@final
@dataclass(slots=True)
class _Made:
    """The texts of the arrays so far."""

    program: Program
    texts: dict[str, Text] = field(default_factory=dict)
    leaves: dict[Expr, Text] = field(default_factory=dict)
    uses: Counter[str] = field(default_factory=Counter)
    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.leaves)
        self.uses.update(name for a in self.program.assignments for name in operands(a.operation))
        self.uses.update(self.program.outputs)
        for name, shape in self.program.inputs:
            self._name(name, Text(name, ATOM, _rank(shape)))

    def _name(self, name: str, text: Text) -> None:
        self.texts[name] = self.leaves[variable(name)] = text

    def statement(self, assignment: Assignment) -> Iterator[str]:
        """The lines of an assignment; none where its text goes into its only use."""
        target, operation, rank = assignment.target, assignment.operation, _rank(assignment.shape)
        if isinstance(operation, Stack):
            self._name(target, Text(target, ATOM, rank))
            yield f"{target} = np.empty_like({target.replace('gradient', 'theta')})"
            yield from wrapped(f"{target}[:1]", self.texts[operation.biases].text)
            yield from wrapped(f"{target}[1:]", self.texts[operation.weights].text)
            return
        text = self._text(operation)
        if self.uses[target] == 1 and target.partition("_")[0] in _INLINE and target not in self.program.outputs:
            self._name(target, Text(text.text, text.strength, rank))
            return
        self._name(target, Text(target, ATOM, rank))
        yield from wrapped(target, text.text)

    def _text(self, operation: object) -> Text:
        match operation:
            case Elementwise(expression):
                return self.writer.text(expression)
            case Product(left, right, is_left, is_right):
                first, second = self._turned(left, is_left), self._turned(right, is_right)
                return Text(f"{first.inside(MATRIX)} @ {second.inside(POWER)}", MATRIX)
            case Total(operand, axis):
                where = "" if axis is None else f"axis={axis}, keepdims=True"
                return Text(f"{self.texts[operand].inside(ATOM)}.sum({where})")
            case Rows(operand, part):
                return Text(f"{operand}[{':1' if part == 'biases' else '1:'}]")
            case Spread(operand, like):
                return Text(f"np.full_like({like}, {self.texts[operand].text})")
            case Softmax(operand):
                self.writer.used.add("softmax")
                return Text(f"softmax({self.texts[operand].text})")
            case LogSumExp(operand):
                self.writer.used.add("log_sum_exp")
                return Text(f"log_sum_exp({self.texts[operand].text})[:, None]")
        raise AssertionError(operation)

    def _turned(self, name: str, is_transposed: bool) -> Text:
        text = self.texts[name]
        return Text(f"{text.inside(ATOM)}.T") if is_transposed else text


def wrapped(target: str, text: str) -> list[str]:
    """``target = text``, broken before the signs of its outermost sum where it is long."""
    line = f"{target} = {text}"
    if len(line) <= _WIDE:
        return [line]
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and text[place : place + 3] in (" + ", " - "):
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    return [f"{target} = (", *(f"    {part}" for part in parts), ")"] if len(parts) > 1 else [line]


def _rank(shape: tuple[str, ...]) -> int:
    return sum(length != "1" for length in shape)
