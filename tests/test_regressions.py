"""Linear and logistic regression as texts write them: parameters below a name, gradients by an argument."""

import pytest

import symfnn

LOGISTIC = r"""
$$h_\theta(x) = g(\theta^T x)$$

$$g(z) = \frac{1}{1 + e^{-z}}$$

$$\ell(\theta) = y \log h_\theta(x) + (1 - y) \log(1 - h_\theta(x))$$
"""
LINEAR = r"""
With $X \in \mathbb{R}^{m \times n}$, $w \in \mathbb{R}^n$, $y \in \mathbb{R}^m$ and $\lambda \in \mathbb{R}$

$$J(w) = \frac{1}{2m} \|X w - y\|^2 + \frac{\lambda}{2m} \|w\|^2$$
"""
TWO_LISTS = r"""
$$\hat{y} = w^T x + b$$

$$J(w, b) = \frac{1}{2} (\hat{y} - y)^2 + \frac{\lambda}{2} \|w\|^2$$
"""


@pytest.mark.parametrize(
    ("document", "claim", "verdict"),
    [
        (LOGISTIC, r"\frac{\partial}{\partial \theta_j} h_\theta(x) = h_\theta(x) (1 - h_\theta(x)) x_j", "proved"),
        (LOGISTIC, r"\frac{\partial}{\partial \theta_j} h_\theta(x) = h_\theta(x) (1 + h_\theta(x)) x_j", "refuted"),
        (LOGISTIC, r"\frac{\partial \ell(\theta)}{\partial \theta_j} = (y - h_\theta(x)) x_j", "proved"),
        (LOGISTIC, r"\frac{\partial \ell(\theta)}{\partial \theta_j} = (h_\theta(x) - y) x_j", "refuted"),
        (LINEAR, r"\nabla J(w) = \frac{1}{m} X^T (X w - y) + \frac{\lambda}{m} w", "proved"),
        (LINEAR, r"\nabla J(w) = \frac{1}{m} (X^T X w - X^T y + \lambda w)", "proved"),
        (LINEAR, r"-\nabla J(w) = \frac{1}{m} X^T (y - X w) - \frac{\lambda}{m} w", "proved"),
        (LINEAR, r"\nabla J(w) = \frac{1}{m} X^T (y - X w) + \frac{\lambda}{m} w", "refuted"),
        (LINEAR, r"\nabla J(w) = \frac{1}{m} X (X w - y) + \frac{\lambda}{m} w", "ill-shaped"),
        (LINEAR, r"\nabla J(w_0) = \frac{1}{m} X^T (X w_0 - y)", "undecided"),
        (TWO_LISTS, r"\frac{\partial J}{\partial w_j} = (\hat{y} - y) x_j + \lambda w_j", "proved"),
        (TWO_LISTS, r"\frac{\partial J}{\partial b} = \hat{y} - y", "proved"),
        (TWO_LISTS, r"\frac{\partial J}{\partial w_j} = (\hat{y} - y) x_j + 2 \lambda w_j", "refuted"),
    ],
)
def test_gradients_of_regressions(document, claim, verdict):
    later = "" if document is not TWO_LISTS else "\n## Anew\n\n$$J(w) := \\frac{1}{2} (w^T x - y)^2$$\n"
    found = symfnn.check(f"{document}\n$$\n{claim}\n$$\n{later}").statements
    assert found[-2 if later else -1].verdict == verdict
