"""What repeats a definition, and what says it in another form; proofs beside definitions that are circular."""

import pytest
from judging import judged

_LAYERS = r"""
- $W^l \in \mathbb{R}^{n_l \times n_{l-1}}$, $b^l, z^l, \delta^l \in \mathbb{R}^{n_l}$ for $l = 1, \dots, L$
- $a^l \in \mathbb{R}^{n_l}$ for $l = 0, \dots, L$
- $z^l = W^l a^{l-1} + b^l$ for $l = 1, \dots, L$
- $f : \mathbb{R} \to \mathbb{R}$, $a^l = f(z^l)$ for $l = 1, \dots, L$
- $C = \frac{1}{2} \|a^L - y\|^2$, $y \in \mathbb{R}^{n_L}$
- $\delta^l = \frac{\partial C}{\partial z^l}$ for $l = 1, \dots, L$
"""
_UNITS = r"""
- $E \in \mathbb{R}$, $o_k, t_k \in \mathbb{R}$ for $k = 1, \dots, K$
- $E = \frac{1}{2} \sum_k (o_k - t_k)^2$

Of any unit:

- $a_j, z_j \in \mathbb{R}$, $w_{ji} \in \mathbb{R}$ for $j = 1, \dots, M$ and $i = 1, \dots, M$
- $a_j = \sum_{i=1}^M w_{ji} z_i$
- $z_j = \tanh(a_j)$
"""


def verdict(formula: str, given: str) -> str:
    """Of the last statement of a text."""
    text = f"{given}\n\n$${formula}$$\n"
    return str(judged(text, "none")[-1].verdict)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"z^l = W^l a^{l-1} + b^l", "definition"),
        (r"\mathbf{z}^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}", "definition"),
        (r"z^l_j \equiv \sum_k w^l_{jk} a^{l-1}_k + b^l_j", "definition"),
        (r"z^l_j = \sum_k W^l_{jk} a^{l-1}_k + b^l_j", "proved"),
        (r"a^L = f(z^L)", "proved"),
        (r"p = a^L = f(z^L)", "definition"),
        (r"z^2 = W^2 a^1 + b^2", "proved"),
        (r"C = \frac{1}{2} \sum_j (a^L_j - y_j)^2", "proved"),
        (r"\delta^L_j = \frac{\partial C}{\partial z^L_j}", "proved"),
        (r"z^l_j = \sum_k W^l_{jk} a^{l-1}_k - b^l_j", "undecided"),
    ],
)
def test_what_is_defined_is_repeated_or_follows_in_another_form(formula: str, expected: str) -> None:
    assert verdict(formula, _LAYERS) == expected


def test_definitions_in_a_circle_do_not_stand_in_the_way_of_a_proof() -> None:
    assert verdict(r"\frac{\partial E}{\partial o_k} = o_k - t_k", _UNITS) == "proved"
