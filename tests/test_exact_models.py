"""Networks that are no plain chains, written as definitions, against SymPy's diff of the scalar network, exactly."""

import dataclasses
from itertools import product

import pytest
from scalar_network import Formulas, Scalars, keys_of, same, slope
from sympy import Function, Integer, KroneckerDelta

from symfnn import errors
from symfnn.algebra import index
from symfnn.algebra.index import DEPTH, LAYER, Quantity, summation, width
from symfnn.calculus.adjoint import total
from symfnn.calculus.rules import derive
from symfnn.derivation.steps import replay
from symfnn.model.definitions import Definition, Model

F, J = Function("f", real=True), Function("J", real=True)
f = index.scalar_function("f")
i, j, n = (index.index(letter) for letter in "ijn")
ONE, TWO = Integer(1), Integer(2)
SAME = (ONE, n)
OBJECTIVE = Quantity("J")


def layered(name, low, high, *axes):
    letters = (i, j)[: len(axes)]
    return Quantity(name, (LAYER, *letters), ((Integer(low), high), *axes), layered=True)


def flat(name, *axes):
    return Quantity(name, (i, j)[: len(axes)], axes)


def weighted(weights, inputs, size=n):
    """Σ_j weights(j) inputs(j)."""
    return summation(lambda k: weights(k) * inputs(k), 1, size, "j")


def unspecified(output, *layer):
    arrays = ((output.fresh_entry(ONE).base.label, *layer), (Y[1].base.label,))
    return Definition(OBJECTIVE.scalar, index.Unspecified(OBJECTIVE.scalar, *arrays))


def at_layers(definition, *layers):
    """The definition once for each numbered layer."""
    made = []
    for layer in map(Integer, layers):
        values = {LAYER: layer}
        entry = index.substitute(definition.entry, values)
        made.append(Definition(entry, index.substitute(definition.value, values), (layer, layer)))
    return made


X, Y, V = flat("x", SAME), flat("y", SAME), flat("v", SAME, SAME)


def recurrence(depth, state, activation, *extra):
    """A network of layers of one width; with a numbered depth each layer has definitions of its own."""
    a, z, delta = layered("a", 1, depth, SAME), layered("z", 2, depth, SAME), layered("delta", 2, depth, SAME)
    b, w = layered("b", 2, depth, SAME), layered("w", 2, depth, SAME, SAME)
    pair = [
        Definition(z[LAYER, i], state(w, a) + b[LAYER, i], (TWO, depth)),
        Definition(a[LAYER, i], activation(z, a), (TWO, depth)),
    ]
    if depth.is_Integer:
        pair = [part for layer in range(2, depth + 1) for d in pair for part in at_layers(d, layer)]
    first = Definition(a[1, i], X[i], (ONE, ONE))
    definitions = (first, *pair, unspecified(a, depth))
    return Model(
        (X, Y, w, b, z, a, delta, OBJECTIVE, *extra), definitions, ("w", "b"), "J", ("delta", "z"), depth=depth
    )


def plain_state(w, a):
    return weighted(lambda k: w[LAYER, i, k], lambda k: a[LAYER - 1, k])


def shared_state(w, a):
    del w
    return weighted(lambda k: V[i, k], lambda k: a[LAYER - 1, k])


def plain(z, a):
    del a
    return f(z[LAYER, i])


def residual(z, a):
    return f(z[LAYER, i]) + a[LAYER - 1, i]


def scalars(depth, size, weight, skip):
    """The same in scalars: ``weight(net, l, i, j)`` and whether a layer's input is added to its output."""
    net = Scalars()
    below = [net.let("a", 1, p, be=net.given("x", p)) for p in range(1, size + 1)]
    for layer in range(2, depth + 1):
        own = []
        for p in range(1, size + 1):
            state = sum(weight(net, layer, p, q) * a for q, a in enumerate(below, 1)) + net.given("b", layer, p)
            own.append(F(net.let("z", layer, p, be=state)) + (below[p - 1] if skip else 0))
        below = [net.let("a", layer, p, be=value) for p, value in enumerate(own, 1)]
    return net, objective(net, below)


def objective(net, output):
    return J(*output, *(net.given("y", p) for p in range(1, len(output) + 1)))


def own_weight(net, layer, p, q):
    return net.given("w", layer, p, q)


def one_weight(net, layer, p, q):
    del layer
    return net.given("v", p, q)


