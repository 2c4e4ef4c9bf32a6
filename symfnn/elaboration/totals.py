"""Single entries and sums of the entries of values."""

from sympy import Add, Expr

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration.values import Value


def at(value: Value, row: Expr, across: Expr) -> Expr:
    """The entry at a place; where there is no axis its letter is not used."""
    letters = {}
    if value.row is not None:
        letters[value.row.letter] = row
    if value.column is not None:
        letters[value.column.letter] = across
    return index.substitute(value.expr, letters)


def total(value: Value) -> Expr:
    """The sum of all entries."""
    if value.parts is not None:
        return Add(*(total(part) for row in value.parts for part in row))
    result = value.expr
    for axis in value.axes:
        letter = axis.letter
        body = result

        def entry(k: Expr, letter: Expr = letter, body: Expr = body) -> Expr:
            return index.substitute(body, {letter: k})

        result = index.summation(entry, 1, axis.size)
    return result


def summed(value: Value) -> Value:
    """The sum of all entries as a value."""
    return Value(total(value), is_jacobian=value.is_jacobian, notes=value.notes)


def require_scalar(value: Value, what: str) -> Expr:
    """The expression of a scalar.

    Raises:
        ShapeMismatch: it has an axis.
    """
    if not value.is_scalar:
        raise errors.CalculusError(f"{what} is needed as a scalar")
    return value.expr
