"""The judge that can only accept: both sides of a claim are rewritten to one form, for all widths and depths.

The difference of the sides is rewritten step by step, and after each step its canonical form is compared with 0:
names of derivatives are written out; the derivative by the entry that comes first in the order of evaluation is carried
on by the chain rule; known functions are put in; computed values are unfolded; last of all, what is agreed on for the
data is used. Where a step depends on where a layer lies, the claim is proved in each case.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import final

from sympy import Abs, Add, Expr, Function, Lambda, Max, Min, Piecewise, PolynomialError, S, Sum, log

from symfnn import errors
from symfnn.algebra import index
from symfnn.calculus import fold
from symfnn.check import assumptions, batch, dependence, indicators, unfold
from symfnn.check.canonical import Exponential, canonical
from symfnn.check.claims import Claim
from symfnn.check.evaluation_order import aliases, computed, highest_layers, place_of, rank, ranks
from symfnn.check.facts import Facts
from symfnn.check.quotients import is_zero
from symfnn.check.region import Region, UndeterminedError
from symfnn.check.unfold import Case
from symfnn.model.activations import Activation

_PIECES = (Piecewise, Abs, Max, Min)
_MOST_CASES = 12
_MOST_ROUNDS = 24
_MOST_UNFOLDED = 6
_LARGEST = 600


@final
@dataclass(frozen=True, slots=True)
class Proof:
    """That a claim holds for all widths, depths and letters in their ranges.

    Attributes:
        steps: what was used.
        assumptions: the names of the model's assumptions that were needed.
    """

    steps: tuple[str, ...]
    assumptions: tuple[str, ...] = ()


def prove(claim: Claim, *, deadline: float | None = None) -> Proof | None:
    """A proof of the claim; None where none was found, which says nothing about the claim.

    Args:
        claim: both sides are scalars of the index language.
        deadline: in the seconds of ``time.monotonic``, after which the search ends.
    """
    try:
        claim = replace(claim, model=dependence.involved(claim.model, (claim.left, claim.right)))
        proofs = [_in_cases(_with_samples(part), deadline) for part in _from_one(claim)]
    except (errors.CalculusError, errors.ModelError, NotImplementedError, PolynomialError, RecursionError):
        return None
    return _joined(proofs)


def _joined(proofs: list[Proof | None]) -> Proof | None:
    """The proofs of all parts of a claim as one; None where a part has none."""
    found = [proof for proof in proofs if proof is not None]
    if not found or len(found) < len(proofs):
        return None
    steps = dict.fromkeys(step for proof in found for step in proof.steps)
    assumed = dict.fromkeys(name for proof in found for name in proof.assumptions)
    return Proof(tuple(steps), tuple(assumed))


def _from_one(claim: Claim) -> tuple[Claim, ...]:
    """The claim for layer 0 and the claim for all others: every letter of the index language is 1 or more."""
    for letter, (low, high) in claim.ranges:
        if low != 0:
            continue
        zero = {letter: S.Zero}
        rest = tuple(pair for pair in claim.ranges if pair[0] != letter)
        bounds = tuple((other, (lo.xreplace(zero), hi.xreplace(zero))) for other, (lo, hi) in rest)
        first = replace(
            claim, left=index.substitute(claim.left, zero), right=index.substitute(claim.right, zero), ranges=bounds
        )
        others = replace(claim, ranges=((letter, (S.One, high)), *rest))
        return (*_from_one(first), *_from_one(others))
    return (claim,)


def _with_samples(claim: Claim) -> Claim:
    both = claim.left - claim.right
    symbols = [symbol for symbol in both.free_symbols if symbol.is_Symbol]
    if not batch.is_about_samples(claim.model, [*index.entries(both), *symbols]):
        return claim
    return Claim(batch.with_samples(claim.model), claim.left, claim.right, claim.ranges, claim.equal, claim.unequal)


def _in_cases(claim: Claim, deadline: float | None) -> Proof | None:
    """The claim proved in every case that its proof has to distinguish."""
    whole = _region(claim)
    todo = [] if whole is None else [whole]
    proofs: list[Proof] = []
    while todo and len(proofs) + len(todo) <= _MOST_CASES:
        region = todo.pop()
        found = _Search(_case(claim, region, deadline)).decide(claim)
        if found is None:
            return None
        if isinstance(found, Proof):
            proofs.append(found)
            continue
        parts = (region.restricted(found.low, found.high), region.restricted(found.high + 1, found.low))
        if region in parts:
            return None
        todo.extend(part for part in parts if part is not None)
    return None if todo else _joined(list(proofs))


def _region(claim: Claim) -> Region | None:
    """Where the claim's letters lie; None where that is nowhere or an entry would not exist."""
    region: Region | None = Region()
    model = claim.model
    bounds = [layers for quantity in model.quantities if quantity.layered for layers in quantity.ranges[:1]]
    needed = [*bounds, *(pair for letter, (lo, hi) in claim.ranges for pair in ((lo, letter), (letter, hi)))]
    for low, high in needed:
        is_about_widths = (low + high).has(index.WIDTH)
        if region is not None and not is_about_widths:
            region = region.restricted(low, high)
    letters = {letter for letter, _ in claim.ranges}
    bound = {letter for total in (claim.left - claim.right).atoms(Sum) for letter in total.variables}
    for entry in index.entries(Add(claim.left, claim.right, evaluate=False)):
        layer = dependence.layer_of(model, entry)
        if region is None or layer is None or layer.free_symbols & bound:
            continue
        low, high = model.quantity(index.name_of(entry)).ranges[0]
        for below, above in ((low, layer), (layer, high)):
            if region is None or region.at_most(below, above):
                continue
            is_about_depth = not (below.free_symbols | above.free_symbols) & letters
            region = region.restricted(below, above) if is_about_depth else None
    return region


