"""A derivation as a document: headings, paragraphs and formulas, for any format to print."""

from dataclasses import dataclass
from typing import TypeAlias, final

from symfnn.derivation.steps import Derivation


@final
@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section."""

    text: str


@final
@dataclass(frozen=True, slots=True)
class Paragraph:
    """Prose; formulas in it stand between dollar signs."""

    text: str


@final
@dataclass(frozen=True, slots=True)
class Link:
    """One ``= …`` of a chain: the formula, the name of the rule that gave it, and the reason in words."""

    latex: str
    rule: str
    reason: str


@final
@dataclass(frozen=True, slots=True)
class Formula:
    """``left = link = link …`` under a label.

    Attributes:
        label: such as A15; empty where there is none.
        left: the left side as LaTeX.
        derivation: the steps that the links were printed from, to be taken again by ``replay``; None where a notation's
            own definition is repeated.
        links: one for each step.
        domain: for which layers, as LaTeX.
    """

    label: str
    left: str
    derivation: Derivation | None
    links: tuple[Link, ...]
    domain: str = ""


@final
@dataclass(frozen=True, slots=True)
class Notation:
    """In whose notation, and which of its sections, what follows is written; for ``symfnn check``, not for readers."""

    name: str


Block: TypeAlias = Heading | Paragraph | Formula | Notation


@final
@dataclass(frozen=True, slots=True)
class Document:
    """What a format prints.

    Attributes:
        title: of the whole.
        language: ``"en"`` or ``"zh"``.
        blocks: in reading order.
    """

    title: str
    language: str
    blocks: tuple[Block, ...]
