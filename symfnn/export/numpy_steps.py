"""The statements of a NumPy function that writes every array into a buffer that is there already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, final

from sympy import Abs, Expr, Function, Integer, Max, Min, Piecewise, Pow, S, exp, log, sign
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational

from symfnn.export.numpy_text import FUNCTIONS, NUMPY
from symfnn.export.program import (
    Assignment,
    Bordered,
    Elementwise,
    Inner,
    Largest,
    Ones,
    Product,
    Program,
    Rows,
    Shape,
    Spread,
    Stack,
    Turned,
    variable,
)
from symfnn.export.text import Text, Writer

_COMPARISONS: dict[Any, str] = {
    Gt: "greater",
    Ge: "greater_equal",
    Lt: "less",
    Le: "less_equal",
    Eq: "equal",
    Ne: "not_equal",
}
_KNOWN = ("z", "a", "delta")  # what the derivation calls by these names
_NAMES = {"0": "zero", "1": "one", "-1": "minus_one", "2": "two", "1 / 2": "half", "1 / m": "share", "np.nan": "nan"}
_EXTREMES = ("maximum", "minimum")  # NumPy wants their result by name
# neither overflow nor undefined values, but for those of their operands
_TAME = frozenset(
    "add subtract multiply negative maximum minimum absolute sign copysign square tanh log1p expm1 sin cos".split()
)


@final
@dataclass(slots=True)
class Steps:
    """Writes the assignments of one program.

    Attributes:
        program: its elementwise assignments are single operations.
        places: where each array lies, as ``plan`` gives it.
        multiplied: slopes of 1 or 0 among these stay conditions.
        arrays: what the statements need beside the planned buffers, by name: the expression that makes it.
        views: parts and transposes of arrays that are there from the start, by name.
        imported: the functions of NumPy that are called by their own names.
        guards: ``"over"`` where an overflow has a limit that is right, ``"all"`` where a value that is not taken may be
            undefined.
    """

    program: Program
    places: Mapping[str, str]
    multiplied: frozenset[str] = frozenset()
    arrays: dict[str, tuple[str, Shape]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)
    guards: set[str] = field(default_factory=set)
    leaves: dict[Expr, Text] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    negative: set[Expr] = field(default_factory=set)
    powers: set[Expr] = field(default_factory=set)
    positive: set[Expr] = field(default_factory=set)
    maxima: set[Expr] = field(default_factory=set)
    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.leaves, NUMPY)
        for name, shape in self.program.inputs:
            self.name(name, name, shape)

    def name(self, target: str, text: str, shape: Shape) -> None:
        """Let this text stand for an array."""
        self.leaves[variable(target)] = Text(text)
        self.shapes[target] = shape

    def place(self, name: str) -> str:
        """The variable that holds an array."""
        text: str = self.leaves[variable(name)].text
        return text

    def statements(self, assignment: Assignment) -> Iterator[str]:
        """The lines of one assignment."""
        target, operation, shape = assignment.target, assignment.operation, assignment.shape
        match operation:
            case Stack(biases, weights):
                for name, part in ((biases, "[:1]"), (weights, "[1:]")):
                    yield from self._filled(name, target + part)
                self.name(target, target, shape)
            case Bordered(operand, axis):
                self.arrays[target] = ("np.ones", shape)
                yield from self._filled(operand, f"{target}[1:]" if axis == 0 else f"{target}[:, 1:]")
                self.name(target, target, shape)
            case Rows(operand, part):
                yield f"{target} = {operand}[{':1' if part == 'biases' else '1:'}]"
                self.name(target, target, shape)
            case Turned(operand):
                self.name(target, self._turned(operand), shape)
            case Ones():
                name = "_".join(["ones", *(length.replace(" + ", "_") for length in shape)])
                self.arrays[name] = ("np.ones", shape)
                self.name(target, name, shape)
            case _:
                yield from self._computed(assignment)

    def _filled(self, name: str, part: str) -> Iterator[str]:
        """A part of a larger array, copied there unless it was written there."""
        if self.places.get(name) != part:
            yield f"{self.view(part)}[...] = {self.place(name)}"

    def _computed(self, assignment: Assignment) -> Iterator[str]:
        target, operation = assignment.target, assignment.operation
        if assignment.shape == ():
            yield f"{target} = {self._scalar(operation)}"
            self.name(target, target, ())
            return
        value = self._maximum_below(operation) if target in self.multiplied else None
        if value is not None:
            mask, line = self._compared(value, assignment.shape)
            yield line
            self.name(target, mask, assignment.shape)
            return
        out = self.view(self.places[target])
        *lines, last = self._array(operation, assignment.shape, out)
        yield from lines
        yield f"{last}  # {target}" if target.partition("_")[0] in _KNOWN else last
        if isinstance(operation, Elementwise):
            self._note_sign(variable(target), operation.expression)
        elif target.startswith("mass_"):
            self.positive.add(variable(target))
        self.name(target, out, assignment.shape)

    def _note_sign(self, target: Expr, expression: Expr) -> None:
        """Whether an array cannot be positive, or cannot be negative, or is at least 1."""
        if str(target).startswith("shifted_") or (expression.is_Mul and isinstance(-expression, Abs)):
            self.negative.add(target)
        if isinstance(expression, Max) and S.Zero in expression.args:
            self.maxima.add(target)
        constant, rest = expression.as_coeff_Add()
        if constant == 1 and rest in self.powers:
            self.positive.add(target)
        if isinstance(expression, exp):
            self.powers.add(target)

    def view(self, place: str) -> str:
        """The variable of a place, which may be a part of an array."""
        array, _, part = place.partition("[")
        if not part:
            return place
        if array.startswith("bordered_"):
            own = array.removeprefix("bordered_")
            name = own if own != "X" else "columns_of_X"
        else:
            name = array.replace("gradient", "biases" if part == ":1]" else "weights")
        self.views[name] = place
        return name

    def _turned(self, name: str) -> str:
        """The transpose of an array; those of buffers are there from the start."""
        place = self.place(name)
        is_given = any(place == given for given, _ in self.program.inputs) or place == name
        if is_given and name not in self.places and name not in self.arrays:
            return f"{place}.T"
        self.views[f"{place}_T"] = f"{place}.T"
        return f"{place}_T"

    def _scalar(self, operation: object) -> str:
        match operation:
            case Inner(left, right):
                return self._call("vdot", self.place(left), self.place(right))
            case Elementwise(expression):
                return self.writer.text(expression).text
        raise AssertionError(operation)

    def _array(self, operation: object, shape: Shape, out: str) -> Iterator[str]:
        match operation:
            case Elementwise(expression):
                yield from self._elementwise(expression, shape, out)
            case Product(left, right, is_left, is_right):
                first = self._turned(left) if is_left else self.place(left)
                second = self._turned(right) if is_right else self.place(right)
                yield f"{first}.dot({second}, {out})"
            case Largest(operand, axis):
                self.imported.add("maximum")
                yield f"maximum.reduce({self.place(operand)}, {axis}, None, {out}, True)"
            case Spread(operand):
                yield f"{out}[...] = {self.place(operand)}"
            case _:
                raise AssertionError(operation)

    def _elementwise(self, expression: Expr, shape: Shape, out: str) -> Iterator[str]:
        if isinstance(expression, Piecewise):
            yield from self._piecewise(expression, shape, out)
            return
        value = self._maximum_below(Elementwise(expression))
        if value is not None:
            # a comparison and a copy take two thirds of the time of NumPy's sign
            mask, line = self._compared(value, shape)
            yield line
            yield f"{out}[...] = {mask}"
            return
        found = _function(expression)
        if found is None:
            self.guards.add("all")
            yield f"{out}[...] = {self._operand(expression)}"
            return
        name, arguments = found
        self._guard(name, arguments)
        texts = [self._operand(part) for part in arguments]
        if name in _EXTREMES and "zero" in texts:
            # NumPy compares two arrays twice as fast as an array and a number
            zeros = "_".join(["zeros", *shape])
            self.arrays[zeros] = ("np.zeros", shape)
            texts = [zeros if text == "zero" else text for text in texts]
        yield self._call(name, *texts, out=out)

    def _maximum_below(self, operation: object) -> Expr | None:
        """What cannot be negative and has this as its sign."""
        match operation:
            case Elementwise(sign(args=(value,))) if value in self.maxima:
                return value
        return None

    def _compared(self, value: Expr, shape: Shape) -> tuple[str, str]:
        """An array of conditions that hold where a value is positive, and the statement that fills it."""
        mask = "_".join(["mask", *shape])
        self.arrays[mask] = ("bool", shape)
        return mask, self._call("greater", self._operand(value), self._operand(S.Zero), out=mask)

    def _guard(self, name: str, arguments: tuple[Expr, ...]) -> None:
        """What may overflow or be undefined; exponentials of what cannot be positive, and sums of them, may not."""
        last = arguments[-1]
        if name == "exp":
            self.guards.update(() if last in self.negative else ("over",))
        elif name in ("log", "divide"):
            self.guards.update(() if last in self.positive else ("all",))
        elif name not in _TAME:
            self.guards.add("all")

    def _operand(self, part: Expr) -> str:
        """The text of an operand; numbers are arrays without axes, which cost universal functions less."""
        if part.free_symbols - {variable("m")}:
            return self.writer.text(part).text
        text = "np.nan" if part is S.NaN else self.writer.text(part).text
        name = _NAMES.get(text) or self.constants.get(text) or f"constant_{len(self.constants) + 1}"
        self.constants[text] = name
        return name

    def _call(self, name: str, *arguments: str, out: str = "") -> str:
        self.imported.add(name)
        result = [f"out={out}" if name in _EXTREMES else out] if out else []
        return f"{name}({', '.join([*arguments, *result])})"

    def _piecewise(self, expression: Expr, shape: Shape, out: str) -> Iterator[str]:
        """The last piece, and over it the others where their conditions hold."""
        pieces = [(value, condition) for value, condition in expression.args]
        default = pieces.pop()[0] if pieces[-1][1] == S.true else S.NaN
        if len(pieces) == 1 and (pieces[0][0], default) == (1, 0) and isinstance(pieces[0][1], Relational):
            yield self._comparison(pieces[0][1], shape, out)
            return
        self.guards.add("all")
        yield f"{out}[...] = {self._operand(default)}"
        mask = "_".join(["mask", *shape])
        self.arrays[mask] = ("bool", shape)
        for value, condition in reversed(pieces):
            if isinstance(condition, Relational):
                yield self._comparison(condition, shape, mask)
            else:
                yield f"{mask}[...] = {self.writer.condition(condition).text}"
            yield f"np.copyto({out}, {self._operand(value)}, where={mask})"

    def _comparison(self, condition: Any, shape: Shape, out: str) -> str:
        left, right = (self._operand(part) for part in (condition.lhs, condition.rhs))
        return self._call(_COMPARISONS[condition.func], left, right, out=out)


def _function(expression: Expr) -> tuple[str, tuple[Expr, ...]] | None:
    """The universal function that evaluates a single operation, and its arguments; None where there is none."""
    if expression.is_Add and len(expression.args) == 2:
        return _sum_or_difference(*expression.args)
    if expression.is_Mul and len(_factors(expression)) == 2:
        return _product_or_quotient(*_factors(expression))
    if isinstance(expression, Pow):
        return _power(*expression.args)
    if isinstance(expression, Max | Min) and len(expression.args) == 2:
        return _own_name(FUNCTIONS[expression.func]), expression.args
    if isinstance(expression, log):
        constant, rest = expression.args[0].as_coeff_Add()
        return ("log1p", (rest,)) if constant == 1 else ("log", expression.args)
    name = FUNCTIONS.get(expression.func, "") if isinstance(expression, Function) else ""
    return (_own_name(name), expression.args) if name.startswith("np.") and "(" not in name else None


def _own_name(name: str) -> str:
    """Without the module; ``abs`` is a function of Python as well."""
    return {"np.abs": "absolute"}.get(name, name.removeprefix("np."))


def _factors(expression: Expr) -> tuple[Expr, ...]:
    """Numbers and powers of m are one factor."""
    scalars = [f for f in expression.args if not f.free_symbols - {variable("m")}]
    others = [f for f in expression.args if f not in scalars]
    return (*([expression.func(*scalars)] if scalars else []), *others)


def _sum_or_difference(left: Expr, right: Expr) -> tuple[str, tuple[Expr, ...]]:
    if right.as_coeff_Mul()[0].is_negative:
        return "subtract", (left, -right)
    if left.as_coeff_Mul()[0].is_negative:
        return "subtract", (right, -left)
    return "add", (left, right)


def _product_or_quotient(left: Expr, right: Expr) -> tuple[str, tuple[Expr, ...]]:
    if left == -1:
        # a number gets its minus sign in one step, whatever its own sign
        return ("copysign", (right.args[0], left)) if isinstance(right, Abs) else ("negative", (right,))
    for above, below in ((left, right), (right, left)):
        if isinstance(below, Pow) and below.exp == -1 and below.base != variable("m"):
            return "divide", (above, below.base)
    return "multiply", (left, right)


def _power(base: Expr, exponent: Expr) -> tuple[str, tuple[Expr, ...]]:
    if exponent == 2:
        return "square", (base,)
    if exponent == S.Half:
        return "sqrt", (base,)
    # NumPy divides faster than it takes reciprocals
    return ("divide", (Integer(1), base)) if exponent == -1 else ("power", (base, exponent))
