"""A link that claims something, read; what it takes for granted about sizes is named."""

from dataclasses import replace

from sympy import Symbol

from symfnn import errors
from symfnn.algebra import index, normal
from symfnn.elaboration import factors
from symfnn.elaboration.claims import Equation, equation
from symfnn.elaboration.composing import is_name
from symfnn.elaboration.copies import mixed
from symfnn.elaboration.declarations import SUPPOSED
from symfnn.elaboration.left_sides import is_numbered
from symfnn.elaboration.misfits import is_loose, left_open, meant, of_undefined_twin, weighed
from symfnn.elaboration.names import Mention
from symfnn.elaboration.products import size_text
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.suppositions import introduced, with_one_size
from symfnn.elaboration.understood import Part
from symfnn.latex.syntax import Node, Statement

_MOST_SIZES = 3


def with_supposed_loss(scope: Scope, trouble: errors.MeaningError) -> Scope | None:
    """The scope in which what a statement lacks is introduced by its use; None where it cannot be."""
    return introduced(scope, trouble.mention, trouble.span) if isinstance(trouble.mention, Mention) else None


def _clear_equation(scope: Scope, left: Node, right: Node, statement: Statement) -> Equation:
    """What a link says.

    Raises:
        MeaningError: it is not understood, or an objective in it may be that of one sample or of all.
    """
    found = equation(scope, left, right, statement.remarks)
    unclear = mixed(scope, tuple(side for one in (found, *found.parts) for side in (one.left, one.right)))
    if unclear is not None:
        message = f"whether {unclear} is that of one sample or of all is not said"
        raise errors.MeaningError("not-covered", message, left.span)
    return found


def read_claim(scope: Scope, left: Node, right: Node, statement: Statement) -> tuple[Scope, Part]:
    """A link as a claim: what it says, or why that is not understood."""
    try:
        found = _clear_equation(scope, left, right, statement)
    except errors.MeaningError as trouble:
        wider = with_supposed_loss(scope, trouble)
        if wider is not None:
            return read_claim(wider, left, right, statement)
        part = _with_one_size(scope, left, right, statement, trouble) or _of_numbers(
            scope, left, right, statement, trouble
        )
        if part is not None:
            return scope, part
        trouble = _as_a_whole(scope, left, right, statement, trouble)
        return scope, Part(left, right, "claim", trouble=weighed(scope, left, right, trouble))
    against = _against(scope, left, right, found)
    if against is not None:
        return scope, Part(left, right, "claim", trouble=against)
    taken = tuple(f"the sum to {limit.text} is over all {size_text(limit.size)} entries" for limit in found.limits)
    doubt = left_open(found.limits[0].trouble) if found.limits else None
    if not taken and (_repeats(scope, found) or (_is_same(found) and is_name(scope, left))):
        return scope, Part(left, right, "repeat", found)
    is_quantity = found.left.is_Symbol or index.is_entry(found.left)
    if found.left == found.right and is_quantity and factors.application(right) is not None:
        return scope, Part(left, right, "definition")  # it states what it depends on
    return scope, Part(left, right, "claim", found, doubt, taken=taken)


def _against(scope: Scope, left: Node, right: Node, found: Equation) -> errors.MeaningError | None:
    """What speaks against an equation that was read; None where nothing does."""
    limit = next((one for one in found.limits if not is_loose(scope, left, right, found, one)), None)
    if limit is not None:
        return weighed(scope, left, right, limit.trouble)
    return of_undefined_twin(scope, found, left.span.to(right.span))


def _with_one_size(
    scope: Scope, left: Node, right: Node, statement: Statement, trouble: errors.MeaningError
) -> Part | None:
    """A claim in which a size that nothing states is another one; None where that does not make it fit.

    Nor where a text has layers of one neuron: with that size all indices would be alike.
    """
    if scope.single:
        return None
    taken: tuple[str, ...] = ()
    wider, further = scope, trouble
    for _ in range(_MOST_SIZES):
        made = next(with_one_size(wider, further), None)
        if made is None:
            return None
        wider, own, other = made
        taken = (*taken, f"the {own} is {size_text(other)}")
        try:
            found = equation(wider, left, right, statement.remarks)
        except errors.MeaningError as again:
            further = again
            continue
        return None if found.limits else Part(left, right, "claim", found, left_open(trouble), scope=wider, taken=taken)
    return None


def _of_numbers(
    scope: Scope, left: Node, right: Node, statement: Statement, trouble: errors.MeaningError
) -> Part | None:
    r"""A claim in which all small letters whose shape nothing states are numbers; None where that does not make it fit.

    ``y = \sigma(w x + b)`` may be of one input, and then ``\frac{dy}{dw} = \sigma'(w x + b) x`` is right as it stands.
    """
    profiles = meant(scope, left, right)
    sizes = {size for p in profiles for size in (p.rows, p.columns) if size is not None}
    is_supposed = all(isinstance(size, Symbol) and size.name.startswith(SUPPOSED) for size in sizes)
    is_small = all(
        p.axes == 0 or (p.letter in scope.single_numbers and not p.is_stated and not p.is_layered) for p in profiles
    )
    if not trouble.is_shape or not sizes or not is_supposed or not is_small:
        return None
    wider = replace(scope, single=scope.single | sizes)
    try:
        found = equation(wider, left, right, statement.remarks)
    except errors.MeaningError:
        return None
    words = ", ".join(dict.fromkeys(p.letter for p in profiles if p.axes))
    taken = (f"{words} are numbers",)
    return None if found.limits else Part(left, right, "claim", found, left_open(trouble), scope=wider, taken=taken)


def _as_a_whole(
    scope: Scope, left: Node, right: Node, statement: Statement, trouble: errors.MeaningError
) -> errors.MeaningError:
    """What does not fit even where each chain of derivatives is the one derivative that it works out."""
    if trouble.code != "informal-step":
        return trouble
    try:
        equation(scope, left, right, statement.remarks, is_whole=True)
    except errors.MeaningError as further:
        return further if further.is_shape else trouble
    return trouble


def _is_same(found: Equation) -> bool:
    """Whether an equation says nothing."""
    return all(one.left == one.right for one in (found, *found.parts))


def _repeats(scope: Scope, found: Equation) -> bool:
    """Whether an equation is definitions in force, word for word up to the names of bound letters."""
    if found.parts and any(is_numbered(scope, one.left) for one in (found, *found.parts)):
        return False  # it says of how many entries the definition is
    return all(_repeats_one(scope, one) for one in (found, *found.parts))


def _repeats_one(scope: Scope, found: Equation) -> bool:
    """The same of one of its parts."""
    if not (index.is_entry(found.left) or found.left.is_Symbol) or found.left == found.right:
        return False
    name = index.name_of(found.left)
    if is_numbered(scope, found.left):
        return False  # one entry of it is a consequence
    for stated in scope.definitions:
        own_indices = index.indices_of(stated.definition.entry)
        if stated.definition.name == name and len(own_indices) == len(index.indices_of(found.left)):
            own = stated.definition.at(found.left)
            layered = index.indices_of(stated.definition.entry)
            if layered and not layered[0].is_Symbol and layered[0] != index.indices_of(found.left)[0]:
                continue
            if normal.normal_form(own) == normal.normal_form(found.right):
                return True
    return False
