"""Gradients that are written as rows: the derivative of a number by a column in numerator layout."""

from dataclasses import replace

from symfnn import errors
from symfnn.algebra import index
from symfnn.check.course import ACCEPTED, Course
from symfnn.check.deciding import decided
from symfnn.check.verdicts import Finding, Verdict
from symfnn.elaboration import chains
from symfnn.elaboration.claims import equation
from symfnn.elaboration.scope import Profile, Scope
from symfnn.elaboration.understood import Part
from symfnn.latex.syntax import Statement
from symfnn.model.definitions import Definition

ROW = "the derivative of a number by a column is a row, as in the Jacobians of the text"
_OPEN = "it holds if the derivative of a number by a column is a row"


def as_row(course: Course, scope: Scope, part: Part, statement: Statement) -> Finding | None:
    """The finding on a claim that holds where gradients are rows; None where it does not, or where they are columns.

    It stands where a Jacobian of the text has shown that the numerator's entries are its rows, and from there on
    gradients are rows. Where nothing tells, it is undecided.
    """
    if scope.is_numerator_layout or chains.COLUMN in course.layouts or _names_a_column(scope):
        return None
    turned = replace(scope, is_numerator_layout=True)
    try:
        said = equation(turned, part.left, part.right, statement.remarks)
    except errors.MeaningError:
        return None
    finding, _ = decided(course, turned, replace(part, equation=said, trouble=None), statement)
    if finding.verdict not in ACCEPTED:
        return None
    if chains.NUMERATOR not in course.layouts:
        return Finding(Verdict.UNDECIDED, _OPEN, "informal-step")
    course.scope = replace(course.scope, is_numerator_layout=True)
    return replace(finding, assumptions=(ROW, *finding.assumptions))


def _names_a_column(scope: Scope) -> bool:
    """Whether a name for the derivative of a number is a column, or lies as what is differentiated by."""
    named = {
        s.definition.name: s.definition for s in scope.definitions if isinstance(s.definition.value, index.Partial)
    }
    return any(p.name in named and _lies_alike(scope, p, named[p.name]) for p in scope.profiles)


def _lies_alike(scope: Scope, own: Profile, definition: Definition) -> bool:
    by = definition.value.args[1]
    other = scope.profile(index.name_of(by))
    if own.axes == 2:
        return index.indices_of(definition.entry)[-2:] == index.indices_of(by)[-2:]
    is_column = own.rows is not None
    return is_column or (own.columns is not None and other is not None and other.rows is None)
