r"""What a sign is where it stands: primes, bars, a dot for an argument, a colon in an index, words among formulas.

Also what belongs to layout alone: the note of a brace, a wide space inside brackets, the condition in a row of cases.
"""

from typing import Final

from symfnn.latex.bars import settle_bars
from symfnn.latex.kinds import DEEPER, ENDS, SHALLOWER, STARTS, closing
from symfnn.latex.lexicon import CONDITIONS, JOINERS
from symfnn.latex.tokens import Token
from symfnn.source import Span

_EDGES: Final = frozenset(("CLOSE RBRACE AMP ROW ENDMATRIX ENDCASES ENDROWS").split())
_NOTHING: Final = Token("", "", Span(0, 0))


def settle(terms: list[Token]) -> list[Token]:
    """The terminals, each of the kind that it has where it stands.

    Raises:
        LatexError: ``unpaired-bar``.
    """
    return _settle_cases(_settle_places(settle_bars(_settle_primes(_drop_notes(_opened(_joined(terms)))))))


def first_word(words: str) -> str:
    """The first word of a remark, in small letters; nothing where there are only signs."""
    return next((word for piece in words.casefold().split() if (word := piece.strip(",.:;()"))), "")


def is_connective(words: str) -> bool:
    """Whether words say how statements hang together, rather than name something."""
    first = first_word(words)
    return first in CONDITIONS or first in JOINERS or words.startswith("\\")


def _joined(terms: list[Token]) -> list[Token]:
    r"""A bracket over two rows, which TeX has closed by ``\right.`` and opened by ``\left.``, is one."""
    result: list[Token] = []
    mark: int | None = None  # of a bracket that was closed by nothing, with a row's end since
    ended = False
    for term in terms:
        if term.kind == "CLOSE" and term.text == ".":
            mark, ended = len(result), False
        elif term.kind == "OPEN" and term.text == "." and mark is not None and ended:
            del result[mark]
            mark = None
            continue
        elif term.kind == "ROW":
            ended = True
        elif term.kind not in ("AMP", "QUAD", "SIGN", "TIMES", "LABEL", "TAG"):
            mark = None
        result.append(term)
    return result


def _opened(terms: list[Token]) -> list[Token]:
    r"""A system of equations at the outside, in ``cases``, an array or a brace, has rows that are statements."""
    outer = next((k for k, t in enumerate(terms) if t.kind not in ("QUAD", "LABEL", "TAG", "ROW", "BEGINROWS")), None)
    if outer is None:
        return terms
    start, kind = outer, terms[outer].kind
    if kind == "OPEN" and outer + 1 < len(terms) and terms[outer + 1].kind in ("BEGINROWS", "BEGINMATRIX"):
        end = closing(terms, outer)
        inner_end = closing(terms, outer + 1)
        alone = inner_end == end - 1 and (terms[end].text == "." or terms[outer + 1].kind == "BEGINROWS")
        if alone and _is_system(terms[outer + 2 : inner_end]):
            return [*terms[:outer], *_as_rows(terms[outer + 1 : end]), *terms[end + 1 :]]
        return terms
    if kind not in ("BEGINCASES", "BEGINMATRIX"):
        return terms
    end = closing(terms, start)
    if not _is_system(terms[start + 1 : end]) or (kind == "BEGINMATRIX" and terms[start].text != "array"):
        return terms
    return [*terms[:start], *_as_rows(terms[start : end + 1]), *terms[end + 1 :]]


def _as_rows(block: list[Token]) -> list[Token]:
    return [block[0]._replace(kind="BEGINROWS"), *block[1:-1], block[-1]._replace(kind="ENDROWS")]


def _is_system(inside: list[Token]) -> bool:
    """Whether every row is a relation of its own."""
    level, found, rows = 0, False, list[bool]()
    for term in inside:
        level += (term.kind in DEEPER) - (term.kind in SHALLOWER)
        if level == 0 and term.kind == "WORDS":
            return False
        if level == 0 and term.kind == "ROW":
            rows.append(found)
            found = False
        found = found or (level == 0 and term.kind == "RELATION" and term.text in ("=", ":=", r"\leftarrow", r"\equiv"))
    last = inside and inside[-1].kind != "ROW"
    return all(rows) and (found or not last) and bool(inside)


