r"""Surface trees written as LaTeX: what is written is read back as the same tree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symfnn.check.mistakes.tree import without_spans
from symfnn.latex.parser import parse
from symfnn.latex.writing import write

WRITTEN = [
    r"\delta^l = (W^{l+1})^{\top} \delta^{l+1} \odot \sigma'(z^l)",
    r"\frac{\partial C}{\partial w_{jk}^l} = a_k^{l-1} \delta_j^l",
    r"C = -\frac{1}{n} \sum_x (y \ln a + (1 - y) \ln(1 - a))",
    r"z_j^l = \sum_{k=1}^{n_{l-1}} w_{jk}^l a_k^{l-1} + b_j^l",
    r"a^{[1] (i)} = \tanh z^{[1] (i)}",
    r"{W^{[l]}}^T x",
    r"\mathbf{x} \in \mathbb{R}^{n \times m}",
    r"\hat{y} = \operatorname{softmax}(\boldsymbol{\theta})",
    r"\left\| a - y \right\|^2",
    r"\max(0, x)",
    r"\begin{cases} 1 & i = j \\ 0 & i \neq j \end{cases}",
    r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}",
    r"p(y \mid x)",
    r"\sqrt{x + 1}",
    r"W := W - \eta d W",
    r"e^{-z}",
    r"f'(z)",
]


@pytest.mark.parametrize("latex", WRITTEN)
def test_what_is_written_plainly_stays(latex):
    (statement,) = parse(latex)
    assert write(statement.content) == latex


ATOMS = st.sampled_from(
    ["a", "z^l", r"w_{jk}^{l+1}", r"\delta_j", "y", r"\mathbf{W}", r"\hat{y}", "2", r"a^{[l-1] (i)}", r"f'(z^l)"]
)


def _compound(inner):
    return st.one_of(
        st.builds(r"\frac{{{}}}{{{}}}".format, inner, inner),
        st.builds("({} + {})".format, inner, inner),
        st.builds(r"({} - {})^T".format, inner, inner),
        st.builds(r"{} \odot {}".format, inner, inner),
        st.builds(r"(\sum_k {})".format, inner),
        st.builds(r"\log({})".format, inner),
        st.builds(r"{} {}".format, inner, inner),
        st.builds(r"\sqrt{{{}}}".format, inner),
    )


@settings(max_examples=150, deadline=None)
@given(st.recursive(ATOMS, _compound, max_leaves=12))
def test_reading_what_was_written_gives_the_tree_again(latex):
    (statement,) = parse(latex)
    (again,) = parse(write(statement.content))
    assert without_spans(again.content) == without_spans(statement.content)


def test_a_function_before_a_factor_keeps_its_brackets():
    for latex in (r"\log(a) (a + b)", r"\log(2) a", r"\log a + b", r"\ln(a) \ln b"):
        (statement,) = parse(latex)
        assert write(statement.content) == latex
