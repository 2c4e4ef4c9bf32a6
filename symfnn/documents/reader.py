"""Documents from files: the reader is chosen by the file's suffix, and what is read is bounded."""

import codecs
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from symfnn import errors
from symfnn.documents import markdown, notebook, rst, tex
from symfnn.documents.document import Document, Formula, Piece
from symfnn.source import Source

LARGEST = 20_000_000
LONGEST_MARKUP = 2_000_000
MOST_LINES = 50_000
MOST_PIECES = 100_000
FORMATS = {
    ".tex": "tex",
    ".ltx": "tex",
    ".md": "markdown",
    ".markdown": "markdown",
    ".rmd": "markdown",
    ".qmd": "markdown",
    ".txt": "markdown",
    ".ipynb": "notebook",
    ".rst": "rst",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(path: Path) -> Document:
    """The document in a file.

    Raises:
        errors.DocumentError: the file cannot be read, is not text, is too large or of an unknown kind.
    """
    format = FORMATS.get(path.suffix.lower())
    if format is None:
        known = ", ".join(FORMATS)
        raise errors.DocumentError(f"{path}: a file of this kind is not read; rename it to one of {known}")
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise errors.DocumentError(
                f"{path}: this file has {size:,} bytes and at most {LARGEST:,} are read; split it"
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise errors.DocumentError(f"{path}: this file cannot be read: {reason}") from error
    return read_text(str(path), _decoded(str(path), content), format)


def read_text(name: str, text: str, format: str) -> Document:
    """The document in a text, of format ``tex``, ``markdown``, ``notebook`` or ``rst``.

    Raises:
        errors.DocumentError: the text is binary, too large, or a notebook that is broken.
    """
    if format not in FORMATS.values():
        raise errors.DocumentError(f"{name}: unknown format {format!r}; use tex, markdown, notebook or rst")
    if len(text) > LARGEST:
        raise errors.DocumentError(f"{name}: this text has {len(text):,} characters and at most {LARGEST:,} are read")
    source = Source(name, text)
    if "\0" in text:
        line, column = source.position(text.index("\0"))
        raise errors.DocumentError(f"{name}:{line}:{column}: this is not text: it has a null character")
    cells = notebook.cells(source) if format == "notebook" else ()
    for part in [cell.passage.text for cell in cells] or [text] * (format in ("markdown", "rst")):
        _measure(name, part)
    if format == "notebook":
        found = _bounded(name, notebook.pieces(cells))
    else:
        found = _bounded(name, {"tex": tex, "markdown": markdown, "rst": rst}[format].pieces(text))
    macros = tex.defined(text) if format == "tex" else markdown.defined(found)
    return Document(source, format, found, macros, cells)


def _measure(name: str, text: str) -> None:
    if len(text) > LONGEST_MARKUP or text.count("\n") > MOST_LINES:
        bounds = f"{MOST_LINES:,} lines and {LONGEST_MARKUP:,} characters"
        raise errors.DocumentError(f"{name}: at most {bounds} of Markdown or reStructuredText are read; split it")


def _bounded(name: str, pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    found = tuple(islice(pieces, MOST_PIECES + 1))
    if len(found) > MOST_PIECES:
        raise errors.DocumentError(f"{name}: more than {MOST_PIECES:,} formulas and paragraphs; split the file")
    return tuple(piece for piece in found if not isinstance(piece, Formula) or piece.latex)


def _decoded(name: str, content: bytes) -> str:
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise errors.DocumentError(
            f"{name}:{line}: this is not {encoding.removesuffix('-sig').upper()} text (byte {error.start}); "
            "save it as UTF-8"
        ) from error
    # Only the ends of lines as old Macs wrote them are unknown to the positions; the offsets stay as they are.
    return text if "\n" in text else text.replace("\r", "\n")
