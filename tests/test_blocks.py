"""Blocks of cells, neurons by number, sums without limits and equations that follow from another."""

import pytest
from judging import judged

import symfnn
from symfnn.check.verdicts import Checked

_GIVEN = r"""
$\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}$

- $W \in \mathbb{R}^{k \times n}$, $x \in \mathbb{R}^n$, $b, z, a, t \in \mathbb{R}^k$
- $f : \mathbb{R} \to \mathbb{R}$
- $z = W x + b$
- $a = f(z)$
- $J = \frac{1}{2} \sum (a - t)^2$
"""
_BATCH = r"""
- $m \in \mathbb{N}$, $W \in \mathbb{R}^{k \times n}$, $X \in \mathbb{R}^{n \times m}$, $Z \in \mathbb{R}^{k \times m}$
- $b \in \mathbb{R}^k$, $D \in \mathbb{R}^{k \times m}$, $z^{(i)}, d^{(i)} \in \mathbb{R}^k$ for $i = 1, \dots, m$
- $z_j^{(i)} = Z_{ji}$, $d_j^{(i)} = D_{ji}$ for $i = 1, \dots, m$
- $Z = W X + b$
"""
_ACCEPTED = ("proved", "tested")


def checked(formula: str, given: str = _GIVEN) -> Checked:
    """The last statement of a text, judged."""
    return judged(f"{given}\n$${formula}$$\n")[-1]


def verdict(formula: str, given: str = _GIVEN) -> str:
    """The verdict on the last statement of a text."""
    return str(checked(formula, given).verdict)


def cells(rows: str) -> str:
    """A block of these rows."""
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


@pytest.mark.parametrize(
    "right",
    [
        cells(
            r"\pd{J}{W_{11}} & \dots & \pd{J}{W_{1n}} \\ \vdots & \ddots & \vdots \\"
            r"\pd{J}{W_{k1}} & \dots & \pd{J}{W_{kn}}"
        ),
        cells(
            r"(a_1 - t_1) f'(z_1) x_1 & (a_1 - t_1) f'(z_1) x_2 & \cdots \\"
            r"(a_2 - t_2) f'(z_2) x_1 & (a_2 - t_2) f'(z_2) x_2 & \cdots \\ \vdots & \vdots & \ddots"
        ),
    ],
)
def test_a_block_with_dots_is_the_array_that_it_shows(right: str) -> None:
    assert verdict(rf"\frac{{\partial J}}{{\partial W}} = {right}") == "proved"
    assert verdict(rf"\frac{{\partial J}}{{\partial W}} = 2 {right}") == "refuted"


def test_a_transposed_block_does_not_fit() -> None:
    turned = cells(
        r"\pd{J}{W_{11}} & \dots & \pd{J}{W_{k1}} \\ \vdots & \ddots & \vdots \\"
        r"\pd{J}{W_{1n}} & \dots & \pd{J}{W_{kn}}"
    )
    # nothing shows yet how the text lays its gradients out
    assert verdict(rf"\frac{{\partial J}}{{\partial W}} = {turned}") == "undecided"


@pytest.mark.parametrize(
    "rows",
    [
        r"x_1 & \cdots & z_n",
        r"x_1 & y_2 & \cdots",
        r"x_1 & x_3 & \cdots",
        r"x_1 & \cdots & x_k",
        r"\cdots & x_n",
        r"x_1 & \cdots & x_j & \cdots & x_n",
    ],
)
def test_cells_without_a_pattern_are_left_open(rows: str) -> None:
    assert verdict(f"x^T = {cells(rows)}") == "undecided"


