r"""Letters that number samples by how they are used: the q of ``E = \sum_q E^q``, the n of ``\frac{1}{N} \sum_n L_n``.

A sum of objectives, or of squared lengths of vectors that its letter numbers, is one over samples; so is one over a
letter that numbers vectors by their declaration, x_i in R^d, up to something else than their size. Where the letter
stands nowhere beside the index of an entry, as in t_{qj}, it numbers samples wherever it stands.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sympy import Expr, Symbol

from symfnn.algebra import index
from symfnn.elaboration.declarations import is_layer, is_sample
from symfnn.elaboration.names import Mark, Mention, mention, written
from symfnn.elaboration.sample_vectors import declared
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.suppositions import is_loss
from symfnn.elaboration.survey import mentions
from symfnn.latex.syntax import BigOperator, Fence, Fraction, Letter, Node, Number, Product, Relation, Statement
from symfnn.latex.walk import nodes

_NORMS = ("‖", r"\|")
_DATA = "xyt"  # a w_j in R^d belongs to a neuron


def numbered(scope: Scope, statements: Iterable[Statement]) -> Scope:
    """The scope with the letters that number samples in a text, and how many samples there are."""
    contents = [node for statement in statements for node in (statement.content, *statement.remarks)]
    found = list(_sums(contents))
    over_samples = {letter for letter, _, total in found if _is_over_samples(scope, letter, total)}
    over_samples |= _of_vectors(contents, found)
    over_samples -= {scope.layer_letter, scope.depth_letter}
    everything = [one for content in contents for one in mentions(content)]
    for letter in sorted(over_samples - scope.sampled.keys()):
        names = {one.name for one in everything if _is_entry(scope, one, letter)}
        counts = [count for own, count, _ in found if own == letter and count]
        scope, size = _counted(scope, letter, counts)
        is_pure = not names and {own for own, _, _ in found} >= {letter}
        marked = everything if is_pure else [one for _, _, total in _of(found, letter) for one in mentions(total)]
        kept = [one for one in marked if one.name not in names and (is_pure or is_loss(one))]
        places = {(one.name, m.place, m.bracket, letter): size for one in kept for m in _own(one, letter)}
        scope = replace(scope, numbers={**places, **scope.numbers})
        scope = replace(scope, batch=scope.batch | {size}) if is_pure else scope
    each = {one.name for one in everything if any(is_sample(scope, mark, {}, one.name) for mark in one.marks)}
    return replace(scope, each=frozenset(each))


def _of_vectors(contents: list[Node], sums: list[tuple[str, str, Node]]) -> set[str]:
    r"""The letters that number vectors of data, ``x_i \in \mathbb{R}^d``, while sums run on past the vectors' size."""
    sizes: dict[str, set[str]] = {}
    for content in contents:
        for name, (letter, size) in declared(content):
            if name in _DATA:
                sizes.setdefault(letter, set()).add(size)
    counts = {letter: {count for own, count, _ in sums if own == letter} for letter in sizes}
    return {letter for letter, found in counts.items() if found - {""} and not found & sizes[letter]}


def _of(found: list[tuple[str, str, Node]], letter: str) -> Iterator[tuple[str, str, Node]]:
    return (one for one in found if one[0] == letter)


def _counted(scope: Scope, letter: str, counts: list[str]) -> tuple[Scope, Expr]:
    """The scope with how many samples there are, by the limit of a sum or the number that a mean is divided by."""
    text = next((count for count in counts if count not in (scope.layer_letter, scope.depth_letter)), "")
    if not text:
        return scope, Symbol(f"number of samples {letter}", integer=True, positive=True)
    size = scope.sizes.get(text, index.index(text))
    return replace(scope, sizes={text: size, **scope.sizes}), size


def _sums(contents: list[Node]) -> Iterator[tuple[str, str, Node]]:
    """Each sum over one letter: that letter, how many terms it is written to have, and what is summed."""
    everything = [node for content in contents for node in nodes(content)]
    divisors = {
        factor.span: _divisor(node.factors[:place])
        for node in everything
        if isinstance(node, Product)
        for place, factor in enumerate(node.factors)
    }
    for node in everything:
        found = _sum(node) if isinstance(node, BigOperator | Fence) else None
        if found is not None:
            letter, count, total = found
            yield letter, count or divisors.get(node.span, ""), total


def _sum(node: Node) -> tuple[str, str, Node] | None:
    while isinstance(node, Fence) and node.body is not None:
        node = node.body
    if not isinstance(node, BigOperator) or node.name.lstrip("\\") != "sum" or node.lower is None:
        return None
    lower = node.lower.parts[0] if isinstance(node.lower, Relation) else node.lower
    if not isinstance(lower, Letter):
        return None
    return lower.name, node.upper.name if isinstance(node.upper, Letter) else "", node.body


def _divisor(factors: tuple[Node, ...]) -> str:
    r"""The n of ``\frac{1}{n}`` and ``\frac{1}{2n}`` before a sum; empty where none stands there."""
    for factor in factors:
        bottom = factor.bottom if isinstance(factor, Fraction) else None
        parts = bottom.factors if isinstance(bottom, Product) else (bottom,)
        letters = [part for part in parts if isinstance(part, Letter)]
        if len(letters) == 1 and all(isinstance(part, Letter | Number) for part in parts):
            return letters[0].name
    return ""


def _is_over_samples(scope: Scope, letter: str, total: Node) -> bool:
    """Whether objectives are summed, or the squared lengths of what a letter numbers."""
    for node in nodes(total):
        found = mention(node)
        if found is not None and is_loss(found) and len(found.marks) == 1 and _own(found, letter):
            return True
        if isinstance(node, Fence) and node.left in _NORMS and node.body is not None:
            inside = [one for one in mentions(node.body) if _own(one, letter)]
            if inside and not any(_is_entry(scope, one, letter) for one in inside):
                return True
    return False


def _own(found: Mention, letter: str) -> list[Mark]:
    return [mark for mark in found.marks if written(mark.content) == letter]


def _is_entry(scope: Scope, found: Mention, letter: str) -> bool:
    """Whether a letter stands beside another index of the same entry, so that it numbers the rows of an array."""
    below = [mark for mark in found.marks if mark.place == "sub" and not is_layer(scope, mark.content)]
    return len(below) > 1 and any(written(mark.content) == letter for mark in below)
