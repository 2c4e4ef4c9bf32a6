r"""The surface tree from the grammar's reductions: spans, products with sums and functions in them, styles, accents."""

from dataclasses import replace
from typing import Final, final

from lark import Token as Terminal
from lark import Transformer

from symfnn.errors import LatexError
from symfnn.latex.syntax import (
    BigOperator,
    Cases,
    Dots,
    Fence,
    Fraction,
    Function,
    Letter,
    Matrix,
    Node,
    Number,
    Product,
    Relation,
    Scripted,
    Sequence,
    Sum,
    Text,
)
from symfnn.latex.tokens import DEEPEST, Token
from symfnn.source import Span

_UNWRAPPED: Final = ("(", "[", "{")
_DETERMINANTS: Final = {"vmatrix": "|", "Vmatrix": "‖"}


def read(terminal: Terminal) -> Token:
    """The token that a terminal of the grammar carries."""
    token = terminal.value
    assert isinstance(token, Token), "terminals are made from tokens"
    return token


def _span(part: "Node | Terminal") -> Span:
    return read(part).span if isinstance(part, Terminal) else part.span


def _over(parts: "list[Node | Terminal]") -> Span:
    span = _span(parts[0])
    for part in parts[1:]:
        span = span.to(_span(part))
    return span


def _is(part: object, kind: str) -> bool:
    return isinstance(part, Terminal) and part.type == kind


