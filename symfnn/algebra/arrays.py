"""Matrix form: columns, matrices, products. Every node can be lowered to the index language, where it is proved.

Nothing is computed in matrix form: it is for printing and for exporting.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, final

from sympy import Expr, S

from symfnn.algebra import index, normal


@final
@dataclass(frozen=True, slots=True)
class Column:
    """The column with the entries ``expression`` for every value of ``letter``; operations are elementwise."""

    expression: Expr
    letter: Expr


@final
@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix with ``entry`` (or a function of it) at row ``row`` and column ``column``."""

    entry: Expr
    row: Expr
    column: Expr


@final
@dataclass(frozen=True, slots=True)
class Transposed:
    """The transpose of a column or a matrix."""

    array: "Array"


@final
@dataclass(frozen=True, slots=True)
class Product:
    """The matrix product; ``letter`` and ``size`` say what is summed over (a size of 1: an outer product)."""

    left: "Array"
    right: "Array"
    size: Expr


@final
@dataclass(frozen=True, slots=True)
class Hadamard:
    """The elementwise product."""

    factors: tuple["Array", ...]


@final
@dataclass(frozen=True, slots=True)
class Total:
    """The sum of arrays of one shape."""

    terms: tuple["Array", ...]


@final
@dataclass(frozen=True, slots=True)
class Scaled:
    """A scalar of the index language, or a 1 × 1 product, times an array."""

    scalar: "Expr | Product"
    array: "Array"


@final
@dataclass(frozen=True, slots=True)
class Stacked:
    """A first row (the scalar 1 or 0, or the transpose of a column) on top of a column or a matrix."""

    top: "Expr | Array"
    bottom: "Array"


@final
@dataclass(frozen=True, slots=True)
class Samples:
    """The sum of an array over the samples."""

    letter: Expr
    count: Expr
    array: "Array"


Array: TypeAlias = Column | Matrix | Transposed | Product | Hadamard | Total | Scaled | Stacked | Samples
Form: TypeAlias = Expr | Array  # by entries, or of a whole layer


def lower(array: Array, row: Expr, column: Expr) -> Expr:
    """The entry at (row, column) in the index language; a column has column 1, a block's rows begin at 0.

    Args:
        array: what is lowered.
        row: a row index; 0 is the top row of a block and only of a block.
        column: a column index.

    Returns:
        A scalar expression, its sums with fresh bound letters.
    """
    match array:
        case Column(expression, letter):
            return index.substitute(expression, {letter: row})
        case Matrix(entry, own_row, own_column):
            return index.substitute(entry, {own_row: row, own_column: column})
        case Transposed(inner):
            return lower(inner, column, row)
        case Hadamard(factors):
            result = S.One
            for factor in factors:
                result *= lower(factor, row, column)
            return result
        case Total(terms):
            return sum((lower(term, row, column) for term in terms), S.Zero)
        case Scaled(scalar, inner):
            factor = lower(scalar, S.One, S.One) if isinstance(scalar, Product) else scalar
            return factor * lower(inner, row, column)
    return _lower_compound(array, row, column)


def _lower_compound(array: Array, row: Expr, column: Expr) -> Expr:
    match array:
        case Product(Transposed(Stacked(_, _) as block), Stacked(_, _) as other, size):
            above = lower(block, S.Zero, row) * lower(other, S.Zero, column)
            return above + index.summation(lambda k: lower(block, k, row) * lower(other, k, column), 1, size)
        case Product(left, right, size):
            if size == 1:
                return lower(left, row, S.One) * lower(right, S.One, column)
            return index.summation(lambda k: lower(left, row, k) * lower(right, k, column), 1, size)
        case Stacked(top, bottom):
            if row != 0:
                return lower(bottom, row, column)
            return top if isinstance(top, Expr) else lower(top, S.One, column)
        case Samples(letter, count, inner):
            return index.summation(lambda n: index.substitute(lower(inner, row, column), {letter: n}), 1, count, "n")
    raise TypeError(array)


def same(left: Form, right: Form) -> bool:
    """Whether two forms are equal in normal form, arrays entry by entry (a block's top row too)."""
    if isinstance(left, Expr) or isinstance(right, Expr):
        return isinstance(left, Expr) and isinstance(right, Expr) and normal.equal(left, right)
    column = index.fresh("c")
    return all(normal.equal(lower(left, row, column), lower(right, row, column)) for row in (index.fresh("r"), S.Zero))


def rename(array: Array, old: Expr, new: Expr) -> Array:
    """The array with one free letter (a sample's) replaced by another."""
    return transform(array, lambda expression: index.substitute(expression, {old: new}))


def transform(array: Array, change: Callable[[Expr], Expr]) -> Array:  # noqa: C901 - one case for each form
    """The array with every expression of the index language in it changed; its own letters stay."""
    match array:
        case Column(expression, letter):
            return Column(change(expression), letter)
        case Matrix(entry, row, column):
            return Matrix(change(entry), row, column)
        case Transposed(inner):
            return Transposed(transform(inner, change))
        case Product(left, right, size):
            return Product(transform(left, change), transform(right, change), size)
        case Hadamard(parts):
            return Hadamard(tuple(transform(part, change) for part in parts))
        case Total(parts):
            return Total(tuple(transform(part, change) for part in parts))
        case Scaled(scalar, inner):
            factor = transform(scalar, change) if isinstance(scalar, Product) else change(scalar)
            assert isinstance(factor, Product) or not isinstance(scalar, Product)
            return Scaled(factor, transform(inner, change))
        case Stacked(top, bottom):
            above = change(top) if isinstance(top, Expr) else transform(top, change)
            return Stacked(above, transform(bottom, change))
        case Samples(letter, count, inner):
            return Samples(letter, count, transform(inner, change))
    raise TypeError(array)


def put_in(array: Array, found: Callable[[Column], Array | None]) -> Array:
    """The array with every column that ``found`` knows replaced by another form of it."""
    match array:
        case Column():
            return found(array) or array
        case Transposed(inner):
            return Transposed(put_in(inner, found))
        case Product(left, right, size):
            return Product(put_in(left, found), put_in(right, found), size)
        case Hadamard(parts):
            return Hadamard(tuple(put_in(part, found) for part in parts))
        case Total(parts):
            return Total(tuple(put_in(part, found) for part in parts))
        case Scaled(scalar, Column() | Hadamard() | Product() as inner):
            factor = put_in(scalar, found) if isinstance(scalar, Product) else scalar
            assert isinstance(factor, Expr | Product)
            return Scaled(factor, put_in(inner, found))
    return array
