"""Where a finding stands in its document: the one rule that all reports share."""

from symfnn.check.verdicts import Checked, DocumentReport, Finding, Verdict
from symfnn.source import Position, Span


def span_of(checked: Checked, finding: Finding) -> Span:
    """The place of a finding in the document; all of the statement where nothing narrower was found."""
    whole, part = checked.span, finding.span
    return part if part is not None and whole.start <= part.start < part.end <= whole.end else whole


def bounds(document: DocumentReport, span: Span) -> tuple[Position, Position]:
    """Where a span begins and the place after its last character; both count from 1."""
    length = len(document.source.text)
    return document.source.position(min(span.start, length)), document.source.position(min(span.end, length))


def shown_findings(checked: Checked) -> tuple[Finding, ...]:
    """What there is to say about a statement: a finding for each link that is wrong or open, or its only one."""
    found = [link.finding for link in checked.links if needs_attention(link.finding)]
    return tuple(found) if found else (checked.finding,)


def needs_attention(finding: Finding) -> bool:
    """Whether a reader has to look at it."""
    return finding.verdict.is_wrong or finding.verdict is Verdict.UNDECIDED
