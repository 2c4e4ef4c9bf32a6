"""From a mention to a value: which quantity it is, at which layer, and which of its entries."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from sympy import Expr, Integer

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import composites, powers, values
from symfnn.elaboration.declarations import is_layer
from symfnn.elaboration.layer_ranges import layers_of
from symfnn.elaboration.names import Mark, Mention, mention, written
from symfnn.elaboration.parts import SAMPLE
from symfnn.elaboration.reading import Reading, index_of
from symfnn.elaboration.scope import Alias, Composite, Profile, Slot
from symfnn.elaboration.values import Axis, Value
from symfnn.latex.syntax import Letter, Node, Number, Scripted

Meant: TypeAlias = Profile | Alias | Composite
_SLICES = frozenset({r"\cdot", ":", "*", r"\ast", r"\bullet"})


class Match(NamedTuple):
    """A mention sorted by a profile.

    Attributes:
        layer: at which it is mentioned, None where the quantity has none.
        sample: of which it is mentioned, None where it is of any.
        components: the marks that are left.
        power: a number above that is no index, or an entry of a quantity: the t_c of y_c^{t_c}.
    """

    layer: Node | None
    sample: Node | None
    components: tuple[Node, ...]
    power: Node | None


def match(reading: Reading, meant: Meant, found: Mention) -> Match | None:
    """The mention's marks by the quantity's slots; None where they do not go together."""
    profile = meant if isinstance(meant, Profile) else meant.profile
    if isinstance(meant, Alias) and meant.style not in (None, found.style):
        return None
    roles: dict[str, Node] = {}
    left = list(found.marks)
    for slot in profile.slots:
        taken = _taken(reading, slot, left, found.name)
        if taken is None:
            return None
        left.remove(taken)
        if slot.role != "name":
            roles[slot.role] = taken.content
    is_free_above = _has_axes(profile) and not any(
        slot.place == "sup" and slot.role != "name" for slot in profile.slots
    )
    is_layered_above = (found.name, "sup", "") in reading.scope.layered
    sorted_rest = _rest(reading, left, can_stand_above=is_free_above)
    if sorted_rest is None or (is_layered_above and (sorted_rest[1] is not None or _has_layer_above(reading, left))):
        return None  # a number there is a layer
    components, power = sorted_rest
    own = 0 if isinstance(meant, Profile) else len(meant.sizes)
    axes = [size for size in (profile.rows, profile.columns) if size is not None]
    if len(components) not in (own, own + len(axes)):
        return None
    return Match(roles.get("layer"), roles.get("sample"), tuple(components), power)


def _has_layer_above(reading: Reading, left: list[Mark]) -> bool:
    return any(mark.place == "sup" and is_layer(reading.scope, mark.content) for mark in left)


def _rest(reading: Reading, left: list[Mark], *, can_stand_above: bool) -> tuple[list[Node], Node | None] | None:
    """The components and the power among marks that no slot takes; None where one is neither."""
    components: list[Node] = []
    power: Node | None = None
    for mark in left:
        if mark.place == "sub":
            components.append(mark.content)
        elif power is None and not mark.bracket and (isinstance(mark.content, Number) or _is_entry(reading, mark)):
            power = mark.content
        elif isinstance(mark.content, Letter) and not mark.bracket and can_stand_above:
            components.append(mark.content)
        else:
            return None
    return components, power


def _is_entry(reading: Reading, mark: Mark) -> bool:
    """Whether an entry of a quantity stands above."""
    found = mention(mark.content) if isinstance(mark.content, Scripted) else None
    if found is None or found.primes or any(mark.place != "sub" for mark in found.marks):
        return False
    return any(profile.axes == len(found.marks) and not profile.slots for profile in reading.scope.named(found.name))


def _has_axes(profile: Profile) -> bool:
    return profile.rows is not None or profile.columns is not None


def _taken(reading: Reading, slot: Slot, left: list[Mark], name: str) -> Mark | None:
    """The first mark that can stand in a slot."""
    for mark in left:
        if (mark.place, mark.bracket) != (slot.place, slot.bracket):
            continue
        if slot.role == "name":
            if written(mark.content) == slot.text and _is_in_place(slot, mark, left):
                return mark
        elif _fits(reading, slot.role, mark.content) or _is_numbered_sample(reading, slot, mark, name):
            return mark
    return None


def _is_numbered_sample(reading: Reading, slot: Slot, mark: Mark, name: str) -> bool:
    """Whether a number is that of a sample: no layer stands at this place of the name."""
    is_free = (name, slot.place, slot.bracket) not in reading.scope.layered
    return slot.role == "sample" and isinstance(mark.content, Number) and is_free


def _is_in_place(slot: Slot, mark: Mark, left: list[Mark]) -> bool:
    """Whether a name's mark stands in its place: the i of w_i is that of w_{ij}, the 0 of w_{j0} not that of w_{0j}."""
    first, *others = (other for other in left if other.place == mark.place)
    is_first = mark == first
    if slot.text.isdecimal():
        return not others or is_first is not slot.is_behind
    return is_first or not slot.text.isalpha() or len(slot.text) > 1


