r"""From a node of the surface tree to its values, in a reading.

A node may have several values of different shapes (``u \cdot v``); the other side decides.
"""

from dataclasses import replace
from itertools import product as choices

from sympy import (
    Abs,
    Dummy,
    Expr,
    Integer,
    Max,
    Min,
    Piecewise,
    Rational,
    Symbol,
    exp,
    log,
    sqrt,
    tanh,
)
from sympy import cos as cosine
from sympy import sin as sine

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import (
    blocks,
    derivatives,
    entries,
    factors,
    maps,
    powers,
    resizing,
    sums,
    totals,
    unit_vectors,
    values,
    vectors,
)
from symfnn.elaboration.conditions import COMPARISONS, are_opposite, condition_of, indicator
from symfnn.elaboration.declarations import is_layer
from symfnn.elaboration.names import Mention, mention, written
from symfnn.elaboration.products import quotient, shape_text
from symfnn.elaboration.reading import Reading, index_of
from symfnn.elaboration.slices import of_brackets, of_one_index, of_slices
from symfnn.elaboration.values import Value
from symfnn.latex.syntax import (
    BigOperator,
    Cases,
    Dots,
    Fence,
    Fraction,
    Function,
    Letter,
    Matrix,
    Node,
    Number,
    Product,
    Relation,
    Scripted,
    Sequence,
    Sum,
    Text,
)
from symfnn.source import Span

_NAMED = {
    "exp": exp,
    "log": log,
    "ln": log,
    "tanh": tanh,
    "sin": sine,
    "cos": cosine,
    "abs": Abs,
}
_MOST = 6
_MOST_TERMS = 100


def readings(reading: Reading, node: Node) -> tuple[Value, ...]:
    """All values that a node can have, of different shapes.

    Raises:
        MeaningError: it has no sense that is understood, or its shapes do not fit.
    """
    try:
        return _readings(reading, node)
    except errors.CalculusError as trouble:
        raise errors.MeaningError("not-covered", str(trouble), node.span) from trouble


def _readings(reading: Reading, node: Node) -> tuple[Value, ...]:  # noqa: C901 - one case for each kind of node
    match node:
        case Number(text):
            if len(text) > powers.MOST_DIGITS:
                raise errors.MeaningError("not-covered", "this number is too long", node.span)
            return (values.number(Rational(text)),)
        case Letter() | Scripted():
            return _named(reading, node)
        case Fence():
            return _fence(reading, node)
        case Fraction():
            return _fraction(reading, node)
        case Sum():
            return _sum(reading, node)
        case Product():
            return factors.product_of(reading, node)
        case BigOperator():
            return of_slices(reading, lambda: sums.big_operator(reading, node))
        case Function():
            return (_function(reading, node),)
        case Cases():
            return (_cases(reading, node),)
        case Matrix():
            return (blocks.block(reading, node),)
        case Text(words):
            raise errors.MeaningError("not-covered", f"the words “{words}” stand where a formula is needed", node.span)
    raise errors.MeaningError("not-covered", "this part is not understood", node.span)


def _named(reading: Reading, node: Letter | Scripted) -> tuple[Value, ...]:
    found = mention(node)
    if isinstance(node, Scripted) and isinstance(node.base, Number) and node.base.text == "1" and _is_below(node):
        assert node.sub is not None
        return (indicator(reading, node.sub),)
    if found is None and isinstance(node, Scripted):
        return of_brackets(reading, node) or _transposed(reading, node) or (_scripted(reading, node),)
    if found is None:
        return ()
    special = _special(reading, node, found)
    if special is not None:
        return (special,)
    meant = tuple(entries.options(reading, found)) or of_one_index(reading, found)
    if meant:
        return meant
    if isinstance(node, Scripted) and isinstance(node.base, Scripted | Fence):
        return (_scripted(reading, node),)
    found_by_use = _power_of_variable(reading, node) or unit_vectors.kronecker_delta(reading, found)
    found_by_use = found_by_use or maps.by_itself(reading, found)
    if found_by_use is not None:
        return (found_by_use,)
    raise errors.MeaningError("unknown-symbol", f"nothing says what {written(node)} is", node.span, mention=found)


