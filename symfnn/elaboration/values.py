"""Values: scalars, columns, rows and matrices, as one entry in the index language with free row and column letters.

Nothing here knows names.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, final

from sympy import Expr, Integer, Rational

from symfnn import errors
from symfnn.algebra import index

MOST_DIGITS = 60  # of a number
_LARGEST_POWER = 64


class Axis(NamedTuple):
    """One axis of a value: the letter that runs along it, and how far it runs (from 1)."""

    letter: Expr
    size: Expr


@final
@dataclass(frozen=True, slots=True)
class Value:
    """One entry of a scalar, a column, a row or a matrix.

    Attributes:
        expr: in the index language, with the axes' letters free.
        row: the axis that runs down; None for a scalar or a row.
        column: the axis that runs across; None for a scalar or a column.
        is_gradient: whether this is the derivative of a scalar by a vector, which some texts write as a row.
        is_number: whether this is a plain number, which stands for an array of it beside an array.
        is_ones: whether this is a column of ones whose size what stands beside it decides.
        is_turned: whether that is a row.
        is_repeated: whether copies of this vector along the samples are meant, as in ``b 1ᵀ``.
        is_jacobian: whether a derivative of one array by another takes part, which texts arrange in several ways.
    """

    expr: Expr
    row: Axis | None = None
    column: Axis | None = None
    is_gradient: bool = False
    is_number: bool = False
    is_jacobian: bool = False
    is_ones: bool = False
    is_turned: bool = False
    is_repeated: bool = False

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """Rows and columns; 1 where there is no such axis."""
        return (
            Integer(1) if self.row is None else self.row.size,
            Integer(1) if self.column is None else self.column.size,
        )

    @property
    def is_scalar(self) -> bool:
        """Whether it has no axis."""
        return self.row is None and self.column is None

    @property
    def is_vector(self) -> bool:
        """Whether it has one axis."""
        return (self.row is None) != (self.column is None)


def scalar(expression: Expr) -> Value:
    """The value of a scalar expression."""
    return Value(expression)


def number(expression: Expr) -> Value:
    """The value of a plain number."""
    return Value(expression, is_number=True)


def column(build: Callable[[Expr], Expr], size: Expr) -> Value:
    """The column whose entry at k is ``build(k)``."""
    axis = Axis(index.fresh("i"), size)
    return Value(build(axis.letter), axis)


def matrix(build: Callable[[Expr, Expr], Expr], rows: Expr, columns: Expr) -> Value:
    """The matrix whose entry at (i, j) is ``build(i, j)``; an axis of size 1 is no axis."""
    row = None if rows == 1 else Axis(index.fresh("i"), rows)
    across = None if columns == 1 else Axis(index.fresh("j"), columns)
    one = Integer(1)
    return Value(build(row.letter if row else one, across.letter if across else one), row, across)


def at(value: Value, row: Expr, across: Expr) -> Expr:
    """The entry at a place; where there is no axis its letter is not used."""
    letters = {}
    if value.row is not None:
        letters[value.row.letter] = row
    if value.column is not None:
        letters[value.column.letter] = across
    return index.substitute(value.expr, letters)


def transpose(value: Value) -> Value:
    """The transpose; a scalar is its own."""
    return replace(value, row=value.column, column=value.row, is_turned=value.is_ones and not value.is_turned)


def elementwise(change: Callable[[Expr], Expr], value: Value) -> Value:
    """A function of each entry."""
    return replace(value, expr=change(value.expr), is_number=False, is_gradient=False)


def power(base: Expr, exponent: Expr) -> Expr:
    """A power, if it can be written out: SymPy would compute 9^(9^9) to its last digit.

    Raises:
        CalculusError: the exponent or the number would be too large.
    """
    if exponent.is_Rational and max(abs(exponent.p), exponent.q) > _LARGEST_POWER:
        raise errors.CalculusError("a power is too large")
    if base.is_number and exponent.is_Rational and digits(base) * abs(exponent) > MOST_DIGITS:
        raise errors.CalculusError("a power is too large")
    return base**exponent


def digits(expression: Expr) -> int:
    """About how many decimal digits the numbers in an expression have, the longest one's."""
    bits = (max(int(part.p).bit_length(), int(part.q).bit_length()) for part in expression.atoms(Rational))
    return max(bits, default=1) // 3 + 1


def _meet(left: Value, right: Value) -> tuple[Expr, Expr] | None:
    """The entries of two values of one shape at the left one's letters."""
    if left.shape != right.shape:
        return None
    letters = {}
    for mine, others in ((left.row, right.row), (left.column, right.column)):
        if mine is not None and others is not None:
            letters[others.letter] = mine.letter
    return left.expr, index.substitute(right.expr, letters)


def _flags(left: Value, right: Value) -> dict[str, Any]:
    return {
        "is_gradient": False,
        "is_number": left.is_number and right.is_number,
        "is_jacobian": left.is_jacobian or right.is_jacobian,
        "is_ones": False,
        "is_turned": False,
        "is_repeated": False,
    }


