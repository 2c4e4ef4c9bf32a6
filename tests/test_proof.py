"""What is proved, on many models; that nothing false is; and that numbers agree with every proof."""

import dataclasses
import time

import pytest
from claim_values import holds
from sympy import Add, Eq, Expr, Integer, KroneckerDelta, Max, Mul, Piecewise, S, Sum, Symbol, exp, log, sign, tanh

from symfnn.algebra import index
from symfnn.algebra.index import (
    DEPTH,
    LAYER,
    SAMPLES,
    Partial,
    Quantity,
    Unspecified,
    scalar_function,
    summation,
    width,
)
from symfnn.check.batch import with_samples
from symfnn.check.claims import Claim
from symfnn.check.proof import prove
from symfnn.model.definitions import Assumption, Definition, Model
from symfnn.model.feedforward import feedforward

i, j, k, n = (index.index(letter) for letter in "ijkn")
ONE, TWO, THREE = Integer(1), Integer(2), Integer(3)
l, L, m = LAYER, DEPTH, SAMPLES  # noqa: E741 the field's letters
f, slope = scalar_function("f"), scalar_function("f", 1)


def s(layer):
    return (ONE, width(layer))


def total(build, layer):
    return summation(build, 1, width(layer))


CHAIN = feedforward()
A, Z, W, B, D, X, Y = (CHAIN.quantity(name) for name in ("a", "z", "w", "b", "delta", "x", "y"))
J, E = Quantity("J").scalar, Quantity("E").scalar
AT_L = ((i, s(L)),)
HIDDEN = ((l, (TWO, L - 1)), (i, s(l)))
ANY = ((l, (TWO, L)), (i, s(l)))
WEIGHTS = (*ANY, (j, s(l - 1)))
BACK = total(lambda p: W[l + 1, p, i] * D[l + 1, p], l + 1)


def network(activation, loss, layers=None):
    return feedforward(layers, activation, loss)


SIGMOID = network("sigmoid", "cross-entropy")
SOFTMAX = network(["sigmoid", "softmax"], "softmax-cross-entropy")
LINEAR = network(["tanh", "identity"], "half-squared-error")
REGULAR = feedforward(None, "sigmoid", "cross-entropy", "l2")
LAMBDA = next(part for part in REGULAR.batch.regularizer.free_symbols if part.is_Symbol and part.name == "lambda")
DEEP = feedforward((2, 3, 1, 2), None, None)


