"""A checker that judges by words: WRONG is refuted, FLAT ill-shaped, OPEN undecided, all else proved."""

from symfnn.check.verdicts import Checked, DocumentReport, Finding, Verdict
from symfnn.documents.document import Directive, Formula
from symfnn.latex.parser import parse
from symfnn.source import Span

WORDS = {"WRONG": Verdict.REFUTED, "FLAT": Verdict.ILL_SHAPED, "OPEN": Verdict.UNDECIDED, "DEF": Verdict.DEFINITION}


def check_document(document, notation, options):
    found = []
    for piece in document.pieces:
        formulas = piece.formulas if isinstance(piece, Directive) else [piece] if isinstance(piece, Formula) else []
        for formula in formulas:
            found += [_checked(formula, statement.span) for statement in parse(formula.latex)]
    return DocumentReport(
        document.source, f"{notation} {options.activation} {options.loss} {options.timeout}", tuple(found)
    )


def _checked(formula, span):
    latex = formula.latex[span.start : span.end]
    for word, verdict in WORDS.items():
        if word in latex:
            at = span.start + latex.index(word)
            finding = Finding(verdict, f"it says {word}", f"code-{word.lower()}", Span(at, at + len(word)))
            return Checked(formula.place(span), latex, None, "claim", finding)
    return Checked(formula.place(span), latex, None, "claim", Finding(Verdict.PROVED))
