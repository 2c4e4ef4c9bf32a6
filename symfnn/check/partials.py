r"""Derivatives that can be partial or total: of f(x, y) by x where y is computed from x itself.

Everything between an entry and what is differentiated moves along, as in $\partial J / \partial W$. Texts that write
$\frac{dz}{dx} = \frac{\partial z}{\partial x} + \frac{\partial z}{\partial y} \frac{dy}{dx}$ mean that y is held.
"""

from sympy import Expr

from symfnn.algebra import index
from symfnn.check import dependence
from symfnn.check.claims import Claim
from symfnn.check.region import Region
from symfnn.model.definitions import defining


def is_open(claim: Claim) -> bool:
    """Whether a claim differentiates a function by an argument on which another argument of it depends."""
    return any(_has_two_roads(claim, node.args[0], node.args[1]) for node in _partials(claim, index.Unspecified))


def may_be_partial(claim: Claim) -> bool:
    """Whether a claim differentiates a quantity by two that it is computed from, one of which depends on the other."""
    partials = _partials(claim, object)
    for node in partials:
        top, by = node.args
        others = {index.name_of(other.args[1]) for other in partials if other.args[0] == top}
        for definition in () if isinstance(top, index.Unspecified) else _definitions(claim, top):
            if _has_two_roads(claim, definition, by, others):
                return True
    return False


def _partials(claim: Claim, kind: type) -> list[Expr]:
    found = claim.left.atoms(index.Partial) | claim.right.atoms(index.Partial)
    return [node for node in found if isinstance(node.args[0], kind)]


def _definitions(claim: Claim, top: Expr) -> list[Expr]:
    """What a quantity is computed as."""
    if not index.is_entry(top) and not top.is_Symbol:
        return []
    named = defining(claim.model).get(index.name_of(top), ())
    return [d.at(top) for d in named if len(index.indices_of(d.entry)) == len(index.indices_of(top))]


def _has_two_roads(claim: Claim, value: Expr, by: Expr, others: set[str] | None = None) -> bool:
    """Whether a value reads an entry's array, and another array (of these names) that depends on the entry."""
    found = [entry for read in dependence.arrays(claim.model, value).values() for entry in read]
    if index.name_of(by) not in {index.name_of(entry) for entry in found}:
        return False
    rest = [entry for entry in found if index.name_of(entry) != index.name_of(by)]
    wanted = [entry for entry in rest if others is None or index.name_of(entry) in others]
    return any(dependence.may_depend(claim.model, Region(), {}, entry, by) for entry in wanted)
