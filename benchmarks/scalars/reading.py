"""The value of a formula in a network that is written out in scalars: sums, products, transpositions, derivatives.

A second reading of the surface tree, which shares nothing with symfnn's own. ``world`` says what a name stands for
(see ``network``); ``letters`` are the numbers that bound and free letters stand for. A product whose sign does not
fit the shapes is read as the one product that does, as people write it.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction as Ratio
from functools import singledispatch

from sympy import Add, Expr, Integer, Rational, log, sqrt, tanh

from scalars.names import HADAMARD, above_parts, below_slots, bound_letter, is_turn, without_turn
from scalars.values import (
    ONE,
    ZERO,
    Array,
    Exponential,
    OutOfRange,
    Unreadable,
    added,
    each,
    elementwise_product,
    matrix_product,
    outer_product,
    pairwise,
    transposed,
)
from symfnn.latex.syntax import (
    BigOperator,
    Fence,
    Fraction,
    Function,
    Letter,
    Matrix,
    Node,
    Number,
    Product,
    Relation,
    Scripted,
    Sum,
)
from symfnn.latex.writing import write

KNOWN = {"exp": Exponential, "log": log, "ln": log, "tanh": tanh}
PARTIAL = {r"\partial", "d"}
MATRIX_SIGNS = {"", r"\cdot", r"\times"}


@singledispatch
def evaluate(node, world, letters):
    """The value: a SymPy expression or an Array of them."""
    raise Unreadable(type(node).__name__)


@evaluate.register
def _(node: Number, world, letters):
    ratio = Ratio(node.text)
    return Rational(ratio.numerator, ratio.denominator)


@evaluate.register
def _(node: Letter, world, letters):
    if node.name in letters:
        return Integer(letters[node.name]) if isinstance(letters[node.name], int) else letters[node.name]
    return _mentioned(node, world, letters)


@evaluate.register
def _(node: Scripted, world, letters):
    base = without_turn(node.base)
    if isinstance(base, Letter) and base.name == "e" and node.sub is None and world.has_exponential:
        return each(Exponential, evaluate(node.sup, world, letters))
    if world.spelling.reference(node) is not None:
        return _mentioned(node, world, letters)
    if node.primes:
        raise Unreadable(write(node))
    if isinstance(node.base, Fence) and node.base.left == "‖":
        return _power(_norm(node.base, world, letters), node.sup, world, letters)
    value = evaluate(node.base, world, letters)
    if node.sub is not None:
        value = world.indexed(value, [number(slot, world, letters) for slot in below_slots(node.sub)], (1, 1))
    return _above(value, node.sup, world, letters)


def _mentioned(node, world, letters):
    """A quantity by its name."""
    found = world.spelling.reference(node)
    if found is None or found.primes or (isinstance(node, Letter) and node.name in (r"\partial", r"\nabla")):
        raise Unreadable(write(node))
    return _looked_up(found, world, letters)


def _looked_up(found, world, letters):
    above, below = ([number(slot, world, letters) for slot in slots] for slots in (found.above, found.below))
    value = world.lookup(found.name, tuple(above), tuple(below))
    value = transposed(value) if found.is_transposed else value
    return _power(value, found.power, world, letters) if found.power is not None else value


def _above(value, node, world, letters):
    """What stands above brackets: a transposition, a power."""
    for part in above_parts(node):
        value = transposed(value) if is_turn(part) else _power(value, part, world, letters)
    return value


def _power(value, node, world, letters):
    exponent = ONE if node is None else evaluate(node, world, letters)
    if isinstance(exponent, Array) or not exponent.is_Integer or abs(exponent) > 9:
        raise Unreadable("a power that is no small number")
    return each(lambda entry: entry**exponent, value)


def _norm(node: Fence, world, letters):
    value = evaluate(node.body, world, letters)
    entries = value.entries if isinstance(value, Array) else [value]
    return sqrt(Add(*(entry**2 for entry in entries)))


def number(node: Node, world, letters) -> int:
    """The number of a layer, a sample or an entry."""
    value = evaluate(node, world, letters)
    if not isinstance(value, Expr) or not value.is_Integer:
        raise Unreadable(f"{write(node)} is no number")
    return int(value)


@evaluate.register
def _(node: Fence, world, letters):
    if node.left == "‖":
        return _norm(node, world, letters)
    if node.left not in "([{" or node.body is None:
        raise Unreadable(write(node))
    return evaluate(node.body, world, letters)


@evaluate.register
def _(node: Sum, world, letters):
    total = None
    for sign, term in zip(node.signs, node.terms, strict=True):
        if sign not in "+-":
            raise Unreadable(sign)
        value = evaluate(term, world, letters)
        value = each(lambda entry: -entry, value) if sign == "-" else value
        total = value if total is None else added(total, value)
    return total


@evaluate.register
def _(node: BigOperator, world, letters):
    letter = bound_letter(node)
    if node.name != "sum" or letter is None:
        raise Unreadable(rf"\{node.name}")
    total = None
    for inner in _range(node, letter, world, letters):
        value = evaluate(node.body, world, inner)
        total = value if total is None else added(total, value)
    return ZERO if total is None else total


def _range(node: BigOperator, letter: str, world, letters) -> Iterator[dict]:
    """What the bound letter stands for; without limits, all entries from the first that there are."""
    if isinstance(node.lower, Relation) and node.lower.signs == ("=",) and node.upper is not None:
        first, last = number(node.lower.parts[1], world, letters), number(node.upper, world, letters)
        yield from ({**letters, letter: here} for here in range(first, last + 1))
        return
    if isinstance(node.lower, Relation) or node.upper is not None:
        raise Unreadable("a sum with one limit")
    for here in range(1, world.longest + 1):
        try:
            evaluate(node.body, world, {**letters, letter: here})
        except OutOfRange:
            if here == 1:
                raise
            return
        yield {**letters, letter: here}


@evaluate.register
def _(node: Function, world, letters):
    if node.name not in KNOWN or node.argument is None or node.primes or node.sub is not None:
        raise Unreadable(rf"\{node.name}")
    value = each(KNOWN[node.name], evaluate(node.argument, world, letters))
    return value if node.sup is None else _power(value, node.sup, world, letters)


@evaluate.register
def _(node: Matrix, world, letters):
    rows = [[None if cell is None else evaluate(cell, world, letters) for cell in row] for row in node.rows]
    if any(cell is None for row in rows for cell in row):
        raise Unreadable("a block without a value")
    wide = [max(_shape(row[place])[1] for row in rows) for place in range(len(rows[0]))]
    found = []
    for row in rows:
        high = max(_shape(cell)[0] for cell in row)
        cells = [_block(cell, high, across) for cell, across in zip(row, wide, strict=True)]
        found += [tuple(entry for cell in cells for entry in cell.rows[line]) for line in range(high)]
    return Array(tuple(found))


def _shape(value) -> tuple[int, int]:
    return value.shape if isinstance(value, Array) else (1, 1)


def _block(value, high: int, wide: int) -> Array:
    """A block of a matrix; a 0 stands for as many as there is place for."""
    if value == ZERO:
        return Array(((ZERO,) * wide,) * high)
    block = value if isinstance(value, Array) else Array(((value,),))
    if block.shape != (high, wide):
        raise Unreadable("blocks that do not fit")
    return block


@evaluate.register
def _(node: Fraction, world, letters):
    if isinstance(node.bottom, Product) and _is_partial(node.bottom.factors[0]):
        if isinstance(node.top, Product) and _is_partial(node.top.factors[0]):
            return _derivative(evaluate(_without_first(node.top), world, letters), node.bottom, world, letters)
        raise Unreadable("a derivative of nothing")
    return _quotient(evaluate(node.top, world, letters), evaluate(node.bottom, world, letters))


def _quotient(a, b):
    return pairwise(lambda x, y: x / y, a, b)


def _is_partial(node: Node) -> bool:
    return isinstance(node, Letter) and node.name in PARTIAL


def _without_first(node: Product) -> Node:
    rest = node.factors[1:]
    return rest[0] if len(rest) == 1 else Product(rest, node.signs[1:], node.span)


def _derivative(value, bottom: Product, world, letters):
    """The derivative by what stands below; by an array: of a scalar only, in the array's own shape."""
    if any(bottom.signs):
        raise Unreadable("a product below a derivative")
    return differentiated(value, evaluate(_without_first(bottom), world, letters), world)


