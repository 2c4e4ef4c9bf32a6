"""One statement after another: what each is (declaration, definition, assignment, claim), and the scope behind it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import final

from sympy import Expr, Sum

from symfnn import errors
from symfnn.algebra import index, normal
from symfnn.elaboration import derivatives, entries, entrywise, factors, first_order, quotients, updates
from symfnn.elaboration.claims import Equation, equation, ranges_of
from symfnn.elaboration.composing import define, is_name, named_anew
from symfnn.elaboration.copies import mixed, renewed
from symfnn.elaboration.declarations import Ranged, declare, is_declaration, is_layer, lengths, shape, size_equation
from symfnn.elaboration.definitions import (
    define_alias,
    define_function,
    function_variable,
    is_defined,
    is_numbered,
    left_side,
)
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.layouts import jacobian_layout
from symfnn.elaboration.misfits import is_loose, left_open, mentioned, of_undefined_twin, weighed
from symfnn.elaboration.named_losses import is_named_loss, with_named_loss
from symfnn.elaboration.names import Mention, mention, written
from symfnn.elaboration.objectives import number_defined
from symfnn.elaboration.products import size_text
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.remarks import limiting
from symfnn.elaboration.scope import Alias, Profile, Scope, Stated
from symfnn.elaboration.slices import of_one_index
from symfnn.elaboration.spaces import membership
from symfnn.elaboration.suppositions import introduced, is_loss, is_weight, supposing, unsupposed, with_one_size
from symfnn.elaboration.survey import nodes, with_own_letter
from symfnn.elaboration.terms import with_terms
from symfnn.latex.syntax import BigOperator, Letter, Node, Product, Relation, Scripted, Statement
from symfnn.model.definitions import Assumption, Definition
from symfnn.source import Span

DEFINES = frozenset(
    {":=", r"\coloneqq", r"\equiv", r"\triangleq", r"\doteq", "≡", r"\overset{def}{=}", r"\stackrel{def}{=}"}
)
IMPLIES = updates.ARROWS | {r"\Rightarrow", r"\implies", r"\Longrightarrow", "⇒", "=>"}
_MOST_SIZES = 3
_MISFITS = frozenset({"ill-shaped", "wrong-index"})
NEAR = frozenset({r"\approx", "≈", r"\simeq"})
APPROXIMATE = NEAR | {r"\sim", r"\propto", r"\cong"}


@final
@dataclass(frozen=True, slots=True)
class Part:
    """One link of a statement, read.

    Attributes:
        left: its left side as written.
        right: its right side as written.
        kind: ``"claim"``, ``"definition"``, ``"repeat"`` or ``"redefinition"``.
        equation: what it says, for a claim that was understood.
        trouble: why it was not.
        is_given: whether another equation is claimed to follow from it.
        scope: in which it is understood, where that is not the one of its statement.
        taken: in words, what is taken for granted about sizes for it to be understood; then ``trouble`` is what speaks
            against it.
        sense: in words, what is claimed where it is not that the sides are equal.
    """

    left: Node
    right: Node
    kind: str
    equation: Equation | None = None
    trouble: errors.MeaningError | None = None
    is_given: bool = False
    scope: Scope | None = None
    taken: tuple[str, ...] = ()
    sense: str = ""


@final
@dataclass(frozen=True, slots=True)
class Understood:
    """A statement, read.

    Attributes:
        kind: ``claim``, ``definition``, ``declaration``, ``assignment`` or ``other``.
        scope: in force for its claims, and behind it.
        parts: its links.
        trouble: why it as a whole was not understood.
    """

    kind: str
    scope: Scope
    parts: tuple[Part, ...] = ()
    trouble: errors.MeaningError | None = None


@final
@dataclass(frozen=True, slots=True)
class Redefined:
    """A scope in which a statement's left side is defined anew.

    Attributes:
        scope: with the new definition in the place of the old ones.
        name: of the quantity.
        is_conflict: whether both definitions are the document's own.
    """

    scope: Scope
    name: str
    is_conflict: bool


def understand(scope: Scope, statement: Statement, origin: int) -> Understood:
    """What a statement is, and what is known behind it."""
    scope, content = renewed(with_own_letter(scope, statement)), statement.content
    try:
        if is_declaration(content):
            return Understood("declaration", declare(scope, content, ranges_of(statement.remarks), origin))
    except errors.MeaningError as trouble:
        return Understood("declaration", scope, trouble=trouble)
    sized = size_equation(scope, content)
    if sized is not None:
        return Understood("declaration", sized)
    if is_named_loss(content):
        return Understood("declaration", with_named_loss(scope, content, origin))
    if not isinstance(content, Relation):
        return Understood("other", scope, trouble=_nothing(content.span))
    if updates.is_assignment(scope, content):
        parts = tuple(_claim(scope, left, right, statement)[1] for left, right in updates.worked_out(content))
        return Understood("assignment", scope, parts)
    layout = jacobian_layout(content)
    if layout is None or scope.jacobian_layout not in ("", layout):
        return _chain(scope, statement, content, origin)
    return _layout(replace(scope, jacobian_layout=layout), layout, statement, content, origin)


def _layout(scope: Scope, layout: str, statement: Statement, content: Relation, origin: int) -> Understood:
    """A chain that begins by saying which entries of a Jacobian are its rows; what follows is claimed."""
    understood = _chain(scope, statement, content, origin)
    first = understood.parts[0] if understood.parts else None
    is_convention = layout == "denominator" or (
        first is not None and first.trouble is not None and first.trouble.code == "unknown-symbol"
    )
    if first is None or not is_convention:
        return understood
    parts = (Part(first.left, first.right, "definition"), *understood.parts[1:])
    return replace(understood, kind="definition" if len(parts) == 1 else understood.kind, parts=parts)


def _nothing(span: Span) -> errors.MeaningError:
    return errors.MeaningError("nothing-to-compare", "a formula by itself states nothing", span)


def _chain(scope: Scope, statement: Statement, content: Relation, origin: int) -> Understood:
    """A chain: its first link may define, the others claim; memberships at its end declare."""
    if content.parts[0] is None and len(content.parts) > 2 and content.signs[0] == "=":
        # "= E = …" goes on from something before it, and says by itself what E is
        content = replace(content, parts=content.parts[1:], signs=content.signs[1:])
    if any(part is None for part in content.parts):
        return Understood("other", scope, trouble=_nothing(content.span))
    scope = _memberships(scope, content, statement, origin)
    scope, parts = _named_first(scope, statement, content, origin) or _links(scope, statement, content, origin)
    if not parts:
        return Understood("declaration", scope)
    kind = "definition" if all(part.kind == "definition" for part in parts) else "claim"
    return Understood(kind, scope, tuple(parts))


def _links(scope: Scope, statement: Statement, content: Relation, origin: int) -> tuple[Scope, list[Part]]:
    """The links of a chain in order."""
    parts: list[Part] = []
    last = _implication(content)
    for place, (left, sign, right) in enumerate(_pairs(content)):
        if place == last or (sign == r"\in" and is_real(scope, right)):
            continue
        is_first = not parts or place - 1 == last
        scope, part = _link(scope, left, sign, right, statement, origin, is_first=is_first)
        parts.append(replace(part, is_given=last is not None and place < last))
    return scope, parts


def _pairs(content: Relation) -> list[tuple[Node, str, Node]]:
    pairs = zip(content.parts, content.signs, content.parts[1:], strict=False)
    return [(left, sign, right) for left, sign, right in pairs if left is not None and right is not None]


def _named_first(scope: Scope, statement: Statement, content: Relation, origin: int) -> tuple[Scope, list[Part]] | None:
    """A chain that begins with names for one thing, ``p = h = f(z)``: the last of them is defined, then the others.

    The first one may be known (``a = h = f(z)``): what it is equal to is then claimed. Where it is an expression,
    ``dC/dz = d = a - y``, the name stands for it. None for any other chain.
    """
    parts = content.parts
    known = int(parts[0] is not None and not _is_new(scope, parts[0]))
    names = next((k for k in range(known, len(parts)) if not _is_new_part(scope, parts[k])), len(parts))
    if known and not all(mention(part) for part in parts[known:names] if part is not None):
        return None  # prod(a, b) may be an operation that the text explains in words
    if not 1 < names < len(parts) or any(sign not in DEFINES | {"="} for sign in content.signs[:names]):
        return None
    if known and parts[0] is not None and left_side(scope, parts[0]) is None:
        return _named_by_first(scope, statement, content, origin)
    made: list[Part] = []
    pairs = _pairs(content)
    for place, (left, sign, right) in reversed(list(enumerate(pairs[:names]))):
        scope, part = _link(scope, left, sign, right, statement, origin, is_first=place >= known)
        if not made and (part.kind != "definition" or part.trouble is not None):
            return None
        made.insert(0, part)
    rest = replace(content, parts=parts[names:], signs=content.signs[names:])
    if len(rest.parts) > 1:
        scope, claims = _links(scope, statement, rest, origin)
        made += claims
    return scope, made


def _named_by_first(
    scope: Scope, statement: Statement, content: Relation, origin: int
) -> tuple[Scope, list[Part]] | None:
    """A chain that gives an expression a name and goes on with what it is."""
    left, sign, right = _pairs(content)[0]
    scope, part = _link(scope, right, sign, left, statement, origin, is_first=True)
    if part.kind != "definition" or part.trouble is not None:
        return None
    scope, claims = _links(scope, statement, replace(content, parts=content.parts[1:], signs=content.signs[1:]), origin)
    return scope, [replace(part, left=left, right=right), *claims]


def turned_round(scope: Scope, statement: Statement, others: Iterable[Statement]) -> Statement | None:
    """An equation whose right side is a name that nothing introduces, as a definition of it; None for any other.

    A name that no other statement uses is as likely a slip.
    """
    content = statement.content
    if not isinstance(content, Relation) or content.signs != ("=",):
        return None
    left, right = content.parts
    if left is None or right is None or not _is_new(scope, right) or _is_new(scope, left):
        return None
    found = left_side(scope, right)
    if found is None or not any(found.name in _letters(other.content) for other in others):
        return None
    return replace(statement, content=replace(content, parts=(right, left)))


def _letters(node: Node) -> set[str]:
    return {part.name for part in nodes(node) if isinstance(part, Letter)}


def _is_new_part(scope: Scope, part: Node | None) -> bool:
    return part is not None and _is_new(scope, part)


def _is_new(scope: Scope, part: Node) -> bool:
    """Whether a side is a name, and nothing says of what."""
    if entrywise.is_new(scope, part):
        return True
    try:
        found = left_side(scope, part) if _may_define(scope, part, {}) else None
    except errors.MeaningError:
        return False
    is_function = found is not None and found.name in scope.functions and not found.marks
    return found is not None and not _written_so(scope, found) and not is_function


def _implication(content: Relation) -> int | None:
    """The place of the sign by which one equation follows from another; None where there is no such thing."""
    places = [place for place, sign in enumerate(content.signs) if sign in IMPLIES]
    return places[0] if len(places) == 1 and 0 < places[0] < len(content.signs) - 1 else None


def is_real(scope: Scope, node: Node) -> bool:
    r"""Whether this is a space of real numbers, also one that is written with a plain R."""
    return membership(node) is not None or (isinstance(node, Letter) and node.name == "R" and not scope.named("R"))


def _memberships(scope: Scope, content: Relation, statement: Statement, origin: int) -> Scope:
    r"""The scope with the shape of a chain's left side where it is stated at the end: ``u = W x \in \mathbb{R}^n``."""
    left = content.parts[0]
    for sign, right in zip(content.signs, content.parts[1:], strict=True):
        found = membership(right) if sign == r"\in" else None
        name = None if left is None else left_side(scope, left)
        if found is None or found[1] is None or name is None or _is_shaped(scope, name) or left is None:
            continue
        try:
            scope = shape(scope, left, found[1], ranges_of(statement.remarks), origin)
        except errors.MeaningError:
            continue
    return scope


