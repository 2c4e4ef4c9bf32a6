"""A document checked statement by statement: what is defined is taken over, what is claimed is judged."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import final

from sympy import Expr, KroneckerDelta, Pow, S

from symfnn import errors
from symfnn.algebra import index, normal
from symfnn.check import auto, numbered, rivals, supposed, watch
from symfnn.check.claims import Claim
from symfnn.check.diagnosis import diagnosed
from symfnn.check.freedom import of_supposed
from symfnn.check.grounding import ungrounded, unsaid_equality, used
from symfnn.check.judge import decide, stands
from symfnn.check.oracle import Difference, refute
from symfnn.check.spelling import spelled
from symfnn.check.variants import ensure_known, filled, is_of_function
from symfnn.check.verdicts import CONFLICT, Checked, DocumentReport, Finding, Link, Remark, Verdict, worst
from symfnn.documents.document import Directive, Document
from symfnn.elaboration import chains
from symfnn.elaboration.claims import NOT_UNDERSTOOD, Equation, equation, model_of
from symfnn.elaboration.definitions import function_variable
from symfnn.elaboration.examples import is_example, through
from symfnn.elaboration.foresight import foreseen
from symfnn.elaboration.misfits import mentioned
from symfnn.elaboration.orientation import laid, taken
from symfnn.elaboration.premises import concerns, letters
from symfnn.elaboration.remarks import limiting
from symfnn.elaboration.roads import has_road_around
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.statements import (
    Part,
    Redefined,
    Understood,
    agree,
    anew,
    is_open,
    limited_name,
    redefine,
    redefined_name,
    refunction,
    turned_round,
    understand,
)
from symfnn.elaboration.survey import nodes
from symfnn.elaboration.texts import Written, written_statements
from symfnn.elaboration.units import in_layers
from symfnn.elaboration.unstated import freed
from symfnn.latex.syntax import Letter, Node, Relation, Statement
from symfnn.model.definitions import Model
from symfnn.notations.opening import given, opened
from symfnn.source import Source

_ACCEPTED = (Verdict.PROVED, Verdict.TESTED)

AUTO = "auto"
NONE = "none"
_CHOSEN = " (auto: it fits best)"
_BACKSTOP = 3  # times the time for a claim, for all that is done with it; its decision ends before
_REPAIRS = 12.0  # seconds for a counterexample and a repair

_PATIENCE = 60.0  # seconds of the processor for the repairs of one document
_PATIENCE_OF_ONE = 3.0  # the same for those of one claim


@final
@dataclass(frozen=True, slots=True)
class Options:
    """How a document is checked.

    Attributes:
        activation: of a name of the catalogue, where the document leaves it open.
        loss: the same for the loss.
        timeout: seconds for one claim.
    """

    activation: str | None = None
    loss: str | None = None
    timeout: float = 10.0


@final
@dataclass(slots=True)
class _Course:
    """The state of a check as it goes through a document.

    Attributes:
        scope: in force.
        options: how to check.
        conflicts: of definitions.
        seen: the sides of the statements so far.
        models: those of the scopes so far.
        origin: of the statement at hand: one more than the number of headings before it.
        layouts: in which Jacobians were found to be arranged.
        number: of the statement in hand.
        redefined: the statement in which a quantity was last defined anew.
        patience: seconds that are left for the repairs of all its statements.
        anchor: what the chain in hand begins with, and is equal to the left side of the link in hand.
        place: of the statement in hand.
        premises: conditions that were stated before it and may go on to hold.
        contradicted: what a notation defines in another way than the document.
        is_lenient: whether names that nothing introduces may stand for anything.
    """

    scope: Scope
    options: Options
    conflicts: rivals.Conflicts = field(default_factory=rivals.Conflicts)
    seen: list[Node] = field(default_factory=list)
    layouts: set[str] = field(default_factory=set)
    models: dict[object, Model] = field(default_factory=dict)
    origin: int = 1
    number: int = 0
    redefined: dict[str, int] = field(default_factory=dict)
    patience: float = _PATIENCE
    anchor: Node | None = None
    place: rivals.Place = rivals.NOWHERE
    premises: tuple[Node, ...] = ()
    contradicted: set[str] = field(default_factory=set)
    is_lenient: bool = False

    @property
    def doubtful(self) -> frozenset[str]:
        """The names of which it is open which definition is meant."""
        return self.conflicts.doubtful(self.origin)

    def settle(self, settled: rivals.Settled, name: str) -> Finding:
        """Take over what becomes of an equation that contradicts a definition of that name."""
        if settled.scope is not self.scope:
            self.redefined[name] = self.number
        self.scope, self.conflicts = settled.scope, settled.conflicts
        return settled.finding

    def model(self, scope: Scope) -> Model:
        """The model of a scope, made once."""
        key = (scope.definitions, scope.profiles, scope.assumptions, tuple(scope.functions.items()))
        if key not in self.models:
            self.models[key] = filled(model_of(scope), self.options.activation, self.options.loss)
        return self.models[key]


def check_document(
    document: Document, notation: str | Path | None = None, options: Options | None = None
) -> DocumentReport:
    """The report on a document.

    Args:
        document: read.
        notation: whose definitions hold where the document has none of its own; what a directive in the document names
            comes before it. ``"auto"`` or None is the built-in one that fits best where the document does not define
            enough itself, ``"none"`` is none.
        options: how to check.

    Raises:
        ModelError: the notation, the activation or the loss is unknown.
        DocumentError: the notation's file cannot be read.
    """
    options = options or Options()
    ensure_known(options.activation, options.loss)
    checked: list[Checked] = []
    remarks: list[Remark] = []
    names: dict[str, None] = {}
    for named, statements in _stretches(document, notation):
        found, name, of_document = _stretch(document, statements, named, options)
        checked += _under_suppositions([one for one in statements if states_something(one)], found)
        remarks += of_document
        names |= {} if name is None else {name: None}
    words = f"the document and the notation {', '.join(names)}" if names else "the document's own definitions"
    is_chosen = any(name.endswith(_CHOSEN) for name in names)
    return DocumentReport(document.source, words, tuple(checked), tuple(remarks), is_chosen)


def _stretch(
    document: Document, statements: list[Written], named: str | Path | None, options: Options
) -> tuple[list[Checked], str | None, tuple[Remark, ...]]:
    """What is found on statements for which one notation holds, and its name; that which fits where none is named."""
    own = None if named in (None, AUTO, NONE) else named
    found = _run(document, statements, own, options, _PATIENCE)
    if named not in (None, AUTO):
        return found.checked, None if own is None else str(own), found.remarks
    stating = [one for one in statements if states_something(one)]
    fitting = auto.fit(stating, found.checked, lambda name: _run(document, statements, name, options, 0.0))
    if fitting is None:
        return found.checked, None, found.remarks
    return fitting.checked, fitting.name + _CHOSEN, found.remarks


def _run(
    document: Document, statements: list[Written], named: str | Path | None, options: Options, patience: float
) -> auto.Run:
    """Statements checked by the definitions of a notation and their own, with some seconds for repairs."""
    stated = [] if named is None else given(named)
    read = [one.statement for one in statements if one.statement is not None]
    scope = foreseen(laid(opened(stated, statements), read), read)
    course = _Course(scope, options, patience=patience)
    stating = [one for one in statements if states_something(one)]
    first = [_numbered(course, document.source, number, one) for number, one in enumerate(stating)]
    found = _again(course, document.source, stating, first)
    if {"numerator", "denominator"} <= course.layouts:
        found = [_in_two_layouts(one) for one in found]
    contradicted = course.contradicted | auto.reshaped(scope, course.scope)
    return auto.Run(found, frozenset(contradicted), tuple(course.conflicts.remarks))


def _under_suppositions(written: list[Written], found: list[Checked]) -> list[Checked]:
    """The statements of a text in which commands may be taken for something that nothing says."""
    found = [supposed.under(one.read_as, checked) for one, checked in zip(written, found, strict=True)]
    guessed = next((words for one in written for words in one.supposed), None)
    if guessed is None:
        return found
    return [
        supposed.unrefuted(guessed, supposed.under(one.supposed, checked))
        for one, checked in zip(written, found, strict=True)
    ]


def _stretches(document: Document, notation: str | Path | None) -> Iterator[tuple[str | Path | None, list[Written]]]:
    """The statements for which one notation holds; the first that is named holds for what stands before it too."""
    statements = written_statements(document)
    named = [piece for piece in document.pieces if isinstance(piece, Directive) and piece.kind == "notation"]
    limits = [piece.span.start for piece in named[1:]]
    arguments: list[str | Path | None] = [piece.argument for piece in named] or [notation]
    for argument, low, high in zip(arguments, [-1, *limits], [*limits, len(document.source.text)], strict=True):
        yield argument, in_layers([one for one in statements if low <= one.formula.span.start < high])


def _numbered(course: _Course, source: Source, number: int, one: Written) -> Checked:
    """One statement, judged, with its place noted for what it defines."""
    course.number = number
    return _check(course, source, one)


def _again(course: _Course, source: Source, written: list[Written], checked: list[Checked]) -> list[Checked]:
    """The statements, with those that waited for a later definition judged by it.

    Only what is then accepted counts, and only where nothing that they mention was defined anew in between. What waits
    even then may define its right side, or be about names that can stand for anything.
    """

    def once(checked: list[Checked]) -> list[Checked]:
        return [_waited(course, source, written, number, before) for number, before in enumerate(checked)]

    first = once(checked)
    second = first if first == checked else once(first)
    course.is_lenient = True
    third = once(second)
    course.is_lenient = False
    return third if third == second else once(third)


def _waited(course: _Course, source: Source, written: list[Written], number: int, before: Checked) -> Checked:
    """A statement as it stands by what is known by now."""
    one = written[number]
    if before.finding.code not in auto.WAITING or one.statement is None or _is_stale(course, number, one.statement):
        return before
    others = [other.statement for other in written if other.statement is not None and other is not one]
    turned = turned_round(course.scope, one.statement, others) if course.is_lenient else None
    for statement in [one.statement] if turned is None else [turned, one.statement]:
        kept = course.scope, course.conflicts, list(course.seen)
        after = _check(course, source, replace(one, statement=statement))
        if after.finding.verdict in (Verdict.PROVED, Verdict.TESTED, Verdict.DEFINITION):
            return after
        course.scope, course.conflicts, course.seen = kept
    return before


def _is_stale(course: _Course, number: int, statement: Statement) -> bool:
    """Whether a letter of a statement was defined anew behind it."""
    letters = {part.name for part in nodes(statement.content) if isinstance(part, Letter)}
    changed = {name for name, place in course.redefined.items() if place > number}
    return any(p.letter in letters or p.letter[-1:] in letters for p in course.scope.profiles if p.name in changed) or (
        bool(letters & changed)
    )


def _in_two_layouts(one: Checked) -> Checked:
    """A statement that holds in one layout of Jacobians only, in a document that holds to the other elsewhere."""

    def left_open(finding: Finding) -> Finding:
        if chains.DENOMINATOR not in finding.assumptions:
            return finding
        message = "other derivatives of columns by columns are arranged the other way round in this document"
        return Finding(Verdict.UNDECIDED, message, "informal-step")

    links = tuple(replace(link, finding=left_open(link.finding)) for link in one.links)
    return replace(one, finding=left_open(one.finding), links=links)


def states_something(one: Written) -> bool:
    """Whether a formula is more than a name in a sentence."""
    if one.statement is None:
        return one.formula.display or "=" in one.formula.latex
    return one.formula.display or isinstance(one.statement.content, Relation)


def _check(course: _Course, source: Source, one: Written) -> Checked:
    """One statement, judged; the course's scope goes on behind it."""
    formula = one.formula
    if one.statement is None:
        assert one.problem is not None
        finding = Finding(Verdict.UNDECIDED, str(one.problem), one.problem.code, one.problem.span)
        return Checked(formula.span, formula.latex, formula.label, "other", finding)
    span = formula.place(one.statement.span)
    latex = formula.latex[one.statement.span.start : one.statement.span.end]
    label = one.statement.label or formula.label
    course.origin, course.premises = 1 + one.section, one.premises
    course.place = rivals.Place(span, source.position(span.start).line, course.origin)
    before = course.scope
    understood = _understood(course, one.statement)
    course.scope = understood.scope
    finding, links = _judged(course, understood, one)
    course.conflicts = course.conflicts.noted(before, course.scope, one.statement, course.place)
    kind = understood.kind
    if links and finding.verdict is Verdict.DEFINITION:
        kind = "definition"
    return Checked(span, latex, label, kind, finding, tuple(links))


