r"""Samples: what a text states for one of them, ``z = W x + b`` and ``L = L(z, y)``, holds for each.

``\frac{1}{m} \sum_i L^{(i)}``, ``h(x^{(i)})`` and ``a^{(l)(i)}`` are then quantities of sample i with the definitions
that the text gives without the number; what differs between the samples is given for each, the weights are shared.
"""

from dataclasses import replace
from functools import lru_cache

from sympy import Expr, Sum, Tuple

from symfnn.algebra import index, normal
from symfnn.elaboration.declarations import is_layer_mark, profile
from symfnn.elaboration.entries import candidates
from symfnn.elaboration.names import Mention
from symfnn.elaboration.parts import SAMPLE
from symfnn.elaboration.reading import blank
from symfnn.elaboration.scope import Alias, Profile, Scope, Slot, Stated
from symfnn.model.definitions import Definition


def for_samples(scope: Scope, found: Mention) -> Scope | None:
    """The scope in which a quantity that is mentioned for one sample is what it is stated to be for any.

    None where the mention is of no sample, where nothing states what it is for any, or where that does not depend on
    what differs between samples.
    """
    made = profile(scope, found, {}, is_entry=True)
    slot = next((slot for slot in made.slots if slot.role == "sample"), None)
    if slot is None or made.samples is None:
        return None
    base = _without_sample(scope, found, slot)
    if base is None:
        return None
    own = scope.profile(_sibling(scope, base, made.samples))
    if own is not None and own.name in _defined(scope):
        return _written_so(scope, own, made)
    if base.name not in varying_names(scope):
        return _given(scope, base, slot, made.samples)
    wider = _copied(scope, base.name, slot, made.samples)
    return None if wider == scope else wider


def _written_so(scope: Scope, own: Profile, made: Profile) -> Scope | None:
    """The scope in which a quantity of each sample is written with the number at another place too."""
    if sorted(own.slots) == sorted(made.slots):
        return None
    alias = Alias(replace(own, slots=made.slots), own.name, tuple(range(own.axes)))
    return replace(scope, aliases=(*scope.aliases, alias))


def renewed(scope: Scope) -> Scope:
    """The scope in which what holds for each sample is what holds for one by now, where that was defined anew."""
    if not any(p.copy_of for p in scope.profiles):
        return scope
    profiles, definitions = _renewed(scope.profiles, scope.definitions, scope.first_layer, scope.each)
    return replace(scope, profiles=profiles, definitions=definitions)


@lru_cache(maxsize=64)
def _renewed(
    profiles: tuple[Profile, ...], definitions: tuple[Stated, ...], first_layer: int, each: frozenset[str]
) -> tuple[tuple[Profile, ...], tuple[Stated, ...]]:
    """Quantities and definitions, those for each sample made anew; as they are where nothing has changed."""
    copies = [p for p in profiles if p.copy_of]
    names = {p.name for p in copies}
    rest = tuple(stated for stated in definitions if stated.definition.name not in names)
    scope = Scope(profiles, definitions=rest, first_layer=first_layer, each=each)
    for one in copies:
        slot = next(slot for slot in one.slots if slot.role == "sample")
        assert one.samples is not None
        scope = _copied(scope, one.copy_of, slot, one.samples)
    old = {_plain(stated.definition) for stated in definitions if stated.definition.name in names}
    new = {_plain(stated.definition) for stated in scope.definitions if stated.definition.name in names}
    return (profiles, definitions) if old == new else (scope.profiles, scope.definitions)


def _plain(definition: Definition) -> tuple[Expr, Expr, index.Range | None]:
    """A definition without the letters that its sums have of their own."""
    return definition.entry, normal.normal_form(definition.value), definition.layers


def data_of(scope: Scope, name: str) -> frozenset[str]:
    """The letters of what is given for each sample and enters a quantity."""
    known = _defined(scope)
    found = {name, *_read_by(scope, name)}
    return frozenset(p.letter for p in scope.profiles if p.name in found - known and p.samples is not None)


def mixed(scope: Scope, sides: tuple[Expr, ...]) -> str | None:
    """The letter of an objective that stands with and without a sample; then the one without may be that of all."""
    names = frozenset().union(*(_names(side) for side in sides))
    twins = (p for p in scope.profiles if p.copy_of and p.axes == 0 and not p.is_layered)
    return next((p.letter for p in twins if p.name in names and p.copy_of in names), None)


def of_same_sample(scope: Scope, top: Expr, by: Expr) -> Expr:
    r"""What is differentiated by, for the sample that the numerator is of: the a of ``\nabla_a C_x``.

    As it stands where the numerator is of no sample, or depends on it for any.
    """
    known = scope.profile(index.name_of(by)) if index.is_entry(by) or by.is_Symbol else None
    above = scope.profile(index.name_of(top)) if index.is_entry(top) else None
    if known is None or above is None or above.samples is None or known.samples is not None:
        return by
    names = _read_by(scope, above.name)
    twin = scope.profile(_sibling(scope, known, above.samples))
    if twin is None or known.name in names or twin.name not in names:
        return by
    return twin.quantity[(*index.indices_of(by), index.indices_of(top)[-1])]


