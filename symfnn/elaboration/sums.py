r"""Sums with and without limits: over ``k = 1, …, n``, over ``k``, over ``i, j``, over samples, over all entries."""

from dataclasses import replace

from sympy import Expr, Integer

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import values
from symfnn.elaboration.names import written
from symfnn.elaboration.reading import Limit, Reading, size_of
from symfnn.elaboration.survey import nodes
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
from symfnn.source import Span


def big_operator(reading: Reading, node: BigOperator) -> Value:
    r"""The value of ``\sum``.

    Raises:
        MeaningError: another operator, or limits that are not understood.
    """
    if node.name.lstrip("\\") not in ("sum",):
        raise errors.MeaningError("not-covered", f"the operator {node.name} is not understood", node.span)
    if node.lower is None:
        return _of_all(reading, node)
    found = [_letter(part) for part in _parts(node.lower)]
    outer = {name: reading.bound.get(name) for name, _, _ in found}
    letters = {name: index.fresh(name.rstrip("'")) for name, _, _ in found}
    reading.bound.update(letters)
    # a bound on layers: the sum runs inside the range of what it sums
    known = len(reading.layers)
    try:
        value = reading.value(node.body)
        result = value.expr
        for name, low, high in reversed(found):
            letter = letters[name]
            upper = high if high is not None else node.upper
            bounds = _bounds(reading, letter, low, upper, node.span)
            if bounds[1] in reading.scope.single:
                result = index.substitute(result, {letter: Integer(1)})
            else:
                result = index.bind(result, [(letter, *bounds)])
    finally:
        for name, before in outer.items():
            del reading.bound[name]
            if before is not None:
                reading.bound[name] = before
    _forget(reading, set(letters.values()), known)
    return Value(result, value.row, value.column, is_jacobian=value.is_jacobian, outer=value.outer, notes=value.notes)


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
        return values.summed(value)
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


def _letter(node: Node) -> tuple[str, Node | None, Node | None]:
    """A bound letter, with its lower bound and, where it is written below, its upper one."""
    match node:
        case Letter() | Scripted():
            return written(node), None, None
        case Relation((Letter() | Scripted() as letter, low), ("=",)) if low is not None:
            return written(letter), low, None
        case Relation((Letter() | Scripted() as letter, Letter() | Scripted() | Fence()), (r"\in",)):
            return written(letter), None, None
    raise errors.MeaningError("not-covered", "what this sum runs over is not understood", node.span)


def _bounds(reading: Reading, letter: Expr, low: Node | None, high: Node | None, span: Span) -> tuple[Expr, Expr]:
    """The range of a bound letter: as written, and as the axes say that it runs along.

    Raises:
        MeaningError: they are unlike, or there is neither.
    """
    sizes = reading.uses.get(letter, [])
    layered = _as_layer(reading, letter)
    if layered and not sizes:
        return _layer_bounds(reading, letter, low, high, span)
    own = sizes[0] if sizes else None
    if low is not None and not (isinstance(low, Number) and low.text == "1"):
        raise errors.MeaningError("not-covered", "a sum that does not begin at 1 is not understood", span)
    limit = None if high is None else _upper(reading, high, own)
    if limit is None and own is None:
        raise errors.MeaningError("not-covered", "how far this sum runs is not known", span)
    if limit is not None and own is not None and limit != own:
        # a letter that stands for "all of them" is no statement about a layer's width
        is_shape = not own.has(index.WIDTH) or (limit.has(index.WIDTH) and not isinstance(high, Letter))
        message = f"the sum runs to {limit}, but the index to {own}"
        trouble = errors.MeaningError("wrong-index", message, span, is_shape=is_shape, sizes=(limit, own))
        if reading.limits is None or not isinstance(high, Letter) or limit in reading.scope.batch:
            raise trouble
        reading.limits.append(Limit(written(high), limit, own, trouble))
    return Integer(1), own if own is not None else limit


def _upper(reading: Reading, high: Node, own: Expr | None) -> Expr | None:
    """The upper limit; a letter that nothing defines counts what it is used on."""
    text = written(high)
    is_index = text in reading.bound or text in {str(letter) for letter in reading.uses}
    if isinstance(high, Letter) and text not in reading.scope.sizes and own is not None and not is_index:
        return own
    return size_of(reading, high)


def _as_layer(reading: Reading, letter: Expr) -> list[tuple[Expr, index.Range]]:
    return [(layer, bounds) for layer, bounds in reading.layers if letter in layer.free_symbols]


def _layer_bounds(reading: Reading, letter: Expr, low: Node | None, high: Node | None, span: Span) -> tuple[Expr, Expr]:
    """A sum over layers: its limits have to be written."""
    del letter
    if low is None or high is None:
        raise errors.MeaningError("not-covered", "over which layers this sum runs is not written", span)
    return size_of(reading, low) if not isinstance(low, Number) else Integer(int(low.text)), size_of(reading, high)
