"""The NumPy target: a module that imports NumPy and the standard library only."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial

from symfnn import errors
from symfnn.export import special
from symfnn.export.body import Body
from symfnn.export.formulas import formulas
from symfnn.export.functions import Function, functions
from symfnn.export.layout import arranged
from symfnn.export.module import module as module_of
from symfnn.export.numba_workspace import IMPORT, MODULES, fused_workspace
from symfnn.export.numpy_text import NUMPY
from symfnn.export.numpy_workspace import Workspace, workspace
from symfnn.export.passes.exponentials import exponentials
from symfnn.export.passes.extremes import extremes
from symfnn.export.passes.fold import fold
from symfnn.export.passes.linear import scale_once
from symfnn.export.passes.margins import margins
from symfnn.export.passes.prune import prune
from symfnn.export.passes.share import share_operations
from symfnn.export.passes.slopes import positive, slopes
from symfnn.export.program import Program
from symfnn.export.target import Target
from symfnn.model.definitions import Model

_WIDE = 110
_NARROW = 128  # neurons whose states are cheaper to copy beside a column of ones than to go without
_GUARD = '@np.errstate(all="ignore")  # branches that are not taken may overflow\n'
_STEEP = '@np.errstate(over="ignore", under="ignore")  # too large or too small for the data type is infinite or 0\n'
_SMALL = '@np.errstate(under="ignore")  # what is too small for the data type is 0\n'


def _decorator(function: Function, made: Body) -> str:
    del function
    if made.is_guarded:
        return _GUARD
    return _STEEP if "sigmoid" in made.used else _SMALL


def _passes(apart: frozenset[str]) -> tuple[Callable[[Program], Program], ...]:
    first = extremes, partial(slopes, slope=positive), margins, exponentials, scale_once, share_operations
    return (*first, lambda program: fold(program, apart), prune)


TARGET = Target(
    name="numpy",
    dialect=NUMPY,
    standard=("factorial", "pi", "sqrt"),
    imports=("import numpy as np", "from numpy.typing import NDArray", "", "Array = NDArray[Any]"),
    number="Any",
    helpers=special.sources,
    decorator=_decorator,
    opening=(),
    joined="np.concatenate([part.ravel() for part in theta])",
    shaped="vector[start:stop].reshape(shape)",
    check="{0}",
    check_source="",
    dtype="np.{0}",
    converted="np.asarray({0}, dtype)",
    passes=_passes(frozenset()),
)


def _with_functions(target: Target, names: frozenset[str]) -> Target:
    """The target, with functions of NumPy that are called by their own names: one to a line where the line is long."""
    if not names:
        return target
    line = f"from numpy import {', '.join(sorted(names))}"
    lines = [line] if len(line) <= _WIDE else ["from numpy import (", *(f"    {name}," for name in sorted(names)), ")"]
    first, *others = target.imports
    return replace(target, imports=(first, *lines, *others))


def module(
    model: Model,
    strength: float | None = None,
    dtype: str | None = None,
    what: Collection[str] = (),
    *,
    layout: str = "stacked",
    has_workspace: bool = False,
    has_formulas: bool = True,
    accelerator: str | None = None,
) -> str:
    """The text of a Python module that imports NumPy and the standard library only.

    Args:
        model: with given layers, known activations and a loss.
        strength: λ, where the model's regulariser leaves it open.
        dtype: ``"float32"`` or ``"float64"``, to which arguments are converted; None keeps their own.
        what: some of ``functions.WHAT``, beside loss, gradient and outputs.
        layout: of the parameters, one of ``layout.LAYOUTS``; a ``Workspace`` always takes them stacked.
        has_workspace: whether there is a class ``Workspace`` for repeated calls without allocation.
        has_formulas: whether comments give the formulas; they cost as much time as the program.
        accelerator: ``"numba"`` for a class ``FusedWorkspace`` as well, whose loops numba compiles.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form with arrays.
    """
    lies = TARGET.layout(layout)
    stacked = functions(model, strength, what)
    program, kind = stacked[0].program, dtype or "float64"
    forms = [workspace(model, program, kind)] if has_workspace else []
    if accelerator is not None:
        forms.append(_accelerated(accelerator, model, program, kind, has_workspace=has_workspace))
    names = ("X", *(f"a_{layer}" for layer in range(2, len(model.widths or ()) + 1)))
    apart = frozenset(name for name, width in zip(names, model.widths or (), strict=True) if width > _NARROW)
    target = _with_functions(replace(TARGET, passes=_passes(apart)), forms[0].imported if forms else frozenset())
    if accelerator is not None:
        target = replace(
            target, modules=MODULES, imports=(target.imports[0], *target.imports[1:-1], IMPORT, "", target.imports[-1])
        )
    return module_of(
        model,
        target,
        [arranged(function, lies) for function in stacked],
        formulas if has_formulas else None,
        dtype,
        [form.text for form in forms],
        frozenset().union(*(form.used for form in forms)),
        lies,
    )


def _accelerated(accelerator: str, model: Model, program: Program, dtype: str, *, has_workspace: bool) -> Workspace:
    if accelerator != "numba":
        raise errors.ModelError(f"unknown accelerator {accelerator!r}: there is numba")
    if not has_workspace:
        raise errors.ModelError("an accelerator is for a workspace: ask for one")
    return fused_workspace(model, program, dtype)
