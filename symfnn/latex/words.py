"""Words in formulas: texts, named operators, letters in a style, signs with a note above or below."""

import re
from typing import Final

from symfnn.errors import LatexError
from symfnn.latex import lexicon
from symfnn.latex.tokens import Token, written
from symfnn.latex.units import Frame, Units

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_ ][A-Za-z0-9]+)*\.?")
_ONE_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_WORDY: Final = frozenset({r"\mathrm", r"\mathit", r"\mathsf", r"\mathtt", r"\mathnormal"})
LONGEST_BASE: Final = 40  # tokens that a note is put below; more are a sign of their own
_LEVEL: Final = {"{": 1, "}": -1}
_FONTS: Final = frozenset({r"\mathrm", r"\mathbf", r"\rm", r"\bf", r"\text", r"\mathsf", r"\textbf", r"\mathit"})


def read_style(units: Units, token: Token, text: str, wrapped: bool) -> None:
    """Letters in a style; several upright ones are a word."""
    wordy = token.text in _WORDY
    if wordy and units.peek() == "{":
        before = units.place
        raw = units.raw(token)
        word = _plain_word(raw)
        if word:
            _word(units, token._replace(span=units.until(token.span.start)), word, wrapped)
            return
        units.place = before
    units.command(token, "STYLE", text, 1, wrapped, text)


def _word(units: Units, token: Token, word: str, wrapped: bool) -> None:
    if not units.scripts and word.casefold() in lexicon.CONDITIONS | lexicon.JOINERS:
        units.leaf(token, "WORDS", word, wrapped)
    elif not units.scripts and word in lexicon.FUNCTIONS:
        units.leaf(token, "FUNCTION", word, wrapped)
    else:
        units.emit(token, "LETTER", word, wrapped, "text")


def read_switch(units: Units, token: Token, text: str, wrapped: bool) -> None:
    r"""A style up to the end of the group: ``{\rm in}``."""
    if wrapped:
        units.refuse_open(units.stack[-1])
    end, level = units.place, 0
    while end < len(units.tokens) and level >= 0 and not (level == 0 and units.tokens[end].text in ("&", r"\\")):
        level += _LEVEL.get(units.tokens[end].text, 0)
        end += level >= 0
    word = _plain_word(units.tokens[units.place : end]) if text in (r"\mathrm", r"\mathit", r"\mathsf") else ""
    if word:
        units.place = end
        _word(units, token._replace(span=units.until(token.span.start)), word, False)
    elif "".join(t.text for t in units.tokens[units.place : end]).strip():
        style = lexicon.COMMANDS[text][1]
        units.result += [Token("STYLE", style, token.span, style), Token("LBRACE", "", token.span)]
        units.push(Frame("switch", token))


def read_text(units: Units, token: Token, style: str, wrapped: bool) -> None:
    """Words: one is a name, several are a remark."""
    units.star()
    words = written(units.raw(token)).replace(r"\_", "_").replace("~", " ").replace(r"\ ", " ")
    words = " ".join(words.split())
    token = token._replace(span=units.until(token.span.start))
    if not words:
        if wrapped:
            raise LatexError("empty-argument", "nothing stands in these braces", token.span)
    elif _ONE_WORD.fullmatch(words):
        if style == "bold" and len(words) == 1:
            units.emit(token, "LETTER", words, wrapped, "bold")
        else:
            _word(units, token, words, wrapped)
    elif words.isdecimal():
        units.emit(token, "NUMBER", words, wrapped)
    elif words in (",", ";"):
        units.leaf(token, "SEPARATOR", words, wrapped)
    else:
        units.leaf(token, "TEXT" if units.scripts else "WORDS", words, wrapped)


def read_operator(units: Units, token: Token, text: str, wrapped: bool) -> None:
    """A named operator."""
    units.star()
    if text == r"\mathop" and units.peek() == "{":
        before = units.place
        inside = [t for t in units.raw(token) if t.text not in _FONTS and t.text not in ("{", "}")]
        if not _plain_word(inside):
            units.place = before
            units.command(token, "WRAP", text, 1, wrapped)
            return
        units.place = before
    raw = units.raw(token)
    name = "".join(t.text.lstrip("\\") for t in raw if t.text[-1].isalnum() and t.text not in _FONTS)
    token = token._replace(span=units.until(token.span.start))
    if not name:
        raise LatexError("empty-argument", f"{token.text} needs a name", token.span)
    if name in lexicon.FUNCTIONS:
        units.leaf(token, "FUNCTION", name, wrapped)
    else:
        units.emit(token, "LETTER", name, wrapped, "text")


def read_overset(units: Units, token: Token, text: str, wrapped: bool) -> None:
    """A sign with a note: a relation stays what it is, unless the note says that it defines."""
    note, base = units.raw(token), units.raw(token)
    token = token._replace(span=units.until(token.span.start))
    sign = [t for t in base if t.kind != "space"]
    kind, value = lexicon.COMMANDS.get(sign[0].text, ("", "")) if len(sign) == 1 else ("", "")
    if kind == "relation":
        words = written(note)
        if "def" in words or words.strip() in (r"\triangle", r"\Delta", "."):
            value = r"\triangleq"
        elif "?" in words or "!" in words:
            value = rf"\stackrel{{{words}}}{{{value}}}"
        units.leaf(token, "RELATION", value, wrapped)
    elif text == r"\underset" and not wrapped and len(base) <= LONGEST_BASE:
        brace = (Token("char", "{", token.span), Token("char", "}", token.span))
        script = Token("char", "_", token.span)
        units.tokens[units.place : units.place] = [*base, script, brace[0], *note, brace[1]]
    else:
        units.emit(token, "LETTER", rf"{text}{{{written(note)}}}{{{written(base)}}}", wrapped)


def _plain_word(tokens: list[Token]) -> str:
    """The word of two letters or more that tokens spell, or nothing."""
    text = "".join(
        "_" if t.text == r"\_" else " " if t.text in (r"\,", r"\ ", "~", r"\:", r"\;") else t.text for t in tokens
    )
    text = " ".join(text.split())
    return text if len(text) > 1 and _WORD.fullmatch(text) else ""
