"""Displays that begin with an equals sign, and go on with what the display before them ends with."""

from dataclasses import fields, replace
from typing import Any

from symfnn.documents.document import Formula
from symfnn.elaboration.texts import Written
from symfnn.latex.syntax import Dots, Letter, Node, Relation, Scripted, Sequence, Text
from symfnn.source import Span

_GOES_ON = frozenset({"=", r"\equiv"})
_EQUALITIES = frozenset({*_GOES_ON, ":=", r"\triangleq"})


def continued(found: list[Written]) -> list[Written]:
    """The statements of a text, where ``= c`` in a display behind ``a = b`` says ``b = c``, for what a = b is said.

    A heading between them, or a display that cannot be read, ends the chain.
    """
    made: list[Written] = []
    before: Written | None = None
    for one in found:
        goes_on = None if before is None or before.section != one.section else _joined(before, one)
        made.append(goes_on or one)
        before = made[-1] if one.formula.display else before
    return made


def _joined(before: Written, one: Written) -> Written | None:
    """A statement with the last side of the one before it as its first; None where it does not go on with that."""
    if before.statement is None or one.statement is None or not one.formula.display:
        return None
    chain, rest = before.statement.content, one.statement.content
    if not isinstance(rest, Relation) or isinstance(chain, Sequence | Text | Dots):
        return None
    if isinstance(chain, Relation) and not _EQUALITIES.issuperset(chain.signs):
        return None
    if len(rest.parts) > 2 and isinstance(rest.parts[1], Letter | Scripted):
        return None  # "= E = …" says what E is
    last = chain.parts[-1] if isinstance(chain, Relation) else chain
    if last is None or rest.parts[0] is not None or None in rest.parts[1:] or rest.signs[0] not in _GOES_ON:
        return None
    shift = _shift(before.formula, one.formula)
    content = replace(rest, parts=(_moved(last, shift), *rest.parts[1:]))
    remarks = tuple(_moved(remark, shift) for remark in before.statement.remarks)
    statement = replace(one.statement, content=content, remarks=(*one.statement.remarks, *remarks))
    return replace(one, statement=statement)


def _shift(before: Formula, one: Formula) -> int:
    """By how much a place in the one formula lies before the other, in whose offsets it is negative."""
    if before.offsets is None and one.offsets is None:
        return before.offset - one.offset
    return -len(before.latex) - 1


def _moved(part: Any, shift: int) -> Any:
    """A part of a formula with its places moved."""
    if isinstance(part, Span):
        return Span(part.start + shift, part.end + shift)
    if isinstance(part, tuple):
        return tuple(_moved(one, shift) for one in part)
    if not isinstance(part, Node.__args__):
        return part
    return replace(part, **{field.name: _moved(getattr(part, field.name), shift) for field in fields(part)})
