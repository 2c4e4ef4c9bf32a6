"""The index language: binders never capture, and equal normal forms mean equal sums."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Add, Expr, Integer, KroneckerDelta, Piecewise, Sum, exp

from symfnn import errors
from symfnn.algebra import index, normal

i, j, k, layer = (index.index(name) for name in "ijkl")
W = index.Quantity(
    "w",
    (layer, i, j),
    ((Integer(2), index.DEPTH), (Integer(1), index.width(layer)), (Integer(1), index.width(layer - 1))),
    layered=True,
)
X = index.Quantity("x", (i,), ((Integer(1), index.width(1)),))
Y = index.Quantity("y", (i,), ((Integer(1), index.width(1)),))


def total(build, name="k"):
    return index.summation(build, 1, index.width(1), name)


def number(expression: Expr, size: int = 3) -> Expr:
    """The value with s_1 = size, x_k = k + 1 and y_k = k**2 + 2: SymPy's own summation, no normal form."""
    written = expression.xreplace({index.width(1): Integer(size)}).doit()
    values = {X[n]: Integer(n + 1) for n in range(1, size + 1)}
    values |= {Y[n]: Integer(n * n + 2) for n in range(1, size + 1)}
    return written.xreplace(values)


def test_ranges_follow_the_layer():
    assert W.ranges_at((layer + 1, k, i))[2] == (1, index.width(layer))


def test_substitution_does_not_capture():
    product = total(lambda n: X[n] * Y[j])
    bound = product.atoms(Sum).pop().variables[0]
    renamed = index.substitute(product, {j: bound})
    assert bound in renamed.free_symbols
    assert renamed == Y[bound] * renamed.coeff(Y[bound])


def test_opening_a_square_keeps_the_two_sums_apart():
    square = total(lambda n: X[n]) ** 2
    assert number(normal.normal_form(square)) == number(square) == 81


def test_normal_form_ignores_the_order_and_letters_of_sums():
    left = total(lambda n: total(lambda p: X[n] * Y[p] * exp(X[p])))
    right = total(lambda p: total(lambda n: exp(X[n]) * Y[n] * X[p]))
    assert normal.equal(left, right)
    assert not normal.equal(left, total(lambda n: total(lambda p: X[n] * Y[p] * exp(X[n]))))


def test_rational_functions_of_entries_are_compared_exactly():
    a, y = X[i], Y[i]
    slope = (-y / a + (1 - y) / (1 - a)) * a * (1 - a)
    assert normal.equal(slope, a - y)
    assert not normal.equal(slope, y - a)


def test_delta_is_used_up_only_inside_the_range():
    n = index.fresh()
    inside = {j: (Integer(1), index.width(1))}
    limits = [(n, Integer(1), index.width(1))]
    assert normal.collapse(KroneckerDelta(n, j) * X[n], limits, inside) == X[j]
    with pytest.raises(errors.RangeError, match="not known to lie"):
        normal.collapse(KroneckerDelta(n, j) * X[n], limits, {j: (Integer(1), index.width(2))})


def test_sum_over_a_constant_counts_its_terms():
    assert index.summation(lambda _: X[i], 1, index.width(2)) == index.width(2) * X[i]


FACTORS = st.sampled_from(["x", "y", "sum x", "sum y", "sum xy", "2"])


def build(word: str) -> Expr:
    return {
        "x": X[1],
        "y": Y[2],
        "sum x": total(lambda n: X[n]),
        "sum y": total(lambda n: Y[n]),
        "sum xy": total(lambda n: X[n] * Y[n]),
        "2": Integer(2),
    }[word]


@settings(deadline=None)
@given(st.lists(st.lists(FACTORS, min_size=1, max_size=3), min_size=1, max_size=3))
def test_normal_form_keeps_the_value(products):
    expression = Add(*(Integer(1) * _product(words) for words in products))
    assert number(normal.normal_form(expression)) == number(expression)
    assert normal.is_zero(expression - normal.normal_form(expression))


def _product(words: list[str]) -> Expr:
    result: Expr = Integer(1)
    for word in words:
        result = result * build(word)
    return result


def test_sums_inside_functions_keep_their_letters():
    """Σ_n f(Σ_k w_kn) is not Σ_n f(Σ_k w_nk)."""
    f = index.scalar_function("f")
    inner_first = total(lambda n: f(total(lambda k: W[2, k, n])))
    inner_last = total(lambda n: f(total(lambda k: W[2, n, k])))
    assert not normal.equal(inner_first, inner_last)
    assert normal.equal(inner_first, index.refresh(inner_first))


def test_cases_stay_inside_the_sum_that_binds_their_letters():
    def within(p):
        return total(lambda n: Piecewise((X[n] * Y[p], X[n] > 0), (Integer(0), True)))

    product = total(lambda p: Y[p] * exp(within(p)))
    assert not any(symbol.is_Dummy for symbol in product.free_symbols)
