r"""Where commands are defined: ``\newcommand``, ``\def``, ``\DeclareMathOperator`` and their like."""

import re

_FLAT = r"[^{}\\]++|\\."
_GROUP = r"\{(?:" + _FLAT + ")*+" + r"\}"
for _ in range(4):
    _GROUP = r"\{(?:" + _FLAT + "|" + _GROUP + r"){0,200}+\}"
_NAME = r"(?:\{\s*+\\(?:[A-Za-z@]+|.)\s*+\}|\\(?:[A-Za-z@]+|.))"
_OPTIONS = r"\s*+(?:\[[^\]\n]{0,99}+\]\s*+){0,2}"

DEFINITION = (
    rf"\\(?:(?:re|provide)?newcommand|renewcommand|providecommand|DeclareRobustCommand|DeclareMathOperator"
    rf"|DeclareDocumentCommand|NewDocumentCommand|DeclarePairedDelimiter|newenvironment)\*?\s*+"
    rf"(?:{_NAME}|\{{\w++\*?\}}){_OPTIONS}{_GROUP}(?:\s*+{_GROUP}){{0,2}}"
    rf"|\\(?:long\s*+)?[gex]?def\s*+\\(?:[A-Za-z@]+|.)[^{{}}\n]{{0,99}}+{_GROUP}"
    r"|\\let\s*+\\(?:[A-Za-z@]+|.)\s*+=?\s*+\\?(?:[A-Za-z@]+|.)"
)
_DEFINITION = re.compile(DEFINITION, re.DOTALL)


def definitions(text: str) -> str:
    """The definitions of commands that a text holds, a line each."""
    return "\n".join(match.group() for match in _DEFINITION.finditer(text))
