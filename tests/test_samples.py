r"""Samples that a text numbers without introducing them: L^{(i)} is what L is for one."""

import pytest
from judging import judged

import symfnn
from symfnn.algebra import index
from symfnn.check.region import Region

_LAYERS = r"""
$$z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}$$ $$a^{[l]} = \sigma(z^{[l]})$$ $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
$$L = -\sum_k (y_k \log a_k^{[L]} + (1 - y_k) \log(1 - a_k^{[L]}))$$
$$J = \frac{1}{m} \sum_{i=1}^m L^{(i)}$$
"""
_NEURON = r"""
- $w \in \mathbb{R}^d$, $x \in \mathbb{R}^d$, $b \in \mathbb{R}$
$$z = w^\top x + b$$ $$a = \sigma(z)$$ $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
$$\mathcal{L} = -(y \log a + (1 - y) \log(1 - a))$$ $$J = \frac{1}{m} \sum_{i=1}^m \mathcal{L}^{(i)}$$
"""
_ARGUMENTS = r"""
- $W \in \mathbb{R}^{k \times d}$, $x \in \mathbb{R}^d$, $y \in \mathbb{R}^k$, $m \in \mathbb{N}$
- $x^{(i)} \in \mathbb{R}^d$, $y^{(i)} \in \mathbb{R}^k$ for $i = 1, \dots, m$
- $h(x) = W x$
- $\ell(W; x, y) = \frac{1}{2} \|h(x) - y\|^2$
- $\ell(W) = \frac{1}{m} \sum_{i=1}^m \ell(W; x^{(i)}, y^{(i)})$
"""
_ROWS = r"""
- $X \in \mathbb{R}^{n \times d}$, $W \in \mathbb{R}^{d \times k}$, $q = 1, \dots, n$
$$U = X W$$ $$Y = f(U)$$ $$E = \sum_{q=1}^n E^q$$
"""


def verdicts(given: str, *formulas: str) -> list[str]:
    """The verdicts on the last statements of a text."""
    text = given + "".join(f"\n$${formula}$$\n" for formula in formulas)
    statements = judged(text)
    return [str(one.verdict) for one in statements[-len(formulas) :]]


@pytest.mark.parametrize(
    ("given", "true", "false"),
    [
        (
            _LAYERS,
            [
                r"\frac{\partial J}{\partial W^{[L]}} ="
                r" \frac{1}{m} \sum_{i=1}^m (a^{[L](i)} - y^{(i)}) (a^{[L-1](i)})^T",
            ],
            [r"\frac{\partial J}{\partial b^{[L]}} = \sum_{i=1}^m (a^{[L](i)} - y^{(i)})"],
        ),
        (
            _NEURON,
            [r"\frac{\partial J}{\partial b} = \frac{1}{m} \sum_{i=1}^m (a^{(i)} - y^{(i)})"],
            [
                r"\frac{\partial J}{\partial b} = \sum_{i=1}^m (a^{(i)} - y^{(i)})",
                r"\frac{\partial J}{\partial b} = \frac{1}{m} (a^{(i)} - y^{(i)})",
                r"\frac{\partial J}{\partial w} = \frac{1}{m} \sum_{i=1}^m \sum_{j=1}^m (a^{(i)} - y^{(i)}) x^{(j)}",
            ],
        ),
        (
            _ARGUMENTS,
            [
                r"\ell(W) = \frac{1}{2m} \sum_{i=1}^m \|h(x^{(i)}) - y^{(i)}\|^2",
                r"\nabla_W \ell(W) = \frac{1}{m} \sum_{i=1}^m (h(x^{(i)}) - y^{(i)}) (x^{(i)})^\top",
                r"\frac{\partial}{\partial W_{ij}} \ell(W) ="
                r" \frac{1}{m} \sum_{i=1}^m \frac{\partial}{\partial W_{ij}} \ell(W; x^{(i)}, y^{(i)})",
            ],
            [
                r"\nabla_W \ell(W) = \sum_{i=1}^m (h(x^{(i)}) - y^{(i)}) (x^{(i)})^\top",
                r"\nabla_W \ell(W) = \frac{1}{m} \sum_{i=1}^m (h(x^{(i)}) - y^{(i)}) x^\top",
                r"\frac{\partial}{\partial W_{ij}} \ell(W) ="
                r" \sum_{i=1}^m \frac{\partial}{\partial W_{ij}} \ell(W; x^{(i)}, y^{(i)})",
            ],
        ),
    ],
    ids=["layers", "one neuron", "arguments"],
)
def test_what_holds_for_one_sample_holds_for_each(given: str, true: list[str], false: list[str]) -> None:
    found = verdicts(given, *true, *false)
    assert found == ["proved"] * len(true) + ["refuted"] * len(false)


