"""Letters in a style, and accents."""

from dataclasses import replace

from symfnn.errors import LatexError
from symfnn.latex.syntax import BigOperator, Fence, Fraction, Letter, Node, Number, Product, Scripted, Sequence, Sum
from symfnn.latex.tokens import DEEPEST


def in_style(node: Node, style: str, level: int = 0) -> Node:
    """Every letter that has no style yet in a style; what stands in scripts keeps its own."""
    if level > DEEPEST:
        raise LatexError("too-deep", f"the formula is nested more than {DEEPEST} levels deep", node.span)
    match node:
        case Letter(_, _, ""):
            return replace(node, style=style)
        case Number(text, span) if style not in ("", "roman", "sans"):
            return Letter(text, span, style)
        case Scripted():
            return replace(node, base=in_style(node.base, style, level + 1))
    return _inside(node, style, level + 1)


def _inside(node: Node, style: str, level: int) -> Node:
    def each(*parts: Node) -> tuple[Node, ...]:
        return tuple(in_style(part, style, level) for part in parts)

    match node:
        case Product():
            return replace(node, factors=each(*node.factors))
        case Sum():
            return replace(node, terms=each(*node.terms))
        case Sequence():
            return replace(node, items=each(*node.items))
        case Fence(body=body) if body is not None:
            return replace(node, body=in_style(body, style, level))
        case Fraction(top, bottom):
            top, bottom = each(top, bottom)
            return replace(node, top=top, bottom=bottom)
        case BigOperator():
            return replace(node, body=in_style(node.body, style, level))
    return node


def with_accent(node: Node, accent: str) -> Node:
    """The letter with its accent; one over more than a letter makes a name of all of it."""
    match node:
        case Letter():
            return replace(node, name=f"{accent}{{{node.name}}}")
        case Number():
            return Letter(f"{accent}{{{node.text}}}", node.span)
        case Scripted(base=Letter() as base):
            return replace(node, base=with_accent(base, accent))
        case Product() if all(isinstance(part, Letter) for part in node.factors):
            names = [part.name for part in node.factors if isinstance(part, Letter)]
            return Letter(f"{accent}{{{' '.join(names)}}}", node.span)
    message = f"{accent} stands over more than a letter, which has no meaning that is known"
    raise LatexError("accent-over-formula", message, node.span)
