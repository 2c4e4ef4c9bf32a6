"""The NumPy module as users get it: alone, checked by itself, with its formulas, equal to the compiled function."""

import ast
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from click.testing import CliRunner
from sympy import Abs, Function, Lambda, Piecewise, Symbol, sin

from symfnn import errors
from symfnn.cli import main
from symfnn.export.gradient_check import worst_relative_error
from symfnn.export.numpy import lambdify
from symfnn.export.numpy_module import module
from symfnn.model.feedforward import feedforward

WIDTHS = (4, 3, 2)


def run(*arguments):
    return CliRunner().invoke(main, ["export", *arguments])


def loaded(text):
    names = {"__name__": "exported"}
    exec(compile(text, "exported", "exec"), names)
    return names


def numbers(dtype=float):
    rng = np.random.default_rng(5)
    theta = [rng.normal(size=(p + 1, q)).astype(dtype) for p, q in pairwise(WIDTHS)]
    return theta, rng.normal(size=(6, 4)).astype(dtype), rng.uniform(size=(6, 2)).astype(dtype)


@pytest.mark.parametrize(
    ("activation", "loss", "more"),
    [
        ("sigmoid", "cross-entropy", []),
        ("gelu,softmax", "softmax-cross-entropy", ["--regularizer", "l2", "--strength", "0.1"]),
        ("relu,softsign", "huber", ["--regularizer", "elastic-net", "--strength", "2", "--reduction", "sum"]),
        ("silu,softplus", "cross-entropy", ["--dtype", "float32"]),
        ("elu,relu", "cross-entropy", ["--dtype", "float64"]),
        ("tanh,sigmoid", "cross-entropy", ["--workspace"]),
    ],
)
def test_the_module_runs_alone_and_checks_itself(tmp_path, activation, loss, more):
    target = tmp_path / "grad.py"
    result = run("--layers", "4-3-2", "--activation", activation, "--loss", loss, *more, "-o", str(target))
    assert (result.exit_code, result.output) == (0, "")
    checked = subprocess.run(
        [sys.executable, "-W", "error", str(target), "--check"], capture_output=True, text=True, check=True
    )
    assert checked.stdout.startswith("worst relative error of the gradient: ")
    assert float(checked.stdout.split()[-1]) < 1e-6
    tree = ast.parse(target.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"numpy", "numpy.typing", "argparse", "sys", "collections.abc", "itertools", "math", "typing"}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            assert ast.get_docstring(node)
            assert node.returns is not None
            assert all(argument.annotation is not None for argument in node.args.args)


def test_a_wrong_gradient_is_found():
    names = loaded(module(feedforward(WIDTHS, "tanh", "huber")))

    def wrong(theta, X, Y):
        value, gradients = names["loss_and_grad"](theta, X, Y)
        return value, [gradients[0] * 1.001, gradients[1]]

    assert worst_relative_error(names["loss"], names["loss_and_grad"], WIDTHS, names["SHAPES"]) < 1e-8
    assert worst_relative_error(names["loss"], wrong, WIDTHS, names["SHAPES"]) > 1e-4


def test_a_loss_that_is_never_finite_is_said_to_be():
    assert np.isnan(worst_relative_error(None, lambda *_: (np.nan, []), WIDTHS, [(2, 2)]))


def test_loss_and_prediction_are_those_of_the_gradient():
    model = feedforward(WIDTHS, ("silu", "softmax"), "softmax-cross-entropy", "l1", strength=0.2)
    names, function = loaded(module(model)), lambdify(model)
    theta, inputs, targets = numbers()
    objective, gradients = function(theta, inputs, targets)
    assert names["loss"](theta, inputs, targets) == objective
    for found, wanted in zip(names["loss_and_grad"](theta, inputs, targets)[1], gradients, strict=True):
        assert np.array_equal(found, wanted)
    outputs = names["predict"](theta, inputs)
    assert np.allclose(outputs.sum(axis=1), 1, rtol=1e-15)
    by_outputs = -(targets * np.log(outputs)).sum() / 6 + 0.2 * sum(np.abs(part[1:]).sum() for part in theta) / 6
    assert objective == pytest.approx(by_outputs, rel=1e-13)


