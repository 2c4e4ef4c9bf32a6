"""Repairs of wrong formulas: what an author meant, and nothing where that cannot be told."""

import pytest

import symfnn
from symfnn.latex.parser import parse
from symfnn.latex.writing import write

NIELSEN = r"""<!-- symfnn: notation nielsen -->
$C = \frac12 \|y - a^L\|^2$
"""
ROWS = r"""<!-- symfnn: notation rows -->
$J = \frac{1}{2m} \sum_{i=1}^{m} \sum_{j=1}^{n_L} (A_{ij}^{(L)} - Y_{ij})^2$
"""
NG = r"""<!-- symfnn: notation ng -->
$\sigma(z) = \frac{1}{1 + e^{-z}}$

$A^{[L]} = \sigma(Z^{[L]})$

$J = -\frac{1}{m} \sum_{i=1}^m \sum_j ( Y_{ji} \log A_{ji}^{[L]} + (1 - Y_{ji}) \log (1 - A_{ji}^{[L]}) )$
"""
SOFTMAX = r"""
$$y_i = \frac{e^{x_i}}{\sum_{k=1}^m e^{x_k}}$$
"""
ONE_OUTPUT = r"""
- $x \in \mathbb{R}^{p}$, $V \in \mathbb{R}^{n \times p}$, $v \in \mathbb{R}^{1 \times n}$, $y \in \mathbb{R}$
- $z = V x$, $a = \tanh(z)$, $u = v a$, $E = \frac{1}{2} (u - y)^2$
"""


def findings(document: str, *claims: str):
    text = document + "".join(f"\n$$\n{claim}\n$$\n" for claim in claims)
    return [one.finding for one in symfnn.check(text).statements[-len(claims) :]]


def plain(latex: str) -> str:
    """A formula in the spelling of repairs."""
    (statement,) = parse(latex)
    return write(statement.content)


@pytest.mark.parametrize(
    ("document", "pairs"),
    [
        (
            NIELSEN,
            [
                # the commonest: the squared error without its slope, and the difference the wrong way round
                (r"\delta^L = a^L - y", "lost-slope", r"\delta^L = (a^L - y) \odot \sigma'(z^L)"),
                (r"\delta^L = (y - a^L) \odot \sigma'(z^L)", "wrong-sign", r"\delta^L = (a^L - y) \odot \sigma'(z^L)"),
                # two mistakes at once
                (
                    r"\delta^l = w^{l+1} \delta^{l+1} \odot \sigma(z^l)",
                    "transposed-factor",
                    r"\delta^l = (w^{l+1})^\top \delta^{l+1} \odot \sigma'(z^l)",
                ),
                # the limit of a sum
                (
                    r"z^l_j = \sum_{k=1}^{s_l} w^l_{jk} a^{l-1}_k + b^l_j",
                    "wrong-index",
                    r"z_j^l = \sum_{k=1}^{s_{l-1}} w_{jk}^l a_k^{l-1} + b_j^l",
                ),
            ],
        ),
        (
            ROWS,
            [
                (
                    r"\Delta^{(L)} = (Y - A^{(L)}) \odot f'(Z^{(L)})",
                    "wrong-sign",
                    r"\Delta^{(L)} = \frac{1}{m} (A^{(L)} - Y) \odot f'(Z^{(L)})",
                ),
                # a slope that was put into the product rather than behind it
                (
                    r"\Delta^{(l)} = (\Delta^{(l+1)} \odot f'(Z^{(l)})) (W^{(l+1)})^T",
                    "swapped-factors",
                    r"\Delta^{(l)} = (\Delta^{(l+1)} (W^{(l+1)})^T) \odot f'(Z^{(l)})",
                ),
            ],
        ),
        (
            NG,
            [
                # names of two letters are one factor
                (r"dA^{[l-1]} = W^{[l]} dZ^{[l]}", "transposed-factor", r"dA^{[l-1]} = (W^{[l]})^{\top} dZ^{[l]}"),
                (r"dZ^{[L]} = \frac{1}{m} (A^{[L]} - Y)", "lost-factor", r"dZ^{[L]} = A^{[L]} - Y"),
                # both factors are of the layer behind
                (
                    r"dZ^{[l]} = W^{[l] T} dZ^{[l]} * {g^{[l]}}'(Z^{[l]})",
                    "shifted-layer",
                    r"dZ^{[l]} = W^{[l+1] T} dZ^{[l+1]} * {g^{[l]}}'(Z^{[l]})",
                ),
            ],
        ),
        (
            ONE_OUTPUT,
            [
                (
                    r"\frac{\partial E}{\partial V} = (u - y) v \tanh'(z) x",
                    "swapped-factors",
                    r"\frac{\partial E}{\partial V} = (u - y) (v^\top \odot \tanh'(z)) x^\top",
                ),
            ],
        ),
        (
            SOFTMAX,
            [
                # the quotient rule
                (
                    r"\frac{\partial y_i}{\partial x_i} = \frac{e^{x_i} - (e^{x_i})^2}{(\sum_{k=1}^m e^{x_k})^2}",
                    "lost-factor",
                    r"\frac{\partial y_i}{\partial x_i}"
                    r" = \frac{e^{x_i} (\sum_{k=1}^m e^{x_k}) - (e^{x_i})^2}{(\sum_{k=1}^m e^{x_k})^2}",
                ),
            ],
        ),
    ],
)
def test_what_was_meant_is_offered(document, pairs):
    found = findings(document, *(wrong for wrong, _, _ in pairs))
    for finding, (_, code, repair) in zip(found, pairs, strict=True):
        assert finding.verdict.is_wrong
        assert (finding.code, finding.repair.latex) == (code, plain(repair))


