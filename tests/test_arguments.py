r"""Chains that say what a function's argument is: ``a = \sigma(z) = \sigma(W x + b)``."""

import pytest

import symfnn

LAYERS = r"""
$$a^l = \sigma(z^l) = \sigma(W^l a^{l-1} + b^l)$$

$$J = \frac12 \|a^L - y\|^2$$

$$\delta^l = \frac{\partial J}{\partial z^l}$$
"""
NEURONS = r"""
$$o_j = \varphi(\text{net}_j) = \varphi\left(\sum_{k=1}^n w_{kj} x_k\right)$$
"""
STATED = r"""
$$z = W x + b$$
"""


def verdicts(document: str, claim: str) -> list[str]:
    statement = symfnn.check(f"{document}\n$${claim}$$\n", has_repairs=False).statements[-1]
    return [str(link.finding.verdict) for link in statement.links] or [str(statement.verdict)]


@pytest.mark.parametrize(
    ("document", "claim", "verdict"),
    [
        (LAYERS, r"\delta^l = (W^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)", "proved"),
        (LAYERS, r"\delta^l = -(W^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)", "refuted"),
        (LAYERS, r"\delta^l = W^{l+1} \delta^{l+1} \odot \sigma'(z^l)", "ill-shaped"),
        (NEURONS, r"\frac{\partial \text{net}_j}{\partial w_{ij}} = x_i", "proved"),
        (NEURONS, r"\frac{\partial \text{net}_j}{\partial w_{ij}} = w_{ij}", "refuted"),
    ],
)
def test_the_argument_is_defined_by_what_it_is_set_equal_to(document: str, claim: str, verdict: str) -> None:
    assert verdicts(document, claim) == [verdict]


def test_an_argument_that_is_defined_is_claimed() -> None:
    assert verdicts(STATED, r"u = \tanh(z) = \tanh(W x - b)") == ["definition", "refuted"]
    assert verdicts(STATED, r"u = \tanh(z) = \tanh(W x + b)") == ["definition", "proved"]


def test_an_argument_is_not_defined_by_itself() -> None:
    assert verdicts(r"- $v \in \mathbb{R}^n$", r"u = \tanh(v) = \tanh(2 v)") == ["definition", "refuted"]
