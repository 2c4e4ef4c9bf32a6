static inline real real_abs(real u)
{
    return u < 0 ? -u : u;
}


static inline real real_sign(real u)
{
    return u > 0 ? 1 : u < 0 ? -1 : u;
}


static inline real real_max(real u, real v)
{
    return u < v ? v : u;
}


static inline real real_min(real u, real v)
{
    return u > v ? v : u;
}


/* e^x; 2^k in two steps, since alone it may be too large or too small */
static inline real real_exp(real x)
{
    bits k;
    const real power = 1 + reduced_expm1(x, &k);
    const bits half = half_of(k);
    return power * power_of_two(half) * power_of_two(k - half);
}


/* e^x - 1, accurate where it is small */
static inline real real_expm1(real x)
{
    bits k;
    const real part = reduced_expm1(x, &k);
    const bits half = half_of(k);
    return (part * power_of_two(half) + (power_of_two(half) - power_of_two(half - k))) * power_of_two(k - half);
}


static inline real real_tanh(real u)
{
    const real size = u < 0 ? -u : u, part = real_expm1(-2 * size), result = -part / (2 + part);
    return u < 0 ? -result : result;
}


/* 1 / (1 + e^-u), with no exponential of a positive number */
static inline real logistic(real u)
{
    const real power = real_exp(u < 0 ? u : -u);
    return (u < 0 ? power : 1) / (1 + power);
}


/* log(1 + v), accurate where it is small */
static inline real real_log1p(real v)
{
    const real u = 1 + v, ratio = v < u ? v / (u - 1) : 1;
    return u == 1 ? v : real_log(u) * ratio;
}


/* log(1 + e^u) = max(u, 0) + log(1 + v) for v = e^-|u|, where 1 + v is halved if it is large */
static inline real softplus(real u)
{
    const real v = real_exp(u < 0 ? u : -u);
    const int is_large = v > (real)0.41421356237309503;
    const real s = (is_large ? v - 1 : v) / (is_large ? v + 3 : v + 2);
    return (u > 0 ? u : 0) + (twice_artanh(s) + (is_large ? (real)0.6931471805599453 : 0));
}


/* p log(u), 0 where p is 0 */
static inline real times_log(real p, real u)
{
    const real value = p * real_log(u);
    return p == 0 ? 0 : value;
}


/* p log(1 + v), 0 where p is 0 */
static inline real times_log1p(real p, real v)
{
    const real value = p * real_log1p(v);
    return p == 0 ? 0 : value;
}


/* p / q, where 0/0 is its limit 0 */
static inline real quotient(real p, real q)
{
    return p == 0 ? (q == 0 ? 0 : p / q) : p / q;
}


/* the error function for -1 <= x <= 1 by its Taylor series */
static inline real erf_near(real x)
{
    const real s = x * x;
    real total = (real)4.763348040515068e-18;
    total = total * s - (real)9.063970842808673e-17;
    total = total * s + (real)1.6342614095367152e-15;
    total = total * s - (real)2.7835162072109212e-14;
    total = total * s + (real)4.4632242632864775e-13;
    total = total * s - (real)6.7113668551641105e-12;
    total = total * s + (real)9.422759064650411e-11;
    total = total * s - (real)1.2290555301717926e-09;
    total = total * s + (real)1.4807192815879218e-08;
    total = total * s - (real)1.6365844691234924e-07;
    total = total * s + (real)1.6462114365889246e-06;
    total = total * s - (real)1.492565035840625e-05;
    total = total * s + (real)0.00012055332981789664;
    total = total * s - (real)0.0008548327023450852;
    total = total * s + (real)0.005223977625442188;
    total = total * s - (real)0.026866170645131252;
    total = total * s + (real)0.11283791670955126;
    total = total * s - (real)0.37612638903183754;
    total = total * s + (real)1.1283791670955126;
    return total * x;
}


/* 1 - erf(x) for x >= 1: Chebyshev series of (1 + 2 x) exp(x^2) erfc(x) in s = (x - 5) / (x + 3) */
static inline real erfc_far(real x)
{
    const real at_least = x < 1 ? 1 : x, kept = at_least > 40 ? 40 : at_least;
    const real s = (kept - 5) / (kept + 3), near = in_sixteenths(kept);
    const real b22 = 0, b21 = 0;
    const real b20 = 2 * s * b21 - b22 - (real)2.6466825044432234e-16;
    const real b19 = 2 * s * b20 - b21 - (real)2.329298464180819e-16;
    const real b18 = 2 * s * b19 - b20 + (real)8.542035882836416e-15;
    const real b17 = 2 * s * b18 - b19 + (real)7.106503405462323e-15;
    const real b16 = 2 * s * b17 - b18 - (real)3.012251024442509e-13;
    const real b15 = 2 * s * b16 - b17 - (real)2.807460684069243e-14;
    const real b14 = 2 * s * b15 - b16 + (real)1.1481428873007284e-11;
    const real b13 = 2 * s * b14 - b15 - (real)1.7967351765140848e-11;
    const real b12 = 2 * s * b13 - b14 - (real)4.4148718962068737e-10;
    const real b11 = 2 * s * b12 - b13 + (real)2.0754203597909473e-09;
    const real b10 = 2 * s * b11 - b12 + (real)1.3133701262289988e-08;
    const real b9 = 2 * s * b10 - b11 - (real)1.6637239214622205e-07;
    const real b8 = 2 * s * b9 - b10 + (real)2.7197258578141963e-07;
    const real b7 = 2 * s * b8 - b9 + (real)7.818816898966098e-06;
    const real b6 = 2 * s * b7 - b8 - (real)9.340626641960768e-05;
    const real b5 = 2 * s * b6 - b7 + (real)0.0006115494911330234;
    const real b4 = 2 * s * b5 - b6 - (real)0.002715651717391105;
    const real b3 = 2 * s * b4 - b5 + (real)0.007801951554945334;
    const real b2 = 2 * s * b3 - b4 - (real)0.005999640519915682;
    const real b1 = 2 * s * b2 - b3 - (real)0.08560693623397121;
    const real scaled = (s * b1 - b2 + (real)1.214373361609205) / (1 + 2 * kept);
    return scaled * real_exp(-near * near) * real_exp(-(kept - near) * (kept + near));
}


static inline real real_erf(real x)
{
    const real size = x < 0 ? -x : x, far = 1 - erfc_far(size);
    const real near = erf_near(size < 1 ? x : 0);
    return size < 1 ? near : x < 0 ? -far : x > 0 ? far : x;
}


/* 1 - erf(x), accurate where it is small */
static inline real real_erfc(real x)
{
    const real size = x < 0 ? -x : x, tail = erfc_far(size);
    const real near = 1 - erf_near(size < 1 ? x : 0);
    return size < 1 ? near : x > 0 ? tail : x < 0 ? 2 - tail : x;
}
