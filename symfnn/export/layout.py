"""How the parameters of a network lie in the arrays that a module takes and gives.

``stacked``: one array a layer, the row of biases above the rows of weights. ``separate``: the weights and the biases of
each layer are arrays of their own, in the orientation that layers of the library have.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import final

from symfnn.export.functions import Function, Result
from symfnn.export.making import Making
from symfnn.export.passes.prune import prune
from symfnn.export.passes.share import share_operations
from symfnn.export.program import (
    Assignment,
    Elementwise,
    Operation,
    Product,
    Program,
    Rows,
    Shape,
    Stack,
    Total,
    Turned,
    operands,
    renamed,
    variable,
)
from symfnn.export.shapes import verify

LAYOUTS = ("stacked", "separate")
_TURNED = "_turned"


@final
@dataclass(frozen=True, slots=True)
class Layout:
    """The arrays of the parameters.

    Attributes:
        parts: by the name of an argument, the names of the arrays of a layer.
        shapes: the expression of their shapes, for neighbouring widths ``before`` and ``own``.
        count: how many arrays a layer has.
        doc: what an argument of parameters is.
        note: the same, for the head of a module.
        is_turned: whether weights have a row for each neuron of their layer.
    """

    parts: Mapping[str, tuple[str, ...]]
    shapes: str
    count: int
    doc: str
    note: str
    is_turned: bool = False


STACKED = Layout(
    {"theta": ("theta_{0}",), "theta_dot": ("theta_{0}_dot",)},
    "(before + 1, own) for before, own in pairwise(WIDTHS)",
    1,
    "{parameters} arrays, that of layer l of shape (1 + s_(l-1), s_l).",
    "Samples are rows; row 0 of each theta holds the biases, row j the weights from neuron j.",
)
_PARTS = {"theta": ("w_{0}", "b_{0}"), "theta_dot": ("w_{0}_dot", "b_{0}_dot")}
SEPARATE = Layout(
    _PARTS,
    "shape for before, own in pairwise(WIDTHS) for shape in ((before, own), (own,))",
    2,
    "{parameters} arrays, for each layer l the weights (s_(l-1), s_l), then the biases (s_l,).",
    "Samples are rows; theta holds each layer's weights, row j those from neuron j, and then its biases.",
)
TURNED = Layout(
    _PARTS,
    "shape for before, own in pairwise(WIDTHS) for shape in ((own, before), (own,))",
    2,
    "{parameters} arrays, for each layer l the weights (s_l, s_(l-1)), then the biases (s_l,).",
    "Samples are rows; theta holds each layer's weights, row i those into neuron i, and then its biases.",
    is_turned=True,
)


def arranged(function: Function, layout: Layout) -> Function:
    """The function with parameters in this layout, from one with stacked parameters."""
    if layout is STACKED:
        return function
    program, names = separated(function.program, is_turned=layout.is_turned)
    results = tuple(
        Result(result.kind, tuple(part for name in result.names for part in names.get(name, (name,))))
        for result in function.results
    )
    return replace(function, program=program, results=results)


def separated(program: Program, *, is_turned: bool) -> tuple[Program, dict[str, tuple[str, ...]]]:
    """The program with separate parameters, and the names of the arrays that each stacked result falls into.

    Args:
        program: from and to stacked parameters.
        is_turned: whether weights, and the gradients by them, have a row for each neuron of their own layer.
    """
    made = _Separating({}, program=program, is_turned=is_turned)
    for assignment in program.assignments:
        made.add(assignment)
    outputs = tuple(part for name in program.outputs for part in made.results.get(name, (name,)))
    whole = share_operations(Program(made.inputs(), tuple(made.assignments), outputs))
    whole = prune(whole)
    taken = {a.target for a in whole.assignments}.difference(whole.outputs)
    plain = {part: part.removesuffix(_TURNED) for part in outputs}
    wanted = {part: part if plain[part] in taken else plain[part] for part in outputs}
    results = {name: tuple(wanted[part] for part in parts) for name, parts in made.results.items()}
    return verify(_named(whole, tuple(wanted[part] for part in outputs))), results


def _named(program: Program, names: tuple[str, ...]) -> Program:
    """The program whose results have these names."""
    shapes = dict(program.inputs) | {a.target: a.shape for a in program.assignments}
    given = {name for name, _ in program.inputs}
    changed: dict[str, str] = {}
    added = []
    for found, name in zip(program.outputs, names, strict=True):
        if found in given or changed.get(found, name) != name:
            added.append(Assignment(name, Elementwise(variable(found)), shapes[found]))
        else:
            changed[found] = name
    assignments = [
        replace(a, target=changed.get(a.target, a.target), operation=renamed(a.operation, changed))
        for a in program.assignments
    ]
    return Program(program.inputs, (*assignments, *added), names)


@final
@dataclass(slots=True, kw_only=True)
class _Separating(Making):
    """The new assignments.

    Attributes:
        names: by the name of an array of stacked parameters, those of its weights and biases.
        turned: arrays that are there as their transposes only.
        results: by the name of a stacked result, those of its weights and biases.
    """

    program: Program
    is_turned: bool
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    renaming: dict[str, str] = field(default_factory=dict)
    turned: set[str] = field(default_factory=set)
    made: dict[str, Operation] = field(default_factory=dict)
    results: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, shape in self.program.inputs:
            if shape and shape[0].startswith("1 + "):
                weights, biases = name.replace("theta", "w", 1), name.replace("theta", "b", 1)
                self.names[name] = weights, biases
                rows, columns = shape[0].removeprefix("1 + "), shape[1]
                self.shapes[weights] = (columns, rows) if self.is_turned else (rows, columns)
                self.shapes[biases] = ("1", columns)
                self.turned.update([weights] if self.is_turned else [])
            else:
                self.shapes[name] = shape

    def inputs(self) -> tuple[tuple[str, Shape], ...]:
        """The inputs of the new program."""
        parts = [part for name, _ in self.program.inputs for part in self.names.get(name, (name,))]
        return tuple((part, self.shapes[part]) for part in parts)

    def add(self, assignment: Assignment) -> None:
        """Take an assignment over."""
        target, self.section = assignment.target, assignment.section
        operation = renamed(assignment.operation, self.renaming)
        match operation:
            case Rows(operand, part):
                self.renaming[target] = self.names[operand][part == "biases"]
            case Stack(biases, weights):
                self.results[target] = (self._oriented(weights, is_turned=self.is_turned), biases)
            case Product(left, right, is_left, is_right):
                turned = Product(left, right, is_left != (left in self.turned), is_right != (right in self.turned))
                self._put(target, turned)
            case Total(operand, None):
                self._put(target, operation)
            case _ if any(name in self.turned for name in operands(operation)):
                self._mixed(assignment, operation)
            case _:
                self._put(target, operation)

    def _put(self, target: str, operation: Operation) -> None:
        self.put(target, operation)
        self.made[target] = operation

    def _mixed(self, assignment: Assignment, operation: Operation) -> None:
        """An operation on weights that are turned: entry by entry it is done on transposes."""
        is_entrywise = isinstance(operation, Elementwise)
        names = [name for name in operands(operation) if self.shapes[name] != ()]
        changed = {name: self._oriented(name, is_turned=is_entrywise) for name in names}
        self._put(assignment.target, renamed(operation, changed))
        if is_entrywise:
            self.turned.add(assignment.target)

    def _oriented(self, name: str, *, is_turned: bool) -> str:
        """The name of an array, or of its transpose."""
        if (name in self.turned) == is_turned:
            return name
        other = f"{name}{_TURNED}"
        if other not in self.shapes:
            self._put(other, self._transpose(name, is_turned=is_turned))
            self.turned.update([other] if is_turned else [])
        return other

    def _transpose(self, name: str, *, is_turned: bool) -> Operation:
        """The transpose of an array, without one of it where its own operands can be turned."""
        match self.made.get(name):
            case Product(left, right, is_left, is_right):
                return Product(right, left, not is_right, not is_left)
            case Elementwise() as operation:
                names = [part for part in operands(operation) if self.shapes[part] != ()]
                return renamed(operation, {part: self._oriented(part, is_turned=is_turned) for part in names})
        return Turned(name)
