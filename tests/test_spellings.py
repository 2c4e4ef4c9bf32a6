r"""Constructs of real texts: ``p(y = k | x)``, ``softmax(z - \max z)``, sums without one index, plain names."""

import pytest
from judging import judged

from symfnn.check.checker import check_document
from symfnn.documents.reader import read_text

_SOFTMAX = r"""
- $z \in \mathbb{R}^{C}$, $t \in \mathbb{R}^{C}$, $c \in \mathbb{R}$
- $y_k = \frac{e^{z_k}}{\sum_{d=1}^{C} e^{z_d}}$ for $k = 1, \dots, C$
- $\sum_{k=1}^{C} t_k = 1$
- $\xi = -\sum_{k=1}^{C} t_k \log y_k$
- $p(y=k \mid x) = y_k$ for $k = 1, \dots, C$
- $P(y=1|x) = \frac{1}{1 + e^{-c}}$
- $\ell = \prod_{k=1}^{C} y_k^{t_k}$
"""


def verdicts(given: str, *formulas: str) -> list[str]:
    """The verdicts on the last statements of a text."""
    text = given + "".join(f"\n$${formula}$$\n" for formula in formulas)
    statements = judged(text)
    return [str(one.verdict) for one in statements[-len(formulas) :]]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"t_i + \sum_{j \neq i} t_j = 1", r"t_i - \sum_{j \neq i} t_j = 1"),
        (r"\sum_{j=1, j \ne i}^{C} t_j y_j = \sum_j t_j y_j - t_i y_i", r"\sum_{j \ne i}^{C} t_j y_j = \sum_j t_j y_j"),
        (
            r"\frac{\partial \xi}{\partial z_i} = -t_i (1 - y_i) + \sum_{\substack{j=1 \\ j \neq i}}^{C} t_j y_i",
            r"\frac{\partial \xi}{\partial z_i} = -t_i (1 - y_i) - \sum_{j: j \neq i} t_j y_i",
        ),
        (
            r"\frac{\partial \xi}{\partial z_k} = p(y=k|x) - t_k",
            r"\frac{\partial \xi}{\partial z_k} = t_k - p(y = k | x; W, b)",
        ),
        (r"-\xi = \sum_k t_k \log p(y=k|x)", r"-\xi = \sum_k t_k p(y|x)_k"),
        (
            r"\frac{d P(y=1|x)}{d c} = P(y=1|x) (1 - P(y=1|x))",
            r"\frac{d P(y=1|x)}{d c} = P(y=1|x)^2",
        ),
        (r"softmax(z + c) = softmax(z - \max_j z_j)", r"\text{softmax}(2 z + c) = softmax(z)"),
        (r"\text{softmax}(z - \max(z))_i = y_i", r"\text{softmax}(z)_i = \frac{\exp(z_i - c)}{\sum_j \exp(z_j)}"),
        (r"e^{t_i z_i} = exp(z_i)^{t_i}", r"y_i^{t_i} = y_i t_i"),
        (r"max(0, z_i) + min(0, z_i) = z_i", r"max(0, z_i) - min(0, z_i) = z_i"),
        (r"ReLU(z) - RELU(-z) = z", r"relu(z) + relu(-z) = z"),
    ],
)
def test_a_spelling_is_read_as_what_it_means(right: str, wrong: str) -> None:
    assert verdicts(_SOFTMAX, right, wrong) == ["proved", "refuted"]


def test_a_product_is_taken_to_have_positive_factors() -> None:
    text = _SOFTMAX + r"$$-\log \prod_{k=1}^{C} y_k^{t_k} = -\sum_{k=1}^{C} t_k \log y_k = \xi = -\log \ell$$"
    last = check_document(read_text("notes", text, "markdown")).statements[-1]
    assert str(last.verdict) == "proved"
    assert "the factors of the product are positive" in last.finding.assumptions
    wrong = r"\log \prod_{k=1}^{C} y_k^{t_k} = -\sum_{k=1}^{C} t_k \log y_k"
    assert verdicts(_SOFTMAX, wrong, r"\prod_{k=2}^{C} y_k = 1") == ["undecided"] * 2


def test_capitals_before_a_list_are_a_name() -> None:
    given = r"""
- $s \in \mathbb{R}^{k}$, $t \in \mathbb{R}^{k}$
- $a = \tanh(s)$
- $J = CE(a, t)$
"""
    right = r"\frac{\partial J}{\partial s} = \frac{\partial J}{\partial a} \odot (1 - a \odot a)"
    assert verdicts(given, right, right.replace("(1 - a", "(1 + a")) == ["proved", "refuted"]


