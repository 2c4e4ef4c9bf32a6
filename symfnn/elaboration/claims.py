"""From two sides to what is claimed: equal entries, for which letters in which ranges, in which model."""

from dataclasses import dataclass, replace
from typing import TypeAlias, final

from sympy import Expr, Integer, S, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import chains, identities, values, zeros
from symfnn.elaboration.conditions import equality, in_words
from symfnn.elaboration.declarations import Ranged, lengths
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.layer_ranges import in_its_layers
from symfnn.elaboration.layering import layer_bounds
from symfnn.elaboration.parts import SAMPLE
from symfnn.elaboration.products import shape_text
from symfnn.elaboration.reading import Limit, Reading, blank, index_of, shown
from symfnn.elaboration.remarks import condition_in, is_everywhere, ranges_in
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.survey import indices_in
from symfnn.elaboration.values import Value
from symfnn.elaboration.variables import variables_of
from symfnn.latex.syntax import Node, Text
from symfnn.model.definitions import Model
from symfnn.source import Span

_MOST_READINGS = 4
NOT_UNDERSTOOD = "what stands beside the formula is not understood"

Pairs: TypeAlias = tuple[tuple[Expr, Expr], ...]
Conditions: TypeAlias = tuple[Pairs, Pairs, Span | None]


@final
@dataclass(frozen=True, slots=True)
class Equation:
    """What ``left = right`` says.

    Attributes:
        left: an entry of the left side.
        right: the same entry of the right side.
        ranges: where each free letter lies, the layer first.
        equal: letters that a remark takes to be the same.
        unequal: letters that a remark takes to differ.
        condition: where a condition stands that was not understood; what holds without it, holds.
        is_informal: whether a derivative of an array by an array takes part, which texts arrange in several ways.
        parts: what is said as well, of other parts of two blocks.
        notes: in words, what is taken for granted about the notation for it to say this.
        readings: what it says in other ways of reading such derivatives.
        layout: ``"numerator"`` or ``"denominator"`` where it says which of a Jacobian's axes are its rows, ``"column"``
            where it says that a gradient is one, else empty.
        limits: of sums that run to another letter than the axis has entries.
        is_supposed: whether it is about an entry 0 that nothing says to be meant.
    """

    left: Expr
    right: Expr
    ranges: tuple[tuple[Expr, index.Range], ...]
    equal: tuple[tuple[Expr, Expr], ...] = ()
    unequal: tuple[tuple[Expr, Expr], ...] = ()
    condition: Span | None = None
    is_informal: bool = False
    parts: "tuple[Equation, ...]" = ()
    notes: tuple[str, ...] = ()
    readings: "tuple[Equation, ...]" = ()
    layout: str = ""
    limits: tuple[Limit, ...] = ()
    is_supposed: bool = False


def equation(scope: Scope, left: Node, right: Node, remarks: tuple[Node, ...], *, is_whole: bool = False) -> Equation:
    """What two sides say.

    Args:
        scope: what is known.
        left: one side.
        right: the other side.
        remarks: what stands beside them.
        is_whole: whether a product of derivatives is to be read as the derivative that the chain rule says it is.

    Raises:
        MeaningError: a side is not understood, or the shapes cannot fit.
    """
    main, reading = _with(scope, left, right, remarks, {}, is_whole=is_whole)
    chosen = zeros.choices(reading, ranges_of(remarks), remarks, left.span.to(right.span))
    if chosen == [zeros.Choice((), is_supposed=False)]:
        return main
    made = []
    for zero in chosen:
        found = _with(scope, left, right, remarks, zero.bound, is_whole=is_whole)[0] if zero.zeros else main
        made.append(replace(found, is_supposed=zero.is_supposed))
    limits = tuple(dict.fromkeys(limit for one in made for limit in one.limits))
    return replace(made[0], limits=limits, parts=(*made[0].parts, *(part for one in made[1:] for part in _apart(one))))


