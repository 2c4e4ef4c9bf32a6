"""Claims evaluated at concrete sizes with mpmath; derivatives are central differences of the definitions themselves.

Shares nothing with the package but the data: definitions, ranges and expressions.
"""

from dataclasses import dataclass, field
from itertools import product

import mpmath
from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Ge,
    Gt,
    Indexed,
    KroneckerDelta,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Ne,
    Piecewise,
    Pow,
    Sum,
    Symbol,
    erf,
    exp,
    log,
    sign,
    tanh,
)

from symfnn.algebra.index import Partial, ScalarFunction, Unspecified

STEP = mpmath.mpf(10) ** -14
FUNCTIONS = {exp: mpmath.exp, log: mpmath.log, tanh: mpmath.tanh, erf: mpmath.erf, Abs: abs, sign: mpmath.sign}
COMPOUNDS = {
    Add: mpmath.fsum,
    Mul: mpmath.fprod,
    Pow: lambda values: values[0] ** values[1],
    KroneckerDelta: lambda values: mpmath.mpf(values[0] == values[1]),
    Max: max,
    Min: min,
    And: all,
    Gt: lambda values: values[0] > values[1],
    Ge: lambda values: values[0] >= values[1],
    Lt: lambda values: values[0] < values[1],
    Le: lambda values: values[0] <= values[1],
    Eq: lambda values: values[0] == values[1],
    Ne: lambda values: values[0] != values[1],
}
METHODS = (
    (Sum, "sum"),
    (Indexed, "indexed"),
    (Partial, "slope"),
    (ScalarFunction, "function"),
    (Unspecified, "unspecified"),
    (Symbol, "symbol"),
    (Piecewise, "pieces"),
)