def _understood(course: _Course, statement: Statement) -> Understood:
    """What a statement says, if that is found out in time."""
    try:
        seconds = _BACKSTOP * course.options.timeout
        return watch.within(seconds, lambda: understand(course.scope, statement, course.origin))
    except watch.OutOfTime:
        trouble = errors.MeaningError("timeout", "it took too long to read", statement.span)
        return Understood("other", course.scope, trouble=trouble)


def _judged(course: _Course, understood: Understood, one: Written) -> tuple[Finding, list[Link]]:
    """The finding on a statement and on its links."""
    if understood.trouble is not None:
        return _troubled(understood.scope, understood.trouble), []
    if not understood.parts:
        return Finding(Verdict(understood.kind) if understood.kind in set(Verdict) else Verdict.UNDECIDED), []
    links: list[Link] = []
    course.anchor = None
    for number, part in enumerate(understood.parts):
        course.anchor = course.anchor or part.left
        found = _in_time(course, part.scope or understood.scope, part, one, is_first=number == 0)
        found = _given(found, links, part, understood.parts)
        links.append(Link(_cut(one, part.left), _cut(one, part.right), found))
        if found.verdict not in (*_ACCEPTED, Verdict.DEFINITION) or not chains.READINGS.issuperset(found.assumptions):
            course.anchor = None
        course.seen += [part.left, part.right]
    verdict = worst([link.finding.verdict for link in links])
    if understood.kind == "assignment" and not verdict.is_wrong:
        return Finding(Verdict.ASSIGNMENT), []
    finding = next(link.finding for link in links if link.finding.verdict == verdict)
    if verdict in _ACCEPTED:
        assumed = dict.fromkeys(words for link in links for words in link.finding.assumptions)
        finding = replace(finding, assumptions=tuple(assumed))
    return finding, links