def chain_claims():
    yield "A11 output", CHAIN, D[L, i], Partial(J, A[L, i]) * slope(Z[L, i]), AT_L
    yield "A11 link", CHAIN, Partial(J, Z[L, i]), Partial(J, A[L, i]) * Partial(A[L, i], Z[L, i]), AT_L
    through = total(lambda p: Partial(J, A[l, p]) * Partial(A[l, p], Z[l, i]), l)
    yield "through all activations", CHAIN, D[l, i], through, ANY
    through = total(lambda p: Partial(J, Z[l + 1, p]) * Partial(Z[l + 1, p], Z[l, i]), l + 1)
    yield "A13 chain", CHAIN, D[l, i], through, HIDDEN
    step = Partial(Z[l + 1, j], Z[l, i])
    yield "A14 step", CHAIN, step, W[l + 1, j, i] * slope(Z[l, i]), (*HIDDEN, (j, s(l + 1)))
    yield "A15 recursion", CHAIN, D[l, i], BACK * slope(Z[l, i]), HIDDEN
    yield "A16 weights", CHAIN, Partial(J, W[l, i, j]), D[l, i] * A[l - 1, j], WEIGHTS
    yield "A16 chain", CHAIN, Partial(J, W[l, i, j]), Partial(J, Z[l, i]) * Partial(Z[l, i], W[l, i, j]), WEIGHTS
    whole = total(lambda p: Partial(J, Z[l, p]) * Partial(Z[l, p], W[l, i, j]), l)
    yield "A16 whole chain", CHAIN, Partial(J, W[l, i, j]), whole, WEIGHTS
    yield "A17 biases", CHAIN, Partial(J, B[l, i]), D[l, i], ANY
    yield "step by a weight", CHAIN, Partial(Z[l, i], W[l, i, j]), A[l - 1, j], WEIGHTS
    other = Partial(Z[l, i], W[l, k, j])
    yield "step by any weight", CHAIN, other, KroneckerDelta(i, k) * A[l - 1, j], (*WEIGHTS, (k, s(l)))
    cases = Piecewise((A[l - 1, j], Eq(i, k)), (0, True))
    yield "the same in cases", CHAIN, other, cases, (*WEIGHTS, (k, s(l)))
    yield "step by a bias", CHAIN, Partial(Z[l, i], B[l, i]), ONE, ANY
    yield "by an activation", CHAIN, Partial(J, A[l, i]), BACK, ((l, (ONE, L - 1)), (i, s(l)))
    yield "by an input", CHAIN, Partial(J, X[i]), total(lambda p: W[2, p, i] * D[2, p], 2), ((i, s(1)),)
    inner = total(lambda p: W[l + 2, p, k] * D[l + 2, p], l + 2)
    two = total(lambda q: (W[l + 1, q, i] * slope(Z[l + 1, q]) * inner).subs(k, q), l + 1) * slope(Z[l, i])
    yield "two layers on", CHAIN, D[l, i], two, ((l, (TWO, L - 2)), (i, s(l)))
    below = total(lambda p: W[l, i, p] * f(Z[l - 1, p]), l - 1) + B[l, i]
    yield "forward", CHAIN, Z[l, i], below, ((l, (THREE, L)), (i, s(l)))
    yield "forward value", CHAIN, A[l, i], f(total(lambda p: W[l, i, p] * A[l - 1, p], l - 1) + B[l, i]), ANY
    compound = Partial(total(lambda p: W[l, i, p] * A[l - 1, p], l - 1) + B[l, i], W[l, i, j])
    yield "a compound", CHAIN, compound, A[l - 1, j], WEIGHTS
    yield "numbered", CHAIN, Partial(J, W[2, i, j]), D[2, i] * X[j], ((i, s(2)), (j, s(1)))


def loss_claims():
    yield "sigmoid", SIGMOID, D[L, i], A[L, i] - Y[i], AT_L
    yield "sigmoid by a", SIGMOID, Partial(E, A[L, i]), (A[L, i] - Y[i]) / (A[L, i] * (1 - A[L, i])), AT_L
    yield "sigmoid slope", SIGMOID, slope(Z[l, i]), A[l, i] * (1 - A[l, i]), ANY
    written = exp(-Z[l, i]) / (1 + exp(-Z[l, i])) ** 2
    yield "sigmoid written out", SIGMOID, Partial(A[l, i], Z[l, i]), written, ANY
    yield "sigmoid recursion", SIGMOID, D[l, i], BACK * A[l, i] * (1 - A[l, i]), HIDDEN
    yield (
        "weights at the output",
        SIGMOID,
        Partial(E, W[L, i, j]),
        (A[L, i] - Y[i]) * A[L - 1, j],
        (
            *AT_L,
            (j, s(L - 1)),
        ),
    )
    yield "softmax", SOFTMAX, D[L, i], A[L, i] - Y[i], AT_L
    yield "softmax without assumption", SOFTMAX, D[L, i], A[L, i] * total(lambda p: Y[p], L) - Y[i], AT_L
    jacobian = Partial(A[L, i], Z[L, j])
    square = (*AT_L, (j, s(L)))
    yield "softmax Jacobian", SOFTMAX, jacobian, A[L, i] * (KroneckerDelta(i, j) - A[L, j]), square
    cases = Piecewise((A[L, i] * (1 - A[L, i]), Eq(i, j)), (-A[L, i] * A[L, j], True))
    yield "softmax in cases", SOFTMAX, jacobian, cases, square
    through = total(lambda p: Partial(E, A[L, p]) * Partial(A[L, p], Z[L, i]), L)
    yield "softmax chain", SOFTMAX, D[L, i], through, AT_L
    yield "softmax total", SOFTMAX, total(lambda p: A[L, p], L), ONE, ()
    yield "softmax loss", SOFTMAX, E, -total(lambda p: Y[p] * log(A[L, p]), L), ()
    exponents = log(total(lambda p: exp(Z[L, p]), L))
    yield "softmax logarithm", SOFTMAX, log(A[L, i]), Z[L, i] - exponents, AT_L
    yield "identity", LINEAR, D[L, i], A[L, i] - Y[i], AT_L
    yield "tanh", LINEAR, D[l, i], BACK * (1 - A[l, i] ** 2), HIDDEN
    yield "tanh slope", LINEAR, slope(Z[l, i]), 1 - tanh(Z[l, i]) ** 2, HIDDEN
    yield "loss", LINEAR, E, total(lambda p: (A[L, p] - Y[p]) ** 2, L) / 2, ()


