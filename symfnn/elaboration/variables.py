"""Variables: the letters by which an equation is about functions, and which stand for any real number."""

from sympy import Expr, Symbol

from symfnn.elaboration import derivatives
from symfnn.elaboration.left_sides import function_variable
from symfnn.elaboration.names import written
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.survey import letters_of
from symfnn.latex.syntax import Fence, Function, Letter, Node, Product, Scripted
from symfnn.latex.walk import nodes


def variables_of(scope: Scope, left: Node, right: Node) -> dict[str, Expr]:
    """The letters that stand for any real number."""
    sides = (left, right), (right, left)
    found = [variable for side, other in sides if (variable := _variable(scope, side, other)) is not None]
    named = {variable for variable in found if not scope.knows(variable)}
    first = _variable(scope, left, right)
    if first is not None and not _names_another(scope, right, first):
        named.add(first)
    return {variable: _free(variable) for variable in named | _only_variable(scope, left, right)}


def _variable(scope: Scope, node: Node, other: Node) -> str | None:
    r"""The variable of ``f(z)`` and ``f'(z)``, and of ``\tanh(z)`` beside a formula in a known z; else None."""
    if not isinstance(node, Function):
        return function_variable(node)
    inner = node.argument.body if isinstance(node.argument, Fence) else node.argument
    if not isinstance(inner, Letter) or node.sub is not None or not scope.knows(inner.name):
        return None
    return inner.name if inner.name in letters_of(other) else None


def _only_variable(scope: Scope, left: Node, right: Node) -> set[str]:
    r"""The letter that an equation of functions alone is about, as in ``\frac{d}{dz} g(z) = g(z) (1 - g(z))``."""
    parts = [part for side in (left, right) for part in nodes(side)]
    marked = [part for part in parts if isinstance(part, Scripted) and (part.sub or part.sup)]
    if any(not isinstance(part.base, Fence) and written(part.base) != "e" for part in marked):
        return set()
    letters = {part.name for part in parts if isinstance(part, Letter) and not derivatives.is_sign(part)}
    letters -= set() if scope.knows("e") else {"e"}
    others = {name for name in letters if name not in scope.functions}
    own = {part.name for part in parts if isinstance(part, Function)}
    applied = {variable for part in parts for variable in _applied(scope, part)}
    return others if len(others) == 1 and (others < letters or own) and others <= applied else set()


def _applied(scope: Scope, node: Node) -> set[str | None]:
    """The variables of the functions with a rule that stand in a product, or of the one function that is written."""
    if not isinstance(node, Product) or len(node.factors) == 2:
        return {_variable(scope, node, node)}
    pairs = (Product(pair, ("",), node.span) for pair in zip(node.factors, node.factors[1:], strict=False))
    return {function_variable(pair) for pair in pairs if _has_rule(scope, pair.factors[0])}


def _has_rule(scope: Scope, node: Node) -> bool:
    return isinstance(node, Letter) and scope.functions.get(node.name) is not None


def _names_another(scope: Scope, node: Node, variable: str) -> bool:
    """Whether a quantity stands in a formula besides a letter: ``f(z) = a`` is about z, not about any number."""
    letters = {part.name for part in nodes(node) if isinstance(part, Letter)} - {variable}
    return any(scope.named(letter) and letter not in scope.functions for letter in letters)


def _free(variable: str) -> Symbol:
    """A real number that a statement is about, apart from any quantity written with the same letter."""
    return Symbol(f"any {variable}", real=True)