def _drop_notes(terms: list[Token]) -> list[Token]:
    r"""``\underbrace{x}_{note}`` is x."""
    result, place, notes = list[Token](), 0, list[tuple[str, int]]()
    level = 0
    while place < len(terms):
        term = terms[place]
        if term.kind == "NOTE":
            notes.append(("SUB" if term.text == "_" else "SUP", level))
            term = term._replace(kind="WRAP")
        level += (term.kind in DEEPER) - (term.kind in SHALLOWER)
        following = terms[place + 1] if place + 1 < len(terms) else _NOTHING
        if term.kind == "RBRACE" and notes and notes[-1][1] == level:
            side, _ = notes.pop()
            if following.kind == side:
                place = closing(terms, place + 2)
                term = term._replace(span=term.span.to(terms[place].span))
        result.append(term)
        place += 1
    return result


def _settle_primes(terms: list[Token]) -> list[Token]:
    r"""``^\prime`` and ``^{\prime}`` are primes; a prime belongs to the letter in an index."""
    result: list[Token] = []
    opened: list[bool] = []
    place = 0
    while place < len(terms):
        term = terms[place]
        in_script = bool(opened) and opened[-1]
        if term.kind == "SUP":
            place = _read_primes(terms, place, result, in_script=in_script)
            if place < len(terms) and terms[place - 1].kind != "RBRACE":
                opened.append(True)
            continue
        if term.kind in DEEPER:
            opened.append(in_script or bool(result and result[-1].kind == "SUB"))
        elif term.kind in SHALLOWER:
            opened.pop()
        if _is_prime(term):
            called = place + 1 < len(terms) and terms[place + 1].kind == "OPEN"
            _add_prime(result, term, in_script=in_script and not called)
        else:
            result.append(term)
        place += 1
    return result


def _read_primes(terms: list[Token], place: int, result: list[Token], *, in_script: bool) -> int:
    """Read a superscript's sign, its brace and the primes at its start; where to go on, behind it if that was all."""
    end = place + 2
    while _is_prime(terms[end]):
        _add_prime(result, terms[end], in_script=in_script)
        end += 1
    if end > place + 2 and terms[end].kind == "RBRACE":
        result[-1] = result[-1]._replace(span=result[-1].span.to(terms[end].span))
        return end + 1
    result += terms[place : place + 2]
    return end


def _is_prime(term: Token) -> bool:
    return term.kind == "PRIME" or (term.kind == "LETTER" and term.text == r"\prime")


def _add_prime(result: list[Token], term: Token, *, in_script: bool) -> None:
    base = result[-1] if result else _NOTHING
    if in_script and base.kind == "LETTER":
        result[-1] = base._replace(text=base.text + "'", span=base.span.to(term.span))
    else:
        result.append(Token("PRIME", "'", term.span) if base.kind in ENDS else term)


# --- places


def _settle_places(terms: list[Token]) -> list[Token]:
    result: list[Token] = []
    opened: list[str] = []
    for place, term in enumerate(terms):
        before = result[-1] if result else _NOTHING
        if term.kind in DEEPER:
            opened.append(_opening(term, before, opened))
            if term.kind == "BEGINROWS" and len(opened) == opened.count("rows"):
                continue
        elif term.kind in SHALLOWER:
            kind = opened.pop()
            if term.kind == "ENDROWS" and kind == "rows" and len(opened) == opened.count("rows"):
                result.append(Token("ROW", "", term.span))
                continue
            while kind != "script" and result and _is_trailing(result[-1]):
                result.pop()
        settled = _settled(term, before, _next(terms, place), opened)
        if settled is not None:
            result.append(settled)
    return result


def _opening(term: Token, before: Token, opened: list[str]) -> str:
    if before.kind in ("SUB", "SUP") or "script" in opened[-1:]:
        return "script"
    if term.kind == "OPEN":
        return "fence"
    if term.kind == "LBRACE":
        return "cells" if before.kind in ("PLAIN", "PLAINCASES") else "brace"
    return {"BEGINROWS": "rows", "BEGINCASES": "cases"}.get(term.kind, "cells")


def _next(terms: list[Token], place: int) -> Token:
    following = place + 1
    while following < len(terms) and terms[following].kind == "QUAD":
        following += 1
    return terms[following] if following < len(terms) else _NOTHING


