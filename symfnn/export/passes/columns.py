"""Hold samples as columns, so that what happens to one neuron in all samples lies side by side in memory."""

from dataclasses import dataclass, replace
from typing import Literal, final

from symfnn.export.making import Making
from symfnn.export.program import (
    Assignment,
    Bordered,
    Elementwise,
    Largest,
    Ones,
    Operation,
    Product,
    Program,
    Spread,
    Total,
    Turned,
    operands,
    renamed,
)


def columns(program: Program) -> Program:
    """The program with samples as columns, but for what it is given and what meets the targets entry by entry.

    The targets are given with samples as rows. The output layer stays so as well, unless it needs sums over its
    neurons, which are shorter along columns.
    """
    turning = _Turning(dict(program.inputs), turned=_groups(program))
    for assignment in program.assignments:
        turning.add(assignment)
    return replace(program, assignments=tuple(turning.assignments))


def _groups(program: Program) -> frozenset[str]:
    """The targets to be held in columns: those with an axis of samples that have not to be rows as ``Y`` is."""
    shapes = {a.target: a.shape for a in program.assignments} | dict(program.inputs)
    group = {name: {name} for name, shape in shapes.items() if "m" in shape and name != "X"}
    for assignment in program.assignments:
        if not isinstance(assignment.operation, Product):
            joined = [n for n in (assignment.target, *operands(assignment.operation)) if n in group]
            whole = set().union(*(group[name] for name in joined))
            group.update(dict.fromkeys(whole, whole))
    beside = group.get("Y", set())
    has_sums = any(isinstance(a.operation, Largest) and a.target in beside for a in program.assignments)
    given = {name for name, _ in program.inputs}
    return frozenset(name for name in group if name not in given and (has_sums or name not in beside))


@final
@dataclass(slots=True, kw_only=True)
class _Turning(Making):
    """The new assignments; ``turned`` are the names held in columns."""

    turned: frozenset[str]

    def add(self, assignment: Assignment) -> None:
        self.section = assignment.section
        self.put(assignment.target, self._operation(assignment.target, assignment.operation))

    def _operation(self, target: str, operation: Operation) -> Operation:
        match operation:
            case Product():
                return self._product(target, operation)
            case Total(operand, 0) if operand in self.turned:
                # the result is a row all the same
                ones = f"ones_{target}"
                self.put(ones, Ones("1", "m"))
                return Product(ones, operand, is_right_transposed=True)
        if target not in self.turned:
            return operation
        names = {name: self._in_columns(name) for name in operands(operation)}
        return _along(renamed(operation, names))

    def _in_columns(self, name: str) -> str:
        """The name of the transpose of what is not held in columns."""
        if name in self.turned or self.shapes[name] == ():
            return name
        if f"{name}_turned" not in self.shapes:
            self.put(f"{name}_turned", Turned(name))
        if name != "Y":
            return f"{name}_turned"
        if "Y_columns" not in self.shapes:
            # copied: what reads it entry by entry would jump through memory each time
            self.put("Y_columns", Spread("Y_turned", "Y_turned"))
        return "Y_columns"

    def _product(self, target: str, product: Product) -> Product:
        """The transpose of a product is the product of the transposes the other way round."""
        left = product.is_left_transposed ^ (product.left in self.turned)
        right = product.is_right_transposed ^ (product.right in self.turned)
        if target in self.turned:
            return Product(product.right, product.left, not right, not left)
        return Product(product.left, product.right, left, right)


def _along(operation: Operation) -> Operation:
    """The operation along the other axis."""
    match operation:
        case Total(_, 0 | 1) | Largest() | Bordered():
            axis: Literal[0, 1] = 0 if operation.axis else 1
            return replace(operation, axis=axis)
        case Elementwise() | Spread() | Total():
            return operation
    raise AssertionError(operation)
