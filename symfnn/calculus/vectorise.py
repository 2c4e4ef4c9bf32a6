"""From entries to whole layers: index form to matrix form, each result proved by lowering it again.

What has no matrix form here is None, never an approximation; the index form then stands.
"""

from collections.abc import Callable

from sympy import Add, Expr, Indexed, Mul, S, Sum

from symfnn import errors
from symfnn.algebra import index, normal
from symfnn.algebra.arrays import (
    Array,
    Column,
    Hadamard,
    Matrix,
    Product,
    Samples,
    Scaled,
    Stacked,
    Total,
    Transposed,
    lower,
    rename,
)

# matrices stand with their last index as rows: one column for each neuron (the article's W)
_ROW, _COLUMN = -1, -2


def column(expression: Expr, letter: Expr) -> Array | None:
    """The column with these entries, in matrix form.

    Args:
        expression: one entry, its row being the free ``letter``, e.g. ``Sum(w[l, k, i]*delta[l, k], (k, 1, s[l]))``.
        letter: the row index.

    Returns:
        An array of one column, with as many rows as the letter has values; None where no matrix form was found.

    Raises:
        CalculusError: the matrix form does not lower to the given expression (a defect of this module).
    """
    found = _column(expression, letter) or _column(_opened(expression), letter)
    if found is not None:
        _prove(lower(found, letter, S.One), expression)
    return found


def _opened(expression: Expr) -> Expr:
    """The expression as a sum of products, for what has no matrix form as it is written."""
    return Add(*(index.bind(body, limits) for body, limits in normal.terms(expression)))


def matrix(expression: Expr, row: Expr, across: Expr) -> Array | None:
    """The matrix with these entries at (row, across), in matrix form.

    Args:
        expression: one entry, in the free letters ``row`` and ``across``.
        row: the row index.
        across: the column index.

    Returns:
        An array with the rows of ``row`` and the columns of ``across``; None where no matrix form was found.

    Raises:
        CalculusError: as for ``column``.
    """
    found = _matrix(expression, row, across)
    if found is not None:
        _prove(lower(found, row, across), expression)
    return found


def stacked(top: Expr, bottom: Expr, row: Expr, across: Expr) -> Array | None:
    """The block with the row ``top`` above the matrix ``bottom``, e.g. ∂J/∂Θ from those of b and W (A16).

    Args:
        top: one entry of the first row, its column being the free letter ``across``.
        bottom: one entry of the rows below, in the free letters ``row`` and ``across``.
        row: the row index of the rows below, beginning at 1; the first row is row 0.
        across: the column index.

    Returns:
        An array with one row more than ``row`` has values, of the shape of Θ: (s_{l-1} + 1) × s_l in A16. None where
        no matrix form was found.

    Raises:
        CalculusError: as for ``column``.
    """
    first, rest = _column(top, across), _matrix(bottom, row, across)
    found = None if first is None or rest is None else _stack(first, rest)
    if found is not None:
        _prove(lower(found, S.Zero, across), top)
        _prove(lower(found, row, across), bottom)
    return found


def scalar(expression: Expr) -> Array | None:
    """A sum over one layer plus scalars, as uᵀ v plus them (A1); None where it has no such form."""
    terms = [_scalar(term) if term.has(Sum) else Column(term, index.fresh()) for term in Add.make_args(expression)]
    known = [term for term in terms if term is not None]
    found = Total(tuple(known)) if len(known) == len(terms) > 1 else None
    if found is not None:
        _prove(lower(found, S.One, S.One), expression)
    return found


def affine(expression: Expr, letter: Expr) -> Array | None:
    """Σ_j w_ij a_j + b_i as the one product Θᵀ [1; a] (A8); None where the expression is no such sum.

    Args:
        expression: one entry, its row being the free ``letter``.
        letter: the row index.
    """
    parts = _affine_parts(expression)
    if parts is None:
        return None
    weight, bias, (bound, size), vector = parts
    block = Stacked(Transposed(Column(bias, letter)), Matrix(weight, bound, letter))
    found = Product(Transposed(block), Stacked(S.One, vector), size)
    _prove(lower(found, letter, S.One), expression)
    return found