@pytest.mark.parametrize("rows", ["", r"\\", "&", r"\cdots", r"| \\ |", r"| & | \\ & \\ | & |"])
def test_a_block_that_shows_nothing_is_left_open(rows: str) -> None:
    assert verdict(f"x + 0 = {cells(rows)} + {cells(rows)}") == "undecided"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"Z = \begin{bmatrix} | & & | \\ z^{(1)} & \cdots & z^{(m)} \\ | & & | \end{bmatrix}", "proved"),
        (r"2 Z = \begin{bmatrix} | & & | \\ z^{(1)} & \cdots & z^{(m)} \\ | & & | \end{bmatrix}", "refuted"),
        (r"Z = \begin{bmatrix} z^{(1)} & z^{(2)} & z^{(3)} \end{bmatrix}", "proved"),
        (
            r"D Z^T = \begin{pmatrix} d^{(1)} & \cdots & d^{(m)} \end{pmatrix}"
            r"\begin{pmatrix} z^{(1)T} \\ \vdots \\ z^{(m)T} \end{pmatrix} = \sum_{i=1}^m d^{(i)} z^{(i)T}",
            "proved",
        ),
        (r"W X + b = \begin{pmatrix} b & W \end{pmatrix} \begin{pmatrix} \mathbf{1}^T \\ X \end{pmatrix}", "proved"),
        (r"W X + b = \begin{pmatrix} b & W \end{pmatrix} \begin{pmatrix} \mathbf{1}^T \\ 2 X \end{pmatrix}", "refuted"),
    ],
)
def test_columns_beside_each_other(formula: str, expected: str) -> None:
    assert verdict(formula, _BATCH) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"W x + b = <b & W> <1 \\ x>", "proved"),
        (r"W x + b = <b & W> <2 \\ x>", "refuted"),
        (r"W x + b = <b^T \\ W^T>^T <1 \\ x>", "proved"),
        (r"W x + b = <W & b> <1 \\ x>", "undecided"),
        (r"<1 \\ 2> \odot <3 \\ 4> = <3 \\ 8>", "proved"),
        (r"<1 \\ 2> \odot <3 \\ 4> = <3 \\ 7>", "refuted"),
        (r"<a_1 \\ a_2> = <f(z_1) \\ f(z_2)> = f(<z_1 \\ z_2>)", "proved"),
        (r"<a_1 \\ a_2> = f(<z_2 \\ z_1>)", "refuted"),
        (r"<z_1 \\ z_2> + 0 = <W_{11} & W_{12} \\ W_{21} & W_{22}> <x_1 \\ x_2> + <b_1 \\ b_2>", "proved"),
        (r"<z_1 \\ z_2> + 0 = <W_{11} & W_{21} \\ W_{12} & W_{22}> <x_1 \\ x_2> + <b_1 \\ b_2>", "refuted"),
        (
            r"<z_1 \\ z_2> + 0 = <W_{11} x_1 + W_{12} x_2 + b_1 \\ W_{21} x_1 + W_{22} x_2 + W_{23} x_3 + b_2>",
            "undecided",
        ),
    ],
)
def test_blocks_are_compared_part_by_part(formula: str, expected: str) -> None:
    """Angle brackets stand for a block."""
    assert verdict(formula.replace("<", r"\begin{bmatrix} ").replace(">", r" \end{bmatrix}")) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"b_1 + W_{11} x_1 + W_{12} x_2 = z_1", "proved"),
        (r"b_1 + W_{11} x_1 + W_{21} x_2 = z_1", "refuted"),
        (r"b_1 + W_{11} x_1 = z_1", "undecided"),
        (
            r"\pd{J}{x_1} = \pd{J}{z_1} W_{11} + \pd{J}{z_2} W_{21}",
            "tested",
        ),
        (
            r"\pd{J}{x_1} = \pd{J}{z_1} W_{11} + \pd{J}{z_2} W_{12}",
            "refuted",
        ),
    ],
)
def test_a_layer_that_is_written_out_has_as_many_neurons_as_are_written(formula: str, expected: str) -> None:
    found = checked(formula)
    assert str(found.verdict) == expected
    assert bool(found.finding.assumptions) == (expected in ("proved", "tested"))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (
            r"\pd{J}{x_j} = \pd{J}{z_1} W_{1j} + \cdots + \pd{J}{z_k} W_{kj}",
            "proved",
        ),
        (
            r"\pd{J}{x_j} = \pd{J}{z_1} W_{1j} + \cdots + 2 \pd{J}{z_k} W_{kj}",
            "undecided",
        ),
        (r"2 J = \sum (a_i - t_i)^2", "proved"),
        (r"3 J = \sum (a - t)^2", "refuted"),
        (r"\pd{J}{z_i} = \sum (a_k - t_k) f'(z_k) \delta_{ik}", "proved"),
        (r"\pd{J}{W_{ij}} = \delta_{ij} x_j", "undecided"),
        (r"J = \sum W x", "undecided"),
    ],
)
def test_sums_by_what_is_written(formula: str, expected: str) -> None:
    assert verdict(formula) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"z_i = \sum_j W_{ij} x_j + b_i \Rightarrow \pd{z_i}{b_i} = 1", "proved"),
        (r"z_i = \sum_j W_{ij} x_j + b_i \rightarrow \pd{z_i}{b_i} = 2", "refuted"),
        (r"\pd{J}{a} = 0 \Rightarrow \pd{z_i}{b_i} = 2", "undecided"),
        (r"\pd{J}{a} = a - t \in R", "proved"),
    ],
)
def test_what_follows_is_claimed_where_the_condition_holds(formula: str, expected: str) -> None:
    assert verdict(formula) == expected


