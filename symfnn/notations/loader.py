"""Loading a notation: a built-in one by its name, or a file of the user's."""

from importlib import resources
from pathlib import Path

from symfnn import errors
from symfnn.documents.document import Document
from symfnn.documents.reader import read, read_text

NAMES = ("article", "nielsen", "ng", "ufldl", "coursera", "goodfellow", "bishop", "rows", "zhou")


def text(name: str) -> str:
    """The text of a built-in notation.

    Raises:
        ModelError: there is none of that name.
    """
    if name not in NAMES:
        raise errors.ModelError(f"unknown notation {name!r}: choose one of {', '.join(NAMES)}, or a file")
    return resources.files(__package__).joinpath(f"{name}.md").read_text(encoding="utf-8")


def load(name: str | Path) -> Document:
    """The document of a notation.

    Raises:
        ModelError: there is no built-in notation of that name, and no such file.
        DocumentError: the file cannot be read.
    """
    if isinstance(name, Path) or (name not in NAMES and Path(name).suffix):
        return read(Path(name))
    return read_text(f"notation {name}", text(name), "markdown")
