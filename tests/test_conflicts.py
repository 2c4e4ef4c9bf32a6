"""Definitions that contradict one another: which is in force, what that makes of claims, and how a reader learns it."""

import json
from importlib import resources

import pytest

from symfnn.check import session
from symfnn.check.checker import Options, check_document
from symfnn.check.verdicts import DocumentReport, Report
from symfnn.documents.reader import read_text
from symfnn.reports.check_json import to_json
from symfnn.reports.check_text import to_text

SHAPES = r"W \in \mathbb{R}^{m \times n}", r"x \in \mathbb{R}^n", r"b \in \mathbb{R}^m", r"t \in \mathbb{R}^m"
AFFINE = (*SHAPES, r"y = W x + b")
LOSS = r"E = \frac{1}{2} \sum_i (y_i - t_i)^2"
OTHER_LOSS = r"E = - \sum_i t_i \log y_i"


def report(*formulas: str) -> DocumentReport:
    """The report on a Markdown document with these formulas (or other lines), one on every second line."""
    text = "\n\n".join(one if one.startswith(("#", "<")) else f"$${one}$$" for one in formulas)
    return session.check(read_text("note.md", text, "markdown"), None, Options(timeout=5))


def verdicts(*formulas: str) -> list[str]:
    """The verdicts on the statements that are no declarations."""
    found = [str(one.verdict) for one in report(*formulas).statements]
    return [verdict for verdict in found if verdict != "declaration"]


def test_the_latest_of_two_losses_is_in_force_and_named() -> None:
    gradient = r"\frac{\partial E}{\partial y_i} = - \frac{t_i}{y_i}"
    found = report(*AFFINE, LOSS, OTHER_LOSS, gradient)
    assert [str(one.verdict) for one in found.statements[-2:]] == ["definition", "proved"]
    assert found.statements[-1].finding.assumptions == ("of the definitions of E the one on line 13 holds",)
    (remark,) = found.remarks
    assert (remark.code, remark.fails) == ("conflict", False)
    assert remark.related is not None
    assert found.source.position(remark.related.start).line == 11


def test_a_conflict_is_seen_in_the_reports_and_counted() -> None:
    found = Report((report(*AFFINE, LOSS, OTHER_LOSS),))
    assert "1 conflict of definitions" in to_text(found)
    content = json.loads(to_json(found))
    assert content["summary"]["conflicts"] == 1
    assert content["documents"][0]["remarks"][0]["related"] == {"line": 11, "column": 3}
    assert (found.is_wrong, found.is_undecided) == (False, True)


def test_a_directive_silences_a_conflict() -> None:
    found = report(*AFFINE, LOSS, "<!-- symfnn: ignore[conflict] -->", OTHER_LOSS)
    assert found.remarks == ()


def test_a_claim_is_refuted_only_where_it_fails_under_every_definition() -> None:
    by_the_first = r"\frac{\partial E}{\partial y_i} = y_i - t_i"
    by_none = r"\frac{\partial E}{\partial y_i} = t_i - y_i"
    assert verdicts(*AFFINE, LOSS, OTHER_LOSS, by_the_first, by_none)[-2:] == ["undecided", "refuted"]


@pytest.mark.parametrize(
    "restated",
    [
        r"y = W x",
        r"y = W x - b",
        r"y_i = \sum_j W_{ij} x_j^2 + b_i",
        r"y_i = \sum_j W_{ij} x_j",
    ],
)
def test_what_may_be_a_claim_with_a_slip_is_left_open_and_not_in_force(restated: str) -> None:
    found = report(*AFFINE, restated, r"\frac{\partial y_i}{\partial b_k} = \delta_{ik}")
    assert (str(found.statements[-2].verdict), found.statements[-2].finding.code) == ("undecided", "conflict")
    assert str(found.statements[-1].verdict) == "proved"
    assert found.remarks == ()


def test_a_formula_for_all_layers_with_a_slip_is_left_open() -> None:
    forward = (r"\sigma(z) = \frac{1}{1 + e^{-z}}", r"z^l = W^l a^{l-1} + b^l", r"a^l = \sigma(z^l)")
    slips = (r"z^{l+1} = W^l a^l + b^l", r"a^l = \sigma(z^{l-1})", r"a^l = \tanh(z^l)", r"z^l = W^l a^{l-1}")
    for slip in slips:
        assert verdicts(*forward, slip)[-1] in ("undecided", "ill-shaped")


