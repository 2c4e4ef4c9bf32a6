"""The state of a check as it goes through a document."""

from dataclasses import dataclass, field
from typing import final

from symfnn.check import rivals
from symfnn.check.forms import Form
from symfnn.check.variants import filled
from symfnn.check.verdicts import Finding, Verdict
from symfnn.elaboration.claims import model_of
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.understood import Part
from symfnn.latex.syntax import Node
from symfnn.model.definitions import Model

ACCEPTED = (Verdict.PROVED, Verdict.TESTED)
BACKSTOP = 3  # times the time for a claim, for all that is done with it; its decision ends before
PATIENCE = 60.0  # seconds of the processor for the repairs of one document


@final
@dataclass(frozen=True, slots=True)
class Options:
    """How a document is checked.

    Attributes:
        activation: of a name of the catalogue, where the document leaves it open.
        loss: the same for the loss.
        timeout: seconds for one claim.
        has_repairs: whether it is looked for what was meant where something is wrong.
    """

    activation: str | None = None
    loss: str | None = None
    timeout: float = 10.0
    has_repairs: bool = True


@final
@dataclass(slots=True)
class Course:
    """The state of a check as it goes through a document.

    Attributes:
        scope: in force.
        options: how to check.
        conflicts: of definitions.
        seen: the sides of the statements so far.
        unsettled: letters that a statement which was left open may define.
        models: those of the scopes so far.
        origin: of the statement at hand: one more than the number of headings before it.
        layouts: in which Jacobians and gradients were found to be arranged.
        number: of the statement in hand.
        redefined: the statement in which a quantity was last defined anew.
        patience: seconds that are left for the repairs of all its statements.
        anchor: what the chain in hand begins with, and is equal to the left side of the link in hand.
        following: the link behind the one in hand, where it begins with that one's right side.
        choice: of definitions, by which a link of the statement in hand holds.
        place: of the statement in hand.
        premises: conditions that were stated before it and may go on to hold.
        contradicted: what a notation defines in another way than the document.
        forms: in which definitions were written.
        functions: the names of which the document says something as of functions.
        is_lenient: whether names that nothing introduces may stand for anything.
    """

    scope: Scope
    options: Options
    conflicts: rivals.Conflicts = field(default_factory=rivals.Conflicts)
    seen: list[Node] = field(default_factory=list)
    unsettled: frozenset[str] = frozenset()
    layouts: set[str] = field(default_factory=set)
    models: dict[object, Model] = field(default_factory=dict)
    origin: int = 1
    number: int = 0
    redefined: dict[str, int] = field(default_factory=dict)
    patience: float = PATIENCE
    anchor: Node | None = None
    following: Part | None = None
    choice: rivals.Choice | None = None
    place: rivals.Place = rivals.NOWHERE
    premises: tuple[Node, ...] = ()
    contradicted: set[str] = field(default_factory=set)
    forms: set[Form] = field(default_factory=set)
    functions: frozenset[str] = frozenset()
    is_lenient: bool = False

    @property
    def doubtful(self) -> frozenset[str]:
        """The names of which it is open which definition is meant."""
        return self.conflicts.doubtful(self.origin)

    def settle(self, settled: rivals.Settled, name: str) -> Finding:
        """Take over what becomes of an equation that contradicts a definition of that name."""
        if settled.scope is not self.scope:
            self.redefined[name] = self.number
        self.scope, self.conflicts = settled.scope, settled.conflicts
        return settled.finding

    def model(self, scope: Scope) -> Model:
        """The model of a scope, made once."""
        key = (scope.definitions, scope.profiles, scope.assumptions, tuple(scope.functions.items()))
        if key not in self.models:
            self.models[key] = filled(model_of(scope), self.options.activation, self.options.loss)
        return self.models[key]
