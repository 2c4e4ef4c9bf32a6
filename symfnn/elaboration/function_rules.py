"""Rules of functions: ``f(z) = …``, and arrays that are made of such a function."""

from dataclasses import replace

from sympy import Expr, Lambda, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import entries, factors
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.left_sides import function_variable
from symfnn.elaboration.names import mention
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.scope import Operator, Scope
from symfnn.latex.syntax import Node


def define_function(scope: Scope, left: Node, right: Node) -> Scope:
    """The scope with the rule of f(z) = ….

    Raises:
        MeaningError: the right side is not understood.
    """
    variable = function_variable(left)
    applied = factors.application(left)
    assert variable is not None
    assert applied is not None
    z = Symbol("z", real=True)
    reading = Reading(scope, readings, variables={variable: z})
    value = reading.value(right)
    if not value.is_scalar or value.expr.free_symbols - {z}:
        raise errors.MeaningError("not-covered", "a function is understood that has one variable", right.span)
    rule = _plain(scope, value.expr)
    return replace(scope, functions={**scope.functions, applied[0].name: Lambda(z, rule)})


def _plain(scope: Scope, expression: Expr) -> Expr:
    """The expression with functions that have a rule written out."""

    def rule(node: Expr) -> Expr:
        known = scope.functions.get(node.letter)
        if known is None:
            return node
        (z,) = known.variables
        return known.expr.diff(z, node.order).xreplace({z: node.args[0]})

    return expression.replace(lambda node: isinstance(node, index.ScalarFunction), rule)


def operator(scope: Scope, left: Node, right: Node) -> Operator | None:
    """``Σ'(z^l) = diag(σ'(z^l))``: the brackets hold an array that the right side is about."""
    applied = factors.application(left)
    inner = None if applied is None or applied[1].body is None else mention(applied[1].body)
    if applied is None or inner is None or not inner.marks:
        return None
    reading = Reading(scope, readings)
    if entries.entry(reading, inner) is None:
        return None
    value = reading.value(right)
    if index.LAYER not in value.expr.free_symbols:
        return None
    return Operator(applied[0].name, applied[0].primes, inner.name, value)
