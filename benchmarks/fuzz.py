"""A coverage-guided fuzzer (atheris, which is no dependency) on the reader and the checker.

    python -m pip install atheris
    python benchmarks/fuzz.py [--seconds 600] [--corpus FOLDER] [libFuzzer's own options]

One process makes as many inputs as it can: each is a document with one or two formulas, read in the notation that its
first byte names, with half a second for a claim. It starts from the formulas of derivations/, the notations and the
texts of tests/corpus, as the bytes of a document and, cut at its signs, as numbers of pieces. What is thrown other than
symfnn's own errors ends it with the input, and so do 20 seconds for one input and a gigabyte of memory; at the end it
says how many inputs it has tried and how much memory it took at most.
"""

import argparse
import atexit
import contextlib
import re
import resource
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["symfnn"]):
    from symfnn import errors
    from symfnn.check import checker, links
    from symfnn.check.checker import Options, check_document
    from symfnn.documents.document import Formula
    from symfnn.documents.reader import read, read_text
    from symfnn.latex.parser import parse
    from symfnn.notations import loader, opening

ROOT = Path(__file__).parents[1]
NOTATIONS = ("none", *loader.NAMES)
TIMEOUT = 0.5  # seconds for one claim
HANG = 20  # seconds for one input
MEMORY = 1024  # megabytes
LONGEST = 400  # characters of a formula
PIECES = (
    r"\delta^l", "a^{l-1}", "z_j^l", "w_{jk}^l", r"\sigma'(z^l)", r"\frac{\partial C}{\partial z^l}", " = ", r"\odot ",
    r"\sum_k ", r"\sum_{i=1}^{n} ", "(", ")", "{", "}", "^T", "^{2}", "_{ij}", "+", "-", r"\\ &=", r"\frac", "$$", "\n",
    r"\in \mathbb{R}^{m \times n}", "C", "y", "L", "1", "9^{9}", r"\begin{aligned}", r"\end{aligned}", "# heading\n",
    r"\log ", "e^{", r"\text{for } ", "J(W, b)", r"\nabla_a ", r"\mathbf{1}", r"\quad l = 2, \dots, L", r"\prod_j ",
    r"W^{(l)}", r"W^{[l]T}", r"a^{(l)(i)}", r"\begin{bmatrix} 1 \\ x \end{bmatrix}", r"\|", r"\hat{y}_k", r"\max(0, ",
    r"\begin{cases} 1 & i = j \\ 0 \end{cases}", r"\operatorname{softmax}", r"\leftarrow ", r"\forall i", ",", "'",
)  # fmt: skip
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)


class Tally:
    """What was tried so far."""

    inputs = 0
    slowest = 0.0
    start = time.monotonic()


given = cache(opening.given)


def one(data: bytes) -> None:
    """One input: a notation, whether characters or pieces follow, and they."""
    Tally.inputs += 1
    began = time.monotonic()
    if len(data) < 2:
        return
    notation = NOTATIONS[data[0] % len(NOTATIONS)]
    if data[1] % 2:
        text = data[2:].decode("utf-8", errors="replace")[:LONGEST]
    else:
        text = "".join(PIECES[number % len(PIECES)] for number in data[2:42])
    with contextlib.suppress(errors.SymfnnError):
        parse(text)
    try:
        document = read_text("fuzz.md", f"$$\n{text}\n$$\n", "markdown")
        check_document(document, notation, Options(timeout=TIMEOUT))
    except errors.SymfnnError as error:
        if isinstance(error, errors.DisagreementError):
            raise
    Tally.slowest = max(Tally.slowest, time.monotonic() - began)


def formulas() -> list[str]:
    """Those of the repository's own documents."""
    places = (ROOT / "derivations", ROOT / "symfnn/notations", ROOT / "tests/corpus")
    found: dict[str, None] = {}
    for path in (path for place in places for path in sorted(place.glob("*.md"))):
        found |= {p.latex.strip(): None for p in read(path).pieces if isinstance(p, Formula)}
    return [text for text in found if len(text) <= LONGEST]


def seeded(folder: Path) -> None:
    """A file for each formula as characters, and for each chain of pieces."""
    for number, text in enumerate(formulas()):
        (folder / f"formula-{number}").write_bytes(bytes([number % len(NOTATIONS), 1]) + text.encode())
    for number in range(0, len(PIECES), 4):
        (folder / f"pieces-{number}").write_bytes(bytes([1, 0, *range(number, min(number + 8, len(PIECES)))]))


def words(folder: Path) -> Path:
    """The commands that the formulas use, as libFuzzer's dictionary."""
    found = sorted({word for text in formulas() for word in TOKEN.findall(text) if len(word) > 1})
    path = folder / "words.txt"
    quoted = (word.replace("\\", "\\\\").replace('"', '\\"') for word in found if word.isprintable() and word.isascii())
    path.write_text("".join(f'"{word}"\n' for word in quoted))
    return path


def said() -> None:
    """What was tried, at the end."""
    seconds = time.monotonic() - Tally.start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{Tally.inputs} inputs in {seconds:.0f} s ({Tally.inputs / max(seconds, 1):.1f} per second), "
        f"slowest {Tally.slowest:.1f} s, peak memory {peak:.0f} MB",
        file=sys.stderr,
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--corpus", type=Path, help="where what was found interesting is kept, to go on from")
    options, rest = parser.parse_known_args()
    checker.given = given  # a notation's statements are read once
    links.repaired = lambda course, scope, part, statement, finding: finding  # what is proposed is checked like a claim
    seeds = Path(tempfile.mkdtemp(prefix="fuzz-"))
    (seeds / "seeds").mkdir()
    seeded(seeds / "seeds")
    kept = options.corpus or seeds / "kept"
    kept.mkdir(parents=True, exist_ok=True)
    limits = [
        f"-max_total_time={options.seconds}",
        f"-timeout={HANG}",
        f"-rss_limit_mb={MEMORY}",
        f"-max_len={LONGEST}",
    ]
    own = [*limits, "-len_control=0", "-print_final_stats=1", f"-dict={words(seeds)}"]
    atexit.register(said)
    atheris.Setup([sys.argv[0], *own, *rest, str(kept), str(seeds / "seeds")], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
