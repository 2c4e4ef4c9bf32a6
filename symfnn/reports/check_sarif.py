"""The report of a check as SARIF 2.1.0, which code hosts and editors show beside the source."""

import json
from importlib import metadata
from pathlib import PurePath
from urllib.parse import quote

from symfnn.check.verdicts import Checked, DocumentReport, Finding, Report
from symfnn.reports import pages
from symfnn.reports.places import bounds, needs_attention, shown_findings, span_of
from symfnn.source import Span

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(report: Report) -> str:
    """One run; every finding that needs attention is a result, every code that occurs a rule."""
    results = [result for document in report.documents for result in _results(document)]
    rules = dict.fromkeys(str(result["ruleId"]) for result in results)
    driver = {
        "name": "symfnn",
        "version": metadata.version("symfnn"),
        "rules": [_rule(code) for code in rules],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    content = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _results(document: DocumentReport) -> list[dict[str, object]]:
    found = []
    for checked in document.statements:
        for finding in shown_findings(checked):
            if needs_attention(finding):
                found.append(_result(document, checked, finding))
    for remark in document.remarks:
        level = "error" if remark.fails else "warning"
        entry = _entry(document, remark.span, remark.code, level, remark.message)
        if remark.related is not None:
            entry["relatedLocations"] = [{"physicalLocation": _place(document, remark.related)}]
        found.append(entry)
    return found


def _result(document: DocumentReport, checked: Checked, finding: Finding) -> dict[str, object]:
    message = finding.message or f"{finding.verdict}: {checked.latex}"
    if finding.repair is not None:
        message += f"\n\nhelp: {finding.repair.latex}"
    level = "error" if finding.verdict.is_wrong else "warning"
    span, code = span_of(checked, finding), finding.code or str(finding.verdict)
    result = _entry(document, span, code, level, message)
    if checked.expected:
        result["suppressions"] = [{"kind": "inSource", "justification": "the document shows it as wrong"}]
    return result


def _entry(document: DocumentReport, span: Span, code: str, level: str, message: str) -> dict[str, object]:
    return {
        "ruleId": code,
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": _place(document, span)}],
    }


def _place(document: DocumentReport, span: Span) -> dict[str, object]:
    start, end = bounds(document, span)
    region = {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }
    return {"artifactLocation": {"uri": _uri(document.source.name)}, "region": region}


def _uri(name: str) -> str:
    path = PurePath(name)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _rule(code: str) -> dict[str, object]:
    text = pages.page(code)
    rule: dict[str, object] = {"id": code}
    if text is not None:
        rule["help"] = {"text": text.strip(), "markdown": text.strip()}
    return rule
