"""The oracle: its numbers are those of SymPy's diff and of differences, and only false claims are refuted."""

import time
from dataclasses import replace

import mpmath
import pytest
from scalar_network import activation, chain, outputs
from sympy import (
    Abs,
    Float,
    Function,
    Heaviside,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Lambda,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    exp,
    gamma,
    log,
    sign,
    sqrt,
    tanh,
)

from symfnn import errors
from symfnn.algebra import index
from symfnn.algebra.index import DEPTH, SAMPLES, Partial, Quantity, scalar_function, summation, width
from symfnn.check import counterexample, dual, oracle, sampling
from symfnn.check.claims import Claim
from symfnn.check.closures import compiled
from symfnn.check.oracle import Agreement, Difference
from symfnn.check.world import World
from symfnn.model.activations import Activation
from symfnn.model.definitions import Assumption, Definition, Model
from symfnn.model.feedforward import feedforward

l, i, j, k, n = (index.index(name) for name in "lijkn")  # noqa: E741 - as in the formulas
ONE, TWO = Integer(1), Integer(2)
PRIME = scalar_function("f", 1)


def entries_of(model):
    return [model.quantity(name) for name in ("w", "b", "z", "a", "delta", "y", "x")]


def holds(claim, **more):
    found = oracle.refute(claim, **more)
    assert isinstance(found, Agreement), found
    assert found.nonzero
    return found


def fails(claim, **more):
    found = oracle.refute(claim, **more)
    assert isinstance(found, Difference), found
    return found


# --- dual numbers -------------------------------------------------------------------------------------------------

UNARY = {
    "exp": 0.7, "log": 0.7, "sin": 0.7, "cos": 0.7, "tan": 0.7, "sinh": 0.7, "cosh": 0.7, "tanh": 0.7, "asinh": 0.7,
    "acosh": 1.7, "atanh": 0.7, "asin": 0.7, "acos": 0.7, "atan": 0.7, "erf": 0.7, "erfc": 0.7,
}  # fmt: skip


@pytest.mark.parametrize(("name", "place"), UNARY.items())
def test_first_and_second_slopes_of_every_function(name, place):
    function, real = getattr(dual, name), getattr(mpmath, name)
    with mpmath.workdps(50):
        first, second = (mpmath.diff(real, mpmath.mpf(place), order) for order in (1, 2))
    for make, close in ((dual.field(None), 1e-12), (dual.field(50), 1e-30)):
        inner = dual.Dual(1, make(place), make(1))
        found = function(dual.Dual(2, inner, make(1)))
        assert abs(found.slope.value - first) < close
        assert abs(found.slope.slope - second) < close


def test_numbers_of_two_tags_do_not_mix():
    """The slope of x · (slope of x + y by y) by x is 1, not 2."""
    x = dual.Dual(1, 1.0, 1.0)
    inner = dual.slope_of(x + dual.Dual(2, 1.0, 1.0), 2)
    assert dual.slope_of(x * inner, 1) == 1


def test_products_of_two_tags_do_not_depend_on_the_order():
    x, y = dual.Dual(1, 2.0, 3.0), dual.Dual(2, 5.0, 7.0)
    for product in (x * y, y * x):
        assert (product.tag, product.value.value, product.value.slope) == (2, 10.0, 15.0)
        assert (product.slope.value, product.slope.slope) == (14.0, 21.0)


@pytest.mark.parametrize("compare", [dual.absolute, dual.sign, lambda x: dual.largest(x, 0.0)])
def test_no_slope_at_a_kink(compare):
    assert compare(0.0) == 0
    with pytest.raises(errors.DomainError):
        compare(dual.Dual(1, 0.0, 1.0))


# --- against SymPy's diff of the network written out in scalars ----------------------------------------------------

LOSSES = {
    "half-squared-error": lambda a, y: (a - y) ** 2 / 2,
    "cross-entropy": lambda a, y: -y * log(a) - (1 - y) * log(1 - a),
}
NETWORKS = [
    ((2, 3, 2), "tanh", "half-squared-error"),
    ((1, 2, 3), "sigmoid", "cross-entropy"),
    ((3, 2, 1), "softplus", "half-squared-error"),
    ((2, 3), "softmax", "half-squared-error"),
    ((2, 1, 3), "silu", "half-squared-error"),
]


