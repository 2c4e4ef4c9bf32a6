"""The report of a check as HTML: one self-contained page, and the fragment that a notebook shows."""

import html
import re
from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree as Xml

from symfnn.check.verdicts import Checked, Counterexample, DocumentReport, Finding, Remark, Report
from symfnn.reports.places import bounds, shown_findings

_STYLE = """
.symfnn { font: 1rem/1.5 system-ui, "Noto Sans CJK SC", sans-serif; color: #1b1b1b; background: #fff; }
.symfnn table { border-collapse: collapse; width: 100%; }
.symfnn td { padding: .45rem .6rem; border-top: 1px solid #e3e3e3; vertical-align: top; text-align: left; }
.symfnn .place { color: #666; white-space: nowrap; width: 1%; font-variant-numeric: tabular-nums; }
.symfnn .verdict { white-space: nowrap; width: 1%; font-weight: 600; }
.symfnn .proved .verdict, .symfnn .tested .verdict { color: #1a7f37; }
.symfnn .refuted .verdict, .symfnn .ill-shaped .verdict { color: #b3261e; }
.symfnn .undecided .verdict { color: #8a5a00; }
.symfnn .refuted, .symfnn .ill-shaped { background: #fdf3f2; }
.symfnn .expected { background: none; } .symfnn .expected .verdict { color: #666; }
.symfnn .formula { overflow-x: auto; overflow-y: hidden; padding: .15rem 0; }
.symfnn p { margin: .25rem 0; } .symfnn .note { color: #444; font-size: .9rem; }
.symfnn h2 { font-size: 1.1rem; margin: 1.4rem 0 .3rem; overflow-wrap: anywhere; }
.symfnn code { font-size: .9em; overflow-wrap: anywhere; }
"""
_ELEMENT_NAMES = (
    "math mrow mi mo mn mtext mspace mstyle msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd"
    " mpadded menclose mphantom"
)
_ATTRIBUTE_NAMES = (
    "display displaystyle scriptlevel mathvariant stretchy fence form separator accent width height depth lspace rspace"
    " minsize maxsize linethickness linebreak movablelimits columnalign columnspacing rowspacing columnlines rowlines"
    " mathcolor notation symmetric"
)
_ELEMENTS, _ATTRIBUTES = frozenset(_ELEMENT_NAMES.split()), frozenset(_ATTRIBUTE_NAMES.split())
_SET_ELSEWHERE = re.compile(r"\\(?:label|tag\*?)\{[^{}]*\}|&|\\\\|\\(?:nonumber|notag)")
_LONGEST = 2000  # characters of a formula that is set
_PAGE_STYLE = "body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem; background: #fff; }"


def to_html(report: Report) -> str:
    """A page of its own."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>symfnn check</title>\n'
        f"<style>{_PAGE_STYLE}</style>\n</head>\n<body>\n{fragment(report)}\n</body>\n</html>\n"
    )


def fragment(report: Report) -> str:
    """What a notebook shows: the counts, then every statement with its verdict."""
    counts = ", ".join(f"{number} {word}" for word, number in report.summary.items()) or "nothing to check"
    documents = "\n".join(_document(document) for document in report.documents)
    return f'<div class="symfnn"><style>{_STYLE}</style>\n<p>{html.escape(counts)}</p>\n{documents}\n</div>'


def _document(document: DocumentReport) -> str:
    rows = [_row(document, checked) for checked in document.statements]
    rows += [_remark(document, remark) for remark in document.remarks]
    notation = f'<p class="note">notation: {html.escape(document.notation)}</p>' if document.notation else ""
    return f"<h2>{html.escape(document.source.name)}</h2>{notation}<table>{''.join(rows)}</table>"


def _row(document: DocumentReport, checked: Checked) -> str:
    line, column = bounds(document, checked.span)[0]
    verdict = str(checked.verdict)
    kind = f"{verdict} expected" if checked.expected else verdict
    shown = f"{verdict}, as expected" if checked.expected else verdict
    notes = "".join(_notes(finding) for finding in shown_findings(checked))
    return (
        f'<tr class="{kind}"><td class="place">{line}:{column}</td><td class="verdict">{shown}</td>'
        f'<td><div class="formula">{_math(checked.latex)}</div>{notes}</td></tr>'
    )


def _remark(document: DocumentReport, remark: Remark) -> str:
    line, column = bounds(document, remark.span)[0]
    kind = "refuted" if remark.fails else "undecided"
    return (
        f'<tr class="{kind}"><td class="place">{line}:{column}</td><td class="verdict">document</td>'
        f"<td><p>{html.escape(remark.message)} <code>{html.escape(remark.code)}</code></p></td></tr>"
    )


def _notes(finding: Finding) -> str:
    out = []
    if finding.message or finding.code:
        code = f" <code>{html.escape(finding.code)}</code>" if finding.code else ""
        out.append(f"<p>{html.escape(finding.message)}{code}</p>")
    notes = [*finding.evidence, *(f"if {assumption}" for assumption in finding.assumptions)]
    if finding.counterexample is not None:
        notes.append(_counterexample(finding.counterexample))
    out += [f'<p class="note">{html.escape(note)}</p>' for note in notes]
    if finding.repair is not None:
        repair = finding.repair
        out.append(f'<div class="formula note">{repair.verdict}: {_math(repair.latex)}</div>')
    return "".join(out)


def _counterexample(numbers: Counterexample) -> str:
    where = [f"widths {'-'.join(map(str, numbers.widths))}"] if numbers.widths else []
    where += [] if numbers.layer is None else [f"layer {numbers.layer}"]
    where += [f"entry {', '.join(map(str, numbers.entry))}"] if numbers.entry else []
    where += numbers.given
    return f"counterexample: {', '.join(where)}: left side {numbers.left:.6g}, right side {numbers.right:.6g}"


@cache
def _converter() -> tuple[Callable[[str], str], tuple[type[Exception], ...]]:
    """What sets formulas, and what it fails with; a report that is no page does not wait for it."""
    from latex2mathml import converter, exceptions

    own = (error for error in vars(exceptions).values() if isinstance(error, type) and issubclass(error, Exception))
    others = (Xml.ParseError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
    return converter.convert, (*own, *others)


def _math(latex: str) -> str:
    """MathML; the LaTeX itself where it cannot be set, or would become anything but MathML."""
    convert, failures = _converter()
    bare = _SET_ELSEWHERE.sub(" ", latex).replace("<", r"\lt ").replace(">", r"\gt ")
    if len(bare) <= _LONGEST and not any(word in bare for word in (r"\begin", r"\href")):
        try:
            tree = Xml.fromstring(convert(bare))
        except failures:
            pass
        else:
            elements = list(tree.iter())
            for element in elements:
                element.tag = element.tag.rpartition("}")[2]  # in HTML a namespace is no part of the name
            if all(map(_is_harmless, elements)):
                return Xml.tostring(tree, encoding="unicode")
    return f"<code>{html.escape(latex)}</code>"


def _is_harmless(element: Xml.Element) -> bool:
    """Whether an element is MathML with attributes of presentation only: the converter passes text on unescaped."""
    return element.tag in _ELEMENTS and set(element.keys()) <= _ATTRIBUTES
