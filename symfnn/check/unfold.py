"""Definitions put to use in one case of a proof: values unfolded, derivatives carried on by the chain rule."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import final

from sympy import Add, Dummy, Expr, KroneckerDelta, Mul, Piecewise, Pow, S, Sum, log
from sympy.core.relational import Relational

from symfnn import errors
from symfnn.algebra import index
from symfnn.check import dependence, indicators
from symfnn.check.dependence import Read
from symfnn.check.facts import Facts, Limit
from symfnn.check.region import UndeterminedError
from symfnn.model.definitions import Definition, Model, defining

Rule = Callable[[Expr, Facts], Expr | None]


@final
@dataclass(frozen=True, slots=True)
class Case:
    """One case of a proof.

    Attributes:
        model: whose definitions hold.
        facts: of the claim's letters.
        pins: letters that are known to equal others here.
        open: questions that would allow more to be unfolded.
        steps: what was used.
    """

    model: Model
    facts: Facts
    pins: dict[Expr, Expr]
    open: list[UndeterminedError] = field(default_factory=list)
    steps: dict[str, None] = field(default_factory=dict)

    def ranges(self, entry: Expr) -> tuple[index.Range, ...]:
        """The bounds of each index of an entry."""
        found = self.model.quantity(index.name_of(entry)).ranges_at(index.indices_of(entry))
        return tuple((low.xreplace(self.pins), high.xreplace(self.pins)) for low, high in found)

    def fresh(self, name: str, layer: Expr | None) -> tuple[Expr, list[Limit]]:
        """An entry with fresh letters, and where they lie, innermost first; a bound layer is made fresh too."""
        quantity = self.model.quantity(name)
        entry = quantity.fresh_entry(None if layer == dependence.ANY_LAYER else layer)
        pairs = zip(index.indices_of(entry), self.ranges(entry), strict=True)
        limits = [(letter, *bounds) for letter, bounds in pairs if letter != layer]
        return entry, limits[::-1]

    def may_depend(self, entry: Expr, on: Expr) -> bool:
        """Whether an entry can depend on another."""
        return dependence.may_depend(self.model, self.facts.region, self.pins, entry, on)


def rewrite(expression: Expr, facts: Facts, rule: Rule) -> Expr:
    """Every part for which the rule has a value is replaced by it.

    No letter is captured: nested sums have different letters, and a value binds fresh ones only.

    Raises:
        CalculusError: the time is over.
    """
    if facts.deadline is not None and time.monotonic() > facts.deadline:
        raise errors.CalculusError("the time is over")
    value = rule(expression, facts)
    if value is not None:
        return value
    if not expression.args or isinstance(expression, index.Partial | index.Unspecified) or index.is_entry(expression):
        return expression
    if isinstance(expression, Sum):
        inner = facts.within(tuple(limit) for limit in expression.limits)
        body = rewrite(expression.function, inner, rule)
        return expression if body is expression.function else index.Sum(body, *expression.limits)
    parts = [rewrite(part, facts, rule) for part in expression.args]
    is_same = all(new is old for new, old in zip(parts, expression.args, strict=True))
    return expression if is_same else expression.func(*parts)


def is_quantity(model: Model, expression: Expr) -> bool:
    """Whether this is an entry or a scalar of the model.

    Raises:
        CalculusError: it has another number of indices than its quantity.
    """
    is_scalar = expression.is_Symbol and not expression.is_integer
    if not (is_scalar or index.is_entry(expression)) or index.name_of(expression) not in dependence.names_of(model):
        return False
    if len(model.quantity(index.name_of(expression)).slots) != len(index.indices_of(expression)):
        raise errors.CalculusError(f"{expression} has not as many indices as its quantity has axes")
    return True


def value_of(case: Case, entry: Expr) -> Expr | None:
    """What an entry is defined as; None where it is given.

    Raises:
        UndeterminedError: it depends on where the layer lies.
        CalculusError: several definitions hold.
    """
    named = defining(case.model).get(index.name_of(entry), ())
    found = [definition for definition in named if _holds(case, definition, entry)]
    if len(found) > 1:
        raise errors.CalculusError(f"{entry} has {len(found)} definitions")
    return _at(case, found[0], entry) if found else None


def _holds(case: Case, definition: Definition, entry: Expr) -> bool:
    own, given = index.indices_of(definition.entry), index.indices_of(entry)
    if len(own) != len(given):
        raise errors.CalculusError(f"{entry} has not as many indices as its definition {definition.entry}")
    region = case.facts.region
    if definition.layers is not None:
        low, high = (bound.xreplace(case.pins) for bound in definition.layers)
        if not region.decide_inside(given[0], (low, high)):
            return False
    fixed = [(o, g) for o, g in zip(own, given, strict=True) if not o.is_Symbol or o == index.DEPTH]
    return all(region.decide_same(o.xreplace(case.pins), g) for o, g in fixed)


def _at(case: Case, definition: Definition, entry: Expr) -> Expr:
    value = definition.at(entry).xreplace(case.pins)
    indices = index.indices_of(entry)
    if not indices or not value.has(index.Unspecified):
        return value
    # each entry has an unspecified function of its own
    found = [node for node in value.atoms(index.Unspecified) if not node.place]
    wholes = {node: node.func((*node.args[:1], *indices), *node.arrays) for node in found}
    return value.xreplace(wholes)


def differential(expression: Expr, by: Expr) -> Expr:
    """The derivative by an entry, all other entries held fixed; nothing is collapsed.

    Raises:
        CalculusError: the expression holds a derivative.
    """
    if expression == by:
        return S.One
    if index.is_entry(expression):
        return index.delta(expression, by)
    if isinstance(expression, index.Unspecified):
        return _slot(expression, by)
    if isinstance(expression, index.Partial):
        raise errors.CalculusError(f"a derivative of {expression} is asked for")
    if not expression.args or getattr(expression, "base", None) == index.WIDTH:
        return S.Zero
    if isinstance(expression, Sum):
        opened = index.refresh(expression)
        inner = differential(opened.function, by)
        return index.Sum(inner, *opened.limits) if inner != 0 else S.Zero
    return _of_scalar(expression, by)


def _of_scalar(expression: Expr, by: Expr) -> Expr:
    if isinstance(expression, Piecewise):
        return _of_pieces(expression, by)
    pieces = indicators.in_pieces(expression)
    if pieces != expression:
        return differential(pieces, by)
    inner = [differential(part, by) for part in expression.args]
    if all(part == 0 for part in inner) or isinstance(expression, KroneckerDelta | indicators.Indicator):
        return S.Zero
    if isinstance(expression, Add):
        return Add(*inner)
    if isinstance(expression, Mul):
        args = expression.args
        return Add(*(part * Mul(*args[:n], *args[n + 1 :]) for n, part in enumerate(inner) if part != 0))
    if isinstance(expression, Pow):
        base, exponent = expression.args
        result = exponent * base ** (exponent - 1) * inner[0]
        return result if inner[1] == 0 else result + expression * log(base) * inner[1]
    if len(expression.args) != 1:
        raise errors.CalculusError(f"no derivative of {expression} is known")
    letter = Dummy("u", real=True)
    return expression.func(letter).diff(letter).xreplace({letter: expression.args[0]}) * inner[0]


def _of_pieces(expression: Piecewise, by: Expr) -> Expr:
    """The slope of a function in pieces, which has none at a kink that the entry can pass."""
    pieces = expression.args
    slope = Piecewise(*((differential(value, by), condition) for value, condition in pieces))
    ends = {
        gap
        for (value, condition), (other, _) in pairwise(pieces)
        if isinstance(condition, Relational) and indicators.is_kink(gap := condition.lhs - condition.rhs, value - other)
    }
    ends = {gap for gap in ends if differential(gap, by) != 0}
    return indicators.opened(slope, ends) if ends and isinstance(slope, Piecewise) else slope


def _slot(whole: Expr, by: Expr) -> Expr:
    """The derivative of an unspecified function by an entry of one of its arrays."""
    result = S.Zero
    for array in whole.arrays:
        if str(array[0]) == index.name_of(by):
            pairs = zip(array[1:], index.indices_of(by), strict=False)
            same = (KroneckerDelta(place, own) for place, own in pairs if place != index.ALL)
            result += Mul(*same) * index.Partial(whole, by)
    return result


def settle(case: Case, expression: Expr, facts: Facts) -> Expr:
    """Names of derivatives written out, and every derivative reduced to derivatives of entries by entries."""

    def rule(part: Expr, inner: Facts) -> Expr | None:
        if is_quantity(case.model, part):
            value = _named_derivative(case, part)
        elif isinstance(part, index.Partial):
            value = _reduced(case, *part.args)
            value = None if value == part else value
        else:
            return None
        return None if value is None else settle(case, value, inner)

    return rewrite(expression, facts, rule)


def _named_derivative(case: Case, entry: Expr) -> Expr | None:
    """The derivative that an entry is another name for."""
    name, model = index.name_of(entry), case.model
    if name not in dependence.derivatives(model):
        return None
    if dependence.is_defined(model, name):
        case.steps[f"definition of {name}"] = None
        return value_of(case, entry)
    assert model.adjoint is not None
    case.steps[f"definition of {name}"] = None
    of = model.quantity(model.adjoint[1])
    objective = model.quantity(model.objective)
    letters = dict(zip(of.slots, index.indices_of(entry), strict=True))
    samples = [letters[slot] for slot in objective.slots if slot in letters]
    if len(samples) != len(objective.slots):
        raise errors.CalculusError(f"{entry} does not say of which {objective.name} it is the derivative")
    numerator = objective[tuple(samples)] if samples else objective.scalar
    return index.Partial(numerator, of[index.indices_of(entry)])


def _reduced(case: Case, numerator: Expr, by: Expr) -> Expr:
    """∂ numerator / ∂ by for any numerator: a value, or derivatives of entries by ``by``."""
    if isinstance(numerator, index.Unspecified) and index.name_of(by) in {str(one[0]) for one in numerator.arrays}:
        return index.Partial(numerator, by)
    if not is_quantity(case.model, by):
        if not by.is_Symbol:
            raise errors.CalculusError(f"{by} is no entry of the model")
        return differential(numerator, by)
    if not is_quantity(case.model, numerator):
        return _forward(case, numerator, by)
    if index.name_of(numerator) in dependence.above_derivatives(case.model):
        raise errors.CalculusError(f"a derivative of {numerator} is asked for, which is made of derivatives")
    return _of_entry(case, numerator, by)


def _of_entry(case: Case, numerator: Expr, by: Expr) -> Expr:
    """∂ numerator / ∂ by for two entries: 0, a delta, through what a mean is made of, or as it stands."""
    if not case.may_depend(numerator, by):
        return S.Zero
    same = _identity(case, numerator, by)
    if same is not None:
        return same
    if _is_combination(case.model, index.name_of(numerator)):
        value = value_of(case, numerator)
        case.steps[f"definition of {index.name_of(numerator)}"] = None
        return _forward(case, value, by) + index.delta(numerator, by)
    return _aligned(case, numerator, by)


def _identity(case: Case, numerator: Expr, by: Expr) -> Expr | None:
    """δ where the two are entries of one quantity in one layer; None otherwise."""
    if index.name_of(numerator) != index.name_of(by):
        return None
    layers = [dependence.layer_of(case.model, entry) for entry in (numerator, by)]
    is_given = not dependence.is_defined(case.model, index.name_of(by))
    if layers[0] is None or is_given or case.facts.region.same(*layers):
        dependence.order(case.model)  # refuses definitions that are circular
        if dependence.may_turn_back(case.model, index.name_of(by)):
            raise errors.CalculusError(f"{by} may depend on its own layer")
        return index.delta(numerator, by)
    return None


def _aligned(case: Case, numerator: Expr, by: Expr) -> Expr:
    """The derivative with a delta for each letter, such as the sample, that every road between the two keeps."""
    name = index.name_of(by)
    own, other = index.indices_of(numerator), index.indices_of(by)
    first = 1 if case.model.quantity(name).layered else 0
    pairs = sorted(dependence.kept_letters(case.model, name)[index.name_of(numerator)])
    deltas, new = S.One, list(own)
    for place, goal in pairs:
        if goal >= first and new[place] == own[place] and own[place] != other[goal]:
            deltas *= KroneckerDelta(own[place], other[goal])
            new[place] = other[goal]
    return deltas * index.Partial(numerator.base[tuple(new)] if new else numerator, by)


@lru_cache(maxsize=256)
def _is_combination(model: Model, name: str) -> bool:
    """Whether an array without layers is a sum of computed entries with factors that are given, such as a mean loss."""
    quantity = model.quantity(name)
    named = defining(model).get(name, ())
    if quantity.layered or len(named) != 1 or named[0].value.has(index.Unspecified, index.Partial):
        return False
    computed = [read for read in dependence.reads(model) if read.definition is named[0]]
    computed = [read for read in computed if dependence.is_defined(model, read.name)]
    for read in computed:
        if model.quantity(read.name).layered:
            return False
        inner = differential(named[0].value, model.quantity(read.name).fresh_entry())
        if any(dependence.is_defined(model, name) for name, _ in dependence.arrays(model, inner)):
            return False
    return bool(computed)


def _forward(case: Case, value: Expr, by: Expr) -> Expr:
    """The derivative of an expression through everything that it reads."""
    model = case.model
    is_given = not dependence.is_defined(model, index.name_of(by))
    result = differential(value, by) if is_given else S.Zero
    seen: list[tuple[str, Expr | None]] = []
    for name, layer in dependence.arrays(model, value):
        if not dependence.is_defined(model, name) and name not in dependence.derivatives(model):
            continue
        others = [other for known, other in seen if known == name]
        if dependence.ANY_LAYER in (layer, *others) and others:
            raise errors.CalculusError(f"{name} is read at one layer and at all of them")
        if any(case.facts.region.decide_same(other, layer) for other in others):
            continue
        seen.append((name, layer))
        entry, limits = case.fresh(name, layer)
        if case.may_depend(entry, by):
            result += _total(differential(value, entry) * index.Partial(entry, by), limits)
    return result


def _total(body: Expr, limits: list[Limit]) -> Expr:
    return index.Sum(body, *limits) if limits and body != 0 else body


def backward(case: Case, numerator: Expr, by: Expr) -> Expr:
    """∂ numerator / ∂ by through the entries that read ``by``.

    Raises:
        UndeterminedError: whether an entry reads it depends on the layer.
    """
    result = index.delta(numerator, by) if index.name_of(numerator) == index.name_of(by) else S.Zero
    by_reader: dict[Definition, list[Read]] = {}
    for read in dependence.reads(case.model):
        if read.name == index.name_of(by):
            by_reader.setdefault(read.definition, []).append(read)
    for definition, found in by_reader.items():
        result += _through(case, definition, found, numerator, by)
    case.steps[f"chain rule for {index.name_of(by)}"] = None
    return result


def _through(case: Case, definition: Definition, found: list[Read], numerator: Expr, by: Expr) -> Expr:
    """The share of one definition."""
    layers = list(dict.fromkeys(_reader_layer(case, read, by) for read in found))
    if len(layers) > 1 and None in layers:
        raise errors.CalculusError(f"{definition.entry} reads {by} at its own layer and at a fixed one")
    result = S.Zero
    for layer in layers:
        entry, limits = case.fresh(definition.name, dependence.ANY_LAYER if layer is None else layer)
        if layer is None and case.model.quantity(definition.name).layered:
            limits = _layers_of(case, definition, entry, limits)
        if not case.may_depend(numerator, entry):
            continue
        if not _is_read(case, found, layer, by) or (layer is not None and not _holds(case, definition, entry)):
            continue
        result += _total(index.Partial(numerator, entry) * differential(_at(case, definition, entry), by), limits)
    return result


def _reader_layer(case: Case, read: Read, by: Expr) -> Expr | None:
    """The layer of the entries that read ``by``; None where they have none or all layers may read it."""
    own = dependence.layer_of(case.model, read.definition.entry)
    layer = dependence.layer_of(case.model, by)
    if own is not None and (not own.is_Symbol or own == index.DEPTH):
        return own.xreplace(case.pins)
    if own is None or layer is None or read.shift is None:
        return None
    return layer - read.shift


def _is_read(case: Case, found: list[Read], layer: Expr | None, by: Expr) -> bool:
    """Whether one of the reads can be of the layer of ``by``."""
    own = dependence.layer_of(case.model, by)
    if own is None:
        return True
    for read in found:
        if read.layer is None or read.layer == dependence.ANY_LAYER:
            return True
        fixed = read.layer.xreplace(case.pins)
        place = fixed if read.shift is None or layer is None else layer + read.shift
        if case.facts.region.decide_same(place, own):
            return True
    return False


def _layers_of(case: Case, definition: Definition, entry: Expr, limits: list[Limit]) -> list[Limit]:
    """The limits with the layers for which the definition holds."""
    letter = index.indices_of(entry)[0]
    if definition.layers is None:
        return limits
    low, high = (bound.xreplace(case.pins) for bound in definition.layers)
    return [(k, low, high) if k == letter else (k, lo, hi) for k, lo, hi in limits]
