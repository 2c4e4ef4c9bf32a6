r"""Products by shape: which factors form a matrix product, which a scaling, which an elementwise product.

People write ``\odot``, ``\circ``, ``*``, ``\cdot``, ``\otimes`` and nothing at all, with any precedence. Every
bracketing is tried; the ones that fit are the readings.
"""

import re
from dataclasses import replace
from typing import NamedTuple

from symfnn import errors
from symfnn.algebra import index, normal
from symfnn.elaboration import chains, totals, values
from symfnn.elaboration.values import Value
from symfnn.source import Span

ELEMENTWISE = frozenset({r"\odot", r"\circ", r"\bigodot", r"\bullet", ".*", "⊙", "∘", "•", r"\star", r"\diamond"})
EITHER = frozenset({r"\cdot", r"\times", "*", r"\ast", "·", "×", "⋅", r"\otimes", "⊗", r"\bigotimes", "∗"})
DIVISION = frozenset({"/", "./", r"\div", "÷", r"\oslash"})
_MOST = 12


class Operand(NamedTuple):
    """A factor that is read: its values of different shapes, and where it stands."""

    options: tuple[Value, ...]
    span: Span

    @property
    def value(self) -> Value:
        """The first value."""
        return self.options[0]


def product(operands: list[Operand], signs: list[str]) -> tuple[Value, ...]:
    """The values that a product can have, of different shapes.

    Raises:
        MeaningError: no bracketing fits the shapes, or several do and give unlike values of one shape.
    """
    operands, signs = _divided(operands, signs)
    count = len(operands)
    if count > _MOST:
        raise errors.MeaningError("not-covered", f"a product of {count} factors is too long", operands[0].span)
    table: dict[tuple[int, int], list[Value]] = {(k, k): list(operand.options) for k, operand in enumerate(operands)}
    for length in range(1, count):
        for start in range(count - length):
            end = start + length
            found: list[Value] = []
            for split in range(end - 1, start - 1, -1):
                for left in table[start, split]:
                    for right in table[split + 1, end]:
                        found += _combined(left, right, signs[split])
            table[start, end] = _distinct(found, operands[start].span.to(operands[end].span))
    result = table[0, count - 1]
    if not result:
        raise _misfit(operands, signs)
    return tuple(result)


def _divided(operands: list[Operand], signs: list[str]) -> tuple[list[Operand], list[str]]:
    """A division takes the one factor behind its sign."""
    made, between = [operands[0]], []
    for sign, operand in zip(signs, operands[1:], strict=True):
        if sign not in DIVISION:
            made.append(operand)
            between.append(sign)
            continue
        span = made[-1].span.to(operand.span)
        value = quotient(made[-1].value, operand.value, span)
        made[-1] = Operand((value,), span)
    return made, between


def quotient(top: Value, bottom: Value, span: Span) -> Value:
    """One value divided by another, entry by entry.

    Raises:
        MeaningError: the shapes differ.
    """
    found = values.hadamard(top, bottom, lambda a, b: a / b)
    if found is None:
        if top.parts is not None or bottom.parts is not None:
            raise errors.MeaningError("not-covered", "a quotient of blocks is not understood", span)
        raise errors.MeaningError(
            "ill-shaped",
            f"{shape_text(top)} is divided by {shape_text(bottom)}",
            span,
            is_shape=not (top.is_jacobian or bottom.is_jacobian),
        )
    return found


def _combined(left: Value, right: Value, sign: str) -> list[Value]:
    """The values that two neighbours can have with that sign."""
    chain = [] if sign in ELEMENTWISE else list(chains.chained(left, right))
    if any(value.derivative is not None and value.derivative.names is not None for value in chain):
        return chain
    if sign in ELEMENTWISE:
        found = [values.hadamard(left, right, lambda a, b: a * b), *chains.slopes(left, right)]
    elif sign in EITHER:
        found = [values.multiply(left, right)]
        if not left.is_scalar and not right.is_scalar:
            found.append(values.hadamard(left, right, lambda a, b: a * b))
            if sign == r"\cdot" and left.is_vector and right.is_vector and left.shape == right.shape:
                entries = values.hadamard(left, right, lambda a, b: a * b)
                found.append(None if entries is None else totals.summed(entries))
    else:
        found = [values.multiply(left, right)]
    return [value for value in (*found, *chain) if value is not None]


