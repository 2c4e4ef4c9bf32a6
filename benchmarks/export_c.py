"""The C exports of all tiny and middle sizes under two compilers, the sanitizers and valgrind; all must be silent.

    python benchmarks/export_c.py

Every file is compiled by gcc and by clang with all warnings as errors, and its self-test is run: plain, under the
address and undefined-behaviour sanitizers, and, but for the largest number of samples, under valgrind. Then it is
compiled for bare metal: no library, no heap, no input or output. A line for each network; the exit status is 1 if
anything was reported.
"""

import itertools
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from contenders import Case
from contenders.exports import model_of

import symfnn

SIZES = (
    ((2, 2, 1), 1),
    ((2, 2, 1), 4),
    ((4, 8, 3), 32),
    ((64, 64, 10), 64),
    ((784, 128, 10), 8),
    ((784, 128, 10), 128),
)
COMPILERS = ("gcc", "clang")
STRICT = ("-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror")
SANITIZED = ("-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
VALGRIND = ("valgrind", "-q", "--error-exitcode=9", "--leak-check=full")
# what compilers may call for copies of structures and arrays, without a library of C
MEMORY = {"memcpy", "memset", "memmove", "__stack_chk_fail"}


def ran(command, folder):
    """Empty where all is well, else what was said."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 and not done.stderr else f"{done.returncode}: {done.stderr or done.stdout}"[:300]


def checked(folder, compiler, *, is_short):
    """What is checked, and what was said."""

    def build(*flags):
        return ran([compiler, *STRICT, *flags, "network.c", "-o", "a.out", "-lm"], folder)

    yield "warnings", build("-O2", "-DSYMFNN_SELFTEST")
    yield "self-test", ran(["./a.out"], folder)
    yield "sanitizers", build(*SANITIZED, "-DSYMFNN_SELFTEST") or ran(["./a.out"], folder)
    if shutil.which("valgrind") and is_short:
        # optimised: valgrind does not know the widest instructions, which -march=native would give
        yield "valgrind", build("-O1", "-gdwarf-4", "-DSYMFNN_SELFTEST") or ran([*VALGRIND, "./a.out"], folder)
    yield "bare metal", _bare(folder, compiler)


def _bare(folder, compiler):
    said = ran([compiler, *STRICT, "-O2", "-ffreestanding", "-fno-builtin", "-nostdlib", "-c", "network.c"], folder)
    listed = subprocess.run(["nm", "-u", "network.o"], cwd=folder, capture_output=True, text=True, check=True).stdout
    others = set(re.findall(r"U (\w+)", listed)) - MEMORY
    return said or (f"it calls {', '.join(sorted(others))}" if others else "")


def main():
    is_silent = True
    for (widths, batch), model, dtype in itertools.product(SIZES, ("sigmoid", "relu"), symfnn.DTYPES):
        case = Case(widths, batch, model, dtype)
        made = symfnn.to_c(model_of(case), batch=batch, dtype=dtype, what=symfnn.DERIVATIVES)
        for compiler in filter(shutil.which, COMPILERS):
            with tempfile.TemporaryDirectory() as folder:
                Path(folder, "network.h").write_text(made.header)
                Path(folder, "network.c").write_text(made.source)
                found = dict(checked(folder, compiler, is_short=sum(widths) * batch < 20_000))
            said = "; ".join(f"{name}: {what}" for name, what in found.items() if what)
            is_silent = is_silent and not said
            print(f"{case.name} {model} {dtype} {compiler}: {said or ', '.join(found) + ' silent'}", flush=True)
    return 0 if is_silent else 1


if __name__ == "__main__":
    sys.exit(main())