@final
class TreeBuilder(Transformer[Terminal, Node]):
    """Makes a node for each rule of the grammar, from the leaves up."""

    def start(self, parts: list[Node]) -> Node:
        """The whole formula; in a list with one relation, the list is a side of that."""
        return _gathered(parts[0])

    def mark(self, parts: list[Terminal]) -> "Terminal | Node":
        """A separator, or words between formulas."""
        token = read(parts[0])
        return parts[0] if parts[0].type == "SEPARATOR" else Text(token.text, token.span)

    def sequence(self, parts: "list[Node | Terminal]") -> Node:
        """Items with separators; words need none."""
        items = [part for part in parts if not isinstance(part, Terminal)]
        separators: list[str] = []
        pending: Terminal | None = None
        seen = False
        for part in parts:
            if isinstance(part, Terminal):
                if pending is not None or not seen:
                    raise _missing_item(read(part))
                pending = part
                continue
            if seen:
                separators.append("" if pending is None else read(pending).text)
            seen, pending = True, None
        if pending is not None:
            raise _missing_item(read(pending))
        if len(items) == 1:
            return items[0]
        found = Sequence(tuple(items), tuple(separators), _over(parts))
        relation = items[0]
        dotted = isinstance(relation, Relation) and any(isinstance(item, Dots) for item in items)
        return _gathered(found) if dotted else found

    def chain(self, parts: "list[Node | Terminal]") -> Node:
        """Sides with relations between them."""
        if len(parts) == 1 and not isinstance(parts[0], Terminal):
            return parts[0]
        sides: list[Node | None] = [None] if isinstance(parts[0], Terminal) else []
        sides += [part for part in parts if not isinstance(part, Terminal)]
        signs = tuple(read(part).text for part in parts if isinstance(part, Terminal))
        return Relation(tuple(sides), signs, _over(parts))

    def sum(self, parts: "list[Node | Terminal]") -> Node:
        """Terms with signs."""
        if len(parts) == 1 and not isinstance(parts[0], Terminal):
            return parts[0]
        signs = [] if isinstance(parts[0], Terminal) else ["+"]
        signs += [read(part).text for part in parts if isinstance(part, Terminal)]
        terms = tuple(part for part in parts if not isinstance(part, Terminal))
        return Sum(terms, tuple(signs), _over(parts))

    signed = sum

    def big(self, parts: list[object]) -> Node:
        """A big operator with its limits and the body after it."""
        sign = parts[0]
        assert isinstance(sign, Terminal)
        scripts = next((part for part in parts if isinstance(part, _Scripts)), None)
        body = parts[-1]
        assert isinstance(body, Node)
        minus = parts[-2]
        if isinstance(minus, Terminal) and minus.type == "SIGN":
            body = Sum((body,), (read(minus).text,), read(minus).span.to(body.span))
        lower, upper = (scripts.sub, scripts.sup) if scripts else (None, None)
        lower = None if lower is None else _gathered(lower)
        if scripts and scripts.primes:
            raise LatexError("unexpected-prime", "a prime cannot stand at this sign", scripts.span)
        return BigOperator(read(sign).text, lower, upper, body, _span(sign).to(body.span))

    def product(self, parts: "list[Node | Terminal]") -> Node:
        """Factors side by side, after functions have taken their arguments."""
        factors, signs = _factors(parts)
        factors, signs = _with_arguments(factors, signs)
        if len(factors) == 1:
            return factors[0]
        return Product(tuple(factors), tuple(signs), factors[0].span.to(factors[-1].span))

    def scripts(self, parts: "list[Node | Terminal]") -> "_Scripts":
        """What stands below and above, each once."""
        return _Scripts(parts)

    def scripted(self, parts: list[object]) -> Node:
        """A base with scripts; a base held by an empty group is scripted again."""
        base, scripts = parts[0], parts[-1]
        assert isinstance(base, Node)
        assert isinstance(scripts, _Scripts)
        return Scripted(base, scripts.sub, scripts.sup, scripts.primes, base.span.to(scripts.span))

    def evaluated(self, parts: list[object]) -> Node:
        """A bar behind a factor, with the place where it is evaluated."""
        base, bar, scripts = parts
        assert isinstance(base, Node)
        assert isinstance(bar, Terminal)
        assert isinstance(scripts, _Scripts)
        fence = Fence(".", base, read(bar).text, base.span.to(_span(bar)))
        return Scripted(fence, scripts.sub, scripts.sup, scripts.primes, base.span.to(scripts.span))

    def function(self, parts: list[object]) -> Node:
        """A function's name and scripts, without its argument yet."""
        name = parts[0]
        assert isinstance(name, Terminal)
        token = read(name)
        if len(parts) == 1:
            return Function(token.text, None, None, None, 0, token.span)
        scripts = parts[1]
        assert isinstance(scripts, _Scripts)
        span = token.span.to(scripts.span)
        return Function(token.text, None, scripts.sub, scripts.sup, scripts.primes, span)

    def symbol(self, parts: list[Terminal]) -> Node:
        """A leaf."""
        token = read(parts[0])
        match parts[0].type:
            case "NUMBER":
                return Number(token.text, token.span)
            case "DOTS":
                return Dots(token.span)
            case "TEXT":
                return Text(token.text, token.span)
        return Letter(token.text, token.span, token.style)

    def fence(self, parts: "list[Node | Terminal]") -> Node:
        """Something in brackets."""
        left, right = parts[0], parts[-1]
        assert isinstance(left, Terminal)
        assert isinstance(right, Terminal)
        inside = [part for part in parts[1:-1] if not isinstance(part, Terminal)]
        body = None if not inside else inside[0] if len(inside) == 1 else _fraction(inside)
        return Fence(read(left).text, body, read(right).text, _over(parts))

    def group(self, parts: "list[Node | Terminal]") -> Node:
        """What stands in braces, with the braces' span."""
        body = parts[1]
        assert not isinstance(body, Terminal)
        return body if read_text(parts[0]) == "" else replace(body, span=_over(parts))

    def over(self, parts: "list[Node | Terminal]") -> Node:
        r"""``{a \over b}``."""
        return replace(_fraction([part for part in parts if not isinstance(part, Terminal)]), span=_over(parts))

    def fraction(self, parts: "list[Node | Terminal]") -> Node:
        """A numerator and a denominator."""
        top, bottom = (part for part in parts if not isinstance(part, Terminal))
        return Fraction(top, bottom, _over(parts))

    def root(self, parts: "list[Node | Terminal]") -> Node:
        """A root; which one stands below."""
        inside = [part for part in parts if not isinstance(part, Terminal)]
        degree = inside[0] if len(inside) == 2 else None
        return Function("sqrt", inside[-1], degree, None, 0, _over(parts))

    def styled(self, parts: "list[Node | Terminal]") -> Node:
        """Letters in a style, or what a frame stands around."""
        command, body = parts
        assert isinstance(command, Terminal)
        assert not isinstance(body, Terminal)
        styled = _in_style(body, read(command).style) if command.type == "STYLE" else body
        return replace(styled, span=_over(parts))

    def accented(self, parts: "list[Node | Terminal]") -> Node:
        """A letter with an accent."""
        command, body = parts
        assert isinstance(command, Terminal)
        assert not isinstance(body, Terminal)
        return replace(_with_accent(body, read(command).text), span=_over(parts))

    def divider(self, parts: list[Terminal]) -> Terminal:
        """Between cells or rows."""
        return parts[0]

    def cells(self, parts: "list[Node | Terminal]") -> "_Cells":
        """Rows of cells."""
        return _Cells(parts)

    def matrix(self, parts: list[object]) -> Node:
        """A block of cells; a determinant is in bars."""
        start, end = parts[0], parts[-1]
        assert isinstance(start, Terminal)
        assert isinstance(end, Terminal)
        cells = next(part for part in parts if isinstance(part, _Cells))
        span = _span(start).to(_span(end))
        matrix = Matrix(cells.matrix(), span)
        bar = _DETERMINANTS.get(read(start).text)
        return matrix if bar is None else Fence(bar, matrix, bar, span)

    def cases(self, parts: list[object]) -> Node:
        """Values with conditions."""
        start, end = parts[0], parts[-1]
        assert isinstance(start, Terminal)
        assert isinstance(end, Terminal)
        cells = next(part for part in parts if isinstance(part, _Cells))
        span = _span(start).to(_span(end))
        branches: list[tuple[Node, Node | None]] = []
        for row in cells.matrix(squeeze=False):
            value, rest = row[0], [cell for cell in row[1:] if cell is not None]
            if value is None:
                raise LatexError("empty-case", "a branch of cases has no value", span)
            condition = None if not rest else rest[0] if len(rest) == 1 else _joined(rest)
            branches.append((value, condition))
        if not branches:
            raise LatexError("empty-case", "there is nothing in these cases", span)
        return Cases(tuple(branches), span)


