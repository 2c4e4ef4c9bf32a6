"""Definitions: an equation whose left side nothing defines yet, as one of the model's definitions."""

from dataclasses import replace

from sympy import Expr, Integer, Lambda, Symbol

from symfnn import errors
from symfnn.algebra import index, normal
from symfnn.elaboration import abbreviations, entries, factors, mapping, values
from symfnn.elaboration.declarations import Ranged, blank, is_layer, is_layer_mark, is_sample, lengths, profile, unify
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.names import Mention, compound, marks, mention, written
from symfnn.elaboration.neighbours import with_neighbour
from symfnn.elaboration.parts import SAMPLE
from symfnn.elaboration.reading import Reading, index_of
from symfnn.elaboration.scope import Alias, Composite, Operator, Profile, Scope, Stated
from symfnn.elaboration.suppositions import is_loss
from symfnn.elaboration.survey import indices_in
from symfnn.elaboration.values import Value
from symfnn.latex.syntax import Fence, Letter, Node, Product, Scripted, Sequence
from symfnn.model.definitions import Definition
from symfnn.source import Span


def left_side(scope: Scope, node: Node) -> Mention | None:
    """The quantity that a left side names, with or without arguments; None where it is an expression."""
    found = mention(node) or compound(node)
    if found is not None:
        return found
    applied = factors.application(node)
    if applied is not None and (applied[0].name not in scope.functions or factors.is_list(scope, *applied)):
        return factors.told_apart(scope, *applied)
    return None


def function_variable(node: Node) -> str | None:
    """The variable of ``f(z)`` and ``f'(z)`` where the brackets hold one plain letter."""
    applied = factors.application(node)
    if applied is None or factors.is_special(applied[0].name):
        return None
    body = applied[1].body
    return body.name if isinstance(body, Letter) and not applied[0].marks else None


def is_defined(scope: Scope, found: Mention) -> bool:
    """Whether a definition in force, or an alias, covers what is mentioned."""
    reading = Reading(scope, readings)
    for meant, sorted_marks in entries.candidates(reading, found, is_exact=True):
        layer = None
        if sorted_marks.layer is not None:
            layer = index_of(blank(scope), sorted_marks.layer)
        if isinstance(meant, Composite) and not _is_at(scope, meant, layer):
            continue
        if isinstance(meant, Composite) and meant.is_name:
            return True
        names = {meant.of} if isinstance(meant, Alias) else {meant.name} if isinstance(meant, Profile) else meant.names
        return any(_covers(stated.definition, name, layer) for stated in scope.definitions for name in names)
    return False


def _is_at(scope: Scope, meant: Composite, layer: Expr | None) -> bool:
    """Whether a quantity is made up so at a layer."""
    return layer is None or entries.may_be(layer, scope.layers_of(meant.profile))


def _covers(definition: Definition, name: str, layer: Expr | None) -> bool:
    """Whether a definition is one of that quantity at that layer, or may be."""
    if definition.name != name:
        return False
    if layer is None or definition.layers is None:
        return True
    low, high = definition.layers
    if index.LAYER in layer.free_symbols:
        return bool(low != high)
    if index.DEPTH in layer.free_symbols or index.DEPTH in high.free_symbols:
        return bool(index.at_most(low, layer)) and bool(index.at_most(layer, high))
    return bool(low <= layer <= high)


def define_function(scope: Scope, left: Node, right: Node) -> Scope:
    """The scope with the rule of f(z) = ….

    Raises:
        MeaningError: the right side is not understood.
    """
    variable = function_variable(left)
    applied = factors.application(left)
    assert variable is not None
    assert applied is not None
    z = Symbol("z", real=True)
    reading = Reading(scope, readings, variables={variable: z})
    value = reading.value(right)
    if not value.is_scalar or value.expr.free_symbols - {z}:
        raise errors.MeaningError("not-covered", "a function is understood that has one variable", right.span)
    rule = _plain(scope, value.expr)
    return replace(scope, functions={**scope.functions, applied[0].name: Lambda(z, rule)})


