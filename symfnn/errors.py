"""What can go wrong, as values that carry their data.

SymfnnError
├── ModelError        the network asked for cannot be: unknown name, wrong width, foreign symbol
├── CalculusError     a rule was asked for something that it cannot do
│   └── RangeError    an index may lie outside the range that a step needs
├── MeaningError      a formula's sense is not understood, or its shapes cannot fit
├── DisagreementError one judge accepts what the other refutes: a defect of symfnn
├── OracleError       a claim cannot be evaluated, or not in time
│   ├── OutsideError  an index lies outside the range of its quantity
│   └── DomainError   a function has no real value, or no slope, at a point
├── ShapeError        numbers of the wrong shape or type were given to a compiled function
├── DocumentError     a file cannot be read as a document: not text, too large, broken, unknown kind
├── OutputError       the result cannot be written or converted
└── LatexError        a formula cannot be read: a stable code and the place
"""

from symfnn.source import Span


class SymfnnError(Exception):
    """Any error whose text is meant for the user: one sentence, with its place and its repair."""


class ModelError(SymfnnError):
    """The network asked for cannot be built, or what is asked for is none of the choices."""


class CalculusError(SymfnnError):
    """A rule of the calculus does not cover what it was given."""


class RangeError(CalculusError):
    """An index may lie outside the range that a step needs."""


class MeaningError(SymfnnError):
    """What is written has no sense that is understood here, or has shapes that cannot fit.

    Attributes:
        code: a stable word.
        span: of the part, in the formula's own text.
        is_shape: whether the shapes cannot fit, so that the statement cannot stand.
        evidence: lines that show it.
        mention: the name that nothing states.
        sizes: two sizes that would have to be the same.
    """

    def __init__(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        is_shape: bool = False,
        evidence: tuple[str, ...] = (),
        mention: object = None,
        sizes: tuple[object, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.sizes = sizes
        self.span = span
        self.mention = mention
        self.is_shape = is_shape
        self.evidence = evidence


class DisagreementError(SymfnnError):
    """Proof and test disagree on a claim: a defect of symfnn, never a verdict."""


class OracleError(SymfnnError):
    """A claim cannot be evaluated on numbers, or not in the time given."""


class OutsideError(OracleError):
    """An index lies outside the range of its quantity: there is no such entry."""


class DomainError(OracleError):
    """A function has no real value or no slope at a point; elsewhere it may have."""


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
