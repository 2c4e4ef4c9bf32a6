"""Parameters in ``.npz`` files: one array for each layer, named ``theta_2``, ``theta_3`` and so on."""

import zipfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from symfnn import errors
from symfnn.model.definitions import Model
from symfnn.weights.chain import Array


def save_theta(path: str | Path, theta: Sequence[Array]) -> None:
    """The parameters of a network to a file.

    Args:
        path: ends in ``.npz``.
        theta: arrays (s_{l-1} + 1, s_l) for l = 2 … L.

    Raises:
        OutputError: the file cannot be written.
    """
    try:
        with Path(path).open("wb") as file:
            arrays: dict[str, Any] = {f"theta_{layer}": np.asarray(part) for layer, part in enumerate(theta, 2)}
            np.savez(file, **arrays)
    except OSError as error:
        raise errors.OutputError(f"cannot write {path}: {error.strerror}") from error


def load_theta(path: str | Path, model: Model | None = None) -> list[Array]:
    """The parameters in a file that ``save_theta`` wrote.

    Args:
        path: of the file.
        model: whose widths they have to have.

    Raises:
        DocumentError: the file cannot be read, or holds something else.
        ShapeError: the arrays fit neither each other nor the model.
    """
    try:
        with zipfile.ZipFile(path), np.load(path, allow_pickle=False) as file:
            found = {name: file[name] for name in file.files}
    except OSError as error:
        raise errors.DocumentError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, zipfile.BadZipFile) as error:
        raise errors.DocumentError(f"{path} is no .npz file of arrays") from error
    names = [f"theta_{layer}" for layer in range(2, len(found) + 2)]
    if not found or set(names) != set(found):
        raise errors.DocumentError(f"{path} holds {', '.join(sorted(found)) or 'nothing'}, not theta_2, theta_3, …")
    theta = [found[name] for name in names]
    widths = None if model is None else model.widths
    return _fitting(theta, None if widths is None else list(pairwise(widths)))


def _fitting(theta: list[Array], wanted: list[tuple[int, int]] | None) -> list[Array]:
    if any(part.ndim != 2 or part.dtype.kind != "f" for part in theta):
        raise errors.ShapeError("theta has an array that is no matrix of real numbers")
    shapes = [part.shape for part in theta]
    for layer, (before, after) in enumerate(pairwise(shapes), 3):
        if after[0] != before[1] + 1:
            raise errors.ShapeError(
                f"theta_{layer} has shape {after}, but {before[1]} neurons before it and a row of biases need "
                f"{before[1] + 1} rows"
            )
    needed = None if wanted is None else [(before + 1, own) for before, own in wanted]
    if needed is not None and shapes != needed:
        raise errors.ShapeError(f"theta has the shapes {shapes}, but this model needs {needed}")
    return theta
