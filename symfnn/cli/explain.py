"""``symfnn explain``: the page of a code."""

import click

from symfnn.cli.output import Failure
from symfnn.reports import pages


@click.command()
@click.argument("code")
def explain(code: str) -> None:
    """Print what a CODE of the check means and what to do about it."""
    text = pages.page(code)
    if text is None:
        alike = pages.nearest(code)
        known = f"did you mean {', '.join(alike)}?" if alike else f"known are {', '.join(pages.codes())}"
        raise Failure(f"unknown code {code!r}: {known}")
    click.echo(text.strip("\n"))