def _is_shaped(scope: Scope, found: Mention) -> bool:
    """Whether something that is written so is stated to have a shape, or is defined."""
    defined = {stated.definition.name for stated in scope.definitions}
    known = scope.named(found.name)
    return any(p.is_stated or p.name in defined for p in known) or (scope.knows(found.name) and not known)


def _link(
    scope: Scope, left: Node, sign: str, right: Node, statement: Statement, origin: int, *, is_first: bool
) -> tuple[Scope, Part]:
    """One link of a chain."""
    span = left.span.to(right.span)
    if sign in APPROXIMATE:
        return scope, _approximation(scope, left, sign, right, statement)
    if sign not in DEFINES and sign != "=":
        trouble = errors.MeaningError("not-covered", f"the relation {sign} is not decided", span)
        return scope, Part(left, right, "claim", trouble=trouble)
    defined = _definition(scope, left, right, statement, origin) if is_first else None
    if defined is None:
        claimed = _claim(scope, left, right, statement)
        if is_first and claimed[1].equation is not None and claimed[1].scope is None:
            wider = with_terms(claimed[0], claimed[1].equation)
            claimed = claimed if wider is None else (wider, Part(left, right, "definition"))
        is_open = is_first and claimed[1].trouble is not None
        return (_definition_of_supposed(scope, left, right, statement, origin) if is_open else None) or claimed
    limit = limiting(statement.remarks, function_variable(left))
    if limit is None:
        return defined
    trouble = errors.MeaningError("unknown-condition", "what holds in some cases only defines nothing", limit.span)
    return scope, Part(left, right, "claim", trouble=trouble)