def _transposed(reading: Reading, node: Scripted) -> tuple[Value, ...]:
    """The transposes of all that brackets can mean; nothing where more than a transpose is written on them."""
    is_plain = isinstance(node.base, Fence) and node.sub is None and not node.primes
    is_norm = isinstance(node.base, Fence) and node.base.left in ("‖", r"\|", "|")
    if not is_plain or is_norm or node.sup is None or not _is_transpose(node.sup):
        return ()
    return tuple(values.transpose(value) for value in readings(reading, node.base))


def _is_below(node: Scripted) -> bool:
    """Whether a condition stands below: 1_{i = j}."""
    inner = node.sub.body if isinstance(node.sub, Fence) else node.sub
    return isinstance(inner, Relation) and node.sup is None


def _special(reading: Reading, node: Node, found: Mention) -> Value | None:
    """Bound and local letters, e, ones, counts and indices."""
    text = written(node)
    own = {**reading.bound, **reading.variables}
    if text in own:
        return values.scalar(own[text])
    power = node.sup if isinstance(node, Scripted) and node.sub is None else None
    if found.name == "e" and power is not None and not is_layer(reading.scope, power):
        return values.elementwise(exp, reading.value(power)) if not reading.scope.named("e") else None
    ones = unit_vectors.of_class(reading, found) or (vectors.ones(reading, found) if found.name == "1" else None)
    if ones is not None:
        return ones
    below = [mark.content for mark in found.marks if mark.place == "sub"]
    if found.name == "1" and len(found.marks) == len(below) == 1 and not reading.scope.named("1"):
        return indicator(reading, below[0])
    if text in reading.scope.sizes:
        return values.scalar(reading.scope.sizes[text])
    return None


def _power_of_variable(reading: Reading, node: Node) -> Value | None:
    """``z^2`` of a letter that stands for a number."""
    if not isinstance(node, Scripted) or node.sub is not None or node.sup is None or node.primes:
        return None
    base = {**reading.scope.sizes, **reading.variables}.get(written(node.base))
    exponent = None if base is None else totals.require_scalar(reading.value(node.sup), "an exponent")
    return None if exponent is None else values.scalar(powers.power(base, exponent))


def _scripted(reading: Reading, node: Scripted) -> Value:
    """Scripts on something in brackets: a transpose, a power, an entry."""
    norm = _norm(reading, node)
    if norm is not None:
        return norm
    result = _components(reading, node)
    found = None if node.sup is None else written(node.sup)
    if node.primes:
        raise errors.MeaningError("not-covered", "a prime on an expression is not understood", node.span)
    if node.sup is None:
        return result
    if _is_transpose(node.sup):
        is_one = isinstance(node.base, Number) and node.base.text == "1" and node.sub is None
        return values.transpose(replace(result, is_ones=True) if is_one else result)
    if found == r"\circ 2" or isinstance(node.sup, Number) or result.is_scalar:
        exponent = totals.require_scalar(reading.value(node.sup), "an exponent")
        if result.row is not None and result.column is not None and not reading.is_summed:
            raise errors.MeaningError("ambiguous-product", "a power of a matrix is not understood", node.span)
        return values.elementwise(lambda e: powers.power(e, exponent), result)
    raise errors.MeaningError("not-covered", f"the superscript {found} is not understood here", node.span)


def _is_transpose(script: Node) -> bool:
    turned = mention(Scripted(Letter("A", script.span), None, script, 0, script.span))
    if turned is not None and turned.is_transposed and not turned.marks:
        return True
    return isinstance(script, Fence) and script.body is not None and _is_transpose(script.body)


def _components(reading: Reading, node: Scripted) -> Value:
    """``( … )_{ij}`` is an entry; ``[ … ]_i`` of a scalar with a free i is the column of these."""
    if node.sub is None:
        return reading.value(node.base)
    from_marks = mention(Scripted(Letter("A", node.span), node.sub, None, 0, node.span))
    assert from_marks is not None
    nodes = [mark.content for mark in from_marks.marks]
    inner = reading.value(node.base)
    if inner.is_scalar:
        return _gathered(reading, inner, nodes, node.span)
    places = [index_of(reading, part) for part in nodes]
    sizes = [axis.size for axis in (inner.row, inner.column) if axis is not None]
    if len(places) != len(sizes) or inner.outer:
        raise errors.MeaningError("wrong-index", f"{len(places)} indices on {shape_text(inner)}", node.span)
    for place, size in zip(places, sizes, strict=True):
        reading.use(place, size, node.span)
    row = places[0] if inner.row is not None else Integer(1)
    return Value(totals.at(inner, row, places[-1]), is_jacobian=inner.is_jacobian, notes=inner.notes)


