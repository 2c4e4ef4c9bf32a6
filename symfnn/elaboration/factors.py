r"""The factors of a product: applications ``f(z)``, derivatives by operators, names of two letters, arguments.

``f(z)`` and ``W(a+b)`` are written alike; what ``f`` and ``W`` are tells them apart.
"""

from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr, Piecewise, S, Symbol, exp, sign, tanh

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import chains, derivatives, entries, maps, resizing, values, vectors
from symfnn.elaboration.conditions import indicator
from symfnn.elaboration.copies import data_of
from symfnn.elaboration.declarations import is_layer, is_sample
from symfnn.elaboration.names import PREFIXES, Mark, Mention, joined, mention, written
from symfnn.elaboration.products import DIVISION, Operand, product
from symfnn.elaboration.reading import Reading, index_of
from symfnn.elaboration.scope import Profile, Scope
from symfnn.elaboration.values import Value
from symfnn.latex.syntax import Fence, Fraction, Letter, Node, Number, Product, Relation, Scripted, Sequence
from symfnn.latex.walk import nodes
from symfnn.source import Span

_Z = Symbol("z", real=True)
# elementwise functions known by name
NAMED: dict[str, Expr] = {
    "sigmoid": 1 / (1 + exp(-_Z)),
    "tanh": tanh(_Z),
    "relu": Piecewise((_Z, _Z > 0), (S.Zero, True)),
    "sgn": sign(_Z),
    "sign": sign(_Z),
    "exp": exp(_Z),
}


def product_of(reading: Reading, node: Product) -> tuple[Value, ...]:
    """The values of a product.

    Raises:
        MeaningError: a factor is not understood, or the shapes do not fit.
    """
    found = list(_operands(reading, node))
    first, *rest = found
    if not rest:
        return first[1]
    operands = [Operand(options, span) for _, options, span in found]
    return product(operands, [before for before, _, _ in rest])


def _operands(reading: Reading, node: Product) -> Iterator[tuple[str, tuple[Value, ...], Span]]:
    """Each operand: the sign before it, its values, its span."""
    place = 0
    count = len(node.factors)
    while place < count:
        before = "" if place == 0 else node.signs[place - 1]
        start = node.factors[place].span
        options, used = _operand(reading, node, place)
        end = node.factors[place + used - 1].span
        yield before, options, start.to(end)
        place += used


def _operand(reading: Reading, node: Product, place: int) -> tuple[tuple[Value, ...], int]:
    """The operand that begins at a factor, and how many factors it takes."""
    factor = node.factors[place]
    behind = node.factors[place + 1 :]
    adjacent = behind[0] if behind and node.signs[place] == "" else None
    operator = derivatives.operator(reading, factor)
    if operator is not None and behind and derivatives.is_narrow(factor):
        if adjacent is None:
            words = "a gradient is of what stands right behind its sign, with no sign of a product between"
            raise errors.MeaningError("not-covered", words, factor.span)
        used = 2 if len(behind) > 1 and node.signs[place + 1] == "" and isinstance(behind[1], Fence) else 1
        inner = behind[0] if used == 1 else Product(behind[:2], ("",), behind[0].span.to(behind[1].span))
        return operator(inner), used + 1
    if operator is not None and behind:
        return operator(_rest(node, place + 1)), len(node.factors) - place
    slashed = _slashed(node, place)
    if slashed is not None:
        top, bottom, used = slashed
        return derivatives.derivative(reading, top, bottom, factor.span), used
    prefixed = _behind_prefix(reading, node, place)
    if prefixed is not None:
        return prefixed
    applied = _called(reading, factor, adjacent)
    if applied:
        return applied, 2
    return reading.evaluate(reading, factor), 1


def _behind_prefix(reading: Reading, node: Product, place: int) -> tuple[tuple[Value, ...], int] | None:
    r"""What ``dW``, ``\Delta W`` or ``\nabla J(w)`` is, and of how many factors; None for anything else."""
    factor, *behind = node.factors[place : place + 3]
    signs = node.signs[place : place + 2]
    if not isinstance(factor, Letter) or factor.name not in PREFIXES or signs[:1] != ("",):
        return None
    adjacent = behind[0]
    if isinstance(adjacent, Letter | Scripted):
        named = mention(adjacent)
        value = None if named is None else entries.entry(reading, joined(factor, named))
        value = value or derivatives.by_prefix(reading, factor, adjacent)
        if value is not None:
            return (value,), 2
    if derivatives.is_gradient(factor) and signs == ("", ""):
        whole = derivatives.by_argument(reading, *behind)
        return (whole, 3) if whole else None
    return None


