r"""The logarithm of a sum beside a vector, ``z - \\log \\sum_j e^{z_j}``, is subtracted from each entry."""

import pytest

from symfnn.check.checker import check_document
from symfnn.documents.reader import read_text

_GIVEN = r"""
- $z \in \mathbb{R}^K$, $y \in \mathbb{R}^K$
- $p = \text{softmax}(z)$
"""


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (r"\log p = z - \log \sum_j e^{z_j}", "proved"),
        (r"-y^T \log p = -y^T (z - \log(\mathbf{1}^T e^z))", "proved"),
        (r"\log p = z + \log \sum_j e^{z_j}", "refuted"),
        (r"\log p = z - \sum_j e^{z_j}", "ill-shaped"),
        (r"\tanh(z) = z + \log 2", "refuted"),
    ],
)
def test_a_log_softmax(formula: str, said: str) -> None:
    found = check_document(read_text("note.md", f"{_GIVEN}\n$${formula}$$\n", "markdown")).statements
    assert str(found[-1].verdict) == said
