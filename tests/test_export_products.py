"""Derivatives beside the gradient, against the frameworks' own automatic differentiation and central differences."""

import subprocess
import sys
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from exact_reference import derivatives
from framework_reference import JAX, TORCH, loss, numbers, predict, worst
from program_interpreter import evaluate
from sympy import Abs, Float, Integer, Max, Symbol, exp, log, sin
from test_export_frameworks import WIDTHS, data, network

import symfnn
from symfnn.cli import main
from symfnn.export.build import optimised, plain_program
from symfnn.export.differential import differential
from symfnn.export.product_check import worst_errors_along
from symfnn.export.stable import ErrorComplement, ExpMinusOne, Logistic, Quotient, Softplus, TimesLog, plain_of
from symfnn.export.tangent import along
from symfnn.export.targets import module
from symfnn.model.feedforward import feedforward

WHAT = ("input", "jvp", "vjp", "hvp")
NUMPY = SimpleNamespace(array=np.asarray)
pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")  # PyTorch's own, of its jvp
X, Y = Symbol("x", real=True), Symbol("y", real=True)


def loaded(model, target, what=WHAT):
    names = {"__name__": "exported"}
    exec(compile(module(model, target, what=what, has_formulas=False), "exported", "exec"), names)
    return names


def directions(lib, scale=1.0):
    theta, inputs, targets = data(lib, scale)
    rng = np.random.default_rng(11)
    theta_dot = [lib.array(rng.normal(size=tuple(part.shape))) for part in theta]
    return theta, inputs, targets, theta_dot, lib.array(rng.normal(size=(6, 4))), lib.array(rng.normal(size=(6, 2)))


def by_framework(names, kind, regularizer, reduction, scale):
    """All of them in the order of ``WHAT``, by PyTorch."""
    value = loss(TORCH, names, kind, regularizer, 0.3, reduction)
    theta, inputs, targets, theta_dot, inputs_dot, weights = directions(TORCH, scale)
    outputs = predict(TORCH, names)
    by_inputs = torch.func.grad(lambda x: value(theta, x, targets))(inputs)
    jacobian = torch.func.jvp(outputs, (theta, inputs), (theta_dot, inputs_dot))
    _, pullback = torch.func.vjp(outputs, theta, inputs)
    gradient = torch.func.grad(lambda theta: value(theta, inputs, targets))
    _, hessian = torch.func.jvp(gradient, (theta,), (theta_dot,))
    return [by_inputs], list(jacobian), numbers(pullback(weights)), hessian


def by_module(made, lib, scale):
    theta, inputs, targets, theta_dot, inputs_dot, weights = directions(lib, scale)
    return (
        [made["input_grad"](theta, inputs, targets)],
        made["jvp"](theta, inputs, theta_dot, inputs_dot),
        made["vjp"](theta, inputs, weights),
        made["hvp"](theta, inputs, targets, theta_dot),
    )


@pytest.mark.parametrize("number", range(11))
def test_products_are_those_of_automatic_differentiation(number):
    """JAX and the array API for some networks, since it takes long to make them."""
    names, kind, regularizer, reduction = network(number)
    model = feedforward(WIDTHS, names, kind, regularizer, reduction, 0.3 if regularizer else None)
    targets = [("torch", TORCH)]
    targets += [("array-api", TORCH)] if number % 3 == 1 else []
    targets += [("jax", JAX)] if number % 5 == 0 else []
    modules = [(lib, loaded(model, target)) for target, lib in targets]
    for scale in (1.0, 100.0):
        wanted = by_framework(names, kind, regularizer, reduction, scale)
        for lib, made in modules:
            found = lib.compiled(lambda made=made, lib=lib, scale=scale: by_module(made, lib, scale))()
            for place, (part, expected) in enumerate(zip(found, wanted, strict=True)):
                # where PyTorch has lost the digits of 1 - a, they have to be right
                assert worst(part, expected) < 1e-10 or worst(part, exactly(*network(number), scale)[1 + place]) < 1e-13


@cache
def exactly(names, kind, regularizer, reduction, scale):
    """Objective and gradient, and what ``by_module`` gives."""
    return derivatives(names, kind, regularizer, 0.3, directions(NUMPY, scale), reduction)


@pytest.mark.parametrize("loss", ["cross-entropy", "half-squared-error"])
@pytest.mark.parametrize("target", ["numpy", "torch", "c"])
def test_an_output_that_outweighs_all_others_keeps_its_digits(target, loss):
    """There 1 - a of the softmax has five digits, or none: automatic differentiation of these arrays has no more."""
    names = "relu", "relu", "softmax"
    model = feedforward(WIDTHS, names, loss)
    if target == "c":
        compiled = symfnn.load_c(model, batch=6, what=WHAT, flags=("-std=c99", "-O1"))
        made = {"loss_and_grad": compiled, **compiled.more}
    else:
        made = loaded(model, target)
    lib = TORCH if target == "torch" else NUMPY
    for scale in (60.0, 300.0):
        wanted = exactly(names, loss, None, "mean", scale)
        found = [made["loss_and_grad"](*directions(lib, scale)[:3]), *by_module(made, lib, scale)]
        assert np.max(wanted[2][0]) > 1 - 1e-11
        for part, expected in zip(found, wanted, strict=True):
            assert worst(part, expected) < 1e-13


