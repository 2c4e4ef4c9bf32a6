r"""TeX's arguments, groups and brackets made plain: from tokens to the terminals of the grammar.

Every argument comes out in braces (``\frac12`` as ``\frac{1}{2}``, ``x_i`` as ``x_{i}``), words and numbers are one
terminal each, every command has its kind, and brackets, braces and environments are known to match.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from symfnn.errors import LatexError
from symfnn.latex import lexicon
from symfnn.latex.brackets import read_begin, read_end, read_fence, read_left, read_right, read_size
from symfnn.latex.tokens import Token, written
from symfnn.latex.units import Frame, Units
from symfnn.latex.words import read_operator, read_overset, read_style, read_switch, read_text

_BASIC: Final = {
    "{": "open",
    "}": "close",
    "^": "script",
    "_": "script",
    "'": "prime",
    "&": "ampersand",
    r"\_": "underscore",
    r"\left": "left",
    r"\right": "right",
    r"\begin": "begin",
    r"\end": "end",
    r"\not": "not",
}
_ENDS: Final = frozenset({"}", "&", "^", "_", "'"})
_SCRIPTABLE: Final = frozenset({"LETTER", "NUMBER", "RBRACE", "CLOSE", "PRIME", "ENDMATRIX"})


def arrange(tokens: list[Token]) -> list[Token]:
    """The grammar's terminals for a formula's tokens.

    Raises:
        LatexError: for what does not match, is not known, or is nested too deeply.
    """
    units = Units(tokens)
    while units.place < len(tokens):
        token = tokens[units.place]
        units.place += 1
        if token.kind != "space":
            _read(units, token)
    units.close_switches()
    if units.stack:
        units.refuse_open(units.stack[-1])
    return units.result


def _read(units: Units, token: Token) -> None:
    kind, value = _kind(token)
    waits = bool(units.stack) and units.stack[-1].kind == "command"
    if waits and (token.text in _ENDS or kind in ("row", "over", "close")):
        units.refuse_open(units.stack[-1])
    if kind == "space":
        return
    wrapped = waits and token.text != "{" and kind != "skipped"
    if wrapped:
        units.result.append(Token("LBRACE", "", token.span))
    if kind in _LEAVES:
        units.leaf(token, _LEAVES[kind], value, wrapped)
    else:
        _READERS[kind](units, token, value, wrapped)


def _kind(token: Token) -> tuple[str, str]:
    text = token.text
    if text in _BASIC:
        return _BASIC[text], text
    if text in lexicon.COMMANDS:
        return lexicon.COMMANDS[text]
    if token.kind == "command":
        raise LatexError("unknown-command", f"{text} is not known; define it with \\newcommand", token.span)
    return ("digit" if text.isdecimal() else "character"), text


def _skipped(units: Units, token: Token, text: str, wrapped: bool) -> None:
    units.star()
    if token.text in (r"\kern", r"\mkern", r"\hskip", r"\mspace", r"\setlength") and units.peek() != "{":
        while units.peek() and (units.peek().isalnum() or units.peek() in "-."):
            units.place += 1
        return
    units.option()
    if units.peek() == "{" or token.text == r"\phantom":
        units.raw(token)


def _open(units: Units, token: Token, text: str, wrapped: bool) -> None:
    made = Token("LBRACE", text, token.span)
    units.result.append(made)
    units.push(Frame("brace", made))


def _close(units: Units, token: Token, text: str, wrapped: bool) -> None:
    units.close_switches()
    if not units.stack:
        raise LatexError("unexpected-brace", "there is no { for this }", token.span)
    if units.stack[-1].kind != "brace" or units.stack[-1].token.text == "[":
        units.refuse_open(units.stack[-1])
    units.pop()
    is_argument = bool(units.stack) and units.stack[-1].kind == "command"
    if units.result[-1].kind != "LBRACE" or is_argument:
        units.result.append(Token("RBRACE", text, token.span))
        units.complete(False, token.span)
        return
    opening = units.result.pop()
    if units.peek() in ("^", "_", r"\_") and units.result and units.result[-1].kind in _SCRIPTABLE:
        units.weigh(token)
        units.result.append(Token("HOLD", "{}", opening.span.to(token.span)))


def _script(units: Units, token: Token, text: str, wrapped: bool) -> None:
    units.command(token, "SUB" if text == "_" else "SUP", text, 1, False)


def _underscore(units: Units, token: Token, text: str, wrapped: bool) -> None:
    if wrapped:
        units.refuse_open(units.stack[-1])
    units.command(token, "SUB", "_", 1, False)


def _prime(units: Units, token: Token, text: str, wrapped: bool) -> None:
    units.result.append(Token("PRIME", text, token.span))


def _ampersand(units: Units, token: Token, text: str, wrapped: bool) -> None:
    units.close_switches()
    units.lighten()
    units.result.append(Token("AMP", text, token.span))


def _row(units: Units, token: Token, text: str, wrapped: bool) -> None:
    units.close_switches()
    units.lighten()
    if text == r"\\":
        units.star()
        following = units.tokens[units.place : units.place + 3]
        if "".join(t.text for t in following[:2]) == "cr" and not (len(following) > 2 and following[2].text.isalpha()):
            units.place += 2
        _row_skip(units)
    units.result.append(Token("ROW", text, token.span))


def _row_skip(units: Units) -> None:
    r"""Pass over the length in ``\\[4pt]``, but not over a bracket of the formula."""
    place = units.place
    if place < len(units.tokens) and units.tokens[place].text == "[":
        end = next((k for k in range(place, min(place + 12, len(units.tokens))) if units.tokens[k].text == "]"), None)
        length = "".join(t.text for t in units.tokens[place + 1 : end]) if end else ""
        if re.fullmatch(r"-?[0-9.]+ ?(?:pt|em|ex|mm|cm|in|mu|sp|pc)", length.strip()):
            units.place = (end or place) + 1


def _digit(units: Units, token: Token, text: str, wrapped: bool) -> None:
    if not wrapped:
        text = _number(units, text)
    start = token.span.start
    units.emit(token._replace(span=units.until(start)), "NUMBER", text, wrapped)


def _number(units: Units, text: str) -> str:
    tokens, dot = units.tokens, "." in text
    while units.place < len(tokens):
        piece = tokens[units.place].text
        following = tokens[units.place + 1].text if units.place + 1 < len(tokens) else ""
        if piece.isdecimal() and tokens[units.place].kind == "char":
            text += piece
        elif piece == "." and not dot and following.isdecimal():
            text, dot = text + piece, True
        else:
            break
        units.place += 1
    return text


def _character(units: Units, token: Token, text: str, wrapped: bool) -> None:
    if text.isascii() and not text.isalpha():
        message = f"{text} has no meaning here"
        raise LatexError("unexpected-token", message, token.span)
    if text.isascii() or not _is_prose(text):
        units.emit(token, "LETTER", text, wrapped)
        return
    start = token.span.start
    while units.place < len(units.tokens) and _is_prose(units.tokens[units.place].text):
        text += units.tokens[units.place].text
        units.place += 1
    units.emit(token._replace(span=units.until(start)), "WORDS", text, wrapped)


def _function(units: Units, token: Token, text: str, wrapped: bool) -> None:
    if text == "arg" and units.peek() in (r"\max", r"\min", r"\sup", r"\inf"):
        text += units.peek()[1:]
        units.place += 1
        token = token._replace(span=units.until(token.span.start))
    units.leaf(token, "FUNCTION", text, wrapped)


def _times(units: Units, token: Token, text: str, wrapped: bool) -> None:
    following = units.tokens[units.place].text if units.place < len(units.tokens) else ""
    if text == "." and following.isdecimal() and (not units.result or units.result[-1].kind != "NUMBER"):
        _digit(units, token, text, wrapped)
    elif text == "." and following == ".":
        units.place += 1
        units.emit(token._replace(span=units.until(token.span.start)), "DOTS", "..", wrapped)
    else:
        units.emit(token, "TIMES", text, wrapped)


def _not(units: Units, token: Token, text: str, wrapped: bool) -> None:
    following = lexicon.COMMANDS.get(units.peek(), ("", ""))
    if following[0] != "relation":
        raise LatexError("unexpected-token", r"a relation is expected after \not", token.span)
    units.place += 1
    negated = {"=": r"\neq", r"\in": r"\notin"}.get(following[1], "\\not" + following[1])
    units.leaf(token._replace(span=units.until(token.span.start)), "RELATION", negated, wrapped)


def _over(units: Units, token: Token, text: str, wrapped: bool) -> None:
    units.lighten()
    units.result.append(Token("OVER", text, token.span))


def _quad(units: Units, token: Token, text: str, wrapped: bool) -> None:
    if wrapped:
        units.refuse_open(units.stack[-1])
    units.result.append(Token("QUAD", text, token.span))


def _accent(units: Units, token: Token, text: str, wrapped: bool) -> None:
    units.command(token, "ACCENT", text, 1, wrapped)


def _fraction(units: Units, token: Token, text: str, wrapped: bool) -> None:
    units.command(token, "FRACTION", text, 2, wrapped)


def _root(units: Units, token: Token, text: str, wrapped: bool) -> None:
    if units.peek() != "[":
        units.command(token, "SQRT", text, 1, wrapped)
        return
    units.command(token, "ROOT", text, 2, wrapped)
    opening = units.tokens[units.place]
    units.place += 1
    made = Token("LBRACE", "[", opening.span)
    units.result.append(made)
    units.push(Frame("brace", made))


def _note(units: Units, token: Token, text: str, wrapped: bool) -> None:
    units.command(token, "NOTE", text, 1, wrapped)


def _transparent(units: Units, token: Token, text: str, wrapped: bool) -> None:
    units.command(token, "WRAP", text, 1, wrapped)


def _plain_matrix(units: Units, token: Token, kind: str, wrapped: bool) -> None:
    if units.peek() != "{":
        raise LatexError("missing-argument", f"{token.text} needs cells in braces", token.span)
    units.command(token, "PLAIN" if kind == "matrix" else "PLAINCASES", kind, 1, wrapped)


def _label(units: Units, token: Token, text: str, wrapped: bool) -> None:
    if wrapped:
        units.refuse_open(units.stack[-1])
    units.star()
    words = written(units.raw(token)).strip()
    kind = "LABEL" if text == r"\label" else "TAG"
    units.result.append(Token(kind, words, units.until(token.span.start)))


def _is_prose(text: str) -> bool:
    """Whether a character is of a script that formulas have no letters of."""
    return len(text) == 1 and not text.isascii() and text.isalpha() and not "\u00c0" <= text <= "\u03ff"


_LEAVES: Final = {
    "letter": "LETTER",
    "dots": "DOTS",
    "big": "BIG",
    "sign": "SIGN",
    "relation": "RELATION",
    "words": "WORDS",
    "separator": "SEPARATOR",
}
_READERS: Final[Mapping[str, Callable[[Units, Token, str, bool], None]]] = {
    "skipped": _skipped,
    "open": _open,
    "close": _close,
    "script": _script,
    "underscore": _underscore,
    "prime": _prime,
    "ampersand": _ampersand,
    "row": _row,
    "digit": _digit,
    "character": _character,
    "function": _function,
    "times": _times,
    "not": _not,
    "over": _over,
    "quad": _quad,
    "accent": _accent,
    "fraction": _fraction,
    "root": _root,
    "note": _note,
    "transparent": _transparent,
    "plain matrix": _plain_matrix,
    "label": _label,
    "begin": read_begin,
    "end": read_end,
    "left": read_left,
    "right": read_right,
    "fence": read_fence,
    "size": read_size,
    "operator": read_operator,
    "overset": read_overset,
    "style": read_style,
    "switch": read_switch,
    "text": read_text,
}
