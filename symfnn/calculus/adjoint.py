"""The adjoint recursion: reverse mode over definitions, for a symbolic layer and symbolic widths.

The adjoint of an entry e is the sum, over the definitions that use e, of the user's adjoint times
its one-step partial by e. Quantities whose adjoint has a name, or that would unroll for ever, are *kept*:
the recursion stops at them. All others are passed through. The range in which a use applies splits the layers
of e into cases, which is how the output layer comes to have a formula of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import final

from sympy import Add, Expr, Integer, KroneckerDelta, Mul, S, expand

from symfnn import errors
from symfnn.algebra import index, normal
from symfnn.calculus import fold
from symfnn.calculus.partial import partial, same_entry
from symfnn.model.definitions import Definition, Model, defining, may_meet, readers

Limit = tuple[Expr, Expr, Expr]


@final
@dataclass(frozen=True, slots=True)
class Use:
    """One entry that depends on another: by which letters it is summed, and for which layers of the other."""

    user: Expr
    limits: tuple[Limit, ...]
    layers: index.Range | None


@final
@dataclass(frozen=True, slots=True)
class Case:
    """The derivative of the objective by ``entry``, for the layers in ``layers``.

    Attributes:
        entry: the entry, its layer a letter or one fixed layer.
        layers: inclusive bounds of that letter; None where the quantity has no layer.
        chain: the chain rule, its factors still ``Partial``.
        uses: the entries by which the objective depends on this one.
    """

    entry: Expr
    layers: index.Range | None
    chain: Expr
    uses: tuple[Use, ...]


@lru_cache(maxsize=32)
def kept(model: Model) -> frozenset[str]:
    """The objective, the quantity with a named adjoint, and one quantity of every other cycle."""
    used: dict[str, set[str]] = {definition.name: set() for definition in model.definitions}
    for name, found in readers(model).items():
        for definition, _ in found:
            used[definition.name].add(name)
    result = {model.objective} | ({model.adjoint[1]} if model.adjoint else set())
    for name in used:
        if name not in result and name in _reached(name, used, result):
            result.add(name)
    return frozenset(result)


def _reached(start: str, used: dict[str, set[str]], stop: set[str]) -> set[str]:
    seen: set[str] = set()
    open_names = list(used.get(start, ()))
    while open_names:
        name = open_names.pop()
        if name not in seen and name not in stop:
            seen.add(name)
            open_names.extend(used.get(name, ()))
    return seen


def uses(model: Model, entry: Expr) -> list[Use]:
    """Where an entry is used: by kept entries, or by the last entry before the objective."""
    names = kept(model)
    found: dict[tuple[str, tuple[Expr | None, ...]], list[Use]] = {}
    for use in _direct_uses(model, entry):
        if not _applies(use, entry):
            continue
        for last in _through(model, use, names):
            layered = model.quantity(index.name_of(last.user)).layered
            layer = index.indices_of(last.user)[0] if layered else None
            # a layer that is summed over is told by its range
            bounds = next((limit[1:] for limit in last.limits if limit[0] == layer), (layer,))
            same = found.setdefault((index.name_of(last.user), tuple(bounds)), [])
            if any(_overlap(other.layers, last.layers) for other in same if other.layers != last.layers):
                raise errors.CalculusError(f"{entry} reaches {last.user} on roads that hold for unlike layers")
            if all(other.layers != last.layers for other in same):
                same.append(last)
    return [use for same in found.values() for use in same]


def _overlap(left: index.Range | None, right: index.Range | None) -> bool:
    """Whether two uses may hold for one layer; None holds for all."""
    return left is None or right is None or _is_range(_common(left, right))


def _applies(use: Use, entry: Expr) -> bool:
    """Whether a use can hold for the entry's layer; a letter may be any layer."""
    if use.layers is None:
        return True
    layer = index.indices_of(entry)[0]
    return bool(layer.free_symbols - {index.DEPTH}) or _inside((layer, layer), use.layers)


def _through(model: Model, use: Use, names: frozenset[str]) -> Iterator[Use]:
    """The kept uses behind one use; the use itself where the objective comes next."""
    if index.name_of(use.user) in names:
        yield use
        return
    for further in uses(model, use.user):
        restricted = _restrict(use, further.layers)
        if restricted is None:
            continue
        if index.name_of(further.user) == model.objective:
            yield restricted
            continue
        outer = [limit for limit in restricted.limits if limit[0] in further.user.free_symbols]
        yield replace(restricted, user=further.user, limits=(*further.limits, *outer))


def _restrict(use: Use, layers: index.Range | None) -> Use | None:
    """The use, kept to user layers inside ``layers``; None where there are none."""
    if layers is None:
        return use
    layer = index.indices_of(use.user)[0]
    letters = [letter for letter in layer.free_symbols if letter != index.DEPTH]
    if not letters:
        return use if _inside((layer, layer), layers) else None
    (letter,) = letters
    shift = letter - layer
    shifted = (layers[0] + shift, layers[1] + shift)
    if not letter.is_Dummy:
        common = _common(shifted, use.layers)
        return replace(use, layers=common) if _is_range(common) else None
    limits = tuple((k, *_common(shifted, (lo, hi))) if k == letter else (k, lo, hi) for k, lo, hi in use.limits)
    return replace(use, limits=limits) if all(_is_range(limit[1:]) for limit in limits) else None