@pytest.mark.parametrize(("widths", "name", "loss"), NETWORKS, ids=str)
def test_every_derivative_of_a_tiny_network(widths, name, loss):
    model = feedforward(widths, name, loss)
    instance = next(sampling.instances(model, 1, 1))
    net = chain(widths, [activation(name)] * (len(widths) - 1))
    ends = [LOSSES[loss](a, net.given("y", i)) for i, a in enumerate(outputs(net, len(widths)), 1)]
    point = {
        letter: Rational(*sampling.given(instance, key).as_integer_ratio())
        for key, letter in net.values.items()
        if key[0] in "xywb"
    }
    for key in net.values:
        entry = model.quantity(key[0])[key[1:]]
        expected = net.derivative(sum(ends), *key).xreplace(point).evalf(30)
        found = oracle.derivative(instance, Symbol("E", real=True), entry, {}, digits=50)
        assert abs(Float(found, 30) - expected) < 1e-20, key
        assert abs(oracle.derivative(instance, Symbol("E", real=True), entry, {}) - expected) < 1e-9


# --- models that are no chain of layers ------------------------------------------------------------------------------


def residual():
    """h^l = h^{l-1} + f(W^l h^{l-1}), all layers n_h wide."""
    size = index.index("n_h")
    h = Quantity("h", (l, i), ((Integer(0), DEPTH), (ONE, size)), layered=True)
    w = Quantity("w", (l, i, j), ((ONE, DEPTH), (ONE, size), (ONE, size)), layered=True)
    f = scalar_function("f")
    value = h[l - 1, i] + f(summation(lambda k: w[l, i, k] * h[l - 1, k], 1, size))
    objective = Symbol("J", real=True)
    whole = index.Unspecified(objective, (Symbol("h", real=True), DEPTH))
    return Model(
        (h, w, Quantity("J")),
        (Definition(h[l, i], value, (ONE, DEPTH)), Definition(objective, whole)),
        ("w",),
        "J",
        (("g", "h"),),
    ), (h, w, size)


def batched():
    """Z = W X + b 1ᵀ, samples in columns; the objective is a mean of squares."""
    rows, features = index.index("n_y"), index.index("n_x")
    z = Quantity("Z", (i, n), ((ONE, rows), (ONE, SAMPLES)))
    x = Quantity("X", (j, n), ((ONE, features), (ONE, SAMPLES)))
    t = Quantity("T", (i, n), ((ONE, rows), (ONE, SAMPLES)))
    w, b = Quantity("W", (i, j), ((ONE, rows), (ONE, features))), Quantity("b", (i,), ((ONE, rows),))
    state = summation(lambda k: w[i, k] * x[k, n], 1, features) + b[i]
    cost = summation(lambda s: summation(lambda r: (tanh(z[r, s]) - t[r, s]) ** 2, 1, rows), 1, SAMPLES) / (2 * SAMPLES)
    model = Model(
        (z, x, t, w, b, Quantity("J")),
        (Definition(z[i, n], state), Definition(Symbol("J", real=True), cost)),
        ("W", "b"),
        "J",
        ("dZ", "Z"),
    )
    return replace(model, quantities=(*model.quantities, replace(z, name="dZ"))), (z, x, t, w, b, rows, features)


def moved(monkeypatch, instance, expression, key, step):
    """The value of an expression with a given entry moved by a step."""
    original = sampling.given
    monkeypatch.setattr(sampling, "given", lambda inst, at: original(inst, at) + (step if at == key else 0))
    world = World(instance, 50)
    value = compiled(expression, world.setting)(world.frame({}))
    monkeypatch.setattr(sampling, "given", original)
    return value


MOVED = [
    (residual()[0], Symbol("J", real=True), ("w", 1, 2, 1)),
    (residual()[0], Symbol("J", real=True), ("h", 0, 1)),
    (residual()[0], Partial(Symbol("J", real=True), residual()[1][0][1, 1]), ("w", 2, 1, 2)),
    (residual()[0], Quantity("g")[2, 1], ("w", 2, 1, 2)),
    (batched()[0], Symbol("J", real=True), ("W", 1, 2)),
    (batched()[0], Symbol("J", real=True), ("b", 2)),
    (batched()[0], Quantity("dZ")[1, 1], ("W", 1, 2)),
    (batched()[0], sqrt(Symbol("J", real=True)) * batched()[1][0][1, 2], ("X", 1, 2)),
    (feedforward(), Symbol("J", real=True), ("w", 2, 1, 1)),
    (feedforward(), Quantity("delta")[2, 1] * Quantity("a")[1, 1], ("x", 1)),
    (feedforward(activation="gelu", loss="huber"), Symbol("J", real=True), ("w", 2, 1, 1)),
    (feedforward(activation="gelu", loss="huber", regularizer="l2"), Symbol("J", real=True), ("b", 2, 1)),
]


