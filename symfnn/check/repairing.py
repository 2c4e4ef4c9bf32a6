"""Repairs that are looked for beside a finding, and judged like claims."""

import time

from sympy import Expr, KroneckerDelta, Pow

from symfnn import errors
from symfnn.algebra import normal
from symfnn.check import watch
from symfnn.check.course import ACCEPTED, Course
from symfnn.check.deciding import of_all_parts
from symfnn.check.diagnosis import diagnosed
from symfnn.check.judge import stands
from symfnn.check.verdicts import Finding, Verdict
from symfnn.elaboration import chains
from symfnn.elaboration.claims import equation
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.understood import Part
from symfnn.latex.syntax import Node, Statement

_PATIENCE_OF_ONE = 3.0  # the same for those of one claim


def repaired(course: Course, scope: Scope, part: Part, statement: Statement, finding: Finding) -> Finding:
    """The finding with a repair, where the catalogue of mistakes has one that stands.

    A side of a chain is repaired by what the chain begins with, where all links before it stand.
    """
    first = course.anchor

    def judge(left: Node, right: Node) -> Finding:
        judged = _of_repair(course, scope, part, statement, left, right)
        if judged.verdict in ACCEPTED or first is None or left is not part.left or first is left:
            return judged
        return _of_repair(course, scope, part, statement, first, right)

    seconds = min(course.options.timeout, _PATIENCE_OF_ONE, course.patience)
    began = time.thread_time()
    seen = tuple(reversed(course.seen))
    try:
        return watch.within(2 * seconds + 1, lambda: diagnosed(finding, part.left, part.right, seen, judge, seconds))
    except watch.OutOfTime:
        return finding
    finally:
        course.patience -= time.thread_time() - began


def _of_repair(course: Course, scope: Scope, part: Part, statement: Statement, left: Node, right: Node) -> Finding:
    """The finding on what may be a repair; undecided where it says nothing, or may be read in several ways."""
    try:
        found = equation(scope, left, right, statement.remarks)
    except errors.MeaningError:
        return Finding(Verdict.UNDECIDED)
    is_chain = part.equation is not None and part.equation.is_informal and found.notes == (chains.CHAINED,)
    if found.is_informal and not is_chain:
        return Finding(Verdict.UNDECIDED)
    if not found.parts and normal.normal_form(found.left) == normal.normal_form(found.right):
        return Finding(Verdict.UNDECIDED)  # x = x is no repair of anything
    if any(_divides_by_choice(side) for one in (found, *found.parts) for side in (one.left, one.right)):
        return Finding(Verdict.UNDECIDED)
    deadline = time.monotonic() + min(course.options.timeout, 1.0)
    judged, _ = of_all_parts(course, scope, found, deadline, stands)
    return Finding(Verdict.UNDECIDED) if found.is_informal and judged.assumptions else judged


def _divides_by_choice(side: Expr) -> bool:
    """Whether something is divided by what is 0 or 1, such as the indicator of i = j."""
    return any(power.exp.could_extract_minus_sign() and power.base.has(KroneckerDelta) for power in side.atoms(Pow))
