"""The libraries that a Python module can be written for."""

from collections.abc import Callable, Collection

from symfnn import errors
from symfnn.export import array_api_module, jax_module, numpy_module, torch_module
from symfnn.model.definitions import Model

NAMES = ("numpy", "jax", "torch", "array-api")


def module(
    model: Model,
    target: str,
    strength: float | None = None,
    dtype: str | None = None,
    what: Collection[str] = (),
    *,
    layout: str = "stacked",
    has_workspace: bool = False,
    has_formulas: bool = True,
    accelerator: str | None = None,
) -> str:
    """The text of a Python module; it imports the library, NumPy and the standard library only.

    Args:
        model: with given layers, known activations and a loss.
        target: one of ``NAMES``.
        strength: λ, where the model's regulariser leaves it open.
        dtype: for NumPy, ``"float32"`` or ``"float64"``, to which arguments are converted; None keeps their own.
        what: derivatives beside the gradient: ``"input"``, ``"jvp"``, ``"vjp"`` and ``"hvp"``.
        layout: of the parameters: ``"stacked"``, the biases as row 0 above the weights, or ``"separate"``.
        has_workspace: for NumPy, whether there is a class ``Workspace`` for repeated calls without allocation.
        has_formulas: whether comments give the formulas.
        accelerator: for a workspace, ``"numba"`` for a class ``FusedWorkspace`` as well, whose loops numba compiles.

    Raises:
        ModelError: the model leaves something open or holds something that has no form with arrays, or the target is
            unknown or lacks what is asked for.
    """
    if has_workspace and layout != "stacked":
        raise errors.ModelError("a workspace takes stacked parameters")
    if target == "numpy":
        return numpy_module.module(
            model,
            strength,
            dtype,
            what,
            layout=layout,
            has_workspace=has_workspace,
            has_formulas=has_formulas,
            accelerator=accelerator,
        )
    others: dict[str, Callable[..., str]] = {
        "jax": jax_module.module,
        "torch": torch_module.module,
        "array-api": array_api_module.module,
    }
    if target not in others:
        raise errors.ModelError(f"unknown target {target!r}: choose one of {', '.join(NAMES)}")
    if dtype is not None:
        raise errors.ModelError(f"a data type is for the target numpy: the arguments of {target} keep theirs")
    if has_workspace:
        raise errors.ModelError(f"a workspace is for the target numpy: {target} allocates its arrays itself")
    if accelerator is not None:
        raise errors.ModelError(f"an accelerator is for the workspace of the target numpy, not for {target}")
    return others[target](model, strength, what, layout=layout, has_formulas=has_formulas)
