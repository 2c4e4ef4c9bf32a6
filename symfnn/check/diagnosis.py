"""What went wrong in a claim that cannot stand: the first catalogued mistake whose undoing makes it stand.

One mistake is tried before two, and what stands as it is before what stands only for some loss or some function.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, final

from symfnn.check.mistakes import PAIRS, RENAMING, diagnoses
from symfnn.check.mistakes.mistake import Mistake, Shape, Surroundings, difference
from symfnn.check.verdicts import Finding, Repair, Verdict
from symfnn.latex.syntax import Node
from symfnn.latex.writing import write

# what may be offered has to stand by itself
_STANDS = (Verdict.PROVED, Verdict.TESTED)
_MOST = 150  # repairs of one mistake on each side that are tried
_MOST_UNDER_CHOICES = 20
_MOST_OF_TWO = 400


@final
class Judge(NamedTuple):
    """How repairs are judged.

    Attributes:
        plainly: the finding on two sides as they are.
        under_choices: the same where what is left open may be filled in.
    """

    plainly: Callable[[Node, Node], Finding]
    under_choices: Callable[[Node, Node], Finding]


@final
class Claimed(NamedTuple):
    """The claim that is to be repaired.

    Attributes:
        left: its left side.
        right: its right side.
        seen: sides of definitions and of other statements, the nearest first.
        shape: the rows and columns of what is written.
        goes_on: whether what follows in a chain holds of its right side, so that its left side is doubtful.
    """

    left: Node
    right: Node
    seen: tuple[Node, ...]
    shape: Callable[[Node], Shape | None]
    goes_on: bool = False


@final
class _Mended(NamedTuple):
    """A repair that may be offered: the mistakes that are undone in it, one after another, and what they give."""

    mistakes: tuple[tuple[Mistake, Node], ...]
    is_right: bool

    @property
    def node(self) -> Node:
        return self.mistakes[-1][1]

    def sides(self, claimed: Claimed) -> tuple[Node, Node]:
        """Both sides."""
        return (claimed.left, self.node) if self.is_right else (self.node, claimed.right)


def diagnosed(finding: Finding, claimed: Claimed, judge: Judge, seconds: float) -> Finding:
    """The finding with a mistake named and a repair offered, where one is found that is proved or tested.

    Args:
        finding: on a claim that is refuted or ill-shaped.
        claimed: its sides and what stands around them.
        judge: of repairs.
        seconds: of the processor after which the search ends.
    """
    deadline = time.thread_time() + seconds
    for candidates in _searches(claimed):
        refuted: list[_Mended] = []
        tries = [(candidates, judge.plainly), (islice(refuted, _MOST_UNDER_CHOICES), judge.under_choices)]
        for some, judged in tries:
            for one in some:
                if time.thread_time() > deadline:
                    return finding
                verdict = judged(*one.sides(claimed)).verdict
                if verdict in _STANDS:
                    return _offered(finding, claimed, one, verdict)
                if verdict is Verdict.REFUTED and judged is judge.plainly and len(one.mistakes) == 1:
                    refuted.append(one)
    return finding


def _searches(claimed: Claimed) -> Iterator[Iterator[_Mended]]:
    """Candidates, the likeliest first, in groups of which one is done before the next."""
    if claimed.goes_on:
        yield (one for one in _of_one(claimed, is_right=False) if one.mistakes[0][0] in RENAMING)
    yield islice(_of_one(claimed, is_right=True), _MOST)
    yield islice(_of_one(claimed, is_right=False), _MOST)
    yield islice(_of_two(claimed), _MOST_OF_TWO)


def _of_one(claimed: Claimed, *, is_right: bool) -> Iterator[_Mended]:
    side, other = (claimed.right, claimed.left) if is_right else (claimed.left, claimed.right)
    for mistake, repaired in diagnoses(side, Surroundings(other, claimed.seen, claimed.shape)):
        yield _Mended(((mistake, repaired),), is_right)


def _of_two(claimed: Claimed) -> Iterator[_Mended]:
    """Two usual mistakes at once on the right side."""
    around = Surroundings(claimed.left, claimed.seen, claimed.shape)
    for first, second in PAIRS:
        for once in first.repairs(claimed.right, around):
            for twice in second.repairs(once, around):
                yield _Mended(((first, once), (second, twice)), is_right=True)


def _offered(finding: Finding, claimed: Claimed, found: _Mended, verdict: Verdict) -> Finding:
    """The finding with the name of the mistake, its place and the repair."""
    before = claimed.right if found.is_right else claimed.left
    said, side = [], before
    for mistake, after in found.mistakes:
        said.append(mistake.describe(side, after))
        side = after
    latex = " = ".join(write(side) for side in found.sides(claimed))
    return replace(
        finding,
        code=found.mistakes[0][0].code,
        message=", and ".join(said),
        span=difference(before, found.node).span,
        repair=Repair(latex, verdict),
    )
