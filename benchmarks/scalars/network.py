"""A network written out in scalars from the statements of a document, at concrete widths, depth and samples.

What is stated to have a shape and is nowhere defined is a symbol for each entry. What is computed is its value plus a
symbol that is 0 in the end: SymPy's ``diff`` by that symbol is the derivative by the entry, whatever depends on it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sympy import Dummy, Expr, Integer, Symbol

from scalars.names import Spelling, nodes, terms_of
from scalars.reading import evaluate, number
from scalars.stated import Item, Range, Size, Slots, Stated
from scalars.values import ONE, ZERO, Array, OutOfRange, Unreadable, each, open_function
from symfnn.latex.syntax import Letter, Node, Scripted
from symfnn.latex.syntax import Sequence as Listed
from symfnn.latex.writing import write


@dataclass
class World:
    """What the names of a document stand for."""

    size: Size
    spelling: Spelling = field(default_factory=Spelling)
    items: dict[str, list[Item]] = field(default_factory=dict)
    functions: dict[str, list[tuple[Item, str | None]]] = field(default_factory=dict)
    applications: dict[str, list[tuple[Node, Item]]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    width_names: set[str] = field(default_factory=set)
    constraints: list[Stated] = field(default_factory=list)
    start: int = 1
    has_samples: bool = False
    handles: dict[Expr, Symbol] = field(default_factory=dict)
    shifts: dict[Symbol, Expr] = field(default_factory=dict)
    known: dict = field(default_factory=dict)
    pending: set = field(default_factory=set)

    @property
    def longest(self) -> int:
        return max(*self.size.widths, *self.numbers.values(), self.size.samples) + 1

    def knows(self, name: str) -> bool:
        return name in self.items

    @property
    def has_exponential(self) -> bool:
        """Whether e with something above is the exponential: e_h may be a quantity beside it."""
        return all(item.below and not item.above for item in self.items.get("e", []))

    def has_value(self, name: str) -> bool:
        """Whether something is said of the name without slots."""
        return any(not item.above and not item.below for item in self.items.get(name, []))

    # quantities

    def lookup(self, name: str, above: Slots, below: Slots) -> Expr | Array:
        """A quantity, or the array of those that slots below are left open for."""
        key = name, above, below
        if key not in self.known:
            if key in self.pending:
                raise OutOfRange(name)
            self.pending.add(key)
            try:
                self.known[key] = self._found(name, above, below)
            finally:
                self.pending.discard(key)
        return self.known[key]

    def _found(self, name: str, above: Slots, below: Slots) -> Expr | Array:
        slots = (*above, *below)
        count = self._count(name, slots)
        if count is not None:
            return Integer(count)
        for item in reversed(self.items.get(name, [])):
            try:
                value = self._by(name, item, above, below)
            except OutOfRange:
                continue
            if value is not None:
                return value
        if name in self.items and any(len(item.above) == len(above) for item in self.items[name]):
            raise OutOfRange(name)
        if not slots and (value := self._by_name(name)) is not None:
            return value
        if slots or name in self.width_names or name in self.functions or name in self.items:
            raise Unreadable(f"{name} is not known like that")
        return self._given(name, (), ())  # a letter that nothing is said of stands for any number

    def _count(self, name: str, slots: Slots) -> int | None:
        """The width of a layer, or how many layers, samples or entries there are."""
        if name in self.width_names and len(slots) == 1 and not self.knows(name):
            if not self.start <= slots[0] < self.start + len(self.size.widths):
                raise OutOfRange(name)
            return self.size.widths[slots[0] - self.start]
        return self.numbers.get(name) if not slots else None

    def _by(self, name: str, item: Item, above: Slots, below: Slots) -> Expr | Array | None:
        """The quantity by what one statement says; None where that is about something else."""
        letters = self.matched(item.above, above, item.ranges) if len(item.above) == len(above) else None
        if letters is None:
            return None
        if len(below) < len(item.below):
            if self.matched(item.below[: len(below)], below, item.ranges, letters) is None:
                return None
            return self._grown(name, above, below, len(item.below) - len(below))
        letters = self.matched(item.below, below[: len(item.below)], item.ranges, letters)
        if letters is None or not self._inside(item.ranges, letters):
            return None
        rest, first = below[len(item.below) :], below[: len(item.below)]
        if item.right is None and item.arguments is None:
            return self._of_shape(name, item, above, below, letters)
        self._check_place(name, above, first)
        key = id(item), above, first
        if key not in self.known:
            self.known[key] = self._computed(name, item, (above, first), letters)
        return self.indexed(self.known[key], rest, self._lowest(name, above)) if rest else self.known[key]

    def _computed(self, name: str, item: Item, slots: tuple[Slots, Slots], letters: dict[str, int]) -> Expr | Array:
        if item.arguments is None:
            value = evaluate(item.right, self, letters)
        else:
            found = [evaluate(argument, self, letters) for argument in item.arguments]
            entries = [entry for one in found for entry in (one.entries if isinstance(one, Array) else [one])]
            value = open_function(name, (0,) * len(entries))(*entries)
        if not isinstance(value, Array):
            return self.register(value, f"{name} {slots}")
        rows = enumerate(value.rows)
        return Array(
            tuple(tuple(self.register(v, f"{name} {slots} {r} {c}") for c, v in enumerate(row)) for r, row in rows)
        )

    def register(self, value: Expr, key: str) -> Expr:
        """The value with a shift to differentiate by; what is only another name for an entry is that entry."""
        if value in self.handles or value.is_number:
            return value
        shift = Symbol(f"shift of {key} {len(self.shifts)}", real=True)
        self.shifts[shift] = ZERO
        self.handles[value + shift] = shift
        return value + shift

    def _given(self, name: str, above: Slots, below: Slots) -> Expr:
        if name.split(" ")[-1] == "1":
            return ONE  # an array of ones
        symbol = Symbol(f"{name} {above} {below}", real=True)
        self.handles[symbol] = symbol
        return symbol

    def _of_shape(self, name: str, item: Item, above: Slots, below: Slots, letters: dict[str, int]) -> Expr | Array:
        if not item.shape:
            return self._given(name, above, below) if len(below) == len(item.below) else None
        sizes = [number(size, self, letters) for size in item.shape]
        low = self._lowest(name, above)
        spans = [range(first, first + size) for first, size in zip(low, sizes, strict=False)]
        places = [[(r,)] for r in spans[0]] if len(spans) == 1 else [[(r, c) for c in spans[1]] for r in spans[0]]
        found = Array(tuple(tuple(self._given(name, above, place) for place in row) for row in places))
        return self.indexed(found, below, low) if below else found

    def indexed(self, value: Expr | Array, below: Sequence[int], low: tuple[int, int]) -> Expr:
        """An entry of an array."""
        if not isinstance(value, Array) or len(below) > 2:
            raise Unreadable("an entry of a scalar")
        if len(below) == 1:
            if 1 not in value.shape:
                raise Unreadable("one index for a matrix")
            place = below[0] - low[0]
            row, place = (place, 0) if value.shape[1] == 1 else (0, place)
        else:
            row, place = below[0] - low[0], below[1] - low[1]
        if not (0 <= row < value.shape[0] and 0 <= place < value.shape[1]):
            raise OutOfRange("an entry")
        return value.rows[row][place]

    def _grown(self, name: str, above: Slots, below: Slots, open_slots: int) -> Array:
        """The array of the entries that there are, from the first index on."""
        low = self._lowest(name, above)[len(below) :][:open_slots]
        found = []
        for here in self._indices(name, above, below, low[0], open_slots):
            place = (*below, here)
            found.append(
                self._ray(name, above, place, low[1]) if open_slots == 2 else (self.lookup(name, above, place),)
            )
        if len({len(row) for row in found}) != 1:
            raise Unreadable("rows of different lengths")
        shape = self._declared(name, above)
        is_row = shape is not None and len(shape) == 2 and shape[0] == 1 and open_slots == 1 and not below
        return Array((tuple(row[0] for row in found),)) if is_row else Array(tuple(found))

    def _ray(self, name: str, above: Slots, below: Slots, first: int) -> tuple[Expr, ...]:
        return tuple(self.lookup(name, above, (*below, here)) for here in self._indices(name, above, below, first, 1))

    def _indices(self, name: str, above: Slots, below: Slots, first: int, open_slots: int) -> list[int]:
        found = []
        for here in range(first, self.longest + 1):
            try:
                self.lookup(name, above, (*below, here, *((1,) * (open_slots - 1))))
            except OutOfRange:
                break
            found.append(here)
        if not found:
            raise OutOfRange(name)
        return found

    def _declared(self, name: str, above: Slots) -> list[int] | None:
        """The sizes of an array whose shape is stated."""
        for item in reversed(self.items.get(name, [])):
            if item.shape and len(item.above) == len(above):
                letters = self.matched(item.above, above, item.ranges)
                if letters is not None and self._inside(item.ranges, letters):
                    return [number(size, self, letters) for size in item.shape]
        return None

    def _check_place(self, name: str, above: Slots, below: Slots) -> None:
        """An entry of an array with a stated shape is one of it."""
        sizes = self._declared(name, above)
        if sizes is None or not below or len(below) > len(sizes):
            return
        sizes = sizes[1:] if len(sizes) == 2 and sizes[0] == 1 and len(below) == 1 else sizes
        low = self._lowest(name, above)
        if any(not 0 <= place - first < size for place, first, size in zip(below, low, sizes, strict=False)):
            raise OutOfRange(name)

    def _lowest(self, name: str, above: Slots) -> tuple[int, int]:
        """The first index in each slot below: 0 where a range says so."""
        low = [1, 1]
        for item in self.items.get(name, []):
            letters = self.matched(item.above, above, item.ranges) if len(item.above) == len(above) else None
            if letters is None or not self._inside(item.ranges, letters):
                continue
            for place, slot in enumerate(item.below[:2]):
                for letter, first, _ in item.ranges:
                    if isinstance(slot, Letter) and slot.name == letter:
                        low[place] = number(first, self, letters)
        return low[0], low[1]

    # patterns

    def matched(
        self, slots: tuple[Node, ...], values: Slots, ranges: tuple[Range, ...], letters: dict[str, int] | None = None
    ) -> dict[str, int] | None:
        """What the letters of the slots stand for; None where a slot is something else."""
        found = dict(letters or {})
        ranged = {letter for letter, _, _ in ranges}
        for slot, value in zip(slots, values, strict=True):
            parts = terms_of(slot)
            if parts is not None and (parts[0].name in ranged or not self.is_number(parts[0].name)):
                if found.setdefault(parts[0].name, value - parts[1]) != value - parts[1]:
                    return None
            elif number(slot, self, found) != value:
                return None
        return found

    def is_number(self, name: str) -> bool:
        """Whether a letter counts layers, samples or entries: one that a shape or a range mentions, or a width."""
        if name in self.numbers:
            return True
        rights = [item.right for item in self.items.get(name, []) if not item.above and not item.below]
        found = [self.spelling.reference(right) for right in rights if right is not None]
        return any(one is not None and one.name in self.width_names for one in found)

    def _inside(self, ranges: tuple[Range, ...], letters: dict[str, int]) -> bool:
        return all(
            number(low, self, letters) <= letters[letter] <= number(high, self, letters)
            for letter, low, high in ranges
            if letter in letters
        )

    # functions

    def is_function(self, name: str) -> bool:
        return name in self.functions

    def function(self, name: str, above: Slots, primes: int) -> Callable[[Expr], Expr]:
        """A function of one number, differentiated so often."""
        for item, parameter in reversed(self.functions[name]):
            letters = self.matched(item.above, above, item.ranges) if len(item.above) == len(above) else None
            if letters is None:
                continue
            if not self._inside(item.ranges, letters):
                raise OutOfRange(name)
            if parameter is None:
                return open_function(f"{name} {above}", (primes,))
            return self._defined(item, parameter, primes, letters)
        raise Unreadable(f"{name} is no such function")

    def _defined(self, item: Item, parameter: str, primes: int, letters: dict[str, int]) -> Callable[[Expr], Expr]:
        key = "function", id(item), primes
        if key not in self.known:
            z = Dummy(real=True)
            body = evaluate(item.right, self, {**letters, parameter: z})
            self.known[key] = z, body.diff(z, primes) if primes else body
        z, body = self.known[key]
        return lambda value: body.xreplace({z: value})

    def application(self, head: Node, argument: Node, letters) -> Expr | Array | None:
        r"""What is defined with brackets as part of its name: ``h_\Theta(x)``, ``J(W,b;x,y)``."""
        for pattern, item in reversed(self.applications.get(write(head), [])):
            found = self._same_arguments(pattern, argument, letters, item.ranges)
            if found is None or not self._inside(item.ranges, found):
                continue
            key = id(item), tuple(sorted(found.items()))
            if key not in self.known:
                self.known[key] = self._computed(write(head), item, ((), tuple(found.values())), found)
            return self.known[key]
        return self._by_name(write(head), len(argument.items)) if self._lists_dependences(head, argument) else None

    def _by_name(self, name: str, length: int | None = None) -> Expr | Array | None:
        """What is defined with a list of arguments, when it is mentioned with another one as long or with none."""
        lists = [(len(p.items), item) for p, item in self.applications.get(name, []) if isinstance(p, Listed)]
        known = [item for count, item in lists if length in (None, count)]
        if len(known) != 1:
            return None
        key = id(known[0]), ()
        if key not in self.known:
            self.known[key] = self._computed(name, known[0], ((), ()), {})
        return self.known[key]

    def _lists_dependences(self, head: Node, argument: Node) -> bool:
        """Whether brackets behind a name say what it depends on: as many names as in its definition, all unlike.

        They are no part of its value, so that J(W, b) and J(b, W) are one number.
        """
        found = [self.spelling.reference(item) for item in argument.items] if isinstance(argument, Listed) else [None]
        names = [one.name for one in found if one is not None and not (one.above or one.below or one.primes)]
        lengths = [len(p.items) for p, _ in self.applications.get(write(head), []) if isinstance(p, Listed)]
        return len(set(names)) == len(found) and len(found) in lengths and write(head) not in names

    def _same_arguments(self, pattern: Node, argument: Node, letters, ranges) -> dict[str, int] | None:
        if write(pattern) == write(argument) and not any(isinstance(n, Scripted) for n in nodes(pattern)):
            return {}
        asked, given = self.spelling.reference(pattern), self.spelling.reference(argument)
        if asked is None or given is None or asked.name != given.name or len(asked.above) != len(given.above):
            return None
        if asked.below or given.below or asked.is_transposed != given.is_transposed or asked.primes or given.primes:
            return None
        return self.matched(asked.above, tuple(number(slot, self, letters) for slot in given.above), ranges)

    def named(self, first: str, second: str) -> Expr | Array | None:
        r"""What is defined as two factors that are one name: ``\nabla_a C``."""
        item = next(iter(self.items.get(f"{first} {second}", [])), None)
        return None if item is None else self.lookup(f"{first} {second}", (), ())

    # derivatives

    def slope(self, value: Expr, by: Expr) -> Expr:
        """The derivative by an entry."""
        if by not in self.handles:
            raise Unreadable("a derivative by no entry")
        key = "slope", value, self.handles[by]
        if key not in self.known:
            self.known[key] = value.diff(self.handles[by])
        return self.known[key]

    def settled(self, value: Expr | Array) -> Expr | Array:
        """The value with every shift at 0 and what the constraints say put in."""
        return each(lambda entry: entry.xreplace(self.shifts).xreplace(self.bound()), value)

    def bound(self) -> dict[Symbol, Expr]:
        """The last entry of what adds up to a number, by the others."""
        if "bound" not in self.known:
            self.known["bound"] = {}
            for stated in self.constraints:
                self.known["bound"] |= self._solved(stated)
        return self.known["bound"]

    def _solved(self, stated: Stated) -> dict[Symbol, Expr]:
        found = {}
        letter, first, last = next(iter(stated.ranges), ("", None, None))
        span = range(number(first, self, {}), number(last, self, {}) + 1) if first is not None else range(1)
        for here in span:
            left, right = (evaluate(part, self, {letter: here}) for part in stated.content.parts)
            rest = (left - right).xreplace(self.shifts)
            symbol = max(rest.free_symbols, key=lambda one: one.name)
            found[symbol] = symbol - rest / rest.coeff(symbol)
        return found
