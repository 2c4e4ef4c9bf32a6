r"""TeX's arguments, groups and brackets made plain: from tokens to the terminals of the grammar.

Every argument comes out in braces (``\frac12`` as ``\frac{1}{2}``, ``x_i`` as ``x_{i}``), words and numbers are one
terminal each, every command has its kind, and brackets, braces and environments are known to match.
"""

import re
from dataclasses import dataclass
from typing import Final, final

from symfnn.errors import LatexError
from symfnn.latex import lexicon
from symfnn.latex.tokens import DEEPEST, Token, written
from symfnn.source import Span

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_ ][A-Za-z0-9]+)*\.?")
_ONE_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_FOUND = "\\()[]{}"
_ENDS: Final = frozenset({"}", "&", "^", "_", "'"})
_CLOSING: Final = {"(": ")", "[": "]", "{": r"\}", "⟨": r"\rangle", "⌊": r"\rfloor", "⌈": r"\rceil"}
_OPEN: Final = frozenset("([{⟨⌊⌈⟦")
_CLOSE: Final = frozenset(")]}⟩⌋⌉⟧")
_BARS: Final = frozenset("|‖")
_PLAIN: Final = {
    "letter": "LETTER",
    "dots": "DOTS",
    "function": "FUNCTION",
    "sign": "SIGN",
    "times": "TIMES",
    "relation": "RELATION",
    "words": "WORDS",
    "separator": "SEPARATOR",
    "over": "OVER",
    "quad": "QUAD",
}


@final
@dataclass(slots=True)
class _Frame:
    """Something open: a brace, a bracket, an environment, or a command that waits for arguments."""

    kind: str
    token: Token
    need: int = 0
    wrapped: bool = False
    heavy: int = 0


def arrange(tokens: list[Token]) -> list[Token]:
    """The grammar's terminals for a formula's tokens.

    Raises:
        LatexError: for what does not match, is not known, or is nested too deeply.
    """
    return _Arranger(tokens).run()


