r"""Declarations: shapes (``W \in \mathbb{R}^{m \times n}``), ranges (``l = 2, \dots, L``), function types, counts."""

from dataclasses import replace
from typing import NamedTuple

from sympy import Expr, Integer, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import spaces
from symfnn.elaboration.names import Mark, Mention, compound, mention, written
from symfnn.elaboration.parts import axes, from_zero_on, is_written_like
from symfnn.elaboration.reading import blank, index_of, plain_index, size_of
from symfnn.elaboration.resizing import resized
from symfnn.elaboration.scope import Profile, Scope, Slot
from symfnn.latex.syntax import Dots, Fence, Letter, Node, Number, Product, Relation, Scripted, Sequence

_ONE = Integer(1)


class Ranged(NamedTuple):
    """``l = 2, …, L``: a letter and where it lies, as written."""

    letter: str
    low: Node
    high: Node


_CLOSING = {"(": ")", "[": "]"}
SUPPOSED = "number of "  # how the name of a size begins that nothing states


def ranged(node: Node) -> Ranged | None:
    r"""The range that ``l = 2, \dots, L`` or ``i \in \{1, \dots, n\}`` states; None for anything else."""
    if not isinstance(node, Relation) or len(node.parts) != 2 or node.signs[0] not in ("=", r"\in"):
        return None
    letter, items = node.parts
    if isinstance(items, Fence) and items.left != "(":
        items = items.body
    every = items.items if isinstance(items, Sequence) else ()
    match items:
        case Product((Number(), Dots(), _)):  # 1 ... m
            every = items.factors
    listed = [item for item in every if not isinstance(item, Dots)]
    is_list = len(listed) < len(every) and 2 <= len(listed) <= 3 and not any(isinstance(i, Fence) for i in listed)
    if not isinstance(letter, Letter | Scripted) or not is_list:
        return None
    return Ranged(written(letter), listed[0], listed[-1])


def is_declaration(node: Node) -> bool:
    """Whether a statement states only shapes, ranges or types."""
    if ranged(node) is not None:
        return True
    if not isinstance(node, Relation):
        return False
    if spaces.stated(node) is not None:
        return True
    return node.signs[:1] == (":",) and len(node.signs) == 2 and node.signs[1] in (r"\to", r"\rightarrow", "→")


def states_length(node: Node) -> bool:
    r"""Whether a statement says how many entries something has and not how they lie: ``x \in \mathbb{R}^n``."""
    found = spaces.membership(node.parts[-1]) if isinstance(node, Relation) and node.signs[-1:] == (r"\in",) else None
    return found is not None and found[0] == "R" and len(spaces.dimensions(found[1])) == 1


def declare(scope: Scope, node: Node, ranges: dict[str, Ranged], origin: int) -> Scope:
    """The scope with what a declaration states.

    Raises:
        MeaningError: it is a declaration that is not understood.
    """
    assert isinstance(node, Relation)
    bounds = ranged(node)
    if bounds is not None:
        return _with_range(scope, bounds)
    found = spaces.stated(node)
    if found is not None:
        for item in found.of:
            name = mention(item)
            if name is not None and name.name in scope.numbered_samples:
                continue
            is_count = found.letter == "N"
            scope = _count(scope, item) if is_count else shape(scope, item, found.dimensions, ranges, origin)
        return scope
    left, *_ = node.parts
    if left is None:
        raise errors.MeaningError("not-covered", "nothing stands before this sign", node.span)
    return _function(scope, left, node)


def _with_range(scope: Scope, stated: Ranged) -> Scope:
    reading = blank(scope)
    bounds = index_of(reading, stated.low), index_of(reading, stated.high)
    return replace(scope, ranges={**scope.ranges, stated.letter: bounds})


def lengths(scope: Scope, ranges: dict[str, Ranged]) -> dict[str, Expr]:
    """How far each letter runs that begins at 1."""
    found: dict[str, Expr] = {}
    for letter, (_, low, high) in ranges.items():
        if isinstance(low, Number) and low.text == "1":
            try:
                found[letter] = size_of(blank(scope), high)
            except errors.MeaningError:
                continue
    return found


