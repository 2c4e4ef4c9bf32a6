"""What rests on a supposition about a document: it may be accepted, under that assumption, and never refuted."""

from dataclasses import replace

from symfnn.check.verdicts import Checked, Finding, Verdict

WRONG = frozenset(verdict for verdict in Verdict if verdict.is_wrong)
_RESTS = frozenset({Verdict.PROVED, Verdict.TESTED, Verdict.DEFINITION})


def under(words: tuple[str, ...], one: Checked) -> Checked:
    """A statement as it stands where what is said in words is only supposed."""
    links = tuple(replace(link, finding=_assuming(words, link.finding)) for link in one.links)
    return replace(one, finding=_assuming(words, one.finding), links=links)


def unrefuted(words: str, one: Checked, wrong: frozenset[Verdict] = WRONG) -> Checked:
    """A statement with nothing refuted, in a document that is read under a supposition, or with no such verdict."""
    links = tuple(replace(link, finding=_open(words, link.finding, wrong)) for link in one.links)
    return replace(one, finding=_open(words, one.finding, wrong), links=links)


def _assuming(words: tuple[str, ...], finding: Finding) -> Finding:
    if finding.verdict not in _RESTS:
        return finding
    return replace(finding, assumptions=tuple(dict.fromkeys((*finding.assumptions, *words))))


def _open(words: str, finding: Finding, wrong: frozenset[Verdict]) -> Finding:
    if finding.verdict not in wrong:
        return finding
    return Finding(Verdict.UNDECIDED, f"it does not hold if {words}", "supposition", finding.span)