def _gathered(reading: Reading, inner: Value, nodes: list[Node], span: Span) -> Value:
    letters = [index_of(reading, part) for part in nodes]
    axes = []
    for letter in letters:
        sizes = reading.uses.get(letter)
        if not letter.is_Symbol or not sizes or letter not in inner.expr.free_symbols:
            raise errors.MeaningError("not-covered", "these indices on a scalar are not understood", span)
        axes.append(values.Axis(index.fresh(letter.name), sizes[0]))
    renamed = index.substitute(inner.expr, {old: new.letter for old, new in zip(letters, axes, strict=True)})
    for letter in letters:
        reading.uses.pop(letter, None)
    return Value(renamed, axes[0], axes[1] if len(axes) > 1 else None)


def _norm(reading: Reading, node: Scripted) -> Value | None:
    """‖v‖² and ‖v‖."""
    base = node.base
    if not isinstance(base, Fence) or base.left not in ("‖", r"\|") or base.body is None:
        return None
    inner = reading.value(base.body)
    squares = totals.summed(values.elementwise(lambda e: e**2, inner))
    power = None if node.sup is None else reading.value(node.sup).expr
    if node.sub is not None and written(node.sub) not in ("2", "F"):
        raise errors.MeaningError("not-covered", "this norm is not understood", node.span)
    return values.elementwise(lambda e: sqrt(e) if power is None else powers.power(e, power / 2), squares)


def _fence(reading: Reading, node: Fence) -> tuple[Value, ...]:
    if node.body is None:
        raise errors.MeaningError("not-covered", "nothing stands between these brackets", node.span)
    if node.left in ("‖", r"\|"):
        norm = _norm(reading, Scripted(node, None, None, 0, node.span))
        assert norm is not None
        return (norm,)
    if node.left == "|":
        inner = reading.value(node.body)
        if not inner.is_scalar:
            raise errors.MeaningError("not-covered", "bars around an array are not understood", node.span)
        return (values.elementwise(Abs, inner),)
    if isinstance(node.body, Relation) and node.body.signs[0] in COMPARISONS:
        return (indicator(reading, node.body),)
    if isinstance(node.body, Sequence):
        return blocks.listed(reading, node)
    return readings(reading, node.body)


def _fraction(reading: Reading, node: Fraction) -> tuple[Value, ...]:
    found = derivatives.of_fraction(reading, node)
    return found or (quotient(reading.value(node.top), reading.value(node.bottom), node.span),)


def _sum(reading: Reading, node: Sum) -> tuple[Value, ...]:
    """Every choice of readings of the terms whose shapes fit."""
    if len(node.terms) > _MOST_TERMS:
        raise errors.MeaningError("not-covered", f"a sum of {len(node.terms)} terms is too long", node.span)
    options, signs = _terms(reading, node)
    found: dict[object, Value] = {}
    for choice in list(choices(*options))[: _MOST**2]:
        total = _added(choice, signs)
        if total is not None:
            found.setdefault((total.shape, bool(total.notes)), total)
    if not found:
        shapes = ", ".join(shape_text(option[0]) for option in options)
        is_informal = any(option[0].is_jacobian for option in options)
        if any(value.parts is not None for option in options for value in option):
            raise errors.MeaningError("not-covered", "these blocks are not cut alike", node.span)
        raise errors.MeaningError(
            "informal-step" if is_informal else "ill-shaped",
            "the terms of this sum have unlike shapes",
            node.span,
            is_shape=not is_informal,
            evidence=(f"shapes: {shapes}",),
            sizes=resizing.unlike([option[0] for option in options]),
        )
    return tuple(found.values())


