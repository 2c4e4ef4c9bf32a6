"""What every generated NumPy module holds beside its program; the text of the function is copied into it.

It uses nothing but ``np`` and its arguments.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


def worst_relative_error(
    loss: Callable[..., Any],
    loss_and_grad: Callable[..., Any],
    widths: Sequence[int],
    shapes: Sequence[tuple[int, ...]],
    samples: int = 5,
    entries: int = 40,
) -> float:
    """The worst error of the gradient at random parameters of these shapes, against central differences of the loss.

    Up to ``entries`` entries of each array are moved, drawn at random; an error is relative to the largest entry of
    its array. Draws at which the loss is not finite are put back: NaN where no draw is left.
    """
    rng = np.random.default_rng(0)
    step = 1e-5
    for attempt in range(20):
        draw = rng.normal if attempt % 2 == 0 else rng.uniform
        theta = [draw(size=shape) / np.sqrt(shape[0]) ** (1 + attempt % 2) for shape in shapes]
        X, Y = draw(size=(samples, widths[0])), rng.uniform(size=(samples, widths[-1]))
        value, gradients = loss_and_grad(theta, X, Y)
        if np.isfinite(value) and all(np.isfinite(part).all() for part in gradients):
            break
    else:
        return float("nan")
    worst = 0.0
    for part, gradient in zip(theta, gradients, strict=True):
        scale = max(np.abs(gradient).max(), 1e-3 * abs(value), 1e-300)
        for place in rng.choice(part.size, size=min(entries, part.size), replace=False):
            at = np.unravel_index(place, part.shape)
            kept = part[at]
            part[at] = kept + step
            after = loss(theta, X, Y)
            part[at] = kept - step
            before = loss(theta, X, Y)
            part[at] = kept
            worst = max(worst, float(abs((after - before) / (2 * step) - gradient[at]) / scale))
    return worst


def source() -> str:
    """The text of the check."""
    return inspect.getsource(worst_relative_error).rstrip()
