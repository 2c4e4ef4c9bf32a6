r"""Equations of functions: the letter in ``\tanh(a)`` is any number, whatever else it names."""

import pytest

from symfnn.check.checker import check_document
from symfnn.documents.reader import read_text

_GIVEN = r"""
- $a^l \in \mathbb{R}^{n_l}$, $W^l \in \mathbb{R}^{n_l \times n_{l-1}}$ for $l = 1, \dots, L$
- $a^l = \tanh(W^l a^{l-1})$
- $y \in \mathbb{R}^{n_L}$
- $\sigma(z) = \frac{1}{1+e^{-z}}$
"""


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (r"\tanh(a) = \frac{e^a - e^{-a}}{e^a + e^{-a}}", "proved"),
        (r"\tanh(a) = \frac{e^a + e^{-a}}{e^a - e^{-a}}", "refuted"),
        (r"\tanh'(a) = 1 - \tanh^2(a)", "proved"),
        (r"\frac{d}{da} \tanh(a) = 1 - \tanh(a)", "refuted"),
        (r"\frac{d}{da} \sigma(a) = \frac{e^{-a}}{(1+e^{-a})^2}", "proved"),
        (r"\frac{d}{da} \sigma(a) = \frac{1}{(1+e^{-a})^2}", "refuted"),
    ],
)
def test_a_letter_of_functions_alone_is_any_number(formula: str, said: str) -> None:
    found = check_document(read_text("note.md", f"{_GIVEN}\n$${formula}$$\n", "markdown")).statements
    assert str(found[-1].verdict) == said