def _fits(reading: Reading, role: str, node: Node) -> bool:
    """Whether an index can be a layer or a sample, whichever is asked for."""
    if role == "layer":
        return is_layer_mark(reading, node)
    is_letter = isinstance(node, Letter | Scripted)
    return (is_letter and not is_layer(reading.scope, node)) or _is_bound(reading, node)


def is_layer_mark(reading: Reading, node: Node) -> bool:
    """Whether an index can be a layer: it holds the letter for one, is a number, or is bound by a sum over layers."""
    if isinstance(node, Number):
        return True
    return is_layer(reading.scope, node) or (_is_bound(reading, node) and written(node) not in reading.scope.ranges)


def _is_bound(reading: Reading, node: Node) -> bool:
    """Whether an index is the letter of a sum, which may run over layers or over samples."""
    return written(node) in reading.bound


def candidates(reading: Reading, found: Mention, *, is_exact: bool = False) -> Iterator[tuple[Meant, Match]]:
    """What a mention may be, the most likely first; ``is_exact`` leaves the other case of its letter out.

    Where it is stated which entry of W is w_{ij}, w_{ji} is the entry that this says, and not W_{ji}.
    """
    scope = reading.scope
    primes = "'" * found.primes
    is_known = False
    for spelling in (found.name,) if is_exact else _spellings(found.name):
        letter, is_other = spelling + primes, spelling != found.name
        if is_other and is_known:
            return
        aliases = [] if is_other else [a for a in reversed(scope.aliases) if a.profile.letter == letter]
        styled = [alias for alias in aliases if alias.style is not None]
        composed = [] if is_other else [c for c in reversed(scope.composites) if c.profile.letter == letter]
        named = _plainly(scope.named(letter), found) if _is_plain(found) else scope.named(letter)
        for meant in (*composed, *styled, *named, *(a for a in aliases if a.style is None)):
            sorted_marks = match(reading, meant, found)
            if sorted_marks is None:
                continue
            if is_other and isinstance(meant, Profile) and (meant.rows is None or meant.columns is None):
                continue
            is_known = is_known or (isinstance(meant, Alias) and bool(sorted_marks.components))
            yield meant, sorted_marks


def told_by_style(named: list[Profile], written: Mention) -> list[Profile]:
    """What a letter without marks can be where a number is stated in plain type and an array in bold; else all."""
    styles = {(one.is_bold, one.axes > 0) for one in named if one.is_stated}
    if not _is_plain(written) or styles != {(True, True), (False, False)}:
        return named
    return [one for one in named if one.is_bold == (written.style == "bold")]


def _plainly(named: list[Profile], written: Mention) -> list[Profile]:
    """What a name without marks may be, numbers first; a number alone that a later section states than all others."""
    found = sorted(told_by_style(named, written), key=_has_axes)
    is_last = written.style != "bold" and all(one.origin < found[0].origin for one in found[1:])
    return found[:1] if found and found[0].axes == 0 and found[0].is_stated and is_last else found


def _is_plain(found: Mention) -> bool:
    """Whether a name has no mark: of a number and a list that are written alike the number is meant."""
    return not found.marks


def _spellings(name: str) -> tuple[str, ...]:
    """A name, and the other case of one letter: w_{ij} is an entry of W."""
    if len(name) == 1 and name.isalpha() and name.isascii():
        return name, name.swapcase()
    if len(name) == 2 and name[0] == "d" and name[1].isalpha():
        return name, name[0] + name[1].swapcase()
    return (name,)


def entry(reading: Reading, found: Mention) -> Value | None:
    """The first value of a mention of a quantity; None where no quantity is written so.

    Raises:
        MeaningError: as for ``options``.
    """
    return next(iter(options(reading, found)), None)


