"""Names of functions that are typed letter by letter: ``softmax(z)``, ``RELU(Z)``, ``max(0, z)``, ``CE(y, p)``.

Syntax only. In a formula such letters are a product as they stand; directly before brackets they are the name that they
spell, or, where they are capitals and the brackets hold a list, a name of the text's own.
"""

from dataclasses import fields, replace
from typing import Any

from symfnn.latex.syntax import Fence, Function, Letter, Node, Product, Scripted, Sequence, Statement
from symfnn.source import Span

_LETTERS = frozenset({"relu", "sigmoid", "softmax", "diag", "sign", "sgn"})
_FUNCTIONS = frozenset({"exp", "log", "max", "min", "tanh"})
_LONGEST = max(map(len, _LETTERS))


def spelled(statement: Statement) -> Statement:
    """The statement with each name that is typed letter by letter as one."""
    return replace(statement, content=_spelled(statement.content), remarks=tuple(map(_spelled, statement.remarks)))


def _spelled(node: Any) -> Any:
    if isinstance(node, tuple) and not isinstance(node, Span):
        return tuple(_spelled(part) for part in node)
    if not isinstance(node, Node.__args__):
        return node
    made = replace(node, **{field.name: _spelled(getattr(node, field.name)) for field in fields(node)})
    return _of_product(made) if isinstance(made, Product) else made


def _of_product(node: Product) -> Node:
    """A product in which letters and the brackets behind them are one name and its argument."""
    factors, signs = list(node.factors), list(node.signs)
    place = 0
    while place < len(factors):
        count = _length(factors, signs, place)
        if count:
            made = _name(factors[place - count : place], factors[place])
            start, stop = place - count, place + 1
            factors[start:stop] = made
            signs[start : stop - 1] = [""] * (len(made) - 1)
            place = start + len(made) - 1
        place += 1
    if len(factors) == 1:
        return factors[0]
    return Product(tuple(factors), tuple(signs), node.span)


def _length(factors: list[Node], signs: list[str], place: int) -> int:
    """How many letters in front of the brackets at a place spell a name; 0 where there is none."""
    brackets = factors[place]
    fence = brackets.base if isinstance(brackets, Scripted) else brackets
    if not isinstance(fence, Fence) or fence.left not in ("(", "[", "{"):
        return 0
    run = 0
    while run < min(place, _LONGEST) and not signs[place - run - 1] and _is_letter(factors[place - run - 1]):
        run += 1
    texts = {count: "".join(_text(factor) for factor in factors[place - count : place]) for count in range(2, run + 1)}
    known = [count for count, text in texts.items() if text.lower() in _LETTERS | _FUNCTIONS]
    if known:
        return max(known)
    is_list = isinstance(fence.body, Sequence) and set(fence.body.separators) <= {",", ";"}
    return run if run > 1 and texts[run].isupper() and is_list and fence is brackets else 0


def _is_letter(node: Node) -> bool:
    return isinstance(node, Letter) and not node.style and len(node.name) == 1 and node.name.isascii()


def _text(node: Node) -> str:
    return node.name if isinstance(node, Letter) else ""


def _name(letters: list[Node], brackets: Node) -> list[Node]:
    """The name and its brackets as two factors, or as one function."""
    text = "".join(map(_text, letters))
    span = letters[0].span.to(letters[-1].span)
    if text.lower() not in _FUNCTIONS:
        return [Letter(text, span, "text"), brackets]
    fence = brackets.base if isinstance(brackets, Scripted) else brackets
    assert isinstance(fence, Fence)
    inner = fence.body if isinstance(fence.body, Sequence) else fence
    function = Function(text.lower(), inner, None, None, 0, span.to(fence.span))
    if not isinstance(brackets, Scripted):
        return [function]
    return [replace(brackets, base=Fence("(", function, ")", function.span))]
