"""Layers may be counted from 0, components may not: what is derived, against SymPy's diff of the scalar network."""

import pytest
from scalar_network import Formulas, Scalars, keys_of, same, slope
from sympy import Function, Integer, S

from symfnn import errors
from symfnn.algebra import index
from symfnn.algebra.index import DEPTH, LAYER, Quantity, summation
from symfnn.calculus.rules import derive
from symfnn.derivation.steps import replay
from symfnn.model.definitions import Definition, Model

F, J = Function("f", real=True), Function("J", real=True)
f = index.scalar_function("f")
i, j, n = (index.index(letter) for letter in "ijn")
SIZE = 2
COMPONENTS = range(1, SIZE + 1)


def layered(name, low, high, axes=1):
    return Quantity(name, (LAYER, i, j)[: axes + 1], ((Integer(low), high), *[(S.One, n)] * axes), layered=True)


def flat(name):
    return Quantity(name, (i,), ((S.One, n),))


def chain(depth, activation, first, shift):
    """The layers 0 … L; ``shift`` is 1 where a weight is named by the layer that it starts from."""
    a, z, delta = layered("a", 0, depth), layered("z", first, depth), layered("delta", first, depth)
    w, b = layered("w", 1 - shift, depth - shift, 2), layered("b", 1 - shift, depth - shift)
    x, y, objective = flat("x"), flat("y"), Quantity("J")
    state = summation(lambda k: w[LAYER - shift, i, k] * a[LAYER - 1, k], 1, n, "j") + b[LAYER - shift, i]
    start = (a if first else z)[0, i]
    definitions = [
        Definition(start, x[i], (S.Zero, S.Zero)),
        *at_layers(Definition(z[LAYER, i], state, (S.One, depth))),
        *at_layers(Definition(a[LAYER, i], activation(z, a), (Integer(first), depth))),
        Definition(
            objective.scalar, index.Unspecified(objective.scalar, (a[0, 1].base.label, depth), (y[1].base.label,))
        ),
    ]
    quantities = (x, y, w, b, z, a, delta, objective)
    return Model(quantities, tuple(definitions), ("w", "b"), "J", ("delta", "z"), depth=depth)


def at_layers(definition):
    """The definition as it is for a letter L, and once for each layer where L is a number."""
    low, high = definition.layers
    if not high.is_Integer:
        return [definition]
    places = [{LAYER: Integer(layer)} for layer in range(low, high + 1)]
    return [
        Definition(*(index.substitute(e, at) for e in (definition.entry, definition.value)), (at[LAYER], at[LAYER]))
        for at in places
    ]


def scalars(depth, activation, first, shift):
    net = Scalars()
    below = [net.given("x", p) for p in COMPONENTS]
    if not first:
        bottom = [net.let("z", 0, p, be=value) for p, value in enumerate(below, 1)]
        below = [activation(z, None, None) for z in bottom]
    below = [net.let("a", 0, p, be=value) for p, value in enumerate(below, 1)]
    bottom = below if first else bottom
    for layer in range(1, depth + 1):
        own = []
        for p in COMPONENTS:
            total = sum(net.given("w", layer - shift, p, q) * v for q, v in enumerate(below, 1))
            state = net.let("z", layer, p, be=total + net.given("b", layer - shift, p))
            own.append(net.let("a", layer, p, be=activation(state, below[p - 1], bottom[p - 1])))
        below = own
    return net, J(*below, *(net.given("y", p) for p in COMPONENTS))


PLAIN = (lambda z, a: f(z[LAYER, i]), lambda z, before, bottom: F(z))
RESIDUAL = (lambda z, a: f(z[LAYER, i]) + a[LAYER - 1, i], lambda z, before, bottom: F(z) + before)
SKIP = (lambda z, a: f(z[LAYER, i]) + a[0, i], lambda z, before, bottom: F(z) + bottom)
CASES = {
    "plain": (*PLAIN, 1, 0),
    "weights named by their start": (*PLAIN, 1, 1),
    "a state in layer 0": (*PLAIN, 0, 0),
    "both": (*PLAIN, 0, 1),
    "residual to the layer before": (*RESIDUAL, 1, 0),
    "residual to layer 0": (*SKIP, 1, 0),
}


@pytest.mark.parametrize("numbered", [False, True], ids=["L", "numbered"])
@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("name", CASES)
def test_layers_from_zero(name, depth, numbered):
    symbolic, scalar, first, shift = CASES[name]
    names = "zawbx" if "to" in name.split() else "zwbx"
    model = chain(Integer(depth) if numbered else DEPTH, symbolic, first, shift)
    net, whole = scalars(depth, scalar, first, shift)
    derivations = [d for quantity in names for d in derive(model, quantity)]
    assert all(replay(d) for d in derivations)
    known = {key: net.value(*key) for key in net.values}
    arguments = net.settled(whole).args
    known |= {("da", depth, p): slope(J, p)(*arguments) for p in COMPONENTS}
    derived = [(d.goal.entry, d.goal.layers, d.value) for d in derivations]
    formulas = Formulas(known, {"L": depth, "n": SIZE}, (), {("f", 0): F, ("f", 1): slope(F)}, derived)
    for key in keys_of(net, names):
        if ("da", *key[1:]) in known and key[0] == "a":
            continue
        assert same(formulas.derivative(*key), net.derivative(whole, *key)), key


def test_a_layer_letter_that_may_be_zero_is_refused_where_it_decides():
    """a[l] = f(z[l]) + z[0] for l = 0 … L: at l = 0 both states are one."""

    def symbolic(z, a):
        return f(z[LAYER, i]) + z[0, i]

    with pytest.raises(errors.RangeError, match="is 0"):
        derive(chain(DEPTH, symbolic, 0, 0), "z")
    output, _, first = derive(chain(Integer(2), symbolic, 0, 0), "z")
    assert (output.goal.layers[0], first.goal.layers[0]) == (2, 0)


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        (Quantity("c", (i,), ((S.Zero, n),)), "c runs over 0…n: components begin at 1"),
        (Quantity("c", (LAYER, i), ((S.Zero, DEPTH), (S.Zero, n)), layered=True), "components begin at 1"),
        (Quantity("c", (LAYER, i), ((Integer(-1), DEPTH), (S.One, n)), layered=True), "begin at 0 or 1"),
    ],
)
def test_indices_that_cannot_be_are_refused(quantity, message):
    with pytest.raises(errors.ModelError, match=message):
        Model((quantity,), (), (), "J")


def test_a_layer_that_is_not_there_is_not_read():
    z, y = layered("z", 1, DEPTH), flat("y")
    with pytest.raises(errors.ModelError, match="the layers of z begin at 1"):
        Model((z, y), (Definition(y[i], z[0, i]),), (), "J")
