"""``symfnn check``: verdicts on the formulas of documents."""

import gc
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from symfnn import errors
from symfnn.check import checker, session
from symfnn.check.verdicts import DocumentReport, Report
from symfnn.cli.output import Failure, write
from symfnn.documents import reader
from symfnn.documents.document import Document
from symfnn.reports import check_github, check_html, check_json, check_junit, check_sarif, check_text

_FORMATS: dict[str, Callable[[Report], str]] = {
    "json": check_json.to_json,
    "html": check_html.to_html,
    "sarif": check_sarif.to_sarif,
    "junit": check_junit.to_junit,
    "github": check_github.to_github,
}
_WIDTH = 120  # of a report that no terminal limits
_SLOW = 1.0  # seconds after which a progress bar is worth its lines

gc.freeze()  # what is loaded stays until the process ends: the collector need not look through it again and again


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--formula", metavar="LATEX", help="Check this formula instead of files.")
@click.option("--notation", metavar="NAME|FILE|auto|none", default=checker.AUTO, show_default=True,
              help="Whose definitions hold where the document has none; auto: those that fit best.")  # fmt: skip
@click.option("--activation", metavar="NAME", help="The activation, where the document leaves it open.")
@click.option("--loss", metavar="NAME", help="The loss, where the document leaves it open.")
@click.option("--format", "form", type=click.Choice(["text", *_FORMATS]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Exit with 3 if something is undecided and nothing is wrong.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=10.0, show_default=True, metavar="S",
              help="Seconds for the decision of one statement.")  # fmt: skip
@click.option("--repairs/--no-repairs", default=True, show_default=True,
              help="Look for what was meant where something is wrong, for up to three seconds a claim.")  # fmt: skip
@click.option("--verbose", is_flag=True, help="List all statements, the proved ones too.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write here rather than to stdout.")
def check(
    *,
    paths: tuple[Path, ...],
    formula: str | None,
    notation: str,
    activation: str | None,
    loss: str | None,
    form: str,
    strict: bool,
    timeout: float,
    repairs: bool,
    verbose: bool,
    output: Path | None,
) -> None:
    """Check the formulas of documents (.tex, .md, .ipynb, .rst) and of all documents below a directory.

    Exit codes: 0 nothing is refuted or ill-shaped; 1 something is; 2 the command line or a file is unusable; 3 with
    --strict something is undecided.
    """
    if bool(paths) == (formula is not None):
        raise click.UsageError("give paths, or one --formula")
    options = checker.Options(activation, loss, timeout, repairs)
    unread: list[str] = []
    try:
        documents = [session.formula(formula)] if formula is not None else _read(list(session.files(paths)), unread)
        report = Report(tuple(_checked(documents, _notation(notation), options)))
        write(_rendered(report, form, verbose, output), output)
    except errors.SymfnnError as error:
        raise Failure(str(error)) from error
    sys.exit(2 if unread else _exit_code(report, strict))


def _read(paths: Sequence[Path], unread: list[str]) -> Iterator[Document]:
    """The documents in order; a file that cannot be read is told at once and keeps none of the others back."""
    for path in _shown(paths):
        try:
            yield reader.read(path)
        except errors.DocumentError as error:
            click.echo(f"Error: {error}", err=True)
            unread.append(str(path))


def _shown(paths: Sequence[Path]) -> Iterator[Path]:
    """The paths, with a bar on a terminal once it takes long."""
    began = time.monotonic()
    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task("checking", total=len(paths))
    started = False
    try:
        for path in paths:
            if not started and bar.console.is_terminal and time.monotonic() - began > _SLOW:
                bar.start()
                started = True
            bar.update(task, description=path.name)
            yield path
            bar.advance(task)
    finally:
        if started:
            bar.stop()


def _checked(documents: Iterable[Document], notation: str | Path, options: checker.Options) -> Iterator[DocumentReport]:
    for document in documents:
        yield session.check(document, notation, options)


def _notation(name: str) -> str | Path:
    """A file where it looks like one, else the name of a notation that comes with symfnn."""
    if Path(name).suffix or Path(name).is_file():
        return Path(name)
    return name


def _rendered(report: Report, form: str, verbose: bool, output: Path | None) -> str:
    if form != "text":
        return _FORMATS[form](report)
    console = Console(file=sys.stdout)
    colour = output is None and console.is_terminal and not console.no_color
    width = console.width if output is None and console.is_terminal else _WIDTH
    return check_text.to_text(report, verbose=verbose, colour=colour, width=width)


def _exit_code(report: Report, strict: bool) -> int:
    if report.is_wrong:
        return 1
    return 3 if strict and report.is_undecided else 0
