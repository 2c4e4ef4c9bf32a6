r"""The surface tree from the grammar's reductions: spans, products with sums and functions in them, styles, accents."""

from dataclasses import dataclass, replace
from typing import Final, final

from lark import Token as Terminal
from lark import Transformer

from symfnn.errors import LatexError
from symfnn.latex.application import with_arguments
from symfnn.latex.lists import branches, gathered
from symfnn.latex.styles import in_style, with_accent
from symfnn.latex.syntax import (
    BigOperator,
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
from symfnn.latex.tokens import Token
from symfnn.source import Span

_EVALUATING: Final = ((".", "."), (".", "|"), (".", "‖"))
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
        return gathered(parts[0])

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
        return gathered(found) if dotted else found

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
        lower = None if lower is None else gathered(lower)
        if scripts and scripts.primes:
            raise LatexError("unexpected-prime", "a prime cannot stand at this sign", scripts.span)
        return BigOperator(read(sign).text, lower, upper, body, _span(sign).to(body.span))

    def product(self, parts: "list[Node | Terminal | _Evaluated]") -> Node:
        """Factors side by side, after functions have taken their arguments."""
        return _product(*_factors(parts))

    def scripts(self, parts: "list[Node | Terminal]") -> "_Scripts":
        """What stands below and above, each once."""
        return _Scripts(parts)

    def scripted(self, parts: list[object]) -> Node:
        """A base with scripts; a base held by an empty group is scripted again."""
        base, scripts = parts[0], parts[-1]
        assert isinstance(base, Node)
        assert isinstance(scripts, _Scripts)
        return Scripted(base, scripts.sub, scripts.sup, scripts.primes, base.span.to(scripts.span))

    def evaluated(self, parts: list[object]) -> "_Evaluated":
        """A bar behind a factor: it stands behind all factors before it."""
        base, bar, scripts = parts
        assert isinstance(base, Node | _Evaluated)
        assert isinstance(bar, Terminal)
        assert isinstance(scripts, _Scripts)
        return _Evaluated(base, bar, scripts)

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
        if isinstance(body, Matrix) and (read(left).text, read(right).text) == ("{", "."):
            return branches(body.rows, _over(parts))
        if "." in (read(left).text, read(right).text) and (read(left).text, read(right).text) not in _EVALUATING:
            raise _half_open(read(left), read(right))
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
        styled = in_style(body, read(command).style) if command.type == "STYLE" else body
        return replace(styled, span=_over(parts))

    def accented(self, parts: "list[Node | Terminal]") -> Node:
        """A letter with an accent."""
        command, body = parts
        assert isinstance(command, Terminal)
        assert not isinstance(body, Terminal)
        return replace(with_accent(body, read(command).text), span=_over(parts))

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
        return branches(cells.matrix(squeeze=False), span)


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
        if isinstance(self.sup, Scripted) and isinstance(self.sup.base, Fence) and self.sup.primes:
            # g^{[l]'}: the prime behind a bracket is the function's
            self.primes += self.sup.primes
            self.sup = replace(self.sup, primes=0) if self.sup.sub or self.sup.sup else self.sup.base

    def _once(self, earlier: Node | None, part: Node, sign: Terminal, word: str) -> Node:
        if earlier is not None:
            message = f"there is a second {word} here; put the first one and its base in braces: {{x_a}}_b"
            raise LatexError(f"double-{word}", message, _span(sign).to(part.span))
        return part


@final
@dataclass(frozen=True, slots=True)
class _Evaluated:
    """The last factor before a bar, the bar, and the place where the product is evaluated."""

    base: "Node | _Evaluated"
    bar: Terminal
    scripts: _Scripts

    @property
    def span(self) -> Span:
        """Up to the place."""
        return self.base.span.to(self.scripts.span)

    def of(self, body: Node) -> Node:
        """The product up to the bar, evaluated."""
        fence = Fence(".", body, read(self.bar).text, body.span.to(_span(self.bar)))
        scripts = self.scripts
        return Scripted(fence, scripts.sub, scripts.sup, scripts.primes, body.span.to(scripts.span))


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


def _half_open(left: Token, right: Token) -> LatexError:
    found = left if left.text != "." else right
    return LatexError("half-open-bracket", f"this {found.text} has no bracket on its other side", found.span)


def _missing_item(token: Token) -> LatexError:
    return LatexError("missing-item", f"something is missing beside this {token.text}", token.span)


def _fraction(parts: list[Node]) -> Fraction:
    top, bottom = parts
    return Fraction(top, bottom, top.span.to(bottom.span))


# --- products


def _product(factors: list[Node], signs: list[str]) -> Node:
    factors, signs = with_arguments(factors, signs)
    if len(factors) == 1:
        return factors[0]
    return Product(tuple(factors), tuple(signs), factors[0].span.to(factors[-1].span))


def _factors(parts: "list[Node | Terminal | _Evaluated]") -> tuple[list[Node], list[str]]:
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
        bars = _bars(part)
        node = bars[-1].base if bars else part
        assert not isinstance(node, _Evaluated | Terminal)
        if factors:
            signs.append(sign)
        factors.append(node if minus is None else Sum((node,), (minus.text,), minus.span.to(node.span)))
        sign, minus = "", None
        for bar in reversed(bars):
            factors, signs = [bar.of(_product(factors, signs))], []
    return factors, signs


def _bars(part: "Node | _Evaluated") -> list[_Evaluated]:
    bars: list[_Evaluated] = []
    while isinstance(part, _Evaluated):
        bars.append(part)
        part = part.base
    return bars