def test_arguments_of_one_sample_are_all_of_it() -> None:
    (found,) = verdicts(_ARGUMENTS, r"\ell(W) = \frac{1}{m} \sum_{i=1}^m \ell(W; x^{(i)}, y)")
    assert found == "undecided"


def test_objectives_of_samples_that_are_only_named_are_open_functions_of_their_rows() -> None:
    found = verdicts(
        _ROWS,
        r"\frac{\partial E}{\partial W} = \sum_q \frac{\partial E^q}{\partial W}",
        r"\frac{\partial E}{\partial W_{ij}} = \sum_q X_{qi} \frac{\partial E^q}{\partial U_{qj}}",
        r"\frac{\partial E}{\partial W_{ij}} = \frac{1}{n} \sum_q X_{qi} \frac{\partial E^q}{\partial U_{qj}}",
        r"\frac{\partial E}{\partial W_{ij}} = X_{qi} \frac{\partial E^q}{\partial U_{qj}}",
    )
    assert found == ["proved", "proved", "undecided", "undecided"]


def test_a_sum_over_samples_says_what_its_terms_are() -> None:
    text = (
        r"- $T \in \mathbb{R}^{n \times k}$"
        + "\n"
        + _ROWS
        + r"$$E = \frac{1}{2n} \sum_{q=1}^n \sum_{j=1}^k (Y_{qj} - T_{qj})^2$$"
    )
    found = verdicts(
        text,
        r"\frac{\partial E^q}{\partial Y_{qj}} = \frac{1}{n} (Y_{qj} - T_{qj})",
        r"\frac{\partial E}{\partial Y_{qj}} = \frac{1}{n} (Y_{qj} - T_{qj})",
        r"\frac{\partial E^q}{\partial Y_{qj}} = Y_{qj} - T_{qj}",
    )
    assert found == ["proved", "proved", "undecided"]


def test_a_mean_over_samples_without_limits_counts_what_it_is_divided_by() -> None:
    given = r"$$z = W x + b$$ $$y = f(z)$$ $$C = \frac{1}{n} \sum_q C_q$$"
    found = verdicts(
        given,
        r"\frac{\partial C}{\partial W} = \frac{1}{n} \sum_q \frac{\partial C_q}{\partial W}",
        r"\frac{\partial C}{\partial W} = \sum_q \frac{\partial C_q}{\partial W}",
    )
    assert found == ["proved", "undecided"]


def test_what_is_defined_anew_for_one_sample_is_new_for_each() -> None:
    given = _NEURON + "\n# Squares\n\n" + r"$$\mathcal{L} := \frac{1}{2} (a - y)^2$$"
    slope = r"a^{(i)} (1 - a^{(i)})"
    found = verdicts(
        given,
        rf"\frac{{\partial J}}{{\partial b}} = \frac{{1}}{{m}} \sum_{{i=1}}^m (a^{{(i)}} - y^{{(i)}}) {slope}",
        r"\frac{\partial J}{\partial b} = \frac{1}{m} \sum_{i=1}^m (a^{(i)} - y^{(i)})",
    )
    assert found[0] != "refuted"
    assert found[1] != "proved"


def test_a_layer_below_the_last_is_not_always_the_last_but_one() -> None:
    layer = index.LAYER
    region = Region().restricted(index.index("i"), layer)
    assert region is not None
    below = region.restricted(layer, index.DEPTH - 1)
    assert below is not None
    assert below.pins() == {}


_HALF_NUMBERED = r"""
- $W^{[l]} \in \mathbb{R}^{n_l \times n_{l-1}}$, $b^{[l]} \in \mathbb{R}^{n_l}$ for $l = 1, \dots, 2$
- $g(z) = \frac{1}{1 + e^{-z}}$
- $x^{(i)} \in \mathbb{R}^{n_0}$, $y^{(i)} \in \mathbb{R}^{n_2}$ for $i = 1, \dots, m$
$$z^{[1]} = W^{[1]} x^{(i)} + b^{[1]}$$ $$a^{[1]} = g(z^{[1]})$$
$$z^{[2]} = W^{[2]} a^{[1]} + b^{[2]}$$ $$a^{[2]} = g(z^{[2]})$$
$$L^{(i)} = -\sum_k (y_k^{(i)} \log a_k^{[2]} + (1 - y_k^{(i)}) \log(1 - a_k^{[2]}))$$
$$J = \frac{1}{m} \sum_{i=1}^m L^{(i)}$$
"""


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (r"\frac{\partial L^{(i)}}{\partial z^{[2]}} = a^{[2]} - y^{(i)}", "proved"),
        (r"\frac{\partial L^{(i)}}{\partial z^{[2]}} = a^{[2]} + y^{(i)}", "refuted"),
        (r"\frac{\partial J}{\partial b^{[2]}} = \frac{1}{m} \sum_{i=1}^m (a^{[2]} - y^{(i)})", "proved"),
        (r"\frac{\partial J}{\partial b^{[2]}} = \sum_{i=1}^m (a^{[2]} - y^{(i)})", "refuted"),
        (r"\frac{\partial J}{\partial b^{[2]}} = a^{[2]} - y^{(i)}", "refuted"),
    ],
)
def test_a_mention_without_a_number_beside_one_that_has_it_is_of_that_sample(formula: str, said: str) -> None:
    assert verdicts(_HALF_NUMBERED, formula) == [said]


