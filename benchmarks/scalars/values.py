"""Scalars and arrays of SymPy expressions, open functions, and whether an expression is identically zero.

Nothing here is symfnn's own: SymPy's ``diff`` and ``expand``, and Python's ``Fraction``.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import mpmath
from sympy import Add, Dummy, Expr, Function, Integer, Mul, Pow, Symbol, expand, log, tanh

DIGITS = 120
POINTS = 2
PRIME = 2**521 - 1
HIGHEST = 2**100


class OutOfRange(Exception):
    """An index or a layer that does not exist: the formula says nothing there."""


class Unreadable(Exception):
    """What this evaluator has no reading for."""


@dataclass(frozen=True)
class Array:
    """Rows of scalars; a column is an array with rows of one entry."""

    rows: tuple[tuple[Expr, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])

    @property
    def entries(self) -> list[Expr]:
        return [entry for row in self.rows for entry in row]


def column(entries: Sequence[Expr]) -> Array:
    return Array(tuple((entry,) for entry in entries))


def each(change: Callable[[Expr], Expr], value: "Expr | Array") -> "Expr | Array":
    if isinstance(value, Array):
        return Array(tuple(tuple(map(change, row)) for row in value.rows))
    return change(value)


def transposed(value: "Expr | Array") -> "Expr | Array":
    return Array(tuple(zip(*value.rows, strict=True))) if isinstance(value, Array) else value


def plain(value: "Expr | Array") -> "Expr | Array":
    """An array of one entry as that entry."""
    return value.rows[0][0] if isinstance(value, Array) and value.shape == (1, 1) else value


def pairwise(change: Callable[[Expr, Expr], Expr], a: "Expr | Array", b: "Expr | Array") -> "Expr | Array":
    """Entry by entry; a scalar goes with every entry."""
    if not isinstance(a, Array):
        return each(lambda entry: change(a, entry), b)
    if not isinstance(b, Array):
        return each(lambda entry: change(entry, b), a)
    if a.shape != b.shape:
        raise Unreadable(f"{a.shape} beside {b.shape}")
    pairs = (zip(*rows, strict=True) for rows in zip(a.rows, b.rows, strict=True))
    return Array(tuple(tuple(change(x, y) for x, y in row) for row in pairs))


def added(a: "Expr | Array", b: "Expr | Array") -> "Expr | Array":
    """The sum; a column is added to every column of a matrix, as programs do it."""
    if isinstance(a, Array) and isinstance(b, Array) and a.shape != b.shape and a.shape[0] == b.shape[0]:
        wide = max(a.shape[1], b.shape[1])
        a, b = (Array(tuple(row * wide for row in v.rows)) if v.shape[1] == 1 else v for v in (a, b))
    return pairwise(Add, a, b)


def matrix_product(a: "Expr | Array", b: "Expr | Array") -> "Expr | Array | None":
    """The product of matrices, or by a scalar; None where the shapes do not fit."""
    if not isinstance(a, Array) or not isinstance(b, Array):
        return pairwise(Mul, a, b)
    if a.shape[1] != b.shape[0]:
        return None
    columns = list(zip(*b.rows, strict=True))
    return plain(Array(tuple(tuple(Add(*map(Mul, row, other)) for other in columns) for row in a.rows)))


def elementwise_product(a: "Expr | Array", b: "Expr | Array") -> "Expr | Array | None":
    if isinstance(a, Array) and isinstance(b, Array) and a.shape != b.shape:
        return None
    return pairwise(Mul, a, b)


def outer_product(a: "Expr | Array", b: "Expr | Array") -> "Expr | Array | None":
    if isinstance(a, Array) and isinstance(b, Array) and a.shape[1] == b.shape[1] == 1:
        return matrix_product(a, transposed(b))
    return None


@cache
def open_function(name: str, orders: tuple[int, ...]) -> type[Function]:
    """A function of which nothing is known, differentiated so many times by each of its arguments."""

    def fdiff(self: Function, argindex: int = 1) -> Expr:
        more = tuple(order + (place == argindex) for place, order in enumerate(orders, 1))
        return open_function(name, more)(*self.args)

    members = {"fdiff": fdiff, "letter": name, "orders": orders, "is_real": True}
    return type(f"{name}_{'_'.join(map(str, orders))}", (Function,), members)


class Exponential(Function):
    """e to the power of something; SymPy's own rewrites products of them."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> Expr:
        return self


def verdict(expression: Expr, seed: int) -> bool | None:
    """Whether an expression is 0 for all values of its symbols and whatever its open functions are.

    With a letter for each symbol and each value of a function it is a quotient of polynomials with whole coefficients.
    True: that is 0 at random residues modulo a prime of 521 bits, which happens to a polynomial that is not 0 with a
    probability below its degree by the prime (Schwartz and Zippel), here less than 2 to the power of -400.
    False: its value at a rational point, with polynomials of degree 3 for the open functions, is not 0: a proof, up to
    rounding at 120 digits where there is an exponential or a logarithm. None is neither.
    """
    if expression == 0:
        return True
    for is_deep in (False, True):
        if _vanishes(abstracted(expression, {}, is_deep=is_deep), seed):
            return True
        if not is_deep and not is_zero_at_points(expression, seed):
            return False
    return None


def _vanishes(rational: Expr, seed: int) -> bool:
    """Whether a quotient of polynomials is 0 at random residues; not where its degree is too high to tell."""
    degrees = _degrees(rational, {})
    return max(degrees) < HIGHEST and _residue(rational, random.Random(seed), {}) == 0