@pytest.mark.parametrize("case", range(len(MOVED)))
def test_derivatives_are_limits_of_differences(monkeypatch, case):
    model, expression, key = MOVED[case]
    instance = next(networks_of(model, expression))
    step = sampling.Fraction(1, 10**12)
    ends = [moved(monkeypatch, instance, expression, key, sign_ * step) for sign_ in (1, -1)]
    by = Quantity(key[0])[key[1:]]
    found = oracle.derivative(instance, expression, by, {}, digits=50)
    assert found != 0
    assert abs((ends[0] - ends[1]) / (2 * step.numerator) * step.denominator - found) < 1e-18 * (1 + abs(found))


def networks_of(model, *expressions):
    return oracle.networks(Claim(model, *expressions, Integer(0)), 3, 4)


# --- the article ----------------------------------------------------------------------------------------------------


def article(model, depth=DEPTH):
    """A11 to A16, entry by entry."""
    w, b, z, a, delta, _, _ = entries_of(model)
    objective = model.quantity(model.objective).scalar
    inner, outer = (l, (TWO, depth - 1)), (l, (TWO, depth))
    row, column, last = (i, (ONE, width(l))), (j, (ONE, width(l - 1))), (i, (ONE, width(depth)))
    paths = summation(lambda k: Partial(objective, z[l + 1, k]) * Partial(z[l + 1, k], z[l, i]), 1, width(l + 1))
    back = summation(lambda k: delta[l + 1, k] * w[l + 1, k, i], 1, width(l + 1))
    return {
        "A10": Claim(model, delta[l, i], Partial(objective, z[l, i]), (outer, row)),
        "A11 paths": Claim(model, delta[l, i], paths, (inner, row)),
        "A11": Claim(model, delta[l, i], back * PRIME(z[l, i]), (inner, row)),
        "A12": Claim(model, Partial(objective, w[l, i, j]), delta[l, i] * a[l - 1, j], (outer, row, column)),
        "A13": Claim(model, Partial(objective, b[l, i]), delta[l, i], (outer, row)),
        "A14": Claim(model, delta[depth, i], Partial(objective, a[depth, i]) * PRIME(z[depth, i]), (last,)),
    }


@pytest.mark.parametrize("label", article(feedforward()))
@pytest.mark.parametrize("widths", [None, (2, 3, 2), (3, 1, 4, 2)])
def test_the_article_holds(widths, label):
    model = feedforward(widths)
    holds(article(model, DEPTH if widths is None else Integer(len(widths)))[label])


def test_a_typical_claim_takes_little_time():
    claim = article(feedforward())["A12"]
    holds(claim)
    seconds = []
    for seed in (1, 2, 3):
        start = time.process_time()
        holds(claim, seed=seed)
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.5


def mutants():
    model = feedforward()
    w, b, z, a, delta, y, _ = entries_of(model)
    good = article(model)
    a11, a12, a13, a14 = (good[label] for label in ("A11", "A12", "A13", "A14"))

    def back(body):
        return summation(body, 1, width(l + 1))

    slope = PRIME(z[l, i])
    wrong = {
        "transposed": (a11, back(lambda k: delta[l + 1, k] * w[l + 1, i, k]) * slope),
        "no slope": (a11, back(lambda k: delta[l + 1, k] * w[l + 1, k, i])),
        "slope at a": (a11, back(lambda k: delta[l + 1, k] * w[l + 1, k, i]) * PRIME(a[l, i])),
        "slope one layer up": (a11, back(lambda k: delta[l + 1, k] * w[l + 1, k, i] * PRIME(z[l + 1, k]))),
        "second slope": (a11, back(lambda k: delta[l + 1, k] * w[l + 1, k, i]) * scalar_function("f", 2)(z[l, i])),
        "f for f'": (a11, back(lambda k: delta[l + 1, k] * w[l + 1, k, i]) * a[l, i]),
        "sign": (a11, -a11.right),
        "factor 2": (a11, 2 * a11.right),
        "no sum": (a11, delta[l + 1, 1] * w[l + 1, 1, i] * slope),
        "sum of errors only": (a11, back(lambda k: delta[l + 1, k]) * slope),
        "sum starts at 2": (a11, summation(lambda k: delta[l + 1, k] * w[l + 1, k, i], 2, width(l + 1)) * slope),
        "weights of this layer": (a11, back(lambda k: delta[l + 1, k] * w[l, k, i]) * slope),
        "activation of this layer": (a12, delta[l, i] * a[l, j]),
        "state for activation": (a12, delta[l, i] * z[l - 1, j]),
        "error of the layer above": (a12, delta[l + 1, i] * a[l - 1, j]),
        "indices swapped": (a12, delta[l, j] * a[l - 1, i]),
        "error alone": (a12, delta[l, i]),
        "bias times activation": (a13, delta[l, i] * a[l - 1, i]),
        "bias doubled": (a13, delta[l, i] + b[l, i]),
        "no slope at the end": (a14, Partial(Symbol("J", real=True), a[DEPTH, i])),
        "y for a": (a14, Partial(Symbol("J", real=True), y[i]) * PRIME(z[DEPTH, i])),
        "a little more": (a13, delta[l, i] * (1 + Rational(1, 10**13))),
        "a tiny multiple": (a13, delta[l, i] + Rational(1, 10**14)),
    }
    return {name: replace(claim, right=right) for name, (claim, right) in wrong.items()}