def affine_entry(expression: Expr) -> Array | None:
    """The same sum for one neuron: θ_iᵀ [1; a] (A6)."""
    parts = _affine_parts(expression)
    if parts is None:
        return None
    weight, bias, (bound, size), vector = parts
    found = Product(Transposed(Stacked(bias, Column(weight, bound))), Stacked(S.One, vector), size)
    _prove(lower(found, S.One, S.One), expression)
    return found


def _affine_parts(expression: Expr) -> tuple[Expr, Expr, tuple[Expr, Expr], Array] | None:
    sums = [term for term in Add.make_args(expression) if isinstance(term, Sum)]
    bias = Add(*(term for term in Add.make_args(expression) if not isinstance(term, Sum)))
    if len(sums) != 1 or not (index.is_entry(bias) or bias.is_Symbol) or len(sums[0].limits) != 1:
        return None
    opened = index.refresh(sums[0])
    ((bound, _, size),) = opened.limits
    weights = [f for f in Mul.make_args(opened.function) if index.is_entry(f) and index.name_of(f) == "w"]
    vector = _column(opened.function / Mul(*weights), bound)
    return None if len(weights) != 1 or vector is None else (weights[0], bias, (bound, size), vector)


def _prove(lowered: Expr, expression: Expr) -> None:
    if not normal.equal(lowered, expression):
        raise errors.CalculusError(f"the matrix form gives {lowered}, not {expression}")


def _stack(first: Array, rest: Array) -> Array | None:
    """A common right factor stands once: δ and a δᵀ give [1; a] δᵀ."""
    match first, rest:
        case _, Product(left, Transposed(right), size) if right == first and size == 1:
            return Product(Stacked(S.One, left), Transposed(right), S.One)
        case Samples(n, count, inner), Samples(m, _, body):
            block = _stack(rename(inner, n, m), body)
            return None if block is None else Samples(m, count, block)
        case Scaled(c, inner), Scaled(d, body) if c == d:
            block = _stack(inner, body)
            return None if block is None else Scaled(c, block)
        case _, Total(terms):
            blocks = [_stack(first, term) for term in terms]
            placed = sum(block is not None for block in blocks)
            filled = [block or _under_zero(term) for block, term in zip(blocks, terms, strict=True)]
            return Total(tuple(filled)) if placed == 1 else None
    return None


def _under_zero(array: Array) -> Array:
    if isinstance(array, Scaled):
        return Scaled(array.scalar, Stacked(S.Zero, array.array))
    return Stacked(S.Zero, array)


def _column(expression: Expr, letter: Expr) -> Array | None:
    if not expression.has(Sum):
        return Column(expression, letter)
    if isinstance(expression, Add):
        return _total(expression, lambda term: _column(term, letter))
    scalar, own = expression.as_independent(letter, as_Add=False)
    inner = _column_product(own, letter)
    if inner is None or scalar == 1:
        return inner
    number = Mul(*(factor for factor in Mul.make_args(scalar) if not factor.has(Sum)))
    result: Array | None = inner
    for factor in Mul.make_args(scalar):
        outside = _scalar(factor) if factor.has(Sum) else None
        if factor.has(Sum):
            result = None if outside is None or result is None else Scaled(outside, result)
    return result if result is None or number == 1 else Scaled(number, result)


def _total(expression: Expr, build: Callable[[Expr], Array | None]) -> Array | None:
    terms = [build(term) for term in expression.args]
    known = [term for term in terms if term is not None]
    return Total(tuple(known)) if len(known) == len(terms) else None


def _column_product(expression: Expr, letter: Expr) -> Array | None:
    """A product of factors that all depend on the row."""
    factors = Mul.make_args(expression)
    sums = [factor for factor in factors if factor.has(Sum)]
    plain = Mul(*(factor for factor in factors if not factor.has(Sum)))
    if len(sums) > 1 or (sums and not isinstance(sums[0], Sum)):
        return None
    if not sums:
        return Column(plain, letter)
    inner = _contraction(sums[0], letter)
    if inner is None or plain == 1:
        return inner
    return Hadamard((inner, Column(plain, letter)))


