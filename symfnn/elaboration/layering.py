"""What a definition says of which layers, beside the others of the same quantity."""

from dataclasses import replace

from sympy import Expr, Integer

from symfnn import errors
from symfnn.algebra import index, normal
from symfnn.elaboration import abbreviations, copies
from symfnn.elaboration.declarations import Ranged
from symfnn.elaboration.names import Mention
from symfnn.elaboration.reading import Reading, blank, index_of
from symfnn.elaboration.scope import Profile, Scope, Stated
from symfnn.elaboration.values import Value
from symfnn.model.definitions import Definition
from symfnn.source import Span


def with_value(
    scope: Scope,
    made: Profile,
    found: Mention,
    target: Value,
    value: Value,
    reading: Reading,
    ranges: dict[str, Ranged],
    origin: int,
    span: Span,
) -> Scope:
    """The scope with ``target = value`` as a definition of the profile's quantity.

    Raises:
        MeaningError: an index stands on the right side alone, or the first layer is otherwise already.
    """
    definition = definition_of(scope, made, found, target, value, reading, ranges)
    scope, definition = _of_sample(scope, made, definition)
    if definition.value == definition.entry:
        return scope
    _require_closed(scope, definition.entry, definition.value, span)
    scope, definition = _beside(_with_layers(scope, made, definition), definition)
    scope = abbreviations.put_in(scope, made, definition)
    scope = replace(scope, counted={**scope.counted, **reading.counted})
    return scope.with_definition(Stated(definition, span, origin))


def _of_sample(scope: Scope, made: Profile, definition: Definition) -> tuple[Scope, Definition]:
    """What is defined for each sample, or by a sum over them, is so by what differs between them, numbered or not."""
    summed = copies.in_sums(scope, (definition.value,))
    if summed is not None:
        scope, definition = summed[0], replace(definition, value=summed[1][0])
    if made.samples is None:
        return scope, definition
    found = copies.of_sample(scope, (definition.value,), made, index.indices_of(definition.entry)[-1])
    return (scope, definition) if found is None else (found[0], replace(definition, value=found[1][0]))


def _beside(scope: Scope, definition: Definition) -> tuple[Scope, Definition]:
    """A definition for many layers beside the ones for single layers: what they say too goes, the rest stays."""
    kept: list[Stated] = []
    for stated in scope.definitions:
        old = stated.definition
        if old.name != definition.name or not _is_one_of(old, definition):
            kept.append(stated)
            continue
        assert old.layers is not None
        assert definition.layers is not None
        low, high = definition.layers
        if normal.normal_form(definition.at(old.entry)) == normal.normal_form(old.value):
            continue
        if old.layers[0] == low:
            given = _given(scope, definition, old)
            if given is None:
                raise errors.MeaningError("conflict", "this is otherwise for the first layer", stated.span)
            stated = replace(stated, definition=given)
        elif old.layers[0] == high:
            definition = replace(definition, layers=(low, high - 1))
        kept.append(stated)
    return replace(scope, definitions=tuple(kept)), definition


def _with_layers(scope: Scope, made: Profile, definition: Definition) -> Scope:
    """The scope in which a quantity of unknown layers is in those of its first definition for many."""
    layers = definition.layers
    if made.layers is not None or layers is None or layers[0] == layers[1]:
        return scope
    profiles = tuple(replace(p, layers=layers) if p == made else p for p in scope.profiles)
    return replace(scope, profiles=profiles)


def _is_one_of(single: Definition, general: Definition) -> bool:
    """Whether a definition is for one of the layers that another is for."""
    if single.layers is None or general.layers is None or general.layers[0] == general.layers[1]:
        return False
    low, high = single.layers
    return low == high and index.at_most(general.layers[0], low) and index.at_most(low, general.layers[1])


