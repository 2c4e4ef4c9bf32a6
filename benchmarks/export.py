"""Loss and gradient of networks of all sizes: symfnn's exports beside what people would use instead.

Every time comes from one process in which all contenders take turns; each round times each of them once, in an order
drawn anew. The table gives medians; a ratio is the median of the ratios of single rounds. What earlier runs have found
of other cases stays in the page. Needs ``pip install -e '.[bench]'``; who is missing or fails is listed at the end.

    python benchmarks/export.py                          # everything: about an hour
    python benchmarks/export.py --sizes tiny --dtypes float64 --threads 2 --without torch.compile
    python benchmarks/export.py --only-render            # the tables and the picture again from the last run
"""

import argparse
import json
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
MODELS = ("sigmoid", "relu")


def main():
    given = arguments()
    if not given.only_render:
        for kind, key, one in chain(measured(given), compiled(given)):
            keep(kind, key, one)
    report.write(json.loads(RESULTS.read_text()), HERE.parent / "docs")


def keep(kind, key, one):
    """Write what was found at once, over what an earlier run has found of the same."""
    RESULTS.parent.mkdir(exist_ok=True)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"runs": [], "compiling": []}
    results[kind] = [other for other in results[kind] if any(other[name] != one[name] for name in key)] + [one]
    RESULTS.write_text(json.dumps(results))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", nargs="*", choices=SIZES, default=list(SIZES))
    parser.add_argument("--dtypes", nargs="*", default=["float64", "float32"])
    parser.add_argument("--threads", nargs="*", type=int, default=[2, 1])
    parser.add_argument("--without", nargs="*", default=[], help="names of contenders")
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--seconds", type=float, default=20, help="for the rounds of one case")
    parser.add_argument("--no-compiling", action="store_true", help="leave out what compiling costs")
    parser.add_argument("--only-render", action="store_true")
    return parser.parse_args()


def measured(given):
    """What the worker finds, case by case."""
    for threads in given.threads:
        for dtype in given.dtypes:
            cases = [[w, m, model, dtype] for size in given.sizes for w, m in SIZES[size] for model in MODELS]
            order = {
                "threads": threads,
                "cases": cases,
                "without": given.without,
                "rounds": given.rounds,
                "seconds": given.seconds,
            }
            for line in _worker(order):
                found = json.loads(line)
                print(report.line(found), flush=True)
                yield "runs", ("case", "threads"), found


def compiled(given):
    """Processor seconds from a model to its first result for 8 layers, and for more of symfnn alone."""
    if given.no_compiling:
        return
    for depth, name in [(8, None), *((depth, "symfnn NumPy") for depth in (16, 32, 64))]:
        order = {"threads": 2, "compile": [[64] * depth, 32, "sigmoid", "float64"], "only": name}
        for line in _worker(order | {"without": given.without}):
            found = json.loads(line)
            print(f"compiled {depth} layers: {found['name']} {found['seconds']:.2f} s", flush=True)
            yield "compiling", ("name", "depth"), found


def _worker(order):
    command = [sys.executable, str(HERE / "export_worker.py"), json.dumps(order)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        yield from process.stdout


if __name__ == "__main__":
    main()
