"""The article's network as definitions (A5 to A9): states, activations and the loss of one sample.

Not here: the sum over samples and the regulariser.
"""

from sympy import Expr, Integer, Lambda

from symfnn.algebra import index
from symfnn.algebra.index import DEPTH, LAYER, Quantity, Range, summation, width
from symfnn.model.definitions import Definition, Model
from symfnn.model.losses import loss as known_loss

_I, _J = index.index("i"), index.index("j")
_ONE, _TWO = Integer(1), Integer(2)


def _vector(name: str, first: Expr) -> Quantity:
    ranges = ((first, DEPTH), (_ONE, width(LAYER)))
    return Quantity(name, (LAYER, _I), ranges, layered=True, per_sample=name != "b")


A, Z, B, DELTA = _vector("a", _ONE), _vector("z", _TWO), _vector("b", _TWO), _vector("delta", _TWO)
W = Quantity(
    "w",
    (LAYER, _I, _J),
    ((_TWO, DEPTH), (_ONE, width(LAYER)), (_ONE, width(LAYER - 1))),
    layered=True,
)
X = Quantity("x", (_I,), ((_ONE, width(1)),), per_sample=True)
Y = Quantity("y", (_I,), ((_ONE, width(DEPTH)),), per_sample=True)
J = Quantity("J", per_sample=True)


def chain(letters: tuple[str, str] = ("f", "f"), loss: str | Lambda | None = None) -> Model:
    """A network of symbolic depth L and widths s_l for one sample.

    Args:
        letters: names of the activation functions of the hidden layers and of the output layer.
        loss: a name of the catalogue, a ``Lambda((a, y), …)``, or None for an unspecified J.

    Raises:
        ModelError: the loss is unknown or holds foreign symbols.
    """
    before = summation(lambda n: W[LAYER, _I, n] * A[LAYER - 1, n], 1, width(LAYER - 1), "j")
    states = Definition(Z[LAYER, _I], before + B[LAYER, _I], (_TWO, DEPTH))
    definitions = (
        Definition(A[1, _I], X[_I], (_ONE, _ONE)),
        states,
        *_activations(letters),
        _objective(loss),
    )
    return Model((A, Z, B, DELTA, W, X, Y, J), definitions, ("w", "b"), "J", ("delta", "z"))


def _activations(letters: tuple[str, str]) -> list[Definition]:
    hidden, output = (index.scalar_function(letter) for letter in letters)
    everywhere: Range = (_TWO, DEPTH)
    if hidden == output:
        return [Definition(A[LAYER, _I], hidden(Z[LAYER, _I]), everywhere)]
    return [
        Definition(A[LAYER, _I], hidden(Z[LAYER, _I]), (_TWO, DEPTH - 1)),
        Definition(A[DEPTH, _I], output(Z[DEPTH, _I]), (DEPTH, DEPTH)),
    ]


def _objective(loss: str | Lambda | None) -> Definition:
    if loss is None:
        arrays = ((A[1, 1].base.label, DEPTH), (Y[1].base.label,))
        return Definition(J.scalar, index.Unspecified(J.scalar, *arrays))
    rule = known_loss(loss).rule
    return Definition(J.scalar, summation(lambda k: rule(A[DEPTH, k], Y[k]), 1, width(DEPTH)))
