"""Losses of the entry that the number of the right class picks: L = -log p_y."""

import pytest
from judging import judged

from symfnn.check.checker import Options, check_document
from symfnn.documents.reader import read_text

_SHARES = r"""
- $s \in \mathbb{R}^n$, $p \in \mathbb{R}^n$
- $p_k = \frac{e^{s_k}}{\sum_j e^{s_j}}$
- $L = -\log p_y$
"""
_LAYER = r"""
- $W \in \mathbb{R}^{n \times d}$, $x \in \mathbb{R}^d$, $s \in \mathbb{R}^n$
- $s = W x + b$, and $y$ is the right class
- $L(s, y) = -\log\left(\frac{e^{s_y}}{\sum_j e^{s_j}}\right)$
- $p_k = \frac{e^{s_k}}{\sum_j e^{s_j}}$
"""
_DECLARED = r"""
- $W \in \mathbb{R}^{K \times D}$, $x \in \mathbb{R}^D$, $s \in \mathbb{R}^K$, $y \in \{1, \dots, K\}$
- $s = W x$
- $p_k = \frac{e^{s_k}}{\sum_j e^{s_j}}$
- $L = -\log p_y$
"""
_MARGIN = r"""
- $s \in \mathbb{R}^n$
- $L = \sum_{j \neq y} \max(0, s_j - s_y + 1)$
"""


def verdicts(text: str) -> list[str]:
    return [str(one.verdict) for one in judged(text)]


def verdict(formula: str, given: str) -> str:
    return verdicts(f"{given}\n\n$${formula}$$\n")[-1]


@pytest.mark.parametrize(
    ("given", "formula"),
    [
        (_SHARES, r"L = -s_y + \log \sum_j e^{s_j}"),
        (_SHARES, r"\frac{\partial L}{\partial s_k} = p_k - \mathbb{1}(y = k)"),
        (_SHARES, r"\frac{\partial L}{\partial s_k} = p_k - 1\{k = y\}"),
        (_SHARES, r"\frac{\partial L}{\partial s_y} = p_y - 1"),
        (_SHARES, r"\frac{\partial L}{\partial s_k} = p_k, \quad k \neq y"),
        (_SHARES, r"\frac{\partial L}{\partial s_k} = p_k - 1, \quad k = y"),
        (_SHARES, r"\frac{\partial L}{\partial p_k} = -\frac{1(k = y)}{p_k}"),
        (_SHARES, r"\sum_k \frac{\partial L}{\partial s_k} = 0"),
        (
            _SHARES,
            r"\frac{\partial L}{\partial s_k} = \frac{\partial L}{\partial p_y} \frac{\partial p_y}{\partial s_k}",
        ),
        (_SHARES.replace("_y", "_c"), r"\frac{\partial L}{\partial s_k} = p_k - \mathbb{1}(k = c)"),
        (_LAYER, r"\frac{\partial L}{\partial s_k} = \begin{cases} p_k - 1 & k = y \\ p_k & k \neq y \end{cases}"),
        (_LAYER, r"\frac{\partial L}{\partial W_{kj}} = (p_k - \mathbb{1}\{k = y\}) x_j"),
        (_LAYER, r"\frac{\partial L(s, y)}{\partial b_k} = p_k - \mathbb{1}_{k = y}"),
        (_LAYER, r"\frac{\partial L}{\partial x_j} = \sum_k W_{kj} p_k - W_{yj}"),
        (_DECLARED, r"\frac{\partial L}{\partial s_k} = p_k - \mathbf{1}(y = k)"),
        (_DECLARED, r"\frac{\partial L}{\partial W} = (p - e_y) x^T"),
        (_MARGIN, r"\frac{\partial L}{\partial s_j} = \mathbb{1}(s_j - s_y + 1 > 0), \quad j \neq y"),
        (_MARGIN, r"\frac{\partial L}{\partial s_y} = -\sum_{j \neq y} \mathbb{1}(s_j - s_y + 1 > 0)"),
    ],
)
def test_a_claim_about_a_loss_of_the_right_class_is_one_for_every_label(given: str, formula: str) -> None:
    assert verdict(formula, given) == "proved"


