"""Texts that write no layer and tell the layers of units apart by index letters."""

import pytest

import symfnn

RECURSIVE = r"""
$$x_j = \sum_i w_{ji} y_i + b_j$$

$$y_j = \frac{1}{1 + e^{-x_j}}$$

$$E = \frac12 \sum_j (y_j - d_j)^2$$

$$\delta_j = \frac{\partial E}{\partial x_j}$$
"""
INPUT_FIRST = r"""
$$\text{net}_j = \sum_i w_{ij} o_i$$

$$o_j = \varphi(\text{net}_j)$$

$$E = \frac12 \sum_j (t_j - o_j)^2$$
"""


def last(document, claim):
    return symfnn.check(f"{document}\n$$\n{claim}\n$$\n").statements[-1].finding


@pytest.mark.parametrize(
    ("document", "claim"),
    [
        (RECURSIVE, r"\frac{\partial E}{\partial y_j} = y_j - d_j"),
        (RECURSIVE, r"\frac{\partial E}{\partial x_j} = \frac{\partial E}{\partial y_j} y_j (1 - y_j)"),
        (RECURSIVE, r"\frac{\partial E}{\partial w_{ji}} = \delta_j y_i"),
        (RECURSIVE, r"\frac{\partial E}{\partial b_j} = \delta_j"),
        (RECURSIVE, r"\frac{\partial E}{\partial y_i} = \sum_j w_{ji} \delta_j"),
        (RECURSIVE, r"\delta_j = y_j (1 - y_j) \sum_k w_{kj} \delta_k"),
        (INPUT_FIRST, r"\frac{\partial \text{net}_j}{\partial w_{ij}} = o_i"),
        (INPUT_FIRST, r"\frac{\partial E}{\partial w_{ij}} = -(t_j - o_j)\,\varphi'(\text{net}_j)\, o_i"),
    ],
)
def test_the_layers_of_letters_are_found(document, claim):
    finding = last(document, claim)
    assert (finding.verdict, finding.assumptions) == ("proved", ("index letters tell layers apart",))


@pytest.mark.parametrize(
    ("document", "claim"),
    [
        (RECURSIVE, r"\frac{\partial E}{\partial w_{ji}} = \delta_j y_j"),
        (RECURSIVE, r"\delta_j = y_j (1 + y_j) \sum_k w_{kj} \delta_k"),
        (RECURSIVE, r"\delta_j = y_j (1 - y_j) \sum_k w_{jk} \delta_k"),
        (RECURSIVE, r"\frac{\partial E}{\partial y_i} = \sum_j w_{ij} \delta_j"),
        (INPUT_FIRST, r"\frac{\partial E}{\partial w_{ij}} = -(t_j - o_j)\,\varphi'(\text{net}_j)\, o_j"),
    ],
)
def test_what_is_false_of_every_layer_is_not_accepted(document, claim):
    assert last(document, claim).verdict not in ("proved", "tested", "definition")


def test_a_layer_of_its_own_is_left_as_it_is():
    document = r"$$a_j = \sum_i w_{ji} x_i$$" + "\n\n" + r"$$z_j = \tanh(a_j)$$" + "\n"
    finding = last(document, r"\frac{\partial z_j}{\partial a_j} = 1 - z_j^2")
    assert (finding.verdict, finding.assumptions) == ("proved", ())


def test_weights_may_name_the_lower_layer_first():
    document = r"""
$$z_j^{(l)} = \sum_i w_{ij}^{(l)} a_i^{(l-1)}$$

$$a_j^{(l)} = g(z_j^{(l)})$$

$$C = \frac12 \sum_j (a_j^{(L)} - t_j)^2$$
"""
    claim = r"\frac{\partial C}{\partial w_{ij}^{(L)}} = (a_j^{(L)} - t_j)\, g'(z_j^{(L)})\, a_i^{(L-1)}"
    assert last(document, claim).verdict == "proved"


@pytest.mark.parametrize("claim", [r"x_j = \sum_{i=0}^D w_{ji}^{(1)} u_i", r"y_k = \sum_{j=0}^M w_{kj}^{(2)} y_j"])
def test_an_example_whose_layers_are_written_is_nothing_to_misfit(claim):
    assert last(RECURSIVE, claim).verdict == "undecided"
