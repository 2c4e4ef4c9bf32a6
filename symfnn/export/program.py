"""A straight-line program as a value: assignments of array operations, each with its shape in the sizes of a network.

Every array has two axes, of which a length may be 1, or none. The operations are a closed set; what happens entry by
entry is a SymPy expression in the names of its operands, which broadcast against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias, final

from sympy import (
    Abs,
    Expr,
    Function,
    Max,
    Min,
    Piecewise,
    S,
    Symbol,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)

from symfnn.algebra import index
from symfnn.export import stable

# the length of an axis: "1", "m", "s_2", or "1 + s_2" for a layer's weights with a row of biases
Length: TypeAlias = str
Shape: TypeAlias = tuple[Length, ...]

# the functions that an elementwise expression may hold, beside sums, products, powers, comparisons and Piecewise
FUNCTIONS: frozenset[type[Function]] = frozenset(
    [
        *(exp, log, tanh, sin, cos, tan, sinh, cosh, asin, acos, atan, asinh, acosh, atanh, Abs, sign, erf, erfc),
        *(Max, Min),
        *(stable.Logistic, stable.Softplus, stable.ExpMinusOne, stable.ErrorComplement),
        *(stable.TimesLog, stable.Quotient),
        *(stable.BinaryCrossEntropy, stable.LogisticSlope, stable.TanhSlope, stable.PositiveSlope),
    ]
)


@final
@dataclass(frozen=True, slots=True)
class Elementwise:
    """An expression over arrays, entry by entry; the free symbols are the operands."""

    expression: Expr


@final
@dataclass(frozen=True, slots=True)
class Product:
    """A matrix product, of the transposes where the flags say so."""

    left: str
    right: str
    is_left_transposed: bool = False
    is_right_transposed: bool = False


@final
@dataclass(frozen=True, slots=True)
class Total:
    """The sum along axis 0 or 1, which stays with length 1; over everything where the axis is None."""

    operand: str
    axis: Literal[0, 1] | None


@final
@dataclass(frozen=True, slots=True)
class Inner:
    """The sum of all products of entries that stand at the same place."""

    left: str
    right: str


@final
@dataclass(frozen=True, slots=True)
class Largest:
    """The largest entry along axis 0 or 1, which stays with length 1."""

    operand: str
    axis: Literal[0, 1]


@final
@dataclass(frozen=True, slots=True)
class Ones:
    """An array of ones."""

    rows: Length
    columns: Length


@final
@dataclass(frozen=True, slots=True)
class Bordered:
    """An array below a row of ones (axis 0), or to the right of a column of ones (axis 1)."""

    operand: str
    axis: Literal[0, 1]


@final
@dataclass(frozen=True, slots=True)
class Inside:
    """An array without its first column."""

    operand: str


@final
@dataclass(frozen=True, slots=True)
class Turned:
    """The transpose."""

    operand: str


@final
@dataclass(frozen=True, slots=True)
class Rows:
    """The row of biases of a layer's parameters, or the rows of its weights."""

    operand: str
    part: Literal["biases", "weights"]


@final
@dataclass(frozen=True, slots=True)
class Stack:
    """The gradient of one layer: the row of the biases above the rows of the weights."""

    biases: str
    weights: str


@final
@dataclass(frozen=True, slots=True)
class Spread:
    """An array repeated along its axes of length 1 until it has the shape of another."""

    operand: str
    like: str


@final
@dataclass(frozen=True, slots=True)
class Softmax:
    """e^u / Σ e^u along axis 1."""

    operand: str


@final
@dataclass(frozen=True, slots=True)
class LogSoftmax:
    """u - log Σ e^u along axis 1."""

    operand: str


@final
@dataclass(frozen=True, slots=True)
class LogSumExp:
    """log Σ e^u along axis 1, which stays with length 1."""

    operand: str


Operation: TypeAlias = (
    Elementwise
    | Product
    | Inner
    | Total
    | Largest
    | Ones
    | Bordered
    | Inside
    | Turned
    | Rows
    | Stack
    | Spread
    | Softmax
    | LogSumExp
    | LogSoftmax
)


@final
@dataclass(frozen=True, slots=True)
class Assignment:
    """``target = operation``.

    Attributes:
        target: a name that nothing else in the program has.
        operation: what it is.
        shape: of the result.
        section: what this part of the program is about, e.g. ``"errors"``.
    """

    target: str
    operation: Operation
    shape: Shape
    section: str = ""


@final
@dataclass(frozen=True, slots=True)
class Program:
    """Assignments in order of evaluation.

    Attributes:
        inputs: the names that are given, with their shapes; ``m``, the number of samples, has the shape ().
        assignments: each uses inputs and earlier targets only.
        outputs: the names of the results.
    """

    inputs: tuple[tuple[str, Shape], ...]
    assignments: tuple[Assignment, ...]
    outputs: tuple[str, ...]


def variable(name: str) -> Expr:
    """The symbol that stands for an array in an elementwise expression."""
    return index.SAMPLES if name == str(index.SAMPLES) else Symbol(name, real=True)


def step(condition: Expr) -> Expr:
    """1 where a condition holds, else 0."""
    return Piecewise((S.One, condition), (S.Zero, True))


def condition_of(expression: Expr) -> Expr | None:
    """The condition of such a step; None where an expression is none."""
    if not isinstance(expression, Piecewise) or len(expression.args) != 2:
        return None
    (one, condition), rest = expression.args
    return condition if (one, *rest) == (S.One, S.Zero, S.true) else None


_OPERANDS: dict[type, tuple[str, ...]] = {
    Product: ("left", "right"),
    Inner: ("left", "right"),
    Total: ("operand",),
    Largest: ("operand",),
    Ones: (),
    Bordered: ("operand",),
    Inside: ("operand",),
    Turned: ("operand",),
    Rows: ("operand",),
    Stack: ("biases", "weights"),
    Spread: ("operand", "like"),
    Softmax: ("operand",),
    LogSumExp: ("operand",),
    LogSoftmax: ("operand",),
}


def operands(operation: Operation) -> tuple[str, ...]:
    """The names that an operation reads, in a stable order."""
    if isinstance(operation, Elementwise):
        return _variables(operation.expression)
    return tuple(getattr(operation, name) for name in _OPERANDS[type(operation)])


@lru_cache(maxsize=4096)
def _variables(expression: Expr) -> tuple[str, ...]:
    return tuple(sorted(symbol.name for symbol in expression.free_symbols))


def renamed(operation: Operation, names: Mapping[str, str]) -> Operation:
    """The same operation on operands of other names."""
    changed = [name for name in operands(operation) if name in names]
    if not changed:
        return operation
    if isinstance(operation, Elementwise):
        return Elementwise(operation.expression.xreplace({variable(n): variable(names[n]) for n in changed}))
    given = {place: getattr(operation, place) for place in _OPERANDS[type(operation)]}
    return replace(operation, **{place: names.get(name, name) for place, name in given.items()})
