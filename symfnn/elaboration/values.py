"""Values: scalars, columns, rows and matrices, as one entry in the index language with free row and column letters.

Nothing here knows names. A derivative of an array by a matrix has the numerator's axes besides; it can only be
multiplied as in the chain rule.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, final

from sympy import Add, Expr, Integer, S, Sum, log

from symfnn.algebra import index


class Axis(NamedTuple):
    """One axis of a value: the letter that runs along it, and how far it runs (from 1)."""

    letter: Expr
    size: Expr


class Derivative(NamedTuple):
    """What a value is the derivative of, and by what.

    Attributes:
        top: what is differentiated.
        by: what it is differentiated by.
        expr: one entry, in the letters of both.
        names: pairs of an entry and the derivative that it is a name for, where a product of derivatives is to be read
            as the derivative that the chain rule says it is; None where it is to be read as the product.
    """

    top: "Value"
    by: "Value"
    expr: Expr
    names: "tuple[tuple[Expr, Expr], ...] | None" = None


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
        parts: of a block, row by row; its entries are not written as one, and ``expr`` is no number.
        outer: the numerator's axes of the derivative of an array by an array that is no Jacobian of two vectors.
        derivative: what it is the derivative of, where it is one; lost in any calculation but the chain rule.
        notes: in words, what has to be taken for granted about the notation for it to mean this.
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
    parts: "tuple[tuple[Value, ...], ...] | None" = None
    outer: tuple[Axis, ...] = ()
    derivative: Derivative | None = None
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[Expr, ...]:
        """Rows and columns; 1 where there is no such axis. The sizes of outer axes follow."""
        return (
            Integer(1) if self.row is None else self.row.size,
            Integer(1) if self.column is None else self.column.size,
            *(axis.size for axis in self.outer),
        )

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes that there are, the outer ones last."""
        return (*(axis for axis in (self.row, self.column) if axis is not None), *self.outer)

    @property
    def is_scalar(self) -> bool:
        """Whether it has no axis."""
        return self.row is None and self.column is None and not self.outer

    @property
    def is_vector(self) -> bool:
        """Whether it has one axis."""
        return (self.row is None) != (self.column is None) and not self.outer


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


def of_parts(parts: tuple[tuple[Value, ...], ...]) -> Value | None:
    """The block of some values; None where those in a row differ in height, or those in a column in width."""
    everything = [part for row in parts for part in row]
    if any(part.outer for part in everything):
        return None
    heights = [{part.shape[0] for part in row} for row in parts]
    widths = [{row[place].shape[1] for row in parts} for place in range(len(parts[0]))]
    if len({len(row) for row in parts}) > 1 or any(len(sizes) > 1 for sizes in (*heights, *widths)):
        return None
    rows, columns = (Add(*(size for sizes in axis for size in sizes)) for axis in (heights, widths))
    made = matrix(lambda _, __: S.NaN, rows, columns)
    notes = tuple(dict.fromkeys(words for part in everything for words in part.notes))
    return replace(made, parts=parts, is_jacobian=any(part.is_jacobian for part in everything), notes=notes)


def _partition(value: Value) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    """The heights of a block's rows and the widths of its columns; of any other value its own."""
    if value.parts is None:
        return (value.shape[0],), (value.shape[1],)
    return tuple(row[0].shape[0] for row in value.parts), tuple(part.shape[1] for part in value.parts[0])


def _in_parts(value: Value, rows: tuple[Expr, ...], columns: tuple[Expr, ...]) -> tuple[tuple[Value, ...], ...] | None:
    """The value in parts of these sizes; an axis is taken apart into single entries only."""
    own = _partition(value)
    if own == (rows, columns):
        return value.parts or ((value,),)
    if value.parts is not None or value.outer:
        return None
    for axis, wanted, mine in ((value.row, rows, own[0]), (value.column, columns, own[1])):
        if wanted != mine and (axis is None or set(wanted) != {Integer(1)}):
            return None
    is_cut = rows != own[0], columns != own[1]

    def part(i: int, j: int) -> Value:
        letters: dict[Expr, Expr] = {}
        if is_cut[0] and value.row is not None:
            letters[value.row.letter] = Integer(i + 1)
        if is_cut[1] and value.column is not None:
            letters[value.column.letter] = Integer(j + 1)
        kept: dict[str, Any] = {"row": None} if is_cut[0] else {}
        kept |= {"column": None} if is_cut[1] else {}
        return replace(value, expr=index.substitute(value.expr, letters), derivative=None, **kept)

    return tuple(tuple(part(i, j) for j in range(len(columns))) for i in range(len(rows)))


