r"""Definitions of quantities as functions of whole arrays of which nothing is known, such as ``y = y(x)``."""

from dataclasses import replace
from typing import NamedTuple

from symfnn import errors
from symfnn.elaboration import entries, factors, maps
from symfnn.elaboration.declarations import Ranged, profile
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.names import Mention, written
from symfnn.elaboration.parts import axes
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.scope import Profile, Scope
from symfnn.elaboration.values import Value
from symfnn.latex.syntax import Fence, Node


class Mapped(NamedTuple):
    """A quantity and the unspecified function that it is.

    Attributes:
        scope: in which the function is known.
        of: the quantity.
        value: the function's value.
        reading: what the function's arguments were read in.
    """

    scope: Scope
    of: Profile
    value: Value
    reading: Reading


def known(scope: Scope, found: Mention) -> entries.Meant | None:
    """The quantity that a left side is written like and can be."""
    for meant, _ in entries.candidates(Reading(scope, readings), found, is_exact=True):
        try:
            entries.of(Reading(scope, readings), meant, found)
        except errors.MeaningError:
            continue
        return meant
    return None


def read(
    scope: Scope, found: Mention, left: Node, right: Node, ranges: dict[str, Ranged], origin: int
) -> Mapped | None:
    """What a definition says whose right side is an unspecified function of whole arrays; None for any other.

    Raises:
        MeaningError: an argument is no quantity, or the left side has a layer and no shape.
    """
    applied = factors.application(right)
    if applied is None or applied[0].primes or applied[0].is_transposed or factors.is_named(applied[0].name):
        return None
    function, argument = applied
    is_own = function.name == found.name
    scope, meant = _quantity(scope, found, left, ranges, argument, letter=function.name, is_own=is_own)
    reading = Reading(scope, readings)
    target = None if meant is None else entries.of(reading, meant, found)
    if meant is None or target is None:
        return None
    if target.expr.is_Symbol if is_own else not maps.is_new(reading, function.name, target, argument):
        return None
    value = maps.value(reading, function.name, target, argument)
    if is_own:
        scope, meant = scope.with_profile(replace(meant, has_arguments=True, origin=origin))
    else:
        scope = replace(scope, maps=maps.stated(scope.maps, function.name, argument, meant.name))
        scope = _loosened(scope, {meant.name, *(str(array[0]) for array in value.expr.arrays)})
        meant = scope.profile(meant.name) or meant
    return Mapped(scope, meant, value, reading)


def _loosened(scope: Scope, names: set[str]) -> Scope:
    """The scope in which arrays keep a shape that was only supposed: a function takes arrays of any."""
    defined = {stated.definition.name for stated in scope.definitions}
    profiles = tuple(
        replace(p, is_firm=False) if p.name in names - defined and p.axes and not p.is_stated else p
        for p in scope.profiles
    )
    return replace(scope, profiles=profiles)


def _quantity(
    scope: Scope, found: Mention, left: Node, ranges: dict[str, Ranged], argument: Fence, *, letter: str, is_own: bool
) -> tuple[Scope, Profile | None]:
    """The quantity that is such a function: one that is known, or a new scalar of one sample or of none.

    Raises:
        MeaningError: it has a layer, and no shape is known.
    """
    meant = known(scope, found)
    if meant is not None:
        return scope, meant if isinstance(meant, Profile) else None
    made = profile(scope, found, ranges, is_entry=False)
    sizes = scope.of_arrays.get(letter)
    if sizes is not None and not made.is_layered and not scope.knows(found.name):
        rows, columns = axes(list(sizes), as_row=scope.are_rows)
        return scope.with_profile(replace(made, rows=rows, columns=columns, is_firm=True))
    is_scalar = made.samples is not None if is_own else len(maps.arguments(argument)) > 1
    if not is_scalar or scope.knows(found.name):
        return scope, None
    if made.is_layered:
        words = f"nothing says what {written(left)} is"
        raise errors.MeaningError("unknown-symbol", words, left.span, mention=found)
    return scope.with_profile(replace(made, has_arguments=is_own, is_firm=True))
