"""A claim that does not follow, taken as another definition of what it is about; and what it is not about."""

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr, Mul, Sum

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import entries, factors
from symfnn.elaboration.claims import ranges_of
from symfnn.elaboration.composing import define
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.function_rules import define_function
from symfnn.elaboration.left_sides import function_variable, is_numbered, left_side
from symfnn.elaboration.misfits import mentioned
from symfnn.elaboration.names import Mention
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.relations import DEFINES
from symfnn.elaboration.scope import Alias, Scope, Stated
from symfnn.elaboration.suppositions import is_weight, supposing
from symfnn.elaboration.understood import Part, Redefined
from symfnn.latex.syntax import BigOperator, Relation, Statement
from symfnn.model.definitions import Assumption, Definition

_MISFITS = frozenset({"ill-shaped", "wrong-index"})


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
    names = written_so(scope, found)
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


def written_so(scope: Scope, found: Mention) -> list[str]:
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


def redefine(scope: Scope, part: Part, statement: Statement, origin: int) -> Redefined | None:
    """A claim that does not follow, taken as a new definition of its left side; None where it cannot be one.

    A name for a derivative is never defined anew by a formula. Under another heading it may be the name of another
    derivative, or that may be wrong.
    """
    found = left_side(scope, part.left)
    equation_ = part.equation
    if found is None or equation_ is None or equation_.parts or found.is_transposed:
        return None
    left, right = equation_.left, equation_.right
    if not (index.is_entry(left) or left.is_Symbol):
        return None
    name = index.name_of(left)
    old = [stated for stated in scope.definitions if stated.definition.name == name]
    if old and _is_derivative(right) and all(_is_derivative(s.definition.value) and s.origin != origin for s in old):
        return Redefined(scope, name, is_conflict=True)
    if (
        not old
        or _is_about_derivatives(scope, right)
        or any(_is_about_derivatives(scope, stated.definition.value) for stated in old)
    ):
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


def renamed(scope: Scope, part: Part, statement: Statement, origin: int) -> Scope | None:
    r"""The scope in which another name, such as p for h, stands for something else; None for any other claim.

    The equation has to say that it defines: ``p \equiv h^N``.
    """
    content, found = statement.content, left_side(scope, part.left)
    defines = isinstance(content, Relation) and content.parts[0] is part.left and content.signs[0] in DEFINES
    if not defines or found is None or found.is_transposed:
        return None
    meant = next((meant for meant, _ in entries.candidates(Reading(scope, readings), found)), None)
    if not isinstance(meant, Alias) or meant.label:
        return None
    bare = replace(scope, aliases=tuple(alias for alias in scope.aliases if alias is not meant))
    try:
        made = define(bare, part.left, part.right, ranges_of(statement.remarks), origin, statement.span)
    except errors.MeaningError:
        return None
    return made if len(made.aliases) > len(bare.aliases) else None


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
    symbols = {str(symbol) for symbol in expression.free_symbols if not symbol.is_integer}  # the depth may be an L too
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


def _is_derivative(expression: Expr) -> bool:
    """Whether this is a derivative, with a factor such as -1 or a rate or without."""
    derivatives = [factor for factor in Mul.make_args(expression) if isinstance(factor, index.Partial)]
    others = [factor for factor in Mul.make_args(expression) if not isinstance(factor, index.Partial)]
    return len(derivatives) == 1 and not any(index.entries(factor) for factor in others)


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
    names = written_so(scope, found)
    names += [meant.of for meant, _ in entries.candidates(reading, found) if isinstance(meant, Alias)]
    old = [stated for stated in scope.definitions if stated.definition.name in names]
    if not old or any(_is_about_derivatives(scope, stated.definition.value) for stated in old):
        return None
    return old[0].definition.name
