"""Messages in the letters of the document that they are about."""

import re

from symfnn import errors
from symfnn.check.verdicts import Finding, Verdict
from symfnn.elaboration.scope import Scope


def troubled(scope: Scope, trouble: errors.MeaningError) -> Finding:
    """The finding on what was not understood, or whose shapes cannot fit."""
    verdict = Verdict.ILL_SHAPED if trouble.is_shape else Verdict.UNDECIDED
    message, *evidence = (in_own_letters(scope, text) for text in (str(trouble), *trouble.evidence))
    return Finding(verdict, message, trouble.code, trouble.span, tuple(evidence))


def in_own_letters(scope: Scope, text: str) -> str:
    """A text with the widths as the document writes them: n_{l-1} or m^{k-1} for s_{l-1}."""
    letter, place = scope.family or ("s", "sub")
    sign = "_" if place == "sub" else "^"
    own = {"l": scope.layer_letter, "L": scope.depth_letter}

    def width(found: re.Match[str]) -> str:
        layer = re.sub(r"\bl\b|\bL\b", lambda one: own[one[0]], (found[1] or found[2]).replace(" ", ""))
        return f"{letter}{sign}{{{layer}}}"

    return re.sub(r"(?<![\w\\])s(?:_\{([^{}]+)\}|\[([^\[\]]+)\])", width, text)
