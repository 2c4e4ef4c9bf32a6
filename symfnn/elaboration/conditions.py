r"""Conditions on indices and signs: ``i = j``, ``x > 0``, ``otherwise``, in signs and in words."""

import re
from dataclasses import fields, replace
from typing import Any

from sympy import Expr, KroneckerDelta, Piecewise, S
from sympy.core.relational import Relational

from symfnn import errors
from symfnn.elaboration import values
from symfnn.elaboration.reading import Reading, index_of
from symfnn.elaboration.values import Value
from symfnn.latex.parser import parse
from symfnn.latex.syntax import Fence, Letter, Node, Relation, Sequence, Text
from symfnn.source import Span

_OTHERWISE = frozenset({"otherwise", "else", "其他", "其它", "否则", "其他情况", "sonst", "иначе", "sinon"})
_FILLERS = frozenset(
    {"", "if", "for", "when", "where", "若", "当", "如果", "wenn", "falls", "für", "при", "если", "si"}
)
_BEGINS = re.compile(
    r"^\W*(if|when|whenever|where|wenn|falls|assuming|provided|given|unless|only|except|in case|si|если|при условии"
    r"|若|当|如果|假设|除了)(?![a-z])",
    re.IGNORECASE,
)
_FOR = re.compile(r"^\W*(for|f\\ddot\{u\}r|für|pour|при|для|对|对于)(?![a-z])", re.IGNORECASE)
_HAS_RELATION = re.compile(r"[=<>≠≤≥∈]|\\(ne|neq|le|leq|ge|geq|in)\b")
_LEADING_WORDS = re.compile(r"^\s*([a-zA-Z]{2,}|若|当|如果|\s)*\s*")
_ABOVE = frozenset({">", r"\gt"})
_BELOW = frozenset({"<", r"\lt"})
_AT_LEAST = frozenset({r"\ge", r"\geq", ">=", "≥", r"\geqslant"})
AT_MOST = frozenset({r"\le", r"\leq", "<=", "≤", r"\leqslant"})
COMPARISONS = _ABOVE | _BELOW | _AT_LEAST | AT_MOST


def kronecker(reading: Reading, node: Node) -> Expr:
    r"""1 where two indices are equal, 0 elsewhere; of ``i = j`` or ``i \ne j``.

    Raises:
        MeaningError: the condition is another one.
    """
    if isinstance(node, Fence) and node.body is not None:
        return kronecker(reading, node.body)
    if isinstance(node, Relation) and len(node.parts) == 2 and node.parts[0] is not None and node.parts[1] is not None:
        found = None
        if node.signs[0] in ("=", "==", r"\neq", r"\ne", "≠"):
            found = KroneckerDelta(*(index_of(reading, part) for part in node.parts if part is not None))
        if found is not None:
            return found if node.signs[0] in ("=", "==") else 1 - found
    raise errors.MeaningError("unknown-condition", "this condition is not understood", node.span)


def indicator(reading: Reading, condition: Node) -> Value:
    """1 where a condition holds and 0 elsewhere, for each entry of what is compared.

    Raises:
        MeaningError: the condition is not understood.
    """
    if isinstance(condition, Fence) and condition.body is not None:
        return indicator(reading, condition.body)
    found = _of_relation(reading, condition) if isinstance(condition, Relation) else _unknown(condition)
    if isinstance(found, Value):
        return replace(found, expr=Piecewise((S.One, found.expr), (S.Zero, True)))
    return values.scalar(found)


def condition_of(reading: Reading, node: Node | None) -> Expr | Value | None:
    """A condition as a Kronecker delta, or as a relation of SymPy for each entry; None for ``otherwise`` or nothing.

    Raises:
        MeaningError: it is not understood.
    """
    if node is None:
        return None
    if isinstance(node, Text):
        return None if _is_otherwise(node.words) else condition_of(reading, in_words(node) or _unknown(node))
    if isinstance(node, Sequence):
        parts = [part for part in node.items if not (isinstance(part, Text) and is_filler(part.words))]
        if len(parts) == 1:
            return condition_of(reading, parts[0])
        return None if not parts else _unknown(node)
    return _of_relation(reading, node) if isinstance(node, Relation) else _unknown(node)


