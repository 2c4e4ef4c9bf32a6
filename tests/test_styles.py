"""Letters that only their style tells apart: a number in plain type beside an array in bold."""

import pytest

import symfnn

DECLARED = r"""
- $\boldsymbol{x} \in \mathbb{R}^{p}$, $\boldsymbol{z} \in \mathbb{R}^{m}$
- $\boldsymbol{y} = \boldsymbol{y}(\boldsymbol{x}) \in \mathbb{R}^{n}$
- $z = z(\boldsymbol{y}) \in \mathbb{R}$
"""
CHAIN = r"""
- $\boldsymbol{w} \in \mathbb{R}^n$, $\boldsymbol{z} \in \mathbb{R}^n$
- $f : \mathbb{R} \to \mathbb{R}$, $w \in \mathbb{R}$
- $x = f(w) \in \mathbb{R}$, $y = f(x) \in \mathbb{R}$, $z = f(y) \in \mathbb{R}$
"""
GRADIENT = (
    r"\nabla_{\boldsymbol{x}} z = \left(\frac{\partial \boldsymbol{y}}{\partial \boldsymbol{x}}\right)^\top"
    r" \nabla_{\boldsymbol{y}} z"
)
RULE = r"\frac{\partial z}{\partial x_i} = \sum_j \frac{\partial z}{\partial y_j} \frac{\partial y_j}{\partial x_i}"


@pytest.mark.parametrize(
    ("declared", "claim", "expected"),
    [
        (DECLARED, GRADIENT, "proved"),
        (DECLARED, GRADIENT.replace(r"\nabla_{\boldsymbol{y}} z", r"2 \nabla_{\boldsymbol{y}} z"), "undecided"),
        (DECLARED, RULE, "proved"),
        (DECLARED, RULE.replace(r"\sum", r"2 \sum"), "refuted"),
        (CHAIN, r"\frac{\partial z}{\partial w} = f'(y) f'(x) f'(w) = f'(f(f(w))) f'(f(w)) f'(w)", "proved"),
        (CHAIN, r"\frac{\partial z}{\partial w} = f'(y) f'(x)", "refuted"),
        (CHAIN, r"\frac{\partial z}{\partial w} = f'(y) f'(x) f'(x)", "refuted"),
    ],
)
def test_a_number_and_an_array_of_one_letter_are_two_quantities(declared: str, claim: str, expected: str) -> None:
    assert str(symfnn.check(f"{declared}\n$${claim}$$\n").statements[-1].verdict) == expected


def test_a_letter_that_is_stated_in_one_style_is_the_same_in_the_other() -> None:
    text = r"""
$\mathbf{x} \in \mathbb{R}^n$, $\mathbf{w} \in \mathbb{R}^n$

$$z = \mathbf{w}^T \mathbf{x}$$

$$\frac{\partial z}{\partial w_i} = x_i$$

$$\frac{\partial z}{\partial w} = x$$
"""
    assert [str(statement.verdict) for statement in symfnn.check(text).statements[-2:]] == ["proved"] * 2
