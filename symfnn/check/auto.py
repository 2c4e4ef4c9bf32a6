"""Which built-in notation a document is written in that names none and does not define enough itself.

A notation is tried where its letters, written as there, are those of a statement that waits for a definition. It fits
where no definition of the document contradicts it and far more statements hold by it than fail. What holds by it holds
under that assumption; nothing is refuted by it.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, NamedTuple, final

from symfnn.check import supposed
from symfnn.check.verdicts import Checked, Remark, Verdict
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.survey import mentions
from symfnn.elaboration.texts import Written
from symfnn.latex.syntax import Node, Number, Relation, Scripted, Statement
from symfnn.latex.walk import nodes
from symfnn.notations.loader import NAMES
from symfnn.notations.opening import everything

WAITING: Final = frozenset({"unknown-symbol", "no-definition"})
_MOST: Final = 3  # notations that are tried
_HOLDS: Final = frozenset({Verdict.PROVED, Verdict.TESTED})
_ACCEPTED: Final = _HOLDS | {Verdict.DEFINITION}
_TRANSPOSES: Final = frozenset({"T", r"\top", r"\intercal", r"\mathsf{T}", "t"})
_Key = tuple[str, str, str]


@final
class Run(NamedTuple):
    """A check of a text in one notation.

    Attributes:
        checked: its statements.
        contradicted: names of the notation's quantities and functions that the text defines in another way.
        remarks: about the text.
    """

    checked: list[Checked]
    contradicted: frozenset[str]
    remarks: tuple[Remark, ...] = ()


@final
class Fit(NamedTuple):
    """The notation that fits best, and the statements with what holds by it."""

    name: str
    checked: list[Checked]


def fit(written: Sequence[Written], own: list[Checked], run: Callable[[str], Run]) -> Fit | None:
    """The built-in notation that fits statements best; None where none fits, or they need none.

    Args:
        written: as they stand.
        own: what was found by the document's own definitions.
        run: checks them in a notation.
    """
    waiting = [place for place, (one, checked) in enumerate(zip(written, own, strict=True)) if _waits(one, checked)]
    statements = [one.statement for place in waiting if (one := written[place]).statement is not None]
    best, gained = None, 0
    for name in _candidates([statement for statement in statements if statement is not None]):
        checked, contradicted, _ = run(name)
        good = [place for place in waiting if _is_gain(own[place], checked[place])]
        bad = [place for place, one in enumerate(checked) if one.verdict.is_wrong and not own[place].verdict.is_wrong]
        is_against = any(own[place].verdict is Verdict.DEFINITION and place not in waiting for place in bad)
        holds = sum(checked[place].verdict in _HOLDS for place in good)
        if not contradicted and not is_against and holds >= 2 * len(bad) and holds - len(bad) > gained:
            best, gained = Fit(name, _merged(name, own, checked, good, bad)), holds - len(bad)
    return best


def reshaped(before: Scope, after: Scope) -> set[str]:
    """The letters to which a text gives another shape than its notation."""
    stated = {(p.letter, p.slots): (p.rows, p.columns) for p in before.profiles if p.is_stated and p.origin == 0}
    own = (p for p in after.profiles if p.is_stated and p.origin != 0)
    return {p.letter for p in own if stated.get((p.letter, p.slots), (p.rows, p.columns)) != (p.rows, p.columns)}


def _waits(one: Written, checked: Checked) -> bool:
    """Whether a statement waits for a definition, or defines something by a slope, which looks like a claim."""
    if checked.verdict is Verdict.DEFINITION:
        content = None if one.statement is None else one.statement.content
        return isinstance(content, Relation) and any(
            isinstance(node, Scripted) and node.primes for part in content.parts[1:] if part for node in nodes(part)
        )
    return checked.finding.code in WAITING


def _is_gain(own: Checked, found: Checked) -> bool:
    """Whether a notation decides a statement; what it would only let define something else is none of its own."""
    if found.verdict is Verdict.DEFINITION:
        return own.verdict is not Verdict.DEFINITION and all(link.finding.message for link in found.links)
    return found.verdict in _ACCEPTED


def _merged(name: str, own: list[Checked], found: list[Checked], good: list[int], bad: list[int]) -> list[Checked]:
    words = f"what the document does not define is as in the notation {name}"
    merged = list(own)
    for place in good:
        merged[place] = supposed.under((words,), found[place])
    for place in bad:
        if own[place].finding.code in WAITING or own[place].verdict is Verdict.DEFINITION:
            merged[place] = supposed.unrefuted(words, found[place])
    return merged


def _candidates(statements: list[Statement]) -> list[str]:
    """The notations in which the letters of some statements are all known, those with the most first."""
    needed = [keys for statement in statements if _is_telling(keys := _keys([statement.content]))]
    count = {name: sum(keys <= _letters(name) for keys in needed) for name in NAMES} if needed else {}
    return sorted((name for name in count if count[name]), key=lambda name: -count[name])[:_MOST]


def _is_telling(keys: frozenset[_Key]) -> bool:
    """Whether letters tell a notation: they stand in every text with one index below, but not with a layer above."""
    return len(keys) > 1 and (len(keys) > 2 or any(place == "sup" for _, place, _ in keys))


@cache
def _letters(name: str) -> frozenset[_Key]:
    return _keys([one.statement.content for one in everything(name) if one.statement is not None])


def _keys(contents: list[Node]) -> frozenset[_Key]:
    """How letters are written: each with the bracket of what stands above, or with the number of indices below."""
    found: set[_Key] = set()
    for one in (one for content in contents for one in mentions(content)):
        above = [mark for mark in one.marks if mark.place == "sup" and not _is_transpose(mark.content)]
        below = [mark for mark in one.marks if mark.place == "sub" and not isinstance(mark.content, Number)]
        if above:
            found.add((one.name, "sup", above[0].bracket))
        elif below:
            found.add((one.name, "sub", str(len(below))))
    return frozenset(found)


def _is_transpose(node: Node) -> bool:
    return getattr(node, "name", "") in _TRANSPOSES
