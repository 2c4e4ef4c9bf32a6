r"""Quantities of which a text only takes derivatives, taken for open functions of what they are differentiated by.

``\frac{dz}{dx} = \frac{dz}{dy} \frac{dy}{dx}`` says of z, y and x no more than what depends on what: z is a function of
y, y of x. Each quantity that nothing defines is taken to be some smooth function of the quantities that it is
differentiated by, but for those that it reaches by way of another of them. That is supposed, not stated: a claim that
stands for all such functions is accepted under it, and none is refuted.
"""

from dataclasses import replace

from symfnn.algebra import index
from symfnn.check import partials
from symfnn.check.claims import Claim
from symfnn.check.closures import names_in
from symfnn.check.freedom import accepted_under, alone, behind, partials_of, readers_of
from symfnn.check.verdicts import Finding
from symfnn.model.definitions import Definition, Model


def of_open_maps(claim: Claim, deadline: float) -> Finding | None:
    """The finding on a claim that stands whatever functions the quantities are of which it takes derivatives.

    Args:
        claim: in which something that nothing defines is differentiated.
        deadline: on the clock of ``time.monotonic``.

    Returns:
        None where the claim does not stand, or where its derivatives do not tell what depends on what.
    """
    direct = _direct(claim)
    if not direct:
        return None
    made = tuple(_open(claim.model, name, arguments) for name, arguments in sorted(direct.items()))
    supposed = replace(claim, model=replace(claim.model, definitions=(*claim.model.definitions, *made)))
    if partials.may_be_partial(supposed):
        return None
    words = tuple(alone(name, arguments) for name, arguments in sorted(direct.items()))
    return accepted_under(supposed, words, deadline)


def _open(model: Model, name: str, arguments: tuple[str, ...]) -> Definition:
    """A quantity as an open function of whole arrays."""
    quantity = model.quantity(name)
    arrays = [(model.quantity(argument).scalar,) for argument in arguments]
    if not quantity.slots:
        return Definition(quantity.scalar, index.Unspecified(quantity.scalar, *arrays))
    value = index.Unspecified((quantity.scalar, *quantity.slots), *arrays)
    return Definition(quantity[quantity.slots], value)


def _direct(claim: Claim) -> dict[str, tuple[str, ...]]:
    """For each quantity that nothing defines what it is a function of; empty where that cannot be told."""
    model = claim.model
    flat = {quantity.name for quantity in model.quantities if not quantity.layered}
    edges: dict[str, set[str]] = {}
    for definition in model.definitions:
        edges.setdefault(definition.name, set()).update(names_in(definition.value))
    taken = [(top, by) for top, by in _taken(claim) if top != by and top not in edges]
    if model.batch is not None or not {name for pair in taken for name in pair} <= flat:
        return {}
    for top, by in taken:
        edges.setdefault(top, set()).add(by)
    tops = {top for top, _ in taken}
    if any(top in _upstream(edges, top) for top in tops):
        return {}
    found = {top: _first({by for one, by in taken if one == top}, edges) for top in tops}
    if any(_has_road_around(model, top, found[top], edges) for top in tops):
        return {}
    return {top: tuple(sorted(arguments)) for top, arguments in found.items()}


def _first(arguments: set[str], edges: dict[str, set[str]]) -> set[str]:
    """Those of some quantities on which no other of them depends."""
    return {name for name in arguments if not any(name in _upstream(edges, other) for other in arguments)}


def _has_road_around(model: Model, top: str, arguments: set[str], edges: dict[str, set[str]]) -> bool:
    """Whether a model computes something from what a quantity depends on that may lead to it by another road."""
    readers = readers_of(model, top)
    ways = {name: more - arguments for name, more in readers.items() if name not in arguments}
    upstream = set[str]().union(*(_upstream(edges, name) for name in arguments))
    around = behind(ways, upstream) - upstream - arguments - {top}
    return any(not readers.get(name) for name in around)


def _upstream(edges: dict[str, set[str]], name: str) -> set[str]:
    """All that a quantity depends on."""
    return behind(edges, edges.get(name, set()))


def _taken(claim: Claim) -> list[tuple[str, str]]:
    """The derivatives of quantities in a claim, those with a name of their own among them: what of, and what by."""
    pairs = (node.args for node in partials_of(claim))
    return [(index.name_of(top), index.name_of(by)) for top, by in pairs if index.is_entry(top) or top.is_Symbol]
