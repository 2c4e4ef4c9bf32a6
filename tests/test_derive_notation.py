"""Derivations from a notation's own definitions, in its symbols: the known formulas, each proved when read again."""

import json
import re

import pytest
from click.testing import CliRunner

from symfnn.api import notation_document, to_html, to_json, to_markdown, to_tex
from symfnn.check.checker import Options, check_document
from symfnn.cli.main import main
from symfnn.documents.reader import read_text
from symfnn.errors import CalculusError

DERIVED = (
    "nielsen",
    "goodfellow",
    "bishop",
    "ufldl",
    "rows",
    "ng",
    "zhou",
    "coursera",
    "article / One neuron",
    "nielsen / Softmax output with the log-likelihood cost",
    "bishop / Softmax outputs with the cross-entropy",
    "ng / One sample",
    "rows / One sample",
)


def results(name: str) -> dict[str, str]:
    """The last link of each formula without its ``\\left`` and ``\\right``, by what stands on the left and where."""
    formulas = json.loads(to_json(notation_document(name)))["formulas"]
    return {
        _plain(f"{f['left']} {f['domain'] or ''}".strip()): _plain(f["steps"][-1]["latex"])
        for f in formulas
        if f["steps"][-1]["rule"] != "definition"
    }


def _plain(latex: str) -> str:
    return re.sub(r"\\(left|right)(?![a-z])", "", latex)


def test_the_four_equations_of_nielsen_come_out() -> None:
    found = results("nielsen")
    assert found[r"\delta_{j}^{L}"] == r"\frac{\partial C}{\partial a_{j}^{L}} \sigma'(z_{j}^{L})"
    assert found[r"\delta^{L}"] == r"\frac{\partial C}{\partial a^{L}} \odot \sigma'(z^{L})"
    hidden = r"\delta_{j}^{l} l = 2, \dots, L-1"
    assert found[hidden] == r"\sum_{k=1}^{s_{l+1}} \delta_{k}^{l+1} w_{kj}^{l+1} \sigma'(z_{j}^{l})"
    assert found[r"\delta^{l} l = 2, \dots, L-1"] == r"((w^{l+1})^{T} \delta^{l+1}) \odot \sigma'(z^{l})"
    layers = r"l = 2, \dots, L"
    assert found[rf"\frac{{\partial C}}{{\partial b_{{j}}^{{l}}}} {layers}"] == r"\delta_{j}^{l}"
    assert found[rf"\frac{{\partial C}}{{\partial w_{{jk}}^{{l}}}} {layers}"] == r"\delta_{j}^{l} a_{k}^{l-1}"
    assert found[rf"\frac{{\partial C}}{{\partial w^{{l}}}} {layers}"] == r"\delta^{l} (a^{l-1})^{T}"


def test_a_matrix_stands_as_its_notation_has_it() -> None:
    """Goodfellow's W has a column for each unit, and k numbers his layers."""
    found = results("goodfellow")
    assert found[r"\frac{\partial J}{\partial W^{(k)}} k = 1, \dots, l"] == (
        r"h^{(k-1)} (\frac{\partial J}{\partial a^{(k)}})^{\top}"
    )


@pytest.mark.parametrize("name", DERIVED)
def test_what_is_derived_is_proved_when_it_is_read(name: str) -> None:
    text = to_markdown(notation_document(name, "zh" if name == "nielsen" else "en"))
    report = check_document(read_text("derived", text, "markdown"), None, Options())
    verdicts = [str(statement.verdict) for statement in report.statements]
    assert set(verdicts) == {"proved", "definition"}
    assert verdicts.count("proved") >= 5


def test_a_result_that_the_oracle_refutes_is_refused() -> None:
    with pytest.raises(CalculusError, match="not covered"):
        notation_document("goodfellow / Weight decay")


def test_other_formats_print_it_too() -> None:
    document = notation_document("zhou")
    assert r"e_{h}" in to_tex(document)
    assert "<math" in to_html(document)


def test_the_command_derives_from_a_file(tmp_path) -> None:
    file = tmp_path / "own.md"
    lines = (
        r"$u^{(l)} \in \mathbb{R}^{p_l}$ for $l = 1, \dots, L$",
        r"$V^{(l)} \in \mathbb{R}^{p_l \times p_{l-1}}$ for $l = 1, \dots, L$",
        r"$x \in \mathbb{R}^{p_0}$, $q^{(l)} \in \mathbb{R}^{p_l}$ for $l = 0, \dots, L$",
        r"$\phi : \mathbb{R} \to \mathbb{R}$",
        r"$q^{(0)} = x$",
        r"$u^{(l)} = V^{(l)} q^{(l-1)}$ for $l = 1, \dots, L$",
        r"$q^{(l)} = \phi(u^{(l)})$ for $l = 1, \dots, L$",
        r"$F = F(q^{(L)}) \in \mathbb{R}$",
        r"$\epsilon^{(l)} = \frac{\partial F}{\partial u^{(l)}}$ for $l = 1, \dots, L$",
    )
    file.write_text("# Own\n\n" + "\n".join(f"- {line}" for line in lines), encoding="utf-8")
    result = CliRunner().invoke(main, ["derive", "--notation", str(file)])
    assert result.exit_code == 0, result.output
    assert r"\epsilon^{(l)} \left(q^{(l-1)}\right)^{T}" in result.output


def test_a_network_by_options_goes_with_the_articles_notation_alone() -> None:
    result = CliRunner().invoke(main, ["derive", "--notation", "nielsen", "--layers", "2-3-1"])
    assert result.exit_code == 2
    assert "article" in result.output
