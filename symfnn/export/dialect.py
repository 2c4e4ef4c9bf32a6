"""How an array library writes what programs hold; the texts of each library stand in the file of its target."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final


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
        spread: {0} in the shape of ``{like}``.
        softmax: along the columns.
        log_sum_exp: along the columns, of which one stays.
        stack: the assignments that put ``{biases}`` above ``{weights}`` in ``{target}``, of the shape of ``{like}``.
        scalar: what is returned for an array without axes.
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
    spread: str
    softmax: str
    log_sum_exp: str
    stack: tuple[tuple[str, str], ...]
    scalar: str
