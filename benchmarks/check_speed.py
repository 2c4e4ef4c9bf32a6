"""What a check costs: from the start to the first verdict, for each equation after that, and for a whole document.

    python benchmarks/check_speed.py [DOCUMENT]

The first is the wall time of a fresh process; the rest is measured in one process on the documents of derivations/, or
on the one that is given. The shares say where the time goes.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from symfnn.check import checker, judge, links, oracle
from symfnn.documents.reader import read

ROOT = Path(__file__).parents[1]
FORMULA = r"\delta^l = (w^{l+1})^T \delta^{l+1} \odot \sigma'(z^l)"
FRESH = [Path(sys.executable).with_name("symfnn"), "check", "--notation", "nielsen", "--formula", FORMULA]
SHARES = {
    "read": (checker, "written_statements"),
    "elaborate": (checker, "understand"),
    "test": (oracle, "refute"),
    "prove": (judge, "prove"),
    "diagnose": (links, "repaired"),
}
SPENT = dict.fromkeys(SHARES, 0.0)


RUNNING = []


def watched(name, function):
    """The function, with its time noted; what runs inside a repair belongs to the repair."""

    def timed(*arguments, **options):
        if RUNNING:
            return function(*arguments, **options)
        RUNNING.append(name)
        start = time.perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            SPENT[RUNNING.pop()] += time.perf_counter() - start

    return timed


def first_verdict():
    """Wall time, the median of 5, and the processor's time; with the bytecode that a first run leaves."""
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(FRESH, capture_output=True, check=False, env=settings)
    times = []
    before = sum(os.times()[2:4])
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(FRESH, capture_output=True, check=False, env=settings)
        times.append(time.perf_counter() - start)
    return statistics.median(times), (sum(os.times()[2:4]) - before) / len(times)


def each_equation(paths):
    """Seconds for each statement, by document."""
    found = {}
    check = checker._check
    for path in paths:
        times = found[path] = []

        def timed(*arguments, times=times):
            start = time.perf_counter()
            result = check(*arguments)
            times.append(time.perf_counter() - start)
            return result

        checker._check = timed
        checker.check_document(read(path))
    checker._check = check
    return found


def main():
    paths = [Path(argument) for argument in sys.argv[1:]] or sorted((ROOT / "derivations").glob("*.md"))
    wall, own = first_verdict()
    print(f"start to the first verdict of one formula: {wall:.2f} s ({own:.2f} s of the processor's time)")
    for name, (place, attribute) in SHARES.items():
        setattr(place, attribute, watched(name, getattr(place, attribute)))
    found = each_equation(paths)
    for path, times in found.items():
        print(f"{path.name:20s} {len(times):4d} statements  {sum(times):6.2f} s  longest {max(times, default=0):.2f} s")
    everything = [seconds for times in found.values() for seconds in times]
    print(f"median of {len(everything)} statements: {1000 * statistics.median(everything):.0f} ms")
    whole = sum(SPENT.values())
    print("shares:", ", ".join(f"{name} {seconds / whole:.0%}" for name, seconds in SPENT.items()))


if __name__ == "__main__":
    main()
