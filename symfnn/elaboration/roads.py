"""What depends on what by the derivatives that a text takes, told by letters, before anything is known of them.

A text that differentiates z by x and by y, and both by t, has two roads from t to z. A formula that mentions one of
them only is no chain rule, though it would be one by itself.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from symfnn.elaboration.derivatives import behind_sign, is_gradient
from symfnn.elaboration.factors import application
from symfnn.elaboration.names import mention
from symfnn.latex.syntax import Fraction, Letter, Node, Number, Product, Scripted
from symfnn.latex.walk import nodes

_Name: TypeAlias = tuple[str, str]


def has_road_around(sides: tuple[Node, Node], text: Iterable[Node]) -> bool:
    """Whether a text has a road from what a formula differentiates by to what it differentiates that avoids the rest.

    Args:
        sides: of the formula.
        text: the sides of all formulas.
    """
    own, everything = _edges(sides), _edges(text)
    names = {name for top, found in own.items() for name in (top, *found)}
    for top, found in own.items():
        ends = set[_Name]().union(*(_behind(own, name, set()) for name in found))
        others = {name for name in everything.get(top, set()) - found - {top} if not _is_part(name, names)}
        if any(_behind(everything, other, found | {top}) & ends for other in others):
            return True
    return False


def _is_part(name: _Name, names: set[_Name]) -> bool:
    """Whether a name is an entry of one of some names by its number, or has such an entry among them."""
    return any(letter == name[0] and bool(number) != bool(name[1]) for letter, number in names)


def _behind(edges: dict[_Name, set[_Name]], start: _Name, closed: set[_Name]) -> set[_Name]:
    """What a letter leads to by roads that do not go on from closed ones."""
    seen, waiting = set[_Name](), [start]
    while waiting:
        for name in edges.get(waiting.pop(), set()) - seen:
            seen.add(name)
            if name not in closed:
                waiting.append(name)
    return seen


def _edges(text: Iterable[Node]) -> dict[_Name, set[_Name]]:
    """By which names each name is differentiated."""
    found: dict[_Name, set[_Name]] = {}
    for content in text:
        for top, by in taken((content,)):
            found.setdefault(top, set()).add(by)
    return found


def taken(text: Iterable[Node]) -> Iterator[tuple[_Name, _Name]]:
    """The derivatives of names by names in formulas: the letter of each and the number below it."""
    for node in (node for content in text for node in nodes(content)):
        if isinstance(node, Fraction):
            pair = behind_sign(node.top), behind_sign(node.bottom)
        elif isinstance(node, Product) and isinstance(node.factors[0], Scripted) and is_gradient(node.factors[0].base):
            pair = node.factors[1], node.factors[0].sub
        else:
            continue
        top, by = (None if part is None else _letter(part) for part in pair)
        if top is not None and by is not None:
            yield top, by


def _letter(node: Node) -> _Name | None:
    """The letter of a name and the number below it, of one that is written with arguments too."""
    applied = application(node)
    found = applied[0] if applied is not None else mention(node) if isinstance(node, Letter | Scripted) else None
    if found is None:
        return None
    numbers = [mark.content.text for mark in found.marks if mark.place == "sub" and isinstance(mark.content, Number)]
    return found.name, ",".join(numbers)
