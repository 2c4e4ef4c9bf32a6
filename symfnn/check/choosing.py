"""Claims by other definitions than those in force, where a text gives several side by side."""

from collections.abc import Iterable
from dataclasses import replace

from symfnn import errors
from symfnn.check.course import ACCEPTED, Course
from symfnn.check.deciding import decided
from symfnn.check.freedom import of_supposed
from symfnn.check.rivals import Choice
from symfnn.check.verdicts import CONFLICT, Finding, Link, Verdict
from symfnn.elaboration.claims import equation
from symfnn.elaboration.understood import Part
from symfnn.latex.syntax import Statement

_UNLIKE = Finding(Verdict.UNDECIDED, "its parts hold by unlike definitions of one name", CONFLICT)


def by_another(course: Course, part: Part, statement: Statement, names: Iterable[str]) -> Finding | None:
    """The finding on a claim that is proved by other definitions of some names, which it then says; None else."""
    for choice in course.conflicts.choices(course.scope, course.origin, names):
        found = _by(course, choice, part, statement)
        if found.verdict is Verdict.PROVED:
            course.choice = choice
            return found
    return None


def _by(course: Course, choice: Choice, part: Part, statement: Statement) -> Finding:
    """The finding on a claim by a choice of definitions."""
    try:
        said = equation(choice.scope, part.left, part.right, statement.remarks)
        finding, claim = decided(course, choice.scope, replace(part, equation=said), statement)
    except errors.SymfnnError:
        return Finding(Verdict.UNDECIDED)
    if finding.verdict not in ACCEPTED:
        return finding
    finding = of_supposed(claim, choice.scope.supposed, finding)
    return replace(finding, assumptions=(*finding.assumptions, *choice.words))


def of_one_choice(course: Course, parts: tuple[Part, ...], links: list[Link], statement: Statement) -> list[Link]:
    """The links of a statement, of which those that need a choice of definitions stand only where all hold by it."""
    choice = course.choice
    if choice is None or all(
        _by(course, choice, part, statement).verdict in ACCEPTED
        for part, link in zip(parts, links, strict=True)
        if link.finding.verdict in ACCEPTED
    ):
        return links
    chosen = set(choice.words)
    return [replace(link, finding=_UNLIKE) if chosen & set(link.finding.assumptions) else link for link in links]
