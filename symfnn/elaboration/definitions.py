"""Definitions: an equation whose left side nothing defines yet, as one of the model's definitions."""

from dataclasses import replace

from sympy import Expr, Integer

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import entries, factors, mapping, resizing
from symfnn.elaboration.aliases import alias_of
from symfnn.elaboration.declarations import Ranged, is_layer, lengths, profile, unify
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.function_rules import operator
from symfnn.elaboration.labels import of_label
from symfnn.elaboration.layering import with_value
from symfnn.elaboration.left_sides import component_letters, left_side
from symfnn.elaboration.names import Mention, written
from symfnn.elaboration.neighbours import with_neighbour
from symfnn.elaboration.parts import SAMPLE
from symfnn.elaboration.reading import Reading, blank, index_of
from symfnn.elaboration.scope import Alias, Composite, Profile, Scope, Stated
from symfnn.elaboration.suppositions import is_loss
from symfnn.elaboration.survey import indices_in
from symfnn.elaboration.values import Value
from symfnn.latex.syntax import Fence, Letter, Node, Product, Sequence
from symfnn.model.definitions import Definition
from symfnn.source import Span


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
        alias = alias_of(scope, found, (), options[0], ranges, reading)
        if alias is not None:
            return replace(scope, aliases=(*scope.aliases, alias))
        labelled = of_label(scope, found, options[0], reading, origin)
        scope, meant = labelled or _new_profile(scope, found, left, options[0], ranges, reading, origin)
    return _stated(scope, meant, found, options, reading, ranges, origin, span, left, right)


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
    known = entries.told_by_style(scope.named(found.name), found)
    made = replace(made, is_stated=any(p.is_stated for p in known))
    if any(p.axes for p in known):
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
        sizes = resizing.unlike([target, options[0]])
        raise errors.MeaningError("ill-shaped", words, span, is_shape=True, sizes=sizes)
    return unified


def _is_turned(scope: Scope, target: Value, options: tuple[Value, ...]) -> bool:
    """Whether a name for the derivative of a scalar by a column is declared as a row: numerator layout."""
    if scope.is_numerator_layout or target.row is not None or not target.is_vector:
        return False
    return any(option.is_gradient and option.shape == target.shape[::-1] for option in options)


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


def is_argument_list(node: Node) -> bool:
    """Whether a node is a name with a list of arguments."""
    return isinstance(node, Product) and len(node.factors) == 2 and isinstance(node.factors[1], Fence)
