"""One change at one place of a formula, by 18 operators: what people get wrong when they derive by hand."""

from collections.abc import Iterator
from copy import copy
from dataclasses import replace

from symfnn.check.mistakes import tree
from symfnn.elaboration.names import TRANSPOSES
from symfnn.latex.syntax import BigOperator, Fence, Fraction, Letter, Number, Product, Relation, Scripted, Sequence, Sum
from symfnn.latex.writing import write
from symfnn.source import Span

NOWHERE = Span(0, 0)
INDICES = set("ijkmnpqr")
LAYERS = {"l", "L"}
SIGNS = {r"\partial", r"\nabla", r"\top", "T", "d", r"\infty", r"\prime"}
FUNCTIONS = {"f", "g", "h", r"\sigma", r"\Sigma", "C", "J"}
HADAMARD = r"\odot"


def number(text):
    return Number(text, NOWHERE)


def is_transpose(node):
    return isinstance(node, Letter) and (node.name in TRANSPOSES)


def script_parts(node):
    """What stands above, in a row."""
    if node is None:
        return ()
    return node.factors if isinstance(node, Product) and not any(node.signs) else (node,)


def above(parts):
    return None if not parts else parts[0] if len(parts) == 1 else Product(parts, ("",) * (len(parts) - 1), NOWHERE)


def add_transpose(node, place):
    if place.script or place.below:
        return
    parts = script_parts(node.sup) if isinstance(node, Scripted) else ()
    if any(map(is_transpose, parts)) or not is_quantity(node):
        return
    turned = Letter(r"\top", NOWHERE)
    if isinstance(node, Scripted) and not node.primes:
        yield replace(node, sup=above((*parts, turned)))
    elif isinstance(node, Letter | Fence):
        yield Scripted(node, None, turned, 0, node.span)


def drop_transpose(node, place):
    if isinstance(node, Scripted) and any(map(is_transpose, script_parts(node.sup))):
        left = replace(node, sup=above(tuple(p for p in script_parts(node.sup) if not is_transpose(p))))
        yield left.base if left.sup is None and left.sub is None and not left.primes else left


def lose_prime(node, place):
    if isinstance(node, Scripted) and node.primes and not place.script:
        left = replace(node, primes=0)
        yield left.base if left.sup is None and left.sub is None else left


def add_prime(node, place):
    if place.script or tree.base_name(node) not in ("f", r"\sigma", "g", "h"):
        return
    if isinstance(node, Letter) and not place.is_base:
        yield Scripted(node, None, None, 1, node.span)
    elif isinstance(node, Scripted) and not node.primes:
        yield replace(node, primes=1)


def drop_factor(node, place):
    if isinstance(node, Product) and not place.script and not place.below and not is_head(node):
        units, signs = tree.units(node)
        for here in range(len(units)):
            if len(units) > 1:
                yield tree.product(*tree.dropped(units, signs, here), node.span)


def is_head(node):
    """Whether a product begins with ∂, d or ∇: no factors."""
    return tree.base_name(node.factors[0]) in (r"\partial", "d", r"\nabla")


def swap_factors(node, place):
    if isinstance(node, Product) and not place.script and not is_head(node):
        units, signs = tree.units(node)
        for here in range(len(units) - 1):
            swapped = [*units[:here], units[here + 1], units[here], *units[here + 2 :]]
            yield tree.product(swapped, signs, node.span)


def other_product(node, place):
    if isinstance(node, Product) and not place.script and not is_head(node):
        units, signs = tree.units(node)
        for here, sign in enumerate(signs):
            new = "" if sign in tree.HADAMARD else HADAMARD
            yield tree.product(units, [*signs[:here], new, *signs[here + 1 :]], node.span)


def shift_layer(node, place):
    if not place.layer:
        return
    if isinstance(node, Letter) and node.name in LAYERS and not place.in_sum:
        for sign in "+-":
            yield Sum((node, number("1")), ("+", sign), node.span)
    if isinstance(node, Sum) and tree.base_name(node.terms[0]) in LAYERS:
        yield node.terms[0]
        yield replace(node, signs=tuple({"+": "-", "-": "+"}[s] if n else s for n, s in enumerate(node.signs)))
        yield replace(node, terms=(node.terms[0], number("2"), *node.terms[2:]))
    if isinstance(node, Number) and node.text.isdecimal() and not place.in_sum:
        yield number(str(int(node.text) + 1))
        yield number(str(int(node.text) - 1))


def flip_sign(node, place):
    if isinstance(node, Sum) and not place.script:
        for here, sign in enumerate(node.signs):
            if sign in "+-":
                yield replace(node, signs=(*node.signs[:here], "-" if sign == "+" else "+", *node.signs[here + 1 :]))
    elif place.is_side and not isinstance(node, Sum):
        yield Sum((node,), ("-",), node.span)


