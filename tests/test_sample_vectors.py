r"""Data numbered below, ``x_i \in \mathbb{R}^d`` for i = 1, …, N: the letter numbers samples wherever it stands."""

import pytest

import symfnn

LOGISTIC = r"""
Inputs $x_i \in \mathbb{R}^d$ for $i = 1, \dots, N$.

$$z_i = w^T x_i + b, \qquad p_i = \frac{1}{1 + e^{-z_i}}$$

$$L = -\frac{1}{N} \sum_{i=1}^N \left[ y_i \ln p_i + (1 - y_i) \ln(1 - p_i) \right]$$
"""
# the letter numbers neurons
NEURONS = r"""
- $w_j \in \mathbb{R}^d$ for $j = 1, \dots, m$, $x \in \mathbb{R}^d$

$$z_j = w_j^T x, \qquad f = \sum_{j=1}^m v_j \tanh(z_j)$$
"""


@pytest.mark.parametrize(
    ("document", "claim", "verdict"),
    [
        (LOGISTIC, r"\frac{\partial L}{\partial z_i} = \frac{1}{N} (p_i - y_i)", "proved"),
        (LOGISTIC, r"\frac{\partial L}{\partial w} = \frac{1}{N} \sum_{i=1}^N (p_i - y_i) x_i", "proved"),
        (LOGISTIC, r"\frac{\partial L}{\partial z_i} = p_i - y_i", "refuted"),
        (LOGISTIC, r"\frac{\partial L}{\partial w} = \frac{1}{N} \sum_{i=1}^N (y_i - p_i) x_i", "refuted"),
        (NEURONS, r"\frac{\partial f}{\partial x} = \sum_{j=1}^m v_j (1 - \tanh(z_j)^2) w_j", "proved"),
        (NEURONS, r"\frac{\partial f}{\partial x} = \sum_{j=1}^m v_j \tanh(z_j) w_j", "refuted"),
    ],
)
def test_what_data_are_numbered_by_numbers_samples(document: str, claim: str, verdict: str) -> None:
    assert symfnn.check(f"{document}\n$${claim}$$\n").statements[-1].verdict == verdict


def test_a_sample_that_a_name_has_above() -> None:
    document = "<!-- symfnn: notation zhou -->\n\n$$w_{i,j}^{(\\ell)} = W_{i,j}^{(\\ell)}$$\n"
    for notation in ("zhou", "rows", "ng", "ufldl"):
        symfnn.check(document.replace("zhou", notation).replace("W_", r"\Wmatr_"))
