"""The verdicts of a text for tests that ask for no repairs, the search for which may take seconds."""

from symfnn.check.checker import Options, check_document
from symfnn.check.verdicts import Checked
from symfnn.documents.reader import read_text


def judged(text: str, notation: str | None = None, timeout: float = 10.0) -> tuple[Checked, ...]:
    """The statements of a Markdown text."""
    document = read_text("notes.md", text, "markdown")
    return check_document(document, notation, Options(timeout=timeout, has_repairs=False)).statements
