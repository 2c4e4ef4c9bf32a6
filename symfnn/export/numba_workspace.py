"""The class ``FusedWorkspace`` of an exported NumPy module: products by BLAS, all between them in loops by numba."""

import textwrap
from collections.abc import Callable, Iterator

from symfnn.export import numba_text
from symfnn.export.numba_kernels import KernelWriter, Written
from symfnn.export.numpy_steps import Steps
from symfnn.export.numpy_workspace import Made, Workspace, passes_before_steps
from symfnn.export.passes.fuse import writes
from symfnn.export.passes.hoist import hoist
from symfnn.export.passes.kernel_buffers import kernel_plan
from symfnn.export.passes.kernels import Kernel, Unit, kernels
from symfnn.export.passes.prune import prune
from symfnn.export.passes.share import share_operations
from symfnn.export.program import Assignment, Bordered, Ones, Product, Program, Rows, Stack, Turned, operands
from symfnn.export.shapes import verify
from symfnn.model.definitions import Model

IMPORT = """try:
    import numba
except ImportError:
    numba = None"""
MODULES = ("import math", "import warnings", "from functools import cache")
FALLBACK = """if numba is None:
    warnings.warn("numba is not installed, so that FusedWorkspace is the Workspace of NumPy", stacklevel=2)
    FusedWorkspace = Workspace  # type: ignore[assignment,misc]"""
_NOTE = "numba compiles the loops between the matrix products, in the first call for each data type."


def passes(widths: tuple[int, ...]) -> tuple[Callable[[Program], Program], ...]:
    """What a program goes through after ``PASSES``, for kernels."""
    return (*passes_before_steps(widths), hoist, share_operations, prune)


def fused_workspace(model: Model, whole: Program, dtype: str) -> Workspace:
    """The text of the kernels and of the class.

    Args:
        model: with given layers.
        whole: the program of its objective and gradients.
        dtype: ``"float32"`` or ``"float64"``, of the buffers if nothing else is asked for.

    Raises:
        ModelError: an expression has no text.
    """
    widths = model.widths or ()
    program = whole
    for apply in passes(widths):
        program = verify(apply(program))
    units = kernels(program)
    planned = kernel_plan(program, units, widths)
    steps = Steps(program, planned.places)
    given = {name for name, _ in program.inputs}

    def place(name: str) -> str | None:
        if name in given:
            return name
        return steps.view(planned.places[name]) if name in planned.places else None

    writer = KernelWriter(program, widths, place)
    written = [writer.written(unit) for unit in units if isinstance(unit, Kernel)]
    own: dict[str, Written] = {}
    for kernel in written:  # layers of the same sizes have the same kernels
        own.setdefault(kernel.form(), kernel)
    named = {form: f"kernel_{number}" for number, form in enumerate(own, 1)}
    names = list(named.values())
    lines = list(_calls(units, steps, iter([(named[kernel.form()], kernel.takes) for kernel in written]), place))
    calls = frozenset().union(*(kernel.calls for kernel in written))
    made = Made(widths, dtype, program, planned.buffers, steps)
    text = made.text(
        "FusedWorkspace",
        _NOTE,
        "\n".join([f"{', '.join(names)}{',' if len(names) == 1 else ''} = self._kernels", *lines]),
        "",
        f"self.dtype.type({program.outputs[0]})",
        "self._kernels = kernels(self.dtype.name)",
    )
    bodies = [
        f"    @compiled\n    def {name}({', '.join(f'{taken}: Any' for taken in kernel.takes)}) -> Any:\n"
        + textwrap.indent("\n".join(kernel.lines), " " * 8)
        for name, kernel in zip(names, own.values(), strict=True)
    ]
    functions = [*numba_text.sources(calls), *bodies, f"    return ({', '.join(names)},)"]
    factory = numba_text.OPENING.strip() + "\n\n" + "\n\n".join(functions)
    return Workspace("\n\n\n".join([factory, text, FALLBACK]), frozenset(), frozenset())


def _calls(
    units: tuple[Unit, ...],
    steps: Steps,
    kernels: Iterator[tuple[str, tuple[str, ...]]],
    place: Callable[[str], str | None],
) -> Iterator[str]:
    """The statements of a call: products, and calls of kernels."""
    needed = _views_of_products(units)
    section = ""
    for unit in units:
        if isinstance(unit, Kernel):
            name, takes = next(kernels)
            results = f"{', '.join(unit.results)} = " if unit.results else ""
            yield f"{results}{name}({', '.join(takes)})"
            for step in unit.steps:
                for target in writes(step):
                    text = place(target)
                    if text is not None:
                        steps.name(target, text, steps.shapes.get(target, ()))
            continue
        if isinstance(unit.operation, Rows | Turned | Ones) and unit.target not in needed:
            continue
        written = list(steps.statements(unit))
        if written and unit.section != section:
            section = unit.section
            yield from ("", f"# {section}")
        yield from written


def _views_of_products(units: tuple[Unit, ...]) -> set[str]:
    """The views that products and stacks read, and those that these are views of."""
    needed: set[str] = set()
    for unit in reversed(units):
        if isinstance(unit, Assignment) and (
            isinstance(unit.operation, Product | Stack | Bordered) or unit.target in needed
        ):
            needed.update(operands(unit.operation))
    return needed
