r"""What comments tell symfnn: ``symfnn: ignore``, ``expect refuted``, ``notation NAME``, or statements.

In TeX they are written ``% symfnn: …``, in Markdown and notebooks ``<!-- symfnn: … -->``, in reStructuredText
``.. symfnn: …``. A directive about the next formula stands before it.
"""

import re
from collections.abc import Iterator

from symfnn.documents import delimiters
from symfnn.documents.document import Directive, Formula
from symfnn.source import Span

_BEGINNING = re.compile(r"(?:\A|\n)[ \t\r%]*+(symfnn:[ \t]*+)")
_IGNORE = re.compile(r"ignore(?:\s*\[\s*([\w-]*)\s*\])?\Z")
_WORD = re.compile(r"(expect|notation)\s+(\S.*)\Z", re.DOTALL)
_FORMULA = re.compile(
    r"\$\$(?P<a>[^$]+)\$\$|\$`(?P<b>[^`]+)`\$|\$(?P<c>[^$]+)\$|\\\((?P<d>(?:(?!\\\)).)+)\\\)|\\\[(?P<e>(?:(?!\\\]).)+)\\\]"
    r"|:math:`(?P<f>[^`]+)`",
    re.DOTALL,
)


def directives(text: str, start: int, end: int) -> Iterator[Directive]:
    """The directives in a comment whose own text is a span of a text; none where it is meant for people.

    A comment of several lines may hold one on each line that begins with ``symfnn:``.
    """
    comment = text[start:end]
    if "symfnn:" not in comment:
        return
    beginnings = list(_BEGINNING.finditer(comment))
    if not beginnings or comment[: beginnings[0].start(1)].strip(" \t\r\n%"):
        return
    limits = [match.start() for match in beginnings[1:]] + [len(comment)]
    for match, limit in zip(beginnings, limits, strict=True):
        argument = comment[match.end() : limit].rstrip()
        span = Span(start + match.start(1), start + match.end() + len(argument))
        yield _directive(argument, start + match.end(), span)


def _directive(argument: str, offset: int, span: Span) -> Directive:
    if match := _IGNORE.match(argument):
        return Directive("ignore", match[1] or "", span)
    if match := _WORD.match(argument):
        return Directive(match[1], match[2], span)
    if formulas := _formulas(argument, offset):
        return Directive("statement", argument, span, formulas)
    return Directive("unknown", argument, span)


def _formulas(argument: str, offset: int) -> tuple[Formula, ...]:
    found = []
    for match in _FORMULA.finditer(argument):
        kind = str(match.lastgroup)
        content = Span(*match.span(kind))
        formula = delimiters.trimmed(argument, content, Span(*match.span()), display=kind in "ae")
        places = Span(formula.span.start + offset, formula.span.end + offset)
        found.append(Formula(formula.latex, formula.offset + offset, formula.display, places, problem=formula.problem))
    return tuple(formula for formula in found if formula.latex)
