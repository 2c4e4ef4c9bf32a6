"""What the left side of an equation names, and whether something defines it."""

from sympy import Expr

from symfnn.algebra import index
from symfnn.elaboration import entries, factors
from symfnn.elaboration.declarations import Ranged, is_layer, is_sample
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.names import Mention, compound, mention
from symfnn.elaboration.reading import Reading, blank, index_of
from symfnn.elaboration.scope import Alias, Composite, Profile, Scope
from symfnn.latex.syntax import Letter, Node, Scripted
from symfnn.model.definitions import Definition


def left_side(scope: Scope, node: Node) -> Mention | None:
    """The quantity that a left side names, with or without arguments; None where it is an expression."""
    found = mention(node) or compound(node)
    if found is not None:
        return found
    applied = factors.application(node)
    if applied is not None and (applied[0].name not in scope.functions or factors.is_list(scope, *applied)):
        return factors.told_apart(scope, *applied)
    return None


def function_variable(node: Node) -> str | None:
    """The variable of ``f(z)`` and ``f'(z)`` where the brackets hold one plain letter."""
    applied = factors.application(node)
    if applied is None or factors.is_special(applied[0].name):
        return None
    body = applied[1].body
    return body.name if isinstance(body, Letter) and not applied[0].marks else None


def is_defined(scope: Scope, found: Mention) -> bool:
    """Whether a definition in force, or an alias, covers what is mentioned."""
    reading = Reading(scope, readings)
    for meant, sorted_marks in entries.candidates(reading, found, is_exact=True):
        layer = None
        if sorted_marks.layer is not None:
            layer = index_of(blank(scope), sorted_marks.layer)
        if isinstance(meant, Composite) and not _is_at(scope, meant, layer):
            continue
        if isinstance(meant, Composite) and meant.is_name:
            return True
        names = {meant.of} if isinstance(meant, Alias) else {meant.name} if isinstance(meant, Profile) else meant.names
        return any(_covers(stated.definition, name, layer) for stated in scope.definitions for name in names)
    return False


def _is_at(scope: Scope, meant: Composite, layer: Expr | None) -> bool:
    """Whether a quantity is made up so at a layer."""
    return layer is None or entries.may_be(layer, scope.layers_of(meant.profile))


def _covers(definition: Definition, name: str, layer: Expr | None) -> bool:
    """Whether a definition is one of that quantity at that layer, or may be."""
    if definition.name != name:
        return False
    if layer is None or definition.layers is None:
        return True
    low, high = definition.layers
    if index.LAYER in layer.free_symbols:
        return bool(low != high)
    if index.DEPTH in layer.free_symbols or index.DEPTH in high.free_symbols:
        return bool(index.at_most(low, layer)) and bool(index.at_most(layer, high))
    return bool(low <= layer <= high)


def component_letters(scope: Scope, found: Mention, ranges: dict[str, Ranged]) -> list[Node]:
    """The letters below that are components."""
    return [
        mark.content
        for mark in found.marks
        if mark.place == "sub"
        and isinstance(mark.content, Letter | Scripted)
        and not is_layer(scope, mark.content)
        and not is_sample(scope, mark, ranges, found.name)
    ]


def is_numbered(scope: Scope, expression: Expr) -> bool:
    """Whether an entry is named by a number in an expression, and is not the only one of its axis."""
    for entry in index.entries(expression):
        profile = scope.profile(index.name_of(entry))
        if profile is None:
            places = [(place, place) for place in index.indices_of(entry)]
        else:
            indices = index.indices_of(entry)
            ranges = profile.quantity.ranges_at(indices)
            places = [(i, high) for i, (_, high) in zip(indices, ranges, strict=True)][1 if profile.is_layered else 0 :]
        if any(place.is_Integer and size not in scope.single for place, size in places):
            return True
    return False
