"""Quotients and products with a logarithm, arranged so that 0/0 and 0 log 0 take their limits.

A loss such as -y log(a) - (1 - y) log(1 - a) is finite at a = 0 where y = 0, and so is its derivative. Evaluated as
it stands it gives NaN; and where the calculus has merged the derivative's fractions, the place at which both vanish no
longer shows. Here each fraction gets back a denominator of its own.
"""

from sympy import (
    Add,
    Dummy,
    Expr,
    Function,
    Mul,
    Piecewise,
    Pow,
    S,
    Sum,
    apart,
    cancel,
    expand_mul,
    factor_terms,
    log,
    together,
)

from symfnn.algebra import index, normal
from symfnn.export.stable import Quotient, TimesLog


def with_limits(expression: Expr) -> Expr:
    """An equal expression in ``Quotient`` and ``TimesLog`` wherever a denominator or a logarithm may meet 0."""
    if isinstance(expression, Sum):
        return index.Sum(with_limits(expression.function), *expression.limits)
    if isinstance(expression, Piecewise):
        return Piecewise(*((with_limits(value), condition) for value, condition in expression.args))
    if isinstance(expression, Add | Mul | Pow | log):
        return Add(*(_product(part) for term in _terms(expression) for part in _separate(term)))
    if isinstance(expression, Function):
        return expression.func(*(with_limits(part) for part in expression.args))
    return expression


def shorter(expression: Expr) -> Expr:
    """The expression over one denominator with common factors cancelled, where that is shorter."""
    letters = {leaf: Dummy(str(leaf), real=True) for leaf in sorted(normal.leaves(expression), key=str)}
    back = {letter: leaf for leaf, letter in letters.items()}
    written = expression.xreplace(letters)
    forms = (written, together(written), factor_terms(cancel(written)))
    return min(forms, key=lambda form: form.count_ops()).xreplace(back)


def is_nowhere_zero(expression: Expr) -> bool:
    """Whether SymPy proves that the expression cannot be 0, the entries being any real numbers."""
    return bool(expression.is_positive or expression.is_negative)


def _vanishing(expression: Expr) -> list[Expr]:
    """The denominators outside sums that may be 0."""
    if isinstance(expression, Pow) and expression.exp.is_negative and not is_nowhere_zero(expression.base):
        return [expression.base]
    if isinstance(expression, Add | Mul):
        return [found for part in expression.args for found in _vanishing(part)]
    return []


def _terms(expression: Expr) -> list[Expr]:
    """The products that an expression is a sum of; only what holds such a denominator is opened."""
    if isinstance(expression, Add):
        return [term for part in expression.args for term in _terms(part)]
    if not isinstance(expression, Mul):
        return [expression]
    for factor in expression.args:
        if isinstance(factor, Add) and _vanishing(factor):
            rest = Mul(*(other for other in expression.args if other is not factor))
            return [term for part in factor.args for term in _terms(part * rest)]
    return [expression]


def _separate(term: Expr) -> list[Expr]:
    """Partial fractions in the entry that a denominator vanishes with, where a numerator may vanish there as well."""
    denominators = _vanishing(term)
    for base in denominators:
        for entry in index.entries(base):
            letters = {leaf: Dummy(str(leaf), real=True) for leaf in sorted(normal.leaves(term), key=str)}
            if entry not in letters or not _meets(term, base, entry, len(denominators)):
                continue
            back = {letter: leaf for leaf, letter in letters.items()}
            split = apart(term.xreplace(letters), letters[entry])
            parts = [part.xreplace(back) for part in Add.make_args(split)]
            return [opened for part in parts for opened in Add.make_args(_opened(part))]
    return [term]


def _meets(term: Expr, base: Expr, entry: Expr, count: int) -> bool:
    """Whether a sum among the numerator's factors holds the entry, so that it may vanish together with ``base``."""
    numerators = [f for f in Mul.make_args(term) if isinstance(f, Add) and f != base]
    return count > 1 or any(entry in factor.atoms(type(entry)) for factor in numerators)


def _opened(part: Expr) -> Expr:
    """A polynomial part as it is; the numerator of a fraction by its factors."""
    return part if _vanishing(part) else expand_mul(part, deep=False)


def _product(term: Expr) -> Expr:
    """One product, written with ``Quotient`` and ``TimesLog`` where it needs them."""
    below, logs, rest = [], [], []
    for factor in Mul.make_args(term):
        if _vanishing(factor):
            below.append(factor)
        elif isinstance(factor, log) and not is_nowhere_zero(factor.args[0]):
            logs.append(factor.func(with_limits(factor.args[0])))
        else:
            rest.append(_inside(factor))
    number, others = Mul(*rest).as_coeff_Mul()
    if below:
        return number * Quotient(others * Mul(*logs), Mul(*(1 / factor for factor in below)))
    if len(logs) == 1 and others != S.One:
        return number * TimesLog(others, logs[0].args[0])
    return number * others * Mul(*logs)


def _inside(factor: Expr) -> Expr:
    """The same, in the parts of a factor that is no product."""
    if isinstance(factor, Pow | log):
        return factor.func(*(with_limits(part) for part in factor.args))
    return with_limits(factor)
