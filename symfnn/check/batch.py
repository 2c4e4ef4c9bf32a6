"""A model of one sample and its batch, written out as one model in which the samples are an index."""

from dataclasses import replace
from functools import lru_cache

from sympy import Expr, S

from symfnn.algebra import index
from symfnn.model.definitions import Definition, Model, at_sample, defining


@lru_cache(maxsize=32)
def with_samples(model: Model) -> Model:
    """The same model with the sample as last index of what differs between samples, and the whole objective defined.

    Args:
        model: with a batch.
    """
    assert model.batch is not None
    letter = index.index("n")
    bounds = (S.One, index.SAMPLES)
    quantities = tuple(
        replace(q, slots=(*q.slots, letter), ranges=(*q.ranges, bounds), per_sample=False) if q.per_sample else q
        for q in model.quantities
    )
    entries = {q.name: q for q in model.quantities if q.per_sample}
    definitions = []
    for definition in model.definitions:
        entry = definition.entry
        if definition.name in entries:
            indices = (*index.indices_of(entry), letter)
            entry = model.quantity(definition.name)[indices]
        definitions.append(Definition(entry, at_sample(model, definition.value, letter), definition.layers))
    whole = index.Quantity(model.batch.objective)
    sample = index.fresh("n")
    one = model.quantity(model.objective)[sample]
    value = model.batch.factor * index.Sum(one, (sample, *bounds)) + model.batch.regularizer
    assumptions = tuple(replace(a, left=at_sample(model, a.left, letter)) for a in model.assumptions)
    return replace(
        model,
        quantities=(*quantities, whole),
        definitions=(*definitions, Definition(whole.scalar, value)),
        assumptions=assumptions,
        batch=None,
    )


def is_about_samples(model: Model, entries: list[Expr]) -> bool:
    """Whether a formula with these entries speaks of the batch: it names the whole objective or a sample."""
    if model.batch is None:
        return False
    names = {quantity.name: quantity for quantity in model.quantities}
    for entry in entries:
        name = index.name_of(entry)
        if name == model.batch.objective and name not in defining(model):
            return True
        if name in names and len(index.indices_of(entry)) > len(names[name].slots):
            return True
    return False
