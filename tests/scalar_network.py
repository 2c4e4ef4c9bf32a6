"""Networks written out in plain SymPy symbols, and derived formulas evaluated entry by entry.

The second judge of the calculus. It shares no code with it: a network is a nest of scalar expressions that SymPy's
own ``diff`` differentiates, or that is evaluated with many digits on both sides of a point; a formula is evaluated by
running its sums over concrete numbers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product

import mpmath
from sympy import (
    Abs,
    Derivative,
    Dummy,
    Expr,
    Float,
    Function,
    Indexed,
    Piecewise,
    Rational,
    Subs,
    Sum,
    Symbol,
    erf,
    exp,
    expand,
    lambdify,
    log,
    sqrt,
    tanh,
)
from sympy.core.function import AppliedUndef

from symfnn.algebra.index import Partial, ScalarFunction

Key = tuple[str | int, ...]
Vector = list[Expr]
HALF = Rational(1, 2)

# f(z), and the loss of one output
RULES: dict[str, Callable[[Expr], Expr]] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + exp(-z)),
    "tanh": tanh,
    "relu": lambda z: Piecewise((z, z > 0), (0, True)),
    "leaky-relu": lambda z: Piecewise((z, z > 0), (z / 100, True)),
    "elu": lambda z: Piecewise((z, z > 0), (exp(z) - 1, True)),
    "softplus": lambda z: log(1 + exp(z)),
    "silu": lambda z: z / (1 + exp(-z)),
    "gelu": lambda z: z * HALF * (1 + erf(z / sqrt(2))),
    "softsign": lambda z: z / (1 + Abs(z)),
}
# as letters in expressions, since SymPy takes long over nested pieces
PIECES: dict[str, Callable[[Expr], Expr]] = {
    **{name: RULES[name] for name in ("relu", "leaky-relu", "elu")},
    "huber": lambda e: Piecewise((e**2 / 2, Abs(e) <= 1), (Abs(e) - HALF, True)),
}
OPAQUE = {name: Function(name.replace("-", "_"), real=True) for name in PIECES}
LOSSES: dict[str, Callable[[Expr, Expr], Expr]] = {
    "half-squared-error": lambda a, y: HALF * (y - a) ** 2,
    "cross-entropy": lambda a, y: -(y * log(a) + (1 - y) * log(1 - a)),
    "softmax-cross-entropy": lambda a, y: -y * log(a),
    "absolute-error": lambda a, y: Abs(y - a),
    "huber": lambda a, y: OPAQUE["huber"](y - a),
}
PENALTIES: dict[str, Callable[[Expr], Expr]] = {
    "l2": lambda w: w**2 / 2,
    "l1": Abs,
    "elastic-net": lambda w: (Abs(w) + w**2 / 2) / 2,
}


def elementwise(function: Callable[[Expr], Expr]) -> Callable[[Vector], Vector]:
    return lambda states: [function(z) for z in states]


def softmax(states: Vector) -> Vector:
    return [exp(z) / sum(exp(other) for other in states) for z in states]


def activation(name: str) -> Callable[[Vector], Vector]:
    return softmax if name == "softmax" else elementwise(OPAQUE.get(name, RULES[name]))


@dataclass
class Scalars:
    """Every entry of a network by its name and indices; what is computed has a shift to differentiate by."""

    values: dict[Key, Expr] = field(default_factory=dict)
    shifts: dict[Key, Symbol] = field(default_factory=dict)

    def given(self, *key: str | int) -> Expr:
        """A parameter, an input or a target."""
        if key not in self.values:
            self.shifts[key] = self.values[key] = Symbol("_".join(map(str, key)), real=True)
        return self.values[key]

    def let(self, *key: str | int, be: Expr) -> Expr:
        """An entry that is computed."""
        self.values[key] = be
        self.shifts[key] = Symbol("d_" + "_".join(map(str, key)), real=True)
        return be + self.shifts[key]

    def settled(self, expression: Expr) -> Expr:
        """The expression with every shift at 0."""
        return expression.xreplace({s: 0 for key, s in self.shifts.items() if self.values[key] != s})

    def value(self, *key: str | int) -> Expr:
        return self.settled(self.values[key])

    def derivative(self, objective: Expr, *key: str | int) -> Expr:
        """What SymPy says that the whole objective changes by when this entry is moved."""
        return self.settled(named(objective.diff(self.shifts[key])))


def chain(widths: Sequence[int], activations: Sequence[Callable[[Vector], Vector]]) -> Scalars:
    """The fully connected network; activations are those of the layers 2, 3, …"""
    net = Scalars()
    below = [net.let("a", 1, i, be=net.given("x", i)) for i in range(1, widths[0] + 1)]
    for layer, (width, apply) in enumerate(zip(widths[1:], activations, strict=True), 2):
        states = [affine(net, layer, i, below) for i in range(1, width + 1)]
        below = [net.let("a", layer, i, be=value) for i, value in enumerate(apply(states), 1)]
    for i in range(1, widths[-1] + 1):
        net.given("y", i)
    return net


def affine(net: Scalars, layer: int, i: int, below: Vector) -> Expr:
    weighted = sum(net.given("w", layer, i, j) * a for j, a in enumerate(below, 1))
    return net.let("z", layer, i, be=weighted + net.given("b", layer, i))


def outputs(net: Scalars, layer: int, name: str = "a") -> Vector:
    """One layer, its shifts included."""
    keys = [key for key in net.values if key[:2] == (name, layer)]
    return [net.values[key] + net.shifts[key] for key in keys]


def named(expression: Expr) -> Expr:
    """The first derivatives of unknown functions as functions of their own: the k-th partial of J is J_k."""

    def of_subs(node: Subs) -> Expr:
        derivative = node.expr
        (letter,) = derivative.variables
        place = derivative.expr.args.index(letter) + 1
        back = dict(zip(node.variables, node.point, strict=True))
        return slope(derivative.expr.func, place)(*(part.xreplace(back) for part in derivative.expr.args))

    def of_derivative(node: Derivative) -> Expr:
        (letter,) = node.variables
        return slope(node.expr.func, node.expr.args.index(letter) + 1)(*node.expr.args)

    found = {node: of_subs(node) for node in expression.atoms(Subs)}
    result = expression.xreplace(found)
    return result.xreplace({node: of_derivative(node) for node in result.atoms(Derivative)})


def slope(function: Function, place: int = 1) -> Function:
    return Function(f"{function.__name__}_{place}")


def evaluated(
    net: Scalars, objective: Expr, point: dict[Symbol, Expr], keys: Sequence[Key], digits: int
) -> tuple[dict[Key, Float], dict[Key, Float]]:
    """All entries at a point, and by central differences what the objective changes by when one of them is moved.

    The step leaves the difference exact to twice the digits that are asked for.
    """
    moved = [symbol for key, symbol in net.shifts.items() if net.values[key] != symbol]
    letters, z = [*point, *moved], Symbol("z", real=True)
    pieces = {OPAQUE[name].__name__: lambdify(z, rule(z), "mpmath") for name, rule in PIECES.items()}
    with mpmath.workdps(5 * digits):
        whole = [objective, *(net.value(*key) for key in net.values)]
        run = lambdify(letters, whole, [pieces, "mpmath"], cse=True)
        at = [mpmath.mpf(value.p) / value.q for value in point.values()] + [mpmath.mpf(0)] * len(moved)
        step = mpmath.mpf(10) ** -(2 * digits)

        def slope_by(key: Key) -> mpmath.mpf:
            place = letters.index(net.shifts[key])
            up, down = (run(*at[:place], at[place] + h, *at[place + 1 :])[0] for h in (step, -step))
            return (up - down) / (2 * step)

        values = {key: Float(value, digits) for key, value in zip(net.values, run(*at)[1:], strict=True)}
        return values, {key: Float(slope_by(key), digits) for key in keys}


def same(left: Expr, right: Expr) -> bool:
    """Whether two polynomials in symbols and unknown functions are equal, exactly."""
    difference = left - right
    letters = {node: Dummy() for node in difference.atoms(AppliedUndef)}
    return expand(difference.xreplace(letters)) == 0


@dataclass
class Formulas:
    """Derived formulas at concrete sizes.

    Attributes:
        values: what is known, by name and indices.
        numbers: sizes and constants, by letter.
        widths: s_1, s_2, …
        functions: what f, f', … stand for, by letter and order.
        derived: (entry, layers, value) of every quantity whose adjoint may occur.
        adjoints: the name of the derivative of the objective by a quantity, e.g. delta for z.
    """

    values: dict[Key, Expr]
    numbers: dict[str, Expr | int] = field(default_factory=dict)
    widths: Sequence[int] = ()
    functions: dict[tuple[str, int], Callable[[Expr], Expr]] = field(default_factory=dict)
    derived: list[tuple[Expr, tuple[Expr, Expr] | None, Expr]] = field(default_factory=list)
    adjoints: dict[str, str] = field(default_factory=lambda: {"delta": "z"})

    def at(self, expression: Expr, letters: dict[Expr, Expr | int]) -> Expr:
        """The value of an expression, its free letters as given."""
        if expression in letters:
            return letters[expression]
        if isinstance(expression, Sum):
            return self._sum(expression.function, list(expression.limits), letters)
        if isinstance(expression, Indexed):
            return self.entry(str(expression.base), *(int(self.at(part, letters)) for part in expression.indices))
        if isinstance(expression, Partial):
            return self._partial(expression, letters)
        if isinstance(expression, ScalarFunction):
            return self.functions[expression.letter, expression.order](self.at(expression.args[0], letters))
        if isinstance(expression, Symbol):
            return self.numbers[expression.name] if expression.name in self.numbers else self.values[(expression.name,)]
        if not expression.args:
            return expression
        return expression.func(*(self.at(part, letters) for part in expression.args))

    def _sum(self, body: Expr, limits: list[Expr], letters: dict[Expr, Expr | int]) -> Expr:
        if not limits:
            return self.at(body, letters)
        letter, low, high = limits[-1]
        bounds = range(int(self.at(low, letters)), int(self.at(high, letters)) + 1)
        return sum((self._sum(body, limits[:-1], letters | {letter: n}) for n in bounds), Rational(0))

    def _partial(self, node: Expr, letters: dict[Expr, Expr | int]) -> Expr:
        entry = node.args[1]
        name = str(entry.base) if isinstance(entry, Indexed) else entry.name
        indices = (int(self.at(part, letters)) for part in getattr(entry, "indices", ()))
        return self.entry(f"d{name}", *indices)

    def entry(self, name: str, *indices: int) -> Expr:
        """One entry; the derivative by z is looked up as delta or as dz."""
        if name == "s":
            return self.widths[indices[0] - 1]
        if (name, *indices) not in self.values:
            of = self.adjoints.get(name, name[1:])
            self.values[(name, *indices)] = self.derivative(of, *indices)
        return self.values[(name, *indices)]

    def derivative(self, name: str, *indices: int) -> Expr:
        """The derivative of the objective by an entry, from the one derived formula that holds for it."""
        found = [case for case in self.derived if str(getattr(case[0], "base", case[0])) == name]
        found = [case for case in found if case[1] is None or self._inside(indices[0], case[1])]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} formulas for the derivative by {name}{indices}")
        entry, _, value = found[0]
        pairs = zip(getattr(entry, "indices", ()), indices, strict=True)
        return self.at(value, {letter: number for letter, number in pairs if letter.is_Symbol})

    def _inside(self, layer: int, bounds: tuple[Expr, Expr]) -> bool:
        return bool(self.at(bounds[0], {}) <= layer <= self.at(bounds[1], {}))


def keys_of(net: Scalars, names: Iterable[str]) -> list[Key]:
    """Every entry of these quantities."""
    return [key for name, key in product(names, net.values) if key[0] == name]
