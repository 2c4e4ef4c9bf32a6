"""The places of a claim: the values that its free letters take together in one network."""

import random
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from sympy import Expr

from symfnn import errors
from symfnn.check.claims import Claim
from symfnn.check.counting import Counter, Place, Setting, Sizes, counter

Letters: TypeAlias = tuple[tuple[Expr, int], ...]
_MOST_LISTED = 400


class _Level(NamedTuple):
    """A letter with its bounds, and the pairs that can be compared once it has a value."""

    letter: Expr
    low: Counter
    high: Counter
    ties: list[tuple[Counter, Counter, bool]]


def places(claim: Claim, sizes: Sizes, most: int, seed: int) -> list[Letters]:
    """All places where there are few, else a random choice of ``most``; in random order.

    Raises:
        OracleError: a bound, or a letter that is compared, is no number.
    """
    chance = random.Random(seed)
    levels = _levels(claim)
    found: list[Letters] = []
    for letters in _below(levels, sizes, {}):
        found.append(tuple(letters.items()))
        if len(found) > _MOST_LISTED:
            found = _chosen(levels, sizes, 8 * most, chance) or found
            break
    chance.shuffle(found)
    return found[:most]


def _levels(claim: Claim) -> list[_Level]:
    setting = Setting(claim.model)
    pairs = [(a, b, True) for a, b in claim.equal] + [(a, b, False) for a, b in claim.unequal]
    place_of = {letter: number for number, (letter, _) in enumerate(claim.ranges)}
    levels = [_Level(s, counter(lo, setting), counter(hi, setting), []) for s, (lo, hi) in claim.ranges]
    for first, second, is_same in pairs:
        used = [place_of[s] for s in first.free_symbols | second.free_symbols if s in place_of]
        if not used:
            raise errors.OracleError(f"{first} and {second} are compared, and neither is a free letter")
        levels[max(used)].ties.append((counter(first, setting), counter(second, setting), is_same))
    return levels


def _values(level: _Level, sizes: Sizes, letters: dict[Expr, int]) -> list[int]:
    here = Place(sizes, letters)
    try:
        low, high = level.low(here), level.high(here)
    except errors.OutsideError:
        return []
    if high - low > _MOST_LISTED:
        raise errors.OracleError(f"the letter {level.letter} has {high - low + 1} values")
    return [value for value in range(low, high + 1) if _is_allowed(level, sizes, letters | {level.letter: value})]


def _is_allowed(level: _Level, sizes: Sizes, letters: dict[Expr, int]) -> bool:
    here = Place(sizes, letters)
    return all((first(here) == second(here)) is is_same for first, second, is_same in level.ties)


def _below(levels: list[_Level], sizes: Sizes, letters: dict[Expr, int]) -> Iterator[dict[Expr, int]]:
    if not levels:
        yield letters
        return
    for value in _values(levels[0], sizes, letters):
        yield from _below(levels[1:], sizes, letters | {levels[0].letter: value})


def _chosen(levels: list[_Level], sizes: Sizes, count: int, chance: random.Random) -> list[Letters]:
    """Places found by giving one letter after the other any value that it may have."""
    found: dict[Letters, None] = {}
    for _ in range(count):
        letters: dict[Expr, int] = {}
        for level in levels:
            values = _values(level, sizes, letters)
            if not values:
                break
            letters = letters | {level.letter: chance.choice(values)}
        else:
            found[tuple(letters.items())] = None
    return list(found)
