"""Rule, Step and Derivation: what was done, by which rule, and whether doing it again gives the same."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import final

from sympy import Expr

from symfnn.algebra import arrays, index
from symfnn.algebra.arrays import Form
from symfnn.model.definitions import Model


@final
@dataclass(frozen=True, slots=True)
class Goal:
    """What is derived.

    Attributes:
        model: whose definitions hold.
        entry: the entry that the objective is differentiated by, or the one that a definition is asked for.
        layers: inclusive bounds of the entry's layer; None where it has none.
    """

    model: Model
    entry: Expr
    layers: index.Range | None

    @property
    def ranges(self) -> dict[Expr, index.Range]:
        """Where the free indices of the entry lie, the layer as narrow as the goal has it."""
        ranges = self.model.ranges_of(self.entry)
        if self.layers is not None and self.layers[0] != self.layers[1]:
            ranges[index.indices_of(self.entry)[0]] = self.layers
        return ranges


@final
@dataclass(frozen=True, slots=True)
class Rule:
    """A named step of the calculus.

    Attributes:
        name: a stable word.
        why: the reason in one sentence.
        apply: the rewritten form, or None where the rule does not apply; it raises CalculusError where it applies
            but cannot be carried out.
    """

    name: str
    why: str
    apply: Callable[[Goal, Form], Form | None]


@final
@dataclass(frozen=True, slots=True)
class Step:
    """``before = after``, by ``rule``; an entry ``before`` an array is that array's general entry.

    Attributes:
        before: a scalar expression in the free indices of the goal's entry, or an array.
        after: the same by another form.
        rule: what took the one to the other.
    """

    before: Form
    after: Form
    rule: Rule


@final
@dataclass(frozen=True, slots=True)
class Derivation:
    """The chain of equal forms from where it starts, such as the goal's derivative, to the closed form.

    Attributes:
        goal: what is derived.
        steps: each begins where the one before it ended.
    """

    goal: Goal
    steps: tuple[Step, ...]

    @property
    def value(self) -> Expr:
        """The closed form by entries that the last such step reached."""
        for step in reversed(self.steps):
            if isinstance(step.after, Expr):
                return step.after
        return index.Partial(self.goal.model.quantity(self.goal.model.objective).scalar, self.goal.entry)


def apply_in_turn(goal: Goal, start: Form, rules: tuple[Rule, ...]) -> Derivation:
    """Apply each rule once, in order, wherever it applies and changes something."""
    steps: list[Step] = []
    current = start
    for rule in rules:
        after = rule.apply(goal, current)
        if after is not None and after != current:
            steps.append(Step(current, after, rule))
            current = after
    return Derivation(goal, tuple(steps))


def replay(derivation: Derivation) -> bool:
    """Whether every step follows again from its rule, and each begins where the one before it ended.

    Expressions are compared in normal form, arrays by lowering both to their entries.

    Raises:
        CalculusError: a rule cannot be carried out any more.
    """
    steps = derivation.steps
    joined = all(a.after == b.before for a, b in pairwise(steps))
    return joined and all(_follows(derivation.goal, step) for step in steps)


def _follows(goal: Goal, step: Step) -> bool:
    again = step.rule.apply(goal, step.before)
    return again is not None and arrays.same(again, step.after)
