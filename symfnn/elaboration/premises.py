r"""Conditions that stand by themselves, as in "When $i = j$, we have" before a formula: what they are said of.

A condition holds for the formula that its sentence leads to. Farther down nothing says whether it still does.
"""

import re
from dataclasses import dataclass, replace
from typing import final

from symfnn.elaboration.conditions import COMPARISONS, is_equality
from symfnn.elaboration.survey import indices_in
from symfnn.latex.syntax import Letter, Node, Relation, Statement, Text

_IF = re.compile(r"(?:^|[^\w])(?:if|when|whenever|case|若|当|如果|falls|wenn|si|если)[\s,:(（]*$", re.IGNORECASE)
_LEADS = re.compile(r"^[^.;!?。；！？#]{0,80}$", re.DOTALL)
_INDICES = frozenset("ijklmnpqr") | {r"\ell"}
_ENDS = frozenset("LNKM")
_IMPLIES = frozenset({":", r"\Rightarrow", r"\implies", r"\Longrightarrow", "⇒", "=>"})


@final
@dataclass(slots=True)
class Premises:
    """The conditions that a text has stated on the way.

    Attributes:
        said: since the last heading.
        near: those whose sentence has led to no formula yet.
        words: since the last one of these.
    """

    said: tuple[Node, ...] = ()
    near: tuple[Node, ...] = ()
    words: str = ""

    def take(self, words: str, statements: list[Statement]) -> list[Statement]:
        """The statements of a formula without those that are conditions, and with the conditions that they are under.

        Args:
            words: that stand before the formula.
            statements: of the formula, in order.
        """
        self.words += words
        if not _LEADS.match(self.words):
            self.near = ()
        left, is_used = [], False
        for statement in map(parted, statements):
            if is_premise(statement, words):
                before = () if is_used else self.near
                self.said, self.near = (*self.said, statement.content), (*before, statement.content)
                self.words, is_used = "", False
                continue
            left.append(_under(statement, () if _are_unlike(self.near) else self.near))
            is_used = is_used or isinstance(statement.content, Relation)
        if is_used:
            self.near = ()
        return left


def parted(statement: Statement) -> Statement:
    """A statement ``i = j: a = b`` or ``i = j ⇒ a = b`` with its condition beside it; any other one as it is."""
    content = statement.content
    if not isinstance(content, Relation) or len(content.signs) < 3 or content.signs[1] not in _IMPLIES:
        return statement
    first, second = content.parts[:2]
    if first is None or second is None:
        return statement
    condition = Relation(content.parts[:2], content.signs[:1], first.span.to(second.span))
    if not is_equality(condition):
        return statement
    rest = Relation(content.parts[2:], content.signs[2:], content.span)
    return replace(statement, content=rest, remarks=(*statement.remarks, condition))


def is_premise(statement: Statement, words: str) -> bool:
    """Whether a statement only says when something holds: an equality of indices, or a comparison behind an *if*."""
    content = statement.content
    if not isinstance(content, Relation) or len(content.parts) != 2:
        return False
    if any(not isinstance(remark, Text) for remark in statement.remarks):
        return False
    if is_equality(content):
        names = [part.name for part in content.parts if isinstance(part, Letter)]
        return names[0] in _INDICES and names[1] in _INDICES | _ENDS
    return is_case(content, words)


def is_case(content: Node, words: str) -> bool:
    """Whether a formula is a comparison behind an *if*."""
    return isinstance(content, Relation) and content.signs[0] in COMPARISONS and _IF.search(words) is not None


def letters(condition: Node) -> set[str]:
    """The letters that a condition sets equal or unlike; none for any other condition."""
    parts = condition.parts if isinstance(condition, Relation) and is_equality(condition) else ()
    return {part.name for part in parts if isinstance(part, Letter)}


def concerns(condition: Node, content: Node) -> bool:
    """Whether a condition is about the indices in a formula."""
    return letters(condition) <= indices_in(content)


def _under(statement: Statement, conditions: tuple[Node, ...]) -> Statement:
    own = [letters(remark) for remark in statement.remarks]
    new = tuple(c for c in conditions if concerns(c, statement.content) and (not letters(c) or letters(c) not in own))
    return replace(statement, remarks=(*statement.remarks, *new))


def _are_unlike(conditions: tuple[Node, ...]) -> bool:
    """Whether conditions are several about the same letters, so that they are not said of one formula."""
    pairs = [letters(condition) for condition in conditions]
    return any(pair in pairs[:place] for place, pair in enumerate(pairs) if pair)