@pytest.mark.parametrize("name", mutants())
def test_wrong_formulas_are_refuted(name):
    claim = mutants()[name]
    found = fails(claim)
    assert found.left != found.right or found.relative < 1e-12
    shown = counterexample.simplest(claim, found)
    assert len(shown.widths) <= 5


def loss_claims():
    rows = (i, (ONE, width(DEPTH)))
    cross = feedforward(activation="sigmoid", loss="cross-entropy")
    soft = feedforward(activation="tanh", loss="softmax-cross-entropy")
    square = feedforward(activation="softmax", loss="half-squared-error")
    result = {}
    for name, model in (("cross", cross), ("soft", soft), ("square", square)):
        _, _, z, a, delta, y, _ = entries_of(model)
        result[name] = (model, z, a, delta, y, rows)
    return result


def test_the_output_error_depends_on_the_loss():
    for name, is_right in (("cross", True), ("soft", True), ("square", False)):
        model, _, a, delta, y, rows = loss_claims()[name]
        (holds if is_right else fails)(Claim(model, delta[DEPTH, i], a[DEPTH, i] - y[i], (rows,)))
        fails(Claim(model, delta[DEPTH, i], y[i] - a[DEPTH, i], (rows,)))


def test_softmax_is_no_elementwise_function():
    model, _, a, delta, y, rows = loss_claims()["square"]
    alone = (a[DEPTH, i] - y[i]) * a[DEPTH, i] * (1 - a[DEPTH, i])
    fails(Claim(model, delta[DEPTH, i], alone, (rows,)))
    together = summation(
        lambda k: (a[DEPTH, k] - y[k]) * a[DEPTH, k] * (KroneckerDelta(k, i) - a[DEPTH, i]), 1, width(DEPTH)
    )
    holds(Claim(model, delta[DEPTH, i], together, (rows,)))


def test_letters_that_are_equal_or_differ():
    model, z, a, _, _, rows = loss_claims()["square"]
    other = (j, (ONE, width(DEPTH)))
    left = Partial(a[DEPTH, i], z[DEPTH, j])
    same, apart = a[DEPTH, i] * (1 - a[DEPTH, i]), -a[DEPTH, i] * a[DEPTH, j]
    assert holds(Claim(model, left, same, (rows, other), equal=((i, j),))).points
    assert holds(Claim(model, left, apart, (rows, other), unequal=((i, j),))).points
    for right in (same, apart):
        fails(Claim(model, left, right, (rows, other)))
    fails(Claim(model, left, apart, (rows, other), equal=((i, j),)))
    fails(Claim(model, left, same, (rows, other), unequal=((i, j),)))


def test_many_letters_are_tried_at_random_places():
    model = feedforward()
    a = model.quantity("a")
    letters = tuple(index.index(f"i_{number}") for number in range(7))
    ranges = tuple((letter, (ONE, width(1))) for letter in letters)
    total = sum(a[1, letter] for letter in letters)
    holds(Claim(model, total, total, ranges))
    ties = tuple((letters[0], letter) for letter in letters[1:])
    holds(Claim(model, total, 7 * a[1, letters[0]], ranges, equal=ties))
    fails(Claim(model, total, 7 * a[1, letters[0]], ranges, equal=ties[1:]))


def test_sums_over_the_samples():
    """A19, and the same with the sample axis written out."""
    model = feedforward(activation="sigmoid", loss="cross-entropy", regularizer="l2")
    w, _, _, a, delta, _, _ = entries_of(model)
    strength, whole = Symbol("lambda", positive=True), Symbol("J", real=True)
    ranges = ((l, (TWO, DEPTH)), (i, (ONE, width(l))), (j, (ONE, width(l - 1))))
    added = summation(lambda s: delta[l, i, s] * a[l - 1, j, s], 1, SAMPLES)
    holds(Claim(model, Partial(whole, w[l, i, j]), (added + strength * w[l, i, j]) / SAMPLES, ranges))
    fails(Claim(model, Partial(whole, w[l, i, j]), added / SAMPLES + strength * w[l, i, j], ranges))
    fails(Claim(model, Partial(whole, w[l, i, j]), added + strength * w[l, i, j] / SAMPLES, ranges))


