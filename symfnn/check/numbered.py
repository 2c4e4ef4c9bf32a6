"""Claims about neurons by number: ``z_1 = w_11 x_1 + w_12 x_2 + b_1`` is one about a layer of two inputs.

Such a claim is wrong in any other network, and says nothing about one. It is judged where the axes that are written out
entry by entry, from 1 on, have as many entries as are written.
"""

import time
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from sympy import Add, Expr, Integer, Sum

from symfnn import errors
from symfnn.algebra import index
from symfnn.check import oracle
from symfnn.check.claims import Claim
from symfnn.check.oracle import Agreement
from symfnn.check.proof import prove
from symfnn.elaboration.products import size_text
from symfnn.model.definitions import Model

Sizes: TypeAlias = tuple[tuple[Expr, int], ...]
_MOST = 6
_DEEPEST = 3  # how often computed entries are put in


class Small(NamedTuple):
    """A claim that holds in networks of some sizes.

    Attributes:
        sizes: each axis, and how many entries it has.
        is_proved: whether it is more than tested.
    """

    sizes: Sizes
    is_proved: bool


def holds(claim: Claim, deadline: float) -> Small | None:
    """The sizes that a claim is about by what it numbers, where it holds for these; None where it does not."""
    found = written_sizes(claim)
    if not found:
        return None
    cases = _cases(replace(claim, sizes=(*claim.sizes, *found)))
    outcomes = []
    for case in cases:
        try:
            outcomes.append(oracle.refute(case, deadline=deadline))
        except errors.OracleError:
            continue
    if not outcomes or not all(isinstance(outcome, Agreement) and outcome.nonzero for outcome in outcomes):
        return None
    return Small(found, _is_proved(claim, found, deadline))


def _is_proved(claim: Claim, sizes: Sizes, deadline: float) -> bool:
    """Whether the claim is proved with its sums written out, what is computed in them put in ever deeper."""
    for _ in range(_DEEPEST):
        opened = replace(claim, left=_opened(claim, claim.left), right=_opened(claim, claim.right))
        if time.monotonic() > deadline or prove(_unrolled(opened, sizes), deadline=deadline) is not None:
            return time.monotonic() <= deadline
        if (opened.left, opened.right) == (claim.left, claim.right):
            break
        claim = opened
    return False


def written_sizes(*claims: Claim) -> Sizes:
    """The sizes of the axes of which entries 1, 2, … are written by number, with how many there are."""
    numbers: dict[Expr, set[int]] = {}
    for claim in claims:
        for size, found in _numbers(claim).items():
            numbers.setdefault(size, set()).update(found)
    return tuple(
        (size, max(found))
        for size, found in sorted(numbers.items(), key=str)
        if 2 <= len(found) <= _MOST and found == set(range(1, max(found) + 1)) and _is_plain(size)
    )


def in_words(sizes: Sizes) -> tuple[str, ...]:
    """What is taken for granted by sizes: ``n = 2 and m = 3``; nothing without any."""
    return (" and ".join(f"{size_text(size)} = {count}" for size, count in sizes),) if sizes else ()


def is_written_out(claim: Claim) -> bool:
    """Whether every axis of which an entry is named by number is written out, so that no size of it is left open."""
    numbers = _numbers(claim)
    return bool(numbers) and len(written_sizes(claim)) == len(numbers)


def _numbers(claim: Claim) -> dict[Expr, set[int]]:
    """The numbers that name entries, by the size of their axis."""
    numbers: dict[Expr, set[int]] = {}
    for entry in index.entries(Add(claim.left, claim.right, evaluate=False)):
        for place, size in _places(claim.model, entry):
            if place.is_Integer and not size.is_Integer:
                numbers.setdefault(size, set()).add(int(place))
    return numbers


def _places(model: Model, entry: Expr) -> list[tuple[Expr, Expr]]:
    """The rows and columns of an entry, each with the size of its axis."""
    quantity = model.quantity(index.name_of(entry))
    indices = index.indices_of(entry)
    sizes = [high for _, high in quantity.ranges_at(indices)]
    end = len(indices) - (1 if quantity.per_sample else 0)
    return list(zip(indices, sizes, strict=True))[1 if quantity.layered else 0 : end]


def _is_plain(size: Expr) -> bool:
    return bool(size.is_Symbol) or (size.has(index.WIDTH) and not size.is_Add and not size.is_Mul)


def _cases(claim: Claim) -> list[Claim]:
    """The claim for the first layers, each by itself, where its sizes are those of any layer."""
    if not any(index.LAYER in size.free_symbols for size, _ in claim.sizes):
        return [claim]
    ranges = dict(claim.ranges)
    low, high = ranges.pop(index.LAYER, (Integer(1), Integer(1)))
    layers = [low, low + 1] if low != high else [low]
    return [_at_layer(claim, layer, ranges) for layer in layers]


def _at_layer(claim: Claim, layer: Expr, ranges: dict[Expr, index.Range]) -> Claim:
    new = {index.LAYER: layer}
    return replace(
        claim,
        left=index.substitute(claim.left, new),
        right=index.substitute(claim.right, new),
        ranges=tuple((s, (a.xreplace(new), b.xreplace(new))) for s, (a, b) in ranges.items()),
        sizes=tuple((size.xreplace(new), count) for size, count in claim.sizes),
    )


def _unrolled(claim: Claim, sizes: Sizes) -> Claim:
    """The claim with sums over these axes written out."""
    left, right = (_written_out(side, dict(sizes)) for side in (claim.left, claim.right))
    return replace(claim, left=left, right=right)


def _opened(claim: Claim, side: Expr) -> Expr:
    """A side with the entries that are computed put in, where nothing is differentiated."""
    if side.has(index.Partial):
        return side
    values = {}
    for entry in index.entries(side):
        try:
            definition = claim.model.definition_of(entry, dict(claim.ranges))
        except errors.ModelError:
            continue
        if definition is not None and not definition.value.has(index.Partial, index.Unspecified):
            values[entry] = definition.at(entry)
    return index.substitute(side, values)


def _written_out(expression: Expr, sizes: dict[Expr, int]) -> Expr:
    """Sums over axes of known size as their terms."""
    if not expression.has(Sum):
        return expression
    parts = [_written_out(part, sizes) if isinstance(part, Expr) else part for part in expression.args]
    if isinstance(expression, Sum) and len(expression.limits) == 1:
        letter, low, high = expression.limits[0]
        if low == 1 and high in sizes:
            return Add(*(index.substitute(parts[0], {letter: Integer(k)}) for k in range(1, sizes[high] + 1)))
    return expression.func(*parts)
