r"""Rows and pieces: which terminals of a formula make up each statement, and which stand beside it.

A row that begins with a relation goes on with the statement before; commas, wide spaces and words part a row.
"""

from dataclasses import dataclass, field
from typing import Final, final

from symfnn.latex.context import first_word
from symfnn.latex.kinds import DEEPER, SHALLOWER, closing
from symfnn.latex.lexicon import CONDITIONS, JOINERS, LEADING
from symfnn.latex.tokens import Token
from symfnn.source import Span

_IMPLIES: Final = frozenset(
    {r"\Rightarrow", r"\Longrightarrow", r"\implies", r"\Leftrightarrow", r"\iff", r"\rightarrow"}
) | {
    r"\to",
    "=>",
    r"\Longleftrightarrow",
}
_UNEQUAL: Final = frozenset({"<", ">", "<=", ">=", r"\leq", r"\geq", r"\neq", "!=", r"\notin", r"\ll", r"\gg"})
_OF_A_CLASS: Final = frozenset("ijklmn")
_INDICES: Final = frozenset("ijklmnpqrstcdLNKMTC") | {r"\ell"}
_JOINING: Final = frozenset({"SIGN", "TIMES", "RELATION"})


@final
@dataclass(slots=True)
class Draft:
    r"""The terminals of one statement.

    Attributes:
        content: what it states.
        remarks: what stands beside it.
        tag: of ``\tag``.
        label: of ``\label``.
        span: of all of it.
    """

    content: list[Token] = field(default_factory=list)
    remarks: list[list[Token]] = field(default_factory=list)
    tag: str | None = None
    label: str | None = None
    span: Span | None = None

    def cover(self, span: Span) -> None:
        """Let the span reach over another one."""
        self.span = span if self.span is None else self.span.to(span)


@final
@dataclass(frozen=True, slots=True)
class _Piece:
    """Terminals between commas, wide spaces or words, with what stands before: nothing, ``,``, ``quad`` or ``&``."""

    terms: list[Token]
    before: str

    @property
    def is_words(self) -> bool:
        return self.terms[0].kind == "WORDS"


def split(terms: list[Token]) -> list[Draft]:
    """The statements of a formula."""
    drafts: list[Draft] = []
    for row in _rows(terms):
        _RowReader(drafts, row).read()
    return drafts


def _rows(terms: list[Token]) -> list[list[Token]]:
    rows: list[list[Token]] = [[]]
    level = 0
    for term in terms:
        level += (term.kind in DEEPER) - (term.kind in SHALLOWER)
        if term.kind == "ROW" and level == 0:
            rows.append([])
        else:
            rows[-1].append(term)
    return [row for row in rows if row]


def relations(terms: list[Token]) -> list[int]:
    """The places of the relations that stand in no brackets."""
    level, found = 0, []
    for place, term in enumerate(terms):
        level += (term.kind in DEEPER) - (term.kind in SHALLOWER)
        if level == 0 and term.kind == "RELATION":
            found.append(place)
    return found


