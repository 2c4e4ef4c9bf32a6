"""``symfnn export``: the derived gradient as source code."""

from pathlib import Path

import click

from symfnn import api, errors, exports
from symfnn.cli.derive import progress, widths
from symfnn.cli.output import Failure, write

_TARGETS = (*exports.TARGETS, "c")


@click.command()
@click.option("--layers", required=True, metavar="784-128-10", help="Widths of the layers.")
@click.option("--activation", required=True, metavar="NAME[,NAME…]",
              help="One for all, hidden and output, or one a layer.")  # fmt: skip
@click.option("--loss", required=True, metavar="NAME", help=f"One of {', '.join(api.LOSSES)}.")
@click.option("--regularizer", metavar="NAME", help=f"One of {', '.join(api.REGULARIZERS)}; needs --strength.")
@click.option("--strength", type=float, help="The number λ of the regularizer.")
@click.option("--reduction", default="mean", show_default=True, help="Over the samples: mean or sum.")
@click.option("--target", type=click.Choice(_TARGETS), default="numpy", show_default=True)
@click.option("--what", default="gradient", show_default=True, metavar="NAME[,NAME…]",
              help=f"What is derived, beside the gradient: some of {', '.join(exports.DERIVATIVES)}.")  # fmt: skip
@click.option("--dtype", type=click.Choice(exports.DTYPES), help="For numpy and c: convert arguments to this.")
@click.option("--layout", type=click.Choice(exports.LAYOUTS), default="stacked", show_default=True,
              help="One array a layer, or weights and biases apart as the library has them.")  # fmt: skip
@click.option("--workspace", is_flag=True, help="For numpy: a class for repeated calls, whose arrays are made once.")
@click.option("--accelerate", type=click.Choice(["numba"]),
              help="With --workspace: a second class, FusedWorkspace, whose loops numba compiles.")  # fmt: skip
@click.option("--batch", type=int, metavar="N", help="The number of samples of a call; for c, which has fixed sizes.")
@click.option("--cblas", is_flag=True, help="For c: let a BLAS make the matrix products, to be linked with.")
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
    what: str,
    dtype: str | None,
    layout: str,
    workspace: bool,
    accelerate: str | None,
    batch: int | None,
    cblas: bool,
    output: Path | None,
) -> None:
    """Write the loss and its gradient as a module of its own; ``python FILE --check`` tests it.

    For the target c a header is written beside the file.

    Exit codes: 0 done; 2 the command line or a file is unusable.
    """
    try:
        with progress("exporting …"):
            model = api.feedforward(widths(layers), activation.split(","), loss, regularizer, reduction, strength)
            if target == "c":
                _require_alone(layout != "stacked", "--layout is for Python: in c the parameters are one vector")
                _require_alone(workspace, "--workspace is for numpy: in c the caller gives the memory")
                _require_alone(accelerate is not None, "--accelerate is for numpy: c is compiled as a whole")
                files = _c_files(model, batch, dtype, what.split(","), output, has_blas=cblas)
            else:
                _require_alone(batch is not None, f"--batch is for c: {target} takes any number of samples")
                _require_alone(cblas, f"--cblas is for c: {target} has products of its own")
                text = exports.to_python(
                    model,
                    target,
                    dtype=dtype,
                    what=what.split(","),
                    layout=layout,
                    has_workspace=workspace,
                    accelerator=accelerate,
                )
                files = [(text, output)]
        for text, path in files:
            write(text, path)
    except errors.SymfnnError as error:
        raise Failure(str(error)) from error


def _c_files(
    model: api.Model, batch: int | None, dtype: str | None, what: list[str], output: Path | None, *, has_blas: bool
) -> list[tuple[str, Path | None]]:
    """The file and its header; to stdout both in one."""
    if batch is None:
        raise errors.ModelError("c has fixed sizes: give the number of samples of a call with --batch")
    name = exports.C_NAME if output is None else output.stem
    made = exports.to_c(model, batch=batch, dtype=dtype or "float64", name=name, what=what, has_blas=has_blas)
    if output is None:
        return [(made.alone(), None)]
    return [(made.header, output.with_suffix(".h")), (made.source, output)]


def _require_alone(is_given: bool, message: str) -> None:
    if is_given:
        raise errors.ModelError(message)
