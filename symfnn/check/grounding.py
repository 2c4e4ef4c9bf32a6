"""What a claim's letters rest on: before a claim is refuted, whether what is only supposed of them could save it.

A letter that no declaration mentions, such as the y of a loss, is taken for an array of free numbers. A claim about it
that fails is wrong only if it also fails where the letter is what writers may mean by it without saying so: the same as
a defined quantity of its shape (ŷ for a^L), entries 0, 1 or -1, or one-hot; and in networks of single neurons.
"""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr, Integer, KroneckerDelta, S, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.check import oracle
from symfnn.check.claims import Claim
from symfnn.check.oracle import Agreement
from symfnn.check.variants import open_functions
from symfnn.elaboration.entries import may_be
from symfnn.elaboration.scope import Scope
from symfnn.model.definitions import Definition, Model

_TRIES = 2
_SECONDS = 2.0


def ungrounded(scope: Scope, claim: Claim) -> str | None:
    """The letter of a quantity in a claim that may be what nobody states, so that nothing is refuted; or None.

    Args:
        scope: tells what is stated and what only supposed.
        claim: one whose sides differ.
    """
    names = _mentioned(claim) & {quantity.name for quantity in claim.model.quantities}  # else it is any number
    supposed = [name for name in sorted(names) if _is_supposed(scope, name)]
    defined = {definition.name for definition in claim.model.definitions}
    is_derived = bool(names & defined) or any(side.has(index.Partial) for side in (claim.left, claim.right))
    if not is_derived and (letters := open_functions(claim)):
        return letters[0]  # it may say what the function is
    within = _cone(claim.model, names)
    anywhere = set().union(*(used(definition.value) for definition in claim.model.definitions))
    connected = within.keys() | (anywhere - set(supposed))
    loose = sorted(names - defined - connected)
    is_named = any(index.is_entry(side) and index.name_of(side) in loose for side in (claim.left, claim.right))
    if loose and (is_derived or is_named):
        return _letter(scope, loose[0])
    if (elsewhere := _defined_elsewhere(claim) or _without_end(claim.model, names | within.keys())) is not None:
        return _letter(scope, elsewhere)
    if not supposed:
        return None
    if not is_derived or _is_detached(claim):
        return _letter(scope, supposed[0])
    given = [name for name in supposed if name not in defined]
    return _saved(scope, claim, given)


def unsaid_equality(claim: Claim) -> tuple[Expr, Expr] | None:
    """Two letters of which one stands on one side alone, if the claim holds where they are the same; or None.

    Where a text treats i = j first, it need not say so in every formula.
    """
    ranges = dict(claim.ranges)
    sides = [side.free_symbols & ranges.keys() for side in (claim.left, claim.right)]
    deadline = time.monotonic() + _SECONDS
    for lone in sorted(sides[0] ^ sides[1], key=str):
        for other in sorted(sides[0] & sides[1], key=str):
            if ranges[lone] == ranges[other] and _holds(replace(claim, equal=(*claim.equal, (lone, other))), deadline):
                return lone, other
    return None


def _defined_elsewhere(claim: Claim) -> str | None:
    """The name of a quantity that a claim has in a layer of which nothing is stated, though it is defined in others.

    Below the first layer that is defined it is given, if definitions read it there.
    """
    model = claim.model
    read = [entry for definition in model.definitions for entry in index.entries(definition.value)]
    for entry in (entry for side in (claim.left, claim.right) for entry in index.entries(side)):
        name = index.name_of(entry)
        defined = [d.layers for d in model.definitions if d.name == name and d.layers is not None]
        layer = index.indices_of(entry)[0] if defined else S.Zero
        if not defined or layer.free_symbols - {index.DEPTH} or any(may_be(layer, layers) for layers in defined):
            continue
        layers = [index.indices_of(other)[0] for other in read if index.name_of(other) == name]
        is_read = any(other == layer or index.LAYER in other.free_symbols for other in layers)
        if not is_read or any(index.at_most(low, layer) for low, _ in defined):
            return name
    return None


def _without_end(model: Model, names: set[str]) -> str | None:
    """The name of a quantity that is defined by the layer above it, where nothing states what the highest is."""
    for name in sorted(names):
        stated = [d for d in model.definitions if d.name == name and d.layers is not None]
        for definition in stated:
            high = definition.layers[1]  # type: ignore[index]
            reads = [index.indices_of(e)[0] for e in index.entries(definition.value) if index.name_of(e) == name]
            tops = [
                top
                for layer in reads
                if index.at_most(high, top := layer.xreplace({index.LAYER: high})) and top != high
            ]
            if any(not any(may_be(top, other.layers) for other in stated) for top in tops):  # type: ignore[arg-type]
                return name
    return None


def _letter(scope: Scope, name: str) -> str:
    profile = scope.profile(name)
    return name if profile is None else profile.letter


def _is_supposed(scope: Scope, name: str) -> bool:
    profile = scope.profile(name)
    return profile is not None and not profile.is_firm


