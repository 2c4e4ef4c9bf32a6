/* the bits of a number and back: exponents are read and made without a library */
static inline bits to_bits(real r)
{
    union { real r; bits b; } u;
    u.r = r;
    return u.b;
}


static inline real from_bits(bits b)
{
    union { real r; bits b; } u;
    u.b = b;
    return u.r;
}


/* 2^k for a whole number k in the low bits, -1022 <= k <= 1023 */
static inline real power_of_two(bits k)
{
    return from_bits((k + 1023) << 52);
}


/* x = k log(2) + r with |r| <= log(2) / 2; returns e^r - 1, by its Taylor series */
static inline real reduced_expm1(real x, bits *k)
{
    const real low = -746, high = 710, shift = 0x1.8p52; /* adding and taking away the shift rounds */
    const real at_least = x < low ? low : x, kept = at_least > high ? high : at_least;
    const real shifted = kept * 0x1.71547652b82fep+0 + shift, whole = shifted - shift;
    const real r = (kept - whole * 0x1.62e42fefa0000p-1) - whole * 0x1.cf79abc9e3b3ap-40, s = r * r;
    const real even = 1.0 / 2 + s * (1.0 / 24 + s * (1.0 / 720 + s * (1.0 / 40320 + s * (1.0 / 3628800 + s * (1.0 / 479001600)))));
    const real odd = 1.0 / 6 + s * (1.0 / 120 + s * (1.0 / 5040 + s * (1.0 / 362880 + s * (1.0 / 39916800 + s * (1.0 / 6227020800)))));
    *k = to_bits(shifted);
    return r + s * (even + r * odd);
}


/* rounded to whole sixteenths, which adding and taking away the shift does */
static inline real in_sixteenths(real x)
{
    const real shift = 0x1.8p48;
    return (x + shift) - shift;
}


/* half of a whole number k in the low bits, which may be negative */
static inline bits half_of(bits k)
{
    return ((k + 4096) >> 1 & 4095) - 2048;
}


/* log(1 + f) = 2 artanh(s) for s = f / (2 + f), |s| <= 0.172, by its Taylor series */
static inline real twice_artanh(real s)
{
    const real w = s * s;
    const real tail = 1.0 / 3 + w * (1.0 / 5 + w * (1.0 / 7 + w * (1.0 / 9 + w * (1.0 / 11 + w * (1.0 / 13 + w * (1.0 / 15 + w * (1.0 / 17 + w * (1.0 / 19))))))));
    return 2 * s + 2 * s * w * tail;
}


/* log(u): -infinity at 0, not a number below */
static inline real real_log(real u)
{
    const real infinity = from_bits((bits)0x7ff << 52);
    const int is_small = u < 0x1p-1022;
    const bits given = to_bits(is_small ? u * 0x1p54 : u);
    const bits exponent = (given + ((bits)0x3ff0000000000000 - (bits)0x3fe6a09e667f3bcd)) >> 52;
    const real f = from_bits(given - ((exponent - 1023) << 52)) - 1;
    const real k = (from_bits((exponent & 4095) | (bits)0x433 << 52) - 0x1p52) - (is_small ? 1023 + 54 : 1023);
    const real near = twice_artanh(f / (2 + f)) + k * 0x1.cf79abc9e3b3ap-40;
    const real finite = k * 0x1.62e42fefa0000p-1 + near;
    const real positive = u > 0 ? finite : u < 0 ? infinity - infinity : -infinity;
    return u < infinity ? positive : u;
}
