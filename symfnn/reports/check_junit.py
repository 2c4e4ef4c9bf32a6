"""The report of a check as JUnit XML: a suite for each document, a case for each claim."""

import re
from xml.etree import ElementTree as Xml

from symfnn.check.verdicts import Checked, DocumentReport, Finding, Report
from symfnn.reports.places import bounds, needs_attention, shown_findings

# letters that XML 1.0 cannot hold
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(report: Report) -> str:
    """Proved and tested claims pass, wrong ones fail, undecided ones are skipped; definitions are no cases."""
    root = Xml.Element("testsuites", name="symfnn check")
    for document in report.documents:
        _suite(root, document)
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _suite(root: Xml.Element, document: DocumentReport) -> None:
    suite = Xml.SubElement(root, "testsuite", name=_text(document.source.name))
    claims = [s for s in document.statements if s.verdict.value not in ("definition", "declaration", "assignment")]
    for checked in claims:
        _case(suite, document, checked)
    for remark in document.remarks:
        line, column = bounds(document, remark.span)[0]
        case = Xml.SubElement(suite, "testcase", name=f"{line}:{column} {remark.code}", classname=suite.get("name", ""))
        Xml.SubElement(case, "failure" if remark.fails else "skipped", message=_text(remark.message))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))


def _case(suite: Xml.Element, document: DocumentReport, checked: Checked) -> None:
    line, column = bounds(document, checked.span)[0]
    name = f"{line}:{column} {' '.join(checked.latex.split())}"
    case = Xml.SubElement(suite, "testcase", name=_text(name), classname=suite.get("name", ""))
    found = [finding for finding in shown_findings(checked) if needs_attention(finding)]
    if checked.expected or not found:
        return
    kind = "failure" if checked.verdict.is_wrong else "skipped"
    element = Xml.SubElement(case, kind, message=_text("; ".join(map(_message, found))))
    if kind == "failure":
        element.set("type", _text(next((f.code for f in found if f.code), str(checked.verdict))))
    element.text = _text("\n".join(line for finding in found for line in _details(finding))) or None


def _message(finding: Finding) -> str:
    return finding.message or (finding.code or str(finding.verdict))


def _details(finding: Finding) -> tuple[str, ...]:
    repair = () if finding.repair is None else (f"help: {finding.repair.latex}",)
    return (*finding.evidence, *repair)


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
