"""Objectives with a penalty, of which a text says no more than a name: C_0, J_{MLE}."""

import pytest

import symfnn

LAYERS = (
    r"$$J = J_{\text{MLE}} + \lambda \left( \sum_{i, j} (W_{i, j}^{(1)})^2 + \sum_{i, j} (W_{i, j}^{(2)})^2 \right)$$"
)
NETWORK = r"""
$$z = W x + b, \quad a = \sigma(z)$$

$$L = L_0 + \frac{\lambda}{2} \|W\|_F^2$$
"""
ALONE = r"$$\tilde{J}(w) = J(w) + \frac{\alpha}{2} w^\top w$$"


def verdict(document: str, claim: str) -> str:
    return str(symfnn.check(f"{document}\n\n$$\n{claim}\n$$\n", has_repairs=False).statements[-1].verdict)


@pytest.mark.parametrize(
    ("document", "claim"),
    [
        (
            LAYERS,
            r"\frac{\partial J}{\partial W^{(1)}} = \frac{\partial J_\text{MLE}}{\partial W^{(1)}} + 2\lambda W^{(1)}",
        ),
        (NETWORK, r"\frac{\partial L}{\partial W} = \frac{\partial L_0}{\partial W} + \lambda W"),
        (NETWORK, r"\frac{\partial L}{\partial b} = \frac{\partial L_0}{\partial b}"),
        (NETWORK, r"\frac{\partial L_0}{\partial b} = \frac{\partial L_0}{\partial z}"),
        (ALONE, r"\nabla_w \tilde{J}(w) = \nabla_w J(w) + \alpha w"),
    ],
)
def test_what_a_penalty_adds_is_proved(document: str, claim: str) -> None:
    assert verdict(document, claim) == "proved"


@pytest.mark.parametrize(
    ("document", "claim"),
    [
        (LAYERS, r"\frac{\partial J}{\partial W^{(1)}} = 2 \lambda W^{(1)}"),
        (
            LAYERS,
            r"\frac{\partial J}{\partial W^{(1)}} = \frac{\partial J_{\text{MLE}}}{\partial W^{(1)}} + \lambda W^{(1)}",
        ),
        (NETWORK, r"\frac{\partial L}{\partial W} = \frac{\partial L_0}{\partial W} + 2 \lambda W"),
        (NETWORK, r"\frac{\partial L}{\partial b} = \frac{\partial L_0}{\partial b} + \lambda b"),
        (ALONE, r"\nabla_w \tilde{J}(w) = \nabla_w J(w) - \alpha w"),
    ],
)
def test_nothing_false_is_accepted_and_nothing_refuted_by_a_supposition(document: str, claim: str) -> None:
    assert verdict(document, claim) == "undecided"