def _common(left: index.Range, right: index.Range | None) -> index.Range:
    if right is None:
        return left
    return max(left[0], right[0], key=index.leading), min(left[1], right[1], key=index.leading)


def _is_range(bounds: tuple[Expr, ...]) -> bool:
    """Whether layer bounds are in order; bounds of another kind (widths) are taken to be."""
    low, high = bounds
    return bool((high - low).free_symbols - {index.DEPTH}) or index.at_most(low, high)


def _direct_uses(model: Model, entry: Expr) -> Iterator[Use]:
    name = index.name_of(entry)
    layer = index.indices_of(entry)[0] if model.quantity(name).layered else None
    for definition, place in readers(model).get(name, ()):
        if layer is None or place is None or may_meet(layer, place):
            yield _use(model, definition, entry, place)


def _use(model: Model, definition: Definition, entry: Expr, place: Expr | None) -> Use:
    """The use of ``entry`` at layer expression ``place`` of a definition."""
    user = model.quantity(definition.name)
    own = index.indices_of(definition.entry)[0] if user.layered else None
    layer, layers = own, None
    limits: list[Limit] = []
    if place is not None and own is not None and own.is_Symbol and own in place.free_symbols:
        assert definition.layers is not None
        shift = place - own
        layer = index.indices_of(entry)[0] - shift
        layers = (definition.layers[0] + shift, definition.layers[1] + shift)
    else:
        if place is not None and not place.is_Dummy:
            layers = (place, place)
        if own is not None and own.is_Symbol and own != index.DEPTH:
            assert definition.layers is not None
            layer = index.fresh(own.name)
            limits.append((layer, *definition.layers))
    made = user.fresh_entry(layer)
    ranges = model.ranges_of(made)
    components = index.indices_of(made)[1 if user.layered else 0 :]
    limits = [(letter, *ranges[letter]) for letter in components] + limits
    return Use(made, tuple(limits), layers)


def total(model: Model, entry: Expr, by: Expr, ranges: dict[Expr, index.Range]) -> Expr:
    """The derivative of one entry by another through all definitions that are not kept.

    Where several definitions share the layers of ``entry`` out among them, each is differentiated and all must agree:
    a[l-1] does not depend on w[l], whether it is the input or an activation.

    Args:
        model: whose definitions hold.
        entry: the dependent entry, or the objective.
        by: the entry to differentiate by.
        ranges: where the free indices of both lie.

    Raises:
        CalculusError: ``entry`` has no definition, or its definitions give unlike derivatives.
    """
    found = [_by_definition(model, d, entry, by, ranges) for d in model.definitions_at(entry, ranges)]
    if not found:
        raise errors.CalculusError(f"{entry} is given, not defined: its derivative by {by} is asked for")
    if model.is_given(entry, ranges):
        found.append(same_entry(entry, by, ranges))
    if not all(normal.equal(found[0], other) for other in found[1:]):
        raise errors.CalculusError(
            f"no one formula gives the derivative of {entry} by {by}: it differs between the layers it may lie in"
        )
    return found[0]


def _by_definition(
    model: Model, definition: Definition, entry: Expr, by: Expr, ranges: dict[Expr, index.Range]
) -> Expr:
    """The derivative of an entry by another, as one of its definitions has it."""
    value = definition.at(entry)
    result = partial(value, by, ranges)
    names = kept(model)
    for between in _between(model, value, names):
        limits = [(letter, *model.ranges_of(between)[letter]) for letter in _letters(between)]
        inner = ranges | {letter: (lo, hi) for letter, lo, hi in limits}
        outer = partial(value, between, inner)
        if outer != 0:
            result += normal.collapse(outer * total(model, between, by, inner), limits, ranges)
    return fold.in_values(result, entry, value)


def _between(model: Model, value: Expr, names: frozenset[str]) -> list[Expr]:
    """Entries with fresh letters, one for each defined array that a value uses and that is not kept."""
    found: dict[tuple[str, Expr | None], Expr] = {}
    for entry in index.entries(value):
        quantity = model.quantity(index.name_of(entry))
        layer = index.indices_of(entry)[0] if quantity.layered else None
        if quantity.name in defining(model) and quantity.name not in names:
            found.setdefault((quantity.name, layer), quantity.fresh_entry(layer))
    return list(found.values())


def _letters(entry: Expr) -> list[Expr]:
    return [letter for letter in index.indices_of(entry) if letter.is_Dummy]


