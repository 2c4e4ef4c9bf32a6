"""Index expressions as NumPy text: entries become arrays, free letters become axes, sums become products."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, final

from sympy import (
    Abs,
    Add,
    And,
    Expr,
    Function,
    Indexed,
    Integer,
    Max,
    Min,
    Mul,
    Not,
    Or,
    Piecewise,
    Pow,
    Rational,
    S,
    Sum,
    atan,
    cos,
    erf,
    expand_mul,
    log,
    sign,
    sin,
    tanh,
)
from sympy.core.relational import Relational

from symfnn.algebra import index
from symfnn.export import stable
from symfnn.export.text import (
    AND,
    ATOM,
    COMPARED,
    EXTREMES,
    FUNCTIONS,
    MATRIX,
    NEGATIVE,
    NOT,
    OR,
    POWER,
    PRODUCT,
    SUM,
    Text,
    aligned,
    function_name,
    no_form,
    number,
)

_CONNECTIVES: dict[Any, tuple[str, int]] = {And: (" & ", AND), Or: (" | ", OR)}
_NO_BRANCH = "np.nan"


@final
class Emitter:
    """Writes expressions in the names of one program.

    Args:
        leaves: the text of an entry or symbol; None where it has none.
        order: the free letters in the order of the result's axes.
        counts: what s_l is, by its text.
        like: the name of an array whose data type constants take.
    """

    def __init__(
        self,
        leaves: Callable[[Expr], Text | None],
        order: tuple[Expr, ...],
        counts: Mapping[Expr, str] | None = None,
        like: str = "X",
    ) -> None:
        self._leaves = leaves
        self._order = order
        self._counts = counts or {}
        self._like = like
        self.products: list[str] = []
        self.used: set[str] = set()
        self.is_guarded = False

    def text(self, expression: Expr) -> Text:
        """The text of an expression, its axes in the emitter's order.

        Raises:
            ModelError: the expression holds something that has no form with arrays.
        """
        leaf = self._leaf(expression)
        if leaf is not None:
            return leaf
        for kind, write in (
            (Add, self._add),
            (Mul, self._mul),
            (Pow, self._pow),
            (Sum, self._sum),
            (Piecewise, self._piecewise),
            (Function, self._function),
            ((Max, Min), self._extreme),
        ):
            if isinstance(expression, kind):
                return write(expression)
        raise no_form(expression)

    def _leaf(self, expression: Expr) -> Text | None:
        if expression.is_number:
            return number(expression)
        if expression in self._counts:
            return Text(self._counts[expression])
        return self._leaves(expression)

    def _common(self, texts: list[Text]) -> tuple[list[Text], tuple[Expr, ...]]:
        """Arrays that broadcast against each other, and the axes of the result."""
        axes = self._sorted(axis for text in texts for axis in text.axes)
        return [aligned(text, axes) for text in texts], axes

    def _sorted(self, letters: Iterable[Expr]) -> tuple[Expr, ...]:
        """The letters in the order of the result's axes, others behind them as they come."""
        given = list(dict.fromkeys(letters))
        return (*(letter for letter in self._order if letter in given), *(g for g in given if g not in self._order))

    def _add(self, expression: Expr) -> Text:
        parts = [part.as_coeff_Mul() for part in expression.args]
        texts, axes = self._common([self.text(abs(factor) * rest) for factor, rest in parts])
        signed = sorted(
            zip((factor.is_negative for factor, _ in parts), texts, strict=True),
            key=lambda item: (bool(item[0]), -len(item[1].axes), not item[1].axes),
        )
        first = True
        result = ""
        for is_negative, text in signed:
            if first:
                result = f"-{text.inside(PRODUCT)}" if is_negative else text.inside(SUM)
            else:
                result += f" - {text.inside(PRODUCT)}" if is_negative else f" + {text.inside(SUM)}"
            first = False
        return Text(result, axes, SUM)

    def _mul(self, expression: Expr) -> Text:
        numbers = [part for part in expression.args if part.is_number]
        others = [part for part in expression.args if not part.is_number]
        factor = Mul(*numbers)
        if factor.is_negative:
            rest = Mul(-factor, *others)
            inner = self.text(_negated(rest)) if _is_negated(rest) else self.text(rest)
            return inner if _is_negated(rest) else Text(f"-{inner.inside(PRODUCT)}", inner.axes, NEGATIVE)
        above, below = _over_and_under(factor)
        tops = sorted((self.text(part) for part in others if not _is_below(part)), key=lambda text: len(text.axes))
        tops = [*map(number, above), *tops] or [Text("1")]
        bottoms = [*(self.text(1 / part) for part in others if _is_below(part)), *map(number, below)]
        texts, axes = self._common([*tops, *bottoms])
        result = texts[0].inside(PRODUCT)
        for place, text in enumerate(texts[1:], 1):
            result += f" {'*' if place < len(tops) else '/'} {text.inside(POWER)}"
        return Text(result, axes, PRODUCT)

    def _pow(self, expression: Expr) -> Text:
        base, exponent = expression.args
        if _is_below(expression):
            inner = self.text(1 / expression)
            return Text(f"1 / {inner.inside(POWER)}", inner.axes, PRODUCT)
        if exponent == S.Half:
            inner = self.text(base)
            return Text(f"np.sqrt({inner.text})", inner.axes)
        (left, right), axes = self._common([self.text(base), self.text(exponent)])
        return Text(f"{left.inside(ATOM)}**{right.inside(ATOM)}", axes, POWER)

    def _function(self, expression: Expr) -> Text:
        if isinstance(expression, stable.Softmax | stable.LogSumExp):
            return self._exponentials(expression)
        if isinstance(expression, log):
            return self._logarithm(expression.args[0])
        if isinstance(expression, stable.TimesLog):
            factor, inner = expression.args
            constant, rest = inner.as_coeff_Add()
            return self._call("times_log1p", factor, rest) if constant == 1 else self._call("times_log", factor, inner)
        if isinstance(expression, stable.Softplus):
            inner = self.text(expression.args[0])
            return Text(f"np.logaddexp(0, {inner.text})", inner.axes)
        if isinstance(expression, index.ScalarFunction):
            return self._call(function_name(expression.letter, expression.order), *expression.args)
        name = FUNCTIONS.get(expression.func)
        if name is None:
            raise no_form(expression)
        return self._call(name, *expression.args)

    def _call(self, name: str, *arguments: Expr) -> Text:
        texts, axes = self._common([self.text(argument) for argument in arguments])
        self.used.add(name)
        return Text(f"{name}({', '.join(text.text for text in texts)})", axes)

    def _logarithm(self, inner: Expr) -> Text:
        constant, rest = inner.as_coeff_Add()
        return self._call("np.log1p", rest) if constant == 1 else self._call("np.log", inner)

    def _exponentials(self, expression: Expr) -> Text:
        """Softmax and the logarithm of a sum of exponentials run along the last axis."""
        total = expression.args[-1]
        ((letter, _, _),) = total.limits
        inner = self.text(total.function.args[0])
        others = tuple(axis for axis in inner.axes if axis != letter)
        inner = aligned(inner, (*others, letter))
        if isinstance(expression, stable.LogSumExp):
            self.used.add("log_sum_exp")
            return Text(f"log_sum_exp({inner.text})", others)
        self.used.add("softmax")
        (own,) = [axis for axis in self.text(expression.args[0]).axes if axis not in others]
        return Text(f"softmax({inner.text})", (*others, own))

    def _extreme(self, expression: Expr) -> Text:
        texts, axes = self._common([self.text(argument) for argument in expression.args])
        result = texts[0].text
        for text in texts[1:]:
            result = f"{EXTREMES[expression.func]}({result}, {text.text})"
        return Text(result, axes)

    def _piecewise(self, expression: Expr) -> Text:
        values = [self.text(value) for value, _ in expression.args]
        conditions = [self._condition(condition) for _, condition in expression.args]
        texts, axes = self._common([*values, *conditions])
        values, conditions = texts[: len(values)], texts[len(values) :]
        self.is_guarded |= any(_may_fail(value) for value, _ in expression.args)
        has_default = conditions[-1].text == "True"
        result = values.pop().text if has_default else _NO_BRANCH
        for value, condition in reversed(list(zip(values, conditions, strict=False))):
            result = f"np.where({condition.text}, {value.text}, {result})"
        is_constant = all(value.is_number for value, _ in expression.args)
        return Text(f"{result}.astype({self._like}.dtype)" if is_constant else result, axes)

    def _condition(self, condition: Any) -> Text:
        if condition in (S.true, S.false):
            return Text(str(bool(condition)))
        if isinstance(condition, Not):
            inner = self._condition(condition.args[0])
            return Text(f"~{inner.inside(ATOM)}", inner.axes, NOT)
        if isinstance(condition, Relational):
            (left, right), axes = self._common([self.text(condition.lhs), self.text(condition.rhs)])
            return Text(f"{left.inside(SUM)} {condition.rel_op} {right.inside(SUM)}", axes, COMPARED)
        if condition.func in _CONNECTIVES:
            sign_text, strength = _CONNECTIVES[condition.func]
            texts, axes = self._common([self._condition(part) for part in condition.args])
            return Text(sign_text.join(text.inside(SUM) for text in texts), axes, strength)
        raise no_form(condition)

    def _sum(self, expression: Expr) -> Text:
        """Over all axes at once where nothing else is left; else one letter after another."""
        letters = set(expression.variables)
        inner = expression.function
        if isinstance(inner, Sum):
            return self._sum(Sum(inner.function, *inner.limits, *expression.limits))
        if len(letters) > 1:
            body = self.text(inner)
            if set(body.axes) == letters:
                return Text(f"{body.inside(ATOM)}.sum()")
            return self.text(Sum(Sum(inner, expression.limits[0]), *expression.limits[1:]))
        return self._contracted(inner, expression.limits[0])

    def _contracted(self, body: Expr, limit: tuple[Expr, Expr, Expr]) -> Text:
        """One letter of a sum: a matrix product, or the sum along an axis."""
        letter = limit[0]
        factors = Mul.make_args(body)
        if letter not in body.free_symbols or any(letter not in factor.free_symbols for factor in factors):
            return self.text(index.bind(body, [limit]))
        groups: dict[tuple[Expr, ...], list[Expr]] = {}
        for factor in factors:
            others = self._sorted(axis for axis in self._axes(factor) if axis != letter)
            groups.setdefault(others, []).append(factor)
        scalars = groups.pop((), []) if len(groups) > 1 else []
        kept = list(groups)
        groups[kept[0]] = [*scalars, *groups[kept[0]]]
        if any(len(others) > 1 for others in kept) or len(kept) > 2:
            opened = expand_mul(body, deep=False)
            if opened == body:
                raise no_form(body)
            return self.text(Add(*(index.bind(term, [limit]) for term in Add.make_args(opened))))
        if len(kept) == 1:
            return self._along(self.text(Mul(*groups[kept[0]])), letter)
        left, right = sorted(kept, key=lambda others: self._sorted([*kept[0], *kept[1]]).index(others[0]))
        first = aligned(self.text(Mul(*groups[left])), (*left, letter))
        second = aligned(self.text(Mul(*groups[right])), (letter, *right))
        product = f"{first.inside(POWER)} @ {second.inside(POWER)}"
        self.products.append(product)
        return Text(product, (*left, *right), MATRIX)

    def _along(self, text: Text, letter: Expr) -> Text:
        others = tuple(axis for axis in text.axes if axis != letter)
        where = f"axis={text.axes.index(letter)}" if others else ""
        return Text(f"{text.inside(ATOM)}.sum({where})", others)

    def _axes(self, expression: Expr) -> set[Expr]:
        """The free letters that the array of an expression has as axes."""
        bound = {letter for part in expression.atoms(Sum) for letter in part.variables}
        letters = {i for entry in expression.atoms(Indexed) if index.is_entry(entry) for i in entry.indices}
        return {letter for letter in letters if letter.is_Symbol} - bound


