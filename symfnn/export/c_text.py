"""Elementwise expressions as C text.

The text is made of names that this package chooses and of numbers; no name from a model reaches it.
"""

from collections.abc import Callable
from typing import Any, final

from sympy import (
    Abs,
    Expr,
    Function,
    Max,
    Mul,
    Piecewise,
    Pow,
    S,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)
from sympy.printing.c import C99CodePrinter
from sympy.printing.precedence import PRECEDENCE

from symfnn.export import stable
from symfnn.export.lowering import no_form

# with a text of its own in symfnn/export/c, which compilers can apply to several numbers at a time
_OWN: dict[Any, str] = {
    exp: "real_exp",
    tanh: "real_tanh",
    Abs: "real_abs",
    sign: "real_sign",
    erf: "real_erf",
    erfc: "real_erfc",
    stable.ExpMinusOne: "real_expm1",
    stable.Logistic: "logistic",
    stable.Softplus: "softplus",
    stable.ErrorComplement: "real_erfc",
    stable.Quotient: "quotient",
}
# of the C library
_LIBRARY: dict[Any, str] = {
    sin: "sin",
    cos: "cos",
    tan: "tan",
    sinh: "sinh",
    cosh: "cosh",
    asin: "asin",
    acos: "acos",
    atan: "atan",
    asinh: "asinh",
    acosh: "acosh",
    atanh: "atanh",
}
_WHOLE_POWERS = 8  # up to here a power is written as products


@final
class CPrinter(C99CodePrinter):
    """SymPy's printer, with this package's functions, literals of one data type, and no statement inside.

    Args:
        dtype: ``"float32"`` or ``"float64"``.
        leaf: the text of an array's entry, by the array's name.

    Attributes:
        needs_library: whether the text calls the C library.
    """

    def __init__(self, dtype: str, leaf: Callable[[str], str]) -> None:
        super().__init__()
        self._suffix = "f" if dtype == "float32" else ""
        self._leaf = leaf
        self.needs_library = False

    def text(self, expression: Any) -> str:
        """The text of an expression.

        Raises:
            ModelError: it holds something that has no form in C.
        """
        return str(self._print(expression))

    def _print(self, expression: Any, **options: Any) -> str:
        """SymPy's dispatch, but for functions, of which its own printer knows some by other names."""
        if isinstance(expression, Function) and not isinstance(expression, Piecewise):
            return self._print_Function(expression)
        return str(super()._print(expression, **options))

    def _print_Symbol(self, expression: Expr) -> str:
        return self._leaf(str(expression))

    def _number(self, value: Expr) -> str:
        if value.is_Integer and abs(value) < 2**24:
            return str(int(value))
        if not (value.is_real and value.is_finite):
            raise no_form(value)
        return repr(float(value.evalf(30))) + self._suffix

    def _print_Rational(self, expression: Expr) -> str:
        return self._number(expression)

    _print_Integer = _print_Rational
    _print_Half = _print_Rational
    _print_NumberSymbol = _print_Rational

    def _print_Add(self, expression: Expr, order: object = None) -> str:
        del order
        terms = sorted((bool(t.as_coeff_Mul()[0].is_negative), str(t), t) for t in expression.args)
        result = ""
        for is_negative, _, term in terms:
            text = self.parenthesize(-term if is_negative else term, PRECEDENCE["Add"] + is_negative)
            result += (" - " if result else "-") + text if is_negative else (" + " if result else "") + text
        return result

    def _print_Mul(self, expression: Expr) -> str:
        factor = Mul(*(part for part in expression.args if part.is_number))
        others = [part for part in expression.args if not part.is_number]
        if factor.is_negative:
            return f"-{self.parenthesize(Mul(-factor, *others), PRECEDENCE['Mul'])}"
        above = [part for part in others if not _is_below(part)]
        below = [1 / part for part in others if _is_below(part)]
        texts = [self._factor(part) for part in above]
        if factor != 1 or not texts:
            texts.insert(0, self._number(factor))
        return " / ".join([" * ".join(texts), *(self._factor(part) for part in below)])

    def _factor(self, part: Expr) -> str:
        return str(self.parenthesize(part, PRECEDENCE["Mul"] + 1))

    def _print_Pow(self, expression: Expr) -> str:
        base, exponent = expression.args
        if expression.is_number:
            return self._number(expression)
        if exponent.is_Integer and 1 < exponent <= _WHOLE_POWERS:
            text = self._factor(base)
            return f"({' * '.join([text] * int(exponent))})"
        if _is_below(expression):
            return f"1 / {self._factor(1 / expression)}"
        self.needs_library = True
        if exponent == S.Half:
            return f"sqrt{self._suffix}({self._print(base)})"
        return f"pow{self._suffix}({self._print(base)}, {self._print(exponent)})"

    def _print_Piecewise(self, expression: Expr) -> str:
        pieces = list(expression.args)
        has_default = pieces[-1][1] == S.true
        result = self._print(pieces.pop()[0]) if has_default else "not_a_number"
        for value, condition in reversed(pieces):
            result = f"{self._print(condition)} ? {self.parenthesize(value, PRECEDENCE['Add'])} : {result}"
        return f"({result})"

    def _extreme(self, expression: Expr) -> str:
        name = "real_max" if isinstance(expression, Max) else "real_min"
        first, *others = sorted(expression.args, key=lambda part: bool(part.is_number))
        result = self._print(first)
        for part in others:
            result = f"{name}({result}, {self._print(part)})"
        return str(result)

    def _print_Function(self, expression: Expr) -> str:
        if isinstance(expression, log | stable.TimesLog):
            *factors, inner = expression.args
            constant, rest = inner.as_coeff_Add()
            if constant == 1 and isinstance(rest, exp) and not factors:
                return self._call(_OWN[stable.Softplus], *rest.args)
            name = ("times_log" if factors else "real_log") + ("1p" if constant == 1 else "")
            return self._call(name, *factors, rest if constant == 1 else inner)
        if expression.func in _LIBRARY:
            self.needs_library = True
            return self._call(_LIBRARY[expression.func] + self._suffix, *expression.args)
        if expression.func not in _OWN:
            raise no_form(expression)
        return self._call(_OWN[expression.func], *expression.args)

    def _call(self, name: str, *arguments: Expr) -> str:
        return f"{name}({', '.join(map(self._print, arguments))})"

    _print_Max = _extreme
    _print_Min = _extreme
    emptyPrinter = no_form


def _is_below(part: Expr) -> bool:
    """Whether a factor belongs under the line."""
    return isinstance(part, Pow) and bool(part.exp.is_Integer and part.exp.is_negative)