def test_an_activation_is_one_function_after_another() -> None:
    given = (r"g(z) = \frac{1}{1 + e^{-z}}", r"g(z) = \max(z, 0)", r"g(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}")
    claims = (r"g'(z) = 1 - g(z)^2", r"g'(z) = g(z) (1 - g(z))", r"g'(z) = 1 + g(z)")
    found = report(*given, *claims).statements
    assert [str(one.verdict) for one in found] == ["definition"] * 3 + ["proved", "proved", "refuted"]
    assert found[4].finding.assumptions == ("of the definitions of g the one on line 1 holds",)
    mixed = (r"g'(z) = 1 - g(z)^2 = g(z) (1 - g(z))", r"1 - g(z)^2 = g'(z) = g(z) (1 - g(z))")
    assert verdicts(*given, *mixed)[-2:] == ["refuted", "undecided"]  # no one definition makes both links hold


def test_a_definition_that_was_used_before_the_next_one_is_not_given_beside_it() -> None:
    first, second = r"g(z) = \frac{1}{1 + e^{-z}}", r"g(z) = \max(z, 0)"
    claim = r"g'(z) = g(z) (1 - g(z))"
    assert verdicts(first, claim, second, claim) == ["definition", "proved", "definition", "undecided"]
    assert verdicts(first, second, r"g'(z) = g(z) (1 + g(z))")[-1] == "refuted"


def test_what_is_defined_right_behind_its_use_holds_there_whatever_comes_later() -> None:
    softmax = (r"x \in \mathbb{R}^n", r"y_i = \frac{e^{x_i}}{\sum_k e^{x_k}}", r"E = E(y) \in \mathbb{R}")
    uses = r"\frac{\partial E}{\partial x_i} = \sum_j J_{ij} \frac{\partial E}{\partial y_j}"
    where = r"\text{where } J_{ij} = y_i (\mathbf{1}\{i = j\} - y_j)"
    wrong = where.replace("- y_j", "+ y_j")
    later = r"y_i := x_i^2"
    assert verdicts(*softmax, uses, where, later)[2:] == ["proved", "definition", "definition"]
    assert verdicts(*softmax, uses, wrong, later)[2] == "undecided"


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (r"a_j^L = p_j = \frac{e^{z_j^L}}{\sum_k e^{z_k^L}}", "definition"),
        (r"a_j^L = p_j = \frac{e^{-z_j^L}}{\sum_k e^{z_k^L}}", "undecided"),
        (r"a_j^L = p_j = \frac{e^{z_j^L}}{1 + e^{z_j^L}}", "proved"),
        (r"a_j^L = p_j = 1 - \sigma(z_j^L)", "undecided"),
        (r"\frac{\partial a_j^l}{\partial z_j^l} = g_j^l = a_j^l (1 - a_j^l)", "proved"),
        (r"\frac{\partial a_j^l}{\partial z_j^l} = g_j^l = a_j^l (1 + a_j^l)", "refuted"),
        (r"\frac{\partial a^l}{\partial z^l} = \textrm{op}(a^l, z^l) = a^l", "undecided"),
    ],
)
def test_a_chain_may_name_what_it_is_about(chain: str, expected: str) -> None:
    network = (r"\sigma(z) = \frac{1}{1 + e^{-z}}", r"z^l = W^l a^{l-1} + b^l", r"a^l = \sigma(z^l)")
    assert verdicts(*network, chain)[-1] == expected


def test_a_name_in_a_chain_stands_for_the_derivative_before_it_even_where_the_rest_is_wrong() -> None:
    given = (*AFFINE, LOSS, r"\frac{\partial E}{\partial y_i} = d_i = y_i + t_i")
    claims = (r"\frac{\partial E}{\partial b_i} = d_i", r"d_i = t_i - y_i")
    assert verdicts(*given, *claims)[-3:] == ["refuted", "proved", "refuted"]