def _function(scope: Scope, left: Node, node: Relation) -> Scope:
    found, types = mention(left), node.parts[1:]
    if found is None or len(types) != 2 or spaces.space(types[1]) is None:
        raise errors.MeaningError("not-covered", "what this is a function of is not understood", node.span)
    if all(spaces.space(part) == ("R", None) for part in types):
        return replace(scope, functions={**scope.functions, found.name: scope.functions.get(found.name)})
    scope = _with_sizes(scope, spaces.space(types[1])[1])  # type: ignore[index]
    before, after = (_sizes(scope, part) for part in types)
    if before == after and (not found.name.isalpha() or found.name in scope.primed):
        # applied entry by entry, as it is written
        return replace(scope, functions={**scope.functions, found.name: scope.functions.get(found.name)})
    functions = {name: rule for name, rule in scope.functions.items() if name != found.name or rule is not None}
    return replace(scope, functions=functions, of_arrays={**scope.of_arrays, found.name: after or ()})


def _sizes(scope: Scope, node: Node | None) -> tuple[Expr, ...] | None:
    """The sizes of the arrays in a space; None for a product of spaces."""
    found = spaces.space(node)
    return None if found is None else tuple(size_of(blank(scope), part) for part in spaces.dimensions(found[1]))


def _count(scope: Scope, item: Node) -> Scope:
    text = written(item)
    size = plain_index(text)
    return replace(scope, sizes={**scope.sizes, text: size}, batch=scope.batch | {size})


def shape(scope: Scope, item: Node, dimensions: Node | None, ranges: dict[str, Ranged], origin: int) -> Scope:
    """The scope with the shape of one quantity.

    Raises:
        MeaningError: the quantity or its shape is not understood.
    """
    found = mention(item) or compound(item)
    if found is None:
        raise errors.MeaningError("not-covered", "what this shape belongs to is not understood", item.span)
    scope = _with_sizes(scope, dimensions)
    if _is_family(scope, found, ranges):
        return scope
    reading = blank(scope)
    sizes = [size_of(reading, part) for part in spaces.dimensions(dimensions)]
    components = component_marks(scope, found, ranges, has_shape=bool(sizes))
    is_entry = bool(components) or not spaces.dimensions(dimensions)
    made = replace(profile(scope, found, ranges, is_entry=is_entry), is_firm=True, origin=origin, is_stated=True)
    if components and not sizes:
        # an entry is declared: its letters' ranges are the shape
        sizes = [index_of(reading, ranges[written(mark)].high) for mark in components]
        begins = [ranges[written(mark)].low for mark in components]
        from_zero = [isinstance(low, Number) and low.text == "0" for low in begins]
        if any(from_zero):
            return from_zero_on(scope, made, sizes, from_zero)[0]
    rows, columns = axes(sizes, as_row=scope.are_rows)
    made = replace(made, rows=rows, columns=columns)
    if any(is_written_like(composite, made, (rows, columns)) for composite in scope.composites):
        return scope
    scope = _with_supposed_sizes(scope, made)
    return scope.with_profile(replace(made, layers=made.layers or _known_layers(scope, made)))[0]


def _with_supposed_sizes(scope: Scope, made: Profile) -> Scope:
    """The scope in which a size that was only supposed of a quantity is the one that is stated of it now."""
    alike = [p for p in scope.named(made.letter) if p.slots == made.slots and p.axes == made.axes and not p.is_stated]
    for old in alike:
        for supposed, stated in ((old.rows, made.rows), (old.columns, made.columns)):
            if isinstance(supposed, Symbol) and supposed.name.startswith(SUPPOSED) and stated is not None:
                scope = unify(scope, supposed, stated)
    return scope


def _known_layers(scope: Scope, made: Profile) -> index.Range | None:
    """The layers that were stated before for what is written alike."""
    alike = (p for p in scope.named(made.letter) if (p.slots, p.name) == (made.slots, made.name))
    return next((p.layers for p in alike), None)


def _is_family(scope: Scope, found: Mention, ranges: dict[str, Ranged]) -> bool:
    """Whether a shape is that of each row or column of a matrix, ``W_j`` beside ``W_{ji}``: an equation says which."""
    below = [mark.content for mark in found.marks if mark.place == "sub" and not is_layer(scope, mark.content)]
    if len(below) != 1 or not isinstance(below[0], Letter) or below[0].name in ranges:
        return False
    name = below[0].name
    return len(name) == 1 and name.islower() and scope.components.get(found.name, 0) >= 2


