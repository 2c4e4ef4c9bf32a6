r"""Sums with and without limits: over ``k = 1, …, n``, over ``k``, over ``i, j``, over ``k ≠ i``, over all entries.

A product over an index is the exponential of a sum of logarithms: its factors are taken to be positive.
"""

from dataclasses import replace
from typing import NamedTuple

from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Pow, exp, log

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import totals, values
from symfnn.elaboration.layer_ranges import whole_range
from symfnn.elaboration.names import written
from symfnn.elaboration.products import size_text
from symfnn.elaboration.reading import Limit, Reading, index_of, size_of
from symfnn.elaboration.shared import told_apart
from symfnn.elaboration.values import Value
from symfnn.latex.syntax import (
    BigOperator,
    Fence,
    Fraction,
    Letter,
    Node,
    Number,
    Product,
    Relation,
    Scripted,
    Sequence,
)
from symfnn.latex.walk import nodes
from symfnn.source import Span

POSITIVE = "the factors of the product are positive"
_UNLIKE = frozenset({r"\neq", "!="})
_COUNTED_OTHERWISE = ", which counted something else before"


class _Bound(NamedTuple):
    """A letter that a sum runs over.

    Attributes:
        name: as written.
        low: its lower bound; None where none is written.
        high: the upper one, where that stands below the sign too.
        without: the indices that it does not take.
    """

    name: str
    low: Node | None = None
    high: Node | None = None
    without: tuple[Node, ...] = ()


def big_operator(reading: Reading, node: BigOperator) -> Value:
    r"""The value of ``\sum`` or ``\prod``.

    Raises:
        MeaningError: another operator, or limits that are not understood.
    """
    is_product = node.name.lstrip("\\") == "prod" and node.lower is not None
    if node.name.lstrip("\\") != "sum" and not is_product:
        raise errors.MeaningError("not-covered", f"the operator {node.name} is not understood", node.span)
    if node.lower is None:
        return _of_all(reading, node)
    node = told_apart(reading, node)
    assert node.lower is not None
    found = _letters(node.lower)
    outer = {one.name: reading.bound.get(one.name) for one in found}
    letters = {one.name: index.fresh(one.name.rstrip("'")) for one in found}
    reading.bound.update(letters)
    reading.summed.update(letters)
    stated = reading.known
    reading.known = {**stated, **_stated(reading, found, node.upper)}
    # a bound on layers: the sum runs inside the range of what it sums
    known = len(reading.layers)
    try:
        value = reading.value(node.body)
        if is_product:
            value = _in_logarithms(value, node.span)
        limits = [
            (
                letters[name],
                *_bounds(reading, letters[name], value, low, node.upper if high is None else high, node.span),
            )
            for name, low, high, _ in reversed(found)
        ]
        for one in found:
            value = _without(reading, one, letters[one.name], value, node.span)
        result = _bound(value, limits, reading.scope.single)
        result = replace(result, notes=(*result.notes, *_counts(reading, node.upper, limits)))
        if any(_begins_at_zero(reading, letters[one.name], one.low) for one in found) and not is_product:
            result = replace(result, expr=result.expr + _at_zero(reading, node, found, value))
    finally:
        reading.known = stated
        for name, before in outer.items():
            del reading.bound[name]
            if before is not None:
                reading.bound[name] = before
    _forget(reading, set(letters.values()), known)
    return replace(values.elementwise(exp, result), notes=(*result.notes, POSITIVE)) if is_product else result


def _in_logarithms(value: Value, span: Span) -> Value:
    """The logarithms of a product's factors.

    Raises:
        MeaningError: a factor is an array, whose products have an order.
    """
    if not value.is_scalar:
        raise errors.MeaningError("not-covered", "a product of arrays is not understood", span)
    return values.elementwise(_logarithm, value)


def _logarithm(factor: Expr) -> Expr:
    """The logarithm of what is positive, in the logarithms of its own factors."""
    if isinstance(factor, exp):
        return factor.args[0]
    if isinstance(factor, Mul):
        return Add(*map(_logarithm, factor.args))
    if isinstance(factor, Pow):
        return factor.exp * _logarithm(factor.base)
    return log(factor)