def _called(reading: Reading, factor: Node, adjacent: Node | None) -> tuple[Value, ...]:
    """A factor applied to the brackets behind it, or a power or an entry of that; nothing where it is a product."""
    if isinstance(adjacent, Fence):
        own = _of_map(reading, factor, adjacent) or _linked(reading, factor, adjacent)
        return own or _applied(reading, factor, adjacent)
    if isinstance(adjacent, Scripted) and _is_about_application(reading, factor, adjacent):
        inner = Product((factor, adjacent.base), ("",), factor.span.to(adjacent.base.span))
        return reading.evaluate(reading, replace(adjacent, base=Fence("(", inner, ")", inner.span)))
    return ()


def _of_map(reading: Reading, factor: Node, argument: Fence) -> tuple[Value, ...]:
    """An unspecified function of whole arrays; nothing where the name is that of none."""
    found = mention(factor)
    value = None if found is None else maps.applied(reading, found, argument)
    return () if value is None else (value,)


def _linked(reading: Reading, factor: Node, argument: Fence) -> tuple[Value, ...]:
    """``prod(∂Z/∂Y, ∂Y/∂X)``, a product by the chain rule; nothing for anything else."""
    found, body = mention(factor), argument.body
    is_ours = found is not None and found.name == "prod" and not found.marks and not reading.scope.named("prod")
    if not is_ours or not isinstance(body, Sequence) or len(body.items) != 2:
        return ()
    options = [reading.evaluate(reading, item) for item in body.items]
    made = [chains.linked(left, right) for left in options[0] for right in options[1]]
    return tuple(value for value in made if value is not None)


def _is_about_application(reading: Reading, factor: Node, adjacent: Scripted) -> bool:
    r"""Whether ``f(z)^2``, ``f(z)_i`` or ``f(z)_i^2`` is written: a power or an entry of a known function's value."""
    found = mention(factor)
    if found is None or not isinstance(adjacent.base, Fence) or adjacent.primes:
        return False
    is_function = found.name in reading.scope.functions
    if adjacent.sub is None:
        return is_function and isinstance(adjacent.sup, Number)
    is_mapped = reading.scope.maps_vectors(found.name)
    is_free = is_named(found.name) and not reading.scope.named(found.name)
    return is_function or is_mapped or is_free


def _rest(node: Product, place: int) -> Node:
    """The product of the factors from a place on."""
    factors = node.factors[place:]
    if len(factors) == 1:
        return factors[0]
    return Product(factors, node.signs[place:], factors[0].span.to(factors[-1].span))


def _slashed(node: Product, place: int) -> tuple[Node, Node, int] | None:
    r"""``\partial C / \partial a`` from its first sign on: what is differentiated, by what, how many factors."""
    first = node.factors[place]
    if not derivatives.is_sign(first):
        return None
    slash = next((k for k in range(place, len(node.signs)) if node.signs[k] in DIVISION), None)
    if slash is None or slash + 2 >= len(node.factors) or not derivatives.is_sign(node.factors[slash + 1]):
        return None
    top = Product(node.factors[place + 1 : slash + 1], node.signs[place + 1 : slash], first.span)
    numerator = top.factors[0] if len(top.factors) == 1 else top
    return numerator, node.factors[slash + 2], slash + 3 - place


def _applied(reading: Reading, factor: Node, argument: Fence) -> tuple[Value, ...]:
    """A factor and the brackets behind it as a function and its argument; nothing where it is a product."""
    if _is_one(factor) and isinstance(argument.body, Relation):
        return (indicator(reading, argument.body),)
    found = mention(factor)
    if found is None or argument.body is None:
        return ()
    own = () if found.marks or found.primes else vectors.ruled(reading, found.name, argument.body)
    if own:
        return own
    _require_value(reading.scope, found)
    if found.name in reading.scope.functions and not is_list(reading.scope, found, argument):
        return _of_function(reading, found, argument.body)
    is_free = not reading.scope.knows(found.name)
    if is_free and vectors.is_special(found.name):
        return vectors.applied(reading, found.name, argument.body, factor.span)
    rule = NAMED.get(found.name.lower())
    if rule is not None and is_free:
        slope = rule.diff(_Z, found.primes) if found.primes else rule
        inners = reading.evaluate(reading, argument.body)
        return tuple(values.elementwise(lambda e: slope.xreplace({_Z: e}), inner) for inner in inners)
    operated = _operated(reading, found, argument.body)
    if operated is not None:
        return (operated,)
    return _with_arguments(reading, found, argument)