def batch_claims():
    samples = (n, (ONE, m))
    yield (
        "of a sample",
        REGULAR,
        D[l, i, n],
        Partial(Quantity("E")[n], Z[l, i, n]),
        (
            *ANY,
            samples,
        ),
    )
    mean = summation(lambda p: D[l, i, p] * A[l - 1, j, p], 1, m) / m
    yield "A19 weights", REGULAR, Partial(J, W[l, i, j]), mean + LAMBDA / m * W[l, i, j], WEIGHTS
    yield "A19 biases", REGULAR, Partial(J, B[l, i]), summation(lambda p: D[l, i, p], 1, m) / m, ANY
    split = summation(lambda p: Partial(Quantity("E")[p], W[l, i, j]), 1, m) / m + LAMBDA / m * W[l, i, j]
    yield "A18 sum of samples", REGULAR, Partial(J, W[l, i, j]), split, WEIGHTS
    yield "whole by a state", REGULAR, Partial(J, Z[l, i, n]), D[l, i, n] / m, (*ANY, samples)
    yield "output of a sample", REGULAR, D[L, i, n], A[L, i, n] - Y[i, n], (*AT_L, samples)


def ufldl():
    """W^(l) maps layer l to l + 1; the targets are y; J is half the squared error."""
    w = Quantity("W", (l, i, j), ((ONE, L - 1), (ONE, width(l + 1)), s(l)), layered=True)
    b = Quantity("b", (l, i), ((ONE, L - 1), (ONE, width(l + 1))), layered=True)
    value = total(lambda p: w[l - 1, i, p] * A[l - 1, p], l - 1) + b[l - 1, i]
    definitions = (
        Definition(A[1, i], X[i], (ONE, ONE)),
        Definition(Z[l, i], value, (TWO, L)),
        Definition(A[l, i], f(Z[l, i]), (TWO, L)),
        Definition(J, total(lambda p: (Y[p] - A[L, p]) ** 2, L) / 2),
        Definition(D[l, i], Partial(J, Z[l, i]), (TWO, L)),
    )
    return Model((X, Y, w, b, Z, A, D, Quantity("J")), definitions, ("W", "b"), "J"), w, b


def ufldl_claims():
    model, w, b = ufldl()
    output = -(Y[i] - A[L, i]) * slope(Z[L, i])
    yield "output", model, D[L, i], output, AT_L
    back = total(lambda p: w[l, p, i] * D[l + 1, p], l + 1)
    yield "hidden", model, D[l, i], back * slope(Z[l, i]), HIDDEN
    ranges = ((l, (ONE, L - 1)), (i, s(l + 1)), (j, s(l)))
    yield "weights", model, Partial(J, w[l, i, j]), A[l, j] * D[l + 1, i], ranges
    yield "biases", model, Partial(J, b[l, i]), D[l + 1, i], ranges[:2]
    last = total(lambda p: w[L - 1, p, i] * (A[L, p] - Y[p]) * slope(Z[L, p]), L) * slope(Z[L - 1, i])
    yield "last but one", model, D[L - 1, i], last, ((i, s(L - 1)),)