def test_parameters_as_one_vector_and_back():
    names = loaded(module(feedforward(WIDTHS, "tanh", "huber")))
    theta, _, _ = numbers()
    vector = names["flatten"](theta)
    assert vector.shape == (names["SIZE"],) == (23,)
    for part, wanted in zip(names["unflatten"](vector), theta, strict=True):
        assert np.shares_memory(part, vector)
        assert np.array_equal(part, wanted)
    with pytest.raises(ValueError, match="23"):
        names["unflatten"](vector[1:])


def test_arguments_are_converted_where_a_type_is_asked_for():
    model = feedforward(WIDTHS, "tanh", "huber")
    theta, inputs, targets = numbers()
    value, gradients = loaded(module(model, dtype="float32"))["loss_and_grad"](theta, inputs, targets)
    assert {part.dtype for part in (value, *gradients)} == {np.dtype(np.float32)}
    value, gradients = loaded(module(model))["loss_and_grad"](*numbers(np.float32))
    assert {part.dtype for part in (value, *gradients)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("loss", ["absolute-error", "half-squared-error", "huber"])
def test_the_slope_of_relu_is_a_comparison_and_keeps_the_type(loss):
    text = module(feedforward(WIDTHS, "relu", loss), what=("hvp", "input"))
    assert "* (a_2 > 0)" in text
    names = loaded(text)
    theta, inputs, targets = numbers(np.float32)
    value, gradients = names["loss_and_grad"](theta, inputs, targets)
    products = names["hvp"](theta, inputs, targets, theta)
    found = [value, *gradients, *products, names["input_grad"](theta, inputs, targets)]
    assert {part.dtype for part in found} == {np.dtype(np.float32)}


def test_formulas_and_conventions_are_in_the_text():
    text = module(feedforward(WIDTHS, ("relu", "sigmoid"), "cross-entropy", "l1", strength=0.2))
    assert r"# A18: \delta_{i}^{(3)} = a_{i}^{(3)} - y_{i}" in text
    assert r"# A19.2: \partial J / \partial b_{i}^{(2)} = \frac{1}{m} \sum_{n=1}^{m} \delta_{i}^{(2)(n)}" in text
    assert "relu has a kink at 0: its slope there is taken as f'(0) = 0." in text
    assert "sign(0) = 0" in text
    z = Symbol("z", real=True)
    own = module(feedforward(WIDTHS, (Lambda(z, Piecewise((z, z > 1), (Abs(z), True))), "sigmoid"), "cross-entropy"))
    assert "Where pieces meet, a slope is that of the piece that holds there." in own
    assert "sign(0) = 0" in own
    assert "generated by symfnn 0.1" in text
    assert "# A17" not in module(feedforward(WIDTHS, "tanh", "huber"), has_formulas=False)


def test_own_functions_are_written_out_and_nothing_else_of_them():
    z = Symbol("z; import os", real=True)
    text = module(feedforward(WIDTHS, (Lambda(z, z * sin(z)), "sigmoid"), "cross-entropy"))
    assert "np.sin" in text
    assert "import os" not in text
    with pytest.raises(errors.ModelError, match="no form with arrays"):
        module(feedforward(WIDTHS, (Lambda(z, Function("system")(z)), "sigmoid"), "cross-entropy"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (["--activation", "sigmoyd"], "unknown activation 'sigmoyd'"),
        (["--layers", "3--2"], "--layers takes positive widths"),
        (["--regularizer", "l2"], "strength"),
        (["--strength", "1"], "strength without a regularizer"),
        (["--target", "fortran"], "'fortran' is not"),
        (["--loss", "softmax-cross-entropy", "--activation", "tanh,tanh"], "softmax as output activation"),
        (["-o", "/nowhere/grad.py"], "cannot write"),
    ],
)
def test_one_sentence_for_what_cannot_be(change, sentence):
    result = run("--layers", "4-3-2", "--activation", "tanh", "--loss", "huber", *change)
    assert result.exit_code == 2
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_the_text_goes_to_stdout():
    result = run("--layers", "4-3-2", "--activation", "tanh", "--loss", "huber")
    assert result.exit_code == 0
    assert result.stdout == module(feedforward(WIDTHS, "tanh", "huber"))
