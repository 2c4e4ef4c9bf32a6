"""Elementwise operations as text in the dialect of an array library.

The text is made of names that this package chooses and of numbers; no name from a model reaches it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

from sympy import (
    Abs,
    Add,
    And,
    Expr,
    Function,
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
    atan,
    cos,
    erf,
    log,
    sign,
    sin,
    tanh,
)
from sympy.core.relational import Relational

from symfnn.export import stable
from symfnn.export.dialect import Dialect
from symfnn.export.lowering import no_form
from symfnn.export.program import condition_of

_WHOLE_POWERS = 8  # up to here a dialect that has products writes a power as one
# how tightly a text holds together
OR, AND, NOT, COMPARED, SUM, MATRIX, PRODUCT, NEGATIVE, POWER, ATOM = range(10)


@final
@dataclass(frozen=True, slots=True)
class Text:
    """The text of an array.

    Attributes:
        text: the expression.
        strength: how tightly it holds together.
        rank: how many of its axes are longer than 1; only the order of terms follows from it.
    """

    text: str
    strength: int = ATOM
    rank: int = 0

    def inside(self, strength: int) -> str:
        """The text as an operand of something of that strength, in brackets where it needs them."""
        return self.text if self.strength >= strength else f"({self.text})"


_CONNECTIVES: dict[Any, tuple[str, int]] = {And: (" & ", AND), Or: (" | ", OR)}


@final
class Writer:
    """Writes elementwise expressions.

    Args:
        leaves: the text of each array.
        dialect: of the library.
        like: the name of an array whose data type constants take.

    Attributes:
        used: the functions that the text calls.
        is_guarded: whether a branch that is not taken may overflow or be undefined.
    """

    def __init__(self, leaves: Mapping[Expr, Text], dialect: Dialect, like: str = "X") -> None:
        self._leaves = leaves
        self._dialect = dialect
        self._like = like
        self.used: set[str] = set()
        self.is_guarded = False

    def text(self, expression: Any) -> Text:
        """The text of an expression.

        Raises:
            ModelError: it holds something that has no form with arrays.
        """
        if expression in self._leaves:
            return self._leaves[expression]
        if expression.is_number:
            return self._number(expression)
        for kind, write in (
            (Add, self._add),
            (Mul, self._mul),
            (Pow, self._pow),
            (Piecewise, self._piecewise),
            ((Max, Min), self._extreme),
            (Function, self._function),
        ):
            if isinstance(expression, kind):
                return write(expression)
        raise no_form(expression)

    def _number(self, value: Expr) -> Text:
        text = number(value)
        return Text(self._dialect.number.format(text.text)) if self._dialect.number else text

    def _add(self, expression: Expr) -> Text:
        parts = [part.as_coeff_Mul() for part in expression.args]
        texts = [(bool(factor.is_negative), self.text(abs(factor) * rest)) for factor, rest in parts]
        texts.sort(key=lambda item: (item[0], -item[1].rank))
        (is_negative, first), *others = texts
        result = f"-{first.inside(PRODUCT)}" if is_negative else first.inside(SUM)
        for is_negative, text in others:
            result += f" - {text.inside(PRODUCT)}" if is_negative else f" + {text.inside(SUM)}"
        return Text(result, SUM, _rank(text for _, text in texts))

    def _mul(self, expression: Expr) -> Text:
        factor = Mul(*(part for part in expression.args if part.is_number))
        others = [part for part in expression.args if not part.is_number]
        if factor.is_negative:
            inner = self.text(Mul(-factor, *others))
            return Text(f"-{inner.inside(PRODUCT)}", NEGATIVE, inner.rank)
        above, below = _over_and_under(factor)
        tops = [*map(self._number, above), *self._factors([part for part in others if not _is_below(part)])]
        tops = tops or [self._number(S.One)]
        bottoms = [*(self.text(1 / part) for part in others if _is_below(part)), *map(self._number, below)]
        rank = _rank([*tops, *bottoms])
        result = tops[0].inside(PRODUCT)
        for operator, text in _in_order(tops, bottoms, rank):
            result += f" {operator} {text.inside(POWER)}"
        return Text(result, PRODUCT, rank)

    def _factors(self, given: list[Expr]) -> list[Text]:
        """The texts of factors, those with fewer axes first; behind an array of numbers, conditions count as 1 or 0."""
        steps = [part for part in given if condition_of(part) is not None]
        numbers = sorted((self.text(part) for part in given if part not in steps), key=lambda text: text.rank)
        if not (self._dialect.has_masks and numbers and numbers[-1].rank):
            return sorted([*numbers, *map(self.text, steps)], key=lambda text: text.rank)
        conditions = [self.condition(condition_of(part)) for part in steps]
        return [*numbers, *(Text(f"({condition.text})", ATOM, condition.rank) for condition in conditions)]

    def _pow(self, expression: Expr) -> Text:
        base, exponent = expression.args
        if _is_below(expression):
            inner = self.text(1 / expression)
            return Text(f"{self._number(S.One).text} / {inner.inside(POWER)}", PRODUCT, inner.rank)
        if exponent == S.Half:
            inner = self.text(base)
            return Text(f"{self._dialect.sqrt}({inner.text})", ATOM, inner.rank)
        left, right = self.text(base), self.text(exponent)
        if self._dialect.has_products and exponent.is_Integer and 1 < exponent <= _WHOLE_POWERS:
            return Text(" * ".join([left.inside(POWER)] * int(exponent)), PRODUCT, left.rank)
        return Text(f"{left.inside(ATOM)}**{right.inside(ATOM)}", POWER, _rank([left, right]))

    def _function(self, expression: Expr) -> Text:
        if isinstance(expression, log):
            constant, rest = expression.args[0].as_coeff_Add()
            if constant == 1:
                return self._call(self._dialect.log1p, rest)
        if isinstance(expression, stable.TimesLog):
            factor, inner = expression.args
            constant, rest = inner.as_coeff_Add()
            if constant == 1:
                return self._call(self._dialect.times_log1p, factor, rest)
        if expression.func not in self._dialect.functions:
            raise no_form(expression)
        return self._call(self._dialect.functions[expression.func], *expression.args)

    def _call(self, name: str, *arguments: Expr) -> Text:
        texts = [self.text(argument) for argument in arguments]
        self.used.add(name.partition("(")[0])
        return Text(called(name, *(text.text for text in texts)), ATOM, _rank(texts))

    def _extreme(self, expression: Expr) -> Text:
        if self._dialect.positive and isinstance(expression, Max) and S.Zero in expression.args:
            return self._call(self._dialect.positive, Max(*(part for part in expression.args if part != 0)))
        texts = [self._array(argument) for argument in expression.args]
        result = texts[0].text
        for text in texts[1:]:
            result = called(self._dialect.functions[expression.func], result, text.text)
        return Text(result, ATOM, _rank(texts))

    def _array(self, expression: Expr) -> Text:
        """The text of an expression that has to be an array."""
        text = self.text(expression)
        return Text(self._dialect.constant.format(text.text, like=self._like)) if expression.is_number else text

    def _piecewise(self, expression: Expr) -> Text:
        is_constant = all(value.is_number for value, _ in expression.args)
        values = [self._array(value) if is_constant else self.text(value) for value, _ in expression.args]
        conditions = [self.condition(condition) for _, condition in expression.args]
        rank = _rank([*values, *conditions])
        self.is_guarded |= any(_may_fail(value) for value, _ in expression.args)
        has_default = expression.args[-1][1] == S.true
        result = values.pop().text if has_default else self._dialect.nan
        for value, condition in reversed(list(zip(values, conditions, strict=False))):
            result = called(self._dialect.where, condition.text, value.text, result)
        if is_constant:
            result = self._dialect.cast.format(result, like=self._like)
        return Text(result, ATOM, rank)

    def condition(self, condition: Any) -> Text:
        """The text of a condition, entry by entry.

        Raises:
            ModelError: it has no form with arrays.
        """
        if condition in (S.true, S.false):
            return Text(str(bool(condition)))
        if isinstance(condition, Not):
            inner = self.condition(condition.args[0])
            return Text(f"~{inner.inside(ATOM)}", NOT, inner.rank)
        if isinstance(condition, Relational):
            left, right = self.text(condition.lhs), self.text(condition.rhs)
            text = f"{left.inside(SUM)} {condition.rel_op} {right.inside(SUM)}"
            return Text(text, COMPARED, _rank([left, right]))
        if condition.func in _CONNECTIVES:
            word, strength = _CONNECTIVES[condition.func]
            texts = [self.condition(part) for part in condition.args]
            return Text(word.join(text.inside(SUM) for text in texts), strength, _rank(texts))
        raise no_form(condition)


def called(function: str, *arguments: str) -> str:
    """A call; a function is a name, or a text with {0}, {1}, … for its arguments."""
    return function.format(*arguments) if "{" in function else f"{function}({', '.join(arguments)})"


def number(value: Expr) -> Text:
    """A real number, exact where Python has it.

    Raises:
        ModelError: it is not a finite real number.
    """
    if value.is_Integer:
        return Text(str(int(value)), ATOM if value >= 0 else NEGATIVE)
    if isinstance(value, Rational):
        return Text(f"{int(value.p)} / {int(value.q)}", PRODUCT)
    if not (value.is_real and value.is_finite):
        raise no_form(value)
    written = repr(float(value.evalf(30)))
    return Text(written, NEGATIVE if written.startswith("-") else ATOM)


def _rank(texts: Any) -> int:
    return max((text.rank for text in texts), default=0)


def _in_order(tops: list[Text], bottoms: list[Text], rank: int) -> list[tuple[str, Text]]:
    """What follows the first factor: rows and columns are divided by each other before they meet whole arrays."""
    above, below = [("*", text) for text in tops[1:]], [("/", text) for text in bottoms]
    if not 0 < tops[0].rank < rank:
        return above + below
    return sorted(above + below, key=lambda item: item[1].rank == rank)


def _is_below(factor: Expr) -> bool:
    """Whether a factor belongs under the line."""
    return isinstance(factor, Pow) and bool(factor.exp.is_Rational and factor.exp.is_negative)


def _over_and_under(factor: Expr) -> tuple[list[Expr], list[Expr]]:
    """A positive number as what multiplies and what divides: 1/2 only divides, 3/10 and √2/2 only multiply."""
    if isinstance(factor, Rational) and factor.p == 1:
        return [], [] if factor.q == 1 else [Integer(factor.q)]
    return [factor], []


def _may_fail(value: Expr) -> bool:
    """Whether a branch may overflow or be undefined where it is not taken."""
    tame = (Abs, sign, tanh, sin, cos, atan, erf, stable.Logistic, Piecewise)
    return any(not isinstance(node, tame) for node in value.atoms(Function)) or any(
        not (power.exp.is_Integer and power.exp.is_positive) for power in value.atoms(Pow)
    )
