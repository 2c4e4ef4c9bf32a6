r"""Derivatives as people write them: as fractions, by operators, as ``\nabla_W J`` and ``\partial C/\partial a``.

The derivative of a scalar by an array has the array's shape; that of a column by a column is the Jacobian with the
numerator's entries as rows, unless the text says that they are its columns.
"""

from collections.abc import Callable
from dataclasses import replace

from sympy import Expr, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import entries, values
from symfnn.elaboration.chains import arranged
from symfnn.elaboration.copies import of_same_sample
from symfnn.elaboration.names import Mark, joined, mention
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.values import Derivative, Value
from symfnn.latex.syntax import Fence, Fraction, Letter, Node, Product, Scripted
from symfnn.source import Span

_SIGNS = frozenset({r"\partial", "d", r"\mathrm{d}", "∂"})
_GRADIENTS = frozenset({r"\nabla", "∇"})


def is_sign(node: Node) -> bool:
    r"""Whether this is ``\partial`` or a d that stands for one."""
    return isinstance(node, Letter) and node.name in _SIGNS


def is_gradient(node: Node) -> bool:
    r"""Whether this is ``\nabla``."""
    return isinstance(node, Letter) and node.name in _GRADIENTS


def of_fraction(reading: Reading, node: Fraction) -> tuple[Value, ...]:
    """The derivatives that a fraction can be; none for a quotient, an error for a lone operator.

    Raises:
        MeaningError: it is a derivative that is not understood.
    """
    bottom = behind_sign(node.bottom)
    if bottom is None or not (is_sign(node.top) or behind_sign(node.top) is not None):
        return ()
    top = behind_sign(node.top)
    if top is None:
        raise errors.MeaningError("informal-step", "nothing stands behind this derivative sign", node.span)
    return derivative(reading, top, bottom, node.span)


def behind_sign(node: Node) -> Node | None:
    r"""What stands behind ``\partial``; None where there is no such sign."""
    if not isinstance(node, Product) or not is_sign(node.factors[0]) or node.signs[0] != "":
        return None
    factors = node.factors[1:]
    return factors[0] if len(factors) == 1 else Product(factors, node.signs[1:], factors[0].span.to(factors[-1].span))


def operator(reading: Reading, node: Node) -> Callable[[Node], tuple[Value, ...]] | None:
    r"""The operator that ``\frac{\partial}{\partial w}`` or ``\nabla_w`` is; None for anything else."""
    if isinstance(node, Fraction) and is_sign(node.top):
        bottom = behind_sign(node.bottom)
        if bottom is not None:
            return lambda top: derivative(reading, top, bottom, node.span.to(top.span))
    if isinstance(node, Scripted) and isinstance(node.base, Letter) and node.base.name in _GRADIENTS:
        by = node.sub
        if by is not None and node.sup is None:
            return lambda top: derivative(reading, top, by, node.span.to(top.span))
    return None


def is_narrow(node: Node) -> bool:
    r"""Whether an operator takes the next factor only, as ``\nabla_a`` does, and not all that follow."""
    return isinstance(node, Scripted)


def derivative(reading: Reading, top: Node, bottom: Node, span: Span) -> tuple[Value, ...]:
    """The derivatives of what the numerator can be (the loss of one sample, or of all) by another value.

    Raises:
        MeaningError: the denominator is no quantity, or the numerator has more than two axes.
    """
    by = _denominator(reading, bottom)
    tops = [value for value in reading.evaluate(reading, _with_its_list(reading, top)) if not value.outer]
    if by.parts is not None or any(value.parts is not None for value in tops):
        return tuple(_by_parts(reading, value, by, span) for value in tops)
    found = [_derivative(reading, value, by) for value in tops]
    if not found:
        raise errors.MeaningError("informal-step", "a derivative by so many axes has to be written by entries", span)
    return tuple({(value.shape, bool(value.notes)): value for value in reversed(found)}.values())[::-1]


def _with_its_list(reading: Reading, top: Node) -> Node:
    """What is differentiated, where it is a letter without the only list of arguments that it has had so far."""
    is_open = isinstance(top, Letter) and not reading.scope.named(top.name)
    listed = reading.scope.listed(top.name) if isinstance(top, Letter) and is_open else []
    return Letter(listed[0].letter, top.span) if listed else top


