"""A first look over all formulas of a text: which letter is the layer, which the last layer, what has layers."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from symfnn.algebra import index
from symfnn.elaboration.class_labels import classes
from symfnn.elaboration.declarations import ranged
from symfnn.elaboration.names import Mark, Mention, compound, mention, written
from symfnn.elaboration.sample_vectors import numbered_samples
from symfnn.elaboration.scalar_texts import numbers
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.spaces import space, stated
from symfnn.elaboration.suppositions import is_loss
from symfnn.latex.syntax import (
    BigOperator,
    Fence,
    Letter,
    Node,
    Number,
    Product,
    Relation,
    Scripted,
    Sequence,
    Statement,
    Sum,
)
from symfnn.latex.walk import children, nodes

_SPACE = "blackboard"  # the style of the R in R^l, where l is a dimension
_USUAL = ("l", r"\ell")
# letters that stand for an activation where they are written with brackets
ACTIVATIONS = frozenset({r"\sigma", r"\phi", r"\varphi", r"\psi", r"\Phi", r"\Psi", "f", "g", "h", "F", "G"})


def mentions(node: Node) -> Iterator[Mention]:
    """Every letter with its scripts, those in scripts too."""
    for part in nodes(node):
        if isinstance(part, Letter | Scripted):
            found = mention(part)
            if found is not None and found.marks:
                yield found


def names_in(node: Node) -> Iterator[Mention]:
    """Every name with all its scripts, and each name of two letters with and without the first one."""
    pair = compound(node)
    if pair is not None:
        yield pair
    found = mention(node)
    if found is not None:
        yield found
        return
    for part in children(node):
        yield from names_in(part)


def survey(scope: Scope, statements: Iterable[Statement]) -> Scope:
    """The scope with the letters for layers that a text uses."""
    everything = list(statements)
    contents = [node for statement in everything for node in (statement.content, *statement.remarks)]
    found = [one for content in contents for one in mentions(content) if one.style != _SPACE]
    counts_up_to = {written(bounds.high) for content in contents if (bounds := ranged(content)) is not None}
    families = _families(contents)
    moved = Counter(letter for one in found for mark in one.marks if (letter := _moved(mark, families)))
    lower = [letter for letter, _ in moved.most_common() if letter.lstrip("\\")[:1].islower()]
    # where layers are numbered up to l, that is the last one
    lower = [letter for letter in lower if letter not in counts_up_to] or lower
    upper = [letter for letter, _ in moved.most_common() if letter[:1].isupper()]
    usual = [letter for letter in _USUAL if any(written(m.content) == letter for one in found for m in one.marks)]
    summed = set(usual) - _outside_sums(contents)
    usual = [letter for letter in usual if letter not in counts_up_to and letter not in summed]
    layer = next(iter([*[u for u in usual if u in lower], *lower, *usual, *upper]), "")
    others = [letter for letter in upper if letter != layer]
    depth = _depth(contents, layer) or next(iter(others), "" if layer in upper else scope.depth_letter)
    scope = replace(scope, layer_letter=layer, depth_letter=depth, family=_family(contents, layer, depth))
    layered = {
        (one.name, mark.place, mark.bracket)
        for one in found
        for mark in one.marks
        if letters_of(mark.content) & {layer, depth}
    }
    scope = replace(scope, layer_letters=_layer_letters(found, layered, layer, depth))
    is_from_zero = any(
        isinstance(mark.content, Number)
        and mark.content.text == "0"
        and (one.name, mark.place, mark.bracket) in layered
        for one in found
        for mark in one.marks
    )
    applied, slopes = _applied(contents)
    parts = [part for content in contents for part in nodes(content)]
    always = {name for name in applied & ACTIVATIONS if not name.isalpha() or name in "fg"}
    always |= {name for name in ruled(contents) & ACTIVATIONS if not name.isalpha()}
    functions = dict.fromkeys(always | (slopes & ACTIVATIONS))
    scope = replace(
        scope,
        first_layer=0 if is_from_zero else 1,
        functions={**functions, **scope.functions},
        applied=applied,
        primed=slopes,
        lists=_lists(contents),
        single_numbers=numbers(contents, parts),
        numbered_samples=numbered_samples(contents, parts),
        labels=classes(everything) - {layer, depth},
    )
    for letter, count in _sampled(contents, found).items():
        if letter not in (layer, depth) and count not in (layer, depth):
            size = index.index(count)
            sampled = {letter: size, **scope.sampled}
            scope = replace(scope, sampled=sampled, sizes={count: size, **scope.sizes}, batch=scope.batch | {size})
    counts: dict[str, int] = {}
    for one in found:
        if one.name == r"\delta" and all(mark.place == "sub" for mark in one.marks):
            # as likely Kronecker's as an entry
            continue
        below = [
            m for m in one.marks if m.place == "sub" and not letters_of(m.content) & {layer, depth} and _is_index(m)
        ]
        counts[one.name] = max(counts.get(one.name, 0), len(below))
    return replace(scope, layered=scope.layered | layered, components=counts)


def _families(contents: list[Node]) -> frozenset[str]:
    r"""The letters that number arrays of unlike sizes below: the i of ``X_i \in \mathbb{R}^{d_i}``."""
    found: set[str] = set()
    for content in contents:
        is_shape = isinstance(content, Relation) and content.signs[0] == r"\in"
        stated = space(content.parts[1]) if isinstance(content, Relation) and is_shape else None
        if isinstance(content, Relation) and content.parts[0] is not None and stated and stated[1] is not None:
            found |= _below(content.parts[0]) & _below(stated[1])
        if isinstance(content, Relation) and content.signs[0] == "=" and None not in content.parts[:2]:
            found |= _recursive(*content.parts[:2])  # type: ignore[arg-type]
    return frozenset(found)


def _recursive(left: Node, right: Node) -> set[str]:
    """The letter by which an array is defined from one before it: the i of ``X_i = F_i(X_{i-1}, W_i)``.

    So is the k of ``a_k = W_k h_{k-1} + b_k``. In ``h_t = f(W h_{t-1})`` it numbers steps of one network: what is large
    on the right has to be numbered too.
    """
    own, letters = mention(left), _below(left)
    if own is None or len(letters) != 1:
        return set()
    large = [one for one in names_in(right) if one.name[:1].isupper() and one.name != own.name]
    is_numbered = bool(large) and all(any(letters_of(m.content) & letters for m in one.marks) for one in large)
    before = [mark for one in mentions(right) for mark in one.marks if mark.place == "sub"]
    return {letter for mark in before if (letter := _moved(mark, letters))} if is_numbered else set()


def _below(node: Node) -> set[str]:
    """The letters that stand below as they are."""
    marks = (mark for one in mentions(node) for mark in one.marks if mark.place == "sub")
    return {mark.content.name for mark in marks if isinstance(mark.content, Letter)}


def _layer_letters(found: list[Mention], layered: set[tuple[str, str, str]], layer: str, depth: str) -> tuple[str, ...]:
    """The letter for a layer, and those that are moved by 1 where it stands below, as k in X_k = F_k(X_{k-1})."""
    moved = {
        letter: None
        for one in found
        for mark in one.marks
        if mark.place == "sub" and (one.name, mark.place, mark.bracket) in layered
        if (letter := _moved(mark, letters_of(mark.content))) and letter not in (layer, depth)
    }
    return (layer, *moved) if moved else ()


def with_own_letter(scope: Scope, statement: Statement) -> Scope:
    """The scope with the letter that a statement has for the layer, where a text has several."""
    if not scope.layer_letters:
        return scope
    found = [one for node in (statement.content, *statement.remarks) for one in mentions(node)]
    marks = [(one.name, mark) for one in found for mark in one.marks]
    home, *others = scope.layer_letters
    places: dict[str, list[bool]] = {}
    for name, mark in marks:
        for letter in letters_of(mark.content):
            places.setdefault(letter, []).append((name, mark.place, mark.bracket) in scope.layered)
    own = [letter for letter in others if all(places.get(letter, [False]))]
    return replace(scope, layer_letter=own[0] if own and home not in places else home)


def _lists(contents: list[Node]) -> frozenset[str]:
    """The letters that are written with lists of arguments of unlike lengths: J(W, b) and J(W, b; x, y)."""
    lengths: dict[str, set[int]] = {}
    for content in contents:
        for node in nodes(content):
            if not isinstance(node, Product):
                continue
            for factor, sign, behind in zip(node.factors, node.signs, node.factors[1:], strict=False):
                found = mention(factor)
                if found is None or sign != "" or not isinstance(behind, Fence):
                    continue
                if isinstance(behind.body, Sequence):
                    lengths.setdefault(found.name, set()).add(len(behind.body.items))
                elif is_loss(found):
                    lengths.setdefault(found.name, set()).add(1)
    return frozenset(name for name, found in lengths.items() if len(found) > 1)


def _applied(contents: list[Node]) -> tuple[frozenset[str], frozenset[str]]:
    """The letters that never stand without brackets behind them, and those that stand there with a prime."""
    before: Counter[str] = Counter()
    slopes: set[str] = set()
    # a letter by itself is mentioned, as in "where φ is"
    everything = [node for content in contents if not isinstance(content, Letter) for node in nodes(content)]
    for node in everything:
        if not isinstance(node, Product):
            continue
        for factor, sign, behind in zip(node.factors, node.signs, node.factors[1:], strict=False):
            found = mention(factor)
            if found is None or sign != "" or not isinstance(behind, Fence) or behind.left not in "([{":
                continue
            before[found.name] += 1
            if found.primes:
                slopes.add(found.name)
    written_ = Counter(node.name for node in everything if isinstance(node, Letter))
    applied = frozenset(name for name, count in before.items() if count == written_[name])
    return applied, frozenset(slopes)


def ruled(contents: Iterable[Node]) -> frozenset[str]:
    """The letters of functions with one rule in a text, ``f(x) = …`` with x on the right; losses are none."""
    found: Counter[str] = Counter()
    for content in contents:
        match content.parts[:2] if isinstance(content, Relation) else ():
            case (Product((Letter(name, style="") as function, Fence(body=Letter(variable))), ("",)), rule) if rule:
                named, inside = mention(function), letters_of(rule)
                found[name] += variable in inside and name not in inside and named is not None and not is_loss(named)
    return frozenset(name for name, count in found.items() if count == 1)


def _is_index(mark: Mark) -> bool:
    """Whether a mark below can be the index of an entry: one small letter."""
    content = mark.content
    name = content.base if isinstance(content, Scripted) else content
    return isinstance(name, Letter) and len(name.name) == 1 and name.name.islower()


def _family(contents: list[Node], layer: str, depth: str) -> tuple[str, str] | None:
    """The letter of the widths and where its layer stands, from shapes and from the limits of ranges."""
    for content in contents:
        for size in _sizes(content):
            for one in mentions(size):
                if len(one.marks) == 1 and letters_of(one.marks[0].content) & {layer, depth}:
                    return one.name, one.marks[0].place
    return None


def _sizes(content: Node) -> Iterator[Node]:
    """What counts something in a formula: the exponents of spaces, the limits of ranges and sums."""
    bounds = ranged(content)
    if bounds is not None:
        yield bounds.high
    shape = stated(content)
    if shape is not None and shape.dimensions is not None:
        yield shape.dimensions
    for node in nodes(content):
        found = space(node)
        if found is not None and found[1] is not None:
            yield found[1]
        if isinstance(node, BigOperator) and node.upper is not None:
            yield node.upper


def _outside_sums(contents: list[Node]) -> set[str]:
    """The usual letters for layers that stand above somewhere, or below outside the sums that bind them."""
    found: set[str] = set()
    waiting = [(content, frozenset[str]()) for content in contents]
    while waiting:
        node, bound = waiting.pop()
        if isinstance(node, BigOperator) and node.lower is not None:
            bound = bound | (letters_of(node.lower) & set(_USUAL))
        one = mention(node) if isinstance(node, Letter | Scripted) else None
        for mark in () if one is None or one.style == _SPACE else one.marks:
            found |= letters_of(mark.content) & set(_USUAL) - (bound if mark.place == "sub" else set())
        waiting += [(part, bound) for part in children(node)]
    return found


def _moved(mark: Mark, families: Container[str]) -> str | None:
    """The letter of a mark such as l-1 or l+1."""
    content = mark.content
    if not isinstance(content, Sum) or len(content.terms) != 2 or not isinstance(content.terms[1], Number):
        return None
    first = content.terms[0]
    if not isinstance(first, Letter) or content.terms[1].text not in ("1", "2"):
        return None
    return first.name if mark.place == "sup" or first.name in _USUAL or first.name in families else None


def letters_of(node: Node) -> set[str]:
    """How the letters in a node are written, those with scripts also with them."""
    found = {written(part) for part in nodes(node) if isinstance(part, Letter | Scripted)}
    return found - {""}


def indices_in(node: Node) -> frozenset[str]:
    """The letters that stand in scripts."""
    return frozenset(letter for one in mentions(node) for mark in one.marks for letter in letters_of(mark.content))


def _sampled(contents: list[Node], found: list[Mention]) -> dict[str, str]:
    r"""The letters that number samples, ``x^{(i)}`` in ``\sum_{i=1}^m``, and how their count is written."""
    above = {
        mark.content.name
        for one in found
        for mark in one.marks
        if mark.place == "sup" and mark.bracket == "(" and isinstance(mark.content, Letter)
    }
    sampled: dict[str, str] = {}
    for node in (node for content in contents for node in nodes(content)):
        if not isinstance(node, BigOperator) or not isinstance(node.lower, Relation):
            continue
        letter, upper = node.lower.parts[0], node.upper
        if isinstance(letter, Letter) and letter.name in above and isinstance(upper, Letter):
            sampled.setdefault(letter.name, upper.name)
    return sampled


def _depth(contents: list[Node], layer: str) -> str | None:
    """How the last layer is written, from a range of the layer letter, or as a count with it: ``a^{(n_l)}``."""
    highs = [bounds.high for content in contents if (bounds := ranged(content)) and bounds.letter == layer]
    highs += [high.terms[0] for high in highs if isinstance(high, Sum)]
    named = next((written(high) for high in highs if isinstance(high, Letter | Scripted)), None)
    if named is not None:
        return named
    return _counted(contents, layer) if layer else None


def _counted(contents: list[Node], layer: str) -> str | None:
    """A layer whose number is a count with the layer letter in its name, such as n_l in ``a^{(n_l)}``."""
    for content in contents:
        for one in mentions(content):
            for place, bracket, inner in one.marks:
                is_above = place == "sup" and bracket != ""
                if is_above and isinstance(inner, Scripted) and inner.sub is not None and written(inner.sub) == layer:
                    return written(inner)
    return None
