"""Networks of other libraries: the same outputs, losses and gradients; what does not fit is named."""

import warnings

import numpy as np
import pytest
from sympy import Lambda

from symfnn import errors
from symfnn.export.numpy import lambdify
from symfnn.export.numpy_module import module
from symfnn.model.feedforward import feedforward
from symfnn.weights.npz import load_theta, save_theta
from symfnn.weights.onnx_file import from_onnx
from symfnn.weights.pytorch import from_torch
from symfnn.weights.scikit_learn import from_sklearn

RNG = np.random.default_rng(3)


def predicted(model, theta, X):
    names = {"__name__": "exported"}
    exec(compile(module(model, has_formulas=False), "exported", "exec"), names)
    return names["predict"](theta, X)


def test_parameters_in_a_file_and_back(tmp_path):
    theta = [RNG.normal(size=(5, 3)), RNG.normal(size=(4, 2)).astype(np.float32)]
    save_theta(tmp_path / "theta.npz", theta)
    for found, wanted in zip(load_theta(tmp_path / "theta.npz", feedforward((4, 3, 2))), theta, strict=True):
        assert found.dtype == wanted.dtype
        assert np.array_equal(found, wanted)
    with pytest.raises(errors.ShapeError, match=r"theta has the shapes .* but this model needs \[\(5, 2\)"):
        load_theta(tmp_path / "theta.npz", feedforward((4, 2, 2)))


def test_files_that_are_none(tmp_path):
    (tmp_path / "text.npz").write_text("theta")
    np.savez(tmp_path / "other.npz", weights=np.ones(3))
    np.savez(tmp_path / "unfit.npz", theta_2=np.ones((3, 2)), theta_3=np.ones((4, 2)))
    np.savez(tmp_path / "vector.npz", theta_2=np.ones(3))
    np.save(tmp_path / "one.npy", np.ones(3))
    for name, kind, message in [
        ("text.npz", errors.DocumentError, "is no .npz file of arrays"),
        ("one.npy", errors.DocumentError, "is no .npz file of arrays"),
        ("none.npz", errors.DocumentError, "No such file"),
        ("other.npz", errors.DocumentError, "holds weights, not theta_2, theta_3"),
        ("unfit.npz", errors.ShapeError, r"theta_3 has shape \(4, 2\), but 2 neurons .* need 3 rows"),
        ("vector.npz", errors.ShapeError, "no matrix of real numbers"),
    ]:
        with pytest.raises(kind, match=message):
            load_theta(tmp_path / name)
    with pytest.raises(errors.OutputError, match="cannot write"):
        save_theta(tmp_path / "none" / "theta.npz", [np.ones((2, 2))])


def fitted(kind, targets, **settings):
    networks = pytest.importorskip("sklearn.neural_network")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # three steps do not converge
        X = np.random.default_rng(0).normal(size=(60, 5))
        estimator = getattr(networks, kind)(hidden_layer_sizes=(7, 4), max_iter=3, random_state=1, **settings)
        return estimator.fit(X, targets), X


LABELS = np.arange(60) % 3


@pytest.mark.parametrize(
    ("kind", "targets", "encoded", "settings"),
    [
        ("MLPClassifier", LABELS, np.eye(3)[LABELS], {"activation": "relu", "alpha": 0.3}),
        ("MLPClassifier", LABELS > 0, (LABELS > 0)[:, None].astype(float), {"activation": "logistic", "alpha": 0.0}),
        ("MLPRegressor", np.sin(LABELS), np.sin(LABELS)[:, None], {"activation": "tanh", "alpha": 2.0}),
        ("MLPRegressor", np.eye(3)[LABELS], np.eye(3)[LABELS], {"activation": "identity"}),
    ],
)
def test_the_gradient_of_scikit_learn_itself(kind, targets, encoded, settings):
    estimator, X = fitted(kind, targets, **settings)
    model, theta = from_sklearn(estimator)
    J, gradients = lambdify(model)(theta, X, encoded)
    units = [X.shape[1], 7, 4, estimator.n_outputs_]
    given = [X] + [np.empty((60, width)) for width in units[1:]]
    empty = [[np.empty_like(part) for part in parts] for parts in (given[1:], estimator.coefs_, estimator.intercepts_)]
    loss, weights, biases = estimator._backprop(X, encoded, None, given, *empty)
    if estimator.n_outputs_ == 1 or kind == "MLPClassifier":
        assert pytest.approx(loss, rel=1e-10) == J
    for found, weight, bias in zip(gradients, weights, biases, strict=True):
        wanted = np.vstack([bias, weight])
        assert np.abs(found - wanted).max() <= 1e-10 * np.abs(wanted).max()


def test_what_is_no_network_of_scikit_learn():
    networks = pytest.importorskip("sklearn.neural_network")
    with pytest.raises(errors.ModelError, match="an MLPClassifier or MLPRegressor is needed, not list"):
        from_sklearn([])
    with pytest.raises(errors.ModelError, match="this MLPClassifier is not fitted"):
        from_sklearn(networks.MLPClassifier())
    estimator, _ = fitted("MLPRegressor", np.exp(np.sin(LABELS)), loss="poisson")
    with pytest.raises(errors.ModelError, match="the activation 'exp' of this MLPRegressor has no counterpart"):
        from_sklearn(estimator)