def _by_parts(reading: Reading, top: Value, by: Value, span: Span) -> Value:
    """The derivative of a scalar by what is made up of several quantities: that by each of them.

    Raises:
        MeaningError: what is differentiated is no scalar.
    """
    if not top.is_scalar:
        raise errors.MeaningError("informal-step", "a derivative of a block by an array is not understood", span)
    if reading.scope.is_numerator_layout and by.is_vector and by.row is not None:
        by = values.transpose(by)
    assert by.parts is not None
    made = values.of_parts(
        tuple(tuple(arranged(_of_part(reading, top, part), top.notes) for part in row) for row in by.parts)
    )
    assert made is not None
    return made


def _of_part(reading: Reading, top: Value, part: Value) -> Derivative:
    return Derivative(top, part, index.Partial(top.expr, part.expr), reading.names)


def _derivative(reading: Reading, value: Value, by: Value) -> Value:
    if value.is_scalar:
        by = replace(by, expr=of_same_sample(reading.scope, value.expr, by.expr))
    if value.is_scalar and reading.scope.is_numerator_layout and by.is_vector and by.row is not None:
        by = values.transpose(by)
    made = Derivative(value, by, index.Partial(value.expr, by.expr), reading.names)
    result = arranged(made, value.notes)
    result = replace(result, is_jacobian=result.is_jacobian or value.is_jacobian)
    is_turned = reading.scope.jacobian_layout == "denominator" and value.is_vector and by.is_vector
    return replace(result, row=result.column, column=result.row) if is_turned else result


def by_argument(reading: Reading, name: Node, argument: Node) -> tuple[Value, ...]:
    r"""``\nabla J(w)``, the gradient of a number by the only argument that it is written with; nothing for another."""
    if not isinstance(argument, Fence) or not isinstance(argument.body, Letter):
        return ()  # at w_0 it may be the gradient by w
    found = mention(name)
    known = [] if found is None else [p for p in reading.scope.named(found.name) if p.has_arguments and not p.axes]
    if not known:
        return ()
    span = name.span.to(argument.span)
    return derivative(reading, Product((name, argument), ("",), span), argument.body, span)


def by_prefix(reading: Reading, prefix: Letter, node: Node) -> Value | None:
    r"""``\delta y`` where ``\delta x`` was defined as the derivative of E by x: that by y; None for anything else."""
    inner = mention(node)
    if inner is None or reading.scope.named(prefix.name):
        return None
    for stated in reversed(reading.scope.definitions):
        value, known = stated.definition.value, reading.scope.profile(stated.definition.name)
        if not isinstance(value, index.Partial) or known is None or not value.args[0].is_Symbol:
            continue
        quantity = reading.scope.profile(index.name_of(value.args[1]))
        if quantity is not None and known.letter == joined(prefix, replace(inner, name=quantity.letter)).name:
            by = reading.value(node)
            if not index.is_entry(by.expr) and not _is_variable(by.expr):
                return None
            made = _derivative(reading, values.scalar(value.args[0]), by)
            words = f"{prefix.name} is put before a name for the derivative by it, as in {known.letter}"
            return replace(made, notes=(*made.notes, words))
    return None


def _denominator(reading: Reading, node: Node) -> Value:
    """What is differentiated by: an entry or all entries of a quantity, or a variable.

    Raises:
        MeaningError: it is no such thing.
    """
    value = _last_layer(reading, node) or reading.value(node)
    everything = [value] if value.parts is None else [part for row in value.parts for part in row]
    if all(index.is_entry(part.expr) or _is_variable(part.expr) for part in everything):
        return value
    raise errors.MeaningError("not-covered", "a derivative by an expression is not understood", node.span)


def _last_layer(reading: Reading, node: Node) -> Value | None:
    r"""A layered array without a layer, as in ``\nabla_a C``: that of the last layer; None for anything else."""
    found = mention(node)
    if found is None or found.marks or found.name in reading.variables:
        return None
    for profile in reading.scope.named(found.name):
        if [slot.role for slot in profile.slots] == ["layer"] and profile.rows is not None:
            (slot,) = profile.slots
            depth = Letter(reading.scope.depth_letter, found.span)
            return entries.entry(reading, replace(found, marks=(Mark(slot.place, slot.bracket, depth),)))
    return None


def _is_variable(expression: Expr) -> bool:
    return isinstance(expression, Symbol) and not expression.is_integer


def gradient_name(node: Node) -> bool:
    r"""Whether a node is ``\nabla C`` without what it is taken by."""
    if not isinstance(node, Product) or len(node.factors) != 2:
        return False
    first = node.factors[0]
    return isinstance(first, Letter) and first.name in _GRADIENTS and mention(node.factors[1]) is not None
