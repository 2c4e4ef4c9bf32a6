"""Brackets of every size, and environments."""

from typing import Final

from symfnn.errors import LatexError
from symfnn.latex import lexicon
from symfnn.latex.tokens import Token, written
from symfnn.latex.units import Frame, Units
from symfnn.source import Span

_OPEN: Final = frozenset("([{⟨⌊⌈⟦")
_BARS: Final = frozenset("|‖")


def read_size(units: Units, token: Token, side: str, wrapped: bool) -> None:
    r"""A bracket after ``\big`` and its kin."""
    if lexicon.COMMANDS.get(units.peek(), ("", ""))[0] != "fence":
        if units.peek() in ("/", r"\backslash"):
            return
        raise LatexError("unexpected-token", f"a bracket is expected after {token.text}", token.span)
    following = units.tokens[units.place]
    units.place += 1
    span = Span(token.span.start, max(token.span.end, following.span.end))
    _delimiter(units, token._replace(span=span), lexicon.COMMANDS[following.text][1], side, wrapped)


def read_fence(units: Units, token: Token, text: str, wrapped: bool) -> None:
    """A bracket of plain size; one that closes the degree of a root."""
    if text == "]" and units.stack and units.stack[-1].kind == "brace" and units.stack[-1].token.text == "[":
        units.pop()
        units.result.append(Token("RBRACE", text, token.span))
        units.complete(False, token.span)
        return
    _delimiter(units, token, text, "", wrapped)


def _delimiter(units: Units, token: Token, text: str, side: str, wrapped: bool) -> None:
    if wrapped and text in _BARS:
        units.emit(token, "LETTER", text, wrapped)
    elif wrapped:
        units.refuse_open(units.stack[-1])
    elif side == "middle":
        units.leaf(token, "SEPARATOR", text, wrapped)
    elif text in _BARS and not side:
        units.result.append(Token("BAR", text, token.span, token.text))
    elif side == "left" or (not side and text in _OPEN):
        made = Token("OPEN", text, token.span)
        units.result.append(made)
        units.push(Frame("bracket", made))
    else:
        _close(units, token, text, "bracket")


def _close(units: Units, token: Token, text: str, kind: str) -> None:
    units.close_switches()
    if not units.stack or units.stack[-1].kind != kind:
        if units.stack and units.stack[-1].kind not in ("brace", "environment"):
            units.refuse_open(units.stack[-1])
        raise LatexError("unexpected-bracket", f"there is no opening bracket for this {text}", token.span)
    units.pop()
    units.emit(token, "CLOSE", text, False)


def _side(units: Units, token: Token) -> tuple[Token, str]:
    r"""The bracket after ``\left`` or ``\right``."""
    text = units.peek()
    known = {"<": "⟨", ">": "⟩", ".": ".", "/": "."}
    value = known.get(text) or (lexicon.COMMANDS[text][1] if lexicon.COMMANDS.get(text, ("",))[0] == "fence" else "")
    if not value:
        raise LatexError("unexpected-token", f"a bracket is expected after {token.text}", token.span)
    end = units.tokens[units.place].span.end
    units.place += 1
    return token._replace(span=Span(token.span.start, max(token.span.end, end))), value


def read_left(units: Units, token: Token, text: str, wrapped: bool) -> None:
    r"""``\left`` with its bracket."""
    if wrapped:
        units.refuse_open(units.stack[-1])
    token, value = _side(units, token)
    made = Token("OPEN", value, token.span)
    units.result.append(made)
    units.push(Frame("left", made))


def read_right(units: Units, token: Token, text: str, wrapped: bool) -> None:
    r"""``\right`` with its bracket."""
    token, value = _side(units, token)
    _close(units, token, value, "left")


def read_begin(units: Units, token: Token, text: str, wrapped: bool) -> None:
    """The beginning of an environment, with its arguments."""
    if wrapped:
        units.refuse_open(units.stack[-1])
    name = written(units.raw(token)).strip().rstrip("*")
    token = token._replace(span=units.until(token.span.start))
    kind = _environment(name)
    if not kind:
        raise LatexError("unknown-environment", f"the environment {name} is not known", token.span)
    units.option()
    for _ in range(lexicon.ENVIRONMENT_ARGUMENTS.get(name, 0)):
        units.raw(token)
    made = Token("BEGIN" + kind, name, token.span)
    units.result.append(made)
    units.push(Frame("environment", made))


def read_end(units: Units, token: Token, text: str, wrapped: bool) -> None:
    """The end of an environment."""
    units.close_switches()
    name = written(units.raw(token)).strip().rstrip("*")
    token = token._replace(span=units.until(token.span.start))
    if not units.stack:
        raise LatexError("unexpected-end", rf"there is no \begin{{{name}}} for this", token.span)
    if units.stack[-1].kind != "environment" or units.stack[-1].token.text != name:
        units.refuse_open(units.stack[-1])
    units.pop()
    units.emit(token, "END" + _environment(name), name, False)


def _environment(name: str) -> str:
    if name in lexicon.ALIGNED:
        return "ROWS"
    if name in lexicon.CASES:
        return "CASES"
    return "MATRIX" if name in lexicon.MATRICES else ""