@pytest.mark.parametrize(
    ("given", "formula"),
    [
        (_SHARES, r"L = s_y + \log \sum_j e^{s_j}"),
        (_SHARES, r"\frac{\partial L}{\partial s_k} = p_k + \mathbb{1}(y = k)"),
        (_SHARES, r"\frac{\partial L}{\partial s_k} = \mathbb{1}(y = k) - p_k"),
        (_SHARES, r"\frac{\partial L}{\partial s_k} = p_y - \mathbb{1}(y = k)"),
        (_SHARES, r"\frac{\partial L}{\partial s_k} = p_k"),
        (_SHARES, r"\frac{\partial L}{\partial s_k} = p_k - 1"),
        (_SHARES, r"\frac{\partial L}{\partial s_k} = p_k - 1, \quad k \neq y"),
        (_SHARES, r"\frac{\partial L}{\partial s_k} = p_k, \quad k = y"),
        (_SHARES, r"\frac{\partial L}{\partial p_k} = -\frac{1}{p_k}"),
        (
            _SHARES,
            r"\frac{\partial L}{\partial s_k} = \frac{\partial L}{\partial p_k} \frac{\partial p_k}{\partial s_k}",
        ),
        (_LAYER, r"\frac{\partial L}{\partial s_k} = \begin{cases} p_k & k = y \\ p_k - 1 & k \neq y \end{cases}"),
        (_LAYER, r"\frac{\partial L}{\partial W_{kj}} = (p_k - \mathbb{1}\{j = y\}) x_j"),
        (_LAYER, r"\frac{\partial L}{\partial W_{kj}} = (p_k - \mathbb{1}\{k = y\}) x_k"),
        (_LAYER, r"\frac{\partial L}{\partial x_j} = \sum_k W_{kj} p_k + W_{yj}"),
        (_DECLARED, r"\frac{\partial L}{\partial s_k} = p_k + \mathbf{1}(y = k)"),
        (_DECLARED, r"\frac{\partial L}{\partial W} = (e_y - p) x^T"),
        (_MARGIN, r"\frac{\partial L}{\partial s_y} = \sum_{j \neq y} \mathbb{1}(s_j - s_y + 1 > 0)"),
    ],
)
def test_what_is_wrong_about_such_a_loss_is_not_accepted(given: str, formula: str) -> None:
    assert verdict(formula, given) in {"refuted", "undecided", "ill-shaped"}


@pytest.mark.parametrize(
    "other",
    [
        r"y \in \mathbb{R}^n",  # an array
        r"q_k = p_k - y",
        r"q_k = \sum_y p_y s_k",  # the letter of a sum
        r"q_y = p_y s_y, \quad y = 1, \dots, n",
        r"\nabla_y q = p",
    ],
)
def test_a_letter_that_is_something_else_in_the_text_is_no_label(other: str) -> None:
    text = f"{_SHARES}\n\n$${other}$$\n\n" + r"$$\frac{\partial L}{\partial s_k} = p_k - \mathbb{1}(y = k)$$"
    assert verdicts(text)[-1] == "undecided"


@pytest.mark.parametrize("loss", [r"L = -\log p_i", r"L = \frac{1}{2} (1 - s_y)^2", r"q = -\log p_y"])
def test_an_index_that_stands_on_the_right_alone_is_no_label_by_itself(loss: str) -> None:
    assert verdict(loss, _SHARES.partition("- $L")[0]) == "undecided"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\frac{\partial L}{\partial s} = p - e_y", "proved"),
        (r"\frac{\partial L}{\partial s} = p - \mathbf{1}_y", "proved"),
        (r"\frac{\partial L}{\partial x} = W^T (p - e_y)", "proved"),
        (r"\frac{\partial L}{\partial W} = (p - e_y) x^T", "proved"),
        (r"\frac{\partial L}{\partial s} = e_y - p", "refuted"),
        (r"\frac{\partial L}{\partial s} = p - e_k", "undecided"),
        (r"\frac{\partial L}{\partial s} = p - e^y", "undecided"),
    ],
)
def test_the_unit_vector_of_the_right_class(formula: str, expected: str) -> None:
    given = _LAYER.replace(r"L(s, y) = -\log\left(\frac{e^{s_y}}{\sum_j e^{s_j}}\right)", r"L = -\log p_y")
    assert verdict(formula, given) == expected


