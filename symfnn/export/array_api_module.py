"""The array API target: one source for NumPy, CuPy, PyTorch, JAX and Dask arrays, through array-api-compat."""

import inspect
from collections.abc import Callable, Collection
from typing import Any

from sympy import erf, erfc

from symfnn.export import special, stable
from symfnn.export.dialect import Dialect, elementary
from symfnn.export.formulas import formulas
from symfnn.export.functions import functions
from symfnn.export.layout import arranged
from symfnn.export.module import module as module_of
from symfnn.export.target import Target
from symfnn.model.definitions import Model

_SOURCES = {
    "sigmoid": '''
def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), with no exponential of a positive number."""
    xp = array_namespace(z)
    small = xp.exp(-xp.abs(z))
    return xp.where(z >= 0, xp.ones_like(small), small) / (1 + small)
''',
    "softplus": '''
def softplus(z: Array) -> Array:
    """log(1 + exp(z)), with no exponential of a positive number."""
    xp = array_namespace(z)
    return (z + xp.abs(z)) / 2 + xp.log1p(xp.exp(-xp.abs(z)))
''',
    "softmax": '''
def softmax(z: Array) -> Array:
    """exp(z) / sum(exp(z)) along axis 1; a common shift of z cancels, so the largest becomes 0."""
    xp = array_namespace(z)
    powers = xp.exp(z - xp.max(z, axis=1, keepdims=True))
    return powers / xp.sum(powers, axis=1, keepdims=True)
''',
    "log_sum_exp": '''
def log_sum_exp(z: Array) -> Array:
    """log(sum(exp(z))) along axis 1, which stays; the largest is taken out before the exponential."""
    xp = array_namespace(z)
    top = xp.max(z, axis=1, keepdims=True)
    return top + xp.log(xp.sum(xp.exp(z - top), axis=1, keepdims=True))
''',
    "times_log": '''
def times_log(p: Any, u: Array) -> Array:
    """The product p log(u), 0 where p is 0."""
    xp = array_namespace(u)
    p = p + xp.zeros_like(u)
    return p * xp.log(xp.where(p == 0, xp.ones_like(p), u))
''',
    "times_log1p": '''
def times_log1p(p: Any, v: Array) -> Array:
    """The product p log(1 + v), 0 where p is 0."""
    xp = array_namespace(v)
    p = p + xp.zeros_like(v)
    return p * xp.log1p(xp.where(p == 0, xp.zeros_like(p), v))
''',
    "quotient": '''
def quotient(p: Any, q: Array) -> Array:
    """The quotient p / q, where 0/0 is its limit 0."""
    xp = array_namespace(q)
    p, q = p + xp.zeros_like(q), q + xp.zeros_like(p * q)
    return p / xp.where((p == 0) & (q == 0), xp.ones_like(q), q)
''',
}
_ERROR_FUNCTIONS = (special.erf_series, special.erfc_tail, special.erf, special.erfc)

DIALECT = Dialect(
    functions={
        **elementary("xp.", inverse="a"),
        erf: "erf",
        erfc: "erfc",
        stable.Logistic: "sigmoid",
        stable.Softplus: "softplus",
        stable.ErrorComplement: "erfc",
        stable.Quotient: "quotient",
        stable.TimesLog: "times_log",
    },
    sqrt="xp.sqrt",
    log1p="xp.log1p",
    times_log1p="times_log1p",
    where="xp.where",
    nan="xp.nan",
    constant="xp.full_like({like}[:1, :1], {0})",
    cast="{0}",
    total="xp.sum({0})",
    along="xp.sum({0}, axis={axis}, keepdims=True)",
    vector="xp.sum({0}, axis=0)",
    spread="xp.zeros_like({like}) + {0}",
    softmax="softmax({0})",
    log_sum_exp="log_sum_exp({0})",
    stack=(("{target}", "xp.concat([{biases}, {weights}])"),),
    scalar="{0}",
)


def _helpers(used: frozenset[str]) -> list[str]:
    texts = [text.strip() for name, text in _SOURCES.items() if name in used]
    return [*texts, *map(_of_namespace, _ERROR_FUNCTIONS)] if used & {"erf", "erfc"} else texts


def _of_namespace(function: Callable[..., Any]) -> str:
    """The text of a NumPy function, in the functions of the array's own library."""
    text = inspect.getsource(function).rstrip()
    for name, other in (("np.rint", "xp.round"), ("np.", "xp."), (" result: Array =", " result =")):
        text = text.replace(name, other)
    head, quotes, rest = text.rpartition('"""\n')
    return f"{head}{quotes}    xp = array_namespace(x)\n{rest}"


TARGET = Target(
    name="array-api",
    dialect=DIALECT,
    standard=("factorial", "pi", "sqrt"),
    imports=("import numpy as np", "from array_api_compat import array_namespace", "", "Array = Any"),
    number="Array",
    helpers=_helpers,
    decorator=lambda function, made: "",
    opening=("xp = array_namespace(X)",),
    joined="array_namespace(*theta).concat([array_namespace(part).reshape(part, (-1,)) for part in theta])",
    shaped="array_namespace(vector).reshape(vector[start:stop], shape)",
    check="{0}",
    check_source="",
)


def module(
    model: Model,
    strength: float | None = None,
    what: Collection[str] = (),
    *,
    layout: str = "stacked",
    has_formulas: bool = True,
) -> str:
    """The text of a Python module that imports array-api-compat and NumPy; its functions take any library's arrays.

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
    wanted = [arranged(function, lies) for function in functions(model, strength, what)]
    return module_of(model, TARGET, wanted, comments, layout=lies)