def test_the_numpy_module_has_them_too():
    names, kind, regularizer, reduction = network(3)
    made = loaded(feedforward(WIDTHS, names, kind, regularizer, reduction, 0.3), "numpy")
    for part, expected in zip(by_module(made, NUMPY, 1.0), by_framework(*network(3), 1.0), strict=True):
        assert worst(part, expected) < 1e-10
    theta, inputs, _, *_ = directions(NUMPY)
    assert np.array_equal(by_module(made, NUMPY, 1.0)[1][0], made["predict"](theta, inputs))


@pytest.mark.parametrize(
    "expression",
    [
        X**3 * Y / (1 + X**2),
        X**Y,
        exp(X * Y) * log(1 + X**2) + sin(X),
        Abs(X - 2 * Y) + Max(X, Y, X * Y),
        Logistic(X * Y) * Softplus(-X) + ExpMinusOne(X) * ErrorComplement(X - Y),
        TimesLog(X + Y, X**2) + Quotient(X * Y, X + 2),
    ],
)
def test_the_differential_of_an_expression(expression):
    """Against central differences at high precision."""
    given, step = {X: Float("0.7", 50), Y: Float("0.3", 50)}, Float("1e-20", 50)
    found = plain_of(differential(expression, {X: Integer(2), Y: -Integer(1)})).subs(given).evalf(40)
    ends = [
        plain_of(expression).subs({X: given[X] + 2 * sign * step, Y: given[Y] - sign * step}).evalf(50)
        for sign in (1, -1)
    ]
    assert abs(found - (ends[0] - ends[1]) / (2 * step)) < 1e-15


def test_what_does_not_depend_on_the_direction_has_no_derivative():
    assert differential(X**2 + Abs(X), {Y: Integer(1)}) == 0
    plain = plain_program(feedforward((2, 2), "identity", "absolute-error"))
    made = optimised(along(plain, ["theta_2"], ["gradient_2"]))
    given = {"X": np.ones((3, 2)), "Y": np.ones((3, 2)), "m": 3, "theta_2": np.ones((3, 2))}
    found = evaluate(made, given | {"theta_2_dot": np.ones((3, 2))})
    assert not found[made.outputs[-1]].any()


def test_a_wrong_product_is_found():
    made = loaded(feedforward((3, 2, 2), ("tanh", "sigmoid"), "cross-entropy"), "numpy")
    right = {name: made[name] for name in ("loss", "loss_and_grad", "predict", "input_grad", "jvp", "vjp", "hvp")}
    assert max(worst_errors_along(right, (3, 2, 2), made["SHAPES"]).values()) < 1e-6
    wrong = {
        "input_grad": lambda *given: 1.01 * made["input_grad"](*given),
        "jvp": lambda *given: (None, 1.01 * made["jvp"](*given)[1]),
        "vjp": lambda *given: (made["vjp"](*given)[0], 0 * made["vjp"](*given)[1]),
        "hvp": lambda *given: [1.01 * part for part in made["hvp"](*given)],
    }
    for name, found in worst_errors_along(right | wrong, (3, 2, 2), made["SHAPES"]).items():
        assert found > 1e-3, name


def test_the_command_line_writes_what_is_asked_for(tmp_path):
    path = tmp_path / "grad.py"
    given = ["export", "--layers", "3-2", "--activation", "tanh", "--loss", "huber", "-o", str(path)]
    assert CliRunner().invoke(main, [*given, "--what", "gradient,input,jvp,vjp,hvp"]).exit_code == 0
    run = subprocess.run([sys.executable, "-W", "error", path, "--check"], capture_output=True, text=True, check=True)
    errors_of = dict(line.rsplit(": ", 1) for line in run.stdout.splitlines())
    assert [name.split()[-1] for name in errors_of] == ["gradient", "input_grad", "jvp", "vjp", "hvp"]
    assert all(float(error) < 1e-6 for error in errors_of.values())
    text = path.read_text(encoding="utf-8")
    assert r"\delta_{i}^{(2)} = v_{i} " in text
    assert r"\partial E / \partial x_{i} = " in text
    refused = CliRunner().invoke(main, [*given, "--what", "hessian"])
    assert refused.exit_code == 2
    assert "unknown derivative 'hessian'" in refused.output


def test_a_second_derivative_that_is_zero_where_the_loss_is_linear():
    """δ of the absolute error does not depend on the direction: its sum has no derivative, but a shape."""
    made = loaded(feedforward((2, 3, 2), "identity", "absolute-error"), "numpy", ("hvp",))
    rng = np.random.default_rng(2)
    theta = [rng.normal(size=(3, 3)), rng.normal(size=(4, 2))]
    found = made["hvp"](theta, rng.normal(size=(4, 2)), rng.uniform(size=(4, 2)), theta)
    assert [part.shape for part in found] == [(3, 3), (4, 2)]
    assert not found[1][0].any()
    assert found[1][1:].any()
