r"""What commands that nothing defines are taken for: an excerpt of a text has lost its preamble.

Names of such commands follow a few habits: ``\bW`` and ``\vx`` are bold letters, ``\yhat`` is ``\hat{y}``, ``\relu`` an
operator, ``\pd{J}{x}`` a derivative. What a command is taken for is a supposition, and is named wherever it is used.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, final

from symfnn.errors import LatexError
from symfnn.latex.lexicon import COMMANDS
from symfnn.latex.macros import COMMON, Macros, read_macros
from symfnn.latex.tokens import Token, check_length, lex

_MOST: Final = 200  # commands of one text
_LETTERS: Final = frozenset(name[1:] for name, (kind, _) in COMMANDS.items() if kind == "letter" and name[1:].isalpha())
_BOLD: Final = frozenset("b bf bm bs bb mb v m t bv vec vect mat matr V M T".split())
_BOLD_BEHIND: Final = frozenset("vec vect vct mat matr mtx bf bold".split())
_ACCENTS: Final = ("hat", "tilde", "bar")
_MARKUP: Final = frozenset("matr mat mtx matrx vect vct vecb bvec tens tensor".split())
_BRACED_MARKUP: Final = frozenset("b bb bs bld mb mbf mbs bfs v vv m mm vec".split())
_PARTIAL: Final = frozenset("pd pdd pder pderiv pdiff pard parder pardiff partder partialderiv dpd pp".split())
_TOTAL: Final = frozenset("od deriv der ddiff totalderiv dod".split())
_OPERATORS: Final = {
    "relu": "ReLU", "softmax": "softmax", "smax": "softmax", "sigmoid": "sigmoid", "sigm": "sigmoid", "sgn": "sgn",
    "sign": "sgn", "diag": "diag", "trace": "tr", "softplus": "softplus",
}  # fmt: skip
_REALS: Final = frozenset("RR reals Reals real".split())
_TRANSPOSES: Final = frozenset("T tp trans transp transpose tran tps".split())


class _Use(NamedTuple):
    """How a command is used: the sign before it, the groups in braces behind it, whether it fills a group by itself."""

    before: str
    groups: int
    is_alone: bool


@final
@dataclass(frozen=True, slots=True)
class Undefined:
    """Commands that nothing defines, with what they are taken for.

    Attributes:
        macros: that write them out.
        meanings: in words, by the command's name with its backslash.
    """

    macros: Macros
    meanings: tuple[tuple[str, str], ...]

    def used_in(self, text: str) -> tuple[str, ...]:
        """What is supposed where a formula is read."""
        return tuple(words for name, words in self.meanings if re.search(re.escape(name) + r"(?![A-Za-z])", text))


def undefined(texts: Iterable[str], macros: Macros) -> Undefined:
    """What the unknown commands in formulas are taken for, each by its name and by how it is used everywhere."""
    formulas = tuple(texts)
    own = (macro for text in formulas for macro in read_macros(text).definitions)
    known = {macro.name for macro in (*COMMON.definitions, *macros.definitions, *own)}
    uses: dict[str, list[_Use]] = {}
    for text in formulas:
        for name, use in _calls(text):
            if name not in known and name not in COMMANDS and len(uses) < _MOST:
                uses.setdefault(name, []).append(use)
    found = {name: body for name, places in uses.items() if (body := _meaning(name[1:], places)) is not None}
    written = "".join(rf"\newcommand{{{name}}}[{arity}]{{{body}}}" for name, (arity, body) in found.items())
    return Undefined(read_macros(written), tuple((name, _words(name, *found[name])) for name in found))


def _words(name: str, arity: int, body: str) -> str:
    shown = ("a", "b")[:arity]
    for number, letter in enumerate(shown, 1):
        body = body.replace(f"#{number}", letter)
    return f"{name}{''.join(f'{{{letter}}}' for letter in shown)}, which nothing defines, stands for {body}"


def _calls(text: str) -> Iterator[tuple[str, _Use]]:
    """Each command and how it is used."""
    try:
        check_length(text)
    except LatexError:
        return
    tokens = [token for token in lex(text) if token.kind != "space"]
    for place, token in enumerate(tokens):
        if token.kind == "command" and token.text[1:].isalpha():
            before = tokens[place - 1].text if place else ""
            is_alone = before == "{" and tokens[place + 1 : place + 2] != [] and tokens[place + 1].text == "}"
            if before == "{" and place > 1:
                before = tokens[place - 2].text
            yield token.text, _Use(before, _groups(tokens, place + 1), is_alone)


def _groups(tokens: list[Token], place: int) -> int:
    """How many groups in braces follow one another, up to two."""
    count = 0
    while count < 2 and place < len(tokens) and tokens[place].text == "{":
        level = 0
        while place < len(tokens):
            level += (tokens[place].text == "{") - (tokens[place].text == "}")
            place += 1
            if level == 0:
                break
        count += 1
    return count


def _meaning(name: str, uses: list[_Use]) -> tuple[int, str] | None:
    """The number of arguments and the body of a command; None where its name says nothing."""
    groups = min(use.groups for use in uses)
    if groups == 2 and name in _PARTIAL:
        return 2, r"\frac{\partial #1}{\partial #2}"
    if groups == 2 and name in _TOTAL:
        return 2, r"\frac{d #1}{d #2}"
    if name in _MARKUP or (groups >= 1 and name in _BRACED_MARKUP):
        return 1, r"\mathbf{#1}"
    if groups:
        return None
    if name in _TRANSPOSES and all(use.before == "^" for use in uses):
        return 0, r"\top"
    return _name(name) or _number(name, uses)


def _number(name: str, uses: list[_Use]) -> tuple[int, str] | None:
    """A command that stands as a limit, an index or a denominator by itself: a number that the text has a name for."""
    places = {use.before for use in uses if use.is_alone}
    return (0, rf"\mathrm{{{name}}}") if len(name) > 2 and places & {"^", "_", "}"} else None


def _name(name: str) -> tuple[int, str] | None:
    """What a command without arguments is by its name alone."""
    if name.lower() in _OPERATORS:
        return 0, rf"\operatorname{{{_OPERATORS[name.lower()]}}}"
    if name in _REALS:
        return 0, r"\mathbb{R}"
    accented = {
        rf"\{accent}{{{letter}}}"
        for accent in _ACCENTS
        for rest in (name.removeprefix(accent), name.removesuffix(accent))
        if rest != name and (letter := _letter(rest)) is not None
    }
    bold = {
        rf"\mathbf{{{letter}}}"
        for part in (1, 2, 3, 4)
        for is_mark, rest in ((name[:part] in _BOLD, name[part:]), (name[-part:] in _BOLD_BEHIND, name[:-part]))
        if is_mark and (letter := _letter(rest)) is not None
    }
    found = accented or bold
    return (0, found.pop()) if len(found) == 1 else None


def _letter(text: str) -> str | None:
    """A letter as it is written, from its name."""
    if len(text) == 1:
        return text
    return f"\\{text}" if text in _LETTERS else None
