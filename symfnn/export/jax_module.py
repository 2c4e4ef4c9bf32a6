"""The JAX target: pure functions, and the loss with the derived gradient as its derivative."""

from collections.abc import Collection

from sympy import erf, erfc

from symfnn.export import stable
from symfnn.export.body import body
from symfnn.export.dialect import Dialect, elementary
from symfnn.export.formulas import formulas
from symfnn.export.functions import functions
from symfnn.export.halves import differentiated, halves
from symfnn.export.layout import Layout, arranged
from symfnn.export.module import indented, opening
from symfnn.export.module import module as module_of
from symfnn.export.passes.backward import positive_parts
from symfnn.export.passes.extremes import extremes
from symfnn.export.passes.fold import fold, inside
from symfnn.export.passes.linear import scale_once
from symfnn.export.passes.log_softmax import log_softmax
from symfnn.export.passes.margins import margins
from symfnn.export.passes.prune import prune
from symfnn.export.passes.share import share_operations
from symfnn.export.passes.slopes import slopes
from symfnn.export.passes.squares import squares
from symfnn.export.program import Program
from symfnn.export.target import Target
from symfnn.model.definitions import Model

_QUOTIENT = '''
def quotient(p: Any, q: Array) -> Array:
    """The quotient p / q, where 0/0 is its limit 0."""
    is_undefined = (p == 0) & (q == 0)
    return jnp.where(is_undefined, 0, p / jnp.where(is_undefined, 1, q))
'''

_CHECK = '''
def on_numpy(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function for NumPy arrays in double precision."""
    jax.config.update("jax_enable_x64", True)
    compiled = jax.jit(function)
    return lambda *given: jax.tree.map(np.asarray, compiled(*jax.tree.map(jnp.asarray, given)))
'''


_DERIVATIVE = '''
def loss_forward(theta: Sequence[Array], X: Array, Y: Array) -> tuple[Array, tuple[Any, ...]]:
    """The objective, and what its derivatives need of it."""
    {opening}
    {forward}
    return {value}, (theta, X, Y{kept})


def loss_backward(known: tuple[Any, ...], cotangent: Array) -> tuple[Any, Array | None, Array | None]:
    """The derivatives of the objective by theta, X and Y, multiplied by a number; none by whole numbers."""
    theta, X, Y{kept} = known
    {opening_backward}
    {backward}
    gradients = jax.tree.unflatten(jax.tree.structure(theta), [{gradients}])
    by_data = [
        part if jnp.issubdtype(given.dtype, jnp.floating) else None
        for given, part in ((X, X_gradient), (Y, Y_gradient))
    ]
    return gradients, *by_data


loss.defvjp(loss_forward, loss_backward)
'''


DIALECT = Dialect(
    functions={
        **elementary("jnp."),
        erf: "jax.scipy.special.erf",
        erfc: "jax.scipy.special.erfc",
        stable.Logistic: "jax.nn.sigmoid",
        stable.Softplus: "jax.nn.softplus",
        stable.ErrorComplement: "jax.scipy.special.erfc",
        stable.Quotient: "quotient",
        stable.PositiveSlope: "jnp.where({1} > 0, {0}, 0)",
        stable.TimesLog: "jax.scipy.special.xlogy",
    },
    sqrt="jnp.sqrt",
    log1p="jnp.log1p",
    times_log1p="jax.scipy.special.xlog1py",
    where="jnp.where",
    nan="jnp.nan",
    constant="{0}",
    cast="{0}.astype({like}.dtype)",
    total="{atom}.sum()",
    along="{atom}.sum(axis={axis}, keepdims=True)",
    vector="{atom}.sum(axis=0)",
    bordered="jnp.pad({0}, ((0, 0), (1, 0)), constant_values=1)",
    spread="jnp.full_like({like}, {0})",
    softmax="jax.nn.softmax({0}, axis=1)",
    log_sum_exp="jax.scipy.special.logsumexp({0}, axis=1, keepdims=True)",
    log_softmax="jax.nn.log_softmax({0}, axis=1)",
    stack=(("{target}", "jnp.concatenate([{biases}, {weights}])"),),
    scalar="{0}",
    positive="jax.nn.relu",
)


def _helpers(used: frozenset[str]) -> list[str]:
    return [_QUOTIENT.strip()] if "quotient" in used else []


def _folded(program: Program) -> Program:
    """Inputs are given, so that a column of ones beside them would be a copy that lasts until the end."""
    return fold(program, frozenset({"X"}))


TARGET = Target(
    name="jax",
    dialect=DIALECT,
    standard=(),
    imports=("import jax", "import jax.numpy as jnp", "import numpy as np", "", "Array = jax.Array"),
    number="Array",
    helpers=_helpers,
    decorator=lambda function, made: "@jax.custom_vjp\n" if function.name == "loss" else "",
    opening=(),
    joined="jnp.concatenate([part.ravel() for part in theta])",
    shaped="vector[start:stop].reshape(shape)",
    check="on_numpy({0})",
    check_source=_CHECK.strip(),
    passes=(
        *(extremes, slopes, squares, margins, log_softmax, scale_once, share_operations),
        *(positive_parts, _folded, inside, prune),
    ),
)


def module(
    model: Model,
    strength: float | None = None,
    what: Collection[str] = (),
    *,
    layout: str = "stacked",
    has_formulas: bool = True,
) -> str:
    """The text of a Python module that imports JAX and NumPy; its functions are pure.

    Args:
        model: with given layers, known activations and a loss.
        strength: λ, where the model's regulariser leaves it open.
        what: some of ``functions.WHAT``, beside loss, gradient and outputs.
        layout: of the parameters, one of ``layout.LAYOUTS``.
        has_formulas: whether comments give the formulas.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form with arrays.
    """
    comments = formulas if has_formulas else None
    lies = TARGET.layout(layout)
    text, used = _derivative(model, strength, lies)
    wanted = [arranged(function, lies) for function in functions(model, strength, what)]
    return module_of(model, TARGET, wanted, comments, more=[text], used=used, layout=lies)


def _derivative(model: Model, strength: float | None, layout: Layout) -> tuple[str, frozenset[str]]:
    """The derived gradient as that of the loss, and the functions that its text calls."""
    whole = differentiated(model, strength, TARGET, layout)
    parts = halves(whole, whole.outputs[0], whole.outputs[1:-1])
    forward, backward = (body(part, {}, DIALECT) for part in (parts.forward, parts.backward))
    depth = int(model.depth)
    text = _DERIVATIVE.format(
        opening=indented(opening(TARGET, dict(parts.forward.inputs), ("theta",), depth, layout)),
        forward=indented(forward.lines),
        value=parts.forward.outputs[0],
        kept="".join(f", {name}" for name in parts.kept),
        opening_backward=indented(opening(TARGET, dict(parts.backward.inputs), ("theta",), depth, layout)),
        backward=indented(backward.lines),
        gradients=", ".join(map(backward.result, parts.backward.outputs[:-2])),
    )
    return text.strip(), forward.used | backward.used
