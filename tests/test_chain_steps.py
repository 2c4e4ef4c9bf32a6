"""Products of derivatives as the chain rule means them, Jacobians in both layouts, slopes entry by entry."""

import pytest
from judging import judged

from symfnn.check.checker import check_document
from symfnn.documents.reader import read_text

COLUMNS = r"""
- $W^l \in \mathbb{R}^{n_l \times n_{l-1}}$, $b^l, z^l, \delta^l \in \mathbb{R}^{n_l}$ for $l = 2, \dots, L$
- $a^l \in \mathbb{R}^{n_l}$ for $l = 1, \dots, L$
- $y \in \mathbb{R}^{n_L}$
- $\sigma : \mathbb{R} \to \mathbb{R}$
- $z^l = W^l a^{l-1} + b^l$ for $l = 2, \dots, L$
- $a^l = \sigma(z^l)$ for $l = 2, \dots, L$
- $C = C(a^L, y) \in \mathbb{R}$
- $\delta^l = \frac{\partial C}{\partial z^l}$ for $l = 2, \dots, L$
"""

# a batch in rows, two layers, a known loss
ROWS = r"""
- $X \in \mathbb{R}^{n \times d}$, $W \in \mathbb{R}^{d \times h}$, $V \in \mathbb{R}^{h \times k}$
- $Z \in \mathbb{R}^{n \times h}$, $A \in \mathbb{R}^{n \times h}$
- $P \in \mathbb{R}^{n \times k}$, $y \in \mathbb{R}^{n \times k}$
- $f : \mathbb{R} \to \mathbb{R}$
- $Z = X W$
- $A = f(Z)$
- $P = A V$
- $J = \frac{1}{2} \sum_{i=1}^{n} \sum_{j=1}^{k} (y_{ij} - P_{ij})^2$
"""

SOFTMAX = r"""
- $x \in \mathbb{R}^{d}$, $W \in \mathbb{R}^{k \times d}$, $z, p, y \in \mathbb{R}^{k}$
- $z = W x$
- $p = \operatorname{softmax}(z)$
- $J = J(p, y) \in \mathbb{R}$
"""


def d(top, by):
    return rf"\frac{{\partial {top}}}{{\partial {by}}}"


def checked(preamble, *formulas):
    text = "# T\n" + preamble + "".join(f"\n$${formula}$$\n" for formula in formulas)
    return judged(text)[-len(formulas) :]


def verdict(preamble, formula):
    (statement,) = checked(preamble, formula)
    return str(statement.verdict), " ".join(statement.finding.assumptions)


@pytest.mark.parametrize(
    ("preamble", "formula"),
    [
        (COLUMNS, rf"{d('C', 'W^l')} = {d('C', 'z^l')} {d('z^l', 'W^l')}"),
        (COLUMNS, rf"{d('C', 'W^l')} = {d('z^l', 'W^l')} {d('C', 'z^l')}"),
        (COLUMNS, rf"{d('C', 'W^l')} = {d('C', 'a^l')} \cdot {d('a^l', 'z^l')} \cdot {d('z^l', 'W^l')}"),
        (COLUMNS, rf"{d('C', 'b^l')} = \delta^l {d('z^l', 'b^l')} = \delta^l"),
        (COLUMNS, rf"\delta^l = \delta^{{l+1}} {d('z^{l+1}', 'z^l')}"),
        (COLUMNS, rf"\delta^l = {d('C', 'z^{l+1}')} {d('z^{l+1}', 'a^l')} {d('a^l', 'z^l')}"),
        (COLUMNS, rf"\delta^l = (W^{{l+1}})^T \delta^{{l+1}} {d('a^l', 'z^l')}"),
        (COLUMNS, rf"\delta^L = {d('C', 'a^L')} {d('a^L', 'z^L')} = {d('C', 'a^L')} \odot \sigma'(z^L)"),
        (COLUMNS, rf"{d('C', 'W^l_{ij}')} = {d('C', 'z^l')} {d('z^l', 'W^l_{ij}')}"),
        (COLUMNS, rf"{d('z^{l+1}', 'W^l')} = {d('z^{l+1}', 'a^l')} {d('a^l', 'z^l')} {d('z^l', 'W^l')}"),
        (ROWS, rf"{d('J', 'W')} = -(y - P) {d('P', 'W')}"),
        (ROWS, rf"{d('J', 'W')} = {d('J', 'A')} {d('A', 'Z')} {d('Z', 'W')}"),
        (ROWS, rf"{d('P', 'W')} = {d('P', 'A')} {d('A', 'W')}"),
        (SOFTMAX, rf"{d('J', 'W')} = {d('J', 'p')} {d('p', 'z')} {d('z', 'W')}"),
    ],
)
def test_a_chain_is_accepted_with_words_that_say_how_it_is_read(preamble, formula):
    found, assumed = verdict(preamble, formula)
    assert found in ("proved", "tested")
    assert "chain rule" in assumed