def _plain(scope: Scope, expression: Expr) -> Expr:
    """The expression with functions that have a rule written out."""

    def rule(node: Expr) -> Expr:
        known = scope.functions.get(node.letter)
        if known is None:
            return node
        (z,) = known.variables
        return known.expr.diff(z, node.order).xreplace({z: node.args[0]})

    return expression.replace(lambda node: isinstance(node, index.ScalarFunction), rule)


def unspecified(scope: Scope, left: Mention, right: Node) -> list[tuple[Expr, ...]] | None:
    """The arrays of ``C = C(a^L, y)``; None where the right side is something else."""
    applied = factors.application(right)
    if applied is None or applied[1].body is None:
        return None
    name = applied[0].name
    is_other = name in scope.functions or name.lower() in factors.NAMED or scope.knows(name) or applied[0].primes
    if name != left.name and (is_other or not isinstance(applied[1].body, Sequence)):
        return None
    body = applied[1].body
    items = body.items if isinstance(body, Sequence) else (body,)
    reading = Reading(scope, readings)
    arrays: list[tuple[Expr, ...]] = []
    for item in items:
        value = reading.value(item)
        if not index.is_entry(value.expr) and not value.expr.is_Symbol:
            raise errors.MeaningError("not-covered", "an argument of the loss is no quantity", item.span)
        if not index.is_entry(value.expr):
            arrays.append((value.expr,))
            continue
        arrays.append(_whole(scope, value.expr))
    return arrays


def _whole(scope: Scope, entry: Expr) -> tuple[Expr, ...]:
    """The array of an entry at its layer, of one sample where it is for each."""
    known = scope.profile(index.name_of(entry))
    places = entry.indices[:1] if known is not None and known.is_layered else ()
    if known is not None and known.samples is not None:
        places = (*places, *(index.ALL for _ in range(known.axes)), entry.indices[-1])
    return (entry.base.label, *places)


def define(scope: Scope, left: Node, right: Node, ranges: dict[str, Ranged], origin: int, span: Span) -> Scope:
    """The scope with the definition ``left = right``.

    Raises:
        MeaningError: a side is not understood, or their shapes do not fit.
    """
    found = left_side(scope, left)
    assert found is not None
    made = operator(scope, left, right)
    if made is not None:
        return replace(scope, operators=(*scope.operators, made))
    mapped = mapping.read(scope, found, left, right, ranges, origin)
    if mapped is not None:
        value = (mapped.value,)
        return _stated(mapped.scope, mapped.of, found, value, mapped.reading, ranges, origin, span, left, right)
    arrays = unspecified(scope, found, right)
    if arrays is not None:
        return _unspecified_definition(scope, found, left, arrays, ranges, origin, span)
    scope = with_neighbour(scope, found)
    reading = Reading(scope, readings, outer=indices_in(left), known=lengths(scope, ranges))
    meant = mapping.known(scope, found)
    options = tuple(sorted(readings(reading, right), key=lambda option: is_loss(found) and not option.is_scalar))
    reading.settle_kroneckers()
    if any(option.parts is not None or option.is_repeated for option in options):
        raise errors.MeaningError("not-covered", "this block defines nothing that is understood", right.span)
    assert not isinstance(meant, Composite), meant
    if options[0].outer:
        raise errors.MeaningError("informal-step", "a name for an array of more than two axes is not understood", span)
    if meant is None:
        _require_all_indices(scope, found, left, options[0], ranges)
        alias = _alias(scope, found, (), options[0], ranges, reading)
        if alias is not None:
            return replace(scope, aliases=(*scope.aliases, alias))
        scope, meant = _new_profile(scope, found, left, options[0], ranges, reading, origin)
    return _stated(scope, meant, found, options, reading, ranges, origin, span, left, right)