def _mentioned(claim: Claim) -> set[str]:
    return used(claim.left) | used(claim.right)


def _cone(model: Model, names: set[str]) -> dict[str, set[str]]:
    """What the definitions of some quantities read, step by step: each name with the defined ones that read it."""
    values: dict[str, set[str]] = {}
    for definition in model.definitions:
        values.setdefault(definition.name, set()).update(used(definition.value))
    found: dict[str, set[str]] = {}
    waiting = [name for name in names if name in values]
    seen = set(waiting)
    while waiting:
        reader = waiting.pop()
        for name in values[reader]:
            found.setdefault(name, set()).add(reader)
            if name in values and name not in seen:
                seen.add(name)
                waiting.append(name)
    return found


def used(expression: Expr) -> set[str]:
    """The names of all that an expression reads."""
    arrays = {str(array[0]) for node in expression.atoms(index.Unspecified) for array in node.arrays}
    numbers = {symbol.name for symbol in expression.atoms(Symbol) if not symbol.is_integer}
    return arrays | numbers | {index.name_of(entry) for entry in index.entries(expression)}


def _is_detached(claim: Claim) -> bool:
    """Whether what is differentiated reads nothing defined, beside a network that it may be connected with.

    An error of ŷ and y is such a number where the network's own output has another name.
    """
    model = claim.model
    defined = {definition.name for definition in model.definitions}
    tops = {node.args[0] for side in (claim.left, claim.right) for node in side.atoms(index.Partial)}
    for name in {top.name for top in tops if top.is_Symbol} & defined:
        end = _end(model, name, defined)
        within = _cone(model, {name}).keys() | {name}
        if end is not None and any(name not in _cone(model, {other}) for other in defined - within):
            return True
    return False


def _end(model: Model, name: str, defined: set[str]) -> str | None:
    """The last number of a chain of them, one read by the other, if it reads nothing defined; or None."""
    for _ in defined:
        reads = set().union(*(used(d.value) for d in model.definitions if d.name == name)) & (defined - {name})
        if not reads:
            return name
        if len(reads) > 1 or model.quantity(name := reads.pop()).slots:
            return None
    return None


def _saved(scope: Scope, claim: Claim, given: list[str]) -> str | None:
    """The letter that saves a claim if it is what writers may mean by it; None where none does."""
    deadline = time.monotonic() + _SECONDS
    for name in given:
        if any(all(_holds(one, deadline) for one in cases) for cases in _readings(claim, name)):
            return _letter(scope, name)
    if given and _holds(claim, deadline, is_narrow=True):
        return _letter(scope, given[0])
    return None


def _readings(claim: Claim, name: str) -> Iterator[list[Claim]]:
    """The claim with each thing that a letter may be; where that is one of two numbers, with both."""
    model = claim.model
    try:
        quantity = model.quantity(name)
    except errors.ModelError:
        return
    entry = quantity[quantity.slots] if quantity.slots else quantity.scalar
    values: list[tuple[Expr, ...]] = [(S.Zero, S.One), (S.One, S.NegativeOne)]
    inner = quantity.slots[1:] if quantity.layered else quantity.slots
    if inner:
        values.append((KroneckerDelta(inner[0], Integer(1)),))
    values += [(other,) for other in _alike(model, quantity)]
    layers = quantity.ranges[0] if quantity.layered else None
    for cases in values:
        with contextlib.suppress(errors.ModelError):
            defined = ((*model.definitions, Definition(entry, value, layers)) for value in cases)
            yield [replace(claim, model=replace(model, definitions=each)) for each in defined]


def _alike(model: Model, quantity: index.Quantity) -> Iterator[Expr]:
    """Entries of the defined quantities of the same shape; of a layered one those of the last layer."""
    defined = {definition.name for definition in model.definitions}
    ranges = [bounds for bounds in quantity.ranges[1 if quantity.layered else 0 :]]
    inner = quantity.slots[1:] if quantity.layered else quantity.slots
    for other in model.quantities:
        if other.name == quantity.name or other.name not in defined or other.layered < quantity.layered:
            continue
        layer = (quantity.slots[0] if quantity.layered else index.DEPTH,) if other.layered else ()
        if len(other.slots) != len(layer) + len(inner):
            continue
        places = (*layer, *inner)
        if list(other.ranges_at(places)[len(layer) :]) == ranges:
            yield other[places] if places else other.scalar


def _holds(claim: Claim, deadline: float, *, is_narrow: bool = False) -> bool:
    """Whether the sides agree wherever they are tried, and are not 0 there; or there is no time to try."""
    if time.monotonic() > deadline:
        return True
    try:
        outcome = oracle.refute(claim, tries=_TRIES, deadline=deadline, is_narrow=is_narrow)
    except errors.OracleError:
        return time.monotonic() > deadline
    return isinstance(outcome, Agreement) and outcome.nonzero > 0
