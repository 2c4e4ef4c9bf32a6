"""Documents that name no notation and define too little: the built-in notation that fits is taken, and named."""

import json

import pytest
from click.testing import CliRunner

import symfnn
from symfnn.check.verdicts import DocumentReport
from symfnn.cli.main import main

BP1 = r"\delta^L = \nabla_a C \odot \sigma'(z^L)"
BP2 = r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)"
BP3 = r"\frac{\partial C}{\partial b_j^l} = \delta_j^l"
BP4 = r"\frac{\partial C}{\partial w_{jk}^l} = a_k^{l-1} \delta_j^l"


def report(*formulas: str, notation: str | None = None) -> DocumentReport:
    text = "\n\n".join(f"$${formula}$$" for formula in formulas)
    return symfnn.check(text, notation).report.documents[0]


def verdicts(*formulas: str, notation: str | None = None) -> list[str]:
    return [str(one.verdict) for one in report(*formulas, notation=notation).statements]


@pytest.mark.parametrize(
    ("formula", "name"),
    [
        (BP2, "nielsen"),
        (BP4, "nielsen"),
        (r"dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l-1] T}", "ng"),
        (r"\frac{\partial J}{\partial W^{(l)}} = (A^{(l-1)})^\top \Delta^{(l)}", "rows"),
    ],
)
def test_a_notation_is_known_by_its_letters(formula: str, name: str) -> None:
    found = report(formula)
    assert [str(one.verdict) for one in found.statements] == ["proved"]
    assert f"notation {name} (auto" in found.notation
    assert any(f"as in the notation {name}" in words for words in found.statements[0].finding.assumptions)


def test_a_mistake_is_not_refuted_by_a_notation_that_nobody_named() -> None:
    wrong = r"\frac{\partial C}{\partial w_{jk}^l} = a_j^{l-1} \delta_k^l"
    found = report(BP1, BP2, BP3, wrong)
    assert [str(one.verdict) for one in found.statements] == ["proved"] * 3 + ["undecided"]
    assert found.statements[-1].finding.code == "supposition"
    assert verdicts(BP1, BP2, BP3, wrong, notation="nielsen")[-1] in ("refuted", "ill-shaped")


def test_a_mistake_alone_is_not_accepted() -> None:
    for wrong in (
        r"\frac{\partial C}{\partial w_{jk}^l} = a_j^{l-1} \delta_k^l",
        r"\frac{\partial C}{\partial w^l} = a^{l-1} \delta^l",
        r"dW^{[l]} = dZ^{[l]} A^{[l-1] T}",
        r"\delta^L = \nabla_a C \odot \sigma(z^L)",
    ):
        assert "proved" not in verdicts(wrong)
        assert "tested" not in verdicts(wrong)


def test_a_notation_that_the_document_contradicts_does_not_fit() -> None:
    other = r"z^l = (w^l)^T a^{l-1} + b^l"
    found = report(other, BP1, BP2, BP4)
    assert not found.is_chosen
    assert [str(one.verdict) for one in found.statements][2] != "proved"


def test_it_is_not_looked_for_where_none_is_wanted_or_needed() -> None:
    assert not report(BP1, BP2, notation="none").is_chosen
    assert "proved" not in verdicts(BP1, BP2, notation="none")
    assert not report(r"y = 2 x", r"\frac{\partial y_i}{\partial x_i} = 2").is_chosen


def test_every_report_names_it() -> None:
    run = CliRunner()
    for form in ("text", "json", "html"):
        out = run.invoke(main, ["check", "--formula", BP4, "--format", form])
        assert out.exit_code == 0
        assert "nielsen (auto" in out.output
    out = run.invoke(main, ["check", "--formula", BP4, "--format", "json", "--notation", "none"])
    assert "auto" not in json.loads(out.output)["documents"][0]["notation"]


def test_a_shape_that_the_document_states_comes_before_one_of_a_notation() -> None:
    shape = r"w^l \in \mathbb{R}^{s_{l-1} \times s_l} \quad l = 2, \dots, L"
    assert not report(shape, BP1, BP2, BP4).is_chosen
    same = r"w^l \in \mathbb{R}^{s_l \times s_{l-1}} \quad l = 2, \dots, L"
    assert report(same, BP1, BP2, BP4).is_chosen