def rows():
    """Samples in rows: Z = A W + b, W maps columns to columns, J is the mean over the samples of the loss E."""
    sample = (ONE, m)
    a = Quantity("A", (l, n, i), ((ONE, L), sample, s(l)), layered=True)
    z = Quantity("Z", (l, n, i), ((TWO, L), sample, s(l)), layered=True)
    w = Quantity("W", (l, i, j), ((TWO, L), s(l - 1), s(l)), layered=True)
    b = Quantity("b", (l, i), ((TWO, L), s(l)), layered=True)
    x = Quantity("X", (n, i), (sample, s(1)))
    y = Quantity("Y", (n, i), (sample, s(L)))
    e = Quantity("E", (n,), (sample,))
    value = total(lambda p: a[l - 1, n, p] * w[l, p, i], l - 1) + b[l, i]
    dz = Quantity("dZ", (l, n, i), ((TWO, L), sample, s(l)), layered=True)
    definitions = (
        Definition(a[1, n, i], x[n, i], (ONE, ONE)),
        Definition(z[l, n, i], value, (TWO, L)),
        Definition(a[l, n, i], f(z[l, n, i]), (TWO, L)),
        Definition(e[n], total(lambda p: (a[L, n, p] - y[n, p]) ** 2, L) / 2),
        Definition(J, summation(lambda p: e[p], 1, m) / m),
        Definition(dz[l, n, i], Partial(e[n], z[l, n, i]), (TWO, L)),
    )
    return Model((x, y, w, b, z, a, dz, e, Quantity("J")), definitions, ("W", "b"), "J"), a, z, w, b, y, e, dz


def row_claims():
    model, a, z, w, b, y, e, dz = rows()
    sample = (n, (ONE, m))
    cell = ((l, (TWO, L)), sample, (i, s(l)))
    weights = ((l, (TWO, L)), (i, s(l - 1)), (j, s(l)))
    mean = summation(lambda p: a[l - 1, p, i] * dz[l, p, j], 1, m) / m
    yield "weights", model, Partial(J, w[l, i, j]), mean, weights
    yield "biases", model, Partial(J, b[l, i]), summation(lambda p: dz[l, p, i], 1, m) / m, ((l, (TWO, L)), (i, s(l)))
    back = total(lambda p: dz[l + 1, n, p] * w[l + 1, i, p], l + 1)
    yield "hidden", model, dz[l, n, i], back * slope(z[l, n, i]), ((l, (TWO, L - 1)), sample, (i, s(l)))
    yield "output", model, dz[L, n, i], (a[L, n, i] - y[n, i]) * slope(z[L, n, i]), (sample, (i, s(L)))
    yield "whole by a state", model, Partial(J, z[l, n, i]), dz[l, n, i] / m, cell
    per_sample = summation(lambda p: Partial(e[p], w[l, i, j]), 1, m) / m
    yield "sum of samples", model, Partial(J, w[l, i, j]), per_sample, weights
    whole = summation(lambda p: total(lambda q: Partial(J, z[l, p, q]) * Partial(z[l, p, q], w[l, i, j]), l), 1, m)
    yield "whole chain", model, Partial(J, w[l, i, j]), whole, weights


NX, NH, NY = (index.index(name) for name in ("n_x", "n_h", "n_y"))


def named_layers():
    """Two layers that have names: z1 = W1 x + b1, h = tanh(z1), z2 = W2 h + b2, p = softmax(z2), L = -Σ y log p."""
    vector = {"x": NX, "z1": NH, "h": NH, "b1": NH, "z2": NY, "p": NY, "b2": NY, "y": NY, "d2": NY}
    q = {name: Quantity(name, (i,), ((ONE, size),)) for name, size in vector.items()}
    q["W1"] = Quantity("W1", (i, j), ((ONE, NH), (ONE, NX)))
    q["W2"] = Quantity("W2", (i, j), ((ONE, NY), (ONE, NH)))
    q["L"] = Quantity("C")
    loss = q["L"].scalar
    denominator = summation(lambda p: exp(q["z2"][p]), 1, NY)
    definitions = (
        Definition(q["z1"][i], summation(lambda p: q["W1"][i, p] * q["x"][p], 1, NX) + q["b1"][i]),
        Definition(q["h"][i], tanh(q["z1"][i])),
        Definition(q["z2"][i], summation(lambda p: q["W2"][i, p] * q["h"][p], 1, NH) + q["b2"][i]),
        Definition(q["p"][i], exp(q["z2"][i]) / denominator),
        Definition(loss, -summation(lambda p: q["y"][p] * log(q["p"][p]), 1, NY)),
        Definition(q["d2"][i], Partial(loss, q["z2"][i])),
    )
    one_hot = Assumption(summation(lambda p: q["y"][p], 1, NY), S.One, "one-hot")
    return Model(tuple(q.values()), definitions, ("W1", "W2"), "C", assumptions=(one_hot,)), q


