"""A document checked statement by statement: what is defined is taken over, what is claimed is judged."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import final

from sympy import Expr

from symfnn import errors
from symfnn.algebra import index
from symfnn.check.claims import Claim
from symfnn.check.diagnosis import diagnosed
from symfnn.check.judge import decide
from symfnn.check.verdicts import Checked, DocumentReport, Finding, Link, Verdict, worst
from symfnn.documents.document import Directive, Document
from symfnn.elaboration.claims import Equation, equation, model_of
from symfnn.elaboration.declarations import size_equation
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.statements import (
    Part,
    Redefined,
    Understood,
    agree,
    anew,
    is_open,
    redefine,
    redefined_name,
    refunction,
    understand,
)
from symfnn.elaboration.survey import survey
from symfnn.elaboration.texts import Written, written_statements
from symfnn.latex.syntax import Node, Relation, Statement
from symfnn.model.definitions import Model
from symfnn.notations.loader import load


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
        timeout: seconds for one claim.
        doubtful: names of quantities whose definition is in conflict with another one.
        seen: the sides of the statements so far.
    """

    scope: Scope
    timeout: float
    doubtful: set[str] = field(default_factory=set)
    seen: list[Node] = field(default_factory=list)
    models: dict[object, Model] = field(default_factory=dict)

    def model(self, scope: Scope) -> Model:
        """The model of a scope, made once."""
        key = (scope.definitions, scope.profiles, scope.assumptions, tuple(scope.functions.items()))
        if key not in self.models:
            self.models[key] = model_of(scope)
        return self.models[key]


def check_document(
    document: Document, notation: str | Path | None = None, options: Options | None = None
) -> DocumentReport:
    """The report on a document.

    Args:
        document: read.
        notation: whose definitions hold where the document has none of its own; what a directive in the document names
            comes before it.
        options: how to check.

    Raises:
        ModelError: the notation is unknown.
        DocumentError: the notation's file cannot be read.
    """
    options = options or Options()
    named = _directed(document) or notation
    given = [] if named is None else _base(written_statements(load(named)))
    statements = written_statements(document)
    scope = survey(Scope(), [w.statement for w in (*given, *statements) if w.statement is not None])
    for one in given:
        if one.statement is not None:
            understood = understand(scope, one.statement, 0)
            scope = understood.scope
            for part in understood.parts[:1]:
                scope = agree(scope, part) or scope
    for one in statements:
        if one.statement is not None:
            scope = size_equation(scope, one.statement.content) or scope
    course = _Course(scope, options.timeout)
    checked = tuple(_check(course, one) for one in statements if states_something(one))
    words = "the document's own definitions" if named is None else f"the document and the notation {named}"
    return DocumentReport(document.source, words, checked)


def _directed(document: Document) -> str | None:
    for piece in document.pieces:
        if isinstance(piece, Directive) and piece.kind == "notation":
            return piece.argument
    return None


def _base(statements: list[Written]) -> list[Written]:
    """What holds always: all up to the second heading."""
    return [one for one in statements if one.section <= 1]


def states_something(one: Written) -> bool:
    """Whether a formula is more than a name in a sentence."""
    if one.statement is None:
        return one.formula.display or "=" in one.formula.latex
    return one.formula.display or isinstance(one.statement.content, Relation)


def _check(course: _Course, one: Written) -> Checked:
    """One statement, judged; the course's scope goes on behind it."""
    formula = one.formula
    if one.statement is None:
        assert one.problem is not None
        finding = Finding(Verdict.UNDECIDED, str(one.problem), one.problem.code, one.problem.span)
        return Checked(formula.span, formula.latex, formula.label, "other", finding)
    span = formula.place(one.statement.span)
    latex = formula.latex[one.statement.span.start : one.statement.span.end]
    label = one.statement.label or formula.label
    understood = understand(course.scope, one.statement, 1)
    course.scope = understood.scope
    finding, links = _judged(course, understood, one)
    kind = understood.kind
    if links and finding.verdict is Verdict.DEFINITION:
        kind = "definition"
    return Checked(span, latex, label, kind, finding, tuple(links))


