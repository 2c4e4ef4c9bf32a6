"""Every formula of the article is made by the calculus: what is taken out of it is missed in the formulas."""

import json
from functools import lru_cache

import pytest

from symfnn import errors
from symfnn.algebra import index, normal
from symfnn.api import article_document, derivation_document, feedforward, to_json
from symfnn.calculus import adjoint, fold, partial, rules, vectorise
from symfnn.model import feedforward as builder
from symfnn.reports import derivation as report

ALL = {f"A{number}" for number in range(3, 20)}


def formulas(document):
    return {f["label"]: [f["left"], f["steps"]] for f in json.loads(to_json(document))["formulas"]}


@lru_cache(maxsize=1)
def article():
    return formulas(article_document())


def without(rule):
    """The rules but one, in the derivations of one sample and of all."""
    kept = tuple(other for other in rules.RULES if other.name != rule)
    batch = tuple(other for other in rules.BATCH_RULES if other.name != rule)
    return [
        (report, "derive", lambda model, name: rules.derive(model, name, kept)),
        (report, "derive_batch", lambda model, name: rules.derive_batch(model, name, batch)),
    ]


def nothing(*_):
    return None


def uncollapsed(body, limits, ranges):
    del ranges
    return index.bind(body, limits)


def doubled_partial(expression, entry, ranges):
    return 2 * partial.partial(expression, entry, ranges)


def doubled_state(q, layer, bounds):
    made = builder_state(q, layer, bounds)
    return type(made)(made.entry, made.value + q.b[layer, builder._I] ** 2, made.layers)


def shifted_activation(*arguments):
    made = builder_activation(*arguments)
    return type(made)(made.entry, made.value + arguments[0].z[arguments[1], builder._I], made.layers)


builder_state, builder_activation = builder._state, builder._activation
BROKEN = {
    "chain-rule": (without("chain-rule"), {"A11", "A12", "A13", "A18"}),
    "name": (without("name"), {"A11", "A12", "A13", "A15", "A16"}),
    "differentiate": (without("differentiate"), {"A11", "A12", "A13", "A14", "A15", "A18"}),
    "slope": (without("slope"), {"A18"}),
    "cancel": (without("cancel"), {"A18"}),
    "samples": (without("samples"), {"A19"}),
    "one-sample": (without("one-sample"), {"A19"}),
    "regularizer": (without("regularizer"), {"A19"}),
    "folding": ([(report, "slope_in_value", nothing), (rules, "slope_in_value", nothing)], {"A4", "A18"}),
    "columns": ([(vectorise, "_column", nothing)], {"A8", "A9", "A14", "A15"}),
    "products": ([(vectorise, "_contraction", nothing)], {"A15"}),
    "affine columns": ([(vectorise, "affine", nothing)], {"A8"}),
    "affine entries": ([(vectorise, "affine_entry", nothing)], {"A6"}),
    "blocks": ([(vectorise, "_stack", nothing)], {"A16", "A19"}),
    "proof": ([(normal, "is_zero", lambda expression: False)], {"A14", "A15", "A16"}),
    "deltas": ([(normal, "collapse", uncollapsed)], {"A11", "A12", "A13", "A15", "A16", "A19"}),
    "partials": ([(adjoint, "partial", doubled_partial)], {"A11", "A12", "A18"}),
    "state's definition": ([(builder, "_state", doubled_state)], {"A6", "A8", "A13", "A16"}),
    "activation's definition": ([(builder, "_activation", shifted_activation)], {"A7", "A9", "A11", "A14", "A15"}),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_taken_out_is_missed(name, monkeypatch):
    patches, wanted = BROKEN[name]
    complete = article()
    for module, attribute, value in patches:
        monkeypatch.setattr(module, attribute, value)
    try:
        found = formulas(article_document())
    except (errors.SymfnnError, AssertionError):
        return
    assert {label for label in wanted if found.get(label) == complete[label]} == set()


def test_every_formula_is_missed_once():
    covered = set().union(*(wanted for _, wanted in BROKEN.values()))
    others = {"A3": {"activation": "tanh"}, "A5": {}, "A10": {"loss": "huber"}, "A17": {"regularizer": "l1"}}
    assert covered | set(others) == ALL
    for label, change in others.items():
        if change:
            model = feedforward(**{"activation": "sigmoid", "loss": "cross-entropy", "regularizer": "l2"} | change)
            assert formulas(derivation_document(model))[label] != article()[label]


def test_softmax_folding_is_needed(monkeypatch):
    """e^{z_i} / Σ e^{z_k} is written as a_i; without that its error does not become a - y."""
    monkeypatch.setattr(fold, "in_values", lambda expression, entry, definition: expression)
    output, *_ = rules.derive(feedforward(activation="tanh", loss="softmax-cross-entropy"), "z")
    a, y, i = (*(feedforward().quantity(name) for name in "ay"), index.index("i"))
    assert output.value != a[index.DEPTH, i] - y[i]


def test_the_assumption_on_the_targets_is_needed():
    rest = tuple(rule for rule in rules.RULES if rule.name != "assume")
    model = feedforward(activation="tanh", loss="softmax-cross-entropy")
    assert rules.derive(model, "z", rest)[0].value != rules.derive(model, "z")[0].value
