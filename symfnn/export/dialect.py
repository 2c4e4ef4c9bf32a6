"""How an array library writes what programs hold; the texts of each library stand in the file of its target."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

from sympy import (
    Abs,
    Max,
    Min,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    exp,
    log,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)

from symfnn.export import stable


@final
@dataclass(frozen=True, slots=True)
class Dialect:
    """Names and texts of a library. ``{0}``, ``{1}``, … are operands, ``{atom}`` is one that binds tightly.

    Attributes:
        functions: by the class of an elementwise expression: a name, or a text with places.
        sqrt: the square root.
        log1p: log(1 + u).
        times_log1p: p log(1 + u), which is 0 where p is.
        where: a choice by a condition.
        nan: not a number.
        constant: a number as an array, of the data type of ``{like}``.
        cast: a choice among such numbers.
        total: the sum over everything.
        along: the sum along ``{axis}``, which stays.
        vector: the sum along the rows, which do not stay.
        spread: {0} in the shape of ``{like}``.
        softmax: along the columns.
        log_sum_exp: along the columns, of which one stays.
        log_softmax: along the columns; "" where there is none.
        stack: the assignments that put ``{biases}`` above ``{weights}`` in ``{target}``, of the shape of ``{like}``.
        positive: the larger of {0} and 0.
        largest: the largest entry along ``{axis}``, which stays.
        affine: {0} added to the product of {1} and {2}, in one operation.
        product_into: the statement that evaluates the product of {0} and {1} in ``{out}``.
        bordered: {0} to the right of a column of ones.
        total_into: the statement that evaluates the sum of {0} along axis 0 there.
        releases: whether arrays are let go of as soon as they can be.
        scalar: what is returned for an array without axes.
        number: a number where its type has to be said; "" where {0} itself serves.
        has_products: whether whole powers are written as products.
        has_masks: whether an array can be multiplied by a condition, which counts as 1 or 0.
    """

    functions: Mapping[Any, str]
    sqrt: str
    log1p: str
    times_log1p: str
    where: str
    nan: str
    constant: str
    cast: str
    total: str
    along: str
    vector: str
    spread: str
    softmax: str
    log_sum_exp: str
    stack: tuple[tuple[str, str], ...]
    scalar: str
    positive: str = ""
    largest: str = ""
    affine: str = ""
    log_softmax: str = ""
    product_into: str = ""
    total_into: str = ""
    bordered: str = ""
    releases: bool = False
    number: str = ""
    has_products: bool = False
    has_masks: bool = False


def elementary(prefix: str, inverse: str = "arc") -> dict[Any, str]:
    """The names of the functions that every library has.

    Args:
        prefix: of the library, e.g. ``"np."``.
        inverse: how the names of the inverse trigonometric functions begin.
    """
    names = {
        exp: "exp",
        log: "log",
        sin: "sin",
        cos: "cos",
        tan: "tan",
        sinh: "sinh",
        cosh: "cosh",
        tanh: "tanh",
        asin: f"{inverse}sin",
        acos: f"{inverse}cos",
        atan: f"{inverse}tan",
        asinh: f"{inverse}sinh",
        acosh: f"{inverse}cosh",
        atanh: f"{inverse}tanh",
        Abs: "abs",
        sign: "sign",
        Max: "maximum",
        Min: "minimum",
        stable.ExpMinusOne: "expm1",
    }
    return {kind: prefix + name for kind, name in names.items()}
