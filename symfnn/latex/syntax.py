r"""The surface tree of a formula: what is written, before anything is known about what it means.

Every node has the span of the LaTeX that it was read from, in the offsets of the formula's own text (for what a macro
wrote: the span of its call). Names are normalised: ``Letter.name`` is the letter or the command without its style, e.g.
``"W"`` for ``\mathbf{W}`` and ``r"\delta"``; ``r"\hat{y}"`` for an accent; ``"softmax"`` for ``\text{softmax}``.
"""

from dataclasses import dataclass, fields
from typing import Final, TypeAlias, final

from symfnn.source import Span


@final
@dataclass(frozen=True, slots=True)
class Number:
    """A decimal number, as written; ``12`` in a subscript may be two indices."""

    text: str
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Letter:
    r"""A letter, a Greek letter, a named word or a constant sign (``\partial``, ``\nabla``, ``\top``, ``\infty``).

    Attributes:
        name: normalised, without style; an index letter's primes belong to it (``"k'"``) only inside scripts.
        style: ``"bold"``, ``"calligraphic"``, ``"blackboard"``, ``"sans"``, ``"roman"``, ``"text"`` or ``""``.
    """

    name: str
    span: Span
    style: str = ""


@final
@dataclass(frozen=True, slots=True)
class Scripted:
    r"""A base with scripts: ``w_{jk}^l``, ``f'``, ``{a^{[2]}}^T`` (nested).

    Attributes:
        sub: what stands below, read by the same grammar: ``jk`` is a product, ``j,k`` a ``Sequence``.
        sup: what stands above: ``[l-1] T`` is the product of a ``Fence`` and a ``Letter``.
        primes: the number of primes, also from ``^\prime``.
    """

    base: "Node"
    sub: "Node | None"
    sup: "Node | None"
    primes: int
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Fence:
    r"""Something in brackets: ``( )``, ``[ ]``, ``{ }`` (from ``\{``), ``| |``, ``‖ ‖``, ``⟨ ⟩``; ``.`` for none."""

    left: str
    body: "Node | None"
    right: str
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Fraction:
    r"""``\frac{…}{…}`` in any size; a derivative has a numerator that begins with ``\partial`` or d."""

    top: "Node"
    bottom: "Node"
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Product:
    r"""Factors side by side.

    Attributes:
        factors: two or more; ``f(x)`` is the product of ``f`` and a ``Fence``, since only meaning tells.
        signs: what stands between each two: ``""`` for nothing, else the command or character as written
            (``r"\odot"``, ``"*"``, ``"/"``, ``r"\cdot"`` …).
    """

    factors: "tuple[Node, ...]"
    signs: tuple[str, ...]
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Sum:
    r"""Terms with a sign each: ``"+"``, ``"-"`` or ``r"\pm"``; a lone ``-x`` is a sum of one term."""

    terms: "tuple[Node, ...]"
    signs: tuple[str, ...]
    span: Span


@final
@dataclass(frozen=True, slots=True)
class BigOperator:
    r"""``\sum``, ``\prod``, … with what is written below and above; the body runs to the end of the product."""

    name: str
    lower: "Node | None"
    upper: "Node | None"
    body: "Node"
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Function:
    r"""A function whose name the language knows (``\log``, ``\exp``, ``\tanh``, ``\max``, ``\sqrt``) and its argument.

    Attributes:
        name: without backslash.
        argument: one node; ``\max(0, x)`` has a ``Sequence``; None where nothing follows (``\tanh`` by itself).
        sub: e.g. what ``\max_i`` runs over.
        sup: a power of the value: ``\tanh^2 z``.
        primes: of the function.
    """

    name: str
    argument: "Node | None"
    sub: "Node | None"
    sup: "Node | None"
    primes: int
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Matrix:
    """A block of cells; an empty cell is None."""

    rows: "tuple[tuple[Node | None, ...], ...]"
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Cases:
    """Branches: a value and its condition (a relation, a ``Text``, a ``Sequence`` of both, or None)."""

    branches: "tuple[tuple[Node, Node | None], ...]"
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Sequence:
    r"""Items with a comma, a semicolon, a bar (``p(y|x)``) or a colon between them."""

    items: "tuple[Node, ...]"
    separators: tuple[str, ...]
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Relation:
    r"""``a = b = c``: parts, and the signs between them as they are written.

    Attributes:
        parts: None where nothing is written, as at a chain that begins with ``=``.
        signs: ``"="``, ``r"\equiv"``, ``":="``, ``r"\in"``, ``r"\leftarrow"``, ``"<"``, ``r"\approx"`` …
        span: of all of it.
    """

    parts: "tuple[Node | None, ...]"
    signs: tuple[str, ...]
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Text:
    r"""Words inside a formula: ``\text{for all } i``, with what mathematics they hold between dollar signs unread."""

    words: str
    span: Span


@final
@dataclass(frozen=True, slots=True)
class Dots:
    r"""``\dots``, ``\cdots``, ``\vdots``: something is left out."""

    span: Span


Node: TypeAlias = (
    Number
    | Letter
    | Scripted
    | Fence
    | Fraction
    | Product
    | Sum
    | BigOperator
    | Function
    | Matrix
    | Cases
    | Sequence
    | Relation
    | Text
    | Dots
)
KINDS: Final[tuple[type, ...]] = Node.__args__
FIELDS: Final = {kind: tuple(field.name for field in fields(kind)) for kind in KINDS}  # the names, in order


@final
@dataclass(frozen=True, slots=True)
class Statement:
    r"""One thing that a formula states.

    Attributes:
        content: a ``Relation``, or a lone expression. Rows that go on with ``\\ &=`` belong to one relation.
        remarks: words, conditions and ranges written beside it (``\quad \text{for } j = k``, ``l = 2, \dots, L``), a
            node each; what is read as part of the statement's sense is decided later.
        label: of ``\tag{…}``, else of ``\label{…}``; None where there is none.
        span: of all of it.
    """

    content: Node
    remarks: tuple[Node, ...]
    label: str | None
    span: Span
