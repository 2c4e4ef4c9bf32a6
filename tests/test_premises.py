"""Conditions in a document: before a formula, in its prose, or beside it; what is under one defines nothing."""

import pytest

import symfnn
from symfnn.check.checker import Options, check_document
from symfnn.check.verdicts import Checked
from symfnn.documents.reader import read_text

SOFTMAX = r"""
- $z \in \mathbb{R}^K$, $y \in \mathbb{R}^K$
- $y_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$

"""
SAME = r"\frac{\partial y_i}{\partial z_j} = y_i (1 - y_i)"
OTHER = r"\frac{\partial y_i}{\partial z_j} = - y_i y_j"
ALWAYS = r"\frac{\partial y_i}{\partial z_j} = y_i (\delta_{ij} - y_j)"
NEVER = r"\frac{\partial y_i}{\partial z_j} = y_i y_j"


def statements(text: str) -> list[Checked]:
    """The statements of a Markdown text that are no declarations."""
    found = check_document(read_text("note.md", text, "markdown"), None, Options(timeout=5)).statements
    return [one for one in found if one.kind != "declaration"]


def verdicts(text: str) -> list[str]:
    """Their verdicts."""
    return [str(one.verdict) for one in statements(text)]


@pytest.mark.parametrize(
    "text",
    [
        "When $i = j$, we have\n\n$${same}$$\n\nand for $i \\neq j$\n\n$${other}$$",
        "$$i = j: \\quad {same}$$\n\n$$i \\neq j: \\quad {other}$$",
        "$$i = j \\Rightarrow {same}$$\n\n$$i \\neq j \\implies {other}$$",
        "$$\n\\begin{{aligned}}\n\\text{{Case 1: }} i &= j \\\\\n{same} \\\\\n"
        "\\text{{Case 2: }} i &\\neq j \\\\\n{other}\n"
        "\\end{{aligned}}\n$$",
        "$${same} \\quad (i = j)$$\n\n$${other} \\quad (\\text{{if }} i \\neq j)$$",
    ],
)
def test_the_cases_of_a_derivative_hold_each_under_its_condition(text: str) -> None:
    assert verdicts(SOFTMAX + text.format(same=SAME, other=OTHER))[-2:] == ["proved", "proved"]
    assert verdicts(SOFTMAX + text.format(same=OTHER, other=SAME))[-2:] == ["refuted", "refuted"]


def test_a_condition_holds_for_the_formula_that_its_sentence_leads_to() -> None:
    near = f"When $i \\neq j$, we have\n\n$${OTHER}$$\n\n"
    text = f"{near}Now let us see. In general\n\n$${OTHER}$$\n\n## Again\n\n$${OTHER}$$"
    assert verdicts(SOFTMAX + text)[-3:] == ["proved", "undecided", "refuted"]


def test_of_two_conditions_in_one_sentence_neither_is_taken() -> None:
    text = f"For $i = j$ as for $i \\neq j$ we have\n\n$${SAME}$$\n\n$${NEVER}$$"
    assert verdicts(SOFTMAX + text)[-2:] == ["undecided", "refuted"]


@pytest.mark.parametrize(
    "remark",
    [
        r"\text{for } i = 1 \cdots K",
        r"\text{for } i, j = 1, \dots, K",
        r"1 \le i \le K",
        r"i, j \in \{1, 2, \dots, K\}",
        r"\text{for $i \in [1, K]$}",
        r"\text{(by the quotient rule)}",
    ],
)
def test_a_range_that_is_all_and_a_comment_restrict_nothing(remark: str) -> None:
    text = rf"$${ALWAYS} \quad {remark}$$" + "\n\n" + rf"$${NEVER} \quad {remark}$$"
    assert verdicts(SOFTMAX + text)[-2:] == ["proved", "refuted"]


@pytest.mark.parametrize(
    "remark",
    [
        r"\text{for } i = 2, \dots, K",
        r"\text{since } \sum_k y_k = 1",
        r"\text{in the output layer}",
        r"\text{if } z_i > 0",
        r"\text{if the loss is convex}",
        r"(\text{where } y = \text{softmax}(z))",
    ],
)
def test_what_holds_without_a_condition_holds_and_nothing_is_refuted_under_one(remark: str) -> None:
    text = rf"$${ALWAYS} \quad {remark}$$" + "\n\n" + rf"$${NEVER} \quad {remark}$$"
    assert verdicts(SOFTMAX + text)[-2:] == ["proved", "undecided"]


@pytest.mark.parametrize(
    "text",
    [
        "$$h(x) = x \\quad \\text{if } x > 0$$",
        "$$h(x) = x, \\quad x > 0$$",
        "If $x > 0$, $h(x) = x$.",
        "The function is $h(x) = x$ if $x > 0$.",
        "$$h(x) = x \\quad \\text{if } y_1 = 1$$",
    ],
)
def test_what_holds_in_some_cases_only_defines_nothing(text: str) -> None:
    assert verdicts(f"{SOFTMAX}{text}\n\n$$h'(x) = 1$$")[-2:] == ["undecided", "undecided"]


def test_an_entry_under_a_condition_defines_no_matrix() -> None:
    text = (
        "$$J_{ij} = y_i (1 - y_i) \\quad \\text{if } i = j$$\n\n$$\\frac{\\partial J_{ij}}{\\partial y_i} = 1 - 2 y_i$$"
    )
    found = statements(SOFTMAX + text)
    assert str(found[-2].verdict) == "undecided"
    assert str(found[-1].verdict) not in ("proved", "tested", "refuted")


def test_an_equality_of_indices_is_no_definition() -> None:
    assert verdicts(SOFTMAX + "Let $i = j$.") == ["definition"]


def test_a_range_of_layers_from_a_letter_is_not_understood() -> None:
    for notation in ("nielsen", "ufldl", "none"):
        for claim in (r"Pa_i^{(l)} = f(z_i^{(l)})", r"a^{(l)} = 2 f(z^{(l)})", r"a_i^{(l)} = f(z_i^{(l)})"):
            text = f"<!-- symfnn: notation {notation} -->\n\n$${claim}, \\quad l = q, \\dots, L$$\n"
            assert str(symfnn.check(text).statements[0].verdict) in ("undecided", "definition")
