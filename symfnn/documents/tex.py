r"""LaTeX files. A scanner of our own: no library keeps going, with exact places, through a file that does not compile.

Not here: what a formula means, and ``\input`` of other files.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from symfnn.documents import delimiters, macros, shortcuts
from symfnn.documents.directives import directives
from symfnn.documents.document import Directive, Formula, Heading, Piece, Prose, prose
from symfnn.documents.shortcuts import Shortcut
from symfnn.source import Span

_LEVELS = {
    "part": 0,
    "chapter": 1,
    "section": 2,
    "subsection": 3,
    "subsubsection": 4,
    "paragraph": 5,
    "subparagraph": 6,
}
_SKIPPED = (
    "verbatim",
    "Verbatim",
    "BVerbatim",
    "LVerbatim",
    "lstlisting",
    "minted",
    "comment",
    "filecontents",
    "tikzpicture",
    "alltt",
    "pycode",
    "asy",
)
# How commands begin that the other alternatives of a token are about: all others are passed over in one step.
_SPECIAL = (
    r"begin|end|iffalse|verb|lst|url|mint|part|chap|sub|sec|para|new|renew|prov|Decl|New|long|[gex]?def|let|[(\[]"
)
_KINDS = rf"""(?P<comment>%[^\n]*+)
    |(?P<verb>\\(?:verb|lstinline)\*?(?:\[[^\[\]\n]*+\])?(?P<bar>[^\w\s\[{{])[^\n]{{0,999}}?(?P=bar)
        |\\(?:lstinline|url|mintinline\s*+\{{\w*\}})\s*+\{{[^{{}}\n]*+\}})
    |\\begin\s*+\{{(?P<begin>[A-Za-z]+\*?)\}}
    |(?P<finish>\\end\s*+\{{document\}})
    |(?P<false>\\iffalse(?![A-Za-z]))
    |\\(?P<heading>{"|".join(_LEVELS)})\*?\s*+(?:\[[^\]\n]{{0,999}}+\]\s*+)?\{{
    |(?P<definition>{macros.DEFINITION})
    |(?P<bracket>\\[(\[])
    |(?P<dollars>\$++)"""
_PREAMBLE = re.compile(r"(?:[^%\\]++|%[^\n]*+|\\(?!begin\s*+\{document\}).)*+(\\begin\s*+\{document\})?", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*+)%[^\n]*+")
_TITLE = re.compile(r"(?:[^{}\\]++|\\.|\{(?:[^{}\\]++|\\.|\{[^{}]*+\}){0,99}+\}){0,999}+", re.DOTALL)
_FI = re.compile(r"\\fi(?![A-Za-z])")

# The pieces that a token begins, and where to go on.
_Step = tuple[list[Piece], int]


def preamble_end(text: str) -> int:
    r"""Where the text proper begins: after ``\begin{document}``, at 0 in a file that has none."""
    match = _PREAMBLE.match(text)
    return match.end() if match and match[1] else 0


def defined(text: str) -> str:
    """The preamble without its comments, and the definitions of commands that stand in the text proper."""
    start = preamble_end(text)
    preamble, body = (_COMMENT.sub(r"\1", part) for part in (text[:start], text[start:]))
    return preamble + "\n" + macros.definitions(body)


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a LaTeX file."""
    start = preamble_end(text)
    for match in _COMMENT.finditer(text, 0, start):
        yield from directives(text, match.end(1) + 1, match.end())
    yield from _scan(text, start, len(text), shortcuts.shortcuts(defined(text)))


def _token(names: Iterable[str]) -> re.Pattern[str]:
    """What a scan stops at, given the names of the commands that begin a formula."""
    shortcut = rf"(?:{'|'.join(names) or '(?!)'})(?![A-Za-z])"
    passed = rf"(?:\\(?!{_SPECIAL}|{shortcut}).[^\\%$]*+)++|\\."
    return re.compile(rf"{_KINDS}|\\(?P<shortcut>{shortcut})|{passed}", re.DOTALL | re.VERBOSE)


def _scan(text: str, start: int, end: int, known: dict[str, Shortcut]) -> Iterator[Piece]:
    words = place = start
    token = _token(known)
    match = token.search(text, place, end)
    while match and match.lastgroup != "finish":
        if match["shortcut"]:
            step = _shortcut(text, match, known)
        else:
            step = _HANDLERS.get(match.lastgroup or "", _nothing)(text, match)
        place = match.end()
        if step is not None:
            found, place = step
            yield from prose(text, words, match.start())
            yield from found
            words = place
        match = token.search(text, place, end)
    yield from prose(text, words, match.start() if match else end)


def _nothing(text: str, match: re.Match[str]) -> _Step | None:
    return None


def _comment(text: str, match: re.Match[str]) -> _Step:
    return list(directives(text, match.start() + 1, match.end())), match.end()


def _skip(text: str, match: re.Match[str]) -> _Step:
    return [], match.end()


def _after(text: str, match: re.Match[str], ending: str) -> _Step:
    place = text.find(ending, match.end())
    return [], len(text) if place < 0 else place + len(ending)


def _false(text: str, match: re.Match[str]) -> _Step:
    end = _FI.search(text, match.end())
    return [], end.end() if end else len(text)


def _environment(text: str, match: re.Match[str]) -> _Step | None:
    name = match["begin"]
    if name.rstrip("*") in delimiters.DISPLAY:
        return _formula(text, match, rf"\begin{{{name}}}", display=name != "math")
    if name.rstrip("*") in _SKIPPED:
        return _after(text, match, rf"\end{{{name}}}")
    return None


def _formula(text: str, match: re.Match[str], opening: str, display: bool) -> _Step:
    found = delimiters.formula(text, Span(*match.span()), opening, delimiters.TEX, display)
    return _found(text, found)


def _shortcut(text: str, match: re.Match[str], known: dict[str, Shortcut]) -> _Step | None:
    found = shortcuts.formula(text, Span(*match.span()), known[match["shortcut"]])
    return _found(text, found) if found else None


def _found(text: str, found: Formula) -> _Step:
    return [*_inside(text, found), found], found.span.end


def _inside(text: str, formula: Formula) -> Iterator[Directive]:
    """The directives in the comments of a formula; they are about it."""
    if "symfnn:" in formula.latex:
        for comment in _COMMENT.finditer(text, formula.offset, formula.span.end):
            yield from directives(text, comment.end(1) + 1, comment.end())


def _bracket(text: str, match: re.Match[str]) -> _Step:
    return _formula(text, match, match.group(), display=match.group() == r"\[")


def _dollars(text: str, match: re.Match[str]) -> _Step:
    if len(match.group()) > 2:
        return [], match.end()
    return _formula(text, match, match.group(), display=match.group() == "$$")


def _heading(text: str, match: re.Match[str]) -> _Step | None:
    title = _TITLE.match(text, match.end())
    if title is None or not text.startswith("}", title.end()):
        return None
    heading = Heading(_LEVELS[match["heading"]], " ".join(title.group().split()), Span(match.start(), title.end() + 1))
    inside = _scan(text, title.start(), title.end(), {})
    return [heading, *(piece for piece in inside if not isinstance(piece, Prose))], title.end() + 1


_HANDLERS: dict[str, Callable[[str, re.Match[str]], _Step | None]] = {
    "comment": _comment,
    "verb": _skip,
    "begin": _environment,
    "false": _false,
    "heading": _heading,
    "definition": _skip,
    "bracket": _bracket,
    "dollars": _dollars,
}
