r"""Data sets, lists of parameters, ranges with two dots, samples that are declared by number."""

import pytest

import symfnn


def verdicts(text: str) -> list[str]:
    return [str(statement.verdict) for statement in symfnn.check(text, has_repairs=False).statements]


@pytest.mark.parametrize(
    "formula",
    [
        r"D = \{(x_1,y_1), (x_2,y_2), \dots, (x_m,y_m)\}",
        r"S = \{(x^{(i)}, y^{(i)})\}_{i=1}^m",
        r"\theta = \{W, b\}",
        r"\hat{y}_k = (\hat{y}_1^k, \dots, \hat{y}_n^k)",
        r"i = 1..m",
        r"i = 1 \ldots m",
    ],
)
def test_a_list_declares_and_claims_nothing(formula: str) -> None:
    assert verdicts(f"$$\n{formula}\n$$\n") == ["declaration"]


def test_a_product_with_dots_is_no_range() -> None:
    assert verdicts("$$\nJ = A \\cdots B\n$$\n") != ["declaration"]


def test_braces_around_one_formula_are_brackets() -> None:
    assert verdicts("$$\nz = 2 \\left\\{ x + b \\right\\}\n$$\n") == ["definition"]


def test_samples_declared_by_number_leave_the_components_of_the_formulas_alone() -> None:
    text = r"""
Given $x_i \in \mathbb{R}^d$ and $y_i \in \mathbb{R}^l$,

$$\alpha_h = \sum_{i=1}^{d} v_{ih} x_i$$

$$b_h = f(\alpha_h)$$

$$\frac{\partial \alpha_h}{\partial v_{ih}} = x_i$$

$$\frac{\partial \alpha_h}{\partial v_{ih}} = b_h$$
"""
    assert verdicts(text)[2:5] == ["definition", "definition", "proved"]
    assert verdicts(text)[5] not in ("proved", "tested")
