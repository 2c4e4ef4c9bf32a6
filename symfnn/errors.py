"""What can go wrong, as values that carry their data.

SymfnnError
├── ModelError        the network asked for cannot be: unknown name, wrong width, foreign symbol
├── CalculusError     a rule was asked for something that it cannot do
│   └── RangeError    an index may lie outside the range that a step needs
├── ShapeError        numbers of the wrong shape or type were given to a compiled function
└── OutputError       the result cannot be written or converted
"""


class SymfnnError(Exception):
    """Any error whose text is meant for the user: one sentence, with its place and its repair."""


class ModelError(SymfnnError):
    """The network asked for cannot be built, or what is asked for is none of the choices."""


class CalculusError(SymfnnError):
    """A rule of the calculus does not cover what it was given."""


class RangeError(CalculusError):
    """An index may lie outside the range that a step needs."""


class ShapeError(SymfnnError):
    """An array given to a compiled function has the wrong shape or type."""


class OutputError(SymfnnError):
    """A result cannot be written, or a program that converts it is missing."""