def test_a_model_with_a_sample_axis():
    model, (z, x, t, w, b, rows, features) = batched()
    cost, error = Symbol("J", real=True), model.quantity("dZ")
    row, column, sample = (i, (ONE, rows)), (j, (ONE, features)), (n, (ONE, SAMPLES))
    slope = (tanh(z[i, n]) - t[i, n]) * (1 - tanh(z[i, n]) ** 2)
    holds(Claim(model, error[i, n], slope / SAMPLES, (row, sample)))
    fails(Claim(model, error[i, n], slope, (row, sample)))
    added = summation(lambda s: error[i, s] * x[j, s], 1, SAMPLES)
    holds(Claim(model, Partial(cost, w[i, j]), added, (row, column)))
    fails(Claim(model, Partial(cost, w[i, j]), added / SAMPLES, (row, column)))
    holds(Claim(model, Partial(cost, b[i]), summation(lambda s: error[i, s], 1, SAMPLES), (row,)))
    fails(Claim(model, Partial(cost, b[i]), error[i, n], (row, sample)))


def test_a_residual_network():
    model, (h, w, size) = residual()
    g = Quantity("g")
    state = summation(lambda k: w[l + 1, j, k] * h[l, k], 1, size)
    back = summation(lambda r: g[l + 1, r] * PRIME(index.substitute(state, {j: r})) * w[l + 1, r, i], 1, size)
    ranges = ((l, (Integer(0), DEPTH - 1)), (i, (ONE, size)))
    holds(Claim(model, g[l, i], g[l + 1, i] + back, ranges))
    fails(Claim(model, g[l, i], back, ranges))


def test_layers_that_are_numbered_in_the_claim_alone():
    model = feedforward()
    w, _, z, a, delta, _, _ = entries_of(model)
    row = (i, (ONE, width(2)))
    back = summation(lambda k: delta[3, k] * w[3, k, i], 1, width(3))
    assert holds(Claim(model, delta[2, i], back * PRIME(z[2, i]), (row,))).points
    fails(Claim(model, delta[2, i], back * PRIME(a[2, i]), (row,)))


# --- functions ------------------------------------------------------------------------------------------------------


def one_neuron(rule=None, value=None):
    """a = f(z), z = w x."""
    w, x, z, a = (Symbol(name, real=True) for name in "wxza")
    f = scalar_function("f")
    made = f(z) if value is None else value(z)
    known = () if rule is None else (("f", Activation("own", Lambda(z, rule(z)))),)
    scalars = tuple(Quantity(name) for name in "wxza")
    return Model(scalars, (Definition(z, w * x), Definition(a, made)), ("w",), "a", None, known), (w, x, z, a)


def test_kinks():
    model, (w, x, z, a) = one_neuron(lambda z: Piecewise((z, z > 0), (0, True)))
    holds(Claim(model, PRIME(z), Piecewise((1, z > 0), (0, True))))
    holds(Claim(model, Partial(a, w), x * Piecewise((1, z > 0), (0, True))))
    fails(Claim(model, PRIME(z), Piecewise((1, z < 0), (0, True))))
    fails(Claim(model, PRIME(z), ONE))
    holds(Claim(model, Partial(Abs(z), w), sign(z) * x))
    fails(Claim(model, Partial(Abs(z), w), x))


def test_dead_neurons_do_not_hide_a_missing_slope():
    """Without biases a dead layer puts every later state on the kink, where there is nothing to compare."""
    model = feedforward(activation="relu")
    w, _, z, a, delta, _, _ = entries_of(model)
    state = summation(lambda k: w[l, i, k] * a[l - 1, k], 1, width(l - 1))
    states = tuple(replace(d, value=state) if d.name == "z" else d for d in model.definitions)
    bare = replace(model, definitions=states)
    ranges = ((l, (TWO, DEPTH - 1)), (i, (ONE, width(l))))
    back = summation(lambda k: delta[l + 1, k] * w[l + 1, k, i], 1, width(l + 1))
    for slope in (PRIME(z[l, i]), Heaviside(z[l, i]), Heaviside(a[l, i]), Piecewise((1, a[l, i] > 0), (0, True))):
        holds(Claim(bare, delta[l, i], back * slope, ranges))
    fails(Claim(bare, delta[l, i], back, ranges))


