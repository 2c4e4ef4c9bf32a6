"""One statement's reading: which letters are bound, where free letters were used, which layers were asked for."""

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import NamedTuple, final

from sympy import Add, Expr, Integer, Mul, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration.names import mention, written
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.values import Value
from symfnn.latex.syntax import Fence, Letter, Node, Number, Product, Scripted, Sum
from symfnn.source import Span


class Limit(NamedTuple):
    """A letter that a sum runs to, and the size of the axis that it runs along.

    Attributes:
        text: the letter as it is written.
        count: what it counts elsewhere.
        size: of the axis.
        trouble: what is wrong where the letter counts something else.
    """

    text: str
    count: Expr
    size: Expr
    trouble: errors.MeaningError


@final
@dataclass(slots=True)
class Reading:
    """What is found out while one statement is read.

    Attributes:
        scope: what is known.
        evaluate: reads a node, which the parts of the reader call in turn.
        bound: the letters of sums, by how they are written.
        known: how far a bound letter is stated to run, by how it is written.
        variables: letters that stand for one real number in this statement, such as z in f(z) = ….
        uses: for each index letter, the sizes of the axes that it was used on.
        across: for each index letter of a vector, whether the vector is a row.
        zeros: the letters that were used on axes whose entry 0 is a part of its own.
        plain: the letters that were used on axes that are counted from 1.
        layers: pairs of a layer and the range that it has to lie in.
        outer: the letters that stand in scripts on the left side, as written.
        is_sliced: whether a row or a column of a matrix takes part that may lie either way.
        is_summed: whether what is read is summed over all its entries, so that a power is one of each entry.
        kroneckers: pairs of letters that were taken for the indices of a Kronecker delta.
        counted: what letters that nothing declares count, by the sums that run to them.
        summed: every letter that a sum has bound so far, which counts nothing.
        limits: of sums that run to another letter than the axis has entries, with what speaks against it; None where
            there can be none.
        names: pairs of an entry and the derivative that it is a name for, where a product of derivatives is to be read
            as the derivative that the chain rule says it is; None where it is to be read as the product.
    """

    scope: Scope
    evaluate: Callable[["Reading", Node], tuple[Value, ...]]
    bound: dict[str, Expr] = field(default_factory=dict)
    known: dict[str, Expr] = field(default_factory=dict)
    variables: dict[str, Expr] = field(default_factory=dict)
    uses: dict[Expr, list[Expr]] = field(default_factory=dict)
    across: dict[Expr, bool] = field(default_factory=dict)
    zeros: set[Expr] = field(default_factory=set)
    plain: set[Expr] = field(default_factory=set)
    layers: list[tuple[Expr, index.Range]] = field(default_factory=list)
    outer: frozenset[str] = frozenset()
    is_sliced: bool = False
    is_summed: bool = False
    kroneckers: list[tuple[Expr, Expr, Span]] = field(default_factory=list)
    limits: list[Limit] | None = None
    counted: dict[str, Expr] = field(default_factory=dict)
    summed: set[str] = field(default_factory=set)
    names: tuple[tuple[Expr, Expr], ...] | None = None

    def value(self, node: Node) -> Value:
        """The value of a node, the first where it has several.

        Raises:
            MeaningError: it has no sense that is understood, or its shapes do not fit.
        """
        return self.evaluate(self, node)[0]

    def use(self, letter: Expr, size: Expr, span: Span) -> None:
        """Note that an index runs along an axis of that size.

        Raises:
            MeaningError: a letter is used on axes of unlike sizes, or was taken for the number of something.
        """
        if letter.is_Integer:
            return
        for symbol in letter.free_symbols:
            if shown(symbol) in self.counted:
                raise errors.MeaningError("unknown-symbol", f"nothing says what {shown(symbol)} is", span)
            known = self.uses.setdefault(symbol, [])
            if known and known[0] != size and letter == symbol:
                raise errors.MeaningError(
                    "wrong-index",
                    f"the index {shown(symbol)} runs over axes of unlike sizes, {known[0]} and {size}",
                    span,
                    is_shape=True,
                    sizes=(known[0], size),
                )
            if letter == symbol and not known:
                known.append(size)

    def settle_kroneckers(self, letters: Container[Expr] | None = None) -> None:
        """See that the letters of each Kronecker delta run along one axis; those that hold one of ``letters`` only.

        Raises:
            MeaningError: they do not, so that what was read is another quantity.
        """
        left: list[tuple[Expr, Expr, Span]] = []
        for first, second, span in self.kroneckers:
            if letters is not None and first not in letters and second not in letters:
                left.append((first, second, span))
                continue
            sizes = self.uses.get(first), self.uses.get(second)
            if not sizes[0] or sizes[0] != sizes[1]:
                raise errors.MeaningError("unknown-symbol", "nothing says what this quantity is", span)
        self.kroneckers = left


