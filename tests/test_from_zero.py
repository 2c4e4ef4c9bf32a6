"""Texts that count entries from 0."""

import pytest

import symfnn

NEURONS = r"""
- $x \in \mathbb{R}^n$, $W \in \mathbb{R}^{m \times n}$, $y \in \mathbb{R}^m$

$$z_j = \sum_{k=0}^{n-1} W_{jk} x_k$$

$$C = \frac12 \sum_{j=0}^{m-1} (z_j - y_j)^2$$
"""


@pytest.mark.parametrize(
    ("document", "claim", "verdict"),
    [
        (NEURONS, r"\frac{\partial C}{\partial x_k} = \sum_{j=0}^{m-1} W_{jk} (z_j - y_j)", "proved"),
        (NEURONS, r"\frac{\partial C}{\partial x} = W^T (z - y)", "proved"),
        (NEURONS, r"\frac{\partial C}{\partial x_k} = \sum_{j=0}^{m-1} W_{kj} (z_j - y_j)", "ill-shaped"),
        (NEURONS, r"\frac{\partial C}{\partial x_k} = -\sum_{j=0}^{m-1} W_{jk} (z_j - y_j)", "refuted"),
        # 0 is no entry where the others are counted from 1
        (NEURONS, r"C = \frac12 \sum_{j=1}^{m-1} (z_j - y_j)^2", "undecided"),
        (NEURONS, r"C = \sum_{j=0}^{m-1} j (z_j - y_j)^2", "undecided"),
        (NEURONS.replace("m-1", "m").replace("j=0", "j=1"), r"C = \frac12 \sum_{j=0}^{m-1} (z_j - y_j)^2", "undecided"),
    ],
)
def test_a_sum_from_zero_is_over_all_entries(document: str, claim: str, verdict: str) -> None:
    assert symfnn.check(f"{document}\n$${claim}$$\n").statements[-1].verdict == verdict