def test_unknown_functions_are_not_known():
    model, (_, _, z, a) = one_neuron()
    fails(Claim(model, PRIME(z), a * (1 - a)))
    fails(Claim(model, PRIME(z), 1 - a**2))
    fails(Claim(model, scalar_function("f", 2)(z), Integer(0)))
    sigmoid, _ = one_neuron(lambda z: 1 / (1 + exp(-z)))
    assert holds(Claim(sigmoid, PRIME(z), a * (1 - a))) == Agreement(points=6, nonzero=6, skipped=0)
    holds(Claim(sigmoid, scalar_function("f", 2)(z), a * (1 - a) * (1 - 2 * a)))


def test_a_rule_with_a_parameter():
    slope = Symbol("alpha", real=True)
    model, (w, x, z, a) = one_neuron(lambda z: Piecewise((z, z > 0), (slope * z, True)))
    holds(Claim(model, Partial(a, slope), Piecewise((0, z > 0), (z, True))))
    holds(Claim(model, Partial(a, w), Piecewise((x, z > 0), (slope * x, True))))
    holds(Claim(model, Partial(PRIME(z), slope), Piecewise((0, z > 0), (1, True))))


def test_logarithms_find_numbers_where_they_are_real():
    model, (w, x, z, a) = one_neuron()
    holds(Claim(model, Partial(log(a) + log(1 - a), w), (1 / a - 1 / (1 - a)) * PRIME(z) * x))
    fails(Claim(model, Partial(log(a) + log(1 - a), w), (1 / a + 1 / (1 - a)) * PRIME(z) * x))
    holds(Claim(model, Partial(log(x), x), 1 / x))
    with pytest.raises(errors.OracleError):
        oracle.refute(Claim(model, log(-1 - x**2), log(-1 - x**2)))


@pytest.mark.parametrize("name", ["identity", "relu", "softplus", "gelu"])
def test_outputs_that_have_to_lie_between_0_and_1(name):
    model = feedforward((2, 3, 2), name, "cross-entropy")
    _, _, z, a, delta, y, _ = entries_of(model)
    rows = (i, (ONE, TWO))
    right = (a[3, i] - y[i]) / (a[3, i] * (1 - a[3, i])) * PRIME(z[3, i])
    assert holds(Claim(model, delta[3, i], right, (rows,))).points > 6
    fails(Claim(model, delta[3, i], a[3, i] - y[i], (rows,)))


def test_second_derivatives():
    model, (w, x, z, _) = one_neuron()
    second = scalar_function("f", 2)
    a = Symbol("a", real=True)
    holds(Claim(model, Partial(Partial(a, w), w), second(z) * x**2))
    fails(Claim(model, Partial(Partial(a, w), w), second(z) * x))
    holds(Claim(model, Partial(Partial(a, w), x), second(z) * x * w + PRIME(z)))
    fails(Claim(model, Partial(Partial(a, w), x), second(z) * x * w))
    holds(Claim(model, Partial(Partial(a, w), z), second(z) * x))
    holds(Claim(model, Partial(Partial(a, z), w), second(z) * x))


@pytest.mark.parametrize("is_round", [False, True])
@pytest.mark.parametrize(("style", "least", "most"), [(1, 0, 1), (2, 0, 1), (3, 0, 1e9), (4, 0, 1)])
def test_unknown_functions_have_values_where_they_should(style, least, most, is_round):
    first = next(sampling.instances(feedforward(), 0, 1))
    for seed in range(6):
        instance = replace(first, style=style, seed=seed, is_round=is_round)
        function = sampling.unknown(instance, "f")[1]
        assert all(least < function(z) < most for z in (-3.0, -1.0, 0.0, 0.5, 2.0, 5.0))


def test_unknown_functions_differ_and_are_not_linear():
    first = replace(next(sampling.instances(feedforward(), 0, 1)), letters=("f", "g"))
    seen = set()
    for seed in range(4):
        f, g = (sampling.unknown(replace(first, seed=seed), letter)[1] for letter in "fg")
        assert abs(f(0.5) - g(0.5)) > 1e-3
        assert abs(f(1.0) + f(0.0) - 2 * f(0.5)) > 1e-3
        seen.add(round(f(0.5), 6))
    assert len(seen) == 4


# --- what it says when it cannot say anything ---------------------------------------------------------------------


def test_nothing_evaluated_is_no_agreement():
    model = feedforward()
    _, _, z, a, delta, _, _ = entries_of(model)
    outside = Claim(model, delta[DEPTH + 1, i], a[DEPTH + 1, i], ((i, (ONE, TWO)),))
    nowhere = Claim(model, a[l, i], z[l, i], ((l, (DEPTH, TWO - 1)), (i, (ONE, width(l)))))
    for claim in (outside, nowhere):
        with pytest.raises(errors.OracleError):
            oracle.refute(claim)