def operator(scope: Scope, left: Node, right: Node) -> Operator | None:
    """``Σ'(z^l) = diag(σ'(z^l))``: the brackets hold an array that the right side is about."""
    applied = factors.application(left)
    inner = None if applied is None or applied[1].body is None else mention(applied[1].body)
    if applied is None or inner is None or not inner.marks:
        return None
    reading = Reading(scope, readings)
    if entries.entry(reading, inner) is None:
        return None
    value = reading.value(right)
    if index.LAYER not in value.expr.free_symbols:
        return None
    return Operator(applied[0].name, applied[0].primes, inner.name, value)


def _unspecified_definition(
    scope: Scope,
    found: Mention,
    left: Node,
    arrays: list[tuple[Expr, ...]],
    ranges: dict[str, Ranged],
    origin: int,
    span: Span,
) -> Scope:
    made = replace(profile(scope, found, ranges, is_entry=False), has_arguments=True, is_firm=True, origin=origin)
    if any(p.rows is not None or p.columns is not None for p in scope.named(found.name)):
        raise errors.MeaningError("not-covered", "an unspecified array is not understood", left.span)
    made, own = _of_one_sample(scope, made, found, arrays)
    given = [tuple(SAMPLE if place == own else place for place in array) for array in arrays]
    if any(place not in (SAMPLE, index.ALL) for array in given for place in array[2:]):
        raise errors.MeaningError("not-covered", "a loss of one sample is a function of that sample", left.span)
    scope, made = scope.with_profile(made)
    entry = made.quantity.scalar if own is None else made.quantity[SAMPLE]
    value = index.Unspecified(made.quantity.scalar if own is None else (made.quantity.scalar, SAMPLE), *given)
    return scope.with_definition(Stated(Definition(entry, value), span, origin))


def _of_one_sample(
    scope: Scope, made: Profile, found: Mention, arrays: list[tuple[Expr, ...]]
) -> tuple[Profile, Expr | None]:
    """A loss as one of each sample where one of its marks numbers that of what it is of, and the letter."""
    for slot, mark in zip(made.slots, found.marks, strict=True):
        own = index_of(blank(scope), mark.content) if isinstance(mark.content, Letter) else None
        known = next((scope.profile(str(array[0])) for array in arrays if own in array[2:]), None)
        if known is not None and known.samples is not None:
            slots = tuple(other._replace(role="sample", text="") if other is slot else other for other in made.slots)
            name = found.name + "'" * found.primes
            return replace(made, name=name, slots=slots, samples=known.samples), own
    return made, None


def _require_all_indices(scope: Scope, found: Mention, left: Node, value: Value, ranges: dict[str, Ranged]) -> None:
    """Raises where ``w_j^l`` is to be a number beside a matrix ``w^l``: an index is missing, and nothing new is named.

    Raises:
        MeaningError: so it is.
    """
    letters = component_letters(scope, found, ranges) if value.is_scalar else []
    made = profile(scope, found, ranges, is_entry=bool(letters))
    for one in scope.named(made.letter) if letters else ():
        if one.slots == made.slots and (one.rows is not None) + (one.columns is not None) > len(letters):
            words = f"{written(left)} has fewer indices than what {made.letter} stands for"
            raise errors.MeaningError("wrong-index", words, found.span)


def component_letters(scope: Scope, found: Mention, ranges: dict[str, Ranged]) -> list[Node]:
    """The letters below that are components."""
    return [
        mark.content
        for mark in found.marks
        if mark.place == "sub"
        and isinstance(mark.content, Letter | Scripted)
        and not is_layer(scope, mark.content)
        and not is_sample(scope, mark, ranges, found.name)
    ]