def options(reading: Reading, found: Mention) -> list[Value]:
    """The values of different shapes that a mention can have: a vector of one sample and a matrix of all, say.

    Raises:
        MeaningError: what is written so cannot be mentioned in this way.
    """
    trouble: errors.MeaningError | None = None
    made: dict[object, Value] = {}
    for meant, sorted_marks in candidates(reading, found):
        uses, layers = dict(reading.uses), list(reading.layers)
        try:
            value = _turned(reading, _of_match(reading, meant, sorted_marks, found), sorted_marks, found)
        except errors.MeaningError as error:
            trouble = trouble or error
            reading.uses, reading.layers = uses, layers
            continue
        if value.shape in made:
            reading.uses, reading.layers = uses, layers
        made.setdefault(value.shape, value)
        if value.is_scalar and not _is_plain(found):
            break
    if trouble is not None and not made:
        raise trouble
    return list(made.values())


def of(reading: Reading, meant: Meant, found: Mention) -> Value | None:
    """The value of a mention taken for one quantity; None where it is not written like that one.

    Raises:
        MeaningError: it is, but cannot be mentioned in this way.
    """
    sorted_marks = match(reading, meant, found)
    return None if sorted_marks is None else _of_match(reading, meant, sorted_marks, found)


def _turned(reading: Reading, value: Value, sorted_marks: Match, found: Mention) -> Value:
    """The value with the transpose and the power that are written on its name."""
    if found.is_transposed and not _names_an_entry(sorted_marks):
        value = values.transpose(value)
    if sorted_marks.power is None:
        return value
    is_number = isinstance(sorted_marks.power, Number)
    exponent = index_of(reading, sorted_marks.power) if is_number else reading.value(sorted_marks.power).expr
    if value.axes and ((value.row is not None and value.column is not None) or not is_number):
        raise errors.MeaningError("ambiguous-product", "this power of an array is not understood", found.span)
    return values.elementwise(lambda e: powers.power(e, exponent), value)


def _of_match(reading: Reading, meant: Meant, sorted_marks: Match, found: Mention) -> Value:
    profile = meant if isinstance(meant, Profile) else meant.profile
    layer = None if sorted_marks.layer is None else index_of(reading, sorted_marks.layer)
    if layer is not None:
        if profile.layers is not None and not may_be(layer, profile.layers):
            raise errors.MeaningError("unknown-symbol", f"{found.name} is not stated for layer {layer}", found.span)
        reading.layers.append((layer, layers_of(reading.scope, profile)))
    sample = None
    if profile.samples is not None:
        sample = SAMPLE if sorted_marks.sample is None else index_of(reading, sorted_marks.sample)
        reading.use(sample, profile.samples, found.span)
    components = [None if _is_slice(node) else index_of(reading, node) for node in sorted_marks.components]
    if found.is_transposed and _names_an_entry(sorted_marks):
        components.reverse()
    own, components = _own(reading, meant, components, layer, found)
    if isinstance(meant, Composite):
        letters = {} if sample is None else {SAMPLE: sample}
        letters |= dict(zip(meant.own, own, strict=True))
        places = _all_named(components, found)
        return composites.mentioned(reading, meant, layer, letters, places, found)
    build = _builder(reading, meant, layer, sample, own)
    sizes = [_sized(size, layer) for size in (profile.rows, profile.columns)]
    return _select(reading, sizes, components, build, found)


def _names_an_entry(sorted_marks: Match) -> bool:
    """Whether two indices name one entry of a matrix, so that a transpose swaps them."""
    return len(sorted_marks.components) == 2 and not any(map(_is_slice, sorted_marks.components))


def _own(
    reading: Reading, meant: Meant, components: list[Expr | None], layer: Expr | None, found: Mention
) -> tuple[list[Expr], list[Expr | None]]:
    """The indices that belong to an alias itself, and those of the entries that it is written with."""
    if isinstance(meant, Profile):
        return [], components
    count, label = len(meant.sizes), meant.label if isinstance(meant, Alias) else ()
    if label and any(slot.text in reading.bound for slot in meant.profile.slots):
        raise errors.MeaningError("not-covered", "a sum over examples of a class each is not understood", found.span)
    own = [*_all_named(components[:count], found), *(letter for letter, _ in label)]
    for letter, size in zip(own, (*meant.sizes, *(size for _, size in label)), strict=True):
        reading.use(letter, _at(size, layer), found.span)
    return own, components[count:]


