r"""Cells with dots between them: ``x_1, x_2, \dots, x_n`` as one expression with a running index.

The cells that are shown have to be the same formula but for the numbers that run, and at least two have to be shown.
Syntax only: what the formula means is not known here.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, NamedTuple

from symfnn.elaboration.names import marks
from symfnn.latex.syntax import Dots, Letter, Node, Number, Scripted, Sequence
from symfnn.source import Span

Path = tuple[str | int, ...]
_NOWHERE = Span(0, 0)


class Running(NamedTuple):
    """A formula with a running index.

    Attributes:
        template: with ``letter`` where the shown cells have their numbers; the same cell where nothing runs.
        letter: that stands for the running index; None where all cells are the same.
        last: how the last cell's index is written; None where no last cell is shown.
    """

    template: Node
    letter: Letter | None
    last: Node | None


class Line(NamedTuple):
    """The places of an axis: those shown before the dots, whether there are dots, and the last one behind them."""

    before: tuple[int, ...]
    has_dots: bool
    last: int | None

    @property
    def shown(self) -> tuple[int, ...]:
        """The places that are shown."""
        return self.before if self.last is None else (*self.before, self.last)


def line(are_dots: list[bool]) -> Line | None:
    """How an axis is written; None where dots stand in more than one place, or in front."""
    shown = [place for place, dots in enumerate(are_dots) if not dots]
    if len(shown) == len(are_dots):
        return Line(tuple(shown), has_dots=False, last=None)
    first = are_dots.index(True)
    before, behind = [p for p in shown if p < first], [p for p in shown if p > first]
    if not before or len(behind) > 1 or len(before) + len(behind) < 2:
        return None
    return Line(tuple(before), has_dots=True, last=behind[0] if behind else None)


def running(cells: list[Node], *, has_last: bool, name: str) -> Running | None:
    """The formula that cells in a row are instances of; None where they are not.

    Args:
        cells: two or more, the first at index 1.
        has_last: whether the last one stands behind the dots.
        name: of the letter for the running index.
    """
    flat = [_flat(cell) for cell in cells]
    base, other = flat[0], flat[-1]
    paths = _differences(base, other, ())
    if paths is None:
        return None
    numbers = {_at(base, path).text for path in paths}
    if numbers - {"1"}:
        return None
    letter = Letter(name, cells[0].span)
    last = _at(other, paths[0]) if paths and has_last else None
    for place, cell in enumerate(flat):
        is_last = has_last and place == len(flat) - 1
        index = last if is_last else Number(str(place + 1), _NOWHERE)
        expected = _put(base, paths, index) if index is not None else base
        if _bare(expected) != _bare(cell):
            return None
    return Running(_put(base, paths, letter), letter if paths else None, last)


def is_dots(node: Node | None) -> bool:
    """Whether a cell shows nothing."""
    return node is None or isinstance(node, Dots)


def _flat(node: Any) -> Any:
    """A tree in which ``_{12}`` and ``_{1n}`` hold their indices one by one."""
    if isinstance(node, tuple) and not isinstance(node, Span):
        return tuple(_flat(part) for part in node)
    if not isinstance(node, Node.__args__):
        return node
    parts = {field.name: _flat(getattr(node, field.name)) for field in fields(node)}
    made = replace(node, **parts)
    if not isinstance(made, Scripted) or made.sub is None:
        return made
    found = [mark.content for mark in marks(made.sub, "sub")]
    if len(found) < 2 or any(mark.bracket for mark in marks(made.sub, "sub")):
        return made
    return replace(made, sub=Sequence(tuple(found), (",",) * (len(found) - 1), made.sub.span))


def _differences(base: Any, other: Any, path: Path) -> list[Path] | None:
    """Where a tree has a number and another one something else; None where they differ in another way."""
    if isinstance(base, Number) and isinstance(other, Node.__args__) and _bare(base) != _bare(other):
        return [path]
    if type(base) is not type(other):
        return None
    found: list[Path] = []
    for step, mine, others in _children(base, other):
        inner = _differences(mine, others, (*path, step))
        if inner is None:
            return None
        found += inner
    is_leaf = not isinstance(base, tuple) and not isinstance(base, Node.__args__)
    return None if is_leaf and base != other else found


def _children(base: Any, other: Any) -> Iterator[tuple[str | int, Any, Any]]:
    if isinstance(base, Span):
        return
    if isinstance(base, tuple):
        if len(base) != len(other):
            yield 0, 0, 1
        yield from ((step, *pair) for step, pair in enumerate(zip(base, other, strict=False)))
    elif isinstance(base, Node.__args__):
        yield from ((f.name, getattr(base, f.name), getattr(other, f.name)) for f in fields(base) if f.name != "span")


def _at(node: Any, path: Path) -> Any:
    for step in path:
        node = node[step] if isinstance(step, int) else getattr(node, step)
    return node


def _put(node: Any, paths: list[Path], new: Node) -> Any:
    """The tree with another node at some places."""
    if () in paths:
        return new
    for step in dict.fromkeys(path[0] for path in paths):
        inner = [path[1:] for path in paths if path[0] == step]
        if isinstance(step, int):
            node = (*node[:step], _put(node[step], inner, new), *node[step + 1 :])
        else:
            node = replace(node, **{step: _put(getattr(node, step), inner, new)})
    return node


def _bare(node: Any) -> Any:
    """A tree that can be compared with one that stands elsewhere."""
    if isinstance(node, Span):
        return None
    if isinstance(node, tuple):
        return tuple(_bare(part) for part in node)
    if isinstance(node, Node.__args__):
        return type(node).__name__, tuple(_bare(getattr(node, field.name)) for field in fields(node))
    return node
