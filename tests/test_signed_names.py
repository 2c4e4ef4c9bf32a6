r"""Derivatives that a sign names, defined for one quantity and used for all: \bar{y}, d z, \delta x."""

import pytest

import symfnn
from symfnn.check.verdicts import Finding

NETWORK = r"""
$$z_i = \sum_j w_{ij}^{(1)} x_j + b_i^{(1)}$$
$$h_i = \sigma(z_i)$$
$$y_k = \sum_i w_{ki}^{(2)} h_i + b_k^{(2)}$$
$$\mathcal{L} = \frac12 \sum_k (y_k - t_k)^2$$
"""
BARRED = NETWORK + r"$$\overline{y_k} = \frac{\partial \mathcal{L}}{\partial y_k}$$"
LOWER_D = NETWORK + r"$$d y_k = \frac{\partial \mathcal{L}}{\partial y_k}$$"


def last(document: str, claim: str) -> Finding:
    return symfnn.check(f"{document}\n$$\n{claim}\n$$\n").statements[-1].finding


@pytest.mark.parametrize(
    ("document", "claim"),
    [
        (BARRED, r"\overline{w_{ki}^{(2)}} = \overline{y_k} h_i"),
        (BARRED, r"\overline{h_i} = \sum_k \overline{y_k} w_{ki}^{(2)}"),
        (BARRED, r"\overline{z_i} = \sigma'(z_i) \sum_k \bar{y}_k w_{ki}^{(2)}"),
        (BARRED, r"\overline{\mathbf{W}^{(2)}} = \overline{\mathbf{y}} \mathbf{h}^\top"),
        (LOWER_D, r"d h_i = \sum_k d y_k w_{ki}^{(2)}"),
    ],
)
def test_a_sign_that_is_defined_once_names_every_derivative(document: str, claim: str) -> None:
    finding = last(document, claim)
    assert finding.verdict in ("proved", "tested")
    assert any("as its sign says elsewhere" in words for words in finding.assumptions)


@pytest.mark.parametrize(
    ("document", "claim"),
    [
        (BARRED, r"\overline{w_{ki}^{(2)}} = \overline{y_k} x_i"),
        (BARRED, r"\overline{h_i} = \sum_k \overline{y_k} h_i"),
        (BARRED, r"\overline{z_i} = \sigma(z_i) \sum_k \bar{y}_k w_{ki}^{(2)}"),
        (LOWER_D, r"d h_i = -\sum_k d y_k w_{ki}^{(2)}"),
    ],
)
def test_a_false_claim_about_such_a_name_stays_open(document: str, claim: str) -> None:
    assert last(document, claim).verdict == "undecided"


def test_a_sign_that_nothing_defines_names_no_derivative() -> None:
    assert last(NETWORK, r"\bar{h} = \frac{1}{3} (h_1 + h_2 + h_3)").verdict not in ("proved", "tested", "refuted")
