r"""A user's own commands: read from ``\newcommand``, ``\def``, ``\DeclareMathOperator``, and written out in a formula.

A token that a macro writes has the place of the macro's call; what stands in the call's arguments keeps its own place.
Only the arguments' texts are put together: nothing that TeX could compute is computed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, final

from symfnn.errors import LatexError
from symfnn.latex.lexicon import COMMANDS
from symfnn.latex.tokens import Token, lex, written
from symfnn.source import Span

MOST_WRITTEN: Final = 20_000
DEEPEST_CALL: Final = 40
LONGEST_DEFINITION: Final = 4_000
MOST_UNREAD: Final = 200
MOST_READ: Final = 5_000

_DEFINING = (
    "newcommand renewcommand providecommand DeclareRobustCommand def gdef edef let DeclareMathOperator"
    " DeclarePairedDelimiter"
).split()
_DEFINITION = re.compile(r"\\(?:" + "|".join(_DEFINING) + r")(?![A-Za-z])")
_NAMES: Final = frozenset("\\" + name for name in _DEFINING)
_NOWHERE = Span(0, 0)


@final
@dataclass(frozen=True, slots=True)
class Macro:
    """A command that stands for other tokens.

    Attributes:
        name: with its backslash.
        arity: the number of its arguments.
        default: of the first argument, where that one is optional.
        body: tokens, ``#`` and a digit among them for an argument.
    """

    name: str
    arity: int
    default: tuple[Token, ...] | None
    body: tuple[Token, ...]


@final
@dataclass(frozen=True, slots=True)
class Macros:
    """Definitions in the order in which they were read; a later one of the same name holds."""

    definitions: tuple[Macro, ...] = ()

    def merged(self, later: "Macros") -> "Macros":
        """These and those that follow them."""
        return Macros(self.definitions + later.definitions)


def read_macros(text: str) -> Macros:
    """All definitions in a text, such as a preamble; what cannot be read as one is passed over."""
    found: list[Macro] = []
    place = unread = 0
    while unread < MOST_UNREAD and len(found) < MOST_READ and (match := _DEFINITION.search(text, place)):
        source = _Input(lex(text, match.start(), min(len(text), match.start() + LONGEST_DEFINITION)))
        try:
            macro = _definition(source)
        except LatexError:
            place, unread = match.end(), unread + 1
            continue
        place = max(match.end(), source.last.end)
        if macro is not None:
            found.append(macro)
    return Macros(tuple(found))


def expand(tokens: Iterator[Token], macros: Macros) -> list[Token]:
    """The tokens with every macro written out; definitions among them hold from where they stand.

    Raises:
        LatexError: ``macro-too-large`` or ``missing-argument``.
    """
    known = {macro.name: macro for macro in macros.definitions}
    source, result, count = _Input(tokens), list[Token](), 0
    while source:
        token, depth = source.take()
        if token.kind == "command" and token.text in _NAMES and token.text not in known:
            source.put_back(token, depth)
            macro = _definition(source)
            if macro is not None and not (
                token.text == r"\providecommand" and (macro.name in known or macro.name in COMMANDS)
            ):
                known[macro.name] = macro
        elif token.kind == "command" and token.text in known:
            body = _written_out(known[token.text], token, source)
            count += len(body) + 1
            if count > MOST_WRITTEN or depth >= DEEPEST_CALL:
                message = f"{token.text} is written out without end, or to more than {MOST_WRITTEN:,} tokens"
                raise LatexError("macro-too-large", message, token.span)
            source.prepend(body, depth + 1)
        else:
            result.append(token)
    return result


@final
class _Input:
    """Tokens still to be read, the next one last, each with the number of calls that it came out of."""

    def __init__(self, tokens: Iterator[Token]) -> None:
        self._tokens = tokens
        self._stack: list[tuple[Token, int]] = []
        self.last = _NOWHERE

    def __bool__(self) -> bool:
        if not self._stack:
            self._stack += [(token, 0) for token in islice(self._tokens, 1)]
        return bool(self._stack)

    def take(self) -> tuple[Token, int]:
        if not self:
            raise LatexError("missing-argument", "the formula ends within a definition", _NOWHERE)
        self.last = self._stack[-1][0].span
        return self._stack.pop()

    def put_back(self, token: Token, depth: int) -> None:
        self._stack.append((token, depth))

    def prepend(self, tokens: list[Token], depth: int) -> None:
        self._stack.extend((token, depth) for token in reversed(tokens))

    def peek(self) -> str:
        """The next token's text without taking it; spaces before it are taken."""
        while self and self._stack[-1][0].kind == "space":
            self._stack.pop()
        return self._stack[-1][0].text if self else ""

    def argument(self, of: Token) -> list[Token]:
        """The next group without its braces, or the next token."""
        if self.peek() in ("", "}"):
            raise LatexError("missing-argument", f"{of.text} needs an argument, as in {of.text}{{x}}", of.span)
        return self._until("}", of) if self.peek() == "{" else [self.take()[0]]

    def optional(self, of: Token) -> list[Token] | None:
        """What stands in square brackets next, or None."""
        return self._until("]", of) if self.peek() == "[" else None

    def _until(self, closing: str, of: Token) -> list[Token]:
        self.take()
        level, inside = 0, list[Token]()
        while self:
            token, _ = self.take()
            if token.text == closing and level == 0:
                return inside
            level += (token.text == "{") - (token.text == "}")
            inside.append(token)
        raise LatexError("unclosed-brace", f"an argument of {of.text} is not closed with {closing}", of.span)


