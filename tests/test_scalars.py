"""The second reading of formulas, by which accepted mutants are judged: it knows right formulas from wrong ones."""

import sys
from functools import cache
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))
from scalars.stated import Size
from scalars.statements import network, of_notation
from scalars.truth import links_of, truth

from symfnn.latex.parser import parse
from symfnn.notations import loader

SIGMOID = "article", "The sigmoid network with the cross-entropy loss"


@cache
def written_out(name, *titles):
    return network(of_notation(loader.text(name), titles), Size((3, 2, 4), 2))


def holds(formula, *notation):
    (statement,) = parse(formula)
    return truth(written_out(*notation), links_of(statement.content), statement.remarks).holds


@pytest.mark.parametrize(
    ("formula", "notation"),
    [
        (r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)", ("nielsen",)),
        (r"\delta_j^L = a_j^L - y_j", ("nielsen", "Softmax output with the log-likelihood cost")),
        (r"\nabla_{\Theta^{(l)}} J = \begin{bmatrix} 1 \\ a^{(l-1)} \end{bmatrix} \delta^{(l)T}", ("article",)),
        (r"\frac{\partial R}{\partial w_{ij}^{(l)}} = \frac{\lambda}{m} w_{ij}^{(l)}", SIGMOID),
        (r"dZ^{[l]} = (W^{[l+1]T} dZ^{[l+1]}) * {g^{[l]}}'(Z^{[l]}) \qquad l = 1, \dots, L-1", ("ng",)),
        (r"db^{[l]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[l](i)}", ("ng",)),
        (r"\nabla_{W^{(k)}} J = h^{(k-1)} (\nabla_{a^{(k)}} L)^\top + \lambda W^{(k)}", ("goodfellow", "Weight decay")),
        (r"\Delta v_{ih} = \eta b_h (1 - b_h) \sum_{j=1}^{l} w_{hj} g_j x_i", ("zhou",)),
    ],
)  # fmt: skip
def test_a_right_formula_holds(formula, notation):
    assert holds(formula, *notation) is True


@pytest.mark.parametrize(
    ("formula", "notation"),
    [
        (r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^{l+1})", ("nielsen",)),  # shapes
        (r"\delta_j^l = \sum_k w_{kj}^{l+1} \delta_k^{l+1}", ("nielsen",)),
        (r"\delta_j^L = y_j - a_j^L", ("nielsen", "Softmax output with the log-likelihood cost")),
        (r"\frac{\partial R}{\partial w_{ij}^{(l)}} = \frac{\lambda}{2m} w_{ij}^{(l)}", SIGMOID),
        (r"\frac{\partial R}{\partial w_{ji}^{(l)}} = \frac{\lambda}{m} w_{ij}^{(l)}", SIGMOID),
        (r"dW^{[l]} = dZ^{[l]} A^{[l-1]T}", ("ng",)),
        (r"db^{[l]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[l](1)}", ("ng",)),
        (r"\Delta v_{ih} = \eta b_h \sum_{j=1}^{l} w_{hj} g_j x_i", ("zhou",)),
    ],
)
def test_a_wrong_formula_does_not_hold(formula, notation):
    assert holds(formula, *notation) is False


@pytest.mark.parametrize(
    "formula",
    [
        r"\delta^l = q_j^l",  # nothing says what q is
        r"\delta^{l} = \frac{\partial z^l}{\partial a^l}",  # a Jacobian
        r"\delta_j^l = \sum_{k=1}^{s_{l+1} + 1} w_{kj}^{l+1} \delta_k^{l+1}",  # stands for nothing anywhere
        r"\delta^l = \max(0, z^l)",
    ],
)
def test_what_is_not_read_is_not_shown(formula):
    assert holds(formula, "nielsen") is None


def test_the_sum_of_targets_that_is_agreed_on_is_used():
    assert holds(r"\sum_j y_j = 1", "nielsen", "Softmax output with the log-likelihood cost") is True
    assert holds(r"\sum_j y_j = 1", "nielsen") is False


def test_a_function_that_nothing_is_said_of_is_any_function():
    assert holds(r"\sigma'(z) = \sigma(z) (1 - \sigma(z))", "nielsen") is False
    assert holds(r"\sigma'(z) = \sigma(z) (1 - \sigma(z))", "nielsen", "The cross-entropy cost with sigmoid neurons")
