"""Other ways to write the entries of a quantity: ``w_{ij} = W_{ji}``."""

from dataclasses import replace

from sympy import Expr

from symfnn.algebra import index
from symfnn.elaboration.declarations import Ranged, is_layer_mark, profile
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.left_sides import component_letters
from symfnn.elaboration.names import Mention, marks, mention
from symfnn.elaboration.reading import Reading, blank, index_of
from symfnn.elaboration.scope import Alias, Profile, Scope
from symfnn.elaboration.values import Value
from symfnn.latex.syntax import Fence, Node, Scripted


def alias_of(
    scope: Scope, found: Mention, outer: tuple[Node, ...], value: Value, ranges: dict[str, Ranged], reading: Reading
) -> Alias | None:
    """``w_{ij} = W_{ji}``, ``(z_n)_i = Z_{in}``: another way to write entries of a quantity; None for anything else."""
    if not index.is_entry(value.expr) or not value.is_scalar:
        return _of_whole(scope, found, value, ranges) if index.is_entry(value.expr) and not outer else None
    of = scope.profile(index.name_of(value.expr))
    inner = [index_of(blank(scope), node) for node in component_letters(scope, found, ranges)]
    axes = [index_of(blank(scope), node) for node in outer]
    if of is None or not (inner or axes):
        return None
    made = profile(scope, found, ranges, is_entry=True)
    layer = value.expr.indices[0] if of.is_layered else None
    if _is_elsewhere(scope, found, made, layer):
        return None
    if not outer:
        inner, axes = [], inner
    places = list(value.expr.indices)[1 if of.is_layered else 0 :]
    has_sample = any(slot.role == "sample" for slot in made.slots)
    found_roles = [_role(letter, axes, inner, has_sample=has_sample) for letter in places]
    roles = [role for role in found_roles if role is not None]
    if len(roles) < len(places) or not all(letter in places for letter in (*axes, *inner)):
        return None
    samples = None
    if "sample" in roles:
        counts = [size for size in (of.rows, of.columns, of.samples) if size is not None]
        samples = counts[roles.index("sample")]
    sizes = [reading.uses[letter][0] for letter in axes]
    rows, columns = sizes[0], sizes[1] if len(sizes) > 1 else None
    layered = replace(
        made, rows=rows, columns=columns, samples=samples, layers=of.layers if of.is_layered else made.layers
    )
    style = found.style if outer and scope.named(found.name) else None
    own = tuple(reading.uses[letter][0] for letter in inner)
    return Alias(layered, of.name, tuple(roles), own, style, None if made.is_layered else layer)


def _of_whole(scope: Scope, found: Mention, value: Value, ranges: dict[str, Ranged]) -> Alias | None:
    """``w^l = W^l``: a given array whose letter is written in the other case too; None for anything else."""
    of = scope.profile(index.name_of(value.expr))
    is_given = all(stated.definition.name != index.name_of(value.expr) for stated in scope.definitions)
    if of is None or not is_given or found.is_transposed or scope.named(found.name):
        return None
    made = profile(scope, found, ranges, is_entry=False)
    layers = list(value.expr.indices)[: int(of.is_layered)]
    axes = [axis.letter for axis in (value.row, value.column) if axis is not None]
    is_same = made.is_layered == of.is_layered and not any(_is_elsewhere(scope, found, made, one) for one in layers)
    if found.name.swapcase() != of.letter or list(value.expr.indices) != [*layers, *axes] or not is_same:
        return None
    layered = replace(made, rows=of.rows, columns=of.columns, layers=of.layers)
    return Alias(layered, of.name, tuple(range(len(axes))))


def _is_elsewhere(scope: Scope, found: Mention, made: Profile, layer: Expr | None) -> bool:
    """Whether what is written is at another layer than what it is to stand for, or at none of which it is known."""
    if layer is None:
        return False
    if not made.is_layered:
        return index.LAYER in layer.free_symbols
    written_ = [mark.content for mark in found.marks if is_layer_mark(scope, found.name, mark)]
    return all(index_of(blank(scope), content) != layer for content in written_)


def _role(letter: Expr, axes: list[Expr], inner: list[Expr], *, has_sample: bool) -> int | str | None:
    """What stands at one index of the quantity that an alias is for."""
    if letter in axes:
        return axes.index(letter)
    if letter in inner:
        return 2 + inner.index(letter)
    return "sample" if has_sample else None


def define_alias(scope: Scope, left: Node, right: Node, ranges: dict[str, Ranged]) -> Scope | None:
    """The scope with ``(z_n)_i = Z_{in}`` as another way to write entries; None for any other equation.

    Raises:
        MeaningError: the right side is not understood.
    """
    if not isinstance(left, Scripted) or left.sub is None or left.sup is not None or not isinstance(left.base, Fence):
        return None
    inner = None if left.base.body is None else mention(left.base.body)
    if inner is None or inner.is_transposed:
        return None
    outer = tuple(mark.content for mark in marks(left.sub, "sub"))
    reading = Reading(scope, readings)
    alias = alias_of(scope, inner, outer, reading.value(right), ranges, reading)
    return None if alias is None else replace(scope, aliases=(*scope.aliases, alias))