def _cut(one: Written, node: Node) -> str:
    return one.formula.latex[node.span.start : node.span.end]


def _troubled(scope: Scope, trouble: errors.MeaningError) -> Finding:
    verdict = Verdict.ILL_SHAPED if trouble.is_shape else Verdict.UNDECIDED
    message, *evidence = (_in_own_letters(scope, text) for text in (str(trouble), *trouble.evidence))
    return Finding(verdict, message, trouble.code, trouble.span, tuple(evidence))


def _in_own_letters(scope: Scope, text: str) -> str:
    """A text with the widths as the document writes them: n_{l-1} or m^{k-1} for s_{l-1}."""
    letter, place = scope.family or ("s", "sub")
    sign = "_" if place == "sub" else "^"
    own = {"l": scope.layer_letter, "L": scope.depth_letter}

    def width(found: re.Match[str]) -> str:
        layer = re.sub(r"\bl\b|\bL\b", lambda one: own[one[0]], (found[1] or found[2]).replace(" ", ""))
        return f"{letter}{sign}{{{layer}}}"

    return re.sub(r"(?<![\w\\])s(?:_\{([^{}]+)\}|\[([^\[\]]+)\])", width, text)


def _given(found: Finding, links: list[Link], part: Part, parts: tuple[Part, ...]) -> Finding:
    """The finding on a link where one equation follows from another: what does not hold is a condition."""
    conditions = [link.finding for link, other in zip(links, parts, strict=False) if other.is_given]
    is_open = part.is_given or any(other.verdict is Verdict.UNDECIDED for other in conditions)
    if not found.verdict.is_wrong or not is_open:
        return found
    return Finding(Verdict.UNDECIDED, "it is said under a condition that does not hold always", "unknown-condition")


