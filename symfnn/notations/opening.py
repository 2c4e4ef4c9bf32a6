"""The scope that a notation opens: its base part, and the sections that are chosen, in order."""

from pathlib import Path

from symfnn import errors
from symfnn.documents.document import Document, Heading
from symfnn.elaboration.declarations import size_equation
from symfnn.elaboration.numbering import numbered
from symfnn.elaboration.redefining import agree, restate
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.statements import understand
from symfnn.elaboration.survey import survey
from symfnn.elaboration.texts import Written, written_statements
from symfnn.latex.syntax import Relation, Statement
from symfnn.notations.loader import load

_BETWEEN = " / "


def given(named: str | Path) -> list[Written]:
    """What a notation states: all before its second heading, and the sections that are named.

    Args:
        named: a notation or a file, or one with titles of sections behind it: ``nielsen / The quadratic cost``.

    Raises:
        ModelError: there is no such notation, or it has no such section.
        DocumentError: the file cannot be read.
    """
    name, *titles = [named] if isinstance(named, Path) else str(named).split(_BETWEEN)
    document = load(name.strip() if isinstance(name, str) else name)
    chosen = {_section(document, title.strip()) for title in map(str, titles)}
    return [one for one in written_statements(document) if one.section <= 1 or one.section in chosen]


def everything(named: str | Path) -> list[Written]:
    """All statements of a notation, whatever sections are chosen.

    Raises:
        ModelError: there is no such notation.
        DocumentError: the file cannot be read.
    """
    name = named if isinstance(named, Path) else named.split(_BETWEEN)[0].strip()
    return written_statements(load(name))


def _section(document: Document, title: str) -> int:
    """The number of a section, the title of the whole being 1."""
    headings = [piece.text.strip() for piece in document.pieces if isinstance(piece, Heading)]
    for number, heading in enumerate(headings, 1):
        if heading.casefold() == title.casefold() and number > 1:
            return number
    known = ", ".join(repr(heading) for heading in headings[1:])
    raise errors.ModelError(f"{document.source.name} has no section {title!r}" + (f", but {known}" if known else ""))


def opened(stated: list[Written], beside: list[Written]) -> Scope:
    """The scope behind a notation's statements.

    Args:
        stated: of the notation.
        beside: of the document that is read in it; its letters for layers and its counts are looked at too.
    """
    read = [w.statement for w in (*stated, *beside) if w.statement is not None]
    scope = numbered(survey(Scope(), read), read)
    for one in stated:
        if one.statement is not None:
            scope = taken(scope, one.statement)
    for one in beside:
        if one.statement is not None:
            scope = size_equation(scope, one.statement.content) or scope
    return scope


def unread(stated: list[Written]) -> list[str]:
    """The statements of a notation that are not understood, as written."""
    read = [w.statement for w in stated if w.statement is not None]
    scope = numbered(survey(Scope(), read), read)
    found = [one.formula.latex for one in stated if one.statement is None]
    for one in stated:
        if one.statement is None or not isinstance(one.statement.content, Relation):
            continue
        understood = understand(scope, one.statement, 0)
        if understood.trouble is not None or any(part.trouble is not None for part in understood.parts):
            found.append(one.formula.latex)
        scope = taken(scope, one.statement)
    return found


def taken(scope: Scope, statement: Statement) -> Scope:
    """The scope behind one statement of a notation: nothing in a notation is a claim."""
    understood = understand(scope, statement, 0)
    scope = understood.scope
    for part in understood.parts[:1]:
        scope = agree(scope, part) or restate(scope, part, statement, 0) or scope
    return scope