def _judged(course: _Course, understood: Understood, one: Written) -> tuple[Finding, list[Link]]:
    """The finding on a statement and on its links."""
    if understood.trouble is not None:
        return _troubled(understood.trouble), []
    if not understood.parts:
        return Finding(Verdict(understood.kind) if understood.kind in set(Verdict) else Verdict.UNDECIDED), []
    links: list[Link] = []
    for number, part in enumerate(understood.parts):
        found = _of_part(course, understood.scope, part, one, is_first=number == 0)
        found = _given(found, links, part, understood.parts)
        links.append(Link(_cut(one, part.left), _cut(one, part.right), found))
        course.seen += [part.left, part.right]
    verdict = worst([link.finding.verdict for link in links])
    return next(link.finding for link in links if link.finding.verdict == verdict), links


def _cut(one: Written, node: Node) -> str:
    return one.formula.latex[node.span.start : node.span.end]


def _troubled(trouble: errors.MeaningError) -> Finding:
    verdict = Verdict.ILL_SHAPED if trouble.is_shape else Verdict.UNDECIDED
    return Finding(verdict, str(trouble), trouble.code, trouble.span, trouble.evidence)


def _given(found: Finding, links: list[Link], part: Part, parts: tuple[Part, ...]) -> Finding:
    """The finding on a link where one equation follows from another: what does not hold is a condition."""
    conditions = [link.finding for link, other in zip(links, parts, strict=False) if other.is_given]
    is_open = part.is_given or any(other.verdict is Verdict.UNDECIDED for other in conditions)
    if not found.verdict.is_wrong or not is_open:
        return found
    return Finding(Verdict.UNDECIDED, "it is said under a condition that does not hold always", "unknown-condition")


def _of_part(course: _Course, scope: Scope, part: Part, one: Written, *, is_first: bool) -> Finding:
    """The finding on one link; what it defines is taken over."""
    assert one.statement is not None
    if part.kind == "definition":
        return Finding(Verdict.DEFINITION) if part.trouble is None else _loosely(_troubled(part.trouble))
    if part.kind == "repeat":
        return Finding(Verdict.DEFINITION, "this repeats a definition")
    if part.equation is None:
        return _not_read(course, scope, part, one.statement)
    if is_open(scope, part):
        specified = redefine(scope, part, one.statement)
        if specified is not None:
            course.scope = specified.scope
            return Finding(Verdict.DEFINITION, "this states what was left open")
    agreed = agree(scope, part) if is_first else None
    if agreed is not None:
        course.scope = agreed
        return Finding(Verdict.DEFINITION, "this is agreed on for the data")
    finding, claim = _decided(course, scope, part.equation, course.timeout)
    if finding.verdict is not Verdict.REFUTED:
        return finding
    weighed = _weighed(course, part, one.statement, claim)
    return weighed or _diagnosed(course, scope, part, one.statement, finding)


def _not_read(course: _Course, scope: Scope, part: Part, statement: Statement) -> Finding:
    """The finding on a link that was not understood, or whose shapes cannot fit."""
    assert part.trouble is not None
    changed = anew(course.scope, part, statement)
    if changed is not None:
        return _changed(course, changed)
    name = redefined_name(course.scope, part)
    if name is not None:
        course.doubtful.add(name)
    finding = _troubled(part.trouble)
    if finding.verdict is Verdict.ILL_SHAPED:
        return _diagnosed(course, scope, part, statement, finding)
    return finding


def _claim(course: _Course, scope: Scope, found: Equation) -> Claim:
    return Claim(course.model(scope), found.left, found.right, found.ranges, found.equal, found.unequal)


def _decided(course: _Course, scope: Scope, found: Equation, timeout: float) -> tuple[Finding, Claim]:
    """The worst finding on the parts of an equation, with the claim that it is about."""
    findings: list[tuple[Finding, Claim]] = []
    for one in (found, *found.others):
        claim = _claim(course, scope, one)
        findings.append((decide(claim, timeout), claim))
        if findings[-1][0].verdict is Verdict.REFUTED:
            return findings[-1]
    verdict = worst([finding.verdict for finding, _ in findings])
    finding, claim = next(pair for pair in findings if pair[0].verdict is verdict)
    assumptions = dict.fromkeys(words for other, _ in findings for words in other.assumptions)
    return replace(finding, assumptions=tuple(assumptions)), claim


