"""Markdown files. Their blocks are found by markdown-it; lines of a formula that look like lists or titles are kept."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from symfnn.documents import delimiters, inline, macros
from symfnn.documents.document import Directive, Formula, Heading, Piece, Prose, relocated
from symfnn.documents.passage import Passage, Segment, joined
from symfnn.source import Span

_FRONT_MATTER = re.compile(r"\A---[ \t\r]*\n(?:.*?\n)??(?:---|\.\.\.)[ \t\r]*(?:\n|\Z)", re.DOTALL)
_OPENING = re.compile(rf"\$\$(?!\$)|\\{{1,2}}\[|{inline.BEGIN}")
_EMPTY_LINE = re.compile(r"\n[ \t\r>]*\n(.*)", re.DOTALL)
_MATH = re.compile(r"\{?math\}?(?:\s|\Z)")
_OPTION = re.compile(r"\A(?:[ \t]*:[\w-]+:[^\n]*\n)+")
_LABEL = re.compile(r":label:[ \t]*(\S+)")
_FOOTNOTE = re.compile(r"\[\^[^\]\n]+\]:")
_CELL = re.compile(r"(?:[^|\\]++|\\.)++", re.DOTALL)
_PIPE = re.compile(r"\\\|")
_DELIMITERS = re.compile(r"[\s|:-]+\Z")


class _Lines(NamedTuple):
    """A text, the text as markdown-it is to see it (of the same length), and where each line starts."""

    text: str
    seen: str
    starts: list[int]

    def span(self, first: int, last: int) -> Span:
        """The span of some lines, without white space around them."""
        start = self.starts[first]
        words = self.text[start : self.starts[last] - 1]
        return Span(start + len(words) - len(words.lstrip()), start + len(words.rstrip()))


def _math(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """The block rule by which the lines of a displayed formula belong together, whatever they look like."""
    place = state.bMarks[start_line] + state.tShift[start_line]
    match = _OPENING.match(state.src, place, state.eMarks[start_line])
    if match is None or state.is_code_block(start_line):
        return False
    opening = rf"\begin{{{match['begin']}}}" if match["begin"] else match.group()
    stop = delimiters.stop(state.src, match.end(), opening, delimiters.MARKDOWN)
    end = delimiters.closed(state.src, stop, opening)
    if end is None or state.eMarks[start_line] >= end:
        return False
    later = _EMPTY_LINE.search(state.src, match.end(), stop)
    if later and inline.is_prose(later[1]):
        return False
    line = start_line
    while line < end_line and state.eMarks[line] < end:
        line += 1
    if line >= end_line:
        return False
    if not silent:
        state.line = line + 1
        token = state.push("inline", "", 0)
        token.content = state.getLines(start_line, line + 1, state.blkIndent, False)
        token.map = [start_line, line + 1]
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table").disable("reference")
    parser.core.ruler.enableOnly(["normalize", "block"])
    alternatives = {"alt": ["paragraph", "blockquote", "list"]}
    parser.block.ruler.before("fence", "math", _math, alternatives)  # type: ignore[arg-type] # stub lacks lists
    return parser


def _blanked(text: str) -> str:
    """The text as markdown-it is to see it: the same places, no front matter, and lines that only line feeds end."""
    match = _FRONT_MATTER.match(text)
    front = match.group() if match else ""
    return re.sub(r"[^\n]", " ", front) + text[len(front) :].replace("\r", " ")


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a Markdown text."""
    starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
    lines = _Lines(text, _blanked(text), starts)
    heading: Token | None = None
    after_footnote = False
    skip_to = 0
    for token in _parser().parse(lines.seen):
        if token.map is None or token.map[0] < skip_to:
            continue
        if token.type == "table_open":
            skip_to = token.map[1]
            yield from _table(lines, *token.map)
        elif token.type == "heading_open":
            heading = token
        elif token.type == "inline":
            passage = _passage(lines, token.map[0], token.content)
            after_footnote = _FOOTNOTE.match(token.content) is not None
            yield from _heading(lines, heading, passage) if heading else _inline(passage)
            heading = None
        elif token.type == "html_block" or (token.type == "code_block" and after_footnote):
            yield from _inline(_passage(lines, token.map[0], token.content))
        elif token.type == "fence" and _MATH.match(token.info.strip()):
            yield from _fence(lines, token)


def defined(found: tuple[Piece, ...]) -> str:
    """The definitions of commands in the formulas, and beside them."""
    texts = (
        piece.latex if isinstance(piece, Formula) else piece.text for piece in found if not isinstance(piece, Directive)
    )
    return "\n".join(filter(None, map(macros.definitions, texts)))


def _passage(lines: _Lines, first: int, content: str) -> Passage:
    """The passage whose lines are those of the content, from a line of the text on, without what stands before them."""
    segments = []
    contents = content.removesuffix("\n").split("\n")
    for number, line in enumerate(contents, first):
        start, end = lines.starts[number], lines.starts[number + 1] - 1
        core = line.strip()
        place = max(start, lines.seen.rfind(core, start, end)) if core else end
        last = place + len(core) if number + 1 == first + len(contents) else min(end + 1, len(lines.text))
        if not lines.text[start:place].strip():
            place = start
        segments.append(Segment(lines.text[place:last], place, last))
    return joined(segments)


def _inline(passage: Passage) -> Iterator[Piece]:
    for piece in inline.pieces(passage.text):
        yield relocated(piece, passage)


def _heading(lines: _Lines, token: Token, passage: Passage) -> Iterator[Piece]:
    first, last = token.map or [0, 0]
    yield Heading(int(token.tag[1:]), " ".join(passage.text.split()), lines.span(first, last))
    for piece in _inline(passage):
        if not isinstance(piece, Prose):
            yield piece


def _table(lines: _Lines, first: int, last: int) -> Iterator[Piece]:
    """The pieces of each cell; in a table a vertical line inside a cell is written with a backslash."""
    text = lines.text
    for number in range(first, last):
        start, end = lines.starts[number], min(lines.starts[number + 1] - 1, len(text))
        if number == first + 1 and _DELIMITERS.match(text[start:end]):
            continue
        for cell in _CELL.finditer(text, start, end):
            segments, done = [], cell.start()
            for pipe in _PIPE.finditer(text, *cell.span()):
                segments += [Segment(text[done : pipe.start()], done, pipe.start()), Segment("|", *pipe.span())]
                done = pipe.end()
            segments.append(Segment(text[done : cell.end()], done, cell.end()))
            yield from _inline(joined(segments))


def _fence(lines: _Lines, token: Token) -> Iterator[Piece]:
    first, last = token.map or [0, 0]
    passage = _passage(lines, first + 1, token.content)
    option = _OPTION.match(passage.text)
    label = _LABEL.search(option.group()) if option else None
    begin = option.end() if option else 0
    found = delimiters.trimmed(passage.text, Span(begin, len(passage.text)), Span(0, len(passage.text)), display=True)
    span = lines.span(first, last)
    is_closed = lines.text[lines.starts[last - 1] : span.end].endswith(token.markup) and last > first + 1
    inner = relocated(found, passage)
    if isinstance(inner, Formula):
        problem = inner.problem if is_closed else "unclosed-formula"
        yield replace(inner, span=span, label=label[1] if label else None, problem=problem)
