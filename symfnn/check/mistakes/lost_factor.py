"""A constant factor lost or doubled: 1/m, 1/2, 2."""

from collections.abc import Iterator
from dataclasses import replace

from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes.mistake import Mistake, Surroundings
from symfnn.latex.syntax import Fence, Fraction, Letter, Node, Number, Product, Scripted, Sum


def _undo(side: Node, around: Surroundings) -> Iterator[Node]:
    yield from _in_fractions(side)
    for place, units, signs in trees.products(side):
        for number, unit in enumerate(units):
            if len(unit) == 1 and _is_constant(unit[0]):
                yield trees.put(side, place, trees.product(*trees.dropped(units, signs, number), side.span))
    for factor in _constants(side, around):
        if not _is_divided_by(side, factor):
            yield _times(side, factor)
        yield from (trees.put(side, place, _times(term, factor)) for place, term in trees.terms(side) if place)


def _in_fractions(side: Node) -> Iterator[Node]:
    """The constant factors of fractions changed, then a factor of one term of a numerator put back."""
    found = [(place, node) for place, node in trees.places(side) if isinstance(node, Fraction)]
    values = [(place, node) for place, node in found if not trees.is_derivative(node)]
    for place, node in values:
        is_factor = bool(place) and isinstance(trees.at(side, place[:-1]), Product)
        others = (other for other in _fractions(node) if not (is_factor and _is_one(other)))
        yield from (trees.put(side, place, other) for other in others)
    for place, node in values:
        if isinstance(node.top, Sum):
            yield from (trees.put(side, place, replace(node, top=top)) for top in _with_denominator(node))


def _is_divided_by(side: Node, factor: Node) -> bool:
    """Whether a factor of a product is one over this: that would be dropped instead."""
    found = side.factors if isinstance(side, Product) else (side,)
    below = [one.bottom for one in found if isinstance(one, Fraction)]
    return any(trees.without_spans(node) == trees.without_spans(factor) for node in below)


def _is_one(node: Node) -> bool:
    """Whether this is the number 1, which is no factor that anybody writes."""
    return isinstance(node, Number) and node.text == "1"


def _fractions(node: Fraction) -> Iterator[Node]:
    """A 2 taken from or put to the bottom, and the bottom letter dropped."""
    bottom = node.bottom
    if isinstance(bottom, Product):
        for number in range(len(bottom.factors)):
            rest: list[trees.Unit] = [(f,) for n, f in enumerate(bottom.factors) if n != number]
            yield replace(node, bottom=trees.product(rest, [""] * (len(rest) - 1), bottom.span))
    elif isinstance(bottom, Letter):
        yield replace(node, bottom=Product((trees.number(2), bottom), ("",), bottom.span))
        yield node.top
    elif isinstance(bottom, Number):
        yield node.top


def _with_denominator(node: Fraction) -> Iterator[Node]:
    """Each term of a numerator times what stands below the line, as the quotient rule has it."""
    below = node.bottom.base if isinstance(node.bottom, Scripted) else node.bottom
    factor = below if isinstance(below, Letter | Scripted | Fence | Number) else trees.bracketed(below)
    for place, term in trees.terms(node.top):
        units, signs = trees.units(term) if isinstance(term, Product) else ([(term,)], [])
        yield trees.put(node.top, place, trees.product([*units, (factor,)], [*signs, ""], term.span))


def _constants(side: Node, around: Surroundings) -> Iterator[Node]:
    """1/2 and 2, then one over, and times, each letter that a fraction in sight has at its bottom."""
    one, two = trees.number(1), trees.number(2)
    yield trees.fraction(one, two)
    yield two
    letters: list[str] = []
    for text in around.texts(side):
        for _, node in trees.places(text):
            if isinstance(node, Fraction) and isinstance(node.bottom, Letter) and not trees.is_derivative(node):
                letters.append(node.bottom.name)
    for name in dict.fromkeys(letters or ["m"]):
        yield trees.fraction(one, trees.letter(name))
        yield trees.letter(name)


def _times(term: Node, factor: Node) -> Node:
    if isinstance(term, Product):
        return Product((factor, *term.factors), ("", *term.signs), term.span)
    return trees.product([(factor,), (term,)], [""], term.span)


def _is_constant(node: Node) -> bool:
    """Whether a factor holds numbers and bare letters of counts only."""
    if isinstance(node, Fraction):
        return not trees.is_derivative(node) and _is_constant(node.top) and _is_constant(node.bottom)
    if isinstance(node, Product):
        return all(_is_constant(factor) for factor in node.factors)
    return isinstance(node, Number) or (isinstance(node, Letter) and node.name in ("m", "n", "N", "M", "B"))


MISTAKE = Mistake(
    code="lost-factor",
    title="A constant factor is lost or doubled",
    message="the factor {meant} is missing",
    surplus="the factor {found} is too much",
    explanation=r"""
A number such as $\tfrac12$, $2$ or $\tfrac1m$ is missing, or stands there twice. The mean over $m$ samples keeps its
factor in every gradient; the half of the squared error cancels against the exponent:

$$J = \frac1m \sum_i E^{(i)} \;\Rightarrow\;
\frac{\partial J}{\partial W} = \frac1m \sum_i \frac{\partial E^{(i)}}{\partial W},
\qquad E = \tfrac12 \|a - y\|^2 \;\Rightarrow\; \frac{\partial E}{\partial a} = a - y.$$

Decide once where $\tfrac1m$ lives. If `dZ` is the gradient of the mean it already holds it, and dividing again for
`dW` is wrong; if `dZ` belongs to the sum, it has to come in there. The same goes for $\lambda$ against $\lambda / 2$.
""",
    examples=(
        ("nielsen", r"\frac{\partial C}{\partial a^L} = 2 (a^L - y)", r"\frac{\partial C}{\partial a^L} = a^L - y"),
        (
            "ng",
            r"\frac{\partial J}{\partial W^{[l]}} = dZ^{[l]} A^{[l-1] T}",
            r"\frac{\partial J}{\partial W^{[l]}} = \frac{1}{m} dZ^{[l]} A^{[l-1] T}",
        ),
        ("nielsen", r"C = \|y - a^L\|^2", r"C = \frac{1}{2} \|y - a^L\|^2"),
        (
            "nielsen",
            r"\frac{\partial a_j}{\partial z_j} = \frac{e^{z_j} - (e^{z_j})^2}{(\sum_k e^{z_k})^2}",
            r"\frac{\partial a_j}{\partial z_j} = \frac{e^{z_j} (\sum_k e^{z_k}) - (e^{z_j})^2}{(\sum_k e^{z_k})^2}",
        ),
    ),
    others=(("nielsen", r"\frac{\partial C}{\partial a^L} = y - a^L", r"\frac{\partial C}{\partial a^L} = a^L - y"),),
    undo=_undo,
)
