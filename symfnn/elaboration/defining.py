"""The first link of a statement as a definition, where it can be one."""

from dataclasses import replace

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import derivatives, entries, entrywise, factors, same_sample
from symfnn.elaboration.aliases import define_alias
from symfnn.elaboration.claiming import with_supposed_loss
from symfnn.elaboration.claims import ranges_of
from symfnn.elaboration.composing import define, named_anew
from symfnn.elaboration.declarations import Ranged, is_layer, lengths
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.function_rules import define_function
from symfnn.elaboration.left_sides import function_variable, is_defined, left_side
from symfnn.elaboration.names import Mention, written
from symfnn.elaboration.objectives import number_defined
from symfnn.elaboration.penalties import with_objective
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.scope import Profile, Scope
from symfnn.elaboration.slices import of_one_index
from symfnn.elaboration.suppositions import is_loss, supposing, unsupposed
from symfnn.elaboration.understood import Part
from symfnn.latex.syntax import Fence, Function, Letter, Node, Product, Scripted, Statement, Sum
from symfnn.latex.walk import nodes
from symfnn.source import Span


def read_definition(
    scope: Scope, left: Node, right: Node, statement: Statement, origin: int
) -> tuple[Scope, Part] | None:
    """The first link as a definition; None where it is a claim."""
    named = _of_logarithm(scope, left, right, ranges_of(statement.remarks))
    found = None if named is None else _defined(scope, *named, statement, origin)
    if found is not None and found[1].trouble is None:
        return found[0], Part(left, right, "definition")
    return _defined(scope, left, right, statement, origin)


def _defined(scope: Scope, left: Node, right: Node, statement: Statement, origin: int) -> tuple[Scope, Part] | None:
    """The same of what is defined itself."""
    ranges = ranges_of(statement.remarks)
    try:
        made = _function_definition(scope, left, right) or entrywise.define(scope, left, right)
        made = made or define_alias(scope, left, right, ranges)
        made = made or named_anew(scope, left, right, ranges, origin, statement.span)
        if made is not None:
            return made, Part(left, right, "definition")
        if not may_define(scope, left, ranges):
            return None
        _require_no_name(scope, left, right)

        def attempt(wider: Scope) -> Scope:
            return define(wider, left, right, ranges, origin, statement.span)

        made = number_defined(scope, left, attempt, ranges) or supposing(scope, attempt, ranges)
    except errors.MeaningError as trouble:
        of_any = same_sample.defining_any(scope, left, right) if trouble.code == "wrong-index" else None
        if of_any is not None:
            found = read_definition(of_any[0], left, of_any[1], statement, origin)
            return found and (found[0], replace(found[1], right=right))
        wider = with_supposed_loss(scope, trouble)
        wider = wider or _with_objective(scope, left, right, ranges, origin, statement.span, trouble)
        if wider is not None:
            return read_definition(wider, left, right, statement, origin)
        return scope, Part(left, right, "definition", trouble=trouble)
    return made, Part(left, right, "definition")


def _of_logarithm(scope: Scope, left: Node, right: Node, ranges: dict[str, Ranged]) -> tuple[Node, Node] | None:
    r"""``-\log L = E`` as what it says of a new name, ``L = \exp(-E)``; None for any other left side."""
    is_negative = isinstance(left, Sum) and left.signs == ("-",)
    inner = left.terms[0] if isinstance(left, Sum) and is_negative else left
    if not isinstance(inner, Function) or inner.name not in ("log", "ln") or inner.sub or inner.sup or inner.primes:
        return None
    own = inner.argument
    while isinstance(own, Fence) and own.body is not None:
        own = own.body
    found = None if own is None else left_side(scope, own)
    if own is None or found is None or scope.knows(found.name) or not may_define(scope, own, ranges):
        return None
    exponent = Sum((right,), ("-",), right.span) if is_negative else right
    return own, Function("exp", exponent, None, None, 0, right.span)


def _with_objective(
    scope: Scope,
    left: Node,
    right: Node,
    ranges: dict[str, Ranged],
    origin: int,
    span: Span,
    trouble: errors.MeaningError,
) -> Scope | None:
    """The scope with the objective that a penalty is added to, of which nothing is stated."""

    def attempt(other: Node) -> Scope:
        def once(wider: Scope) -> Scope:
            return define(wider, left, other, ranges, origin, span)

        return number_defined(scope, left, once, ranges) or supposing(scope, once, ranges)

    return with_objective(scope, right, trouble, attempt)


def definition_of_supposed(
    scope: Scope, left: Node, right: Node, statement: Statement, origin: int
) -> tuple[Scope, Part] | None:
    """A link that is not understood, as what an objective is of which nothing was stated before; None for others."""
    found = left_side(scope, left)
    bare = None if found is None else unsupposed(scope, found)
    made = None if bare is None else read_definition(bare, left, right, statement, origin)
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


def may_define(scope: Scope, left: Node, ranges: dict[str, Ranged]) -> bool:
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
