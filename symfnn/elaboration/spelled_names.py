"""Names that are typed letter by letter: ``net_{h1}``, ``target - output``, ``E_{total}``.

Syntax only. In a formula such letters are a product as they stand; where they spell one of the usual words and nothing
stands between them, they are that word. A letter and a number below, the ``h1`` of ``net_{h1}``, are the label of one
neuron in a text that has the letter nowhere as an index.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from symfnn.elaboration.survey import mentions
from symfnn.latex.syntax import BigOperator, Letter, Node, Number, Product, Scripted, Statement
from symfnn.latex.walk import nodes, rewritten

_WORDS = frozenset(
    {"net", "out", "target", "output", "input", "error", "loss", "cost", "total", "ideal", "actual", "desired"}
    | {"hidden", "expected", "predicted", "predict", "pred", "label", "bias", "weight", "err"}
)
_BELOW = _WORDS | {"new", "old", "train", "test", "data", "true", "reg", "max", "min", "avg", "mean"}
_LONGEST = max(map(len, _BELOW))


def worded(statement: Statement) -> Statement:
    """The statement with each usual word that is typed letter by letter as one name."""
    return rewritten(statement, _worded)


def labelled(statements: list[Statement]) -> list[Statement]:
    """The statements with each label of a neuron as a part of the name that it stands at."""
    contents = [node for one in statements for node in (one.content, *one.remarks)]
    labels = _labels(contents)
    if not labels:
        return statements

    def joined(node: Node) -> Node:
        label = _label(node.sub) if isinstance(node, Scripted) else ""
        if label not in labels or not isinstance(node, Scripted) or not isinstance(node.base, Letter):
            return node
        style = "" if node.base.style == "text" else node.base.style  # the label has no place in a word
        name = Letter(f"{node.base.name}_{{{label}}}", node.span, style)
        return name if node.sup is None and not node.primes else replace(node, base=name, sub=None)

    return [rewritten(one, joined) for one in statements]


def _with_scripts(node: Node, change: Any) -> Node:
    """A node with what stands below it changed."""
    return replace(node, sub=change(node.sub)) if isinstance(node, Scripted) and node.sub is not None else node


def _worded(part: Node) -> Node:
    if isinstance(part, Product):
        return _of_product(part, _WORDS)
    return _with_scripts(part, lambda below: _of_product(below, _BELOW) if isinstance(below, Product) else below)


def _of_product(node: Product, words: frozenset[str]) -> Node:
    """A product in which letters that spell a word are one factor."""
    factors, signs = list(node.factors), list(node.signs)
    place = 0
    while place < len(factors):
        count = _run(factors, signs, place)
        text = "".join(_text(factor) for factor in factors[place : place + count])
        if count > 1 and text.lower() in words:
            stop = place + count
            factors[place:stop] = [_word(text, factors[place], factors[stop - 1])]
            del signs[place : stop - 1]
        place += 1 if count < 2 or text.lower() in words else count
    return factors[0] if len(factors) == 1 else Product(tuple(factors), tuple(signs), node.span)


def _run(factors: list[Node], signs: list[str], place: int) -> int:
    """How many letters stand side by side from a place on, with nothing between them; the last may have scripts."""
    count = 0
    for here in range(place, len(factors)):
        before = factors[here - 1] if count else None
        is_joined = before is None or (not signs[here - 1] and before.span.end == factors[here].span.start)
        if not is_joined or isinstance(before, Scripted) or not _text(factors[here]) or count == _LONGEST:
            break
        count += 1
    return count


def _text(node: Node) -> str:
    """The one letter that a factor is, with scripts or without; empty for any other."""
    base = node.base if isinstance(node, Scripted) else node
    is_one = isinstance(base, Letter) and not base.style and len(base.name) == 1 and base.name.isascii()
    return base.name if is_one and isinstance(base, Letter) else ""


def _word(text: str, first: Node, last: Node) -> Node:
    """A word, with the scripts of its last letter."""
    if isinstance(last, Scripted):
        return replace(last, base=Letter(text, first.span.to(last.base.span), "text"), span=first.span.to(last.span))
    return Letter(text, first.span.to(last.span), "text")


def _label(node: Node | None) -> str:
    """The label that a script is, a letter and a number; empty for any other."""
    match node:
        case Product((Letter(letter, _, "") as first, Number(number) as second), ("",)):
            is_one = len(letter) == 1 and number.isdecimal() and first.span.end == second.span.start
            return letter + number if is_one else ""
    return ""


def _labels(contents: list[Node]) -> set[str]:
    """The labels with a letter that is no index, where at least two names have such labels."""
    owners: dict[str, set[str]] = {}
    indices: set[str] = set()
    found: set[str] = set()
    for part in (part for content in contents for part in nodes(content)):
        if isinstance(part, BigOperator) and part.lower is not None:
            indices |= set(_letters(part.lower))
        if not isinstance(part, Scripted):
            continue
        label = _label(part.sub)
        if label and (name := next((one.name for one in mentions(part)), "")):
            owners.setdefault(label[0], set()).add(name)
            found.add(label)
        for script in (part.sup, None if label else part.sub):
            indices |= set() if script is None else set(_letters(script))
    letters = {letter for letter, names in owners.items() if len(names) > 1} - indices
    return {label for label in found if label[0] in letters}


def _letters(node: Node) -> Iterator[str]:
    """The letters in a node that are in no label."""
    parts = list(nodes(node))
    inside = [id(part) for label in parts if _label(label) for part in nodes(label)]
    return (part.name for part in parts if isinstance(part, Letter) and id(part) not in inside)