def _contraction(total: Sum, letter: Expr) -> Array | None:
    """Σ_k M_{ik} v_k as a product of a matrix and a column; a sum over samples as itself."""
    opened = index.refresh(total)
    *inner, (bound, low, high) = [tuple(limit) for limit in opened.limits]
    if low != 1:
        return None
    body = index.bind(opened.function, inner)
    if isinstance(body, Add):
        return _total(
            Add(*(index.bind(term, [(bound, low, high)]) for term in body.args)), lambda term: _column(term, letter)
        )
    if high == index.SAMPLES:
        inside = _column(body, letter)
        return None if inside is None else Samples(bound, high, inside)
    both = [f for f in Mul.make_args(body) if {letter, bound} <= f.free_symbols]
    if len(both) == 1 and isinstance(both[0], Indexed):
        made = _oriented(both[0], letter, bound)
        vector = _column(Mul(*(f for f in Mul.make_args(body) if f is not both[0])), bound)
        if made is not None and vector is not None and letter not in (body / both[0]).free_symbols:
            return Product(made, vector, high)
    return None


def _oriented(entry: Indexed, row: Expr, across: Expr) -> Array | None:
    """The matrix of an entry, transposed where its rows run along ``across``."""
    if len(entry.indices) < 2:
        return None
    if (entry.indices[_ROW], entry.indices[_COLUMN]) == (row, across):
        return Matrix(entry, row, across)
    if (entry.indices[_COLUMN], entry.indices[_ROW]) == (row, across):
        return Transposed(Matrix(entry, across, row))
    return None


def _elementwise(expression: Expr, row: Expr, across: Expr) -> Array | None:
    """A matrix, or a function of its entries such as sign(w_ij)."""
    found = index.entries(expression)
    made = _oriented(found[0], row, across) if len(found) == 1 else None
    return Matrix(expression, row, across) if isinstance(made, Matrix) else made if expression in found else None


def _scalar(expression: Expr) -> Product | None:
    """A sum over a layer that has no row left: uᵀ v."""
    if not isinstance(expression, Sum):
        return None
    opened = index.refresh(expression)
    *inner, (bound, _, high) = [tuple(limit) for limit in opened.limits]
    body = index.bind(opened.function, inner)
    first = next((f for f in Mul.make_args(body) if index.is_entry(f)), S.One)
    plain = Mul(*(factor for factor in Mul.make_args(body) if not factor.has(Sum)))
    plain = first if plain == body and plain != first else plain
    rest = _column(body / plain, bound)
    return None if rest is None else Product(Transposed(Column(plain, bound)), rest, high)


def _matrix(expression: Expr, row: Expr, across: Expr) -> Array | None:
    if isinstance(expression, Add):
        return _total(expression, lambda term: _matrix(term, row, across))
    scalar, own = expression.as_independent(row, across, as_Add=False)
    inner = _matrix_product(own, row, across)
    if inner is None or scalar == 1:
        return inner
    return None if scalar.has(Sum) else Scaled(scalar, inner)


def _matrix_product(expression: Expr, row: Expr, across: Expr) -> Array | None:
    if isinstance(expression, Sum):
        opened = index.refresh(expression)
        *inner, (bound, low, high) = [tuple(limit) for limit in opened.limits]
        inside = _matrix(index.bind(opened.function, inner), row, across) if low == 1 else None
        return None if inside is None else Samples(bound, high, inside)
    factors = Mul.make_args(expression)
    both = [f for f in factors if {row, across} <= f.free_symbols]
    if both:
        return _elementwise(both[0], row, across) if len(factors) == 1 else None
    left = _column(Mul(*(f for f in factors if row in f.free_symbols)), row)
    right = _column(Mul(*(f for f in factors if across in f.free_symbols)), across)
    return None if left is None or right is None else Product(left, Transposed(right), S.One)