def test_a_sum_goes_on_over_terms_that_have_its_index_twice() -> None:
    given = (r"x \in \mathbb{R}^n", r"t \in \mathbb{R}^n", r"w \in \mathbb{R}^n", r"b \in \mathbb{R}^n")
    entropy = r"E = - \sum_{i=1}^n t_i \log x_i + (1 - t_i) \log (1 - x_i)"
    right, wrong = (
        rf"\frac{{\partial E}}{{\partial x_i}} = - \frac{{t_i}}{{x_i}} {sign} \frac{{1 - t_i}}{{1 - x_i}}"
        for sign in "+-"
    )
    found = report(*given, entropy, right, wrong).statements
    assert [str(one.verdict) for one in found[-3:]] == ["definition", "proved", "refuted"]
    assert "the sum goes on" in found[-3].finding.assumptions[0]
    assert verdicts(*given, r"z = \sum_{i=1}^n w_i x_i + b_i") == ["undecided"]


@pytest.mark.parametrize("slip", [r"g(z) = \frac{1}{1 + e^{z}}", r"g(z) = \frac{1}{1 + e^{-1}}"])
def test_a_rule_with_a_slip_is_left_open_and_not_in_force(slip: str) -> None:
    given = r"g(z) = \frac{1}{1 + e^{-z}}"
    assert verdicts(given, slip, r"g'(z) = g(z) (1 - g(z))") == ["definition", "undecided", "proved"]


def test_a_derived_formula_that_is_wrong_defines_no_loss_anew() -> None:
    right, wrong = (rf"E = \frac{{1}}{{2}} \sum_i ((W x {rest})_i - t_i)^2" for rest in ("+ b", "- b"))
    assert verdicts(*AFFINE, LOSS, right, wrong)[-2:] == ["proved", "undecided"]


def test_what_holds_in_the_last_layer_is_no_conflict() -> None:
    network = (r"z^l = W^l a^{l-1} + b^l", r"a^l = \sigma(z^l)", r"a^L = g(z^L)", r"C = \frac{1}{2} \|a^L - y\|^2")
    claims = (
        r"\frac{\partial C}{\partial z^L} = (a^L - y) \odot g'(z^L)",
        r"\frac{\partial a_i^L}{\partial z_i^L} = g'(z_i^L) + 1",
    )
    found = report(*network, *claims)
    assert found.remarks == ()
    assert [str(one.verdict) for one in found.statements[-2:]] == ["proved", "refuted"]
    assert found.statements[-2].finding.assumptions == ()


def test_behind_a_further_heading_the_first_definition_may_be_meant() -> None:
    text = (*AFFINE, LOSS, "## Entropy", OTHER_LOSS)
    by_the_first = r"\frac{\partial E}{\partial y_i} = y_i - t_i"
    found = report(*text, by_the_first, "## In general", by_the_first)
    assert found.remarks == ()
    assert [str(one.verdict) for one in found.statements[-2:]] == ["refuted", "undecided"]


def test_two_networks_one_after_the_other() -> None:
    second = (r"V \in \mathbb{R}^{m \times n}", r"y = V x", LOSS)
    gradient = r"\frac{\partial E}{\partial V} = (y - t) x^T"
    assert verdicts(*AFFINE, LOSS, *second, gradient)[-3:] == ["definition", "definition", "proved"]
    assert verdicts(*AFFINE, LOSS, *second, gradient.replace("y - t", "t - y"))[-1] == "refuted"


def test_what_other_definitions_read_outlives_the_one_that_is_made_anew() -> None:
    hidden = (r"z^{(1)} = W^{(1)} x + b^{(1)}", r"a^{(1)} = g(z^{(1)})", r"z^{(2)} = W^{(2)} a^{(1)} + b^{(2)}")
    claim = r"\frac{\partial z^{(1)}_i}{\partial x_j} = W^{(1)}_{ij}"
    found = report(r"h_V(x) = f(V^\top x)", *hidden, r"h_V(x) = z^{(2)}", claim).statements[-1].finding
    assert str(found.verdict) == "proved"
    assert not found.assumptions


LAYERS = (
    r"W \in \mathbb{R}^{m \times n}", r"x \in \mathbb{R}^n", r"h \in \mathbb{R}^m", r"V \in \mathbb{R}^{m \times k}",
    r"u \in \mathbb{R}^k", r"h_i = \frac{e^{(W x)_i}}{\sum_j e^{(W x)_j}}", r"p(y=i|x) = h_i",
    r"g_i = \frac{e^{(V u)_i}}{\sum_j e^{(V u)_j}}",
)  # fmt: skip


