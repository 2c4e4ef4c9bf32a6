r"""TeX's stack: what is open while a formula's tokens are walked over, and when a unit has ended.

A unit is what TeX takes for one argument: a token, a group, or a command with its own arguments.
"""

from dataclasses import dataclass
from typing import Final, final

from symfnn.errors import LatexError
from symfnn.latex.tokens import DEEPEST, Token
from symfnn.source import Span

_CLOSING: Final = {"(": ")", "[": "]", "{": r"\}", "⟨": r"\rangle", "⌊": r"\rfloor", "⌈": r"\rceil"}
_LEVEL: Final = {"{": 1, "}": -1}


@final
@dataclass(slots=True)
class Frame:
    """Something open.

    Attributes:
        kind: ``brace``, ``bracket``, ``left``, ``environment``, ``switch``, or ``command`` for one that waits.
        token: that opened it.
        need: how many arguments a command still waits for.
        wrapped: whether the command is an argument itself, and stands in braces that are not written.
        heavy: how many bodies of sums and arguments of functions have begun in it.
    """

    kind: str
    token: Token
    need: int = 0
    wrapped: bool = False
    heavy: int = 0


@final
class Units:
    """The tokens, how far they are read, what is open, and the terminals so far.

    Attributes:
        tokens: of the formula.
        place: of the next token.
        result: the terminals.
        stack: what is open.
        scripts: how many of the open commands are scripts.
        heavy: of all frames together.
    """

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.result: list[Token] = []
        self.stack: list[Frame] = []
        self.scripts = 0
        self.heavy = 0

    def push(self, frame: Frame) -> None:
        """Open something."""
        self.stack.append(frame)
        self.check_depth(frame.token)

    def check_depth(self, token: Token) -> None:
        """Refuse what is nested too deeply."""
        if len(self.stack) + self.heavy > DEEPEST:
            raise LatexError("too-deep", f"the formula is nested more than {DEEPEST} levels deep", token.span)

    def pop(self) -> Frame:
        """Close what was opened last."""
        frame = self.stack.pop()
        self.heavy -= frame.heavy
        return frame

    def weigh(self, token: Token) -> None:
        """Count what nests without brackets: the body of a sum, the argument of a function."""
        if self.stack:
            self.stack[-1].heavy += 1
        self.heavy += 1
        self.check_depth(token)

    def lighten(self) -> None:
        """A sign ends the products before it, and so all bodies and arguments in them."""
        outer = self.heavy - self.stack[-1].heavy if self.stack else 0
        if self.stack:
            self.stack[-1].heavy = 0
        self.heavy = outer if self.stack else 0

    def refuse_open(self, frame: Frame) -> None:
        """Say what is not closed."""
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

    def emit(self, token: Token, kind: str, text: str, wrapped: bool, style: str = "") -> None:
        """A whole unit of one terminal."""
        self.result.append(Token(kind, text, token.span, style))
        self.complete(wrapped, token.span)

    def complete(self, wrapped: bool, span: Span) -> None:
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
            self.pop()
            self.scripts -= frame.token.kind in ("SUB", "SUP")
            wrapped = frame.wrapped

    def command(self, token: Token, kind: str, text: str, need: int, wrapped: bool, style: str = "") -> None:
        """Begin a command with arguments."""
        made = Token(kind, text, token.span, style)
        self.result.append(made)
        self.scripts += kind in ("SUB", "SUP")
        self.push(Frame("command", made._replace(text=token.text), need, wrapped))

    def peek(self) -> str:
        """The next text that is no space."""
        while self.place < len(self.tokens) and self.tokens[self.place].kind == "space":
            self.place += 1
        return self.tokens[self.place].text if self.place < len(self.tokens) else ""

    def raw(self, of: Token) -> list[Token]:
        """The tokens of the next group, or the next token alone, unread."""
        start = self.peek()
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

    def option(self) -> None:
        """Pass over what stands in square brackets next."""
        if self.peek() == "[":
            while self.place < len(self.tokens) and self.tokens[self.place].text not in ("]", r"\\"):
                self.place += 1
            self.place += 1

    def star(self) -> None:
        """Pass over a star."""
        if self.place < len(self.tokens) and self.tokens[self.place].text == "*":
            self.place += 1

    def until(self, start: int) -> Span:
        """From a token's start to the end of what was read last."""
        return Span(start, max(start, self.tokens[self.place - 1].span.end))

    def close_switches(self) -> None:
        """End the styles that were to hold up to here."""
        while self.stack and self.stack[-1].kind == "switch":
            self.pop()
            self.result.append(Token("RBRACE", "", self.result[-1].span))

    def leaf(self, token: Token, kind: str, text: str, wrapped: bool) -> None:
        """A whole unit of one terminal, which may end the products before it or begin a body."""
        if kind in ("SIGN", "RELATION", "SEPARATOR", "WORDS"):
            self.lighten()
        elif kind in ("FUNCTION", "BIG"):
            self.weigh(token)
        self.emit(token, kind, text, wrapped)
