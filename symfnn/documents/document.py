"""A document as pieces in reading order: formulas, headings, prose and directives, each with its place."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias, final

from symfnn.documents.passage import Passage
from symfnn.source import Source, Span

_LETTERS = re.compile(r"[^\W_]")


@final
@dataclass(frozen=True, slots=True)
class Formula:
    r"""Mathematics between delimiters.

    Attributes:
        latex: without the delimiters; ``\begin{align}`` and ``\end{align}`` are delimiters too.
        offset: of its first character in the source.
        display: whether it stands on lines of its own.
        span: in the source, with the delimiters.
        environment: the name of the environment that delimits it (``"align*"``), else empty.
        label: what a container, not the formula itself, calls it (``:label:`` in reStructuredText).
        offsets: of each character in the source, and of its end, where the source writes it in another way (escapes
            in a notebook, quotation marks before a line); None where ``latex`` is a stretch of the source.
        problem: why it cannot be read as it stands: ``"unclosed-formula"``, ``"unclosed-environment"``,
            ``"formula-too-long"``.
    """

    latex: str
    offset: int
    display: bool
    span: Span
    environment: str = ""
    label: str | None = None
    offsets: tuple[int, ...] | None = None
    problem: str | None = None

    def place(self, span: Span) -> Span:
        """The span of the source that a span of ``latex`` stands for."""
        if self.offsets is None:
            return Span(self.offset + span.start, self.offset + span.end)
        start = self.offsets[span.start]
        return Span(start, max(start, self.offsets[span.end]))


@final
@dataclass(frozen=True, slots=True)
class Heading:
    """A title; its level is 1 for the highest (a part of a book has 0). Formulas in it follow as pieces."""

    level: int
    text: str
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Prose:
    """Words between formulas, as written."""

    text: str
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Directive:
    """What a comment tells symfnn.

    Attributes:
        kind: ``ignore``, ``expect``, ``notation``, ``statement`` or ``unknown``.
        argument: the code of ``ignore[code]``, what is expected, the notation's name, the text of the statement, or all
            of what is unknown.
        span: of the comment's text, from the word symfnn.
        formulas: those of a statement.
    """

    kind: str
    argument: str
    span: Span
    formulas: tuple[Formula, ...] = ()


Piece: TypeAlias = Formula | Heading | Prose | Directive


class Cell(NamedTuple):
    """A Markdown cell of a notebook: where its text starts in the file, its number among all cells, its text."""

    start: int
    number: int
    passage: Passage


@final
@dataclass(frozen=True, slots=True)
class Document:
    r"""A document that was read.

    Attributes:
        source: the file's text; all spans are offsets in it.
        format: ``tex``, ``markdown``, ``notebook`` or ``rst``.
        pieces: in reading order.
        macros: the text that may define commands (``\newcommand`` and the like).
        cells: of a notebook, in order.
    """

    source: Source
    format: str
    pieces: tuple[Piece, ...]
    macros: str
    cells: tuple[Cell, ...] = ()


class Place(NamedTuple):
    """A line and a column of the file, counted from 1; in a notebook's cell, those of the cell's own text too."""

    line: int
    column: int
    cell: int | None = None
    cell_line: int | None = None
    cell_column: int | None = None


def where(document: Document, offset: int) -> Place:
    """The place of an offset of the document's source."""
    line, column = document.source.position(offset)
    number = bisect_right(document.cells, offset, key=lambda cell: cell.start) - 1
    if number < 0 or offset > document.cells[number].passage.ends[-1]:
        return Place(line, column)
    cell = document.cells[number]
    inside = cell.passage.inside(offset)
    before = cell.passage.text[:inside]
    return Place(line, column, cell.number, before.count("\n") + 1, inside - before.rfind("\n"))


def prose(text: str, start: int, end: int) -> Iterator[Prose]:
    """The words of a stretch of a text, if it has any."""
    words = text[start:end].strip()
    if _LETTERS.search(words):
        first = text.index(words, start)
        yield Prose(words, Span(first, first + len(words)))


def relocated(piece: Piece, passage: Passage) -> Piece:
    """A piece of a passage's text as a piece of its source."""
    if isinstance(piece, Formula):
        return _relocated_formula(piece, passage)
    span = passage.span(piece.span)
    if isinstance(piece, Directive):
        formulas = tuple(_relocated_formula(formula, passage) for formula in piece.formulas)
        return replace(piece, span=span, formulas=formulas)
    return replace(piece, span=span)


def _relocated_formula(formula: Formula, passage: Passage) -> Formula:
    end = formula.offset + len(formula.latex)
    span = passage.span(formula.span)
    start = passage.place(formula.offset)
    if formula.offsets is None and passage.is_verbatim(formula.offset, end):
        return replace(formula, offset=start, span=span)
    inner = formula.offsets or tuple(range(formula.offset, end + 1))
    places = (*(passage.place(offset) for offset in inner[:-1]), passage.end(inner[-1]))
    return replace(formula, offset=start, span=span, offsets=places)