@final
class _RowReader:
    """Hands a row's pieces to statements."""

    def __init__(self, drafts: list[Draft], row: list[Token]) -> None:
        self.drafts = drafts
        self.labels = [term for term in row if term.kind in ("TAG", "LABEL")]
        self.row = [term for term in row if term.kind not in ("TAG", "LABEL")]
        self.indented = bool(self.row) and self.row[0].kind == "AMP"
        self.current: Draft | None = None
        self.pending: list[list[Token]] = []
        self.aside = False

    def read(self) -> None:
        for piece in _pieces(self.row):
            if piece.is_words:
                self._words(piece.terms[0])
            else:
                self._formula(piece)
        if self.pending:
            self._leave_pending()
        target = self.current or (self.drafts[-1] if self.drafts else None)
        for term in self.labels if target else []:
            assert target is not None, "there are labels only where there is a statement"
            target.cover(term.span)
            if term.kind == "TAG":
                target.tag = term.text
            elif target.label is None:
                target.label = term.text

    def _leave_pending(self) -> None:
        """Words in a row of their own belong to the statement before, or are one."""
        if self.drafts:
            for remark in self.pending:
                self._remark(self.drafts[-1], remark)
            return
        draft = Draft(self.pending[0], self.pending[1:])
        for remark in self.pending:
            draft.cover(_span(remark))
        self.drafts.append(draft)

    def _remark(self, draft: Draft, terms: list[Token]) -> None:
        draft.remarks.append(terms)
        draft.cover(_span(terms))

    def _words(self, term: Token) -> None:
        first = first_word(term.text)
        if self.current is None:
            self.pending.append([term])
            self.aside = first in LEADING
            return
        self._remark(self.current, [term])
        joins = not first or (first in JOINERS and first not in CONDITIONS)
        self.aside = not joins or (self.aside and first in ("and", "or"))

    def _formula(self, piece: _Piece) -> None:
        terms = piece.terms
        if self.aside:
            self._beside(terms)
            if self.current is None and terms[-1].text != ",":
                self.aside = False
        elif self.current is None:
            self._first(terms)
        elif _is_number(terms) or all(term.kind == "DOTS" for term in terms):
            self._remark(self.current, terms)
        elif piece.before != "," and (terms[0].kind in _JOINING or self.current.content[-1].kind in _JOINING):
            self._extend(self.current, terms)
        elif piece.before == "quad" and not relations(terms):
            # what a wide space joins is not for the reader to guess
            space = Token("SEPARATOR", r"\quad", Span(terms[0].span.start, terms[0].span.start))
            self._extend(self.current, [space, *terms])
        elif (piece.before == "&" and not relations(terms)) or (piece.before and is_condition(terms)):
            self._remark(self.current, terms)
        else:
            self._start(terms)

    def _beside(self, terms: list[Token]) -> None:
        if self.current is None:
            self.pending.append(terms)
        else:
            self._remark(self.current, terms)

    def _first(self, terms: list[Token]) -> None:
        """The first formula of a row: it may go on with the row before."""
        last = self.drafts[-1] if self.drafts else None
        if terms[0].kind == "RELATION" and terms[0].text in _IMPLIES and len(terms) > 1:
            self.pending.append([terms[0]._replace(kind="WORDS")])
            terms = terms[1:]
        elif last is not None and not self.pending and self._continues(terms, last):
            self.current = last
            self._extend(last, terms)
            return
        if last is not None and not self.pending and all(term.kind == "DOTS" for term in terms):
            self._remark(last, terms)
            self.current = last
            return
        self._start(terms)

    def _continues(self, terms: list[Token], last: Draft) -> bool:
        if not last.content:
            return False
        if terms[0].kind in ("RELATION", "TIMES") or last.content[-1].kind in _JOINING:
            return True
        return terms[0].kind == "SIGN" and (not relations(terms) or (self.indented and bool(relations(last.content))))

    def _extend(self, draft: Draft, terms: list[Token]) -> None:
        if (
            terms[0].kind == "RELATION"
            and draft.content[-1].kind == "RELATION"
            and terms[0].text == draft.content[-1].text
        ):
            terms = terms[1:]
        draft.content.extend(terms)
        if terms:
            draft.cover(_span(terms))

    def _start(self, terms: list[Token]) -> None:
        draft = Draft(list(terms))
        draft.cover(_span(terms))
        for remark in self.pending:
            self._remark(draft, remark)
        self.pending = []
        self.drafts.append(draft)
        self.current = draft


def _span(terms: list[Token]) -> Span:
    span = terms[0].span
    for term in terms:
        span = span.to(term.span)
    return span


# --- pieces


def _pieces(row: list[Token]) -> list[_Piece]:
    """The parts of a row between commas, wide spaces, words and alignment marks that part columns."""
    pieces: list[_Piece] = []
    segment: list[Token] = []
    before, level, leading = "", 0, False
    for place, term in enumerate(row):
        level += (term.kind in DEEPER) - (term.kind in SHALLOWER)
        if level or term.kind not in ("QUAD", "AMP", "WORDS"):
            ends_condition = leading and level == 0 and term.text == ":" and term.kind == "RELATION"
            if not ends_condition:
                segment.append(term)
                continue
            leading = False
        if term.kind in ("QUAD", "AMP") and _joins(row, place):
            continue
        pieces += _grouped(segment, before)
        before = {"QUAD": "quad", "AMP": "&"}.get(term.kind, "") if segment or term.kind == "AMP" else before
        segment = []
        if term.kind == "WORDS":
            pieces.append(_Piece([term], before))
            leading = leading or (len(pieces) == 1 and first_word(term.text) in LEADING)
    return _rejoined([*pieces, *_grouped(segment, before)])


def _joins(row: list[Token], place: int) -> bool:
    """Whether a space or an alignment mark stands at an operator or the row's edge, and so parts nothing."""
    before, after = place - 1, place + 1
    while before >= 0 and row[before].kind in ("QUAD", "AMP"):
        before -= 1
    while after < len(row) and row[after].kind in ("QUAD", "AMP"):
        after += 1
    if before < 0 or after == len(row):
        return True
    return (row[before].kind in _JOINING and row[before].text != ":" and row[before].text != ".") or (
        row[after].kind in _JOINING and row[after].text not in _IMPLIES
    )


def _grouped(segment: list[Token], before: str) -> list[_Piece]:
    r"""The statements in a segment: ``x = y, z = w`` are two, ``a, b \in S`` and ``n = 1, \dots, N`` one each."""
    groups: list[list[list[Token]]] = []
    for item, hard in _items(segment):
        if not groups or hard:
            groups.append([item])
        elif relations(item) and any(relations(earlier) for earlier in groups[-1]):
            groups.append([*_borrowed(groups[-1]), item])
        else:
            groups[-1].append(item)
    pieces = []
    for number, group in enumerate(groups):
        joined = group[0][:]
        for item in group[1:]:
            joined += item
        pieces.append(_Piece(_without_edges(joined), before if number == 0 else ","))
    return [piece for piece in pieces if piece.terms]


