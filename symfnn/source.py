"""Places in a text. An offset is the only position that is passed on; lines and columns are worked out for a reader."""

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple, final


class Span(NamedTuple):
    """The characters from ``start`` up to but not including ``end``."""

    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """From where this one starts to where the other ends."""
        return Span(min(self.start, other.start), max(self.end, other.end))


class Position(NamedTuple):
    """A line and a column, both counted from 1."""

    line: int
    column: int


@final
@dataclass(frozen=True, slots=True)
class Source:
    """A text and where it came from.

    Attributes:
        name: the file's path as the user gave it, or a word such as ``<formula>``.
        text: all of it.
    """

    name: str
    text: str
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note where each line starts."""
        ends = accumulate(len(line) + 1 for line in self.text.split("\n"))
        object.__setattr__(self, "_starts", (0, *ends)[:-1])

    def position(self, offset: int) -> Position:
        """The line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line, without its end."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r")
