"""Claims in which some mentions are numbered by a sample and others are not."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from symfnn import errors
from symfnn.check.course import ACCEPTED, Course
from symfnn.check.deciding import decided
from symfnn.check.verdicts import Finding, Verdict
from symfnn.elaboration import same_sample
from symfnn.elaboration.claims import Equation, equation
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.understood import Part
from symfnn.latex.syntax import Statement


def of_same_sample(course: Course, scope: Scope, part: Part, statement: Statement, finding: Finding) -> Finding:
    """The finding on a claim that fails as it is written, and may stand where all its mentions are of one sample.

    What is meant by a mention without a number beside one that has it is no other sample, so that the claim is refuted
    only where it fails for one.
    """
    if finding.verdict is not Verdict.REFUTED or not same_sample.is_mixed(scope, part.left, part.right):
        return finding
    verdicts: set[Verdict] = set()
    for known, said in _meant(scope, part, statement):
        found, _ = decided(course, known, replace(part, equation=said), statement)
        if found.verdict in ACCEPTED:
            return replace(found, assumptions=(*found.assumptions, same_sample.SAME))
        verdicts.add(found.verdict)
    if verdicts == {Verdict.REFUTED}:
        return finding
    return Finding(Verdict.UNDECIDED, "some of it is numbered by a sample, and some is not", "not-covered")


def _meant(scope: Scope, part: Part, statement: Statement) -> Iterator[tuple[Scope, Equation]]:
    """What a claim says of a sample without a number, and of one that has a number."""
    assert part.equation is not None
    with suppress(errors.MeaningError):
        yield scope, equation(scope, *same_sample.of_any(scope, part.left, part.right), statement.remarks)
    made = same_sample.of_one(scope, part.equation)
    if made is not None:
        yield made
