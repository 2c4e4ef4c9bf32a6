"""Wrong formulas made from right ones: is any of them accepted?

Every proved equation of the documents (by default derivations/ and the built-in notations) is changed at one place by
one operator and checked where it stands, with everything that its document states before it. What is accepted has to
hold in networks that are written out in scalars, by a reading that shares nothing with the checker's (``scalars``): at
every admissible layer, sample and entry of two networks of three or four layers with pairwise different widths, for all
values of their weights and inputs and whatever their open functions are.

    python benchmarks/mutations.py [--limit N] [--seed N] [--each N] [--processes N] [--seconds N] [--list]
        [PATH…]
"""

import argparse
import multiprocessing
import random
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from mutation_operators import mutants
from scalars.network import World
from scalars.stated import Size
from scalars.statements import network, of_document
from scalars.truth import Truth, links_of, truth

from symfnn.check import checker, links
from symfnn.check.verdicts import Verdict
from symfnn.documents.reader import read
from symfnn.latex.writing import write

ROOT = Path(__file__).parents[1]
ACCEPTED = (Verdict.PROVED, Verdict.TESTED)
OUTCOMES = ("refuted", "ill-shaped", "undecided", "definition", "accepted", "crashed")
FIRST = Size((3, 2, 4), 5)
SECOND = Size((2, 4, 3, 5), 6, (4, 3, 2, 6, 5, 7))
SAMPLES = Size((4, 5, 2), 3)  # the second where there are samples: four layers of them would take minutes


@dataclass(frozen=True)
class Proved:
    """A proved formula of a document.

    Attributes:
        name: of the document.
        before: the state of the check where it stands.
        source: the document's text.
        one: the formula as written.
        stated: what the document and its notation state before it.
        mutants: (operator's name, statement) for every change.
    """

    name: str
    before: object
    source: object
    one: object
    stated: tuple
    mutants: list


@dataclass
class Found:
    """What came out: the verdicts by operator, and the mutants to look at, as text."""

    counts: dict = field(default_factory=lambda: defaultdict(Counter))
    crashed: list = field(default_factory=list)
    equivalent: list = field(default_factory=list)
    wrong: list = field(default_factory=list)
    not_shown: list = field(default_factory=list)


def copied(course):
    """The state of a check, apart from what goes on."""
    return replace(
        course,
        seen=list(course.seen),
        layouts=set(course.layouts),
        redefined=dict(course.redefined),
        contradicted=set(course.contradicted),
    )


def proved(path, each, seed):
    """Every proved formula of a document."""
    document, found, check = read(path), {}, checker._check

    def noted(course, source, one):
        before = copied(course)
        result = check(course, source, one)
        if result.verdict is Verdict.PROVED:
            found.setdefault(one.formula.span, (before, source, one))
        return result

    checker._check = noted
    report = checker.check_document(document, None, checker.Options(timeout=5))
    checker._check = check
    for before, source, one in found.values():
        made = list(mutants(one.statement))
        random.Random(f"{seed} {path.name} {write(one.statement.content)}").shuffle(made)
        stated = of_document(document, report, one.formula.span.start)
        yield Proved(path.name, before, source, one, stated, made[:each] if each else made)


def outcome(formula, statement):
    """(what a check says of a mutant, its links or what went wrong)."""
    try:
        found = checker._check(copied(formula.before), formula.source, replace(formula.one, statement=statement))
    except Exception as error:
        return "crashed", repr(error)
    if found.verdict in ACCEPTED:
        return "accepted", [link.finding for link in found.links]
    return (str(found.verdict), None) if str(found.verdict) in OUTCOMES else ("definition", None)


@cache
def written_out(stated: tuple, size: Size) -> World:
    return network(list(stated), size)


def exact(formula, statement, findings) -> Truth:
    """Whether what a mutant claims holds in the networks that are written out; definitions claim nothing."""
    claimed = links_of(statement.content)
    if len(claimed) == len(findings):
        pairs = zip(claimed, findings, strict=True)
        claimed = [link for link, finding in pairs if finding.verdict is not Verdict.DEFINITION]
    first = written_out(formula.stated, FIRST)
    found = truth(first, claimed, statement.remarks)
    if not found.holds:
        return found
    second = written_out(formula.stated, SAMPLES if first.has_samples else SECOND)
    return truth(second, claimed, statement.remarks)


