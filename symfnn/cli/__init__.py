"""The command line: options in, results on stdout, progress and errors on stderr, documented exit codes."""

from symfnn.cli.main import main

__all__ = ["main"]