def of_sample(scope: Scope, sides: tuple[Expr, ...], like: Profile, sample: Expr) -> tuple[Scope, list[Expr]] | None:
    """Expressions in which all that differs between samples is that of one of them; None where it is already.

    Args:
        scope: what is known.
        sides: the expressions.
        like: a quantity that is given for each sample.
        sample: the number of the sample.
    """
    slot = next(slot for slot in like.slots if slot.role == "sample")
    assert like.samples is not None
    names = frozenset().union(*(_names(side) for side in sides)) & varying_names(scope)
    bare = [p for p in scope.profiles if p.name in names and p.samples is None]
    if any(like.samples in (one.rows, one.columns) for one in bare) or _has_columns(scope):
        return None  # what has the samples along an axis is of all of them
    for one in bare:
        scope = _copied(scope, one.name, slot, like.samples)
    found = ((one.name, scope.profile(_sibling(scope, one, like.samples))) for one in bare)
    twins = {name: twin for name, twin in found if twin is not None}
    made = [index.substitute(_at_sample(scope, side, twins), {SAMPLE: sample}) for side in sides]
    return (scope, made) if twins else None


def _has_columns(scope: Scope) -> bool:
    """Whether samples are the columns or rows of a matrix."""
    of = [scope.profile(alias.of) for alias in scope.aliases if alias.profile.samples is not None]
    return any(known is not None and known.samples is None for known in of)


def in_sums(scope: Scope, sides: tuple[Expr, ...]) -> tuple[Scope, list[Expr]] | None:
    """Expressions in which what stands in a sum over samples is of the sample that the sum is at."""
    changed: dict[Expr, Expr] = {}
    for total in set().union(*(side.atoms(Sum) for side in sides)):
        for limits in total.limits:
            at = [e for e in index.entries(total.function) if index.indices_of(e)[-1:] == (limits[0],)]
            like = next((p for e in at if (p := scope.profile(index.name_of(e))) and p.samples is not None), None)
            made = None if like is None else of_sample(scope, (total.function,), like, limits[0])
            if made is not None:
                scope, changed[total] = made[0], total.func(made[1][0], *total.limits)
    return (scope, [side.xreplace(changed) for side in sides]) if changed else None


def number_of_sample(scope: Scope, sides: tuple[Expr, ...]) -> tuple[Profile, Expr] | None:
    """A quantity that is mentioned for a sample whose number is free, and that number; None where there are several."""
    free = frozenset().union(*(side.free_symbols for side in sides))
    entries = [entry for side in sides for entry in index.entries(side)]
    found = [(p, index.indices_of(e)[-1]) for e in entries if (p := scope.profile(index.name_of(e))) and p.samples]
    numbers = {number for _, number in found if number in free}
    return next((one for one in found if one[1] in numbers), None) if len(numbers) == 1 else None


def _without_sample(scope: Scope, found: Mention, slot: Slot) -> Profile | None:
    """The quantity that is written alike without the number of a sample."""
    mark = next(
        mark
        for mark in found.marks
        if (mark.place, mark.bracket) == (slot.place, slot.bracket) and not is_layer_mark(scope, found.name, mark)
    )
    rest = replace(found, marks=tuple(other for other in found.marks if other is not mark))
    known = (meant for meant, _ in candidates(blank(scope), rest, is_exact=True))
    return next((meant for meant in known if isinstance(meant, Profile) and meant.samples is None), None)


def _sibling(scope: Scope, base: Profile, samples: Expr) -> str:
    """The name of what a quantity is for each of the samples; empty where nothing is written so."""
    own = sorted(base.slots)
    for other in reversed(scope.profiles):
        rest = sorted(slot for slot in other.slots if slot.role != "sample")
        is_alike = (other.letter, other.part, rest) == (base.letter, base.part, own)
        if other.samples == samples and is_alike and (other.rows, other.columns) == (base.rows, base.columns):
            return other.name
    return ""


def _defined(scope: Scope) -> set[str]:
    return {stated.definition.name for stated in scope.definitions}


def _names(expression: Expr) -> frozenset[str]:
    """The names of the quantities that an expression mentions."""
    arrays = {str(array[0]) for node in expression.atoms(index.Unspecified) for array in node.arrays}
    symbols = {str(symbol) for symbol in expression.free_symbols if not symbol.is_integer}
    return frozenset(arrays | symbols | {index.name_of(entry) for entry in index.entries(expression)})


def _read_by(scope: Scope, name: str) -> set[str]:
    """The names that a quantity depends on by the definitions in force."""
    reads = _reads(scope.definitions)
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        for other in reads.get(waiting.pop(), frozenset()) - seen:
            seen.add(other)
            waiting.append(other)
    return seen


@lru_cache(maxsize=64)
def _reads(definitions: tuple[Stated, ...]) -> dict[str, frozenset[str]]:
    """For each defined name, the names that its definitions mention."""
    found: dict[str, frozenset[str]] = {}
    for stated in definitions:
        name = stated.definition.name
        found[name] = found.get(name, frozenset()) | _names(stated.definition.value)
    return found


