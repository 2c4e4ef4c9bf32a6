"""The check of further derivatives in a generated module; the text of the function is copied into it.

It uses nothing but ``np`` and its arguments.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


def worst_errors_along(
    functions: dict[str, Callable[..., Any]],
    widths: Sequence[int],
    shapes: Sequence[tuple[int, ...]],
    samples: int = 5,
) -> dict[str, float]:
    """The relative error of each further derivative at random parameters, along a random direction.

    They are compared with central differences of ``loss``, ``predict`` and ``loss_and_grad``.
    """
    rng = np.random.default_rng(1)
    step = 1e-5
    theta = [rng.uniform(size=shape) / shape[0] for shape in shapes]
    X, Y = rng.uniform(size=(samples, widths[0])), rng.uniform(size=(samples, widths[-1]))
    theta_dot, X_dot = [rng.normal(size=part.shape) for part in theta], rng.normal(size=X.shape)
    V = rng.normal(size=Y.shape)

    def slope(function: Callable[[list[Array], Array], Any], by_theta: float, by_inputs: float) -> list[Array]:
        ends = []
        for sign in (step, -step):
            moved = [part + sign * by_theta * dot for part, dot in zip(theta, theta_dot, strict=True)]
            ends.append(function(moved, X + sign * by_inputs * X_dot))
        return [(after - before) / (2 * step) for after, before in zip(*ends, strict=True)]

    def found(name: str) -> list[Array]:
        gives: dict[str, Callable[[Callable[..., Any]], list[Array]]] = {
            "input_grad": lambda function: [(function(theta, X, Y) * X_dot).sum()],
            "jvp": lambda function: [function(theta, X, theta_dot, X_dot)[1]],
            "vjp": lambda function: [inner(*function(theta, X, V))],
            "hvp": lambda function: list(function(theta, X, Y, theta_dot)),
        }
        return gives[name](functions[name])

    def inner(gradients: Sequence[Array], by_inputs: Array) -> Any:
        pairs = zip([*gradients, by_inputs], [*theta_dot, X_dot], strict=True)
        return sum((gradient * dot).sum() for gradient, dot in pairs)

    wanted: dict[str, Callable[[], list[Array]]] = {
        "input_grad": lambda: slope(lambda theta, X: [functions["loss"](theta, X, Y)], 0, 1),
        "jvp": lambda: slope(lambda theta, X: [functions["predict"](theta, X)], 1, 1),
        "vjp": lambda: slope(lambda theta, X: [(functions["predict"](theta, X) * V).sum()], 1, 1),
        "hvp": lambda: slope(lambda theta, X: functions["loss_and_grad"](theta, X, Y)[1], 1, 0),
    }
    result = {}
    for name in [name for name in wanted if name in functions]:
        parts = wanted[name]()
        scale = max(max(float(np.abs(part).max()) for part in parts), 1e-3)
        pairs = zip(parts, found(name), strict=True)
        result[name] = max(float(np.abs(part - other).max()) / scale for part, other in pairs)
    return result


def source() -> str:
    """The text of the check."""
    return inspect.getsource(worst_errors_along).rstrip()
