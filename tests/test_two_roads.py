"""A fault in one of the two judges is noticed by the other: nothing false is ever proved."""

import pytest
from click.testing import CliRunner
from sympy import Integer, Lambda

import symfnn
from symfnn import errors
from symfnn.calculus import fold
from symfnn.check import dual, judge, links, oracle, proof, unfold
from symfnn.check.proof import Proof
from symfnn.cli import main

TRUE = (
    r"\delta_j^L = \frac{\partial C}{\partial a_j^L} \sigma'(z_j^L)",
    r"\frac{\partial z_k^{l+1}}{\partial z_j^l} = w_{kj}^{l+1} \sigma'(z_j^l)",
    r"\frac{\partial C}{\partial b_j^l} = \delta_j^l",
    r"\frac{\partial C}{\partial w_{jk}^l} = a_k^{l-1} \delta_j^l",
)
FALSE = (
    r"\delta_j^L = 2 \frac{\partial C}{\partial a_j^L} \sigma'(z_j^L)",
    r"\delta_j^L = \frac{\partial C}{\partial a_j^L} \sigma(z_j^L)",
    r"\frac{\partial z_k^{l+1}}{\partial z_j^l} = w_{kj}^{l+1} a_j^l",
    r"\frac{\partial C}{\partial b_j^l} = -\delta_j^l",
    r"\frac{\partial C}{\partial w_{jk}^l} = a_k^{l-1}",
)


def said(formula):
    try:
        report = symfnn.check(formula, notation="nielsen", timeout=2).report
    except errors.DisagreementError:
        return "disagreement"
    return str(report.documents[0].statements[0].verdict)


@pytest.fixture(autouse=True)
def _without_memory(monkeypatch):
    """Nothing that a broken judge computed is kept; repairs, which the same judges decide, would take long."""
    monkeypatch.setattr(links, "repaired", lambda _course, _scope, _part, _statement, finding: finding)
    caches = [
        value
        for module in (oracle, proof, unfold, fold, dual)
        for value in vars(module).values()
        if hasattr(value, "cache_clear")
    ]
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def doubled(function):
    def broken(*args, **options):
        result = function(*args, **options)
        return None if result is None else 2 * result

    return broken


def negated(function):
    def broken(*args, **options):
        result = function(*args, **options)
        return None if result is None else -result

    return broken


def wrong_slope(rule):
    (z,) = rule.variables
    return Lambda(z, 1 + z)


FAULTS_OF_THE_PROOF = {
    "derivatives doubled": (unfold, "differential", doubled(unfold.differential)),
    "chain rule negated": (unfold, "backward", negated(unfold.backward)),
    "chain rule that sees nothing": (unfold, "backward", lambda *_: Integer(0)),
    "definitions doubled": (unfold, "value_of", doubled(unfold.value_of)),
    "slopes by a wrong table": (fold, "slope_in_value", wrong_slope),
    "everything vanishes": (proof, "is_zero", lambda *_: True),
    "nothing vanishes": (proof, "is_zero", lambda *_: False),
    "whatever is asked is proved": (judge, "prove", lambda *_, **__: Proof(())),
    "nothing is proved": (judge, "prove", lambda *_, **__: None),
    "forms lose their terms": (proof, "canonical", lambda expression, _: (*expression.args, expression)[0]),
}  # fmt: skip

FAULTS_OF_THE_ORACLE = {
    "a sine's slope": (dual, "sin", dual.cos),
    "exponentials negated": (dual, "exp", negated(dual.exp)),
    "finds nothing wrong": (oracle, "refute", lambda *_, **__: oracle.Agreement(9, 9, 0)),
    "sees no difference": (oracle, "is_suspicious", lambda *_: False),
    "derivatives doubled": (oracle.World, "differentiate", doubled(oracle.World.differentiate)),
    "entries doubled": (oracle.World, "read", doubled(oracle.World.read)),
}


def test_both_judges_agree_where_nothing_is_broken():
    assert {said(formula) for formula in TRUE} == {"proved"}
    assert not {said(formula) for formula in FALSE} & {"proved", "tested"}


@pytest.mark.parametrize("fault", FAULTS_OF_THE_PROOF)
def test_a_broken_proof_is_noticed(fault, monkeypatch):
    monkeypatch.setattr(*FAULTS_OF_THE_PROOF[fault])
    assert {said(formula) for formula in TRUE} <= {"proved", "tested", "undecided", "disagreement"}
    assert not {said(formula) for formula in FALSE} & {"proved", "tested"}


@pytest.mark.parametrize("fault", FAULTS_OF_THE_ORACLE)
def test_a_broken_oracle_makes_nothing_false_proved(fault, monkeypatch):
    monkeypatch.setattr(*FAULTS_OF_THE_ORACLE[fault])
    assert "proved" not in {said(formula) for formula in FALSE}
    assert {said(formula) for formula in TRUE} <= {"proved", "tested", "undecided", "disagreement"}


def test_an_oracle_that_refutes_a_proved_formula_is_a_disagreement(monkeypatch):
    monkeypatch.setattr(oracle.World, "differentiate", doubled(oracle.World.differentiate))
    assert "disagreement" in {said(formula) for formula in TRUE}


def test_a_disagreement_is_told_in_one_sentence(monkeypatch):
    monkeypatch.setattr(judge, "prove", lambda *_, **__: Proof(()))
    done = CliRunner().invoke(main, ["check", "--formula", FALSE[0], "--notation", "nielsen"])
    assert done.exit_code == 2
    assert "proof and test disagree" in done.output
    assert "Traceback" not in done.output