def _approximation(scope: Scope, left: Node, sign: str, right: Node, statement: Statement) -> Part:
    """A link that holds approximately: decided where it has a sense that is exact."""
    span = left.span.to(right.span)
    trouble = errors.MeaningError("approximate", "this holds approximately only, which is not decided", span)
    if sign in NEAR:
        try:
            found = quotients.quotient(scope, left, right)
            if found is not None:
                return Part(left, right, "claim", found, sense=quotients.SENSE)
            found = first_order.change(scope, left, right, statement.remarks)
            if found is not None:
                return Part(left, right, "claim", found, sense=first_order.SENSE)
        except errors.MeaningError as further:
            trouble = errors.MeaningError(further.code, str(further), further.span)
    return Part(left, right, "claim", trouble=trouble)


def _definition(scope: Scope, left: Node, right: Node, statement: Statement, origin: int) -> tuple[Scope, Part] | None:
    """The first link as a definition; None where it is a claim."""
    ranges = ranges_of(statement.remarks)
    try:
        made = _function_definition(scope, left, right) or entrywise.define(scope, left, right)
        made = made or define_alias(scope, left, right, ranges)
        made = made or named_anew(scope, left, right, ranges, origin, statement.span)
        if made is not None:
            return made, Part(left, right, "definition")
        if not _may_define(scope, left, ranges):
            return None
        _require_no_name(scope, left, right)

        def attempt(wider: Scope) -> Scope:
            return define(wider, left, right, ranges, origin, statement.span)

        made = number_defined(scope, left, attempt, ranges) or supposing(scope, attempt, ranges)
    except errors.MeaningError as trouble:
        wider = _wider(scope, trouble)
        if wider is not None:
            return _definition(wider, left, right, statement, origin)
        return scope, Part(left, right, "definition", trouble=trouble)
    return made, Part(left, right, "definition")


