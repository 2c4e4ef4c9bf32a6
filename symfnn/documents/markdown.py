"""Markdown files. Their blocks are found by markdown-it; lines of a formula that look like lists or titles are kept."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

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
    parser.block.ruler.before("fence", "math", _math, alternatives)  # type: ignore[arg-type]
    return parser


def _blanked(text: str) -> str:
    """The text as markdown-it is to see it: the same lines, no front matter."""
    match = _FRONT_MATTER.match(text)
    front = match.group() if match else ""
    return "\n" * front.count("\n") + text[len(front) :].replace("\r", " ")


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a Markdown text."""
    starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))
    heading: Token | None = None
    after_footnote = False
    skip_to = 0
    for token in _parser().parse(_blanked(text)):
        if token.map is None or token.map[0] < skip_to:
            continue
        if token.type == "table_open":
            skip_to = token.map[1]
            yield from _table(text, starts, token.map)
        elif token.type == "heading_open":
            heading = token
        elif token.type == "inline":
            passage = _passage(text, starts, token.map[0], token.content)
            after_footnote = _FOOTNOTE.match(token.content) is not None
            yield from _heading(text, starts, heading, passage) if heading else _inline(passage)
            heading = None
        elif token.type == "html_block" or (token.type == "code_block" and after_footnote):
            yield from _inline(_passage(text, starts, token.map[0], token.content))
        elif token.type == "fence" and _MATH.match(token.info.strip()):
            yield from _fence(text, starts, token)


def defined(found: tuple[Piece, ...]) -> str:
    """The definitions of commands in the formulas, and beside them."""
    texts = (
        piece.latex if isinstance(piece, Formula) else piece.text for piece in found if not isinstance(piece, Directive)
    )
    return "\n".join(filter(None, map(macros.definitions, texts)))


def _passage(text: str, starts: list[int], first: int, content: str) -> Passage:
    """The passage whose lines are those of the content, from a line of the text on, without what stands before them."""
    segments = []
    lines = content.removesuffix("\n").split("\n")
    for number, line in enumerate(lines, first):
        start, end = starts[number], starts[number + 1] - 1
        core = line.strip()
        found = text.rfind(core, start, end)
        place = found if core else end
        last = place + len(core) if number + 1 == first + len(lines) else min(end + 1, len(text))
        if found < 0 or not text[start:place].strip():
            place = start
        segments.append(Segment(text[place:last], place, last))
    return joined(segments)


def _inline(passage: Passage) -> Iterator[Piece]:
    for piece in inline.pieces(passage.text):
        yield relocated(piece, passage)


def _heading(text: str, starts: list[int], token: Token, passage: Passage) -> Iterator[Piece]:
    first, last = token.map or [0, 0]
    lines = text[starts[first] : min(starts[last] - 1, len(text))]
    start = starts[first] + len(lines) - len(lines.lstrip())
    yield Heading(int(token.tag[1:]), " ".join(passage.text.split()), Span(start, starts[first] + len(lines.rstrip())))
    for piece in _inline(passage):
        if not isinstance(piece, Prose):
            yield piece


def _table(text: str, starts: list[int], lines: list[int]) -> Iterator[Piece]:
    """The pieces of each cell; in a table a vertical line inside a cell is written with a backslash."""
    for number in range(*lines):
        start, end = starts[number], min(starts[number + 1] - 1, len(text))
        if number == lines[0] + 1 and _DELIMITERS.match(text[start:end]):
            continue
        for cell in _CELL.finditer(text, start, end):
            segments, last = [], cell.start()
            for pipe in _PIPE.finditer(text, *cell.span()):
                segments += [Segment(text[last : pipe.start()], last, pipe.start()), Segment("|", *pipe.span())]
                last = pipe.end()
            segments.append(Segment(text[last : cell.end()], last, cell.end()))
            yield from _inline(joined(segments))


def _fence(text: str, starts: list[int], token: Token) -> Iterator[Piece]:
    first, last = token.map or [0, 0]
    option = _OPTION.match(token.content)
    label = _LABEL.search(option.group()) if option else None
    passage = _passage(text, starts, first + 1, token.content)
    begin = len(option.group()) if option and passage.text.startswith(option.group()) else 0
    found = delimiters.trimmed(passage.text, Span(begin, len(passage.text)), Span(0, len(passage.text)), display=True)
    start = text.find(token.markup, starts[first])
    end = len(text[: min(starts[last] - 1, len(text))].rstrip())
    inner = relocated(found, passage)
    if isinstance(inner, Formula):
        yield replace(inner, span=Span(start, end), label=label[1] if label else None)
