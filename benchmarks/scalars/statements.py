"""A network from statements: which are shapes, which ranges, functions, losses, definitions, conditions."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain

from scalars.names import Reference, Spelling, has_set, name_of, nodes, range_of
from scalars.network import World
from scalars.stated import Item, Range, Size, Stated
from symfnn.check.verdicts import DocumentReport
from symfnn.documents.document import Directive, Document, Formula
from symfnn.latex.parser import parse
from symfnn.latex.syntax import BigOperator, Fence, Letter, Node, Number, Product, Relation, Scripted, Sequence
from symfnn.latex.writing import write
from symfnn.notations import loader
from symfnn.source import Span

INLINE = re.compile(r"\$([^$]+)\$")


@cache
def of_lines(text: str) -> tuple[tuple[Stated, ...], ...]:
    """The statements of a Markdown text, section by section: a range on a line holds for what else stands on it."""
    sections: list[list[Stated]] = [[]]
    for line in text.splitlines():
        if line.startswith("#"):
            sections.append([])
        if line.startswith("- "):
            sections[-1] += of_formulas(INLINE.findall(line))
    return tuple(map(tuple, sections))


def of_formulas(formulas: Iterable[str]) -> list[Stated]:
    """The statements of formulas that stand together."""
    found, ranges = [], []
    for formula in formulas:
        for statement in parse(formula):
            for part in (statement.content, *statement.remarks):
                limits = range_of(part)
                if limits is not None:
                    ranges.append(limits)
                elif isinstance(part, Relation) and part is statement.content:
                    found.append(part)
    return [Stated(content, tuple(ranges)) for content in found]


def of_notation(text: str, titles: Iterable[str]) -> list[Stated]:
    """What a notation states before its second heading and in some sections."""
    headings = [line.lstrip("# ").strip() for line in text.splitlines() if line.startswith("#")]
    chosen = [0, 1, *(headings.index(title.strip()) + 1 for title in titles)]
    return [one for number in sorted(set(chosen)) for one in of_lines(text)[number]]


def of_document(document: Document, report: DocumentReport, end: int) -> tuple[Stated, ...]:
    """What holds at a place of a document: the notation that is in force there, and what the text defines before it.

    Which of its statements define something is what the report says; what they mean is read here.
    """
    named = [piece for piece in document.pieces if isinstance(piece, Directive) and piece.kind == "notation"]
    past = [piece for piece in named if piece.span.start < end] or named[:1]
    start = past[-1].span.start if len(past) > 1 else 0
    name, *titles = past[-1].argument.split(" / ") if past else ("",)
    stated = (
        of_notation(loader.text(name.strip()), titles) if name else list(chain(*of_lines(document.source.text[:end])))
    )
    places = {one.span.start for one in report.statements if one.kind == "definition"}
    formulas = [piece for piece in document.pieces if isinstance(piece, Formula) and start <= piece.span.start < end]
    for formula in formulas if name else ():
        stated += [one for one, place in _defined(formula) if formula.place(place).start in places]
    return tuple(without_repetitions(stated))


def _defined(formula: Formula) -> Iterator[tuple[Stated, Span]]:
    for statement in parse(formula.latex):
        ranges = tuple(limits for remark in statement.remarks if (limits := range_of(remark)) is not None)
        if isinstance(statement.content, Relation):
            yield Stated(statement.content, ranges), statement.span


def without_repetitions(statements: Iterable[Stated]) -> list[Stated]:
    """Each statement once, where it stands first."""
    found: dict[str, Stated] = {}
    for one in statements:
        found.setdefault(write(one.content), one)
    return list(found.values())


def network(statements: list[Stated], size: Size) -> World:
    """The network that the statements describe."""
    world = World(size)
    _spell(world.spelling, statements)
    _count(world, statements)
    for stated in statements:
        for one in _split(stated):
            _take(world, one)
    return world


def _split(stated: Stated) -> Iterator[Stated]:
    r"""``a, b \in …`` as two statements."""
    left = stated.content.parts[0]
    if isinstance(left, Sequence) and stated.content.signs == (r"\in",):
        for item in left.items:
            yield Stated(
                Relation((item, stated.content.parts[1]), stated.content.signs, stated.content.span), stated.ranges
            )
        return
    yield stated


def _spell(spelling: Spelling, statements: list[Stated]) -> None:
    """What the left sides tell about names."""
    for stated in (one for whole in statements for one in _split(whole)):
        left, signs = stated.content.parts[0], stated.content.signs
        ranged = {letter for letter, _, _ in stated.ranges}
        if isinstance(left, Product) and len(left.factors) == 2 and not left.signs[0]:
            _spell_pair(spelling, *left.factors)
        if not isinstance(left, Scripted):
            continue
        if left.sup is not None and isinstance(left.base, Letter) and _is_bare(left.sup):
            spelling.bare.add(name_of(left.base))
        subs = (
            {letter.name for letter in nodes(left.sub) if isinstance(letter, Letter)} if left.sub is not None else set()
        )
        is_scalar = signs[-1] == r"\in" and isinstance(stated.content.parts[-1], Letter)
        if is_scalar and subs and left.sup is None and not subs & ranged:
            spelling.literal.add(write(left))


def _spell_pair(spelling: Spelling, first: Node, second: Node) -> None:
    if isinstance(second, Fence):
        if isinstance(first, Scripted) and not first.primes and first.sup is None:
            spelling.literal.add(write(first))
    elif isinstance(first, Letter):
        base = second.base if isinstance(second, Scripted) else second
        if isinstance(base, Letter):
            spelling.pairs.add(f"{name_of(first)} {name_of(base)}")


def _is_bare(node: Node) -> bool:
    parts = node.factors if isinstance(node, Product) else (node,)
    return not any(isinstance(part, Fence) for part in parts) and not isinstance(node, Number)


def _count(world: World, statements: list[Stated]) -> None:
    """The letters for the depth, for sizes and for samples, and where the layers begin."""
    sizes: dict[str, None] = {}
    depths: set[str] = set()
    starts: list[int] = []
    for stated in statements:
        places = _sized(stated)
        for place in places:
            _widths(world, place)
            sizes |= dict.fromkeys(_sizes(world.spelling, place))
        for _, low, high in _layered(stated, places):
            depths |= set(_sizes(world.spelling, high))
            starts += [int(low.text)] if isinstance(low, Number) else []
        sizes |= dict.fromkeys(_naturals(world.spelling, stated))
    world.start = min(starts, default=1)
    ranged = {letter for stated in statements for letter, _, _ in stated.ranges}
    left = [world.spelling.reference(one.content.parts[0]) for one in statements if one.content.signs == ("=",)]
    defined = {found.name for found in left if found is not None and not (found.above or found.below)}
    pool = iter(world.size.others)
    for name in sizes:
        if name in depths:
            world.numbers[name] = world.start + len(world.size.widths) - 1
        elif name not in defined and (name not in ranged or not depths):
            world.numbers[name] = world.size.samples if depths else next(pool)
            world.has_samples = bool(depths)


def _sized(stated: Stated) -> list[Node]:
    """Where a statement mentions sizes: in the bounds of its ranges and in a shape."""
    shape = stated.content.parts[-1]
    bounds = [bound for _, *both in stated.ranges for bound in both]
    return [*bounds, *([shape.sup] if isinstance(shape, Scripted) and has_set(shape) else [])]


def _layered(stated: Stated, places: list[Node]) -> Iterator[Range]:
    """The ranges of layers: those whose letter is mentioned in a size."""
    for letter, low, high in stated.ranges:
        others = [place for place in places if place not in (low, high)]
        if any(isinstance(n, Letter) and n.name == letter for other in others for n in nodes(other)):
            yield letter, low, high


def _naturals(spelling: Spelling, stated: Stated) -> list[str]:
    r"""The name in ``m \in \mathbb{N}``."""
    kind = stated.content.parts[-1]
    found = spelling.reference(stated.content.parts[0])
    return [found.name] if isinstance(kind, Letter) and has_set(kind) and kind.name == "N" and found else []


def _sizes(spelling: Spelling, node: Node) -> list[str]:
    """The numbers without slots that a bound or a shape mentions."""
    whole = spelling.reference(node)
    inner = [part for part in nodes(node) if isinstance(part, Letter | Scripted) and not _is_inside(node, part)]
    found = [whole] if whole is not None else [spelling.reference(part) for part in inner]
    return [one.name for one in found if one is not None and not (one.above or one.below)]


def _is_inside(root: Node, part: Node) -> bool:
    """Whether a letter is only part of a mention with scripts."""
    return any(
        isinstance(n, Scripted) and n is not part and any(inner is part for inner in nodes(n)) for n in nodes(root)
    )


def _widths(world: World, node: Node) -> None:
    for part in nodes(node):
        found = world.spelling.reference(part) if isinstance(part, Scripted) else None
        if found is not None and len(found.above) + len(found.below) == 1:
            world.width_names.add(found.name)


def _take(world: World, stated: Stated) -> None:
    """One statement into the network."""
    parts, signs, ranges = stated.content.parts, stated.content.signs, stated.ranges
    left, right = parts[0], parts[-1]
    found = None if left is None else world.spelling.reference(left)
    if signs[0] == ":" and found is not None:
        world.functions.setdefault(found.name, []).append((Item(found.above, (), ranges), None))
    elif signs == (r"\in",) and found is not None and has_set(right):
        shape = (
            () if isinstance(right, Letter) else right.sup.factors if isinstance(right.sup, Product) else (right.sup,)
        )
        if not (isinstance(right, Letter) and right.name == "N"):
            _add(world, found, Item(found.above, found.below, ranges, shape))
    elif signs == ("=", r"\in") and found is not None and isinstance(parts[1], Product):
        inside = parts[1].factors[-1].body
        arguments = inside.items if isinstance(inside, Sequence) else (inside,)
        _add(world, found, Item(found.above, found.below, ranges, arguments=arguments))
    elif signs[0] == "=" and isinstance(left, BigOperator):
        world.constraints.append(stated)
    elif signs[0] in ("=", ":=", r"\equiv") and parts[1] is not None:
        _define(world, left, found, Item((), (), ranges, right=parts[1]))


def _add(world: World, found: Reference, item: Item) -> None:
    world.items.setdefault(found.name, []).append(item)


def _define(world: World, left: Node, found: Reference | None, item: Item) -> None:
    if found is not None and not found.primes and not found.is_transposed:
        _add(world, found, Item(found.above, found.below, item.ranges, right=item.right))
        return
    if not isinstance(left, Product) or len(left.factors) != 2:
        return
    first, second = left.factors
    joined = world.spelling.joined(first, second)
    if joined is not None:
        _add(world, joined, Item(joined.above, joined.below, item.ranges, right=item.right))
    elif not isinstance(second, Fence):
        world.items.setdefault(f"{write(first)} {write(second)}", []).append(item)
    else:
        _define_at(world, first, second.body, item)


def _define_at(world: World, head: Node, argument: Node, item: Item) -> None:
    """A function by its value, or a name with brackets in it."""
    found = world.spelling.reference(head)
    is_open = found is not None and found.name in world.functions
    if (
        isinstance(argument, Letter)
        and found is not None
        and not found.primes
        and (is_open or argument.name in _bare(item.right))
    ):
        function = Item(found.above, (), item.ranges, right=item.right)
        world.functions.setdefault(found.name, []).append((function, argument.name))
    else:
        world.applications.setdefault(write(head), []).append((argument, item))


def _bare(node: Node) -> set[str]:
    """The letters that stand by themselves."""
    bases = [part.base for part in nodes(node) if isinstance(part, Scripted)]
    return {part.name for part in nodes(node) if isinstance(part, Letter) and not any(part is base for base in bases)}