def _in_time(course: _Course, scope: Scope, part: Part, one: Written, *, is_first: bool) -> Finding:
    """The finding on one link, with all that is looked for besides, if that ends in time."""
    try:
        seconds = _BACKSTOP * course.options.timeout + _REPAIRS
        return watch.within(seconds, lambda: _of_part(course, scope, part, one, is_first=is_first))
    except watch.OutOfTime:
        return Finding(Verdict.UNDECIDED, "it took too long", "timeout")


def _of_part(course: _Course, scope: Scope, part: Part, one: Written, *, is_first: bool) -> Finding:
    """The finding on one link; what it defines is taken over."""
    assert one.statement is not None
    if part.kind == "definition":
        return Finding(Verdict.DEFINITION) if part.trouble is None else _loosely(_troubled(scope, part.trouble))
    if part.kind == "repeat":
        return Finding(Verdict.DEFINITION, "this repeats a definition")
    if part.equation is None:
        return _of_free(course, scope, part, one.statement) or _not_read(course, scope, part, one.statement)
    if is_open(scope, part) and limiting(one.statement.remarks, None) is None:
        specified = redefine(scope, part, one.statement, course.origin)
        if specified is not None and specified.is_conflict:
            return _changed(course, specified, one.statement)
        if specified is not None:
            course.scope = specified.scope
            course.redefined[specified.name] = course.number
            return Finding(Verdict.DEFINITION, "this states what was left open")
    agreed = agree(scope, part) if is_first else None
    if agreed is not None:
        course.scope = agreed
        return Finding(Verdict.DEFINITION, "this is agreed on for the data")
    return _of_claim(course, scope, part, one.statement)