_COLUMNS = r"""
- $W \in \mathbb{R}^{k \times d}$, $b \in \mathbb{R}^k$, $x \in \mathbb{R}^d$, $X \in \mathbb{R}^{d \times m}$
- $z = W x + b$
- $x_j^{(i)} = X_{ji}$ for $i = 1, \dots, m$
"""


def test_the_number_of_a_sample_may_be_left_out_on_one_side() -> None:
    formulas = (r"z = W x^{(i)} + b", r"z = W x^{(i)} - b", r"\tanh(z) = \tanh(W x^{(i)} + b)")
    assert [verdicts(_COLUMNS, formula) for formula in formulas] == [["proved"], ["undecided"], ["proved"]]


_BY_SUPERSCRIPT = r"""
- $w^l \in \mathbb{R}^{s_l \times s_{l-1}}$, $z^l \in \mathbb{R}^{s_l}$ for $l = 2, \dots, L$
- $a^l \in \mathbb{R}^{s_l}$ for $l = 1, \dots, L$
- $y \in \mathbb{R}^{s_L}$
- $z^l = w^l a^{l-1}$ for $l = 2, \dots, L$
- $a^l = \tanh(z^l)$ for $l = 2, \dots, L$

The training examples $x = 1, \dots, n$:

- $z^{x,l} = w^l a^{x,l-1}$ for $l = 2, \dots, L$
- $a^{x,l} = \tanh(z^{x,l})$ for $l = 2, \dots, L$
- $C_x = C_x(a^{x,L}) \in \mathbb{R}$
- $C_x = \frac12 \|y - a^L\|^2$
"""


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (r"\frac{\partial C_x}{\partial a^{x,L}} = a^{x,L} - y", "proved"),
        (r"\frac{\partial C_x}{\partial a^{x,L}} = y - a^{x,L}", "refuted"),
    ],
)
def test_a_loss_for_each_sample_is_of_what_differs_between_them(formula: str, said: str) -> None:
    assert verdicts(_BY_SUPERSCRIPT, formula) == [said]


def test_arguments_of_a_sum_of_squared_lengths_number_samples() -> None:
    given = r"- $a^L \in \mathbb{R}^s$, $y \in \mathbb{R}^s$" + "\n"
    cost = r"C = \frac{1}{2n} \sum_x \|y(x) - a^L(x)\|^2"
    other = r"C = \frac{1}{2n} \sum_x (y(x) - a^L(x))"
    assert [verdicts(given, one) for one in (cost, other)] == [["definition"], ["undecided"]]


ONE_AND_ALL = r"""
- $W^l \in \mathbb{R}^{m_{l-1} \times m_l}$, $u^l \in \mathbb{R}^{1 \times m_l}$ for $l = 1, \dots, L$
- $h^l \in \mathbb{R}^{1 \times m_l}$ for $l = 0, \dots, L$
- $\phi : \mathbb{R} \to \mathbb{R}$
- $u^l = h^{l-1} W^l$ for $l = 1, \dots, L$
- $h^l = \phi(u^l)$ for $l = 1, \dots, L$
- $E = E(h^L) \in \mathbb{R}$
- $\delta_j^l = \frac{\partial E}{\partial u_j^l}$ for $l = 1, \dots, L$

A batch has its samples $q = 1, \dots, n$ in rows:

- $U^l \in \mathbb{R}^{n \times m_l}$ for $l = 1, \dots, L$
- $H^l \in \mathbb{R}^{n \times m_l}$ for $l = 0, \dots, L$
- $U^l = H^{l-1} W^l$ for $l = 1, \dots, L$
- $H^l = \phi(U^l)$ for $l = 1, \dots, L$
- $\delta_{qj}^l = \frac{\partial E^q}{\partial U_{qj}^l}$ for $l = 1, \dots, L$ and $q = 1, \dots, n$
"""


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (
            r"\frac{\partial E}{\partial W^l} = (h^{l-1})^\top [ \delta^{l+1} (W^{l+1})^\top \odot \phi'(u^l) ]",
            "proved",
        ),
        (
            r"\frac{\partial E}{\partial W^l} = (h^{l-1})^\top [ \delta^{l+1} (W^{l+1})^\top \odot \phi(u^l) ]",
            "refuted",
        ),
    ],
)
def test_a_product_that_may_be_of_one_sample_or_of_all_is_read_as_either(claim: str, expected: str) -> None:
    assert str(symfnn.check(f"{ONE_AND_ALL}\n$${claim}$$\n").statements[-1].verdict) == expected
