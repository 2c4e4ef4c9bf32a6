"""Equations about one network of those that a text speaks of, and equations that say how a quantity hangs together."""

from sympy import Expr

from symfnn.algebra import index, normal
from symfnn.elaboration.left_sides import is_numbered
from symfnn.elaboration.redefining import redefine
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.understood import Part
from symfnn.latex.syntax import Statement


def is_example(scope: Scope, part: Part, *, is_written_out: bool) -> bool:
    """Whether a link is about entries by number, or about a numbered layer in the place of the last one.

    Args:
        scope: in force.
        part: the link.
        is_written_out: whether its entries by number are all that their axes have.
    """
    found = part.equation
    if found is None:
        return False
    sides = [side for one in (found, *found.parts) for side in (one.left, one.right)]
    if not is_written_out and any(is_numbered(scope, side) for side in sides):
        return True
    everything = [entry for side in (found.left, found.right) for entry in index.entries(side)]
    name = index.name_of(found.left) if index.is_entry(found.left) or found.left.is_Symbol else None
    old = [s.definition for s in scope.definitions if s.definition.name == name and s.definition.value.has(index.DEPTH)]
    numbers = {place for entry in everything for place in index.indices_of(entry) if place.is_Integer and place > 1}
    return any(
        normal.normal_form(definition.at(found.left).xreplace({index.DEPTH: number}))
        == normal.normal_form(found.right.xreplace({index.DEPTH: number}))
        for definition in old
        for number in numbers
    )


def through(scope: Scope, part: Part, statement: Statement, origin: int) -> Scope | None:
    """The scope in which a proved equation's left side is defined through what its right side names; None elsewhere.

    Where ``a = f(W x)`` was the definition and ``z = W x`` names a part of it, ``a = f(z)`` says that a depends on z.
    """
    found = part.equation
    if found is None or not (index.is_entry(found.left) or found.left.is_Symbol):
        return None
    name = index.name_of(found.left)
    values = {s.definition.name: s.definition.value for s in scope.definitions}
    inner = {index.name_of(entry) for entry in index.entries(found.right)}
    used = {index.name_of(entry) for value in values.values() for entry in index.entries(value)}
    if not inner & (values.keys() - used) or leads_to(scope, found.right, name):
        return None
    made = redefine(scope, part, statement, origin)
    return None if made is None or made.scope is scope else made.scope


def leads_to(scope: Scope, expression: Expr, target: str, layer: Expr = index.LAYER) -> bool:
    """Whether an expression at some layer depends on a quantity at this layer or a later one, without a step back."""
    waiting, seen = _used(expression), set[object]()
    while waiting:
        entry = waiting.pop()
        name, places = index.name_of(entry), index.indices_of(entry)
        profile = scope.profile(name)
        is_back = profile is not None and profile.is_layered and places[:1] != (layer,)
        if is_back or (name in seen):
            continue
        if name == target:
            return True
        seen.add(name)
        for stated in scope.definitions:
            if stated.definition.name == name:
                waiting += _used(stated.definition.value.xreplace({index.LAYER: layer}))
    return False


def _used(expression: Expr) -> list[Expr]:
    """The entries and the numbers in an expression."""
    entries = index.entries(expression)
    labels = {entry.base.label for entry in entries}
    return entries + [symbol for symbol in expression.free_symbols - labels if not symbol.is_integer]
