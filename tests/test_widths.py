"""Widths that a text states: a layer of one neuron, columns of one layer's batch, and misfits of stated shapes."""

from judging import judged

import symfnn
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
    statements = judged(text)
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


_LAYERS = r"""
- $x \in \mathbb{R}^I$, $U \in \mathbb{R}^{K \times I}$
- $W^n \in \mathbb{R}^{s_n \times s_{n-1}}$, $b^n, z^n \in \mathbb{R}^{s_n}$ for $n = 1, \dots, N$
- $h^n \in \mathbb{R}^{s_n}$ for $n = 0, \dots, N$
- $h^0 = x$
- $z^n = W^n h^{n-1} + b^n$ for $n = 1, \dots, N$
"""
_PLAIN = r"""
- $W \in \mathbb{R}^{n \times m}$, $x \in \mathbb{R}^m$, $y \in \mathbb{R}^n$, $V \in \mathbb{R}^{p \times n}$
- $q \in \mathbb{R}^r$
- $y = W x$, $u = V y$
- $J = J(u) \in \mathbb{R}$
- $\delta = \frac{\partial J}{\partial y}$
"""


def test_a_letter_may_stand_for_the_width_of_any_layer() -> None:
    text = _LAYERS + "\n$$" + r"z_j^n = \sum_{i=1}^{I} W_{ji}^n h_i^{n-1} + b_j^n" + "$$\n"
    finding = check_document(read_text("notes", text, "markdown")).statements[-1].finding
    assert str(finding.verdict) == "proved"
    assert finding.assumptions == ("the sum to I is over all s_{n-1} entries",)
    assert verdicts(
        _LAYERS,
        r"z_j^n = \sum_{i=1}^{I} W_{ij}^n h_i^{n-1} + b_j^n",
        r"z_j^n = \sum_{i=1}^{s_n} W_{ji}^n h_i^{n-1} + b_j^n",
        r"z_j^n = \sum_{i=1}^{I} W_{ji}^n h_i^{n-1} - b_j^n",
    ) == ["ill-shaped", "ill-shaped", "undecided"]


def test_a_letter_that_counts_something_of_the_network_counts_nothing_else() -> None:
    right = [rf"\frac{{\partial J}}{{\partial x_i}} = \sum_{{j=1}}^{{{n}}} W_{{ji}} \delta_j" for n in "nmpr"]
    assert verdicts(_PLAIN, *right) == ["proved", "ill-shaped", "ill-shaped", "proved"]
    swapped = [rf"\frac{{\partial J}}{{\partial x_i}} = \sum_{{j=1}}^{{{n}}} W_{{ij}} \delta_j" for n in "nr"]
    assert verdicts(_PLAIN, *swapped) == ["ill-shaped", "ill-shaped"]


def test_a_name_for_what_one_layer_gives_is_of_that_layer() -> None:
    given = (
        _NETWORK
        + r"""
- $u_j = a_j^{[3]}$
- $C = C(a^{[3]}) \in \mathbb{R}$

$$v_{ij}^{[l]} = W_{ji}^{[l+1]}$$
"""
    )
    assert verdicts(
        given,
        r"\frac{\partial C}{\partial z_j^{[3]}} = \frac{\partial C}{\partial u_j} u_j (1 - u_j)",
        r"\frac{\partial C}{\partial z_j^{[3]}} = \frac{\partial C}{\partial u_j} (1 - u_j)",
        r"u_j = g(z_j^{[3]})",
        r"v_{ij}^{[1]} = W_{ji}^{[1]}",
    ) == ["proved", "refuted", "definition", "undecided"]


TWO_NETWORKS = r"""
$$y = w x + b, \qquad L = \frac12 (y - t)^2$$

$$\bar{y} = \frac{d L}{d y}$$

$$z_i = \sum_j w_{ij}^{(1)} x_j + b_i^{(1)}$$

$$h_i = \sigma(z_i)$$

$$y_k = \sum_i w_{ki}^{(2)} h_i + b_k^{(2)}$$
"""


def test_no_width_is_supposed_alike_beside_layers_of_one_neuron() -> None:
    """All indices would be alike then, and swapped ones no mistake."""
    right, wrong = r"\bar{w}_{ki}^{(2)} = \bar{y}_k h_i", r"\bar{w}_{ik}^{(2)} = \bar{y}_k h_i"
    found = symfnn.check(f"{TWO_NETWORKS}\n$${right}$$\n\n$${wrong}$$\n").statements[-2:]
    assert [str(one.verdict) for one in found] == ["proved", "undecided"]
