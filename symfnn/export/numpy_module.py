"""The NumPy target: a module that imports NumPy and the standard library only."""

from collections.abc import Collection
from dataclasses import replace

from symfnn.export import special
from symfnn.export.body import Body
from symfnn.export.formulas import formulas
from symfnn.export.functions import Function, functions
from symfnn.export.module import module as module_of
from symfnn.export.numpy_text import NUMPY
from symfnn.export.numpy_workspace import workspace
from symfnn.export.passes.margins import margins
from symfnn.export.shapes import verify
from symfnn.export.target import Target
from symfnn.model.definitions import Model

_WIDE = 110
_GUARD = '@np.errstate(all="ignore")  # branches that are not taken may overflow\n'
_SMALL = '@np.errstate(under="ignore")  # what is too small for the data type is 0\n'


def _decorator(function: Function, made: Body) -> str:
    del function
    return _GUARD if made.is_guarded else _SMALL


TARGET = Target(
    name="numpy",
    dialect=NUMPY,
    standard=("from math import factorial, pi, sqrt",),
    imports=("import numpy as np", "from numpy.typing import NDArray", "", "Array = NDArray[Any]"),
    number="Any",
    helpers=special.sources,
    decorator=_decorator,
    opening=(),
    joined="np.concatenate([part.ravel() for part in theta])",
    shaped="vector[start:stop].reshape(before + 1, own)",
    check="{0}",
    check_source="",
    dtype="np.{0}",
    converted="np.asarray({0}, dtype)",
)


def _with_functions(names: frozenset[str]) -> Target:
    """The target, with functions of NumPy that are called by their own names: one to a line where the line is long."""
    line = f"from numpy import {', '.join(sorted(names))}"
    lines = [line] if len(line) <= _WIDE else ["from numpy import (", *(f"    {name}," for name in sorted(names)), ")"]
    first, *others = TARGET.imports
    return replace(TARGET, imports=(first, *lines, *others))


def module(
    model: Model,
    strength: float | None = None,
    dtype: str | None = None,
    what: Collection[str] = (),
    *,
    has_workspace: bool = False,
    has_formulas: bool = True,
) -> str:
    """The text of a Python module that imports NumPy and the standard library only.

    Args:
        model: with given layers, known activations and a loss.
        strength: λ, where the model's regulariser leaves it open.
        dtype: ``"float32"`` or ``"float64"``, to which arguments are converted; None keeps their own.
        what: some of ``functions.WHAT``, beside loss, gradient and outputs.
        has_workspace: whether there is a class ``Workspace`` for repeated calls without allocation.
        has_formulas: whether comments give the formulas; they cost as much time as the program.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form with arrays.
    """
    wanted = functions(model, strength, what)
    form = workspace(model, wanted[0].program, dtype or "float64") if has_workspace else None
    return module_of(
        model,
        TARGET if form is None else _with_functions(form.imported),
        # np.logaddexp takes ten times as long as a logarithm and an exponential
        [replace(function, program=verify(margins(function.program))) for function in wanted],
        formulas if has_formulas else None,
        dtype,
        [] if form is None else [form.text],
        frozenset() if form is None else form.used,
    )
