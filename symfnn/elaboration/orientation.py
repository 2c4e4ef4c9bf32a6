r"""Rows and columns: ``x \in \mathbb{R}^n`` says how many entries x has, not how they lie; a text's products do.

A vector is a column, unless the definitions of a text fit better where its vectors are rows: ``z = x W + b``.
"""

from collections.abc import Iterable
from dataclasses import replace

from symfnn.elaboration import entries
from symfnn.elaboration.declarations import states_length
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.names import mention
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.scope import Profile, Scope
from symfnn.elaboration.statements import understand
from symfnn.elaboration.survey import nodes
from symfnn.latex.syntax import Letter, Node, Scripted, Statement

ROWS = "a vector of which only the number of entries is stated is a row"


def laid(scope: Scope, statements: Iterable[Statement]) -> Scope:
    """The scope in which a text's vectors lie as most of its definitions need them."""
    everything = tuple(statements)
    if not any(states_length(statement.content) for statement in everything):
        return scope
    as_columns = _misfits(scope, everything)
    if as_columns == 0:
        return scope
    turned = replace(scope, are_rows=True)
    return turned if _misfits(turned, everything) < as_columns else scope


def _misfits(scope: Scope, statements: tuple[Statement, ...]) -> int:
    """How many definitions have shapes that do not fit."""
    count = 0
    for statement in statements:
        understood = understand(scope, statement, 1)
        scope = understood.scope
        count += any(
            part.kind == "definition" and part.trouble is not None and part.trouble.code == "ill-shaped"
            for part in understood.parts
        )
    return count


def taken(scope: Scope, left: Node, right: Node) -> tuple[str, ...]:
    """What is taken for granted about how the vectors in an equation lie, in words."""
    if not scope.are_rows:
        return ()
    reading = Reading(scope, readings)
    named = [mention(part) for side in (left, right) for part in nodes(side) if isinstance(part, Letter | Scripted)]
    found = [pair for one in named if one is not None for pair in entries.candidates(reading, one)]
    wholes = [meant if isinstance(meant, Profile) else meant.profile for meant, marks in found if not marks.components]
    return (ROWS,) if any(p.rows is None and p.columns is not None for p in wholes) else ()
