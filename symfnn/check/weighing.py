"""What a refutation rests on, and why a claim that does not hold always may not be refuted."""

from dataclasses import replace

from sympy import Expr, S

from symfnn import errors
from symfnn.algebra import index
from symfnn.check import numbered, rivals
from symfnn.check.choosing import by_another
from symfnn.check.claims import Claim
from symfnn.check.course import ACCEPTED, Course
from symfnn.check.deciding import decided
from symfnn.check.grounding import ungrounded, unsaid_equality
from symfnn.check.oracle import Difference, refute
from symfnn.check.verdicts import CONFLICT, Finding, Verdict
from symfnn.check.wording import in_own_letters
from symfnn.elaboration.claims import NOT_UNDERSTOOD, equation
from symfnn.elaboration.examples import is_example
from symfnn.elaboration.left_sides import function_variable
from symfnn.elaboration.orientation import taken
from symfnn.elaboration.premises import concerns, letters
from symfnn.elaboration.redefining import redefine, refunction, renamed
from symfnn.elaboration.remarks import limiting
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.understood import Part, Redefined
from symfnn.latex.syntax import Node, Statement


def restricted(course: Course, scope: Scope, part: Part, statement: Statement) -> Finding | None:
    """Why a claim that does not hold always is not refuted: it may be meant under a condition."""
    assert part.equation is not None
    if part.equation.condition is not None:
        return Finding(Verdict.UNDECIDED, NOT_UNDERSTOOD, "unknown-condition", part.equation.condition)
    if any(_may_hold(course, scope, part, statement, premise) for premise in course.premises):
        message = "it does not hold always, and may hold under a condition that is stated above"
        return Finding(Verdict.UNDECIDED, message, "unknown-condition")
    return None


def _may_hold(course: Course, scope: Scope, part: Part, statement: Statement, premise: Node) -> bool:
    """Whether a claim that is refuted may be meant under a condition that stands somewhere above it, and hold then."""
    known = any(letters(remark) == letters(premise) for remark in statement.remarks)
    if known or not letters(premise) or not concerns(premise, statement.content):
        return False
    try:
        said = equation(scope, part.left, part.right, (*statement.remarks, premise))
        return decided(course, scope, replace(part, equation=said), statement)[0].verdict is not Verdict.REFUTED
    except errors.SymfnnError:
        return True


def weighed(course: Course, part: Part, statement: Statement, claim: Claim) -> Finding | None:
    """Why a claim whose sides differ is not called refuted; None where it is."""
    if is_example(course.scope, part, is_written_out=numbered.is_written_out(claim)):
        return Finding(Verdict.UNDECIDED, "this is an example of certain widths or a certain depth", "special-case")
    is_limited = limiting(statement.remarks, function_variable(part.left)) is not None
    other_name = None if is_limited else renamed(course.scope, part, statement, course.origin)
    if other_name is not None:
        course.scope = other_name
        return Finding(Verdict.DEFINITION, "from here on this is another name for something else")
    changed = None if is_limited else redefine(course.scope, part, statement, course.origin)
    if changed is not None:
        return changed_to(course, changed, statement)
    other = None if is_limited else refunction(course.scope, part)
    if other is not None:
        return _of_another_rule(course, *other)
    rivalled = _rivalled(course, part, statement, claim)
    if rivalled is not None:
        return rivalled
    alike = unsaid_equality(claim)
    if alike is not None:
        return Finding(
            Verdict.UNDECIDED, f"it holds for {alike[1]} = {alike[0]}, which is not said here", "special-case"
        )
    loose = ungrounded(course.scope, claim)
    if loose is not None:
        return Finding(Verdict.UNDECIDED, f"nothing states how {loose} is connected with the rest", "no-definition")
    return None


