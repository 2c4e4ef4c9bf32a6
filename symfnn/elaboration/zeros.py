"""Indices that begin at 0: for which entries a claim is made where entry 0 is a part of its own.

``j = 0, …, n`` is said of entry 0 and of the others, ``j ≥ 1`` of the others alone. Where neither is written the
claim is taken for all, but that it fails for entry 0 alone is no mistake.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from sympy import Expr, Integer

from symfnn import errors
from symfnn.elaboration.conditions import in_words
from symfnn.elaboration.declarations import Ranged
from symfnn.elaboration.reading import Reading, blank, index_of, plain_index, shown
from symfnn.latex.syntax import Letter, Node, Number, Relation, Sequence, Text
from symfnn.source import Span

_EQUAL = frozenset({"="})
_ABOVE_ZERO = {r"\neq": "0", r"\ne": "0", "≠": "0", r"\ge": "1", r"\geq": "1", "≥": "1", ">": "0", r"\gt": "0"}


class Choice(NamedTuple):
    """One of the claims that an equation makes.

    Attributes:
        zeros: the letters that are 0 in it, as written.
        is_supposed: whether that they can be 0 is nowhere written.
    """

    zeros: tuple[str, ...]
    is_supposed: bool

    @property
    def bound(self) -> dict[str, Expr]:
        """What stands for these letters."""
        return dict.fromkeys(self.zeros, Integer(0))


def choices(reading: Reading, ranges: dict[str, Ranged], remarks: tuple[Node, ...], span: Span) -> list[Choice]:
    """The claims that an equation makes, by the indices that are 0 in each; one without any where none can be.

    Raises:
        MeaningError: a stated range is not that of the index.
    """
    for text, stated in ranges.items():
        _require_axis(reading, plain_index(text), stated, span)
    letters = sorted((x for x in reading.zeros - reading.plain if x in reading.uses), key=str)
    stated_for = dict(_stated(remarks))
    found: list[list[tuple[str, bool]]] = []
    for letter in letters:
        text = str(shown(letter)).removesuffix("′")
        zero, others = [(text, False)], [("", False)]
        if text in stated_for:
            found.append(zero if stated_for[text] else others)
        elif text in ranges:
            found.append([*others, *zero] if _is(ranges[text].low, "0") else others)
        else:
            found.append([*others, (text, True)])
    return [
        Choice(tuple(text for text, _ in chosen if text), any(supposed for _, supposed in chosen))
        for chosen in product(*found)
    ]


def _require_axis(reading: Reading, letter: Expr, stated: Ranged, span: Span) -> None:
    sizes = reading.uses.get(letter)
    if not sizes or (letter not in reading.zeros and not _is(stated.low, "0")):
        return
    if letter in reading.plain and _is(stated.low, "0"):
        raise errors.MeaningError("wrong-index", f"{shown(letter)} runs from 1 here, not from 0", span)
    if letter in reading.zeros and index_of(blank(reading.scope), stated.high) != sizes[0]:
        raise errors.MeaningError("wrong-index", f"{shown(letter)} runs to {sizes[0]} here", span)


def is_of_entry_zero(reading: Reading, remark: Node) -> bool:
    """Whether a remark says only whether an index that begins at 0 is 0."""
    return any(text in reading.bound or plain_index(text) in reading.zeros for text, _ in _stated((remark,)))


def _stated(remarks: tuple[Node, ...]) -> Iterator[tuple[str, bool]]:
    """Letters that remarks say to be 0, or not to be."""
    for remark in remarks:
        if isinstance(remark, Sequence):
            yield from _stated(remark.items)
            continue
        inner = in_words(remark) if isinstance(remark, Text) else remark
        if not isinstance(inner, Relation) or len(inner.parts) != 2:
            continue
        left, right = inner.parts
        if not isinstance(left, Letter) or not isinstance(right, Number):
            continue
        if inner.signs[0] in _EQUAL and right.text == "0":
            yield left.name, True
        elif _ABOVE_ZERO.get(inner.signs[0]) == right.text:
            yield left.name, False


def _is(node: Node, text: str) -> bool:
    return isinstance(node, Number) and node.text == text
