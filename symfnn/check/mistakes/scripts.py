r"""What stands above and below letters: transposition marks, layers, component indices."""

from collections.abc import Iterator
from dataclasses import replace

from symfnn.check.mistakes import tree as trees
from symfnn.latex.syntax import Fence, Letter, Node, Number, Product, Scripted, Sequence, Sum

_MARKS = ("T", r"\top", r"\intercal", "t", r"\mathsf{T}")


def is_transposed(node: Node) -> bool:
    """Whether the last script above is a transposition mark."""
    return isinstance(node, Scripted) and node.sup is not None and _is_mark(_last(node.sup))


def transposed(node: Node, mark: Node) -> Node:
    """The transpose of what is written: the mark goes where it stands, and comes where it does not."""
    if not (isinstance(node, Scripted) and is_transposed(node)):
        base = node if isinstance(node, Letter | Fence) or _has_no_sup(node) else trees.bracketed(node)
        if isinstance(base, Scripted):
            return replace(base, sup=mark)
        return Scripted(base, None, mark, 0, node.span)
    assert node.sup is not None
    if isinstance(node.sup, Product):
        rest = trees.product([(f,) for f in node.sup.factors[:-1]], list(node.sup.signs[:-1]), node.sup.span)
        return replace(node, sup=rest)
    if node.sub is None and node.primes == 0:
        return _unwrapped(node.base)
    return replace(node, sup=None)


def transpose_mark(*texts: Node) -> Node:
    r"""The mark that the texts use, ``\top`` where they use none."""
    for text in texts:
        for _, node in trees.places(text):
            if isinstance(node, Scripted) and node.sup is not None and is_transposed(node):
                return _last(node.sup)
    return trees.letter(r"\top")


def neighbours(script: Node) -> Iterator[Node]:
    """A layer one up and one down: ``l + 1`` gives ``l``, ``3`` gives ``4`` and ``2``; also the first and last."""
    match script:
        case Fence(body=body) if body is not None:
            yield from (replace(script, body=other) for other in neighbours(body))
        case Product(factors=factors):
            yield from (trees.put(script, (0,), other) for other in neighbours(factors[0]))
        case Number(text=text) if text.isdecimal() and len(text) < 4:
            yield from (replace(script, text=str(int(text) + step)) for step in (1, -1) if int(text) + step >= 0)
        case Letter(name=name) if not _is_mark(script):
            yield from (_shifted(script, step) for step in (1, -1))
            yield from (replace(script, name=other) for other in _ends(name))
        case Sum(terms=(Letter() as base, Number(text=text)), signs=(_, sign)) if text.isdecimal() and len(text) < 4:
            offset = int(text) if sign == "+" else -int(text)
            yield from (_shifted(base, other) for other in (0, offset - 1, offset + 1, -offset))
        case _:
            return


def moved(node: Scripted) -> Iterator[Scripted]:
    """The letter at neighbouring layers, whether the layer stands above or below."""
    if node.sup is not None:
        yield from (replace(node, sup=other) for other in neighbours(node.sup))
    if node.sub is not None:
        yield from (replace(node, sub=other) for other in neighbours(node.sub))


def at_one_layer(side: Node) -> Iterator[Node]:
    """All of the side at another layer: L for l and the reverse."""
    for old, new in (("L", "l"), ("l", "L")):
        renamed = side
        for place, node in trees.places(side, scripts=True):
            if isinstance(node, Letter) and node.name == old and place:
                renamed = trees.put(renamed, place, replace(node, name=new))
        yield renamed


def letters_in(script: Node) -> Iterator[tuple[trees.Place, Letter]]:
    """The letters of a script, with their places."""
    for place, node in trees.places(script, scripts=True):
        if isinstance(node, Letter) and not _is_mark(node):
            yield place, node


def indices(node: Scripted) -> list[Node]:
    """What stands below, item by item: ``jk`` and ``j,k`` are two."""
    if isinstance(node.sub, Product):
        return list(node.sub.factors)
    if isinstance(node.sub, Sequence):
        return list(node.sub.items)
    if isinstance(node.sub, Number) and len(node.sub.text) == 2:
        return [replace(node.sub, text=digit) for digit in node.sub.text]
    return [] if node.sub is None else [node.sub]


def with_indices(node: Scripted, items: list[Node]) -> Scripted:
    """The same with other things below, joined as before."""
    assert node.sub is not None
    if isinstance(node.sub, Product):
        return replace(node, sub=replace(node.sub, factors=tuple(items)))
    if isinstance(node.sub, Sequence):
        return replace(node, sub=replace(node.sub, items=tuple(items)))
    if len(items) == 2:
        return replace(node, sub=Number("".join(i.text for i in items if isinstance(i, Number)), node.sub.span))
    return replace(node, sub=items[0])


def rescripted(node: Node, like: Node | None) -> Node:
    """A letter with the scripts of another one; itself where either has none."""
    if not isinstance(node, Scripted) or not isinstance(like, Scripted) or is_transposed(like):
        return node
    return replace(node, sub=like.sub, sup=like.sup)


def _shifted(base: Node, step: int) -> Node:
    if step == 0:
        return base
    return Sum((base, trees.number(abs(step))), ("+", "+" if step > 0 else "-"), base.span)


def _ends(name: str) -> tuple[str, ...]:
    return {"L": ("l",), "l": ("L",), "N": ("n",), "n": ("N",)}.get(name, ("L",))


def _is_mark(node: Node) -> bool:
    return isinstance(node, Letter) and node.name in _MARKS


def _last(script: Node) -> Node:
    return script.factors[-1] if isinstance(script, Product) else script


def _has_no_sup(node: Node) -> bool:
    return isinstance(node, Scripted) and node.sup is None and node.primes == 0


def _unwrapped(node: Node) -> Node:
    """Without brackets that only held a mark."""
    if isinstance(node, Fence) and isinstance(node.body, Letter | Scripted):
        return node.body
    return node
