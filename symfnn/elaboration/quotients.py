r"""Difference quotients: ``\frac{\partial C}{\partial w_j} \approx \frac{C(w + \epsilon e_j) - C(w)}{\epsilon}``.

Whatever C is, the right side has a limit as ε goes to 0 where its values of C add up to 0 times C(w), and the limit is
a multiple of the derivative in the direction of the step. Read by form alone: C need not be known.
"""

from typing import NamedTuple

from sympy import Expr, Integer, Rational, Symbol

from symfnn.elaboration import derivatives, factors
from symfnn.elaboration.claims import Equation
from symfnn.elaboration.names import mention, written
from symfnn.elaboration.scope import Scope
from symfnn.latex.syntax import Fence, Fraction, Letter, Node, Number, Product, Scripted, Sequence, Sum

SENSE = "the right side has the left one as its limit"
_UNIT = "e"


class _Step(NamedTuple):
    """An argument, moved by a multiple of the step.

    Attributes:
        base: where it starts from, as written.
        multiple: of the step; 0 where it is not moved.
        direction: the index of the unit vector along which, as written; empty where the argument itself is moved.
    """

    base: str
    multiple: Expr
    direction: str


class _Term(NamedTuple):
    """A multiple of a function's value.

    Attributes:
        number: that it is multiplied with.
        name: of the function, as written.
        steps: the arguments.
    """

    number: Expr
    name: str
    steps: tuple[_Step, ...]


def quotient(scope: Scope, left: Node, right: Node) -> Equation | None:
    """What is said of a derivative and a difference quotient of the same function; None for anything else."""
    bottom = _bottom(right.bottom) if isinstance(right, Fraction) else None
    if bottom is None or not isinstance(right, Fraction) or not isinstance(right.top, Sum):
        return None
    number, step = bottom
    pairs = zip(right.top.terms, right.top.signs, strict=True)
    read = [_term(term, sign, step) for term, sign in pairs]
    terms = [term for term in read if term is not None]
    if len(terms) < len(read) or len({term.name for term in terms}) != 1 or _is_taken(scope, step):
        return None
    moved = _moved(terms)
    if moved is None or sum(term.number for term in terms) != 0:
        return None
    place, base, direction = moved
    if direction and _is_taken(scope, _UNIT):
        return None
    if not _is_derivative(left, terms[0].name, base, direction) or _is_array(scope, base, direction):
        return None
    factor = sum(term.number * term.steps[place].multiple for term in terms) / number
    slope = Symbol(f"any derivative of {terms[0].name}", real=True)
    return Equation(slope, factor * slope, ())


def _bottom(node: Node) -> tuple[Expr, str] | None:
    r"""The number and the step of ``2\epsilon``; None for anything else."""
    if isinstance(node, Letter):
        return Integer(1), node.name
    if isinstance(node, Product) and len(node.factors) == 2:
        number, step = node.factors
        if isinstance(number, Number) and isinstance(step, Letter):
            return _number(number), step.name
    return None


def _number(node: Number) -> Expr:
    return Rational(node.text)


def _term(node: Node, sign: str, step: str) -> _Term | None:
    """A value of a function, perhaps times a number; None for anything else."""
    number = Integer(1) if sign == "+" else Integer(-1)
    if sign not in ("+", "-"):
        return None
    if isinstance(node, Product) and len(node.factors) == 3 and isinstance(node.factors[0], Number):
        number *= _number(node.factors[0])
        node = Product(node.factors[1:], node.signs[1:], node.span)
    applied = factors.application(node)
    if applied is None or applied[0].primes or applied[1].body is None:
        return None
    body = applied[1].body
    items = body.items if isinstance(body, Sequence) else (body,)
    steps = [_step(item, step) for item in items]
    if any(one is None for one in steps) or not isinstance(node, Product):
        return None
    return _Term(number, _text(node.factors[0]), tuple(one for one in steps if one is not None))