@final
class _Arranger:
    """Walks over the tokens once, with a stack of what is open."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.result: list[Token] = []
        self.stack: list[_Frame] = []
        self.scripts = 0
        self.heavy = 0

    def run(self) -> list[Token]:
        while self.place < len(self.tokens):
            token = self.tokens[self.place]
            self.place += 1
            self._read(token)
        self._close_switches()
        if self.stack:
            self._refuse_open(self.stack[-1])
        return self.result

    # --- what is open

    def _push(self, frame: _Frame) -> None:
        self.stack.append(frame)
        self._check_depth(frame.token)

    def _check_depth(self, token: Token) -> None:
        if len(self.stack) + self.heavy > DEEPEST:
            raise LatexError("too-deep", f"the formula is nested more than {DEEPEST} levels deep", token.span)

    def _pop(self) -> _Frame:
        frame = self.stack.pop()
        self.heavy -= frame.heavy
        return frame

    def _weigh(self, token: Token) -> None:
        """Count what nests without brackets: the body of a sum, the argument of a function."""
        if self.stack:
            self.stack[-1].heavy += 1
        self.heavy += 1
        self._check_depth(token)

    def _lighten(self) -> None:
        """A sign ends the products before it, and so all bodies and arguments in them."""
        outer = self.heavy - self.stack[-1].heavy if self.stack else 0
        if self.stack:
            self.stack[-1].heavy = 0
        self.heavy = outer if self.stack else 0

    def _refuse_open(self, frame: _Frame) -> None:
        token = frame.token
        if frame.kind == "command":
            raise LatexError("missing-argument", f"{token.text} needs something after it", token.span)
        if frame.kind == "environment":
            message = rf"\begin{{{token.text}}} is not closed: \end{{{token.text}}} is expected"
            raise LatexError("unclosed-environment", message, token.span)
        if frame.kind == "brace":
            raise LatexError("unclosed-brace", "the brace { that opens here is not closed", token.span)
        if frame.kind == "left":
            raise LatexError("unclosed-left", r"\left here has no \right", token.span)
        closing = _CLOSING.get(token.text, "a closing bracket")
        raise LatexError("unclosed-bracket", f"the bracket {token.text} that opens here needs {closing}", token.span)

    # --- units: what TeX takes for one argument

    def _read(self, token: Token) -> None:
        if token.kind == "space":
            return
        kind, value = self._kind(token)
        waits = bool(self.stack) and self.stack[-1].kind == "command"
        if waits and (token.text in _ENDS or kind in ("row", "over", "close")):
            self._refuse_open(self.stack[-1])
        if kind in ("space", "skipped"):
            self._skip(kind, token)
            return
        wrapped = waits and token.text != "{"
        if wrapped:
            self.result.append(Token("LBRACE", "", token.span))
        getattr(self, "_on_" + kind)(token, value, wrapped)

    def _kind(self, token: Token) -> tuple[str, str]:
        text = token.text
        if text in ("{", "}", "^", "_", "'", "&", r"\_"):
            return _BASIC[text], text
        if text in lexicon.COMMANDS:
            kind, value = lexicon.COMMANDS[text]
            return kind.replace(" ", "_"), value
        if text in (r"\left", r"\right", r"\begin", r"\end", r"\not"):
            return text[1:], text
        if token.kind == "command":
            raise LatexError("unknown-command", f"{text} is not known; define it with \\newcommand", token.span)
        return ("digit" if text.isdecimal() else "character"), text

    def _emit(self, token: Token, kind: str, text: str, wrapped: bool, style: str = "") -> None:
        """A whole unit of one terminal."""
        self.result.append(Token(kind, text, token.span, style))
        self._complete(wrapped, token.span)

    def _complete(self, wrapped: bool, span: Span) -> None:
        """A unit has ended: it may be the last argument of the command that waits, which is then a unit itself."""
        while True:
            if wrapped:
                self.result.append(Token("RBRACE", "", span))
            if not self.stack or self.stack[-1].kind != "command":
                return
            frame = self.stack[-1]
            frame.need -= 1
            if frame.need:
                return
            self._pop()
            self.scripts -= frame.token.kind in ("SUB", "SUP")
            wrapped = frame.wrapped

    def _command(self, token: Token, kind: str, text: str, need: int, wrapped: bool, style: str = "") -> None:
        made = Token(kind, text, token.span, style)
        self.result.append(made)
        self.scripts += kind in ("SUB", "SUP")
        self._push(_Frame("command", made._replace(text=token.text), need, wrapped))

    def _peek(self) -> str:
        while self.place < len(self.tokens) and self.tokens[self.place].kind == "space":
            self.place += 1
        return self.tokens[self.place].text if self.place < len(self.tokens) else ""

    def _raw(self, of: Token) -> list[Token]:
        """The tokens of the next group, or the next token alone, unread."""
        start = self._peek()
        if not start or start in "}&":
            raise LatexError("missing-argument", f"{of.text} needs an argument in braces", of.span)
        self.place += 1
        if start != "{":
            return [self.tokens[self.place - 1]]
        first, level = self.place, 1
        while self.place < len(self.tokens):
            level += _LEVEL.get(self.tokens[self.place].text, 0)
            self.place += 1
            if not level:
                return self.tokens[first : self.place - 1]
        span = self.tokens[first - 1].span
        raise LatexError("unclosed-brace", "the brace { that opens here is not closed", span)

    def _option(self) -> None:
        """Pass over what stands in square brackets."""
        if self._peek() == "[":
            while self.place < len(self.tokens) and self.tokens[self.place].text not in ("]", r"\\"):
                self.place += 1
            self.place += 1

    def _star(self) -> None:
        if self.place < len(self.tokens) and self.tokens[self.place].text == "*":
            self.place += 1

    def _until(self, start: int) -> Span:
        """From a token's start to the end of what was read last."""
        return Span(start, max(start, self.tokens[self.place - 1].span.end))

    # --- each kind

    def _skip(self, kind: str, token: Token) -> None:
        if kind == "space":
            return
        self._star()
        if token.text in (r"\kern", r"\mkern", r"\hskip", r"\mspace", r"\setlength") and self._peek() != "{":
            while self._peek() and (self._peek().isalnum() or self._peek() in "-."):
                self.place += 1
            return
        self._option()
        if self._peek() == "{" or token.text == r"\phantom":
            self._raw(token)
        if token.text in (r"\hspace", r"\phantom", r"\hphantom") and not self.stack:
            self.result.append(Token("SPACE", token.text, token.span))

    def _on_open(self, token: Token, text: str, wrapped: bool) -> None:
        made = Token("LBRACE", text, token.span)
        self.result.append(made)
        self._push(_Frame("brace", made))

    def _on_close(self, token: Token, text: str, wrapped: bool) -> None:
        self._close_switches()
        if not self.stack:
            raise LatexError("unexpected-brace", "there is no { for this }", token.span)
        if self.stack[-1].kind != "brace" or self.stack[-1].token.text == "[":
            self._refuse_open(self.stack[-1])
        self._pop()
        is_argument = bool(self.stack) and self.stack[-1].kind == "command"
        if self.result[-1].kind != "LBRACE" or is_argument:
            self.result.append(Token("RBRACE", text, token.span))
            self._complete(False, token.span)
            return
        opening = self.result.pop()
        if self._peek() in ("^", "_", r"\_") and self.result and self.result[-1].kind in _SCRIPTABLE:
            self._weigh(token)
            self.result.append(Token("HOLD", "{}", opening.span.to(token.span)))

    def _on_script(self, token: Token, text: str, wrapped: bool) -> None:
        self._command(token, "SUB" if text == "_" else "SUP", text, 1, False)

    def _on_underscore(self, token: Token, text: str, wrapped: bool) -> None:
        if wrapped:
            self._refuse_open(self.stack[-1])
        self._command(token, "SUB", "_", 1, False)

    def _on_prime(self, token: Token, text: str, wrapped: bool) -> None:
        self.result.append(Token("PRIME", text, token.span))

    def _on_ampersand(self, token: Token, text: str, wrapped: bool) -> None:
        self._close_switches()
        self._lighten()
        self.result.append(Token("AMP", text, token.span))

    def _on_row(self, token: Token, text: str, wrapped: bool) -> None:
        self._close_switches()
        self._lighten()
        if text == r"\\":
            self._star()
            following = self.tokens[self.place : self.place + 3]
            if "".join(t.text for t in following[:2]) == "cr" and not (
                len(following) > 2 and following[2].text.isalpha()
            ):
                self.place += 2
            self._row_skip()
        self.result.append(Token("ROW", text, token.span))

    def _row_skip(self) -> None:
        r"""Pass over the length in ``\\[4pt]``, but not over a bracket of the formula."""
        place = self.place
        if place < len(self.tokens) and self.tokens[place].text == "[":
            end = next((k for k in range(place, min(place + 12, len(self.tokens))) if self.tokens[k].text == "]"), None)
            length = "".join(t.text for t in self.tokens[place + 1 : end]) if end else ""
            if re.fullmatch(r"-?[0-9.]+ ?(?:pt|em|ex|mm|cm|in|mu|sp|pc)", length.strip()):
                self.place = (end or place) + 1

    def _on_digit(self, token: Token, text: str, wrapped: bool) -> None:
        if not wrapped:
            text = self._number(text)
        start = token.span.start
        self._emit(token._replace(span=self._until(start)), "NUMBER", text, wrapped)

    def _number(self, text: str) -> str:
        tokens, dot = self.tokens, "." in text
        while self.place < len(tokens):
            piece = tokens[self.place].text
            following = tokens[self.place + 1].text if self.place + 1 < len(tokens) else ""
            if piece.isdecimal() and tokens[self.place].kind == "char":
                text += piece
            elif piece == "." and not dot and following.isdecimal():
                text, dot = text + piece, True
            else:
                break
            self.place += 1
        return text

    def _on_character(self, token: Token, text: str, wrapped: bool) -> None:
        if text.isascii() and not text.isalpha():
            message = f"{text} has no meaning here"
            raise LatexError("unexpected-token", message, token.span)
        if text.isascii() or not _is_prose(text):
            self._emit(token, "LETTER", text, wrapped)
            return
        start = token.span.start
        while self.place < len(self.tokens) and _is_prose(self.tokens[self.place].text):
            text += self.tokens[self.place].text
            self.place += 1
        self._emit(token._replace(span=self._until(start)), "WORDS", text, wrapped)

    def _plain(self, token: Token, text: str, wrapped: bool, kind: str) -> None:
        if kind in ("SIGN", "RELATION", "SEPARATOR", "WORDS", "QUAD"):
            self._lighten()
        if kind == "FUNCTION":
            self._weigh(token)
        self._emit(token, kind, text, wrapped)

    def _on_letter(self, token: Token, text: str, wrapped: bool) -> None:
        self._emit(token, "LETTER", text, wrapped)

    def _on_dots(self, token: Token, text: str, wrapped: bool) -> None:
        self._emit(token, "DOTS", text, wrapped)

    def _on_function(self, token: Token, text: str, wrapped: bool) -> None:
        if text == "arg" and self._peek() in (r"\max", r"\min", r"\sup", r"\inf"):
            text += self._peek()[1:]
            self.place += 1
            token = token._replace(span=self._until(token.span.start))
        self._plain(token, text, wrapped, "FUNCTION")

    def _on_sign(self, token: Token, text: str, wrapped: bool) -> None:
        self._plain(token, text, wrapped, "SIGN")

    def _on_times(self, token: Token, text: str, wrapped: bool) -> None:
        following = self.tokens[self.place].text if self.place < len(self.tokens) else ""
        if text == "." and following.isdecimal() and (not self.result or self.result[-1].kind != "NUMBER"):
            self._on_digit(token, text, wrapped)
            return
        self._emit(token, "TIMES", text, wrapped)

    def _on_relation(self, token: Token, text: str, wrapped: bool) -> None:
        if text == ":=" or text == "=":
            return self._plain(token, text, wrapped, "RELATION")
        return self._plain(token, text, wrapped, "RELATION")

    def _on_not(self, token: Token, text: str, wrapped: bool) -> None:
        following = lexicon.COMMANDS.get(self._peek(), ("", ""))
        if following[0] != "relation":
            raise LatexError("unexpected-token", r"a relation is expected after \not", token.span)
        self.place += 1
        negated = {"=": r"\neq", r"\in": r"\notin"}.get(following[1], "\\not" + following[1])
        self._plain(token._replace(span=self._until(token.span.start)), negated, wrapped, "RELATION")

    def _on_words(self, token: Token, text: str, wrapped: bool) -> None:
        self._plain(token, text, wrapped, "WORDS")

    def _on_separator(self, token: Token, text: str, wrapped: bool) -> None:
        self._plain(token, text, wrapped, "SEPARATOR")

    def _on_over(self, token: Token, text: str, wrapped: bool) -> None:
        self._lighten()
        self.result.append(Token("OVER", text, token.span))

    def _on_quad(self, token: Token, text: str, wrapped: bool) -> None:
        if wrapped:
            self._refuse_open(self.stack[-1])
        self.result.append(Token("QUAD", text, token.span))

    def _on_big(self, token: Token, text: str, wrapped: bool) -> None:
        self._weigh(token)
        self._emit(token, "BIG", text, wrapped)

    def _on_style(self, token: Token, text: str, wrapped: bool) -> None:
        wordy = token.text in (r"\mathrm", r"\mathit", r"\mathsf", r"\mathtt", r"\mathnormal")
        if wordy and self._peek() == "{":
            before = self.place
            raw = self._raw(token)
            word = _plain_word(raw)
            if word:
                self._word(token._replace(span=self._until(token.span.start)), word, wrapped)
                return
            self.place = before
        self._command(token, "STYLE", text, 1, wrapped, text)

    def _word(self, token: Token, word: str, wrapped: bool) -> None:
        if not self.scripts and word.casefold() in lexicon.CONDITIONS | lexicon.JOINERS:
            self._plain(token, word, wrapped, "WORDS")
        elif not self.scripts and word in lexicon.FUNCTIONS:
            self._plain(token, word, wrapped, "FUNCTION")
        else:
            self._emit(token, "LETTER", word, wrapped, "text")

    def _on_switch(self, token: Token, text: str, wrapped: bool) -> None:
        if wrapped:
            self._refuse_open(self.stack[-1])
        end, level = self.place, 0
        while end < len(self.tokens) and level >= 0 and not (level == 0 and self.tokens[end].text in ("&", r"\\")):
            level += _LEVEL.get(self.tokens[end].text, 0)
            end += level >= 0
        word = _plain_word(self.tokens[self.place : end]) if text in (r"\mathrm", r"\mathit", r"\mathsf") else ""
        if word:
            self.place = end
            self._word(token._replace(span=self._until(token.span.start)), word, False)
        elif "".join(t.text for t in self.tokens[self.place : end]).strip():
            style = lexicon.COMMANDS[text][1]
            self.result += [Token("STYLE", style, token.span, style), Token("LBRACE", "", token.span)]
            self._push(_Frame("switch", token))

    def _close_switches(self) -> None:
        while self.stack and self.stack[-1].kind == "switch":
            self._pop()
            self.result.append(Token("RBRACE", "", self.result[-1].span))

    def _on_accent(self, token: Token, text: str, wrapped: bool) -> None:
        self._command(token, "ACCENT", text, 1, wrapped)

    def _on_text(self, token: Token, style: str, wrapped: bool) -> None:
        self._star()
        words = written(self._raw(token)).replace(r"\_", "_").replace("~", " ").replace(r"\ ", " ")
        words = " ".join(words.split())
        token = token._replace(span=self._until(token.span.start))
        if not words:
            if wrapped:
                raise LatexError("empty-argument", "nothing stands in these braces", token.span)
        elif _ONE_WORD.fullmatch(words):
            if style == "bold" and len(words) == 1:
                self._emit(token, "LETTER", words, wrapped, "bold")
            else:
                self._word(token, words, wrapped)
        elif words.isdecimal():
            self._emit(token, "NUMBER", words, wrapped)
        elif words in (",", ";"):
            self._plain(token, words, wrapped, "SEPARATOR")
        else:
            self._plain(token, words, wrapped, "TEXT" if self.scripts else "WORDS")

    def _on_operator(self, token: Token, text: str, wrapped: bool) -> None:
        self._star()
        if text == r"\mathop" and self._peek() == "{":
            before = self.place
            word = _plain_word(self._raw(token))
            if not word:
                self.place = before
                self._command(token, "WRAP", text, 1, wrapped)
                return
            self.place = before
        raw = self._raw(token)
        name = "".join(t.text.lstrip("\\") for t in raw if t.text[-1].isalnum() and t.text not in _FONTS)
        token = token._replace(span=self._until(token.span.start))
        if not name:
            raise LatexError("empty-argument", f"{token.text} needs a name", token.span)
        if name in lexicon.FUNCTIONS:
            self._plain(token, name, wrapped, "FUNCTION")
        else:
            self._emit(token, "LETTER", name, wrapped, "text")

    def _on_fraction(self, token: Token, text: str, wrapped: bool) -> None:
        self._command(token, "FRACTION", text, 2, wrapped)

    def _on_root(self, token: Token, text: str, wrapped: bool) -> None:
        if self._peek() != "[":
            self._command(token, "SQRT", text, 1, wrapped)
            return
        self._command(token, "ROOT", text, 2, wrapped)
        opening = self.tokens[self.place]
        self.place += 1
        made = Token("LBRACE", "[", opening.span)
        self.result.append(made)
        self._push(_Frame("brace", made))

    def _on_note(self, token: Token, text: str, wrapped: bool) -> None:
        self._command(token, "NOTE", text, 1, wrapped)

    def _on_transparent(self, token: Token, text: str, wrapped: bool) -> None:
        self._command(token, "WRAP", text, 1, wrapped)

    def _on_plain_matrix(self, token: Token, kind: str, wrapped: bool) -> None:
        if self._peek() != "{":
            raise LatexError("missing-argument", f"{token.text} needs cells in braces", token.span)
        self._command(token, "PLAIN" if kind == "matrix" else "PLAINCASES", kind, 1, wrapped)

    def _on_overset(self, token: Token, text: str, wrapped: bool) -> None:
        note, base = self._raw(token), self._raw(token)
        token = token._replace(span=self._until(token.span.start))
        sign = [t for t in base if t.kind != "space"]
        kind, value = lexicon.COMMANDS.get(sign[0].text, ("", "")) if len(sign) == 1 else ("", "")
        if kind == "relation":
            words = written(note)
            if "def" in words or words.strip() in (r"\triangle", r"\Delta", "."):
                value = r"\triangleq"
            elif "?" in words or "!" in words:
                value = rf"\stackrel{{{words}}}{{{value}}}"
            self._plain(token, value, wrapped, "RELATION")
        elif text == r"\underset" and not wrapped:
            brace = (Token("char", "{", token.span), Token("char", "}", token.span))
            script = Token("char", "_", token.span)
            self.tokens[self.place : self.place] = [*base, script, brace[0], *note, brace[1]]
        else:
            self._emit(token, "LETTER", rf"{text}{{{written(note)}}}{{{written(base)}}}", wrapped)

    def _on_label(self, token: Token, text: str, wrapped: bool) -> None:
        if wrapped:
            self._refuse_open(self.stack[-1])
        self._star()
        words = written(self._raw(token)).strip()
        kind = "LABEL" if text == r"\label" else "TAG"
        self.result.append(Token(kind, words, self._until(token.span.start)))

    # --- brackets and environments

    def _on_size(self, token: Token, side: str, wrapped: bool) -> None:
        if lexicon.COMMANDS.get(self._peek(), ("", ""))[0] != "fence":
            if self._peek() in ("/", r"\backslash"):
                return
            raise LatexError("unexpected-token", f"a bracket is expected after {token.text}", token.span)
        following = self.tokens[self.place]
        self.place += 1
        span = Span(token.span.start, max(token.span.end, following.span.end))
        self._delimiter(token._replace(span=span), lexicon.COMMANDS[following.text][1], side, wrapped)

    def _on_fence(self, token: Token, text: str, wrapped: bool) -> None:
        if text == "]" and self.stack and self.stack[-1].kind == "brace" and self.stack[-1].token.text == "[":
            self._pop()
            self.result.append(Token("RBRACE", text, token.span))
            self._complete(False, token.span)
            return
        self._delimiter(token, text, "", wrapped)

    def _delimiter(self, token: Token, text: str, side: str, wrapped: bool) -> None:
        if wrapped and text in _BARS:
            self._emit(token, "LETTER", text, wrapped)
        elif wrapped:
            self._refuse_open(self.stack[-1])
        elif side == "middle":
            self._plain(token, text, wrapped, "SEPARATOR")
        elif text in _BARS and not side:
            self.result.append(Token("BAR", text, token.span, token.text))
        elif side == "left" or (not side and text in _OPEN):
            made = Token("OPEN", text, token.span)
            self.result.append(made)
            self._push(_Frame("bracket", made))
        else:
            self._close(token, text, "bracket")

    def _close(self, token: Token, text: str, kind: str) -> None:
        self._close_switches()
        if not self.stack or self.stack[-1].kind != kind:
            if self.stack and self.stack[-1].kind not in ("brace", "environment"):
                self._refuse_open(self.stack[-1])
            raise LatexError("unexpected-bracket", f"there is no opening bracket for this {text}", token.span)
        self._pop()
        self._emit(token, "CLOSE", text, False)

    def _side(self, token: Token) -> tuple[Token, str]:
        r"""The bracket after ``\left`` or ``\right``."""
        text = self._peek()
        known = {"<": "⟨", ">": "⟩", ".": ".", "/": "."}
        value = known.get(text) or (
            lexicon.COMMANDS[text][1] if lexicon.COMMANDS.get(text, ("",))[0] == "fence" else ""
        )
        if not value:
            raise LatexError("unexpected-token", f"a bracket is expected after {token.text}", token.span)
        end = self.tokens[self.place].span.end
        self.place += 1
        return token._replace(span=Span(token.span.start, max(token.span.end, end))), value

    def _on_left(self, token: Token, text: str, wrapped: bool) -> None:
        if wrapped:
            self._refuse_open(self.stack[-1])
        token, value = self._side(token)
        made = Token("OPEN", value, token.span)
        self.result.append(made)
        self._push(_Frame("left", made))

    def _on_right(self, token: Token, text: str, wrapped: bool) -> None:
        token, value = self._side(token)
        self._close(token, value, "left")

    def _on_begin(self, token: Token, text: str, wrapped: bool) -> None:
        if wrapped:
            self._refuse_open(self.stack[-1])
        name = written(self._raw(token)).strip().rstrip("*")
        token = token._replace(span=self._until(token.span.start))
        kind = _environment(name)
        if not kind:
            raise LatexError("unknown-environment", f"the environment {name} is not known", token.span)
        self._option()
        for _ in range(lexicon.ENVIRONMENT_ARGUMENTS.get(name, 0)):
            self._raw(token)
        made = Token("BEGIN" + kind, name, token.span)
        self.result.append(made)
        self._push(_Frame("environment", made))

    def _on_end(self, token: Token, text: str, wrapped: bool) -> None:
        self._close_switches()
        name = written(self._raw(token)).strip().rstrip("*")
        token = token._replace(span=self._until(token.span.start))
        if not self.stack:
            raise LatexError("unexpected-end", rf"there is no \begin{{{name}}} for this", token.span)
        if self.stack[-1].kind != "environment" or self.stack[-1].token.text != name:
            self._refuse_open(self.stack[-1])
        self._pop()
        self._emit(token, "END" + _environment(name), name, False)


