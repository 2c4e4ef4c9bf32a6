"""A counterexample that a person can follow: few neurons, short numbers, functions that everybody knows."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from sympy import Expr, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.check import oracle, sampling
from symfnn.check.claims import Claim
from symfnn.check.closures import compiled
from symfnn.check.frame import Key
from symfnn.check.oracle import Difference
from symfnn.check.places import places
from symfnn.check.sampling import Instance
from symfnn.check.verdicts import Counterexample
from symfnn.check.world import World

_TRIES = 32
_MOST_PLACES = 12
_ENOUGH = 6
_MOST_GIVEN = 12
_LARGEST = 1000
_CLEAR = 0.02  # a difference that shows in the first digits, relative to the larger side


def simplest(claim: Claim, difference: Difference, *, deadline: float | None = None) -> Counterexample:
    """Numbers at which the sides of a refuted claim clearly differ, as simple as were found.

    Args:
        claim: the refuted claim.
        difference: what refuted it; it is shown where nothing simpler is found.
        deadline: when to stop looking, on the clock of ``time.monotonic``.
    """
    best = min(_clear(claim, difference, deadline), key=_burden, default=difference)
    return Counterexample(
        _sizes(best.instance), *_place(claim, best), best.left, best.right, given_in_words(claim, best)
    )


def _clear(claim: Claim, difference: Difference, deadline: float | None) -> Iterator[Difference]:
    """The first few clear differences in small networks with round numbers, one for each network."""
    left = _ENOUGH
    for instance in oracle.networks(claim, 0, _TRIES, widest=3, is_round=True):
        styled = replace(instance, style=difference.instance.style)
        try:
            found = _look(claim, styled, deadline)
        except errors.OracleError:
            return
        if found is not None:
            yield found
            left -= 1
        if not left:
            return


def _look(claim: Claim, instance: Instance, deadline: float | None) -> Difference | None:
    for letters in places(claim, instance.extent, _MOST_PLACES, instance.seed):
        try:
            if not _is_clear(*oracle.sides(claim, instance, letters, None, deadline)):
                continue
            found = oracle.confirmed(claim, instance, letters, deadline)
        except (errors.DomainError, errors.OutsideError):
            continue
        if found is not None:
            return found
    return None


def _is_clear(left: float, right: float) -> bool:
    size = max(abs(left), abs(right))
    return abs(left - right) >= _CLEAR * max(1, size) and size <= _LARGEST


def _burden(difference: Difference) -> tuple[int, int]:
    """How much there is to follow: neurons and layers, then digits; tiny numbers are hard to compare."""
    instance = difference.instance
    neurons = sum(width for _, width in instance.widths) + sum(size for _, size in instance.sizes)
    both = (difference.left, difference.right)
    is_lopsided = any(0 < abs(side) < _CLEAR for side in both)
    return instance.depth + neurons + 4 * is_lopsided, sum(len(f"{side:.12g}") for side in both)


def _sizes(instance: Instance) -> tuple[int, ...]:
    pairs = instance.widths or instance.sizes
    return tuple(value for _, value in pairs)


def _place(claim: Claim, difference: Difference) -> tuple[int | None, tuple[int, ...]]:
    """The layer and the entry that the free letters make up."""
    layer = layer_letter(claim)
    values = dict(difference.letters)
    return values.get(layer), tuple(value for letter, value in difference.letters if letter != layer)


def layer_letter(claim: Claim) -> Expr | None:
    """The free letter that is a layer, None where there is none."""
    layered = {q.name for q in claim.model.quantities if q.layered}
    entries = index.entries(claim.left) + index.entries(claim.right)
    layers = {s for e in entries if index.name_of(e) in layered for s in index.indices_of(e)[0].free_symbols}
    return next((letter for letter, _ in claim.ranges if letter in layers), None)


def given_in_words(claim: Claim, difference: Difference) -> tuple[str, ...]:
    """What a reader needs to compute both sides: sizes, functions, and the numbers that are given."""
    instance = difference.instance
    world = World(instance, oracle.DIGITS)
    frame = world.frame(dict(difference.letters))
    for side in (claim.left, claim.right):
        compiled(side, world.setting)(frame)
    counted = _counted(claim)
    words = [f"{name} = {value}" for name, value in instance.sizes if name in counted]
    words += [sampling.unknown(instance, letter)[0] for letter in instance.letters]
    words += [_objective_in_words(node, instance) for node in _unspecified(claim)]
    arrays = dict.fromkeys(_array_of(claim, key) for key in world.given_keys())
    words += [_array_in_words(world, array) for array in arrays]
    return tuple(words[:_MOST_GIVEN])


def _counted(claim: Claim) -> set[str]:
    """The names of the sizes that have to do with a claim: that of the samples is often left out."""
    model, batch = claim.model, claim.model.batch
    parts = [claim.left, claim.right, *(bound for _, pair in claim.ranges for bound in pair)]
    is_whole = batch is not None and any(s.name == batch.objective for side in parts[:2] for s in side.atoms(Symbol))
    parts += [batch.factor] if batch is not None and is_whole else []
    parts += [bound for q in model.quantities for pair in q.ranges for bound in pair]
    parts += [definition.value for definition in model.definitions]
    return {s.name for part in parts for s in part.atoms(Symbol)}


def _unspecified(claim: Claim) -> list[Expr]:
    values = [claim.left, claim.right, *(d.value for d in claim.model.definitions)]
    return sorted({node for value in values for node in value.atoms(index.Unspecified)}, key=str)


def _objective_in_words(node: Expr, instance: Instance) -> str:
    name = node.letter
    if not instance.is_round:
        return f"{name} a smooth function"
    arrays = ", ".join(_array_name(*(str(part) for part in array)) for array in node.arrays)
    if node.place:
        weights = "((1 + p) u_1 + (2 + p) u_2 + …)²/2 with p the sum of its indices and"
        return f"{name} = {weights} u the entries of {arrays}"
    return f"{name} = (u_1 + 2 u_2 + 3 u_3 + …)²/2 with u the entries of {arrays}"


def _array_of(claim: Claim, key: Key) -> Key:
    """The name, and the layer where there is one, of the array that an entry belongs to."""
    layered = {q.name for q in claim.model.quantities if q.layered}
    return key[:2] if key[0] in layered else key[:1]


def _array_name(name: str, layer: str | int | None = None, *entry: str) -> str:
    whole = name if layer is None else f"{name}^{{({layer})}}"
    return f"{whole}_{{{','.join(entry)}}}" if entry else whole


def _array_in_words(world: World, array: Key) -> str:
    read = [key for key in world.given_keys() if key[: len(array)] == array]
    whole = world.keys(str(array[0]), array[1:])
    keys = whole if len(whole[0]) == len(read[0]) else read  # with samples, only what was read is known
    return f"{_array_name(*map(str, array))} = {_nested(world, keys, len(array))}"


def _nested(world: World, keys: list[Key], depth: int) -> str:
    """The entries in brackets, one pair for each axis."""
    if len(keys) == 1 and len(keys[0]) == depth:
        return _number(float(world.read(keys[0], ())))
    rows: dict[str | int, list[Key]] = {}
    for key in keys:
        rows.setdefault(key[depth], []).append(key)
    return f"({', '.join(_nested(world, row, depth + 1) for row in rows.values())})"


def _number(value: float) -> str:
    short = Fraction(value).limit_denominator(100)
    return str(short) if float(short) == value else f"{value:.4g}"
