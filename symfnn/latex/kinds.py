"""Kinds of terminals: what begins and ends an operand, what opens and closes."""

from typing import Final

from symfnn.latex.tokens import Token

STARTS: Final = frozenset(
    (
        "LETTER NUMBER TEXT DOTS OPEN LBRACE FRACTION SQRT ROOT STYLE WRAP ACCENT NOTE BIG FUNCTION"
        " BEGINMATRIX BEGINCASES BEGINROWS PLAIN PLAINCASES"
    ).split()
)
ENDS: Final = frozenset(("LETTER NUMBER TEXT DOTS CLOSE RBRACE PRIME FUNCTION ENDMATRIX ENDCASES ENDROWS").split())
DEEPER: Final = frozenset(["OPEN", "LBRACE", "BEGINMATRIX", "BEGINCASES", "BEGINROWS"])
SHALLOWER: Final = frozenset(["CLOSE", "RBRACE", "ENDMATRIX", "ENDCASES", "ENDROWS"])


def closing(terms: list[Token], start: int) -> int:
    """The place of the terminal that closes what opens at ``start``."""
    level = 0
    for place in range(start, len(terms)):
        level += (terms[place].kind in DEEPER) - (terms[place].kind in SHALLOWER)
        if not level:
            return place
    raise AssertionError("brackets match since they were arranged")
