r"""Definitions of what is made up of several quantities: by a block, by the ranges of its indices, or part by part.

``\Theta = [b^T; W]`` is another name for b and W. ``a^{(l)} = [1; g(z^{(l)})]`` defines two quantities, the bias unit
and the others; so does a range that begins at 0.
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import final

from sympy import Expr, Integer

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import (
    definitions,
    entries,
    factors,
    function_rules,
    layering,
    left_sides,
    mapping,
    resizing,
    values,
)
from symfnn.elaboration.declarations import Ranged, is_layer, is_sample, profile
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.names import Mark, Mention
from symfnn.elaboration.parts import SAMPLE, from_zero_on, is_written_like, with_parts
from symfnn.elaboration.reading import Reading, blank, index_of, plain_index
from symfnn.elaboration.scope import Alias, Composite, Profile, Scope
from symfnn.elaboration.survey import indices_in
from symfnn.elaboration.values import Value
from symfnn.latex.syntax import Matrix, Node, Number, Sequence
from symfnn.latex.walk import nodes
from symfnn.model.definitions import Definition
from symfnn.source import Span

_ZERO = Integer(0)


def define(scope: Scope, left: Node, right: Node, ranges: dict[str, Ranged], origin: int, span: Span) -> Scope:
    """The scope with the definition ``left = right``.

    Raises:
        MeaningError: a side is not understood, or their shapes do not fit.
    """
    found = left_sides.left_side(scope, left)
    assert found is not None
    if scope.composites or any(isinstance(node, Matrix) for node in nodes(right)):
        made = _composed(_Statement(scope, found, left, right, ranges, origin, span))
        if made is not None:
            return made
    return definitions.define(scope, left, right, ranges, origin, span)


@final
@dataclass(frozen=True, slots=True)
class _Statement:
    """What is to be a definition.

    Attributes:
        scope: what is known before it.
        found: what it is of.
        left: its left side.
        right: its right side.
        ranges: stated beside it.
        origin: of the statement.
        span: of the statement.
    """

    scope: Scope
    found: Mention
    left: Node
    right: Node
    ranges: dict[str, Ranged]
    origin: int
    span: Span

    def reading(self, bound: dict[str, Expr] | None = None) -> Reading:
        """A reading of a side in which some letters stand for numbers."""
        return Reading(self.scope, readings, bound=bound or {}, outer=indices_in(self.left))


def _composed(stated: _Statement) -> Scope | None:
    """The scope with a definition of what is made up of several quantities; None for any other definition."""
    scope, found = stated.scope, stated.found
    known = mapping.known(scope, found)
    if isinstance(known, Composite) and not known.is_name:
        return _by_entries(stated, known) if _letters(stated) else _by_parts(stated, known)
    if isinstance(known, Composite):
        raise errors.MeaningError("not-covered", "what this is a name for is not defined anew", stated.span)
    if _is_other(stated):
        return None
    reading = stated.reading()
    options = readings(reading, stated.right)
    block = next((option for option in options if option.parts is not None), None)
    if block is not None and not isinstance(known, Alias):
        return _by_block(stated, known, block, reading)
    letters = [index_of(blank(scope), node) for node in _letters(stated)]
    if known is None and options[0].is_scalar and any(letter in reading.zeros - reading.plain for letter in letters):
        return _by_range(stated, letters, reading)
    return None


def _is_other(stated: _Statement) -> bool:
    """Whether a definition is one of those that need no value of their right side."""
    applied = factors.application(stated.right)
    if applied is not None and isinstance(applied[1].body, Sequence):
        return True
    is_open = definitions.unspecified(stated.scope, stated.found, stated.right) is not None
    return is_open or function_rules.operator(stated.scope, stated.left, stated.right) is not None


def _letters(stated: _Statement) -> list[Node]:
    """The components that the left side is written with, numbers among them."""
    scope = stated.scope
    numbers = [
        mark.content
        for mark in stated.found.marks
        if mark.place == "sub" and isinstance(mark.content, Number) and _is_component(scope, stated.found, mark)
    ]
    return [*left_sides.component_letters(scope, stated.found, stated.ranges), *numbers]


def _is_component(scope: Scope, found: Mention, mark: Mark) -> bool:
    """Whether a number below is no layer."""
    return (found.name, mark.place, mark.bracket) not in scope.layered


def _by_range(stated: _Statement, letters: list[Expr], reading: Reading) -> Scope | None:
    """``D_{ij} = …`` where j runs from 0 on the right: a quantity whose entry 0 is a part of its own."""
    base = profile(stated.scope, stated.found, stated.ranges, is_entry=True)
    shift = definitions.shift_of(stated.scope, stated.found)
    sizes = [reading.uses[letter][0].xreplace({index.LAYER: index.LAYER - shift}) for letter in letters]
    zeros = [letter in reading.zeros - reading.plain and not _starts_at_one(stated, letter) for letter in letters]
    if not any(zeros) or len(sizes) > 2:
        return None
    base = replace(base, is_firm=True, origin=stated.origin)
    scope, made = from_zero_on(stated.scope, base, sizes, zeros)
    return _by_entries(replace(stated, scope=scope), made)


def _starts_at_one(stated: _Statement, letter: Expr) -> bool:
    """Whether an index is said to run from 1."""
    known = next((one for text, one in stated.ranges.items() if plain_index(text) == letter), None)
    return known is not None and isinstance(known.low, Number) and known.low.text == "1"


def _by_entries(stated: _Statement, known: Composite) -> Scope:
    """The definition of each part by an entry of it."""
    reading = stated.reading()
    entries.of(reading, known, stated.found)
    zeros = sorted(reading.zeros - reading.plain, key=str)
    scope = stated.scope
    letters = [letter.name for letter in zeros if not _starts_at_one(stated, letter)]
    for chosen in product((False, True), repeat=len(letters)):
        bound: dict[str, Expr] = {text: _ZERO for text, is_zero in zip(letters, chosen, strict=True) if is_zero}
        own, other = stated.reading(bound), stated.reading(bound)
        target = entries.of(own, known, stated.found)
        assert target is not None
        options = readings(other, stated.right)
        value = next((option for option in options if option.is_scalar), None)
        if value is None:
            raise errors.MeaningError("not-covered", "the sides of this definition are not cut alike", stated.span)
        scope = _stated(replace(stated, scope=scope), target, value, own, other)
    return scope


def _by_parts(stated: _Statement, known: Composite) -> Scope:
    """The definition of each part by a block that is cut alike."""
    own, reading = stated.reading(), stated.reading()
    target = entries.of(own, known, stated.found)
    assert target is not None
    pairs = (values.matched(target, option) for option in readings(reading, stated.right))
    found = next((pair for pair in pairs if pair is not None), None)
    if found is None:
        raise errors.MeaningError("not-covered", "the sides of this definition are not cut alike", stated.span)
    scope = stated.scope
    for part, value in found:
        scope = _stated(replace(stated, scope=scope), part, value, own, reading)
    return scope


def _stated(stated: _Statement, target: Value, value: Value, own: Reading, reading: Reading) -> Scope:
    """The scope with the definition of one part."""
    made = stated.scope.profile(index.name_of(target.expr))
    assert made is not None
    if target.shape != value.shape:
        raise errors.MeaningError("not-covered", "the sides of this definition are not cut alike", stated.span)
    for letter, sizes in own.uses.items():
        reading.use(letter, sizes[0], stated.found.span)
    bare = replace(stated.found, is_transposed=False)
    return _joined(
        layering.with_value(stated.scope, made, bare, target, value, reading, stated.ranges, stated.origin, stated.span)
    )


def _joined(scope: Scope) -> Scope:
    """The scope in which the latest definition, where it is a number, is one with that of the layers below it."""
    *others, last = scope.definitions
    high = last.definition
    if high.layers is None or not high.value.is_number:
        return scope
    for place, stated in enumerate(others):
        low = stated.definition
        if (
            low.name != high.name
            or low.value != high.value
            or low.layers is None
            or low.layers[1] + 1 != high.layers[0]
        ):
            continue
        entry = high.entry.xreplace({index.indices_of(high.entry)[0]: index.LAYER})
        joined = replace(last, definition=Definition(entry, high.value, (low.layers[0], high.layers[1])))
        return replace(scope, definitions=(*others[:place], *others[place + 1 :], joined))
    return scope


def _by_block(stated: _Statement, known: entries.Meant | None, block: Value, reading: Reading) -> Scope | None:
    """The definition of a quantity by a block: another name for its parts, or a quantity with parts of its own."""
    scope, found = stated.scope, stated.found
    assert block.parts is not None
    if isinstance(known, Profile) and (known.rows, known.columns) != _sizes(scope, found, block):
        return None
    if not any(axis.size != 1 for row in block.parts for part in row for axis in part.axes):
        return None
    own = tuple(index_of(blank(scope), node) for node in _letters(stated))
    base = profile(scope, found, stated.ranges, is_entry=bool(own))
    is_firm = all(definitions.is_firm(scope, part.expr) and not part.notes for row in block.parts for part in row)
    base = replace(base, is_firm=is_firm, origin=stated.origin, name=base.name)
    if all(_is_plain(base, part) for row in block.parts for part in row):
        return _name(stated, base, block, own, reading)
    if own:
        return None
    return _quantity(stated, base, block)


def _sizes(scope: Scope, found: Mention, block: Value) -> tuple[Expr | None, Expr | None]:
    """The sizes of a block for layer l; None where it has no such axis."""
    shift = definitions.shift_of(scope, found)
    rows, columns = (None if size == 1 else size.xreplace({index.LAYER: index.LAYER - shift}) for size in block.shape)
    return rows, columns


def _is_plain(base: Profile, part: Value) -> bool:
    """Whether a part is a number, or an entry of a quantity that has layers where the whole has."""
    if part.parts is not None or part.outer or part.is_ones:
        return False
    if part.expr.is_number:
        return True
    if not (index.is_entry(part.expr) or (part.expr.is_Symbol and not part.expr.is_integer)):
        return False
    return not base.is_layered or index.LAYER in part.expr.free_symbols


def _name(stated: _Statement, base: Profile, block: Value, own: tuple[Expr, ...], reading: Reading) -> Scope | None:
    """The scope in which a quantity is another name for a block."""
    scope, found = stated.scope, stated.found
    shift = definitions.shift_of(scope, found)
    fresh = tuple(index.fresh(letter.name) for letter in own)
    letters: dict[Expr, Expr] = dict(zip(own, fresh, strict=True))
    sample = next((mark.content for mark in found.marks if _is_sample(stated, mark)), None)
    if sample is not None:
        letters[index_of(blank(scope), sample)] = SAMPLE
    assert block.parts is not None
    parts = tuple(
        tuple(
            resizing.at_layer(replace(part, expr=index.substitute(part.expr, letters)), index.LAYER - shift)
            for part in row
        )
        for row in block.parts
    )
    loose = {s for row in parts for part in row for s in part.expr.free_symbols if s.is_integer and not s.is_Dummy}
    loose -= {axis.letter for row in parts for part in row for axis in part.axes}
    if loose - {index.LAYER, index.DEPTH, SAMPLE, index.WIDTH.label} - set(scope.sizes.values()):
        return None
    if any(letter not in reading.uses for letter in own):
        return None
    sizes = tuple(reading.uses[letter][0].xreplace({index.LAYER: index.LAYER - shift}) for letter in own)
    rows, columns = _sizes(scope, found, block)
    layers = base.layers
    if base.is_layered and (layers is None or layers[0] != layers[1]):
        layers = layering.layer_range(scope, base, found, reading, stated.ranges, shift)
    made = Composite(replace(base, rows=rows, columns=columns, layers=layers), parts, fresh, sizes, is_name=True)
    kept = tuple(p for p in scope.profiles if p.part is not None or not _is_declared_as(p, made.profile))
    others = tuple(c for c in scope.composites if not is_written_like(c, made.profile, (rows, columns)))
    return replace(scope, profiles=kept, composites=(*others, made))


def _is_sample(stated: _Statement, mark: Mark) -> bool:
    """Whether a mark numbers samples."""
    return not is_layer(stated.scope, mark.content) and is_sample(stated.scope, mark, stated.ranges)


def _is_declared_as(one: Profile, made: Profile) -> bool:
    """Whether a declaration gave a quantity its shape that a block now defines."""
    return (one.letter, one.slots, one.rows, one.columns) == (made.letter, made.slots, made.rows, made.columns)


def _quantity(stated: _Statement, base: Profile, block: Value) -> Scope | None:
    """The scope with a quantity whose parts a block defines, in this layer or in these."""
    scope = stated.scope
    assert block.parts is not None
    shift = definitions.shift_of(scope, stated.found)
    fixed = base.layers[0] if base.layers is not None and base.layers[0] == base.layers[1] else None

    def sized(size: Expr) -> Expr:
        if fixed is not None:
            return size.xreplace({index.width(fixed): index.width(index.LAYER)})
        return size.xreplace({index.LAYER: index.LAYER - shift})

    cuts = (
        tuple(sized(row[0].shape[0]) for row in block.parts),
        tuple(sized(part.shape[1]) for part in block.parts[0]),
    )
    old = next((c for c in scope.composites if _continues(c, base, cuts)), None)
    if old is None:
        scope, made = with_parts(scope, base, cuts, (False, False))
    else:
        scope, made = _widened(scope, old, base)
    return _by_parts(replace(stated, scope=scope), made)


def _continues(composite: Composite, base: Profile, cuts: tuple[tuple[Expr, ...], tuple[Expr, ...]]) -> bool:
    """Whether a quantity is made up alike in other layers."""
    own = composite.profile
    heights = tuple(row[0].shape[0] for row in composite.parts)
    widths = tuple(part.shape[1] for part in composite.parts[0])
    return (own.letter, own.slots) == (base.letter, base.slots) and not composite.is_name and (heights, widths) == cuts


def _widened(scope: Scope, old: Composite, base: Profile) -> tuple[Scope, Composite]:
    """The scope in which a quantity is made up so in more layers."""
    if old.profile.layers is None or base.layers is None:
        return scope, old
    low = min(old.profile.layers[0], base.layers[0], key=index.leading)
    high = max(old.profile.layers[1], base.layers[1], key=index.leading)
    made = old._replace(profile=replace(old.profile, layers=(low, high)))
    profiles = tuple(replace(p, layers=(low, high)) if p.name in old.names else p for p in scope.profiles)
    composites = tuple(made if c is old else c for c in scope.composites)
    return replace(scope, profiles=profiles, composites=composites), made


def named_anew(
    scope: Scope, left: Node, right: Node, ranges: dict[str, Ranged], origin: int, span: Span
) -> Scope | None:
    """The scope in which a block gives a name another sense than the notation did; None for any other equation.

    Raises:
        MeaningError: the block is not understood.
    """
    found = left_sides.left_side(scope, left)
    known = None if found is None or found.is_transposed else mapping.known(scope, found)
    if not isinstance(known, Composite) or not known.is_name or known.profile.origin == origin:
        return None
    if not any(isinstance(node, Matrix) for node in nodes(right)):
        return None
    bare = replace(scope, composites=tuple(c for c in scope.composites if c is not known))
    return define(bare, left, right, ranges, origin, span)


def is_name(scope: Scope, left: Node) -> bool:
    """Whether a left side is only another name for a block."""
    found = left_sides.left_side(scope, left)
    known = None if found is None else mapping.known(scope, found)
    return isinstance(known, Composite) and known.is_name
