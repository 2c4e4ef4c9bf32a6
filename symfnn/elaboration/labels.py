r"""Labels: the number y of the right class, which picks the entry p_y that a loss is of.

``L = -\log p_y`` says what L is where the class is y: one number for each class. L is then read as entry y of a list
that nothing else is written for, so that a claim about it is one for every label.
"""

from dataclasses import replace

from sympy import KroneckerDelta, log

from symfnn.elaboration.declarations import profile
from symfnn.elaboration.layering import loose_indices
from symfnn.elaboration.names import Mention, example_of
from symfnn.elaboration.reading import Reading, plain_index
from symfnn.elaboration.scope import Alias, Profile, Scope
from symfnn.elaboration.suppositions import is_loss
from symfnn.elaboration.values import Value


def of_label(scope: Scope, found: Mention, value: Value, reading: Reading, origin: int) -> tuple[Scope, Alias] | None:
    """The scope with a loss that depends on a label, and how it is mentioned; None where this is none.

    A loss of one entry that is no logarithm of a share is as likely one of each output, with the sum left out.
    """
    made = profile(scope, found, {}, is_entry=False)
    if not value.is_scalar or not is_loss(found) or not value.expr.has(log, KroneckerDelta):
        return None
    loose = loose_indices(scope, made.quantity.scalar, value.expr)
    letter = next(iter(loose)) if len(loose) == 1 else None
    label = next((one for one in scope.labels if not scope.knows(one) and plain_index(one) == letter), None)
    if letter is None or label is None or not _is_of_its_example(made, label):
        return None
    sizes = reading.uses.get(letter)
    if not sizes:
        return None
    listed = replace(made, letter=f"{made.letter}_{label}", rows=sizes[0], is_firm=not value.notes, origin=origin)
    scope, listed = scope.with_profile(listed)
    alias = Alias(made, listed.name, (2,), label=((letter, sizes[0]),))
    return replace(scope, aliases=(*scope.aliases, alias)), alias


def _is_of_its_example(made: Profile, label: str) -> bool:
    """Whether a loss has no index but that of the example whose class is meant: L_i beside y_i."""
    return all(slot.role == "name" and slot.text == example_of(label) for slot in made.slots)
