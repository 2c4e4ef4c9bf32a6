"""Write Σ_k d_k (a W)_k as Σ_j a_j (d Wᵀ)_j where d Wᵀ is there already: in the error below a layer of softmax.

There the sum is subtracted from d Wᵀ. Where one state outweighs all others, the difference is 0 if both come from the
same numbers; two products would round differently and leave a remainder that is larger than the derivative.
"""

from dataclasses import replace

from symfnn.export.passes.prune import prune
from symfnn.export.program import Elementwise, Operation, Product, Program, Total, variable


def row_sums(program: Program) -> Program:
    """The program with such sums taken over the other letter."""
    products: dict[Operation, str] = {}
    made: dict[str, Operation] = {}
    summed = {
        a.operation.operand for a in program.assignments if isinstance(a.operation, Total) and a.operation.axis == 1
    }
    shapes = dict(program.inputs) | {a.target: a.shape for a in program.assignments}
    result = []
    for assignment in program.assignments:
        operation = assignment.operation
        if isinstance(operation, Product):
            products.setdefault(operation, assignment.target)
        if isinstance(operation, Elementwise) and assignment.target in summed:
            other = _other_side(operation, made, products)
            if other is not None:
                left, right = other
                operation = Elementwise(variable(left) * variable(right))
                assignment = replace(assignment, shape=shapes[left])
        made[assignment.target] = operation
        result.append(replace(assignment, operation=operation))
    return prune(replace(program, assignments=tuple(result)))


def _other_side(
    operation: Elementwise, made: dict[str, Operation], products: dict[Operation, str]
) -> tuple[str, str] | None:
    """The names of a and of d Wᵀ, where the operation is d times a W."""
    if not operation.expression.is_Mul or len(operation.expression.args) != 2:
        return None
    for errors, states in (operation.expression.args, reversed(operation.expression.args)):
        product = made.get(str(states))
        if isinstance(product, Product) and not (product.is_left_transposed or product.is_right_transposed):
            turned = products.get(Product(str(errors), product.right, is_right_transposed=True))
            if turned is not None:
                return product.left, turned
    return None