def hadamard(left: Value, right: Value, combine: Callable[[Expr, Expr], Expr]) -> Value | None:
    """Two values of one shape combined entry by entry; a scalar goes with any; None where the shapes differ."""
    if right.is_scalar:
        return replace(left, expr=combine(left.expr, right.expr), **_flags(left, right))
    if left.is_scalar:
        return replace(right, expr=combine(left.expr, right.expr), **_flags(left, right))
    entries = _meet(left, right)
    return None if entries is None else replace(left, expr=combine(*entries), **_flags(left, right))


def multiply(left: Value, right: Value) -> Value | None:
    """The matrix product, or a scaling; None where the inner sizes differ."""
    if left.is_ones != right.is_ones:
        return _beside_ones(left, right)
    if left.is_scalar or right.is_scalar:
        return hadamard(left, right, lambda a, b: a * b)
    if left.shape[1] != right.shape[0]:
        return None
    flags = _flags(left, right)
    if left.column is None or right.row is None:
        return Value(left.expr * right.expr, left.row, right.column, **flags)
    inner, size = left.column.letter, left.column.size
    other = right.row.letter
    row = None if left.row is None else Axis(index.fresh("i"), left.row.size)
    across = None if right.column is None else Axis(index.fresh("j"), right.column.size)

    def term(k: Expr) -> Expr:
        first, second = {inner: k}, {other: k}
        if row is not None and left.row is not None:
            first[left.row.letter] = row.letter
        if across is not None and right.column is not None:
            second[right.column.letter] = across.letter
        return index.substitute(left.expr, first) * index.substitute(right.expr, second)

    return Value(index.summation(term, 1, size), row, across, **flags)


def _beside_ones(left: Value, right: Value) -> Value | None:
    """Ones times an array: its sums along the axis that the product uses up, or its copies along a new one.

    None where the ones would have to lie the other way.
    """
    other = right if left.is_ones else left
    axis = other.row if left.is_ones else other.column
    if axis is None:
        return replace(other, is_repeated=True)
    if left.is_ones != left.is_turned or right.is_turned:
        return None
    kept: dict[str, Any] = {"column": other.column} if left.is_ones else {"row": other.row}
    body = index.summation(lambda k: index.substitute(other.expr, {axis.letter: k}), 1, axis.size)
    return Value(body, **kept, is_jacobian=other.is_jacobian)


def add(left: Value, right: Value, sign: int) -> Value | None:
    """The sum or difference.

    Args:
        left: the first term.
        right: the second term.
        sign: 1 or -1. A vector is repeated along an axis that is no layer's (``W A + b``).

    Returns:
        None where the shapes differ.
    """

    def combine(a: Expr, b: Expr) -> Expr:
        return a + sign * b

    if left.is_scalar == right.is_scalar or left.is_number or right.is_number:
        direct = hadamard(left, right, combine)
        if direct is not None:
            return direct
    spread = _spread(left, right)
    if spread is not None:
        return hadamard(*spread, combine)
    return None


def _spread(left: Value, right: Value) -> tuple[Value, Value] | None:
    """A vector repeated along the samples of a matrix beside it."""
    for vector, other, is_first in ((left, right, True), (right, left, False)):
        if not vector.is_vector or other.row is None or other.column is None:
            continue
        wide = None
        if vector.row is not None and vector.row.size == other.row.size and not other.column.size.has(index.WIDTH):
            wide = replace(vector, column=Axis(index.fresh("n"), other.column.size))
        if (
            vector.column is not None
            and vector.column.size == other.column.size
            and not other.row.size.has(index.WIDTH)
        ):
            wide = replace(vector, row=Axis(index.fresh("n"), other.row.size))
        if wide is not None:
            return (wide, other) if is_first else (other, wide)
    return None


def total(value: Value) -> Expr:
    """The sum of all entries."""
    result = value.expr
    for axis in (value.row, value.column):
        if axis is not None:
            letter = axis.letter
            body = result

            def entry(k: Expr, letter: Expr = letter, body: Expr = body) -> Expr:
                return index.substitute(body, {letter: k})

            result = index.summation(entry, 1, axis.size)
    return result


def require_scalar(value: Value, what: str) -> Expr:
    """The expression of a scalar.

    Raises:
        ShapeMismatch: it has an axis.
    """
    if not value.is_scalar:
        raise errors.CalculusError(f"{what} is needed as a scalar")
    return value.expr


def at_layer(value: Value, layer: Expr) -> Value:
    """A value that is known for layer l at another layer."""
    if layer == index.LAYER:
        return value
    new = {index.LAYER: layer}
    row, across = (
        None if axis is None else Axis(axis.letter, axis.size.xreplace(new)) for axis in (value.row, value.column)
    )
    return replace(value, expr=index.substitute(value.expr, new), row=row, column=across)
