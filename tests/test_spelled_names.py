"""Texts that type words letter by letter and label single neurons: net_{h1}, out_{o1}, E_{total}."""

import pytest

import symfnn
from symfnn.elaboration.spelled_names import worded
from symfnn.latex.parser import parse
from symfnn.latex.writing import write

NETWORK = r"""
$$net_{h1} = w_1 * i_1 + w_2 * i_2 + b_1 * 1$$

$$out_{h1} = \frac{1}{1+e^{-net_{h1}}}$$

$$net_{o1} = w_5 * out_{h1} + w_6 * out_{h2} + b_2 * 1$$

$$out_{o1} = \frac{1}{1+e^{-net_{o1}}}$$

$$E_{total} = E_{o1} + E_{o2}$$

$$E_{o1} = \frac{1}{2}(target_{o1} - out_{o1})^2, \quad E_{o2} = \frac{1}{2}(target_{o2} - out_{o2})^2$$
"""


def last(claim: str) -> str:
    return str(symfnn.check(f"{NETWORK}\n$$\n{claim}\n$$\n").statements[-1].verdict)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"\frac{\partial E_{total}}{\partial out_{o1}} = -(target_{o1} - out_{o1})", "proved"),
        (
            r"\frac{\partial E_{total}}{\partial w_5} = -(target_{o1} - out_{o1}) * out_{o1}(1 - out_{o1}) * out_{h1}",
            "proved",
        ),
        (r"\frac{\partial net_{o1}}{\partial out_{h1}} = w_5", "proved"),
        (r"\frac{\partial E_{total}}{\partial out_{o1}} = target_{o1} - out_{o1}", "refuted"),
        (r"\frac{\partial out_{h1}}{\partial net_{h1}} = out_{h1}(1 - out_{o1})", "refuted"),
    ],
)
def test_a_network_of_labelled_neurons_is_understood(claim: str, expected: str) -> None:
    assert last(claim) == expected


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"target - output", r"\text{target} - \text{output}"),
        (r"net_j = \eta out^2", r"\text{net}_j = \eta \text{out}^2"),
        (r"E_{total}", r"E_{\text{total}}"),
        (r"n e t_j", r"n e t_j"),  # spaces: a product
        (r"xnet", r"x n e t"),
        (r"w_{ijk}", r"w_{i j k}"),
    ],
)
def test_only_usual_words_are_names(latex: str, expected: str) -> None:
    (statement,), (wanted,) = parse(latex), parse(expected)
    assert write(worded(statement).content) == write(wanted.content)


def test_a_letter_that_is_an_index_labels_nothing() -> None:
    text = r"""
$$z_h = \sum_j W_{hj} x_j$$

$$u = z_{h1}$$

$$v = x_{h1}$$
"""
    assert str(symfnn.check(text).statements[0].verdict) == "definition"


def test_a_repair_is_written_as_the_text_writes_its_names() -> None:
    claim = r"\frac{\partial out_{h1}}{\partial net_{h1}} = out_{h1}(1 - out_{o1})"
    repair = symfnn.check(f"{NETWORK}\n$$\n{claim}\n$$\n").statements[-1].finding.repair
    assert repair is not None
    assert "out_{h1}" in repair.latex
    assert "text" not in repair.latex
