"""The links of a statement: what is defined is taken over, what is claimed is judged."""

from dataclasses import replace

from symfnn import errors
from symfnn.algebra import index
from symfnn.check import watch
from symfnn.check.choosing import of_one_choice
from symfnn.check.course import ACCEPTED, BACKSTOP, Course
from symfnn.check.deciding import decided
from symfnn.check.forms import form_of, is_other
from symfnn.check.freedom import of_supposed
from symfnn.check.gradient_rows import as_row
from symfnn.check.grounding import used
from symfnn.check.repairing import applied, repaired
from symfnn.check.rivals import settled
from symfnn.check.samples import of_same_sample
from symfnn.check.variants import is_of_activation
from symfnn.check.verdicts import Finding, Link, Verdict, worst
from symfnn.check.weighing import changed_to, conditional, restricted, vanishing, weighed
from symfnn.check.wording import troubled
from symfnn.elaboration import chains
from symfnn.elaboration.examples import through
from symfnn.elaboration.misfits import mentioned
from symfnn.elaboration.names import mention
from symfnn.elaboration.redefining import agree, anew, is_open, limited_name, redefine, redefined_name
from symfnn.elaboration.relations import DEFINES
from symfnn.elaboration.remarks import limiting
from symfnn.elaboration.roads import has_road_around
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.texts import Written
from symfnn.elaboration.understood import Part, Understood
from symfnn.elaboration.unstated import Freed, freed, freed_anew
from symfnn.latex.syntax import Node, Relation, Statement
from symfnn.latex.writing import write

_REPAIRS = 12.0  # seconds for a counterexample and a repair
_REPEATS = "this repeats a definition"
_OTHER_FORM = "this says in another form what is defined"


def judged(course: Course, understood: Understood, one: Written) -> tuple[Finding, list[Link]]:
    """The finding on a statement and on its links."""
    if understood.trouble is not None:
        return troubled(understood.scope, understood.trouble), []
    if not understood.parts:
        return Finding(Verdict(understood.kind) if understood.kind in set(Verdict) else Verdict.UNDECIDED), []
    links: list[Link] = []
    course.anchor, course.choice = None, None
    is_defining = any(part.kind == "definition" for part in understood.parts)
    for number, part in enumerate(understood.parts):
        course.anchor = course.anchor or part.left
        after = understood.parts[number + 1 : number + 2]
        course.following = next((other for other in after if other.left is part.right), None)
        scope = part.scope or understood.scope
        found = _given(_in_time(course, scope, part, one, is_first=number == 0), links, part, understood.parts)
        found = found if is_defining else _in_other_form(course, scope, part, one, found)
        links.append(Link(_cut(one, part.left), _cut(one, part.right), found))
        form = form_of(part.left, part.right) if found.verdict is Verdict.DEFINITION else None
        course.forms |= set() if form is None else {form}
        if found.verdict not in (*ACCEPTED, Verdict.DEFINITION) or not chains.READINGS.issuperset(found.assumptions):
            course.anchor = None
        course.seen += [part.left, part.right]
        course.unsettled |= _left_open(part, found)
    if one.statement is not None:
        links = of_one_choice(course, understood.parts, links, one.statement)
    verdict = worst([link.finding.verdict for link in links])
    if understood.kind == "assignment" and not verdict.is_wrong:
        return Finding(Verdict.ASSIGNMENT), []
    finding = next(link.finding for link in links if link.finding.verdict == verdict)
    if verdict in ACCEPTED:
        assumed = dict.fromkeys(words for link in links for words in link.finding.assumptions)
        finding = replace(finding, assumptions=tuple(assumed))
    return finding, links


def _left_open(part: Part, found: Finding) -> frozenset[str]:
    """The letter that a link may define whose meaning is open."""
    named = mention(part.left) if found.verdict is Verdict.UNDECIDED else None
    return frozenset() if named is None else frozenset({named.name})


def _cut(one: Written, node: Node) -> str:
    is_of_other = node.span.start < 0  # a chain goes on from another display
    return write(node) if is_of_other else one.formula.latex[node.span.start : node.span.end]


