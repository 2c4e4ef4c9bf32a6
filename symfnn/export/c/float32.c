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


/* 2^k for a whole number k in the low bits, -126 <= k <= 127 */
static inline real power_of_two(bits k)
{
    return from_bits((k + 127) << 23);
}


/* x = k log(2) + r with |r| <= log(2) / 2; returns e^r - 1, by its Taylor series */
static inline real reduced_expm1(real x, bits *k)
{
    const real low = -104, high = 89, shift = 0x1.8p23f; /* adding and taking away the shift rounds */
    const real at_least = x < low ? low : x, kept = at_least > high ? high : at_least;
    const real shifted = kept * 0x1.715476p+0f + shift, whole = shifted - shift;
    const real r = (kept - whole * 0x1.62e400p-1f) - whole * 0x1.7f7d1cp-20f, s = r * r;
    const real even = 1.0f / 2 + s * (1.0f / 24 + s * (1.0f / 720 + s * (1.0f / 40320)));
    const real odd = 1.0f / 6 + s * (1.0f / 120 + s * (1.0f / 5040));
    *k = to_bits(shifted);
    return r + s * (even + r * odd);
}


/* rounded to whole sixteenths, which adding and taking away the shift does */
static inline real in_sixteenths(real x)
{
    const real shift = 0x1.8p19f;
    return (x + shift) - shift;
}


/* half of a whole number k in the low bits, which may be negative */
static inline bits half_of(bits k)
{
    return ((k + 512) >> 1 & 511) - 256;
}


/* log(1 + f) = 2 artanh(s) for s = f / (2 + f), |s| <= 0.172, by its Taylor series */
static inline real twice_artanh(real s)
{
    const real w = s * s;
    return 2 * s + 2 * s * w * (1.0f / 3 + w * (1.0f / 5 + w * (1.0f / 7 + w * (1.0f / 9))));
}


/* log(u): -infinity at 0, not a number below */
static inline real real_log(real u)
{
    const real infinity = from_bits((bits)0xff << 23);
    const int is_small = u < 0x1p-126f;
    const bits given = to_bits(is_small ? u * 0x1p25f : u);
    const bits exponent = (given + ((bits)0x3f800000 - (bits)0x3f3504f3)) >> 23;
    const real f = from_bits(given - ((exponent - 127) << 23)) - 1;
    const real k = (from_bits((exponent & 511) | (bits)0x4b0 << 20) - 0x1p23f) - (is_small ? 127 + 25 : 127);
    const real near = twice_artanh(f / (2 + f)) + k * 0x1.7f7d1cp-20f;
    const real finite = k * 0x1.62e400p-1f + near;
    const real positive = u > 0 ? finite : u < 0 ? infinity - infinity : -infinity;
    return u < infinity ? positive : u;
}