def named_claims():
    model, q = named_layers()
    c, p, y, h, x, w1, w2, d2 = (q[name] for name in ("L", "p", "y", "h", "x", "W1", "W2", "d2"))
    c = c.scalar
    classes, hidden, inputs = (ONE, NY), (ONE, NH), (ONE, NX)
    yield "output", model, Partial(c, q["z2"][i]), p[i] - y[i], ((i, classes),)
    yield "output name", model, d2[i], p[i] - y[i], ((i, classes),)
    yield "second weights", model, Partial(c, w2[i, j]), (p[i] - y[i]) * h[j], ((i, classes), (j, hidden))
    yield "by hidden", model, Partial(c, h[i]), summation(lambda r: w2[r, i] * (p[r] - y[r]), 1, NY), ((i, hidden),)
    first = (1 - h[i] ** 2) * summation(lambda r: w2[r, i] * d2[r], 1, NY) * x[j]
    yield "first weights", model, Partial(c, w1[i, j]), first, ((i, hidden), (j, inputs))
    yield "loss by output", model, Partial(c, p[i]), -y[i] / p[i], ((i, classes),)


def scalars():
    """z = w x + b, a = σ(z), C = (a - y)²/2: numbers only."""
    q = {name: Quantity(name) for name in ("x", "w", "b", "z", "a", "y", "C")}
    x, w, b, z, a, y, c = (quantity.scalar for quantity in q.values())
    definitions = (
        Definition(z, w * x + b),
        Definition(a, 1 / (1 + exp(-z))),
        Definition(c, (a - y) ** 2 / 2),
    )
    return Model(tuple(q.values()), definitions, ("w", "b"), "C"), x, w, b, z, a, y, c


def scalar_claims():
    model, x, w, b, z, a, y, c = scalars()
    yield "chain", model, Partial(c, w), Partial(c, a) * Partial(a, z) * Partial(z, w), ()
    yield "closed", model, Partial(c, w), (a - y) * a * (1 - a) * x, ()
    yield "bias", model, Partial(c, b), Partial(c, z), ()
    yield "slope", model, Partial(a, z), a * (1 - a), ()


def function_claims():
    u = Symbol("u", real=True)
    sigmoid = 1 / (1 + exp(-u))
    relu = Piecewise((u, u > 0), (0, True))
    empty = Model((Quantity("J"),), (), (), "J")
    yield "sigmoid", empty, Partial(sigmoid, u), sigmoid * (1 - sigmoid), ()
    yield "tanh", empty, Partial(tanh(u), u), 1 - tanh(u) ** 2, ()
    yield "tanh by exponentials", empty, tanh(u), (exp(u) - exp(-u)) / (exp(u) + exp(-u)), ()
    yield "tanh by sigmoid", empty, tanh(u), 2 / (1 + exp(-2 * u)) - 1, ()
    yield "relu", empty, relu, Max(0, u), ()
    yield "relu slope", empty, Partial(Max(0, u), u), Piecewise((1, u > 0), (0, True)), ()
    yield "softplus", empty, Partial(log(1 + exp(u)), u), sigmoid, ()
    yield "reflection", empty, 1 - sigmoid, 1 / (1 + exp(u)), ()