def _given(found: Finding, links: list[Link], part: Part, parts: tuple[Part, ...]) -> Finding:
    """The finding on a link where one equation follows from another: what does not hold is a condition."""
    conditions = [link.finding for link, other in zip(links, parts, strict=False) if other.is_given]
    is_open = part.is_given or any(other.verdict is Verdict.UNDECIDED for other in conditions)
    if not found.verdict.is_wrong or not is_open:
        return found
    return Finding(Verdict.UNDECIDED, "it is said under a condition that does not hold always", "unknown-condition")


def _in_time(course: Course, scope: Scope, part: Part, one: Written, *, is_first: bool) -> Finding:
    """The finding on one link, with all that is looked for besides, if that ends in time."""
    try:
        seconds = BACKSTOP * course.options.timeout + _REPAIRS
        return watch.within(seconds, lambda: _of_part(course, scope, part, one, is_first=is_first))
    except watch.OutOfTime:
        return Finding(Verdict.UNDECIDED, "it took too long", "timeout")


def _of_part(course: Course, scope: Scope, part: Part, one: Written, *, is_first: bool) -> Finding:
    """The finding on one link; what it defines is taken over."""
    assert one.statement is not None
    if part.kind == "definition":
        return Finding(Verdict.DEFINITION) if part.trouble is None else _loosely(troubled(scope, part.trouble))
    if part.kind == "repeat":
        return Finding(Verdict.DEFINITION, _REPEATS)
    if part.equation is None:
        return _of_free(course, scope, part, one.statement) or _not_read(course, scope, part, one.statement)
    if is_open(scope, part) and limiting(one.statement.remarks, None) is None:
        specified = redefine(scope, part, one.statement, course.origin)
        if specified is not None and specified.is_conflict:
            return changed_to(course, specified, one.statement)
        if specified is not None:
            course.scope = specified.scope
            course.redefined[specified.name] = course.number
            return Finding(Verdict.DEFINITION, "this states what was left open")
    agreed = agree(scope, part) if is_first else None
    if agreed is not None:
        course.scope = agreed
        return Finding(Verdict.DEFINITION, "this is agreed on for the data")
    return _of_claim(course, scope, part, one.statement)


def _in_other_form(course: Course, scope: Scope, part: Part, one: Written, repeated: Finding) -> Finding:
    """The finding on what repeats a definition: proved where it says in another form what is defined."""
    if part.kind != "repeat" or part.equation is None or one.statement is None:
        return repeated
    content = one.statement.content
    defines = isinstance(content, Relation) and bool(DEFINES.intersection(content.signs))
    if defines or index.name_of(part.equation.left) in course.doubtful:
        return repeated
    if not is_other(form_of(part.left, part.right), course.forms):
        return repeated
    found, _ = decided(course, scope, part, one.statement)
    is_sure = found.verdict is Verdict.PROVED and not found.assumptions
    return replace(found, message=_OTHER_FORM) if is_sure else repeated


def _of_claim(course: Course, scope: Scope, part: Part, statement: Statement) -> Finding:
    """The finding on a link that claims something."""
    assert part.equation is not None
    try:
        finding, claim = decided(course, scope, part, statement)
    except errors.ModelError as trouble:
        return Finding(Verdict.UNDECIDED, f"the definitions so far do not fit together: {trouble}", "no-definition")
    if finding.verdict is Verdict.PROVED and not finding.assumptions and not part.taken:
        course.scope = through(course.scope, part, statement, course.origin) or course.scope
    if finding.verdict in (*ACCEPTED, Verdict.REFUTED):
        finding = of_supposed(claim, scope.supposed, finding)
    finding = of_same_sample(course, scope, part, statement, finding)
    if finding.verdict is Verdict.REFUTED and part.is_given:
        return finding  # a condition that does not hold always defines nothing anew
    if finding.verdict is not Verdict.REFUTED:
        said = _of_output(course, part, statement, finding) or conditional(course, scope, part, finding)
        return replace(said, message=part.sense) if part.sense and said.verdict in ACCEPTED else said
    if part.trouble is not None:
        return _not_read(course, scope, part, statement)  # it holds with no sizes that might be meant
    doubt = (
        restricted(course, scope, part, statement)
        or weighed(course, part, statement, claim)
        or vanishing(claim, finding)
    )
    if part.sense:
        return doubt or replace(finding, message=f"it does not hold that {part.sense}")
    return doubt or repaired(course, scope, part, statement, finding)