def _written_out(macro: Macro, call: Token, source: _Input) -> list[Token]:
    if source and source.peek() == "*" and macro.name in (r"\norm", r"\abs"):
        source.take()
    arguments: list[list[Token]] = []
    defaulted = False
    if macro.default is not None:
        given = source.optional(call)
        arguments.append(list(macro.default) if given is None else given)
        defaulted = given is None
    while len(arguments) < macro.arity:
        arguments.append(source.argument(call))
    span = call.span.to(source.last) if arguments else call.span
    if defaulted:
        arguments[0] = [token._replace(span=span) for token in arguments[0]]
    result: list[Token] = []
    body = iter(macro.body)
    for token in body:
        if token.text != "#":
            result.append(token._replace(span=span))
            continue
        number = next(body, token).text
        if number.isdecimal() and 0 < int(number) <= len(arguments):
            result.extend(arguments[int(number) - 1])
    return result


def _definition(source: _Input) -> Macro | None:
    """The definition that stands next; None for one of a kind that is passed over."""
    command, _ = source.take()
    match command.text:
        case r"\def" | r"\gdef" | r"\edef":
            return _plain(source, command)
        case r"\let":
            return _alias(source, command)
        case r"\DeclareMathOperator":
            return _operator(source, command)
        case r"\DeclarePairedDelimiter":
            return _delimiters(source, command)
    _star(source)
    name = written(source.argument(command)).strip()
    arity = source.optional(command)
    default = source.optional(command)
    body = source.argument(command)
    number = written(arity or []).strip() or "0"
    if not _is_name(name) or not (number.isdecimal() and len(number) == 1):
        return None
    return Macro(name, int(number), None if default is None else tuple(default), tuple(body))


def _plain(source: _Input, command: Token) -> Macro | None:
    name = source.peek()
    source.argument(command)
    pattern = ""
    while source and source.peek() not in ("{", ""):
        pattern += source.take()[0].text
    body = source.argument(command)
    arity = len(pattern) // 2
    simple = pattern == "".join(f"#{number}" for number in range(1, arity + 1))
    return Macro(name, arity, None, tuple(body)) if simple and _is_name(name) else None


def _alias(source: _Input, command: Token) -> Macro | None:
    name = source.argument(command)[0]
    if source.peek() == "=":
        source.take()
    target = source.argument(command)
    return Macro(name.text, 0, None, tuple(target)) if _is_name(name.text) and target[0].text != name.text else None


def _operator(source: _Input, command: Token) -> Macro | None:
    _star(source)
    name = written(source.argument(command)).strip()
    body = source.argument(command)
    shown = [Token("command", r"\operatorname", _NOWHERE), Token("char", "{", _NOWHERE), *body]
    return Macro(name, 0, None, (*shown, Token("char", "}", _NOWHERE))) if _is_name(name) else None


def _delimiters(source: _Input, command: Token) -> Macro | None:
    name, left, right = (source.argument(command) for _ in range(3))
    inner = [Token("char", "#", _NOWHERE), Token("char", "1", _NOWHERE)]
    body = (Token("command", r"\left", _NOWHERE), *left, *inner, Token("command", r"\right", _NOWHERE), *right)
    text = written(name).strip()
    return Macro(text, 1, None, body) if _is_name(text) else None


def _star(source: _Input) -> None:
    if source.peek() == "*":
        source.take()


def _is_name(text: str) -> bool:
    return len(text) > 1 and text[0] == "\\" and (text[1:].isalpha() or len(text) == 2)


COMMON: Final = read_macros(
    r"\newcommand{\norm}[1]{\left\|#1\right\|}\newcommand{\abs}[1]{\left|#1\right|}"
    r"\newcommand{\pdv}[2]{\frac{\partial #1}{\partial #2}}\newcommand{\dv}[2]{\frac{d #1}{d #2}}"
    r"\newcommand{\R}{\mathbb{R}}\newcommand{\N}{\mathbb{N}}\newcommand{\Z}{\mathbb{Z}}"
    r"\newcommand{\tr}{\operatorname{tr}}"
)
