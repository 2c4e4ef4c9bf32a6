"""The modules for JAX, PyTorch and the array API, against the frameworks' own automatic differentiation."""

import ast
import sys
from itertools import pairwise
from types import ModuleType

import dask
import dask.array as da
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from click.testing import CliRunner
from framework_reference import JAX, TORCH, loss, quickly, worst

from symfnn import errors
from symfnn.cli import main
from symfnn.export.targets import module
from symfnn.model.activations import NAMES
from symfnn.model.feedforward import feedforward
from symfnn.model.losses import NAMES as LOSSES
from symfnn.model.regularizers import NAMES as REGULARIZERS

WIDTHS = (4, 3, 5, 2)
LIBRARIES = (("jax", JAX), ("torch", TORCH), ("array-api", TORCH), ("array-api", JAX))


def loaded(model, target, **more):
    made = ModuleType("exported")
    sys.modules["exported"] = made  # where PyTorch looks for the functions that it compiles
    exec(compile(module(model, target, has_formulas=False, **more), "exported", "exec"), vars(made))
    return vars(made)


def network(number):
    """Every activation as hidden and as output layer; outputs in (0, 1) where the loss needs that."""
    kind = LOSSES[number % len(LOSSES)]
    names = [NAMES[(number + place) % len(NAMES)] for place in range(3)]
    if kind == "softmax-cross-entropy":
        names[2] = "softmax"
    if kind == "cross-entropy":
        names[2] = ("sigmoid", "softmax")[number % 2]
    regularizer = (None, *REGULARIZERS)[number % 4]
    return tuple(names), kind, regularizer, ("mean", "sum")[number % 2]


def data(lib, scale=1.0):
    rng = np.random.default_rng(7)
    theta = [lib.array(rng.normal(size=(p + 1, q)) / 2) for p, q in pairwise(WIDTHS)]
    return theta, lib.array(scale * rng.normal(size=(6, 4))), lib.array(rng.uniform(size=(6, 2)))


def gradient(lib, reference):
    """The value of a function of theta, X and Y, and its gradient by theta, by the framework's own differentiation."""
    return lib.compiled(lambda *given: [reference(*given), *lib.derivative(reference)(*given)])


@pytest.mark.parametrize("number", range(11))
def test_gradients_are_those_of_automatic_differentiation(number):
    """Of PyTorch for all; of JAX, whose compilation takes longer, for some."""
    names, kind, regularizer, reduction = network(number)
    model = feedforward(WIDTHS, names, kind, regularizer, reduction, 0.3 if regularizer else None)
    modules = {target: loaded(model, target) for target in ("jax", "torch", "array-api")}
    some = number % 4 == 0
    libraries = LIBRARIES if some else LIBRARIES[:-1]
    compared = [gradient(lib, loss(lib, names, kind, regularizer, 0.3, reduction)) for lib in (TORCH, JAX)]
    ours = [(lib, lib.compiled(modules[target]["loss_and_grad"])) for target, lib in libraries]
    for scale in (1.0, 300.0):
        wanted = compared[0](*data(TORCH, scale))
        assert not some or worst(compared[1](*data(JAX, scale)), wanted) < 1e-10
        for lib, function in ours:
            assert worst(function(*data(lib, scale)), wanted) < 1e-10


@pytest.mark.parametrize("number", [1, 8])
def test_the_loss_has_the_derived_gradient_as_its_derivative(number):
    """By theta, X and Y, behind and before other functions; by whole numbers there is none."""
    names, kind, regularizer, reduction = network(number)
    model = feedforward(WIDTHS, names, kind, regularizer, reduction, 0.3 if regularizer else None)
    reference = loss(JAX, names, kind, regularizer, 0.3, reduction)
    theta, inputs, targets = data(JAX)
    wanted = quickly(jax.grad(lambda *given: reference(*given) ** 2, (0, 1, 2)))(theta, inputs, targets)
    own = loaded(model, "jax")["loss"]
    assert worst(quickly(jax.grad(lambda *given: own(*given) ** 2, (0, 1, 2)))(theta, inputs, targets), wanted) < 1e-12
    by_parts = quickly(jax.grad(own))(tuple(theta), inputs, (targets > 0.5).astype(int))
    assert isinstance(by_parts, tuple)

    theta, inputs, targets = data(TORCH)
    for part in (*theta, inputs, targets):
        part.requires_grad_()
    own = loaded(model, "torch")["loss"]
    (own(theta, inputs, targets) ** 2).backward()
    assert worst([part.grad for part in (*theta, inputs, targets)], wanted) < 1e-12
    by_function = torch.func.grad(lambda theta, x, y: own(theta, x, y) ** 2)(*data(TORCH))
    assert worst(by_function, wanted[0]) < 1e-12


