"""Walking and rebuilding surface trees: what every mistake is made of, and nothing about any one of them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from symfnn.latex import syntax
from symfnn.latex.syntax import Fence, Letter, Node, Product, Scripted, Sum
from symfnn.latex.walk import with_children
from symfnn.source import Span

Place: TypeAlias = tuple[int, ...]  # the number of the child at each level
Unit: TypeAlias = tuple[Node, ...]  # factors that belong together: f and (x), or d/dx and what it acts on

_FUNCTIONS = {"f", "g", "h", r"\sigma", r"\phi", r"\varphi", r"\psi", r"\Phi", r"\theta", r"\rho"}
HADAMARD = (r"\odot", r"\circ", r"\bigodot", r"\otimes", r"\bullet", r"\ast", "*", ".*", r"\star", r"\circledcirc")
_ASTERISKS = ("*", r"\ast")
_NOWHERE = Span(0, 0)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below, in the order of their fields."""
    return tuple(child for name in syntax.FIELDS[type(node)] for child in _within(getattr(node, name)))


def _within(value: Any) -> Iterator[Node]:
    """The nodes in the value of a field."""
    if isinstance(value, tuple):
        for item in value:
            yield from _within(item)
    elif not (isinstance(value, Span | str | int) or value is None):
        yield value


def places(node: Node, *, scripts: bool = False) -> Iterator[tuple[Place, Node]]:
    """Every node with its place, from the top; what stands in scripts and below a derivative only if asked for."""
    yield (), node
    for number, child in enumerate(children(node)):
        if scripts or not (is_script(node, child) or is_denominator(node, child)):
            for place, inner in places(child, scripts=scripts):
                yield (number, *place), inner


def is_script(node: Node, child: Node) -> bool:
    """Whether the child stands below or above rather than in the line."""
    match node:
        case Scripted() | syntax.Function():
            return child is node.sub or child is node.sup
        case syntax.BigOperator():
            return child is node.lower or child is node.upper
        case _:
            return False


def is_denominator(node: Node, child: Node) -> bool:
    r"""Whether the child says what is differentiated by: ``\partial z`` below."""
    return isinstance(node, syntax.Fraction) and child is node.bottom and is_derivative(node)


def is_derivative(node: Node) -> bool:
    r"""Whether a fraction is ``\partial … / \partial …``, also with d."""
    if not isinstance(node, syntax.Fraction):
        return False
    first = node.bottom.factors[0] if isinstance(node.bottom, Product) else node.bottom
    return base_name(first) in (r"\partial", "d")


def at(root: Node, place: Place) -> Node:
    """The node at a place."""
    for number_of_child in place:
        root = children(root)[number_of_child]
    return root


def put(root: Node, place: Place, new: Node) -> Node:
    """The tree with another node at a place, in brackets or dissolved where its new neighbours ask for it."""
    if not place:
        return new.body if _is_needless(new) and isinstance(new, Fence) and new.body is not None else new
    while place:
        parent, here, place = at(root, place[:-1]), place[-1], place[:-1]
        new = _joined(parent, here, new)
    return new


def _joined(parent: Node, here: int, new: Node) -> Node:
    """The parent with another child."""
    if isinstance(parent, Product) and isinstance(new, Product):
        return _spliced(parent, here, new)
    if isinstance(parent, Sum) and isinstance(new, Sum):
        return _spliced_sum(parent, here, new)
    return with_child(parent, here, _fitting(parent, here, new))


def bracketed(node: Node) -> Node:
    """The node in round brackets, unless it is."""
    return node if isinstance(node, Fence) else Fence("(", node, ")", node.span)


def product(units: list[Unit], signs: list[str], span: Span) -> Node:
    """Units side by side as one product; a single factor is itself."""
    factors: list[Node] = []
    between: list[str] = []
    for sign, unit in zip(["", *signs], units, strict=True):
        for place, factor in enumerate(unit):
            inner = factor if isinstance(factor, Product) else Product((_in_product(factor),), (), factor.span)
            factors += inner.factors
            between += [sign if place == 0 else "", *inner.signs]
    return factors[0] if len(factors) == 1 else Product(tuple(factors), tuple(between[1:]), span)


def units(node: Product) -> tuple[list[Unit], list[str]]:
    """The factors in groups that belong together, and the signs between the groups."""
    groups: list[list[Node]] = [[node.factors[0]]]
    signs: list[str] = []
    for sign, factor in zip(node.signs, node.factors[1:], strict=True):
        if not sign and _binds(groups[-1][-1], factor):
            groups[-1].append(factor)
        else:
            groups.append([factor])
            signs.append(sign)
    return [tuple(group) for group in groups], signs


def dropped(found: list[Unit], signs: list[str], here: int, width: int = 1) -> tuple[list[Unit], list[str]]:
    """Units and signs without ``width`` of them from ``here`` on."""
    between = signs[: here - 1] + signs[here + width - 1 :] if here else signs[width:]
    return found[:here] + found[here + width :], between


