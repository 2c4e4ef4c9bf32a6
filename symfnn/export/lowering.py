"""Index expressions as array operations: entries become arrays, free letters axes, sums products and totals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, final

from sympy import Add, Expr, Indexed, Lambda, Mul, Piecewise, Pow, Sum, expand_mul
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import And, BooleanAtom, Not, Or

from symfnn import errors
from symfnn.algebra import index
from symfnn.export import stable
from symfnn.export.making import Making
from symfnn.export.program import (
    FUNCTIONS,
    Elementwise,
    LogSumExp,
    Operation,
    Product,
    Softmax,
    Spread,
    Total,
    variable,
)
from symfnn.export.shapes import infer

_WHOLES = (Add, Mul, Pow, Piecewise, ExprCondPair, Relational, And, Or, Not)
Axes = tuple[Expr | None, Expr | None]


@final
@dataclass(frozen=True, slots=True)
class Value:
    """An elementwise expression, and the letters that its rows and columns run over (None: length 1)."""

    expression: Any
    axes: Axes = (None, None)


@final
@dataclass(slots=True, kw_only=True)
class Lowering(Making):
    """Makes the assignments of one program.

    Attributes:
        leaf: the array of an entry; None where it has none.
        rules: a function by its letter and order.
        widths: the numbers s_l.
    """

    leaf: Callable[[Expr], Value | None]
    rules: Callable[[str, int], Lambda]
    widths: Mapping[Expr, Expr]
    _order: tuple[Expr, ...] = ()
    _count: int = 0

    def assign(self, target: str, expression: Expr, axes: Axes, full: str | None = None) -> None:
        """``target = expression`` with these letters as rows and columns.

        Args:
            target: its name.
            expression: in entries and sums.
            axes: letters or None.
            full: the array whose shape the result takes, if it would have shorter axes.

        Raises:
            ModelError: the expression has no form with arrays.
        """
        self._order = tuple(letter for letter in axes if letter is not None)
        value = self.value(expression)
        if any(own not in (None, wanted) for own, wanted in zip(value.axes, axes, strict=True)):
            raise no_form(expression)
        operation = self._whole(value)
        if full is not None and infer(operation, self.shapes) != self.shapes[full]:
            operation = Spread(self._temporary("constant", operation), full)
        self.put(target, operation)

    def _whole(self, value: Value) -> Operation:
        """The last operation itself where the value is nothing else, so that it needs no name of its own."""
        if self.assignments and value.expression == variable(self.assignments[-1].target):
            last = self.assignments[-1]
            if not isinstance(last.operation, Elementwise) and last.target.rpartition("_")[0] in _TEMPORARY:
                self.assignments.pop()
                del self.shapes[last.target]
                self._count -= 1
                return last.operation
        return Elementwise(value.expression)

    def _temporary(self, hint: str, operation: Operation) -> str:
        self._count += 1
        name = f"{hint}_{self._count}"
        self.put(name, operation)
        return name

    def _named(self, value: Value) -> str:
        if value.expression.is_Symbol:
            return str(value.expression)
        return self._temporary("term", Elementwise(value.expression))

    def value(self, expression: Any) -> Value:
        """The elementwise expression, what cannot be elementwise put into assignments of its own."""
        if isinstance(expression, BooleanAtom) or expression.is_number or expression == index.SAMPLES:
            return Value(expression)
        if expression in self.widths:
            return Value(self.widths[expression])
        leaf = self.leaf(expression)
        if leaf is not None:
            return leaf
        if isinstance(expression, Sum):
            return self._sum(expression)
        if isinstance(expression, stable.Softmax | stable.LogSumExp):
            return self._exponentials(expression)
        if isinstance(expression, index.ScalarFunction):
            inner = self.value(expression.args[0])
            rule = self.rules(expression.letter, expression.order)
            return Value(rule(inner.expression), inner.axes)
        if isinstance(expression, _WHOLES) or expression.func in FUNCTIONS:
            return self._entrywise(expression)
        raise no_form(expression)

    def _entrywise(self, expression: Any) -> Value:
        parts = [self.value(part) for part in expression.args]
        rows, columns = ({part.axes[axis] for part in parts} - {None} for axis in (0, 1))
        if len(rows) > 1 or len(columns) > 1:
            raise no_form(expression)
        axes = (rows.pop() if rows else None, columns.pop() if columns else None)
        return Value(expression.func(*(part.expression for part in parts)), axes)

    def _exponentials(self, expression: Expr) -> Value:
        """Softmax and the logarithm of a sum of exponentials run along the columns."""
        total = expression.args[-1]
        ((letter, _, _),) = total.limits
        inner = self.value(total.function.args[0])
        if inner.axes[1] != letter:
            raise no_form(expression)
        name = self._named(inner)
        if isinstance(expression, stable.LogSumExp):
            return Value(variable(self._temporary("level", LogSumExp(name))), (inner.axes[0], None))
        own = self.value(expression.args[0]).axes[1]
        return Value(variable(self._temporary("softmax", Softmax(name))), (inner.axes[0], own))

    def _sum(self, expression: Expr) -> Value:
        if len(expression.limits) == 1:
            return self._contracted(expression.function, expression.limits[0])
        body = self.value(expression.function)
        if set(body.axes) != set(expression.variables):
            raise no_form(expression)
        return self._totalled(body, None, (None, None))

    def _contracted(self, body: Expr, limit: tuple[Expr, Expr, Expr]) -> Value:
        """One letter of a sum: a matrix product, or the sum along an axis."""
        letter = limit[0]
        factors = Mul.make_args(body)
        if any(letter not in factor.free_symbols for factor in factors):
            return self.value(index.bind(body, [limit]))
        groups: dict[frozenset[Expr], list[Expr]] = {}
        for factor in factors:
            groups.setdefault(frozenset(_axes(factor) - {letter}), []).append(factor)
        alone = groups.pop(frozenset(), []) if len(groups) > 1 else []
        kept = sorted(groups, key=self._rank)
        groups[kept[0]] = [*alone, *groups[kept[0]]]
        if any(len(others) > 1 for others in kept) or len(kept) > 2:
            return self._opened(body, limit)
        values = [self.value(Mul(*groups[others])) for others in kept]
        return self._total(values[0], letter) if len(kept) == 1 else self._product(values[0], values[1], letter)

    def _rank(self, others: frozenset[Expr]) -> int:
        """Rows before columns; letters that are summed over outside stand behind those of the result."""
        return min((self._order.index(letter) for letter in others if letter in self._order), default=len(self._order))

    def _opened(self, body: Expr, limit: tuple[Expr, Expr, Expr]) -> Value:
        opened = expand_mul(body, deep=False)
        if opened == body:
            raise no_form(body)
        return self.value(Add(*(index.bind(term, [limit]) for term in Add.make_args(opened))))

    def _product(self, left: Value, right: Value, letter: Expr) -> Value:
        axes = (_other(left.axes, letter), _other(right.axes, letter))
        product = Product(self._named(left), self._named(right), left.axes[0] == letter, right.axes[1] == letter)
        return Value(variable(self._temporary("product", product)), axes)

    def _total(self, value: Value, letter: Expr) -> Value:
        axis: Any = value.axes.index(letter)
        if value.axes[1 - axis] is None:
            return self._totalled(value, None, (None, None))
        return self._totalled(value, axis, (value.axes[0], None) if axis else (None, value.axes[1]))

    def _totalled(self, value: Value, axis: Literal[0, 1] | None, axes: Axes) -> Value:
        """The sum along an axis; a minus sign that all terms share stays outside."""
        terms = Add.make_args(value.expression)
        is_negative = all(term.could_extract_minus_sign() for term in terms)
        kept = Value(Add(*(-term for term in terms)), value.axes) if is_negative else value
        total = variable(self._temporary("total", Total(self._named(kept), axis)))
        return Value(-total if is_negative else total, axes)


_TEMPORARY = ("product", "total", "softmax", "level")


def no_form(expression: object) -> errors.ModelError:
    """The error for what has no form with arrays."""
    return errors.ModelError(f"{expression} has no form with arrays")


def _other(axes: Axes, letter: Expr) -> Expr | None:
    return axes[1] if axes[0] == letter else axes[0]


def _axes(expression: Expr) -> set[Expr]:
    """The free letters that the array of an expression has as axes."""
    bound = {letter for part in expression.atoms(Sum) for letter in part.variables}
    letters = {i for entry in expression.atoms(Indexed) if index.is_entry(entry) for i in entry.indices}
    return {letter for letter in letters if letter.is_Symbol} - bound