def _definition_of_supposed(
    scope: Scope, left: Node, right: Node, statement: Statement, origin: int
) -> tuple[Scope, Part] | None:
    """A link that is not understood, as what an objective is of which nothing was stated before; None for others."""
    found = left_side(scope, left)
    bare = None if found is None else unsupposed(scope, found)
    made = None if bare is None else _definition(bare, left, right, statement, origin)
    return made if made is not None and made[1].trouble is None else None


def _function_definition(scope: Scope, left: Node, right: Node) -> Scope | None:
    """The scope with the rule of f(z) = …; None where the left side is no such name, or it has a rule."""
    variable, applied = function_variable(left), factors.application(left)
    if variable is None or applied is None or applied[0].primes:
        return None
    name = applied[0].name
    if scope.functions.get(name) is not None or scope.knows(name) or name.lower() in factors.NAMED:
        return None
    try:
        return define_function(scope, left, right)
    except errors.MeaningError:
        # J(Θ) = … may be a loss with its parameters
        if scope.knows(variable) or is_loss(applied[0]):
            return None
        raise


def _may_define(scope: Scope, left: Node, ranges: dict[str, Ranged]) -> bool:
    """Whether a left side names a quantity that nothing defines yet."""
    applied = factors.application(left)
    if applied is not None and factors.is_named(applied[0].name) and not scope.knows(applied[0].name):
        return False
    found = left_side(scope, left)
    if found is None or found.is_transposed or _is_constant(scope, found):
        return False
    if applied is not None and any(one.letter == applied[0].name for one in scope.maps):
        return False
    known = entries.candidates(Reading(scope, readings), found, is_exact=True)
    if any(sorted_marks.power is not None for _, sorted_marks in known):
        return False
    return not is_defined(scope, found) and not _is_assumption(left) and not _is_slice(scope, found, ranges)


