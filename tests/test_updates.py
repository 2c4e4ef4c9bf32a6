"""Updates of parameters: a step of an algorithm is no equation, but what it is worked out to be is claimed."""

import pytest
from judging import judged

from symfnn.check.checker import Options, check_document
from symfnn.documents.reader import read_text

_GIVEN = r"""
- $x \in \mathbb{R}^n$
- $W \in \mathbb{R}^{m \times n}$, $b \in \mathbb{R}^m$, $y \in \mathbb{R}^m$, $\eta \in \mathbb{R}$
- $z = W x + b$
- $E = \frac12 \|z - y\|^2$
"""


def verdict(formula: str) -> str:
    """The verdict on a formula about one layer."""
    return last(_GIVEN, formula)


def last(given: str, formula: str) -> str:
    """The verdict on a formula behind others."""
    return str(judged(f"{given}\n$${formula}$$\n", timeout=5)[-1].verdict)


@pytest.mark.parametrize(
    "formula",
    [
        r"W \leftarrow W - \eta \frac{\partial E}{\partial W}",
        r"W = W - \eta \frac{\partial E}{\partial W} = W - \eta (z - y) x^T",
        r"W_{t+1} = W_t - \eta \frac{\partial E}{\partial W}",
        r"W^{(k+1)} = W^{(k)} - \eta (z - y) x^T",
    ],
)
def test_an_update_is_an_assignment(formula: str) -> None:
    assert verdict(formula) == "assignment"


def test_what_an_update_is_worked_out_to_be_is_claimed() -> None:
    assert verdict(r"W := W - \eta \frac{\partial E}{\partial W} = W - \eta x (z - y)^T") in ("ill-shaped", "refuted")


_LAYERS = r"""
- $W^l \in \mathbb{R}^{s_l \times s_{l-1}}$, $b^l \in \mathbb{R}^{s_l}$ for $l = 1, \dots, N$
- $z^l = W^l a^{l-1} + b^l$ for $l = 1, \dots, N$
- $a^l = \tanh(z^l)$ for $l = 1, \dots, N$
- $C = \frac12 \|a^N - y\|^2$
- $\delta^l = \frac{\partial C}{\partial z^l}$
"""


@pytest.mark.parametrize(
    "formula",
    [
        r"W^l \leftarrow W^l - \eta \delta^l a^{l-1}",
        r"W^l(t+1) = W^l(t) - \eta \delta^l a^{l-1}",
        r"W^l := W^l - \eta a^{l-1} (\delta^l)^T",
        r"W^l = W^l - \frac{\alpha}{m} \delta^l a^{l-1}",
        r"b^l = b^l - \eta \delta^{l+1}",
    ],
)
def test_what_is_added_to_a_quantity_has_its_shape(formula: str) -> None:
    assert last(_LAYERS, formula) == "ill-shaped"


@pytest.mark.parametrize(
    "formula",
    [
        r"W^l \leftarrow W^l - \eta \delta^l (a^{l-1})^T",
        r"W^l = W^l - \frac{\alpha}{m} \frac{\partial C}{\partial W^l}",
        r"W^l = W^l - \alpha \nabla_W C",  # the layer is left out
        r"W^l = W^l - \alpha \frac{\partial C}{\partial W}",
        r"W^l = W^l - \alpha v",  # a velocity
        r"W^l = W^l + \alpha e q^T",  # an error
        r"w^l_{jk} = w^l_{jk} - \alpha \delta^l_j a^{l-1}_k",
    ],
)
def test_what_may_fit_is_an_assignment(formula: str) -> None:
    assert last(_LAYERS, formula) == "assignment"


def test_a_state_that_follows_from_the_one_before_is_no_update() -> None:
    text = "$$a^{l+1} = a^l + \\tanh(W^{l+1} a^l)$$"
    found = check_document(read_text("note.md", text, "markdown"), None, Options(timeout=5)).statements
    assert str(found[0].verdict) != "assignment"
