"""The page for each code, for a terminal and for the documentation: both from the catalogue itself."""

from difflib import get_close_matches

from symfnn.check.mistakes import CATALOGUE
from symfnn.check.mistakes.mistake import Mistake
from symfnn.check.reasons import REASONS, Reason

_HEAD = """\
# Mistakes and reasons

Every code that `symfnn check` prints. `symfnn explain CODE` shows the same pages. This file is generated from
`symfnn/check/mistakes/` and `symfnn/check/reasons.py`.

A repair is offered only if the repaired formula was itself proved or tested.
"""


def page(code: str) -> str | None:
    """What a code means, in Markdown; None where there is no such code."""
    for mistake in CATALOGUE:
        if mistake.code == code:
            return _mistake(mistake)
    for reason in REASONS:
        if code in reason.codes:
            return _reason(reason)
    return None


def codes() -> tuple[str, ...]:
    """All codes that have a page."""
    return (*(mistake.code for mistake in CATALOGUE), *(code for reason in REASONS for code in reason.codes))


def nearest(code: str) -> tuple[str, ...]:
    """Codes that are written alike."""
    return tuple(get_close_matches(code, codes(), n=3, cutoff=0.5))


def document() -> str:
    """All pages in one Markdown document."""
    mistakes = [_mistake(mistake) for mistake in CATALOGUE]
    reasons = [_reason(reason) for reason in REASONS]
    parts = [_HEAD, "\n## Mistakes\n", *mistakes, "\n## Where nothing is decided, and remarks\n", *reasons]
    return "".join(part.replace("\n# ", "\n### ") if part.startswith("\n# ") else part for part in parts)


def _mistake(mistake: Mistake) -> str:
    out = f"\n# {mistake.code}\n\n**{mistake.title}.**\n\n{mistake.explanation.strip()}\n\nFor example ({{}}):\n"
    notation, wrong, right = mistake.examples[0]
    return out.replace("({})", f"in the notation `{notation}`") + f"\n- wrong: ${wrong}$\n- right: ${right}$\n"


def _reason(reason: Reason) -> str:
    return f"\n# {', '.join(reason.codes)}\n\n**{reason.title}.**\n\n{reason.explanation.strip()}\n"
