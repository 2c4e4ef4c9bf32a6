"""Loss and gradient of networks of all sizes: symfnn's exports beside what people would use instead.

Every time comes from one process in which all contenders take turns; each round times each of them once, in an order
drawn anew. The table gives medians; a ratio is the median of the ratios of single rounds. What earlier runs have found
of other cases stays in the page. Needs ``pip install -e '.[bench]'``; who is missing or fails is listed at the end.

    python benchmarks/export.py                          # everything, with 2 threads and with 1: 45 minutes
    python benchmarks/export.py --resume                 # the cases that an interrupted run has left
    python benchmarks/export.py --sizes tiny --dtypes float64 --threads 2 --without torch.compile
    python benchmarks/export.py --sizes large --models relu --no-compiling --threads 2
    python benchmarks/export.py --sizes middle --threads 1 --only "symfnn JAX" "jax.jit(value_and_grad)"
    python benchmarks/export.py --only-render            # the tables and the picture again from the last run
"""

import argparse
import json
import os
import subprocess
import sys
from itertools import chain
from pathlib import Path

from contenders import report

HERE = Path(__file__).parent
RESULTS = HERE.parent / "build" / "export.json"
SIZES = {
    "tiny": [([2, 2, 1], 1), ([2, 2, 1], 4), ([4, 8, 3], 32)],
    "middle": [([64, 64, 10], 64), ([784, 128, 10], 128)],
    "large": [([784, 512, 512, 10], 256), ([1024] * 8, 512)],
}
# up to how many layers the cost of compiling is measured: what takes minutes is left out
DEEP = {
    "symfnn NumPy": 64,
    "symfnn Workspace": 64,
    "symfnn JAX": 64,
    "jax.jit(value_and_grad)": 64,
    "PyTensor": 32,
    "tensorgrad": 16,
    "torch.compile": 16,
}
MODELS = ("sigmoid", "relu")


def main():
    given = arguments()
    if given.only:
        for _ in measured(given, given.dtypes):
            pass
        return
    if not given.only_render:
        doubles, others = ([d for d in given.dtypes if (d == "float64") == is_double] for is_double in (True, False))
        parts = measured(given, doubles), memory(given), sharded(given), compiled(given), measured(given, others)
        for kind, key, one in chain(*parts):
            keep(kind, key, one)
    report.write(found_before(), HERE.parent / "docs")


def found_before():
    none = {"runs": [], "compiling": [], "memory": [], "sharded": []}
    return none | (json.loads(RESULTS.read_text()) if RESULTS.exists() else {})


def keep(kind, key, one):
    """Write what was found at once, over what an earlier run has found of the same."""
    RESULTS.parent.mkdir(exist_ok=True)
    results = found_before()
    results[kind] = [other for other in results[kind] if any(other[name] != one[name] for name in key)] + [one]
    RESULTS.write_text(json.dumps(results))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", nargs="*", choices=SIZES, default=list(SIZES))
    parser.add_argument("--models", nargs="*", choices=MODELS, default=list(MODELS))
    parser.add_argument("--dtypes", nargs="*", default=["float64", "float32"])
    parser.add_argument("--threads", nargs="*", type=int, default=[2, 1])
    parser.add_argument("--without", nargs="*", default=[], help="names of contenders")
    parser.add_argument("--only", nargs="*", default=[], help="names of contenders; the page is left as it is")
    parser.add_argument("--resume", action="store_true", help="leave out what the last run has found already")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--seconds", type=float, default=2.5, help="for the rounds of one case")
    parser.add_argument("--no-compiling", action="store_true", help="leave out what compiling costs")
    parser.add_argument("--only-render", action="store_true")
    return parser.parse_args()


def measured(given, dtypes):
    """What the worker finds, case by case."""
    known = [[run["case"], run["threads"]] for run in found_before()["runs"]] if given.resume else []
    for dtype in dtypes:
        for threads in given.threads:
            cases = [[w, m, model, dtype] for size in given.sizes for w, m in SIZES[size] for model in given.models]
            cases = [case for case in cases if [case, threads] not in known]
            order = {
                "threads": threads,
                "cases": cases,
                "without": given.without,
                "only": given.only,
                "rounds": given.rounds,
                "seconds": given.seconds,
            }
            for line in _worker(order):
                found = json.loads(line)
                print(report.line(found), flush=True)
                yield "runs", ("case", "threads"), found


def memory(given):
    """What a call takes beside its arguments, at its peak."""
    for widths, batch in SIZES["large"] if "large" in given.sizes else ():
        order = {"threads": 1, "memory": [widths, batch, "sigmoid", "float64"], "without": given.without}
        if given.resume and any(row["case"] == order["memory"] for row in found_before()["memory"]):
            continue
        for line in _worker(order):
            found = json.loads(line)
            print(f"memory of {widths}: {found['name']} {found['bytes'] / 2**20:.1f} MiB", flush=True)
            yield "memory", ("name", "case"), found


def sharded(given):
    """How the work of a device falls with their number, with JAX on virtual ones."""
    if "large" not in given.sizes or (given.resume and found_before()["sharded"]):
        return
    order = {"threads": 1, "sharded": [*SIZES["large"][0], "relu", "float64"], "devices": [1, 2, 4, 8]}
    for line in _worker(order | {"without": given.without}):
        found = json.loads(line)
        print(f"{found['devices']} devices: {found['operations']:.3g} operations each", flush=True)
        yield "sharded", ("devices",), found


def compiled(given):
    """Processor seconds from a model to its first result, for networks of more and more layers."""
    if given.no_compiling or (given.resume and found_before()["compiling"]):
        return
    for depth in (8, 16, 32, 64):
        order = {"threads": 2, "compile": [[64] * depth, 32, "sigmoid", "float64"]}
        only = None if depth == 8 else [name for name, deepest in DEEP.items() if depth <= deepest]
        for line in _worker(order | {"without": given.without, "only": only}):
            found = json.loads(line)
            print(f"compiled {depth} layers: {found['name']} {found['seconds']:.2f} s", flush=True)
            yield "compiling", ("name", "depth"), found


def _worker(order):
    command = [sys.executable, str(HERE / "export_worker.py"), json.dumps(order)]
    # where memory is measured, freed blocks go back to the system at once
    names = ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_") if "memory" in order else ()
    own = os.environ | dict.fromkeys(names, "65536")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=own) as process:
        yield from process.stdout


if __name__ == "__main__":
    main()
