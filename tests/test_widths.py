"""Widths that a text states: a layer of one neuron, columns of one layer's batch, and misfits of stated shapes."""

from symfnn.check.checker import check_document
from symfnn.documents.reader import read_text

_NETWORK = r"""
- $W^{[l]} \in \mathbb{R}^{n_l \times n_{l-1}}$, $b^{[l]}, z^{[l]} \in \mathbb{R}^{n_l}$ for $l = 1, \dots, 3$
- $a^{[l]} \in \mathbb{R}^{n_l}$ for $l = 0, \dots, 3$
- $g(z) = \frac{1}{1 + e^{-z}}$
- $x \in \mathbb{R}^{n_0}$, $y \in \mathbb{R}$
- $a^{[0]} = x$
- $z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}$ for $l = 1, \dots, 3$
- $a^{[l]} = g(z^{[l]})$ for $l = 1, \dots, 3$
"""
_ONE = r"""
- $n_3 = 1$
- $L = -((1 - y) \log(1 - a^{[3]}) + y \log a^{[3]})$
"""
_BATCH = r"""
- $X \in \mathbb{R}^{n_0 \times m}$, $Z^{[1]} \in \mathbb{R}^{n_1 \times m}$
- $x_j^{(i)} = X_{ji}$, $z_j^{[1](i)} = Z_{ji}^{[1]}$ for $i = 1, \dots, m$
- $Z^{[1]} = W^{[1]} X + b^{[1]}$
"""


def verdicts(given: str, *formulas: str) -> list[str]:
    """The verdicts on the last statements of a text."""
    text = given + "".join(f"\n$${formula}$$\n" for formula in formulas)
    statements = check_document(read_text("notes", text, "markdown")).statements
    return [str(one.verdict) for one in statements[-len(formulas) :]]


def test_what_has_one_entry_is_a_number() -> None:
    assert (
        verdicts(
            _NETWORK + _ONE,
            r"\frac{\partial L}{\partial W^{[3]}} = (a^{[3]} - y) {a^{[2]}}^T",
            r"\frac{\partial L}{\partial z^{[2]}} = {W^{[3]}}^T (a^{[3]} - y) \odot g'(z^{[2]})",
            r"\frac{\partial L}{\partial z_k^{[2]}} = \sum_{j=1}^{n_3} W_{jk}^{[3]} (a_j^{[3]} - y) g'(z_k^{[2]})",
            r"\sum_{k=1}^{n_3} a_k^{[3]} = a^{[3]}",
        )
        == ["proved"] * 4
    )


def test_one_entry_excuses_no_mistake() -> None:
    assert verdicts(
        _NETWORK + _ONE,
        r"\frac{\partial L}{\partial W^{[3]}} = (y - a^{[3]}) {a^{[2]}}^T",
        r"\frac{\partial L}{\partial W^{[3]}} = a^{[2]} (a^{[3]} - y)",
        r"\frac{\partial L}{\partial z^{[2]}} = W^{[3]} (a^{[3]} - y) \odot g'(z^{[2]})",
        r"\sum_{k=1}^{n_2} a_k^{[2]} = a^{[3]}",
    ) == ["refuted", "ill-shaped", "ill-shaped", "refuted"]


def test_columns_of_one_layers_batch_are_of_that_layer_only() -> None:
    assert verdicts(
        _NETWORK + _BATCH,
        r"z^{[1](1)} = W^{[1]} x^{(1)} + b^{[1]}",
        r"z^{[1](2)} = W^{[1]} x^{(1)} + b^{[1]}",
        r"z^{[2](2)} = W^{[1]} x^{(2)} + b^{[1]}",
    ) == ["proved", "refuted", "undecided"]


def test_an_index_on_the_objective_does_not_excuse_a_misfit() -> None:
    given = r"""
- $W \in \mathbb{R}^{k \times n}$, $A \in \mathbb{R}^n$, $t \in \mathbb{R}^k$
- $Z = W A$
- $C = \frac{1}{2} \|Z - t\|^2$
- $D = \frac{\partial C}{\partial Z}$

$$\frac{\partial C_o}{\partial Z} = D$$
"""
    assert verdicts(given, r"\frac{\partial C}{\partial W} = D A", r"\frac{\partial C}{\partial W} = D A^T") == [
        "ill-shaped",
        "proved",
    ]
