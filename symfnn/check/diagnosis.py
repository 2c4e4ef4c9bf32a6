"""What went wrong in a claim that cannot stand: the first catalogued mistake whose undoing makes it stand."""

import time
from collections.abc import Callable
from dataclasses import replace

from symfnn.check.mistakes import diagnoses
from symfnn.check.mistakes.mistake import Surroundings, difference
from symfnn.check.verdicts import Finding, Repair, Verdict
from symfnn.latex.syntax import Node
from symfnn.latex.writing import write

# what may be offered has to stand by itself
_STANDS = (Verdict.PROVED, Verdict.TESTED)
_MOST = 150

Judge = Callable[[Node, Node], Finding]


def diagnosed(
    finding: Finding, left: Node, right: Node, seen: tuple[Node, ...], judge: Judge, seconds: float
) -> Finding:
    """The finding with a mistake named and a repair offered, where one is found that is proved or tested.

    Args:
        finding: on a claim that is refuted or ill-shaped.
        left: its left side.
        right: its right side.
        seen: sides of definitions and of other statements, the nearest first.
        judge: the finding on two sides.
        seconds: of the processor after which the search ends.
    """
    deadline = time.thread_time() + seconds
    tried = 0
    for mended, other, is_right in ((right, left, True), (left, right, False)):
        for mistake, repaired in diagnoses(mended, Surroundings(other, seen)):
            tried += 1
            if tried > _MOST or time.thread_time() > deadline:
                return finding
            verdict = (judge(left, repaired) if is_right else judge(repaired, right)).verdict
            if verdict not in _STANDS:
                continue
            sides = (write(left), write(repaired)) if is_right else (write(repaired), write(right))
            return replace(
                finding,
                code=mistake.code,
                message=mistake.describe(mended, repaired),
                span=difference(mended, repaired).span,
                repair=Repair(" = ".join(sides), verdict),
            )
    return finding
