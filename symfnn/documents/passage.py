"""A text cut out of a source piece by piece, with where every character of it stands there."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, final

from symfnn.source import Span


class Segment(NamedTuple):
    """Some text and the characters of the source that it stands for.

    They are as many as the text has, or the text is one character that the source writes in another way.
    """

    text: str
    start: int
    end: int


@final
@dataclass(frozen=True, slots=True)
class Passage:
    """Segments side by side.

    Attributes:
        text: of all of them.
        starts: where each begins in ``text``.
        places: where each begins in the source.
        ends: where each ends in the source.
    """

    text: str
    starts: tuple[int, ...]
    places: tuple[int, ...]
    ends: tuple[int, ...]

    def place(self, offset: int) -> int:
        """Where the character at an offset begins in the source; at the end of the text, where that ends."""
        number = bisect_right(self.starts, offset) - 1
        if offset >= len(self.text):
            return self.ends[number]
        return self.places[number] + offset - self.starts[number]

    def end(self, offset: int) -> int:
        """Where the character before an offset ends in the source."""
        if offset == 0:
            return self.place(0)
        number = bisect_right(self.starts, offset - 1) - 1
        after = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.ends[number] if offset == after else self.places[number] + offset - self.starts[number]

    def inside(self, place: int) -> int:
        """The offset in the text of the character that stands at a place of the source, or of the last before it."""
        number = max(0, bisect_right(self.places, place) - 1)
        after = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        if place >= self.ends[number]:
            return after
        return max(self.starts[number], min(after - 1, self.starts[number] + place - self.places[number]))

    def span(self, span: Span) -> Span:
        """The span of the source that one of the text stands for."""
        return Span(self.place(span.start), max(self.place(span.start), self.end(span.end)))

    def is_verbatim(self, start: int, end: int) -> bool:
        """Whether the source has the same characters side by side there."""
        return self.end(end) - self.place(start) == end - start


def joined(segments: Iterable[Segment]) -> Passage:
    """The passage made of segments; those that are neighbours in the source too become one."""
    parts: list[str] = []
    starts: list[int] = []
    places: list[int] = []
    ends: list[int] = []
    length, literal = 0, False
    for text, start, end in segments:
        if not text:
            continue
        parts.append(text)
        is_literal = len(text) == end - start
        if literal and is_literal and ends[-1] == start:
            ends[-1] = end
        else:
            starts.append(length)
            places.append(start)
            ends.append(end)
        length, literal = length + len(text), is_literal
    if not parts:
        return Passage("", (0,), (0,), (0,))
    return Passage("".join(parts), tuple(starts), tuple(places), tuple(ends))
