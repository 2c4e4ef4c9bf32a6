"""The statements of a function that evaluates a program, written to be read."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import final

from sympy import Expr

from symfnn.export.dialect import Dialect
from symfnn.export.program import (
    Assignment,
    Bordered,
    Elementwise,
    Inside,
    Largest,
    LogSoftmax,
    LogSumExp,
    Product,
    Program,
    Rows,
    Softmax,
    Spread,
    Stack,
    Total,
    Turned,
    operands,
    variable,
)
from symfnn.export.release import released
from symfnn.export.text import ATOM, MATRIX, POWER, Text, Writer

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
        rows: the results that are vectors, but have one row here.
    """

    lines: tuple[str, ...]
    used: frozenset[str]
    is_guarded: bool
    rows: frozenset[str] = frozenset()

    def result(self, name: str) -> str:
        """The text of a result."""
        return f"{name}[0]" if name in self.rows else name


def body(
    program: Program,
    formulas: Mapping[str, str],
    dialect: Dialect,
    more: Mapping[str, tuple[Assignment, ...]] | None = None,
) -> Body:
    """The statements of a program.

    Args:
        program: its inputs are variables of the function.
        formulas: comments by section.
        dialect: of the library that evaluates it.
        more: assignments that follow where a condition holds, by its text.

    Raises:
        ModelError: an expression has no text.
    """
    further = dict(more or {})
    made = _Made(program, dialect, [*program.assignments, *(a for part in further.values() for a in part)])
    statements: list[list[str]] = []
    section = None
    for assignment in program.assignments:
        written = list(made.statement(assignment))
        if written and assignment.section != section:
            section = assignment.section
            comments = [f"# {line}" for line in formulas.get(section, "").splitlines()]
            written = ["", f"# {section}", *comments, *written]
        statements.append(written)
    if dialect.releases:
        statements = released(statements, made.arrays())
    lines = [line for statement in statements for line in statement]
    for condition, assignments in further.items():
        inner = [line for assignment in assignments for line in made.statement(assignment)]
        lines += [f"if {condition}:", *(f"    {line}" for line in inner)]
    return Body(tuple(lines), frozenset(made.writer.used), made.writer.is_guarded, frozenset(made.rows))


