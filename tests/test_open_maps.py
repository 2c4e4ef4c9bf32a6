"""Derivatives of names that nothing defines: the chain rule is accepted for whatever functions they are, no slip is."""

import pytest
from judging import judged

from symfnn.check.verdicts import Checked

FORKED = r"\frac{dz}{dt} = \frac{\partial z}{\partial x} \frac{dx}{dt} + \frac{\partial z}{\partial y} \frac{dy}{dt}"


def checked(*formulas: str) -> list[Checked]:
    """The statements of a Markdown document with these formulas, one on each line."""
    text = "\n\n".join(f"$${formula}$$" for formula in formulas)
    return list(judged(text, timeout=30))


@pytest.mark.parametrize(
    "claim",
    [
        r"\frac{dz}{dx} = \frac{dz}{dy} \frac{dy}{dx}",
        r"\frac{\partial z}{\partial x_i} = \sum_j \frac{\partial z}{\partial y_j} \frac{\partial y_j}{\partial x_i}",
        r"\nabla_{\mathbf{x}} z = (\frac{\partial \mathbf{y}}{\partial \mathbf{x}})^\top \nabla_{\mathbf{y}} z",
        FORKED,
    ],
)
def test_the_chain_rule_is_proved_for_any_functions_that_its_derivatives_name(claim: str) -> None:
    found = checked(claim)[-1].finding
    assert str(found.verdict) == "proved"
    assert any(words.startswith("z is taken to be a function of ") for words in found.assumptions)


@pytest.mark.parametrize(
    "claim",
    [
        r"\frac{dz}{dx} = \frac{dz}{dy}",
        r"\frac{dz}{dx} = \frac{dz}{dy} \frac{dx}{dy}",
        r"\frac{dz}{dx} = \frac{dz}{dy} \frac{dy}{dx} \frac{dy}{dx}",
        r"\frac{\partial z}{\partial x_i} = \frac{\partial z}{\partial y_i} \frac{\partial y_i}{\partial x_i}",
        r"\frac{\partial z}{\partial x_i} = \sum_j \frac{\partial z}{\partial y_j} \frac{\partial y_i}{\partial x_j}",
        r"\nabla_{\mathbf{x}} z = \frac{\partial \mathbf{y}}{\partial \mathbf{x}} \nabla_{\mathbf{y}} z",
        r"\frac{dz}{dt} = \frac{\partial z}{\partial x} \frac{dx}{dt} + \frac{\partial z}{\partial y}",
        r"\frac{dz}{dt} = \frac{\partial z}{\partial x} \frac{dy}{dt} + \frac{\partial z}{\partial y} \frac{dx}{dt}",
    ],
)
def test_what_is_no_chain_rule_is_neither_accepted_nor_refuted(claim: str) -> None:
    assert str(checked(claim)[-1].finding.verdict) == "undecided"


def test_a_road_that_another_formula_shows_has_to_be_there() -> None:
    lost = r"\frac{dz}{dt} = \frac{\partial z}{\partial x} \frac{dx}{dt}"
    alone, (_, beside) = checked(lost), checked(FORKED, lost)
    assert str(alone[0].finding.verdict) == "proved"
    assert str(beside.finding.verdict) == "undecided"


@pytest.mark.parametrize("stated", [r"z = W^\top h + b", r"z^{(l)} = W^{(l)} z^{(l-1)} + b^{(l)}"])
def test_a_letter_of_the_network_may_be_another_one_where_the_chain_rule_is_recalled(stated: str) -> None:
    recalled = r"\frac{dz}{dx} = \frac{dz}{dy} \frac{dy}{dx}"
    slips = (r"\frac{dz}{dx} = \frac{dz}{dy}", r"\frac{dz}{db} = \frac{dz}{dq} \frac{dq}{db}")
    found = [str(one.finding.verdict) for one in checked(stated, recalled, *slips)]
    assert found == ["definition", "proved", "undecided", "undecided"]
