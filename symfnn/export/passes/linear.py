"""Apply a common factor such as 1/m to the error of the output layer only: all other errors follow from it.

The errors are linear in each other, from the output layer down, so that the factor need not be applied to each.
"""

from dataclasses import replace

from sympy import Add, Expr, Mul

from symfnn.export.program import (
    Assignment,
    Elementwise,
    Operation,
    Product,
    Program,
    Total,
    operands,
    renamed,
    variable,
)

_SCALARS = frozenset({"m", "cotangent"})


def scale_once(program: Program) -> Program:
    """The program with c D from the first error on, where each error D is needed as c D and for other errors alone."""
    scaled = {a.target: a for a in program.assignments if _scale(a) is not None}
    errors = {name: _error(a) for name, a in scaled.items()}
    if len(scaled) < 2 or len({_scale(a) for a in scaled.values()}) > 1:
        return program
    first, *others = scaled
    chain = _between(program, errors[first], {errors[name] for name in others})
    if not _is_linear(program, errors[first], chain, frozenset(others)):
        return program
    result = []
    for assignment in program.assignments:
        if assignment.target in others:
            assignment = replace(assignment, operation=Elementwise(variable(errors[assignment.target])))
        elif assignment.target in chain:
            assignment = replace(assignment, operation=renamed(assignment.operation, {errors[first]: first}))
        if assignment.target != first:
            result.append(assignment)
        if assignment.target == errors[first]:
            result.append(replace(scaled[first], section=assignment.section))
    return replace(program, assignments=tuple(result))


def _scale(assignment: Assignment) -> Expr | None:
    """The scalar c of an assignment of c D."""
    if not assignment.target.startswith("scaled_") or not isinstance(assignment.operation, Elementwise):
        return None
    factor = assignment.operation.expression / variable(_error(assignment))
    return factor if {str(letter) for letter in factor.free_symbols} <= _SCALARS else None


def _error(assignment: Assignment) -> str:
    (name,) = [name for name in operands(assignment.operation) if name not in _SCALARS]
    return name


def _between(program: Program, first: str, last: set[str]) -> frozenset[str]:
    """What depends on the first name and is needed for one of the last, these included."""
    needed = set(last)
    for assignment in reversed(program.assignments):
        if assignment.target in needed:
            needed.update(operands(assignment.operation))
    reached = {first}
    for assignment in program.assignments:
        if assignment.target in needed and reached.intersection(operands(assignment.operation)):
            reached.add(assignment.target)
    return frozenset(reached - {first}) if last <= reached else frozenset()


def _is_linear(program: Program, first: str, chain: frozenset[str], scaled: frozenset[str]) -> bool:
    """Whether all of the chain is linear in the first error, and nothing else but the scaled errors uses it."""
    known = chain | {first}
    for assignment in program.assignments:
        if assignment.target in chain and not _is_linear_operation(assignment.operation, known):
            return False
        if assignment.target not in chain | scaled and chain.intersection(operands(assignment.operation)):
            return False
    return bool(chain) and not chain.intersection(program.outputs)


def _is_linear_operation(operation: Operation, known: frozenset[str]) -> bool:
    match operation:
        case Elementwise(expression):
            return _degree(expression, known) == 1
        case Product(left, right):
            return (left in known) != (right in known)
        case Total():
            return True
    return False


def _degree(expression: Expr, known: frozenset[str]) -> int | None:
    """The degree in these names; None where the expression is no polynomial of one degree in them."""
    if not any(str(letter) in known for letter in expression.free_symbols):
        return 0
    if expression.is_Symbol:
        return 1
    parts = [_degree(part, known) for part in expression.args if isinstance(expression, Add | Mul)]
    if not parts or None in parts:
        return None
    if isinstance(expression, Mul):
        return sum(part or 0 for part in parts)
    return parts[0] if len(set(parts)) == 1 else None