def tried(formula, operator, statement, found: Found):
    """One mutant, checked, and what is found noted."""
    said, result = outcome(formula, statement)
    found.counts[operator][said] += 1
    where = f"{formula.name}: {write(formula.one.statement.content)}\n    {operator}: {write(statement.content)}"
    if said == "crashed":
        found.crashed.append(f"{where}\n    {result}")
    if said == "accepted":
        assumed = sorted({word for finding in result for word in finding.assumptions})
        where += f"\n    {', '.join(str(finding.verdict) for finding in result)}"
        where += f" if {', '.join(assumed)}" if assumed else ""
        shown = exact(formula, statement, result)
        kind = {True: found.equivalent, False: found.wrong, None: found.not_shown}[shown.holds]
        kind.append(where if shown.holds else f"{where}\n    {shown.reason}")


def share(job) -> Found:
    """The mutants of one formula."""
    formula, chosen = WORK[job]
    found = Found()
    for number in chosen:
        tried(formula, *formula.mutants[number], found)
    return found


WORK: list = []  # of this process and of those that are forked from it: (formula, numbers of its mutants)


def gathered(processes: int, seconds: float) -> Found:
    """The work done, in so many processes, or what of it is done after so long."""
    total, done, start = Found(), 0, time.monotonic()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        for number, found in enumerate(pool.imap_unordered(share, range(len(WORK)))):
            done += sum(row.total() for row in found.counts.values())
            for name, row in found.counts.items():
                total.counts[name] += row
            for name in ("crashed", "equivalent", "wrong", "not_shown"):
                getattr(total, name).extend(getattr(found, name))
            said = f"{number + 1} of {len(WORK)} formulas, {done} mutants, {len(total.wrong)} wrong"
            print(f"{said}, {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
            if time.monotonic() - start > seconds:
                break
    return total


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="at most so many mutants in all")
    parser.add_argument("--each", type=int, default=0, help="at most so many mutants of one formula")
    parser.add_argument("--seed", type=int, default=0, help="which mutants are taken where there are too many")
    parser.add_argument("--processes", type=int, default=1, help="how many run side by side")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop then, and report what was done")
    parser.add_argument("--list", action="store_true", help="list every accepted mutant")
    return parser.parse_args()


def main():
    options = arguments()
    paths = options.paths or [
        *sorted((ROOT / "derivations").glob("*.md")),
        *sorted((ROOT / "symfnn/notations").glob("*.md")),
    ]
    links.repaired = lambda course, scope, part, statement, finding: finding  # repairs are not what is measured
    start = time.monotonic()
    formulas = [formula for path in paths for formula in proved(path, options.each, options.seed)]
    places = [(here, number) for here, formula in enumerate(formulas) for number in range(len(formula.mutants))]
    if options.limit and len(places) > options.limit:
        places = random.Random(options.seed).sample(places, options.limit)
    chosen = defaultdict(list)
    for here, number in sorted(places):
        chosen[here].append(number)
    WORK[:] = [(formulas[here], numbers) for here, numbers in chosen.items()]
    print(f"{len(formulas)} proved formulas, {len(places)} mutants; {time.monotonic() - start:.0f} s", flush=True)
    report(gathered(options.processes, options.seconds), options.list)
    print(f"{time.monotonic() - start:.0f} s")


def report(found: Found, is_listed: bool):
    print("operator".ljust(18), *(name.rjust(10) for name in OUTCOMES))
    for name, row in [*found.counts.items(), ("in all", sum(found.counts.values(), Counter()))]:
        print(name.ljust(18), *(str(row[outcome]).rjust(10) for outcome in OUTCOMES))
    titles = {"crashed": found.crashed, "accepted, and wrong": found.wrong, "accepted, not shown": found.not_shown}
    for title, ones in (titles | ({"accepted": found.equivalent} if is_listed else {})).items():
        for one in ones:
            print(f"{title}: {one}")
    counts = f"{len(found.equivalent)}; wrong: {len(found.wrong)}; not shown: {len(found.not_shown)}"
    print(f"accepted, and equivalent by the exact test: {counts}; crashed: {len(found.crashed)}")


if __name__ == "__main__":
    main()