def _alias(
    scope: Scope, found: Mention, outer: tuple[Node, ...], value: Value, ranges: dict[str, Ranged], reading: Reading
) -> Alias | None:
    """``w_{ij} = W_{ji}``, ``(z_n)_i = Z_{in}``: another way to write entries of a quantity; None for anything else."""
    if not value.is_scalar or not index.is_entry(value.expr):
        return None
    of = scope.profile(index.name_of(value.expr))
    inner = [index_of(blank(scope), node) for node in component_letters(scope, found, ranges)]
    axes = [index_of(blank(scope), node) for node in outer]
    if of is None or not (inner or axes):
        return None
    made = profile(scope, found, ranges, is_entry=True)
    layer = value.expr.indices[0] if of.is_layered else None
    if _is_elsewhere(scope, found, made, layer):
        return None
    if not outer:
        inner, axes = [], inner
    places = list(value.expr.indices)[1 if of.is_layered else 0 :]
    has_sample = any(slot.role == "sample" for slot in made.slots)
    found_roles = [_role(letter, axes, inner, has_sample=has_sample) for letter in places]
    roles = [role for role in found_roles if role is not None]
    if len(roles) < len(places) or not all(letter in places for letter in (*axes, *inner)):
        return None
    samples = None
    if "sample" in roles:
        samples = (of.rows, of.columns)[roles.index("sample")] if of.rows is not None else of.columns
    sizes = [reading.uses[letter][0] for letter in axes]
    rows, columns = sizes[0], sizes[1] if len(sizes) > 1 else None
    layered = replace(
        made, rows=rows, columns=columns, samples=samples, layers=of.layers if of.is_layered else made.layers
    )
    style = found.style if outer and scope.named(found.name) else None
    own = tuple(reading.uses[letter][0] for letter in inner)
    return Alias(layered, of.name, tuple(roles), own, style, None if made.is_layered else layer)


def _is_elsewhere(scope: Scope, found: Mention, made: Profile, layer: Expr | None) -> bool:
    """Whether what is written is at another layer than what it is to stand for, or at none of which it is known."""
    if layer is None:
        return False
    if not made.is_layered:
        return index.LAYER in layer.free_symbols
    written_ = [mark.content for mark in found.marks if is_layer_mark(scope, found.name, mark)]
    return all(index_of(blank(scope), content) != layer for content in written_)


def _role(letter: Expr, axes: list[Expr], inner: list[Expr], *, has_sample: bool) -> int | str | None:
    """What stands at one index of the quantity that an alias is for."""
    if letter in axes:
        return axes.index(letter)
    if letter in inner:
        return 2 + inner.index(letter)
    return "sample" if has_sample else None


def define_alias(scope: Scope, left: Node, right: Node, ranges: dict[str, Ranged]) -> Scope | None:
    """The scope with ``(z_n)_i = Z_{in}`` as another way to write entries; None for any other equation.

    Raises:
        MeaningError: the right side is not understood.
    """
    if not isinstance(left, Scripted) or left.sub is None or left.sup is not None or not isinstance(left.base, Fence):
        return None
    inner = None if left.base.body is None else mention(left.base.body)
    if inner is None or inner.is_transposed:
        return None
    outer = tuple(mark.content for mark in marks(left.sub, "sub"))
    reading = Reading(scope, readings)
    alias = _alias(scope, inner, outer, reading.value(right), ranges, reading)
    return None if alias is None else replace(scope, aliases=(*scope.aliases, alias))


