r"""Functions of a whole vector: softmax and diag, which the language knows by name, and those that a text states."""

from collections.abc import Callable

from sympy import Expr, KroneckerDelta, S, Symbol, exp

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import entries, totals, values
from symfnn.elaboration.names import Mention, written
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.scope import Rule
from symfnn.elaboration.values import Axis, Value
from symfnn.latex.syntax import Fence, Function, Node, Sequence, Sum
from symfnn.source import Span


def is_special(name: str) -> bool:
    """Whether a name is that of a function of a whole array."""
    return _plain(name) in _SPECIAL


def _plain(name: str) -> str:
    return name.lower().replace(" ", "")


def applied(reading: Reading, name: str, argument: Node, span: Span) -> tuple[Value, ...]:
    """The values of a function of a whole array.

    Args:
        reading: what the argument is read in.
        name: of the function, for which ``is_special`` holds.
        argument: as written.
        span: of the name.

    Raises:
        MeaningError: the argument is not understood, or no vector.
    """
    inners = (_shifted(reading, argument) if _plain(name) == "softmax" else ()) or reading.evaluate(reading, argument)
    return tuple(_SPECIAL[_plain(name)](reading, inner, span) for inner in inners)


def ruled(reading: Reading, name: str, argument: Node) -> tuple[Value, ...]:
    """The values of a function that the text states by its entries; nothing where it is none, or of no vector.

    Raises:
        MeaningError: the argument is not understood.
    """
    rule = next((one for one in reversed(reading.scope.rules) if one.letter == name), None)
    if rule is None:
        return ()
    return tuple(_of_rule(rule, inner) for inner in reading.evaluate(reading, argument) if inner.is_vector)


def _of_rule(rule: Rule, argument: Value) -> Value:
    """The value of a function at a vector, which lies as that does."""
    along = argument.row or argument.column
    assert along is not None

    def entry(node: Expr) -> Expr:
        place = index.indices_of(node)[-1]
        return totals.at(argument, place, place)

    letter = index.fresh("i")
    body = index.substitute(rule.expr, {rule.index: letter})
    body = body.replace(lambda node: index.is_entry(node) and index.name_of(node) == rule.of, entry)
    axis = Axis(letter, along.size if rule.length == rule.size else rule.length)
    body = body.xreplace({rule.size: along.size})
    return Value(body, axis, None) if argument.row is not None else Value(body, None, axis)


def ones(reading: Reading, found: Mention) -> Value | None:
    """A vector of ones as it is declared, or an entry of it; else a column as long as what stands beside it needs.

    ``1_N`` is a column of N ones.

    None for a 1 with other marks.
    """
    declared = next((one for one in reading.scope.named(found.name) if one.axes == 1 and not one.slots), None)
    count = reading.scope.sizes.get(written(found.marks[0].content)) if len(found.marks) == 1 else None
    if declared is None and count is not None and found.marks[0].place == "sub":
        axis = Axis(index.fresh("i"), count)
        return Value(S.One, None, axis) if found.is_transposed else Value(S.One, axis)
    if declared is None:
        return None if found.marks else Value(S.One, is_number=True, is_ones=True, is_turned=found.is_transposed)
    if not found.marks:
        sizes = declared.rows, declared.columns
        row, column = (None if size is None else Axis(index.fresh("i"), size) for size in sizes)
        return Value(S.One, column, row) if found.is_transposed else Value(S.One, row, column)
    return values.scalar(S.One) if len(found.marks) == 1 and entries.entry(reading, found) is not None else None


