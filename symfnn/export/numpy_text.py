"""How NumPy writes what programs hold."""

from typing import Any

from sympy import erf, erfc

from symfnn.export import stable
from symfnn.export.dialect import Dialect, elementary

FUNCTIONS: dict[Any, str] = {
    **elementary("np."),
    erf: "erf",
    erfc: "erfc",
    stable.Logistic: "sigmoid",
    stable.Softplus: "np.logaddexp(0, {0})",
    stable.ErrorComplement: "erfc",
    stable.Quotient: "quotient",
    stable.TimesLog: "times_log",
}
NUMPY = Dialect(
    functions=FUNCTIONS,
    sqrt="np.sqrt",
    log1p="np.log1p",
    times_log1p="times_log1p",
    where="np.where",
    nan="np.nan",
    constant="{0}",
    cast="{0}.astype({like}.dtype)",
    total="np.add.reduce({0}, axis=None)",
    along="np.add.reduce({0}, axis={axis}, keepdims=True)",
    vector="{atom}.sum(axis=0)",
    spread="np.full_like({like}, {0})",
    softmax="softmax({0})",
    log_sum_exp="log_sum_exp({0})[:, None]",
    stack=(
        ("{target}", "np.empty_like({like})"),
        ("{target}[:1]", "{biases}"),
        ("{target}[1:]", "{weights}"),
    ),
    bordered="with_ones({0})",
    positive="np.maximum({0}, 0)",
    product_into="np.matmul({0}, {1}, out={out})",
    total_into="np.add.reduce({0}, axis=0, keepdims=True, out={out})",
    largest="np.maximum.reduce({0}, axis={axis}, keepdims=True)",
    scalar="X.dtype.type({0})",
    has_masks=True,
)