def _all_named(components: list[Expr | None], found: Mention) -> list[Expr]:
    """The indices, where none of them means all along an axis.

    Raises:
        MeaningError: one does.
    """
    named = [place for place in components if place is not None]
    if len(named) < len(components):
        raise errors.MeaningError("not-covered", "all entries along this index are not understood", found.span)
    return named


def _at(size: Expr, layer: Expr | None) -> Expr:
    sized = _sized(size, layer)
    assert sized is not None
    return sized


def may_be(layer: Expr, bounds: index.Range) -> bool:
    """Whether a layer can lie in a range: a letter in one of several layers, a number or L where it does."""
    low, high = bounds
    if index.LAYER in layer.free_symbols or layer.free_symbols - {index.DEPTH}:
        return bool(low != high)
    if layer.is_Integer and high.is_Integer is False and low.is_Integer:
        return bool(layer >= low)
    return index.at_most(low, layer) and index.at_most(layer, high)


def _sized(size: Expr | None, layer: Expr | None) -> Expr | None:
    """The size of an axis at a layer."""
    if size is None or layer is None:
        return size
    return size.xreplace({index.LAYER: layer}) if layer != index.LAYER else size


Build = Callable[[Expr, Expr], Expr]


def _builder(
    reading: Reading, meant: Profile | Alias, layer: Expr | None, sample: Expr | None, own: list[Expr]
) -> Build:
    """The entry of the model's quantity at (row, column) of what is written."""
    if isinstance(meant, Profile):
        return _plain_builder(meant, layer, sample)
    target = reading.scope.profile(meant.of)
    assert target is not None, meant
    has_sample = target.samples is not None
    at = (layer if meant.layer is None else meant.layer) if target.is_layered else None
    inner = _plain_builder(target, at, sample if has_sample else None)
    one = Integer(1)

    def other(row: Expr, across: Expr) -> Expr:
        given: dict[int | str, Expr] = {0: row, 1: across, "sample": sample if sample is not None else one}
        given |= {2 + place: letter for place, letter in enumerate(own)}
        places = iter([given[role] for role in meant.roles])
        return inner(
            next(places) if target.rows is not None else one, next(places) if target.columns is not None else one
        )

    return other


def _plain_builder(profile: Profile, layer: Expr | None, sample: Expr | None) -> Build:
    def own(row: Expr, across: Expr) -> Expr:
        parts = [layer] if layer is not None else []
        parts += [row] if profile.rows is not None else []
        parts += [across] if profile.columns is not None else []
        parts += [sample] if sample is not None else []
        return profile.quantity[tuple(parts)] if parts else profile.quantity.scalar

    return own


def _is_slice(node: Node) -> bool:
    r"""Whether an index means all entries along an axis, as in ``W_{j\cdot}``."""
    return isinstance(node, Letter) and node.name in _SLICES


def _select(
    reading: Reading, sizes: list[Expr | None], components: list[Expr | None], build: Build, found: Mention
) -> Value:
    """All entries, or those that the components name: one for each index, all along an axis where there is none."""
    if not components:
        sizes = [None if size in reading.scope.single else size for size in sizes]
    axes = [size for size in sizes if size is not None]
    components = components or [None] * len(axes)
    if len(components) != len(axes):
        raise errors.MeaningError(
            "wrong-index",
            f"{found.name} has {len(axes)} axes, but {len(components)} indices are written",
            found.span,
        )
    is_row = sizes[0] is None
    for component, size in zip(components, axes, strict=True):
        if component is None:
            continue
        reading.use(component, size, found.span)
        composites.counted(reading, component, found)
        if len(axes) == 1:
            reading.across.setdefault(component, is_row)
    left = iter(components)
    row, row_place = _along(sizes[0], left, "i")
    across, column_place = _along(sizes[1], left, "j")
    return Value(build(row_place, column_place), row, across)


def _along(size: Expr | None, left: Iterator[Expr | None], hint: str) -> tuple[Axis | None, Expr]:
    """The axis that is kept of one of a quantity's, and the place along it."""
    place = Integer(1) if size is None else next(left)
    if place is not None:
        return None, place
    assert size is not None
    axis = Axis(index.fresh(hint), size)
    return axis, axis.letter