def check(model, net, whole, names, sizes, output):
    """Every derivative by every entry of these quantities; ``output`` is the array that J is a function of."""
    derivations = [d for name in names for d in derive(model, name)]
    assert all(replay(d) for d in derivations)
    known = {key: net.value(*key) for key in net.values}
    arguments = net.settled(whole).args
    last = [key for key in net.values if key[: len(output)] == output]
    known |= {(f"d{key[0]}", *key[1:]): slope(J, place)(*arguments) for place, key in enumerate(last, 1)}
    derived = [(d.goal.entry, d.goal.layers, d.value) for d in derivations]
    formulas = Formulas(known, sizes, (), {("f", 0): F, ("f", 1): slope(F)}, derived)
    checked = 0
    for key in keys_of(net, names):
        if (f"d{key[0]}", *key[1:]) not in known:
            assert same(formulas.derivative(*key), net.derivative(whole, *key)), key
            checked += 1
    assert checked


NETWORKS = {
    "residual": (plain_state, residual, own_weight, True, "zawbx"),
    "shared by all layers": (shared_state, plain, one_weight, False, "zvbx"),
    "residual and shared": (shared_state, residual, one_weight, True, "zavbx"),
}


@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("numbered", [False, True], ids=["l", "numbered"])
def test_layers_of_one_width(name, depth, numbered):
    state, activation, weight, skip, names = NETWORKS[name]
    extra = (V,) if "v" in names else ()
    model = recurrence(Integer(depth) if numbered else DEPTH, state, activation, *extra)
    net, whole = scalars(depth, 2, weight, skip)
    check(model, net, whole, names, {"L": depth, "n": 2}, ("a", depth))


def numbered(*definitions):
    """Four layers of width n by definitions of (layer, state value), each state passed through f."""
    high = Integer(4)
    a, z, delta = layered("a", 1, high, SAME), layered("z", 2, high, SAME), layered("delta", 2, high, SAME)
    w, b = layered("w", 2, high, SAME, SAME), layered("b", 2, high, SAME)
    made = [Definition(a[1, i], X[i], (ONE, ONE))]
    for layer, value in enumerate(definitions, 2):
        place = (Integer(layer), Integer(layer))
        made.append(Definition(z[layer, i], value(w, a) + b[layer, i], place))
        made.append(Definition(a[layer, i], f(z[layer, i]), place))
    quantities = (X, Y, V, w, b, z, a, delta, OBJECTIVE)
    return Model(quantities, (*made, unspecified(a, high)), ("v", "w", "b"), "J", ("delta", "z"), depth=high)


def test_a_weight_shared_by_two_of_three_layers():
    model = numbered(
        lambda w, a: weighted(lambda k: V[i, k], lambda k: a[1, k]),
        lambda w, a: weighted(lambda k: w[3, i, k], lambda k: a[2, k]),
        lambda w, a: weighted(lambda k: V[i, k], lambda k: a[3, k]),
    )
    net, whole = scalars(4, 2, lambda net, l, p, q: (own_weight if l == 3 else one_weight)(net, l, p, q), False)  # noqa: E741 layer
    assert {key[1] for key in keys_of(net, "w")} == {3}
    check(model, net, whole, "zvbx", {"n": 2}, ("a", 4))


def test_a_skip_over_two_layers():
    """z^(4) reads a^(3) and a^(2); z^(2) reaches J by two roads."""
    model = numbered(
        lambda w, a: weighted(lambda k: w[2, i, k], lambda k: a[1, k]),
        lambda w, a: weighted(lambda k: w[3, i, k], lambda k: a[2, k]),
        lambda w, a: weighted(lambda k: w[4, i, k], lambda k: a[3, k] + a[2, k]),
    )
    net = Scalars()
    below = {1: [net.let("a", 1, p, be=net.given("x", p)) for p in (1, 2)]}
    for layer in (2, 3, 4):
        inputs = below[layer - 1] if layer < 4 else [p + q for p, q in zip(below[3], below[2], strict=True)]
        below[layer] = []
        for p in (1, 2):
            state = sum(own_weight(net, layer, p, q) * a for q, a in enumerate(inputs, 1)) + net.given("b", layer, p)
            below[layer].append(net.let("a", layer, p, be=F(net.let("z", layer, p, be=state))))
    check(model, net, objective(net, below[4]), "zwbx", {"n": 2}, ("a", 4))