@final
@dataclass(slots=True)
class _Made:
    """The texts of the arrays so far."""

    program: Program
    dialect: Dialect
    assignments: list[Assignment]
    texts: dict[str, Text] = field(default_factory=dict)
    leaves: dict[Expr, Text] = field(default_factory=dict)
    uses: Counter[str] = field(default_factory=Counter)
    vectors: frozenset[str] = frozenset()
    rows: set[str] = field(default_factory=set)
    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.leaves, self.dialect)
        self.uses.update(name for a in self.assignments for name in operands(a.operation))
        self.uses.update(self.program.outputs)
        # an array whose shape is taken has to have a name
        self.uses.update(a.operation.like for a in self.assignments if isinstance(a.operation, Spread))
        results = (a for a in self.program.assignments if a.target in self.program.outputs)
        self.vectors = frozenset(a.target for a in results if a.shape[:1] == ("1",))
        for name, shape in self.program.inputs:
            self._name(name, Text(name, ATOM, _rank(shape)))

    def arrays(self) -> frozenset[str]:
        """What grows with the samples, and is needed by no result and no condition."""
        inside = {a.target: a for a in self.program.assignments}
        read = {name for a in self.assignments if a.target not in inside for name in operands(a.operation)}
        return frozenset(name for name, a in inside.items() if "m" in a.shape) - read - {*self.program.outputs}

    def _name(self, name: str, text: Text) -> None:
        self.texts[name] = self.leaves[variable(name)] = text

    def statement(self, assignment: Assignment) -> Iterator[str]:
        """The lines of an assignment; none where its text goes into its only use."""
        target, operation, rank = assignment.target, assignment.operation, _rank(assignment.shape)
        if isinstance(operation, Stack):
            self._name(target, Text(target, ATOM, rank))
            yield from self._stacked(target, operation)
            return
        text = self._vector(target, operation) if target in self.vectors else self._text(operation)
        if self._is_inline(target):
            self._name(target, Text(text.text, text.strength, rank))
            return
        self._name(target, Text(target, ATOM, rank))
        yield from wrapped(target, text.text)

    def _is_inline(self, target: str) -> bool:
        """Whether a text stands in its only use; before a slope it does not if its operands can be let go of first."""
        if self.uses[target] > 1 or target.partition("_")[0] not in _INLINE or target in self.program.outputs:
            return False
        is_product = self.dialect.releases and target.startswith("product")
        return not (is_product and any(self._is_factor(target, a.operation) for a in self.assignments))

    def _is_factor(self, name: str, operation: object) -> bool:
        return (
            isinstance(operation, Elementwise)
            and not operation.expression.is_Add
            and variable(name) in operation.expression.free_symbols
        )

    def _vector(self, target: str, operation: object) -> Text:
        """A result with one row, of which that row is returned."""
        if isinstance(operation, Total) and self.uses[target] == 1:
            return self._of(self.dialect.vector, operation.operand)
        self.rows.add(target)
        return self._text(operation)

    def _stacked(self, target: str, operation: Stack) -> Iterator[str]:
        places = {
            "target": target,
            "like": f"theta_{target.split('_')[1]}",
            "biases": self.texts[operation.biases].text,
            "weights": self.texts[operation.weights].text,
        }
        for left, right in self.dialect.stack:
            part = {"{biases}": operation.biases, "{weights}": operation.weights}.get(right, "")
            line = self._into(part, left.format(**places))
            yield from wrapped(left.format(**places), right.format(**places)) if line is None else [line]

    def _into(self, name: str, out: str) -> str | None:
        """The statement that evaluates a part of a gradient where it has to be; None where there is no such one."""
        operation = next((a.operation for a in self.assignments if a.target == name), None)
        if self.texts.get(name, Text(name)).text == name:
            return None
        match operation:
            case Product(left, right, is_left, is_right) if self.dialect.product_into:
                first, second = self._turned(left, is_left), self._turned(right, is_right)
                return self.dialect.product_into.format(first.text, second.text, out=out)
            case Total(operand, 0) if self.dialect.total_into:
                return self.dialect.total_into.format(self.texts[operand].text, out=out)
        return None

    def _text(self, operation: object) -> Text:
        match operation:
            case Elementwise(expression):
                return self._affine(expression) or self.writer.text(expression)
            case Product(left, right, is_left, is_right):
                first, second = self._turned(left, is_left), self._turned(right, is_right)
                return Text(f"{first.inside(MATRIX)} @ {second.inside(POWER)}", MATRIX)
            case Total() | Largest() | Softmax() | LogSoftmax() | LogSumExp():
                return self._reduced(operation)
            case Rows(operand, part):
                return Text(f"{operand}[{':1' if part == 'biases' else '1:'}]")
            case Spread(operand, like):
                return self._of(self.dialect.spread, operand, like=like)
        return self._arranged(operation)

    def _reduced(self, operation: Total | Largest | Softmax | LogSoftmax | LogSumExp) -> Text:
        """What is done along an axis."""
        match operation:
            case Total(operand, None):
                return self._of(self.dialect.total, operand)
            case Total(operand, axis):
                return self._of(self.dialect.along, operand, axis=axis)
            case Largest(operand, axis):
                return self._of(self.dialect.largest, operand, axis=axis)
            case Softmax(operand):
                return self._of(self.dialect.softmax, operand)
            case LogSoftmax(operand):
                return self._of(self.dialect.log_softmax, operand)
            case LogSumExp(operand):
                return self._of(self.dialect.log_sum_exp, operand)

    def _arranged(self, operation: object) -> Text:
        """The same entries in another arrangement."""
        match operation:
            case Turned(operand):
                return self._turned(operand, is_transposed=True)
            case Inside(operand):
                return Text(f"{operand}[:, 1:]")
            case Bordered(operand, 1):
                return self._of(self.dialect.bordered, operand)
        raise AssertionError(operation)

    def _affine(self, expression: Expr) -> Text | None:
        """A product with biases added, where the library has one operation for it."""
        if not (self.dialect.affine and expression.is_Add and len(expression.args) == 2):
            return None
        made = {variable(a.target): a.operation for a in self.assignments}
        for product, biases in (expression.args, reversed(expression.args)):
            match made.get(product), made.get(biases):
                case Product(left, right, is_left, is_right), other if (
                    self._is_row(str(biases), other) and self.uses[str(product)] == 1
                ):
                    first, second = self._turned(left, is_left), self._turned(right, is_right)
                    texts = (self.texts[str(biases)].text, first.text, second.text)
                    return Text(self.dialect.affine.format(*texts))
        return None

    def _is_row(self, name: str, operation: object) -> bool:
        """Whether an array is a row of parameters."""
        is_given = any(name == given and shape[:1] == ("1",) for given, shape in self.program.inputs)
        return is_given or operation == Rows(getattr(operation, "operand", ""), "biases")

    def _of(self, written: str, operand: str, **more: object) -> Text:
        text = self.texts[operand]
        self.writer.used.add(written.partition("(")[0])
        return Text(written.format(text.text, atom=text.inside(ATOM), **more))

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