def test_a_left_side_of_which_the_rest_of_a_chain_holds_is_what_is_mended():
    slope = r"\frac{\partial}{\partial x_i} \frac{e^{x_j}}{\sum_{k=1}^m e^{x_k}}"
    wrong = rf"\text{{If }} i \neq j, \frac{{\partial y_i}}{{\partial x_i}} = {slope}"
    alone, followed = findings(
        SOFTMAX, wrong, rf"{wrong} = -\frac{{e^{{x_i}} e^{{x_j}}}}{{(\sum_{{k=1}}^m e^{{x_k}})^2}}"
    )
    assert alone.repair.latex.startswith(r"\frac{\partial y_i}{\partial x_i} = ")
    assert followed.repair.latex == plain(rf"\frac{{\partial y_j}}{{\partial x_i}} = {slope}")


LAYERS = r"""
- $W^l \in \mathbb{R}^{n_l \times n_{l-1}}$, $b^l, z^l, \delta^l \in \mathbb{R}^{n_l}$ for $l = 2, \dots, L$
- $a^l \in \mathbb{R}^{n_l}$ for $l = 1, \dots, L$
- $y \in \mathbb{R}^{n_L}$, $\sigma : \mathbb{R} \to \mathbb{R}$
- $z^l = W^l a^{l-1} + b^l$, $a^l = \sigma(z^l)$, $\delta^l = \frac{\partial C}{\partial z^l}$ for $l = 2, \dots, L$
- $C = \frac{1}{2} \|a^L - y\|^2$
"""


def test_an_array_that_is_applied_is_wrong_where_the_function_makes_the_claim_stand():
    slip, other, product = findings(
        LAYERS,
        r"\delta^l = (W^{l+1})^T \delta^{l+1} \odot \delta'(z^l)",
        r"\delta^l = W^{l+1} \delta^{l+1} \odot \delta'(z^l)",  # with σ it is wrong too: it is open what is meant
        r"\delta^l = \eta (z^l)",
    )
    assert (slip.verdict, slip.code) == ("ill-shaped", "wrong-variable")
    assert slip.repair.latex == plain(r"\delta^l = (W^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)")
    assert not other.verdict.is_wrong
    assert not product.verdict.is_wrong
    defined = LAYERS + r"$$\delta(z) = \tanh(z)$$"
    assert not findings(defined, r"z^{l+1} = W^{l+1} \delta(z^l) + b^{l+1}")[0].verdict.is_wrong


def test_a_letter_that_fits_neither_in_a_sum_nor_outside_counts():
    inside, outside = findings(
        LAYERS,
        r"\delta^l_j = (\sum_k \delta^{l+1}_k \frac{\partial z^{l+1}_k}{\partial a^l_k}) \sigma'(z^l_k)",
        r"\delta^l_j = (\sum_k W^{l+1}_{kj} \delta^{l+1}_k) \sigma'(z^l_k)",  # only outside it may be another letter
    )
    assert inside.verdict == "ill-shaped"
    assert not outside.verdict.is_wrong


def test_a_lost_mean_is_put_where_it_was_lost_though_the_activation_is_open() -> None:
    text = r"""
$$z^{(i)} = w^T x^{(i)} + b, \quad a^{(i)} = \sigma(z^{(i)})$$

$$L^{(i)} = -y^{(i)} \log a^{(i)} - (1-y^{(i)}) \log(1-a^{(i)})$$

$$J = \frac{1}{m} \sum_{i=1}^m L^{(i)}$$

$$\frac{\partial J}{\partial w} = \sum_{i=1}^m (a^{(i)} - y^{(i)}) x^{(i)}$$
"""
    repair = symfnn.check(text).statements[-1].finding.repair
    assert repair is not None
    assert repair.latex.endswith(r"= \frac{1}{m} \sum_{i=1}^m (a^{(i)} - y^{(i)}) x^{(i)}")