@lru_cache(maxsize=128)
def cases(model: Model, name: str) -> tuple[Case, ...]:
    """The derivative of the objective by every entry of a quantity, from the last layers to the first.

    Args:
        model: whose objective is differentiated.
        name: of a parameter, an input, or a kept quantity.
    """
    quantity = model.quantity(name)
    entry = quantity[quantity.slots] if quantity.slots else quantity.scalar
    if not quantity.layered:
        return (_case(model, entry, None, uses(model, entry)),)
    low, high = quantity.ranges[0]
    if low.is_Integer and high.is_Integer:
        return tuple(_case_at(model, quantity, layer) for layer in range(int(high), int(low) - 1, -1))
    found = uses(model, entry)
    result = []
    for layers in _pieces((low, high), [use.layers for use in found if use.layers is not None]):
        fixed = {quantity.slots[0]: layers[1]} if layers[0] == layers[1] else {}
        applicable = [_fix(use, fixed) for use in found if use.layers is None or _inside(layers, use.layers)]
        result.append(_case(model, index.substitute(entry, fixed), layers, applicable))
    return tuple(result[::-1])


def _case_at(model: Model, quantity: index.Quantity, layer: int) -> Case:
    """The case of one numbered layer."""
    number = Integer(layer)
    entry = quantity[(number, *quantity.slots[1:])]
    return _case(model, entry, (number, number), uses(model, entry))


def _fix(use: Use, fixed: dict[Expr, Expr]) -> Use:
    limits = tuple((k, lo.xreplace(fixed), hi.xreplace(fixed)) for k, lo, hi in use.limits)
    return replace(use, user=use.user.xreplace(fixed), limits=limits)


def _inside(inner: index.Range, outer: index.Range) -> bool:
    return index.at_most(outer[0], inner[0]) and index.at_most(inner[1], outer[1])


def _pieces(whole: index.Range, parts: list[index.Range]) -> list[index.Range]:
    """The whole range, cut wherever a part begins or ends."""
    low, high = whole
    starts = {low} | {part[0] for part in parts} | {part[1] + 1 for part in parts}
    inside = sorted((s for s in starts if index.at_most(low, s) and index.at_most(s, high)), key=index.leading)
    ends = [start - 1 for start in inside[1:]] + [high]
    return list(zip(inside, ends, strict=True))


def _case(model: Model, entry: Expr, layers: index.Range | None, found: list[Use]) -> Case:
    ranges = _ranges(model, entry, layers)
    objective = model.quantity(model.objective).scalar
    links = [
        index.Partial(objective, entry) if use.user == objective else _link(model, use, entry, ranges) for use in found
    ]
    return Case(entry, layers, Add(*links), tuple(found))


def _ranges(model: Model, entry: Expr, layers: index.Range | None) -> dict[Expr, index.Range]:
    ranges = model.ranges_of(entry)
    if layers is not None and layers[0] != layers[1]:
        ranges[index.indices_of(entry)[0]] = layers
    return ranges


def _link(model: Model, use: Use, entry: Expr, ranges: dict[Expr, index.Range]) -> Expr:
    """One use as a link of the chain rule, summed over the letters that its one-step partial does not tie."""
    objective = model.quantity(model.objective).scalar
    bounds = {letter: (lo, hi) for letter, lo, hi in use.limits}
    step = total(model, use.user, entry, ranges | bounds)
    product = index.Partial(objective, use.user) * index.Partial(use.user, entry)
    known = _known_letters(step, use.limits)
    for letter, other in known.items():
        normal.require_inside(other, (ranges | bounds).get(other, (other, other)), bounds[letter])
    limits = [limit for limit in use.limits if limit[0] not in known]
    return index.bind(product.xreplace(known), limits)


def _known_letters(step: Expr, limits: tuple[Limit, ...]) -> dict[Expr, Expr]:
    """The letters that every term of a one-step partial ties to one index by a Kronecker delta."""
    known: dict[Expr, Expr] = {}
    for letter, _, _ in limits:
        others = {_tied(term, letter) for term in Add.make_args(expand(step))}
        if len(others) == 1 and None not in others:
            known[letter] = others.pop()
    return known


def _tied(term: Expr, letter: Expr) -> Expr | None:
    for factor in Mul.make_args(term):
        if isinstance(factor, KroneckerDelta) and letter in factor.args:
            return factor.args[1] if factor.args[0] == letter else factor.args[0]
    return None


def value(model: Model, case: Case) -> Expr:
    """The derivative of a case in one go, where ``rules.derive`` goes step by step; the two must agree.

    Returns:
        Every one-step partial worked out; the adjoints of kept quantities remain.

    Raises:
        RangeError: an entry is used where it does not exist.
    """
    ranges = _ranges(model, case.entry, case.layers)
    objective = model.quantity(model.objective).scalar
    result = S.Zero
    for use in case.uses:
        inner = ranges | {letter: (lo, hi) for letter, lo, hi in use.limits}
        step = total(model, use.user, case.entry, inner)
        outer = S.One if use.user == objective else _adjoint(model, use.user, objective, inner)
        result += normal.collapse(outer * step, list(use.limits), ranges)
    return result


def _adjoint(model: Model, entry: Expr, objective: Expr, ranges: dict[Expr, index.Range]) -> Expr:
    name = index.name_of(entry)
    if model.adjoint and name == model.adjoint[1]:
        return model.quantity(model.adjoint[0])[index.indices_of(entry)]
    if name in kept(model):
        return index.Partial(objective, entry)
    return total(model, objective, entry, ranges)