def _is_slice(scope: Scope, found: Mention, ranges: dict[str, Ranged]) -> bool:
    """Whether this is a row or a column of a matrix that is defined."""
    reading = Reading(scope, readings, known=lengths(scope, ranges))
    names = {stated.definition.name for stated in scope.definitions}
    rows = of_one_index(reading, found)
    return any(index.name_of(entry) in names for value in rows for entry in index.entries(value.expr))


def _require_no_name(scope: Scope, left: Node, right: Node) -> None:
    """That a formula does not define at one layer what is a name for a derivative at the others.

    Raises:
        MeaningError: it would.
    """
    found = left_side(scope, left)
    names = {stated.definition.name for stated in scope.definitions if stated.definition.value.has(index.Partial)}
    candidates = () if found is None else entries.candidates(Reading(scope, readings), found, is_exact=True)
    is_name = any(isinstance(meant, Profile) and meant.name in names for meant, _ in candidates)
    if is_name and not any(derivatives.is_sign(part) or derivatives.is_gradient(part) for part in nodes(right)):
        message = f"{written(left)} is a name for a derivative in other layers; nothing states what it is in this one"
        raise errors.MeaningError("no-definition", message, left.span.to(right.span))


def _is_constant(scope: Scope, found: Mention) -> bool:
    """Whether a name is 1, or e with a power: e alone, e_k and e^{(l)} are as often an error."""
    if found.name == "1":
        return True
    above = [mark for mark in found.marks if mark.place == "sup"]
    is_power = any(not mark.bracket and not is_layer(scope, mark.content) for mark in above)
    return found.name == "e" and is_power and not scope.knows("e")


def _is_assumption(left: Node) -> bool:
    return not isinstance(left, Letter | Scripted | Product)


def anew(scope: Scope, part: Part, statement: Statement, origin: int) -> Redefined | None:
    """A link that does not fit what is known, or brings in a new weight, as a new definition of its left side."""
    found = left_side(scope, part.left)
    trouble = part.trouble
    if found is None or found.is_transposed or trouble is None:
        return None
    is_plain = factors.application(part.left) is None
    is_of_new_weight = is_plain and isinstance(trouble.mention, Mention) and is_weight(scope, trouble.mention)
    if trouble.code not in _MISFITS and not (trouble.code == "unknown-symbol" and is_of_new_weight):
        return None
    names = _written_so(scope, found)
    old = [stated for stated in scope.definitions if stated.definition.name in names]
    if not old or any(_is_about_derivatives(scope, stated.definition.value) for stated in old):
        return None
    defined = {stated.definition.name for stated in scope.definitions}
    supposed = {p.name for p in mentioned(scope, part.left, part.right) if not p.is_firm and p.name not in defined}
    kept = tuple(stated for stated in scope.definitions if stated not in old)
    supposed -= set().union(*(_names(stated.definition.value) for stated in kept))
    bare = replace(
        scope,
        definitions=kept,
        profiles=tuple(p for p in scope.profiles if p.name not in names and p.name not in supposed),
    )
    ranges = ranges_of(statement.remarks)
    try:
        made = supposing(
            bare, lambda wider: define(wider, part.left, part.right, ranges, origin, statement.span), ranges
        )
    except errors.MeaningError:
        return None
    new = made.definitions[-1].definition
    if made is bare or _is_about_derivatives(scope, new.value) or is_numbered(scope, new.value):
        return None
    shaped = _with_slopes(scope, made, names[-1], new.name)
    return Redefined(shaped, new.name, any(_is_in_conflict(stated, statement, origin) for stated in old))


def _written_so(scope: Scope, found: Mention) -> list[str]:
    """The names of the quantities that a mention can be of."""
    reading = Reading(scope, readings)
    return [p.name for p in scope.named(found.name) if entries.match(reading, p, found) is not None]