def _apart(one: Equation) -> tuple[Equation, ...]:
    """An equation of several parts as these."""
    return (
        replace(one, parts=(), readings=()),
        *(replace(part, is_supposed=one.is_supposed) for part in one.parts),
    )


def _with(
    scope: Scope,
    left: Node,
    right: Node,
    remarks: tuple[Node, ...],
    bound: dict[str, Expr],
    *,
    is_whole: bool,
) -> tuple[Equation, Reading]:
    """What two sides say where some letters stand for numbers."""
    ranges = ranges_of(remarks)
    names = _names_of_derivatives(scope) if is_whole else None
    known = lengths(scope, ranges)
    outer = indices_in(left)
    reading = Reading(scope, readings, bound=dict(bound), outer=outer, known=known, limits=[], names=names)
    reading.variables |= variables_of(scope, left, right)
    try:
        options = identities.values_of_sides(reading, left, right)
    except errors.MeaningError as trouble:
        if not is_whole and not reading.is_sliced:
            raise
        # beside a chain a gradient may be meant as a row, so that a factor behind it fits; so may a sample be
        raise errors.MeaningError(trouble.code, str(trouble), trouble.span, evidence=trouble.evidence) from trouble
    reading.settle_kroneckers()
    conditions = _conditions(reading, remarks)
    is_open = is_whole or reading.is_sliced
    try:
        fitting = _fitting(scope, *options, left.span.to(right.span), is_whole=is_open)
    except errors.MeaningError:
        if conditions[2] is None:
            raise
        raise errors.MeaningError("unknown-condition", NOT_UNDERSTOOD, conditions[2]) from None
    made = [_of_values(reading, choice, ranges, right, conditions) for choice in fitting]
    limits = tuple(reading.limits or ())
    return replace(made[0], readings=tuple(made[1:]), limits=limits), reading


def _of_values(
    reading: Reading, choice: tuple[Value, Value], ranges: dict[str, Ranged], node: Node, conditions: Conditions
) -> Equation:
    """What is said of two values; of two blocks, of each of their parts."""
    made = [_of_pair(reading, pair, ranges, node, conditions) for pair in _alike(*choice) or [choice]]
    is_informal = any(one.is_informal for one in made)
    notes = tuple(dict.fromkeys(words for one in made for words in one.notes))
    layout = chains.layout(*choice)
    return replace(made[0], parts=tuple(made[1:]), is_informal=is_informal, notes=notes, layout=layout)


def _of_pair(
    reading: Reading, pair: tuple[Value, Value], ranges: dict[str, Ranged], node: Node, conditions: Conditions
) -> Equation:
    """What is said of two values of one shape."""
    first, second = pair
    entry_left, entry_right, axes = _entries(first, second)
    if entry_left.has(S.NaN) or entry_right.has(S.NaN):
        raise errors.MeaningError("not-covered", "this use of a block is not understood", node.span)
    informal = first.is_jacobian or second.is_jacobian
    found = _ranges(reading, entry_left, entry_right, axes, ranges, node)
    notes = tuple(dict.fromkeys((*first.notes, *second.notes)))
    letters = entry_left.free_symbols | entry_right.free_symbols
    # what is said of a letter that the equation does not have does not limit it
    equal, unequal = (tuple(one for one in pairs if letters.issuperset(one)) for pairs in conditions[:2])
    return Equation(entry_left, entry_right, found, equal, unequal, conditions[2], informal, notes=notes)


def _names_of_derivatives(scope: Scope) -> tuple[tuple[Expr, Expr], ...]:
    """The entries that are names for derivatives, and these."""
    found = [stated.definition for stated in scope.definitions]
    return tuple((d.entry, d.value) for d in found if isinstance(d.value, index.Partial))


def ranges_of(remarks: tuple[Node, ...]) -> dict[str, Ranged]:
    """The ranges that remarks state, by letter."""
    inner = [in_words(remark) if isinstance(remark, Text) else remark for remark in remarks]
    return {stated.letter: stated for node in inner if node is not None for stated in ranges_in(node)}


