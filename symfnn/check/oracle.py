"""The oracle: claims evaluated on small random networks. It can refute a claim, and it can never prove one.

It takes a road of its own to derivatives: dual numbers run through the definitions, nothing symbolic.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import final

from sympy import Expr

from symfnn import errors
from symfnn.algebra import index
from symfnn.check import sampling
from symfnn.check.claims import Claim
from symfnn.check.closures import compiled
from symfnn.check.dual import Number
from symfnn.check.frame import Closure, Frame
from symfnn.check.places import Letters, places
from symfnn.check.sampling import Instance
from symfnn.check.world import World

DIGITS = 50
_MORE_DIGITS = 100
_MOST_POINTS = 32  # in a network that is looked at carefully
_FEWER_POINTS = 14
_ENOUGH_SKIPPED = 6
_MORE_NUMBERS = 12  # how often other numbers are tried where a function had no value at any
_FEW = 3  # places that say little where nothing could be evaluated at more of them
_MORE_NETWORKS = 6
_MANY = 1_000_003  # no two networks come to share a seed
_SUSPICIOUS = 1e-12  # relative difference of two floats that are worth more digits
_SMALL = 1e-6  # two floats this small are, too
_DIFFERENT = 1e-15  # relative difference at DIGITS that no rounding explains
_LOST = 1e-35  # sides this small may come from 1 - y for a y that is 1 but for its last digits


@final
@dataclass(frozen=True, slots=True)
class Difference:
    """Where the sides of a claim differ, by more than rounding.

    Attributes:
        instance: the network.
        letters: the free letters' values.
        left: the left side's value.
        right: the right side's value.
        relative: the difference, relative to the larger one; it is the same at 50 and at 100 digits.
    """

    instance: Instance
    letters: Letters
    left: float
    right: float
    relative: float


@final
@dataclass(frozen=True, slots=True)
class Agreement:
    """No difference was found.

    Attributes:
        points: at how many places both sides were evaluated; at least one.
        nonzero: at how many of them they were not 0: where this is 0, next to nothing was tested.
        skipped: at how many places there was nothing to evaluate: an entry that does not exist, a kink.
    """

    points: int
    nonzero: int
    skipped: int


@lru_cache(maxsize=48)
def world_of(instance: Instance, digits: int | None = None) -> World:
    """The instance's entries, computed when they are read.

    Raises:
        OracleError: the model cannot be evaluated.
    """
    return World(instance, digits)


def evaluate(
    instance: Instance,
    expression: Expr,
    letters: Mapping[Expr, int],
    *,
    digits: int | None = None,
    deadline: float | None = None,
) -> Number:
    """The value of an expression.

    Args:
        instance: the network.
        expression: a scalar of the index language.
        letters: the free letters' values.
        digits: how many decimal digits; None for a float.
        deadline: when to give up, on the clock of ``time.monotonic``.

    Raises:
        OracleError: it cannot be evaluated, or not in time.
    """
    (value,) = _numbers(instance, digits, [expression], dict(letters), deadline)
    return value


def derivative(
    instance: Instance,
    expression: Expr,
    by: Expr,
    letters: Mapping[Expr, int],
    *,
    digits: int | None = None,
    deadline: float | None = None,
) -> Number:
    """The derivative of an expression by an entry, everything between them moving along.

    Raises:
        OracleError: it cannot be evaluated, or not in time.
    """
    return evaluate(instance, index.Partial(expression, by), letters, digits=digits, deadline=deadline)


def value_table(instance: Instance, names: tuple[str, ...]) -> dict[str, dict[tuple[int, ...], float]]:
    """Every entry of some quantities, by name and indices."""
    world = world_of(instance)
    world.deadline = None
    table: dict[str, dict[tuple[int, ...], float]] = {}
    for name in names:
        keys = world.keys(name, ())
        table[name] = {tuple(int(part) for part in key[1:]): float(world.read(key, ())) for key in keys}
    return table


def refute(
    claim: Claim, *, tries: int = 6, seed: int = 0, deadline: float | None = None, is_narrow: bool = False
) -> Agreement | Difference:
    """A place where the sides of a claim differ, or how many places there were at which they agree.

    Args:
        claim: the two sides, and the model.
        tries: how many networks.
        seed: the same seed tries the same networks.
        deadline: when to give up, on the clock of ``time.monotonic``.
        is_narrow: whether only networks with one neuron in each layer are tried.

    Raises:
        OracleError: not a single place could be evaluated, or the time is up.
    """
    try:
        found = _refute(claim, networks(claim, seed, tries, is_narrow=is_narrow), deadline)
        if is_narrow or isinstance(found, Difference) or found.points > _FEW or found.skipped <= found.points:
            return found
        # what was evaluated may be one network whose sizes happen to fit, of one neuron at that
        return _refute(claim, networks(claim, seed + 1, tries * _MORE_NETWORKS), deadline)
    except RecursionError as problem:
        raise errors.OracleError("a formula is nested too deep") from problem


def _refute(claim: Claim, tried: Iterator[Instance], deadline: float | None) -> Agreement | Difference:
    points = nonzero = skipped = 0
    reason = "its letters have no values"
    for number, instance in enumerate(tried):
        in_this_one = 0
        for variant in _variants(instance):
            if variant.seed != instance.seed and in_this_one:
                break
            found = look(claim, variant, deadline, careful=number < 2)
            if found.difference is not None:
                return found.difference
            in_this_one += found.points
            nonzero, skipped, reason = nonzero + found.nonzero, skipped + found.skipped, found.reason or reason
            if not found.has_left_domain:
                break
        points += in_this_one
    if not points:
        raise errors.OracleError(f"the claim cannot be evaluated: {reason}")
    return Agreement(points, nonzero, skipped)


def _variants(instance: Instance) -> Iterator[Instance]:
    """The network with numbers of every style, and then with other numbers of any sign."""
    for style in range(sampling.STYLES):
        yield replace(instance, style=style)
    for number in range(1, _MORE_NUMBERS):
        yield replace(instance, seed=instance.seed + number * _MANY, style=number % 2)


def networks(
    claim: Claim, seed: int, count: int, *, widest: int = 4, is_round: bool = False, is_narrow: bool = False
) -> Iterator[Instance]:
    """Networks in which a claim's letters and sizes have values."""
    bounds = [bound for _, pair in claim.ranges for bound in pair]
    free = tuple(letter for letter, _ in claim.ranges)
    beside = (claim.left, claim.right, *bounds)
    found = sampling.instances(claim.model, seed, count, beside, free, widest=widest, is_round=is_round)
    sized = (sampling.sized(instance, claim.sizes) for instance in found)
    return map(sampling.narrow, sized) if is_narrow else sized