@dataclass
class Numbers:
    """A model at concrete sizes.

    Attributes:
        model: whose definitions are evaluated.
        sizes: L, m and other letters by name.
        widths: s_1, s_2, …
    """

    model: object
    sizes: dict[str, int]
    widths: tuple[int, ...] = ()
    shift: dict = field(default_factory=dict)
    known: dict = field(default_factory=dict)

    def at(self, e, letters):
        if e in letters:
            return letters[e]
        for kind, method in METHODS:
            if isinstance(e, kind):
                return getattr(self, method)(e, letters)
        if e.is_number and not e.args:
            return mpmath.mpf(e.p) / e.q if e.is_Rational else mpmath.mpmathify(e)
        if not e.args:
            return bool(e)
        values = [self.at(part, letters) for part in e.args]
        kind = next((kind for kind in COMPOUNDS if isinstance(e, kind)), e.func)
        return COMPOUNDS[kind](values) if kind in COMPOUNDS else FUNCTIONS[kind](*values)

    def indexed(self, e, letters):
        key = tuple(int(self.at(part, letters)) for part in e.indices)
        return self.widths[key[0] - 1] if str(e.base) == "s" else self.entry(str(e.base), key)

    def symbol(self, e, letters):
        return self.sizes[e.name] if e.name in self.sizes else self.entry(e.name, ())

    def pieces(self, e, letters):
        return next(self.at(value, letters) for value, holds in e.args if self.at(holds, letters))

    def sum(self, e, letters):
        return self.total(e.function, list(e.limits), letters)

    def total(self, body, limits, letters):
        if not limits:
            return self.at(body, letters)
        letter, low, high = limits[-1]
        span = range(int(self.at(low, letters)), int(self.at(high, letters)) + 1)
        return mpmath.fsum(self.total(body, limits[:-1], letters | {letter: n}) for n in span)

    def function(self, e, letters):
        value = self.at(e.args[0], letters)
        known = dict(self.model.functions)
        if e.letter in known:
            rule = known[e.letter].rule
            return self.nth(lambda x: self.at(rule.expr, {rule.variables[0]: x}), value, e.order)
        number = sum(map(ord, e.letter)) % 5 + 2
        return self.nth(lambda x: mpmath.sin(x / number) + mpmath.exp(x / 7) + x * x / 9, value, e.order)

    def nth(self, function, value, order):
        if order == 0:
            return function(value)
        lower = [self.nth(function, value + side * STEP, order - 1) for side in (1, -1)]
        return (lower[0] - lower[1]) / (2 * STEP)

    def unspecified(self, e, letters):
        """A smooth function of every entry of the arrays."""
        values = []
        for array in e.args[1:]:
            quantity = self.model.quantity(str(array[0]))
            layer = [int(self.at(array[1], letters))] if len(array) > 1 else []
            own = [(low, high) for low, high in quantity.ranges][len(layer) :]
            bounds = dict(zip(quantity.slots, layer, strict=False))
            spans = [range(1, int(self.at(high, letters | bounds)) + 1) for _, high in own]
            values += [self.entry(quantity.name, (*layer, *place)) for place in product(*spans)]
        mixed = [value * (n + 1) / 3 for n, value in enumerate(values)]
        return mpmath.sin(mpmath.fsum(mixed)) + mpmath.fsum(value**2 for value in mixed) / 5

    def entry(self, name, key):
        if (name, key) not in self.known:
            self.known[name, key] = self.computed(name, key) + self.shift.get((name, key), 0)
        return self.known[name, key]

    def computed(self, name, key):
        for d in self.model.definitions:
            own = d.entry.indices if isinstance(d.entry, Indexed) else ()
            if d.name == name and self.is_defined_by(d, own, key):
                return self.at(d.value, dict(zip(own, key, strict=True)))
        if self.model.adjoint and name == self.model.adjoint[0]:
            of, samples = self.model.adjoint[1], ()
            slots = self.model.quantity(self.model.objective).slots
            if slots:
                samples = tuple(key[self.model.quantity(of).slots.index(slot)] for slot in slots)
            return self.moved(lambda n: n.entry(n.model.objective, samples), (of, key))
        # given: a number between 0.2 and 0.8 that nothing else has
        return mpmath.mpf(abs(hash_of(name, key)) % 9973) / 9973 * 0.6 + 0.2

    def is_defined_by(self, d, own, key):
        fixed = [(o, k) for o, k in zip(own, key, strict=True) if not o.is_Symbol or o.name in self.sizes]
        is_inside = d.layers is None or self.at(d.layers[0], {}) <= key[0] <= self.at(d.layers[1], {})
        return is_inside and all(self.at(o, {}) == k for o, k in fixed)

    def slope(self, e, letters):
        numerator, by = e.args
        if isinstance(by, Indexed):
            key = (str(by.base), tuple(int(self.at(part, letters)) for part in by.indices))
        else:
            key = (by.name, ())
        return self.moved(lambda n: n.at(numerator, letters), key)

    def moved(self, function, key):
        sides = [
            Numbers(self.model, self.sizes, self.widths, self.shift | {key: self.shift.get(key, 0) + side * STEP})
            for side in (1, -1)
        ]
        return (function(sides[0]) - function(sides[1])) / (2 * STEP)


def hash_of(name, key):
    number = 17
    for part in (*map(ord, name), *key):
        number = (number * 7919 + part * 104729 + 13) % 1000003
    return number


def holds(claim, sizes, widths, most=12):
    """Whether both sides agree, for every choice of letters up to ``most`` of them; None where there is no choice."""
    with mpmath.workdps(45):
        numbers = Numbers(claim.model, sizes, widths)
        choices = [{}]
        for letter, (low, high) in claim.ranges:
            choices = [
                c | {letter: n} for c in choices for n in range(int(numbers.at(low, c)), int(numbers.at(high, c)) + 1)
            ]
        choices = [c for c in choices if all(c[a] == c[b] for a, b in claim.equal)]
        choices = [c for c in choices if all(c[a] != c[b] for a, b in claim.unequal)]
        if not choices:
            return None
        picked = choices[:: max(1, len(choices) // most)]
        sides = ((numbers.at(claim.left, c), numbers.at(claim.right, c)) for c in picked)
        return all(abs(a - b) <= mpmath.mpf(10) ** -9 * (1 + abs(a)) for a, b in sides)