def _degrees(node: Expr, known: dict[Expr, tuple[int, int]]) -> tuple[int, int]:
    """Bounds for the degrees above and below, the expression written over one denominator."""
    if node not in known:
        parts = [_degrees(part, known) for part in node.args] if isinstance(node, Add | Mul) else []
        below = sum(low for _, low in parts)
        if isinstance(node, Add):
            known[node] = max(high + below - low for high, low in parts), below
        elif isinstance(node, Mul):
            known[node] = sum(high for high, _ in parts), below
        elif isinstance(node, Pow):
            high, low = (abs(int(node.exp)) * degree for degree in _degrees(node.base, known))
            known[node] = (high, low) if node.exp > 0 else (low, high)
        else:
            known[node] = (0, 0) if node.is_Rational else (1, 0)
    return known[node]


def _residue(node: Expr, numbers: random.Random, known: dict[Expr, int]) -> int:
    if node not in known:
        if node.is_Rational:
            known[node] = int(node.p) * pow(int(node.q), -1, PRIME) % PRIME
        elif isinstance(node, Add):
            known[node] = sum(_residue(part, numbers, known) for part in node.args) % PRIME
        elif isinstance(node, Mul):
            known[node] = _times((_residue(part, numbers, known) for part in node.args), PRIME)
        elif isinstance(node, Pow):
            known[node] = pow(_residue(node.base, numbers, known), int(node.exp), PRIME)
        else:
            known[node] = numbers.randrange(1, PRIME)
    return known[node]


def _times(parts: Iterable[int], modulus: int) -> int:
    result = 1
    for part in parts:
        result = result * part % modulus
    return result


def abstracted(expression: Expr, letters: dict[Expr, Expr], *, is_deep: bool) -> Expr:
    """The expression with a letter for each value of a function, the same for arguments that are written alike.

    Deep: for arguments that are alike when they are expanded, which takes longer.
    """
    if not expression.args:
        return expression
    if expression not in letters:
        letters[expression] = _abstracted(expression, letters, is_deep)
    return letters[expression]


def _abstracted(expression: Expr, letters: dict[Expr, Expr], is_deep: bool) -> Expr:
    if isinstance(expression, Add | Mul) or (isinstance(expression, Pow) and expression.exp.is_Integer):
        return expression.func(*(abstracted(part, letters, is_deep=is_deep) for part in expression.args))
    inner = expression.args
    if is_deep:
        inner = [expand(abstracted(part, letters, is_deep=True)) for part in inner]
    if isinstance(expression, Exponential):
        terms = Add.make_args(inner[0]) if is_deep else inner
        return Mul(*(_exponential(term, letters) for term in terms))
    return letters.setdefault(("value", expression.func, tuple(inner)), Dummy())


def _exponential(term: Expr, letters: dict) -> Expr:
    """The exponential of a term; a whole number before it is a power."""
    number, rest = term.as_content_primitive()
    if rest.could_extract_minus_sign():
        number, rest = -number, -rest
    return letters.setdefault(("exponential", rest / number.q), Dummy()) ** number.p


def is_zero_at_points(expression: Expr, seed: int) -> bool:
    return all(abs(value) <= tolerance for value, tolerance in (value_at(expression, seed + n) for n in range(POINTS)))


def value_at(expression: Expr, seed: int) -> tuple[Fraction | mpmath.mpf, Fraction | mpmath.mpf]:
    """The value at a rational point, and what rounding may make of 0."""
    if expression.has(Exponential, log, tanh):
        with mpmath.workdps(DIGITS):
            return _value(expression, seed, {}, mpmath.mpf), mpmath.mpf(10) ** (-DIGITS // 2)
    return _value(expression, seed, {}, Fraction), Fraction(0)


def _value(node: Expr, seed: int, known: dict, kind: type):
    if node not in known:
        known[node] = _computed(node, seed, known, kind)
    return known[node]


def _computed(node: Expr, seed: int, known: dict, kind: type):
    if node.is_Rational:
        return kind(node.p) / node.q
    if isinstance(node, Symbol):
        return kind(random.Random(f"{seed} {node.name}").randint(1, 97)) / 101
    parts = [_value(part, seed, known, kind) for part in node.args]
    if isinstance(node, Add):
        return sum(parts, kind(0))
    if isinstance(node, Mul):
        return _product(parts, kind)
    if isinstance(node, Pow):
        return parts[0] ** int(node.exp) if node.exp.is_Integer else parts[0] ** parts[1]
    if hasattr(node, "orders"):
        return _polynomial(node.letter, node.orders, parts, seed, kind)
    known_functions = {Exponential: mpmath.exp, log: mpmath.log, tanh: mpmath.tanh}
    if type(node) in known_functions:
        return known_functions[type(node)](*parts)
    raise Unreadable(f"the value of {type(node).__name__}")


def _product(parts, kind):
    result = kind(1)
    for part in parts:
        result *= part
    return result


def _polynomial(name: str, orders: Sequence[int], parts, seed: int, kind):
    """A sum of cubes of affine functions with small coefficients, as many as there are arguments and one more."""
    order, total = sum(orders), kind(0)
    if order > 3:
        return total
    for term in range(len(parts) + 1):
        numbers = random.Random(f"{seed} {name} {term}")
        slopes = [kind(numbers.randint(1, 19)) / (10 * len(parts)) for _ in parts]
        inner = kind(numbers.randint(1, 19)) / 20 + sum((s * p for s, p in zip(slopes, parts, strict=True)), kind(0))
        factors = _product([s**n for s, n in zip(slopes, orders, strict=True)], kind)
        total += factors * (1, 3, 6, 6)[order] * inner ** (3 - order)
    return total


ZERO, ONE = Integer(0), Integer(1)
