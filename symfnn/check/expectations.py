"""What a document's directives make of its report: silenced, expected, or a directive that does nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from symfnn.check.verdicts import CONFLICT, CellPlace, Checked, DocumentReport, Finding, Remark, Verdict
from symfnn.documents.document import Directive, Document, Formula, where
from symfnn.source import Source, Span

_EXPECTED = {"refuted": "wrong", "ill-shaped": "wrong", "wrong": "wrong", "proved": "proved", "undecided": "undecided"}


def settle(report: DocumentReport, document: Document) -> DocumentReport:
    """The report as its readers see it.

    Statements that a directive ignores are gone, those that are wrong on purpose are marked, directives without effect
    are remarks, and every place is one of the document's source. A directive is about the formula that follows it; at
    the end of a line of a formula, about the statements of that line.

    Args:
        report: by the checker, with spans of findings in the offsets of their formulas.
        document: that was checked.
    """
    formulas = [piece for piece in document.pieces if isinstance(piece, Formula)]
    formulas += [formula for piece in document.pieces if isinstance(piece, Directive) for formula in piece.formulas]
    statements = [_placed(checked, document, formulas) for checked in report.statements]
    remarks = list(report.remarks)
    for directive in document.pieces:
        if isinstance(directive, Directive):
            about = _targets(directive, statements, formulas, document.source)
            if directive.kind == "ignore":
                hidden = {statements[n].span for n in about if _is_silenced(statements[n], directive.argument)}
                remarks = [remark for remark in remarks if remark.code != CONFLICT or remark.span not in hidden]
            statements, found = _apply(directive, about, statements)
            remarks += found
    return replace(report, statements=tuple(statements), remarks=tuple(remarks))


def _apply(
    directive: Directive, about: set[int], statements: Sequence[Checked]
) -> tuple[list[Checked], Iterable[Remark]]:
    """What one directive makes of the statements with these numbers."""
    if directive.kind == "ignore":
        return _ignore(directive, about, statements)
    if directive.kind == "expect":
        return _expect(directive, about, statements)
    if directive.kind == "unknown":
        message = f"no directive is written like this: {directive.argument[:60]!r}; known are ignore, ignore[CODE], "
        message += "expect refuted, notation NAME, and formulas between dollar signs"
        return list(statements), [Remark(directive.span, "unknown-directive", message, False)]
    return list(statements), []


def _ignore(
    directive: Directive, about: set[int], statements: Sequence[Checked]
) -> tuple[list[Checked], Iterable[Remark]]:
    code = directive.argument
    silenced = {n for n in about if _is_silenced(statements[n], code)}
    # without a code all of the formula goes, proved statements too
    gone = silenced if code else about
    kept = [s for n, s in enumerate(statements) if n not in gone]
    if silenced:
        return kept, []
    message = f"nothing here is {code}" if code else "there is nothing to ignore here"
    return kept, [Remark(directive.span, "unused-ignore", message, False)]


def _is_silenced(checked: Checked, code: str) -> bool:
    findings = [link.finding for link in checked.links] or [checked.finding]
    wrong = [f for f in findings if f.verdict.is_wrong or f.verdict is Verdict.UNDECIDED or f.code == CONFLICT]
    return bool(wrong) and (not code or all(finding.code == code for finding in wrong))


def _expect(
    directive: Directive, about: set[int], statements: Sequence[Checked]
) -> tuple[list[Checked], Iterable[Remark]]:
    expected = _EXPECTED.get(directive.argument.strip())
    if expected is None:
        message = f"{directive.argument!r} cannot be expected; use one of {', '.join(_EXPECTED)}"
        return list(statements), [Remark(directive.span, "unknown-directive", message, False)]
    met = {n for n in about if _meets(statements[n].verdict, expected)}
    if met:
        marked = [replace(s, expected=True) if n in met and s.verdict.is_wrong else s for n, s in enumerate(statements)]
        return marked, []
    found = ", ".join(sorted({str(statements[n].verdict) for n in about}))
    message = f"expected to be {directive.argument.strip()}, but found {found or 'no statement that this is about'}"
    return list(statements), [Remark(directive.span, "unmet-expectation", message, True)]


def _meets(verdict: Verdict, expected: str) -> bool:
    return verdict.is_wrong if expected == "wrong" else str(verdict) == expected


def _targets(
    directive: Directive, statements: Sequence[Checked], formulas: Sequence[Formula], source: Source
) -> set[int]:
    """The numbers of the statements that a directive is about."""
    end = directive.span.end
    inside = next((f for f in formulas if f.span.start <= directive.span.start < f.span.end), None)
    if inside is not None:
        return _on_line(directive, statements, source) or _first_after(end, statements, inside.span)
    after = min((f.span for f in formulas if f.span.start >= end), default=None)
    if after is None:
        return set()
    return {n for n, s in enumerate(statements) if after.start <= s.span.start < after.end}


def _on_line(directive: Directive, statements: Sequence[Checked], source: Source) -> set[int]:
    """Those that end on the line of a directive which stands behind them."""
    line = source.position(directive.span.start).line
    before = [n for n, s in enumerate(statements) if s.span.start < directive.span.start]
    return {n for n in before if source.position(max(statements[n].span.end - 1, 0)).line == line}


def _first_after(offset: int, statements: Sequence[Checked], within: Span) -> set[int]:
    starts = [(s.span.start, n) for n, s in enumerate(statements) if offset <= s.span.start < within.end]
    return {min(starts)[1]} if starts else set()


def _placed(checked: Checked, document: Document, formulas: Sequence[Formula]) -> Checked:
    """The statement with the places of its findings in the document, and its place in the notebook's cell."""
    start = checked.span.start
    formula = next((f for f in formulas if f.span.start <= start < f.span.end), None)
    place = where(document, start)
    cell = None
    if place.cell is not None and place.cell_line is not None and place.cell_column is not None:
        cell = CellPlace(place.cell, place.cell_line, place.cell_column)
    return replace(
        checked,
        finding=_relocated(checked.finding, formula),
        links=tuple(replace(link, finding=_relocated(link.finding, formula)) for link in checked.links),
        cell=cell,
    )


def _relocated(finding: Finding, formula: Formula | None) -> Finding:
    if finding.span is None:
        return finding
    if formula is None or not 0 <= finding.span.start <= finding.span.end <= len(formula.latex):
        return replace(finding, span=None)
    return replace(finding, span=formula.place(finding.span))
