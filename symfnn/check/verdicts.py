"""What is said about a statement: a verdict is a value, never a bool."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, final

from symfnn.source import Source, Span

CONFLICT = "conflict"  # the code of what contradicts a definition


class Verdict(StrEnum):
    """From the best to the worst; a statement has the worst of its links'."""

    DECLARATION = "declaration"
    DEFINITION = "definition"
    ASSIGNMENT = "assignment"
    PROVED = "proved"
    TESTED = "tested"
    UNDECIDED = "undecided"
    ILL_SHAPED = "ill-shaped"
    REFUTED = "refuted"

    @property
    def is_wrong(self) -> bool:
        """Whether the statement cannot stand."""
        return self in (Verdict.REFUTED, Verdict.ILL_SHAPED)


def worst(verdicts: list[Verdict]) -> Verdict:
    """The worst of one or more verdicts."""
    order = list(Verdict)
    return max(verdicts, key=order.index)


@final
@dataclass(frozen=True, slots=True)
class Counterexample:
    """Numbers that a person can follow by hand.

    Attributes:
        widths: of the layers, or the sizes that occur, in order.
        layer: at which the sides differ; None where there is none.
        entry: the indices of the entry at which they differ.
        left: the left side's value.
        right: the right side's value.
        given: values in words, e.g. ``("z_1 = 1/2", "σ = tanh")``.
    """

    widths: tuple[int, ...]
    layer: int | None
    entry: tuple[int, ...]
    left: float
    right: float
    given: tuple[str, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Repair:
    """A formula that stands where the refuted one does not: itself proved or tested."""

    latex: str
    verdict: Verdict


@final
@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one link of a chain, or about a whole statement.

    Attributes:
        verdict: of the link.
        message: one sentence in the reader's own notation; empty where there is nothing to say.
        code: a stable word for a mistake (``transposed-factor``) or for why nothing was decided (``unknown-symbol``).
        span: of the offending part, in the offsets of the formula's text; in a report that is handed out, in those of
            its document's source.
        evidence: lines such as ``shapes: …``.
        counterexample: numbers where the sides differ.
        repair: what would stand.
        assumptions: under which the link holds.
    """

    verdict: Verdict
    message: str = ""
    code: str | None = None
    span: Span | None = None
    evidence: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    repair: Repair | None = None
    assumptions: tuple[str, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Link:
    """``left = right``, one link of a chain, as written, with what was found."""

    left: str
    right: str
    finding: Finding


class CellPlace(NamedTuple):
    """A place in a notebook: the number of the cell among all cells, then line and column in it, all from 1."""

    cell: int
    line: int
    column: int


@final
@dataclass(frozen=True, slots=True)
class Checked:
    """A statement of a document with what was found.

    Attributes:
        span: in the offsets of the document's source.
        latex: as written.
        label: a tag or a label, None where there is none.
        kind: ``claim``, ``definition``, ``declaration``, ``assignment`` or ``other``.
        finding: of the worst link, or of the statement itself.
        links: of a claim.
        expected: whether the document says that it is wrong, and it is.
        cell: where it starts in a notebook, counted within the cell; None elsewhere.
    """

    span: Span
    latex: str
    label: str | None
    kind: str
    finding: Finding
    links: tuple[Link, ...] = ()
    expected: bool = False
    cell: CellPlace | None = None

    @property
    def verdict(self) -> Verdict:
        """The worst of the links'."""
        return self.finding.verdict


@final
@dataclass(frozen=True, slots=True)
class Remark:
    """What was found about the document rather than about a formula, e.g. a directive that does nothing.

    Attributes:
        span: in the offsets of the document's source.
        code: a stable word.
        message: one sentence.
        fails: whether the document cannot stand with it.
        related: another place that it is about, in the same offsets.
    """

    span: Span
    code: str
    message: str
    fails: bool
    related: Span | None = None


@final
@dataclass(frozen=True, slots=True)
class DocumentReport:
    """A document's statements in order.

    Attributes:
        source: what the spans are offsets of.
        notation: in words, how the model was found.
        statements: in reading order.
        remarks: about the document itself.
        is_chosen: whether a notation in it is one that nobody named, but that fits.
    """

    source: Source
    notation: str
    statements: tuple[Checked, ...]
    remarks: tuple[Remark, ...] = ()
    is_chosen: bool = False


@final
@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one or more documents."""

    documents: tuple[DocumentReport, ...]

    @property
    def summary(self) -> dict[str, int]:
        """How many statements have each verdict; what is wrong on purpose counts as ``expected``.

        Where definitions contradict one another, how many do is there as ``conflicts``.
        """
        statements = (s for d in self.documents for s in d.statements)
        counts = Counter("expected" if s.expected else str(s.verdict) for s in statements)
        conflicts = sum(remark.code == CONFLICT for d in self.documents for remark in d.remarks)
        return {**counts, **({"conflicts": conflicts} if conflicts else {})}

    @property
    def is_wrong(self) -> bool:
        """Whether something cannot stand that the documents do not show as wrong on purpose."""
        return any(
            any(s.verdict.is_wrong and not s.expected for s in d.statements) or any(r.fails for r in d.remarks)
            for d in self.documents
        )

    @property
    def is_undecided(self) -> bool:
        """Whether something is left open, be it what a directive is for."""
        return any(any(s.verdict is Verdict.UNDECIDED for s in d.statements) or d.remarks for d in self.documents)
