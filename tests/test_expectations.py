"""What directives in a document make of its report."""

import json

import pytest
from fake_checker import check_document

from symfnn.check.expectations import settle
from symfnn.check.verdicts import Report
from symfnn.documents.reader import read_text

IGNORE, EXPECT = "<!-- symfnn: ignore -->", "<!-- symfnn: expect refuted -->"


def settled(text, format="markdown"):
    document = read_text("notes", text, format)
    return settle(check_document(document, None, _Options), document)


class _Options:
    activation = loss = timeout = None


def verdicts(report):
    return [("expected " if s.expected else "") + str(s.verdict) for s in report.statements]


def codes(report):
    return [remark.code for remark in report.remarks]


@pytest.mark.parametrize(
    ("text", "left", "remarks", "wrong"),
    [
        ("$WRONG$ and $ok$", ["refuted", "proved"], [], True),
        (f"{IGNORE}\n\n$WRONG$ and $ok$", ["proved"], [], False),
        (f"{IGNORE}\n\n$ok$ and $WRONG$", ["refuted"], ["unused-ignore"], True),
        (f"{IGNORE}\n\n$OPEN$", [], [], False),
        (f"$WRONG$\n\n{IGNORE}", ["refuted"], ["unused-ignore"], True),
        ("<!-- symfnn: ignore[code-wrong] -->\n\n$WRONG$ $FLAT$", ["ill-shaped"], [], True),
        ("<!-- symfnn: ignore[code-flat] -->\n\n$WRONG$", ["refuted"], ["unused-ignore"], True),
        (f"{EXPECT}\n\n$WRONG$", ["expected refuted"], [], False),
        (f"{EXPECT}\n\n$FLAT$", ["expected ill-shaped"], [], False),
        (f"{EXPECT}\n\n$ok$", ["proved"], ["unmet-expectation"], True),
        (f"{EXPECT}\n\n$OPEN$", ["undecided"], ["unmet-expectation"], True),
        (f"$WRONG$\n\n{EXPECT}\n", ["refuted"], ["unmet-expectation"], True),
        ("<!-- symfnn: expect miracle -->\n\n$ok$", ["proved"], ["unknown-directive"], False),
        ("<!-- symfnn: whatever -->\n\n$ok$", ["proved"], ["unknown-directive"], False),
        ("<!-- symfnn: notation nielsen -->\n\n$ok$", ["proved"], [], False),
        (f"{EXPECT}\n\n$$\nok \\\\\nWRONG \\\\\nfine\n$$", ["proved", "expected refuted", "proved"], [], False),
    ],
)
def test_directives_are_about_the_formula_that_follows(text, left, remarks, wrong):
    report = settled(text)
    assert verdicts(report) == left
    assert codes(report) == remarks
    assert Report((report,)).is_wrong == wrong


def test_at_the_end_of_a_row_a_directive_is_about_that_row():
    text = "\\begin{align}\nok \\\\\nWRONG \\\\ % symfnn: expect refuted\nWRONG \\\\\nfine\n\\end{align}\n"
    report = settled(text, "tex")
    assert verdicts(report) == ["proved", "expected refuted", "refuted", "proved"]


def test_on_a_row_of_its_own_a_directive_is_about_the_next_row():
    text = "\\begin{align}\nok \\\\\n% symfnn: ignore\nWRONG \\\\\nfine\n\\end{align}\n"
    report = settled(text, "tex")
    assert verdicts(report) == ["proved", "proved"]
    assert codes(report) == []


def test_places_of_findings_become_places_of_the_document():
    text = "Here $a = WRONG + b$ is."
    (statement,) = settled(text).statements
    assert text[statement.finding.span.start : statement.finding.span.end] == "WRONG"
    assert statement.cell is None


def test_in_a_notebook_places_are_those_of_the_file_and_of_the_cell():
    source = ["# Title\n", "\n", 'quote " and $\\delta = WRONG$\n']
    cells = [{"cell_type": "code", "source": ["1"], "metadata": {}, "outputs": [], "execution_count": None},
             {"cell_type": "markdown", "source": source, "metadata": {}}]  # fmt: skip
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    (statement,) = settled(text, "notebook").statements
    assert text[statement.finding.span.start : statement.finding.span.end] == "WRONG"
    assert statement.cell == (2, 3, 14)


def test_a_place_outside_its_formula_is_dropped():
    document = read_text("notes", "$a = WRONG$", "markdown")
    report = check_document(document, None, _Options)
    short = read_text("notes", "$a$", "markdown")
    (statement,) = settle(report, short).statements
    assert statement.finding.span is None