def _is_trailing(term: Token) -> bool:
    return (term.kind == "SEPARATOR" and term.text in (",", ";")) or term == term._replace(kind="TIMES", text=".")


def _settled(term: Token, before: Token, after: Token, opened: list[str]) -> Token | None:
    """A terminal where it stands between two others, inside what is open; None where it is left out."""
    outside = len(opened) == opened.count("rows")
    match term.kind:
        case "SEPARATOR":
            return _separator(term, before, after, outside)
        case "TIMES" | "SIGN" | "RELATION" if not outside:
            return _operator(term, before, after, opened)
        case "WORDS":
            return _words(term, before, after)
        case "QUAD" if not outside and opened[-1] != "cases":
            return None
        case "LABEL" | "TAG" if not outside:
            return None
        case "AMP" if not outside and opened[-1] not in ("cells", "cases", "script"):
            return None
        case "ROW" if not outside and opened[-1] not in ("cells", "cases", "rows"):
            parts = opened[-1] != "fence" and before.kind in ENDS and after.kind in STARTS
            return term._replace(kind="SEPARATOR", text=",") if parts else None
    return term


def _separator(term: Token, before: Token, after: Token, outside: bool) -> Token:
    if term.text == ":" and outside:
        return term._replace(kind="RELATION")
    alone = before.kind not in ENDS or after.kind not in STARTS
    if term.text == ":" and alone and after.kind != "SIGN" and not (before.kind in ENDS and after.kind == "WORDS"):
        return term._replace(kind="LETTER")
    return term


def _operator(term: Token, before: Token, after: Token, opened: list[str]) -> Token | None:
    r"""A sign that has nothing to join is a letter: ``y^*``, ``f(\cdot)``, ``x^{(i+)}``."""
    in_script = opened[-1] == "script"
    lacks_right = after.kind in _EDGES or after.kind == "SEPARATOR"
    lacks_left = before.kind not in ENDS
    if term.text == "." and lacks_right:
        return None
    if term.kind == "RELATION":
        lone = in_script and before.kind == "LBRACE" and after.kind == "RBRACE"
    elif term.kind == "SIGN":
        lone = in_script and lacks_right
    elif in_script:
        lone = lacks_right or lacks_left
    else:
        lone = (lacks_left and lacks_right) or (lacks_left and term.text in (r"\cdot", r"\bullet"))
    return term._replace(kind="LETTER") if lone else term


def _words(term: Token, before: Token, after: Token) -> Token:
    """Words that stand as an operand are one."""
    if is_connective(term.text):
        return term
    joined = before.kind in ("RELATION", "TIMES", "SIGN") or after.kind in ("RELATION", "TIMES", "SUB", "SUP", "PRIME")
    called = after.kind == "OPEN" and before.kind not in ENDS and term.text.isascii() and term.text[-1:].isalnum()
    return term._replace(kind="TEXT") if joined or called else term


# --- cases


def _settle_cases(terms: list[Token]) -> list[Token]:
    """In a row of cases without ``&``, the condition begins at the first words or wide space."""
    result: list[Token] = []
    opened: list[bool] = []
    marked = False
    for term in terms:
        if term.kind in DEEPER:
            opened.append(term.kind == "BEGINCASES")
        inside = bool(opened) and opened[-1]
        if term.kind in SHALLOWER:
            opened.pop()
        if inside:
            marked = _mark_condition(result, term, marked=marked)
        if not inside or term.kind not in ("QUAD", "AMP"):
            result.append(term)
    return result


def _mark_condition(result: list[Token], term: Token, *, marked: bool) -> bool:
    """Put a mark before a condition that begins with this terminal; whether the row has one by now."""
    if term.kind in ("ROW", "BEGINCASES", "ENDCASES"):
        _trim(result)
        return False
    begins = term.kind == "AMP" or (term.kind in ("WORDS", "QUAD") and result[-1].kind not in ("BEGINCASES", "ROW"))
    if not begins or marked:
        return marked
    _trim(result)
    result.append(Token("AMP", "", Span(term.span.start, term.span.start)))
    return True


def _trim(result: list[Token]) -> None:
    while result and _is_trailing(result[-1]):
        result.pop()
