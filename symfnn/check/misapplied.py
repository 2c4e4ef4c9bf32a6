r"""Arrays that are written like functions: ``\delta(z^l)`` where δ is the error signal and the activation is σ.

It is said to be wrong only where the function that the document has makes the claim stand.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from symfnn.check.mistakes import tree as trees
from symfnn.check.mistakes import wrong_variable
from symfnn.check.verdicts import Finding, Repair, Verdict
from symfnn.elaboration import factors
from symfnn.elaboration.scope import Scope
from symfnn.latex.syntax import Fence, Letter, Node, Product, Relation, Scripted, Statement
from symfnn.latex.writing import write

_STANDS = (Verdict.PROVED, Verdict.TESTED)


def applied_names(statements: Iterable[Statement | None]) -> frozenset[str]:
    """The names that a document says something of as of functions: those applied on a left side."""
    contents = [one.content for one in statements if one is not None]
    lefts = [content.parts[0] for content in contents if isinstance(content, Relation)]
    found = [factors.application(left) for left in lefts if left is not None]
    return frozenset(one[0].name for one in found if one is not None)


def misapplied(
    scope: Scope, left: Node, right: Node, functions: frozenset[str], judge: Callable[[Node, Node], Finding]
) -> Finding | None:
    """The finding on a claim in which an array is applied, where a function in its place makes it stand; else None.

    Args:
        scope: what is known.
        left: one side.
        right: the other side.
        functions: the names that the document says something of as of functions.
        judge: the finding on two sides.
    """
    heads = {head.name for side in (left, right) for head in _heads(scope, side) if head.name not in functions}
    for name in sorted(heads):
        for function in scope.functions:
            sides = tuple(_renamed(side, name, function) for side in (left, right))
            verdict = judge(*sides).verdict
            if verdict in _STANDS:
                head = next(one for side in (left, right) for one in _heads(scope, side) if one.name == name)
                message = f"{name} is an array here, which cannot be applied: {function} rather than {name}"
                repair = Repair(f"{write(sides[0])} = {write(sides[1])}", verdict)
                code = wrong_variable.MISTAKE.code
                return Finding(Verdict.ILL_SHAPED, message, code, head.span, repair=repair)
    return None


def _heads(scope: Scope, side: Node) -> Iterator[Letter]:
    """The letters before brackets of which it is known that they are arrays."""
    for place, _ in _head_places(side):
        letter = trees.at(side, place)
        known = scope.named(letter.name) if isinstance(letter, Letter) else ()
        are_arrays = bool(known) and all(profile.is_firm and profile.axes for profile in known)
        if isinstance(letter, Letter) and letter.name not in scope.functions and are_arrays:
            yield letter


def _head_places(side: Node) -> Iterator[tuple[trees.Place, Node]]:
    """The places of bare letters, or ones with primes only, right before round brackets."""
    for place, node in trees.places(side):
        if not isinstance(node, Product):
            continue
        for number, (head, argument) in enumerate(zip(node.factors, node.factors[1:], strict=False)):
            if node.signs[number] or not isinstance(argument, Fence) or argument.left != "(":
                continue
            if isinstance(head, Letter):
                yield (*place, number), head
            elif isinstance(head, Scripted) and head.sub is head.sup is None and head.primes:
                yield (*place, number, 0), head


def _renamed(side: Node, name: str, function: str) -> Node:
    """A side with a function in the place of an array wherever that is applied."""
    for place, _ in list(_head_places(side)):
        letter = trees.at(side, place)
        if isinstance(letter, Letter) and letter.name == name:
            side = trees.put(side, place, replace(letter, name=function))
    return side