def read_text(part: "Node | Terminal") -> str:
    """The text of a terminal."""
    assert isinstance(part, Terminal)
    return read(part).text


@final
class _Scripts:
    """What stands at a base, and from where to where."""

    def __init__(self, parts: "list[Node | Terminal]") -> None:
        self.sub: Node | None = None
        self.sup: Node | None = None
        self.primes = 0
        self.span = _over(parts)
        sign: Terminal | None = None
        for part in parts:
            if isinstance(part, Terminal):
                self.primes += part.type == "PRIME"
                sign = part
            elif sign is not None and sign.type == "SUB":
                self.sub = self._once(self.sub, part, sign, "subscript")
            elif sign is not None:
                self.sup = self._once(self.sup, part, sign, "superscript")

    def _once(self, earlier: Node | None, part: Node, sign: Terminal, word: str) -> Node:
        if earlier is not None:
            message = f"there is a second {word} here; put the first one and its base in braces: {{x_a}}_b"
            raise LatexError(f"double-{word}", message, _span(sign).to(part.span))
        return part


@final
class _Cells:
    """Cells with dividers."""

    def __init__(self, parts: "list[Node | Terminal]") -> None:
        self.rows: list[list[Node | None]] = [[None]]
        for part in parts:
            if not isinstance(part, Terminal):
                self.rows[-1][-1] = part
            elif part.type == "AMP":
                self.rows[-1].append(None)
            else:
                self.rows.append([None])

    def matrix(self, *, squeeze: bool = True) -> tuple[tuple[Node | None, ...], ...]:
        """The rows that hold something, of one length, without columns that hold nothing."""
        rows = [row for row in self.rows if any(cell is not None for cell in row)]
        width = max((len(row) for row in rows), default=0)
        full = [row + [None] * (width - len(row)) for row in rows]
        kept = [k for k in range(width) if not squeeze or any(row[k] is not None for row in full)]
        return tuple(tuple(row[k] for k in kept) for row in full)


def _gathered(node: Node) -> Node:
    r"""``n = 1, \dots, N`` is one relation with a list on its right, ``a, b \in S`` one with a list on its left."""
    if not isinstance(node, Sequence) or set(node.separators) != {","}:
        return node
    places = [place for place, item in enumerate(node.items) if isinstance(item, Relation)]
    if len(places) != 1:
        return node
    relation = node.items[places[0]]
    assert isinstance(relation, Relation)
    left = _listed(node.items[: places[0]], relation.parts[0])
    right = _listed((), relation.parts[-1], node.items[places[0] + 1 :])
    return Relation((left, *relation.parts[1:-1], right), relation.signs, node.span)


def _listed(before: tuple[Node, ...], node: Node | None, after: tuple[Node, ...] = ()) -> Node | None:
    items = (*before, *(() if node is None else (node,)), *after)
    if len(items) < 2:
        return node
    return Sequence(items, (",",) * (len(items) - 1), items[0].span.to(items[-1].span))


def _missing_item(token: Token) -> LatexError:
    return LatexError("missing-item", f"something is missing beside this {token.text}", token.span)


def _joined(parts: list[Node]) -> Sequence:
    return Sequence(tuple(parts), ("",) * (len(parts) - 1), parts[0].span.to(parts[-1].span))


def _fraction(parts: list[Node]) -> Fraction:
    top, bottom = parts
    return Fraction(top, bottom, top.span.to(bottom.span))


# --- products


