r"""Updates: ``W \leftarrow …``, ``W = W - \eta …``, ``W_{t+1} = W_t - \eta …``: a step of an algorithm, no equation."""

from collections.abc import Iterator
from dataclasses import replace

from symfnn.elaboration import derivatives, entries, factors
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.names import Mark, Mention, compound, mention, written
from symfnn.elaboration.reading import Reading
from symfnn.elaboration.scope import Profile, Scope
from symfnn.latex.syntax import Fence, Fraction, Letter, Node, Number, Product, Relation, Scripted, Sequence, Sum
from symfnn.latex.walk import nodes

ASSIGNS = frozenset({r"\leftarrow", r"\gets", "←", r"\mathrel{+}=", "+=", "-="})
STEP_SIZES = frozenset({r"\eta", r"\alpha", r"\gamma", r"\lambda", r"\mu", r"\rho"})
ARROWS = frozenset({r"\to", r"\rightarrow", "→", r"\longrightarrow"})


def is_assignment(scope: Scope, content: Relation) -> bool:
    r"""``W \leftarrow …``, ``W := W - …``, ``W = W - …``, ``W(t+1) = …`` and ``W_{t+1} = W_t - …``."""
    if any(sign in ASSIGNS for sign in content.signs):
        return True
    if len(content.parts) < 2 or content.parts[0] is None or content.parts[1] is None:
        return False
    left, right = content.parts[0], content.parts[1]
    if content.signs[0] in ARROWS | {"=", ":="}:
        return _occurs_as_term(scope, left, right) or _is_next_step(scope, left, right)
    return False


def worked_out(content: Relation) -> Iterator[tuple[Node, Node]]:
    """The pairs of sides behind an assignment's first right side, which are claimed to be the same."""
    for left, sign, right in zip(content.parts[1:], content.signs[1:], content.parts[2:], strict=False):
        if left is not None and right is not None and sign == "=":
            yield left, right


def change(content: Relation) -> tuple[Node, Node] | None:
    """What is updated, without the number of a step, and the sum of what is added to it; None where that is not told.

    The two have one shape, whatever the algorithm is.
    """
    left, right = content.parts[:2]
    if left is None or not isinstance(right, Sum) or len(right.terms) < 2:
        return None
    bare, terms = _without_step(left, left), [_without_step(term, left) for term in right.terms]
    own = next((k for k, term in enumerate(terms) if _base(term) == _base(bare) and right.signs[k] == "+"), None)
    if own is None or _names_less(right, left):
        return None
    others = tuple(term for k, term in enumerate(right.terms) if k != own)
    signs = tuple(sign for k, sign in enumerate(right.signs) if k != own)
    if len(others) == 1:
        return _without_time(bare), others[0]
    return _without_time(bare), Sum(others, signs, others[0].span.to(others[-1].span))


def _names_less(right: Sum, left: Node) -> bool:
    r"""Whether the right side names what is updated with fewer marks, as in ``W^l - \eta \nabla_W C``."""
    own = mention(_without_time(left))
    if own is None:
        return True
    written_parts = list(nodes(right))
    bases = {id(part.base) for part in written_parts if isinstance(part, Scripted)}
    found = (mention(part) for part in written_parts if id(part) not in bases)
    return any(one is not None and one.name == own.name and len(one.marks) < len(own.marks) for one in found)


def with_step_sizes(scope: Scope, added: Node) -> Scope:
    """The scope in which a step size and what is divided by are numbers, where nothing introduces them."""
    for letter in _step_sizes(added):
        known = scope.functions.keys() | scope.sizes.keys() | scope.counted.keys() | scope.ranges.keys()
        if letter not in known and not scope.knows(letter):
            scope, _ = scope.with_profile(Profile(letter, letter, is_firm=True))
    return scope


def _step_sizes(added: Node) -> set[str]:
    """The letters by which terms are scaled: a first factor, what stands above a fraction and below it."""
    found: set[str] = set()
    for term in added.terms if isinstance(added, Sum) else (added,):
        first = term.factors[0] if isinstance(term, Product) else None
        above = first.top if isinstance(first, Fraction) else first
        below = first.bottom if isinstance(first, Fraction) else None
        if isinstance(above, Letter) and above.name in STEP_SIZES:
            found.add(above.name)
        if isinstance(below, Letter) and above is not None and not derivatives.is_sign(above):
            found.add(below.name)
    return found


def _without_time(node: Node) -> Node:
    """The W of ``W(t+1)``."""
    return node.factors[0] if isinstance(node, Product) and factors.application(node) is not None else node


def _without_step(node: Node, left: Node) -> Node:
    """The W of ``W_{t+1}`` and of ``W_t`` beside it: without the script that on the left side is one step further."""
    if not isinstance(node, Scripted) or not isinstance(left, Scripted) or node.primes:
        return node
    above = None if left.sup is not None and _before(left.sup) is not None else node.sup
    below = None if left.sub is not None and _before(left.sub) is not None else node.sub
    return node.base if above is None and below is None else replace(node, sup=above, sub=below)


def _occurs_as_term(scope: Scope, left: Node, right: Node) -> bool:
    """Whether the left side is one of the terms on the right: what is changed is updated, which no function is."""
    applied = factors.application(left)
    if applied is not None and (applied[0].name in scope.functions or applied[0].name.lower() in factors.NAMED):
        return False
    if isinstance(left, Letter | Scripted | Product):
        left_name = _base(left)
        terms = right.terms if isinstance(right, Sum) else ()
        return left_name is not None and any(_base(term) == left_name for term in terms)
    return False


def _base(node: Node) -> object:
    """What tells two mentions to be the same: name, marks and how many arguments there are."""
    found = mention(node) or compound(node)
    arguments = 0
    if found is None:
        applied = factors.application(node)
        found = None if applied is None else applied[0]
        body = None if applied is None else applied[1].body
        arguments = len(body.items) if isinstance(body, Sequence) else 0
    if found is None:
        return None
    return found.name, arguments, tuple((mark.place, mark.bracket, written(mark.content)) for mark in found.marks)


def _is_next_step(scope: Scope, left: Node, right: Node) -> bool:
    """Whether a quantity that is known without a number of steps is written with one more than a term on the right."""
    found = mention(left)
    if found is None or not isinstance(right, Sum) or any(p.is_layered for p in scope.named(found.name)):
        return False
    for mark in found.marks:
        step = _before(mark.content)
        if step is None:
            continue
        old = replace(found, marks=_with(found, mark, (mark._replace(content=step),)))
        bare = replace(found, marks=_with(found, mark, ()))
        known = next(entries.candidates(Reading(scope, readings), bare, is_exact=True), None)
        if known is not None and any(_same(mention(term), old) for term in right.terms):
            return True
    return False


def _before(node: Node) -> Letter | None:
    """The t of ``t + 1``."""
    if isinstance(node, Fence) and node.body is not None:
        return _before(node.body)
    if not isinstance(node, Sum) or len(node.terms) != 2 or node.signs[1] != "+":
        return None
    first, second = node.terms
    is_step = isinstance(second, Number) and second.text == "1"
    return first if is_step and isinstance(first, Letter) else None


def _with(found: Mention, mark: Mark, others: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(new for one in found.marks for new in (others if one is mark else (one,)))


def _same(one: Mention | None, other: Mention) -> bool:
    """Whether two names are written alike."""
    if one is None or (one.name, one.primes) != (other.name, other.primes) or len(one.marks) != len(other.marks):
        return False
    pairs = zip(one.marks, other.marks, strict=True)
    return all((a.place, a.bracket, written(a.content)) == (b.place, b.bracket, written(b.content)) for a, b in pairs)
