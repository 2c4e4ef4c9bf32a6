"""What is made up of several quantities: matrices defined by blocks, layers with bias units, indices from 0."""

import pytest
from judging import judged

from symfnn.check.verdicts import Checked

_LAYERS = r"""
- $W^{(l)} \in \mathbb{R}^{s_l \times s_{l-1}}$ for $l = 2, \dots, L$
- $b^{(l)}, z^{(l)}, \delta^{(l)} \in \mathbb{R}^{s_l}$ for $l = 2, \dots, L$
- $a^{(l)} \in \mathbb{R}^{s_l}$ for $l = 1, \dots, L$
- $f : \mathbb{R} \to \mathbb{R}$
- $z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}$ for $l = 2, \dots, L$
- $a^{(l)} = f(z^{(l)})$ for $l = 2, \dots, L$
- $J = J(a^{(L)}, y) \in \mathbb{R}$, $y \in \mathbb{R}^{s_L}$
- $\delta^{(l)} = \pd{J}{z^{(l)}}$ for $l = 2, \dots, L$
- $\Theta^{(l)} = \begin{bmatrix} b^{(l)} & W^{(l)} \end{bmatrix}$ for $l = 2, \dots, L$
- $\bar{a}^{(l)} = \begin{bmatrix} 1 \\ a^{(l)} \end{bmatrix}$ for $l = 1, \dots, L$
"""
_STACKED = r"""
- $x \in \mathbb{R}^n$, $y \in \mathbb{R}^k$, $A \in \mathbb{R}^{k \times n}$, $D \in \mathbb{R}^{k \times k}$
- $v = \begin{bmatrix} x \\ y \end{bmatrix}$
- $M = \begin{bmatrix} A & D \\ 0 & D^T \end{bmatrix}$
- $r = \frac{1}{2} v^T v$
"""
ACCEPTED = {"proved", "tested", "definition"}


_MACRO = r"$\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}$"


def checked(formula: str, given: str) -> Checked:
    """The last statement of a text, judged."""
    text = f"{_MACRO}\n\n{given}\n\n$${formula}$$\n"
    return judged(text)[-1]


def verdict(formula: str, given: str = _LAYERS) -> str:
    return str(checked(formula, given).verdict)


def coursera(formula: str) -> str:
    return verdict(formula, "<!-- symfnn: notation coursera / The training set -->\n")


@pytest.mark.parametrize(
    "formula",
    [
        r"z^{(l)} = \Theta^{(l)} \bar{a}^{(l-1)}",
        r"(z^{(l)})^T = (\bar{a}^{(l-1)})^T \Theta^{(l)T}",
        r"\pd{J}{\Theta^{(l)}} = \delta^{(l)} (\bar{a}^{(l-1)})^T",
        r"\pd{J}{\Theta^{(l)}} = \begin{bmatrix} \delta^{(l)} & \delta^{(l)} a^{(l-1)T} \end{bmatrix}",
        r"\pd{J}{(\Theta^{(l)})^T} = \bar{a}^{(l-1)} (\delta^{(l)})^T",
    ],
)
def test_a_matrix_defined_by_a_block_is_its_blocks(formula: str) -> None:
    assert verdict(formula) in {"proved", "definition"}


@pytest.mark.parametrize(
    "formula",
    [
        r"\pd{J}{\Theta^{(l)}} = \delta^{(l)} \begin{bmatrix} 0 \\ a^{(l-1)} \end{bmatrix}^T",
        r"\pd{J}{\Theta^{(l)}} = \begin{bmatrix} 2 \delta^{(l)} & \delta^{(l)} a^{(l-1)T} \end{bmatrix}",
        r"\pd{J}{\Theta^{(l)}} = -\delta^{(l)} (\bar{a}^{(l-1)})^T",
    ],
)
def test_a_wrong_derivative_by_a_block_is_refuted(formula: str) -> None:
    assert verdict(formula) == "refuted"


@pytest.mark.parametrize(
    "formula",
    [
        r"\pd{J}{\Theta^{(l)}} = \bar{a}^{(l-1)} (\delta^{(l)})^T",
        r"\pd{J}{\Theta^{(l)}} = \delta^{(l)} (\bar{a}^{(l)})^T",
        r"\pd{J}{\Theta^{(l)}} = \begin{bmatrix} \delta^{(l)} a^{(l-1)T} & \delta^{(l)} \end{bmatrix}",
        r"\pd{J}{\Theta^{(l)}} = \delta^{(l)} a^{(l-1)T}",
        r"\delta^{(l)} = (\Theta^{(l+1)T} \delta^{(l+1)}) \odot f'(z^{(l)})",
        r"\pd{J}{\bar{a}^{(l)}} = \begin{bmatrix} 0 \\ \pd{J}{a^{(l)}} \end{bmatrix}",
    ],
)
def test_what_is_not_cut_alike_is_not_accepted(formula: str) -> None:
    assert verdict(formula) not in ACCEPTED


def test_swapped_blocks_are_another_matrix() -> None:
    other = _LAYERS.replace(r"b^{(l)} & W^{(l)}", r"W^{(l)} & b^{(l)}")
    assert verdict(r"z^{(l)} = \Theta^{(l)} \bar{a}^{(l-1)}", other) not in ACCEPTED
    last = other.replace(r"1 \\ a^{(l)}", r"a^{(l)} \\ 1")
    assert verdict(r"z^{(l)} = \Theta^{(l)} \bar{a}^{(l-1)}", last) == "definition"


