"""reStructuredText files, read line by line: docutils' own tree has no columns, and lines of only some of its nodes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import final

from symfnn.documents import delimiters
from symfnn.documents.directives import directives
from symfnn.documents.document import Formula, Heading, Piece, Prose, prose, relocated
from symfnn.documents.passage import Segment, joined
from symfnn.source import Span

_EXPLICIT = re.compile(r"[ \t]*\.\.(?:[ \t]+|[ \t\r]*\Z)")
_DIRECTIVE = re.compile(r"(?:\|[^|\n]+\|[ \t]*)?([\w:+.-]+?)[ \t]*::(?:[ \t]+|[ \t\r]*\Z)")
_FOOTNOTE = re.compile(r"\[[^\]\n]+\][ \t]")
_OPTION = re.compile(r"[ \t]*:([\w-]+):[ \t]*(.*)")
_RULE = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t\r]*\Z|={2}[ \t\r]*\Z|-{2}[ \t\r]*\Z")
_CODE = (
    "code",
    "code-block",
    "sourcecode",
    "literalinclude",
    "highlight",
    "raw",
    "parsed-literal",
    "plot",
    "ipython",
    "doctest",
    "testcode",
    "testoutput",
    "testsetup",
    "prompt",
    "productionlist",
    "graphviz",
    "image",
    "toctree",
)
_ROLE = re.compile(
    r"``(?=\S)(?s:.)*?``(?!`)|:(?:\w{1,40}+:)?math:`(?P<math>[^`]+)`|`(?P<suffixed>[^`]+)`:math:|:[\w:+.-]{1,40}:`[^`]*+`|`(?P<bare>[^`]+)`"
)
_DEFAULT = re.compile(r"^\.\.[ \t]+default-role::[ \t]*math[ \t\r]*$", re.MULTILINE)
_ENVIRONMENT = re.compile(r"\s*\\begin\s*\{((?:" + "|".join(delimiters.DISPLAY) + r")\*?)\}")
_BLOCK_ENDS = re.compile(r"\\(begin|end)\s*\{|\n[ \t\r]*\n")


@final
@dataclass(frozen=True, slots=True)
class _Lines:
    """A text by lines: where each starts, and whether an interpreted text without a role is mathematics."""

    text: str
    starts: list[int]
    is_math_default: bool

    def line(self, number: int) -> str:
        """A line without its end; empty beyond the last."""
        if number >= len(self.starts) - 1:
            return ""
        return self.text[self.starts[number] : self.starts[number + 1] - 1]

    def count(self) -> int:
        return len(self.starts) - 1

    def end(self, number: int) -> int:
        """Where the lines before a number end."""
        return min(self.starts[number] - 1, len(self.text))


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a reStructuredText file."""
    starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
    lines = _Lines(text, starts, _DEFAULT.search(text) is not None)
    marks: list[str] = []
    number = 0
    while number < lines.count():
        if not lines.line(number).strip():
            number += 1
            continue
        found, number = _block(lines, number, marks)
        yield from found


def _block(lines: _Lines, number: int, marks: list[str]) -> tuple[list[Piece], int]:
    """The pieces of the block that starts on a line, and the line after it; new marks of titles are noted by level."""
    line = lines.line(number)
    if match := _EXPLICIT.match(line):
        return _explicit(lines, number, match.end())
    if line.lstrip().startswith(">>>"):
        return [], _blank(lines, number)
    if _RULE.match(line):
        over = _title(lines, number + 1, line[0] * 2, marks) if _is_over(lines, number) else None
        return over or ([], number + 1)
    if title := _title(lines, number, "", marks):
        return title
    return _paragraph(lines, number)


def _is_over(lines: _Lines, number: int) -> bool:
    return bool(lines.line(number + 1).strip()) and lines.line(number + 2)[:2] == lines.line(number)[:2]


def _title(lines: _Lines, number: int, over: str, marks: list[str]) -> tuple[list[Piece], int] | None:
    """The heading on a line that the next one underlines."""
    title, under = lines.line(number), lines.line(number + 1)
    if not _RULE.match(under) or (title[:1].isspace() and not over) or _RULE.match(title):
        return None
    mark = over or under[0]
    if mark not in marks:
        marks.append(mark)
    start = lines.starts[number] + len(title) - len(title.lstrip())
    span = Span(start, start + len(title.strip()))
    inside = [piece for piece in _inline(lines, *span) if not isinstance(piece, Prose)]
    return [Heading(marks.index(mark) + 1, title.strip(), span), *inside], number + 2


