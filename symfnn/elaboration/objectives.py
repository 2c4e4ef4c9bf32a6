r"""Losses are numbers: what is supposed of the outputs where the loss of a text would be a list of them.

``L = -(y \log a + (1 - y) \log(1 - a))`` with an array a is a number where the last layer has one neuron.
"""

from collections.abc import Callable
from dataclasses import replace

from sympy import Expr

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration.declarations import Ranged
from symfnn.elaboration.left_sides import left_side
from symfnn.elaboration.scope import Profile, Scope
from symfnn.elaboration.suppositions import is_loss, supposing
from symfnn.latex.syntax import Node


def number_defined(
    scope: Scope, left: Node, attempt: Callable[[Scope], Scope], ranges: dict[str, Ranged]
) -> Scope | None:
    """The scope with the definition of a loss as a number; None where the left side is none, or it can be no number."""
    found = left_side(scope, left)
    if found is None or not is_loss(found):
        return None

    def as_number(wider: Scope) -> Scope:
        made = attempt(wider)
        return made if _axis(wider, made) is None else _refuse(left)

    def of_one_neuron(wider: Scope) -> Scope:
        made = attempt(wider)
        axis = _axis(wider, made)
        if axis is None:
            return made
        if not _may_be_one(wider, axis):
            _refuse(left)
        return as_number(replace(wider, single=wider.single | {axis}, is_one_supposed=True))

    for meant, order in ((as_number, _no_other_way), (of_one_neuron, _numbers_first)):
        try:
            return supposing(scope, meant, ranges, order)
        except errors.MeaningError:
            continue
    return None


def _refuse(left: Node) -> Scope:
    raise errors.MeaningError("ill-shaped", "a loss is a number", left.span)


def _axis(before: Scope, made: Scope) -> Expr | None:
    """The size of the one axis of what is newly defined; None for a number, and for what has no definition here.

    Raises:
        MeaningError: it is a matrix.
    """
    new = [stated for stated in made.definitions if stated not in before.definitions]
    profile = made.profile(new[-1].definition.name) if new else None
    if profile is None or profile.axes == 0:
        return None
    if profile.axes > 1:
        raise errors.MeaningError("ill-shaped", "a loss is a number", new[-1].span)
    return profile.rows if profile.rows is not None else profile.columns


def _may_be_one(scope: Scope, size: Expr) -> bool:
    """Whether an axis may have one entry: nothing is stated to have so many, but quantities of all layers."""
    stated = [p for p in scope.profiles if p.is_stated and not p.is_layered]
    if size.has(index.LAYER):
        return False
    return all(size not in (p.rows, p.columns, p.samples) for p in stated) and size not in scope.sizes.values()


def _no_other_way(scope: Scope, shapes: list[Profile]) -> list[Profile]:
    """The usual shapes of a name but vectors that lie otherwise than the others."""
    return [p for p in shapes if p.axes != 1 or (p.rows is None) == scope.are_rows]


def _numbers_first(_: Scope, shapes: list[Profile]) -> list[Profile]:
    return sorted(shapes, key=lambda p: p.axes > 0)
