"""A check from files or texts to reports: reading, checking, and what the directives say."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from symfnn import errors
from symfnn.check import checker, expectations
from symfnn.check.verdicts import DocumentReport
from symfnn.documents import reader
from symfnn.documents.document import Document, Formula
from symfnn.source import Source, Span


def check(document: Document, notation: str | Path | None, options: checker.Options) -> DocumentReport:
    """What was found in one document, as its directives want it shown.

    Raises:
        SymfnnError: the notation is unknown or cannot be read.
    """
    return expectations.settle(checker.check_document(document, notation, options), document)


def formula(latex: str) -> Document:
    """A document that is one formula and nothing else."""
    whole = Span(0, len(latex))
    return Document(Source("<formula>", latex), "tex", (Formula(latex, 0, display=True, span=whole),), macros="")


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The documents below each path, in order and each once: a file is itself, a directory all that it holds.

    Raises:
        errors.DocumentError: there is nothing at a path.
    """
    shown: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise errors.DocumentError(f"{path}: there is no such file or directory")
        for found in _below(path) if path.is_dir() else [path]:
            if found not in shown:
                shown.add(found)
                yield found


def _below(directory: Path) -> list[Path]:
    """What is meant to be read: nothing hidden, and no plain texts, most of which hold no mathematics."""
    known = set(reader.FORMATS) - {".txt"}
    found = (path for path in directory.rglob("*") if path.suffix.lower() in known and path.is_file())
    return sorted(path for path in found if not any(p.startswith(".") for p in path.relative_to(directory).parts))
