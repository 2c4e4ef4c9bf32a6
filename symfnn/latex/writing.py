r"""Surface trees as LaTeX again, with brackets where a reader needs them and nowhere else."""

import re
from functools import singledispatch

from symfnn.latex import syntax
from symfnn.latex.syntax import Node

_STYLES = {"bold": "mathbf", "calligraphic": "mathcal", "blackboard": "mathbb", "sans": "mathsf", "roman": "mathrm"}
_DELIMITERS = {"{": r"\{", "}": r"\}", "‖": r"\|", "⟨": r"\langle", "⟩": r"\rangle", "⌊": r"\lfloor", "⌋": r"\rfloor"}
_DELIMITERS |= {"⌈": r"\lceil", "⌉": r"\rceil", "⟦": r"\llbracket", "⟧": r"\rrbracket"}
_OPERATORS = {"argmax", "argmin"}
_WHOLE = (syntax.Letter, syntax.Fence, syntax.Number, syntax.Text, syntax.Matrix)
_DIVISIONS = ("/", r"\div", r"\oslash", "./")


def write(node: Node) -> str:
    r"""LaTeX that reads as this tree; what a tree holds together without brackets of its own gets some."""
    return str(_write(node))


@singledispatch
def _write(node: Node) -> str:
    raise TypeError(f"{type(node).__name__} is no node of a formula")


@_write.register
def _(node: syntax.Number) -> str:
    return node.text


@_write.register
def _(node: syntax.Letter) -> str:
    if node.style == "text" and node.name.isascii() and node.name.isalpha():
        return rf"\operatorname{{{node.name}}}"
    if node.style == "text":
        return rf"\text{{{node.name}}}"
    if node.style == "bold" and node.name.startswith("\\"):
        return rf"\boldsymbol{{{node.name}}}"
    if node.style in _STYLES:
        return rf"\{_STYLES[node.style]}{{{node.name}}}"
    return node.name if len(node.name) == 1 or not node.name.isalpha() else rf"\operatorname{{{node.name}}}"


@_write.register
def _(node: syntax.Scripted) -> str:
    base = write(node.base)
    if isinstance(node.base, syntax.Scripted):
        base = f"{{{base}}}"
    elif not isinstance(node.base, _WHOLE):
        base = _bracketed(node.base)
    return base + "'" * node.primes + _script("_", node.sub) + _script("^", node.sup)


@_write.register
def _(node: syntax.Fence) -> str:
    body = "" if node.body is None else write(node.body)
    tall = any(word in body for word in (r"\frac", r"\sum", r"\prod", r"\begin", r"\left"))
    left, right = _DELIMITERS.get(node.left, node.left), _DELIMITERS.get(node.right, node.right)
    if tall or "." in (left, right) or "|" in left + right:
        return rf"\left{left} {body} \right{right}"
    gap = " " if left.startswith("\\") else ""
    return f"{left}{gap}{body}{gap}{right}"


@_write.register
def _(node: syntax.Fraction) -> str:
    return rf"\frac{{{write(node.top)}}}{{{write(node.bottom)}}}"


@_write.register
def _(node: syntax.Product) -> str:
    out = _factor(node.factors[0], node.signs[0])
    for place, (sign, factor) in enumerate(zip(node.signs, node.factors[1:], strict=True), start=2):
        text = _factor(factor, node.signs[place - 1] if place < len(node.factors) else None)
        if sign in _DIVISIONS and isinstance(factor, syntax.Product):
            text = f"({text})"
        # an application or an index keeps its bracket close
        gap = "" if not sign and _touches(node.factors[place - 2], factor) else " "
        out += f" {sign} {text}" if sign else gap + text
    return out


