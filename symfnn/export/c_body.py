"""The statements of a C function, whatever way they are written."""

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class Body:
    """The statements of a function.

    Attributes:
        lines: without the outer indentation.
        work: the number of entries of the block of memory that they use.
        needs_library: whether they call the C library.
    """

    lines: tuple[str, ...]
    work: int
    needs_library: bool
