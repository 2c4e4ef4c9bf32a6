"""An objective that a text leaves open where it is differentiated: accepted with what is supposed, never refuted."""

import time

import pytest
from judging import judged

from symfnn.check import judge
from symfnn.check.checker import Options, check_document
from symfnn.check.verdicts import Checked
from symfnn.documents.reader import read_text

LAYER = (
    r"x \in \mathbb{R}^{m}, t \in \mathbb{R}^{m}",
    r"E = \frac{1}{2} \sum_{i=1}^m (x_i - t_i)^2",
    r"y_i = \frac{1}{1 + e^{-x_i}}",
)
ALONE = ("E is taken to be a function of y alone",)


def checked(*formulas: str) -> list[Checked]:
    """The statements of a Markdown document with these formulas, one on each line."""
    text = "\n\n".join(f"$${formula}$$" for formula in formulas)
    return list(judged(text, timeout=30))


@pytest.mark.parametrize(
    "claim",
    [
        r"\frac{\partial E}{\partial x_i} = \frac{\partial E}{\partial y_i} \cdot \frac{\partial y_i}{\partial x_i}",
        r"\frac{\partial E}{\partial x} = \frac{\partial E}{\partial y} \odot y \odot (1 - y)",
    ],
)
def test_a_layer_by_itself_is_proved_for_any_objective_behind_it(claim: str) -> None:
    found = checked(*LAYER, claim)[-1].finding
    assert str(found.verdict) == "proved"
    assert found.assumptions == ALONE


@pytest.mark.parametrize(
    "claim",
    [
        r"\frac{\partial E}{\partial x_i} = \frac{\partial E}{\partial y_i}",
        r"\frac{\partial E}{\partial x_i} = \frac{\partial E}{\partial y_j} y_i (1 - y_i)",
        r"\frac{\partial E}{\partial y_i} = \frac{\partial E}{\partial x_i} \cdot \frac{\partial y_i}{\partial x_i}",
        r"\frac{\partial E}{\partial y_i} = y_i - t_i",
        r"\frac{\partial E}{\partial y_i} \cdot \frac{\partial y_i}{\partial x_i} = x_i - t_i",
    ],
)
def test_what_such_a_layer_does_not_give_is_neither_accepted_nor_refuted(claim: str) -> None:
    assert str(checked(*LAYER, claim)[-1].finding.verdict) == "undecided"


def test_the_objective_keeps_its_definition_where_that_says_enough() -> None:
    found = [one.finding for one in checked(*LAYER, r"\frac{\partial E}{\partial x_i} = x_i - t_i")]
    assert str(found[-1].verdict) == "proved"
    assert not found[-1].assumptions


def test_a_road_around_the_later_quantity_leaves_it_open() -> None:
    around = (r"z_i = x_i + y_i", r"E \in \mathbb{R}")
    claim = r"\frac{\partial E}{\partial x_i} = \frac{\partial E}{\partial y_i} y_i (1 - y_i)"
    behind = r"\frac{\partial E}{\partial x_i} = \frac{\partial E}{\partial z_i} (1 + y_i (1 - y_i))"
    found = [one.finding for one in checked(LAYER[0], LAYER[2], *around, claim, behind)]
    assert [str(one.verdict) for one in found[-2:]] == ["undecided", "proved"]
    assert found[-1].assumptions == ("E is taken to be a function of z alone",)


AFFINE = (r"x \in \mathbb{R}^{m}, b \in \mathbb{R}^{n}, W \in \mathbb{R}^{n \times m}", r"y = W x + b")


def test_an_objective_that_nothing_states_is_supposed_in_so_many_words() -> None:
    found = checked(*AFFINE, r"\frac{\partial E}{\partial W} = \frac{\partial E}{\partial y} x^T")[-1].finding
    assert str(found.verdict) == "proved"
    assert found.assumptions == ALONE


def test_nothing_is_refuted_of_an_objective_that_nothing_states() -> None:
    found = checked(*AFFINE, r"\frac{\partial E}{\partial b_i} = 2 \frac{\partial E}{\partial y_i}")[-1].finding
    assert str(found.verdict) == "undecided"


def test_what_holds_without_the_objective_does_not_suppose_it() -> None:
    slope = r"\frac{\partial y_i}{\partial x_j} = W_{ij}"
    found = checked(*AFFINE, r"\frac{\partial E}{\partial b} = \frac{\partial E}{\partial y}", slope)[-1].finding
    assert str(found.verdict) == "proved"
    assert not found.assumptions


NETWORK = (
    r"W^l \in \mathbb{R}^{n_l \times n_{l-1}}, \quad l = 1, \dots, L",
    r"a^l \in \mathbb{R}^{n_l}, \quad l = 0, \dots, L",
    r"z^l = W^l a^{l-1}, \quad l = 1, \dots, L",
    r"a^l = \sigma(z^l), \quad l = 1, \dots, L",
    r"x \in \mathbb{R}^{m}",
    r"C = \sum_i x_i^2",
    r"\delta^l = \frac{\partial C}{\partial z^l}",
)


@pytest.mark.parametrize(
    ("right", "accepted"),
    [
        (r"((W^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)", True),
        (r"((W^{l+1})^T \delta^{l+1}) \odot \sigma(z^l)", False),
        (r"(W^{l+1})^T \delta^{l+1}", False),
    ],
)
def test_with_layers_it_is_a_function_of_the_last_outputs(right: str, accepted: bool) -> None:
    found = checked(*NETWORK, rf"\delta^l = {right}")[-1].finding
    assert str(found.verdict) == ("proved" if accepted else "undecided")
    assert found.assumptions == (("C is taken to be a function of a of the last layer alone",) if accepted else ())


def test_a_row_that_begins_with_its_sign_says_what_its_second_part_is() -> None:
    error = r"= E = \frac{1}{2} \sum_{i=1}^m (x_i - t_i)^2"
    found = checked(LAYER[0], error, r"\frac{\partial E}{\partial x_i} = x_i - t_i", r"= x_i - t_i")
    assert [str(one.finding.verdict) for one in found[2:]] == ["definition", "proved", "proved"]


BATCH = (
    r"q = 1, \dots, n",
    r"U \in \mathbb{R}^{n \times m}, W \in \mathbb{R}^{k \times m}, X \in \mathbb{R}^{n \times k}",
    r"U = X W",
    r"H = \tanh(U)",
)


def test_an_objective_of_one_sample_is_a_function_of_its_outputs_alone() -> None:
    slope = r"\frac{\partial E^q}{\partial U_{qj}} = \frac{\partial E^q}{\partial H_{qj}}"
    found = checked(*BATCH, rf"{slope} (1 - H_{{qj}}^2)", rf"{slope} (1 - H_{{qj}})")
    assert [str(one.finding.verdict) for one in found[-2:]] == ["proved", "undecided"]
    assert found[-2].finding.assumptions


def test_what_may_hold_for_a_function_left_open_is_not_refuted_for_want_of_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def slow(_: object) -> list[object]:
        time.sleep(0.6)
        return []

    monkeypatch.setattr(judge, "variants", slow)
    formulas = "\n\n".join(f"$${one}$$" for one in (r"x, y \in \mathbb{R}", r"z = x y", r"\frac{dz}{dx} = x"))
    for seconds, verdict in ((0.5, "undecided"), (5.0, "refuted")):
        report = check_document(read_text("note.md", formulas, "markdown"), None, Options(timeout=seconds))
        assert str(report.statements[-1].finding.verdict) == verdict