def test_a_missing_transpose_makes_no_block() -> None:
    other = _LAYERS.replace(r"b^{(l)} & W^{(l)}", r"b^{(l)T} \\ W^{(l)}")
    assert verdict(r"z^{(l)} = \Theta^{(l)} \bar{a}^{(l-1)}", other) not in ACCEPTED


def test_a_block_that_is_written_again_is_a_definition() -> None:
    assert verdict(r"\Theta^{(l)} = \begin{bmatrix} b^{(l)} & W^{(l)} \end{bmatrix}") == "definition"
    assert verdict(r"\Theta^{(l)} = \begin{bmatrix} 2 b^{(l)} & W^{(l)} \end{bmatrix}") not in ACCEPTED


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        (r"M v = \begin{bmatrix} A x + D y \\ D^T y \end{bmatrix}", "proved"),
        (r"M v = \begin{bmatrix} A x + D y \\ D y \end{bmatrix}", "refuted"),
        (r"\frac{\partial r}{\partial v} = v", "proved"),
        (r"\frac{\partial r}{\partial v} = 2 v", "refuted"),
        (r"r = \frac{1}{2} x^T x + \frac{1}{2} y^T y", "definition"),
    ],
)
def test_blocks_of_four_and_columns_of_columns(formula: str, wanted: str) -> None:
    assert verdict(formula, _STACKED) == wanted


@pytest.mark.parametrize(
    "formula",
    [
        r"z_i^{(l+1)} = \sum_{j=1}^{s_l} \Theta_{ij}^{(l)} a_j^{(l)} + \Theta_{i0}^{(l)}",
        r"\pd{\text{cost}}{\Theta_{ij}^{(l)}} = a_j^{(l)} \delta_i^{(l+1)}",
        r"\pd{\text{cost}}{\Theta_{ij}^{(l)}} = a_j^{(l)} \delta_i^{(l+1)} \qquad j = 0, \dots, s_l",
        r"\pd{\text{cost}}{\Theta_{i0}^{(l)}} = \delta_i^{(l+1)}",
        r"\pd{\text{cost}}{\Theta_{ij}^{(l)}} = \delta_i^{(l+1)}, \qquad j = 0",
        r"\pd{\text{cost}}{\Theta^{(l)}} = \delta^{(l+1)} (a^{(l)})^T",
        r"D_{ij}^{(l)} = \frac{1}{m} \sum_{t=1}^{m} a_j^{(l)(t)} \pd{\text{cost}^{(t)}}{z_i^{(l+1)(t)}}"
        r" + \frac{\lambda}{m} \Theta_{ij}^{(l)} \qquad j \ge 1",
    ],
)
def test_an_index_that_begins_at_zero_counts_the_bias_unit(formula: str) -> None:
    assert coursera(formula) == "proved"


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        (r"\pd{\text{cost}}{\Theta_{ij}^{(l)}} = \delta_i^{(l+1)}", "refuted"),
        (r"\pd{\text{cost}}{\Theta_{i0}^{(l)}} = 2 \delta_i^{(l+1)}", "refuted"),
        # it holds of every entry but entry 0
        (
            r"\pd{\text{cost}}{\Theta_{ij}^{(l)}} = g(z_j^{(l)}) \delta_i^{(l+1)}"
            r"\qquad l = 2, \dots, L-1, \quad j = 0, \dots, s_l",
            "undecided",
        ),
        (
            r"D_{ij}^{(l)} = \frac{1}{m} \sum_{t=1}^{m} \pd{\text{cost}^{(t)}}{\Theta_{ij}^{(l)}}"
            r" + \frac{\lambda}{m} \Theta_{ij}^{(l)} \qquad j = 0, \dots, s_l",
            "undecided",
        ),
        (
            r"D_{ij}^{(l)} = \frac{1}{m} \sum_{t=1}^{m} \pd{\text{cost}^{(t)}}{\Theta_{ij}^{(l)}}"
            r" + \frac{\lambda}{m} \Theta_{ij}^{(l)}",
            "undecided",
        ),
        (r"z_i^{(l+1)} = \sum_{j=0}^{s_l + 1} \Theta_{ij}^{(l)} a_j^{(l)}", "undecided"),
        (r"z_i^{(l+1)} = \sum_j \Theta_{ij}^{(l)} a_j^{(l)}", "undecided"),
        (
            r"\delta_j^{(l)} = a_j^{(l)} (1 - a_j^{(l)}) \sum_k \Theta_{kj}^{(l)} \delta_k^{(l+1)}"
            r" \qquad j = 0, \dots, s_l",
            "undecided",
        ),
        (r"\delta^{(l)} = (\Theta^{(l)})^T \delta^{(l+1)} \odot g'(z^{(l)})", "undecided"),
        (r"\pd{\text{cost}}{\Theta^{(l)}} = \delta^{(l+1)} (a^{(l-1)})^T", "undecided"),
    ],
)
def test_a_bias_unit_is_not_any_other(formula: str, wanted: str) -> None:
    assert coursera(formula) == wanted


def test_what_holds_for_one_sample_is_not_taken_for_one_of_many() -> None:
    samples = r"$m \in \mathbb{N}$, $x^{(t)} \in \mathbb{R}^{s_1}$ for $t = 1, \dots, m$"
    plain = f"<!-- symfnn: notation coursera -->\n\n{samples}\n"
    assert verdict(r"h_\Theta(x^{(t)}) = a^{(L)}", plain) not in {"proved", "tested"}
    assert coursera(r"h_\Theta(x^{(t)}) = a^{(L)(t)}") == "definition"
