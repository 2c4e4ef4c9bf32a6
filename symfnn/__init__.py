"""symfnn: a symbolic derivation checker for feed-forward neural networks."""

from symfnn.api import *  # noqa: F403 - the public names are listed in api
from symfnn.api import __all__ as __all__