def test_entries_that_do_not_exist_are_skipped():
    model = feedforward((2, 3, 2))
    w = model.quantity("w")
    found = oracle.refute(
        Claim(model, w[2, i, j], w[2, i, j], ((i, (ONE, Integer(4))), (j, (ONE, Integer(4))))), tries=1
    )
    assert found == Agreement(points=6, nonzero=6, skipped=10)


def test_tiny_and_nearly_equal_numbers_get_more_digits():
    assert oracle.is_suspicious(1e-9, 1e-9)
    assert oracle.is_suspicious(1.0, 1 + 1e-11)
    assert not oracle.is_suspicious(1.0, 1 + 1e-15)
    assert not oracle.is_suspicious(0.0, 0.0)


def test_a_saturated_sigmoid_refutes_nothing():
    """At a = 1 - e^-300 the difference 1 - a is lost at any number of digits that is tried, its derivative is not."""
    model, (_, _, z, a) = one_neuron(value=lambda z: 1 / (1 + exp(-300 - z**2)))
    with pytest.raises(errors.OracleError, match="too small"):
        oracle.refute(Claim(model, Partial(a, z), 2 * z * a * (1 - a)))
    fails(Claim(model, Partial(a, z), 2 * z * a * (1 + a)))
    model, (_, _, z, a) = one_neuron(value=lambda z: 1 / (1 + exp(-400 * z)))
    holds(Claim(model, Partial(a, z), 400 * a * (1 - a)))
    fails(Claim(model, Partial(a, z), 400 * a * (1 - a) * z))


def test_a_definition_that_nobody_reads_may_be_anything():
    model, (w, x, z, _) = one_neuron()
    q = Symbol("q", real=True)
    beside = replace(model, definitions=(*model.definitions, Definition(q, gamma(w))))
    holds(Claim(beside, Partial(z, w), x))
    with pytest.raises(errors.OracleError):
        oracle.refute(Claim(beside, q, x))


def test_a_size_that_is_defined():
    model = feedforward()
    outputs_ = index.index("K")
    named = replace(model, definitions=(*model.definitions, Definition(outputs_, width(DEPTH))))
    y = model.quantity("y")
    total = summation(lambda k: y[k], 1, outputs_)
    holds(Claim(named, total, summation(lambda k: y[k], 1, width(DEPTH))))
    fails(Claim(named, total / outputs_, total / width(1)))


def test_a_recurrent_network():
    """h_t = f(w h_{t-1} + x_t), T steps: the layer is the time."""
    steps = index.index("T")
    t = index.index("t")
    h = Quantity("h", (t,), ((Integer(0), steps),), layered=True)
    x = Quantity("x", (t,), ((ONE, steps),), layered=True)
    w, objective, f = Symbol("w", real=True), Symbol("J", real=True), scalar_function("f")
    state = w * h[t - 1] + x[t]
    whole = index.Unspecified(objective, (Symbol("h", real=True), steps))
    definitions = (Definition(h[t], f(state), (ONE, steps)), Definition(objective, whole))
    model = Model((h, x, Quantity("w"), Quantity("J")), definitions, ("w",), "J", ("g", "h"))
    g = Quantity("g")
    after = index.substitute(state, {t: t + 1})
    holds(Claim(model, g[t], g[t + 1] * PRIME(after) * w, ((t, (Integer(0), steps - 1)),)))
    added = summation(lambda s: g[s] * PRIME(index.substitute(state, {t: s})) * h[s - 1], 1, steps)
    holds(Claim(model, Partial(objective, w), added))
    fails(Claim(model, Partial(objective, w), g[steps] * PRIME(index.substitute(state, {t: steps})) * h[steps - 1]))


def test_an_objective_without_a_definition_is_no_zero():
    model, (w, x, _, _) = one_neuron()
    with pytest.raises(errors.OracleError, match="depends"):
        oracle.refute(Claim(model, Partial(Symbol("C", real=True), w), 2 * Partial(Symbol("C", real=True), w)))
    layers = feedforward()
    undefined = replace(layers, definitions=layers.definitions[:-1])
    _, _, _, _, delta, _, _ = entries_of(undefined)
    with pytest.raises(errors.OracleError, match="depends"):
        oracle.refute(Claim(undefined, delta[l, i], 2 * delta[l, i], ((l, (TWO, DEPTH)), (i, (ONE, width(l))))))
    assert x != w


def test_what_is_not_covered():
    model, (w, x, z, a) = one_neuron()
    unbound = IndexedBase(Symbol("q", real=True))
    own = Function("h", real=True)
    for side in (gamma(x), own(x), unbound[1], Partial(a, w * x), Partial(a, ONE), x ** Integer(10) ** 30, own(1)):
        with pytest.raises(errors.OracleError):
            oracle.refute(Claim(model, side, z))
    with pytest.raises(errors.OracleError):
        oracle.refute(Claim(model, Sum(x, (k, 1, 10**9)), z))


