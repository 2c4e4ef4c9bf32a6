r"""Losses are numbers: the outputs of a text that writes ``y \log a`` for its loss are one number."""

import pytest
from judging import judged

import symfnn
from symfnn.check.verdicts import Checked
from symfnn.elaboration.orientation import ONE

_BARE = r"""
$$z^{[1]} = W^{[1]} x + b^{[1]}$$ $$a^{[1]} = \sigma(z^{[1]})$$ $$z^{[2]} = W^{[2]} a^{[1]} + b^{[2]}$$
$$a^{[2]} = \sigma(z^{[2]})$$ $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
"""
_LOSS = r"$$L = -(y \log a^{[2]} + (1 - y) \log(1 - a^{[2]}))$$"
_STATED = r"""
- $W^{[l]} \in \mathbb{R}^{n_l \times n_{l-1}}$, $b^{[l]} \in \mathbb{R}^{n_l}$ for $l = 1, \dots, L$
- $z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}$, $a^{[l]} = \sigma(z^{[l]})$
- $\sigma(z) = 1 / (1 + e^{-z})$
"""
_TOTAL = r"- $J = -(y \log a^{[L]} + (1 - y) \log(1 - a^{[L]}))$"


def checked(given: str, *formulas: str) -> list[Checked]:
    """The last statements of a text, judged."""
    text = given + "".join(f"\n$${formula}$$\n" for formula in formulas)
    return list(judged(text)[-len(formulas) :])


def test_outputs_beside_a_number_are_one_number() -> None:
    found = checked(
        _BARE + _LOSS,
        r"\frac{\partial L}{\partial z^{[2]}} = a^{[2]} - y",
        r"\frac{\partial L}{\partial W^{[2]}} = (a^{[2]} - y) a^{[1]T}",
        r"\frac{\partial L}{\partial z^{[1]}} = W^{[2]T} (a^{[2]} - y) \odot \sigma'(z^{[1]})",
        r"\frac{\partial L}{\partial a^{[2]}} = -\frac{y}{a^{[2]}} + \frac{1 - y}{1 - a^{[2]}}",
    )
    assert [str(one.verdict) for one in found] == ["proved"] * 4
    assert all(ONE in one.finding.assumptions for one in found)


def test_no_shape_is_refused_for_the_sake_of_a_number_and_no_value_accepted() -> None:
    found = checked(
        _STATED + "- $y \\in \\mathbb{R}$\n" + _TOTAL,
        r"\frac{\partial J}{\partial z^{[L]}} = a^{[L]} - y",
        r"\frac{\partial J}{\partial z^{[L]}} = y - a^{[L]}",
        r"\frac{\partial J}{\partial W^{[L]}} = a^{[L-1]} (a^{[L]} - y)",
        r"\frac{\partial J}{\partial a^{[L-1]}} = W^{[L]} (a^{[L]} - y)",
    )
    assert [str(one.verdict) for one in found] == ["proved", "refuted", "undecided", "undecided"]


def test_outputs_that_are_stated_to_be_many_stay_many() -> None:
    found = checked(
        _STATED + "- $y \\in \\mathbb{R}^{n_L}$\n" + _TOTAL, r"\frac{\partial J}{\partial z^{[L]}} = a^{[L]} - y"
    )
    assert not found[0].finding.verdict.is_wrong
    assert str(found[0].verdict) != "proved"


def test_a_transpose_and_a_dot_say_that_there_are_many() -> None:
    for product in (r"y^T \log a^{[2]}", r"y \cdot \log a^{[2]}"):
        loss = rf"$$L = -{product}$$"
        found = checked(_BARE + loss, r"\frac{\partial L}{\partial a^{[2]}} = -\frac{y}{a^{[2]}}")
        assert str(found[0].verdict) == "proved"
        assert ONE not in found[0].finding.assumptions


_SOFTMAX = r"""
- $x \in \mathbb{R}^d$, $W \in \mathbb{R}^{k \times d}$, $y \in \mathbb{R}^k$
- $p = \text{softmax}(W x)$
- $J = -\sum_{i=1}^{k} y_i \log p_i$
"""
_ROWS = r"""
- $X \in \mathbb{R}^{N \times D}$, $W \in \mathbb{R}^{D \times C}$, $b \in \mathbb{R}^{C}$
- $Y \in \mathbb{R}^{N \times C}$
- $Z = X W + b$
- $P = \text{softmax}(Z)$
- $J = -\frac{1}{N} \sum_{n=1}^{N} \sum_{k=1}^{C} Y_{nk} \log P_{nk}$
"""


def test_targets_of_a_softmax_are_shares() -> None:
    found = checked(
        _SOFTMAX, r"\frac{\partial J}{\partial W} = (p - y) x^T", r"\frac{\partial J}{\partial W} = (y - p) x^T"
    )
    assert [str(one.verdict) for one in found] == ["proved", "refuted"]
    assert found[0].finding.assumptions == ("Σ y = 1",)


def test_a_softmax_runs_along_the_axis_of_the_bias() -> None:
    found = checked(
        _ROWS,
        r"\frac{\partial J}{\partial Z} = \frac{1}{N} (P - Y)",
        r"\frac{\partial J}{\partial W} = \frac{1}{N} X^T (P - Y)",
        r"\frac{\partial J}{\partial Z} = P - Y",
        r"\sum_{k=1}^{C} P_{nk} = 1",
    )
    assert [str(one.verdict) for one in found[:3]] == ["proved", "proved", "refuted"]
    assert str(found[3].verdict) in ("proved", "tested")


def test_the_logarithm_of_a_new_name_defines_it() -> None:
    given = "- $y \\in \\mathbb{R}^{K}$, $t \\in \\mathbb{R}^K$\n"
    likelihood = r"-\log L(\theta) = -\sum_k t_k \log y_k"
    true, false = r"L = \prod_k y_k^{t_k}", r"\log L = -\sum_k t_k \log y_k"
    assert [str(one.verdict) for one in checked(given, likelihood, true)] == ["definition", "proved"]
    assert [str(one.verdict) for one in checked(given, likelihood, false)] == ["definition", "refuted"]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"\nabla_W L = (q - y) h^T", "proved"),
        (r"\nabla_W L = h (q - y)^T", "undecided"),  # no shape makes it right, unless all are numbers
        (r"\nabla_W L = h (q - y)", "undecided"),
    ],
)
def test_what_a_matrix_is_multiplied_with_is_no_number(claim: str, expected: str) -> None:
    text = r"""
$$o = W h + c, \qquad q = \mathrm{softmax}(o), \qquad \sum_i y_i = 1$$

$$L = -\sum_i y_i \log q_i$$
"""
    assert str(symfnn.check(f"{text}\n$${claim}$$\n").statements[-1].verdict) == expected
