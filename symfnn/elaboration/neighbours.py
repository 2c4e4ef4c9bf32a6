"""Neighbours: the layer beside those that were stated, as in ``a^{(0)} = x`` beside ``a^{(l)}``, l = 1, …, L.

A text gives the range of l for all that it numbers by layers. The input is then stated apart, one layer before.
"""

from dataclasses import replace

from sympy import Expr

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import entries
from symfnn.elaboration.names import Mention
from symfnn.elaboration.reading import blank, index_of
from symfnn.elaboration.scope import Profile, Scope


def with_neighbour(scope: Scope, found: Mention) -> Scope:
    """The scope in which a quantity that is defined for the layer before or behind its layers has this layer too."""
    reading = blank(scope)
    for meant, sorted_marks in entries.candidates(reading, found, is_exact=True):
        if not isinstance(meant, Profile) or meant.layers is None or sorted_marks.layer is None:
            continue
        try:
            layers = _wider(meant.layers, index_of(reading, sorted_marks.layer))
        except errors.MeaningError:
            continue
        if layers is not None:
            profiles = tuple(replace(p, layers=layers) if p is meant else p for p in scope.profiles)
            return replace(scope, profiles=profiles)
    return scope


def _wider(layers: index.Range, layer: Expr) -> index.Range | None:
    low, high = layers
    if low == high or layer.free_symbols - {index.DEPTH}:
        return None
    if layer == low - 1 and layer.is_nonnegative:
        return layer, high
    return (low, layer) if layer == high + 1 else None
