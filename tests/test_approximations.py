"""What is joined by ≈: changes to first order and difference quotients have an exact sense, all else is left open."""

import pytest
from judging import judged

_GIVEN = r"""
- $f : \mathbb{R} \to \mathbb{R}$
- $z^l_j = \sum_k w^l_{jk} a^{l-1}_k + b^l_j$
- $a^l_j = f(z^l_j)$
- $C = C(a^L)$
"""


def verdict(formula: str) -> str:
    """The verdict on a formula about a network."""
    return str(judged(f"{_GIVEN}\n$${formula}$$\n", timeout=5)[-1].verdict)


@pytest.mark.parametrize(
    "formula",
    [
        r"\Delta C \approx \frac{\partial C}{\partial w^l_{jk}} \Delta w^l_{jk}",
        r"\Delta a^{l+1}_q \approx \frac{\partial a^{l+1}_q}{\partial a^l_j} \frac{\partial a^l_j}{\partial w^l_{jk}}"
        r" \Delta w^l_{jk}",
        r"\Delta a^{l+1}_q \approx \sum_j f'(z_q^{l+1}) w_{qj}^{l+1} \Delta a^l_j",
        r"\Delta C \approx \sum_{j,k} \frac{\partial C}{\partial w^l_{jk}} \Delta w^l_{jk}"
        r" + \sum_j \frac{\partial C}{\partial b^l_j} \Delta b^l_j",
        r"\frac{\partial C}{\partial w_{j}} \approx \frac{C(w+\epsilon e_j)-C(w)}{\epsilon}",
        r"\frac{\partial C}{\partial w_{j}} \approx \frac{C(w)-C(w-\epsilon e_j)}{\epsilon}",
        r"\frac{\partial J}{\partial \theta} \approx \frac{J(\Theta + \varepsilon \mathbf{e}_\theta) - J(\Theta -"
        r" \varepsilon \mathbf{e}_\theta)}{2\varepsilon}",
        r"f'(x) \approx \frac{f(x+h) - f(x-h)}{2h}",
        r"f'(x) \approx \frac{f(x+2h) - f(x)}{2h}",
        r"\frac{\partial J}{\partial v} \approx \frac{J(u, v + h) - J(u, v)}{h}",
    ],
)
def test_what_is_right_to_first_order_is_proved(formula: str) -> None:
    assert verdict(formula) == "proved"


@pytest.mark.parametrize(
    "formula",
    [
        r"\Delta C \approx 2 \frac{\partial C}{\partial w^l_{jk}} \Delta w^l_{jk}",
        r"\Delta C \approx - \frac{\partial C}{\partial w^l_{jk}} \Delta w^l_{jk}",
        r"\Delta a^{l+1}_q \approx w_{qj}^{l+1} \Delta a^l_j",
        r"\Delta a^{l+1}_q \approx \frac{\partial a^{l+1}_q}{\partial a^l_j} \Delta w^l_{jk}",
        r"\Delta C \approx \sum_j \frac{\partial C}{\partial w^l_{jk}} \Delta w^l_{jk} + \sum_j \Delta b^l_j",
        r"\frac{\partial C}{\partial w_{j}} \approx \frac{C(w+\epsilon e_j)-C(w-\epsilon e_j)}{\epsilon}",
        r"\frac{\partial C}{\partial w_{j}} \approx \frac{C(w)-C(w+\epsilon e_j)}{\epsilon}",
        r"f'(x) \approx \frac{f(x+h) - f(x)}{2h}",
    ],
)
def test_what_is_wrong_to_first_order_is_refuted(formula: str) -> None:
    assert verdict(formula) == "refuted"


@pytest.mark.parametrize(
    "formula",
    [
        r"\Delta C \approx \frac{\partial C}{\partial w^l_{jk}}",
        r"\Delta C \approx \frac{\partial C}{\partial w^l_{jk}} (\Delta w^l_{jk})^2",
        r"\Delta C \approx \frac{\partial C}{\partial z^l_j} \Delta z^l_j"
        r" + \frac{\partial C}{\partial b_j^l} \Delta b_j^l",
        r"\Delta C \approx \sum_l \frac{\partial C}{\partial b^l_j} \Delta b^l_j",
        r"\Delta C \approx \frac{\partial C}{\partial b^l_j} \Delta b^l_j"
        r" + \sum_j \frac{\partial C}{\partial b^l_j} \Delta b^l_j",
        r"\Delta C \approx 0",
        r"\frac{\partial C}{\partial w_{j}} \approx \frac{C(w+\epsilon e_k)-C(w)}{\epsilon}",
        r"\frac{\partial C}{\partial j} \approx \frac{C(w+\epsilon e_j)-C(w)}{\epsilon}",
        r"\frac{\partial C}{\partial v_{j}} \approx \frac{C(w+\epsilon e_j)-C(w)}{\epsilon}",
        r"\frac{\partial C}{\partial w_{j}} \approx \frac{C(w+\epsilon e_j)+C(w-\epsilon e_j)}{2\epsilon}",
        r"\frac{\partial C}{\partial w_{j}} \approx \frac{D(w+\epsilon e_j)-C(w)}{\epsilon}",
        r"\frac{\partial C}{\partial w_{j}} \approx \frac{C(w+\epsilon e_j)-C(v)}{\epsilon}",
        r"\frac{\partial C}{\partial w_{j}} \approx \frac{C(w+\eta e_j)-C(w)}{\epsilon}",
        r"\frac{\partial C}{\partial w} \approx \frac{C(w + h) - C(w)}{h}",
        r"\frac{\partial J}{\partial u} \approx \frac{J(u, v + h) - J(u, v)}{h}",
        r"a^l_j \approx z^l_j",
        r"a^l_j \sim f(z^l_j)",
    ],
)
def test_all_else_is_left_open(formula: str) -> None:
    assert verdict(formula) == "undecided"
