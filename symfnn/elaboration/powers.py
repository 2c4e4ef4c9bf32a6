"""Powers that can be written out."""

from sympy import Expr, Rational

from symfnn import errors

MOST_DIGITS = 60  # of a number
_LARGEST_POWER = 64


def power(base: Expr, exponent: Expr) -> Expr:
    """A power, if it can be written out: SymPy would compute 9^(9^9) to its last digit.

    Raises:
        CalculusError: the exponent or the number would be too large.
    """
    if exponent.is_Rational and max(abs(exponent.p), exponent.q) > _LARGEST_POWER:
        raise errors.CalculusError("a power is too large")
    if base.is_number and exponent.is_Rational and digits(base) * abs(exponent) > MOST_DIGITS:
        raise errors.CalculusError("a power is too large")
    return base**exponent


def digits(expression: Expr) -> int:
    """About how many decimal digits the numbers in an expression have, the longest one's."""
    bits = (max(int(part.p).bit_length(), int(part.q).bit_length()) for part in expression.atoms(Rational))
    return max(bits, default=1) // 3 + 1
