"""The report of a check as JSON, version 1; a fact that is absent is null."""

import json
import math

from symfnn.check.verdicts import Checked, Counterexample, DocumentReport, Link, Remark, Report
from symfnn.reports.places import bounds


def to_json(report: Report) -> str:
    """One object with every statement of every document, and how many have each verdict."""
    documents = [_document(document) for document in report.documents]
    content = {"version": 1, "documents": documents, "summary": report.summary}
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _document(document: DocumentReport) -> dict[str, object]:
    return {
        "path": document.source.name,
        "notation": document.notation or None,
        "statements": [_statement(document, checked) for checked in document.statements],
        "remarks": [_remark(document, remark) for remark in document.remarks],
    }


def _remark(document: DocumentReport, remark: Remark) -> dict[str, object]:
    line, column = bounds(document, remark.span)[0]
    related = None if remark.related is None else bounds(document, remark.related)[0]._asdict()
    return {"line": line, "column": column, "code": remark.code, "message": remark.message, "related": related}


def _statement(document: DocumentReport, checked: Checked) -> dict[str, object]:
    finding = checked.finding
    start, end = bounds(document, checked.span)
    return {
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "cell": None if checked.cell is None else checked.cell._asdict(),
        "latex": checked.latex,
        "label": checked.label,
        "kind": checked.kind,
        "verdict": str(checked.verdict),
        "expected": checked.expected,
        "code": finding.code,
        "message": finding.message or None,
        "suggestion": None if finding.repair is None else finding.repair.latex,
        "assumptions": list(finding.assumptions),
        "counterexample": None if finding.counterexample is None else _counterexample(finding.counterexample),
        "links": [_link(link) for link in checked.links],
    }


def _counterexample(numbers: Counterexample) -> dict[str, object]:
    return {
        "widths": list(numbers.widths),
        "layer": numbers.layer,
        "entry": list(numbers.entry),
        "left": numbers.left if math.isfinite(numbers.left) else None,
        "right": numbers.right if math.isfinite(numbers.right) else None,
    }


def _link(link: Link) -> dict[str, object]:
    return {
        "left": link.left,
        "right": link.right,
        "verdict": str(link.finding.verdict),
        "code": link.finding.code,
        "message": link.finding.message or None,
    }