def residual_claims():
    """One width N; a^(l) = f(z^(l)) + a^(l-1)."""
    size = index.index("N")
    z = Quantity("z", (l, i), ((TWO, L), (ONE, size)), layered=True)
    a = Quantity("a", (l, i), ((ONE, L), (ONE, size)), layered=True)
    w = Quantity("w", (i, j), ((ONE, size), (ONE, size)))
    x = Quantity("x", (i,), ((ONE, size),))
    definitions = (
        Definition(a[1, i], x[i], (ONE, ONE)),
        Definition(z[l, i], summation(lambda p: w[i, p] * a[l - 1, p], 1, size), (TWO, L)),
        Definition(a[l, i], f(z[l, i]) + a[l - 1, i], (TWO, L)),
        Definition(J, Unspecified(J, (a[1, i].base.label, L))),
    )
    model = Model((x, w, z, a, Quantity("J")), definitions, ("w",), "J")
    back = summation(lambda p: Partial(J, z[l + 1, p]) * w[p, i], 1, size) + Partial(J, a[l + 1, i])
    yield "residual", model, Partial(J, a[l, i]), back, ((l, (ONE, L - 1)), (i, (ONE, size)))
    yield (
        "residual state",
        model,
        Partial(J, z[l, i]),
        Partial(J, a[l, i]) * slope(z[l, i]),
        (
            (l, (TWO, L)),
            (i, (ONE, size)),
        ),
    )
    shared = summation(lambda q: Partial(J, z[q, i]) * a[q - 1, j], 2, L)
    yield "shared weights", model, Partial(J, w[i, j]), shared, ((i, (ONE, size)), (j, (ONE, size)))


TRUE = [
    pytest.param(Claim(model, left, right, ranges), id=f"{maker.__name__[:-7]}: {name}")
    for maker in (
        chain_claims,
        loss_claims,
        batch_claims,
        ufldl_claims,
        row_claims,
        named_claims,
        scalar_claims,
        function_claims,
        residual_claims,
    )
    for name, model, left, right, ranges in maker()
]


@pytest.mark.parametrize("claim", TRUE)
def test_true_claims_are_proved(claim):
    assert prove(claim) is not None


SIZES = (
    ({"L": 3, "m": 2, "n_x": 2, "n_h": 3, "n_y": 2, "N": 2}, (2, 3, 2, 1)),
    ({"L": 4, "m": 3, "N": 2}, (3, 1, 2, 3)),
)


def agrees(claim):
    """Whether numbers agree with a claim that was proved."""
    return all(
        holds(on_samples(claim), sizes, widths[: sizes["L"]]) is not False
        for sizes, widths in SIZES
        if "n_x" in sizes or "n_x" not in str(claim.ranges)
    )


def on_samples(claim):
    """The claim about the model in which samples are an index, where it speaks of them."""
    is_batch = claim.model.batch is not None and {"m", "n"} & set(map(str, (claim.left - claim.right).free_symbols))
    return dataclasses.replace(claim, model=with_samples(claim.model)) if is_batch else claim


@pytest.mark.parametrize("claim", TRUE)
def test_numbers_agree_with_what_is_proved(claim):
    if not prove(claim).assumptions:
        assert agrees(claim)


def variants(expression):
    """Expressions with one mistake."""
    yield from mistakes(expression)
    if isinstance(expression, Partial | Sum | Unspecified) or index.is_entry(expression):
        if isinstance(expression, Sum):
            yield from (Sum(body, *expression.limits) for body in variants(expression.function))
        return
    for place, part in enumerate(expression.args):
        if isinstance(part, Expr) and part.args:
            for wrong in variants(part):
                yield expression.func(*expression.args[:place], wrong, *expression.args[place + 1 :])


def mistakes(expression):
    """One mistake at the root."""
    if isinstance(expression, Mul | Add):
        yield from without_a_part(expression)
    if isinstance(expression, Sum):
        yield index.substitute(expression.function, {expression.variables[0]: i})
        yield 2 * expression
    if isinstance(expression, index.ScalarFunction):
        yield scalar_function(expression.letter, 1 - expression.order)(*expression.args)
        yield expression.args[0]
    if isinstance(expression, KroneckerDelta):
        yield ONE
    if index.is_entry(expression):
        yield from wrong_entries(expression)


def without_a_part(expression):
    for place, part in enumerate(expression.args):
        if part != -1:
            yield expression.func(*expression.args[:place], *expression.args[place + 1 :])
        if isinstance(expression, Add):
            yield expression - 2 * part


def wrong_entries(entry):
    indices = list(entry.indices)
    for place in range(len(indices) - 1):
        swapped = [*indices[:place], indices[place + 1], indices[place], *indices[place + 2 :]]
        yield entry.base[tuple(swapped)]
    if indices[0].has(l, L):
        yield from (entry.base[(indices[0] + step, *indices[1:])] for step in (1, -1))
    if str(entry.base) in "az":
        yield index.Quantity("z" if str(entry.base) == "a" else "a")[tuple(indices)]