def _new_profile(
    scope: Scope,
    found: Mention,
    left: Node,
    value: Value,
    ranges: dict[str, Ranged],
    reading: Reading,
    origin: int,
) -> tuple[Scope, Profile]:
    """The profile of a quantity that its definition introduces: its shape is that of the right side."""
    nodes = component_letters(scope, found, ranges) if value.is_scalar else []
    letters = [index_of(blank(scope), node) for node in nodes]
    counts = set(scope.sizes.values())  # the C of Σ_C is a part of the name where nothing is indexed with it
    is_entry = bool(letters) and all(letter in value.expr.free_symbols for letter in letters)
    is_entry = is_entry and not any(letter in counts and letter not in reading.uses for letter in letters)
    made = profile(scope, found, ranges, is_entry=is_entry)
    if is_entry:
        sizes = [_size(reading, letter, node) for letter, node in zip(letters, nodes, strict=True)]
        rows, columns = sizes[0], sizes[1] if len(sizes) > 1 else None
        if columns is None and reading.across.get(letters[0], scope.are_rows):
            rows, columns = None, rows
    else:
        rows = None if value.row is None else value.row.size
        columns = None if value.column is None else value.column.size
    made = replace(made, has_arguments=factors.application(left) is not None, origin=origin)
    is_number = value.is_scalar and not made.slots and is_loss(found)  # whatever the shapes inside
    made = replace(made, is_firm=(is_number or is_firm(scope, value.expr)) and not value.notes)
    is_other = any((c.profile.letter, c.profile.slots) == (made.letter, made.slots) for c in scope.composites)
    made, (rows, columns) = _of_any_layer(made, rows, columns, is_kept=is_other)
    shift = shift_of(scope, found)
    sized = [None if size is None else size.xreplace({index.LAYER: index.LAYER - shift}) for size in (rows, columns)]
    made = replace(made, rows=sized[0], columns=sized[1])
    return scope.with_profile(made)


def _of_any_layer(
    made: Profile, rows: Expr | None, columns: Expr | None, *, is_kept: bool
) -> tuple[Profile, tuple[Expr | None, Expr | None]]:
    """A quantity that is met at a numbered layer first, as one of every layer, where its size is the layer's width."""
    if not made.is_layered or made.layers is None or made.layers[0] != made.layers[1] or is_kept:
        return made, (rows, columns)
    sizes = [size for size in (rows, columns) if size is not None]
    width = index.width(made.layers[0])
    if width not in sizes or any(size.has(index.WIDTH) for size in sizes if size != width):
        return made, (rows, columns)
    here = {width: index.width(index.LAYER)}
    general = [None if size is None else size.xreplace(here) for size in (rows, columns)]
    return replace(made, layers=None), (general[0], general[1])


def is_firm(scope: Scope, *expressions: Expr) -> bool:
    """Whether the shapes of all quantities in expressions were stated or follow from what was stated."""
    for expression in expressions:
        names = {index.name_of(entry) for entry in index.entries(expression)}
        found = [scope.profile(name) for name in names]
        if not all(profile is None or profile.is_firm for profile in found):
            return False
    return True


def is_numbered(scope: Scope, expression: Expr) -> bool:
    """Whether an entry is named by a number in an expression, and is not the only one of its axis."""
    for entry in index.entries(expression):
        profile = scope.profile(index.name_of(entry))
        if profile is None:
            places = [(place, place) for place in index.indices_of(entry)]
        else:
            indices = index.indices_of(entry)
            ranges = profile.quantity.ranges_at(indices)
            places = [(i, high) for i, (_, high) in zip(indices, ranges, strict=True)][1 if profile.is_layered else 0 :]
        if any(place.is_Integer and size not in scope.single for place, size in places):
            return True
    return False


def _size(reading: Reading, letter: Expr, node: Node) -> Expr:
    sizes = reading.uses.get(letter)
    if not sizes:
        raise errors.MeaningError("not-covered", f"how far the index {written(node)} runs is not known", node.span)
    return sizes[0]


def shift_of(scope: Scope, found: Mention) -> Expr:
    """How far the layer on the left is from l: 1 for z^{(l+1)}."""
    for mark in found.marks:
        if is_layer(scope, mark.content):
            layer = index_of(blank(scope), mark.content)
            return layer - index.LAYER if index.LAYER in layer.free_symbols else Integer(0)
    return Integer(0)