def varying_names(scope: Scope, *, also: frozenset[str] = frozenset()) -> frozenset[str]:
    """The names of what differs between samples: what is also given for each of them, and what depends on such.

    A layer that no definition covers, of a quantity that definitions give in others, is the input.
    """
    defined = _defined(scope)
    found = {p.name for p in scope.profiles if p.samples is None and p.name not in defined and _is_given_each(scope, p)}
    found |= {p.name for p in scope.profiles if p.samples is None and p.is_layered and _has_input(scope, p)} | also
    return frozenset(found | {name for name in defined if _read_by(scope, name) & found})


def _is_given_each(scope: Scope, one: Profile) -> bool:
    if one.letter in scope.each and not one.is_layered and one.axes < 2 and one.part is None:
        return True
    return any(_sibling(scope, one, p.samples) for p in scope.profiles if p.samples is not None)


def _has_input(scope: Scope, one: Profile) -> bool:
    """Whether definitions cover some layers of a quantity, and not the first."""
    covered = [s.definition.layers for s in scope.definitions if s.definition.name == one.name]
    first = scope.layers_of(one)[0]
    return bool(covered) and all(layers is not None and layers[0] != first for layers in covered)


def _given(scope: Scope, base: Profile, slot: Slot, samples: Expr) -> Scope | None:
    """The scope in which a number or a vector that is given is given for each sample; None for a weight."""
    is_data = base.name not in _defined(scope) and not base.is_layered and base.axes < 2 and base.part is None
    if not is_data or _sibling(scope, base, samples):
        return None
    return scope.with_profile(replace(base, slots=(*base.slots, slot), samples=samples, is_stated=False))[0]


def _copied(scope: Scope, name: str, slot: Slot, samples: Expr) -> Scope:
    """The scope with a quantity, and all that differs between samples and enters it, for each sample."""
    varying = varying_names(scope)
    names = {name, *_read_by(scope, name)} & varying
    twins: dict[str, Profile] = {}
    defined = _defined(scope)
    for base in [p for p in scope.profiles if p.name in names]:
        own = _sibling(scope, base, samples)
        twin = scope.profile(own) if own else None
        if twin is None:
            copy = replace(base, slots=(*base.slots, slot), samples=samples, copy_of=base.name, is_stated=False)
            scope, twin = scope.with_profile(copy)
        elif base.name in defined and own not in defined:
            twin = replace(twin, copy_of=base.name)
            scope = replace(scope, profiles=tuple(twin if p.name == own else p for p in scope.profiles))
        twins[base.name] = twin
    copied = tuple(
        replace(stated, definition=_of_sample(scope, stated.definition, twins))
        for stated in scope.definitions
        if (twin := twins.get(stated.definition.name)) is not None and twin.name not in defined
    )
    return replace(scope, definitions=(*scope.definitions, *copied))


def _of_sample(scope: Scope, definition: Definition, twins: dict[str, Profile]) -> Definition:
    """A definition with the sample as last index of what differs between samples."""
    entry, value = (_at_sample(scope, side, twins) for side in (definition.entry, definition.value))
    return Definition(entry, index.refresh(value), definition.layers)


def _at_sample(scope: Scope, value: Expr, twins: dict[str, Profile]) -> Expr:
    """An expression with the sample as last index of what differs between samples."""
    scalars = {p.quantity.scalar for p in scope.profiles if not p.quantity.slots}
    mentioned = {*index.entries(value), *(value.free_symbols & scalars)}
    named = [(entry, twins.get(index.name_of(entry))) for entry in mentioned]
    values: dict[Expr, Expr] = {
        entry: twin.quantity[(*index.indices_of(entry), SAMPLE)] for entry, twin in named if twin is not None
    }
    for node in value.atoms(index.Unspecified):
        values[node] = _unspecified(scope, node, twins)
    return value.xreplace(values)


def _unspecified(scope: Scope, node: index.Unspecified, twins: dict[str, Profile]) -> Expr:
    """An unspecified function of one sample's arrays: of each sample another one, unless it is told what differs."""
    arrays = [_array(scope, array, twins) for array in node.arrays]
    moved = [array for array, before in zip(arrays, node.arrays, strict=True) if tuple(array) != tuple(before)]
    own = node.args[0]
    if len(moved) > 1:
        return index.Unspecified(own, *arrays)
    name = own if isinstance(own, Tuple) else (own,)
    return index.Unspecified((*name, SAMPLE), *arrays)


def _array(scope: Scope, array: Tuple, twins: dict[str, Profile]) -> tuple[Expr, ...]:
    """What an unspecified function is of, for one sample."""
    twin, base = twins.get(str(array[0])), scope.profile(str(array[0]))
    if twin is None or base is None:
        return tuple(array)
    places = tuple(array[1:])
    whole = (index.ALL,) * (len(base.quantity.slots) - len(places))
    label = twin.quantity[(*base.quantity.slots, SAMPLE)].base.label
    return (label, *places, *whole, SAMPLE)
