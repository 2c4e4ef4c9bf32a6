"""Functions that a text writes without their variable, or mentions by their letter alone."""

import pytest

import symfnn

LOGISTIC = r"""
$$\sigma(z) = \frac{1}{1+e^{-z}}$$
"""
# z is an array of the text, and φ is mentioned by itself
NEURONS = r"""
$$z^l = W^l a^{l-1}, \qquad a^l = f^l(z^l)$$

$$o_j = \varphi(\text{net}_j)$$

where $\varphi$ is the logistic function

$$\varphi(z) = \frac{1}{1+e^{-z}}$$
"""

# no rule is given
OPEN = r"""
$$y = \sigma(w^T x)$$
"""


@pytest.mark.parametrize(
    ("document", "claim", "verdict"),
    [
        (LOGISTIC, r"\frac{d\sigma}{dz} = \sigma(1 - \sigma)", "proved"),
        (LOGISTIC, r"\frac{d\sigma}{dz} = \sigma(z)(1 - \sigma(z))", "proved"),
        (LOGISTIC, r"\frac{\partial \sigma}{\partial x} = \sigma(x) - \sigma(x)^2", "proved"),
        (LOGISTIC, r"\frac{d\sigma}{dz} = \sigma(1 + \sigma)", "refuted"),
        (LOGISTIC, r"\frac{d\sigma}{dz} = 1 - \sigma", "refuted"),
        (LOGISTIC, r"\frac{d\sigma}{dz} = \sigma(x)(1 - \sigma(x))", "undecided"),
        ("\n$$f(x) = x^2$$\n", r"\frac{df}{dx} = 2x", "proved"),
        ("\n$$f(x) = x^2$$\n", r"\frac{df}{dx} = 3x", "refuted"),
        (OPEN, r"\frac{d\sigma}{da} = \sigma(1 - \sigma)", "proved"),
        (OPEN, r"\frac{d\sigma}{da} = \sigma(1 - y)", "undecided"),
        (NEURONS, r"\frac{d\varphi}{dz} = \varphi(z)(1 - \varphi(z))", "proved"),
        (
            NEURONS,
            r"\frac{\partial o_j}{\partial \text{net}_j} = \varphi(\text{net}_j)(1 - \varphi(\text{net}_j))",
            "proved",
        ),
        (NEURONS, r"\frac{\partial o_j}{\partial \text{net}_j} = o_j (1 - o_j)", "proved"),
        (NEURONS, r"\frac{\partial o_j}{\partial \text{net}_j} = \varphi(\text{net}_j)", "refuted"),
    ],
)
def test_the_letter_of_a_function_is_the_function_of_its_variable(document: str, claim: str, verdict: str) -> None:
    assert symfnn.check(f"{document}\n$${claim}$$\n").statements[-1].verdict == verdict
