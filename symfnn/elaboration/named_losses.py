r"""Losses that a sentence only names with what they are of: "for a differentiable loss $\mathcal{L}(a_L, y)$"."""

from symfnn import errors
from symfnn.elaboration import factors
from symfnn.elaboration.definitions import define
from symfnn.elaboration.left_sides import is_defined
from symfnn.elaboration.scope import Scope
from symfnn.elaboration.suppositions import is_loss, supposing
from symfnn.latex.syntax import Node, Sequence


def is_named_loss(content: Node | None) -> bool:
    """Whether a formula is a loss with a list of what it is a function of, and nothing else."""
    applied = None if content is None else factors.application(content)
    if applied is None or applied[0].primes or applied[0].is_transposed:
        return False
    return is_loss(applied[0]) and isinstance(applied[1].body, Sequence)


def with_named_loss(scope: Scope, content: Node, origin: int) -> Scope:
    """The scope in which such a loss depends on what stands in its brackets, unless it is defined already."""
    applied = factors.application(content)
    assert applied is not None
    try:
        if is_defined(scope, applied[0]):
            return scope
        return supposing(scope, lambda wider: define(wider, content, content, {}, origin, content.span), {})
    except errors.MeaningError:
        return scope  # parameters, or what is said farther down