def shown(letter: Expr) -> str:
    """A letter as it was written."""
    return str(getattr(letter, "name", letter))


def index_of(reading: Reading, node: Node) -> Expr:
    """The integer that an index or a layer is: ``l-1``, ``k'``, ``3``.

    Raises:
        MeaningError: it is no index that is understood.
    """
    match node:
        case Number(text) if text.isdecimal() and len(text) < 6:
            return Integer(int(text))
        case Fence("(" | "[" | "{", body, _) if body is not None:
            return index_of(reading, body)
        case Sum(terms, signs):
            parts = (
                index_of(reading, term) * (-1 if sign == "-" else 1) for term, sign in zip(terms, signs, strict=True)
            )
            return Add(*parts)
        case Product(factors, signs) if not any(signs) and isinstance(factors[0], Number):
            return Mul(*(index_of(reading, factor) for factor in factors))
    found = _letter(reading, node) if isinstance(node, Letter | Scripted) else None
    if found is None:
        raise errors.MeaningError("not-covered", f"{written(node)} is no index that is understood", node.span)
    return found


def _letter(reading: Reading, node: Letter | Scripted) -> Expr | None:
    """What a letter stands for among indices and sizes; None where it is none."""
    scope, text = reading.scope, written(node)
    if text in reading.bound:
        return reading.bound[text]
    if text == scope.layer_letter:
        return index.LAYER
    if text == scope.depth_letter:
        return index.DEPTH
    if text in scope.sizes:
        return scope.sizes[text]
    return _width(reading, node) or (plain_index(text) if _is_plain(node) else None)


def plain_index(text: str) -> Symbol:
    """An index or a count by how it is written, apart from the layer and the depth, whatever their letters are."""
    taken = (index.LAYER.name, index.DEPTH.name)
    return index.index(f"{text}′" if text in taken else text)


def _is_plain(node: Node) -> bool:
    if isinstance(node, Scripted):
        return isinstance(node.base, Letter) and node.sub is None and node.sup is None
    return isinstance(node, Letter) and node.name not in (r"\cdot", ":", r"\partial", r"\top")


def _width(reading: Reading, node: Node) -> Expr | None:
    """The width s_l of a layer, as the scope's texts write it."""
    found = mention(node)
    family = reading.scope.family
    if found is None or family is None or len(found.marks) != 1:
        return None
    (mark,) = found.marks
    if (found.name, mark.place) != family:
        return None
    return index.width(index_of(reading, mark.content))


def size_of(reading: Reading, node: Node) -> Expr:
    """How many entries an axis has: ``n``, ``s_{l-1}``, ``n^{[l]}``, ``s_l + 1``, ``500``."""
    if isinstance(node, Number) and node.text.isdecimal():
        count = int(node.text)
        # widths are distinct even where a text has them equal, so a number is a name; 1 is no axis
        return Integer(1) if count == 1 else Symbol(node.text, integer=True, positive=True)
    return index_of(reading, node)


def blank(scope: Scope) -> Reading:
    """A reading of indices and sizes alone."""
    return Reading(scope, lambda _, node: _no_value(node))


def _no_value(node: Node) -> tuple[()]:
    raise errors.MeaningError("not-covered", "an index was expected here", node.span)
