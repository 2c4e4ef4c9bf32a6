"""Repairs that are looked for beside a finding, and judged like claims."""

import time
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from sympy import Expr, KroneckerDelta, Pow

from symfnn import errors
from symfnn.algebra import normal
from symfnn.check import watch
from symfnn.check.claims import Claim
from symfnn.check.course import ACCEPTED, Course
from symfnn.check.deciding import decided, of_all_parts
from symfnn.check.diagnosis import Claimed, Judge, diagnosed
from symfnn.check.judge import stands, stands_as_it_is
from symfnn.check.misapplied import misapplied
from symfnn.check.mistakes.mistake import Shape
from symfnn.check.verdicts import Finding, Verdict
from symfnn.elaboration import chains
from symfnn.elaboration.claims import equation
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.understood import Part
from symfnn.latex.syntax import Node, Statement

_PATIENCE_OF_ONE = 3.0  # seconds of the processor for the repairs of one claim
_SECONDS_OF_ONE = 3.0  # until a repair is left undecided

_Decide: TypeAlias = Callable[[Claim, float], Finding]


def repaired(course: Course, scope: Scope, part: Part, statement: Statement, finding: Finding) -> Finding:
    """The finding with a repair, where the catalogue of mistakes has one that stands.

    A side of a chain is repaired by what the chain begins with, where all links before it stand.
    """
    if not course.options.has_repairs:
        return finding
    first = course.anchor

    def judge(left: Node, right: Node, decide: _Decide) -> Finding:
        judged = _of_repair(course, scope, part, statement, (left, right), decide)
        if judged.verdict in ACCEPTED or first is None or left is not part.left or first is left:
            return judged
        return _of_repair(course, scope, part, statement, (first, right), decide)

    def shape(node: Node) -> Shape | None:
        return _shape(scope, first if node is part.left and first is not None else node)

    seconds = min(course.options.timeout, _PATIENCE_OF_ONE, course.patience)
    began = time.thread_time()
    goes_on = first is part.left and _goes_on(course, scope, statement)
    claimed = Claimed(part.left, part.right, tuple(reversed(course.seen)), shape, goes_on)
    judges = Judge(partial(judge, decide=stands_as_it_is), partial(judge, decide=stands))
    try:
        return watch.within(3 * seconds + 1, lambda: diagnosed(finding, claimed, judges, seconds))
    except watch.OutOfTime:
        return finding
    finally:
        course.patience -= time.thread_time() - began


def applied(course: Course, scope: Scope, part: Part, statement: Statement) -> Finding | None:
    """The finding on a link in which an array is written like a function, where that is a slip; None where not."""

    def judge(left: Node, right: Node) -> Finding:
        return _of_repair(course, scope, part, statement, (left, right), stands_as_it_is)

    return misapplied(scope, part.left, part.right, course.functions, judge)


def _goes_on(course: Course, scope: Scope, statement: Statement) -> bool:
    """Whether the next link of a chain, which begins with the right side of the one in hand, stands."""
    following = course.following
    if following is None or following.equation is None or following.kind != "claim":
        return False
    return decided(course, following.scope or scope, following, statement)[0].verdict in ACCEPTED


def _shape(scope: Scope, node: Node) -> Shape | None:
    """The rows and columns of what is written, in the plainest of its readings."""
    try:
        values = readings(Reading(scope, readings), node)
    except errors.MeaningError:
        return None
    shape = next((value.shape for value in values if not value.notes), values[0].shape)
    return (shape[0], shape[1]) if len(shape) == 2 else None


def _of_repair(
    course: Course, scope: Scope, part: Part, statement: Statement, sides: tuple[Node, Node], decide: _Decide
) -> Finding:
    """The finding on what may be a repair; undecided where it says nothing, or may be read in several ways."""
    try:
        found = equation(scope, *sides, statement.remarks)
    except errors.MeaningError:
        return Finding(Verdict.UNDECIDED)
    is_chain = (part.equation is None or part.equation.is_informal) and found.notes == (chains.CHAINED,)
    if found.is_informal and not is_chain:
        return Finding(Verdict.UNDECIDED)
    if not found.parts and normal.normal_form(found.left) == normal.normal_form(found.right):
        return Finding(Verdict.UNDECIDED)  # x = x is no repair of anything
    if any(_divides_by_choice(side) for one in (found, *found.parts) for side in (one.left, one.right)):
        return Finding(Verdict.UNDECIDED)
    deadline = time.monotonic() + min(course.options.timeout, _SECONDS_OF_ONE)
    judged, _ = of_all_parts(course, scope, found, deadline, decide)
    return Finding(Verdict.UNDECIDED) if found.is_informal and judged.assumptions else judged


def _divides_by_choice(side: Expr) -> bool:
    """Whether something is divided by what is 0 or 1, such as the indicator of i = j."""
    return any(power.exp.could_extract_minus_sign() and power.base.has(KroneckerDelta) for power in side.atoms(Pow))
