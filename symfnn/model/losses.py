"""The catalogue of elementwise losses, each given by its definition alone, and the user's own.

The loss of one sample is the sum over the K outputs of ``rule(a, y)``.
"""

from typing import NamedTuple

from sympy import Abs, Expr, Lambda, Piecewise, Rational, Symbol, log

from symfnn import errors

_A, _Y = Symbol("a", real=True), Symbol("y", real=True)
_ERROR = _A - _Y


class Loss(NamedTuple):
    """The contribution of one output to the loss of one sample.

    Attributes:
        name: the name in the catalogue.
        rule: a function of the output a and the target y.
        after_softmax: whether the output layer has to be a softmax.
    """

    name: str
    rule: Lambda
    after_softmax: bool = False


CATALOGUE = (
    Loss("half-squared-error", Lambda((_A, _Y), _ERROR**2 / 2)),
    Loss("cross-entropy", Lambda((_A, _Y), -_Y * log(_A) - (1 - _Y) * log(1 - _A))),
    Loss("softmax-cross-entropy", Lambda((_A, _Y), -_Y * log(_A)), after_softmax=True),
    Loss("absolute-error", Lambda((_A, _Y), Abs(_ERROR))),
    Loss(
        "huber",
        Lambda((_A, _Y), Piecewise((_ERROR**2 / 2, Abs(_ERROR) <= 1), (Abs(_ERROR) - Rational(1, 2), True))),
    ),
)
NAMES = tuple(loss.name for loss in CATALOGUE)


def loss(given: str | Lambda) -> Loss:
    """The loss of that name, or the user's own ``Lambda((a, y), …)``.

    Raises:
        ModelError: the name is unknown, the value is an array, or a symbol is none of its variables.
    """
    if isinstance(given, str):
        for known in CATALOGUE:
            if known.name == given:
                return known
        raise errors.ModelError(f"unknown loss {given!r}: choose one of {', '.join(NAMES)}")
    if not isinstance(given, Lambda) or len(given.variables) != 2:
        raise errors.ModelError("a loss is a name of the catalogue, None or a SymPy Lambda of (a, y)")
    if not isinstance(given.expr, Expr) or given.expr.is_Matrix:
        raise errors.ModelError("a loss gives one number for one neuron, not an array")
    foreign = given.expr.free_symbols - set(given.variables)
    if foreign:
        names = ", ".join(sorted(map(str, foreign)))
        raise errors.ModelError(f"the loss {given.expr} holds {names}, which is neither a nor y")
    return Loss("own", Lambda((_A, _Y), given(_A, _Y)))
