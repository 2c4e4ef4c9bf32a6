"""One statement after another: what each is (declaration, definition, assignment, claim), and the scope behind it."""

from collections.abc import Iterable
from dataclasses import replace

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import entrywise, first_order, quotients, updates
from symfnn.elaboration.adjoints import with_adjoints
from symfnn.elaboration.claiming import read_claim
from symfnn.elaboration.claims import ranges_of
from symfnn.elaboration.copies import renewed
from symfnn.elaboration.declarations import declare, is_declaration, ranged, shape, size_equation
from symfnn.elaboration.defining import definition_of_supposed, may_define, read_definition
from symfnn.elaboration.factors import application, is_named
from symfnn.elaboration.layouts import jacobian_layout
from symfnn.elaboration.left_sides import function_variable, left_side
from symfnn.elaboration.lists import is_named_list
from symfnn.elaboration.named_losses import is_named_loss, with_named_loss
from symfnn.elaboration.names import Mention, mention, written
from symfnn.elaboration.reading import blank, index_of
from symfnn.elaboration.redefining import written_so
from symfnn.elaboration.relations import APPROXIMATE, DEFINES, IMPLIES, NEAR
from symfnn.elaboration.remarks import limiting
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.spaces import membership
from symfnn.elaboration.survey import names_in, with_own_letter
from symfnn.elaboration.terms import with_terms
from symfnn.elaboration.understood import Part, Understood
from symfnn.latex.syntax import Fence, Function, Letter, Node, Product, Relation, Scripted, Statement
from symfnn.latex.walk import nodes
from symfnn.source import Span


def understand(scope: Scope, statement: Statement, origin: int) -> Understood:
    """What a statement is, and what is known behind it."""
    scope, content = renewed(with_own_letter(scope, statement)), statement.content
    scope = with_adjoints(scope, statement, origin)
    try:
        _require_layers(scope, statement)
        if is_declaration(content):
            return Understood("declaration", declare(scope, content, ranges_of(statement.remarks), origin))
    except errors.MeaningError as trouble:
        return Understood("declaration", scope, trouble=trouble)
    sized = scope if is_named_list(scope, content) else size_equation(scope, content)
    if sized is not None:
        return Understood("declaration", sized)
    if is_named_loss(content):
        return Understood("declaration", with_named_loss(scope, content, origin))
    if not isinstance(content, Relation):
        return Understood("other", scope, trouble=_nothing(content.span))
    if updates.is_assignment(scope, content):
        parts = tuple(read_claim(scope, left, right, statement)[1] for left, right in updates.worked_out(content))
        return Understood("assignment", scope, (*_misfit(scope, content, statement), *parts))
    layout = jacobian_layout(content)
    if layout is None or scope.jacobian_layout not in ("", layout):
        return _chain(scope, statement, content, origin)
    return _layout(replace(scope, jacobian_layout=layout), layout, statement, content, origin)


def _require_layers(scope: Scope, statement: Statement) -> None:
    """That the layers that a statement is about begin and end at layers.

    Raises:
        MeaningError: a letter stands there that is none.
    """
    stated = [ranged(node) for node in (statement.content, *statement.remarks)]
    for one in stated:
        for bound in () if one is None or one.letter != scope.layer_letter else (one.low, one.high):
            try:
                found = index_of(blank(scope), bound)
            except errors.MeaningError:
                continue
            if found.free_symbols - {index.DEPTH}:
                message = f"which layer {written(bound)} is, is not known"
                raise errors.MeaningError("not-covered", message, bound.span)


