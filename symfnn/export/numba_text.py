"""How loops for numba write what programs hold, and the functions that they call.

The functions are written without branches and libraries, so that the compiler applies them to several numbers at a
time. Exponents are read and made in the bits of a number; the rounding of ``shifted`` must not be taken apart.
"""

from collections.abc import Iterable

from sympy import Abs, Max, Min, erf, erfc, exp, log, sign, tanh

from symfnn.export import stable
from symfnn.export.dialect import Dialect, elementary

DIALECT = Dialect(
    functions={
        **elementary("np."),
        exp: "exponential",
        log: "logarithm",
        tanh: "hyperbolic_tangent",
        Abs: "abs",
        sign: "sign_of",
        Max: "larger",
        Min: "smaller",
        erf: "real(math.erf({0}))",
        erfc: "real(math.erfc({0}))",
        stable.ExpMinusOne: "exponential_less_one",
        stable.Logistic: "logistic",
        stable.Softplus: "softplus",
        stable.ErrorComplement: "real(math.erfc({0}))",
        stable.Quotient: "quotient",
        stable.TimesLog: "times_log",
    },
    sqrt="np.sqrt",
    log1p="logarithm_of_more",
    times_log1p="times_log_of_more",
    where="({1} if {0} else {2})",
    nan="real(np.nan)",
    constant="{0}",
    cast="{0}",
    total="",
    along="",
    vector="",
    spread="",
    softmax="",
    log_sum_exp="",
    stack=(),
    scalar="{0}",
    positive="larger({0}, real(0))",
    number="real({0})",
    has_products=True,
)

OPENING = """
def compiled(function: Callable[..., Any], *more: str) -> Callable[..., Any]:
    \"\"\"The function as machine code, made when it is first called; products and sums are contracted.\"\"\"
    compile_with: Any = numba.njit(error_model="numpy", nogil=True, fastmath={"contract", *more})
    made: Callable[..., Any] = compile_with(function)
    return made


@cache
def kernels(name: str) -> tuple[Callable[..., Any], ...]:
    \"\"\"What a FusedWorkspace does between matrix products, for the data type of this name.\"\"\"
    is_double = name == "float64"
    real: Any = np.float64 if is_double else np.float32
    bits: Any = np.uint64 if is_double else np.uint32
    digits, bias = (52, 1023) if is_double else (23, 127)  # of the bits of a number
    low, high = (-746.0, 710.0) if is_double else (-104.0, 89.0)  # where exponentials are 0 and infinite
    # log(2), the upper digits so few that their products with whole numbers are exact
    upper, lower = (HALVES_64) if is_double else (HALVES_32)
"""
_HALVES = {
    "HALVES_64": ("0x1.62e42fefa0000p-1", "0x1.cf79abc9e3b3ap-40"),
    "HALVES_32": ("0x1.62e400p-1", "0x1.7f7d1cp-20"),
}
for _name, _parts in _HALVES.items():
    OPENING = OPENING.replace(_name, ", ".join(repr(float.fromhex(part)) for part in _parts))

