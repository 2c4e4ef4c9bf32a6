r"""Shapes in other spellings, and rows and columns of a matrix: ``W : (n, m)`` and ``W_{j\cdot}``."""

import pytest
from judging import judged

from symfnn.check.checker import check_document
from symfnn.documents.reader import read_text

_PLAIN = r"""
- $X \in \mathbb{R}^{N \times n}$, $W \in \mathbb{R}^{n \times m}$, $b \in \mathbb{R}^{1 \times m}$
- $Z = X W + b$
- $J = J(Z) \in \mathbb{R}$
- $D = \frac{\partial J}{\partial Z}$
"""


def verdicts(given: str, *formulas: str) -> list[str]:
    """The verdicts on the last statements of a text."""
    text = given + "".join(f"\n$${formula}$$\n" for formula in formulas)
    statements = judged(text)
    return [str(one.verdict) for one in statements[-len(formulas) :]]


@pytest.mark.parametrize(
    "shape",
    [
        r"W \in \mathbb{R}^{(k, n)}",
        r"W \in \mathbb{R}^{k, n}",
        r"W \in R^{k \times n}",
        r"W \in \Re^{k \times n}",
        r"W : (k, n)",
        r"\dim W = k \times n",
        r"\text{shape}(W) = (k, n)",
        r"W.\text{shape} = (k, n)",
    ],
)
def test_a_shape_is_stated_in_many_spellings(shape: str) -> None:
    given = rf"""
- ${shape}$, $x \in R^n$
- $z = W x$
- $J = J(z) \in \mathbb{{R}}$

"""
    gradient = r"\frac{\partial J}{\partial W} = "
    right, wrong = r"\frac{\partial J}{\partial z} x^T", r"x \frac{\partial J}{\partial z}^T"
    assert verdicts(given, gradient + right, gradient + wrong) == ["proved", "ill-shaped"]


def test_rows_and_columns_of_a_matrix() -> None:
    gradient = r"\frac{\partial J}{\partial X_{qi}} = "
    assert (
        verdicts(
            _PLAIN,
            r"\frac{\partial J}{\partial X_{q\cdot}} = D_{q\cdot} W^T",
            gradient + r"D_{q\cdot} (W_{i\cdot})^T",
            gradient + r"D_{q\cdot} W_{i\cdot}^T",
            r"\frac{\partial J}{\partial W} = \sum_q X_{q\cdot}^T D_{q\cdot}",
            r"\frac{\partial J}{\partial W_{:,j}} = X^T D_{:,j}",
            r"\frac{\partial J}{\partial b} = \sum_{q=1}^{N} D_{q,:}",
        )
        == ["proved"] * 6
    )


def test_a_row_is_no_column() -> None:
    gradient = r"\frac{\partial J}{\partial X_{qi}} = "
    found = verdicts(
        _PLAIN,
        gradient + r"D_{q\cdot} W_{\cdot i}",
        gradient + r"D_{q\cdot} W_{i\cdot}",
        r"\frac{\partial J}{\partial W} = \sum_q D_{q\cdot}^T X_{q\cdot}",
        r"\frac{\partial J}{\partial W_{i\cdot}} = X^T D_{i\cdot}",
        r"\frac{\partial J}{\partial b} = \sum_{q=1}^{N} X_{q,:}",
    )
    assert found == ["ill-shaped", "undecided", "ill-shaped", "ill-shaped", "ill-shaped"]


_SAMPLES = r"""
- $X \in \mathbb{R}^{N \times D}$, $W \in \mathbb{R}^{D \times C}$, $b \in \mathbb{R}^{1 \times C}$
- $T \in \mathbb{R}^{N \times C}$
- $Z = X W + b$
- $J = \frac{1}{2N} \sum_{n=1}^{N} \|Z_n - T_n\|^2$
"""


def test_one_index_names_a_sample_where_it_is_stated_how_far_it_runs() -> None:
    total = r"\frac{1}{N} \sum_{n=1}^{N} "
    found = verdicts(
        _SAMPLES,
        r"\frac{\partial J}{\partial b} = \sum_{n=1}^{N} \left(\frac{\partial J}{\partial Z}\right)_n",
        rf"\frac{{\partial J}}{{\partial W}} = {total} X_n^T (Z_n - T_n)",
        rf"\frac{{\partial J}}{{\partial W}} = {total} X_n (Z_n - T_n)^T",
        r"\frac{\partial J}{\partial Z_n} = \frac{1}{N} (Z_n - T_n), \quad n = 1, \dots, N",
    )
    assert found == ["proved"] * 4


def test_a_sample_excuses_no_wrong_value() -> None:
    found = verdicts(
        _SAMPLES,
        r"\frac{\partial J}{\partial b} = \sum_{n=1}^{N} (Z_n - T_n)",
        r"\frac{\partial J}{\partial W} = \frac{1}{N} \sum_{n=1}^{N} (Z_n - T_n)^T X_n",
        r"\frac{\partial J}{\partial W} = \frac{1}{N} \sum_{k=1}^{C} X_k^T (Z_k - T_k)",
        r"\frac{\partial J}{\partial Z_n} = Z_n - T_n, \quad n = 1, \dots, N",
    )
    assert found == ["refuted", "undecided", "undecided", "refuted"]


_ROWS = r"""
- $W \in \mathbb{R}^{k \times n}$, $d \in \mathbb{R}^k$
- $w_{i,j} = W_{i,j}$
"""


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"W^\top d = \sum_{i=1}^{k} w_i d_i", {"proved"}),
        (r"W^\top d = \sum_{i=1}^{k} w_i", {"refuted"}),
        (r"W d = \sum_{i=1}^{k} w_i d_i", {"ill-shaped", "undecided"}),
        (r"W^\top d = -\sum_{i=1}^{k} w_i d_i", {"refuted"}),
    ],
)
def test_a_sum_of_rows_lies_as_what_it_is_compared_with(claim: str, expected: set[str]) -> None:
    assert verdicts(_ROWS, claim)[0] in expected


_SOFTMAX = r"""
- $x \in \mathbb{R}^n$
- $y_i = \frac{e^{x_i}}{\sum_{k=1}^n e^{x_k}}$
"""


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"\frac{\partial y_i}{\partial x_i} = y_i (1\{i = j\} - y_j)", "undecided"),
        (r"\frac{\partial y_i}{\partial x_j} = y_i (1 - y_i)", "undecided"),
        (r"\frac{\partial y_i}{\partial x_i} = y_i (1\{i = j\} + y_j)", "refuted"),
    ],
)
def test_an_indicator_of_an_index_on_one_side_alone_says_no_case(claim: str, expected: str) -> None:
    (found,) = check_document(read_text("notes", f"{_SOFTMAX}\n$${claim}$$\n", "markdown")).statements[-1:]
    assert str(found.verdict) == expected
