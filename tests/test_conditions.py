"""Conditions in case distinctions, in indicators and in remarks beside a formula."""

import pytest
from judging import judged

from symfnn.check.checker import check_document
from symfnn.documents.reader import read_text

_GIVEN = r"""
- $z \in \mathbb{R}^n$, $a \in \mathbb{R}^n$, $t \in \mathbb{R}^n$
- $r(x) = \max(x, 0)$
- $a = r(z)$
- $J = \frac{1}{2} \|a - t\|^2$
"""
_ACCEPTED = ("proved", "tested")


def verdict(formula: str, given: str = _GIVEN) -> str:
    """The verdict on the last statement of a text."""
    return str(judged(f"{given}\n$${formula}$$\n")[-1].verdict)


@pytest.mark.parametrize(
    "formula",
    [
        r"r'(x) = \begin{cases} 1 & \text{if $x > 0$} \\ 0 & \text{if otherwise} \end{cases}",
        r"r'(x) = \begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{if } x \le 0 \end{cases}",
        r"r'(x) = \begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}",
        r"\frac{\partial J}{\partial z} = (a - t) \odot \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}",
        r"\frac{\partial J}{\partial z} = (a - t) \odot \mathbf{1}[z > 0]",
        r"\frac{\partial J}{\partial z} = (a - t) \odot (z \ge 0)",
        r"\frac{\partial a_i}{\partial z_k} = \mathbf{1}_{\{i = k\}} r'(z_i)",
        r"\frac{\partial a_i}{\partial z_k} = r'(z_i) \cdot (1\{i = k\} + 0)",
    ],
)
def test_a_condition_is_read(formula: str) -> None:
    assert verdict(formula) in _ACCEPTED


@pytest.mark.parametrize(
    "formula",
    [
        r"r'(x) = \begin{cases} 1 & \text{if $x < 0$} \\ 0 & \text{otherwise} \end{cases}",
        r"\frac{\partial J}{\partial z} = (a - t) \odot (z < 0)",
        r"\frac{\partial a_i}{\partial z_k} = r'(z_i) \quad \text{if $i \ne k$}",
    ],
)
def test_the_opposite_condition_is_refuted(formula: str) -> None:
    assert verdict(formula) == "refuted"


@pytest.mark.parametrize(
    "formula",
    [
        r"r'(x) = \begin{cases} 1 & x > 0 \\ 0 & x < -1 \end{cases}",
        r"r'(x) = \begin{cases} 1 & x > 0 \end{cases}",
        r"\frac{\partial a_i}{\partial z_k} = r'(z_i) \quad \text{if $z_i = 1$}",
        r"\frac{\partial a_i}{\partial z_k} = r'(z_i) \quad \text{whenever the moon is full}",
        r"\frac{\partial a_i}{\partial z_i} = 7 \quad \text{für $z_i < t_i$}",
    ],
)
def test_a_condition_that_is_not_understood_leaves_it_open(formula: str) -> None:
    assert verdict(formula) == "undecided"


@pytest.mark.parametrize(
    "remark",
    [
        r"\qquad (2.5)",
        r"\quad \text{(2.5)}",
        r"\quad \forall i",
        r"\quad \text{for all } i",
        r"\quad \text{by the chain rule}",
        r"\quad \text{根据定义}",
        r"\quad \text{because $a = r(z)$}",
    ],
)
def test_a_comment_is_no_condition(remark: str) -> None:
    assert verdict(rf"\frac{{\partial a_i}}{{\partial z_i}} = r'(z_i) {remark}") == "proved"
    assert verdict(rf"\frac{{\partial a_i}}{{\partial z_i}} = 2 r'(z_i) {remark}") == "refuted"


def test_a_range_in_words_is_a_range() -> None:
    given = r"""
- $z^l \in \mathbb{R}^{n_l}$ for $l = 1, \dots, L$
- $z^l = 2 z^{l-1}$ for $l = 3, \dots, L$
"""
    assert verdict(r"z^l = 2 z^{l-1} + 0 z^l \quad \text{for $l = 3, \dots, L$}", given) != "refuted"


def test_a_block_is_compared_with_nothing():
    document = "$$a = \\begin{bmatrix} 1 \\\\ x \\end{bmatrix}$$\n\n$$d = \\mathbf{1}[a > 0] e$$"
    found = check_document(read_text("note.md", document, "markdown")).statements[-1]
    assert found.finding.code == "unknown-condition"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"\begin{cases} 1 & \text{if } z_j > 0 \\ 0 & \text{otherwise} \end{cases}", "proved"),
        (r"\begin{cases} 1 & \text{if } z_j \ge 0 \\ 0 & \text{otherwise} \end{cases}", "proved"),
        (r"\mathbf{1}(z_j > 0)", "proved"),
        (r"1 - \mathbf{1}(z_j < 0)", "proved"),
        (r"\mathbf{1}(z_j < 0)", "refuted"),
        (r"\mathbf{1}(z_j > 0) + \mathbf{1}(z_j < 0)", "refuted"),
    ],
)
@pytest.mark.parametrize("condition", [r"z_j \ge 0", "z_j > 0"])
def test_a_slope_with_a_kink_is_what_it_is_beside_the_kink(condition: str, claim: str, expected: str) -> None:
    text = rf"""
$z \in \mathbb{{R}}^n$, $h \in \mathbb{{R}}^n$

$$h_j = \begin{{cases}} z_j & \text{{if }} {condition} \\ 0 & \text{{otherwise}} \end{{cases}}$$

$$\frac{{\partial h_j}}{{\partial z_j}} = {claim}$$
"""
    report = check_document(read_text("notes.md", text, "markdown"))
    assert str(report.statements[-1].verdict) == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"2 z \mathbf{1}(z \ge 1) + 2 \cdot \mathbf{1}(z < 1)", "proved"),
        (r"2 z \mathbf{1}(z \ge 1) + 2 \cdot \mathbf{1}(z < 1) + \mathbf{1}(z \ge 1) - \mathbf{1}(z > 1)", "undecided"),
    ],
)
def test_where_two_pieces_meet_smoothly_there_is_a_slope(claim: str, expected: str) -> None:
    text = rf"""
$z \in \mathbb{{R}}$

$$h = \begin{{cases}} z^2 & \text{{if }} z \ge 1 \\ 2 z - 1 & \text{{otherwise}} \end{{cases}}$$

$$\frac{{\partial h}}{{\partial z}} = {claim}$$
"""
    report = check_document(read_text("notes.md", text, "markdown"))
    assert str(report.statements[-1].verdict) == expected


def test_what_fails_at_the_limit_of_a_condition_alone_is_not_accepted() -> None:
    text = "$z \\in \\mathbb{R}$\n\n$$\\mathbf{1}(z > 0) = \\mathbf{1}(z \\ge 0)$$"
    (*_, found) = check_document(read_text("notes.md", text, "markdown")).statements
    assert (str(found.verdict), found.finding.code) == ("undecided", "not-covered")