def _is_below(factor: Expr) -> bool:
    """Whether a factor belongs under the line."""
    return isinstance(factor, Pow) and bool(factor.exp.is_Rational and factor.exp.is_negative)


def _over_and_under(factor: Expr) -> tuple[list[Expr], list[Expr]]:
    """A positive number as what multiplies and what divides: 1/2 only divides, 3/10 and √2/2 only multiply."""
    if isinstance(factor, Rational) and factor.p == 1:
        return [], [] if factor.q == 1 else [Integer(factor.q)]
    return [factor], []


def _is_negated(product: Expr) -> bool:
    """Whether this is a sum over a letter of terms that all have a minus sign."""
    return isinstance(product, Sum) and all(
        part.as_coeff_Mul()[0].is_negative for part in Add.make_args(product.function)
    )


def _negated(total: Expr) -> Expr:
    return Sum(Add(*(-part for part in Add.make_args(total.function))), *total.limits)


def _may_fail(value: Expr) -> bool:
    """Whether a branch may overflow or be undefined where it is not taken."""
    tame = (Abs, sign, tanh, sin, cos, atan, erf, stable.Logistic, index.ScalarFunction, Piecewise)
    return any(not isinstance(node, tame) for node in value.atoms(Function)) or any(
        not (power.exp.is_Integer and power.exp.is_positive) for power in value.atoms(Pow)
    )
