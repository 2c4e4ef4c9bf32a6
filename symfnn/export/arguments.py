"""What a gradient is called with: arrays of real numbers whose shapes fit the network."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from symfnn import errors

Array: TypeAlias = NDArray[Any]


def parameters(theta: Sequence[ArrayLike], widths: tuple[int, ...]) -> list[Array]:
    """Θ^(l) for l = 2 … L, each of shape (s_{l-1} + 1, s_l).

    Raises:
        ShapeError: an array lacks, has another shape, or holds no real numbers.
    """
    wanted = list(pairwise(widths))
    if len(theta) != len(wanted):
        raise errors.ShapeError(f"theta has {len(theta)} arrays, but this network needs {len(wanted)}, for layers 2…L")
    given = [real(f"theta[{place}]", part) for place, part in enumerate(theta)]
    for place, (array, (before, own)) in enumerate(zip(given, wanted, strict=True)):
        _require(f"theta[{place}]", array.shape, (before + 1, own), "inputs and a row of biases, by neurons")
    return given


def require_samples(inputs: tuple[int, ...], targets: tuple[int, ...], widths: tuple[int, ...]) -> None:
    """Whether the shapes of X and Y fit a network.

    Raises:
        ShapeError: they do not.
    """
    if len(inputs) != 2 or inputs[0] < 1:
        raise errors.ShapeError(f"X has shape {inputs}, but one row for each of m ≥ 1 samples is needed")
    _require("X", inputs, (inputs[0], widths[0]), "samples by inputs")
    _require("Y", targets, (inputs[0], widths[-1]), "samples by outputs")


def real(name: str, given: ArrayLike) -> Array:
    """The argument as an array of floating-point numbers.

    Raises:
        ShapeError: it is no array of real numbers.
    """
    try:
        array = np.asarray(given)
    except ValueError as error:
        raise errors.ShapeError(f"{name} is no rectangular array: {error}") from error
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    if array.dtype.kind != "f":
        raise errors.ShapeError(f"{name} holds {array.dtype}, but real numbers are needed")
    return array


def _require(name: str, found: tuple[int, ...], wanted: tuple[int, ...], axes: str) -> None:
    if found != wanted:
        raise errors.ShapeError(f"{name} has shape {found}, but {wanted} is needed ({axes})")
