"""The statements of a NumPy function that writes every array into a buffer that is there already."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, final

from sympy import Expr, Function, Max, Min, Piecewise, Pow, S, log
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational

from symfnn.export.numpy_text import FUNCTIONS, NUMPY
from symfnn.export.passes.buffers import Plan
from symfnn.export.program import (
    Assignment,
    Elementwise,
    LogSumExp,
    Product,
    Program,
    Rows,
    Shape,
    Softmax,
    Spread,
    Stack,
    Total,
    variable,
)
from symfnn.export.text import Text, Writer

_COMPARISONS: dict[Any, str] = {
    Gt: "np.greater",
    Ge: "np.greater_equal",
    Lt: "np.less",
    Le: "np.less_equal",
    Eq: "np.equal",
    Ne: "np.not_equal",
}
_KNOWN = ("z", "a", "delta")  # what the derivation calls by these names


@final
@dataclass(slots=True)
class Steps:
    """Writes the assignments of one program.

    Attributes:
        program: its elementwise assignments are single operations.
        plan: where each array lies.
        scratch: buffers for the inside of single statements, by name: shape and data type.
        used: the functions that are called.
    """

    program: Program
    plan: Plan
    scratch: dict[str, tuple[Shape, str]] = field(default_factory=dict)
    leaves: dict[Expr, Text] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.leaves, NUMPY)
        for name, shape in self.program.inputs:
            self._name(name, name, shape)

    def _name(self, target: str, text: str, shape: Shape) -> None:
        self.leaves[variable(target)] = Text(text)
        self.shapes[target] = shape

    def place(self, name: str) -> str:
        """The variable that holds an array."""
        return self.leaves[variable(name)].text

    def statements(self, assignment: Assignment) -> Iterator[str]:
        """The lines of one assignment."""
        target, operation = assignment.target, assignment.operation
        if isinstance(operation, Stack):
            yield from self._stacked(target, operation)
        elif isinstance(operation, Rows):
            yield f"{target} = {operation.operand}[{':1' if operation.part == 'biases' else '1:'}]"
            self._name(target, target, assignment.shape)
        elif assignment.shape == ():
            yield f"{target} = {self._scalar(operation)}"
            self._name(target, target, assignment.shape)
        else:
            out = part_name(self.plan.parts[target]) if target in self.plan.parts else self.plan.places[target]
            *lines, last = self._array(operation, assignment.shape, out)
            yield from lines
            yield f"{last}  # {target}" if target.partition("_")[0] in _KNOWN else last
            self._name(target, out, assignment.shape)

    def _stacked(self, target: str, operation: Stack) -> Iterator[str]:
        for name, rows in ((operation.biases, "[:1]"), (operation.weights, "[1:]")):
            if self.plan.parts.get(name) != target + rows:
                yield f"np.copyto({part_name(target + rows)}, {self.place(name)})"
        self._name(target, target, ())

    def _scalar(self, operation: object) -> str:
        match operation:
            case Total(operand):
                return f"np.add.reduce({self.place(operand)}, axis=None)"
            case Elementwise(expression):
                return self.writer.text(expression).text
        raise AssertionError(operation)

    def _array(self, operation: object, shape: Shape, out: str) -> Iterator[str]:
        match operation:
            case Elementwise(expression):
                yield from self._elementwise(expression, shape, out)
            case Product(left, right, is_left, is_right):
                first, second = (
                    f"{self.place(n)}{'.T' * turned}" for n, turned in ((left, is_left), (right, is_right))
                )
                yield f"np.dot({first}, {second}, out={out})"
            case Total(operand, 0):
                # a product with a row of ones takes a quarter of the time of a sum along the rows
                ones = self._scratch("ones", ("1", self.shapes[operand][0]))
                yield f"np.dot({ones}, {self.place(operand)}, out={out})"
            case Total(operand, axis):
                yield f"np.add.reduce({self.place(operand)}, axis={axis}, keepdims=True, out={out})"
            case Spread(operand):
                yield f"np.copyto({out}, {self.place(operand)})"
            case Softmax(operand):
                yield from self._softmax(self.place(operand), shape, out)
            case LogSumExp(operand):
                yield from self._log_sum_exp(self.place(operand), self.shapes[operand], out)

    def _softmax(self, state: str, shape: Shape, out: str) -> Iterator[str]:
        """e^u / Σ e^u; a common shift of u cancels, so the largest becomes 0."""
        column = self._scratch("column", (shape[0], "1"))
        yield f"np.maximum.reduce({state}, axis=1, keepdims=True, out={column})"
        yield f"np.subtract({state}, {column}, out={out})"
        yield f"np.exp({out}, out={out})"
        yield f"np.add.reduce({out}, axis=1, keepdims=True, out={column})"
        yield f"np.divide({out}, {column}, out={out})"

    def _log_sum_exp(self, state: str, shape: Shape, out: str) -> Iterator[str]:
        """The largest is taken out before the exponential."""
        column, inside = self._scratch("column", (shape[0], "1")), self._scratch("inside", shape)
        yield f"np.maximum.reduce({state}, axis=1, keepdims=True, out={column})"
        yield f"np.subtract({state}, {column}, out={inside})"
        yield f"np.exp({inside}, out={inside})"
        yield f"np.add.reduce({inside}, axis=1, keepdims=True, out={out})"
        yield f"np.log({out}, out={out})"
        yield f"np.add({out}, {column}, out={out})"

    def _scratch(self, use: str, shape: Shape, dtype: str = "dtype") -> str:
        name = "_".join([use, *shape])
        self.scratch[name] = (shape, dtype)
        return name

    def _elementwise(self, expression: Expr, shape: Shape, out: str) -> Iterator[str]:
        if isinstance(expression, Piecewise):
            yield from self._piecewise(expression, shape, out)
            return
        found = self._call(expression)
        if found is None:
            yield f"np.copyto({out}, {self.writer.text(expression).text})"
            return
        name, arguments = found
        yield f"{name}({', '.join(self.writer.text(part).text for part in arguments)}, out={out})"

    def _call(self, expression: Expr) -> tuple[str, tuple[Expr, ...]] | None:
        """The universal function that evaluates a single operation, and its arguments; None where there is none."""
        if expression.is_Add and len(expression.args) == 2:
            return _sum_or_difference(*expression.args)
        if expression.is_Mul and len(_factors(expression)) == 2:
            return _product_or_quotient(*_factors(expression))
        if isinstance(expression, Pow):
            return _power(*expression.args)
        if isinstance(expression, Max | Min) and len(expression.args) == 2:
            return FUNCTIONS[expression.func], expression.args
        if isinstance(expression, log):
            constant, rest = expression.args[0].as_coeff_Add()
            return ("np.log1p", (rest,)) if constant == 1 else ("np.log", expression.args)
        name = FUNCTIONS.get(expression.func, "") if isinstance(expression, Function) else ""
        return (name, expression.args) if name.startswith("np.") and "(" not in name else None

    def _piecewise(self, expression: Expr, shape: Shape, out: str) -> Iterator[str]:
        """The last piece, and over it the others where their conditions hold."""
        pieces = [(value, condition) for value, condition in expression.args]
        default = pieces.pop()[0] if pieces[-1][1] == S.true else S.NaN
        if len(pieces) == 1 and (pieces[0][0], default) == (1, 0) and isinstance(pieces[0][1], Relational):
            yield self._comparison(pieces[0][1], out)
            return
        yield f"np.copyto({out}, {'np.nan' if default is S.NaN else self.writer.text(default).text})"
        mask = self._scratch("mask", shape, "bool")
        for value, condition in reversed(pieces):
            if isinstance(condition, Relational):
                yield self._comparison(condition, mask)
            else:
                yield f"np.copyto({mask}, {self.writer.condition(condition).text})"
            yield f"np.copyto({out}, {self.writer.text(value).text}, where={mask})"

    def _comparison(self, condition: Any, out: str) -> str:
        left, right = (self.writer.text(part).text for part in (condition.lhs, condition.rhs))
        return f"{_COMPARISONS[condition.func]}({left}, {right}, out={out})"


def part_name(part: str) -> str:
    """The variable that holds the rows of a gradient, e.g. ``biases_2`` for ``gradient_2[:1]``."""
    number = part.partition("[")[0].removeprefix("gradient_")
    return f"{'biases' if part.endswith('[:1]') else 'weights'}_{number}"


def _factors(expression: Expr) -> tuple[Expr, ...]:
    """Numbers and powers of m are one factor."""
    scalars = [f for f in expression.args if not f.free_symbols - {variable("m")}]
    others = [f for f in expression.args if f not in scalars]
    return (*([expression.func(*scalars)] if scalars else []), *others)


def _sum_or_difference(left: Expr, right: Expr) -> tuple[str, tuple[Expr, ...]]:
    if right.as_coeff_Mul()[0].is_negative:
        return "np.subtract", (left, -right)
    if left.as_coeff_Mul()[0].is_negative:
        return "np.subtract", (right, -left)
    return "np.add", (left, right)


def _product_or_quotient(left: Expr, right: Expr) -> tuple[str, tuple[Expr, ...]]:
    if left == -1:
        return "np.negative", (right,)
    for above, below in ((left, right), (right, left)):
        if isinstance(below, Pow) and below.exp == -1 and below.base != variable("m"):
            return "np.divide", (above, below.base)
    return "np.multiply", (left, right)


def _power(base: Expr, exponent: Expr) -> tuple[str, tuple[Expr, ...]]:
    if exponent == 2:
        return "np.square", (base,)
    if exponent == S.Half:
        return "np.sqrt", (base,)
    return ("np.reciprocal", (base,)) if exponent == -1 else ("np.power", (base, exponent))
