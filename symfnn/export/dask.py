"""Gradients over data that one machine need not hold: sums over the chunks of Dask arrays, by any of Dask's schedulers.

The objective is a sum over samples. Each chunk of rows gives its part of the sum and of its gradient, parts are added
in a tree, and the penalty is added once at the end. A chunk that a lost worker had is evaluated again by Dask.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import isnan
from typing import Any, final

import dask
import numpy as np
from numpy.typing import ArrayLike
from sympy import Integer

from symfnn import errors
from symfnn.export import arguments
from symfnn.export.arguments import Array
from symfnn.export.functions import part_of_samples
from symfnn.export.module import module
from symfnn.export.numpy_module import TARGET
from symfnn.model.definitions import Model

_TREE = 8  # so many parts are added at a time
_Part = tuple[Any, list[Array]]


@final
@dataclass(frozen=True, slots=True)
class DaskGradient:
    """A function of parameters and of samples in Dask arrays.

    Attributes:
        widths: the number of neurons of each layer.
    """

    widths: tuple[int, ...]
    _samples: str = field(repr=False)
    _penalty: str | None = field(repr=False)

    def __call__(self, theta: Sequence[ArrayLike], X: Any, Y: Any) -> tuple[Any, list[Array]]:
        """The objective and its gradients, by the scheduler that is set, a cluster's client among them.

        Args:
            theta: Θ^(l) for l = 2 … L, NumPy arrays of shape (s_{l-1} + 1, s_l) with the biases in row 0.
            X: inputs, a Dask array of shape (m, s_1); its chunks of rows are what one task takes.
            Y: targets, a Dask array of shape (m, s_L).

        Returns:
            J, and arrays of the shapes of ``theta``.

        Raises:
            ShapeError: an argument has another shape, or chunks of unknown sizes.
        """
        found: _Part = dask.compute(self.delayed(theta, X, Y))[0]
        return found

    def delayed(self, theta: Sequence[ArrayLike], X: Any, Y: Any) -> Any:
        """The same as a ``dask.delayed.Delayed`` that nothing has evaluated yet.

        Raises:
            ShapeError: an argument has another shape, or chunks of unknown sizes.
        """
        given = arguments.parameters(theta, self.widths)
        if any(isnan(length) for length in (*X.shape, *Y.shape)):
            raise errors.ShapeError("X or Y has chunks of unknown sizes: call compute_chunk_sizes() on it first")
        arguments.require_samples(X.shape, Y.shape, self.widths)
        dtype = np.result_type(*given, X.dtype, Y.dtype)
        dtype = dtype if dtype.kind == "f" else np.dtype(np.float64)
        cast = [part.astype(dtype, copy=False) for part in given]
        once = dask.delayed(cast, traverse=False)
        rows = X.rechunk({1: -1})
        targets = Y.rechunk({0: rows.chunks[0], 1: -1})
        m = int(X.shape[0])
        one, add = dask.delayed(_chunk), dask.delayed(_added)
        pairs = zip(rows.to_delayed().ravel(), targets.to_delayed().ravel(), strict=True)
        parts = [one(self._samples, once, x, y, m, dtype) for x, y in pairs]
        while len(parts) > 1:
            parts = [add(parts[start : start + _TREE]) for start in range(0, len(parts), _TREE)]
        return parts[0] if self._penalty is None else add([parts[0], self._penalty_of(cast, m)])

    def _penalty_of(self, theta: list[Array], m: int) -> _Part:
        """What does not depend on the samples: the objective of none of the m."""
        assert self._penalty is not None
        inputs, targets = (np.empty((0, width), theta[0].dtype) for width in (self.widths[0], self.widths[-1]))
        return _function(self._penalty)(theta, inputs, targets, m)


def lambdify(model: Model, strength: float | None = None) -> DaskGradient:
    """A function for a network's objective and gradients over Dask arrays.

    Args:
        model: with given layers, activations and a loss.
        strength: λ, where the model's regulariser leaves it open.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form with arrays.
    """
    if model.batch is None or model.batch.regularizer == 0:
        return DaskGradient(model.widths or (), _source(model, strength), None)
    alone = replace(model, batch=replace(model.batch, regularizer=Integer(0)))
    return DaskGradient(model.widths or (), _source(alone, None), _source(model, strength))


def loss_and_grad(
    model: Model, theta: Sequence[ArrayLike], X: Any, Y: Any, strength: float | None = None
) -> tuple[Any, list[Array]]:
    """The objective of a network and its gradients over Dask arrays, as ``lambdify(model, strength)(theta, X, Y)``.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form with arrays.
        ShapeError: an argument has another shape, or chunks of unknown sizes.
    """
    return _cached(model, strength)(theta, X, Y)


_cached = lru_cache(maxsize=16)(lambdify)


def _source(model: Model, strength: float | None) -> str:
    """The module for some of m samples; it travels to workers as text."""
    return module(model, TARGET, [part_of_samples(model, strength)])


@lru_cache(maxsize=16)
def _function(source: str) -> Callable[[list[Array], Array, Array, int], _Part]:
    names: dict[str, Any] = {"__name__": "symfnn_gradient"}
    # the text is made of the package's own names and of numbers alone
    exec(compile(source, "<symfnn.export.dask>", "exec"), names)
    found: Callable[[list[Array], Array, Array, int], _Part] = names["loss_and_grad"]
    return found


def _chunk(source: str, theta: list[Array], X: Array, Y: Array, m: int, dtype: Any) -> _Part:
    return _function(source)(theta, X.astype(dtype, copy=False), Y.astype(dtype, copy=False), m)


def _added(parts: list[_Part]) -> _Part:
    (value, gradients), *others = parts
    for other, more in others:
        value = value + other
        gradients = [left + right for left, right in zip(gradients, more, strict=True)]
    return value, gradients
