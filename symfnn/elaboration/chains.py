r"""Products of derivatives as the chain rule means them, whatever shape their factors have as they stand.

``\frac{\partial C}{\partial z} \frac{\partial z}{\partial W}`` is a sum over all entries of z, in the shape of W. So is
``\delta \frac{\partial z}{\partial W}`` with an array of the shape of z. Beside an elementwise sign the derivative of
one array by another of its shape is the array of slopes.
"""

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr, KroneckerDelta, Mul

from symfnn.algebra import index
from symfnn.elaboration.values import Axis, Derivative, Value

CHAINED = "the derivatives are multiplied as in the chain rule, arranged to fit"
ENTRYWISE = "the derivative of one array by another is taken entry by entry"
TRANSPOSED = "the derivative of a scalar by a matrix is in numerator layout, transposed"
DENOMINATOR = "the derivative of a column by a column is in denominator layout"
TURNED = "a Jacobian stands before the gradient that it is multiplied with"
NUMERATOR, COLUMN = "numerator", "column"  # a Jacobian, the gradient of a number
READINGS = frozenset({CHAINED, TURNED, ENTRYWISE, TRANSPOSED, DENOMINATOR})


def arranged(derivative: Derivative, notes: tuple[str, ...] = ()) -> Value:
    """A derivative as a value: a gradient, a Jacobian with the numerator's entries as rows, or one with outer axes."""
    top, by = derivative.top, derivative.by
    kept = {"derivative": derivative, "notes": notes, "is_jacobian": not top.is_scalar}
    if top.is_scalar:
        return Value(derivative.expr, by.row, by.column, is_gradient=by.is_vector, **kept)  # type: ignore[arg-type]
    if by.is_scalar:
        return Value(derivative.expr, top.row, top.column, **kept)  # type: ignore[arg-type]
    if top.is_vector and by.is_vector:
        return Value(derivative.expr, top.axes[0], by.axes[0], **kept)  # type: ignore[arg-type]
    return Value(derivative.expr, by.row, by.column, outer=top.axes, **kept)  # type: ignore[arg-type]


def chained(left: Value, right: Value) -> Iterator[Value]:
    """The products of two neighbours by the chain rule, from either side."""
    if left.derivative is None and right.derivative is None:
        return
    for first, second, is_turned in ((left, right, False), (right, left, True)):
        made = _joined(first, second, is_turned=is_turned)
        if made is not None:
            yield made


def linked(left: Value, right: Value) -> Value | None:
    """What ``prod(∂Z/∂Y, ∂Y/∂X)`` means, the product after whatever turning makes it one; None where it is no chain."""
    outer, inner = left.derivative, right.derivative
    if outer is None or inner is None or not _is_same(outer.by, inner.top):
        return None
    made = next(chained(left, right), None)
    if made is None and inner.top.is_scalar and (outer.top.is_scalar or inner.by.is_scalar):
        notes = tuple(dict.fromkeys((*left.notes, *right.notes, CHAINED)))
        body = arranged(Derivative(outer.top, inner.by, outer.expr * inner.expr), notes)
        return body if inner.names is None else _whole(outer, inner)
    return made


def _joined(first: Value, second: Value, *, is_turned: bool) -> Value | None:
    """A derivative, or an array of the shape of one, times a derivative of what it is taken by."""
    inner = second.derivative
    if inner is None or inner.top.is_scalar or first.is_scalar:
        return None
    outer = first.derivative
    if outer is None and CHAINED in second.notes:
        # it is worked out factor by factor: in another order it is the same
        return None
    if inner.names is not None:
        return _whole(outer or _named(first, inner.names), inner)
    turned = (TURNED,) if is_turned and inner.top.is_vector and inner.by.is_vector else ()
    notes = tuple(dict.fromkeys((*first.notes, *second.notes, CHAINED, *turned)))
    if outer is not None and not outer.top.is_scalar:
        if is_turned or not _is_same(outer.by, inner.top):
            return None
        body = _summed(outer.expr, outer.by.axes, inner.expr, inner.top.axes)
        return arranged(Derivative(outer.top, inner.by, body), notes)
    if not _fits(first, inner.top) or (outer is not None and not _is_same(outer.by, inner.top)):
        return None
    body = _summed(first.expr, first.axes, inner.expr, inner.top.axes)
    if outer is not None:
        return replace(arranged(Derivative(outer.top, inner.by, body), notes), is_jacobian=True)
    return Value(body, inner.by.row, inner.by.column, is_jacobian=True, notes=notes)


def _whole(outer: Derivative | None, inner: Derivative) -> Value | None:
    """The derivative that a product of two is by the chain rule; None where they are no chain."""
    if outer is None or not outer.top.is_scalar or not _is_same(outer.by, inner.top):
        return None
    if not all(part.expr == index.Partial(part.top.expr, part.by.expr) for part in (outer, inner)):
        return None
    return arranged(Derivative(outer.top, inner.by, index.Partial(outer.top.expr, inner.by.expr), inner.names))


