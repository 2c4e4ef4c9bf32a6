"""What a closure runs in: a world of entries, the values of letters, and what is moved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias, final

from sympy import Expr

from symfnn.check.counting import Sizes
from symfnn.check.dual import Number

Key: TypeAlias = tuple[str | int, ...]  # an entry: the name of its quantity and its indices


class Shift(NamedTuple):
    """An entry that is moved: the tag of the dual numbers it moves along, the entry, and its bit among the read."""

    tag: int
    key: Key
    bit: int


class World(Protocol):
    """Where closures read entries."""

    zero: Number

    def read(self, key: Key, stack: tuple[Shift, ...]) -> Number:
        """The value of an entry while some are moved."""

    def differentiate(self, body: "Closure", of: tuple[str, ...], key: Key, frame: "Frame") -> Number:
        """The derivative of what a closure computes by an entry."""

    def keys(self, name: str, prefix: Key, sample: int | None) -> list[Key]:
        """The entries of an array that begin with some indices."""

    def unknown(self, letter: str) -> Callable[[Number], Number]:
        """What stands for a function of which nothing is known."""

    def unspecified(self, name: Key, units: list[tuple[Key, Number]]) -> Number:
        """What stands for a function of whole arrays of which nothing is known."""

    def check_time(self) -> None:
        """Raise OracleError where the time is up."""


@final
@dataclass(slots=True, eq=False)
class Frame:
    """What a closure runs in: the letters' values, the entries that are moved, the sample, a rule's argument."""

    world: World
    sizes: Sizes
    number: Callable[[object], Number]
    letters: dict[Expr, int]
    stack: tuple[Shift, ...] = ()
    sample: int | None = None
    argument: Number = 0


Closure: TypeAlias = Callable[[Frame], Number]
