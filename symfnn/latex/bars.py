"""Bars: each opens, closes, parts, or says where something is evaluated."""

from typing import Final

from symfnn.errors import LatexError
from symfnn.latex.kinds import DEEPER, ENDS, SHALLOWER
from symfnn.latex.tokens import Token
from symfnn.source import Span

_CELL_EDGES: Final = frozenset(("AMP ROW BEGINMATRIX ENDMATRIX BEGINCASES ENDCASES BEGINROWS ENDROWS").split())


def settle_bars(terms: list[Token]) -> list[Token]:
    """Each bar opens, closes, parts, or evaluates; one that is alone in a cell stands for a column."""
    levels: list[list[int]] = [[]]
    fate: dict[int, list[Token]] = {}
    for place, term in enumerate(terms):
        if term.kind in DEEPER:
            levels.append([])
        elif term.kind in SHALLOWER:
            _flush(terms, levels.pop(), fate)
        elif term.kind in ("AMP", "ROW", "WORDS", "QUAD"):
            _flush(terms, levels[-1], fate)
            levels[-1] = []
        elif term.kind == "BAR":
            levels[-1].append(place)
    _flush(terms, levels[-1], fate)
    return [new for place, term in enumerate(terms) for new in fate.get(place, [term])]


def _flush(terms: list[Token], places: list[int], fate: dict[int, list[Token]]) -> None:
    bars = [(place, terms[place]) for place in places]
    for bar in bars:
        if _at(terms, bar[0] - 1).kind in _CELL_EDGES and _at(terms, bar[0] + 1).kind in _CELL_EDGES:
            fate[bar[0]] = [bar[1]._replace(kind="DOTS")]
    bars = [bar for bar in bars if bar[0] not in fate]
    halved = _halved(bars)
    bars = halved if _is_even(halved) else bars
    for sign in ("|", "‖"):
        _pair(terms, [(place, bar) for place, bar in bars if bar.text == sign], fate)


def _halved(bars: list[tuple[int, Token]]) -> list[tuple[int, Token]]:
    """The bars, with ``||`` for the end of one pair and the start of another where a single bar is open."""
    result: list[tuple[int, Token]] = []
    singles = 0
    for place, bar in bars:
        if bar.style == "||" and singles % 2:
            result += [(place, half) for half in _halves(bar)]
        else:
            result.append((place, bar))
            singles += bar.text == "|"
    return result


def _is_even(bars: list[tuple[int, Token]]) -> bool:
    return not any(sum(bar.text == sign for _, bar in bars) % 2 for sign in ("|", "‖"))


def _halves(bar: Token) -> list[Token]:
    start, end = bar.span
    middle = start + 1 if end - start == 2 else end
    return [Token("BAR", "|", Span(start, middle), "|"), Token("BAR", "|", Span(middle, end), "|")]


def _pair(terms: list[Token], bars: list[tuple[int, Token]], fate: dict[int, list[Token]]) -> None:
    if len(bars) == 1:
        place, bar = bars[0]
        evaluates = _at(terms, place + 1).kind == "SUB" and _at(terms, place - 1).kind in ENDS
        fate.setdefault(place, []).append(bar._replace(kind="EVALUATED" if evaluates else "SEPARATOR"))
    elif len(bars) % 2:
        raise LatexError("unpaired-bar", f"this {bars[-1][1].text} has no partner", bars[-1][1].span)
    else:
        parting = any(_parts(terms, left[0], right[0]) for left, right in zip(bars[::2], bars[1::2], strict=True))
        for number, (place, bar) in enumerate(bars):
            kind = "SEPARATOR" if parting else "CLOSE" if number % 2 else "OPEN"
            fate.setdefault(place, []).append(bar._replace(kind=kind))


def _parts(terms: list[Token], left: int, right: int) -> bool:
    """Whether a comma stands between two bars, so that they do not enclose one thing."""
    level = 0
    for term in terms[left + 1 : right]:
        level += (term.kind in DEEPER) - (term.kind in SHALLOWER)
        if level == 0 and (term.kind == "SEPARATOR" or term.kind == "RELATION"):
            return True
    return False


def _at(terms: list[Token], place: int) -> Token:
    return terms[place] if 0 <= place < len(terms) else Token("ROW", "", Span(0, 0))