def _given(scope: Scope, general: Definition, single: Definition) -> Definition | None:
    """``a[1] = x``, where a rule for every layer says for the first what another says of x; None for anything else."""
    assert single.layers is not None
    before = single.layers[0] - 1
    value = general.at(single.entry)
    layered = {
        e for e in index.entries(value) if index.indices_of(e)[:1] == (before,) and len(index.indices_of(e)) == 2
    }
    names = {index.name_of(entry) for entry in layered}
    others = {e.base for e in index.entries(single.value) if len(index.indices_of(e)) == 1}
    taken = {stated.definition.name for stated in scope.definitions}
    for name in sorted(names):
        for base in sorted(others, key=str):
            moved = {e: base[index.indices_of(e)[1]] for e in layered if index.name_of(e) == name}
            made = scope.profile(name)
            if made is None or str(base.label) in taken:
                continue
            if normal.normal_form(value.xreplace(moved)) == normal.normal_form(single.value):
                slot = made.quantity.slots[1]
                return Definition(made.quantity[before, slot], base[slot], (before, before))
    return None


def definition_of(
    scope: Scope,
    made: Profile,
    found: Mention,
    target: Value,
    value: Value,
    reading: Reading,
    ranges: dict[str, Ranged],
) -> Definition:
    """The definition of ``target`` as ``value``, in the letters of the quantity's slots."""
    quantity = made.quantity
    indices = index.indices_of(target.expr)
    letters = {
        others.letter: mine.letter
        for mine, others in ((target.row, value.row), (target.column, value.column))
        if mine is not None and others is not None
    }
    body = index.substitute(value.expr, letters)
    layers: index.Range | None = None
    slots = dict(zip(indices, quantity.slots, strict=True))
    layer = indices[0] if made.is_layered else None
    if layer is not None:
        slots.pop(layer, None)
        layers = (layer, layer)
        if index.LAYER in layer.free_symbols:
            shift = layer - index.LAYER
            body = index.substitute(body, {index.LAYER: index.LAYER - shift}) if shift != 0 else body
            layers = layer_range(scope, made, found, reading, ranges, shift)
            layer = index.LAYER
    renamed = {old: new for old, new in slots.items() if old != new and old.is_Symbol}
    places = tuple(quantity.slots) if layer is None else (layer, *quantity.slots[1:])
    entry = quantity[places] if places else quantity.scalar
    return Definition(entry, index.substitute(body, renamed), layers)


def _require_closed(scope: Scope, entry: Expr, body: Expr, span: Span) -> None:
    """That every index on the right is one of the left side's.

    Raises:
        MeaningError: one is not.
    """
    loose = loose_indices(scope, entry, body)
    if loose:
        names = ", ".join(sorted(map(str, loose)))
        raise errors.MeaningError("wrong-index", f"the index {names} stands on the right side alone", span)


def loose_indices(scope: Scope, entry: Expr, body: Expr) -> set[Expr]:
    """The indices of a definition's right side that are none of the left side's."""
    sizes = {part for size in (*scope.sizes.values(), *scope.batch) for part in size.free_symbols}
    sizes |= {
        part
        for p in scope.profiles
        for size in (p.rows, p.columns, p.samples)
        if size is not None
        for part in size.free_symbols
    }
    known = entry.free_symbols | {index.DEPTH, index.WIDTH.label} | (sizes - {index.LAYER})
    return {symbol for symbol in body.free_symbols - known if symbol.is_Symbol and symbol.is_integer}


def layer_range(
    scope: Scope, made: Profile, found: Mention, reading: Reading, ranges: dict[str, Ranged], shift: Expr
) -> index.Range:
    """For which layers a definition holds: as stated, else wherever its right side exists."""
    letter = scope.layer_letter
    if letter in ranges:
        inner = blank(scope)
        low, high = index_of(inner, ranges[letter].low), index_of(inner, ranges[letter].high)
        return low + shift, high + shift
    low, high = layer_bounds(reading, (Integer(0), index.DEPTH))
    first, last = made.layers or (Integer(scope.first_layer), index.DEPTH)
    low = max(low + shift, first, key=index.leading) - shift
    high = min(high + shift, last, key=index.leading) - shift
    return low + shift, high + shift


def layer_bounds(reading: Reading, widest: index.Range) -> index.Range:
    """Where the layer letter lies so that everything that was read exists."""
    low, high = widest
    for layer, (first, last) in reading.layers:
        if index.LAYER in layer.free_symbols:
            shift = layer - index.LAYER
            low = max(low, first - shift, key=index.leading)
            high = min(high, last - shift, key=index.leading)
    return low, high