def in_words(node: Text) -> Node | None:
    """The relation that words such as ``if $i = j$`` or ``for x > 0`` hold; None where they hold none."""
    marked = node.words.split("$")
    words = marked[1] if len(marked) == 3 else node.words.replace("$", " ")
    inner = words[_end_of_words(words) :].strip().rstrip(".,;:，。")
    if not _HAS_RELATION.search(inner):
        return None
    try:
        statements = parse(inner)
    except errors.LatexError:
        return None
    if len(statements) != 1 or statements[0].remarks:
        return None
    content = statements[0].content
    return _placed(content, node.span) if isinstance(content, Relation) else None


def _placed(content: Any, span: Span) -> Any:
    """A tree that stands for words, at the place of the words."""
    if isinstance(content, tuple) and not isinstance(content, Span):
        return tuple(_placed(part, span) for part in content)
    if not isinstance(content, Node.__args__):
        return content
    parts = {field.name: _placed(getattr(content, field.name), span) for field in fields(content)}
    return replace(content, **{**parts, "span": span})


def _end_of_words(words: str) -> int:
    found = _LEADING_WORDS.match(words)
    return 0 if found is None else found.end()


def _of_relation(reading: Reading, node: Relation) -> Expr | Value:
    if node.signs[0] in COMPARISONS:
        return _comparison(reading, node)
    return kronecker(reading, node)


def _comparison(reading: Reading, node: Relation) -> Value:
    """The comparison of two sides, entry by entry."""
    if len(node.parts) != 2 or node.parts[0] is None or node.parts[1] is None:
        raise errors.MeaningError("unknown-condition", "this condition is not understood", node.span)
    left, right = (reading.value(part) for part in node.parts if part is not None)
    sign = node.signs[0]

    def compare(a: Any, b: Any) -> Any:
        if sign in _ABOVE:
            return a > b
        if sign in _BELOW:
            return a < b
        return a >= b if sign in _AT_LEAST else a <= b

    found = values.hadamard(left, right, compare)
    if found is None or not isinstance(found.expr, Relational):  # a block has no one entry to compare
        raise errors.MeaningError("unknown-condition", "this condition is not understood", node.span)
    return replace(found, is_number=False)


def are_opposite(first: Expr | Value | None, second: Expr | Value | None) -> bool:
    """Whether one of two conditions holds wherever the other does not, single points aside."""
    if first is None or second is None or isinstance(first, Value) != isinstance(second, Value):
        return False
    if isinstance(first, Expr) and isinstance(second, Expr):
        return bool((first + second - 1).expand() == 0)
    assert isinstance(first, Value)
    assert isinstance(second, Value)
    both = values.hadamard(first, second, lambda a, b: S.One if _gap(a, b) == 0 else S.Zero)
    return both is not None and both.expr == 1


def _gap(first: Any, second: Any) -> Expr:
    """0 where one relation says that a number is above another, and the other one that it is below."""
    return ((first.gts - first.lts) + (second.gts - second.lts)).expand()


def _unknown(node: Node) -> Any:
    raise errors.MeaningError("unknown-condition", "this condition is not understood", node.span)


def _bare(words: str) -> str:
    return words.replace("$", "").strip().strip(".,;:，。；：").strip().lower()


def _is_otherwise(words: str) -> bool:
    return _bare(words) in _OTHERWISE or _bare(words).removeprefix("if ") in _OTHERWISE


def is_filler(words: str) -> bool:
    """Whether words only lead to a condition: ``if``, ``for``, ``where``."""
    return _bare(words) in _FILLERS


def restricts(words: str) -> bool:
    """Whether words beside a formula say that it holds only under a condition, such as ``if f is linear``."""
    if is_filler(words):
        return False
    is_compared = re.search(r"[<>≠≤≥]|\\(ne|neq|le|leq|ge|geq)\b", words) is not None
    return is_compared or any(begins.match(words) for begins in _beginnings(words))


def _beginnings(words: str) -> tuple[re.Pattern[str], ...]:
    """How words of a condition begin; ``for`` is one where a relation follows."""
    return (_BEGINS, _FOR) if _HAS_RELATION.search(words) else (_BEGINS,)


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
