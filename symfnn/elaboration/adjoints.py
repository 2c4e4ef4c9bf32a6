r"""Names for derivatives that are made by a sign: with ``\bar{y} = \frac{dL}{dy}`` a text has said what \bar{z} is.

Lectures on automatic differentiation write ``\bar{v}`` for the derivative of the loss by any quantity v, others ``dv``
or ``\delta v``. They define the sign once, by one quantity, and then use it at all.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sympy import Expr, Symbol

from symfnn.algebra import index
from symfnn.elaboration.entries import candidates
from symfnn.elaboration.names import PREFIXES, Mention
from symfnn.elaboration.reading import blank
from symfnn.elaboration.scope import Profile, Scope, Stated
from symfnn.elaboration.survey import names_in
from symfnn.latex.syntax import Statement
from symfnn.model.definitions import Definition
from symfnn.source import Span

_ACCENTED = re.compile(r"(\\(?:bar|hat|tilde|dot|check|breve))\{(.+)\}")


class _Signed(NamedTuple):
    """A name apart from the sign that makes it."""

    sign: str
    letter: str


def with_adjoints(scope: Scope, statement: Statement, origin: int) -> Scope:
    """The scope in which each name of a statement that a known sign makes is the derivative by what it is made from.

    That is supposed: it refutes nothing.
    """
    known = dict(_signs(scope))
    if not known:
        return scope
    for content in (statement.content, *statement.remarks):
        for found in names_in(content):
            signed = _signed(found.name)
            if signed is not None and signed.sign in known and not found.primes:
                scope = _with_adjoint(scope, found, signed, known[signed.sign], statement.span, origin)
    return scope


def _signed(name: str) -> _Signed | None:
    accented = _ACCENTED.fullmatch(name)
    if accented is not None:
        return _Signed(accented[1], accented[2])
    sign = next((sign for sign in sorted(PREFIXES) if name.startswith(sign) and name != sign), None)
    return None if sign is None else _Signed(sign, name.removeprefix(sign).lstrip())


def _signs(scope: Scope) -> Iterator[tuple[str, Expr]]:
    """The signs by which a definition names the derivative by what stands under or behind them, with the objective."""
    for stated in scope.definitions:
        value, made = stated.definition.value, scope.profile(stated.definition.name)
        signed = None if made is None else _signed(made.letter)
        if signed is None or not isinstance(value, index.Partial) or not isinstance(value.args[0], Symbol):
            continue
        by = scope.profile(index.name_of(value.args[1]))
        if by is not None and by.letter == signed.letter and made is not None and made.name not in scope.supposed:
            yield signed.sign, value.args[0]


def _with_adjoint(scope: Scope, found: Mention, signed: _Signed, objective: Expr, span: Span, origin: int) -> Scope:
    reading = blank(scope)
    if any(isinstance(meant, Profile) for meant, _ in candidates(reading, found, is_exact=True)):
        return scope
    own = (meant for meant, _ in candidates(reading, replace(found, name=signed.letter)))
    base = next((meant for meant in own if isinstance(meant, Profile)), None)
    if base is None or base.part is not None or str(objective) == base.name:
        return scope
    name = found.name + base.name.removeprefix(base.letter)
    made = replace(base, name=name, letter=found.name, span=span, origin=origin, is_stated=False, copy_of="")
    scope, made = scope.with_profile(made)
    ours, theirs = made.quantity, base.quantity
    entry = ours[ours.slots] if ours.slots else ours.scalar
    by = theirs[theirs.slots] if theirs.slots else theirs.scalar
    layers = (base.layers or scope.layers_of(base)) if base.is_layered else None
    scope = scope.with_definition(Stated(Definition(entry, index.Partial(objective, by), layers), span, origin))
    return replace(scope, supposed=scope.supposed | {made.name})