def _distinct(found: list[Value], span: Span) -> list[Value]:
    """One value for each shape and sense as written, and one that needs the chain rule.

    Raises:
        MeaningError: two bracketings of one shape have unlike values as written.
    """
    kept: dict[object, Value] = {}
    unclear: set[object] = set()
    for value in found:
        # of names that can be of one sample or of all, each sense is a reading of its own
        kind = (value.shape, bool(value.notes), frozenset(map(index.name_of, index.entries(value.expr))))
        other = kept.setdefault(kind, value)
        if other is value:
            continue
        if value.notes and other.derivative != value.derivative and None in (other.derivative, value.derivative):
            # factors that are all one chain are read as one
            kept[kind] = value if other.derivative is None else other
            unclear.discard(kind)
        elif (other.derivative is not None and value.notes) or _same(other, value):
            continue
        elif value.notes:
            unclear.add(kind)
        else:
            raise errors.MeaningError(
                "ambiguous-product", "the product can be bracketed in two ways that differ; write the brackets", span
            )
    return _plain_first([value for kind, value in kept.items() if kind not in unclear])


def _plain_first(found: list[Value]) -> list[Value]:
    """The values as written, then those by the chain rule that differ."""
    chain = {value.shape: value for value in found if value.notes}
    result: list[Value] = []
    for value in found:
        other = chain.get(value.shape)
        if value.notes or other is None or not _same(other, value):
            result.append(value)
            continue
        del chain[value.shape]
        result.append(replace(value, derivative=other.derivative))
    return [v for v in result if not v.notes] + [v for v in result if v.notes and v.shape in chain]


def _same(left: Value, right: Value) -> bool:
    pairs = values.matched(left, right)
    if pairs is not None:
        return all(_same(*pair) for pair in pairs)
    difference = values.hadamard(left, right, lambda a, b: a - b)
    return difference is not None and normal.is_zero(difference.expr)


def shape_text(value: Value) -> str:
    """A shape in words."""
    if value.is_scalar:
        return "a scalar"
    return " × ".join(size_text(size) for size in (*value.shape[2:], *value.shape[:2]))


def size_text(size: object) -> str:
    """A size as it is written, s_{l-1}, or said where nothing is written: number of rows of W."""
    text = str(size).replace("s[", "s_{").replace("]", "}")
    return re.sub(r" ([-+*/]) ", r"\1", text)


def _misfit(operands: list[Operand], signs: list[str]) -> errors.MeaningError:
    """What to say where no bracketing fits: the first two neighbours that cannot stand together."""
    span = operands[0].span.to(operands[-1].span)
    if any(option.parts is not None or option.is_repeated for operand in operands for option in operand.options):
        return errors.MeaningError("not-covered", "a product with this block is not understood", span)
    evidence = ["shapes: " + ", ".join(shape_text(operand.value) for operand in operands)]
    if any(operand.value.is_jacobian for operand in operands):
        return errors.MeaningError(
            "informal-step",
            "a product with the derivative of one array by another fits in no arrangement that is stated here",
            span,
            evidence=tuple(evidence),
        )
    if any(operand.value.is_ones for operand in operands):
        message = "the ones would have to lie the other way here"
        return errors.MeaningError("ambiguous-product", message, span, evidence=tuple(evidence))
    for left, sign, right in zip(operands, signs, operands[1:], strict=False):
        if not _combined(left.value, right.value, sign):
            place = left.span.to(right.span)
            same = left.value.shape == right.value.shape
            if same and sign == "":
                return errors.MeaningError(
                    "ambiguous-product",
                    f"two arrays of the shape {shape_text(left.value)} stand side by side; write the elementwise sign",
                    place,
                    evidence=tuple(evidence),
                )
            return errors.MeaningError(
                "ill-shaped",
                f"{shape_text(left.value)} and {shape_text(right.value)} cannot be multiplied",
                place,
                is_shape=True,
                evidence=tuple(evidence),
                sizes=_unlike(left.value, right.value, sign),
            )
    return errors.MeaningError(
        "ill-shaped", "the factors' shapes do not fit", span, is_shape=True, evidence=tuple(evidence)
    )


def _unlike(left: Value, right: Value, sign: str) -> tuple[object, object]:
    """The two sizes that keep neighbours from standing together."""
    is_along = left.is_vector and right.is_vector and (left.row is None) == (right.row is None)
    if sign in ELEMENTWISE or (sign in EITHER and is_along):
        return next(pair for pair in zip(left.shape, right.shape, strict=True) if pair[0] != pair[1])
    return left.shape[1], right.shape[0]