@pytest.mark.parametrize(
    ("preamble", "formula"),
    [
        # wrong variable in a denominator or a numerator
        (COLUMNS, rf"{d('C', 'W^l')} = {d('C', 'a^l')} {d('z^l', 'W^l')}"),
        (COLUMNS, rf"{d('C', 'b^l')} = {d('C', 'z^l')} {d('a^l', 'b^l')}"),
        (COLUMNS, rf"{d('C', 'b^l')} = 2 {d('C', 'a^l')} {d('z^l', 'b^l')}"),
        (COLUMNS, rf"\delta^l = \delta^l {d('z^{l+1}', 'z^l')}"),
        (COLUMNS, rf"\delta^l = \delta^{{l+1}} {d('z^{l+1}', 'a^l')}"),
        # a factor is missing
        (COLUMNS, rf"\delta^l = {d('C', 'z^{l+1}')} {d('z^{l+1}', 'a^l')}"),
        (SOFTMAX, rf"{d('J', 'W')} = {d('J', 'p')} {d('z', 'W')}"),
        (ROWS, rf"{d('J', 'W')} = {d('J', 'A')} {d('Z', 'W')}"),
        (ROWS, rf"{d('P', 'W')} = {d('P', 'A')} {d('Z', 'W')}"),
        # wrong sign or factor
        (ROWS, rf"{d('J', 'W')} = (y - P) {d('P', 'W')}"),
        (COLUMNS, rf"\delta^l = -\delta^{{l+1}} {d('z^{l+1}', 'z^l')}"),
        (COLUMNS, rf"{d('C', 'W^l')} = 2 {d('C', 'z^l')} {d('z^l', 'W^l')}"),
        # what the chain is said to be is wrong
        (COLUMNS, rf"{d('C', 'a^L')} {d('a^L', 'z^L')} = {d('C', 'a^L')} \odot \sigma(z^L)"),
        (COLUMNS, rf"{d('C', 'z^l')} {d('z^l', 'W^l')} = \delta^L (a^{{L-1}})^T"),
        # a softmax has no slope entry by entry
        (SOFTMAX, rf"{d('J', 'z')} = {d('J', 'p')} \odot {d('p', 'z')}"),
        (SOFTMAX, rf"{d('p', 'z')} = p \odot (1 - p)"),
        # other slopes than those of the function
        (COLUMNS, rf"{d('a^l', 'z^l')} = a^l"),
    ],
)
def test_a_false_step_is_never_accepted(preamble, formula):
    assert verdict(preamble, formula)[0] in ("undecided", "refuted", "ill-shaped")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (rf"{d('C', 'b^l')} = -{d('C', 'z^l')} {d('z^l', 'b^l')}", "refuted"),
        (rf"{d('C', 'a^L')} {d('a^L', 'z^L')} = {d('C', 'a^L')} \odot \sigma(z^L)", "refuted"),
        (rf"\delta^{{l+1}} {d('z^{l+1}', 'z^l')} = \delta^l \odot \delta^l", "refuted"),
        (rf"{d('C', 'z^l')} {d('z^l', 'W^l')} = \delta^L (a^{{L-1}})^T", "ill-shaped"),
        # a row for a column is left open
        (rf"{d('C', 'z^l')} {d('z^l', 'b^l')} = (\delta^l)^T", "undecided"),
        # true with gradients as rows
        (rf"{d('C', 'a^{l-1}')} = {d('C', 'a^l')} {d('a^l', 'z^l')} W^l", "undecided"),
        (rf"{d('C', 'z^l')} {d('z^l', 'W^l')} = a^{{l-1}} (\delta^l)^T", "undecided"),
    ],
)
def test_a_chain_fails_where_the_derivative_that_it_works_out_fails(formula, expected):
    assert verdict(COLUMNS, formula)[0] == expected