def differentiated(value, by, world):
    if isinstance(value, Array) and isinstance(by, Array):
        raise Unreadable("the derivative of an array by an array")
    if isinstance(by, Array):
        return each(lambda entry: world.slope(value, entry), by)
    return each(lambda entry: world.slope(entry, by), value)


@evaluate.register
def _(node: Product, world, letters):
    values, signs = [], []
    place = 0
    while place < len(node.factors):
        if place:
            signs.append(node.signs[place - 1])
        value, width = _unit(node, place, world, letters)
        values.append(value)
        place += width
    return combined(values, signs)


def _unit(node: Product, place: int, world, letters):
    """The value of what begins at a factor, and how many factors that is."""
    factor = node.factors[place]
    follows = place + 1 < len(node.factors) and not node.signs[place]
    behind = node.factors[place + 1] if follows else None
    if behind is not None:
        found = world.spelling.joined(factor, behind)
        if found is not None:
            return _looked_up(found, world, letters), 2
        value = world.named(write(factor), write(behind)) or applied(factor, behind, world, letters)
        if value is not None:
            return value, 2
    if _is_operator(factor):
        if behind is None:
            raise Unreadable("a derivative of nothing")
        value, width = _unit(node, place + 1, world, letters)
        by = _without_first(factor.bottom) if isinstance(factor, Fraction) else factor.sub
        return differentiated(value, evaluate(by, world, letters), world), 1 + width
    return evaluate(factor, world, letters), 1