def _bound(value: Value, limits: list[tuple[Expr, Expr, Expr]], single: frozenset[Expr]) -> Value:
    """The sum of a value over letters, innermost first; of a block the sums of its parts; of one term this."""
    kept = Value(value.expr, value.row, value.column, is_jacobian=value.is_jacobian, outer=value.outer)
    kept = replace(kept, notes=value.notes)
    if value.parts is not None:
        return replace(kept, parts=tuple(tuple(_bound(part, limits, single) for part in row) for row in value.parts))
    result = value.expr
    for letter, low, high in limits:
        only = {letter: Integer(1)}
        result = index.substitute(result, only) if high in single else index.bind(result, [(letter, low, high)])
    return replace(kept, expr=result)


def _without(reading: Reading, one: _Bound, letter: Expr, value: Value, span: Span) -> Value:
    """The terms of a sum, 0 where its letter is one of the indices that it does not take.

    Raises:
        MeaningError: the sum begins at 0 or is over layers, or the index runs along another axis.
    """
    for node in one.without:
        sizes, other = reading.uses.get(letter), index_of(reading, node)
        if not sizes or not other.is_Symbol or {letter, other} & reading.zeros or value.parts is not None:
            raise errors.MeaningError("not-covered", "what this sum runs over is not understood", span)
        reading.use(other, sizes[0], node.span)
        value = replace(value, expr=value.expr * (1 - KroneckerDelta(letter, other)), derivative=None)
    return value


def _begins_at_zero(reading: Reading, letter: Expr, low: Node | None) -> bool:
    """Whether a sum that is not over layers begins at 0."""
    return isinstance(low, Number) and low.text == "0" and not _as_layer(reading, letter)


def _at_zero(reading: Reading, node: BigOperator, found: list[_Bound], others: Value) -> Expr:
    """What a sum that begins at 0 adds for 0, in the letters of the others.

    Raises:
        MeaningError: it has several letters, or no entry is numbered 0.
    """
    if len(found) > 1 or others.parts is not None or others.outer:
        raise errors.MeaningError("not-covered", "a sum that does not begin at 1 is not understood", node.span)
    reading.bound[found[0].name] = Integer(0)
    value = reading.value(node.body)
    if value.shape != others.shape or value.parts is not None:
        raise errors.MeaningError("not-covered", "a sum that does not begin at 1 is not understood", node.span)
    return values.moved(value, others)


def _stated(reading: Reading, found: list[_Bound], upper: Node | None) -> dict[str, Expr]:
    """How far the letters of a sum run, where that is written."""
    result = {}
    for name, low, high, _ in found:
        limit = high if high is not None else upper
        if limit is not None and (low is None or (isinstance(low, Number) and low.text == "1")):
            try:
                result[name] = size_of(reading, limit)
            except errors.MeaningError:
                continue
    return result


def _of_all(reading: Reading, node: BigOperator) -> Value:
    r"""``\sum`` without a letter: of all entries of one array, or over the letters that its body alone uses twice.

    Raises:
        MeaningError: it is neither.
    """
    known = set(reading.uses)
    layers = len(reading.layers)
    is_summed, reading.is_summed = reading.is_summed, True
    try:
        value = reading.value(_outside(node.body))
        is_one = not value.is_scalar and _is_of_one_array(reading, node.body)
    finally:
        reading.is_summed = is_summed
    if isinstance(node.body, Fraction) and _outside(node.body) is not node.body:
        return value
    if node.upper is None and is_one:
        return totals.summed(value)
    free = [letter for letter in reading.uses if letter not in known and letter.name not in reading.outer]
    letters = [letter for letter in free if _count(node.body, letter) > 1]
    if node.upper is not None or not value.is_scalar or not letters:
        raise errors.MeaningError("not-covered", "what this sum runs over is not written", node.span)
    result = value.expr
    for letter in letters:
        bound = index.fresh(letter.name)
        result = index.bind(index.substitute(result, {letter: bound}), [(bound, Integer(1), reading.uses[letter][0])])
    _forget(reading, set(letters), layers)
    return Value(result, is_jacobian=value.is_jacobian, notes=value.notes)