def _step(node: Node, step: str) -> _Step | None:
    """An argument; None where it is moved in a way that is not understood."""
    if not isinstance(node, Sum):
        return _Step(_text(node), Integer(0), "") if step not in _text(node) else None
    if len(node.terms) != 2 or node.signs[0] != "+" or node.signs[1] not in ("+", "-"):
        return None
    moved = _displacement(node.terms[1], step)
    if moved is None or step in _text(node.terms[0]):
        return None
    multiple, direction = moved
    return _Step(_text(node.terms[0]), multiple if node.signs[1] == "+" else -multiple, direction)


def _displacement(node: Node, step: str) -> tuple[Expr, str] | None:
    r"""The multiple of the step and the index of the unit vector in ``2 \epsilon e_j``; None for anything else."""
    parts = list(node.factors) if isinstance(node, Product) else [node]
    if isinstance(node, Product) and any(node.signs):
        return None
    multiple: Expr = Integer(1)
    if isinstance(parts[0], Number):
        multiple = _number(parts[0])
        parts = parts[1:]
    steps = [part for part in parts if isinstance(part, Letter) and part.name == step]
    units = [part for part in parts if part not in steps]
    if len(steps) != 1 or len(units) > 1:
        return None
    if not units:
        return multiple, ""
    unit = units[0]
    is_unit = isinstance(unit, Scripted) and unit.sub is not None and unit.sup is None
    if not is_unit or not isinstance(unit, Scripted) or not isinstance(unit.base, Letter) or unit.base.name != _UNIT:
        return None
    assert unit.sub is not None
    return multiple, _text(unit.sub)


def _moved(terms: list[_Term]) -> tuple[int, str, str] | None:
    """The one argument that is moved, where it starts from and in which direction; None where there is no such one."""
    if len({tuple(step.base for step in term.steps) for term in terms}) != 1:
        return None
    places = {place for term in terms for place, step in enumerate(term.steps) if step.multiple != 0}
    moves = [step for term in terms for step in term.steps if step.multiple != 0]
    if len(places) != 1 or len({step.direction for step in moves}) != 1:
        return None
    (place,) = places
    return place, terms[0].steps[place].base, moves[0].direction


def _is_derivative(node: Node, name: str, base: str, direction: str) -> bool:
    """Whether a side is the derivative of a function in the direction in which its argument is moved."""
    if isinstance(node, Fraction):
        top, by = derivatives.behind_sign(node.top), derivatives.behind_sign(node.bottom)
        if top is None or by is None or not _is_value(top, name, base):
            return False
        if not direction:
            return _text(by) == base
        if _text(by) == direction:
            return direction.lower() == base.lower()  # one parameter θ of all, Θ
        return (
            isinstance(by, Scripted)
            and by.sup is None
            and by.sub is not None
            and not by.primes
            and ((_text(by.base), _text(by.sub)) == (base, direction))
        )
    applied = factors.application(node)
    if applied is None or applied[0].primes != 1 or applied[0].marks or direction:
        return False
    return applied[0].name == name and applied[1].body is not None and _text(applied[1].body) == base


def _is_value(node: Node, name: str, base: str) -> bool:
    """Whether a numerator is the function, by itself or at the place."""
    if _text(node) == name:
        return True
    if not isinstance(node, Product) or len(node.factors) != 2 or not isinstance(node.factors[1], Fence):
        return False
    body = node.factors[1].body
    items = body.items if isinstance(body, Sequence) else (body,)
    return _text(node.factors[0]) == name and any(item is not None and _text(item) == base for item in items)


def _is_taken(scope: Scope, letter: str) -> bool:
    """Whether a letter has a definition, so that it is no step and no unit vector."""
    defined = {stated.definition.name for stated in scope.definitions}
    return any(profile.name in defined for profile in scope.named(letter))


def _is_array(scope: Scope, base: str, direction: str) -> bool:
    """Whether a step would be added to all entries of an array."""
    known = scope.named(base)
    return not direction and any(p.rows is not None or p.columns is not None for p in known)


def _text(node: Node) -> str:
    """How a name is written; empty where it is no name."""
    return "" if mention(node) is None else written(node)
