"""How a quantity is written: its name, what stands above and below, primes, a transposition; no meaning of symfnn's.

A name has slots, above for layers and samples, below for entries. Which superscripts without brackets are slots
(``a^l``) and which subscripts belong to the name (``E_n``) is what the statements of a document say.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace

from symfnn.latex.syntax import (
    BigOperator,
    Dots,
    Fence,
    Letter,
    Node,
    Number,
    Product,
    Relation,
    Scripted,
    Sequence,
    Sum,
)
from symfnn.latex.writing import write
from symfnn.source import Span

TRANSPOSES = {"T", r"\top", r"\intercal", r"\mathsf{T}"}
SETS = {"R", "N"}
HADAMARD = {r"\odot", r"\circ", r"\bullet", r"\ast", r"\otimes", "*", ".*"}
SIGNS = {r"\nabla", r"\partial"}


@dataclass(frozen=True)
class Reference:
    """A quantity as it is mentioned.

    Attributes:
        name: with the style where that tells letters apart; ``"d Z"`` of a name of two letters.
        above: the slots above.
        below: the slots below.
        primes: of a function.
        is_transposed: whether there is a T above.
        power: a number above that is no slot.
    """

    name: str
    above: tuple[Node, ...] = ()
    below: tuple[Node, ...] = ()
    primes: int = 0
    is_transposed: bool = False
    power: Node | None = None


@dataclass
class Spelling:
    """What the statements tell about names.

    Attributes:
        literal: written names whose scripts are part of them: ``E_n``, ``n_l``.
        bare: names with slots above that have no brackets.
        pairs: names of two letters: ``d Z``, ``\\Delta w``.
    """

    literal: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    pairs: set[str] = field(default_factory=set)

    def reference(self, node: Node) -> Reference | None:
        """The node as the mention of a quantity; None where it is none."""
        if isinstance(node, Letter):
            return None if node.name in SIGNS else Reference(name_of(node))
        if not isinstance(node, Scripted):
            return None
        name = write(replace(node, base=without_turn(node.base), sup=None, primes=0))
        if name in self.literal:
            inner, sub = Reference(name), None
        else:
            inner, sub = self.reference(node.base), node.sub
        if inner is None or (
            isinstance(node.base, Scripted) and name not in self.literal and self._is_complete(inner, node)
        ):
            return None
        found = self._above(inner.name, node.sup)
        if found is None:
            return None
        slots, is_transposed, power = found
        if inner.is_transposed and sub is not None:  # an entry of what is transposed has its indices swapped
            return Reference(inner.name, slots, below_slots(sub)[::-1], node.primes, is_transposed, power)
        below = (*inner.below, *below_slots(sub))
        turned = inner.is_transposed != is_transposed
        return Reference(inner.name, (*inner.above, *slots), below, inner.primes + node.primes, turned, power)

    @staticmethod
    def _is_complete(inner: Reference, node: Scripted) -> bool:
        """Whether what has scripts of its own is given others that do not belong to its name."""
        has_more = node.sub is not None or not all(map(is_turn, above_parts(node.sup)))
        return inner.power is not None or (has_more and bool(inner.above or inner.below))

    def _above(self, name: str, node: Node | None) -> tuple[tuple[Node, ...], bool, Node | None] | None:
        slots: list[Node] = []
        is_transposed, power = False, None
        for part in above_parts(node):
            if is_turn(part):
                is_transposed = not is_transposed
            elif isinstance(part, Fence) and part.left in "([" and part.body is not None:
                slots += part.body.items if isinstance(part.body, Sequence) else (part.body,)
            elif name in self.bare and not slots:
                slots += part.items if isinstance(part, Sequence) else (part,)
            elif isinstance(part, Number) and power is None:
                power = part
            else:
                return None
        return tuple(slots), is_transposed, power

    def joined(self, first: Node, second: Node) -> Reference | None:
        """Two factors as one name."""
        inner = self.reference(second)
        if not isinstance(first, Letter) or inner is None:
            return None
        name = f"{name_of(first)} {inner.name}"
        return Reference(name, inner.above, inner.below, inner.primes, inner.is_transposed, inner.power) if (
            name in self.pairs
        ) else None  # fmt: skip


def name_of(letter: Letter) -> str:
    return f"{letter.style} {letter.name}" if letter.style in ("bold", "calligraphic", "blackboard") else letter.name


def above_parts(node: Node | None) -> tuple[Node, ...]:
    """What stands above, in a row."""
    return node.factors if isinstance(node, Product) and not any(node.signs) else () if node is None else (node,)


def is_turn(node: Node) -> bool:
    return isinstance(node, Letter) and node.name in TRANSPOSES


def without_turn(node: Node) -> Node:
    """The letter below a transposition and nothing else."""
    is_turned = isinstance(node, Scripted) and node.sub is None and node.sup is not None and not node.primes
    return node.base if is_turned and all(map(is_turn, above_parts(node.sup))) else node


def below_slots(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    if isinstance(node, Product) and not any(node.signs):
        return node.factors
    return node.items if isinstance(node, Sequence) else (node,)


def nodes(node: object) -> Iterator[Node]:
    """A node and all below it."""
    if isinstance(node, tuple):
        for item in node:
            yield from nodes(item)
    elif node is not None and not isinstance(node, str | int | Span):
        yield node
        for part in fields(node):
            yield from nodes(getattr(node, part.name))


def range_of(node: Node) -> tuple[str, Node, Node] | None:
    """The letter and the bounds of ``l = 2, …, L``."""
    if not isinstance(node, Relation) or node.signs != ("=",) or not isinstance(node.parts[1], Sequence):
        return None
    letter, items = node.parts[0], node.parts[1].items
    if isinstance(letter, Letter) and len(items) >= 3 and isinstance(items[-2], Dots):
        return letter.name, items[0], items[-1]
    return None


def free_letters(node: Node, spelling: Spelling, bound: frozenset[str] = frozenset()) -> Iterator[str]:
    """The letters that stand for numbers of layers, samples or entries and that no sum binds."""
    if isinstance(node, BigOperator):
        limits = [part for part in (node.lower, node.upper) if part is not None]
        binder = bound_letter(node)
        for limit in limits:
            yield from _in_slot(limit, spelling, bound | ({binder} if binder else set()))
        yield from free_letters(node.body, spelling, bound | ({binder} if binder else set()))
        return
    found = spelling.reference(node)
    if found is not None:
        for slot in (*found.above, *found.below):
            yield from _in_slot(slot, spelling, bound)
        return
    if isinstance(node, Scripted) and not isinstance(node.base, Letter):
        yield from free_letters(node.base, spelling, bound)
        for slot in below_slots(node.sub):
            yield from _in_slot(slot, spelling, bound)
        return
    for part in _children(node):
        yield from free_letters(part, spelling, bound)


def bound_letter(node: BigOperator) -> str | None:
    lower = node.lower.parts[0] if isinstance(node.lower, Relation) else node.lower
    return lower.name if isinstance(lower, Letter) else None


def _in_slot(node: Node, spelling: Spelling, bound: frozenset[str]) -> Iterator[str]:
    if isinstance(node, Letter):
        if node.name not in bound:
            yield node.name
        return
    found = spelling.reference(node)
    parts = (*found.above, *found.below) if found is not None else _children(node)
    for part in parts:
        yield from _in_slot(part, spelling, bound)


def _children(node: Node) -> list[Node]:
    found = (getattr(node, part.name) for part in fields(node))
    flat: list[Node] = []
    for value in found:
        values = value if isinstance(value, tuple) else (value,)
        for item in values:
            inner = item if isinstance(item, tuple) else (item,)
            flat += [n for n in inner if n is not None and not isinstance(n, str | int | Span)]
    return flat


def has_set(node: Node) -> bool:
    """Whether this is ℝ or ℕ, perhaps with a shape."""
    base = node.base if isinstance(node, Scripted) else node
    return isinstance(base, Letter) and base.style == "blackboard" and base.name in SETS


def terms_of(node: Node) -> tuple[Letter, int] | None:
    """A letter and the number that is added to it: ``l``, ``l+1``."""
    if isinstance(node, Letter):
        return node, 0
    if isinstance(node, Sum) and len(node.terms) == 2 and node.signs[0] == "+":
        first, second = node.terms
        if isinstance(first, Letter) and isinstance(second, Number) and second.text.isdecimal():
            return first, int(second.text) * (1 if node.signs[1] == "+" else -1)
    return None