def _with_slopes(before: Scope, made: Scope, old: str, new: str) -> Scope:
    """The scope in which the names for derivatives by a quantity that is defined anew have its new shape."""
    was, now = before.profile(old), made.profile(new)
    adjoints = {
        stated.definition.name
        for stated in made.definitions
        for node in stated.definition.value.atoms(index.Partial)
        if index.name_of(node.args[1]) == old
    }
    if was is None or now is None:
        return made
    profiles = tuple(
        replace(p, rows=now.rows, columns=now.columns)
        if p.name in adjoints and not p.is_stated and p.axes == was.axes
        else p
        for p in made.profiles
    )
    return replace(made, profiles=profiles)


def refunction(scope: Scope, part: Part) -> tuple[Scope, str] | None:
    """A claim ``f(z) = …`` that does not hold, as another rule for f; None for any other claim."""
    for left, right in ((part.left, part.right), (part.right, part.left)):
        variable, applied = function_variable(left), factors.application(left)
        if variable is None or applied is None or applied[0].primes or applied[0].name not in scope.functions:
            continue
        if left is part.right and scope.functions[applied[0].name] is not None:
            continue
        try:
            return define_function(scope, left, right), applied[0].name
        except errors.MeaningError:
            continue
    return None


def agree(scope: Scope, part: Part) -> Scope | None:
    """The scope in which an equation about given data alone, such as Σ_k y_k = 1, is agreed on; None for any other."""
    found = part.equation
    if found is None or not isinstance(part.left, BigOperator) or not found.right.is_number:
        return None
    if not isinstance(found.left, Sum) or not index.is_entry(found.left.function):
        return None  # of anything but the entries themselves it is a claim
    defined = {stated.definition.name for stated in scope.definitions}
    names = {index.name_of(entry) for entry in index.entries(found.left)}
    if len(names) != 1 or names & defined or found.left.has(index.Partial):
        return None
    return replace(
        scope, assumptions=(*scope.assumptions, Assumption(found.left, found.right, f"Σ {names.pop()} = {found.right}"))
    )


def _wider(scope: Scope, trouble: errors.MeaningError) -> Scope | None:
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


def _claim(scope: Scope, left: Node, right: Node, statement: Statement) -> tuple[Scope, Part]:
    try:
        found = _clear_equation(scope, left, right, statement)
    except errors.MeaningError as trouble:
        wider = _wider(scope, trouble)
        if wider is not None:
            return _claim(wider, left, right, statement)
        part = _with_one_size(scope, left, right, statement, trouble)
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
    """A claim in which a size that nothing states is another one; None where that does not make it fit."""
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


def redefine(scope: Scope, part: Part, statement: Statement, origin: int) -> Redefined | None:
    """A claim that does not follow, taken as a new definition of its left side; None where it cannot be one.

    A name for a derivative is never defined anew by a formula.
    """
    found = left_side(scope, part.left)
    equation_ = part.equation
    if found is None or equation_ is None or equation_.parts or found.is_transposed:
        return None
    left, right = equation_.left, equation_.right
    if not (index.is_entry(left) or left.is_Symbol) or _is_about_derivatives(scope, right):
        return None
    name = index.name_of(left)
    old = [stated for stated in scope.definitions if stated.definition.name == name]
    if not old or any(_is_about_derivatives(scope, stated.definition.value) for stated in old):
        return None
    try:
        made = _made_anew(scope, name, part, statement, origin)
    except errors.MeaningError as trouble:
        return Redefined(scope, name, is_conflict=True) if trouble.code == "wrong-index" else None
    if made is None:
        return None
    open_ones = name in scope.supposed or all(isinstance(s.definition.value, index.Unspecified) for s in old)
    open_ones = open_ones and not isinstance(equation_.right, index.Unspecified)
    is_conflict = not open_ones and any(_is_in_conflict(stated, statement, origin) for stated in old)
    return Redefined(made, name, is_conflict)


def _is_in_conflict(stated: Stated, statement: Statement, origin: int) -> bool:
    """Whether a definition and an older one that it differs from cannot both be meant.

    They can where a heading stands between them. A formula for all layers that is wrong looks like one that defines its
    left side anew, so this one has to say that it defines.
    """
    if stated.origin == 0:
        return False
    content = statement.content
    defines = isinstance(content, Relation) and content.signs[0] in DEFINES
    return stated.origin == origin or (stated.definition.layers is not None and not defines)