def _of_claim(course: _Course, scope: Scope, part: Part, statement: Statement) -> Finding:
    """The finding on a link that claims something."""
    assert part.equation is not None
    try:
        finding, claim = _decided(course, scope, part, statement)
    except errors.ModelError as trouble:
        return Finding(Verdict.UNDECIDED, f"the definitions so far do not fit together: {trouble}", "no-definition")
    if finding.verdict is Verdict.PROVED and not finding.assumptions and not part.taken:
        course.scope = through(course.scope, part, statement, course.origin) or course.scope
    if finding.verdict in (*_ACCEPTED, Verdict.REFUTED):
        finding = of_supposed(claim, scope.supposed, finding)
    if finding.verdict is Verdict.REFUTED and part.is_given:
        return finding  # a condition that does not hold always defines nothing anew
    if finding.verdict is not Verdict.REFUTED:
        said = _conditional(course, scope, part, finding)
        return replace(said, message=part.sense) if part.sense and said.verdict in _ACCEPTED else said
    if part.trouble is not None:
        return _not_read(course, scope, part, statement)  # it holds with no sizes that might be meant
    weighed = (
        _restricted(course, scope, part, statement)
        or _weighed(course, part, statement, claim)
        or _vanishing(claim, finding)
    )
    if part.sense:
        return weighed or replace(finding, message=f"it does not hold that {part.sense}")
    return weighed or _diagnosed(course, scope, part, statement, finding)


def _restricted(course: _Course, scope: Scope, part: Part, statement: Statement) -> Finding | None:
    """Why a claim that does not hold always is not refuted: it may be meant under a condition."""
    assert part.equation is not None
    if part.equation.condition is not None:
        return Finding(Verdict.UNDECIDED, NOT_UNDERSTOOD, "unknown-condition", part.equation.condition)
    if any(_may_hold(course, scope, part, statement, premise) for premise in course.premises):
        message = "it does not hold always, and may hold under a condition that is stated above"
        return Finding(Verdict.UNDECIDED, message, "unknown-condition")
    return None


def _may_hold(course: _Course, scope: Scope, part: Part, statement: Statement, premise: Node) -> bool:
    """Whether a claim that is refuted may be meant under a condition that stands somewhere above it, and hold then."""
    known = any(letters(remark) == letters(premise) for remark in statement.remarks)
    if known or not letters(premise) or not concerns(premise, statement.content):
        return False
    try:
        said = equation(scope, part.left, part.right, (*statement.remarks, premise))
        return _decided(course, scope, replace(part, equation=said), statement)[0].verdict is not Verdict.REFUTED
    except errors.SymfnnError:
        return True


def _decided(course: _Course, scope: Scope, part: Part, statement: Statement) -> tuple[Finding, Claim]:
    """The finding on a link, with the claim: it is refuted only where it fails however its derivatives are arranged."""
    assert part.equation is not None
    deadline = time.monotonic() + course.options.timeout
    finding, claim = _of_all_parts(course, scope, part.equation, deadline)
    if finding.verdict not in (*_ACCEPTED, Verdict.REFUTED):
        return finding, claim
    if not part.equation.is_informal:
        return _granted(finding, part.equation.notes), claim
    for said in (part.equation, *part.equation.readings):
        found = finding if said is part.equation else _of_all_parts(course, scope, said, deadline)[0]
        # that a slope is missing is no reason to take the function for the identity
        is_loose = bool(said.notes) and any(map(is_of_function, found.assumptions))
        if found.verdict in _ACCEPTED and not is_loose:
            course.layouts.add(said.layout)
            return replace(found, assumptions=(*said.notes, *found.assumptions)), claim
    whole = _as_a_whole(scope, part, statement)
    fails = whole is not None and _of_all_parts(course, scope, whole, deadline)[0].verdict is Verdict.REFUTED
    if fails and finding.verdict is Verdict.REFUTED:
        return finding, claim
    message = "a derivative of an array by an array is arranged here in a way that is not stated"
    return Finding(Verdict.UNDECIDED, message, "informal-step"), claim


