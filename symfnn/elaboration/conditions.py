"""Conditions on indices and signs: ``i = j``, ``x > 0``, ``otherwise``."""

from typing import Any

from sympy import Expr, KroneckerDelta

from symfnn import errors
from symfnn.elaboration.reading import Reading, index_of
from symfnn.latex.syntax import Fence, Letter, Node, Relation, Sequence, Text

_OTHERWISE = ("otherwise", "else", "if otherwise", "其他", "其它", "否则", "sonst")


def kronecker(reading: Reading, node: Node) -> Expr:
    r"""1 where two indices are equal, 0 elsewhere; of ``i = j`` or ``i \ne j``.

    Raises:
        MeaningError: the condition is another one.
    """
    if isinstance(node, Fence) and node.body is not None:
        return kronecker(reading, node.body)
    if isinstance(node, Relation) and len(node.parts) == 2 and node.parts[0] is not None and node.parts[1] is not None:
        sides = [index_of(reading, part) for part in node.parts if part is not None]
        found = KroneckerDelta(*sides)
        if node.signs[0] in ("=", "=="):
            return found
        if node.signs[0] in (r"\neq", r"\ne", "≠"):
            return 1 - found
    raise errors.MeaningError("unknown-condition", "this condition is not understood", node.span)


def condition_of(reading: Reading, node: Node | None) -> Any:
    """A condition as a Kronecker delta or as a relation of SymPy; None for ``otherwise`` and for nothing.

    Raises:
        MeaningError: it is not understood.
    """
    if node is None or (isinstance(node, Text) and _is_otherwise(node.words)):
        return None
    if isinstance(node, Sequence):
        parts = [part for part in node.items if not (isinstance(part, Text) and _is_filler(part.words))]
        if len(parts) == 1:
            return condition_of(reading, parts[0])
        return None if not parts else _unknown(node)
    if isinstance(node, Relation):
        try:
            return kronecker(reading, node)
        except errors.MeaningError:
            return _comparison(reading, node)
    return _unknown(node)


def _comparison(reading: Reading, node: Relation) -> Any:
    if len(node.parts) != 2 or node.parts[0] is None or node.parts[1] is None:
        return _unknown(node)
    left, right = (reading.value(part) for part in node.parts if part is not None)
    if not right.is_scalar or not left.is_scalar:
        return _unknown(node)
    match node.signs[0]:
        case ">":
            return left.expr > right.expr
        case "<":
            return left.expr < right.expr
        case r"\ge" | r"\geq" | ">=" | "≥" | r"\geqslant":
            return left.expr >= right.expr
        case r"\le" | r"\leq" | "<=" | "≤" | r"\leqslant":
            return left.expr <= right.expr
    return _unknown(node)


def _unknown(node: Node) -> Any:
    raise errors.MeaningError("unknown-condition", "this condition is not understood", node.span)


def _is_otherwise(words: str) -> bool:
    return words.strip().strip(".,;:").lower() in _OTHERWISE


def _is_filler(words: str) -> bool:
    return words.strip().strip(".,;:").lower() in ("if", "for", "when", "where", "若", "当", "")


def equality(reading: Reading, remark: Node) -> tuple[bool, Expr, Expr] | None:
    r"""A remark ``i = j`` or ``i \ne j`` between two letters: whether they are equal, and the letters; else None."""
    if not isinstance(remark, Relation) or len(remark.parts) != 2:
        return None
    left, right = remark.parts
    if not isinstance(left, Letter) or not isinstance(right, Letter):
        return None
    letters = index_of(reading, left), index_of(reading, right)
    if not all(letter.is_Symbol for letter in letters):
        return None
    if remark.signs[0] == "=":
        return (True, *letters)
    return (False, *letters) if remark.signs[0] in (r"\neq", r"\ne", "≠") else None


def is_equality(node: Node) -> bool:
    """Whether a node is ``i = j`` or ``i ≠ j`` between two letters, by its form alone."""
    if not isinstance(node, Relation) or len(node.parts) != 2:
        return False
    return node.signs[0] in ("=", r"\neq", r"\ne", "≠") and all(isinstance(part, Letter) for part in node.parts)
