"""What stands beside a formula: a range, a condition, or a comment that states nothing."""

import re
from collections.abc import Iterator

from symfnn import errors
from symfnn.elaboration.conditions import AT_MOST, COMPARISONS, in_words, is_equality, is_filler, restricts
from symfnn.elaboration.declarations import Ranged, ranged
from symfnn.elaboration.names import written
from symfnn.elaboration.reading import Reading, index_of
from symfnn.latex.syntax import Dots, Fence, Letter, Node, Number, Product, Relation, Scripted, Sequence, Text

_LAYERS = re.compile(
    r"\b(output|hidden|last|final|first|input|inner|intermediate)\s+(layer|unit|node|neuron)s?\b"
    r"|输出层|隐藏层|隐层|最后一层|输入层|第一层",
    re.IGNORECASE,
)
_IF = frozenset({"if", "for", "when", "若", "当", "如果", "wenn", "falls", "für", "при", "если", "si", "case"})


def ranges_in(node: Node) -> tuple[Ranged, ...]:
    r"""The ranges in a remark: ``l = 2, \dots, L``, ``i, j = 1 \cdots n``, ``1 \le i \le n``, ``i \in [1, n]``."""
    if isinstance(node, Fence) and node.left == "(" and node.body is not None:
        return ranges_in(node.body)
    if not isinstance(node, Relation):
        return ()
    if len(node.parts) == 3 and set(node.signs) <= AT_MOST:
        low, middle, high = node.parts
        return tuple(Ranged(name, low, high) for name in _letters(middle) if low is not None and high is not None)
    if len(node.parts) != 2:
        return ()
    left, right = node.parts
    found = [ranged(Relation((letter, _listed(node.signs[0], right)), node.signs, node.span)) for letter in _each(left)]
    return tuple(one for one in found if one is not None) if None not in found else ()


def _listed(sign: str, node: Node | None) -> Node | None:
    r"""``1 \cdots n`` and the interval ``[1, n]`` as a list with dots; anything else as it is."""
    if isinstance(node, Product) and len(node.factors) == 3 and isinstance(node.factors[1], Dots):
        return Sequence(node.factors, (",", ","), node.span)
    body = node.body if isinstance(node, Fence) and node.left == "[" else None
    if sign == r"\in" and isinstance(body, Sequence) and len(body.items) == 2:
        low, high = body.items
        return Sequence((low, Dots(body.span), high), (",", ","), body.span)
    return node


def _each(node: Node | None) -> Iterator[Node]:
    if isinstance(node, Sequence):
        yield from node.items
    elif node is not None:
        yield node


def _letters(node: Node | None) -> list[str]:
    """The letters of a list of letters, as written; none where something else is among them."""
    items = list(_each(node))
    return [written(item) for item in items] if all(isinstance(item, Letter | Scripted) for item in items) else []


def is_everywhere(reading: Reading, node: Node) -> bool:
    """Whether a remark gives ranges only, which go from 1 to as far as the letters run; a layer's is read elsewhere.

    Raises:
        MeaningError: it is a shorter range.
    """
    found = ranges_in(node)
    for one in found:
        if one.letter == reading.scope.layer_letter:
            continue
        letter = index_of(reading, Letter(one.letter, node.span))
        sizes = reading.uses.get(letter)
        is_first = isinstance(one.low, Number) and one.low.text == "1"
        if sizes and not (is_first and index_of(reading, one.high) == sizes[0]):
            raise errors.MeaningError("unknown-condition", "this range is not all that the index runs over", node.span)
    return bool(found)


def condition_in(remark: Node) -> Node | None:
    """The condition or the range that a remark is or holds; None for a comment and the number of an equation.

    Raises:
        MeaningError: it is a condition in words.
    """
    if isinstance(remark, Text):
        return _in_text(remark)
    if isinstance(remark, Fence) and remark.body is not None and not _is_label(remark.body):
        return condition_in(remark.body)
    if isinstance(remark, Sequence):
        parts = [part for part in remark.items if not (isinstance(part, Text) and is_filler(part.words))]
        if len(parts) == 1 and len(parts) < len(remark.items):
            return condition_in(parts[0])
    return None if _says_nothing(remark) else remark


def _in_text(remark: Text) -> Node | None:
    inner = in_words(remark)
    if inner is not None and (is_equality(inner) or ranges_in(inner)):
        return inner
    if restricts(remark.words) or _LAYERS.search(remark.words):
        raise errors.MeaningError("unknown-condition", "this condition is not understood", remark.span)
    return None


def _says_nothing(node: Node) -> bool:
    r"""Whether a remark is no condition: a number in brackets, the letters of a ``for all i``, ``z \in R``."""
    if isinstance(node, Fence):
        return True
    if isinstance(node, Relation):
        return node.signs == (r"\in",) and isinstance(node.parts[1], Letter) and node.parts[1].name == "R"
    if isinstance(node, Sequence):
        return all(isinstance(item, Letter | Scripted) for item in node.items)
    return isinstance(node, Letter | Scripted | Dots)


def _is_label(node: Node) -> bool:
    """Whether brackets hold the number of an equation: ``(2.5)``, ``(4a)``, ``(BP1)``."""
    inner = getattr(node, "factors", (node,))
    return all(not isinstance(part, Relation | Fence | Text) for part in inner) and not isinstance(node, Sequence)


def limiting(remarks: tuple[Node, ...], variable: str | None) -> Node | None:
    """The remark by which a formula holds in some cases only, so that it defines nothing; None where there is none.

    Args:
        remarks: beside the formula, in order.
        variable: of the function that it would define.
    """
    is_if = False
    for remark in remarks:
        if isinstance(remark, Text) and is_filler(remark.words):
            is_if = remark.words.strip().strip(".,:;").lower() in _IF
            continue
        try:
            condition = condition_in(remark)
        except errors.MeaningError:
            if isinstance(remark, Text) and not restricts(remark.words):
                continue
            return remark
        if condition is not None and not ranges_in(condition) and _limits(condition, variable, is_if=is_if):
            return remark
        is_if = False
    return None


def _limits(condition: Node, variable: str | None, *, is_if: bool) -> bool:
    if not isinstance(condition, Relation):
        return False
    is_compared = condition.signs[0] in COMPARISONS
    is_of_variable = any(isinstance(part, Letter) and part.name == variable for part in condition.parts)
    return is_equality(condition) or (is_if and condition.signs[0] != r"\in") or (is_compared and is_of_variable)
