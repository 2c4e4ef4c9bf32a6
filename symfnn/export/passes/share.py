"""Evaluate each operation once, and each common subexpression; slopes then use what the activations have evaluated."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, final

from sympy import Add, Expr, Function, Mul, Piecewise, Pow

from symfnn.export.making import Making
from symfnn.export.program import Assignment, Elementwise, Operation, Program, renamed, variable

_SCALARS = frozenset({variable("m")})


def share_operations(program: Program) -> Program:
    """The program with equal operations, and arrays that are only another name of one, evaluated once."""
    names: dict[str, str] = {}
    known: dict[Operation, str] = {}
    kept = []
    for assignment in program.assignments:
        operation = renamed(assignment.operation, names)
        if isinstance(operation, Elementwise) and operation.expression.is_Symbol:
            names[assignment.target] = str(operation.expression)
        elif operation in known:
            names[assignment.target] = known[operation]
        else:
            known[operation] = assignment.target
            kept.append(replace(assignment, operation=operation))
    return Program(program.inputs, tuple(kept), tuple(names.get(name, name) for name in program.outputs))


def share_expressions(program: Program) -> Program:
    """The program with every subexpression over arrays that occurs twice evaluated once, before its first use."""
    repeated = _repeated(program)
    sharing = _Sharing(dict(program.inputs), repeated=repeated)
    for assignment in program.assignments:
        sharing.add(assignment)
    return Program(program.inputs, tuple(sharing.assignments), program.outputs)


@final
@dataclass(slots=True, kw_only=True)
class _Sharing(Making):
    """The new assignments, and the names of the subexpressions that they hold."""

    repeated: frozenset[Expr]
    names: dict[Expr, Expr] = field(default_factory=dict)
    products: list[tuple[frozenset[Expr], Expr]] = field(default_factory=list)

    def add(self, assignment: Assignment) -> None:
        operation, self.section = assignment.operation, assignment.section
        if isinstance(operation, Elementwise):
            original = operation.expression
            operation = Elementwise(self._parts(original))
            name = variable(assignment.target)
            if original in self.repeated:
                self.names.setdefault(original, name)
            if original.is_Mul:
                self.products.append((frozenset(original.args), name))
        self.put(assignment.target, operation)

    def _rewritten(self, expression: Any) -> Any:
        if expression in self.names:
            return self.names[expression]
        if expression not in self.repeated:
            return self._parts(expression)
        inner = self._parts(expression)
        self.names[expression] = self.put(f"shared_{len(self.names) + 1}", Elementwise(inner))
        return self.names[expression]

    def _parts(self, expression: Any) -> Any:
        """The expression with its parts rewritten; a product that holds an earlier one as factors takes its name."""
        if expression.is_Atom or not expression.args:
            return expression
        if expression in self.names:
            return self.names[expression]
        if expression.is_Mul:
            for factors, name in self.products:
                if factors <= set(expression.args):
                    rest = [part for part in expression.args if part not in factors]
                    return Mul(name, *(self._rewritten(part) for part in rest))
        return expression.func(*(self._rewritten(part) for part in expression.args))


def _repeated(program: Program) -> frozenset[Expr]:
    """The subexpressions worth a name that are met more than once, the parts of a repeated one not counted again."""
    seen: set[Expr] = set()
    repeated: set[Expr] = set()
    for assignment in program.assignments:
        if isinstance(assignment.operation, Elementwise):
            for part in _met(assignment.operation.expression, seen):
                repeated.add(part)
    return frozenset(repeated)


def _met(expression: Any, seen: set[Expr]) -> Iterator[Expr]:
    """Those met before, while walking; everything else is noted."""
    if _is_worth(expression):
        if expression in seen:
            yield expression
            return
        seen.add(expression)
    for part in expression.args:
        yield from _met(part, seen)


def _is_worth(expression: Any) -> bool:
    """Whether this is an array that costs more than one operation with a number to evaluate again."""
    arrays = expression.free_symbols - _SCALARS if isinstance(expression, Expr) else set()
    if not arrays or expression.is_Atom:
        return False
    if isinstance(expression, Function | Piecewise | Pow):
        return True
    return isinstance(expression, Add | Mul) and (len(arrays) > 1 or expression.count_ops() > 1)
