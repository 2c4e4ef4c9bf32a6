"""LaTeX of the index language: w_{ij}^{(l)}, sums with limits, partial derivatives.

Names come from the model's quantities and fixed letters alone; nothing here reads text.
"""

from sympy import Add, Expr, Mul, Not, Pow, Sum, fraction
from sympy.printing.latex import LatexPrinter

from symfnn.algebra import index
from symfnn.latex.letters import readable
from symfnn.model import regularizers
from symfnn.model.definitions import Model

NAMES = {"delta": r"\delta", "w": "w", "theta": r"\theta"}
_RANKS = {"delta": 3.0, "w": 4.0}


def to_latex(model: Model, expression: Expr) -> str:
    """The formula of one expression in the index language.

    Args:
        model: whose names and widths are printed.
        expression: a scalar; bound letters are given readable names.

    Returns:
        LaTeX for math mode, in the article's notation: ``w_{ij}^{(l)}``.

    Raises:
        ModelError: the expression holds an entry of a quantity that the model does not have.
    """
    return str(EntryPrinter(model).doprint(readable(expression)))


class EntryPrinter(LatexPrinter):
    """SymPy's printer with symfnn's entries, partial derivatives and order of factors."""

    def __init__(self, model: Model) -> None:
        super().__init__({"ln_notation": True})
        self.model = model

    def _print_Indexed(self, expression: Expr, exp: str | None = None) -> str:
        if expression.base == index.WIDTH:
            return self._width(expression.indices[0])
        text = self._entry(expression)
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _width(self, layer: Expr) -> str:
        widths = self.model.widths
        if widths is not None and layer.is_Integer:
            return str(widths[int(layer) - 1])
        return "K" if layer == index.DEPTH else f"s_{{{self.compact(layer)}}}"

    def _entry(self, expression: Expr) -> str:
        name, indices = index.name_of(expression), list(index.indices_of(expression))
        quantity = self.model.quantity(name)
        superscript = f"({self.compact(indices.pop(0))})" if quantity.layered else ""
        axes = len(quantity.slots) - (1 if quantity.layered else 0)
        components, samples = indices[:axes], indices[axes:]
        superscript += "".join(f"({self.compact(sample)})" for sample in samples)
        parts = [self.compact(component) for component in components]
        subscript = ("" if all(len(part) == 1 for part in parts) else ",").join(parts)
        return self._with_scripts(NAMES.get(name, name), subscript, superscript)

    def compact(self, expression: Expr) -> str:
        """A formula without spaces, for a subscript or a superscript."""
        return str(self._print(expression)).replace(" ", "")

    def _with_scripts(self, name: str, subscript: str, superscript: str) -> str:
        return name + (f"_{{{subscript}}}" if subscript else "") + (f"^{{{superscript}}}" if superscript else "")

    def _print_Pow(self, expression: Expr) -> str:
        if index.is_entry(expression.base) and expression.exp.is_positive:
            return rf"\left({self._print(expression.base)}\right)^{{{self._print(expression.exp)}}}"
        return str(super()._print_Pow(expression))

    def _print_Partial(self, expression: Expr) -> str:
        top, bottom = (self._print(part) for part in expression.args)
        return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"

    def _print_Unspecified(self, expression: Expr) -> str:
        shown = [
            str(array[0]) + (f"^{{({self._print(array[1])})}}" if len(array) > 1 else "") for array in expression.arrays
        ]
        return rf"{expression.letter}\left({', '.join(shown)}\right)"

    def _print_Function(self, expression: Expr, exp: str | None = None) -> str:
        if not isinstance(expression, index.ScalarFunction):
            return str(super()._print_Function(expression, exp))
        text = expression.letter + "'" * expression.order + rf"\left({self._print(expression.args[0])}\right)"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _print_log(self, expression: Expr, exp: str | None = None) -> str:
        argument = expression.args[0]
        text = (
            rf"\ln {self._print(argument)}" if index.is_entry(argument) else rf"\ln\left({self._print(argument)}\right)"
        )
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _print_Piecewise(self, expression: Expr) -> str:
        rows = []
        for position, (value, condition) in enumerate(expression.args):
            last = condition == True and position == 1  # noqa: E712 - SymPy's own truth value
            stated = Not(expression.args[0][1]) if last else condition
            rows.append(f"{self._print(value)} & {self._print(stated)}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def _print_Sum(self, expression: Expr) -> str:
        signs = [
            rf"\sum_{{{self._print(letter)}={self._print(low)}}}^{{{self._print(high)}}}"
            for letter, low, high in reversed(expression.limits)
        ]
        body = self._print(expression.function)
        return " ".join(signs) + " " + (self._bracket(body) if isinstance(expression.function, Add) else body)

    def _bracket(self, text: str) -> str:
        return rf"\left({text}\right)"

    def _print_Add(self, expression: Expr, order: object = None) -> str:
        is_index = all(symbol.is_integer for symbol in expression.free_symbols)
        terms = sorted(expression.args, key=lambda term: (is_index and term.is_number, *_term_key(term)))
        text = ""
        for term in terms:
            printed = self._print(term)
            text += printed if not text else (f" - {printed[1:].strip()}" if printed[0] == "-" else f" + {printed}")
        return text

    def _print_Mul(self, expression: Expr) -> str:
        if expression.as_coeff_Mul()[0].is_negative:
            return str("- " + self._print(-expression))
        top, bottom = fraction(expression, exact=True)
        sums = [factor for factor in Mul.make_args(top) if isinstance(factor, Sum)]
        constants = [f for f in Mul.make_args(expression) if not depends(f)]
        if len(sums) == 1:
            return self.front(Mul(*constants)) + self._inside(sums[0], expression, constants)
        if constants and Mul(*constants) != 1 and len(constants) < len(expression.args):
            rest = Mul(*(f for f in Mul.make_args(expression) if depends(f)))
            text = self._print_factors(rest)
            return self.front(Mul(*constants)) + (self._bracket(text) if isinstance(rest, Add) else text)
        if bottom != 1:
            return rf"\frac{{{self._print(top)}}}{{{self._print(bottom)}}}"
        return self._print_factors(expression)

    def front(self, constant: Expr) -> str:
        """A constant as it stands in front of a sum or an array, with the space behind it; nothing for 1."""
        if constant == 1:
            return ""
        top, bottom = fraction(constant, exact=True)
        plain = " ".join(self._print(f) for f in Mul.make_args(top))
        return (plain if bottom == 1 else rf"\frac{{{plain}}}{{{self._product(bottom)}}}") + " "

    def _product(self, expression: Expr) -> str:
        return " ".join(self._print(f) for f in sorted(Mul.make_args(expression), key=lambda f: not f.is_number))

    def _inside(self, total: Sum, expression: Expr, constants: list[Expr]) -> str:
        """Factors beside a sum are written inside it, where the article has them."""
        others = [f for f in Mul.make_args(expression) if f is not total and f not in constants]
        body = total.function
        if isinstance(body, Add) or any(f.has(Sum) for f in (*others, body)):
            beside = self._print_factors(Mul(*others)) + " " if others else ""
            return str(beside + self._print_Sum(total))
        return str(self._print_Sum(index.Sum(Mul(*others, body), *total.limits)))

    def _print_factors(self, expression: Expr) -> str:
        parts = sorted(Mul.make_args(expression), key=lambda f: _factor_key(self.model, f))
        return self._times().join(self._factor(part, alone=len(parts) == 1) for part in parts)

    def _times(self) -> str:
        return " "

    def _factor(self, part: Expr, *, alone: bool) -> str:
        text = str(self._print(part))
        loose = isinstance(part, Add) or (isinstance(part, Sum) and not alone)
        return self._bracket(text) if loose and not alone else text


def depends(factor: Expr) -> bool:
    """Whether a factor is more than a constant: a number, m and λ are constants."""
    return bool(factor.free_symbols - {index.SAMPLES, regularizers.STRENGTH}) or factor.has(index.Partial)


def _factor_key(model: Model, factor: Expr) -> tuple[float, int, str]:
    base = factor.base if isinstance(factor, Pow) else factor
    if isinstance(base, index.Partial):
        rank = 1 if index.name_of(base.args[0]) in (model.objective, "J") else 3.5
    elif index.is_entry(base):
        rank = _RANKS.get(index.name_of(base), 5)
    else:
        rank = 6.5 if isinstance(base, Add) else 5.5 if getattr(base, "order", 1) == 0 else 7
    return rank, len(str(factor)), str(factor)


def _term_key(term: Expr) -> tuple[bool, bool, bool, int, str]:
    """Sums first, the one over the samples before all, then the shorter term, a negative one last."""
    is_negative = bool(term.could_extract_minus_sign() and not term.has(Sum))
    over_samples = any(limit[2] == index.SAMPLES for total in term.atoms(Sum) for limit in total.limits)
    return is_negative, not over_samples, not term.has(Sum), len(str(term)), str(term)
