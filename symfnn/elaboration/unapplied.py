r"""Functions that are written without their variable: ``\frac{d\sigma}{dz} = \sigma (1 - \sigma)``.

Syntax only. Where a text gives the rule of a function, ``\sigma(z) = …``, the letter by itself has no sense; in an
equation with the function's derivative by a letter, it is the function of that letter.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from symfnn.elaboration.derivatives import is_sign
from symfnn.elaboration.survey import ACTIVATIONS, letters_of, ruled
from symfnn.latex.syntax import Fence, Fraction, Letter, Node, Product, Scripted, Statement
from symfnn.latex.walk import nodes
from symfnn.source import Span


def with_variables(statements: list[Statement]) -> list[Statement]:
    """The statements with each function by its variable in equations with its derivative by that."""
    parts = [part for one in statements for node in (one.content, *one.remarks) for part in nodes(node)]
    functions = ruled([one.content for one in statements]) | _activations(parts)
    functions -= {part.base.name for part in parts if _has_scripts(part)}  # type: ignore[union-attr]
    return [_with_variable(one, functions) for one in statements] if functions else statements


def _activations(parts: list[Node]) -> frozenset[str]:
    """The usual Greek letters for an activation that stand in front of brackets."""
    found = set()
    for node in parts:
        if isinstance(node, Product):
            pairs = zip(node.factors, node.signs, node.factors[1:], strict=False)
            applied = [one for one, sign, behind in pairs if not sign and isinstance(behind, Fence)]
            found |= {one.name for one in applied if isinstance(one, Letter)}
    return frozenset(name for name in found & ACTIVATIONS if not name.isalpha())


def _has_scripts(node: Node) -> bool:
    is_marked = isinstance(node, Scripted) and (node.sub is not None or node.sup is not None)
    return is_marked and isinstance(node, Scripted) and isinstance(node.base, Letter)


def _with_variable(statement: Statement, functions: frozenset[str]) -> Statement:
    """The statement with the functions that it differentiates by a letter as functions of it."""
    slopes = dict(_slopes(statement.content, functions))
    return replace(statement, content=_applied(statement.content, slopes)) if slopes else statement


def _slopes(content: Node, functions: frozenset[str]) -> Iterator[tuple[str, str]]:
    r"""Each function whose derivative stands in a formula without its variable, with that: σ, z of ``d\sigma/dz``."""
    for node in nodes(content):
        match node:
            case Fraction(Product((first, Letter(name)), ("",)), Product((second, Letter(variable)), ("",))):
                if is_sign(first) and is_sign(second) and name in functions:
                    yield name, variable


def _applied(node: Any, slopes: dict[str, str]) -> Any:
    """A node in which these functions have their variables."""
    if isinstance(node, tuple) and not isinstance(node, Span):
        return tuple(_applied(part, slopes) for part in node)
    if isinstance(node, Letter) and node.name in slopes:
        return Product(_of_variable(node, slopes), ("",), node.span)
    if isinstance(node, Product):
        return _in_product(node, slopes)
    if not isinstance(node, Node.__args__) or (isinstance(node, Scripted) and isinstance(node.base, Letter)):
        return node
    return replace(node, **{field.name: _applied(getattr(node, field.name), slopes) for field in fields(node)})


def _in_product(node: Product, slopes: dict[str, str]) -> Product:
    r"""A product with the functions in it; the brackets behind one are its argument unless it stands in them."""
    factors: list[Node] = []
    signs: list[str] = []
    for place, factor in enumerate(node.factors):
        behind = node.factors[place + 1] if place < len(node.signs) and not node.signs[place] else None
        behind = behind.base if isinstance(behind, Scripted) else behind
        is_bare = isinstance(factor, Letter) and factor.name in slopes
        if is_bare and not (isinstance(behind, Fence) and factor.name not in letters_of(behind)):  # type: ignore[union-attr]
            factors += _of_variable(factor, slopes)  # type: ignore[arg-type]
            signs.append("")
        else:
            factors.append(factor if is_bare else _applied(factor, slopes))
        signs += node.signs[place : place + 1]
    return Product(tuple(factors), tuple(signs), node.span)


def _of_variable(function: Letter, slopes: dict[str, str]) -> tuple[Node, Node]:
    return function, Fence("(", Letter(slopes[function.name], function.span), ")", function.span)
