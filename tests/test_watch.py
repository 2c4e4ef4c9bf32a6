"""Bounded time for what does not look at the clock: loops in Python, SymPy, threads other than the main one."""

import contextlib
import subprocess
import sys
import threading
import time

import pytest

from symfnn.check.checker import Options, check_document
from symfnn.check.watch import OutOfTime, within
from symfnn.documents.reader import read_text


def endless() -> None:
    while True:
        pass


def stubborn() -> None:
    """A loop that handles every error it meets."""
    while True:
        try:
            sum(range(1000))
        except Exception:
            continue


@pytest.mark.parametrize("work", [endless, stubborn])
def test_a_loop_is_stopped(work) -> None:
    start = time.monotonic()
    with pytest.raises(OutOfTime):
        within(0.2, work)
    assert time.monotonic() - start < 3


def test_what_ends_in_time_returns_and_raises_as_it_does() -> None:
    assert within(5, lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 / 0)


def test_the_inner_watch_ends_first() -> None:
    def outer() -> str:
        with pytest.raises(OutOfTime):
            within(0.1, endless)
        return "went on"

    assert within(10, outer) == "went on"


def test_the_outer_watch_stops_the_inner_work() -> None:
    with pytest.raises(OutOfTime):
        within(0.1, lambda: within(10, endless))


def test_no_stroke_comes_late() -> None:
    """Work that ends about when its time does is stopped or not, and what follows it never is."""
    for _ in range(6):
        with contextlib.suppress(OutOfTime):
            within(0.01, lambda: time.sleep(0.05))
        sum(range(20_000))
    time.sleep(0.2)


def test_it_works_off_the_main_thread() -> None:
    found = []

    def run() -> None:
        try:
            within(0.1, endless)
        except OutOfTime:
            found.append("stopped")

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(5)
    assert found == ["stopped"]


def test_the_timeout_of_a_claim_holds_inside_sympy() -> None:
    nested = r"\frac{1}{1 + " * 8 + "x" + "}" * 8
    text = rf"$x \in \mathbb{{R}}$, $y = {nested}$" + "\n\n" + rf"$$\frac{{\partial y}}{{\partial x}} = {nested}$$"
    start = time.monotonic()
    report = check_document(read_text("notes", text, "markdown"), None, Options(timeout=0.5))
    assert time.monotonic() - start < 8
    assert str(report.statements[-1].verdict) in {"refuted", "undecided"}


def test_a_profiler_does_not_hang_what_follows_a_watch() -> None:
    program = (
        "import cProfile, time\n"
        "from symfnn.check.watch import OutOfTime, within\n"
        "def work():\n"
        "    for _ in range(3):\n"
        "        within(10, lambda: sum(range(1000)))\n"
        "        try:\n"
        "            within(0.01, lambda: [time.sleep(0.01) for _ in range(1000)])\n"
        "        except OutOfTime:\n"
        "            sum(range(1000))\n"
        "    print('done')\n"
        "cProfile.Profile().runcall(work)\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout == "done\n"
