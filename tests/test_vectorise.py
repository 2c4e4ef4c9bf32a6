"""Matrix forms of the derived formulas: the article's A14, A15, A16."""

import pytest
from sympy import Integer, Symbol

from symfnn.algebra import index
from symfnn.algebra.arrays import Column, Hadamard, Matrix, Product, Stacked, Transposed, lower
from symfnn.calculus import vectorise
from symfnn.calculus.rules import derive
from symfnn.model.feedforward import feedforward

MODEL = feedforward()
A, Z, W, B, DELTA = (MODEL.quantity(name) for name in ("a", "z", "w", "b", "delta"))
i, j, k = (index.index(name) for name in "ijk")
layer = index.LAYER
ONE = Integer(1)


def test_error_recursion_in_matrix_form():
    """A15: (W δ) ∘ f'(z)."""
    _, hidden = derive(MODEL, "z")
    product, slopes = vectorise.column(hidden.value, i).factors
    assert isinstance(product.left, Matrix)
    assert product.left.entry.base == W[2, 1, 1].base
    assert product.right.expression == DELTA[layer + 1, product.right.letter]
    assert slopes == Column(index.scalar_function("f", 1)(Z[layer, i]), i)


def test_gradient_of_the_linear_transform():
    """A16: [1; a] δᵀ."""
    (weights,), (biases,) = derive(MODEL, "w"), derive(MODEL, "b")
    block = vectorise.stacked(biases.value, weights.value, j, i)
    expected = Product(Stacked(ONE, Column(A[layer - 1, j], j)), Transposed(Column(DELTA[layer, i], i)), ONE)
    assert block == expected


def test_transposes_follow_from_the_indices():
    forward = index.summation(lambda n: W[layer, i, n] * A[layer - 1, n], 1, index.width(layer - 1))
    assert isinstance(vectorise.column(forward, i).left, Transposed)
    back = index.summation(lambda n: W[layer, n, j] * DELTA[layer, n], 1, index.width(layer))
    assert isinstance(vectorise.column(back, j).left, Matrix)


def test_softmax_in_a_hidden_layer():
    """The Jacobian diag(a) - a aᵀ appears as products of columns."""
    for derivation in derive(feedforward(activation="softmax", loss="cross-entropy"), "z"):
        assert vectorise.column(derivation.value, i) is not None


def test_a_wrong_matrix_form_is_noticed(monkeypatch):
    wrong = Hadamard((Column(A[layer, i], i), Column(A[layer, i], i)))
    monkeypatch.setattr(vectorise, "_column", lambda *_: wrong)
    with pytest.raises(vectorise.errors.CalculusError, match="the matrix form gives"):
        vectorise.column(A[layer, i], i)


def test_lowering_takes_the_top_row_of_a_block():
    block = Stacked(ONE, Column(A[layer, i], i))
    assert lower(block, Integer(0), ONE) == 1
    assert lower(block, k, ONE) == A[layer, k]
    assert lower(Transposed(Column(Symbol("c"), i)), ONE, k) == Symbol("c")
