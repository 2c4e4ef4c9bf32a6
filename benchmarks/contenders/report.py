"""The tables and the picture of ``benchmarks/export.py``."""

import json
import os
import platform
from itertools import pairwise
from pathlib import Path
from statistics import median

from contenders import Case, requirements

MARKERS = "xv^<>sDP*+12hd"
TITLES = {"sigmoid": "sigmoid and cross-entropy", "relu": "relu, softmax and cross-entropy"}
INTRODUCTION = """# How fast the exports are

Microseconds a call of loss and gradient together (for 8 layers of 1024: milliseconds), as `benchmarks/export.py`
writes them: the medians over rounds in which all contenders take turns in one process, those that are compared with
each other one soon after another; a round of one contender is the best of five short slices, or of two calls where
these are long. The number of samples stands in brackets. What
is marked `stacked` has one array a layer, its row 0 the biases; all others of PyTorch and JAX have weights and
biases apart, in PyTorch as its layers have them, so that each export is compared with differentiation of the same
arrays. `torch.compile`, which compiles for many seconds, is measured in float32 from 64-64-10 on and with one thread
only, CasADi, which writes out scalars, for the smallest networks only. `symfnn Workspace, numba` is the class
`FusedWorkspace`, whose loops numba compiles. `torch eager` is a `Sequential` with `backward`, `torch eager,
functions` the shortest way with `torch.autograd.grad`; `products only` evaluates the matrix products alone, into
arrays that are there already. With one thread the times are the processor's, so that other work on the machine does
not count; with two they are those of the clock, which mean something on an idle machine only: libraries that share
an operation between threads wait for the last of them. Before each round of a contender, the threads of the one
before have time to give up their core. All figures are those of a processor; none is of a GPU.

![times by size](export-benchmark.png)
"""


def line(run):
    """What a run has found, in one line."""
    best = sorted((median(times), name) for name, times in run["times"].items())
    found = ", ".join(f"{name} {seconds * 1e6:.1f}" for seconds, name in best)
    failed = "".join(f"; {name} failed: {why}" for name, why in run["failed"].items())
    return f"{_case(run).name} {run['case'][2]} {run['case'][3]} {run['threads']} threads, µs: {found}{failed}"


def write(results, folder):
    """The page and the picture."""
    runs = sorted(results["runs"], key=_place)
    texts = [INTRODUCTION, f"Machine: {_machine()}.\n"]
    groups = list(dict.fromkeys((run["case"][3], run["threads"], run["case"][2]) for run in runs))
    for dtype, threads, model in groups:
        chosen = [run for run in runs if (run["case"][3], run["threads"], run["case"][2]) == (dtype, threads, model)]
        texts.append(f"## {TITLES[model]}, {dtype}, {threads} thread{'s' if threads > 1 else ''}\n")
        texts.append(_table(chosen))
    texts.append(_ratios(runs))
    texts.append(_memory(results["memory"]))
    texts.append(_sharded(results["sharded"]))
    texts.append(_compiling(results["compiling"]))
    failed = dict.fromkeys(
        f"- {name}, {_case(run).name}, {run['case'][3]}: {why}" for run in runs for name, why in run["failed"].items()
    )
    if failed:
        texts.append("## Who did not take part\n\n" + "\n".join(failed) + "\n")
    page = "\n".join(text for text in texts if text)
    Path(folder, "export-benchmark.md").write_text(page)
    print(_ratios(runs))
    _draw(runs, Path(folder, "export-benchmark.png"))


def _place(run):
    """Tables and columns in this order: precision, threads, model, size."""
    _, batch, model, dtype = run["case"]
    return -int(dtype[5:]), -run["threads"], -len(model), _operations(run), batch


def _case(run):
    return Case(tuple(run["case"][0]), *run["case"][1:])


def _machine():
    model = next((row for row in Path("/proc/cpuinfo").read_text().splitlines() if row.startswith("model name")), "")
    cores = len(os.sched_getaffinity(0))
    return f"{model.partition(': ')[2] or platform.machine()}, {cores} cores, Python {platform.python_version()}"


def _table(runs):
    names = list(dict.fromkeys(name for run in runs for name in run["times"]))
    rows = [["", *(_case(run).name for run in runs)]]
    for name in names:
        rows.append([name, *(_cell(run, name) for run in runs)])
    return _markdown(rows)


def _cell(run, name):
    if name not in run["times"]:
        return ""
    unit = 1e3 if max(run["case"][0]) * len(run["case"][0]) >= 8000 else 1e6
    found = median(run["times"][name]) * unit
    return f"{found:,.{2 if found < 1 else 1 if found < 100 else 0}f}"


def _markdown(rows):
    head, *others = rows
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *others]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines) + "\n"