def _misfit(scope: Scope, content: Relation, statement: Statement) -> tuple[Part, ...]:
    """What an update adds to a quantity of another shape; nothing where it fits, or may fit."""
    found = updates.change(content)
    part = None if found is None else read_claim(updates.with_step_sizes(scope, found[1]), *found, statement)[1]
    return () if part is None or part.trouble is None or not part.trouble.is_shape else (part,)


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
    """The links of a chain in order; before all others those that say what a function's argument is."""
    parts: list[Part] = []
    last = _implication(content)
    scope, arguments = _arguments(scope, statement, content, origin)
    for place, (left, sign, right) in enumerate(_pairs(content)):
        if place in arguments:
            parts.append(Part(left, right, "definition"))
            continue
        if place == last or (sign == r"\in" and is_real(scope, right)):
            continue
        is_first = not parts or place - 1 == last
        scope, part = _link(scope, left, sign, right, statement, origin, is_first=is_first)
        parts.append(replace(part, is_given=last is not None and place < last))
    return scope, parts


def _arguments(scope: Scope, statement: Statement, content: Relation, origin: int) -> tuple[Scope, frozenset[int]]:
    r"""The scope with the arguments that a chain spells out, and the places of these links.

    ``a = \sigma(z) = \sigma(W x + b)`` says what z is where nothing has said so.
    """
    found: set[int] = set()
    for place, (left, sign, right) in enumerate(_pairs(content)):
        inner, value = _argument(scope, left), _argument(scope, right)
        if sign != "=" or place == 0 or inner is None or value is None or inner[0] != value[0]:
            continue
        is_own = bool(_letters(value[1]) & {name.name for name in names_in(inner[1])})
        if is_own or isinstance(value[1], Letter | Scripted) or not may_define(scope, inner[1], {}):
            continue
        made = read_definition(scope, inner[1], value[1], statement, origin)
        if made is not None and made[1].trouble is None:
            scope = made[0]
            found.add(place)
    return scope, frozenset(found)


def _argument(scope: Scope, node: Node) -> tuple[str, Node] | None:
    """The function, as written, and its argument; None for anything else."""
    if isinstance(node, Function):
        inner = node.argument.body if isinstance(node.argument, Fence) else node.argument
        return None if inner is None or node.sub or node.sup or node.primes else (node.name, inner)
    applied = application(node)
    if applied is None or applied[1].body is None or applied[0].primes:
        return None
    name = applied[0].name
    is_function = name in scope.functions or is_named(name)
    return (written(node.factors[0]), applied[1].body) if is_function and isinstance(node, Product) else None


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
        found = left_side(scope, part) if may_define(scope, part, {}) else None
    except errors.MeaningError:
        return False
    is_function = found is not None and found.name in scope.functions and not found.marks
    return found is not None and not written_so(scope, found) and not is_function


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
        if found is None or name is None or left is None:
            continue
        if not _is_told_by_style(scope, name, found[1]) and (found[1] is None or _is_shaped(scope, name)):
            continue
        try:
            scope = shape(scope, left, found[1], ranges_of(statement.remarks), origin)
        except errors.MeaningError:
            continue
    return scope


def _is_told_by_style(scope: Scope, found: Mention, dimensions: Node | None) -> bool:
    """Whether a letter is stated in plain type to be a number that is an array in bold, or the other way round.

    A letter in plain type that is not known yet, and is stated to be a number, may turn out to be one of these.
    """
    is_bold, is_array = found.style == "bold", dimensions is not None
    if is_bold != is_array or found.marks:
        return False
    known = scope.named(found.name)
    if not known:
        return not is_bold and not scope.knows(found.name)
    return all(one.is_bold != is_bold and one.is_stated and (one.axes > 0) != is_array for one in known)


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
    defined = read_definition(scope, left, right, statement, origin) if is_first else None
    if defined is None:
        claimed = read_claim(scope, left, right, statement)
        if is_first and claimed[1].equation is not None and claimed[1].scope is None:
            wider = with_terms(claimed[0], claimed[1].equation)
            claimed = claimed if wider is None else (wider, Part(left, right, "definition"))
        is_open = is_first and claimed[1].trouble is not None
        return (definition_of_supposed(scope, left, right, statement, origin) if is_open else None) or claimed
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