_EXAMPLE = r"""
- $W \in \mathbb{R}^{C \times D}$, $x_i \in \mathbb{R}^D$
- $f = W x_i$
- $p_k = \frac{e^{f_k}}{\sum_j e^{f_j}}$
- $L_i = -\log p_{y_i}$
"""
_ABOVE = _EXAMPLE.replace("x_i", "x^{(i)}").replace("L_i", "J^{(i)}").replace("y_i", "y^{(i)}")


@pytest.mark.parametrize(
    ("given", "formula", "expected"),
    [
        (_EXAMPLE, r"L_i = -f_{y_i} + \log\sum_j e^{f_j}", "proved"),
        (_EXAMPLE, r"L_i = f_{y_i} - \log\sum_j e^{f_j}", "undecided"),  # another definition as likely
        (_EXAMPLE, r"\frac{\partial L_i}{\partial f_k} = p_k - \mathbb{1}(y_i = k)", "proved"),
        (_EXAMPLE, r"\frac{\partial L_i}{\partial f_k} = p_k - \mathbb{1}(y_i \neq k)", "refuted"),
        (_EXAMPLE, r"\frac{\partial L_i}{\partial f_k} = p_k", "refuted"),
        (_EXAMPLE, r"\frac{\partial L_i}{\partial f_k} = p_k - 1, \quad k = y_i", "proved"),
        (_EXAMPLE, r"\frac{\partial L_i}{\partial f_k} = p_k - 1 \quad \text{for } k \neq y_i", "refuted"),
        (_EXAMPLE, r"\frac{\partial L_i}{\partial W} = (p - e_{y_i}) x_i^T", "proved"),
        (_EXAMPLE, r"\frac{\partial L_i}{\partial W} = (e_{y_i} - p) x_i^T", "refuted"),
        (_ABOVE, r"\frac{\partial J^{(i)}}{\partial f_k} = p_k - 1\{y^{(i)} = k\}", "proved"),
        (_ABOVE, r"\frac{\partial J^{(i)}}{\partial f_k} = p_k + 1\{y^{(i)} = k\}", "refuted"),
        # a class of another example, or of an example that nothing is said of
        (_EXAMPLE, r"\frac{\partial L_i}{\partial f_k} = p_k - \mathbb{1}(y_j = k)", "undecided"),
        (_EXAMPLE, r"\frac{\partial L_j}{\partial f_k} = p_k - \mathbb{1}(y_i = k)", "undecided"),
        (_EXAMPLE, r"\frac{\partial L}{\partial f_k} = p_k - \mathbb{1}(y_i = k)", "undecided"),
    ],
)
def test_the_class_of_an_example_is_one_letter(given: str, formula: str, expected: str) -> None:
    assert verdict(formula, given) == expected


@pytest.mark.parametrize(
    "total",
    [r"L = \frac{1}{N} \sum_{i=1}^N L_i", r"L = \frac{1}{N} \sum_i L_i", r"L = -\frac{1}{N} \sum_{i=1}^N \log p_{y_i}"],
)
def test_one_letter_does_not_stand_for_the_classes_of_many_examples(total: str) -> None:
    for slope in (r"\frac{\partial L}{\partial f_k}", r"N \frac{\partial L}{\partial f_k}"):
        claim = rf"{slope} = p_k - \mathbb{{1}}(y_i = k)"
        assert verdict(claim, f"{_EXAMPLE}\n\n$${total}$$\n") == "undecided"


def test_a_repair_spells_the_class_as_the_text_does() -> None:
    text = f"{_ABOVE}\n\n" + r"$$\frac{\partial J^{(i)}}{\partial f_k} = p_k + 1\{y^{(i)} = k\}$$"
    checked = check_document(read_text("notes", text, "markdown"), None, Options()).statements[-1]
    assert checked.finding.repair is not None
    assert r"y^{(i)} = k" in checked.finding.repair.latex