def test_a_weight_shared_by_two_kinds_of_layers():
    """The layers 2, 3 and the layers 4 … L have definitions of their own; the weight sums over both."""
    model = recurrence(DEPTH, shared_state, plain, V)
    (state,) = (d for d in model.definitions if d.name == "z")
    late = Definition(state.entry, state.value + model.quantity("b")[LAYER, i], (Integer(4), DEPTH))
    early = dataclasses.replace(state, layers=(TWO, Integer(3)))
    others = (d for d in model.definitions if d is not state)
    model = dataclasses.replace(model, definitions=(early, late, *others))
    net = Scalars()
    below = [net.let("a", 1, p, be=net.given("x", p)) for p in (1, 2)]
    for layer in range(2, 6):
        states = []
        for p in (1, 2):
            bias = net.given("b", layer, p) * (1 if layer < 4 else 2)
            states.append(
                net.let("z", layer, p, be=sum(net.given("v", p, q) * a for q, a in enumerate(below, 1)) + bias)
            )
        below = [net.let("a", layer, p, be=F(z)) for p, z in enumerate(states, 1)]
    check(model, net, objective(net, below), "zvbx", {"L": 5, "n": 2}, ("a", 5))


def test_two_branches_that_are_added():
    """No layers at all: c = f(U x) + f(V x)², branches of unlike functions meet in one output."""
    inputs, outputs = (ONE, index.index("p")), (ONE, n)
    x, y = flat("x", inputs), flat("y", outputs)
    u, v = flat("u", outputs, inputs), flat("v", outputs, inputs)
    g, h, c = (flat(name, outputs) for name in "ghc")
    size = inputs[1]
    definitions = (
        Definition(g[i], weighted(lambda k: u[i, k], lambda k: x[k], size)),
        Definition(h[i], weighted(lambda k: v[i, k], lambda k: x[k], size)),
        Definition(c[i], f(g[i]) + f(h[i]) ** 2),
        Definition(OBJECTIVE.scalar, index.Unspecified(OBJECTIVE.scalar, (c[1].base.label,), (y[1].base.label,))),
    )
    model = Model((x, y, u, v, g, h, c, OBJECTIVE), definitions, ("u", "v"), "J")
    net = Scalars()
    inner = [net.given("x", q) for q in (1, 2, 3)]
    output = []
    for p in (1, 2):
        first, second = (
            net.let(state, p, be=sum(net.given(weight, p, q) * value for q, value in enumerate(inner, 1)))
            for state, weight in (("g", "u"), ("h", "v"))
        )
        output.append(net.let("c", p, be=F(first) + F(second) ** 2))
    check(model, net, objective(net, output), "ghuvx", {"n": 2, "p": 3}, ("c",))


def test_weights_named_by_the_layer_that_they_start_from():
    """W^(l) maps layer l to l+1: z[l+1] = W[l] a[l] + b[l]."""
    low, high = (ONE, width(LAYER)), (ONE, width(LAYER + 1))
    a, z = layered("a", 1, DEPTH, low), layered("z", 2, DEPTH, low)
    delta = layered("delta", 2, DEPTH, low)
    w, b = layered("w", 1, DEPTH - 1, high, low), layered("b", 1, DEPTH - 1, high)
    x, y = flat("x", (ONE, width(1))), flat("y", (ONE, width(DEPTH)))
    state = weighted(lambda k: w[LAYER - 1, i, k], lambda k: a[LAYER - 1, k], width(LAYER - 1)) + b[LAYER - 1, i]
    definitions = (
        Definition(a[1, i], x[i], (ONE, ONE)),
        Definition(z[LAYER, i], state, (TWO, DEPTH)),
        Definition(a[LAYER, i], f(z[LAYER, i]), (TWO, DEPTH)),
        unspecified(a, DEPTH),
    )
    model = Model((x, y, w, b, z, a, delta, OBJECTIVE), definitions, ("w", "b"), "J", ("delta", "z"))
    for widths in product((1, 2, 3), repeat=3):
        if len(set(widths)) < 3:
            continue
        net = Scalars()
        below = [net.let("a", 1, p, be=net.given("x", p)) for p in range(1, widths[0] + 1)]
        for layer, size in enumerate(widths[1:], 2):
            states = [
                net.let("z", layer, p, be=sum(net.given("w", layer - 1, p, q) * v for q, v in enumerate(below, 1))
                        + net.given("b", layer - 1, p))
                for p in range(1, size + 1)
            ]  # fmt: skip
            below = [net.let("a", layer, p, be=F(z)) for p, z in enumerate(states, 1)]
        formulas_widths(model, net, objective(net, below), widths)


