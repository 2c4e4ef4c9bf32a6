"""A document checked statement by statement: what is defined is taken over, what is claimed is judged."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from symfnn import errors
from symfnn.check import auto, rivals, supposed, watch
from symfnn.check.course import ACCEPTED, BACKSTOP, PATIENCE, Course, Options
from symfnn.check.links import judged
from symfnn.check.misapplied import applied_names
from symfnn.check.variants import ensure_known
from symfnn.check.verdicts import Checked, DocumentReport, Finding, Remark, Verdict
from symfnn.documents.document import Directive, Document
from symfnn.elaboration import chains, reach, units
from symfnn.elaboration.continued import continued
from symfnn.elaboration.foresight import foreseen
from symfnn.elaboration.named_losses import is_named_loss
from symfnn.elaboration.orientation import laid
from symfnn.elaboration.statements import turned_round, understand
from symfnn.elaboration.texts import Written, written_statements
from symfnn.elaboration.understood import Understood
from symfnn.latex.syntax import Letter, Node, Relation, Statement
from symfnn.latex.walk import nodes
from symfnn.notations.opening import given, opened
from symfnn.source import Source

__all__ = ["AUTO", "NONE", "Options", "check_document", "states_something"]

AUTO = "auto"
NONE = "none"
_CHOSEN = " (auto: it fits best)"


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
    found = _run(document, statements, own, options, PATIENCE)
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
    functions = applied_names([*read, *(one.statement for one in stated)])
    course = Course(scope, options, seen=_sides(stated), patience=patience, functions=functions)
    stating = [one for one in statements if states_something(one)]
    first = _first(course, document.source, stating)
    found = _again(course, document.source, stating, first)
    if {"numerator", "denominator"} <= course.layouts:
        found = [_in_two_layouts(one) for one in found]
    contradicted = course.contradicted | auto.reshaped(scope, course.scope)
    return auto.Run(found, frozenset(contradicted), tuple(course.conflicts.remarks))


def _sides(stated: list[Written]) -> list[Node]:
    """The sides of the equations of a notation."""
    contents = [one.statement.content for one in stated if one.statement is not None]
    return [part for content in contents if isinstance(content, Relation) for part in content.parts if part is not None]


def _under_suppositions(written: list[Written], found: list[Checked]) -> list[Checked]:
    """The statements of a text in which commands may be taken for something that nothing says."""
    found = [_as_read(one, checked) for one, checked in zip(written, found, strict=True)]
    guessed = next((words for one in written for words in one.supposed), None)
    if guessed is None:
        return found
    return [
        supposed.unrefuted(guessed, supposed.under(one.supposed, checked))
        for one, checked in zip(written, found, strict=True)
    ]


def _as_read(one: Written, checked: Checked) -> Checked:
    """A statement under what was read into it.

    Where that is how far a sum reaches, it is not refuted; layers that index letters tell are nothing to misfit.
    """
    found = supposed.under(one.read_as, checked)
    if units.WORDS in one.read_as:
        found = supposed.unrefuted(units.WORDS, found, frozenset({Verdict.ILL_SHAPED}))
    return supposed.unrefuted(reach.WORDS, found) if reach.WORDS in one.read_as else found


def _stretches(document: Document, notation: str | Path | None) -> Iterator[tuple[str | Path | None, list[Written]]]:
    """The statements for which one notation holds; the first that is named holds for what stands before it too."""
    statements = continued(written_statements(document))
    named = [piece for piece in document.pieces if isinstance(piece, Directive) and piece.kind == "notation"]
    limits = [piece.span.start for piece in named[1:]]
    arguments: list[str | Path | None] = [piece.argument for piece in named] or [notation]
    for argument, low, high in zip(arguments, [-1, *limits], [*limits, len(document.source.text)], strict=True):
        yield argument, units.in_layers([one for one in statements if low <= one.formula.span.start < high])


def _first(course: Course, source: Source, written: list[Written]) -> list[Checked]:
    """The statements in order; one that defines a name which the one before it uses ("where …") lets that be judged."""
    checked: list[Checked] = []
    for number, one in enumerate(written):
        checked.append(_numbered(course, source, number, one))
        if number and checked[-1].kind == "definition" and checked[-2].finding.code == "unknown-symbol":
            checked[-2] = _waited(course, source, written, number - 1, checked[-2])
    return checked


def _numbered(course: Course, source: Source, number: int, one: Written) -> Checked:
    """One statement, judged, with its place noted for what it defines."""
    course.number = number
    return _check(course, source, one)


def _again(course: Course, source: Source, written: list[Written], checked: list[Checked]) -> list[Checked]:
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


def _waited(course: Course, source: Source, written: list[Written], number: int, before: Checked) -> Checked:
    """A statement as it stands by what is known by now."""
    one = written[number]
    if before.finding.code not in auto.WAITING or one.statement is None or _is_stale(course, number, one.statement):
        return before
    course.number = number
    others = [other.statement for other in written if other.statement is not None and other is not one]
    turned = turned_round(course.scope, one.statement, others) if course.is_lenient else None
    for statement in [one.statement] if turned is None else [turned, one.statement]:
        kept = course.scope, course.conflicts, list(course.seen)
        after = _check(course, source, replace(one, statement=statement))
        if after.finding.verdict in (Verdict.PROVED, Verdict.TESTED, Verdict.DEFINITION):
            return after
        course.scope, course.conflicts, course.seen = kept
    return before


def _is_stale(course: Course, number: int, statement: Statement) -> bool:
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
    content = one.statement.content
    return one.formula.display or isinstance(content, Relation) or is_named_loss(content)


def _check(course: Course, source: Source, one: Written) -> Checked:
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
    finding, links = judged(course, understood, one)
    kind = understood.kind
    is_claim = kind == "claim" and finding.verdict in (*ACCEPTED, Verdict.REFUTED)
    noted = course.conflicts.noted(before, course.scope, one.statement, course.place, is_claim=is_claim)
    course.conflicts = noted
    if links and finding.verdict is Verdict.DEFINITION:
        kind = "definition"
    return Checked(span, latex, label, kind, finding, tuple(links))


def _understood(course: Course, statement: Statement) -> Understood:
    """What a statement says, if that is found out in time."""
    try:
        seconds = BACKSTOP * course.options.timeout
        return watch.within(seconds, lambda: understand(course.scope, statement, course.origin))
    except watch.OutOfTime:
        trouble = errors.MeaningError("timeout", "it took too long to read", statement.span)
        return Understood("other", course.scope, trouble=trouble)