def test_a_block_of_two_entries_says_which_width_it_takes() -> None:
    both = r"\frac{\partial C}{\partial b^L} = \begin{bmatrix} \delta^L_1 \\ \delta^L_2 \end{bmatrix}"
    (statement,) = symfnn.check(both, notation="nielsen").statements
    assert str(statement.verdict) in ("proved", "tested")
    assert statement.finding.assumptions == ("s_{L} = 2",)


def test_a_width_is_assumed_in_the_letters_of_the_text() -> None:
    given = (
        r"$z^k, b^k, x^k \in \mathbb{R}^{n_k}$, $W^k \in \mathbb{R}^{n_k \times n_{k-1}}$ for $k = 1, \dots, K$",
        "$$z^k = W^k x^{k-1} + b^k$$",
    )
    cells = (rf"\sum_j W_{{{i}j}}^k x_j^{{k-1}} + b_{i}^k" for i in (1, 2))
    claim = r"$$z^k = \begin{bmatrix} " + r" \\ ".join(cells) + r" \end{bmatrix}$$"
    statement = symfnn.check("\n\n".join((*given, claim))).statements[-1]
    assert statement.finding.assumptions == ("n_{k} = 2",)


_WEIGHED = r"$w \in \mathbb{R}^n$, $x \in \mathbb{R}^n$, $b \in \mathbb{R}$"


@pytest.mark.parametrize("right", [r"w_1 x_1 + w_2 x_2 + \cdots + w_n x_n + b", r"b + w_1 x_1 + \cdots + w_n x_n"])
def test_terms_beside_dots_need_not_belong_to_them(right: str) -> None:
    given = f"{_WEIGHED}\n$$z = {right}$$\n"
    assert str(checked(r"\frac{\partial z}{\partial w_i} = x_i", given).verdict) == "proved"
    assert str(checked(r"\frac{\partial z}{\partial b} = 1", given).verdict) == "proved"
    assert checked(r"z = w^T x + b", given).finding.message == "this repeats a definition"


@pytest.mark.parametrize("right", [r"w_1 x_1 + w_2 x_2 + \cdots - w_n x_n", r"w_1 x_1 + \cdots + b + w_n x_n"])
def test_dots_before_something_else_are_left_open(right: str) -> None:
    assert str(checked(f"z = {right}", _WEIGHED).verdict) == "undecided"


_TWO_CASES = r"""
- $W^l \in \mathbb{R}^{n_l \times n_{l-1}}$, $b^l \in \mathbb{R}^{n_l}$ for $l = 2, \dots, L$
- $\sigma : \mathbb{R} \to \mathbb{R}$
- $w^l = W^l$ for $l = 2, \dots, L$
- $z^l = W^l a^{l-1} + b^l$ for $l = 2, \dots, L$
- $a^l = \sigma(z^l)$ for $l = 2, \dots, L$
- $C = \frac{1}{2} \|a^L - y\|^2$
- $\delta^l = \frac{\partial C}{\partial z^l}$ for $l = 2, \dots, L$
"""


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"\frac{\partial C}{\partial w^l} = \delta^l (a^{l-1})^T", "proved"),
        (r"\frac{\partial C}{\partial w_{jk}^l} = \delta_j^l a_k^{l-1}", "proved"),
        (r"\frac{\partial C}{\partial w^l} = \delta^l (a^l)^T", "ill-shaped"),
    ],
)
def test_a_given_array_is_written_with_a_small_letter_too(claim: str, expected: str) -> None:
    assert str(checked(claim, _TWO_CASES).verdict) == expected


def test_a_number_that_a_later_section_states_is_no_list_of_an_earlier_one() -> None:
    given = r"""
# Many outputs

- $y_k \in \mathbb{R}$, $a_k \in \mathbb{R}$ for $k = 1, \dots, K$
- $\sigma(a) = \frac{1}{1 + e^{-a}}$

# One output

- $y \in \mathbb{R}$, $a \in \mathbb{R}$
- $y = \sigma(a)$
"""
    assert str(checked(r"\frac{dy}{da} = y (1 - y)", given).verdict) == "proved"


def test_a_bold_letter_is_no_number_of_a_later_section() -> None:
    given = r"""
# One

- $\mathbf{x}, \mathbf{c} \in \mathbb{R}^{n}$

# Two

- $c \in \mathbb{R}$
"""
    assert str(checked(r"u = \mathbf{c}^\top \mathbf{x} + c", given).verdict) == "definition"
