r"""The text of a paragraph, a table's cell or a stretch of HTML in Markdown: its formulas, comments and words.

A dollar sign follows pandoc's rule: the next one must close the formula, no digit follows it, and there is no space
inside the two, nor a backtick; a formula that has spaces there is accepted where it has signs that prices do not have.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from symfnn.documents import delimiters
from symfnn.documents.directives import directives
from symfnn.documents.document import Formula, Piece, prose
from symfnn.documents.passage import Segment, joined
from symfnn.source import Span

ENVIRONMENTS = (*delimiters.DISPLAY, "aligned", "alignedat", "gathered", "split", "cases", "array", "subequations")
BEGIN = r"\\begin\s*+\{(?P<begin>(?:" + "|".join(ENVIRONMENTS) + r")\*?)\}"

_TOKEN = re.compile(
    rf"""(?P<comment><!--)
    |(?P<code>(?P<dollar>\$)?(?P<ticks>`++))
    |{BEGIN}
    |(?P<bracket>\\{{1,2}}[(\[])
    |\\.
    |(?P<dollars>\$++)
    |<(?P<element>script|style|pre|code|svg)\b[^<>]*+>
    |(?P<tag></?[A-Za-z][A-Za-z0-9-]*+(?:\s(?:[^<>"'$]++|"[^"<>]*+"|'[^'<>]*+')*+)?/?>)""",
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
_SIGNS = re.compile(r"[\\=^_]")
_WORDS = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{2,}[,;]?\s+[A-Za-z]{2,}[,;]?\s+[A-Za-z]{2,}(?![A-Za-z}])")
_LABEL = re.compile(r"[ \t]*+(?:\{#([^}\s]+)[^}\n]*\}|\(([\w:.-]+)\)[ \t\r]*+(?:\n|\Z))")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_CHARACTERS = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")


class _Scan(NamedTuple):
    """A text with where its code spans may close: per length of a run of backticks, where such runs begin."""

    text: str
    ticks: dict[int, list[int]]


_Step = tuple[list[Piece], int]


def is_prose(text: str) -> bool:
    """Whether a text reads as a sentence: three plain words in a row, outside of commands and braces."""
    return _WORDS.search(text) is not None


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of the text, in its own offsets."""
    ticks: dict[int, list[int]] = {}
    for run in reversed(list(re.finditer("`++", text))):
        ticks.setdefault(len(run.group()), []).append(run.start())
    scan = _Scan(text, ticks)
    words = place = 0
    while match := _TOKEN.search(text, place):
        handler = _HANDLERS.get(match.lastgroup or "")
        step = handler(scan, match) if handler else None
        place = match.end()
        if step is not None:
            found, place = step
            if found or match.lastgroup == "comment":
                yield from prose(text, words, match.start())
                yield from found
                words = place
    yield from prose(text, words, len(text))


def _plain(formula: Formula) -> Formula:
    """The formula with HTML's entities read as the characters that they show."""
    if "&" not in formula.latex:
        return formula
    return _replaced(formula, _ENTITY, _CHARACTERS.get)


def _replaced(formula: Formula, pattern: re.Pattern[str], value: Callable[[str], str | None]) -> Formula:
    """The formula with what matches a pattern written in another way, each match one character."""
    segments, last = [], 0
    for match in pattern.finditer(formula.latex):
        segments.append(Segment(formula.latex[last : match.start()], last, match.start()))
        segments.append(Segment(value(match.group()) or "", *match.span()))
        last = match.end()
    if not last:
        return formula
    segments.append(Segment(formula.latex[last:], last, len(formula.latex)))
    passage = joined(segments)
    before = formula.offsets or range(formula.offset, formula.offset + len(formula.latex) + 1)
    offsets = tuple(before[passage.place(offset)] for offset in range(len(passage.text) + 1))
    return replace(formula, latex=passage.text, offsets=offsets)


def _comment(scan: _Scan, match: re.Match[str]) -> _Step:
    end = scan.text.find("-->", match.end())
    if end < 0:
        return [], len(scan.text)
    return list(directives(scan.text, match.end(), end)), end + 3


def _code(scan: _Scan, match: re.Match[str]) -> _Step | None:
    runs = scan.ticks.get(len(match["ticks"]), [])
    while runs and runs[-1] < match.end():
        runs.pop()
    if not runs:
        return None
    end = runs[-1] + len(match["ticks"])
    if match["dollar"] and scan.text.startswith("$", end):
        content, span = Span(match.end(), runs[-1]), Span(match.start(), end + 1)
        return [delimiters.trimmed(scan.text, content, span, display=False)], end + 1
    return [], end


def _element(scan: _Scan, match: re.Match[str]) -> _Step:
    end = scan.text.find("</" + match["element"], match.end())
    return [], len(scan.text) if end < 0 else end


def _environment(scan: _Scan, match: re.Match[str]) -> _Step:
    opening = rf"\begin{{{match['begin']}}}"
    display = match["begin"] != "math"
    found = delimiters.formula(scan.text, Span(*match.span()), opening, delimiters.MARKDOWN, display)
    return [_plain(found)], found.span.end


def _bracket(scan: _Scan, match: re.Match[str]) -> _Step | None:
    opening = match.group()
    stop = delimiters.stop(scan.text, match.end(), opening, delimiters.MARKDOWN)
    if delimiters.closed(scan.text, stop, opening) is None or is_prose(scan.text[match.end() : stop]):
        return None
    found = delimiters.formula(scan.text, Span(*match.span()), opening, delimiters.MARKDOWN, opening[-1] == "[")
    if len(opening) == 3:
        found = _replaced(found, _ESCAPED, lambda escaped: escaped[1])
    return [_plain(found)], found.span.end


def _dollars(scan: _Scan, match: re.Match[str]) -> _Step | None:
    if match.group() == "$$":
        return _double(scan, match)
    return _single(scan.text, match) if match.group() == "$" else None


def _double(scan: _Scan, match: re.Match[str]) -> _Step | None:
    text = scan.text
    starts_line = not text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip()
    found = delimiters.formula(text, Span(*match.span()), "$$", delimiters.MARKDOWN, display=True)
    if found.problem == "unclosed-formula":
        return ([found], found.span.end) if starts_line and found.latex and not is_prose(found.latex) else None
    label = _LABEL.match(text, found.span.end)
    end = text.find("\n", found.span.end)
    ends_line = not text[found.span.end : end if end >= 0 else len(text)].strip()
    name = (label[1] or label[2]) if label else None
    found = replace(found, display=starts_line or ends_line or name is not None, label=name)
    return [_plain(found)], label.end() if label else found.span.end


def _single(text: str, match: re.Match[str]) -> _Step | None:
    start = match.end()
    end = delimiters.stop(text, start, "$", delimiters.MARKDOWN)
    content = text[start:end]
    if end >= len(text) or not content.strip() or "`" in content or text[end + 1 : end + 2].isdigit():
        return None
    is_spaced = content[0].isspace() or content[-1].isspace()
    if is_spaced and (not _SIGNS.search(content) or is_prose(content)):
        return None
    found = delimiters.trimmed(text, Span(start, end), Span(match.start(), end + 1), display=False)
    return [_plain(found)], end + 1


_HANDLERS: dict[str, Callable[[_Scan, re.Match[str]], _Step | None]] = {
    "comment": _comment,
    "code": _code,
    "begin": _environment,
    "bracket": _bracket,
    "dollars": _dollars,
    "element": _element,
}
