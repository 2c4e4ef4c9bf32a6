"""Values at other layers and of other sizes."""

from dataclasses import replace
from itertools import pairwise

from sympy import Expr

from symfnn.algebra import index
from symfnn.elaboration.values import Axis, Value, of_parts


def unlike(found: list[Value]) -> tuple[Expr, Expr] | None:
    """The first two sizes in which arrays differ; None where they do not, or one lacks an axis."""
    arrays = [value for value in found if not value.is_scalar]
    for first, second in pairwise(arrays):
        for mine, others in zip(first.shape[:2], second.shape[:2], strict=True):
            if mine != others and 1 not in (mine, others):
                return mine, others
    return None


def at_layer(value: Value, layer: Expr) -> Value:
    """A value that is known for layer l at another layer."""
    if layer == index.LAYER:
        return value
    if value.parts is not None:
        moved = of_parts(tuple(tuple(at_layer(part, layer) for part in row) for row in value.parts))
        assert moved is not None
        return moved
    new = {index.LAYER: layer}
    row, across = (
        None if axis is None else Axis(axis.letter, axis.size.xreplace(new)) for axis in (value.row, value.column)
    )
    return replace(value, expr=index.substitute(value.expr, new), row=row, column=across, derivative=None)


def resized(value: Value, old: Expr, new: Expr) -> Value:
    """A value in which a size is another one."""
    row, across = (
        None if axis is None else Axis(axis.letter, axis.size.xreplace({old: new}))
        for axis in (value.row, value.column)
    )
    return replace(value, expr=value.expr.xreplace({old: new}), row=row, column=across)
