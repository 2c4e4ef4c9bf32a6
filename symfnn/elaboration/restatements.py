"""An equation that contradicts a definition: another definition of the same name, or a claim that went wrong.

The two look alike. What tells them apart is here; which of several definitions holds is the checker's business.
"""

from collections.abc import Iterable
from dataclasses import replace

from sympy import Expr, KroneckerDelta, Lambda, Piecewise, Sum, Symbol, exp, simplify
from sympy.core.function import Application

from symfnn.algebra import index, normal
from symfnn.elaboration.examples import leads_to
from symfnn.elaboration.relations import DEFINES
from symfnn.elaboration.scope import Scope, Stated
from symfnn.latex.syntax import Relation, Statement
from symfnn.model.activations import CATALOGUE
from symfnn.model.definitions import Definition

_POINTS = (-1.7, -0.6, 0.4, 1.3)


def defines(scope: Scope, statement: Statement, new: Definition, old: tuple[Stated, ...]) -> bool:
    """Whether an equation can only be meant as another definition of what it contradicts the definition of.

    It is where its sign says so; where its right side is a softmax, which no calculation leads to, or holds something
    that the quantity did not depend on before; and where nothing is computed from the quantity, as from a loss, and its
    right side is about the same things. One for all layers has to say so by its sign: with a slip in it, it looks the
    same.

    Args:
        scope: in which the old definitions are in force.
        statement: the equation.
        new: what it would define.
        old: those that it contradicts.
    """
    content = statement.content
    if isinstance(content, Relation) and content.signs[0] in DEFINES:
        return True
    layer = index.LAYER if new.layers is None else index.indices_of(new.entry)[0]
    if _is_general(new) or leads_to(scope, new.value, new.name, layer):
        return False
    written_out = _written_out(scope, new)
    if _is_softmax(written_out):
        return True
    own = _ingredients(written_out)
    if own - _everything_in(scope, old):
        return True
    return _is_objective(scope, old) and own <= set().union(*(_ingredients(stated.definition) for stated in old))


def gives_another_rule(new: Lambda, old: Lambda) -> bool:
    """Whether another rule of a function can only be meant: it is a usual activation, or of another kind altogether."""
    (z,) = new.variables
    if z not in new.expr.free_symbols:
        return False
    return _is_usual(new) or bool(_kinds(new.expr) - _kinds(old.expr))


def is_special(new: Definition, old: tuple[Stated, ...]) -> bool:
    """Whether a definition says of one layer what others say of many, as for an output layer."""
    is_of_one = new.layers is not None and not _is_general(new)
    return is_of_one and any(_is_general(stated.definition) for stated in old)


def _is_general(definition: Definition) -> bool:
    """Whether a definition is one for many layers."""
    return definition.layers is not None and definition.layers[0] != definition.layers[1]


def _written_out(scope: Scope, new: Definition) -> Definition:
    """A definition by one name, ``y = p``, as one by what that name is defined as; any other as it is."""
    if not index.is_entry(new.value):
        return new
    found = [s.definition for s in scope.definitions if s.definition.name == index.name_of(new.value)]
    is_plain = len(found) == 1 and found[0].layers is None and not isinstance(found[0].value, index.Unspecified)
    return replace(new, value=found[0].at(new.value)) if is_plain else new


def _is_softmax(definition: Definition) -> bool:
    """Whether a definition is e to the power of an entry, divided by the sum of these over one index."""
    top, bottom = definition.value.as_numer_denom()
    if not isinstance(top, exp) or not index.is_entry(top.args[0]) or not isinstance(bottom, Sum):
        return False
    letter = bottom.limits[0][0]
    own = [old for old, new in zip(top.args[0].indices, _powers(bottom.function), strict=False) if new == letter]
    return len(bottom.limits) == 1 and len(own) == 1 and normal.equal(top.xreplace({own[0]: letter}), bottom.function)


def _powers(term: Expr) -> tuple[Expr, ...]:
    """The indices of the entry that e is raised to the power of; none where it is something else."""
    power = term.args[0] if isinstance(term, exp) else term
    return tuple(power.indices) if index.is_entry(power) else ()


def _is_objective(scope: Scope, old: tuple[Stated, ...]) -> bool:
    """Whether a quantity is a number that is differentiated at most, and is computed of others."""
    entries = {stated.definition.entry for stated in old}
    if any(index.indices_of(entry) for entry in entries):
        return False
    values = [stated.definition.value for stated in scope.definitions if stated not in old]
    return not any(entry in _without_derivatives(value).free_symbols for value in values for entry in entries)


def _without_derivatives(value: Expr) -> Expr:
    return value.replace(lambda node: isinstance(node, index.Partial), lambda node: node.args[1])


def _ingredients(definition: Definition) -> set[object]:
    """The names, sizes and kinds of function on the right side of a definition."""
    value = definition.value
    arrays = {str(array[0]) for node in value.atoms(index.Unspecified) for array in node.arrays}
    names = {index.name_of(entry) for entry in index.entries(value)}
    symbols = value.free_symbols - definition.entry.free_symbols - {index.LAYER, index.DEPTH}
    return arrays | names | {str(symbol) for symbol in symbols if isinstance(symbol, Symbol)} | _kinds(value)


def _kinds(value: Expr) -> set[object]:
    """The functions in a formula; those of a document by their letters."""
    return {
        node.letter if isinstance(node, index.ScalarFunction) else type(node)
        for node in value.atoms(Application, Piecewise)
        if not isinstance(node, KroneckerDelta)
    }


def _everything_in(scope: Scope, old: Iterable[Stated]) -> set[object]:
    """The ingredients of definitions and of all that they lead back to."""
    found: set[object] = set()
    waiting = [_ingredients(stated.definition) for stated in old]
    while waiting:
        new = waiting.pop() - found
        found |= new
        waiting += [_ingredients(s.definition) for s in scope.definitions if s.definition.name in new]
        rules = (scope.functions.get(name) for name in new if isinstance(name, str))
        waiting += [_kinds(rule.expr) for rule in rules if rule is not None]
    return found


def _is_usual(rule: Lambda) -> bool:
    """Whether a rule is that of a usual activation."""
    (z,) = rule.variables
    for known in CATALOGUE:
        usual = known.rule(z)
        apart = [abs(complex((rule.expr - usual).subs(z, point).evalf())) > 1e-9 for point in _POINTS]
        if not any(apart):
            return bool(rule.expr.has(Piecewise) or usual.has(Piecewise) or simplify(rule.expr - usual) == 0)
    return False
