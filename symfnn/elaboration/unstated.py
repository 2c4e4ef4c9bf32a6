r"""Claims about names that nothing introduces: what holds for all their values and shapes holds, whatever they are.

``(s \odot t)_j = s_j t_j`` is about any two vectors of one length, ``(A B)^\top = B^\top A^\top`` about all matrices
and vectors that fit. Each name is tried as a number, a vector and a matrix, as far as its writing allows; the
claim has to hold in every case in which the sides fit, square matrices included. It is supposed that nothing connects
the names but the derivatives that it takes of them: a claim can be accepted by that, and never refuted. A Jacobian has
to stand behind the gradient that it is multiplied with, or be transposed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import final

from sympy import Expr, S, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import chains
from symfnn.elaboration.claims import Equation, equation
from symfnn.elaboration.declarations import is_layer, profile, unify
from symfnn.elaboration.names import PREFIXES, Mention
from symfnn.elaboration.roads import taken
from symfnn.elaboration.scope import Profile, Scope
from symfnn.latex.syntax import Letter, Node, Statement
from symfnn.latex.walk import nodes

_MOST = 60  # attempts
_LEAST_NEW = 2
_OWN = "any number of "


@final
@dataclass(frozen=True, slots=True)
class Freed:
    """What a claim says in each case of what the names in it that nothing introduces can be.

    Attributes:
        cases: the scope and the equation of each.
        words: the supposition.
    """

    cases: tuple[tuple[Scope, Equation], ...]
    words: str


def freed(scope: Scope, left: Node, right: Node, statement: Statement) -> Freed | None:
    """A claim with its unknown names free; None where it fits in no case, or in too many, or differentiates a name."""
    has_bold = any(isinstance(node, Letter) and node.style == "bold" for side in (left, right) for node in nodes(side))
    waiting, cases = [scope], list[tuple[Scope, Equation]]()
    for _ in range(_MOST):
        if not waiting:
            break
        known = waiting.pop()
        try:
            cases.append((known, equation(known, left, right, statement.remarks)))
        except errors.MeaningError as trouble:
            waiting += _wider(known, trouble, has_bold=has_bold)
    known_names = {p.name for p in scope.profiles}
    new = {p.name for known, _ in cases for p in known.profiles if p.name not in known_names}
    if waiting or not new or any(chains.TURNED in said.notes for _, one in cases for said in (one, *one.readings)):
        return None
    vectors = "rows" if scope.are_rows else "columns"
    words = (
        f"{', '.join(sorted(new))} can be anything that fits (small letters {vectors}), and nothing else connects them"
    )
    return Freed(tuple(cases), words)


def freed_anew(scope: Scope, left: Node, right: Node, statement: Statement) -> Freed | None:
    """A formula of derivatives alone, most of them of names that nothing introduces, with all its names free.

    A text that recalls the chain rule for z, y and x does not mean the z that it has defined for a layer. None for any
    other formula.
    """
    own = {name for pair in taken((left, right)) for name, _ in pair}
    new = {name for name in own if not scope.named(name)}
    if len(new) < _LEAST_NEW or new == own:
        return None
    bare = replace(scope, profiles=(), definitions=(), aliases=(), composites=(), operators=(), maps=(), components={})
    found = freed(replace(bare, assumptions=()), left, right, statement)
    return found if found is not None and all(_is_of_derivatives(said) for _, said in found.cases) else None


def _is_of_derivatives(said: Equation) -> bool:
    """Whether nothing but derivatives stands in an equation."""
    sides = [side for one in (said, *said.parts, *said.readings) for side in (one.left, one.right)]
    rest = [side.replace(lambda part: isinstance(part, index.Partial), lambda _: S.One) for side in sides]
    return not any(index.entries(side) or any(not s.is_integer for s in side.free_symbols) for side in rest)


def _wider(scope: Scope, trouble: errors.MeaningError, *, has_bold: bool) -> Iterator[Scope]:
    """The scopes in which an unknown name is one of the things that it can be, or an open size is another one."""
    if trouble.code == "unknown-symbol" and isinstance(trouble.mention, Mention):
        for made in _kinds(scope, trouble.mention, has_bold=has_bold):
            yield scope.with_profile(made)[0]
        return
    for own, other in (trouble.sizes, trouble.sizes[::-1]) if trouble.sizes is not None else ():
        if _is_open(own) and isinstance(other, Expr) and other != 1:
            yield unify(scope, own, other)
            return
    open_ones = {size for p in scope.profiles for size in (p.rows, p.columns) if _is_open(size)}
    if len(open_ones) > 1:
        first, *others = sorted(open_ones, key=str)
        for other in others:
            scope = unify(scope, other, first)
        yield scope


def _is_open(size: object) -> bool:
    return isinstance(size, Symbol) and size.name.startswith(_OWN)


def _kinds(scope: Scope, found: Mention, *, has_bold: bool) -> Iterator[Profile]:
    """What an unknown name can be by how it is written; nothing where it has a layer or is applied to something."""
    letters = [mark for mark in found.marks if mark.place == "sub" and isinstance(mark.content, Letter)]
    base = replace(profile(scope, found, {}, is_entry=bool(letters)), is_firm=True)
    is_plain = not base.slots and not found.primes and not any(is_layer(scope, mark.content) for mark in found.marks)
    if not is_plain or found.name in PREFIXES or found.name in scope.applied:
        return
    rows, columns = (
        Symbol(f"{_OWN}{axis} of {base.name}", integer=True, positive=True) for axis in ("rows", "columns")
    )
    is_large, is_bold = found.name.lstrip("\\")[:1].isupper(), found.style == "bold"
    axes = len(letters) or scope.components.get(found.name, 0)
    if any(not known.is_layered for known in scope.named(base.letter)):
        return  # it is something else in the same formula
    if axes == 2 or (axes == 0 and is_large):
        yield replace(base, rows=rows, columns=columns)
    if axes == 1 or (axes == 0 and (is_bold or is_large or not has_bold)):
        if is_large or not scope.are_rows:
            yield replace(base, rows=rows)
        if is_large or scope.are_rows:
            yield replace(base, columns=columns)
    if axes == 0 and not is_bold:
        yield base