def _terms(reading: Reading, node: Sum) -> tuple[list[tuple[Value, ...]], tuple[str, ...]]:
    """The readings of each term, what dots stand for being one of them, and the signs before them."""
    if not any(isinstance(term, Dots) for term in node.terms):
        return [readings(reading, term) for term in node.terms], node.signs
    start, stop = blocks.dotted(node)
    options = [readings(reading, term) for term in (*node.terms[:start], *node.terms[stop:])]
    options.insert(start, (blocks.written_out(reading, node, start, stop),))
    return options, (*node.signs[:start], "+", *node.signs[stop:])


def _added(terms: tuple[Value, ...], signs: tuple[str, ...]) -> Value | None:
    result: Value | None = terms[0]
    if signs[0] == "-":
        is_number = terms[0].is_number
        result = values.number(-terms[0].expr) if is_number else values.elementwise(lambda e: -e, terms[0])
    for term, sign in zip(terms[1:], signs[1:], strict=True):
        result = None if result is None else values.add(result, term, -1 if sign == "-" else 1)
    return result


def _function(reading: Reading, node: Function) -> Value:
    """A function that the language knows, applied entry by entry."""
    if node.argument is None:
        raise errors.MeaningError("not-covered", f"{node.name} has no argument", node.span)
    if node.name in ("max", "min"):
        return _extreme(reading, node)
    inner = reading.value(node.argument)
    if node.name == "sqrt":
        return values.elementwise(sqrt, inner)
    known = _NAMED.get(node.name)
    if known is None or node.sub is not None:
        raise errors.MeaningError("not-covered", f"the function {node.name} is not understood", node.span)
    result = inner
    if node.primes:
        z = Symbol("z", real=True)
        slope = known(z).diff(z, node.primes)
        result = values.elementwise(lambda e: slope.xreplace({z: e}), inner)
    else:
        result = values.elementwise(known, inner)
    if node.sup is not None:
        exponent = totals.require_scalar(reading.value(node.sup), "an exponent")
        result = values.elementwise(lambda e: powers.power(e, exponent), result)
    return result


def _extreme(reading: Reading, node: Function) -> Value:
    """max(0, z), entry by entry; the largest entry of a vector is not covered."""
    inner = node.argument
    while isinstance(inner, Fence) and inner.body is not None:
        inner = inner.body
    if not isinstance(inner, Sequence) or len(inner.items) != 2 or node.sub is not None:
        raise errors.MeaningError("not-covered", f"this use of {node.name} is not understood", node.span)
    first, second = (reading.value(item) for item in inner.items)
    combine = Max if node.name == "max" else Min
    found = values.hadamard(first, second, lambda a, b: combine(a, b))
    if found is None:
        raise errors.MeaningError(
            "ill-shaped", "unlike shapes are compared", node.span, is_shape=True, sizes=resizing.unlike([first, second])
        )
    return found


def _cases(reading: Reading, node: Cases) -> Value:
    """Branches over an equality of indices, or over a sign."""
    branches = [(reading.value(branch), condition_of(reading, words)) for branch, words in node.branches]
    result = branches[-1][0]
    last = branches[-1][1]
    if last is not None and (len(branches) == 1 or not are_opposite(branches[-2][1], last)):
        raise errors.MeaningError("unknown-condition", "the last case has a condition of its own", node.span)
    for branch, condition in reversed(branches[:-1]):
        if condition is None:
            raise errors.MeaningError("unknown-condition", "the condition of a case is not understood", node.span)
        found = _chosen(condition, branch, result)
        if found is None:
            raise errors.MeaningError("ill-shaped", "the cases have unlike shapes", node.span, is_shape=True)
        result = found
    return result


def _chosen(condition: Expr | Value, first: Value, second: Value) -> Value | None:
    """The first value where a condition holds and the second elsewhere, entry by entry; None for unlike shapes."""
    if isinstance(condition, Expr):
        return values.hadamard(first, second, lambda a, b: condition * a + (1 - condition) * b)
    holds = Dummy("holds", real=True) > 0
    both = values.hadamard(first, second, lambda a, b: Piecewise((a, holds), (b, True)))
    if both is None:
        return None
    return values.hadamard(condition, both, lambda where, choice: choice.xreplace({holds: where}))