def _stated(
    scope: Scope,
    meant: Profile | Alias,
    found: Mention,
    options: tuple[Value, ...],
    reading: Reading,
    ranges: dict[str, Ranged],
    origin: int,
    span: Span,
    left: Node,
    right: Node,
) -> Scope:
    """The scope with ``found = value`` as a definition of the profile's quantity."""
    own = Reading(scope, readings)
    target = entries.of(own, meant, replace(found, is_transposed=False))
    made = meant if isinstance(meant, Profile) else scope.profile(meant.of)
    assert made is not None
    if target is None:
        raise errors.MeaningError("unknown-symbol", f"nothing says what {found.name} is", found.span)
    for letter, sizes in own.uses.items():
        if sizes:
            reading.use(letter, sizes[0], found.span)
    value = next((option for option in options if option.shape == target.shape), None)
    if value is None:
        return define(_fitting(scope, target, options, span), left, right, ranges, origin, span)
    if not (index.is_entry(target.expr) or target.expr.is_Symbol):
        raise errors.MeaningError("not-covered", "this left side is not understood", found.span)
    if any(place.is_Integer for place in index.indices_of(target.expr)[1 if made.is_layered else 0 :]):
        raise errors.MeaningError("special-case", "an entry by number is an example, which defines nothing", found.span)
    return with_value(scope, made, found, target, value, reading, ranges, origin, span)


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
    definition = _definition(scope, made, found, target, value, reading, ranges)
    if definition.value == definition.entry:
        return scope
    _require_closed(scope, definition.entry, definition.value, span)
    scope, definition = _beside(_with_layers(scope, made, definition), definition)
    scope = abbreviations.put_in(scope, made, definition)
    return scope.with_definition(Stated(definition, span, origin))


def _fitting(scope: Scope, target: Value, options: tuple[Value, ...], span: Span) -> Scope:
    """The scope in which a definition's sides have one shape.

    Raises:
        MeaningError: there is none.
    """
    if _is_turned(scope, target, options):
        return replace(scope, is_numerator_layout=True)
    unified = _unified(scope, target, options[0])
    if unified is None:
        words = "the sides of this definition have unlike shapes"
        sizes = values.unlike([target, options[0]])
        raise errors.MeaningError("ill-shaped", words, span, is_shape=True, sizes=sizes)
    return unified


def _is_turned(scope: Scope, target: Value, options: tuple[Value, ...]) -> bool:
    """Whether a name for the derivative of a scalar by a column is declared as a row: numerator layout."""
    if scope.is_numerator_layout or target.row is not None or not target.is_vector:
        return False
    return any(option.is_gradient and option.shape == target.shape[::-1] for option in options)


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


def _definition(
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


def _unified(scope: Scope, target: Value, value: Value) -> Scope | None:
    """The scope in which sizes with a name of their own are those of the other side; None where that is not all."""
    before = scope
    known = scope.profile(index.name_of(value.expr)) if index.is_entry(value.expr) else None
    if known is None or not known.is_firm:
        return None
    for mine, others in zip(target.shape, value.shape, strict=True):
        if mine == others:
            continue
        named = next((size for size in (mine, others) if size.is_Symbol and size in scope.sizes.values()), None)
        if named is None or 1 in (mine, others):
            return None
        scope = unify(scope, named, others if named == mine else mine)
    return None if scope is before else scope


def _require_closed(scope: Scope, entry: Expr, body: Expr, span: Span) -> None:
    """That every index on the right is one of the left side's.

    Raises:
        MeaningError: one is not.
    """
    sizes = {part for size in (*scope.sizes.values(), *scope.batch) for part in size.free_symbols}
    sizes |= {
        part
        for p in scope.profiles
        for size in (p.rows, p.columns, p.samples)
        if size is not None
        for part in size.free_symbols
    }
    known = entry.free_symbols | {index.DEPTH, index.WIDTH.label} | (sizes - {index.LAYER})
    loose = {symbol for symbol in body.free_symbols - known if symbol.is_Symbol and symbol.is_integer}
    if loose:
        names = ", ".join(sorted(map(str, loose)))
        raise errors.MeaningError("wrong-index", f"the index {names} stands on the right side alone", span)


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


def is_argument_list(node: Node) -> bool:
    """Whether a node is a name with a list of arguments."""
    return isinstance(node, Product) and len(node.factors) == 2 and isinstance(node.factors[1], Fence)