def _granted(finding: Finding, notes: tuple[str, ...]) -> Finding:
    """The finding on what is said if something about the notation is taken for granted; that refutes nothing."""
    if not notes or finding.verdict in _ACCEPTED:
        return replace(finding, assumptions=(*notes, *finding.assumptions))
    return Finding(Verdict.UNDECIDED, f"it does not hold if {notes[0]}", "supposition", finding.span)


def _of_all_parts(
    course: _Course, scope: Scope, said: Equation, deadline: float, judge: Callable[[Claim, float], Finding] = decide
) -> tuple[Finding, Claim]:
    """The worst finding on the parts of what is said, with the claim that it is about; the parts share the time."""
    findings: list[tuple[Finding, Claim]] = []
    everything = (said, *said.parts)
    for place, one in enumerate(everything):
        claim = _claim(course, scope, one)
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
    if verdict in _ACCEPTED and not sizes and len(findings) > 1:
        assumptions |= dict.fromkeys(numbered.in_words(numbered.written_sizes(*(one for _, one in findings))))
    return replace(finding, assumptions=tuple(_in_own_letters(scope, words) for words in assumptions)), claim


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


def _of_free(course: _Course, scope: Scope, part: Part, statement: Statement) -> Finding | None:
    """The finding on a claim that holds whatever its unknown names stand for; None where it does not."""
    is_unknown = part.trouble is not None and part.trouble.code == "unknown-symbol"
    found = freed(scope, part.left, part.right, statement) if course.is_lenient and is_unknown else None
    if found is None or has_road_around((part.left, part.right), course.seen):
        return None
    assumptions: dict[str, None] = {}
    verdicts: list[Verdict] = []
    for known, said in found.cases:
        finding, _ = _decided(course, known, replace(part, equation=said, trouble=None), statement)
        if finding.verdict not in _ACCEPTED:
            return None
        verdicts.append(finding.verdict)
        assumptions |= dict.fromkeys(finding.assumptions)
    return Finding(worst(verdicts), assumptions=(*assumptions, found.words))


def _not_read(course: _Course, scope: Scope, part: Part, statement: Statement) -> Finding:
    """The finding on a link that was not understood, or whose shapes cannot fit."""
    assert part.trouble is not None
    changed = anew(course.scope, part, statement, course.origin)
    if changed is not None:
        return _changed(course, changed, statement)
    is_doubtful = _rests_on_doubt(course, scope, part)
    name = redefined_name(course.scope, part) or limited_name(course.scope, part)
    if name is not None:
        course.conflicts = course.conflicts.with_unread(name)
    finding = _troubled(scope, part.trouble)
    if finding.verdict is Verdict.ILL_SHAPED and is_doubtful:
        return replace(finding, verdict=Verdict.UNDECIDED)
    if finding.verdict is Verdict.ILL_SHAPED:
        return _diagnosed(course, scope, part, statement, finding)
    return finding


def _rests_on_doubt(course: _Course, scope: Scope, part: Part) -> bool:
    """Whether the shape of what an equation mentions rests on a definition in conflict, its own or what it derives."""
    names = {p.name for p in mentioned(scope, part.left, part.right)}
    values = [s.definition.value for s in scope.definitions if s.definition.name in names]
    names |= set().union(*(used(value) for value in values))
    return bool(names & course.doubtful - {p.name for p in scope.profiles if p.is_stated})


def _claim(course: _Course, scope: Scope, found: Equation) -> Claim:
    sizes = tuple((width, 1) for width in sorted(scope.single, key=str))
    return Claim(course.model(scope), found.left, found.right, found.ranges, found.equal, found.unequal, sizes)


def _diagnosed(course: _Course, scope: Scope, part: Part, statement: Statement, finding: Finding) -> Finding:
    """The finding with a repair, where the catalogue of mistakes has one that stands.

    A side of a chain is repaired by what the chain begins with, where all links before it stand.
    """
    first = course.anchor

    def judge(left: Node, right: Node) -> Finding:
        judged = _of_repair(course, scope, part, statement, left, right)
        if judged.verdict in _ACCEPTED or first is None or left is not part.left or first is left:
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


