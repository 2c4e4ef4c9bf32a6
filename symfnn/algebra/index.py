"""Quantities and their entries, indices and sums: all mathematics of symfnn is written in these.

An entry such as ``w[l, i, j]`` is an ordinary SymPy ``Indexed``. Every quantity is real and every index a
positive integer; both are made here and nowhere else, since assumptions are part of a symbol's identity.
Bound letters are always fresh ``Dummy`` symbols, so that substitution cannot capture them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import final

import sympy
from sympy import (
    Add,
    Dummy,
    Expr,
    Function,
    Integer,
    KroneckerDelta,
    Mul,
    S,
    Symbol,
    Tuple,
    sympify,
)
from sympy.core.assumptions import StdFactKB

Range = tuple[Expr, Expr]  # inclusive bounds


def index(name: str) -> Symbol:
    """A free index: a positive integer with a readable name."""
    return Symbol(name, integer=True, positive=True)


def fresh(name: str = "k") -> Dummy:
    """An index that differs from every other one; ``name`` is only a hint for printing."""
    return Dummy(name, integer=True, positive=True)


@final
class IndexedBase(sympy.IndexedBase):
    """What entries are entries of. What is known of each of them is worked out once."""

    def __new__(cls, label: Symbol) -> "IndexedBase":
        """The array of that name; its entries have the assumptions of the symbol."""
        made: IndexedBase = super().__new__(cls, label)
        made.facts = StdFactKB(made.assumptions0)
        made.stated = tuple(sorted(made.assumptions0.items()))
        return made

    def __getitem__(self, indices: object) -> "Indexed":
        """The entry at these indices, or this one."""
        return Indexed(self, *(indices if isinstance(indices, tuple | Tuple) else (indices,)))

    def _hashable_content(self) -> tuple[object, ...]:
        return (*self.args, *self.stated)


@final
class Indexed(sympy.Indexed):
    """An entry. SymPy's own works out its assumptions anew for each, and sorts them for each comparison."""

    def __new__(cls, base: IndexedBase, *indices: object) -> "Indexed":
        """The entry of an array at these indices."""
        made: Indexed = Expr.__new__(cls, base, *(sympify(place) for place in indices))
        made._assumptions = base.facts
        return made

    def _hashable_content(self) -> tuple[object, ...]:
        return (*self.args, *self.base.stated)


@lru_cache(maxsize=1024)
def _array(name: str) -> IndexedBase:
    return IndexedBase(Symbol(name, real=True))


WIDTH = IndexedBase(Symbol("s", integer=True, positive=True))
DEPTH = index("L")
LAYER = index("l")
SAMPLES = index("m")


def width(layer: Expr | int) -> Expr:
    """The number s_l of neurons of a layer."""
    return WIDTH[layer]


@final
@dataclass(frozen=True, slots=True)
class Quantity:
    """A named real array whose axes run over ranges that may depend on its earlier indices.

    Attributes:
        name: letters used in formulas, e.g. ``"w"``.
        slots: one letter for each axis; the layer, if there is one, comes first.
        ranges: inclusive bounds of each axis, written in the letters of ``slots``.
        layered: whether the first axis is the layer.
        per_sample: whether the quantity differs from sample to sample.
    """

    name: str
    slots: tuple[Symbol, ...] = ()
    ranges: tuple[Range, ...] = ()
    layered: bool = False
    per_sample: bool = False

    def __getitem__(self, indices: object) -> Expr:
        """The entry at ``indices`` (a tuple, or one index)."""
        return _array(self.name)[indices]

    @property
    def scalar(self) -> Symbol:
        """The quantity itself where it has no axes."""
        return Symbol(self.name, real=True)

    def ranges_at(self, indices: Iterable[Expr]) -> tuple[Range, ...]:
        """The inclusive bounds of each axis for an entry with these indices."""
        values = dict(zip(self.slots, indices, strict=False))
        return tuple((lo.xreplace(values), hi.xreplace(values)) for lo, hi in self.ranges)

    def fresh_entry(self, layer: Expr | None = None) -> Expr:
        """An entry with fresh letters on every axis, at ``layer`` where one is given."""
        letters: list[Expr] = [fresh(slot.name) for slot in self.slots]
        if layer is not None and self.layered:
            letters[0] = layer
        return self[tuple(letters)] if letters else self.scalar


class Partial(Expr):
    """The derivative of one entry by another, not yet worked out."""

    is_commutative = True
    is_real = True

    def __new__(cls, numerator: Expr, denominator: Expr) -> "Partial":
        """``Partial(J, z[l, i])`` stands for ∂J/∂z_i^{(l)}."""
        result: Partial = Expr.__new__(cls, numerator, denominator)
        return result


ALL = S.Infinity  # in the place of an index: every one


class Unspecified(Expr):
    """A scalar function of whole arrays of which nothing is known but that it is smooth."""

    is_commutative = True
    is_real = True

    def __new__(cls, name: Expr | Iterable[Expr], *arrays: Iterable[Expr]) -> "Unspecified":
        """The function by its name, or by (name, index, …) where each entry of an array has its own.

        Each array is (name,), (name, layer), or (name, index, …) with ``ALL`` for the axes that are taken whole.
        """
        own = name if isinstance(name, Symbol | Tuple) else Tuple(*name)
        result: Unspecified = Expr.__new__(cls, own, *(Tuple(*array) for array in arrays))
        return result

    @property
    def letter(self) -> str:
        """How the function is written."""
        own = self.args[0]
        return str(own[0] if isinstance(own, Tuple) else own).split(CALLED, maxsplit=1)[0]

    @property
    def of(self) -> str:
        """The name of the quantity whose values it has, where the function has a letter of its own; else empty."""
        own = self.args[0]
        return str(own[0] if isinstance(own, Tuple) else own).partition(CALLED)[2]

    @property
    def place(self) -> tuple[Expr, ...]:
        """Which of several functions with this name it is; empty where there is one."""
        own = self.args[0]
        return tuple(own[1:]) if isinstance(own, Tuple) else ()

    @property
    def arrays(self) -> tuple[Tuple, ...]:
        """What it is a function of."""
        return tuple(self.args[1:])


