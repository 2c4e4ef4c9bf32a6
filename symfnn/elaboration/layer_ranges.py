r"""In which layers a quantity is that no formula defines: where the definitions read it.

The $W^{(l)}$ of ``z^{(l)} = W^{(l)} a^{(l-1)}`` for l = 2, …, L is there from layer 2 on, and ``\sum_l \|W^{(l)}\|^2``
without limits takes all layers that have weights.
"""

from dataclasses import replace
from functools import lru_cache

from sympy import Expr

from symfnn.algebra import index
from symfnn.elaboration.scope import Profile, Scope, Stated
from symfnn.model.definitions import Definition


def whole_range(scope: Scope, body: Expr, letter: Expr) -> index.Range | None:
    """The layers in which all that a sum's body mentions at its letter is; None where they are not known.

    Args:
        scope: with the definitions.
        body: what is summed.
        letter: bound by the sum, a layer.
    """
    found = set[index.Range | None]()
    for entry in index.entries(body):
        if letter in entry.free_symbols:
            is_there = index.indices_of(entry)[0] == letter
            found.add(layers_in_use(scope.definitions, index.name_of(entry)) if is_there else None)
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=4096)
def layers_in_use(stated: tuple[Stated, ...], name: str) -> index.Range | None:
    """The layers of a quantity by its own definitions, or by those that read it.

    None where no definition is for many layers, or they leave gaps.
    """
    definitions = [one.definition for one in stated if one.definition.layers is not None]
    own = [definition for definition in definitions if definition.name == name]
    ranges = [(d.layers, d.entry) for d in own] or [(d.layers, e) for d in definitions for e in _mentions(d, name)]
    found = sorted({_moved(layers, entry) for layers, entry in ranges if layers is not None}, key=_length)
    if not found or not _length(found[-1]):
        return None
    low, high = found.pop()
    while found:
        beside = next((one for one in found if one[1] == low - 1 or one[0] == high + 1), None)
        inside = [one for one in found if index.at_most(low, one[0]) and index.at_most(one[1], high)]
        if beside is None and not inside:
            return None
        if beside is not None:
            low, high = (beside[0], high) if beside[1] == low - 1 else (low, beside[1])
        found = [one for one in found if one != beside and one not in inside]
    return low, high


def layers_of(scope: Scope, profile: Profile) -> index.Range:
    """In which layers a quantity is: where it is stated to be or is defined, else where it is read; else in all."""
    is_given = all(one.definition.name != profile.name for one in scope.definitions)
    is_open = is_given and (profile.layers is None or not profile.is_stated)
    used = layers_in_use(scope.definitions, profile.name) if is_open else None
    return used or scope.layers_of(profile)


def in_its_layers(scope: Scope, profile: Profile) -> Profile:
    """A profile with the layers that its quantity is in."""
    return replace(profile, layers=layers_of(scope, profile) if profile.is_layered else None)


def _mentions(definition: Definition, name: str) -> list[Expr]:
    """The entries of a quantity that a definition reads at its own layer, one beside it, or a fixed one."""
    found = [entry for entry in index.entries(definition.value) if index.name_of(entry) == name]
    return [entry for entry in found if index.indices_of(entry)[0].free_symbols <= {index.LAYER, index.DEPTH}]


def _moved(layers: index.Range, entry: Expr) -> index.Range:
    """A definition's layers, moved to those of what it reads."""
    layer = index.indices_of(entry)[0]
    low, high = (index.substitute(layer, {index.LAYER: bound}) for bound in layers)
    return low, high


def _length(layers: index.Range) -> int:
    return int(layers[0] != layers[1])
