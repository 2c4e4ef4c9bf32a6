"""What can go wrong, as values that carry their data.

SymfnnError
├── ModelError        the network asked for cannot be: unknown name, wrong width, foreign symbol
├── CalculusError     a rule was asked for something that it cannot do
│   └── RangeError    an index may lie outside the range that a step needs
├── OracleError       a claim cannot be evaluated, or not in time
│   ├── OutsideError  an index lies outside the range of its quantity
│   └── DomainError   a function has no real value, or no slope, at a point
├── ShapeError        numbers of the wrong shape or type were given to a compiled function
└── OutputError       the result cannot be written or converted
"""


class SymfnnError(Exception):
    """Any error whose text is meant for the user: one sentence, with its place and its repair."""


class ModelError(SymfnnError):
    """The network asked for cannot be built."""


class CalculusError(SymfnnError):
    """A rule of the calculus does not cover what it was given."""


class RangeError(CalculusError):
    """An index may lie outside the range that a step needs."""


class OracleError(SymfnnError):
    """A claim cannot be evaluated on numbers, or not in the time given."""


class OutsideError(OracleError):
    """An index lies outside the range of its quantity: there is no such entry."""


class DomainError(OracleError):
    """A function has no real value or no slope at a point; elsewhere it may have."""


class ShapeError(SymfnnError):
    """An array given to a compiled function has the wrong shape or type."""


class OutputError(SymfnnError):
    """A result cannot be written, or a program that converts it is missing."""
