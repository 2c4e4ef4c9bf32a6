"""The catalogue of activation functions, each given by its definition alone; slopes are derived elsewhere.

A kink's slope is that of the piece that holds there (relu'(0) = 0), as frameworks for automatic
differentiation take it.
"""

from typing import NamedTuple

from sympy import Abs, Expr, Lambda, Max, Min, Piecewise, Rational, Symbol, erf, exp, log, piecewise_fold, sqrt, tanh

from symfnn import errors
from symfnn.model.kinks import kinks_of

_Z = Symbol("z", real=True)
SOFTMAX = "softmax"
OWN = "own"


class Activation(NamedTuple):
    """A function of one real variable, applied to each entry.

    Attributes:
        name: the name in the catalogue.
        rule: a(z).
        kinks: the points at which the function has no derivative; None where they cannot be told.
    """

    name: str
    rule: Lambda
    kinks: tuple[Expr, ...] | None = ()


CATALOGUE = (
    Activation("identity", Lambda(_Z, _Z)),
    Activation("sigmoid", Lambda(_Z, 1 / (1 + exp(-_Z)))),
    Activation("tanh", Lambda(_Z, tanh(_Z))),
    Activation("relu", Lambda(_Z, Piecewise((_Z, _Z > 0), (0, True))), (Rational(0),)),
    Activation("leaky-relu", Lambda(_Z, Piecewise((_Z, _Z > 0), (_Z / 100, True))), (Rational(0),)),
    Activation("elu", Lambda(_Z, Piecewise((_Z, _Z > 0), (exp(_Z) - 1, True)))),
    Activation("softplus", Lambda(_Z, log(1 + exp(_Z)))),
    Activation("silu", Lambda(_Z, _Z / (1 + exp(-_Z)))),
    Activation("gelu", Lambda(_Z, _Z * (1 + erf(_Z / sqrt(2))) / 2)),
    Activation("softsign", Lambda(_Z, _Z / (1 + Abs(_Z)))),
)
NAMES = (*(activation.name for activation in CATALOGUE), SOFTMAX)


def activation(given: str | Lambda) -> Activation:
    """The elementwise activation of that name, or the user's own ``Lambda(z, …)``.

    Raises:
        ModelError: the name is unknown, the value is an array, or a symbol is none of its variables.
    """
    if isinstance(given, str):
        for known in CATALOGUE:
            if known.name == given:
                return known
        raise errors.ModelError(f"unknown activation {given!r}: choose one of {', '.join(NAMES)}")
    if not isinstance(given, Lambda) or len(given.variables) != 1:
        raise errors.ModelError("an activation is a name of the catalogue, None or a SymPy Lambda of one variable")
    if not isinstance(given.expr, Expr) or given.expr.is_Matrix:
        raise errors.ModelError("an activation gives one number for one neuron, not an array")
    if given.expr.free_symbols - set(given.variables):
        foreign = ", ".join(sorted(map(str, given.expr.free_symbols - set(given.variables))))
        raise errors.ModelError(f"the activation {given.expr} holds {foreign}, which is not its variable")
    rule = Lambda(_Z, _in_pieces(given(_Z)))
    return Activation(OWN, rule, kinks_of(rule))


def _in_pieces(expression: Expr) -> Expr:
    """Maxima as pieces: SymPy differentiates them to step functions, which have no agreed value at the kink."""
    if not expression.has(Max, Min):
        return expression
    return piecewise_fold(
        expression.replace(
            lambda node: isinstance(node, Max | Min), lambda node: piecewise_fold(node.rewrite(Piecewise))
        )
    )