def _case(claim: Claim, region: Region, deadline: float | None) -> Case:
    pins = region.pins()
    ranges = {letter: (lo.xreplace(pins), hi.xreplace(pins)) for letter, (lo, hi) in claim.ranges}
    unequal = tuple(frozenset(pair) for pair in claim.unequal)
    return Case(claim.model, Facts(region, ranges, unequal, deadline), pins)


class _Search:
    """The search for a proof in one case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.deadline = case.facts.deadline
        self.assumptions: dict[str, None] = {}
        self.highest: dict[int, int] = {}
        self.is_explicit = False

    def decide(self, claim: Claim) -> Proof | UndeterminedError | None:
        """A proof, the question that has to be settled first, or nothing."""
        try:
            if self._run(claim):
                return Proof(tuple(self.case.steps), tuple(self.assumptions))
        except UndeterminedError as question:
            return question
        return self.case.open[0] if self.case.open else None

    def _run(self, claim: Claim) -> bool:
        """Whether the sides were brought to one form."""
        new = self.case.pins | {right: left for left, right in claim.equal}
        whole = index.substitute(claim.left, new) - index.substitute(claim.right, new)
        self.highest = highest_layers(self.case.model, whole)
        self.is_explicit = any(not isinstance(part, index.ScalarFunction) for part in whole.atoms(Function))
        expression = unfold.settle(self.case, whole, self.case.facts)
        is_proved, form = self._carried_on(expression)
        return is_proved or self._assumed(form) or self._unfolded(form)

    def _carried_on(self, expression: Expr) -> tuple[bool, Expr]:
        """Derivatives carried on by the chain rule until the form vanishes or nothing is left to do."""
        for _ in range(_MOST_ROUNDS):
            form = self._form(expression)
            if self._vanishes(form):
                return True, form
            open_ranks = ranks(self.case, form, self.highest)
            is_level = not open_ranks or (len(open_ranks) == 1 and self.is_explicit)
            if is_level and self._vanishes_with_functions(form):
                return True, form
            if not open_ranks:
                return False, form
            expression = self._lifted(form, min(open_ranks))
        return False, form

    def _lifted(self, form: Expr, earliest: tuple[int, ...]) -> Expr:
        """The derivatives by the earliest entries, through what reads these."""

        def rule(part: Expr, facts: Facts) -> Expr | None:
            if not isinstance(part, index.Partial) or isinstance(part.args[0], index.Unspecified):
                return None
            if rank(self.case.model, part) != earliest:
                return None
            return unfold.settle(self.case, unfold.backward(self.case, *part.args), facts)

        return unfold.rewrite(form, self.case.facts, rule)

    def _form(self, expression: Expr) -> Expr:
        """The canonical form with values that stand for one other array written out and slopes folded."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise errors.CalculusError("the time is over")

        form = canonical(self._rewritten(expression, self.case.facts), self.case.facts)
        if len(Add.make_args(form)) > _LARGEST:
            raise errors.CalculusError("the formula grows too large")
        return form

    def _function(self, part: Expr, facts: Facts) -> Expr | None:
        """A known function without exponentials by its rule; the slope f' of another as a polynomial in f."""
        known = dict(self.case.model.functions)
        if part.order > 1 or part.letter not in known:
            return None
        rule = known[part.letter].rule
        folded = _rule(rule, part.order) if _is_plain(rule) else fold.slope_in_value(rule) if part.order else None
        if folded is None:
            return None
        self.case.steps[f"slope of {part.letter}" if part.order else f"definition of {part.letter}"] = None
        argument = self._rewritten(part.args[0], facts)
        return folded(argument if _is_plain(rule) else index.scalar_function(part.letter)(argument))

    def _value(self, part: Expr, facts: Facts) -> Expr | None:
        try:
            value = unfold.value_of(self.case, part)
        except UndeterminedError as question:
            self.case.open.append(question)
            return None
        if value is None:
            return None
        self.case.steps[f"definition of {index.name_of(part)}"] = None
        return self._rewritten(value, facts)

    def _rewritten(self, value: Expr, facts: Facts) -> Expr:
        """Values that stand for one other array and known functions written out."""

        def rule(part: Expr, inner: Facts) -> Expr | None:
            if isinstance(part, index.ScalarFunction):
                return self._function(part, inner)
            if not unfold.is_quantity(self.case.model, part) or index.name_of(part) not in aliases(self.case.model):
                return None
            return self._value(part, inner)

        return unfold.rewrite(value, facts, rule)

    def _vanishes(self, form: Expr) -> bool:
        """Whether the form is 0 where the derivatives in it exist."""
        if is_zero(form):
            return True
        smooth = indicators.without_kinks(form)
        return smooth != form and is_zero(canonical(smooth, self.case.facts))

    def _vanishes_with_functions(self, form: Expr) -> bool:
        explicit = self._explicit(form)
        return explicit != form and self._vanishes(explicit)

    def _explicit(self, form: Expr) -> Expr:
        """The form with every known function by its rule."""
        known = dict(self.case.model.functions)

        def rule(part: Expr, facts: Facts) -> Expr | None:
            if not isinstance(part, index.ScalarFunction) or part.letter not in known or part.order > 1:
                return None
            (argument,) = part.args
            return _rule(known[part.letter].rule, part.order)(unfold.rewrite(argument, facts, rule))

        if not _needs_rules(form, known):
            return form
        rewritten = unfold.rewrite(form, self.case.facts, rule)
        self.case.steps["known functions"] = None
        return canonical(rewritten, self.case.facts)

    def _unfolded(self, form: Expr) -> bool:
        """Computed values written out, the last in the order of evaluation first."""
        lowest = min(computed(self.case.model, form), default=())
        for _ in range(_MOST_UNFOLDED):
            entries = computed(self.case.model, form)
            if not entries:
                return False
            last = max(entries)
            if last[:2] < lowest[:2]:
                return False
            rewritten = self._without(form, last)
            if rewritten == form:
                return False
            form = self._form(unfold.settle(self.case, rewritten, self.case.facts))
            if self._vanishes(form) or self._vanishes_with_functions(form) or self._assumed(form):
                return True
        return False

    def _without(self, form: Expr, place: tuple[int, ...]) -> Expr:
        """The form with the values at one place in the order of evaluation written out."""

        def rule(part: Expr, facts: Facts) -> Expr | None:
            is_there = unfold.is_quantity(self.case.model, part) and place_of(self.case.model, part) == place
            return self._value(part, facts) if is_there else None

        return unfold.rewrite(form, self.case.facts, rule)

    def _assumed(self, form: Expr) -> bool:
        """Whether the form vanishes by what is agreed on for the data."""
        for candidate in dict.fromkeys((form, self._explicit(form))):
            used: dict[str, None] = {}
            result = candidate
            for assumption in self.case.model.assumptions:
                replaced = assumptions.assumed(self.case, result, assumption.left, assumption.right)
                if replaced != result:
                    used[assumption.name] = None
                    result = canonical(replaced, self.case.facts)
            if used and self._vanishes(result):
                self.assumptions |= used
                return True
        return False


def _needs_rules(form: Expr, known: Mapping[str, Activation]) -> bool:
    """Whether the rules of known functions can say more than that the functions are polynomials' letters."""
    calls = [part for part in form.atoms(index.ScalarFunction) if part.letter in known]
    is_bare = all(index.is_entry(part.args[0]) or part.args[0].is_Symbol for part in calls)
    is_simple = is_bare and all(part.order == 0 for part in calls) and len({part.letter for part in calls}) == 1
    return bool(calls) and (not is_simple or form.has(Exponential, log))


@lru_cache(maxsize=128)
def _rule(rule: Lambda, order: int) -> Lambda:
    """A known function or its slope."""
    (z,) = rule.variables
    return Lambda(z, unfold.differential(rule.expr, z)) if order else rule


@lru_cache(maxsize=128)
def _is_plain(rule: Lambda) -> bool:
    """Whether a function is a polynomial, perhaps in pieces."""
    return not any(isinstance(part, Function) for part in rule.expr.atoms(Function) if not isinstance(part, _PIECES))
