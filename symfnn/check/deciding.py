"""The decision of what a link says: all its parts, in every arrangement of its derivatives that may be meant."""

import time
from collections.abc import Callable
from dataclasses import replace

from symfnn import errors
from symfnn.check import numbered
from symfnn.check.claims import Claim
from symfnn.check.course import ACCEPTED, Course
from symfnn.check.judge import decide
from symfnn.check.spelling import spelled
from symfnn.check.variants import is_of_function
from symfnn.check.verdicts import Finding, Verdict, worst
from symfnn.check.wording import in_own_letters
from symfnn.elaboration.claims import Equation, equation
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.sums import counts_twice
from symfnn.elaboration.understood import Part
from symfnn.latex.syntax import Statement


def decided(course: Course, scope: Scope, part: Part, statement: Statement) -> tuple[Finding, Claim]:
    """The finding on a link, with the claim: it is refuted only where it fails however its derivatives are arranged."""
    assert part.equation is not None
    deadline = time.monotonic() + course.options.timeout
    finding, claim = of_all_parts(course, scope, part.equation, deadline)
    if finding.verdict not in (*ACCEPTED, Verdict.REFUTED):
        return finding, claim
    if not part.equation.is_informal:
        course.layouts |= {part.equation.layout} if finding.verdict in ACCEPTED else set()
        return _granted(finding, part.equation.notes), claim
    for said in (part.equation, *part.equation.readings):
        found = finding if said is part.equation else of_all_parts(course, scope, said, deadline)[0]
        # that a slope is missing is no reason to take the function for the identity
        is_loose = bool(said.notes) and any(map(is_of_function, found.assumptions))
        if found.verdict in ACCEPTED and not is_loose:
            course.layouts.add(said.layout)
            return _granted(found, said.notes), claim
    whole = _as_a_whole(scope, part, statement)
    fails = whole is not None and of_all_parts(course, scope, whole, deadline)[0].verdict is Verdict.REFUTED
    if fails and finding.verdict is Verdict.REFUTED:
        return finding, claim
    message = "a derivative of an array by an array is arranged here in a way that is not stated"
    return Finding(Verdict.UNDECIDED, message, "informal-step"), claim


def _granted(finding: Finding, notes: tuple[str, ...]) -> Finding:
    """The finding on what is said if something about the notation is taken for granted; that refutes nothing."""
    twice = next(filter(counts_twice, notes), None)
    if twice is not None and finding.verdict in ACCEPTED:
        return Finding(Verdict.UNDECIDED, f"it holds only if {twice}", "wrong-index", finding.span)
    if not notes or finding.verdict in ACCEPTED:
        return replace(finding, assumptions=(*notes, *finding.assumptions))
    return Finding(Verdict.UNDECIDED, f"it does not hold if {notes[0]}", "supposition", finding.span)


def of_all_parts(
    course: Course, scope: Scope, said: Equation, deadline: float, judge: Callable[[Claim, float], Finding] = decide
) -> tuple[Finding, Claim]:
    """The worst finding on the parts of what is said, with the claim that it is about; the parts share the time."""
    findings: list[tuple[Finding, Claim]] = []
    everything = (said, *said.parts)
    for place, one in enumerate(everything):
        claim = claim_of(course, scope, one)
        left = (deadline - time.monotonic()) / (len(everything) - place)
        findings.append((spelled(scope, _within(left, claim, judge)), claim))
        if findings[-1][0].verdict is Verdict.REFUTED and one.is_supposed:
            message = "it does not hold for the index 0; whether that is meant is not written"
            return Finding(Verdict.UNDECIDED, message, "special-case"), claim
        if findings[-1][0].verdict is Verdict.REFUTED:
            return findings[-1]
    verdict = worst([finding.verdict for finding, _ in findings])
    finding, claim = next(pair for pair in findings if pair[0].verdict is verdict)
    sizes = {pair for finding, one in findings if finding.assumptions for pair in numbered.written_sizes(one)}
    if len({size for size, _ in sizes}) < len(sizes):
        return Finding(Verdict.UNDECIDED, "its parts are about networks of unlike sizes", "special-case"), claim
    assumptions = dict.fromkeys(words for other, _ in findings for words in other.assumptions)
    if verdict in ACCEPTED and not sizes and len(findings) > 1:
        assumptions |= dict.fromkeys(numbered.in_words(numbered.written_sizes(*(one for _, one in findings))))
    return replace(finding, assumptions=tuple(in_own_letters(scope, words) for words in assumptions)), claim


def _within(left: float, claim: Claim, judge: Callable[[Claim, float], Finding]) -> Finding:
    """The finding on a claim by the seconds that are left."""
    return judge(claim, left) if left > 0 else Finding(Verdict.UNDECIDED, "it took too long", "timeout")


def _as_a_whole(scope: Scope, part: Part, statement: Statement) -> Equation | None:
    """A claim with each chain of derivatives as the one derivative that it works out; None where that leaves any."""
    try:
        found = equation(scope, part.left, part.right, statement.remarks, is_whole=True)
    except errors.MeaningError:
        return None
    return None if found.is_informal or found.notes or found.readings else found


def claim_of(course: Course, scope: Scope, found: Equation) -> Claim:
    """What is said as a claim about the model of the scope."""
    sizes = tuple((width, 1) for width in sorted(scope.single, key=str))
    return Claim(course.model(scope), found.left, found.right, found.ranges, found.equal, found.unequal, sizes)