@pytest.mark.parametrize("target", ["numpy", "jax", "torch", "array-api"])
@pytest.mark.parametrize("number", [0, 1, 6])
def test_separate_parameters_give_the_same(target, number):
    """Weights of PyTorch have a row for each neuron of their own layer; a vector has the parts in order."""
    names, kind, regularizer, reduction = network(number)
    model = feedforward(WIDTHS, names, kind, regularizer, reduction, 0.3 if regularizer else None)
    what = ("input", "jvp", "vjp", "hvp")
    array = {"torch": torch.tensor, "array-api": torch.tensor, "jax": jnp.asarray, "numpy": np.asarray}[target]
    plain = loaded(model, "numpy", what=what)
    made = loaded(model, target, what=what, layout="separate")
    given = [[*map(np.asarray, part)] if isinstance(part, list) else np.asarray(part) for part in data(JAX)]
    theta, inputs, targets = given

    def apart(stacked):
        return [own for part in stacked for own in (part[1:].T if target == "torch" else part[1:], part[0])]

    def taken(parts):
        return [array(np.array(part)) for part in apart(parts)]

    rng = np.random.default_rng(3)
    dots, inputs_dot = [rng.normal(size=part.shape) for part in theta], rng.normal(size=inputs.shape)
    x, y, x_dot = array(inputs), array(targets), array(inputs_dot)
    value, gradients = plain["loss_and_grad"](theta, inputs, targets)
    assert worst(made["loss_and_grad"](taken(theta), x, y), [value, *apart(gradients)]) < 1e-12
    assert worst(made["loss"](taken(theta), x, y), value) < 1e-12
    assert worst(made["input_grad"](taken(theta), x, y), plain["input_grad"](*given)) < 1e-12
    assert (
        worst(made["jvp"](taken(theta), x, taken(dots), x_dot), plain["jvp"](theta, inputs, dots, inputs_dot)) < 1e-12
    )
    by_theta, by_inputs = plain["vjp"](theta, inputs, targets)
    assert worst(made["vjp"](taken(theta), x, y), [*apart(by_theta), by_inputs]) < 1e-12
    assert worst(made["hvp"](taken(theta), x, y, taken(dots)), apart(plain["hvp"](*given, dots))) < 1e-12
    vector = made["flatten"](taken(theta))
    assert worst(made["unflatten"](vector), apart(theta)) == 0


def test_a_module_of_torch_is_trained_with_its_own_parameters():
    """In float32, with whole numbers as targets."""
    torch.manual_seed(0)
    layers = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2))
    model = feedforward((4, 3, 2), ("relu", "sigmoid"), "cross-entropy", reduction="sum")
    made = loaded(model, "torch", layout="separate")
    inputs, targets = torch.rand(5, 4), torch.tensor([[0, 1]] * 5)
    wanted = torch.nn.functional.binary_cross_entropy_with_logits(layers(inputs), targets.float(), reduction="sum")
    wanted.backward()
    value, gradients = made["loss_and_grad"]([*layers.parameters()], inputs, targets)
    assert worst([value, *gradients], [wanted, *(part.grad for part in layers.parameters())]) < 1e-5
    for part in layers.parameters():
        part.grad = None
    made["loss"]([*layers.parameters()], inputs, targets).backward()
    assert worst([part.grad for part in layers.parameters()], gradients) < 1e-6


def test_jax_functions_are_pure():
    names = loaded(feedforward(WIDTHS, ("gelu", "softmax"), "softmax-cross-entropy", "l2", strength=0.1), "jax")
    theta, inputs, targets = data(JAX)
    one = quickly(names["loss_and_grad"])
    each = [one(theta, inputs[n : n + 1], targets[n : n + 1]) for n in range(6)]
    spread = (theta, inputs[:, None], targets[:, None])
    together = quickly(jax.vmap(names["loss_and_grad"], (None, 0, 0)))(*spread)
    by_loss = quickly(jax.vmap(jax.value_and_grad(names["loss"]), (None, 0, 0)))(*spread)
    wanted = jax.tree.map(lambda *parts: jnp.stack(parts), *each)
    assert worst(together, wanted) < 1e-12
    assert worst(by_loss, wanted) < 1e-12
    mapped = jax.pmap(names["loss_and_grad"])([part[None] for part in theta], inputs[None, :1], targets[None, :1])
    assert worst(jax.tree.map(lambda part: part[0], mapped), each[0]) < 1e-12


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of PyTorch's own tracer
def test_torch_functions_are_compiled_whole():
    names = loaded(feedforward(WIDTHS, ("silu", "sigmoid"), "cross-entropy", "l2", strength=0.1), "torch")
    given = data(TORCH)
    compiled = torch.compile(names["loss_and_grad"], backend="aot_eager", fullgraph=True)
    assert worst(compiled(*given), names["loss_and_grad"](*given)) < 1e-12
    value = torch.compile(names["loss"], backend="aot_eager", fullgraph=True)
    for part in given[0]:
        part.requires_grad_()
    value(*given).backward()
    assert worst([part.grad for part in given[0]], names["loss_and_grad"](*given)[1]) < 1e-12