# (name, what it calls, text)
_FUNCTIONS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "larger",
        (),
        """
    @compiled
    def larger(x: Any, y: Any) -> Any:
        return x if x > y or x != x else y
""",
    ),
    (
        "smaller",
        (),
        """
    @compiled
    def smaller(x: Any, y: Any) -> Any:
        return x if x < y or x != x else y
""",
    ),
    (
        "sign_of",
        (),
        """
    @compiled
    def sign_of(x: Any) -> Any:
        return real(1) if x > real(0) else real(-1) if x < real(0) else x
""",
    ),
    (
        "power_of_two",
        (),
        """
    @compiled
    def power_of_two(k: Any) -> Any:
        return bits(bits(k + bits(bias)) << bits(digits)).view(real)
""",
    ),
    (
        "reduced",
        (),
        """
    @compiled
    def reduced(x: Any) -> Any:
        \"\"\"For x = k log(2) + r with |r| <= log(2) / 2: e**r - 1 by its Taylor series, and k in the low bits.\"\"\"
        at_least = real(low) if x < real(low) else x
        kept = real(high) if at_least > real(high) else at_least
        shift = real(1.5 * 2.0**digits)  # adding and taking it away rounds
        shifted = kept * real(1.4426950408889634) + shift
        whole = shifted - shift
        r = (kept - whole * real(upper)) - whole * real(lower)
        s = r * r
        if is_double:
            even = real(1 / 40320) + s * (real(1 / 3628800) + s * real(1 / 479001600))
            odd = real(1 / 5040) + s * (real(1 / 362880) + s * (real(1 / 39916800) + s * real(1 / 6227020800)))
        else:
            even, odd = real(1 / 40320), real(1 / 5040)
        even = real(1 / 2) + s * (real(1 / 24) + s * (real(1 / 720) + s * even))
        odd = real(1 / 6) + s * (real(1 / 120) + s * odd)
        return r + s * (even + r * odd), bits(real(shifted).view(bits))
""",
    ),
    (
        "half_of",
        (),
        """
    @compiled
    def half_of(k: Any) -> Any:
        \"\"\"Half of a whole number in the low bits, which may be negative.\"\"\"
        return bits((bits(bits(k + bits(4 * bias + 4)) >> bits(1)) & bits(4 * bias + 3)) - bits(2 * bias + 2))
""",
    ),
    (
        "exponential",
        ("power_of_two", "reduced", "half_of"),
        """
    @compiled
    def exponential(x: Any) -> Any:
        part, k = reduced(x)
        half = half_of(k)
        return (real(1) + part) * power_of_two(half) * power_of_two(bits(k - half))
""",
    ),
    (
        "exponential_less_one",
        ("power_of_two", "reduced", "half_of"),
        """
    @compiled
    def exponential_less_one(x: Any) -> Any:
        part, k = reduced(x)
        half = half_of(k)
        first = power_of_two(half)
        return (part * first + (first - power_of_two(bits(half - k)))) * power_of_two(bits(k - half))
""",
    ),
    (
        "hyperbolic_tangent",
        ("exponential_less_one",),
        """
    @compiled
    def hyperbolic_tangent(x: Any) -> Any:
        part = exponential_less_one(real(-2) * abs(x))
        result = -part / (real(2) + part)
        return -result if x < real(0) else result
""",
    ),
    (
        "logistic",
        ("exponential",),
        """
    @compiled
    def logistic(x: Any) -> Any:
        power = exponential(-abs(x))
        return (power if x < real(0) else real(1)) / (real(1) + power)
""",
    ),
    (
        "twice_artanh",
        (),
        """
    @compiled
    def twice_artanh(s: Any) -> Any:
        \"\"\"log(1 + f) for s = f / (2 + f), |s| <= 0.172, by the Taylor series of 2 artanh(s).\"\"\"
        w = s * s
        if is_double:
            tail = real(1 / 13) + w * (real(1 / 15) + w * (real(1 / 17) + w * real(1 / 19)))
            tail = real(1 / 9) + w * (real(1 / 11) + w * tail)
        else:
            tail = real(1 / 9)
        tail = real(1 / 3) + w * (real(1 / 5) + w * (real(1 / 7) + w * tail))
        return real(2) * s + real(2) * s * w * tail
""",
    ),
    (
        "softplus",
        ("exponential", "twice_artanh"),
        """
    @compiled
    def softplus(x: Any) -> Any:
        \"\"\"log(1 + e**x) = max(x, 0) + log(1 + v) for v = e**-|x|, where 1 + v is halved if it is large.\"\"\"
        v = exponential(-abs(x))
        is_large = v > real(0.41421356237309503)
        s = (v - real(1) if is_large else v) / (v + real(3) if is_large else v + real(2))
        part = twice_artanh(s) + (real(0.6931471805599453) if is_large else real(0))
        return part + (real(0) if x <= real(0) else x)
""",
    ),
    (
        "logarithm",
        (),
        """
    @compiled
    def logarithm(x: Any) -> Any:
        return real(np.log(x))
""",
    ),
    (
        "logarithm_of_more",
        (),
        """
    @compiled
    def logarithm_of_more(x: Any) -> Any:
        return real(np.log1p(x))
""",
    ),
    (
        "times_log",
        (),
        """
    @compiled
    def times_log(p: Any, x: Any) -> Any:
        return real(0) if p == real(0) else p * real(np.log(x))
""",
    ),
    (
        "times_log_of_more",
        (),
        """
    @compiled
    def times_log_of_more(p: Any, x: Any) -> Any:
        return real(0) if p == real(0) else p * real(np.log1p(x))
""",
    ),
    (
        "quotient",
        (),
        """
    @compiled
    def quotient(p: Any, q: Any) -> Any:
        return real(0) if p == real(0) and q == real(0) else p / q
""",
    ),
    (
        "total",
        (),
        """
    def total(a: Any) -> Any:
        result = real(0)
        for x in a.ravel():
            result += x
        return result

    total = compiled(total, "reassoc")
""",
    ),
)


def sources(names: Iterable[str]) -> list[str]:
    """The texts of these functions, behind those of what they call."""
    wanted = set(names)
    for name, calls, _ in reversed(_FUNCTIONS):
        wanted.update(calls if name in wanted else ())
    return [text.strip("\n") for name, _, text in _FUNCTIONS if name in wanted]