torch = pytest.importorskip("torch", reason="networks of PyTorch need it")
nn = torch.nn


def sequential(*layers):
    torch.manual_seed(0)
    return nn.Sequential(*layers).double()


def test_every_activation_of_pytorch_gives_its_outputs():
    kinds = [
        nn.Sigmoid,
        nn.Tanh,
        nn.ReLU,
        nn.LeakyReLU,
        nn.ELU,
        nn.Softplus,
        nn.SiLU,
        nn.GELU,
        nn.Softsign,
        nn.Identity,
    ]
    X = RNG.normal(size=(9, 4))
    for kind in kinds:
        network = sequential(nn.Flatten(), nn.Linear(4, 5), kind(), nn.Sequential(nn.Linear(5, 3), nn.Softmax(dim=1)))
        model, theta = from_torch(network)
        wanted = network(torch.tensor(X)).detach().numpy()
        assert np.allclose(predicted(model, theta, X), wanted, rtol=1e-8, atol=1e-12)


def test_the_gradient_of_pytorch_itself():
    """Logits, with the cross-entropy that PyTorch takes of them; a layer without biases."""
    network = sequential(nn.Linear(4, 5), nn.GELU(), nn.Linear(5, 3, bias=False))
    model, theta = from_torch(network, "softmax-cross-entropy")
    X, Y = RNG.normal(size=(9, 4)), np.eye(3)[np.arange(9) % 3]
    loss = nn.functional.cross_entropy(network(torch.tensor(X)), torch.tensor(Y))
    loss.backward()
    J, gradients = lambdify(model)(theta, X, Y)
    assert pytest.approx(loss.item(), rel=1e-12) == J
    wanted = [parameter.grad.numpy() for parameter in network.parameters()]
    assert np.allclose(gradients[0], np.vstack([wanted[1], wanted[0].T]), rtol=1e-10, atol=1e-14)
    assert np.allclose(gradients[1][1:], wanted[2].T, rtol=1e-10, atol=1e-14)
    assert not theta[1][0].any()


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ((nn.Conv2d(1, 2, 3),), r"the layer '0' \(Conv2d\) has no counterpart here"),
        ((nn.Sequential(nn.Linear(2, 2), nn.Dropout()),), r"the layer '0.1' \(Dropout\) has no counterpart here"),
        ((nn.ReLU(), nn.Linear(2, 2)), r"the layer '0' \(ReLU\) does not stand behind a Linear layer"),
        ((nn.Linear(2, 2), nn.ReLU(), nn.Tanh()), r"the layer '2' \(Tanh\) does not stand behind a Linear layer"),
        ((nn.Linear(2, 2), nn.LeakyReLU(0.2)), r"the layer '1' \(LeakyReLU\) has negative_slope 0.2, but only 0.01"),
        ((nn.Linear(2, 2), nn.GELU("tanh")), r"the layer '1' \(GELU\) has approximate 'tanh', but only 'none'"),
        ((nn.Linear(2, 2), nn.Softmax(dim=0)), r"the layer '1' \(Softmax\) runs along axis 0"),
        (
            (nn.Linear(2, 3), nn.ReLU(), nn.Linear(2, 1)),
            "the layer '2' takes 2 inputs, but the layer '0' has 3",
        ),
        ((nn.Flatten(),), "this Sequential has no layer with weights"),
    ],
)
def test_what_does_not_fit_in_pytorch_is_named(layers, message):
    with pytest.raises(errors.ModelError, match=message):
        from_torch(nn.Sequential(*layers))


def test_numbers_that_numpy_does_not_have():
    with pytest.raises(errors.ModelError, match=r"the layer '0' holds torch.bfloat16, which NumPy does not have"):
        from_torch(nn.Sequential(nn.Linear(2, 2)).to(torch.bfloat16))


onnx = pytest.importorskip("onnx", reason="ONNX files need it")


