r"""Mentions: a letter with its scripts sorted out, before it is known what the scripts mean.

``A^{[l-1] T}_{ij}`` is a mention of ``A`` with the mark ``[l-1]`` above, the marks ``i`` and ``j`` below, transposed.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple, final

from symfnn.latex.syntax import Fence, Letter, Node, Number, Product, Scripted, Sequence, Sum
from symfnn.source import Span

TRANSPOSES = frozenset({"T", r"\top", r"\intercal", r"\mathsf{T}", r"\mathrm{T}", r"\mathtt{T}", "⊤", "t"})
_CLASS = re.compile(r"[yc](?:[_^]\{\(?([a-z])\)?\})?")
_STARS = frozenset({"*", r"\ast", r"\star"})


class Mark(NamedTuple):
    """One index or name in a script.

    Attributes:
        place: ``"sub"`` or ``"sup"``.
        bracket: ``"("``, ``"["`` or ``""``.
        content: what is written.
    """

    place: str
    bracket: str
    content: Node


@final
@dataclass(frozen=True, slots=True)
class Mention:
    """A name with its marks in the order written, those above first."""

    name: str
    style: str
    marks: tuple[Mark, ...]
    primes: int
    is_transposed: bool
    span: Span


def mention(node: Node) -> Mention | None:
    """The mention that a node is; None where its base is no letter."""
    if isinstance(node, Letter):
        return Mention(node.name, node.style, (), 0, is_transposed=False, span=node.span)
    if isinstance(node, Fence) and node.left == "{" and node.body is not None:
        return mention(node.body)
    if not isinstance(node, Scripted):
        return None
    base = mention(node.base)
    if base is None:
        return None
    above = [] if node.sup is None else marks(node.sup, "sup")
    below = [] if node.sub is None else marks(node.sub, "sub")
    turned = [mark for mark in above if _is_transpose(mark)]
    stars = [mark for mark in above if _is_star(mark)]
    rest = [mark for mark in above if mark not in turned and mark not in stars]
    name = base.name + ("^*" if stars else "")
    is_transposed = base.is_transposed != (len(turned) % 2 == 1)
    everything = (*base.marks, *rest, *below)
    ordered = tuple(sorted(everything, key=lambda mark: mark.place == "sub"))
    return Mention(name, base.style, ordered, base.primes + node.primes, is_transposed, node.span)


def marks(script: Node, place: str) -> list[Mark]:
    """The marks that a script holds, in order."""
    if isinstance(script, Sequence):
        return [mark for item in script.items for mark in marks(item, place)]
    if isinstance(script, Product) and not any(script.signs) and not isinstance(script.factors[0], Number):
        return [mark for factor in script.factors for mark in marks(factor, place)]
    if isinstance(script, Product) and all(isinstance(f, Number | Letter) for f in script.factors) and place == "sub":
        return [mark for factor in script.factors for mark in marks(factor, place)]
    if isinstance(script, Fence) and script.left in "([" and script.body is not None:
        inner = script.body
        if isinstance(inner, Sequence):
            return [Mark(place, script.left, item) for item in inner.items]
        return [Mark(place, script.left, inner)]
    if isinstance(script, Number) and place == "sub" and len(script.text) > 1 and script.text.isdecimal():
        start = script.span.start
        return [Mark(place, "", Number(d, Span(start + k, start + k + 1))) for k, d in enumerate(script.text)]
    return [Mark(place, "", script)]


def _is_transpose(mark: Mark) -> bool:
    content = mark.content
    if not isinstance(content, Letter):
        return False
    return mark.place == "sup" and content.name in TRANSPOSES and (content.name != "t" or content.style != "")


def _is_star(mark: Mark) -> bool:
    return mark.place == "sup" and isinstance(mark.content, Letter) and mark.content.name in _STARS


def written(node: Node) -> str:
    """A short spelling of an index, by which two marks are told to be the same name."""
    match node:
        case Letter(name):
            return name
        case Number(text):
            return text
        case Fence(left, body, right):
            return f"{left}{written(body) if body is not None else ''}{right}"
        case Scripted(base, sub, sup, primes):
            below = "" if sub is None else f"_{written(sub)}"
            above = "" if sup is None else f"^{written(sup)}"
            return written(base) + below + above + "'" * primes
        case Sum(terms, signs):
            text = "".join(sign + written(term) for term, sign in zip(terms, signs, strict=True))
            return text.removeprefix("+")
        case Product(factors):
            return " ".join(written(factor) for factor in factors)
        case Sequence(items):
            return ",".join(written(item) for item in items)
    return "?"


def compound(node: Node) -> Mention | None:
    r"""The mention of a name of two letters, ``dW^{[l]}``, ``\Delta W`` or ``\nabla C``; None for anything else."""
    if not isinstance(node, Product) or len(node.factors) != 2 or node.signs != ("",):
        return None
    first, second = node.factors
    inner = mention(second)
    if not isinstance(first, Letter) or first.name not in PREFIXES or inner is None:
        return None
    return joined(first, inner)


PREFIXES = frozenset({"d", r"\delta", r"\Delta", r"\nabla"})


def joined(first: Letter, inner: Mention) -> Mention:
    """The mention of the name that a prefix letter and a name make up."""
    prefix = first.name if len(first.name) == 1 else first.name + " "
    return Mention(
        prefix + inner.name,
        inner.style,
        inner.marks,
        inner.primes,
        inner.is_transposed,
        Span(first.span.start, inner.span.end),
    )


def is_class(name: str) -> bool:
    """Whether a letter can be the number of a class: y or c; as one letter, y_{i} and y^{(i)} of an example."""
    return _CLASS.fullmatch(name) is not None


def example_of(name: str) -> str:
    """The letter of the example whose class this is; empty where it is none's in particular."""
    found = _CLASS.fullmatch(name)
    return (found[1] or "") if found else ""


def is_labelled(name: str) -> bool:
    """Whether a name has the label of a neuron as a part."""
    return "_{" in name


def without_label(name: str) -> str:
    """A name without the label of a neuron."""
    return name.split("_{")[0]
