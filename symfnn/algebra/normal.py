"""Normal form: a sum of products with canonical bound letters; equal forms prove equality for all sizes.

Not here: derivatives, and anything that knows a model.
"""

from itertools import permutations, product

from sympy import Add, Dummy, Expr, KroneckerDelta, Mul, Pow, S, Sum, Symbol, cancel, expand

from symfnn import errors
from symfnn.algebra import index

_LETTERS = tuple(Symbol(f"_{number}", integer=True, positive=True) for number in range(12))
_MOST_PERMUTED = 5


def terms(expression: Expr) -> list[tuple[Expr, list[tuple[Expr, Expr, Expr]]]]:
    """The products that an expression is a sum of, each with the limits of the sums around it."""
    if isinstance(expression, Add):
        return [term for part in expression.args for term in terms(part)]
    if isinstance(expression, Sum):
        opened = index.refresh(expression)
        limits = [tuple(limit) for limit in opened.limits]
        return [(body, inner + limits) for body, inner in terms(expand(opened.function))]
    if isinstance(expression, Mul) and expression.has(Sum):
        return _product(list(expression.args))
    if isinstance(expression, Pow) and expression.has(Sum) and expression.exp.is_Integer and expression.exp > 0:
        return _product([expression.base] * int(expression.exp))
    return [(expression, [])]


def _product(factors: list[Expr]) -> list[tuple[Expr, list[tuple[Expr, Expr, Expr]]]]:
    result: list[tuple[Expr, list[tuple[Expr, Expr, Expr]]]] = [(S.One, [])]
    for factor in factors:
        result = [(body * other, limits + more) for body, limits in result for other, more in terms(factor)]
    return result


def _canonical(body: Expr, limits: list[tuple[Expr, Expr, Expr]]) -> Expr:
    """One product under its sums, the bound letters named by the least printing of the result."""
    number, body = body.as_coeff_Mul()
    # sums inside functions have their letters already; the same ones would be captured
    taken = body.atoms(Symbol)
    letters = [letter for letter in _LETTERS if letter not in taken]
    candidates = []
    orders = permutations(limits) if len(limits) <= _MOST_PERMUTED else [tuple(limits)]
    for order in orders:
        new = dict(zip((limit[0] for limit in order), letters, strict=False))
        shown = [tuple(part.xreplace(new) for part in limit) for limit in order]
        candidates.append(index.Sum(body.xreplace(new), *shown) if shown else body)
    return number * (min(candidates, key=str) if len(candidates) > 1 else candidates[0])


def _arguments(expression: Expr) -> Expr:
    """Normalise inside functions, derivatives and powers that are not opened."""
    if expression.is_Atom or index.is_entry(expression) or not expression.has(Sum):
        return expression
    if isinstance(expression, Add | Mul):
        return expression.func(*(_arguments(part) for part in expression.args))
    if isinstance(expression, Sum):
        return expression
    return expression.func(*(normal_form(part) if isinstance(part, Expr) else part for part in expression.args))


def normal_form(expression: Expr) -> Expr:
    """A sum of products under sums with canonical bound letters.

    Equal normal forms prove equality for all widths and depths; unequal ones prove nothing.
    """
    opened = expand(expression)
    return Add(*(_canonical(_arguments(body), limits) for body, limits in terms(opened)))


def is_zero(expression: Expr) -> bool:
    """Whether an expression is proved to vanish, by normal form or as a rational function of its entries."""
    form = normal_form(expression)
    if form == 0:
        return True
    letters = {leaf: Dummy(real=True) for leaf in leaves(form)}
    return bool(cancel(form.xreplace(letters)) == 0)


def equal(left: Expr, right: Expr) -> bool:
    """Whether two expressions are proved equal."""
    return left == right or is_zero(left - right)


def leaves(expression: Expr) -> set[Expr]:
    """The largest parts that are not sums, products or integer powers."""
    if isinstance(expression, Add | Mul) or (isinstance(expression, Pow) and expression.exp.is_Integer):
        return {leaf for part in expression.args for leaf in leaves(part)}
    return set() if expression.is_number else {expression}


def collapse(body: Expr, limits: list[tuple[Expr, Expr, Expr]], ranges: dict[Expr, index.Range]) -> Expr:
    """The sum of ``body``, with every Kronecker delta between a bound letter and a plain index used up.

    Args:
        body: the summand.
        limits: (letter, lower, upper), innermost first.
        ranges: where each free index is known to lie.

    Raises:
        RangeError: a delta's other index is not known to lie in the sum's range.
    """
    return Add(*(_collapse_term(term, limits, ranges) for term in _delta_terms(body)))


def _delta_terms(body: Expr) -> list[Expr]:
    """Terms in which every delta is a factor; sums without a delta stay as they are written."""
    if not body.has(KroneckerDelta):
        return [body]
    if isinstance(body, Add):
        return [term for part in body.args for term in _delta_terms(part)]
    if isinstance(body, Mul):
        opened = [_delta_terms(factor) if factor.has(KroneckerDelta) else [factor] for factor in body.args]
        return [Mul(*choice) for choice in product(*opened)]
    return list(Add.make_args(expand(body)))


def _collapse_term(term: Expr, limits: list[tuple[Expr, Expr, Expr]], ranges: dict[Expr, index.Range]) -> Expr:
    known = dict(ranges) | {letter: (lo, hi) for letter, lo, hi in limits}
    left = list(limits)
    for letter, _, _ in reversed(limits):
        found = _delta_with(term, letter)
        if found is None:
            continue
        other = found.args[1] if found.args[0] == letter else found.args[0]
        lo, hi = next((low, high) for bound, low, high in left if bound == letter)
        inner = next(((low, high) for bound, low, high in left if bound == other), known.get(other, (other, other)))
        if letter in inner[1].free_symbols:
            continue
        require_inside(other, inner, (lo, hi))
        new = {letter: other}
        term = index.substitute(term, new)
        left = [(bound, low.xreplace(new), high.xreplace(new)) for bound, low, high in left if bound != letter]
    return index.bind(term, left)


def _delta_with(term: Expr, letter: Expr) -> Expr | None:
    for factor in Mul.make_args(term):
        if isinstance(factor, KroneckerDelta) and letter in factor.args:
            return factor
    return None


def require_inside(letter: Expr, inner: index.Range, outer: index.Range) -> None:
    """Whether one index runs over values of another only.

    Raises:
        RangeError: that is not known.
    """
    covered = inner == outer or (index.at_most(outer[0], inner[0]) and index.at_most(inner[1], outer[1]))
    if not covered:
        raise errors.RangeError(
            f"the index {letter} runs over {inner[0]}…{inner[1]}, which is not known to lie in {outer[0]}…{outer[1]}"
        )
