"""The class ``Workspace`` of an exported NumPy module: the same program in buffers that are made once."""

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, final

from symfnn.export.numpy_steps import Steps
from symfnn.export.passes.buffers import plan, sized
from symfnn.export.passes.columns import columns
from symfnn.export.passes.exponentials import exponentials
from symfnn.export.passes.extremes import extremes
from symfnn.export.passes.fold import fold
from symfnn.export.passes.linear import scale_once
from symfnn.export.passes.margins import margins
from symfnn.export.passes.prune import prune
from symfnn.export.passes.share import share_operations
from symfnn.export.passes.single import single
from symfnn.export.passes.slopes import slopes
from symfnn.export.passes.totals import totals
from symfnn.export.program import Elementwise, Program, Shape, operands
from symfnn.export.shapes import verify
from symfnn.model.definitions import Model

_THREADS = "A workspace serves one thread at a time; threads take one each."
_NARROW = 32  # inputs that are cheaper to copy beside a row of ones than to go without
_WIDE = 128  # layers whose products take most of the time: there they are those that one would write by hand
_LARGE = 256  # layers whose arrays leave the fastest memory


class Workspace(NamedTuple):
    """A class as text.

    Attributes:
        text: its source.
        used: the functions of the module that it calls.
        imported: the functions of NumPy that it calls by their own names.
    """

    text: str
    used: frozenset[str]
    imported: frozenset[str]


def passes(widths: tuple[int, ...]) -> tuple[Callable[[Program], Program], ...]:
    """What a program goes through after ``PASSES``, for arrays that are written in place."""
    return (*passes_before_steps(widths), single, totals, share_operations, prune)


def passes_before_steps(widths: tuple[int, ...]) -> tuple[Callable[[Program], Program], ...]:
    """Those of them after which expressions are still whole."""
    first = extremes, slopes, margins, exponentials, scale_once, share_operations
    if _has_rows(widths):
        return (*first, prune)
    apart = frozenset() if widths[0] <= _NARROW else frozenset({"X"})
    return (*first, lambda program: fold(program, apart), prune, columns)


def _has_rows(widths: tuple[int, ...]) -> bool:
    """Whether samples are rows inside as well, since all hidden layers are wide."""
    return len(widths) > 2 and min(widths[1:-1]) >= _WIDE


def _is_large(widths: tuple[int, ...]) -> bool:
    """Whether multiplying by conditions takes less time than making numbers of them first."""
    return len(widths) > 2 and min(widths[1:-1]) >= _LARGE


def _multiplied(program: Program) -> frozenset[str]:
    """The arrays that the next assignment multiplies by another array, and that nothing else reads."""
    uses = Counter(name for a in program.assignments for name in operands(a.operation))
    uses.update(program.outputs)
    found = set()
    for assignment, following in pairwise(program.assignments):
        read = operands(following.operation)
        is_product = isinstance(following.operation, Elementwise) and following.operation.expression.is_Mul
        if is_product and len(read) == 2 and assignment.target in read and uses[assignment.target] == 1:
            found.add(assignment.target)
    return frozenset(found)


def workspace(model: Model, whole: Program, dtype: str) -> Workspace:
    """The text of the class.

    Args:
        model: with given layers.
        whole: the program of its objective and gradients.
        dtype: ``"float32"`` or ``"float64"``, of the buffers if nothing else is asked for.

    Raises:
        ModelError: an expression has no NumPy text.
    """
    widths = model.widths or ()
    program = whole
    for apply in passes(widths):
        program = verify(apply(program))
    planned = plan(program, widths)
    steps = Steps(program, planned.places, _multiplied(program) if _is_large(widths) else frozenset())
    lines = list(_statements(program, steps))
    lacking = sorted(name for name in steps.writer.used if not name.startswith("np."))
    allocated = f"Only {', '.join(lacking)} allocate in a call." if lacking else "A call allocates no array."
    made = Made(widths, dtype, program, planned.buffers, steps)
    text = made.text("Workspace", allocated, "\n".join(lines), _guard(steps.guards), program.outputs[0])
    return Workspace(text, frozenset(steps.writer.used), frozenset(steps.imported))