def _shifted(reading: Reading, argument: Node) -> tuple[Value, ...]:
    r"""``z + c``, ``z - \max_j z_j``: a number is added to every entry, on which no softmax depends; else nothing."""
    while isinstance(argument, Fence) and argument.body is not None and argument.left in ("(", "["):
        argument = argument.body
    if not isinstance(argument, Sum):
        return ()
    options = [reading.evaluate(reading, term) if _largest(term) is None else () for term in argument.terms]
    are_numbers = [not found or found[0].is_scalar for found in options]
    if all(are_numbers) or not any(are_numbers):
        return ()
    result: Value | None = None
    for term, found, sign in zip(argument.terms, options, argument.signs, strict=True):
        one = found[0] if found else values.scalar(_unknown(reading, _largest(term)))
        one = values.elementwise(lambda e: -e, one) if sign == "-" else one
        result = one if result is None else values.hadamard(result, one, lambda a, b: a + b)
        if result is None:
            return ()
    return () if result is None else (result,)


def _largest(node: Node) -> Node | None:
    r"""Of what ``\max_j z_j`` and ``\max(z)`` are the largest entry; None for anything else."""
    if not isinstance(node, Function) or node.name not in ("max", "min") or node.sup is not None or node.primes:
        return None
    inner = node.argument
    while isinstance(inner, Fence) and inner.body is not None:
        inner = inner.body
    return None if isinstance(inner, Sequence) else inner


def _unknown(reading: Reading, node: Node | None) -> Expr:
    """A number that depends on the entries of one array, of which nothing else is known.

    Raises:
        MeaningError: what is in its place is no quantity.
    """
    assert node is not None
    uses = {letter: list(sizes) for letter, sizes in reading.uses.items()}
    found = reading.value(node).expr
    reading.uses = uses
    if not index.is_entry(found):
        raise errors.MeaningError("not-covered", "the largest entry of an expression is not understood", node.span)
    known = reading.scope.profile(index.name_of(found))
    is_layered = known is not None and known.is_layered
    array = (found.base.label, *index.indices_of(found)[: 1 if is_layered else 0])
    return index.Unspecified(Symbol(f"max {index.name_of(found)}", real=True), array)


def _softmax(reading: Reading, value: Value, span: Span) -> Value:
    """Along a vector; along the axis of a matrix that does not count samples."""
    axis = value.row if value.row is not None else value.column
    if value.row is not None and value.column is not None:
        axis = _features(reading, value)
        if axis is None:
            raise errors.MeaningError("ambiguous-product", "along which axis the softmax runs is not stated", span)
    if axis is None or value.outer:
        raise errors.MeaningError("ill-shaped", "a softmax needs a vector", span, is_shape=not value.outer)
    total = index.summation(lambda k: exp(index.substitute(value.expr, {axis.letter: k})), 1, axis.size)
    return values.elementwise(lambda e: exp(e) / total, value)


def _features(reading: Reading, value: Value) -> values.Axis | None:
    """The axis of a matrix that does not count samples, by its size or by a bias that is the same for all of them."""
    axes = [axis for axis in (value.row, value.column) if axis is not None]
    rest = [axis for axis in axes if axis.size not in reading.scope.batch]
    if len(rest) == 1:
        return rest[0]
    found = [stated.definition for stated in reading.scope.definitions] if index.is_entry(value.expr) else []
    said = [value.expr, *(d.at(value.expr) for d in found if d.name == index.name_of(value.expr))]
    vectors = {profile.name for profile in reading.scope.profiles if profile.axes == 1}
    places = {e.indices[-1] for side in said for e in index.entries(side) if index.name_of(e) in vectors}
    along = [axis for axis in axes if axis.letter in places]
    return along[0] if len(along) == 1 else None


def _diagonal(reading: Reading, value: Value, span: Span) -> Value:
    del reading
    if not value.is_vector:
        raise errors.MeaningError("ill-shaped", "diag needs a vector", span, is_shape=not value.outer)
    axis = value.row or value.column
    assert axis is not None
    other = values.Axis(index.fresh("j"), axis.size)
    body = value.expr * KroneckerDelta(axis.letter, other.letter)
    return Value(body, axis, other, is_jacobian=value.is_jacobian, notes=value.notes)


_SPECIAL: dict[str, Callable[[Reading, Value, Span], Value]] = {"softmax": _softmax, "diag": _diagonal}
