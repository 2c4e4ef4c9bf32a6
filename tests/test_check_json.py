"""The JSON report: its shape is a promise to other programs."""

import json
from dataclasses import replace

from reports_by_hand import TEXT, document, report, statement

from symfnn.check.verdicts import CellPlace, Counterexample, Remark, Verdict
from symfnn.reports.check_json import to_json
from symfnn.source import Span

NULL = type(None)
LINK = {"left": str, "right": str, "verdict": str, "code": (str, NULL), "message": (str, NULL)}
NUMBERS = {
    "widths": [int],
    "layer": (int, NULL),
    "entry": [int],
    "left": (float, NULL),
    "right": (float, NULL),
}
STATEMENT = {
    "line": int,
    "column": int,
    "end_line": int,
    "end_column": int,
    "cell": ({"cell": int, "line": int, "column": int}, NULL),
    "latex": str,
    "label": (str, NULL),
    "kind": {"claim", "definition", "declaration", "assignment", "other"},
    "verdict": {str(verdict) for verdict in Verdict},
    "expected": bool,
    "code": (str, NULL),
    "message": (str, NULL),
    "suggestion": (str, NULL),
    "assumptions": [str],
    "counterexample": (NUMBERS, NULL),
    "links": [LINK],
}
PLACE = {"line": int, "column": int}
REMARK = {"line": int, "column": int, "code": str, "message": str, "related": (PLACE, NULL)}
DOCUMENT = {"path": str, "notation": (str, NULL), "statements": [STATEMENT], "remarks": [REMARK]}
REPORT = {"version": int, "documents": [DOCUMENT], "summary": dict}


def fits(value, shape):
    if isinstance(shape, tuple):
        return any(fits(value, one) for one in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(item, shape[0]) for item in value)
    if isinstance(shape, dict):
        return (
            isinstance(value, dict)
            and list(value) == list(shape)
            and all(fits(value[key], part) for key, part in shape.items())
        )
    if isinstance(shape, set):
        return value in shape
    return type(value) is shape


def test_version_one_has_exactly_this_shape():
    remark = Remark(Span(0, 1), "unused-ignore", "it silences nothing", False)
    content = json.loads(to_json(report(document(remarks=[remark]))))
    assert fits(content, REPORT)
    assert content["version"] == 1
    assert content["summary"] == {"ill-shaped": 1, "undecided": 1, "definition": 1}


def test_places_count_characters_from_one_and_end_after_the_last():
    first, second, third = json.loads(to_json(report()))["documents"][0]["statements"]
    assert (first["line"], first["column"], first["end_line"], first["end_column"]) == (3, 6, 3, 60)
    assert (second["line"], second["column"]) == (3, 67)
    assert (third["line"], third["column"], third["end_line"], third["end_column"]) == (6, 1, 6, 6)


def test_what_was_found_and_what_is_absent():
    first, second, _ = json.loads(to_json(report()))["documents"][0]["statements"]
    assert first["suggestion"].startswith("(W^{l+1})")
    assert first["counterexample"] == {"widths": [2, 3, 1], "layer": 2, "entry": [1, 2], "left": 0.31, "right": -0.07}
    assert (second["suggestion"], second["counterexample"], second["label"]) == (None, None, None)
    assert [link["verdict"] for link in second["links"]] == ["proved", "undecided"]
    assert second["links"][0]["message"] is None


def test_numbers_that_json_does_not_have_are_null():
    numbers = Counterexample((1,), None, (), float("inf"), float("nan"))
    found = statement(TEXT, "z = x", Verdict.REFUTED, counterexample=numbers)
    (only,) = json.loads(to_json(report(document(statements=[found]))))["documents"][0]["statements"]
    assert only["counterexample"] == {"widths": [1], "layer": None, "entry": [], "left": None, "right": None}


def test_a_notebook_has_places_in_its_cells():
    found = replace(statement(TEXT, "z = x", Verdict.REFUTED), cell=CellPlace(3, 2, 1))
    (only,) = json.loads(to_json(report(document(statements=[found]))))["documents"][0]["statements"]
    assert only["cell"] == {"cell": 3, "line": 2, "column": 1}


def test_what_is_wrong_on_purpose_counts_as_expected():
    found = replace(statement(TEXT, "z = x", Verdict.REFUTED), expected=True)
    content = json.loads(to_json(report(document(statements=[found]))))
    assert content["summary"] == {"expected": 1}
    assert content["documents"][0]["statements"][0]["verdict"] == "refuted"