@final
@dataclass(frozen=True, slots=True)
class Made:
    """What a class of this kind makes once.

    Attributes:
        widths: the numbers s_l.
        dtype: of the arrays, if nothing else is asked for.
        program: what a call evaluates.
        buffers: the shape of each buffer.
        steps: that wrote the statements.
    """

    widths: tuple[int, ...]
    dtype: str
    program: Program
    buffers: Mapping[str, Shape]
    steps: Steps

    def text(self, name: str, note: str, statements: str, guard: str, returned: str, more: str = "") -> str:
        """The text of the class.

        Args:
            name: its own.
            note: a sentence of its docstring.
            statements: of a call.
            guard: the decorator of a call.
            returned: the text of the objective.
            more: what else is made first.
        """
        widths, gradients = self.widths, self.program.outputs[1:]
        made = list(_made(widths, gradients, self.buffers, self.steps))
        kept = [line.partition(" = ")[0] for line in made]
        kept = [name for name in kept if name in _words(statements)]
        made += [f"self.gradients = [{', '.join(gradients)}]", "self._arrays = (", *_listed(kept), ")"]
        parameters = ", ".join(name for name, _ in self.program.inputs if name.startswith("theta"))
        axis = "rows" if _has_rows(widths) else "columns"
        written = _CLASS.format(
            name=name,
            dtype=self.dtype,
            note=textwrap.fill(f"Samples are {axis} inside. {note} {_THREADS}", 110, subsequent_indent=" " * 4),
            made=textwrap.indent("\n".join([*([more] if more else []), *made]), " " * 8).strip(),
            guard=guard,
            outputs=widths[-1],
            inputs=widths[0],
            layers=len(widths) - 1,
            parameters=f"{parameters}," if len(gradients) == 1 else parameters,
            arrays=textwrap.indent("\n".join(_listed(kept)), " " * 8).strip(),
            statements=textwrap.indent(
                ("m = self.m\n" if "m" in _words(statements) else "") + statements, " " * 8
            ).strip(),
            returned=returned,
        )
        return written.strip()


def _statements(program: Program, steps: Steps) -> Iterator[str]:
    section = ""
    for assignment in program.assignments:
        written = list(steps.statements(assignment))
        if written and assignment.section != section:
            section = assignment.section
            yield from ("", f"# {section}")
        yield from written


def _made(
    widths: tuple[int, ...], gradients: tuple[str, ...], buffers: Mapping[str, Shape], steps: Steps
) -> Iterator[str]:
    """The lines that make the arrays."""
    for name, (before, own) in zip(gradients, pairwise(widths), strict=True):
        yield f"{name} = np.empty(({before + 1}, {own}), dtype)"
    for name, shape in buffers.items():
        yield f"{name} = np.empty({_sizes(widths, shape)}, dtype)"
    for name, (kind, shape) in steps.arrays.items():
        maker, element = ("np.empty", "bool") if kind == "bool" else (kind, "dtype")
        yield f"{name} = {maker}({_sizes(widths, shape)}, {element})"
    for text, name in steps.constants.items():
        yield f"{name} = np.array({text}, dtype)"
    for name, part in sorted(steps.views.items(), key=lambda item: item[0].endswith("_T")):
        yield f"{name} = {part}"


def _words(text: str) -> set[str]:
    return set("".join(letter if letter.isalnum() or letter == "_" else " " for letter in text).split())


def _guard(guards: set[str]) -> str:
    if not guards:
        return ""
    if guards == {"over"}:
        return '@np.errstate(over="ignore")  # where e**u overflows, 1 / (1 + e**u) is 0\n    '
    return '@np.errstate(all="ignore")  # values that are not taken may overflow or be undefined\n    '


_CLASS = '''
class {name}:
    """Arrays for repeated calls with m samples of one data type; what a call returns is overwritten by the next.

    {note}
    """

    def __init__(self, m: int, dtype: Any = np.{dtype}) -> None:
        """Make the arrays for m samples."""
        self.m, self.dtype = m, np.dtype(dtype)
        self._shapes = (m, {inputs}), (m, {outputs})
        {made}

    {guard}def loss_and_grad(self, theta: Sequence[Array], X: Array, Y: Array) -> tuple[Any, list[Array]]:
        """The objective J and its gradient by every theta, in arrays of this workspace.

        Args:
            theta: {layers} arrays, that of layer l of shape (1 + s_(l-1), s_l).
            X: inputs, of shape (m, {inputs}).
            Y: targets, of shape (m, {outputs}).
        """
        if X.shape != self._shapes[0] or Y.shape != self._shapes[1] or X.dtype != self.dtype:
            wanted = "{{}} and {{}} in {{}}".format(*self._shapes, self.dtype)
            given = f"X has shape {{X.shape}} in {{X.dtype}} and Y {{Y.shape}}"
            raise ValueError(f"{{given}}, but this workspace is for {{wanted}}")
        {parameters} = theta
        (
            {arrays}
        ) = self._arrays

        {statements}
        return {returned}, self.gradients
'''


def _sizes(widths: tuple[int, ...], shape: Shape) -> str:
    return f"({', '.join(sized(shape, widths))})"


def _listed(names: list[str]) -> list[str]:
    return textwrap.wrap(", ".join(names) + ",", 100, initial_indent="    ", subsequent_indent="    ")
