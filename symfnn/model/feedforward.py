"""The article's network as definitions (A5 to A9, A17), for symbolic or given layers."""

from collections.abc import Sequence
from typing import TypeAlias, cast

from sympy import Expr, Integer, Lambda, S, exp

from symfnn import errors
from symfnn.algebra import index
from symfnn.algebra.index import DEPTH, LAYER, SAMPLES, Quantity, Range, summation, width
from symfnn.model import regularizers
from symfnn.model.activations import SOFTMAX, Activation
from symfnn.model.activations import activation as known_activation
from symfnn.model.definitions import Assumption, Batch, Definition, Model
from symfnn.model.losses import Loss
from symfnn.model.losses import loss as known_loss

_I, _J = index.index("i"), index.index("j")
_ONE, _TWO = Integer(1), Integer(2)
_LETTERS = "fghpqruv"
REDUCTIONS = ("mean", "sum")

ActivationLike: TypeAlias = str | Lambda | None
# an activation as the model holds it: its letter, and its definition where it has one; or the softmax
_Resolved: TypeAlias = tuple[str, Activation | None] | str


def feedforward(
    layers: Sequence[int] | None = None,
    activation: ActivationLike | Sequence[ActivationLike] = None,
    loss: str | Lambda | None = None,
    regularizer: str | None = None,
    reduction: str = "mean",
    strength: float | None = None,
) -> Model:
    """The article's fully connected network (A5 to A7), its loss over m samples and its regulariser (A17).

    Args:
        layers: the widths s_1 … s_L, or None for symbolic depth L and widths s_l.
        activation: one for all layers, two for hidden layers and output, or one for each layer 2 … L: a name, a
            ``Lambda(z, …)``, or None for an unspecified smooth function.
        loss: a name, a ``Lambda((a, y), …)`` of one output and its target, or None for an unspecified J. After
            ``"softmax-cross-entropy"`` a single activation is that of the hidden layers and the output is softmax.
        regularizer: ``"l2"``, ``"l1"``, ``"elastic-net"`` or None; biases are left out.
        reduction: ``"mean"`` or ``"sum"`` over the m samples.
        strength: λ; None leaves it a symbol.

    Returns:
        A model over x (s_1), z^(l), a^(l), b^(l) (s_l each), w^(l) (s_l × s_{l-1}) and y (s_L), its layers 1 … L.

    Raises:
        ModelError: a name is unknown, a width is not a positive integer, or the parts do not fit each other.
    """
    widths = _widths(layers)
    depth = DEPTH if widths is None else Integer(len(widths))
    known = None if loss is None else known_loss(loss)
    if known is None and regularizer is not None:
        raise errors.ModelError("a regularizer needs a loss: J is unspecified and may hold anything already")
    if regularizer is None and strength is not None:
        raise errors.ModelError("a strength without a regularizer: name one, e.g. l2")
    if reduction not in REDUCTIONS:
        raise errors.ModelError(f"unknown reduction {reduction!r}: choose mean or sum")
    ranged = _activations(activation, known, depth)
    functions = {resolved[0]: resolved[1] for _, resolved in ranged if isinstance(resolved, tuple)}
    objective = "J" if known is None else "E"
    q = _Quantities(depth)
    return Model(
        (*q.all, Quantity(objective, per_sample=True)),
        (*_forward(q, depth, ranged, concrete=widths is not None), _objective(q, depth, known)),
        ("w", "b"),
        objective,
        ("delta", "z"),
        tuple((letter, function) for letter, function in functions.items() if function is not None),
        _assumptions(q, depth, known),
        None if known is None else _batch(q, depth, regularizer, reduction, strength),
        depth,
        widths,
    )


class _Quantities:
    """The network's quantities for one depth."""

    def __init__(self, depth: Expr) -> None:
        outer, before = (_ONE, width(LAYER)), (_ONE, width(LAYER - 1))
        layers = (_TWO, depth)
        self.a = Quantity("a", (LAYER, _I), ((_ONE, depth), outer), layered=True, per_sample=True)
        self.z = Quantity("z", (LAYER, _I), (layers, outer), layered=True, per_sample=True)
        self.delta = Quantity("delta", (LAYER, _I), (layers, outer), layered=True, per_sample=True)
        self.b = Quantity("b", (LAYER, _I), (layers, outer), layered=True)
        self.w = Quantity("w", (LAYER, _I, _J), (layers, outer, before), layered=True)
        self.x = Quantity("x", (_I,), ((_ONE, width(1)),), per_sample=True)
        self.y = Quantity("y", (_I,), ((_ONE, width(depth)),), per_sample=True)

    @property
    def all(self) -> tuple[Quantity, ...]:
        return (self.x, self.y, self.w, self.b, self.z, self.a, self.delta)


def _widths(layers: Sequence[int] | None) -> tuple[int, ...] | None:
    if layers is None:
        return None
    if not isinstance(layers, Sequence):
        raise errors.ModelError(f"the layers are a sequence of widths such as (784, 128, 10), not {layers!r}")
    widths = tuple(layers)
    for given in widths:
        if isinstance(given, bool) or not isinstance(given, int) or given < 1:
            raise errors.ModelError(f"a layer has a positive number of neurons, not {given!r}")
    if len(widths) < 2:
        raise errors.ModelError(f"a network has at least an input and an output layer, not {len(widths)} layer(s)")
    return widths