def _require_value(scope: Scope, found: Mention) -> None:
    """That a function is none of arrays whose value nothing states: it is not applied entry by entry.

    Raises:
        MeaningError: it is one.
    """
    if found.name in scope.of_arrays and not scope.knows(found.name):
        message = f"nothing states what {found.name} of these arrays is"
        raise errors.MeaningError("unknown-symbol", message, found.span, mention=found)


def is_list(scope: Scope, found: Mention, argument: Fence) -> bool:
    """Whether a letter that was taken for a function of one variable has several arguments."""
    return isinstance(argument.body, Sequence) and scope.functions[found.name] is None


def _with_arguments(reading: Reading, plain: Mention, argument: Fence) -> tuple[Value, ...]:
    """A quantity with its arguments; nothing where it is multiplied by what stands in the brackets.

    Raises:
        MeaningError: nothing says what it is for these arguments.
    """
    found = told_apart(reading.scope, plain, argument)
    known = list(entries.candidates(reading, found))
    of_any = replace(found, marks=plain.marks)
    if not known and found.marks != plain.marks and any(entries.candidates(reading, of_any)):
        message = f"what {found.name} is for one of the samples is not stated"
        raise errors.MeaningError("not-covered", message, argument.span, mention=found)
    assert argument.body is not None
    if known and (_is_decorated(known[0][0]) or _are_arguments(reading, found, argument.body)):
        _require_own(reading, found, argument)
        _require_data(reading.scope, known[0][0], argument.body)
        _require_arguments(reading, found, argument.body)
        return tuple(entries.options(reading, found))
    return ()


def is_special(name: str) -> bool:
    """Whether a name is that of a function of a whole array."""
    return vectors.is_special(name)


def _is_one(node: Node) -> bool:
    """Whether this is the sign of an indicator."""
    if isinstance(node, Number):
        return node.text == "1"
    return isinstance(node, Letter) and node.name in ("1", r"\mathbb{1}", "I", "𝟙")


def told_apart(scope: Scope, found: Mention, argument: Fence) -> Mention:
    """The mention with what tells its quantity apart: the length of its list of arguments, the sample that they are of.

    Raises:
        MeaningError: the arguments are of several samples, or of one where it is not known that they are numbered.
    """
    if found.name not in scope.lists or not isinstance(argument.body, Sequence):
        return _of_sample(scope, found, argument)
    given = [(name, mark) for item in argument.body.items for name, mark in _marks(item)]
    own = {written(mark.content) for name, mark in given if is_sample(scope, mark, {}, name)}
    if len(own) > 1 or any(mark.bracket == "(" and not is_sample(scope, mark, {}, name) for name, mark in given):
        raise errors.MeaningError("not-covered", "a quantity of one of the samples is not understood", argument.span)
    return _of_sample(scope, replace(found, name=f"{found.name}/{len(argument.body.items)}"), argument)


def _items(body: Node) -> tuple[Node, ...]:
    return body.items if isinstance(body, Sequence) else (body,)


def _marks(node: Node) -> list[tuple[str, Mark]]:
    """The marks of a mention, each with its name."""
    found = mention(node)
    return [] if found is None else [(found.name, mark) for mark in found.marks]


def _of_sample(scope: Scope, found: Mention, argument: Fence) -> Mention:
    """``h(x^{(i)})`` as what ``h^{(i)}`` would be."""
    if argument.body is None or any(mark.place == "sup" and mark.bracket == "(" for mark in found.marks):
        return found
    given = [(name, mark) for item in _items(argument.body) for name, mark in _marks(item)]
    numbers = (mark for name, mark in given if not is_layer(scope, mark.content) and is_sample(scope, mark, {}, name))
    own = next(numbers, None)
    if own is None or own.place != "sup":
        return found
    return replace(found, marks=(own, *found.marks))


def _require_own(reading: Reading, found: Mention, argument: Fence) -> None:
    """That arguments do not change with a sum, as in Σ_k J(W, b; x^{(k)}), where J is another number for each.

    Raises:
        MeaningError: they do.
    """
    own = {written(mark.content) for mark in found.marks}
    if any(written(part) in reading.bound.keys() - own for part in nodes(argument)):
        message = f"what {found.name} is for these arguments is not understood"
        raise errors.MeaningError("not-covered", message, argument.span)


