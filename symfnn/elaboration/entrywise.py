r"""Functions of a vector that are defined by their entries: ``\sigma(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}``."""

from dataclasses import replace

from sympy import Symbol

from symfnn.algebra import index
from symfnn.elaboration import entries, factors
from symfnn.elaboration.expressions import readings
from symfnn.elaboration.names import Mention, mention, written
from symfnn.elaboration.reading import Reading, index_of
from symfnn.elaboration.scope import Profile, Rule, Scope
from symfnn.elaboration.survey import indices_in
from symfnn.latex.syntax import BigOperator, Fence, Letter, Node, Product, Scripted
from symfnn.latex.walk import nodes


def define(scope: Scope, left: Node, right: Node) -> Scope | None:
    """The scope with the rule of ``σ(z)_i = …``; None for any other equation, and where σ is something else already.

    Raises:
        MeaningError: the right side is not understood.
    """
    parts = _parts(scope, left)
    if parts is None:
        return None
    function, argument, place = parts
    if any(isinstance(part, Letter) and part.name == function.name for part in nodes(right)):
        return None
    wider, of = _with_argument(scope, argument, right)
    if of is None:
        return None
    reading = Reading(wider, readings, outer=indices_in(left))
    value = reading.value(right)
    letter = index_of(reading, place)
    sizes = reading.uses.get(letter)
    if not value.is_scalar or not sizes or {index.name_of(e) for e in index.entries(value.expr)} != {of.name}:
        return None
    size = of.columns if of.rows is None else of.rows
    assert size is not None
    rule = Rule(function.name, of.name, size, letter, sizes[0], value.expr)
    return replace(scope, rules=(*scope.rules, rule))


def is_new(scope: Scope, node: Node) -> bool:
    """Whether a side is an entry of a function's value, and nothing says of which function."""
    return _parts(scope, node) is not None


def _parts(scope: Scope, left: Node) -> tuple[Mention, Mention, Node] | None:
    """The function, its argument and the index of ``σ(z)_i`` where nothing is known of σ; None for anything else."""
    if not isinstance(left, Product) or len(left.factors) != 2 or left.signs != ("",):
        return None
    function, entry = mention(left.factors[0]), left.factors[1]
    if not isinstance(entry, Scripted) or entry.sup is not None or entry.primes or not isinstance(entry.sub, Letter):
        return None
    inner = entry.base.body if isinstance(entry.base, Fence) else None
    argument = None if inner is None else mention(inner)
    if function is None or function.marks or function.primes or argument is None or argument.is_transposed:
        return None
    name = function.name
    is_known = scope.knows(name) or factors.is_named(name) or scope.maps_vectors(name)
    return None if is_known or scope.functions.get(function.name) is not None else (function, argument, entry.sub)


def _with_argument(scope: Scope, argument: Mention, right: Node) -> tuple[Scope, Profile | None]:
    """The scope in which the argument is a vector, and its profile; None where it is something else, or has layers."""
    found = [meant for meant, _ in entries.candidates(Reading(scope, readings), argument, is_exact=True)]
    if found:
        known = found[0]
        is_vector = isinstance(known, Profile) and known.axes == 1 and not known.slots
        return scope, known if is_vector and isinstance(known, Profile) else None
    if argument.marks:
        return scope, None
    limits = [part.upper for part in nodes(right) if isinstance(part, BigOperator) and part.upper is not None]
    stated = [scope.sizes[written(limit)] for limit in limits if written(limit) in scope.sizes]
    size = stated[0] if stated else Symbol(f"number of entries of {argument.name}", integer=True, positive=True)
    return scope.with_profile(Profile(argument.name, argument.name, rows=size, is_firm=True, span=argument.span))