def _diagnosed(course: _Course, scope: Scope, part: Part, statement: Statement, finding: Finding) -> Finding:
    """The finding with a repair, where the catalogue of mistakes has one that stands."""

    def judge(left: Node, right: Node) -> Finding:
        try:
            found = equation(scope, left, right, statement.remarks)
        except errors.MeaningError:
            return Finding(Verdict.UNDECIDED)
        if found.is_informal:
            return Finding(Verdict.UNDECIDED)
        return _decided(course, scope, found, min(course.timeout, 1.0))[0]

    return diagnosed(finding, part.left, part.right, tuple(reversed(course.seen)), judge, min(course.timeout, 3.0))


def _weighed(course: _Course, part: Part, statement: Statement, claim: Claim) -> Finding | None:
    """Why a claim whose sides differ is not called refuted; None where it is."""
    assert part.equation is not None
    if part.equation.is_informal:
        message = "a derivative of an array by an array is arranged here in a way that is not stated"
        return Finding(Verdict.UNDECIDED, message, "informal-step")
    changed = redefine(course.scope, part, statement)
    if changed is not None:
        return _changed(course, changed)
    other = refunction(course.scope, part)
    if other is not None:
        course.scope = other[0]
        course.doubtful.add(other[1])
        return Finding(Verdict.UNDECIDED, f"{other[1]} has another rule before", "conflict")
    if course.doubtful & _involved(claim):
        return Finding(Verdict.UNDECIDED, "it rests on a definition that is in conflict with another", "conflict")
    loose = _ungrounded(course.scope, claim)
    if loose is not None:
        return Finding(Verdict.UNDECIDED, f"nothing states how {loose} is connected with the rest", "no-definition")
    return None


def _changed(course: _Course, changed: Redefined) -> Finding:
    """A new definition in the place of an old one."""
    course.scope = changed.scope
    if not changed.is_conflict:
        return Finding(Verdict.DEFINITION, "this defines anew what was defined before")
    course.doubtful.add(changed.name)
    return Finding(Verdict.UNDECIDED, "two definitions in force give it unlike values", "conflict")


def _ungrounded(scope: Scope, claim: Claim) -> str | None:
    """A quantity in a claim of which it is only supposed what it is; None where there is none."""
    sides = (claim.left, claim.right)
    entries = [entry for side in sides for entry in index.entries(side)]
    names = {index.name_of(entry) for entry in entries}
    for name in sorted(names):
        profile = scope.profile(name)
        if profile is not None and not profile.is_firm:
            return profile.letter
    defined = {definition.name for definition in claim.model.definitions}
    is_derived = bool(names & defined) or any(side.has(index.Partial) for side in sides)
    used = set().union(*(_names(definition.value) for definition in claim.model.definitions)) if defined else set()
    loose = sorted(names - defined - used)
    return loose[0] if loose and is_derived else None


def _names(expression: Expr) -> set[str]:
    arrays = {str(array[0]) for node in expression.atoms(index.Unspecified) for array in node.args[1:]}
    return arrays | {index.name_of(entry) for entry in index.entries(expression)}


def _loosely(finding: Finding) -> Finding:
    """Shapes that do not fit in what would be a definition leave it open what was meant."""
    return replace(finding, verdict=Verdict.UNDECIDED) if finding.verdict is Verdict.ILL_SHAPED else finding


def _involved(claim: Claim) -> set[str]:
    """The names of everything that a claim's sides depend on."""
    uses = {d.name: d.value for d in claim.model.definitions}
    waiting = [index.name_of(entry) for side in (claim.left, claim.right) for entry in index.entries(side)]
    waiting += [str(node) for side in (claim.left, claim.right) for node in side.free_symbols]
    waiting += [node.letter for side in (claim.left, claim.right) for node in side.atoms(index.ScalarFunction)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in uses:
            seen.add(name)
            continue
        seen.add(name)
        waiting += [index.name_of(entry) for entry in index.entries(uses[name])]
        waiting += [str(symbol) for symbol in uses[name].free_symbols]
        waiting += [node.letter for node in uses[name].atoms(index.ScalarFunction)]
    return seen
