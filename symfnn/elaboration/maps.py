r"""Functions of whole arrays of which nothing is known: ``y = y(x)``, ``X_k = F_k(X_{k-1}, W_k)``, ``L = l(o, t)``.

Every entry of the value is a smooth function of its own of all entries of the arguments.
"""

from dataclasses import replace
from itertools import dropwhile

from sympy import Expr, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import entries
from symfnn.elaboration.names import Mark, Mention
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.scope import Map, Profile
from symfnn.elaboration.values import Value
from symfnn.latex.syntax import Fence, Letter, Node, Sequence


def arguments(argument: Fence) -> tuple[Node, ...]:
    """What stands in a function's brackets, one by one."""
    if argument.body is None:
        return ()
    return argument.body.items if isinstance(argument.body, Sequence) else (argument.body,)


def value(reading: Reading, letter: str, target: Value, argument: Fence) -> Value:
    """An unspecified function with the shape of a quantity.

    Args:
        reading: what the arguments are read in.
        letter: of the function.
        target: the quantity.
        argument: the function's brackets.

    Raises:
        MeaningError: an argument is no quantity.
    """
    arrays = [_slice(reading, item) for item in arguments(argument)]
    own = letter + index.CALLED + index.name_of(target.expr)
    name = (Symbol(own, real=True), *index.indices_of(target.expr))
    return Value(index.Unspecified(name, *arrays), target.row, target.column)


def _slice(reading: Reading, item: Node) -> tuple[Expr, ...]:
    """An argument: its name, its layer and indices, and every entry along its axes."""
    found = reading.value(item)
    if found.expr.is_Symbol and not found.expr.is_integer:
        return (found.expr,)
    if not index.is_entry(found.expr) or found.outer or found.parts is not None:
        raise errors.MeaningError("not-covered", "an argument of this function is no quantity", item.span)
    whole = {axis.letter for axis in found.axes}
    places = [index.ALL if place in whole else place for place in index.indices_of(found.expr)]
    kept = list(dropwhile(lambda place: place == index.ALL, reversed(places)))[::-1]
    return (found.expr.base.label, *kept)


def applied(reading: Reading, found: Mention, argument: Fence) -> Value | None:
    """The value of a function of whole arrays that was stated before; None where the name is that of none.

    Raises:
        MeaningError: it is, and stands with marks or arguments that it cannot have.
    """
    arity = len(arguments(argument))
    known = next((one for one in reading.scope.maps if (one.letter, one.arity) == (found.name, arity)), None)
    profile = None if known is None else reading.scope.profile(known.of)
    if profile is None or found.primes or found.is_transposed:
        return None
    target = _at_layer(reading, profile, found)
    if target is None:
        raise errors.MeaningError("not-covered", f"which {found.name} this is, is not understood", found.span)
    return value(reading, found.name, target, argument)


def by_itself(reading: Reading, found: Mention) -> Value | None:
    r"""``\mathcal{L}`` beside ``C = \mathcal{L}(a, y)``: the function's value, one number; else None."""
    known = [one.of for one in reading.scope.maps if one.letter == found.name]
    profile = reading.scope.profile(known[0]) if len(known) == 1 else None
    if profile is None or profile.axes or profile.slots or found.marks or found.primes or found.is_transposed:
        return None
    return _at_layer(reading, profile, found)


def _at_layer(reading: Reading, profile: Profile, found: Mention) -> Value | None:
    """All entries of a quantity at the layer that a function is written with."""
    slots = [slot for slot in profile.slots if slot.role == "layer"]
    if len(slots) != len(found.marks):
        return None
    names = [Mark(slot.place, slot.bracket, mark.content) for slot, mark in zip(slots, found.marks, strict=True)]
    own = [slot for slot in profile.slots if slot.role == "name"]
    marks = [Mark(slot.place, slot.bracket, Letter(slot.text, found.span)) for slot in own]
    return entries.of(reading, profile, replace(found, name=profile.letter, marks=(*marks, *names)))


def is_new(reading: Reading, letter: str, target: Value, argument: Fence) -> bool:
    """Whether a name in front of brackets can only be a function of whole arrays that was not stated before.

    With one argument it is applied entry by entry where the shapes let it.
    """
    if reading.scope.functions.get(letter) is not None or reading.scope.named(letter):
        return False
    items = arguments(argument)
    if letter in reading.scope.of_arrays or len(items) != 1:
        return bool(items)
    return reading.value(items[0]).shape != target.shape


def stated(maps: tuple[Map, ...], letter: str, argument: Fence, of: str) -> tuple[Map, ...]:
    """The functions known, with a new one in the place of an older one that is written alike."""
    arity = len(arguments(argument))
    kept = tuple(one for one in maps if (one.letter, one.arity) != (letter, arity))
    return (*kept, Map(letter, arity, of))