def _activations(
    given: ActivationLike | Sequence[ActivationLike], loss: Loss | None, depth: Expr
) -> list[tuple[Range, _Resolved]]:
    """Each activation with the layers that it holds for."""
    several = isinstance(given, Sequence) and not isinstance(given, str)
    choices: list[ActivationLike] = list(cast(Sequence[ActivationLike], given)) if several else [given]
    if loss is not None and loss.after_softmax:
        if len(choices) == 1 and choices[0] != SOFTMAX:
            choices.append(SOFTMAX)
        if choices[-1] != SOFTMAX:
            raise errors.ModelError(f"the loss {loss.name} needs softmax as output activation, not {choices[-1]!r}")
    last = depth - 1
    if len(choices) == 1:
        ranges = [(_TWO, depth)]
    elif len(choices) == 2:
        ranges = [(_TWO, last), (depth, depth)]
    elif depth.is_Integer and len(choices) == depth - 1:
        ranges = [(Integer(n), Integer(n)) for n in range(2, int(depth) + 1)]
    else:
        raise errors.ModelError(
            f"{len(choices)} activations for layers 2…{depth}: give one for all, two for hidden and output, or one each"
        )
    ranges_and_choices = [(r, c) for r, c in zip(ranges, choices, strict=True) if index.at_most(*r)]
    return [(r, resolved) for (r, _), resolved in zip(ranges_and_choices, _resolve(ranges_and_choices), strict=True)]


def _resolve(given: list[tuple[Range, ActivationLike]]) -> list[_Resolved]:
    """A letter for each different activation, in the order in which they come."""
    letters: dict[ActivationLike, str] = {}
    result: list[_Resolved] = []
    for _, choice in given:
        if choice == SOFTMAX:
            result.append(SOFTMAX)
            continue
        if choice not in letters:
            number = len(letters)
            letters[choice] = _LETTERS[number] if number < len(_LETTERS) else f"f_{number}"
        result.append((letters[choice], None if choice is None else known_activation(choice)))
    return result


def _forward(q: _Quantities, depth: Expr, ranged: list[tuple[Range, _Resolved]], *, concrete: bool) -> list[Definition]:
    """A5, A6 and A7; numbered layers have a definition each."""
    result = [Definition(q.a[1, _I], q.x[_I], (_ONE, _ONE))]
    layers = [(Integer(n), Integer(n)) for n in range(2, int(depth) + 1)] if concrete else [(_TWO, depth)]
    for bounds in layers:
        layer = bounds[1] if bounds[0] == bounds[1] else LAYER
        result.append(_state(q, layer, bounds))
        if concrete:
            resolved = next(r for (low, high), r in ranged if low <= layer <= high)
            result.append(_activation(q, layer, bounds, resolved))
    if not concrete:
        result.extend(_activation(q, r[1] if r[0] == r[1] else LAYER, r, resolved) for r, resolved in ranged)
    return result


def _state(q: _Quantities, layer: Expr, bounds: Range) -> Definition:
    weighted = summation(lambda j: q.w[layer, _I, j] * q.a[layer - 1, j], 1, width(layer - 1), "j")
    return Definition(q.z[layer, _I], weighted + q.b[layer, _I], bounds)


def _activation(q: _Quantities, layer: Expr, bounds: Range, resolved: _Resolved) -> Definition:
    if isinstance(resolved, str):
        total = summation(lambda k: exp(q.z[layer, k]), 1, width(layer))
        return Definition(q.a[layer, _I], exp(q.z[layer, _I]) / total, bounds)
    return Definition(q.a[layer, _I], index.scalar_function(resolved[0])(q.z[layer, _I]), bounds)


def _objective(q: _Quantities, depth: Expr, loss: Loss | None) -> Definition:
    """The objective of one sample."""
    if loss is None:
        objective = Quantity("J").scalar
        arrays = ((q.a[1, 1].base.label, depth), (q.y[1].base.label,))
        return Definition(objective, index.Unspecified(objective, *arrays))
    total = summation(lambda k: loss.rule(q.a[depth, k], q.y[k]), 1, width(depth))
    return Definition(Quantity("E").scalar, total)


def _assumptions(q: _Quantities, depth: Expr, loss: Loss | None) -> tuple[Assumption, ...]:
    if loss is None or not loss.after_softmax:
        return ()
    return (Assumption(summation(lambda k: q.y[k], 1, width(depth)), S.One, "one-hot"),)


def _batch(q: _Quantities, depth: Expr, name: str | None, reduction: str, strength: float | None) -> Batch:
    factor = 1 / SAMPLES if reduction == "mean" else S.One
    if name is None:
        return Batch("J", factor, S.Zero)
    rule, weight = regularizers.regularizer(name).rule, regularizers.strength(strength)
    layer, i, j = index.fresh("l"), index.fresh("i"), index.fresh("j")
    limits = [(j, _ONE, width(layer - 1)), (i, _ONE, width(layer)), (layer, _TWO, depth)]
    # the penalty's own number stands in front: λ/(2m) Σ w², as in A17
    number, body = rule(q.w[layer, i, j]).as_coeff_Mul()
    return Batch("J", factor, factor * weight * number * index.bind(body, limits))
