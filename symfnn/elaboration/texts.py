"""A document's statements in order, with the ranges that stand beside them on the same line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import final

from symfnn import errors
from symfnn.documents.document import Directive, Document, Formula, Heading, Prose
from symfnn.elaboration.arguments_as_numbers import numbered_arguments
from symfnn.elaboration.class_labels import with_classes
from symfnn.elaboration.conditions import is_equality
from symfnn.elaboration.declarations import ranged
from symfnn.elaboration.from_zero import counted_from_one
from symfnn.elaboration.premises import Premises, is_case
from symfnn.elaboration.probabilities import named
from symfnn.elaboration.reach import reaching
from symfnn.elaboration.spelled import spelled
from symfnn.elaboration.spelled_names import labelled, worded
from symfnn.elaboration.unapplied import with_variables
from symfnn.latex.macros import Macros, read_macros
from symfnn.latex.parser import parse
from symfnn.latex.syntax import Node, Statement
from symfnn.latex.undefined import Undefined, undefined

# words between a formula and the range that it holds for
_BESIDE = re.compile(
    r"^[\s,，(]*(for|with|where|when|if|and|für|при|для|对于?|其中|当|each|all|every|\s)*[\s,，]*$", re.IGNORECASE
)


@final
@dataclass(frozen=True, slots=True)
class Written:
    """A statement of a document.

    Attributes:
        formula: it stands in.
        statement: read; None where the formula cannot be read.
        problem: why it cannot.
        section: the number of headings before it.
        supposed: in words, what commands in it that nothing defines are taken for.
        read_as: in words, what was read into it, since the text has no sense without.
        premises: conditions that the text has stated since the last heading and that may go on to hold.
    """

    formula: Formula
    statement: Statement | None
    problem: errors.LatexError | None
    section: int
    supposed: tuple[str, ...] = ()
    read_as: tuple[str, ...] = ()
    premises: tuple[Node, ...] = ()


def written_statements(document: Document) -> list[Written]:
    """Every statement of a document in reading order."""
    macros = read_macros(document.macros)
    formulas = [formula.latex for piece in document.pieces for formula in _formulas(piece)]
    unknown = undefined(formulas, macros)
    macros = macros.merged(unknown.macros)
    found: list[Written] = []
    section = 0
    previous: Formula | None = None
    between = ""
    premises = Premises()
    for piece in document.pieces:
        if isinstance(piece, Heading):
            section, previous, premises = section + 1, None, Premises()
        elif isinstance(piece, Prose):
            between += piece.text
        for formula in _formulas(piece):
            made = list(_of_formula(formula, macros, section, unknown))
            beside = _beside(document, previous, formula, between, made)
            if beside is None:
                found += _under(premises, between, made)
            else:
                _attach(document, found, formula, beside)
            previous, between = formula, ""
    return _spelt(found)


def _spelt(found: list[Written]) -> list[Written]:
    """The statements of a text with the labels of neurons as parts of names, and functions with their variables."""
    stated = [one.statement for one in found if one.statement is not None]
    changed = iter(with_variables(counted_from_one(with_classes(labelled(stated)))))
    return [one if one.statement is None else replace(one, statement=next(changed)) for one in found]


def _under(premises: Premises, words: str, made: list[Written]) -> list[Written]:
    """The statements of a formula with the conditions that they are under; what is only such a condition is gone."""
    if any(one.statement is None for one in made):
        return made
    statements = premises.take(words, [one.statement for one in made if one.statement is not None])
    return [replace(made[0], statement=statement, premises=premises.said) for statement in statements]


def _formulas(piece: object) -> tuple[Formula, ...]:
    if isinstance(piece, Directive):
        return piece.formulas if piece.kind == "statement" else ()
    return (piece,) if isinstance(piece, Formula) else ()


def _of_formula(formula: Formula, macros: Macros, section: int, unknown: Undefined) -> Iterator[Written]:
    if formula.problem is not None:
        problem = errors.LatexError(formula.problem, "this formula is not closed", formula.span)
        yield Written(formula, None, problem, section)
        return
    try:
        statements = parse(formula.latex, macros)
    except errors.LatexError as problem:
        yield Written(formula, None, problem, section)
        return
    read = [numbered_arguments(named(worded(spelled(statement)))) for statement in statements]
    for statement in _with_last_range(read):
        whole, read_as = reaching(statement)
        yield Written(formula, whole, None, section, unknown.used_in(formula.latex), read_as)


def _with_last_range(statements: Sequence[Statement]) -> Sequence[Statement]:
    """A range at the end of a formula of several rows is one for all of them, and its label theirs."""
    if len(statements) < 2:
        return statements
    *first, last = statements
    stated = ranged(last.content)
    if stated is None or any(ranged(one.content) is not None for one in first):
        return statements
    label = first[-1].label or last.label
    first[-1] = replace(first[-1], label=label)
    return [
        one
        if any(found is not None and found.letter == stated.letter for found in map(ranged, one.remarks))
        else replace(one, remarks=(*one.remarks, last.content))
        for one in first
    ]


def _beside(
    document: Document, previous: Formula | None, formula: Formula, between: str, made: list[Written]
) -> list[Node] | None:
    """The ranges and equalities that a formula on the same line adds to what stands before it; None for any other."""
    if previous is None or not _BESIDE.match(between) or not made:
        return None
    if document.source.position(previous.span.end).line != document.source.position(formula.span.start).line:
        return None
    found = []
    for one in made:
        if one.statement is None:
            return None
        content = one.statement.content
        if ranged(content) is None and not is_equality(content) and not is_case(content, between):
            return None
        found.append(content)
    return found


def _attach(document: Document, found: list[Written], formula: Formula, beside: list[Node]) -> None:
    """Add remarks to all statements of the line that have none of their own."""
    line = document.source.position(formula.span.start).line
    letters = {stated.letter for node in beside if (stated := ranged(node)) is not None}
    for place in range(len(found) - 1, -1, -1):
        one = found[place]
        if document.source.position(one.formula.span.start).line != line or one.statement is None:
            break
        own = {stated.letter for node in one.statement.remarks if (stated := ranged(node)) is not None}
        if own & letters:
            break
        statement = replace(one.statement, remarks=(*one.statement.remarks, *beside))
        found[place] = replace(one, statement=statement)
