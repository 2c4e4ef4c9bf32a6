"""``symfnn derive``: a derivation, printed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import click
from rich.console import Console

from symfnn import api, errors
from symfnn.cli.output import Failure, write

_PATIENCE = 1.0  # seconds
_FORMATS: dict[str, Callable[[api.Document], str | bytes]] = {
    "markdown": api.to_markdown,
    "latex": api.to_tex,
    "html": api.to_html,
    "json": api.to_json,
    "pdf": api.to_pdf,
}


@click.command()
@click.option("--notation", default="article", show_default=True, metavar="NAME|FILE",
              help="Whose definitions and symbols; sections behind ' / '.")  # fmt: skip
@click.option("--layers", metavar="784-128-10", help="Widths of the layers; without them depth and widths are symbols.")
@click.option("--activation", metavar="NAME[,NAME…]", help="One for all, hidden and output, or one a layer.")
@click.option("--loss", metavar="NAME", help=f"One of {', '.join(api.LOSSES)}.")
@click.option("--regularizer", metavar="NAME", help=f"One of {', '.join(api.REGULARIZERS)}.")
@click.option("--strength", type=float, help="The number λ of the regularizer; a symbol without it.")
@click.option("--reduction", default="mean", show_default=True, help="Over the samples: mean or sum.")
@click.option("--lang", type=click.Choice(sorted(api.LANGUAGES)), default="en", show_default=True)
@click.option("--format", "form", type=click.Choice(sorted(_FORMATS)), default="markdown", show_default=True)
@click.option("--unroll", is_flag=True, help="Add the closed form without recursion (needs --layers).")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write here rather than to stdout.")
def derive(
    *,
    notation: str,
    layers: str | None,
    activation: str | None,
    loss: str | None,
    regularizer: str | None,
    strength: float | None,
    reduction: str,
    lang: str,
    form: str,
    unroll: bool,
    output: Path | None,
) -> None:
    """Print the derivation of the error recursion and every gradient.

    Without a network it is the article's: back propagation whatever the loss, then the sigmoid network with the
    cross-entropy.
    """
    try:
        with progress("deriving …"):
            chosen = any(given is not None for given in (layers, activation, loss, regularizer, strength)) or unroll
            if notation != "article":
                if chosen:
                    raise errors.ModelError("a network is chosen by options in the article's notation alone")
                document = api.notation_document(_named(notation), lang)
            elif chosen:
                names = None if activation is None else activation.split(",")
                model = api.feedforward(widths(layers), names, loss, regularizer, reduction, strength)
                document = api.derivation_document(model, lang, unroll=unroll)
            else:
                document = api.article_document(lang)
            content = _FORMATS[form](document)
        write(content, output)
    except errors.SymfnnError as error:
        raise Failure(str(error)) from error


@contextmanager
def progress(text: str) -> Iterator[None]:
    """A sign of life on stderr for what takes longer than a second; nothing where stderr is no terminal."""
    status = Console(stderr=True).status(text)
    timer = Timer(_PATIENCE, status.start)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()


def _named(notation: str) -> str | Path:
    """A file where it is one, else a name, with sections or without."""
    return Path(notation) if Path(notation).is_file() else notation


def widths(layers: str | None) -> list[int] | None:
    """Widths from a text such as ``784-128-10``."""
    if layers is None:
        return None
    parts = layers.split("-")
    if not all(part.isdecimal() and len(part) < 10 for part in parts):
        raise errors.ModelError(f"--layers takes positive widths joined by '-', e.g. 784-128-10, not {layers!r}")
    return [int(part) for part in parts]