def _items(segment: list[Token]) -> list[tuple[list[Token], bool]]:
    """What stands between commas, each with the comma before it, and whether a semicolon or a full stop parts it."""
    items: list[tuple[list[Token], bool]] = []
    current: list[Token] = []
    level, hard = 0, False
    for place, term in enumerate(segment):
        level += (term.kind in DEEPER) - (term.kind in SHALLOWER)
        parts = term.kind == "SEPARATOR" and term.text in (",", ";")
        stops = term.kind == "TIMES" and term.text == "." and place + 1 == len(segment)
        if level or not (parts or stops):
            current.append(term)
            continue
        if any(t.kind != "SEPARATOR" for t in current):
            items.append((current, hard))
            hard = False
        hard = hard or term.text != ","
        current = [term]
    if any(t.kind != "SEPARATOR" and not (t.kind == "TIMES" and t.text == ".") for t in current):
        items.append((current, hard))
    return items


def _borrowed(group: list[list[Token]]) -> list[list[Token]]:
    """The letters at the end of a group that belong to the relation after it: ``x = y, i, j = 1``."""
    if any(term.kind == "DOTS" for item in group for term in item):
        return []
    taken: list[list[Token]] = []
    while len(group) > 1 and not relations(group[-1]) and group[-1][1:] and group[-1][1].kind in ("LETTER", "STYLE"):
        taken.insert(0, group.pop())
    return taken


def _without_edges(terms: list[Token]) -> list[Token]:
    start, end = 0, len(terms)
    while start < end and (
        terms[start].kind == "SEPARATOR" or (terms[start].text == "." and terms[start].kind == "TIMES")
    ):
        start += 1
    while end > start and (
        terms[end - 1].kind == "SEPARATOR" or (terms[end - 1].text == "." and terms[end - 1].kind == "TIMES")
    ):
        end -= 1
    return terms[start:end]


def _rejoined(pieces: list[_Piece]) -> list[_Piece]:
    """A list whose dots stand between wide spaces is one."""
    result: list[_Piece] = []
    for piece in pieces:
        last = result[-1] if result else None
        ranges = last is not None and bool(relations(last.terms)) and last.terms[-1].kind == "DOTS"
        if last is not None and ranges and not piece.is_words and not relations(piece.terms) and piece.before != "":
            comma = Token("SEPARATOR", ",", Span(piece.terms[0].span.start, piece.terms[0].span.start))
            result[-1] = _Piece([*last.terms, comma, *piece.terms], last.before)
        else:
            result.append(piece)
    return result


# --- what is only a condition


def is_condition(terms: list[Token]) -> bool:
    r"""Whether a relation beside a statement only says where that holds: ``l = 2, \dots, L``, ``i \neq j``."""
    places = relations(terms)
    signs = {terms[place].text for place in places}
    if not places:
        return any(term.kind == "DOTS" for term in terms)
    if signs <= _UNEQUAL:
        return True
    left, right = terms[: places[0]], terms[places[0] + 1 :]
    if signs == {r"\in"}:
        return not any(term.style == "blackboard" or term.text == "R" for term in right[:3])
    if signs - _UNEQUAL - {"="} or not left:
        return False
    ranges = any(term.kind == "DOTS" for term in right)
    return all(map(_is_index, left)) and (ranges or all(map(_is_index, right)) or _is_of_a_class(left, right))


def _is_of_a_class(left: list[Token], right: list[Token]) -> bool:
    """Whether an index is said to be the number of a class: ``k = y``, ``k = y_i``."""
    starts = [term.text for term in (*left, *right[:1])]
    return len(starts) == 2 and starts[0] in _OF_A_CLASS and starts[1] == "y" and all(map(_is_index, right[1:]))


def _is_index(term: Token) -> bool:
    plain = term.kind in ("NUMBER", "DOTS", "SIGN", "SEPARATOR", "RELATION", "LBRACE", "RBRACE", "SUB")
    return plain or (term.kind == "LETTER" and term.text.rstrip("'") in _INDICES)


def _is_number(terms: list[Token]) -> bool:
    r"""Whether a bracket is a formula's number or a condition: ``(2.5)``, ``(*)``, ``(BP1)``, ``(l = 1, \dots, L)``."""
    if len(terms) < 3 or terms[0].text != "(" or terms[0].kind != "OPEN" or closing(terms, 0) != len(terms) - 1:
        return False
    inside = terms[1:-1]
    named = inside[0].kind == "WORDS" or len(inside) == 1 or bool(relations(inside))
    return named or (all(term.kind in ("NUMBER", "TIMES", "LETTER") for term in inside) and inside[-1].kind == "NUMBER")