def products(node: Node) -> Iterator[tuple[Place, list[Unit], list[str]]]:
    """Every product of two or more units in the line, with its place."""
    for place, inner in places(node):
        if isinstance(inner, Product):
            found, signs = units(inner)
            if len(found) > 1:
                yield place, found, signs


def terms(node: Node) -> list[tuple[Place, Node]]:
    """The terms of a side with their places; itself where it is no sum."""
    if isinstance(node, Sum):
        return [((number,), term) for number, term in enumerate(node.terms)]
    return [((), node)]


def negative(node: Node) -> Node:
    """The node with the other sign: ``-x`` becomes ``x``, and a difference is turned round."""
    if isinstance(node, Sum) and len(node.terms) == 1 and node.signs == ("-",):
        return node.terms[0]
    if isinstance(node, Sum):
        return _turned(node)
    return Sum((node,), ("-",), node.span)


def base_name(node: Node) -> str:
    """The name of the letter below all scripts; empty where there is none."""
    while isinstance(node, Scripted):
        node = node.base
    return node.name if isinstance(node, Letter) else ""


def is_function_head(node: Node) -> bool:
    """Whether a letter before a bracket is more likely applied than multiplied."""
    if isinstance(node, Scripted) and node.primes:
        return True
    name = base_name(node)
    letter = name in _FUNCTIONS or (len(name) > 1 and name.isalpha())
    return letter and isinstance(node, Letter | Scripted)


def is_prefix(node: Node) -> bool:
    """Whether a letter makes a name with the one behind it, as in ``dW``."""
    return isinstance(node, Letter) and node.name == "d"


def letter(name: str) -> Letter:
    """A letter, or a word, that stands nowhere in the text."""
    return Letter(name, _NOWHERE, "text" if len(name) > 1 and name.isalpha() else "")


def number(value: int) -> syntax.Number:
    """A number that stands nowhere in the text."""
    return syntax.Number(str(value), _NOWHERE)


def fraction(top: Node, bottom: Node) -> syntax.Fraction:
    """A fraction that stands nowhere in the text."""
    return syntax.Fraction(top, bottom, _NOWHERE)


def hadamard_sign(*trees: Node | None) -> str:
    r"""The sign that the trees use for the elementwise product, ``\odot`` where they use none.

    An asterisk stands for either product; it counts only where a text has no other sign.
    """
    asterisk = ""
    for tree in trees:
        for _, node in places(tree) if tree is not None else ():
            if isinstance(node, Product):
                for sign in node.signs:
                    if sign in HADAMARD and sign not in _ASTERISKS:
                        return sign
                    asterisk = asterisk or (sign if sign in _ASTERISKS else "")
    return asterisk or r"\odot"


def without_spans(node: Node) -> Node:
    """The tree with every span at 0, so that ``==`` compares what is written."""
    return replace(with_children(node, without_spans), span=_NOWHERE)


def _turned(node: Sum) -> Sum:
    """The sum with all signs flipped and, where there is one, a positive term in front."""
    flipped = [({"-": "+", "+": "-"}.get(sign, sign), term) for sign, term in zip(node.signs, node.terms, strict=True)]
    flipped.sort(key=lambda signed: signed[0] != "+")
    return Sum(tuple(term for _, term in flipped), tuple(sign for sign, _ in flipped), node.span)


def _binds(before: Node, factor: Node) -> bool:
    """Whether a factor belongs to the one before it."""
    if is_derivative(before) and isinstance(before, syntax.Fraction):
        return base_name(before.top) in (r"\partial", "d")  # an operator, e.g. d/dx, and its operand
    if is_prefix(before):
        return isinstance(factor, Letter | Scripted)
    return isinstance(factor, Fence) and factor.left == "(" and is_function_head(before)


def _in_product(node: Node) -> Node:
    return bracketed(node) if isinstance(node, Sum) else node


def _is_needless(node: Node) -> bool:
    """Whether brackets hold together what stands alone anyway."""
    return isinstance(node, Fence) and node.left == "(" and isinstance(node.body, Sum | Product)


def _fitting(parent: Node, here: int, new: Node) -> Node:
    if is_script(parent, children(parent)[here]):
        return new
    if isinstance(parent, Product | syntax.BigOperator):
        return _in_product(new)
    if isinstance(parent, Scripted) and isinstance(new, Product | Sum | syntax.Fraction | syntax.Function):
        return bracketed(new)
    return new


def _spliced(parent: Product, here: int, new: Product) -> Product:
    factors = (*parent.factors[:here], *new.factors, *parent.factors[here + 1 :])
    return Product(factors, (*parent.signs[:here], *new.signs, *parent.signs[here:]), parent.span)


def _spliced_sum(parent: Sum, here: int, new: Sum) -> Sum:
    inner = new if parent.signs[here] == "+" else _turned(new)
    found = (*parent.terms[:here], *inner.terms, *parent.terms[here + 1 :])
    return Sum(found, (*parent.signs[:here], *inner.signs, *parent.signs[here + 1 :]), parent.span)


def with_child(node: Node, here: int, new: Node) -> Node:
    """The node with another child in place of one of its own."""
    counter = iter(range(1_000_000))
    return with_children(node, lambda child: new if next(counter) == here else child)
