"""symfnn: a symbolic derivation checker for feed-forward neural networks."""

from typing import TYPE_CHECKING

from symfnn import api
from symfnn.api import *  # noqa: F403 - the public names are listed in api

if TYPE_CHECKING:
    from symfnn.exports import *  # noqa: F403 - and in exports

__all__ = [*api.__all__, *api.EXPORTS]


def __getattr__(name: str) -> object:
    """What ``exports`` holds: it is loaded with the first use of one of its names."""
    if name not in api.EXPORTS:
        raise AttributeError(f"module 'symfnn' has no attribute {name!r}")
    from symfnn import exports

    return getattr(exports, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
