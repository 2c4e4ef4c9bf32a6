"""Mentions of what is made up of several quantities: the block as a whole, or the entry that indices name."""

from dataclasses import replace

from sympy import Expr, Integer

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import resizing, totals, values
from symfnn.elaboration.names import Mention
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.scope import Composite
from symfnn.elaboration.values import Axis, Value

_ZERO, _ONE = Integer(0), Integer(1)


def mentioned(
    reading: Reading,
    meant: Composite,
    layer: Expr | None,
    letters: dict[Expr, Expr],
    components: list[Expr],
    found: Mention,
) -> Value:
    """The value of a mention of a composite quantity.

    Args:
        reading: of the statement.
        meant: what is mentioned.
        layer: at which; None where it has none.
        letters: what stands for the letters of its parts.
        components: the indices of an entry; none for the whole.
        found: as written.

    Raises:
        MeaningError: an entry is mentioned, and nothing says how entries are numbered.
    """
    parts = tuple(tuple(_placed(part, layer, letters) for part in row) for row in meant.parts)
    if not components:
        made = values.of_parts(parts)
        assert made is not None
        return made
    return _entry(reading, meant, parts, components, found)


def _placed(part: Value, layer: Expr | None, letters: dict[Expr, Expr]) -> Value:
    """A part at a layer, its axes along fresh letters: one part may stand twice in a product."""
    moved = part if layer is None else resizing.at_layer(part, layer)
    axes = [
        None if axis is None else Axis(index.fresh(hint), axis.size)
        for axis, hint in ((moved.row, "i"), (moved.column, "j"))
    ]
    renamed = {
        old.letter: new.letter
        for old, new in zip((moved.row, moved.column), axes, strict=True)
        if old is not None and new is not None
    }
    return replace(moved, expr=index.substitute(moved.expr, {**letters, **renamed}), row=axes[0], column=axes[1])


def _entry(
    reading: Reading,
    meant: Composite,
    parts: tuple[tuple[Value, ...], ...],
    components: list[Expr],
    found: Mention,
) -> Value:
    """The entry at the components, in the part that each of them says."""
    has_axis = meant.profile.rows is not None, meant.profile.columns is not None
    given = iter(components)
    places = [next(given, None) if has else None for has in has_axis]
    is_cut = len(parts) > 1, len(parts[0]) > 1
    chosen = [0, 0]
    for axis, place in enumerate(places):
        if place is None or not is_cut[axis]:
            continue
        if not meant.from_zero[axis]:
            message = f"how the entries of {found.name} are numbered is not stated"
            raise errors.MeaningError("not-covered", message, found.span)
        chosen[axis] = 0 if place == _ZERO else 1
        if place.is_Symbol:
            reading.zeros.add(place)
    part = parts[chosen[0]][chosen[1]]
    for along, place in zip((part.row, part.column), places, strict=True):
        if along is not None and place is not None:
            reading.use(place, along.size, found.span)
    _require_counted(reading, [p for p, cut in zip(places, is_cut, strict=True) if p is not None and not cut], found)
    return Value(totals.at(part, places[0] or _ONE, places[1] or _ONE))


def _require_counted(reading: Reading, plain: list[Expr], found: Mention) -> None:
    """That the indices along axes that are not cut are counted from 1.

    Raises:
        MeaningError: one is 0.
    """
    for place in plain:
        counted(reading, place, found)


def counted(reading: Reading, place: Expr, found: Mention) -> None:
    """Note that an index is counted from 1.

    Raises:
        MeaningError: it is 0.
    """
    if place == _ZERO:
        raise errors.MeaningError("wrong-index", f"{found.name} has no entry 0 here", found.span)
    if place.is_Symbol:
        reading.plain.add(place)
