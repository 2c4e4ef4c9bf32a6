"""Reports for code hosts, test runners and browsers."""

import json
from dataclasses import replace
from xml.etree import ElementTree as Xml

import pytest
from reports_by_hand import TEXT, chain, document, report, statement, transposed

from symfnn.check.verdicts import Remark, Verdict
from symfnn.reports.check_github import to_github
from symfnn.reports.check_html import to_html
from symfnn.reports.check_junit import to_junit
from symfnn.reports.check_sarif import to_sarif
from symfnn.source import Span

REMARK = Remark(Span(0, 1), "unmet-expectation", "expected to be refuted, but found proved", True)
EXPECTED = replace(statement(TEXT, "z = x", Verdict.REFUTED), expected=True)
PROVED = statement(TEXT, "z = x", Verdict.PROVED)
ALL = report(document(statements=[transposed(), chain(), PROVED, EXPECTED], remarks=[REMARK]))


def test_github_annotates_errors_and_warnings():
    first, second, third = to_github(ALL).splitlines()
    assert first == (
        "::error file=notes.md,line=3,endLine=3,col=19,endColumn=26,title=transposed-factor::"
        r"W^{l+1} must be transposed here%0Ahelp: (W^{l+1})^\top \delta^{l+1} \odot \sigma'(z^{l})"
    )
    assert second.startswith("::warning file=notes.md,line=3,endLine=3,col=75,endColumn=76,title=no-definition::")
    assert third.startswith("::error file=notes.md,line=1,")


def test_github_properties_cannot_be_forged():
    found = statement(TEXT, "z = x", Verdict.REFUTED, message="50%\n::error::no")
    (line,) = to_github(report(document("a,b:c%.md", statements=[found]))).splitlines()
    assert "file=a%2Cb%3Ac%25.md," in line
    assert line.endswith("::50%25%0A::error::no")


def test_junit_counts_claims():
    root = Xml.fromstring(to_junit(ALL).partition("\n")[2])
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("5", "2", "1")
    failure = suite.find("testcase/failure")
    assert failure.get("type") == "transposed-factor"
    assert "help: (W^{l+1})" in failure.text


def test_junit_is_xml_whatever_the_document_holds():
    found = statement("\x00\x1b<b>&]]>", "\x00\x1b<b>&]]>", Verdict.REFUTED, message="\ufffe\x08")
    Xml.fromstring(to_junit(report(document("\x01", "\x00\x1b<b>&]]>", [found]))).partition("\n")[2])


def test_sarif_has_results_with_regions_and_rules_with_help():
    content = json.loads(to_sarif(ALL))
    (run,) = content["runs"]
    assert content["version"] == "2.1.0"
    first, second, third, fourth = run["results"]
    assert (first["ruleId"], first["level"]) == ("transposed-factor", "error")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "notes.md"}
    assert place["region"] == {"startLine": 3, "startColumn": 19, "endLine": 3, "endColumn": 26}
    assert second["level"] == "warning"
    assert third["suppressions"][0]["kind"] == "inSource"
    assert fourth["ruleId"] == "unmet-expectation"
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert "transpose" in rules["transposed-factor"]["help"]["markdown"]
    assert {result["ruleId"] for result in run["results"]} == set(rules)


def test_html_shows_formulas_as_mathml():
    page = to_html(ALL)
    assert '<tr class="ill-shaped">' in page
    assert "<mi>&#948;</mi>" in page or "<mi>δ</mi>" in page
    assert "ill-shaped, as expected" not in page
    assert "refuted, as expected" in page


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<script>alert(1)</script>}",
        "<script>alert(1)</script>",
        r"\href{javascript:alert(1)}{x}",
        r'\color{"><script>}{x}',
        r'\color{red" onclick="alert(1)}{x}',
        r"\text{&lt;script>}",
        r"\begin{x}<script></script>\end{x}",
        "{" * 1500,
        r"\frac{<script>",
        r"x^",
    ],
)
def test_html_runs_nothing_from_a_document(latex):
    found = statement(latex, latex, Verdict.REFUTED, message=latex, evidence=(latex,), code=latex)
    page = to_html(report(document(latex, latex, [found])))
    assert "<script" not in page
    assert "href=" not in page
    assert ' onclick="' not in page
