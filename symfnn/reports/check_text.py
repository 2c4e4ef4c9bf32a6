"""The report of a check for a terminal: each finding under its source line, then a summary."""

import io
import unicodedata
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from symfnn.check.verdicts import Checked, Counterexample, DocumentReport, Finding, Remark, Report, Verdict
from symfnn.reports import pages
from symfnn.reports.places import bounds, needs_attention, shown_findings, span_of
from symfnn.source import Span

_STYLES = {
    Verdict.REFUTED: "bold red",
    Verdict.ILL_SHAPED: "bold red",
    Verdict.UNDECIDED: "bold yellow",
    Verdict.PROVED: "green",
    Verdict.TESTED: "cyan",
}
_TAB = 4
_LONGEST = 120  # characters of a formula that a listing shows


def to_text(report: Report, *, verbose: bool = False, colour: bool = False, width: int = 100) -> str:
    """Every statement that needs attention (all of them with ``verbose``), then the summary.

    Args:
        report: what was found.
        verbose: list proved statements, definitions and so on as well.
        colour: write escape sequences for a terminal.
        width: how many cells a source line may take; a longer one is cut around the finding.
    """
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=colour, color_system="standard" if colour else None, width=width, legacy_windows=False
    )
    for block in _blocks(report, verbose, max(width, 40)):
        console.print(block, soft_wrap=True, highlight=False)
    console.print(_summary(report), soft_wrap=True, highlight=False)
    return out.getvalue()


def _blocks(report: Report, verbose: bool, width: int) -> Iterator[Text]:
    for document in report.documents:
        if document.notation and (verbose or document.is_chosen):
            yield Text(_safe(f"{document.source.name}: notation: {document.notation}"), "dim")
        for checked in document.statements:
            if not checked.expected and any(map(needs_attention, shown_findings(checked))):
                for finding in shown_findings(checked):
                    yield _finding(document, checked, finding, width)
            elif verbose:
                yield _listed(document, checked)
        for remark in document.remarks:
            yield _remark(document, remark, width)


def _finding(document: DocumentReport, checked: Checked, finding: Finding, width: int) -> Text:
    span = span_of(checked, finding)
    lines = [_header(document, span, str(finding.verdict), finding.code, finding.message, _STYLES[finding.verdict])]
    lines += _excerpt(document, span, width, _STYLES[finding.verdict])
    lines += [_note(line) for line in _notes(checked, finding)]
    return Text("\n").join(lines).append("\n")


def _remark(document: DocumentReport, remark: Remark, width: int) -> Text:
    style = "bold red" if remark.fails else "bold yellow"
    lines = [_header(document, remark.span, "document", remark.code, remark.message, style)]
    lines += _excerpt(document, remark.span, width, style)
    if remark.related is not None:
        lines.append(Text("   = ").append("the other place:", "bold"))
        lines += _excerpt(document, remark.related, width, "dim")
    lines.append(_note(f"see: symfnn explain {remark.code}"))
    return Text("\n").join(lines).append("\n")


def _header(document: DocumentReport, span: Span, word: str, code: str | None, message: str, style: str) -> Text:
    line, column = bounds(document, span)[0]
    text = Text(_safe(f"{document.source.name}:{line}:{column}: "), "bold")
    text.append(f"{word}[{code}]" if code else word, style)
    return text.append(f": {_safe(message)}" if message else "", "bold")


def _listed(document: DocumentReport, checked: Checked) -> Text:
    line, column = bounds(document, checked.span)[0]
    text = Text(_safe(f"{document.source.name}:{line}:{column}: "))
    text.append(str(checked.verdict), _STYLES.get(checked.verdict, "dim"))
    if checked.expected:
        text.append(" as expected")
    formula = " ".join(checked.latex.split())
    text.append("  " + _safe(formula if len(formula) <= _LONGEST else formula[: _LONGEST - 1] + "…"))
    for assumption in checked.finding.assumptions:
        text.append("\n").append_text(_note(f"if: {assumption}"))
    return text


def _notes(checked: Checked, finding: Finding) -> Iterator[str]:
    """What stands below the excerpt, one note a line."""
    if checked.cell is not None:
        yield "cell: {}, line {}, column {}".format(*checked.cell)
    if len(checked.links) > 1:
        yield from (f"link: {link.left} = {link.right}" for link in checked.links if link.finding is finding)
    yield from finding.evidence
    yield from (f"if: {assumption}" for assumption in finding.assumptions)
    if finding.counterexample is not None:
        yield from _counterexample(finding.counterexample)
    if finding.repair is not None:
        yield f"help: {finding.repair.latex}    ({finding.repair.verdict})"
    if finding.code is not None and pages.page(finding.code) is not None:
        yield f"see: symfnn explain {finding.code}"