_BASIC: Final = {
    "{": "open",
    "}": "close",
    "^": "script",
    "_": "script",
    "'": "prime",
    "&": "ampersand",
    r"\_": "underscore",
}
_SCRIPTABLE: Final = frozenset({"LETTER", "NUMBER", "RBRACE", "CLOSE", "PRIME", "ENDMATRIX"})
_LEVEL: Final = {"{": 1, "}": -1}
_FONTS: Final = frozenset({r"\mathrm", r"\mathbf", r"\rm", r"\bf", r"\text", r"\mathsf", r"\textbf", r"\mathit"})


def _environment(name: str) -> str:
    if name in lexicon.ALIGNED:
        return "ROWS"
    if name in lexicon.CASES:
        return "CASES"
    return "MATRIX" if name in lexicon.MATRICES else ""


def _is_prose(text: str) -> bool:
    """Whether a character is of a script that formulas have no letters of."""
    return len(text) == 1 and not text.isascii() and text.isalpha() and not "\u00c0" <= text <= "\u03ff"


def _plain_word(tokens: list[Token]) -> str:
    """The word of two letters or more that tokens spell, or nothing."""
    text = "".join(
        "_" if t.text == r"\_" else " " if t.text in (r"\,", r"\ ", "~", r"\:", r"\;") else t.text for t in tokens
    )
    text = " ".join(text.split())
    return text if len(text) > 1 and _WORD.fullmatch(text) else ""