def _conditions(reading: Reading, remarks: tuple[Node, ...]) -> Conditions:
    """Equalities of letters in the remarks, and where a condition stands that is not understood."""
    equal: list[tuple[Expr, Expr]] = []
    unequal: list[tuple[Expr, Expr]] = []
    unread: Span | None = None
    for remark in remarks:
        if zeros.is_of_entry_zero(reading, remark):
            continue
        try:
            condition = condition_in(remark)
            found = None if condition is None or is_everywhere(reading, condition) else _equality(reading, condition)
        except errors.MeaningError:
            unread = remark.span
            continue
        if found is not None:
            (equal if found[0] else unequal).append((found[1], found[2]))
    return tuple(equal), tuple(unequal), unread


def _equality(reading: Reading, condition: Node) -> tuple[bool, Expr, Expr]:
    found = equality(reading, condition)
    if found is None:
        raise errors.MeaningError("unknown-condition", NOT_UNDERSTOOD, condition.span)
    return found


def _fitting(
    scope: Scope, left: tuple[Value, ...], right: tuple[Value, ...], span: Span, *, is_whole: bool
) -> list[tuple[Value, Value]]:
    """The readings whose shapes are the same: the first as written, then those that take something for granted.

    Raises:
        MeaningError: there are none.
    """
    pairs = [(first, second) for first in left for second in right]
    alike = [pair for pair in pairs if _alike(*pair) is not None]
    plain = [pair for pair in alike if not _notes(pair)]
    if not plain:
        plain = [pair for pair in pairs if not _notes(pair) and (_is_filled(*pair) or _is_filled(*pair[::-1]))]
    granted = [pair for pair in alike if _notes(pair)]
    granted += [pair for pair in _readjusted(scope, pairs) if _alike(*pair) is not None]
    if plain or granted:
        return [*plain[:1], *sorted(granted, key=lambda pair: len(_notes(pair)))[:_MOST_READINGS]]
    if any(value.parts is not None or value.is_repeated for value in (*left, *right)):
        raise errors.MeaningError("not-covered", "this block is not cut like the other side", span)
    first, second = left[0], right[0]
    evidence = (f"shapes: the left side is {shape_text(first)}, the right side {shape_text(second)}",)
    is_informal = any(value.is_jacobian for value in (*left, *right))
    if is_whole:
        # a row for a column is no mistake beside a chain of derivatives
        is_informal = is_informal or any(one.shape == two.shape[::-1] for one, two in pairs)
    raise errors.MeaningError(
        "informal-step" if is_informal else "ill-shaped",
        "the sides have unlike shapes",
        span,
        is_shape=not is_informal,
        evidence=evidence,
    )


def _alike(first: Value, second: Value) -> list[tuple[Value, Value]] | None:
    """What is compared of two values of one shape; None where they have unlike ones."""
    if first.parts is None and second.parts is None:
        return [(first, second)] if first.shape == second.shape else None
    return values.matched(first, second)


def _readjusted(scope: Scope, pairs: list[tuple[Value, Value]]) -> list[tuple[Value, Value]]:
    found = [pair for first, second in pairs for pair in chains.readjusted(first, second)]
    found += [pair[::-1] for first, second in pairs for pair in chains.readjusted(second, first)]
    if scope.jacobian_layout:
        found = [pair for pair in found if chains.DENOMINATOR not in _notes(pair)]
    if scope.is_numerator_layout:
        found += [(chains.upright(first), second) for first, second in pairs]
        found += [(first, chains.upright(second)) for first, second in pairs]
    return [pair for pair in found if _notes(pair)]


def _notes(pair: tuple[Value, Value]) -> set[str]:
    return {*pair[0].notes, *pair[1].notes}


def _is_filled(number: Value, array: Value) -> bool:
    """Whether a side is a plain number that stands for an array of it, or a vector beside itself."""
    if number.parts is not None or array.parts is not None:
        return False
    if number.is_repeated and number.is_vector and not array.is_repeated:
        return array.row is not None and array.column is not None and _is_along(number, array)
    return number.is_number and not array.is_scalar