def mutants():
    for parameter in TRUE:
        claim = parameter.values[0]
        for right in dict.fromkeys([*variants(claim.right), -claim.right, 2 * claim.right]):
            if right != claim.right:
                yield dataclasses.replace(claim, right=right), parameter.id


MUTANTS = list(mutants())


@pytest.mark.parametrize("part", range(8))
def test_mistakes_are_not_proved(part):
    """What is accepted all the same is equal: numbers agree with it."""
    for claim, name in MUTANTS[4 * part :: 32]:
        proof = prove(claim, deadline=time.monotonic() + 0.4)
        if proof is not None and not proof.assumptions:
            assert agrees(claim), (name, claim.right)


def test_a_few_hundred_mistakes_were_made():
    assert len(MUTANTS) > 600


FALSE = {
    "indices swapped": (CHAIN, Partial(J, W[l, i, j]), D[l, j] * A[l - 1, i], WEIGHTS),
    "slope lost": (CHAIN, D[l, i], BACK, HIDDEN),
    "sum lost": (CHAIN, Partial(J, A[l, i]), W[l + 1, i, i] * D[l + 1, i], ((l, (ONE, L - 1)), (i, s(l)))),
    "weights transposed": (
        CHAIN,
        D[l, i],
        total(lambda p: W[l + 1, i, p] * D[l + 1, p], l + 1) * slope(Z[l, i]),
        HIDDEN,
    ),
    "layer shifted": (CHAIN, Partial(J, W[l, i, j]), D[l, i] * A[l, j], WEIGHTS),
    "no longer true of the output layer": (CHAIN, Partial(J, A[l, i]), BACK, ((l, (ONE, L)), (i, s(l)))),
    "true of the output layer only": (CHAIN, D[l, i], Partial(J, A[l, i]) * slope(Z[L, i]), ANY),
    "true of hidden layers only": (CHAIN, A[l, i], f(Z[l, i]), ((l, (ONE, L)), (i, s(l)))),
    "mean lost": (REGULAR, Partial(J, B[l, i]), summation(lambda p: D[l, i, p], 1, m), ANY),
    "other sample": (REGULAR, Partial(J, Z[l, i, n]), D[l, i, k] / m, (*ANY, (n, (ONE, m)), (k, (ONE, m)))),
    "softmax as if elementwise": (SOFTMAX, Partial(A[L, i], Z[L, j]), A[L, i] * (1 - A[L, i]), (*AT_L, (j, s(L)))),
    "sign": (SIGMOID, D[L, i], Y[i] - A[L, i], AT_L),
    "wrong slope of tanh": (LINEAR, slope(Z[l, i]), A[l, i] * (1 - A[l, i]), HIDDEN),
}


@pytest.mark.parametrize("name", FALSE)
def test_false_claims_are_not_proved(name):
    assert prove(Claim(*FALSE[name])) is None


def test_what_is_assumed_of_the_data_is_said():
    proof = prove(Claim(SOFTMAX, D[L, i], A[L, i] - Y[i], AT_L))
    assert proof.assumptions == ("one-hot",)
    bare = dataclasses.replace(SOFTMAX, assumptions=())
    assert prove(Claim(bare, D[L, i], A[L, i] - Y[i], AT_L)) is None


def test_conditions_on_letters():
    square = (*AT_L, (j, s(L)))
    jacobian = Partial(A[L, i], Z[L, j])
    same, other = A[L, i] * (1 - A[L, i]), -A[L, i] * A[L, j]
    assert prove(Claim(SOFTMAX, jacobian, same, square, equal=((i, j),)))
    assert prove(Claim(SOFTMAX, jacobian, other, square, unequal=((i, j),)))
    assert prove(Claim(SOFTMAX, jacobian, other, square)) is None
    assert prove(Claim(SOFTMAX, jacobian, same, square)) is None


