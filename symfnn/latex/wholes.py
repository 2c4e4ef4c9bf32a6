"""LaTeX of matrix form: whole layers, elementwise products, transposes, block columns."""

from sympy import Add, Expr, Mul, S, Symbol

from symfnn.algebra import arrays, index
from symfnn.algebra.arrays import (
    Array,
    Column,
    Hadamard,
    Matrix,
    Product,
    Samples,
    Scaled,
    Stacked,
    Total,
    Transposed,
)
from symfnn.latex.entries import EntryPrinter, depends
from symfnn.latex.letters import readable
from symfnn.model.definitions import Model

_WHOLE = {"w": "W", "delta": r"\delta"}
_TRANSPOSE = r"\mathsf{T}"
# how tightly a form binds: sum, elementwise product, matrix product, name
_SUM, _ELEMENTWISE, _PRODUCT, _NAME = range(4)


class _ColumnPrinter(EntryPrinter):
    """Entries without their component letter, products with the elementwise sign."""

    def __init__(self, model: Model, letter: Expr) -> None:
        super().__init__(model)
        self.letter = letter

    def _with_scripts(self, name: str, subscript: str, superscript: str) -> str:
        return super()._with_scripts(name, "" if subscript == str(self.letter) else subscript, superscript)

    def _times(self) -> str:
        return r" \circ "

    def _print_Pow(self, expression: Expr) -> str:
        if expression.exp.is_Integer and expression.exp > 0 and self.letter in expression.free_symbols:
            base = self._print(expression.base)
            return rf"\left({base}\right)^{{\circ {expression.exp}}}"
        return str(super()._print_Pow(expression))


def whole(model: Model, array: Array) -> str:
    r"""The formula of an array in matrix form.

    Args:
        model: whose names and widths are printed.
        array: as ``column``, ``matrix`` or ``stacked`` give it.

    Returns:
        LaTeX for math mode, in the article's notation: ``W^{(l)}``, ``\circ`` for elementwise products.

    Raises:
        ModelError: the array holds an entry of a quantity that the model does not have.
    """
    return _show(model, array)[0]


def _show(model: Model, array: Array) -> tuple[str, int]:  # noqa: C901 - one case for each form
    match array:
        case Column(expression, letter):
            return _column(model, expression, letter)
        case Matrix(entry, _, _):
            return _matrix(model, entry), _NAME
        case Transposed(inner):
            return _transposed(model, inner), _NAME
        case Product(left, right, _):
            return f"{_at_least(model, left, _PRODUCT)} {_at_least(model, right, _PRODUCT)}", _PRODUCT
        case Hadamard(factors):
            return r" \circ ".join(_at_least(model, factor, _NAME, _ELEMENTWISE) for factor in factors), _ELEMENTWISE
        case Total(terms):
            return _total(model, terms), _SUM
        case Scaled(scalar, inner):
            return _scaled(model, scalar, inner)
        case Stacked(top, bottom):
            return _stacked(model, top, bottom), _NAME
        case Samples(letter, count, inner):
            chosen = index.index("i")  # component letters are gone in matrix form
            body = _at_least(model, arrays.rename(inner, letter, chosen), _PRODUCT)
            sign = rf"\sum_{{{chosen}=1}}^{{{EntryPrinter(model).doprint(count)}}}"
            return f"{sign} {body}", _PRODUCT
    raise TypeError(array)


def _at_least(model: Model, array: Array, bound: int, also: int | None = None) -> str:
    text, level = _show(model, array)
    return text if level >= bound or level == also else rf"\left({text}\right)"


def _column(model: Model, expression: Expr, letter: Expr) -> tuple[str, int]:
    if expression == 1:
        return r"\mathbf{1}", _NAME
    named = index.index("i")
    shown = readable(expression.xreplace({letter: named}))
    text = _ColumnPrinter(model, named).doprint(shown)
    several = isinstance(shown, Mul) and sum(named in f.free_symbols for f in shown.args) > 1
    level = _SUM if isinstance(shown, Add) else _ELEMENTWISE if several else _NAME
    return text, level


def _matrix(model: Model, expression: Expr) -> str:
    """A matrix by its name, or a function of its entries, taken elementwise."""
    printer = EntryPrinter(model)
    (entry,) = index.entries(expression)
    name = index.name_of(entry)
    layer = f"^{{({printer.compact(entry.indices[0])})}}" if model.quantity(name).layered else ""
    named = Symbol(_WHOLE.get(name, name.upper()) + layer, real=True)
    return str(printer.doprint(expression.xreplace({entry: named})))


def _transposed(model: Model, inner: Array) -> str:
    text, level = _show(model, inner)
    is_name = (isinstance(inner, Matrix) and index.is_entry(inner.entry)) or (
        isinstance(inner, Column) and index.is_entry(inner.expression)
    )
    is_name = is_name or _is_block_name(inner)
    if is_name and text.endswith(")}"):
        return f"{text[:-1]}{_TRANSPOSE}}}"
    return rf"{text}^{{{_TRANSPOSE}}}" if level == _NAME and is_name else rf"\left({text}\right)^{{{_TRANSPOSE}}}"


def _total(model: Model, terms: tuple[Array, ...]) -> str:
    text = ""
    for term in sorted(terms, key=lambda term: isinstance(term, Column | Scaled)):
        printed = _show(model, term)[0]
        text += printed if not text else (f" - {printed[1:].strip()}" if printed[0] == "-" else f" + {printed}")
    return text


def _scaled(model: Model, scalar: Expr | Product, inner: Array) -> tuple[str, int]:
    body = _at_least(model, inner, _ELEMENTWISE)
    if isinstance(scalar, Product):
        return rf"\left({_show(model, scalar)[0]}\right) {body}", _PRODUCT
    if scalar == -1:
        return f"- {body}", _SUM
    front = EntryPrinter(model).front(scalar) if not depends(scalar) else EntryPrinter(model).doprint(scalar) + " "
    return front + body, _PRODUCT


def _is_block_name(array: Array) -> bool:
    """Whether a block is the network's own Θ = [bᵀ; W], or one column θ_i of it."""
    match array:
        case Stacked(Transposed(Column(top, _)), Matrix(bottom, _, _)):
            return index.name_of(top) == "b" and index.name_of(bottom) == "w"
        case Stacked(top, Column(bottom, _)) if isinstance(top, Symbol) or index.is_entry(top):
            return index.name_of(top) == "b" and index.is_entry(bottom) and index.name_of(bottom) == "w"
    return False


def _stacked(model: Model, top: Expr | Array, bottom: Array) -> str:
    printer = EntryPrinter(model)
    if _is_block_name(Stacked(top, bottom)):
        if not isinstance(top, Expr):
            return rf"\Theta^{{({printer.compact(_layer(bottom))})}}"
        return (
            rf"\theta_{{{top.indices[1]}}}^{{({printer.compact(top.indices[0])})}}"
            if index.is_entry(top)
            else r"\theta"
        )
    upper = printer.doprint(top) if isinstance(top, Expr) else _show(model, top)[0]
    return rf"\begin{{bmatrix}} {upper} \\ {_show(model, bottom)[0]} \end{{bmatrix}}"


def _layer(array: Array) -> Expr:
    match array:
        case Matrix(expression, _, _):
            return index.entries(expression)[0].indices[0]
        case Column(expression, _):
            return expression.indices[0]
    return S.Zero