def _rivalled(course: Course, part: Part, statement: Statement, claim: Claim) -> Finding | None:
    """Why a claim is not refuted of which it is open what definitions it rests on: it may hold by others."""
    names = course.conflicts.involved(claim.model, (claim.left, claim.right)) & course.doubtful
    words = " and ".join(course.conflicts.by(name) for name in sorted(names))
    open_ = Finding(Verdict.UNDECIDED, f"it does not hold {words}, but another definition may be meant", CONFLICT)
    chosen = by_another(course, part, statement, names)
    if chosen is not None:
        return chosen
    if names & course.conflicts.unread:
        return open_
    others = course.conflicts.alternatives(course.scope, course.origin, names)
    if others is None or not all(_is_refuted(course, other, part, statement) for other in others):
        return open_
    return None


def _is_refuted(course: Course, scope: Scope, part: Part, statement: Statement) -> bool:
    """Whether a claim is refuted by other definitions too, or cannot be about them: they leave its letters apart."""
    try:
        said = equation(scope, part.left, part.right, statement.remarks)
        finding, _ = decided(course, scope, replace(part, equation=said), statement)
    except errors.SymfnnError:
        return False
    return finding.verdict is Verdict.REFUTED or finding.code == "no-definition"


def conditional(course: Course, scope: Scope, part: Part, finding: Finding) -> Finding:
    """The finding with what it takes for granted: how vectors lie, and which of the definitions in conflict holds."""
    said = part.equation
    assert said is not None
    if finding.verdict not in ACCEPTED:
        return finding
    involved = set[str]()
    sides = [side for one in (said, *said.parts) for side in (one.left, one.right)]
    if mentioned := course.conflicts.mentioned(course.origin):
        involved = course.conflicts.involved(course.model(scope), sides)
    used = tuple(course.conflicts.taken(name) for name in sorted(mentioned & involved))
    granted = tuple(in_own_letters(scope, words) for words in part.taken)
    granted += taken(scope, part.left, part.right, sides)
    return replace(finding, assumptions=(*finding.assumptions, *granted, *used))


def vanishing(claim: Claim, finding: Finding) -> Finding | None:
    """Why a derivative that is 0 refutes nothing: the text may not say how what it is taken by is connected."""
    numbers = finding.counterexample
    names = {d.name for d in claim.model.definitions if d.value.has(index.Partial)}
    layered = {quantity.name for quantity in claim.model.quantities if quantity.layered}
    for side, value in ((claim.left, numbers and numbers.left), (claim.right, numbers and numbers.right)):
        by = {index.name_of(node.args[1]) for node in side.atoms(index.Partial)}
        by |= {name for entry in index.entries(side) if (name := index.name_of(entry)) in names}
        is_derivative = bool(by & layered)  # else names tell what is connected
        if value == 0 and side != 0 and is_derivative and not _is_connected(claim, side):
            message = "a derivative in it is 0 by what is stated; nothing says how what it is taken by is connected"
            return Finding(Verdict.UNDECIDED, message, "no-definition")
    return None


def _is_connected(claim: Claim, side: Expr) -> bool:
    """Whether a derivative at one fixed layer is not always 0; behind a letter, only some layers may be connected.

    Where it is 0 since letters differ, it is asked for the same letters.
    """
    if any(letter == index.LAYER for letter, _ in claim.ranges):
        return False
    same = replace(claim, left=side, right=S.Zero, equal=(*claim.equal, *claim.unequal), unequal=())
    try:
        return isinstance(refute(same), Difference)
    except errors.OracleError:
        return False


def changed_to(course: Course, changed: Redefined, statement: Statement) -> Finding:
    """An equation that would be a new definition in the place of an old one."""
    if any(stated.origin == 0 for stated in course.scope.definitions if stated.definition.name == changed.name):
        course.contradicted.add(changed.name)
    settled = rivals.settled(course.conflicts, course.scope, changed, statement, course.place)
    return course.settle(settled, changed.name)


def _of_another_rule(course: Course, changed: Scope, name: str) -> Finding:
    """An equation that would give a function another rule."""
    if course.scope.functions.get(name) is not None:
        course.contradicted.add(name)
        return course.settle(rivals.settled_rule(course.conflicts, course.scope, changed, name, course.place), name)
    course.scope = changed
    course.redefined[name] = course.number
    return Finding(Verdict.DEFINITION, "this states what was left open")
