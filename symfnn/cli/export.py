"""``symfnn export``: the derived gradient as source code."""

from pathlib import Path

import click

from symfnn import api, errors
from symfnn.cli.derive import progress, widths
from symfnn.cli.output import Failure, write

_TARGETS = ("numpy",)


@click.command()
@click.option("--layers", required=True, metavar="784-128-10", help="Widths of the layers.")
@click.option("--activation", required=True, metavar="NAME[,NAME…]",
              help="One for all, hidden and output, or one a layer.")  # fmt: skip
@click.option("--loss", required=True, metavar="NAME", help=f"One of {', '.join(api.LOSSES)}.")
@click.option("--regularizer", metavar="NAME", help=f"One of {', '.join(api.REGULARIZERS)}; needs --strength.")
@click.option("--strength", type=float, help="The number λ of the regularizer.")
@click.option("--reduction", default="mean", show_default=True, help="Over the samples: mean or sum.")
@click.option("--target", type=click.Choice(_TARGETS), default="numpy", show_default=True)
@click.option("--dtype", type=click.Choice(api.DTYPES), help="Convert arguments to this; without it their own is kept.")
@click.option("--workspace", is_flag=True, help="Add a class for repeated calls, whose arrays are made once.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write here rather than to stdout.")
def export(
    *,
    layers: str,
    activation: str,
    loss: str,
    regularizer: str | None,
    strength: float | None,
    reduction: str,
    target: str,
    dtype: str | None,
    workspace: bool,
    output: Path | None,
) -> None:
    """Write the loss and its gradient as a module of its own; ``python FILE --check`` tests it.

    Exit codes: 0 done; 2 the command line or a file is unusable.
    """
    del target  # there is one
    try:
        with progress("exporting …"):
            model = api.feedforward(widths(layers), activation.split(","), loss, regularizer, reduction, strength)
            text = api.to_numpy(model, dtype=dtype, has_workspace=workspace)
        write(text, output)
    except errors.SymfnnError as error:
        raise Failure(str(error)) from error
