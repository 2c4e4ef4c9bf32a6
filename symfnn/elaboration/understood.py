"""What reading a statement gives: its links, what it is as a whole, and a scope that it changes."""

from dataclasses import dataclass
from typing import final

from symfnn import errors
from symfnn.elaboration.claims import Equation
from symfnn.elaboration.scope import Scope
from symfnn.latex.syntax import Node


@final
@dataclass(frozen=True, slots=True)
class Part:
    """One link of a statement, read.

    Attributes:
        left: its left side as written.
        right: its right side as written.
        kind: ``"claim"``, ``"definition"``, ``"repeat"`` or ``"redefinition"``.
        equation: what it says, for a claim that was understood.
        trouble: why it was not.
        is_given: whether another equation is claimed to follow from it.
        scope: in which it is understood, where that is not the one of its statement.
        taken: in words, what is taken for granted about sizes for it to be understood; then ``trouble`` is what speaks
            against it.
        sense: in words, what is claimed where it is not that the sides are equal.
    """

    left: Node
    right: Node
    kind: str
    equation: Equation | None = None
    trouble: errors.MeaningError | None = None
    is_given: bool = False
    scope: Scope | None = None
    taken: tuple[str, ...] = ()
    sense: str = ""


@final
@dataclass(frozen=True, slots=True)
class Understood:
    """A statement, read.

    Attributes:
        kind: ``claim``, ``definition``, ``declaration``, ``assignment`` or ``other``.
        scope: in force for its claims, and behind it.
        parts: its links.
        trouble: why it as a whole was not understood.
    """

    kind: str
    scope: Scope
    parts: tuple[Part, ...] = ()
    trouble: errors.MeaningError | None = None


@final
@dataclass(frozen=True, slots=True)
class Redefined:
    """A scope in which a statement's left side is defined anew.

    Attributes:
        scope: with the new definition in the place of the old ones.
        name: of the quantity.
        is_conflict: whether both definitions are the document's own.
    """

    scope: Scope
    name: str
    is_conflict: bool