def _with_sizes(scope: Scope, dimensions: Node | None) -> Scope:
    """The scope with the counts that a shape is written in."""
    for part in spaces.dimensions(dimensions):
        for node in _atoms(part):
            scope = _with_size(scope, node)
    return scope


def _atoms(node: Node) -> list[Node]:
    match node:
        case Letter() | Scripted():
            return [node]
        case Number() | Dots():
            return []
    inner = getattr(node, "terms", getattr(node, "factors", ()))
    return [atom for part in inner for atom in _atoms(part)]


def _with_size(scope: Scope, node: Node) -> Scope:
    """A width of a layer gives the family of the widths; any other count is a size of its own."""
    text = written(node)
    found = mention(node)
    if found is None or text in scope.sizes or text == scope.depth_letter:
        return scope
    if len(found.marks) == 1:
        (mark,) = found.marks
        if scope.family == (found.name, mark.place):
            return scope
        if scope.family is None and is_layer(scope, mark.content):
            return replace(scope, family=(found.name, mark.place))
    return replace(scope, sizes={**scope.sizes, text: plain_index(text)})


def is_layer(scope: Scope, node: Node) -> bool:
    """Whether an index is a layer: the letter for one, or that letter and a number."""
    try:
        found = index_of(blank(scope), node)
    except errors.MeaningError:
        return False
    return bool(found.free_symbols & {index.LAYER, index.DEPTH}) and not found.has(index.WIDTH)


def component_marks(scope: Scope, found: Mention, ranges: dict[str, Ranged], *, has_shape: bool) -> tuple[Node, ...]:
    """The marks below that are letters for components."""
    result = []
    for mark in found.marks:
        if mark.place == "sub" and not is_layer(scope, mark.content) and isinstance(mark.content, Letter):
            text = mark.content.name
            if text in ranges and not has_shape:
                result.append(mark.content)
    return tuple(result)


def profile(scope: Scope, found: Mention, ranges: dict[str, Ranged], *, is_entry: bool) -> Profile:
    """The profile that a quantity's first mention gives it, its shape left open.

    Args:
        scope: what is known.
        found: the mention.
        ranges: stated beside it.
        is_entry: whether letters below are components rather than parts of the name.
    """
    slots: list[Slot] = []
    letter = found.name + "'" * found.primes
    name = letter
    count: Expr | None = None
    layers: index.Range | None = None
    for mark in found.marks:
        text = written(mark.content)
        if is_layer_mark(scope, found.name, mark) and not any(slot.role == "layer" for slot in slots):
            slots.append(Slot(mark.place, mark.bracket, "layer"))
            layers = _layers(scope, mark.content, ranges)
        elif is_sample(scope, mark, ranges, found.name):
            slots.append(Slot(mark.place, mark.bracket, "sample"))
            count = samples(scope, mark, ranges, found.name)
        elif mark.place == "sub" and is_entry and isinstance(mark.content, Letter):
            continue
        else:
            is_behind = mark is not next(other for other in found.marks if other.place == mark.place)
            slots.append(Slot(mark.place, mark.bracket, "name", text, is_behind))
            name += ("^" if mark.place == "sup" else "_") + mark.bracket + text + _CLOSING.get(mark.bracket, "")
    return Profile(
        name, letter, tuple(slots), layers=layers, samples=count, span=found.span, is_bold=found.style == "bold"
    )


def is_layer_mark(scope: Scope, name: str, mark: Mark) -> bool:
    """Whether a mark is a layer, or a number where the name has its layers."""
    if is_layer(scope, mark.content):
        return True
    return isinstance(mark.content, Number) and (name, mark.place, mark.bracket) in scope.layered


def is_sample(scope: Scope, mark: Mark, ranges: dict[str, Ranged], name: str = "") -> bool:
    """Whether an index numbers samples: it stands above and has a range, or its range ends at a count of samples.

    Args:
        scope: what is known.
        mark: the index.
        ranges: stated beside it.
        name: of what it stands at.
    """
    text = written(mark.content)
    if not isinstance(mark.content, Letter | Scripted):
        return False
    if (name, mark.place, mark.bracket, text) in scope.numbers:
        return True
    if text in ranges:
        return mark.place == "sup" or written(ranges[text].high) in {str(size) for size in scope.batch}
    bounds = scope.ranges.get(text)
    if text in scope.sampled and mark.place == "sup" and mark.bracket == "(":
        return True
    if bounds is None and len(scope.batch) == 1:
        return mark.place == "sup" and mark.bracket == "(" and isinstance(mark.content, Letter) and text.islower()
    return bounds is not None and (mark.place == "sup" or bounds[1] in scope.batch)