def _is_operator(node: Node) -> bool:
    """Whether this is ∂/∂x before what it acts on, or ∇ with what it differentiates by below."""
    if isinstance(node, Scripted) and isinstance(node.base, Letter) and node.base.name == r"\nabla":
        return node.sub is not None and node.sup is None and not node.primes
    return isinstance(node, Fraction) and _is_partial(node.top) and isinstance(node.bottom, Product)


def applied(head: Node, behind: Node, world, letters):
    """The value of a function at what stands in brackets behind it; None where this is a product."""
    fence = behind.base if isinstance(behind, Scripted) else behind
    if not isinstance(fence, Fence) or fence.left != "(" or fence.body is None:
        return None
    value = world.application(head, fence.body, letters)
    if value is None:
        function = _function(head, world, letters)
        if function is None:
            return None
        value = function(evaluate(fence.body, world, letters))
    if isinstance(behind, Scripted):
        if behind.sub is not None or behind.primes:
            raise Unreadable(write(behind))
        return _above(value, behind.sup, world, letters)
    return value


def _function(head: Node, world, letters) -> Callable | None:
    if isinstance(head, Letter) and head.name == "diag":
        return _diagonal
    found = world.spelling.reference(head)
    if found is None or not world.is_function(found.name) or found.below or found.is_transposed:
        return None
    function = world.function(found.name, tuple(number(slot, world, letters) for slot in found.above), found.primes)

    def at(value):
        result = each(function, value)
        return result if found.power is None else _power(result, found.power, world, letters)

    return at


def _diagonal(value):
    if not isinstance(value, Array):
        raise Unreadable("the diagonal of a scalar")
    entries = value.entries
    return Array(
        tuple(tuple(entry if r == c else ZERO for c in range(len(entries))) for r, entry in enumerate(entries))
    )


def combined(values: list, signs: list[str]):
    """The product: matrix products before elementwise ones, then from the left, then as the shapes allow."""
    for is_strict in (True, False):
        for reduce in (_matrices_first, _from_the_left):
            found = reduce(values, signs, is_strict)
            if found is not None:
                return found
    raise Unreadable("factors that do not fit")


def _matrices_first(values: list, signs: list[str], is_strict: bool):
    groups, outer = [([values[0]], [])], []
    for sign, value in zip(signs, values[1:], strict=True):
        if sign in HADAMARD:
            groups.append(([value], []))
            outer.append(sign)
        else:
            groups[-1][0].append(value)
            groups[-1][1].append(sign)
    inner = [_from_the_left(*group, is_strict) for group in groups]
    return None if any(value is None for value in inner) else _from_the_left(inner, outer, is_strict)


def _from_the_left(values: list, signs: list[str], is_strict: bool):
    total = values[0]
    for sign, value in zip(signs, values[1:], strict=True):
        total = _two(total, value, sign, is_strict)
        if total is None:
            return None
    return total


def _two(a, b, sign: str, is_strict: bool):
    if sign == "/":
        return _quotient(a, b)
    if sign not in HADAMARD and sign not in MATRIX_SIGNS:
        raise Unreadable(sign)
    kinds = (elementwise_product, matrix_product) if sign in HADAMARD else (matrix_product, elementwise_product)
    for kind in kinds[:1] if is_strict else (*kinds, outer_product):
        found = kind(a, b)
        if found is not None:
            return found
    return None