@pytest.mark.parametrize("target", ["jax", "torch", "array-api"])
def test_kinks_take_the_piece_as_written(target):
    lib = TORCH if target == "torch" else JAX
    array = lambda given: lib.array(np.array(given))  # noqa: E731
    zero = [array([[0.0], [1.0]])]
    for names, kind, theta, inputs, outputs, slope in (
        (("relu", "identity"), "half-squared-error", zero * 2, 0.0, 1.0, 0.0),
        (("leaky-relu", "identity"), "half-squared-error", zero * 2, 0.0, 1.0, -0.01),
        (("identity",), "absolute-error", zero, 2.0, 2.0, 0.0),
        (("identity",), "huber", zero, 1.0, 2.0, -1.0),
    ):
        names_of = loaded(feedforward((1,) * (len(theta) + 1), names, kind), target)
        _, gradients = names_of["loss_and_grad"](theta, array([[inputs]]), array([[outputs]]))
        assert float(gradients[0][0, 0]) == slope
    regularised = loaded(feedforward((1, 1), "identity", "half-squared-error", "l1", strength=0.5), target)
    _, gradients = regularised["loss_and_grad"]([array([[1.0], [0.0]])], array([[1.0]]), array([[1.0]]))
    assert not np.asarray(gradients[0]).any()


@pytest.mark.parametrize(("target", "library"), [("jax", "jax"), ("torch", "torch"), ("array-api", "array_api_compat")])
def test_a_module_checks_itself(tmp_path, monkeypatch, capsys, target, library):
    path = tmp_path / "grad.py"
    arguments = ["--layers", "3-2", "--activation", "gelu", "--loss", "huber", "--target", target, "-o", str(path)]
    assert CliRunner().invoke(main, ["export", *arguments]).exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert r"# A18: \delta_{i}^{(2)} = " in text
    tree = ast.parse(text)
    imported = {alias.name.partition(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported - {"argparse", "collections.abc", "itertools", "math", "numpy", "sys", "typing"} == {library}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node in tree.body:
            assert ast.get_docstring(node)
            assert node.returns is not None
    names = {"__name__": "exported"}
    exec(compile(text, "exported", "exec"), names)
    monkeypatch.setattr("sys.argv", ["grad.py", "--check"])
    assert names["main"]() == 0
    assert float(capsys.readouterr().out.split()[-1]) < 1e-6


def test_dask_arrays_stay_lazy():
    names = loaded(feedforward(WIDTHS, ("gelu", "softmax"), "softmax-cross-entropy", "l2", strength=0.1), "array-api")
    theta, inputs, targets = (
        [*map(np.asarray, part)] if isinstance(part, list) else np.asarray(part) for part in data(JAX)
    )
    chunked = [da.from_array(part) for part in theta], da.from_array(inputs, (2, 4)), da.from_array(targets, (2, 2))
    value, gradients = names["loss_and_grad"](*chunked)
    assert isinstance(gradients[0], da.Array)
    found = dask.compute(value, *gradients, scheduler="sync")
    assert worst(found, names["loss_and_grad"](theta, inputs, targets)) < 1e-12


@pytest.mark.parametrize("target", ["jax", "torch", "array-api"])
def test_parameters_as_one_vector_and_back(target):
    names = loaded(feedforward(WIDTHS, "tanh", "huber"), target)
    theta, _, _ = data(TORCH if target == "torch" else JAX)
    vector = names["flatten"](theta)
    assert tuple(vector.shape) == (names["SIZE"],)
    assert worst(names["unflatten"](vector), theta) == 0
    with pytest.raises(ValueError, match=str(names["SIZE"])):
        names["unflatten"](vector[1:])


def test_one_sentence_for_what_a_target_lacks():
    model = feedforward(WIDTHS, "tanh", "huber")
    for target, more, sentence in (
        ("jax", {"dtype": "float32"}, "arguments of jax keep theirs"),
        ("torch", {"has_workspace": True}, "a workspace is for the target numpy"),
        ("cuda", {}, "unknown target 'cuda'"),
        ("numpy", {"layout": "flat"}, "unknown layout 'flat': choose stacked or separate"),
        ("numpy", {"layout": "separate", "has_workspace": True}, "a workspace takes stacked parameters"),
    ):
        with pytest.raises(errors.ModelError, match=sentence):
            module(model, target, **more)


def test_torch_lets_go_of_what_nothing_needs():
    """A value that is kept for the error is the last that is let go of; what is returned never is."""
    text = module(feedforward(WIDTHS, "sigmoid", "cross-entropy"), "torch", has_formulas=False)
    body = text[text.index("def loss_and_grad") : text.index("return J, [")]
    gone = [
        name
        for line in body.splitlines()
        if line.strip().startswith("del ")
        for name in line.split("del ")[1].split(", ")
    ]
    assert gone[0] == "z_2"
    assert len(gone) == len(set(gone))
    assert {"a_2", "a_3", "delta_2", "delta_3"} <= set(gone)
    assert not {"J", "m", "w_2"} & set(gone)
