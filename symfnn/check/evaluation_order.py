"""The order in which entries are computed: what is carried on first by the chain rule, and unfolded last."""

from functools import lru_cache

from sympy import Expr, S

from symfnn.algebra import index
from symfnn.check import dependence
from symfnn.check.region import offset
from symfnn.check.unfold import Case
from symfnn.model.definitions import Model, defining


@lru_cache(maxsize=64)
def aliases(model: Model) -> frozenset[str]:
    """Computed quantities that read one other array only, such as a = f(z); none of them reads itself at length."""
    reads: dict[str, set[str]] = {}
    for name, named in defining(model).items():
        found = [dependence.arrays(model, definition.value) for definition in named]
        values = [definition.value for definition in named]
        if all(len(one) == 1 for one in found) and not any(v.has(index.Unspecified, index.Partial) for v in values):
            reads[name] = {other for one in found for other, _ in one}
    result = set(reads)
    for name in sorted(reads):
        seen, todo = set(), set(reads[name])
        while todo:
            other = todo.pop()
            if other not in seen and other in result:
                seen.add(other)
                todo |= reads[other]
        if name in seen:
            result.discard(name)
    return frozenset(result)


def _place(layer: Expr | None) -> tuple[int, int]:
    """A key that orders layers: numbers, letters, the depth, and what has no layer."""
    found = offset(layer) if layer is not None else None
    if found is None:
        return 3, 0
    letter, number = found
    return (0 if letter is None else 2 if letter == index.DEPTH else 1), number


def highest_layers(model: Model, expression: Expr) -> dict[int, int]:
    """For each kind of layer, the highest that an expression mentions."""
    highest: dict[int, int] = {}
    for entry in index.entries(expression):
        kind, number = _place(dependence.layer_of(model, entry))
        highest[kind] = max(number, highest.get(kind, number))
    return highest


def rank(model: Model, partial: Expr) -> tuple[int, ...]:
    """The place of the entry that is differentiated by in the order of evaluation; what is given comes first."""
    name = index.name_of(partial.args[1])
    if not dependence.is_defined(model, name):
        return (-1, 0, dependence.order(model)[name])
    return place_of(model, partial.args[1])


def ranks(case: Case, form: Expr, highest: dict[int, int]) -> set[tuple[int, ...]]:
    """The ranks of the derivatives that may be carried on: not beyond the layer above the highest mentioned."""
    found = set()
    for partial in form.atoms(index.Partial):
        if isinstance(partial.args[0], index.Unspecified):
            continue
        place = rank(case.model, partial)
        is_bounded = place[0] == 1 or (place[0] == 0 and not case.model.depth.xreplace(case.pins).is_Integer)
        if not is_bounded or place[1] <= highest.get(place[0], place[1]):
            found.add(place)
    return found


def computed(model: Model, form: Expr) -> set[tuple[int, ...]]:
    """The places in the order of evaluation of the computed entries of a form, those in derivatives apart."""
    hidden = {partial: S.Zero for partial in form.atoms(index.Partial, index.Unspecified)}
    shown = form.xreplace(hidden)
    entries = [*index.entries(shown), *dependence.scalars(model, shown)]
    return {
        place_of(model, entry)
        for entry in entries
        if index.name_of(entry) in dependence.names_of(model) and dependence.is_defined(model, index.name_of(entry))
    }


def place_of(model: Model, entry: Expr) -> tuple[int, ...]:
    """The place of an entry in the order of evaluation."""
    return (*_place(dependence.layer_of(model, entry)), dependence.order(model)[index.name_of(entry)])