def test_circular_and_double_definitions():
    model, (w, x, z, a) = one_neuron()
    circular = replace(model, definitions=(Definition(z, a + w), Definition(a, z * x)))
    double = replace(model, definitions=(*model.definitions, Definition(a, z)))
    with pytest.raises(errors.OracleError, match="itself"):
        oracle.refute(Claim(circular, a, z))
    with pytest.raises(errors.OracleError, match="2 times"):
        oracle.refute(Claim(double, a, z))


def test_the_time_is_kept():
    with pytest.raises(errors.OracleError, match="timeout"):
        oracle.refute(article(feedforward())["A12"], deadline=time.monotonic() - 1)


def test_assumptions_are_met_or_refused():
    model, _, _, _, y, _ = loss_claims()["soft"]
    holds(Claim(model, summation(lambda k: y[k], 1, width(DEPTH)), ONE))
    fails(Claim(model, summation(lambda k: y[k] ** 2, 1, width(DEPTH)), ONE))
    square = Assumption(summation(lambda k: y[k] ** 2, 1, width(DEPTH)), Integer(3), "unit")
    with pytest.raises(errors.OracleError, match="unit"):
        oracle.refute(Claim(replace(model, assumptions=(square,)), y[1], y[1]))


def test_assumptions_hold_for_every_sample():
    model = feedforward(activation="tanh", loss="softmax-cross-entropy")
    w, _, _, a, delta, y, _ = entries_of(model)
    rows, samples = (i, (ONE, width(DEPTH))), (n, (ONE, SAMPLES))
    holds(Claim(model, delta[DEPTH, i, n], a[DEPTH, i, n] - y[i, n], (rows, samples)))
    added = summation(lambda s: (a[DEPTH, i, s] - y[i, s]) * a[DEPTH - 1, j, s], 1, SAMPLES)
    ranges = (rows, (j, (ONE, width(DEPTH - 1))))
    holds(Claim(model, Partial(Symbol("J", real=True), w[DEPTH, i, j]), added / SAMPLES, ranges))
    written, (_, _, t, *_, size, _) = batched()
    one = Assumption(summation(lambda k: t[k, n], 1, size), ONE, "one-hot")
    holds(Claim(replace(written, assumptions=(one,)), summation(lambda k: t[k, n], 1, size), ONE, (samples,)))
    fails(Claim(written, summation(lambda k: t[k, n], 1, size), ONE, (samples,)))


# --- instances and counterexamples ------------------------------------------------------------------------------------


def test_widths_and_sizes_differ():
    model, _ = batched()
    for instance in sampling.instances(model, 0, 6):
        sizes = [size for _, size in instance.sizes]
        assert len(set(sizes)) == len(sizes) == 3
    found = list(sampling.instances(feedforward(), 0, 6))
    assert len({instance.depth for instance in found}) >= 3
    for instance in found:
        widths = [value for _, value in instance.widths]
        assert len(set(widths)) == len(widths) == instance.depth


def test_values_are_finite_and_of_both_signs():
    instance = next(sampling.instances(feedforward(), 5, 1))
    table = oracle.value_table(instance, ("w", "z"))
    values = [value for entries in table.values() for value in entries.values()]
    assert min(values) < 0 < max(values)
    assert len(set(values)) == len(values)


def test_a_counterexample_can_be_followed():
    claim = mutants()["activation of this layer"]
    shown = counterexample.simplest(claim, fails(claim))
    assert len(shown.widths) <= 3
    assert max(shown.widths) <= 3
    assert shown.layer is not None
    assert len(shown.entry) == 2
    assert abs(shown.left - shown.right) > 0.01
    assert any(words.startswith("x = (") for words in shown.given)
    assert any(words.startswith("w^{(2)} = ((") for words in shown.given)
    assert any(words.startswith("f(z) = ") for words in shown.given)


def test_a_counterexample_by_hand():
    """f' = f (1 - f) is wrong for tanh: the numbers shown are those of the functions named."""
    model, (_, _, z, a) = one_neuron(lambda z: tanh(z))
    shown = counterexample.simplest(claim := Claim(model, PRIME(z), a * (1 - a)), fails(claim))
    given = {words[0]: sampling.Fraction(words[4:]) for words in shown.given}
    value = mpmath.tanh(float(given["w"] * given["x"]))
    assert shown.left == pytest.approx(float(1 - value**2))
    assert shown.right == pytest.approx(float(value * (1 - value)))
    assert (shown.layer, shown.entry) == (None, ())
