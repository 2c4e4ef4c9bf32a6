"""Formulas as the article sets them."""

import pytest

from symfnn.algebra import index
from symfnn.calculus import vectorise
from symfnn.calculus.rules import derive, derive_batch
from symfnn.latex.entries import to_latex
from symfnn.latex.wholes import whole
from symfnn.model.feedforward import feedforward

i, j = index.index("i"), index.index("j")
GENERIC = feedforward()
SIGMOID = feedforward(activation="sigmoid", loss="cross-entropy", regularizer="l2")


def derived(model, name, place=-1):
    return derive(model, name)[place].value


def test_state_of_a_neuron():
    definition = GENERIC.definitions[1]
    expected = r"\sum_{j=1}^{s_{l-1}} w_{ij}^{(l)} a_{j}^{(l-1)} + b_{i}^{(l)}"
    assert to_latex(GENERIC, definition.value) == expected


def test_error_of_a_neuron():
    expected = r"\sum_{k=1}^{s_{l+1}} \delta_{k}^{(l+1)} w_{ki}^{(l+1)} f'\left(z_{i}^{(l)}\right)"
    assert to_latex(GENERIC, derived(GENERIC, "z")) == expected


@pytest.mark.parametrize(
    ("model", "place", "expected"),
    [
        (GENERIC, 0, r"\frac{\partial J}{\partial a^{(L)}} \circ f'\left(z^{(L)}\right)"),
        (GENERIC, 1, r"\left(W^{(l+1)} \delta^{(l+1)}\right) \circ f'\left(z^{(l)}\right)"),
        (SIGMOID, 0, r"a^{(L)} - y"),
        (SIGMOID, 1, r"\left(W^{(l+1)} \delta^{(l+1)}\right) \circ a^{(l)} \circ \left(1 - a^{(l)}\right)"),
    ],
)
def test_error_of_a_layer(model, place, expected):
    assert whole(model, vectorise.column(derived(model, "z", place), i)) == expected


def test_gradient_of_the_linear_transform():
    block = vectorise.stacked(derived(GENERIC, "b"), derived(GENERIC, "w"), j, i)
    assert whole(GENERIC, block) == r"\begin{bmatrix} 1 \\ a^{(l-1)} \end{bmatrix} \delta^{(l)\mathsf{T}}"


def test_gradient_over_all_samples():
    (weights,), (biases,) = derive_batch(SIGMOID, "w"), derive_batch(SIGMOID, "b")
    block = vectorise.stacked(biases.value, weights.value, j, i)
    expected = (
        r"\frac{1}{m} \sum_{i=1}^{m} \begin{bmatrix} 1 \\ a^{(l-1)(i)} \end{bmatrix} \delta^{(l)(i)\mathsf{T}}"
        r" + \frac{\lambda}{m} \begin{bmatrix} 0 \\ W^{(l)} \end{bmatrix}"
    )
    assert whole(SIGMOID, block) == expected


def test_bound_letters_never_meet_a_letter_around_them():
    n = index.fresh("j")
    inner = index.summation(lambda p: GENERIC.quantity("w")[2, n, p], 1, index.width(1), "j")
    double = index.bind(inner**2, [(n, 1, index.width(2))])
    shown = to_latex(GENERIC, double)
    assert r"\sum_{j=1}^{s_{2}}" in shown
    assert r"\sum_{k=1}^{s_{1}} w_{jk}^{(2)}" in shown


def test_numbered_layers_print_their_widths():
    model = feedforward((4, 3, 2))
    assert to_latex(model, model.definitions[1].value).startswith(r"\sum_{j=1}^{4} w_{ij}^{(2)} a_{j}^{(1)}")


def test_a_constant_in_front_of_a_sum_of_terms_stands_before_a_bracket():
    model = feedforward(activation="sigmoid", loss="cross-entropy", regularizer="elastic-net")
    (weights,) = derive_batch(model, "w")
    text = to_latex(model, weights.value)
    penalty = r"\frac{1}{2} w_{ij}^{(l)} + \frac{1}{2} \operatorname{sign}{\left(w_{ij}^{(l)} \right)}"
    assert text.endswith(rf"\frac{{\lambda}}{{m}} \left({penalty}\right)")