def _named(value: Value, names: tuple[tuple[Expr, Expr], ...]) -> Derivative | None:
    """The derivative that an error signal is a name for."""
    if not index.is_entry(value.expr):
        return None
    for entry, partial in names:
        if index.name_of(entry) != index.name_of(value.expr):
            continue
        places = zip(index.indices_of(entry), index.indices_of(value.expr), strict=True)
        letters = {slot: own for slot, own in places if slot.is_Symbol and slot != index.DEPTH}
        if index.substitute(entry, letters) == value.expr:
            top, by = index.substitute(partial, letters).args
            return Derivative(Value(top), replace(value, expr=by, derivative=None), index.Partial(top, by), names)
    return None


def _summed(first: Expr, ours: tuple[Axis, ...], second: Expr, theirs: tuple[Axis, ...]) -> Expr:
    """Two entries multiplied and summed over the axes that they share."""
    letters = [index.fresh() for _ in ours]
    left = index.substitute(first, {axis.letter: k for axis, k in zip(ours, letters, strict=True)})
    right = index.substitute(second, {axis.letter: k for axis, k in zip(theirs, letters, strict=True)})
    limits = [(k, k * 0 + 1, axis.size) for k, axis in zip(letters, ours, strict=True)]
    return index.bind(left * right, limits)


def _is_same(one: Value, other: Value) -> bool:
    """Whether two values are the same quantity, be it as a row or as a column, or the second a function for it."""
    if [axis.size for axis in one.axes] != [axis.size for axis in other.axes]:
        return False
    letters = {mine.letter: theirs.letter for mine, theirs in zip(one.axes, other.axes, strict=True)}
    moved = index.substitute(one.expr, letters)
    if isinstance(other.expr, index.Unspecified):
        is_quantity = index.is_entry(moved) or moved.is_Symbol
        own = (index.name_of(moved), index.indices_of(moved)) if is_quantity else None
        return bool(own == (other.expr.of, other.expr.place))
    return bool(moved == other.expr)


def _fits(array: Value, top: Value) -> bool:
    """Whether an array has as many entries as a numerator, in its arrangement; a vector may be a row or a column."""
    if array.outer or array.parts is not None or len(array.axes) != len(top.axes):
        return False
    return array.shape == top.shape or (array.is_vector and array.axes[0].size == top.axes[0].size)


def slopes(left: Value, right: Value) -> Iterator[Value]:
    """The elementwise products of an array and the derivative of an array of its shape by another one."""
    for array, other, is_first in ((left, right, True), (right, left, False)):
        inner = other.derivative
        if inner is None or array.is_scalar or not (_fits(array, inner.top) and _fits(array, inner.by)):
            continue
        letters = {
            letter.letter: mine.letter
            for axes in (inner.top.axes, inner.by.axes)
            for letter, mine in zip(axes, array.axes, strict=True)
        }
        slope = index.substitute(inner.expr, letters)
        notes = tuple(dict.fromkeys((*left.notes, *right.notes, ENTRYWISE)))
        body = array.expr * slope if is_first else slope * array.expr
        yield Value(body, array.row, array.column, is_jacobian=True, notes=notes)


def readjusted(lone: Value, other: Value) -> Iterator[tuple[Value, Value]]:
    """A lone derivative of an array by an array and the other side, arranged in other ways that texts have."""
    inner = lone.derivative
    if inner is None or inner.top.is_scalar or inner.by.is_scalar or other.is_jacobian:
        return
    if inner.top.is_vector and inner.by.is_vector and lone.shape == other.shape[::-1]:
        notes = (*lone.notes, DENOMINATOR)
        yield replace(lone, row=lone.column, column=lone.row, derivative=None, notes=notes), other
    if not _fits(inner.by, inner.top) or not (other.is_number or _fits(other, inner.top)):
        return
    across = {theirs.letter: mine.letter for mine, theirs in zip(inner.by.axes, other.axes, strict=False)}
    pairs = zip(inner.top.axes, inner.by.axes, strict=True)
    only = Mul(*(KroneckerDelta(one.letter, two.letter) for one, two in pairs))
    whole = arranged(inner, lone.notes)
    slope = index.substitute(other.expr, across)
    yield whole, replace(whole, expr=slope * only, derivative=None, notes=(*other.notes, *lone.notes, ENTRYWISE))


def upright(value: Value) -> Value:
    """The derivative of a scalar by a matrix as numerator layout has it, transposed; any other value as it is."""
    inner = value.derivative
    if inner is None or not inner.top.is_scalar or inner.by.is_scalar or inner.by.is_vector:
        return value
    return replace(value, row=value.column, column=value.row, derivative=None, notes=(*value.notes, TRANSPOSED))


def layout(left: Value, right: Value) -> str:
    """How the one derivative that is a side of an equation is arranged; empty where that cannot be told.

    Whose entries are the rows of a Jacobian, or that a gradient is a column.
    """
    if DENOMINATOR in (*left.notes, *right.notes):
        return "denominator"
    if left.notes or right.notes or left.is_number or right.is_number:
        return ""
    gradients = [value for value in (left, right) if value.is_gradient]
    if len(gradients) == 1 and gradients[0].row is not None:
        return COLUMN
    lone = [value for value in (left, right) if value.derivative is not None and value.is_jacobian]
    if len(lone) != 1 or (left.is_jacobian and right.is_jacobian):
        return ""
    is_oblong = lone[0].shape != lone[0].shape[::-1]
    is_diagonal = left.expr.has(KroneckerDelta) or right.expr.has(KroneckerDelta)
    return NUMERATOR if lone[0].row and lone[0].column and (is_oblong or not is_diagonal) else ""