def _of_repair(course: _Course, scope: Scope, part: Part, statement: Statement, left: Node, right: Node) -> Finding:
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
    judged, _ = _of_all_parts(course, scope, found, deadline, stands)
    return Finding(Verdict.UNDECIDED) if found.is_informal and judged.assumptions else judged


def _divides_by_choice(side: Expr) -> bool:
    """Whether something is divided by what is 0 or 1, such as the indicator of i = j."""
    return any(power.exp.could_extract_minus_sign() and power.base.has(KroneckerDelta) for power in side.atoms(Pow))


def _weighed(course: _Course, part: Part, statement: Statement, claim: Claim) -> Finding | None:
    """Why a claim whose sides differ is not called refuted; None where it is."""
    if is_example(course.scope, part, is_written_out=numbered.is_written_out(claim)):
        return Finding(Verdict.UNDECIDED, "this is an example of certain widths or a certain depth", "special-case")
    is_limited = limiting(statement.remarks, function_variable(part.left)) is not None
    changed = None if is_limited else redefine(course.scope, part, statement, course.origin)
    if changed is not None:
        return _changed(course, changed, statement)
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


def _rivalled(course: _Course, part: Part, statement: Statement, claim: Claim) -> Finding | None:
    """Why a claim is not refuted of which it is open what definitions it rests on: it may hold by others."""
    names = course.conflicts.involved(claim.model, (claim.left, claim.right)) & course.doubtful
    words = " and ".join(course.conflicts.by(name) for name in sorted(names))
    open_ = Finding(Verdict.UNDECIDED, f"it does not hold {words}, but another definition may be meant", CONFLICT)
    if names & course.conflicts.unread:
        return open_
    others = course.conflicts.alternatives(course.scope, course.origin, names)
    if others is None or not all(_is_refuted(course, other, part, statement) for other in others):
        return open_
    return None


def _is_refuted(course: _Course, scope: Scope, part: Part, statement: Statement) -> bool:
    """Whether a claim is refuted by other definitions too, or cannot be about them: they leave its letters apart."""
    try:
        said = equation(scope, part.left, part.right, statement.remarks)
        finding, _ = _decided(course, scope, replace(part, equation=said), statement)
    except errors.SymfnnError:
        return False
    return finding.verdict is Verdict.REFUTED or finding.code == "no-definition"


def _conditional(course: _Course, scope: Scope, part: Part, finding: Finding) -> Finding:
    """The finding with what it takes for granted: how vectors lie, and which of the definitions in conflict holds."""
    said = part.equation
    assert said is not None
    if finding.verdict not in _ACCEPTED:
        return finding
    involved = set[str]()
    sides = [side for one in (said, *said.parts) for side in (one.left, one.right)]
    if mentioned := course.conflicts.mentioned(course.origin):
        involved = course.conflicts.involved(course.model(scope), sides)
    used = tuple(course.conflicts.taken(name) for name in sorted(mentioned & involved))
    granted = tuple(_in_own_letters(scope, words) for words in part.taken)
    granted += taken(scope, part.left, part.right, sides)
    return replace(finding, assumptions=(*finding.assumptions, *granted, *used))


def _vanishing(claim: Claim, finding: Finding) -> Finding | None:
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


def _changed(course: _Course, changed: Redefined, statement: Statement) -> Finding:
    """An equation that would be a new definition in the place of an old one."""
    if any(stated.origin == 0 for stated in course.scope.definitions if stated.definition.name == changed.name):
        course.contradicted.add(changed.name)
    settled = rivals.settled(course.conflicts, course.scope, changed, statement, course.place)
    return course.settle(settled, changed.name)


def _of_another_rule(course: _Course, changed: Scope, name: str) -> Finding:
    """An equation that would give a function another rule."""
    if course.scope.functions.get(name) is not None:
        course.contradicted.add(name)
        return course.settle(rivals.settled_rule(course.conflicts, course.scope, changed, name, course.place), name)
    course.scope = changed
    course.redefined[name] = course.number
    return Finding(Verdict.DEFINITION, "this states what was left open")


def _loosely(finding: Finding) -> Finding:
    """Shapes that do not fit in what would be a definition leave it open what was meant."""
    return replace(finding, verdict=Verdict.UNDECIDED) if finding.verdict is Verdict.ILL_SHAPED else finding