def _of_output(course: Course, part: Part, statement: Statement, finding: Finding) -> Finding | None:
    """The finding on what says by which function one layer is computed, which was left open: it defines that layer."""
    is_filled = finding.verdict in ACCEPTED and any(is_of_activation(words) for words in finding.assumptions)
    if not is_filled or limiting(statement.remarks, None) is not None:
        return None
    stated = redefine(course.scope, part, statement, course.origin)
    layers = None if stated is None else stated.scope.definitions[-1].definition.layers
    if stated is None or stated.is_conflict or layers is None or layers[0] != layers[1]:
        return None
    return course.settle(settled(course.conflicts, course.scope, stated, statement, course.place), stated.name)


def _of_free(course: Course, scope: Scope, part: Part, statement: Statement) -> Finding | None:
    """The finding on a claim that holds whatever its unknown names stand for; None where it does not."""
    is_unknown = part.trouble is not None and part.trouble.code == "unknown-symbol"
    if not course.is_lenient or not is_unknown or has_road_around((part.left, part.right), course.seen):
        return None
    found = (free(scope, part.left, part.right, statement) for free in (freed, freed_anew))
    stands = (_of_cases(course, part, one, statement) for one in found if one is not None)
    return next((finding for finding in stands if finding is not None), None)


def _of_cases(course: Course, part: Part, found: Freed, statement: Statement) -> Finding | None:
    """The finding on a claim that stands in every case of what its names can be; None where it does not."""
    assumptions: dict[str, None] = {}
    verdicts: list[Verdict] = []
    for known, said in found.cases:
        finding, _ = decided(course, known, replace(part, equation=said, trouble=None), statement)
        if finding.verdict not in ACCEPTED:
            return None
        verdicts.append(finding.verdict)
        assumptions |= dict.fromkeys(finding.assumptions)
    return Finding(worst(verdicts), assumptions=(*assumptions, found.words))


def _not_read(course: Course, scope: Scope, part: Part, statement: Statement) -> Finding:
    """The finding on a link that was not understood, or whose shapes cannot fit."""
    assert part.trouble is not None
    changed = anew(course.scope, part, statement, course.origin)
    if changed is not None:
        return changed_to(course, changed, statement)
    is_doubtful = _rests_on_doubt(course, scope, part)
    name = redefined_name(course.scope, part) or limited_name(course.scope, part)
    if name is not None:
        course.conflicts = course.conflicts.with_unread(name)
    finding = troubled(scope, part.trouble)
    if finding.verdict is Verdict.ILL_SHAPED and is_doubtful:
        return replace(finding, verdict=Verdict.UNDECIDED)
    if finding.verdict is Verdict.ILL_SHAPED:
        return as_row(course, scope, part, statement) or repaired(course, scope, part, statement, finding)
    slip = applied(course, scope, part, statement) if part.trouble.code == "unknown-symbol" else None
    return finding if slip is None or is_doubtful else slip


def _rests_on_doubt(course: Course, scope: Scope, part: Part) -> bool:
    """Whether the shape of what an equation mentions rests on a definition in conflict, its own or what it derives."""
    profiles = mentioned(scope, part.left, part.right)
    names = {p.name for p in profiles}
    values = [s.definition.value for s in scope.definitions if s.definition.name in names]
    names |= set().union(*(used(value) for value in values))
    is_settled = course.unsettled.isdisjoint(p.letter for p in profiles)  # else it may be of another network
    doubtful = course.conflicts.of_unlike_shapes(scope, course.origin) if is_settled else course.doubtful
    return bool(names & doubtful - {p.name for p in scope.profiles if p.is_stated})


def _loosely(finding: Finding) -> Finding:
    """Shapes that do not fit in what would be a definition leave it open what was meant."""
    return replace(finding, verdict=Verdict.UNDECIDED) if finding.verdict is Verdict.ILL_SHAPED else finding
