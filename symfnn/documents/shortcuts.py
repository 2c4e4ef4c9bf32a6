r"""Commands that stand for a display environment: ``\be … \ee`` with ``\def\be{\begin{equation}}``, ``\alns{…}``."""

import re
from dataclasses import replace
from typing import NamedTuple

from symfnn.documents import delimiters
from symfnn.documents.document import Formula
from symfnn.source import Span

_MOST = 50
_ENVIRONMENT = r"\{(?P<environment>(?:" + "|".join(delimiters.DISPLAY) + r")\*?)\}"
_DEFINED = r"\\(?:(?:re)?newcommand\*?|providecommand\*?|def)\s*+\{?\s*+\\(?P<name>[A-Za-z]++)\s*+\}?\s*+"
_OPENING = re.compile(_DEFINED + r"\{\s*+\\begin\s*+" + _ENVIRONMENT + r"\s*+\}")
_CLOSING = re.compile(_DEFINED + r"\{\s*+\\end\s*+" + _ENVIRONMENT + r"\s*+\}")
_AROUND = re.compile(
    _DEFINED
    + r"(?:\[1\]|\#1)\s*+\{\s*+\\begin\s*+"
    + _ENVIRONMENT
    + r"\s*+\{?\#1\}?\s*+\\end\s*+\{(?P=environment)\}\s*+\}"
)
_BRACES = re.compile(r"\\.|%[^\n]*+|[{}]|\n[ \t\r]*+\n", re.DOTALL)


class Shortcut(NamedTuple):
    r"""A command for a display environment.

    Attributes:
        name: without backslash.
        environment: that it opens, or that stands around its argument.
        closing: the names of the commands that close the environment; None where the formula is the argument.
    """

    name: str
    environment: str
    closing: tuple[str, ...] | None


def shortcuts(macros: str) -> dict[str, Shortcut]:
    """The shortcuts that definitions of commands make, by name."""
    closing: dict[str, list[str]] = {}
    for match in _CLOSING.finditer(macros):
        closing.setdefault(match["environment"], []).append(match["name"])
    opened = [
        Shortcut(match["name"], match["environment"], tuple(closing.get(match["environment"], ())[:_MOST]))
        for match in _OPENING.finditer(macros)
    ]
    around = [Shortcut(match["name"], match["environment"], None) for match in _AROUND.finditer(macros)]
    return {shortcut.name: shortcut for shortcut in (opened + around)[:_MOST]}


def formula(text: str, opened: Span, shortcut: Shortcut) -> Formula | None:
    """The formula that a shortcut begins; None where it has no argument."""
    found = _argument(text, opened) if shortcut.closing is None else _between(text, opened, shortcut)
    return replace(found, environment=shortcut.environment) if found else None


def _between(text: str, opened: Span, shortcut: Shortcut) -> Formula:
    names = "|".join((shortcut.name, *(shortcut.closing or ())))
    target = rf"\\(?:end\s*+\{{{re.escape(shortcut.environment)}\}}|(?:{names})(?![A-Za-z]))"
    body = re.compile(rf"(?:[^%\\]++|%[^\n]*+|(?!{target})\\.)*+", re.DOTALL).match(text, opened.end)
    place = body.end() if body else opened.end
    end = re.compile(target).match(text, place)
    if end is None or end.group() == "\\" + shortcut.name:
        return delimiters.unclosed(text, opened, place, "unclosed-environment")
    return delimiters.trimmed(text, Span(opened.end, place), Span(opened.start, end.end()), display=True)


def _argument(text: str, opened: Span) -> Formula | None:
    start = opened.end + len(text[opened.end : opened.end + 9]) - len(text[opened.end : opened.end + 9].lstrip())
    if not text.startswith("{", start):
        return None
    depth, stop = 0, len(text)
    for match in _BRACES.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            content, span = Span(start + 1, match.start()), Span(opened.start, match.end())
            return delimiters.trimmed(text, content, span, display=True)
        if match.group()[0] == "\n":
            stop = match.start()
            break
    return delimiters.unclosed(text, Span(opened.start, start + 1), stop, "unclosed-formula")
