"""The ratios that symfnn's exports have to reach, and those that a run has found."""

from math import comb
from statistics import median

TINY = ("2-2-1 (1)", "2-2-1 (4)", "4-8-3 (32)")
MIDDLE = ("64-64-10 (64)",)
LARGER = ("784-128-10 (128)", "784-512-512-10 (256)", "8 layers of 1024 (512)")
ALL = TINY + MIDDLE + LARGER
NUMPY_LIMIT, TORCH_LIMIT = "products only, NumPy", "products only, torch"

# (what is measured, beside what, at least so many times as fast, where)
REQUIRED = (
    ("symfnn Workspace", "plain NumPy", 1.8, TINY),
    ("symfnn Workspace", "torch eager", 7, TINY),
    ("symfnn Workspace", "torch eager", 2.3, MIDDLE),
    ("symfnn Workspace", "jax.jit(value_and_grad)", 2, MIDDLE),
    ("symfnn Workspace", "plain NumPy", 1, ALL),
    ("symfnn NumPy", "plain NumPy", 1, ALL),
    ("symfnn Workspace", NUMPY_LIMIT, 0.87, LARGER[1:]),
    ("symfnn Workspace, numba", NUMPY_LIMIT, 0.92, LARGER[1:]),
    ("symfnn Workspace, numba", "symfnn Workspace", 1, ALL),
    ("symfnn Workspace, numba", "jax.jit(value_and_grad)", 2, MIDDLE),
    ("symfnn C", "torch eager", 100, TINY[:2]),
    ("symfnn C", "torch eager", 50, TINY[2:]),
    ("symfnn C", "torch eager", 4, MIDDLE),
    ("symfnn C, NumPy's BLAS", NUMPY_LIMIT, 0.95, LARGER),
    ("symfnn C, torch's BLAS", TORCH_LIMIT, 0.95, LARGER),
    ("symfnn C, torch's BLAS", "torch eager", 1, LARGER),
    ("symfnn JAX", "jax.jit(value_and_grad)", 1, ALL),
    ("symfnn JAX, stacked", "jax.jit, stacked", 1, ALL),
    ("symfnn torch", "torch eager", 1, ALL),
    ("symfnn torch", "torch eager, functions", 1, ALL),
    ("symfnn torch, stacked", "torch eager, stacked", 1, ALL),
    ("symfnn torch, compiled", "torch.compile", 1, ALL),
)


def groups(case, names):
    """Those that a requirement at the case of this name compares, directly or by others, and the rest one by one."""
    result = [{name} for name in names]
    for own, other, _, cases in REQUIRED:
        if case in cases and own in names and other in names:
            touched = [group for group in result if own in group or other in group]
            result = [group for group in result if group not in touched] + [set.union(*touched)]
    return sorted(sorted(group) for group in result)


def ratios(run, own, other):
    """How many times as fast in each round, in which both were timed one soon after the other; empty without both."""
    times = run["times"]
    if own not in times or other not in times:
        return []
    return sorted(b / a for a, b in zip(times[own], times[other], strict=True))


def interval(values):
    """Where the median lies with 95 per cent, whatever the distribution: between two of the sorted values."""
    n, below, rank = len(values), 0.0, 0
    while rank < n // 2 and below + comb(n, rank) / 2**n <= 0.025:
        below += comb(n, rank) / 2**n
        rank += 1
    return values[max(rank - 1, 0)], values[min(n - rank, n - 1)]


def held(run, name):
    """``(own, other, wanted, ratios)`` for each requirement at the case of this name."""
    for own, other, wanted, cases in REQUIRED:
        if name in cases:
            yield own, other, wanted, ratios(run, own, other)


def verdict(wanted, values):
    """The median ratio, and whether it is large enough; equally fast is so within two per cent."""
    found, (low, high) = median(values), interval(values)
    if found >= (0.98 if wanted == 1 else wanted):
        return f"{found:.2f} yes"
    return f"{found:.2f} ({low:.2f}–{high:.2f}) {'open' if high >= wanted else '**no**'}"