def restate(scope: Scope, part: Part, statement: Statement, origin: int) -> Scope | None:
    """The scope in which a claim about a quantity that is defined is its definition; None where it cannot be one.

    A section of a notation states anew what is special in it, names of derivatives too.
    """
    found = part.equation
    if part.kind != "claim" or found is None or found.parts or not (index.is_entry(found.left) or found.left.is_Symbol):
        return None
    name = index.name_of(found.left)
    if not any(stated.definition.name == name for stated in scope.definitions):
        return None
    return _restated(scope, name, part, statement, origin)


def _restated(scope: Scope, name: str, part: Part, statement: Statement, origin: int) -> Scope | None:
    try:
        return _made_anew(scope, name, part, statement, origin)
    except errors.MeaningError:
        return None


def _made_anew(scope: Scope, name: str, part: Part, statement: Statement, origin: int) -> Scope | None:
    """The scope with a new definition, the old ones kept in the layers that it does not reach.

    Raises:
        MeaningError: the equation cannot be a definition.
    """
    old = [stated for stated in scope.definitions if stated.definition.name == name]
    bare = replace(scope, definitions=tuple(stated for stated in scope.definitions if stated not in old))
    made = define(bare, part.left, part.right, ranges_of(statement.remarks), origin, statement.span)
    new = made.definitions[len(bare.definitions) :]
    if len(new) != 1 or _is_circular(new[0].definition):
        return None
    rest = tuple(piece for stated in old for piece in _outside(stated, new[0].definition.layers))
    return replace(made, definitions=(*bare.definitions, *rest, *new))


def _is_circular(definition: Definition) -> bool:
    """Whether a quantity without layers is defined in terms of itself."""
    value = definition.value
    return definition.layers is None and not isinstance(value, index.Unspecified) and definition.name in _names(value)


def _names(expression: Expr) -> set[str]:
    symbols = {str(symbol) for symbol in expression.free_symbols}
    return symbols | {index.name_of(entry) for entry in index.entries(expression)}


def _outside(stated: Stated, layers: index.Range | None) -> Iterator[Stated]:
    """A definition in the layers below and above a range."""
    own = stated.definition.layers
    if own is None or layers is None:
        return
    for low, high in (
        (own[0], min(own[1], layers[0] - 1, key=index.leading)),
        (max(own[0], layers[1] + 1, key=index.leading), own[1]),
    ):
        if index.at_most(low, high):
            yield replace(stated, definition=replace(stated.definition, layers=(low, high)))


def is_open(scope: Scope, part: Part) -> bool:
    """Whether a link's left side is a quantity of which it is only known what it depends on."""
    if part.equation is None:
        return False
    left = part.equation.left
    if not (index.is_entry(left) or left.is_Symbol):
        return False
    values = [s.definition.value for s in scope.definitions if s.definition.name == index.name_of(left)]
    is_supposed = index.name_of(left) in scope.supposed
    return bool(values) and (is_supposed or all(isinstance(value, index.Unspecified) for value in values))


def _is_about_derivatives(scope: Scope, expression: Expr) -> bool:
    """Whether a formula holds a derivative, a slope, or a name for a derivative."""
    if expression.has(index.Partial) or any(node.order for node in expression.atoms(index.ScalarFunction)):
        return True
    adjoints = {s.definition.name for s in scope.definitions if s.definition.value.has(index.Partial)}
    return any(index.name_of(entry) in adjoints for entry in index.entries(expression))


def limited_name(scope: Scope, part: Part) -> str | None:
    """The name of what a link says something about in some cases only; None where it says nothing of that kind."""
    if part.trouble is None or part.trouble.code != "unknown-condition":
        return None
    found = left_side(scope, part.left)
    applied = factors.application(part.left)
    return found.name if found is not None else applied[0].name if applied is not None else None


def redefined_name(scope: Scope, part: Part) -> str | None:
    """The quantity that a link would define anew if it were understood; None where its left side is none."""
    found = left_side(scope, part.left)
    if found is None or found.is_transposed:
        return None
    reading = Reading(scope, readings)
    names = _written_so(scope, found)
    names += [meant.of for meant, _ in entries.candidates(reading, found) if isinstance(meant, Alias)]
    old = [stated for stated in scope.definitions if stated.definition.name in names]
    if not old or any(_is_about_derivatives(scope, stated.definition.value) for stated in old):
        return None
    return old[0].definition.name
