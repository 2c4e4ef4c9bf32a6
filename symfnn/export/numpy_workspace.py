"""The class ``Workspace`` of an exported NumPy module: the same program in buffers that are made once."""

import textwrap
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from symfnn.export.numpy_steps import Steps, part_name
from symfnn.export.passes.buffers import plan
from symfnn.export.passes.extremes import extremes
from symfnn.export.passes.share import share_operations
from symfnn.export.passes.single import single
from symfnn.export.program import Program, Shape
from symfnn.export.shapes import verify
from symfnn.model.definitions import Model


class Workspace(NamedTuple):
    """A class as text.

    Attributes:
        text: its source.
        used: the functions that it calls.
    """

    text: str
    used: frozenset[str]


def workspace(model: Model, whole: Program, dtype: str) -> Workspace:
    """The text of the class.

    Args:
        model: with given layers.
        whole: the program of its objective and gradients.
        dtype: ``"float32"`` or ``"float64"``, of the buffers if nothing else is asked for.

    Raises:
        ModelError: an expression has no NumPy text.
    """
    program = whole
    for apply in (extremes, single, share_operations):
        program = verify(apply(program))
    planned = plan(program)
    steps = Steps(program, planned)
    lines = list(_statements(program, steps))
    widths = model.widths or ()
    gradients = whole.outputs[1:]
    parts = {part_name(name + rows): name + rows for name in gradients for rows in ("[:1]", "[1:]")}
    buffers = {name: (shape, "dtype") for name, shape in planned.buffers.items()} | steps.scratch
    made = [
        *(f"{name} = {_maker(name)}({_sizes(widths, shape)}, {kind})" for name, (shape, kind) in buffers.items()),
        *(
            f"{name} = np.empty(({p} + 1, {q}), dtype)"
            for name, (p, q) in zip(gradients, pairwise(widths), strict=True)
        ),
        *(f"{name} = {part}" for name, part in parts.items()),
        f"self.gradients = [{', '.join(gradients)}]",
        "self._arrays = (",
        *_listed([*buffers, *parts]),
        ")",
    ]
    parameters = "".join(f"{name}, " for name, _ in program.inputs if name.startswith("theta"))
    lacking = sorted(name for name in steps.writer.used if not name.startswith("np."))
    text = _CLASS.format(
        dtype=dtype,
        allocated=f"Only {', '.join(lacking)} allocate in a call." if lacking else "A call allocates no array.",
        made=textwrap.indent("\n".join(made), " " * 8).strip(),
        outputs=widths[-1],
        inputs=widths[0],
        layers=len(widths) - 1,
        parameters=parameters.strip() if len(gradients) == 1 else parameters.strip(", "),
        arrays=textwrap.indent("\n".join(_listed([*buffers, *parts])), " " * 8).strip(),
        statements=textwrap.indent("\n".join(lines), " " * 8).strip(),
        objective=program.outputs[0],
    )
    return Workspace(text.strip(), frozenset(steps.writer.used))


def _statements(program: Program, steps: Steps) -> Iterator[str]:
    section = ""
    for assignment in program.assignments:
        written = list(steps.statements(assignment))
        if written and assignment.section != section:
            section = assignment.section
            yield from ("", f"# {section}")
        yield from written


_CLASS = '''
class Workspace:
    """Arrays for repeated calls with m samples of one data type; what a call returns is overwritten by the next.

    {allocated} A workspace serves one thread at a time; threads take one each.
    """

    def __init__(self, m: int, dtype: Any = np.{dtype}) -> None:
        """Make the arrays for m samples."""
        self.m, self.dtype = m, np.dtype(dtype)
        {made}

    @np.errstate(all="ignore")  # e**-z may overflow where 1 / (1 + e**-z) is 0
    def loss_and_grad(self, theta: Sequence[Array], X: Array, Y: Array) -> tuple[Any, list[Array]]:
        """The objective J and its gradient by every theta, in arrays of this workspace.

        Args:
            theta: {layers} arrays, that of layer l of shape (1 + s_(l-1), s_l).
            X: inputs, of shape (m, {inputs}).
            Y: targets, of shape (m, {outputs}).
        """
        if X.shape != (self.m, {inputs}) or X.dtype != self.dtype:
            wanted = f"({{self.m}}, {inputs}) in {{self.dtype}}"
            raise ValueError(f"X has shape {{X.shape}} in {{X.dtype}}, but this workspace is for {{wanted}}")
        m = self.m
        {parameters} = theta
        (
            {arrays}
        ) = self._arrays

        {statements}
        return {objective}, self.gradients
'''


def _maker(name: str) -> str:
    return "np.ones" if name.startswith("ones") else "np.empty"


def _sizes(widths: tuple[int, ...], shape: Shape) -> str:
    sizes = [str(widths[int(length[2:]) - 1]) if length.startswith("s_") else length for length in shape]
    return f"({', '.join(sizes)})"


def _listed(names: list[str]) -> list[str]:
    return textwrap.wrap(", ".join(names) + ",", 100, initial_indent="    ", subsequent_indent="    ")
