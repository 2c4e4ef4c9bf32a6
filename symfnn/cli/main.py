"""The commands under one name."""

from importlib import import_module

import click

_COMMANDS = ("derive", "check", "export", "explain", "notations")


class _Commands(click.Group):
    """Commands, each in a module of its name that is loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"symfnn.cli.{cmd_name}"), cmd_name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="symfnn")
def main() -> None:
    """Derive back propagation for feed-forward neural networks, check derivations written by hand, export gradients.

    Exit codes: 0 done; 2 the command line or a file is unusable; of check also 1 something is refuted or ill-shaped,
    3 with --strict something is undecided.
    """