def _counterexample(numbers: Counterexample) -> Iterator[str]:
    where = []
    if numbers.widths:
        where.append("widths " + "-".join(map(str, numbers.widths)))
    if numbers.layer is not None:
        where.append(f"layer {numbers.layer}")
    if numbers.entry:
        where.append("entry " + ", ".join(map(str, numbers.entry)))
    yield f"counterexample: {', '.join(where) or 'one number'}"
    yield from (f"  with {value}" for value in numbers.given)
    left, right = _apart(numbers.left, numbers.right)
    yield f"  left side {left}, right side {right}"


def _apart(left: float, right: float) -> tuple[str, str]:
    """Both numbers with as few digits as still show that they differ."""
    for digits in (4, 6, 9, 12):
        shown = f"{left:.{digits}g}", f"{right:.{digits}g}"
        if shown[0] != shown[1]:
            return shown
    return repr(left), repr(right)


def _note(line: str) -> Text:
    head, colon, rest = _safe(" ".join(line.split("\n"))).partition(":")
    if line.startswith("  "):
        return Text("     " + head + colon + rest)
    return Text("   = ").append(head + colon, "bold").append(rest)


def _excerpt(document: DocumentReport, span: Span, width: int, style: str) -> list[Text]:
    """The source line of a span with a caret under each of its cells; of a longer span its first written line."""
    text = document.source.text
    blank = len(text[span.start : span.end]) - len(text[span.start : span.end].lstrip())
    span = Span(span.start + blank, span.end)
    (number, column), (last, end) = bounds(document, span)
    source = document.source.line(number)
    stop = end - 1 if last == number else len(source.rstrip())
    before, inside, after = source[: column - 1], source[column - 1 : stop], source[stop:]
    gutter = len(str(number))
    shown = _window(_cells(before), _cells(inside, before), _cells(after, before + inside), width - gutter - 3)
    marks = Text("^" * max(1, cell_len(shown[1])), style)
    if last > number:
        marks.append(f" … to line {last}", "dim")
    bar = Text().append(" " * gutter + " | ", "dim")
    return [
        Text(" " * gutter + " |", "dim"),
        Text().append(f"{number} | ", "dim").append("".join(shown)),
        bar.append(" " * cell_len(shown[0])).append_text(marks),
    ]


def _cells(part: str, before: str = "") -> str:
    """The part as a terminal shows it after ``before``: tabs become spaces, what steers a terminal becomes a sign."""
    out: list[str] = []
    place = cell_len(_cells(before)) if before else 0
    for letter in part:
        shown = " " * (_TAB - place % _TAB) if letter == "\t" else _safe(letter)
        place += cell_len(shown)
        out.append(shown)
    return "".join(out)


def _safe(text: str) -> str:
    """The text without characters that move a cursor, change colours or reorder letters."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in text)


def _window(before: str, inside: str, after: str, width: int) -> tuple[str, str, str]:
    """The three parts cut to a width: the middle stays, what stands beside it goes first."""
    if cell_len(before) + cell_len(inside) + cell_len(after) <= width:
        return before, inside, after
    inside = inside if cell_len(inside) <= width - 2 else _head(inside, width - 3) + "…"
    room = max(0, width - cell_len(inside))
    left = min(cell_len(before), max(room // 2, room - cell_len(after)))
    if left < cell_len(before):
        before = "…" + _head(before[::-1], max(0, left - 1))[::-1]
    room -= cell_len(before)
    if room < cell_len(after):
        after = _head(after, room - 1) + "…" if room > 0 else ""
    return before, inside, after


def _head(text: str, width: int) -> str:
    """As much of the beginning as fits."""
    used = 0
    for place, letter in enumerate(text):
        used += cell_len(letter)
        if used > width:
            return text[:place]
    return text


def _summary(report: Report) -> Text:
    counts = report.summary
    claims = [str(v) for v in (Verdict.PROVED, Verdict.TESTED, Verdict.REFUTED, Verdict.ILL_SHAPED, Verdict.UNDECIDED)]
    text = Text()
    for word in [*claims, "expected"]:
        if word in counts:
            style = _STYLES[Verdict(word)] if word in claims else ""
            text.append(", " if text else "").append(f"{counts[word]} {_WORDS.get(word, word)}", style)
            if word == "proved" and (under := _conditional(report)):
                text.append(f" ({under} under assumptions)")
    if conflicts := counts.get("conflicts"):
        text.append(", " if text else "")
        text.append(f"{conflicts} conflict{'' if conflicts == 1 else 's'} of definitions", "bold yellow")
    number = len(report.documents)
    text = text if text else Text("nothing to check")
    return text.append(f" in {number} document{'' if number == 1 else 's'}")


_WORDS = {"expected": "wrong as expected"}


def _conditional(report: Report) -> int:
    statements = (s for d in report.documents for s in d.statements if not s.expected)
    return sum(s.verdict is Verdict.PROVED and bool(s.finding.assumptions) for s in statements)