def matched(left: Value, right: Value) -> list[tuple[Value, Value]] | None:
    """The parts of two values of one partition, pair by pair; None where neither is a block or they do not fit."""
    if left.parts is None and right.parts is None:
        return None
    like = left if left.parts is not None else right
    first, second = (_in_parts(value, *_partition(like)) for value in (left, right))
    if first is None or second is None:
        return None
    return [pair for rows in zip(first, second, strict=True) for pair in zip(*rows, strict=True)]


def _by_parts(left: Value, right: Value, change: "Callable[[Value, Value], Value | None]") -> Value | None:
    """Two values of one partition combined part by part; a scalar goes with any part."""
    like = left if left.parts is not None else right
    sides = []
    for value in (left, right):
        cut = None if value.is_scalar else _in_parts(value, *_partition(like))
        if cut is None and not value.is_scalar:
            return None
        sides.append(cut)
    assert like.parts is not None
    made: list[tuple[Value, ...]] = []
    for i, row in enumerate(like.parts):
        found = [
            change(left if sides[0] is None else sides[0][i][j], right if sides[1] is None else sides[1][i][j])
            for j in range(len(row))
        ]
        made.append(tuple(value for value in found if value is not None))
        if len(made[-1]) < len(row):
            return None
    return of_parts(tuple(made))


def _multiply_parts(left: Value, right: Value) -> Value | None:
    """The product of two blocks: the sums of the products of their parts."""
    rows, inner = _partition(left)
    others, columns = _partition(right)
    wanted = inner if left.parts is not None else others
    first, second = _in_parts(left, rows, wanted), _in_parts(right, wanted, columns)
    if first is None or second is None:
        return None
    made: list[tuple[Value, ...]] = []
    for row in first:
        found = [_sum_of_products(row, [line[j] for line in second]) for j in range(len(columns))]
        made.append(tuple(value for value in found if value is not None))
        if len(made[-1]) < len(columns):
            return None
    return made[0][0] if len(made) == 1 and len(made[0]) == 1 else of_parts(tuple(made))


def _sum_of_products(row: tuple[Value, ...], column: list[Value]) -> Value | None:
    result: Value | None = None
    for number, (one, other) in enumerate(zip(row, column, strict=True)):
        term = multiply(one, other)
        if term is None:
            return None
        result = term if number == 0 else add(result, term, 1) if result is not None else None
    return result


def transpose(value: Value) -> Value:
    """The transpose; a scalar is its own."""
    is_turned = value.is_ones and not value.is_turned
    turned = replace(value, row=value.column, column=value.row, is_turned=is_turned, derivative=None)
    if value.parts is None:
        return turned
    return replace(
        turned, parts=tuple(tuple(transpose(part) for part in line) for line in zip(*value.parts, strict=True))
    )


def elementwise(change: Callable[[Expr], Expr], value: Value) -> Value:
    """A function of each entry."""
    if value.parts is not None:
        return replace(value, parts=tuple(tuple(elementwise(change, part) for part in row) for row in value.parts))
    return replace(value, expr=change(value.expr), is_number=False, is_gradient=False, derivative=None)


def _meet(left: Value, right: Value) -> tuple[Expr, Expr] | None:
    """The entries of two values of one shape at the left one's letters."""
    if left.shape != right.shape:
        return None
    return left.expr, moved(right, left)


def moved(value: Value, place: Value) -> Expr:
    """The entry of a value at the letters of another one of its shape."""
    pairs = [(place.row, value.row), (place.column, value.column), *zip(place.outer, value.outer, strict=True)]
    letters = {others.letter: mine.letter for mine, others in pairs if mine is not None and others is not None}
    return index.substitute(value.expr, letters)


