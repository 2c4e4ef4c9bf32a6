"""Vectors of which a text says only how many entries they have: they lie as its definitions need them."""

import pytest
from judging import judged

import symfnn
from symfnn.check.verdicts import Checked
from symfnn.elaboration.orientation import ROWS

_ROWS = r"""
- $a^l \in \mathbb{R}^{n_l}$ for $l = 0, \dots, L$
- $W^l \in \mathbb{R}^{n_{l-1} \times n_l}$, $b^l \in \mathbb{R}^{n_l}$ for $l = 1, \dots, L$
- $\sigma : \mathbb{R} \to \mathbb{R}$
- $z^l = a^{l-1} W^l + b^l$ for $l = 1, \dots, L$
- $a^l = \sigma(z^l)$ for $l = 1, \dots, L$
- $C = C(a^L) \in \mathbb{R}$
- $\delta^l = \frac{\partial C}{\partial z^l}$
"""
_BATCH = r"""
- $X \in \mathbb{R}^{N \times n}$, $W \in \mathbb{R}^{n \times k}$, $b \in \mathbb{R}^k$
- $T \in \mathbb{R}^{N \times k}$
- $Z = X W + b$
- $J = \frac{1}{2} \| Z - T \|^2$
- $D = \frac{\partial J}{\partial Z}$
"""


def checked(given: str, *formulas: str) -> list[Checked]:
    """The last statements of a text, judged."""
    text = given + "".join(f"\n$${formula}$$\n" for formula in formulas)
    return list(judged(text)[-len(formulas) :])


def verdicts(given: str, *formulas: str) -> list[str]:
    """The verdicts on the last statements of a text."""
    return [str(one.verdict) for one in checked(given, *formulas)]


def test_vectors_are_rows_where_the_definitions_fit_only_so() -> None:
    found = checked(
        _ROWS,
        r"\delta^l = \delta^{l+1} (W^{l+1})^T \odot \sigma'(z^l)",
        r"\frac{\partial C}{\partial W^l} = (a^{l-1})^T \delta^l",
        r"\frac{\partial z^l}{\partial a^{l-1}} = (W^l)^T",
    )
    assert [str(one.verdict) for one in found] == ["proved"] * 3
    assert all(ROWS in one.finding.assumptions for one in found)


def test_what_fits_neither_rows_nor_columns_is_ill_shaped() -> None:
    assert (
        verdicts(
            _ROWS,
            r"\delta^l = (W^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)",
            r"\delta^l = \delta^{l+1} W^{l+1} \odot \sigma'(z^l)",
            r"\frac{\partial C}{\partial W^l} = (\delta^l)^T a^{l-1}",
        )
        == ["ill-shaped"] * 3
    )


def test_what_columns_would_fit_is_left_open_and_wrong_numbers_are_refuted() -> None:
    assert verdicts(
        _ROWS,
        r"\delta^l = W^{l+1} \delta^{l+1} \odot \sigma'(z^l)",
        r"\frac{\partial C}{\partial W^l} = - (a^{l-1})^T \delta^l",
        r"\frac{\partial C}{\partial W^l} = (a^{l-1})^T \delta^l \odot \sigma'(z^l)",
    ) == ["undecided", "refuted", "refuted"]


def test_a_bias_beside_samples_in_rows_is_a_row() -> None:
    assert verdicts(
        _BATCH,
        r"\frac{\partial J}{\partial W} = X^T D",
        r"\frac{\partial J}{\partial b} = 1^T D",
        r"\frac{\partial J}{\partial b} = D",
        r"\frac{\partial J}{\partial b} = \frac{1}{N} 1^T D",
    ) == ["proved", "proved", "ill-shaped", "refuted"]


def test_columns_stay_columns_whatever_a_claim_would_need() -> None:
    given = r"""
- $x \in \mathbb{R}^n$, $W \in \mathbb{R}^{k \times n}$, $t \in \mathbb{R}^k$
- $z = W x$
- $J = \frac{1}{2} \| z - t \|^2$
- $d = \frac{\partial J}{\partial z}$
"""
    found = checked(given, r"\frac{\partial J}{\partial W} = d x^T", r"\frac{\partial J}{\partial W} = x^T d")
    assert [str(one.verdict) for one in found] == ["proved", "ill-shaped"]
    assert not found[0].finding.assumptions


@pytest.mark.parametrize("second", [r"z = x W", r"z_k = \sum_{l=1}^{m} W_{kl} x_l"])
def test_what_was_only_supposed_is_forgotten_with_the_definition_that_needed_it(second: str) -> None:
    first = r"z_i = \sum_{k=1}^{m} W_{ik} x_k" if "sum" not in second else r"z = x W"
    right, wrong = (r"W^T", r"W") if "sum" not in second else (r"W", r"W^T")
    found = checked("", first, second, *(rf"\frac{{\partial z}}{{\partial x}} = {side}" for side in (right, wrong)))
    assert [str(one.verdict) for one in found[2:]] == ["proved", "undecided"]
    assert any("of the definitions of z" in words for words in found[2].finding.assumptions)


@pytest.mark.parametrize("ones", [r"\mathbf{1}", r"\mathbf{1}_N"])
@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"\frac{\partial L}{\partial b} = \left(\frac{\partial L}{\partial Y}\right)^T ONES", "proved"),
        (r"\frac{\partial L}{\partial b_j} = \sum_{i=1}^N \frac{\partial L}{\partial Y_{ij}}", "proved"),
        (r"\frac{\partial L}{\partial b} = \frac{\partial L}{\partial Y} ONES", "ill-shaped"),
        (r"\frac{\partial L}{\partial b} = 2 \left(\frac{\partial L}{\partial Y}\right)^T ONES", "undecided"),
    ],
)
def test_a_column_that_is_added_to_every_row(claim: str, expected: str, ones: str) -> None:
    text = rf"""
- $X \in \mathbb{{R}}^{{N \times D}}$, $W \in \mathbb{{R}}^{{D \times M}}$, $b \in \mathbb{{R}}^M$
- $Y = XW + {ones} b^T$
"""
    found = symfnn.check(f"{text}\n$${claim.replace('ONES', ones)}$$\n").statements[-1]
    assert str(found.verdict) == expected