def _factors(parts: "list[Node | Terminal]") -> tuple[list[Node], list[str]]:
    factors: list[Node] = []
    signs: list[str] = []
    sign, minus = "", None
    for part in parts:
        if isinstance(part, Terminal):
            if part.type == "TIMES":
                sign = read(part).text
            else:
                minus = read(part)
            continue
        if factors:
            signs.append(sign)
        if minus is not None:
            part = Sum((part,), (minus.text,), minus.span.to(part.span))
        factors.append(part)
        sign, minus = "", None
    return factors, signs


def _with_arguments(factors: list[Node], signs: list[str]) -> tuple[list[Node], list[str]]:
    """Every function takes what follows it without a sign, the last function first."""
    done: list[Node] = []  # from the right
    between: list[str] = []  # the sign before each of them
    for place in range(len(factors) - 1, -1, -1):
        factor = factors[place]
        if done and between[-1] == "" and isinstance(factor, Function) and factor.name != "sqrt":
            count = _taken(done, between)
            taken = done[: -count - 1 : -1]
            del done[-count:]
            del between[-count:]
            factor = _applied(factor, taken)
        done.append(factor)
        if place:
            between.append(signs[place - 1])
    return done[::-1], between[::-1]


def _taken(done: list[Node], between: list[str]) -> int:
    """How many factors are a function's argument: one; a name with its bracket; a number with its letters."""
    first = done[-1]
    count = 1
    if isinstance(first, Number):
        while count < len(done) and between[-count - 1] == "" and _is_name(done[-count - 1]):
            count += 1
    elif _is_name(first) and len(done) > 1 and between[-2] == "" and isinstance(_base(done[-2]), Fence):
        count = 2
    return count


def _is_name(node: Node) -> bool:
    return isinstance(_base(node), Letter)


def _base(node: Node) -> Node:
    while isinstance(node, Scripted):
        node = node.base
    return node


def _applied(function: Function, taken: list[Node]) -> Node:
    """A function of its argument; scripts at the bracket right behind it belong to the value."""
    first, last = taken[0], taken[-1]
    span = function.span.to(last.span)
    if len(taken) > 1:
        product = Product(tuple(taken), ("",) * (len(taken) - 1), first.span.to(last.span))
        return replace(function, argument=product, span=span)
    if isinstance(first, Fence) and first.left in _UNWRAPPED:
        return replace(function, argument=first.body, span=span)
    if isinstance(first, Scripted) and isinstance(first.base, Fence) and first.base.left in _UNWRAPPED:
        value = replace(function, argument=first.base.body, span=function.span.to(first.base.span))
        return replace(first, base=value, span=span)
    return replace(function, argument=first, span=span)


# --- styles and accents


def _in_style(node: Node, style: str, level: int = 0) -> Node:
    """Every letter that has no style yet in a style; what stands in scripts keeps its own."""
    if level > DEEPEST:
        raise LatexError("too-deep", f"the formula is nested more than {DEEPEST} levels deep", node.span)
    match node:
        case Letter(_, _, ""):
            return replace(node, style=style)
        case Number(text, span) if style not in ("", "roman", "sans"):
            return Letter(text, span, style)
        case Scripted():
            return replace(node, base=_in_style(node.base, style, level + 1))
    return _inside_in_style(node, style, level + 1)


def _inside_in_style(node: Node, style: str, level: int) -> Node:
    def each(parts: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(_in_style(part, style, level) for part in parts)

    match node:
        case Product():
            return replace(node, factors=each(node.factors))
        case Sum():
            return replace(node, terms=each(node.terms))
        case Fence(body=body) if body is not None:
            return replace(node, body=_in_style(body, style, level))
        case Sequence():
            return replace(node, items=each(node.items))
        case Relation():
            parts = (None if part is None else _in_style(part, style, level) for part in node.parts)
            return replace(node, parts=tuple(parts))
        case Fraction():
            return replace(node, top=_in_style(node.top, style, level), bottom=_in_style(node.bottom, style, level))
        case BigOperator():
            return replace(node, body=_in_style(node.body, style, level))
    return node


def _with_accent(node: Node, accent: str) -> Node:
    """The letter with its accent; one over more than a letter makes a name of all of it."""
    match node:
        case Letter():
            return replace(node, name=f"{accent}{{{node.name}}}")
        case Number():
            return Letter(f"{accent}{{{node.text}}}", node.span)
        case Scripted(base=Letter() as base):
            return replace(node, base=_with_accent(base, accent))
        case Product() if all(isinstance(part, Letter) for part in node.factors):
            names = [part.name for part in node.factors if isinstance(part, Letter)]
            return Letter(f"{accent}{{{' '.join(names)}}}", node.span)
    message = f"{accent} stands over more than a letter, which has no meaning that is known"
    raise LatexError("accent-over-formula", message, node.span)
