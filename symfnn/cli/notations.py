"""``symfnn notations``: the notations that come with symfnn."""

from difflib import get_close_matches
from importlib import resources

import click

from symfnn.cli.output import Failure


@click.command()
@click.argument("name", required=False)
def notations(name: str | None) -> None:
    """List the notations, or print the one called NAME."""
    texts = _texts()
    if name is None:
        width = max(map(len, texts), default=0)
        for known, text in texts.items():
            click.echo(f"{known:<{width}}  {_title(text)}")
        return
    if name not in texts:
        alike = get_close_matches(name, texts, n=3, cutoff=0.5) or list(texts)
        raise Failure(f"unknown notation {name!r}: did you mean {', '.join(alike)}?")
    click.echo(texts[name], nl=False)


def _texts() -> dict[str, str]:
    """Each notation's document, by name."""
    files = sorted(resources.files("symfnn.notations").iterdir(), key=lambda file: file.name)
    return {
        file.name.removesuffix(".md"): file.read_text(encoding="utf-8") for file in files if file.name.endswith(".md")
    }


def _title(text: str) -> str:
    """The first line of a document, without the sign of a heading."""
    return next((line.lstrip("# ").strip() for line in text.splitlines() if line.strip()), "")
