"""Passes over programs: each does one thing and leaves every result as it is, up to rounding."""

from collections.abc import Callable

from symfnn.export.passes.dominant import dominant
from symfnn.export.passes.prune import prune
from symfnn.export.passes.scale import scale_errors
from symfnn.export.passes.share import share_expressions, share_operations
from symfnn.export.program import Program

PASSES: tuple[Callable[[Program], Program], ...] = (
    share_operations,
    dominant,
    share_expressions,
    scale_errors,
    share_operations,
    prune,
)