def _flags(left: Value, right: Value) -> dict[str, Any]:
    return {
        "is_gradient": False,
        "is_number": left.is_number and right.is_number,
        "is_jacobian": left.is_jacobian or right.is_jacobian,
        "is_ones": False,
        "is_turned": False,
        "is_repeated": False,
        "derivative": None,
        "notes": tuple(dict.fromkeys((*left.notes, *right.notes))),
    }


def hadamard(left: Value, right: Value, combine: Callable[[Expr, Expr], Expr]) -> Value | None:
    """Two values of one shape combined entry by entry; a scalar goes with any; None where the shapes differ."""
    if left.parts is not None or right.parts is not None:
        return _by_parts(left, right, lambda one, other: hadamard(one, other, combine))
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
        return _scaled(left, right)
    if left.parts is not None or right.parts is not None:
        return _multiply_parts(left, right)
    if left.outer or right.outer or left.shape[1] != right.shape[0]:
        return None
    return _contracted(left, right)


def _contracted(left: Value, right: Value) -> Value:
    """The product of two arrays whose inner sizes are the same."""
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


def _scaled(left: Value, right: Value) -> Value | None:
    """A scalar times a value; of a derivative it stays one."""
    scaled = hadamard(left, right, lambda a, b: a * b)
    factor, derivative = (left.expr, right.derivative) if left.is_scalar else (right.expr, left.derivative)
    if scaled is None or derivative is None or left.is_scalar == right.is_scalar:
        return scaled
    return replace(scaled, derivative=derivative._replace(expr=factor * derivative.expr))


def _beside_ones(left: Value, right: Value) -> Value | None:
    """Ones times an array: its sums along the axis that the product uses up, or its copies along a new one.

    None where the ones would have to lie the other way.
    """
    other = right if left.is_ones else left
    axis = other.row if left.is_ones else other.column
    is_against = left.is_turned if left.is_ones else not right.is_turned
    if axis is None and other.is_vector and is_against:
        return None  # 1ᵀ and a row: what stands there has no axis that the ones use up
    if axis is None or other.outer:
        return replace(other, is_repeated=True)
    if left.is_ones != left.is_turned or right.is_turned:
        return None
    kept: dict[str, Any] = {"column": other.column} if left.is_ones else {"row": other.row}
    body = index.summation(lambda k: index.substitute(other.expr, {axis.letter: k}), 1, axis.size)
    return Value(body, **kept, is_jacobian=other.is_jacobian, notes=other.notes)


def add(left: Value, right: Value, sign: int) -> Value | None:
    """The sum or difference.

    Args:
        left: the first term.
        right: the second term.
        sign: 1 or -1. A vector is repeated along an axis that is no layer's, the logarithm of a sum along all.

    Returns:
        None where the shapes differ.
    """

    def combine(a: Expr, b: Expr) -> Expr:
        return a + sign * b

    if left.parts is not None or right.parts is not None:
        is_one_scalar = left.is_scalar != right.is_scalar and not left.is_number and not right.is_number
        return None if is_one_scalar else _by_parts(left, right, lambda one, other: add(one, other, sign))
    is_shift = any(one.is_scalar and _is_log_of_sum(one.expr) for one in (left, right))
    if left.is_scalar == right.is_scalar or left.is_number or right.is_number or is_shift:
        direct = hadamard(left, right, combine)
        if direct is not None:
            return direct
    spread = _spread(left, right)
    if spread is not None:
        return hadamard(*spread, combine)
    return None


def _is_log_of_sum(expression: Expr) -> bool:
    """Whether this is the logarithm of a sum, perhaps scaled: beside an array it is added to each entry."""
    return any(node.has(Sum) for node in expression.atoms(log))


def _spread(left: Value, right: Value) -> tuple[Value, Value] | None:
    """A vector repeated along the samples of a matrix beside it."""
    for vector, other, is_first in ((left, right, True), (right, left, False)):
        if not vector.is_vector or other.row is None or other.column is None or other.outer:
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