def test_what_is_stated_in_two_shapes_is_not_ill_shaped() -> None:
    one = "- $x \\in \\mathbb{R}^{n}$, $h \\in \\mathbb{R}^{k}$\n- $W \\in \\mathbb{R}^{n \\times k}$\n"
    other = "\n## A layer of outputs\n\n- $W \\in \\mathbb{R}^{k \\times m}$\n"
    assert verdicts(one, r"W^\top h = 0") == ["ill-shaped"]
    assert verdicts(one + other, r"W^\top x = 0") == ["undecided"]


_RULES = r"""
- $z, b, t \in \mathbb{R}^{K}$, $W \in \mathbb{R}^{K \times n}$, $x \in \mathbb{R}^{n}$
- $\Sigma_K = \sum_{j=1}^{K} e^{z_j}$
- $\sigma(\mathbf{z})_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}$
- $u = W x + b$
- $\sum_i t_i = 1$
- $J = -\sum_i t_i \log \sigma(u)_i$
"""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\sigma(z)_i = \frac{e^{z_i}}{\Sigma_K}", r"\sigma(z)_i = \frac{e^{-z_i}}{\Sigma_K}"),
        (
            r"\frac{\partial \sigma(z)_i}{\partial z_j} = \sigma(z)_i (1_{i=j} - \sigma(z)_j)",
            r"\frac{\partial \sigma(z)_i}{\partial z_j} = \sigma(z)_i (1_{i=j} - \sigma(z)_i)",
        ),
        (
            r"\frac{\partial J}{\partial W} = (\sigma(W x + b) - t) x^\top",
            r"\frac{\partial J}{\partial W} = (\sigma(W x) - t) x^\top",
        ),
        (r"\sum_i \sigma(z)_i^2 = \sum_i \frac{e^{2 z_i}}{\Sigma_K^2}", r"\sum_i \sigma(z)_i^2 = 1"),
        (
            r"\text{if } i = j: \frac{\partial \Sigma_K}{\partial z_i} = e^{z_i}",
            r"\text{if } i = j: \frac{\partial \Sigma_K}{\partial z_i} = e^{-z_i}",
        ),
    ],
)
def test_a_function_of_a_vector_is_stated_by_its_entries(right: str, wrong: str) -> None:
    assert verdicts(_RULES, right, wrong) == ["proved", "refuted"]


def test_a_name_in_the_middle_of_a_chain_is_a_function_of_a_vector() -> None:
    given = "- $z \\in \\mathbb{R}^{K}$, $s \\in \\mathbb{R}^{K}$\n"
    chain = r"y_c = \varsigma(z)_c = \frac{e^{z_c}}{\sum_d e^{z_d}}"
    assert verdicts(given, chain, r"\varsigma(s)_c = \frac{e^{s_c}}{\sum_d e^{s_d}}") == ["definition", "proved"]


def test_a_letter_with_a_list_of_arguments_is_no_function_of_one_number() -> None:
    given = "- $x, w, c \\in \\mathbb{R}^{n}$, $V \\in \\mathbb{R}^{n \\times n}$, $b \\in \\mathbb{R}$\n"
    first = r"f(x; w, b) = x^\top w + b"
    second = r"f(x; V, c, w, b) = w^\top \max\{0, V^\top x + c\} + b"
    slope = r"\frac{\partial f(x; w, b)}{\partial x} = w"
    assert verdicts(given, first, second, slope) == ["definition", "definition", "proved"]


def test_ones_have_the_length_that_is_declared() -> None:
    given = "- $A \\in \\mathbb{R}^{m \\times n}$\n- $s = A \\mathbf{1}$\n"
    declared = "- $\\mathbf{1} \\in \\mathbb{R}^{n}$ with $\\mathbf{1}_j = 1$\n" + given
    row_sums, column_sums = r"2 s_i = \sum_j 2 A_{ij}", r"(\mathbf{1}^\top A)_j = \sum_i A_{ij}"
    assert verdicts(declared, row_sums, column_sums, r"\mathbf{1}_j = 1") == ["proved", "ill-shaped", "proved"]
    assert verdicts(given, row_sums, column_sums) == ["proved", "proved"]


def test_a_number_beside_a_vector_that_is_written_alike_is_not_refuted() -> None:
    given = r"""
- $x_i \in \mathbb{R}$, $w_i^{(1)} \in \mathbb{R}$ for $i = 1, \dots, D$
- $a^{(1)} \in \mathbb{R}$

## A layer

- $w_{ji}^{(1)} \in \mathbb{R}$, $a_j^{(1)} \in \mathbb{R}$ for $j = 1, \dots, M$ and $i = 1, \dots, D$
- $a_j^{(1)} = \sum_{i=1}^{D} w_{ji}^{(1)} x_i$
"""
    wrong = r"a_j^{(1)} - \sum_i w_{ji}^{(1)} x_i = 1"
    assert verdicts(given, wrong, r"a^{(1)} = \sum_i w_i^{(1)} x_i") == ["refuted", "undecided"]