def _outside(body: Node) -> Node:
    r"""``\sum \frac{\partial u}{\partial w}`` as the derivative of the sum; any other body as it is."""
    if not isinstance(body, Fraction) or not isinstance(body.top, Product):
        return body
    sign, *rest = body.top.factors
    if not isinstance(sign, Letter) or sign.name not in (r"\partial", "∂") or body.top.signs[0]:
        return body
    inner = rest[0] if len(rest) == 1 else replace(body.top, factors=tuple(rest), signs=body.top.signs[1:])
    total = BigOperator("sum", None, None, inner, body.top.span)
    return replace(body, top=Product((sign, total), ("",), body.top.span))


def _is_of_one_array(reading: Reading, body: Node) -> bool:
    """Whether at most one factor is no number: a product of arrays may be summed in several ways."""
    if not isinstance(body, Product):
        return True
    known = dict(reading.uses)
    arrays = [factor for factor in body.factors if not reading.value(factor).is_scalar]
    reading.uses = known
    return len(arrays) == 1


def _count(node: Node, letter: Expr) -> int:
    """How often a letter is written."""
    return sum(isinstance(part, Letter | Scripted) and written(part) == letter.name for part in nodes(node))


def _forget(reading: Reading, letters: set[Expr], known: int) -> None:
    """What was noted about letters that are bound no longer matters outside."""
    reading.settle_kroneckers(letters)
    for letter in letters:
        reading.uses.pop(letter, None)
    kept = [(layer, bounds) for layer, bounds in reading.layers[known:] if not layer.free_symbols & letters]
    reading.layers[known:] = kept


def _parts(lower: Node) -> list[Node]:
    if isinstance(lower, Sequence):
        return [part for item in lower.items for part in _parts(item)]
    if isinstance(lower, Product) and not any(lower.signs):
        return list(lower.factors)
    return [lower]


def _letters(lower: Node) -> list[_Bound]:
    r"""The letters that a sum runs over; what is written of one in several parts, ``j = 1, j \neq i``, is joined."""
    found: dict[str, _Bound] = {}
    for part in _parts(lower):
        one = _letter(part)
        other = found.get(one.name)
        if other is not None and not (one.without or other.without):
            raise errors.MeaningError("not-covered", "what this sum runs over is not understood", part.span)
        low, high = (None, None) if other is None else (other.low, other.high)
        without = () if other is None else other.without
        found[one.name] = _Bound(one.name, one.low or low, one.high or high, (*without, *one.without))
    return list(found.values())


def _letter(node: Node) -> _Bound:
    """A bound letter, with its lower bound or an index that it does not take."""
    match node:
        case Letter() | Scripted():
            return _Bound(written(node))
        case Relation((Letter() | Scripted() as letter, low), ("=",)) if low is not None:
            return _Bound(written(letter), low)
        case Relation((Letter() | Scripted() as letter, Letter() | Scripted() as other), (sign,)) if sign in _UNLIKE:
            return _Bound(written(letter), without=(other,))
        case Relation((Letter() | Scripted() as letter, Letter() | Scripted() | Fence()), (r"\in",)):
            return _Bound(written(letter))
    raise errors.MeaningError("not-covered", "what this sum runs over is not understood", node.span)