def _is_along(vector: Value, array: Value) -> bool:
    """Whether a vector's axis is one of a matrix."""
    place = 0 if vector.row is not None else 1
    return bool(vector.shape[place] == array.shape[place])


def _entries(left: Value, right: Value) -> tuple[Expr, Expr, list[tuple[Expr, Expr]]]:
    """One entry of each side at common letters, and these letters with their sizes."""
    wide = right if left.is_scalar or (left.is_vector and not right.is_vector and not right.is_scalar) else left
    other = left if wide is right else right
    letters: dict[Expr, Expr] = {}
    axes: list[tuple[Expr, Expr]] = []
    outer = zip(wide.outer, other.outer or (None,) * len(wide.outer), strict=True)
    for mine, others in ((wide.row, other.row), (wide.column, other.column), *outer):
        if mine is not None:
            axes.append((mine.letter, mine.size))
            if others is not None:
                letters[others.letter] = mine.letter
    moved = index.substitute(other.expr, letters)
    return (wide.expr, moved, axes) if wide is left else (moved, wide.expr, axes)


def _ranges(
    reading: Reading,
    left: Expr,
    right: Expr,
    axes: list[tuple[Expr, Expr]],
    stated: dict[str, Ranged],
    node: Node,
) -> tuple[tuple[Expr, index.Range], ...]:
    """Where each free letter of the two sides lies."""
    one = Integer(1)
    found: dict[Expr, index.Range] = {}
    free = {s for s in left.free_symbols | right.free_symbols if s.is_Symbol} - {index.DEPTH}
    if index.LAYER in free:
        found[index.LAYER] = _layers(reading, stated)
    sizes = set(reading.scope.sizes.values()) | reading.scope.batch
    for letter, size in axes:
        if letter in free:
            found[letter] = (one, size)
    for letter in sorted(free - found.keys(), key=str):
        if not letter.is_integer or letter.is_Dummy or letter == index.WIDTH.label:
            continue
        known = reading.uses.get(letter)
        if known:
            found[letter] = (one, known[0])
        elif letter not in sizes and not _is_count(reading, letter) and letter != SAMPLE:
            raise errors.MeaningError("unknown-symbol", f"nothing says what {shown(letter)} is", node.span)
    return tuple(found.items())


def _is_count(reading: Reading, letter: Expr) -> bool:
    """Whether a letter is the size of an axis that occurs."""
    profiles = reading.scope.profiles
    sizes = {size for p in profiles for size in (p.rows, p.columns, p.samples) if size is not None}
    return any(letter in size.free_symbols for size in sizes)


def _layers(reading: Reading, stated: dict[str, Ranged]) -> index.Range:
    low, high = layer_bounds(reading, (Integer(0), index.DEPTH))
    letter = reading.scope.layer_letter
    bounds = reading.scope.ranges.get(letter)
    if letter in stated:
        inner = blank(reading.scope)
        bounds = index_of(inner, stated[letter].low), index_of(inner, stated[letter].high)
    if bounds is not None:
        low, high = max(low, bounds[0], key=index.leading), min(high, bounds[1], key=index.leading)
    return low, high


def model_of(scope: Scope) -> Model:
    """The model of the definitions in force."""
    names = {p.name for p in scope.profiles}
    quantities = tuple(in_its_layers(scope, p).quantity for p in scope.profiles)
    definitions = tuple(stated.definition for stated in scope.definitions)
    scalars = [d.name for d in definitions if not index.indices_of(d.entry) and d.name in names]
    objective = next((name for name in reversed(scalars) if _is_objective(scope, name)), scalars[-1] if scalars else "")
    return Model(
        quantities,
        definitions,
        (),
        objective,
        functions=scope.known_functions(),
        assumptions=scope.assumptions,
    )


def _is_objective(scope: Scope, name: str) -> bool:
    """Whether something is differentiated of it."""
    symbol = Symbol(name, real=True)
    partials = [node for stated in scope.definitions for node in stated.definition.value.atoms(index.Partial)]
    return any(node.args[0] == symbol for node in partials)
