"""The report of a check as annotations of a GitHub workflow."""

from symfnn.check.verdicts import DocumentReport, Finding, Report
from symfnn.reports.places import bounds, needs_attention, shown_findings, span_of
from symfnn.source import Span


def to_github(report: Report) -> str:
    """One workflow command a line: an error for what is wrong, a warning for what is open."""
    lines = []
    for document in report.documents:
        for checked in document.statements:
            for finding in () if checked.expected else shown_findings(checked):
                if needs_attention(finding):
                    level = "error" if finding.verdict.is_wrong else "warning"
                    title = finding.code or str(finding.verdict)
                    lines.append(_command(level, document, span_of(checked, finding), title, _message(finding)))
        for remark in document.remarks:
            level = "error" if remark.fails else "warning"
            lines.append(_command(level, document, remark.span, remark.code, remark.message))
    return "".join(line + "\n" for line in lines)


def _message(finding: Finding) -> str:
    message = finding.message or str(finding.verdict)
    return message if finding.repair is None else f"{message}\nhelp: {finding.repair.latex}"


def _command(level: str, document: DocumentReport, span: Span, title: str, message: str) -> str:
    start, end = bounds(document, span)
    place = {"file": document.source.name, "line": start.line, "endLine": end.line}
    if start.line == end.line:  # columns over several lines are refused
        place |= {"col": start.column, "endColumn": end.column}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in {**place, "title": title}.items())
    return f"::{level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