def test_another_name_is_given_to_something_else_where_that_is_said() -> None:
    again = r"p(y=i|x) \equiv g_i"
    slope = r"\frac{\partial h_i}{\partial W_{ij}} = h_i (1 - h_i) x_j"
    found = report(*LAYERS, again, r"p(y=i|x) = g_i", slope, r"p(y=i|x) = h_i")
    assert [str(one.verdict) for one in found.statements[-4:-1]] == ["definition", "proved", "proved"]
    assert str(found.statements[-1].verdict) not in ("proved", "tested")
    assert verdicts(*LAYERS, r"p(y=i|x) = g_i")[-1] not in ("proved", "tested")


def test_a_layer_that_a_notation_leaves_open_is_defined_by_the_document() -> None:
    outputs = r"a_j^L = \frac{e^{z_j^L}}{\sum_k e^{z_k^L}}"
    stated = (outputs, r"C = -\sum_j y_j \ln a_j^L", r"\sum_j y_j = 1")
    notation = "<!-- symfnn: notation nielsen -->"
    found = verdicts(notation, *stated, r"\delta^L = a^L - y", r"\delta^L = y - a^L")
    assert found == ["definition", "definition", "definition", "proved", "refuted"]


_NAMED = r"""# One example

- $z_j \in \mathbb{R}$, $p_j \in \mathbb{R}$, $t_j \in \mathbb{R}$ for $j = 1, \dots, n$
- $p_j = \frac{1}{1 + e^{-z_j}}$
- $E = \frac{1}{2} \sum_j (p_j - t_j)^2$
- $g_j = -\frac{\partial E}{\partial z_j}$

HEADING

- $t_j^k \in \mathbb{R}$ for $k = 1, \dots, m$ and $j = 1, \dots, n$
- $E_k = \frac{1}{2} \sum_j (p_j - t_j^k)^2$

$$g_j = -\frac{\partial E_k}{\partial z_j}$$

$$g_j = t_j^k - p_j$$

$$g_j = (t_j - p_j) p_j (1 - p_j)$$
"""


@pytest.mark.parametrize(("heading", "expected"), [("# Many", "undecided undecided proved"), ("", "refuted refuted")])
def test_a_name_may_be_that_of_another_derivative_behind_a_heading_alone(heading: str, expected: str) -> None:
    checked = check_document(read_text("notes", _NAMED.replace("HEADING", heading), "markdown"), None, Options())
    assert " ".join(str(one.verdict) for one in checked.statements[-3:]).startswith(expected)


def test_a_loss_called_as_the_number_of_layers_is_defined_anew_behind_a_heading() -> None:
    given = r"""
- $W^{[l]} \in \mathbb{R}^{s_l \times s_{l-1}}$, $x \in \mathbb{R}^{s_0}$, $y \in \mathbb{R}^{s_L}$
- $a^{[0]} = x$
- $z^{[l]} = W^{[l]} a^{[l-1]}$, $a^{[l]} = g(z^{[l]})$ for $l = 1, \dots, L$

# Binary

$$\mathcal{L} = -\sum_j \left( y_j \log a_j^{[L]} + (1 - y_j) \log (1 - a_j^{[L]}) \right)$$

# Multiclass

$$\mathcal{L} = -\sum_j y_j \log a_j^{[L]}$$

$$\frac{\partial \mathcal{L}}{\partial a_j^{[L]}} = -\frac{y_j}{a_j^{[L]}}$$
"""
    checked = check_document(read_text("notes", given, "markdown"), None, Options())
    assert [str(one.verdict) for one in checked.statements[-2:]] == ["definition", "proved"]


@pytest.mark.parametrize("name", ["ng", "zhou", "bishop", "goodfellow"])
def test_the_sections_of_a_notation_read_as_one_text_refute_none_another(name: str) -> None:
    text = resources.files("symfnn.notations").joinpath(f"{name}.md").read_text(encoding="utf-8")
    checked = check_document(read_text(name, text, "markdown"), None, Options())
    assert not [one for one in checked.statements if one.verdict.is_wrong]
