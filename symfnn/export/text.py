"""NumPy text of an array: the axes that it has, how tightly it holds together, and the names and numbers in it.

The text is made of names that this package chooses and of numbers; no name from a model reaches it. How an expression
is written is in ``emit``.
"""

from dataclasses import dataclass
from typing import Any, final

from sympy import (
    Abs,
    Expr,
    Max,
    Min,
    Rational,
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
    sign,
    sin,
    sinh,
    tan,
    tanh,
)

from symfnn import errors
from symfnn.export import stable

# how tightly a text holds together
OR, AND, NOT, COMPARED, SUM, MATRIX, PRODUCT, NEGATIVE, POWER, ATOM = range(10)


@final
@dataclass(frozen=True, slots=True)
class Text:
    """NumPy text of an array.

    Attributes:
        text: the expression.
        axes: the letter that each axis of the array runs over.
        strength: how tightly it holds together.
    """

    text: str
    axes: tuple[Expr, ...] = ()
    strength: int = ATOM

    def inside(self, strength: int) -> str:
        """The text as an operand of something of that strength, in brackets where it needs them."""
        return self.text if self.strength >= strength else f"({self.text})"


FUNCTIONS: dict[Any, str] = {
    exp: "np.exp",
    tanh: "np.tanh",
    sin: "np.sin",
    cos: "np.cos",
    tan: "np.tan",
    sinh: "np.sinh",
    cosh: "np.cosh",
    asin: "np.arcsin",
    acos: "np.arccos",
    atan: "np.arctan",
    asinh: "np.arcsinh",
    acosh: "np.arccosh",
    atanh: "np.arctanh",
    Abs: "np.abs",
    sign: "np.sign",
    stable.ExpMinusOne: "np.expm1",
    stable.Logistic: "sigmoid",
    erf: "erf",
    erfc: "erfc",
    stable.ErrorComplement: "erfc",
    stable.Quotient: "quotient",
}
EXTREMES: dict[Any, str] = {Max: "np.maximum", Min: "np.minimum"}


def aligned(text: Text, axes: tuple[Expr, ...]) -> Text:
    """The same array with its axes in the order of ``axes`` and new ones of length 1 where it has none."""
    kept = tuple(axis for axis in axes if axis in text.axes)
    if kept != text.axes:
        text = Text(f"{text.inside(ATOM)}.T", kept)
    while axes and axes[0] not in text.axes:
        axes = axes[1:]
    if not axes or axes == text.axes:
        return text
    if text.text.endswith(".sum(axis=1)") and axes[0] == text.axes[0] and len(axes) == 2:
        return Text(text.text[:-1] + ", keepdims=True)", axes, text.strength)
    places = ", ".join(":" if axis in text.axes else "None" for axis in axes)
    return Text(f"{text.inside(ATOM)}[{places}]", axes)


def function_name(letter: str, order: int) -> str:
    """The name in a program of a function and its derivatives.

    Raises:
        ModelError: the letter is not one of those that the package gives.
    """
    start, _, digits = letter.partition("_")
    if not (len(start) == 1 and start.isascii() and start.isalpha() and (digits == "" or digits.isdecimal())):
        raise errors.ModelError(f"an activation is called by one letter, not {letter!r}")
    return letter + "_prime" * order


def number(value: Expr) -> Text:
    """A real number, exact where Python has it.

    Raises:
        ModelError: it is not a finite real number.
    """
    if value.is_Integer:
        return Text(str(int(value)), (), ATOM if value >= 0 else NEGATIVE)
    if isinstance(value, Rational):
        return Text(f"{int(value.p)} / {int(value.q)}", (), PRODUCT)
    if not (value.is_real and value.is_finite):
        raise no_form(value)
    written = repr(float(value.evalf(30)))
    return Text(written, (), NEGATIVE if written.startswith("-") else ATOM)


def no_form(expression: object) -> errors.ModelError:
    """The error for what cannot be written with arrays."""
    return errors.ModelError(f"{expression} has no form with NumPy arrays")
