"""Abbreviations: a name that is given after the fact to what stands in an earlier definition.

``a = f(W x + b)`` and then "write ``z = W x + b`` for the pre-activation": a is f(z), and depends on z.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from sympy import Add, Expr, Symbol, preorder_traversal

from symfnn.algebra import index, normal
from symfnn.elaboration.scope import Profile, Scope, Stated
from symfnn.model.definitions import Definition


def put_in(scope: Scope, made: Profile, definition: Definition) -> Scope:
    """The scope in which earlier definitions are written in a quantity that is an abbreviation of a part of them.

    Args:
        scope: that has the definition not yet.
        made: what is defined.
        definition: its definition.
    """
    if not isinstance(definition.value, Add) or definition.value.has(index.Partial):
        return scope
    definitions = tuple(_written(stated, made, definition) for stated in scope.definitions)
    return scope if definitions == scope.definitions else replace(scope, definitions=definitions)


def _written(stated: Stated, made: Profile, definition: Definition) -> Stated:
    old = stated.definition
    if old.name == definition.name or not _is_inside(old, definition):
        return stated
    read = _names(definition.value)
    inner = [part for part in preorder_traversal(old.value) if isinstance(part, Add) and part != old.value]
    inner = [part for part in inner if _names(part) == read]
    new = {part: name for part in inner if (name := _name(part, made, definition)) is not None}
    if not new:
        return stated
    return replace(stated, definition=replace(old, value=old.value.xreplace(new)))


def _is_inside(old: Definition, definition: Definition) -> bool:
    """Whether the abbreviation is stated wherever the other definition holds."""
    if definition.layers is None or old.layers is None:
        return definition.layers is None
    (first, last), (low, high) = old.layers, definition.layers
    return bool(index.at_most(low, first)) and bool(index.at_most(last, high))


def _name(part: Expr, made: Profile, definition: Definition) -> Expr | None:
    """The entry of the quantity that a part is, or is the negative of; None where it is none."""
    form = normal.normal_form(part)
    for entry in _entries(part, made):
        value = normal.normal_form(definition.at(entry))
        if form == value:
            return entry
        if form == normal.normal_form(-value):
            return -entry
    return None


def _entries(part: Expr, made: Profile) -> Iterator[Expr]:
    """The entries of a quantity at the letters of a part."""
    quantity = made.quantity
    count = len(quantity.slots) - (1 if made.is_layered else 0)
    letters = [s for s in part.free_symbols if isinstance(s, Symbol) and s.is_integer and s != index.LAYER]
    layer = (index.LAYER,) if made.is_layered else ()
    if not quantity.slots:
        yield quantity.scalar
        return
    for places in product(sorted(letters, key=str), repeat=count):
        yield quantity[(*layer, *places)]


def _names(expression: Expr) -> set[str]:
    return {index.name_of(entry) for entry in index.entries(expression)}
