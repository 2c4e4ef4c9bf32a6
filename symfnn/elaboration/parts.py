"""Quantities that are made up of parts of their own: a layer with its bias unit, a matrix with a column 0."""

from dataclasses import replace

from sympy import Add, Expr, Integer

from symfnn.algebra import index
from symfnn.elaboration.scope import Composite, Profile, Scope
from symfnn.elaboration.values import Axis, Value

SAMPLE = index.index("n_")
_ONE = Integer(1)


def axes(sizes: list[Expr], *, as_row: bool = False) -> tuple[Expr | None, Expr | None]:
    """The sizes of rows and columns; None where there is no such axis."""
    if len(sizes) == 1 and as_row:
        sizes = [_ONE, *sizes]
    rows = sizes[0] if sizes and sizes[0] != 1 else None
    columns = sizes[1] if len(sizes) > 1 and sizes[1] != 1 else None
    return rows, columns


def is_written_like(composite: Composite, made: Profile, sizes: tuple[Expr | None, Expr | None]) -> bool:
    """Whether a composite quantity is written like a profile, is at its layers and has these sizes."""
    own = composite.profile
    is_alike = (own.letter, own.slots, own.layers) == (made.letter, made.slots, made.layers or own.layers)
    return is_alike and (own.rows, own.columns) == sizes


def from_zero_on(scope: Scope, base: Profile, sizes: list[Expr], from_zero: list[bool]) -> tuple[Scope, Composite]:
    """The scope with a quantity whose entry 0 along some axes is a part of its own.

    Args:
        scope: what is known.
        base: how it is written.
        sizes: of each axis, entry 0 not counted.
        from_zero: for each axis, whether it has an entry 0.
    """
    cuts = [(_ONE, size) if is_cut else (size,) for size, is_cut in zip(sizes, from_zero, strict=True)]
    both = (*cuts, (_ONE,))[:2]
    return with_parts(scope, base, (both[0], both[1]), (from_zero[0], (*from_zero, False)[1]))


def with_parts(
    scope: Scope, base: Profile, cuts: tuple[tuple[Expr, ...], tuple[Expr, ...]], from_zero: tuple[bool, bool]
) -> tuple[Scope, Composite]:
    """The scope with a quantity that is made up of quantities of its own, and this.

    Args:
        scope: what is known.
        base: how it is written.
        cuts: the sizes of its parts, down and across, for layer l.
        from_zero: whether entry 0 is the first part, down and across.
    """
    whole = axes([Add(*cuts[0]), Add(*cuts[1])])
    layers = base.layers or next(
        (p.layers for p in scope.named(base.letter) if p.slots == base.slots and (p.rows, p.columns) == whole), None
    )
    base = replace(base, rows=whole[0], columns=whole[1], layers=layers)
    # what was declared with the same shape as a whole is this
    kept = tuple(p for p in scope.profiles if p.part is not None or not _is_same(p, base))
    scope = replace(scope, profiles=kept)
    rows: list[tuple[Value, ...]] = []
    for i, height in enumerate(cuts[0]):
        row: list[Value] = []
        for j, width in enumerate(cuts[1]):
            part = _number(cuts[0], i), _number(cuts[1], j)
            name = base.name + "".join(f"_{number}" for number in part if number)
            size = axes([height, width])
            scope, own = scope.with_profile(replace(base, name=name, rows=size[0], columns=size[1], part=part))
            row.append(_whole_part(own))
        rows.append(tuple(row))
    made = Composite(base, tuple(rows), from_zero=from_zero)
    others = tuple(c for c in scope.composites if not _is_same(c.profile, base))
    return replace(scope, composites=(*others, made)), made


def _is_same(one: Profile, other: Profile) -> bool:
    """Whether two profiles are of one quantity: written alike, of one shape, in the same layers."""
    return (one.letter, one.slots, one.rows, one.columns, one.layers) == (
        other.letter,
        other.slots,
        other.rows,
        other.columns,
        other.layers,
    )


def _number(cut: tuple[Expr, ...], place: int) -> str:
    """How the number of a part is written: nothing for the last one, whose entries have an index."""
    if place == len(cut) - 1:
        return ""
    return "0" if cut[place] == 1 and place == 0 else f"({place + 1})"


def _whole_part(own: Profile) -> Value:
    """All entries of a part at layer l."""
    size = own.rows, own.columns
    row, across = (None if s is None else Axis(index.fresh(h), s) for s, h in zip(size, "ij", strict=True))
    letters: list[Expr] = [index.LAYER] if own.is_layered else []
    letters += [axis.letter for axis in (row, across) if axis is not None]
    letters += [SAMPLE] if own.samples is not None else []
    return Value(own.quantity[tuple(letters)] if letters else own.quantity.scalar, row, across)