def exported(network, path, inputs=4):
    """By PyTorch's own exporter for the older format, which needs no further package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(network, (torch.zeros(5, inputs, dtype=torch.double),), path, dynamo=False)


@pytest.mark.parametrize("hidden", [nn.GELU, nn.SiLU, nn.ReLU, nn.ELU, nn.LeakyReLU, nn.Softsign, nn.Softplus])
def test_a_file_that_pytorch_has_exported(tmp_path, hidden):
    network = sequential(nn.Linear(4, 5), hidden(), nn.Dropout(), nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 3)).eval()
    exported(network, tmp_path / "network.onnx")
    model, theta = from_onnx(tmp_path / "network.onnx", "softmax-cross-entropy", "l2", strength=0.1)
    X, Y = RNG.normal(size=(9, 4)), np.eye(3)[np.arange(9) % 3]
    loss = nn.functional.cross_entropy(network(torch.tensor(X)), torch.tensor(Y))
    loss = loss + 0.05 / 9 * sum((parameter**2).sum() for parameter in network.parameters() if parameter.ndim == 2)
    loss.backward()
    J, gradients = lambdify(model)(theta, X, Y)
    assert pytest.approx(loss.item(), rel=1e-10) == J
    wanted = [parameter.grad.numpy() for parameter in network.parameters()]
    for found, weight, bias in zip(gradients, wanted[::2], wanted[1::2], strict=True):
        assert np.abs(found - np.vstack([bias, weight.T])).max() <= 1e-10 * np.abs(weight).max()


def graph(*nodes, **arrays):
    """A graph from x of four numbers to the output of the last node; each node a kind, its inputs, and settings."""
    made = [
        onnx.helper.make_node(kind, inputs.split(), [f"n{place}"], name=f"{kind}_{place}", **settings)
        for place, (kind, inputs, settings) in enumerate(nodes, 1)
    ]
    value = [onnx.helper.make_tensor_value_info(name, 1, None) for name in ("x", f"n{len(nodes)}")]
    given = [onnx.numpy_helper.from_array(np.asarray(array, np.float32), name) for name, array in arrays.items()]
    return onnx.helper.make_model(onnx.helper.make_graph(made, "g", value[:1], value[1:], given))


W, B = RNG.normal(size=(4, 3)), RNG.normal(size=3)


def test_products_and_sums_as_layers():
    given = graph(
        ("Flatten", "x", {}), ("MatMul", "n1 W", {}), ("Add", "b n2", {}), ("Sin", "n3", {}), ("Identity", "n4", {}),
        ("Gemm", "n5 V c", {"alpha": 2.0, "beta": 3.0}), ("Softmax", "n6", {"axis": 1}),
        W=W, b=B, V=W[:3, :2], c=B[:2],
    )  # fmt: skip
    model, theta = from_onnx(given)
    X = RNG.normal(size=(5, 4)).astype(np.float32)
    states = np.sin(X @ W + B) @ (2 * W[:3, :2]) + 3 * B[:2]
    powers = np.exp(states - states.max(axis=1, keepdims=True))
    assert np.allclose(predicted(model, theta, X), powers / powers.sum(axis=1, keepdims=True), rtol=1e-5)
    assert [part.dtype for part in theta] == [np.float32, np.float32]
    assert isinstance(dict(model.functions)["f"].rule, Lambda)


LAYER = (("Gemm", "x W b", {}),)


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ((("Conv", "x W", {}),), r"the node 'Conv_1' \(Conv\) has no place in a chain of layers"),
        ((*LAYER, ("LogSoftmax", "n1", {})), r"the node 'LogSoftmax_2' \(LogSoftmax\) has no place"),
        ((("Div", "x h", {}), ("Gemm", "n1 W b", {})), r"the node 'Div_1' \(Div\) does not act on the state"),
        ((*LAYER, ("Tanh", "n1", {}), ("Add", "n2 b", {})), r"the node 'Add_3' \(Add\) adds a row"),
        ((*LAYER, ("Mul", "n1 b", {})), r"the node 'Mul_2' \(Mul\) takes a number for each neuron"),
        ((*LAYER, ("Gemm", "n1 Q", {}), ("Add", "n1 n2", {})), r"the node 'Add_3' \(Add\) does not act on the state"),
        ((*LAYER, ("Elu", "n1", {"alpha": 2.0})), r"the node 'Elu_2' \(Elu\) has alpha 2, but only 1 is known"),
        ((*LAYER, ("Gelu", "n1", {"approximate": "tanh"})), r"the node 'Gelu_2' \(Gelu\) is the approximation"),
        ((*LAYER, ("Softmax", "n1", {"axis": 0})), r"the node 'Softmax_2' \(Softmax\) does not run over the neurons"),
        ((("Gemm", "x W b", {"transA": 1}),), "the node 'Gemm_1' is no product of an array of samples by given"),
        ((*LAYER, ("Gemm", "n1 W b", {})), "the node 'Gemm_2' takes 4 inputs, but the node 'Gemm_1' has 3 neurons"),
        ((("Identity", "x", {}),), "the graph's output does not come from an affine layer"),
    ],
)  # fmt: skip
def test_nodes_that_do_not_fit_are_named(nodes, message):
    with pytest.raises(errors.ModelError, match=message):
        from_onnx(graph(*nodes, W=W, b=B, Q=np.eye(3), h=np.float32(255)))


def test_onnx_files_that_are_none(tmp_path, monkeypatch):
    (tmp_path / "text.onnx").write_text("no graph")
    with pytest.raises(errors.DocumentError, match=r"text\.onnx is no ONNX file"):
        from_onnx(tmp_path / "text.onnx")
    with pytest.raises(errors.DocumentError, match="No such file"):
        from_onnx(tmp_path / "none.onnx")
    (tmp_path / "empty.onnx").write_text("")
    with pytest.raises(errors.ModelError, match="has 0 inputs and 0 outputs: one of each is needed"):
        from_onnx(tmp_path / "empty.onnx")
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(errors.OutputError, match=r"the package onnx is needed .*: pip install symfnn\[onnx\]"):
        from_onnx(tmp_path / "empty.onnx")