def test_a_bias_folded_into_the_weights():
    """The first entry of each layer is 1 (indices begin at 1): z = Θ a alone; its own state has the derivative 0."""
    a, z = layered("a", 1, DEPTH, SAME), layered("z", 2, DEPTH, SAME)
    delta, t = layered("delta", 2, DEPTH, SAME), layered("t", 2, DEPTH, SAME, SAME)
    x, y = flat("x", SAME), flat("y", SAME)
    is_bias = KroneckerDelta(i, 1)
    state = summation(lambda k: t[LAYER, i, k] * a[LAYER - 1, k], 1, n, "j")
    definitions = (
        Definition(a[1, i], is_bias + (1 - is_bias) * x[i], (ONE, ONE)),
        Definition(z[LAYER, i], state, (TWO, DEPTH)),
        Definition(a[LAYER, i], is_bias + (1 - is_bias) * f(z[LAYER, i]), (TWO, DEPTH)),
        unspecified(a, DEPTH),
    )
    model = Model((x, y, t, z, a, delta, OBJECTIVE), definitions, ("t",), "J", ("delta", "z"))
    for depth in (2, 3, 4):
        net = Scalars()
        below = [net.let("a", 1, 1, be=ONE), *(net.let("a", 1, p, be=net.given("x", p)) for p in (2, 3))]
        for layer in range(2, depth + 1):
            states = [
                net.let("z", layer, p, be=sum(net.given("t", layer, p, q) * v for q, v in enumerate(below, 1)))
                for p in (1, 2, 3)
            ]
            below = [net.let("a", layer, p, be=F(v) if p > 1 else ONE) for p, v in enumerate(states, 1)]
        check(model, net, objective(net, below), "ztx", {"L": depth, "n": 3}, ("a", depth))


def formulas_widths(model, net, whole, widths):
    derived = [(d.goal.entry, d.goal.layers, d.value) for name in "zwbx" for d in derive(model, name)]
    known = {key: net.value(*key) for key in net.values}
    arguments = net.settled(whole).args
    known |= {("da", len(widths), p): slope(J, p)(*arguments) for p in range(1, widths[-1] + 1)}
    formulas = Formulas(known, {"L": len(widths)}, widths, {("f", 0): F, ("f", 1): slope(F)}, derived)
    for key in keys_of(net, "zwbx"):
        assert same(formulas.derivative(*key), net.derivative(whole, *key)), key


def test_definitions_that_share_a_layer_letter_must_agree():
    """a[l-1] is the input at l = 2 and an activation above: both are free of w[l], but not of x."""
    model = recurrence(DEPTH, plain_state, plain)
    a, w = model.quantity("a"), model.quantity("w")
    k = index.fresh()
    ranges = {LAYER: (TWO, DEPTH), i: SAME, j: SAME, k: SAME}
    assert total(model, a[LAYER - 1, k], w[LAYER, i, j], ranges) == 0
    with pytest.raises(errors.CalculusError, match="differs between the layers"):
        total(model, a[LAYER - 1, k], X[i], ranges)


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_a_first_layer_that_is_given(depth):
    """No x: a^(1) is the sample itself, defined by nothing."""
    model = recurrence(DEPTH, plain_state, plain)
    model = dataclasses.replace(model, definitions=model.definitions[1:])
    a = model.quantity("a")
    k = index.fresh()
    assert model.is_given(a[1, k], {})
    assert model.is_given(a[LAYER - 1, k], {LAYER: (TWO, DEPTH)})
    assert not model.is_given(a[LAYER - 1, k], {LAYER: (Integer(3), DEPTH)})
    assert len(model.definitions_at(a[LAYER - 1, k], {LAYER: (TWO, DEPTH)})) == 1
    assert not model.definitions_at(a[LAYER - 1, k], {LAYER: (TWO, TWO)})
    net, whole = scalars(depth, 2, own_weight, False)
    check(model, net, whole, "zwb", {"L": depth, "n": 2}, ("a", depth))
