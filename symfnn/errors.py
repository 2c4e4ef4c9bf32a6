"""What can go wrong, as values that carry their data.

SymfnnError
├── ModelError        the network asked for cannot be: unknown name, wrong width, foreign symbol
├── CalculusError     a rule was asked for something that it cannot do
│   └── RangeError    an index may lie outside the range that a step needs
├── ShapeError        numbers of the wrong shape or type were given to a compiled function
├── DocumentError     a file cannot be read as a document: not text, too large, broken, unknown kind
├── OutputError       the result cannot be written or converted
└── LatexError        a formula cannot be read: a stable code and the place
"""

from symfnn.source import Span


class SymfnnError(Exception):
    """Any error whose text is meant for the user: one sentence, with its place and its repair."""


class ModelError(SymfnnError):
    """The network asked for cannot be built."""


class CalculusError(SymfnnError):
    """A rule of the calculus does not cover what it was given."""


class RangeError(CalculusError):
    """An index may lie outside the range that a step needs."""


class ShapeError(SymfnnError):
    """An array given to a compiled function has the wrong shape or type."""


class DocumentError(SymfnnError):
    """A file cannot be read as a document."""


class OutputError(SymfnnError):
    """A result cannot be written, or a program that converts it is missing."""


class LatexError(SymfnnError):
    """A formula that cannot be read.

    Attributes:
        code: a stable word, e.g. ``unclosed-brace``.
        message: what was found and what would be read, in the user's words.
        span: where, in the offsets of the formula's text.
    """

    def __init__(self, code: str, message: str, span: Span) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.span = span
