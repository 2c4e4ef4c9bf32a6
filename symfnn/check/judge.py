"""The ladder for one equation: the oracle may refute it, the proof may accept it, and the two must agree."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

from sympy import Ge, Gt, Le, Lt
from sympy.core.relational import Relational

from symfnn import errors
from symfnn.check import counterexample, numbered, oracle, partials, watch
from symfnn.check.claims import Claim
from symfnn.check.freedom import of_open_objective, unconnected
from symfnn.check.open_maps import of_open_maps
from symfnn.check.oracle import Difference
from symfnn.check.proof import prove
from symfnn.check.variants import is_of_function, open_functions, variants
from symfnn.check.verdicts import Finding, Verdict
from symfnn.model.definitions import Model

_PARTIAL = "a derivative in it can be partial or total: one argument depends on the other"
_SECOND_LOOK = 2.0  # seconds for a proof of what is refuted
_GRACE = 0.5  # seconds that a decision has to end by itself
_DIFFER = Finding(Verdict.REFUTED, "the sides differ", "refuted")

_Refuted: TypeAlias = Callable[[Claim, Difference, float], Finding]  # what becomes of a claim whose sides differ


def decide(claim: Claim, timeout: float) -> Finding:
    """The verdict on a claim.

    Args:
        claim: two sides and their model.
        timeout: seconds after which it stays undecided.

    Raises:
        DisagreementError: one judge accepts what the other refutes: a defect of symfnn.
    """
    try:
        return watch.within(timeout + _GRACE, lambda: _decided(claim, time.monotonic() + timeout))
    except watch.OutOfTime:
        oracle.world_of.cache_clear()  # what was being evaluated is half done
        return Finding(Verdict.UNDECIDED, "it took too long", "timeout")


def stands(claim: Claim, timeout: float) -> Finding:
    """The verdict on a claim that may be offered as a repair: the same, but a refutation is not looked into.

    Args:
        claim: two sides and their model.
        timeout: seconds after which it stays undecided.
    """
    return _briefly(claim, timeout, _refuted_briefly)


def stands_as_it_is(claim: Claim, timeout: float) -> Finding:
    """The verdict on a claim that may be offered as a repair, with nothing filled in that its document leaves open."""
    return _briefly(claim, timeout, lambda *_: _DIFFER)


def _briefly(claim: Claim, timeout: float, refuted: _Refuted) -> Finding:
    try:
        return watch.within(timeout, lambda: _decided(claim, time.monotonic() + timeout, refuted))
    except watch.OutOfTime:
        oracle.world_of.cache_clear()
        return Finding(Verdict.UNDECIDED, "it took too long", "timeout")


def _decided(claim: Claim, deadline: float, refuted: _Refuted | None = None) -> Finding:
    """The verdict on a claim, by the clock where it is looked at."""
    loose = unconnected(claim.model, (claim.left, claim.right))
    if loose is not None:
        top, by = loose
        words = f"{top} does not depend on {by} by what is stated"
        found = of_open_objective(claim, top, deadline) or of_open_maps(claim, deadline)
        return found or Finding(Verdict.UNDECIDED, words, "no-definition")
    if partials.is_open(claim):
        return Finding(Verdict.UNDECIDED, _PARTIAL, "not-covered")
    try:
        outcome = oracle.refute(claim, deadline=deadline)
    except errors.OracleError as trouble:
        code = "timeout" if time.monotonic() > deadline else "not-covered"
        return Finding(Verdict.UNDECIDED, f"it cannot be tested: {trouble}", code)
    if isinstance(outcome, Difference):
        return (refuted or _refuted)(claim, outcome, deadline)
    proof = prove(claim, deadline=deadline)
    if proof is None:
        if not outcome.nonzero and (claim.left != 0 and claim.right != 0):
            return Finding(Verdict.UNDECIDED, "both sides were 0 wherever it was tested", "not-covered")
        if _hangs_on_limits(claim):
            return Finding(Verdict.UNDECIDED, "it may fail at the points where its conditions change", "not-covered")
        return Finding(Verdict.TESTED)
    return Finding(Verdict.PROVED, assumptions=proof.assumptions)


def _hangs_on_limits(claim: Claim) -> bool:
    """Whether some conditions of a claim hold at their limits and others do not: no test hits these points."""
    conditions = [*claim.left.atoms(Relational), *claim.right.atoms(Relational)]
    return len({isinstance(one, Ge | Le) for one in conditions if isinstance(one, Ge | Le | Gt | Lt)}) > 1


def _refuted(claim: Claim, difference: Difference, deadline: float) -> Finding:
    """Refuted, unless it holds for a loss or a function that the document leaves open."""
    if _is_proved(claim, deadline):
        raise errors.DisagreementError(f"proof and test disagree on {claim.left} = {claim.right}")
    saved = _of_variants(claim, deadline, variants(claim))
    if saved is not None:
        return saved
    if partials.may_be_partial(claim):
        return Finding(Verdict.UNDECIDED, _PARTIAL, "not-covered")
    small = numbered.holds(claim, deadline)
    if small is not None:
        verdict = Verdict.PROVED if small.is_proved else Verdict.TESTED
        return Finding(verdict, assumptions=numbered.in_words(small.sizes))
    if time.monotonic() > deadline:  # what could have saved the claim may not have been tried
        return Finding(Verdict.UNDECIDED, "it took too long", "timeout")
    found = counterexample.simplest(claim, difference, deadline=deadline + 1)
    return Finding(Verdict.REFUTED, "the sides differ", "refuted", counterexample=found)


def _of_variants(claim: Claim, deadline: float, chosen: Iterable[tuple[str, Model]]) -> Finding | None:
    """The finding on a claim that holds if what its document leaves open is filled in; None where none does."""
    for words, model in chosen:
        variant = replace(claim, model=model)
        try:
            outcome = oracle.refute(variant, deadline=deadline)
        except errors.OracleError:
            continue
        if isinstance(outcome, Difference):
            continue
        if prove(variant, deadline=deadline) is not None:
            return Finding(Verdict.PROVED, assumptions=(words,))
        return Finding(Verdict.UNDECIDED, f"it does not hold in general, and may hold if {words}", "not-covered")
    return None


def _refuted_briefly(claim: Claim, _: Difference, deadline: float) -> Finding:
    """Refuted, unless it holds for a loss that is left open, or for a function that is not written in it."""
    chosen = [
        (words, model) for words, model in variants(claim) if not (open_functions(claim) and is_of_function(words))
    ]
    return _of_variants(claim, deadline, chosen) or _DIFFER


def _is_proved(claim: Claim, deadline: float) -> bool:
    """Whether a claim that is refuted is proved too; a proof that is not found soon is none."""
    seconds = min(_SECOND_LOOK, deadline - time.monotonic())
    try:
        return seconds > 0 and watch.within(seconds, lambda: prove(claim, deadline=deadline)) is not None
    except watch.OutOfTime:
        return False