def _blank(lines: _Lines, number: int) -> int:
    while number < lines.count() and lines.line(number).strip():
        number += 1
    return number


def _indent(line: str) -> int:
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())


def _block_end(lines: _Lines, number: int, indent: int) -> int:
    """The line after the block that is indented more than ``indent``, from a line on; empty lines belong to it."""
    last = number
    while number < lines.count():
        line = lines.line(number)
        if line.strip():
            if _indent(line) <= indent:
                break
            last = number + 1
        number += 1
    return last


def _explicit(lines: _Lines, number: int, column: int) -> tuple[list[Piece], int]:
    line = lines.line(number)
    indent, rest, start = _indent(line), line[column:], lines.starts[number] + column
    if rest.startswith("symfnn:"):
        after = _block_end(lines, number + 1, indent)
        return list(directives(lines.text, start, max(start, lines.end(after)))), after
    if match := _DIRECTIVE.match(rest):
        name = match[1].lower()
        if name == "math":
            return _math(lines, number, start + match.end())
        if name in _CODE:
            return [], _block_end(lines, number + 1, indent)
        after = number + 1
        while _indent(lines.line(after)) > indent and _OPTION.match(lines.line(after)):
            after += 1
        return list(_inline(lines, start + match.end(), lines.end(number + 1))), after
    if match := _FOOTNOTE.match(rest):
        return list(_inline(lines, start + match.end(), lines.end(number + 1))), number + 1
    return [], _block_end(lines, number + 1, indent)


def _math(lines: _Lines, number: int, content: int) -> tuple[list[Piece], int]:
    """The formulas of a ``math`` directive: what empty lines separate are several."""
    after = _block_end(lines, number + 1, _indent(lines.line(number)))
    label, first = None, number + 1
    while first < after and (match := _OPTION.match(lines.line(first))):
        label = match[2].strip() if match[1] in ("label", "name") else label
        first += 1
    if not lines.text[content : lines.end(number + 1)].strip():
        content = lines.starts[first] if first < after else lines.end(after)
    elif first > number + 1:
        return [_formula(lines.text, content, lines.end(number + 1), label)], after
    limit = max(content, lines.end(after))
    return [_formula(lines.text, *part, label) for part in _parts(lines.text, content, limit)], after


def _parts(text: str, start: int, end: int) -> Iterator[Span]:
    """What empty lines outside of environments separate."""
    depth, begin = 0, start
    for match in _BLOCK_ENDS.finditer(text, start, end):
        depth += {"begin": 1, "end": -1}.get(match[1] or "", 0)
        if match[1] is None and depth <= 0:
            if text[begin : match.start()].strip():
                yield Span(begin, match.start())
            begin = match.end()
    if text[begin:end].strip():
        yield Span(begin, end)


def _formula(text: str, start: int, end: int, label: str | None) -> Formula:
    part = text[start:end]
    first = start + len(part) - len(part.lstrip())
    span = Span(first, start + len(part.rstrip()))
    if match := _ENVIRONMENT.match(part):
        opening = rf"\begin{{{match[1]}}}"
        opened = Span(match.end() - len(match.group().lstrip()), match.end())
        inner = delimiters.formula(part, opened, opening, delimiters.MARKDOWN, display=True)
        moved = relocated(inner, joined([Segment(part, start, end)]))
        if isinstance(moved, Formula):
            return replace(moved, label=label)
    return replace(delimiters.trimmed(text, Span(start, end), span, display=True), label=label)


def _paragraph(lines: _Lines, number: int) -> tuple[list[Piece], int]:
    after = number + 1
    while lines.line(after).strip() and not _EXPLICIT.match(lines.line(after)):
        after += 1
    start, end = lines.starts[number], lines.end(after)
    found = list(_inline(lines, start, end))
    if lines.text[start:end].rstrip().endswith("::"):
        after = _block_end(lines, after, _indent(lines.line(number)))
    return found, after


def _inline(lines: _Lines, start: int, end: int) -> Iterator[Piece]:
    text, words = lines.text, start
    for match in _ROLE.finditer(text, start, end):
        kind = match.lastgroup
        if kind is None or (kind == "bare" and not lines.is_math_default):
            continue
        yield from prose(text, words, match.start())
        yield delimiters.trimmed(text, Span(*match.span(kind)), Span(*match.span()), display=False)
        words = match.end()
    yield from prose(text, words, end)
