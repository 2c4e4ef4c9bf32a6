r"""Where a formula that has been opened ends. Every search is linear: it stops where the same delimiter opens again."""

import re
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from symfnn.documents.document import Formula
from symfnn.source import Span

LONGEST = 100_000
DISPLAY = (
    "equation",
    "align",
    "gather",
    "multline",
    "eqnarray",
    "alignat",
    "flalign",
    "displaymath",
    "math",
    "xalignat",
    "xxalignat",
    "dmath",
    "dgroup",
    "darray",
    "IEEEeqnarray",
)

# One group in braces, up to three deep; the bounds keep a group that never ends from being searched over and over.
_FLAT = r"[^{}\\]++|\\."
_NESTED = rf"(?:{_FLAT}|\{{(?:{_FLAT}|\{{(?:{_FLAT}){{0,99}}+\}}){{0,99}}+\}}){{0,99}}+"
_WORDS = rf"\\(?:text(?:rm|bf|it|sf|tt|up|normal|md)?|mbox|hbox|fbox|intertext)\s*+\{{{_NESTED}\}}"
_BLANK = r"\n(?![ \t\r]*+(?:\n|\Z))"
_PARAGRAPH_END = re.compile(r"\n[ \t\r]*+\n|\\end\{document\}")
_ARGUMENT = {"alignat": 1, "xalignat": 1, "xxalignat": 1, "IEEEeqnarray": 1, "alignedat": 1}
_GROUP = re.compile(r"\s*+\{[^{}]*\}")


class Flavour(NamedTuple):
    """How a container reads formulas: whether ``%`` hides the rest of a line, and whether an empty line ends one."""

    comments: bool
    paragraphs: bool


TEX = Flavour(comments=True, paragraphs=True)
MARKDOWN = Flavour(comments=False, paragraphs=False)


@cache
def _body(opening: str, flavour: Flavour) -> re.Pattern[str]:
    """What may stand between an opening delimiter and what closes it or opens it again."""
    excluded = r"\\" + "%" * flavour.comments + r"\n" * flavour.paragraphs
    kinds = [_WORDS]
    if opening in ("$", "$$"):
        excluded += "$"
        kinds.append(r"\\[^\n]?+")
    elif opening.startswith(r"\begin"):
        kinds = [rf"\\(?!(?:begin|end)\s*+\{{{re.escape(opening[7:-1])}\}})[^\n]?+"]
    else:
        escaped = re.escape(opening[:-1]) + (r"[\[\]]" if opening[-1] == "[" else r"[()]")
        kinds += [r"\\{4}"] * (len(opening) == 3) + [rf"(?!{escaped})\\[^\n]?+"]
    if opening == "$$":
        kinds.append(r"\$(?!\$)")
    if flavour.comments:
        kinds.append(r"%[^\n]*+")
    if flavour.paragraphs:
        kinds.append(r"\n" if opening.startswith(r"\begin") else _BLANK)
    return re.compile(rf"(?:[^{excluded}]++|{'|'.join(kinds)})*+", re.DOTALL)


def stop(text: str, start: int, opening: str, flavour: Flavour) -> int:
    """Where the search for the end of a formula stops, given where its content starts: at its end, if it has one."""
    match = _body(opening, flavour).match(text, start)
    return match.end() if match else start


def closing(opening: str) -> str:
    """What closes a formula."""
    if opening.startswith(r"\begin"):
        return r"\end" + opening[6:]
    return opening.translate(str.maketrans("[(", "])"))


def closed(text: str, place: int, opening: str) -> int | None:
    """Where the closing delimiter that stands at a place ends; None if none stands there."""
    if opening.startswith(r"\begin"):
        match = re.compile(r"\\end\s*+" + re.escape(opening[6:])).match(text, place)
        return match.end() if match else None
    return place + len(opening) if text.startswith(closing(opening), place) else None


def formula(text: str, opened: Span, opening: str, flavour: Flavour, display: bool) -> Formula:
    """The formula whose opening delimiter stands at a span; one that is not closed ends with its paragraph."""
    is_environment = opening.startswith(r"\begin")
    name = opening[7:-1] if is_environment else ""
    start = opened.end
    for _ in range(_ARGUMENT.get(name.rstrip("*"), 0)):
        group = _GROUP.match(text, start)
        start = group.end() if group else start
    place = stop(text, start, opening, flavour)
    end = closed(text, place, opening)
    if end is None:
        problem = "unclosed-environment" if is_environment else "unclosed-formula"
        found = unclosed(text, Span(opened.start, start), place, problem, display)
    else:
        found = trimmed(text, Span(start, place), Span(opened.start, end), display)
    return replace(found, environment=name)


def unclosed(text: str, opened: Span, stop: int, problem: str, display: bool = True) -> Formula:
    """The formula that is not closed before a place: what stands there of its paragraph."""
    cut = _PARAGRAPH_END.search(text, opened.end, stop)
    end = cut.start() if cut else stop
    return trimmed(text, Span(opened.end, end), Span(opened.start, end), display, problem)


def trimmed(text: str, content: Span, span: Span, display: bool, problem: str | None = None) -> Formula:
    r"""A formula without the white space around it, which a last ``\ `` is too, and of bounded length."""
    inside = text[content.start : content.end].lstrip()
    offset = content.end - len(inside)
    latex = inside[: _end(inside)]
    if len(latex) > LONGEST:
        latex, problem = latex[:LONGEST], "formula-too-long"
    return Formula(latex, offset, display, span, problem=problem)


def _end(latex: str) -> int:
    """Where the white space at the end of a formula starts; the backslash of a control space belongs to it."""
    end = len(latex)
    while end and latex[end - 1].isspace():
        end -= 1
        first = end
        while first and latex[first - 1] == "\\":
            first -= 1
        end -= (end - first) % 2
    return end
