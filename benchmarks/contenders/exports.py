"""What symfnn exports; each falls out by itself where its library or compiler is missing."""

import sys
import types

import symfnn
from contenders import Case, Contender, stacked

ACTIVATIONS = {"sigmoid": ("sigmoid", "sigmoid", "cross-entropy"), "relu": ("relu", "softmax", "softmax-cross-entropy")}


def model_of(case):
    hidden, output, loss = ACTIVATIONS[case.model]
    return symfnn.feedforward(case.widths, [*[hidden] * (len(case.widths) - 2), output], loss)


def loaded(text):
    """The names of a module; torch.compile wants to find the module itself."""
    module = types.ModuleType(f"exported_{len(sys.modules)}")
    sys.modules[module.__name__] = module
    exec(compile(text, module.__name__, "exec"), module.__dict__)
    return module.__dict__


def numpy(case):
    theta, X, Y = case.arrays()
    loss_and_grad = loaded(symfnn.to_numpy(model_of(case), has_formulas=False))["loss_and_grad"]
    return lambda: loss_and_grad(theta, X, Y), lambda found: found


def workspace(case):
    theta, X, Y = case.arrays()
    text = symfnn.to_numpy(model_of(case), has_workspace=True, has_formulas=False)
    loss_and_grad = loaded(text)["Workspace"](case.batch, case.dtype).loss_and_grad
    return lambda: loss_and_grad(theta, X, Y), lambda found: found


def fused(case):
    """The workspace whose loops numba compiles."""
    import numba  # noqa: F401 - without it the export falls back

    theta, X, Y = case.arrays()
    text = symfnn.to_numpy(model_of(case), has_workspace=True, has_formulas=False, accelerator="numba")
    loss_and_grad = loaded(text)["FusedWorkspace"](case.batch, case.dtype).loss_and_grad
    return lambda: loss_and_grad(theta, X, Y), lambda found: found


def _c(case, **given):
    import numpy as np

    theta, X, Y = case.arrays()
    network = symfnn.load_c(model_of(case), batch=case.batch, dtype=case.dtype, **given)
    vector = np.concatenate([part.ravel() for part in theta])
    gradient = np.empty_like(vector)
    shapes = np.cumsum([part.size for part in theta])[:-1]

    def read(found):
        return found[0], [g.reshape(t.shape) for g, t in zip(np.split(gradient, shapes), theta, strict=True)]

    return lambda: network.loss_and_grad(vector, X, Y, gradient), read


def c(case):
    return _c(case)


def c_numpy(case):
    return _c(case, blas="numpy")


def c_torch(case):
    import torch  # noqa: F401 - the library is in the process then

    return _c(case, blas="torch")


def _exported(case, target, layout):
    text = symfnn.to_python(model_of(case), target, layout=layout, has_formulas=False)
    return loaded(text)["loss_and_grad"]


def jax_parts(case, layout="separate"):
    """The function, not compiled, and its arguments."""
    import jax

    jax.config.update("jax_enable_x64", True)
    theta, X, Y = (jax.tree.map(jax.numpy.asarray, part) for part in case.arrays())
    if layout == "separate":
        theta = [own for part in theta for own in (part[1:] + 0, part[0] + 0)]
    return _exported(case, "jax", layout), (theta, X, Y)


def jax(case, layout="separate"):
    import jax

    loss_and_grad, given = jax_parts(case, layout)
    compiled = jax.jit(loss_and_grad)

    def read(found):
        parts = found[1]
        return found[0], parts if layout == "stacked" else stacked(parts[::2], parts[1::2])

    return lambda: jax.block_until_ready(compiled(*given)), read


def jax_stacked(case):
    return jax(case, "stacked")


def torch(case, layout="separate", compiled=lambda function: function):
    """With separate parameters as layers of PyTorch have them."""
    import torch

    theta, X, Y = case.arrays()
    if layout == "separate":
        theta = [own for part in theta for own in (part[1:].T.copy(), part[0].copy())]
    theta, X, Y = [torch.from_numpy(part) for part in theta], torch.from_numpy(X), torch.from_numpy(Y)
    loss_and_grad = compiled(_exported(case, "torch", layout))

    def read(found):
        parts = [part.numpy() for part in found[1]]
        return found[0].item(), parts if layout == "stacked" else stacked([w.T for w in parts[::2]], parts[1::2])

    return lambda: loss_and_grad(theta, X, Y), read


def torch_stacked(case):
    return torch(case, "stacked")


def torch_compiled(case):
    import torch as library

    library._dynamo.reset()
    return torch(case, compiled=library.compile)


CONTENDERS = (
    Contender("symfnn NumPy", numpy),
    Contender("symfnn Workspace", workspace),
    Contender("symfnn Workspace, numba", fused, library="numba"),
    Contender("symfnn C", c),
    Contender("symfnn C, NumPy's BLAS", c_numpy, lambda case: not case.is_tiny),
    Contender("symfnn C, torch's BLAS", c_torch, lambda case: not case.is_tiny),
    Contender("symfnn JAX", jax, library="jax"),
    Contender("symfnn JAX, stacked", jax_stacked, library="jax"),
    Contender("symfnn torch", torch, library="torch"),
    Contender("symfnn torch, stacked", torch_stacked, library="torch"),
    Contender("symfnn torch, compiled", torch_compiled, Case.is_worth_compiling, library="torch"),
)
