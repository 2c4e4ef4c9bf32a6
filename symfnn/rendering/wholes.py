"""Matrix form in the symbols of a notation: the matrices as it orients them."""

from sympy import Add, Expr, Mul

from symfnn.algebra import index
from symfnn.algebra.arrays import Array, Column, Hadamard, Matrix, Product, Scaled, Total, Transposed
from symfnn.model.definitions import Model
from symfnn.rendering.symbols import SymbolPrinter, Symbols

_HADAMARD = r"\odot"
# how tightly a form binds: sum, elementwise product, matrix product, name
_SUM, _ELEMENTWISE, _PRODUCT, _NAME = range(4)
_ROW = "i"


class _WholePrinter(SymbolPrinter):
    """Entries without their components, products elementwise."""

    def _is_shown(self, component: str) -> bool:
        return False

    def _times(self) -> str:
        return rf" {_HADAMARD} "


def turned(expression: Expr, symbols: Symbols) -> Expr:
    """The expression with the two components of each matrix exchanged, as the calculus of matrices has them."""

    def exchanged(entry: Expr) -> Expr:
        profile = symbols.scope.profile(index.name_of(entry))
        if profile is None or profile.rows is None or profile.columns is None:
            return entry
        *first, row, across = entry.indices
        return entry.base[(*first, across, row)]

    return expression.xreplace({entry: exchanged(entry) for entry in index.entries(expression)})


def has_whole(expression: Expr, symbols: Symbols, defined: set[str]) -> bool:
    """Whether columns and matrices of parameters are all that an expression holds, each with a name as a whole."""
    for entry in index.entries(expression):
        profile = symbols.scope.profile(index.name_of(entry))
        if profile is None or profile.letter not in symbols.wholes or profile.samples is not None:
            return False
        if profile.part is not None:
            return False
        is_matrix = profile.rows is not None and profile.columns is not None
        if (profile.rows is None and profile.columns is not None) or (is_matrix and profile.name in defined):
            return False
    return True


def whole(model: Model, symbols: Symbols, array: Array) -> str | None:
    """The formula of an array; None where it has a form that is not written here."""
    shown = _show(_WholePrinter(model, symbols), array)
    return None if shown is None else shown[0]


def _show(printer: _WholePrinter, array: Array) -> tuple[str, int] | None:
    match array:
        case Column(expression, _):
            return _column(printer, expression)
        case Matrix(entry, _, _):
            return printer.text(entry), _NAME
        case Transposed(inner):
            text = _at_least(printer, inner, _NAME)
            return None if text is None else (_raised(printer, inner, text), _NAME)
        case Product(left, right, _):
            return _joined(printer, (left, right), " ", _PRODUCT)
        case Hadamard(factors):
            return _joined(printer, factors, f" {_HADAMARD} ", _ELEMENTWISE)
        case Total(terms):
            return _total(printer, terms)
        case Scaled(scalar, inner) if isinstance(scalar, Expr) and not index.entries(scalar):
            text = _at_least(printer, inner, _PRODUCT)
            return None if text is None else (printer.front(scalar) + text, _PRODUCT)
    return None


def _column(printer: _WholePrinter, expression: Expr) -> tuple[str, int]:
    level = _SUM if isinstance(expression, Add) else _NAME
    if isinstance(expression, Mul) and sum(bool(index.entries(factor)) for factor in expression.args) > 1:
        level = _ELEMENTWISE
    return printer.text(expression), level


def _at_least(printer: _WholePrinter, array: Array, bound: int) -> str | None:
    shown = _show(printer, array)
    if shown is None:
        return None
    return shown[0] if shown[1] >= bound else rf"\left({shown[0]}\right)"


def _raised(printer: _WholePrinter, inner: Array, text: str) -> str:
    """A transpose, in brackets where something stands above already."""
    closed = text.startswith(r"\left(") or "^" not in text
    return (
        rf"{text}^{{{printer.symbols.transpose}}}"
        if closed
        else rf"\left({text}\right)^{{{printer.symbols.transpose}}}"
    )


def _joined(printer: _WholePrinter, parts: tuple[Array, ...], sign: str, level: int) -> tuple[str, int] | None:
    texts = [_at_least(printer, part, _NAME) for part in parts]
    return None if None in texts else (sign.join(text for text in texts if text is not None), level)


def _total(printer: _WholePrinter, terms: tuple[Array, ...]) -> tuple[str, int] | None:
    text = ""
    for term in terms:
        shown = _show(printer, term)
        if shown is None:
            return None
        printed = shown[0]
        text += printed if not text else (f" - {printed[1:].strip()}" if printed[0] == "-" else f" + {printed}")
    return text, _SUM
