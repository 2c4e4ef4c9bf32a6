"""What the statements of a document say, as it is kept, and how large a network is written out."""

from dataclasses import dataclass

from symfnn.latex.syntax import Node, Relation

Slots = tuple[int, ...]
Range = tuple[str, Node, Node]


@dataclass(frozen=True)
class Stated:
    """A statement with the ranges of its letters."""

    content: Relation
    ranges: tuple[Range, ...] = ()


@dataclass(frozen=True)
class Size:
    """How large a network is written out.

    Attributes:
        widths: of its layers from the first on.
        samples: how many.
        others: what sizes with a letter of their own are where nothing is in layers, in the order of their statements.
    """

    widths: tuple[int, ...] = (3, 2, 4)
    samples: int = 5
    others: tuple[int, ...] = (3, 2, 4, 5, 6, 7)


@dataclass(frozen=True, eq=False)
class Item:
    """What one statement says of a name.

    Attributes:
        above, below: its slots, as patterns.
        ranges: of their letters.
        shape: of a quantity that is given; empty for a scalar.
        right: the value of one that is defined.
        arguments: of an open loss.
    """

    above: tuple[Node, ...]
    below: tuple[Node, ...]
    ranges: tuple[Range, ...]
    shape: tuple[Node, ...] = ()
    right: Node | None = None
    arguments: tuple[Node, ...] | None = None