def test_a_product_of_jacobians_needs_no_words():
    formula = rf"{d('z^{l+1}', 'z^l')} = {d('z^{l+1}', 'a^l')} {d('a^l', 'z^l')}"
    assert verdict(COLUMNS, formula) == ("proved", "")


@pytest.mark.parametrize(
    "formula",
    [
        rf"\delta^L = \nabla_a C \odot {d('a^L', 'z^L')}",
        rf"\delta^l = {d('a^l', 'z^l')} \odot ((W^{{l+1}})^T \delta^{{l+1}})",
        rf"{d('a^l', 'z^l')} = \sigma'(z^l)",
    ],
)
def test_beside_an_elementwise_sign_a_derivative_is_the_vector_of_slopes(formula):
    found, assumed = verdict(COLUMNS, formula)
    assert found == "proved"
    assert "entry by entry" in assumed


def test_a_batch_has_a_matrix_of_slopes():
    found, assumed = verdict(ROWS, rf"{d('J', 'Z')} = {d('J', 'A')} \odot {d('A', 'Z')}")
    assert found in ("proved", "tested")
    assert "entry by entry" in assumed


NUMERATOR = rf"{d('z^{l+1}', 'a^l')} = W^{{l+1}}"
DENOMINATOR = rf"{d('z^{l+1}', 'a^l')} = (W^{{l+1}})^T"


def test_the_numerators_entries_are_the_rows_of_a_jacobian():
    assert verdict(COLUMNS, NUMERATOR) == ("proved", "")


def test_a_transposed_jacobian_is_accepted_with_words():
    found, assumed = verdict(COLUMNS, DENOMINATOR)
    assert found == "proved"
    assert "denominator layout" in assumed


@pytest.mark.parametrize("order", [(NUMERATOR, DENOMINATOR), (DENOMINATOR, NUMERATOR)])
def test_a_document_arranges_jacobians_in_one_way(order):
    found = {s.latex: str(s.verdict) for s in checked(COLUMNS, *order)}
    assert found == {NUMERATOR: "proved", DENOMINATOR: "undecided"}


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        (r"(\frac{\partial f}{\partial x})_{ij} = \frac{\partial f_i}{\partial x_j}", ["proved", "undecided"]),
        (r"(\frac{\partial f}{\partial x})_{ij} = \frac{\partial f_j}{\partial x_i}", ["undecided", "proved"]),
    ],
)
def test_an_equation_of_entries_defines_the_layout(layout, expected):
    first, *others = checked(COLUMNS, layout, NUMERATOR, DENOMINATOR)
    assert str(first.verdict) == "definition"
    assert [str(other.verdict) for other in others] == expected
    assert not any(other.finding.assumptions for other in others)


def test_the_repair_of_a_chain_may_be_a_chain():
    text = rf"{COLUMNS}$${d('C', 'b^l')} = -{d('C', 'z^l')} {d('z^l', 'b^l')}$$"
    statement = check_document(read_text("t", text, "markdown")).statements[-1]
    assert str(statement.verdict) == "refuted"
    assert statement.finding.repair is not None
    assert "-" not in statement.finding.repair.latex


def test_square_matrices_do_not_hide_a_second_layout():
    square = r"""
- $W \in \mathbb{R}^{n \times n}$, $x, z, y \in \mathbb{R}^{n}$
- $z = W x$
- $J = \frac{1}{2} \|z - y\|^2$
"""
    both = checked(square, rf"{d('z', 'x')} = W", rf"{d('z', 'x')} = W^T")
    assert [str(one.verdict) for one in both] == ["proved", "undecided"]


ROW_SIGNAL = r"""
- $x \in \mathbb{R}^{d}$, $W \in \mathbb{R}^{k \times d}$, $z, y \in \mathbb{R}^{k}$
- $\delta \in \mathbb{R}^{1 \times k}$
- $z = W x$
- $J = \frac{1}{2} \|z - y\|^2$
- $\delta = \frac{\partial J}{\partial z}$
"""


@pytest.mark.parametrize(
    "formula",
    [
        r"\delta = (z - y)^T",
        rf"{d('J', 'x')} = \delta W",
        rf"{d('J', 'x')} = {d('J', 'z')} {d('z', 'x')} = \delta {d('z', 'x')}",
        rf"{d('J', 'W')} = \delta^T x^T",
        rf"{d('J', 'W')} = x \delta",
    ],
)
def test_an_error_signal_declared_as_a_row_means_numerator_layout(formula):
    assert verdict(ROW_SIGNAL, formula)[0] == "proved"
