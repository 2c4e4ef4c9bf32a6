"""The report that a person reads in a terminal."""

import re

import pytest
from reports_by_hand import TEXT, WRONG, chain, document, report, statement, transposed
from rich.cells import cell_len

from symfnn.check.verdicts import Counterexample, Finding, Link, Remark, Verdict
from symfnn.reports.check_text import to_text
from symfnn.source import Span


def excerpt(text, source_line):
    """The source line and the carets below it, without the gutter."""
    lines = text.splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith(f"{source_line} | "))
    gutter = len(f"{source_line} | ")
    return lines[place][gutter:], lines[place + 1][gutter:]


def under(line, carets):
    """The part of a line, in cells, that carets stand under."""
    start, stop = len(carets) - len(carets.lstrip()), len(carets.rstrip())
    cells = "".join(letter + "\0" * (cell_len(letter) - 1) for letter in line if cell_len(letter))
    return cells[start:stop].replace("\0", "")


def test_a_finding_reads_as_designed():
    text = to_text(report(document(text=WRONG, statements=[transposed(WRONG)])))
    assert text == (
        "notes.md:1:14: ill-shaped[transposed-factor]: W^{l+1} must be transposed here\n"
        "  |\n"
        f"1 | {WRONG}\n"
        "  |              ^^^^^^^\n"
        "   = shapes: W^{l+1} is n_{l+1} × n_l\n"
        "   = counterexample: widths 2-3-1, layer 2, entry 1, 2\n"
        "       with z_1 = 1/2\n"
        "       with σ = tanh\n"
        "       left side 0.31, right side -0.07\n"
        "   = help: (W^{l+1})^\\top \\delta^{l+1} \\odot \\sigma'(z^{l})    (proved)\n"
        "   = see: symfnn explain transposed-factor\n"
        "\n"
        "1 ill-shaped in 1 document\n"
    )


@pytest.mark.parametrize("before", ["", "\t", "a\t\t", "梯度：", "误\t差 ", "\N{COMBINING ACUTE ACCENT}e "])
@pytest.mark.parametrize("width", [46, 60, 200])
def test_carets_stand_under_the_part_whatever_stands_before(before, width):
    source = before + "很长的一行 " * 5 + WRONG + " 也很长" * 20
    text = to_text(report(document(text=source, statements=[transposed(source)])), width=width)
    line, carets = excerpt(text, 1)
    assert under(line, carets) == "W^{l+1}"
    assert cell_len("1 | " + line) <= width


def test_a_span_over_lines_says_where_it_ends():
    source = "text\n\\begin{align}\n  a &= b \\\\\n    &= c\n\\end{align}\n"
    found = statement(source, "a &= b \\\\\n    &= c", Verdict.REFUTED)
    line, carets = excerpt(to_text(report(document(text=source, statements=[found]))), 3)
    assert (line, carets) == ("  a &= b \\\\", "  ^^^^^^^^^ … to line 4")


def test_what_steers_a_terminal_is_not_passed_on():
    source = "\x1b[2Jz = x \u202e"
    found = statement(source, source, Verdict.REFUTED, message="\x1b]0;title\x07", evidence=("a\rb",))
    text = to_text(report(document("evil\x1b.md", source, [found])))
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(text)


def test_a_document_that_lost_its_text_is_reported_all_the_same():
    found = statement(TEXT, WRONG, Verdict.REFUTED)
    assert "notes.md:1:1: refuted" in to_text(report(document(text="", statements=[found])))


def test_proved_statements_are_listed_on_demand_only():
    found = statement(TEXT, "z = x", Verdict.PROVED, assumptions=("L is the cross-entropy",))
    everything = report(document(statements=[found]))
    assert to_text(everything) == "1 proved (1 under assumptions) in 1 document\n"
    assert to_text(everything, verbose=True) == (
        "notes.md: notation: from the document itself\n"
        "notes.md:6:1: proved  z = x\n"
        "   = if: L is the cross-entropy\n"
        "1 proved (1 under assumptions) in 1 document\n"
    )


def test_each_wrong_link_of_a_chain_is_shown_with_its_own_place():
    a = TEXT.index("a = b = c")
    wrong = [
        Finding(Verdict.REFUTED, "no", span=Span(a, a + 1)),
        Finding(Verdict.REFUTED, "nor this", span=Span(a + 8, a + 9)),
    ]
    links = (Link("a", "b", wrong[0]), Link("b", "c", wrong[1]))
    text = to_text(report(document(statements=[statement(TEXT, "a = b = c", Verdict.REFUTED, links=links)])))
    assert "notes.md:3:67: refuted: no\n" in text
    assert "notes.md:3:75: refuted: nor this\n" in text
    assert "   = link: b = c\n" in text


def test_numbers_are_shown_with_enough_digits_to_differ():
    found = statement(TEXT, "z = x", Verdict.REFUTED, counterexample=Counterexample((), None, (), 0.1, 0.1000001))
    assert "left side 0.1, right side 0.1000001" in to_text(report(document(statements=[found])))


def test_the_summary_counts_documents_and_leaves_out_definitions():
    assert to_text(report(document(), document())).endswith("\n2 ill-shaped, 2 undecided in 2 documents\n")
    assert to_text(report(document(statements=[]))) == "nothing to check in 1 document\n"


def test_remarks_about_the_document_have_a_place_and_a_code():
    remark = Remark(Span(0, 1), "unused-ignore", "this ignore silences nothing", False)
    text = to_text(report(document(statements=[chain()], remarks=[remark])))
    assert "notes.md:1:1: document[unused-ignore]: this ignore silences nothing\n" in text


def test_colours_come_on_request_and_move_nothing():
    plain, colourful = to_text(report()), to_text(report(), colour=True)
    assert "\x1b[" not in plain
    assert "\x1b[1;31m" in colourful
    assert re.sub(r"\x1b\[[0-9;]*m", "", colourful) == plain
