r"""Rows and columns: ``x \in \mathbb{R}^n`` says how many entries x has, not how they lie; a text's products do.

A vector is a column, unless the definitions of a text fit better where its vectors are rows: ``z = x W + b``.
"""

from collections.abc import Iterable
from dataclasses import replace

from sympy import Expr

from symfnn.algebra import index
from symfnn.elaboration import entries
from symfnn.elaboration.declarations import states_length
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.names import mention
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.scope import Profile, Scope
from symfnn.elaboration.statements import understand
from symfnn.elaboration.suppositions import is_weight
from symfnn.latex.syntax import Letter, Node, Product, Relation, Scripted, Statement, Sum
from symfnn.latex.walk import nodes

_MISFITS = ("ill-shaped", "ambiguous-product")
ONE = "the loss is a number, so what it is computed from has one entry"
ROWS = "a vector of which only the number of entries is stated is a row"


def laid(scope: Scope, statements: Iterable[Statement]) -> Scope:
    """The scope in which a text's vectors lie as most of its definitions need them."""
    everything = tuple(statements)
    is_behind = _are_weights_behind(everything)
    if not is_behind and not any(states_length(statement.content) for statement in everything):
        return scope
    as_columns = _misfits(scope, everything)
    turned = replace(scope, are_rows=True)
    if as_columns == 0:
        return turned if is_behind and _misfits(turned, everything) == 0 else scope
    return turned if _misfits(turned, everything) < as_columns else scope


def _are_weights_behind(statements: tuple[Statement, ...]) -> bool:
    """Whether every affine map that is stated is written ``X W + b``, the weights behind: each row is a sample."""
    stated = [parts[-1] for one in statements if isinstance(one.content, Relation) and (parts := one.content.parts)]
    sums = [part for side in stated if side is not None for part in nodes(side) if isinstance(part, Sum)]
    products = [term for total in sums for term in total.terms if isinstance(term, Product)]
    pairs = [[mention(factor) for factor in product.factors] for product in products if set(product.signs) <= {""}]
    weighted = [[is_weight(Scope(), one) for one in pair if one is not None] for pair in pairs if len(pair) == 2]
    return [False, True] in weighted and [True, False] not in weighted


def _misfits(scope: Scope, statements: tuple[Statement, ...]) -> int:
    """How many definitions have shapes that do not fit."""
    count = 0
    for statement in statements:
        understood = understand(scope, statement, 1)
        scope = understood.scope
        count += any(
            part.kind == "definition" and part.trouble is not None and part.trouble.code in _MISFITS
            for part in understood.parts
        )
    return count


def taken(scope: Scope, left: Node, right: Node, sides: Iterable[Expr]) -> tuple[str, ...]:
    """What is taken for granted about the arrays in an equation, whose entries are ``sides``, in words."""
    words = []
    if scope.are_rows and _has_row(scope, left, right):
        words.append(ROWS)
    if scope.is_one_supposed and any(_is_of_one(scope, entry) for side in sides for entry in index.entries(side)):
        words.append(ONE)
    return tuple(words)


def _has_row(scope: Scope, left: Node, right: Node) -> bool:
    """Whether a vector that lies as a row stands in an equation as a whole."""
    reading = Reading(scope, readings)
    named = [mention(part) for side in (left, right) for part in nodes(side) if isinstance(part, Letter | Scripted)]
    found = [pair for one in named if one is not None for pair in entries.candidates(reading, one)]
    wholes = [meant if isinstance(meant, Profile) else meant.profile for meant, marks in found if not marks.components]
    return any(p.rows is None and p.columns is not None for p in wholes)


def _is_of_one(scope: Scope, entry: Expr) -> bool:
    """Whether an entry is the only one of an axis."""
    profile = scope.profile(index.name_of(entry))
    ranges = () if profile is None else profile.quantity.ranges_at(index.indices_of(entry))
    return any(high in scope.single for _, high in ranges)
