"""Misfits: whether shapes that do not fit count against an equation, or leave open what is meant."""

from sympy import Expr

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import entries
from symfnn.elaboration.claims import Equation, equation
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.names import PREFIXES, written
from symfnn.elaboration.reading import Limit, Reading
from symfnn.elaboration.scope import Alias, Profile, Scope
from symfnn.elaboration.shared import closed
from symfnn.elaboration.survey import names_in
from symfnn.latex.syntax import BigOperator, Letter, Node
from symfnn.latex.walk import nodes
from symfnn.source import Span


def weighed(scope: Scope, left: Node, right: Node, trouble: errors.MeaningError) -> errors.MeaningError:
    """A misfit of shapes counts only where all shapes were stated and no letter is used in two ways."""
    if not trouble.is_shape:
        return trouble
    profiles = meant(scope, left, right)
    is_stated = all(p.is_firm and _has_all_axes(scope, p) for p in profiles)
    is_open = scope.is_one_supposed or any(_has_other_shape(scope, p, profiles) for p in profiles)
    is_open = is_open or (scope.are_rows and _fits_in_columns(scope, left, right))
    if is_stated and not is_open and (not _reused(left, right) or _fails_apart(scope, left, right)):
        return trouble
    return left_open(trouble)


def _has_other_shape(scope: Scope, profile: Profile, others: list[Profile]) -> bool:
    """Whether the text states two shapes for what is written alike: in two sections, say."""
    if profile.name in scope.reshaped:
        return True
    alike = (p for p in others if (p.letter, p.slots) == (profile.letter, profile.slots) and p.name != profile.name)
    return profile.is_stated and any(p.is_stated for p in alike)


def of_undefined_twin(scope: Scope, found: Equation, span: Span) -> errors.MeaningError | None:
    """What speaks against an equation about a quantity that nothing defines, while one written alike is defined."""
    if not (found.left.is_Symbol or index.is_entry(found.left)):
        return None
    defined = {stated.definition.name for stated in scope.definitions}
    known = scope.profile(index.name_of(found.left))
    if known is None or not known.is_stated or known.name in defined:
        return None
    twins = (p for p in scope.named(known.letter) if p.slots == known.slots and p.axes != known.axes)
    if not any(p.name in defined for p in twins):
        return None
    words = f"{known.letter} is stated in two shapes, and nothing defines the one that is meant here"
    return errors.MeaningError("conflict", words, span)


def left_open(trouble: errors.MeaningError) -> errors.MeaningError:
    """A misfit that does not count against an equation."""
    return errors.MeaningError(trouble.code, str(trouble), trouble.span, evidence=trouble.evidence)


def _fits_in_columns(scope: Scope, left: Node, right: Node) -> bool:
    """Whether an equation could be meant where the vectors that were taken for rows are columns."""
    try:
        equation(scope.with_columns(), left, right, ())
    except errors.MeaningError as trouble:
        return not trouble.is_shape
    return True


def meant(scope: Scope, left: Node, right: Node) -> list[Profile]:
    """All quantities that one of the names in an equation can be of."""
    reading = Reading(scope, readings)
    names = [name for side in (left, right) for name in names_in(side)]
    found = [one for name in names for one, _ in entries.candidates(reading, name)]
    of = [profile for one in found for profile in _profiles(scope, one)]
    return [profile for profile in of if profile is not None]


def _profiles(scope: Scope, meant: entries.Meant) -> list[Profile | None]:
    """The profiles of the quantities that something stands for."""
    if isinstance(meant, Profile):
        return [meant]
    return [scope.profile(name) for name in ((meant.of,) if isinstance(meant, Alias) else sorted(meant.names))]


def mentioned(scope: Scope, left: Node, right: Node) -> list[Profile]:
    r"""The quantities whose letter stands in an equation, those with a name such as ``\delta x`` among them."""
    names = {written(part) for side in (left, right) for part in nodes(side) if isinstance(part, Letter)}
    for prefix in names & PREFIXES:
        names |= {(prefix if len(prefix) == 1 else prefix + " ") + name for name in names}
    return [p for p in scope.profiles if p.letter in names]


def _has_all_axes(scope: Scope, profile: Profile) -> bool:
    """Whether a quantity is nowhere in the text written with more indices than it has axes here."""
    if profile.axes == 0 and any(stated.definition.name == profile.name for stated in scope.definitions):
        return True  # an index on a number that is computed tells which one it is
    other = profile.letter.swapcase()
    is_apart = any(p.is_stated and p.axes > profile.axes for p in scope.named(other))
    letters = (profile.letter,) if is_apart else (profile.letter, other)
    return all(scope.components.get(letter, 0) <= profile.axes for letter in letters)


def _reused(left: Node, right: Node) -> bool:
    """Whether the letter of a sum is used outside the sum too."""
    everything = [part for side in (left, right) for part in nodes(side)]
    sums = [part for part in everything if isinstance(part, BigOperator)]
    for total in sums:
        inside = [written(part) for part in nodes(total) if isinstance(part, Letter)]
        bound = {written(part) for part in nodes(total.lower) if isinstance(part, Letter)} if total.lower else set()
        for letter in bound:
            everywhere = [written(part) for part in everything if isinstance(part, Letter)]
            if everywhere.count(letter) > inside.count(letter):
                return True
    return False


def _fails_apart(scope: Scope, left: Node, right: Node) -> bool:
    """Whether the shapes do not fit either where the letters of sums are others than those outside."""
    try:
        equation(scope, closed(left), closed(right), ())
    except errors.MeaningError as trouble:
        return trouble.is_shape
    return False


def is_loose(scope: Scope, left: Node, right: Node, found: Equation, limit: Limit) -> bool:
    """Whether a letter that a sum runs to may count what it is used on: it counts nothing else that is involved.

    A general layer's width is often written as one letter; there only what is mentioned counts.
    """
    names = {p.name for p in meant(scope, left, right)}
    if index.LAYER not in limit.size.free_symbols:
        names |= _connected(scope, found)
    sizes = [size for p in scope.profiles if p.name in names for size in (p.rows, p.columns, p.samples) if size]
    return all(limit.count not in size.free_symbols for size in sizes)


def _connected(scope: Scope, found: Equation) -> set[str]:
    """The names of all that an equation's sides depend on, and of what is computed from what of that is computed."""
    values = [stated.definition for stated in scope.definitions]
    behind = _names(found.left) | _names(found.right)
    while new := set[str]().union(*(_names(d.value) for d in values if d.name in behind)) - behind:
        behind |= new
    computed = [d for d in values if not d.value.has(index.Partial)]
    ahead = {d.name for d in computed if d.name in behind}
    while new := {d.name for d in computed if _names(d.value) & ahead} - ahead:
        ahead |= new
    return behind | ahead


def _names(expression: Expr) -> set[str]:
    arrays = {str(array[0]) for node in expression.atoms(index.Unspecified) for array in node.arrays}
    numbers = {str(symbol) for symbol in expression.free_symbols}
    return arrays | numbers | {index.name_of(entry) for entry in index.entries(expression)}