@final
@dataclass(slots=True)
class Look:
    """What was found in one network so far."""

    points: int = 0
    nonzero: int = 0
    skipped: int = 0
    reason: str = ""
    has_left_domain: bool = False
    difference: Difference | None = None


def look(claim: Claim, instance: Instance, deadline: float | None, *, careful: bool) -> Look:
    """The first difference in one network, or what was evaluated there.

    Args:
        claim: the two sides.
        instance: the network.
        deadline: when to give up.
        careful: whether many places are tried, and one is evaluated with more digits even though floats agree.

    Raises:
        OracleError: the claim has no numbers at all, or the time is up.
    """
    found = Look()
    most = _MOST_POINTS if careful else _FEWER_POINTS
    for letters in places(claim, instance.extent, most, instance.seed):
        try:
            left, right = sides(claim, instance, letters, None, deadline)
            must_look = careful and not found.nonzero and (left or right)
            if must_look or is_suspicious(left, right):
                found.difference = confirmed(claim, instance, letters, deadline)
        except errors.OutsideError as problem:
            found.skipped, found.reason = found.skipped + 1, str(problem)
            continue
        except errors.DomainError as problem:
            found.skipped, found.reason, found.has_left_domain = found.skipped + 1, str(problem), True
            if found.skipped > _ENOUGH_SKIPPED and not found.points:
                break
            continue
        found.points, found.nonzero = found.points + 1, found.nonzero + bool(left or right)
        if found.difference is not None:
            break
    return found


def is_suspicious(left: float, right: float) -> bool:
    """Whether two floats may stand for different numbers."""
    if left == right == 0:
        return False
    size = max(abs(left), abs(right))
    return size < _SMALL or abs(left - right) > _SUSPICIOUS * size


def confirmed(claim: Claim, instance: Instance, letters: Letters, deadline: float | None) -> Difference | None:
    """The difference at a place, if it is one at 50 digits and the same one at 100.

    Raises:
        DomainError: both sides are so small that nothing can be told from them; a saturated sigmoid is the usual cause.
        OracleError: the sides cannot be evaluated.
    """
    left, right = sides(claim, instance, letters, DIGITS, deadline)
    size = max(abs(left), abs(right))
    if 0 < size < _LOST:
        raise errors.DomainError("the sides are too small to be told from rounding")
    if abs(left - right) <= _DIFFERENT * size:
        return None
    again, other = sides(claim, instance, letters, _MORE_DIGITS, deadline)
    gap, change = again - other, (left - right) - (again - other)
    if abs(change) > abs(gap) * 1e-3 or abs(gap) <= _DIFFERENT * max(abs(again), abs(other)):
        return None
    return Difference(instance, letters, float(left), float(right), float(abs(gap) / max(abs(again), abs(other))))


def sides(
    claim: Claim, instance: Instance, letters: Letters, digits: int | None, deadline: float | None
) -> tuple[Number, Number]:
    """The values of both sides at a place; floats where no digits are asked for.

    Raises:
        OracleError: they cannot be evaluated.
    """
    left, right = _numbers(instance, digits, [claim.left, claim.right], dict(letters), deadline)
    return left, right


def _numbers(
    instance: Instance, digits: int | None, expressions: list[Expr], letters: dict[Expr, int], deadline: float | None
) -> list[Number]:
    """The values of expressions, all of them finite.

    Raises:
        DomainError: one of them has no finite real value.
    """
    try:
        world = world_of(instance, digits)
        world.deadline = deadline
        world.check_time()
        frame = world.frame(letters)
        values = [_plain(compiled(expression, world.setting), frame) for expression in expressions]
    except (ValueError, ArithmeticError) as problem:
        raise errors.DomainError(f"no finite value: {problem}") from problem
    if not all(_is_finite(value) for value in values):
        raise errors.DomainError("a value is not finite")
    return values


def _plain(closure: Closure, frame: Frame) -> Number:
    return frame.number(closure(frame))


def _is_finite(value: Number) -> bool:
    return math.isfinite(value) if isinstance(value, float) else bool(value.context.isfinite(value))
