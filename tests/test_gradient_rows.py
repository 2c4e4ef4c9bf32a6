"""Gradients as rows, in texts whose Jacobians have the numerator's entries as rows."""

import pytest

import symfnn

START = r"""
Let $x \in \mathbb{R}^n$, $W \in \mathbb{R}^{m \times n}$, $b \in \mathbb{R}^m$, $u \in \mathbb{R}^m$.

$$z = W x + b$$

$$h = f(z)$$

$$s = u^T h$$
"""
JACOBIAN = (
    START
    + r"""
$$\frac{\partial z}{\partial x} = W$$
"""
)
ROWS = (
    JACOBIAN
    + r"""
$$\frac{\partial s}{\partial h} = u^T$$
"""
)
COLUMNS = (
    JACOBIAN
    + r"""
$$\frac{\partial s}{\partial h} = u$$
"""
)


def last(document: str, claim: str) -> str:
    return str(symfnn.check(f"{document}\n$$\n{claim}\n$$\n").statements[-1].verdict)


@pytest.mark.parametrize(
    ("document", "claim", "verdict"),
    [
        (JACOBIAN, r"\frac{\partial s}{\partial h} = u^T", "proved"),
        (JACOBIAN, r"\frac{\partial s}{\partial h} = u", "proved"),
        (JACOBIAN, r"\frac{\partial s}{\partial h} = -u^T", "ill-shaped"),
        (ROWS, r"\frac{\partial s}{\partial u} = h^T", "proved"),
        (ROWS, r"\frac{\partial s}{\partial u} = z^T", "refuted"),
        (ROWS, r"\frac{\partial s}{\partial b} = (u \circ f'(z))^T", "proved"),
        (ROWS, r"\frac{\partial s}{\partial b} = (u \circ f(z))^T", "refuted"),
        (START, r"\frac{\partial s}{\partial h} = u^T", "undecided"),
        (COLUMNS, r"\frac{\partial s}{\partial u} = h^T", "ill-shaped"),
        (COLUMNS, r"\frac{\partial s}{\partial u} = h", "proved"),
    ],
)
def test_a_gradient_lies_as_the_text_shows(document, claim, verdict):
    assert last(document, claim) == verdict


def test_a_row_is_said_to_be_one():
    statement = symfnn.check(ROWS).statements[-1]
    assert statement.finding.assumptions == (
        "the derivative of a number by a column is a row, as in the Jacobians of the text",
    )


def test_an_error_signal_that_is_a_column_leaves_no_doubt():
    document = JACOBIAN + "\n$$\\delta = \\frac{\\partial s}{\\partial z}$$\n"
    assert last(document, r"\frac{\partial s}{\partial x} = \delta^T W") == "ill-shaped"
    assert last(document, r"\frac{\partial s}{\partial x} = W^T \delta") == "proved"
