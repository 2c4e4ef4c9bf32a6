"""tensorgrad, PyTensor and CasADi: libraries that derive the gradient as expressions and compile it."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np

from contenders import Contender, stacked


def tensorgrad(case):
    import tensorgrad as tg
    import tensorgrad.functions as F
    import torch
    from sympy import symbols
    from tensorgrad.compiler import compile_to_callable

    sizes = symbols([f"s{layer}" for layer in range(len(case.widths))])
    m = symbols("m")
    X = tg.Variable("X", m=m, **{"u0": sizes[0]})
    a, weights, biases = X, [], []
    for layer in range(1, len(case.widths)):
        W = tg.Variable(f"W{layer}", **{f"u{layer - 1}": sizes[layer - 1], f"u{layer}": sizes[layer]})
        b = tg.Variable(f"b{layer}", **{f"u{layer}": sizes[layer]})
        z = a @ W + b
        weights.append(W)
        biases.append(b)
        a = F.relu(z) if case.model == "relu" else F.sigmoid(z)
    last = f"u{len(case.widths) - 1}"
    Y = tg.Variable("Y", m=m, **{last: sizes[-1]})
    if case.model == "relu":
        loss = F.sum(F.cross_entropy(z, Y, dim=last)) / case.batch
    else:
        loss = -F.sum(Y * F.log(a) + (1 - Y) * F.log(1 - a)) / case.batch
    step = compile_to_callable(loss, *[loss.grad(part) for part in (*weights, *biases)])
    arrays = case.parts()
    edges = [(f"u{layer - 1}", f"u{layer}") for layer in range(1, len(case.widths))]
    values = {X: arrays[2], Y: arrays[3]}
    values |= dict(zip([*weights, *biases], [*arrays[0], *arrays[1]], strict=True))
    # a call of the program itself names the axes of its tensors, which PyTorch can no longer do
    dims = dict(zip(sizes, case.widths, strict=True)) | {m: case.batch}
    function = step.codegen.specialize(dims, dtype=getattr(torch, case.dtype))
    given = [torch.from_numpy(values[variable]) for variable in step.vars]

    def read(found):
        turned = [
            part if order is None else part.permute(order)
            for part, (order, _) in zip(found, step._wrap_plans, strict=True)
        ]
        value, *parts = (part.numpy() for part in turned)
        named = [names for _, names in step._wrap_plans[1 : len(edges) + 1]]
        by_weights = [
            part if names == own else part.T for part, names, own in zip(parts[: len(edges)], named, edges, strict=True)
        ]
        return value, stacked(by_weights, parts[len(edges) :])

    def run():
        with torch.no_grad():
            return function(*given)

    return run, read


def pytensor(case):
    import pytensor
    import pytensor.tensor as pt

    def matrix(name):
        return pt.matrix(name, dtype=case.dtype)

    X, Y = matrix("X"), matrix("Y")
    layers = range(1, len(case.widths))
    weights = [matrix(f"W{layer}") for layer in layers]
    biases = [pt.vector(f"b{layer}", dtype=case.dtype) for layer in layers]
    a = X
    for W, b in zip(weights, biases, strict=True):
        z = a @ W + b
        a = pt.maximum(z, 0) if case.model == "relu" else pt.sigmoid(z)
    if case.model == "relu":
        loss = -(Y * pt.special.log_softmax(z, axis=1)).sum() / case.batch
    else:
        loss = (Y * pt.softplus(-z) + (1 - Y) * pt.softplus(z)).sum() / case.batch
    parameters = [*weights, *biases]
    function = pytensor.function([*parameters, X, Y], [loss, *pytensor.grad(loss, parameters)])
    function.trust_input = True
    arrays = case.parts()
    given = [*arrays[0], *arrays[1], *arrays[2:]]
    half = len(weights)
    return lambda: function(*given), lambda found: (float(found[0]), stacked(found[1 : half + 1], found[half + 1 :]))


def casadi(case):
    """Scalars written out, as C code, compiled, and called in buffers that are there."""
    import casadi as ca

    thetas = [
        ca.SX.sym(f"T{layer}", p + 1, q) for layer, (p, q) in enumerate(zip(case.widths, case.widths[1:], strict=False))
    ]
    X, Y = ca.SX.sym("X", case.batch, case.widths[0]), ca.SX.sym("Y", case.batch, case.widths[-1])
    a = X
    for theta in thetas:
        z = a @ theta[1:, :] + ca.repmat(theta[0, :], case.batch, 1)
        a = ca.fmax(z, 0) if case.model == "relu" else 1 / (1 + ca.exp(-z))
    if case.model == "relu":
        rows = [ca.logsumexp(z[n, :].T) for n in range(case.batch)]
        loss = sum(ca.sum2(Y[n, :] * (rows[n] - z[n, :])) for n in range(case.batch)) / case.batch
    else:
        loss = -ca.sum1(ca.sum2(Y * ca.log(a) + (1 - Y) * ca.log(1 - a))) / case.batch
    vector = ca.vertcat(*(ca.vec(theta) for theta in thetas))
    function = ca.Function("network", [*thetas, X, Y], [loss, ca.gradient(loss, vector)])
    with tempfile.TemporaryDirectory() as folder:
        name = function.generate("network.c", {"casadi_int": "long long int"})
        source = Path(folder) / "network.c"
        Path(name).replace(source)
        library = str(source.with_suffix(".so"))
        subprocess.run(
            ["cc", "-O2", "-march=native", "-shared", "-fPIC", str(source), "-o", library, "-lm"], check=True
        )
        compiled = ca.external("network", library)
    theta, inputs, targets = case.arrays()
    buffer, trigger = compiled.buffer()
    given = [part.ravel(order="F") for part in (*theta, inputs, targets)]
    for place, part in enumerate(given):
        buffer.set_arg(place, memoryview(part))
    objective, gradient = np.zeros(1), np.zeros(sum(part.size for part in theta))
    buffer.set_res(0, memoryview(objective))
    buffer.set_res(1, memoryview(gradient))
    ends = np.cumsum([part.size for part in theta])[:-1]

    def read(_):
        parts = zip(np.split(gradient, ends), theta, strict=True)
        return objective[0], [part.reshape(own.shape, order="F") for part, own in parts]

    alive = (compiled, buffer, given)

    def run():
        trigger()
        return alive  # which lie behind the trigger

    return run, read


def scalars(case):
    """SymPy's ``diff`` and ``lambdify`` of a 5-5-5-5 network written out in scalars; the case itself would not end."""
    del case
    import sympy

    letters, below = [], list(sympy.symbols("x:5"))
    for layer in range(3):
        above = []
        for i in range(5):
            own = sympy.symbols(f"w{layer}_{i}_:6")
            letters += own
            above.append(1 / (1 + sympy.exp(-own[5] - sum(w * a for w, a in zip(own[:5], below, strict=True)))))
        below = above
    targets = sympy.symbols("y:5")
    pairs = zip(targets, below, strict=True)
    loss = -sum(y * sympy.log(a) + (1 - y) * sympy.log(1 - a) for y, a in pairs)
    given = (*letters, *sympy.symbols("x:5"), *targets)
    function = sympy.lambdify([given], [loss, *(loss.diff(letter) for letter in letters)])
    values = np.full(len(given), 0.5)
    return lambda: function(values), None


CONTENDERS = (
    Contender("tensorgrad", tensorgrad, library="tensorgrad.compiler"),
    Contender("PyTensor", pytensor, library="pytensor.tensor"),
    Contender("SymPy, 5-5-5-5 in scalars", scalars, lambda case: case.widths == (64,) * 8),
    Contender("CasADi, C", casadi, lambda case: case.is_tiny and case.dtype == "float64", "casadi"),
)