def samples(scope: Scope, mark: Mark, ranges: dict[str, Ranged], name: str = "") -> Expr:
    """How many samples an index numbers."""
    text = written(mark.content)
    if (name, mark.place, mark.bracket, text) in scope.numbers:
        return scope.numbers[name, mark.place, mark.bracket, text]
    if text in ranges:
        return size_of(blank(scope), ranges[text].high)
    if text in scope.sampled:
        return scope.sampled[text]
    if text not in scope.ranges:
        return next(iter(scope.batch))
    return scope.ranges[text][1]


def _layers(scope: Scope, node: Node, ranges: dict[str, Ranged]) -> index.Range | None:
    """The layers that a mention is stated for."""
    found = index_of(blank(scope), node)
    letter = scope.layer_letter
    if index.LAYER not in found.free_symbols:
        return (found, found)
    shift = found - index.LAYER
    if letter in ranges:
        reading = blank(scope)
        return index_of(reading, ranges[letter].low) + shift, index_of(reading, ranges[letter].high) + shift
    bounds = scope.ranges.get(letter)
    return None if bounds is None else (bounds[0] + shift, bounds[1] + shift)


def unify(scope: Scope, old: Expr, new: Expr) -> Scope:
    """The scope in which a size is known to be another one."""

    def sized(size: Expr | None) -> Expr | None:
        return None if size is None else size.xreplace({old: new})

    profiles = tuple(
        replace(p, rows=sized(p.rows), columns=sized(p.columns), samples=sized(p.samples)) for p in scope.profiles
    )
    aliases = tuple(
        alias._replace(
            profile=replace(alias.profile, rows=sized(alias.profile.rows), columns=sized(alias.profile.columns)),
            label=tuple((letter, size.xreplace({old: new})) for letter, size in alias.label),
        )
        for alias in scope.aliases
    )
    composites = tuple(
        composite._replace(
            profile=replace(
                composite.profile, rows=sized(composite.profile.rows), columns=sized(composite.profile.columns)
            ),
            parts=tuple(tuple(resized(part, old, new) for part in row) for row in composite.parts),
            sizes=tuple(size.xreplace({old: new}) for size in composite.sizes),
        )
        for composite in scope.composites
    )
    definitions = tuple(
        replace(s, definition=replace(s.definition, value=s.definition.value.xreplace({old: new})))
        for s in scope.definitions
    )
    sizes = {text: size.xreplace({old: new}) for text, size in scope.sizes.items()}
    ranges = {
        letter: (low.xreplace({old: new}), high.xreplace({old: new})) for letter, (low, high) in scope.ranges.items()
    }
    single = frozenset(size.xreplace({old: new}) for size in scope.single)
    scope = replace(scope, profiles=profiles, aliases=aliases, composites=composites, single=single)
    counted = {text: size.xreplace({old: new}) for text, size in scope.counted.items()}
    return replace(scope, definitions=definitions, sizes=sizes, ranges=ranges, counted=counted)


def size_equation(scope: Scope, node: Node) -> Scope | None:
    """The scope in which ``K = s_L`` or ``s_L = 1`` holds; None where the node says no such thing."""
    if not isinstance(node, Relation) or node.signs != ("=",):
        return None
    left, right = node.parts
    if not isinstance(left, Letter | Scripted) or right is None:
        return None
    reading = blank(scope)
    try:
        size = size_of(reading, right)
        own = index_of(reading, left) if size == 1 else None
    except errors.MeaningError:
        return None
    text = written(left)
    if scope.knows(text):
        return None
    if own is not None and own.has(index.WIDTH):
        return replace(scope, single=scope.single | {own})
    if not size.has(index.WIDTH):
        return None
    old = scope.sizes.get(text)
    scope = scope if old is None else unify(scope, old, size)
    return replace(scope, sizes={**scope.sizes, text: size})
