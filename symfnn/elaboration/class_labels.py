r"""The number y of the right class: which letter it is in a text, and how that of one example is written.

Syntax only. ``f_{y_i}`` beside ``\mathbb{1}(y_i = k)`` picks an entry by one letter and not by an entry of an array y.
It is so in a text that does not have its letter otherwise. Under a sum over the examples it is no letter: there each
example has a class of its own, and one could not stand for all of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from symfnn.elaboration.conditions import is_equality
from symfnn.elaboration.declarations import ranged
from symfnn.elaboration.names import example_of, is_class, marks, written
from symfnn.latex.syntax import BigOperator, Fence, Letter, Node, Relation, Scripted, Sequence, Statement
from symfnn.latex.walk import nodes, rewritten

_SIGNS = (r"\partial", r"\nabla")


def classes(statements: list[Statement]) -> frozenset[str]:
    """The letters that can be the number of a class."""
    parts = (part for one in statements for node in (one.content, *one.remarks) for part in nodes(node))
    letters = {part.name for part in parts if isinstance(part, Letter) and is_class(part.name)}
    return frozenset(letter for letter in letters if _is_only_a_class(letter, statements))


def _is_only_a_class(letter: str, statements: list[Statement]) -> bool:
    """Whether a letter picks an entry below, and is nothing else than compared with an index or listed elsewhere."""
    picks, others = 0, Counter[str]()
    for statement in statements:
        others["alone"] += statement.content == Letter(letter, statement.content.span)
        others["listed"] += sum(_is_declared(letter, node) for node in (statement.content, *statement.remarks))
        for node in (part for content in (statement.content, *statement.remarks) for part in nodes(content)):
            if isinstance(node, Letter):
                others["all"] += node.name == letter
            elif isinstance(node, Scripted) and node.sub is not None and written(node.base) not in _SIGNS:
                picks += _plainly(letter, [m.content for m in marks(node.sub, "sub") if not m.bracket])
            elif is_equality(node) and node is not statement.content:
                others["compared"] += _plainly(letter, node.parts)  # type: ignore[union-attr]
            elif isinstance(node, Fence) and isinstance(node.body, Sequence):
                others["listed"] += _plainly(letter, node.body.items)
            elif isinstance(node, BigOperator) and isinstance(node.lower, Relation):
                others["bound"] += _plainly(letter, node.lower.parts[:1])
    free = picks + others["alone"] + others["compared"] + others["listed"]
    return picks > 0 and not others["bound"] and free == others["all"]


def _is_declared(letter: str, node: Node) -> bool:
    r"""Whether this is ``y \in \{1, \dots, K\}``, of one number and not of an index in turn."""
    stated = ranged(node)
    return stated is not None and stated.letter == letter and isinstance(node, Relation) and node.signs == (r"\in",)


def _plainly(letter: str, parts: Iterable[Node | None]) -> int:
    """How many of these are the letter, in no other style."""
    return sum(isinstance(part, Letter) and (part.name, part.style) == (letter, "") for part in parts)


def with_classes(statements: list[Statement]) -> list[Statement]:
    """The statements with the class of an example as one letter, ``y_{i}``, where no sum is over the examples."""
    contents = [node for one in statements for node in (one.content, *one.remarks)]
    names = {name for name in map(_spelling, _in_scripts(contents)) if name and _is_all(name, contents)}
    return [_with_letters(one, names) for one in statements] if names else statements


def _with_letters(statement: Statement, names: set[str]) -> Statement:
    parts = list(nodes(statement.content))
    lower = [part.lower for part in parts if isinstance(part, BigOperator) and part.lower is not None]
    bound = {part.name for one in lower for part in nodes(one) if isinstance(part, Letter)}
    own = {name for name in names if example_of(name) not in bound}

    def one_letter(node: Node) -> Node:
        name = _spelling(node)
        return Letter(name, node.span, "") if name in own else node

    return rewritten(statement, one_letter)


def _spelling(node: Node) -> str:
    """How the class of an example is written, as one letter; empty for what is none."""
    match node:
        case Scripted(Letter(letter, _, ""), Letter(example, _, ""), None, 0):
            name = f"{letter}_{{{example}}}"
        case Scripted(Letter(letter, _, ""), None, Letter(example, _, ""), 0):
            name = f"{letter}^{{{example}}}"
        case Scripted(Letter(letter, _, ""), None, Fence("(", Letter(example, _, "")), 0):
            name = f"{letter}^{{({example})}}"
        case _:
            return ""
    return name if is_class(name) else ""


def _in_scripts(contents: list[Node]) -> Iterator[Node]:
    """What stands in scripts: the indices."""
    for part in (part for content in contents for part in nodes(content)):
        for script in (part.sub, part.sup) if isinstance(part, Scripted) else ():
            if script is not None:
                yield from (mark.content for mark in marks(script, "sub"))


def _is_all(name: str, contents: list[Node]) -> bool:
    """Whether a class is all that its letter is written for."""
    parts = [part for content in contents for part in nodes(content)]
    found = sum(isinstance(part, Letter) and part.name == name[0] for part in parts)
    return found == sum(_spelling(part) == name for part in parts)