def _bounds(
    reading: Reading, letter: Expr, value: Value, low: Node | None, high: Node | None, span: Span
) -> tuple[Expr, Expr]:
    """The range of a bound letter: as written, and as the axes say that it runs along.

    Raises:
        MeaningError: they are unlike, or there is neither.
    """
    sizes = reading.uses.get(letter, [])
    layered = _as_layer(reading, letter)
    if layered and not sizes:
        return _layer_bounds(reading, letter, value, low, high, span)
    own = sizes[0] if sizes else None
    _require_start(reading, letter, low, span)
    limit = None if high is None else _upper(reading, high, own)
    if limit is None and own is None:
        raise errors.MeaningError("not-covered", "how far this sum runs is not known", span)
    if limit is not None and own is not None and limit != own:
        # a letter that stands for "all of them" is no statement about a layer's width
        is_shape = not own.has(index.WIDTH) or (limit.has(index.WIDTH) and not isinstance(high, Letter))
        message = f"the sum runs to {limit}, but the index to {own}"
        trouble = errors.MeaningError("wrong-index", message, span, is_shape=is_shape, sizes=(limit, own))
        if reading.limits is None or not isinstance(high, Letter) or _is_index(reading, high, limit):
            raise trouble
        reading.limits.append(Limit(written(high), limit, own, trouble))
    return Integer(1), own if own is not None else limit


def _is_index(reading: Reading, high: Letter, limit: Expr) -> bool:
    """Whether the letter that a sum goes up to is an index of the statement or counts samples, so no layer's width."""
    is_own = high.name in reading.outer or high.name in reading.summed
    return is_own or limit in reading.uses or limit in reading.scope.batch


def _require_start(reading: Reading, letter: Expr, low: Node | None, span: Span) -> None:
    """That a sum begins where what it sums does.

    Raises:
        MeaningError: it does not, or that is not said.
    """
    has_zero = letter in reading.zeros and letter not in reading.plain
    if low is None and has_zero:
        raise errors.MeaningError("not-covered", "whether this sum begins at 0 or at 1 is not written", span)
    begins = "1" if low is None else low.text if isinstance(low, Number) else ""
    if begins != "1" and not (begins == "0" and has_zero):
        raise errors.MeaningError("not-covered", "a sum that does not begin at 1 is not understood", span)


def _upper(reading: Reading, high: Node, own: Expr | None) -> Expr | None:
    """The upper limit; a letter that nothing defines counts what it is used on."""
    text = written(high)
    is_index = text in reading.summed or text in {str(letter) for letter in reading.uses}
    if isinstance(high, Letter) and text not in reading.scope.sizes and own is not None and not is_index:
        reading.counted.setdefault(text, own)
        return own
    return size_of(reading, high)


def _counts(reading: Reading, high: Node | None, limits: list[tuple[Expr, Expr, Expr]]) -> tuple[str, ...]:
    """What is supposed where a definition's sum to the same undeclared letter runs along an axis of another size.

    A letter that stands for "all of them" is no statement about a layer's width.
    """
    text = "" if high is None else written(high)
    before = reading.scope.counted.get(text)
    if before is None or text not in reading.counted or before.has(index.WIDTH):
        return ()
    others = [size for _, _, size in limits if size != before and not size.has(index.WIDTH)]
    return tuple(f"the {size_text(size)} is {text} too{_COUNTED_OTHERWISE}" for size in others)


def counts_twice(words: str) -> bool:
    """Whether what is supposed is that a letter counts something else than it did."""
    return words.endswith(_COUNTED_OTHERWISE)


def _as_layer(reading: Reading, letter: Expr) -> list[tuple[Expr, index.Range]]:
    return [(layer, bounds) for layer, bounds in reading.layers if letter in layer.free_symbols]


def _layer_bounds(
    reading: Reading, letter: Expr, value: Value, low: Node | None, high: Node | None, span: Span
) -> tuple[Expr, Expr]:
    """A sum over layers: as written, or over all that have what is summed.

    Raises:
        MeaningError: which they are is not known.
    """
    whole = whole_range(reading.scope, value.expr, letter) if low is None and high is None else None
    if whole is not None:
        return whole
    if low is None or high is None:
        raise errors.MeaningError("not-covered", "over which layers this sum runs is not written", span)
    return size_of(reading, low) if not isinstance(low, Number) else Integer(int(low.text)), size_of(reading, high)