def _ratios(runs):
    """Every required ratio, and in brackets what was found in each run."""
    columns = list(dict.fromkeys((run["case"][2], run["case"][3], run["threads"]) for run in runs))
    head = ["times as fast", "required", *(f"{model}, {dtype}, {threads}" for model, dtype, threads in columns)]
    rows = {}
    for run in runs:
        for own, other, wanted, found in requirements.held(run, _case(run).name):
            key = f"{own} : {other}, {_case(run).name}"
            row = rows.setdefault((key, wanted), {})
            if found:
                place = (run["case"][2], run["case"][3], run["threads"])
                row[place] = requirements.verdict(wanted, found)
    cells = [[key, f"{wanted:g}", *(row.get(c, "") for c in columns)] for (key, wanted), row in rows.items() if row]
    return (
        "## What was required\n\n"
        "Where 1 is required, 0.98 counts: two runs of the same differ by as much. Where less was found, the interval\n"
        "stands in brackets in which the median of the ratios lies with 95 per cent; **no** says that what is\n"
        "required lies above it, `open` that it lies in it, so that this run does not decide.\n\n"
        + _markdown([head, *cells])
    )


def _memory(found):
    """Each export beside the framework's own differentiation of the same arrays."""
    if not found:
        return ""
    cases = list(dict.fromkeys(json.dumps(row["case"]) for row in found))
    rows = [
        ["float64, sigmoid and cross-entropy", *(Case(tuple(w), *more).name for w, *more in map(json.loads, cases))]
    ]
    for name in dict.fromkeys(row["name"] for row in found):
        sizes = {json.dumps(row["case"]): row["bytes"] for row in found if row["name"] == name}
        rows.append([name, *(f"{sizes[case] / 2**20:.1f}" if case in sizes else "" for case in cases)])
    return (
        "## Memory of a call\n\n"
        "MiB beside the arguments at the peak of a call, the gradient included: for PyTorch as the process has grown,\n"
        "for JAX as XLA has planned it. Beside each export stands what the framework itself needs for the same\n"
        "arrays.\n\n" + _markdown(rows)
    )


def _sharded(found):
    """What each device does where the samples are divided among several."""
    if not found:
        return ""
    name = Case(tuple(found[0]["case"][0]), *found[0]["case"][1:]).name
    rows = [["devices", "samples each", "operations each", "MiB read and written", "error"]]
    for row in sorted(found, key=lambda row: row["devices"]):
        moved = f"{row['read and written'] / 2**20:.1f}"
        rows.append(
            [str(row["devices"]), str(row["samples"]), f"{row['operations']:,.0f}", moved, f"{row['error']:.0e}"]
        )
    return (
        "## Several devices\n\n"
        f"The JAX export at {name} on a mesh of virtual devices,\n"
        "as in [the recipe](export.md#several-devices): what XLA counts for one device. Each reads all parameters and\n"
        "writes their gradient, so that what is moved falls more slowly than the operations. The error is that of the\n"
        "result beside the one of a single device.\n\n" + _markdown(rows)
    )


def _compiling(found):
    if not found:
        return ""
    first = [row for row in found if row["depth"] == 8]
    rows = [["8 layers of 64, from imported libraries to the first result", "processor seconds"]]
    rows += [[row["name"], f"{row['seconds']:.2f}"] for row in sorted(first, key=lambda row: row["seconds"])]
    depths = sorted({row["depth"] for row in found})
    deeper = [["processor seconds by layers", *map(str, depths)]]
    seconds = {(row["name"], row["depth"]): f"{row['seconds']:.2f}" for row in found}
    for name in dict.fromkeys(name for name, depth in seconds if depth > 8):
        deeper.append([name, *(seconds.get((name, depth), "") for depth in depths)])
    return "## What compiling costs\n\n" + _markdown(rows) + "\n" + _markdown(deeper)


def _draw(runs, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    chosen = [run for run in runs if run["case"][3] == "float64" and run["threads"] == max(r["threads"] for r in runs)]
    models = list(dict.fromkeys(run["case"][2] for run in chosen))
    if not models:
        return
    figure, axes = plt.subplots(
        1, len(models), figsize=(7 * len(models), 8), sharey=True, squeeze=False, layout="constrained"
    )
    names = list(dict.fromkeys(name for run in chosen for name in run["times"]))
    for axis, model in zip(axes[0], models, strict=True):
        for name in names:
            points = [
                (_operations(run), median(run["times"][name]) * 1e6)
                for run in chosen
                if run["case"][2] == model and name in run["times"]
            ]
            if points:
                axis.plot(*zip(*sorted(points), strict=True), label=name, **_style(name, names))
        axis.set(xscale="log", yscale="log", title=TITLES[model], xlabel="multiplications in the matrix products")
        axis.grid(alpha=0.3)
    axes[0][0].set_ylabel("µs a call, float64")
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=5, fontsize=9)
    figure.savefig(path, dpi=80)


def _operations(run):
    widths, batch = run["case"][:2]
    pairs = list(pairwise(widths))
    return batch * (3 * sum(p * q for p, q in pairs) - pairs[0][0] * pairs[0][1])


def _style(name, names):
    colours = ["C0", "C1", "C2", "C3", "C4", "C5", "C6", "C8", "C9"]
    if name.startswith("symfnn"):
        own = [other for other in names if other.startswith("symfnn")]
        return {"linewidth": 2.2, "marker": "o", "color": colours[own.index(name) % len(colours)]}
    if name.startswith("products"):
        return {"linewidth": 1.5, "linestyle": ":", "color": "black" if "NumPy" in name else "grey"}
    others = [other for other in names if not other.startswith(("symfnn", "products"))]
    place = others.index(name)
    return {
        "linewidth": 1,
        "linestyle": "--",
        "marker": MARKERS[place % len(MARKERS)],
        "color": colours[place % len(colours)],
    }
