"""Updates of parameters: a step of an algorithm is no equation, but what it is worked out to be is claimed."""

import pytest

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
    document = read_text("note.md", f"{_GIVEN}\n$${formula}$$\n", "markdown")
    return str(check_document(document, None, Options(timeout=5)).statements[-1].verdict)


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


def test_a_state_that_follows_from_the_one_before_is_no_update() -> None:
    text = "$$a^{l+1} = a^l + \\tanh(W^{l+1} a^l)$$"
    found = check_document(read_text("note.md", text, "markdown"), None, Options(timeout=5)).statements
    assert str(found[0].verdict) != "assignment"