def _require_data(scope: Scope, meant: object, body: Node) -> None:
    """That what is known of one sample is written with all that it takes of that sample.

    Raises:
        MeaningError: something of another sample, or of none, stands there.
    """
    if not isinstance(meant, Profile) or not meant.copy_of:
        return
    given = {inner.name for item in _items(body) if (inner := mention(item)) is not None and inner.marks}
    if data_of(scope, meant.name) - given:
        message = f"what {meant.letter} is for these arguments is not understood"
        raise errors.MeaningError("not-covered", message, body.span)


def _operated(reading: Reading, found: Mention, argument: Node) -> Value | None:
    """A function of a whole array at the argument's layer."""
    inner = mention(argument)
    for operator in reading.scope.operators:
        if inner is None or (operator.letter, operator.primes) != (found.name, found.primes):
            continue
        if operator.argument != inner.name:
            continue
        entry = entries.entry(reading, inner)
        if entry is None or not index.is_entry(entry.expr):
            continue
        return resizing.at_layer(operator.value, index.indices_of(entry.expr)[0])
    return None


def _is_decorated(meant: object) -> bool:
    return bool(getattr(meant, "has_arguments", False))


def _are_arguments(reading: Reading, found: Mention, body: Node) -> bool:
    """Whether brackets hold arguments: a list, or one name behind a scalar that is defined."""
    if isinstance(body, Sequence):
        return True
    if mention(body) is None:
        return False
    defined = {stated.definition.name for stated in reading.scope.definitions}
    return any(p.name in defined and p.rows is None and p.columns is None for p in reading.scope.named(found.name))


def _require_arguments(reading: Reading, found: Mention, body: Node) -> None:
    """Nothing where brackets name what a quantity can depend on.

    Raises:
        MeaningError: one is named twice, or is the quantity itself or a derivative of it.
    """
    items = _items(body)
    texts = [written(item) for item in items if mention(item) is not None]
    adjoints = {s.definition.name for s in reading.scope.definitions if s.definition.value.has(index.Partial)}
    own = found.name.split("/")[0]  # without the length of its list
    letters = {p.letter for p in reading.scope.profiles if p.name in adjoints} | {own}
    named = {inner.name for inner in map(mention, items) if inner is not None}
    if len(set(texts)) < len(texts) or (named & letters and not found.primes):
        raise errors.MeaningError("not-covered", f"{found.name} is written with arguments it cannot have", body.span)


def _of_function(reading: Reading, found: Mention, argument: Node) -> tuple[Value, ...]:
    """f, f', … of each entry.

    Raises:
        MeaningError: it is the function of another layer than its argument's.
    """
    power = [mark for mark in found.marks if mark.place == "sup" and not mark.bracket and written(mark.content) == "2"]
    layers = [mark for mark in found.marks if mark not in power and entries.is_layer_mark(reading, mark.content)]
    # f_1 and f_2 are two functions
    letter = found.name + "".join(f"_{written(m.content)}" for m in found.marks if m not in power and m not in layers)
    function = index.scalar_function(letter, found.primes)
    inners = reading.evaluate(reading, argument)
    for mark in layers:
        if not all(_is_at(reading, inner, mark.content) for inner in inners):
            message = f"{found.name} of layer {written(mark.content)} is applied to another layer"
            raise errors.MeaningError("not-covered", message, found.span)
    made = [values.elementwise(function, inner) for inner in inners]
    return tuple(values.elementwise(lambda e: e**2, value) for value in made) if power else tuple(made)


def _is_at(reading: Reading, value: Value, layer: Node) -> bool:
    """Whether something in a value is of a layer, or nothing is of any."""
    named = {profile.name for profile in reading.scope.profiles if profile.is_layered}
    found = [entry for entry in index.entries(value.expr) if index.name_of(entry) in named]
    return not found or index_of(reading, layer) in [index.indices_of(entry)[0] for entry in found]


def is_named(name: str) -> bool:
    """Whether a name is that of a function that the language knows."""
    return name.lower() in NAMED or vectors.is_special(name)


def application(node: Node) -> tuple[Mention, Fence] | None:
    """``f(…)`` by itself: the name and the brackets; None for anything else."""
    if not isinstance(node, Product) or len(node.factors) != 2 or node.signs != ("",):
        return None
    found, argument = mention(node.factors[0]), node.factors[1]
    return (found, argument) if found is not None and isinstance(argument, Fence) else None


def is_fraction_sign(node: Node) -> bool:
    """Whether this is a derivative by an operator that stands by itself."""
    return isinstance(node, Fraction) and derivatives.is_sign(node.top)