@_write.register
def _(node: syntax.Sum) -> str:
    parts = []
    for place, (sign, term) in enumerate(zip(node.signs, node.terms, strict=True)):
        text = _bracketed(term) if isinstance(term, syntax.Sum | syntax.Relation | syntax.Sequence) else write(term)
        parts.append(text if place == 0 and sign == "+" else f"{sign}{'' if place == 0 else ' '}{text}")
    return " ".join(parts)


@_write.register
def _(node: syntax.BigOperator) -> str:
    body = _bracketed(node.body) if isinstance(node.body, syntax.Sum | syntax.Relation) else write(node.body)
    return rf"\{node.name}{_script('_', node.lower)}{_script('^', node.upper)} {body}"


@_write.register
def _(node: syntax.Function) -> str:
    return _applied(node)


def _applied(node: syntax.Function, *, is_open: bool = False) -> str:
    """A function of its argument; with a factor behind it, the argument needs its brackets."""
    name = rf"\operatorname{{{node.name}}}" if node.name in _OPERATORS else rf"\{node.name}"
    head = name + "'" * node.primes + _script("_", node.sub) + _script("^", node.sup)
    if node.argument is None:
        return head
    if node.name == "sqrt":
        root = "" if node.sub is None else f"[{write(node.sub)}]"
        return rf"\sqrt{root}{{{write(node.argument)}}}"
    text = write(node.argument)
    # brackets around an argument are the function's own; what has some in it needs them too
    return f"{head} {text}" if _is_short(node.argument) and not is_open else f"{head}({text})"


@_write.register
def _(node: syntax.Matrix) -> str:
    rows = (" & ".join("" if cell is None else write(cell) for cell in row) for row in node.rows)
    return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"


@_write.register
def _(node: syntax.Cases) -> str:
    rows = (write(value) + ("" if when is None else f" & {write(when)}") for value, when in node.branches)
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


@_write.register
def _(node: syntax.Sequence) -> str:
    out = write(node.items[0])
    for separator, item in zip(node.separators, node.items[1:], strict=True):
        out += (r" \mid " if separator == "|" else separator + " ") + write(item)
    return out


@_write.register
def _(node: syntax.Relation) -> str:
    out = "" if node.parts[0] is None else write(node.parts[0])
    for sign, part in zip(node.signs, node.parts[1:], strict=True):
        out += f" {sign} " + ("" if part is None else write(part))
    return out.strip()


@_write.register
def _(node: syntax.Text) -> str:
    return rf"\text{{{node.words}}}"


@_write.register
def _(node: syntax.Dots) -> str:
    return r"\dots"


def _script(sign: str, node: Node | None) -> str:
    if node is None:
        return ""
    text = re.sub(r" ?([-+=]) ?", r"\1", write(node))
    # letters stand close, unless one would go on with a command or a number
    text = re.sub(r"(?<![\\A-Za-z0-9])([A-Za-z]) (?=[A-Za-z](?![A-Za-z]))", r"\1", " " + text)[1:]
    return f"{sign}{text}" if len(text) == 1 else f"{sign}{{{text}}}"


def _bracketed(node: Node) -> str:
    return write(syntax.Fence("(", node, ")", node.span))


def _factor(node: Node, behind: str | None) -> str:
    """A factor before a sign, or before nothing; what would swallow or break its neighbours stands in brackets."""
    loose = isinstance(node, syntax.Sum | syntax.Relation | syntax.Sequence)
    swallowing = isinstance(node, syntax.BigOperator) and behind is not None
    if isinstance(node, syntax.Function) and behind == "":
        return _applied(node, is_open=True)
    return _bracketed(node) if loose or swallowing else write(node)


def _touches(before: Node, after: Node) -> bool:
    return isinstance(after, syntax.Fence) and isinstance(before, syntax.Letter | syntax.Scripted)


def _is_short(node: Node) -> bool:
    """Whether a function's argument is clear without brackets: a letter or a number, with scripts."""
    base = node.base if isinstance(node, syntax.Scripted) and not node.primes else node
    return isinstance(base, syntax.Letter | syntax.Number)
