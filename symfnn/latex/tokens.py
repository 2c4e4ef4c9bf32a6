r"""A formula's text as TeX's tokens, with their places: commands, characters, spaces. Comments are gone.

Unicode mathematics is written as LaTeX here, so that ``∂`` and ``\partial``, ``ℝ`` and ``\mathbb{R}``, ``²`` and
``^2``, ``Ŷ`` and ``\hat{Y}`` are the same from here on.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from symfnn.errors import LatexError
from symfnn.latex.lexicon import MARKS, UNICODE
from symfnn.source import Span

LONGEST = 100_000
DEEPEST = 100

_TOKEN = re.compile(
    r"(?P<command>\\(?:[A-Za-z]+|[^A-Za-z]))"
    r"|(?P<comment>%[^\n]*\n?)"
    r"|(?P<space>\s+|~)"
    r"|(?P<char>\.\.\.|:=|=:|<=|>=|==|!=|->|=>|\.\*|\./|\|\||[\x21-\x7e])"
    r"|(?P<other>.)",
    re.DOTALL,
)
_STYLES = (
    ("DOUBLE-STRUCK", r"\mathbb"),
    ("BOLD", r"\mathbf"),
    ("SCRIPT", r"\mathcal"),
    ("FRAKTUR", r"\mathfrak"),
    ("BLACK-LETTER", r"\mathfrak"),
    ("SANS-SERIF", r"\mathsf"),
    ("ITALIC", ""),
    ("MONOSPACE", ""),
)
_SCRIPTS = {"<super>": "^", "<sub>": "_"}


class Token(NamedTuple):
    """A piece of a formula.

    Attributes:
        kind: ``command``, ``char`` or ``space`` as TeX sees it; later one of the grammar's terminals.
        text: as written, or what it is taken for.
        span: where it stands.
        style: of a letter; empty otherwise.
    """

    kind: str
    text: str
    span: Span
    style: str = ""


def lex(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The tokens of a text, or of a part of it, one by one."""
    position, stop = start, len(text) if end is None else end
    while position < stop:
        match = _TOKEN.match(text, position, stop)
        assert match is not None, "the last alternative matches any character"
        kind, position = str(match.lastgroup), match.end()
        span = Span(match.start(), position)
        if kind == "other":
            position = _run(text, match.start(), stop)
            yield from _unicode(text[match.start() : position], Span(match.start(), position))
        elif kind != "comment":
            yield Token(kind, match.group(), span)


def check_length(text: str) -> None:
    """Refuse a text that no formula is as long as.

    Raises:
        LatexError: ``too-long``.
    """
    if len(text) > LONGEST:
        message = f"the formula has {len(text):,} characters; up to {LONGEST:,} are read"
        raise LatexError("too-long", message, Span(LONGEST, len(text)))


def written(tokens: Iterable[Token]) -> str:
    """Tokens as a text again; a space parts a command from a letter that would lengthen it."""
    parts: list[str] = []
    for token in tokens:
        if parts and parts[-1][0] == "\\" and parts[-1][-1].isalpha() and token.text[:1].isalpha():
            parts.append(" ")
        parts.append(" " if token.kind == "space" else token.text)
    return "".join(parts)


def _run(text: str, start: int, stop: int) -> int:
    """The end of a run of superscripts, of subscripts, or of one letter with its combining marks."""
    script = _script(text[start])
    end = start + 1
    if script:
        while end < stop and _script(text[end]) == script:
            end += 1
        return end
    while end < stop and text[end] in MARKS:
        end += 1
    return end


def _script(character: str) -> str:
    return _SCRIPTS.get(unicodedata.decomposition(character).partition(" ")[0], "")


def _unicode(text: str, span: Span) -> Iterator[Token]:
    """The tokens of what one or more characters outside ASCII stand for."""
    script = _script(text[0])
    if script:
        plain = "".join(unicodedata.normalize("NFKC", character) for character in text)
        yield from _spelled([script, "{", *_spelling(plain), "}"], span)
        return
    yield from _spelled(_spelling(text), span)


def _spelling(text: str) -> list[str]:
    """What one character with its marks, or plain characters, are written as in LaTeX."""
    letters = unicodedata.normalize("NFD", text)
    marks = [MARKS[mark] for mark in letters[1:] if mark in MARKS]
    if marks and len(marks) == len(letters) - 1:
        return [piece for mark in reversed(marks) for piece in (mark, "{")] + _one(letters[0]) + ["}"] * len(marks)
    return [piece for character in text for piece in _one(character)]


def _one(character: str) -> list[str]:
    if character in UNICODE:
        return [UNICODE[character]]
    if unicodedata.decomposition(character).startswith("<fraction>"):
        top, _, bottom = unicodedata.normalize("NFKC", character).partition("⁄")
        return [r"\frac", "{", *top, "}", "{", *bottom, "}"]
    if unicodedata.category(character) == "Cf":
        return [" "]  # marks of direction and of width nothing
    if character in "″‴":
        return ["'"] * (2 if character == "″" else 3)
    plain = unicodedata.normalize("NFKC", character)
    if plain == character or len(plain) != 1:
        return [character]
    name = unicodedata.name(character, "")
    style = next((style for word, style in _STYLES if word in name), "")
    inner = [UNICODE.get(plain, plain)]
    return [style, "{", *inner, "}"] if style else inner


def _spelled(pieces: list[str], span: Span) -> Iterator[Token]:
    for piece in pieces:
        yield Token("command" if piece[0] == "\\" else "space" if piece.isspace() else "char", piece, span)
