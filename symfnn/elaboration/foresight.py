"""What a text says of every layer, looked up before its first examples: the shapes that fit its general equations.

A text that begins with ``z^{(2)} = W^{(1)} x + b^{(1)}`` leaves open whether W^{(l)} leads to layer l or away from it;
the ``z^{(l+1)} = W^{(l)} a^{(l)} + b^{(l)}`` further down does not.
"""

from collections.abc import Iterable
from dataclasses import replace

from symfnn.algebra import index
from symfnn.elaboration.declarations import is_layer
from symfnn.elaboration.left_sides import left_side
from symfnn.elaboration.reading import blank, index_of
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.statements import understand
from symfnn.latex.syntax import Relation, Statement


def foreseen(scope: Scope, statements: Iterable[Statement]) -> Scope:
    """The scope with the layered quantities that only the general equations of a text determine."""
    known = scope
    for statement in statements:
        understood = understand(known, statement, 1)
        is_stated = understood.kind == "declaration" and understood.trouble is None
        if is_stated or (_is_general(known, statement) and _defines(understood.parts)):
            known = understood.scope
    stated = {p.letter for p in known.profiles if p.is_stated}
    found = tuple(
        p
        for p in known.profiles
        if p.is_layered and p.part is None and p.letter not in stated and (p.rows is not None or p.columns is not None)
    )
    fitting = [p for p in found if all(s is None or s.has(index.LAYER) for s in (p.rows, p.columns))]
    return replace(scope, profiles=(*scope.profiles, *fitting))


def _defines(parts: tuple[object, ...]) -> bool:
    first = parts[0] if parts else None
    return getattr(first, "kind", "") == "definition" and getattr(first, "trouble", None) is None


def _is_general(scope: Scope, statement: Statement) -> bool:
    """Whether an equation's left side is a quantity at any layer."""
    content = statement.content
    if not isinstance(content, Relation) or content.parts[0] is None:
        return False
    found = left_side(scope, content.parts[0])
    if found is None:
        return False
    marks = [mark.content for mark in found.marks if is_layer(scope, mark.content)]
    return any(index.LAYER in index_of(blank(scope), content).free_symbols for content in marks)