def test_bound_letters_are_not_captured():
    """Σ_n f(Σ_k z_kn) is not Σ_n f(Σ_k z_nk)."""
    x = Quantity("x", (i, j), ((ONE, m), (ONE, m)))
    model = Model((x, Quantity("J")), (), (), "J")
    rows_first = summation(lambda p: f(summation(lambda q: x[q, p], 1, m)), 1, m)
    columns_first = summation(lambda p: f(summation(lambda q: x[p, q], 1, m)), 1, m)
    assert prove(Claim(model, rows_first, columns_first)) is None
    assert prove(Claim(model, rows_first, index.refresh(rows_first)))


def test_a_repeated_use_at_a_fixed_layer_is_counted():
    """Every layer reads the input: its derivative is a sum over layers, not over one of them."""
    size = index.index("N")
    z = Quantity("z", (l, i), ((TWO, L), (ONE, size)), layered=True)
    x = Quantity("x", (i,), ((ONE, size),))
    model = Model(
        (x, z, Quantity("J")),
        (
            Definition(z[l, i], f(x[i]) * l, (TWO, L)),
            Definition(J, summation(lambda q: summation(lambda p: z[q, p], 1, size), 2, L)),
        ),
        (),
        "J",
    )
    one = ((i, (ONE, size)),)
    assert prove(Claim(model, Partial(J, x[i]), summation(lambda q: q * slope(x[i]), 2, L), one))
    assert prove(Claim(model, Partial(J, x[i]), slope(x[i]), one)) is None


def test_the_deadline_is_kept():
    started = time.monotonic()
    claim = next(claim for claim, name in MUTANTS if "first weights" in name)
    assert prove(claim, deadline=started + 0.05) is None
    assert time.monotonic() - started < 2


def test_what_is_not_covered_is_not_proved():
    assert prove(Claim(CHAIN, Partial(D[l, i], W[l, i, j]), S.Zero, WEIGHTS)) is None
    assert prove(Claim(CHAIN, D[l, i], D[l, i] / (Z[l, i] - Z[l, i] + S.Zero * A[l, i] + D[l, i] - D[l, i] + 1), ANY))
    assert prove(Claim(CHAIN, Quantity("unknown", (i,))[i], S.Zero, ((i, s(L)),))) is None


def test_conditions_on_what_has_conditions_are_told_case_by_case():
    """The sign of max(x, 0) is [x > 0], and max(x, 0) is never negative; the sign of x itself is -1 as well."""
    size = (ONE, index.index("N"))
    x = Quantity("x", (i,), (size,))
    ramp, step = Piecewise((x[i], x[i] > 0), (0, True)), Piecewise((1, x[i] > 0), (0, True))
    model, ranges = Model((x, Quantity("J")), (), (), "J"), ((i, size),)
    for left, right in ((step, sign(ramp)), (Max(ramp, 0), ramp), (sign(ramp) * step, step)):
        assert prove(Claim(model, left, right, ranges))
    for left, right in ((step, sign(x[i])), (S.One, sign(ramp)), (Max(ramp, 1), ramp)):
        assert prove(Claim(model, left, right, ranges)) is None


def test_cases_beside_a_delta_are_of_the_letter_that_is_left():
    """The derivative of Σ_p y_p Σ_q w_pq max(x_q, 0) by w_ij is y_i max(x_j, 0), and not y_i x_j."""
    size = (ONE, index.index("N"))
    x, y, w = (Quantity(name, (i, j)[:axes], (size, size)[:axes]) for name, axes in (("x", 1), ("y", 1), ("w", 2)))
    ramp = [Piecewise((x[letter], x[letter] > 0), (0, True)) for letter in (j, k)]
    h, z = Quantity("h", (j,), (size,)), Quantity("z", (i,), (size,))
    definitions = (
        Definition(h[j], ramp[0]),
        Definition(z[i], summation(lambda q: w[i, q] * h[q], *size)),
        Definition(J, summation(lambda p: y[p] * z[p], *size)),
    )
    model = Model((x, y, w, h, z, Quantity("J")), definitions, (), "J")
    left, ranges = Partial(J, w[i, k]), ((i, size), (k, size))
    whole = summation(lambda p: Partial(J, z[p]) * Partial(z[p], w[i, k]), *size)
    for right in (y[i] * ramp[1], whole):
        assert prove(Claim(model, left, right, ranges))
    assert prove(Claim(model, left, y[i] * x[k], ranges)) is None
