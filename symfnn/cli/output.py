"""Where results and failures go."""

import sys
from pathlib import Path

import click

from symfnn import errors


class Failure(click.ClickException):
    """What cannot be done, in one sentence."""

    exit_code = 2


def write(content: str | bytes, output: Path | None) -> None:
    """A result to a file, or to stdout.

    Raises:
        errors.OutputError: the file cannot be written, or bytes would go to a terminal.
    """
    if output is None:
        if isinstance(content, bytes) and sys.stdout.isatty():
            raise errors.OutputError("a PDF is not for a terminal: name a file with -o")
        click.echo(content, nl=False)
        return
    try:
        output.write_bytes(content if isinstance(content, bytes) else content.encode())
    except OSError as error:
        raise errors.OutputError(f"cannot write {output}: {error.strerror}") from error