def drop_term(node, place):
    if isinstance(node, Sum) and len(node.terms) > 1 and not place.script:
        for here in range(len(node.terms)):
            terms = node.terms[:here] + node.terms[here + 1 :]
            signs = node.signs[:here] + node.signs[here + 1 :]
            yield terms[0] if len(terms) == 1 and signs == ("+",) else replace(node, terms=terms, signs=signs)


def swap_indices(node, place):
    if not isinstance(node, Scripted) or node.sub is None:
        return
    sub = node.sub
    if isinstance(sub, Product) and len(sub.factors) == 2:
        yield replace(node, sub=replace(sub, factors=sub.factors[::-1]))
    if isinstance(sub, Sequence) and len(sub.items) == 2:
        yield replace(node, sub=replace(sub, items=sub.items[::-1]))


def rename_index(node, place):
    if place.script and isinstance(node, Letter) and node.name in INDICES:
        for other in sorted(place.indices - {node.name}):
            yield replace(node, name=other)


def drop_sum(node, place):
    if isinstance(node, BigOperator):
        yield node.body


def change_limit(node, place):
    if not isinstance(node, BigOperator):
        return
    if isinstance(node.lower, Relation) and isinstance(node.lower.parts[1], Number):
        first, low = node.lower.parts[0], int(node.lower.parts[1].text)
        yield replace(node, lower=replace(node.lower, parts=(first, number(str(low + 1)))))
    if node.upper is not None:
        yield replace(node, upper=Sum((node.upper, number("1")), ("+", "-"), NOWHERE))


def other_variable(node, place):
    if place.script or not isinstance(node, Letter) or node.name in SIGNS or node.name in INDICES:
        return
    for other in sorted(place.names - {node.name}):
        yield replace(node, name=other)


def change_constant(node, place):
    if isinstance(node, Number) and not place.layer and node.text.isdecimal():
        yield number(str(int(node.text) + 1))


def scale(node, place):
    if place.is_side:
        inner = tree.bracketed(node) if isinstance(node, Sum) else node
        yield Product((number("2"), inner), ("",), node.span)
        yield Product((Fraction(number("1"), Letter("m", NOWHERE), NOWHERE), inner), ("",), node.span)


def change_power(node, place):
    if (
        isinstance(node, Scripted)
        and not place.script
        and isinstance(node.sup, Number)
        and isinstance(node.base, Fence)
    ):
        yield replace(node, sup=number("3"))
        yield node.base


OPERATORS = (
    add_transpose,
    drop_transpose,
    lose_prime,
    add_prime,
    drop_factor,
    swap_factors,
    other_product,
    shift_layer,
    flip_sign,
    drop_term,
    swap_indices,
    rename_index,
    drop_sum,
    change_limit,
    other_variable,
    change_constant,
    scale,
    change_power,
)


class Where:
    """What an operator has to know about the place of a node."""

    def __init__(self, names, indices):
        self.names, self.indices = names, indices
        self.script = self.layer = self.below = self.in_sum = self.is_base = False
        self.is_side = True

    def inside(self, node, child):
        new = copy(self)
        new.is_side = False
        new.is_base = isinstance(node, Scripted) and child is node.base
        new.in_sum = isinstance(node, Sum)
        if isinstance(node, Scripted):
            quantity = not isinstance(node.base, Fence)
            new.layer = self.layer or (
                quantity and (child is node.sup or (child is node.sub and new.layer_below(node)))
            )
        new.script = self.script or tree.is_script(node, child)
        new.below = self.below or tree.is_denominator(node, child)
        return new

    def layer_below(self, node):
        return tree.base_name(node.sub) in LAYERS or isinstance(node.sub, Sum)


def is_quantity(node):
    if isinstance(node, Fence):
        return node.left == "("
    return tree.base_name(node) not in SIGNS | INDICES | FUNCTIONS | {""} and not (
        isinstance(node, Scripted) and isinstance(node.base, Scripted)
    )


def walk(node, where) -> Iterator[tuple]:
    yield (), node, where
    for place, child in enumerate(tree.children(node)):
        for path, inner, there in walk(child, where.inside(node, child)):
            yield (place, *path), inner, there


def mutants(statement):
    """(operator's name, statement) for every change of one place; each different one once."""
    content = statement.content
    nodes = [part for _, part in tree.places(content, scripts=True)]
    inside = {n.name for p in nodes if isinstance(p, Scripted) for s in (p.sub, p.sup) if s is not None
              for _, n in tree.places(s, scripts=True) if isinstance(n, Letter)}  # fmt: skip
    letters = {n.name for n in nodes if isinstance(n, Letter)}
    names = letters - SIGNS - INDICES - LAYERS
    seen = {write(content)}
    for side, part in enumerate(content.parts):
        for path, node, where in walk(part, Where(names, inside & INDICES)):
            for operator in OPERATORS:
                for new in operator(node, where):
                    changed = tree.put(part, path, new) if path else new
                    parts = (*content.parts[:side], changed, *content.parts[side + 1 :])
                    whole = replace(content, parts=parts)
                    text = write(whole)
                    if text not in seen:
                        seen.add(text)
                        yield operator.__name__, replace(statement, content=whole)
