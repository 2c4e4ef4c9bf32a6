r"""Write p log(1 + e^u) + (1 - p) log(1 + e^{-u}), the cross-entropy of one output, with one logarithm.

Both logarithms are the same but for a multiple of u. What is left, max(u, 0) - (1 - p) u, is exact where p is 0 or 1,
and is evaluated before the logarithm is added, which may be smaller by many orders.
"""

from dataclasses import replace

from sympy import Abs, Add, Expr, Max, Mul, exp, log

from symfnn.export.program import Assignment, Elementwise, Program, variable
from symfnn.export.stable import BinaryCrossEntropy, Softplus


def margins(program: Program) -> Program:
    """The program with such pairs of logarithms merged."""
    result: list[Assignment] = []
    count = 0
    for assignment in program.assignments:
        operation = assignment.operation
        found = _merged(operation.expression) if isinstance(operation, Elementwise) else None
        if found is not None:
            state, weight = found
            margin = Max(state, 0) - weight * state
            count += 1
            name = f"margin_{count}"
            result.append(replace(assignment, target=name, operation=Elementwise(margin)))
            operation = Elementwise(variable(name) + log(1 + exp(-Abs(state))))
        result.append(replace(assignment, operation=operation))
    return replace(program, assignments=tuple(result))


def cross_entropies(program: Program) -> Program:
    """The program with such pairs in one node each, for libraries that have it."""
    result = []
    for assignment in program.assignments:
        operation = assignment.operation
        found = _merged(operation.expression) if isinstance(operation, Elementwise) else None
        if found is not None:
            state, weight = found
            if state.is_Symbol and weight.is_Symbol:
                operation = Elementwise(BinaryCrossEntropy(state, weight))
        result.append(replace(assignment, operation=operation))
    return replace(program, assignments=tuple(result))


def _merged(expression: Expr) -> tuple[Expr, Expr] | None:
    """The state u and the weight p of log(1 + e^{-u}), where the expression is such a sum."""
    terms = Add.make_args(expression)
    if len(terms) != 2:
        return None
    weights: dict[Expr, Expr] = {}
    for term in terms:
        logarithms = [factor for factor in Mul.make_args(term) if isinstance(factor, Softplus)]
        if len(logarithms) != 1:
            return None
        weights[logarithms[0].args[0]] = Mul(*(f for f in Mul.make_args(term) if f is not logarithms[0]))
    state = min(weights, key=lambda inner: inner.could_extract_minus_sign())
    if set(weights) != {state, -state} or (weights[state] + weights[-state]).expand() != 1:
        return None
    return state, weights[-state]