CALLED = "()"  # in the name of a function that is no quantity, so that none is taken for it


class ScalarFunction(Function):
    """A function of one real variable known by name: f, and by ``order`` f', f'' and so on."""

    is_real = True
    letter = "f"
    order = 0

    def fdiff(self, argindex: int = 1) -> Expr:
        """The next derivative at the same argument."""
        return scalar_function(self.letter, self.order + 1)(self.args[0])


_FUNCTIONS: dict[tuple[str, int], type[ScalarFunction]] = {}


def scalar_function(letter: str, order: int = 0) -> type[ScalarFunction]:
    """The class of f (order 0), f' (order 1), …; the same class each time."""
    key = (letter, order)
    if key not in _FUNCTIONS:
        fields = {"letter": letter, "order": order}
        _FUNCTIONS[key] = type(letter + "_prime" * order, (ScalarFunction,), fields)
    return _FUNCTIONS[key]


def name_of(entry: Expr) -> str:
    """The name of the quantity that an entry belongs to."""
    return str(entry.base.label.name if isinstance(entry, sympy.Indexed) else entry.name)


def indices_of(entry: Expr) -> tuple[Expr, ...]:
    """The indices of an entry; none for a scalar."""
    return tuple(entry.indices) if isinstance(entry, sympy.Indexed) else ()


def is_entry(expression: Expr) -> bool:
    """Whether this is an entry of a quantity (a width s_l is not)."""
    return isinstance(expression, sympy.Indexed) and expression.base is not WIDTH and expression.base != WIDTH


def entries(expression: Expr) -> list[Expr]:
    """All entries of quantities in an expression, in a stable order."""
    return list(_entries(expression))


@lru_cache(maxsize=4096)
def _entries(expression: Expr) -> tuple[Expr, ...]:
    return tuple(sorted((e for e in expression.atoms(sympy.Indexed) if is_entry(e)), key=str))


@final
class Sum(sympy.Sum):
    """The sum of a function of bound letters; sums in sums are one.

    SymPy's own takes case distinctions out of all that it is given, other sums included, where their letters get lost.
    """

    def __new__(cls, function: Expr, *limits: Iterable[Expr]) -> "Sum":
        """The sum; the limits are (letter, from, to), innermost first."""
        while type(function) is cls:
            function, limits = function.function, (*function.limits, *limits)
        made: Sum = Expr.__new__(cls, function, *(Tuple(*limit) for limit in limits))
        made.is_commutative = True
        return made


def summation(build: Callable[[Expr], Expr], lo: Expr | int, hi: Expr, name: str = "k") -> Expr:
    """The sum of ``build(k)`` for k = lo … hi, with a bound letter that nothing else uses."""
    letter = fresh(name)
    return bind(build(letter), [(letter, sympify(lo), hi)])


def bind(body: Expr, limits: list[tuple[Expr, Expr, Expr]]) -> Expr:
    """The sum of ``body`` over letters that are already fresh, innermost first; constants stay outside."""
    if body == 0:
        return S.Zero
    result = body
    for letter, lo, hi in limits:
        factors = Mul.make_args(result)
        inside = [factor for factor in factors if letter in factor.free_symbols]
        outside = [factor for factor in factors if letter not in factor.free_symbols]
        sign, inner = _signed(Mul(*inside))
        total = sign * Sum(inner, (letter, lo, hi)) if inside else hi - lo + 1
        result = Mul(*outside, total)
    return result


def _signed(body: Expr) -> tuple[Expr, Expr]:
    """A minus sign that all terms share, and the rest."""
    terms = Add.make_args(body)
    is_negative = len(terms) > 1 and all(term.could_extract_minus_sign() for term in terms)
    return (S.NegativeOne, Add(*(-term for term in terms))) if is_negative else (S.One, body)


def refresh(expression: Expr) -> Expr:
    """The same expression with every bound letter renamed to a fresh one."""
    if not expression.has(sympy.Sum):
        return expression
    if isinstance(expression, sympy.Sum):
        body = refresh(expression.function)
        new = {letter: fresh(letter.name) for letter in expression.variables}
        limits = [tuple(part.xreplace(new) for part in limit) for limit in expression.limits]
        return Sum(body.xreplace(new), *limits)
    return expression.func(*(refresh(argument) for argument in expression.args))


def substitute(expression: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """Replace free symbols or entries, all at once, without capture."""
    return refresh(expression).xreplace(dict(values))


def delta(left: Expr, right: Expr) -> Expr:
    """1 where two entries of one quantity are the same entry, 0 elsewhere."""
    if name_of(left) != name_of(right):
        return S.Zero
    pairs = zip(indices_of(left), indices_of(right), strict=True)
    return Mul(*(KroneckerDelta(a, b) for a, b in pairs))


def leading(bound: Expr) -> tuple[Expr, Expr]:
    """A key that orders layer bounds c or L - c as they lie in every deep enough network."""
    slope = bound.coeff(DEPTH)
    return slope, bound - slope * DEPTH


def at_most(low: Expr, high: Expr) -> bool:
    """Whether ``low`` ≤ ``high`` for every depth that is large enough; unlike symbols raise TypeError."""
    difference = (high - low).expand()
    if difference.free_symbols - {DEPTH}:
        return bool(difference.is_nonnegative)
    return leading(difference) >= (Integer(0), Integer(0))
