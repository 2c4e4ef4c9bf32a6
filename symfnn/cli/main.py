"""The commands under one name."""

import click

from symfnn.cli.check import check
from symfnn.cli.derive import derive
from symfnn.cli.explain import explain
from symfnn.cli.export import export
from symfnn.cli.notations import notations


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="symfnn")
def main() -> None:
    """Derive back propagation for feed-forward neural networks, check derivations written by hand, export gradients.

    Exit codes: 0 done; 2 the command line or a file is unusable; of check also 1 something is refuted or ill-shaped,
    3 with --strict something is undecided.
    """


for command in (derive, check, export, explain, notations):
    main.add_command(command)
