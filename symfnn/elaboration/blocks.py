r"""Blocks of cells: with dots between their cells, of numbers and entries, and of arrays beside or above each other.

A block with dots is the array whose entries, columns or rows its cells show. Any other block keeps its parts until it
meets another one: what is claimed of two blocks is claimed of each of their parts.
"""

from dataclasses import replace
from typing import NamedTuple

from sympy import Expr, Integer, S

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration import values
from symfnn.elaboration.patterns import Line, Running, is_dots, line, running
from symfnn.elaboration.reading import Reading, index_of
from symfnn.elaboration.values import Axis, Value
from symfnn.latex.syntax import Fence, Letter, Matrix, Node, Sequence, Sum
from symfnn.source import Span

_ROW, _COLUMN = "row index", "column index"
_MOST = 36
_Cells = list[list[Node | None]]


class _Run(NamedTuple):
    """Along one axis: what runs, None where nothing does, and whether copies of one cell are meant."""

    found: Running | None
    is_repeated: bool


def block(reading: Reading, node: Matrix) -> Value:
    """The value of a block.

    Raises:
        MeaningError: its cells show no pattern, or do not fit together.
    """
    cells = _cleaned(node)
    if not cells or sum(map(len, cells)) > _MOST:
        raise _not_covered(node.span)
    down = line([all(is_dots(cell) for cell in row) for row in cells])
    shown = [] if down is None else [cells[place] for place in down.shown]
    across = line([all(is_dots(row[place]) for row in shown) for place in range(len(cells[0]))])
    if down is None or across is None:
        raise _not_covered(node.span)
    kept = [[row[place] for place in across.shown] for row in shown]
    nodes = [[cell for cell in row if cell is not None and not is_dots(cell)] for row in kept]
    if any(len(row) < len(across.shown) for row in nodes):
        raise _not_covered(node.span)
    if not down.has_dots and not across.has_dots:
        return _grid([[reading.value(cell) for cell in row] for row in nodes], node.span)
    if down.has_dots:
        return _pattern(reading, nodes, down, across, node.span)
    return _grid([[_pattern(reading, [row], down, across, node.span)] for row in nodes], node.span)


def _not_covered(span: Span) -> errors.MeaningError:
    return errors.MeaningError("not-covered", "what this block shows is not understood", span)


def _cleaned(node: Matrix) -> _Cells:
    """The cells without empty rows and columns and without the bars above and below columns."""
    width = max(map(len, node.rows), default=0)
    rows = [[*row, *[None] * (width - len(row))] for row in node.rows]
    if len(rows) > 1 and all(map(is_dots, rows[0])):
        rows = rows[1:-1] if all(map(is_dots, rows[-1])) else []
    rows = [row for row in rows if any(cell is not None for cell in row)]
    used = [place for place in range(width) if any(row[place] is not None for row in rows)]
    return [[row[place] for place in used] for row in rows]


def _grid(parts: list[list[Value]], span: Span) -> Value:
    """The value of blocks beside and above each other.

    Raises:
        MeaningError: blocks in a row differ in height, or those in a column in width.
    """
    if len(parts) == 1 and len(parts[0]) == 1:
        return parts[0][0]
    parts = [[_as_long(part, place, row, parts) for place, part in enumerate(row)] for row in parts]
    if any(part.parts is not None or part.is_ones for row in parts for part in row):
        raise _not_covered(span)
    made = values.of_parts(tuple(tuple(row) for row in parts))
    if made is None:
        raise errors.MeaningError("not-covered", "the parts of this block do not fit together", span)
    return made


def _as_long(part: Value, place: int, row: list[Value], parts: list[list[Value]]) -> Value:
    """A row of ones as long as what stands above or below it, or a column of them as high as what stands beside it.

    A number 0 is an array of zeros that fits.
    """
    if part.is_number and part.expr == 0:
        return _zeros(place, row, parts)
    if not part.is_ones:
        return part
    across = {other.shape[1] for line in parts for other in line[place : place + 1] if not other.is_ones}
    down = {other.shape[0] for other in row if not other.is_ones}
    if len(parts) > 1 and len(across) == 1 and len(row) == 1 and (part.is_turned or across == {1}):
        return values.matrix(lambda _, __: S.One, Integer(1), across.pop())
    if len(parts) == 1 and len(down) == 1 and (not part.is_turned or down == {1}):
        return values.matrix(lambda _, __: S.One, down.pop(), Integer(1))
    return part


def _zeros(place: int, row: list[Value], parts: list[list[Value]]) -> Value:
    """Zeros as high as what stands beside them and as wide as what stands above or below."""
    down = {other.shape[0] for other in row if not (other.is_number or other.is_ones)}
    column = [other for line in parts for other in line[place : place + 1]]
    across = {other.shape[1] for other in column if not (other.is_number or other.is_ones)}
    rows, columns = (sizes.pop() if len(sizes) == 1 else Integer(1) for sizes in (down, across))
    return values.matrix(lambda _, __: S.Zero, rows, columns)


def _pattern(reading: Reading, nodes: list[list[Node]], down: Line, across: Line, span: Span) -> Value:
    """The array that a block with dots shows."""
    template, column = nodes[0][0], _Run(None, is_repeated=False)
    templates = [row[0] for row in nodes]
    if across.has_dots:
        runs = [running(row, has_last=across.last is not None, name=_COLUMN) for row in nodes]
        if any(run is None for run in runs):
            raise _not_covered(span)
        found = [run for run in runs if run is not None]
        if len({None if run.letter is None else run.letter.name for run in found}) > 1:
            raise _not_covered(span)
        templates, template = [run.template for run in found], found[0].template
        column = _Run(found[0] if found[0].letter else None, is_repeated=found[0].letter is None)
    elif len(across.shown) > 1:
        raise _not_covered(span)
    row = _Run(None, is_repeated=False)
    if down.has_dots:
        run = running(templates, has_last=down.last is not None, name=_ROW)
        if run is None:
            raise _not_covered(span)
        template, row = run.template, _Run(run if run.letter else None, is_repeated=run.letter is None)
    return _spread(reading, reading.value(template), row, column, span)


def _spread(reading: Reading, value: Value, row: _Run, column: _Run, span: Span) -> Value:
    """A value in which the letters of running indices become axes."""
    if value.parts is not None or value.outer:
        raise _not_covered(span)
    if row.is_repeated or column.is_repeated:
        return _repeated(value, row, column, span)
    for run, is_row in ((row, True), (column, False)):
        if run.found is None:
            continue
        if (value.row if is_row else value.column) is not None:
            raise _not_covered(span)
        letter, size = _size(reading, run.found, span)
        axis = Axis(index.fresh("i" if is_row else "j"), size)
        body = index.substitute(value.expr, {letter: axis.letter})
        value = replace(value, expr=body, row=axis if is_row else value.row, column=value.column if is_row else axis)
    return replace(value, is_number=False, derivative=None)


def _size(reading: Reading, run: Running, span: Span) -> tuple[Expr, Expr]:
    """The letter of a running index, and how far it runs; what is written as the last one must be this.

    Raises:
        MeaningError: nothing says how far it runs, or the last index is not the axis's size.
    """
    assert run.letter is not None
    letter = index.index(run.letter.name)
    sizes = reading.uses.pop(letter, [])
    if not sizes or any(letter in layer.free_symbols for layer, _ in reading.layers):
        raise _not_covered(span)
    if run.last is not None:
        last = index_of(reading, run.last)
        is_any = isinstance(run.last, Letter) and run.last.name not in reading.scope.sizes
        if last != sizes[0] and (not is_any or last.free_symbols & {index.LAYER, index.DEPTH}):
            raise errors.MeaningError("not-covered", "the last index shown is not the size of this axis", span)
    return letter, sizes[0]


def _repeated(value: Value, row: _Run, column: _Run, span: Span) -> Value:
    """Copies of one cell: a row or column of ones, or a vector beside itself."""
    if row.found is not None or column.found is not None:
        raise _not_covered(span)
    if value.is_scalar and value.expr == 1 and row.is_repeated != column.is_repeated:
        return Value(S.One, is_number=True, is_ones=True, is_turned=column.is_repeated)
    is_beside = value.row if column.is_repeated else value.column
    if value.is_vector and is_beside is not None and row.is_repeated != column.is_repeated:
        return replace(value, is_repeated=True, derivative=None)
    raise _not_covered(span)


def listed(reading: Reading, node: Fence) -> tuple[Value, ...]:
    r"""``(z_1, z_2, \\dots, z_n)`` as a row or a column; what stands beside it decides.

    Raises:
        MeaningError: it is a list of another kind.
    """
    assert isinstance(node.body, Sequence)
    places = line([is_dots(item) for item in node.body.items])
    if places is None or not places.has_dots or set(node.body.separators) != {","}:
        raise errors.MeaningError("not-covered", "a list in brackets is not understood here", node.span)
    run = running([node.body.items[place] for place in places.shown], has_last=places.last is not None, name=_COLUMN)
    if run is None or run.letter is None:
        raise errors.MeaningError("not-covered", "a list in brackets is not understood here", node.span)
    value = reading.value(run.template)
    if not value.is_scalar:
        raise errors.MeaningError("not-covered", "a list in brackets is not understood here", node.span)
    made = _spread(reading, value, _Run(None, is_repeated=False), _Run(run, is_repeated=False), node.span)
    return made, values.transpose(made)


def dotted(node: Sum) -> tuple[int, int]:
    """Which terms of a sum with dots belong to these: those beside them that are instances of one formula.

    Raises:
        MeaningError: no terms beside the dots are.
    """
    dots = [place for place, term in enumerate(node.terms) if is_dots(term)]
    stop = min(dots[0] + 2, len(node.terms))  # the last one is shown, or nothing stands behind the dots
    for start in range(dots[0] if len(dots) == 1 else 0):
        if _run_of(node, start, stop) is not None:
            return start, stop
    raise errors.MeaningError("not-covered", "what is left out of this sum is not understood", node.span)


def _run_of(node: Sum, start: int, stop: int) -> Running | None:
    """The formula that some terms of a sum are instances of; None where they are not."""
    places = line([is_dots(term) for term in node.terms[start:stop]])
    if places is None or not places.has_dots or set(node.signs[start:stop]) - {"+"}:
        return None
    shown = [node.terms[start + place] for place in places.shown]
    run = running(shown, has_last=places.last is not None, name=_COLUMN)
    return None if run is None or run.letter is None else run


def written_out(reading: Reading, node: Sum, start: int, stop: int) -> Value:
    r"""``u_1 v_1 + u_2 v_2 + \cdots + u_n v_n`` as the sum that it is.

    Args:
        reading: of the statement.
        node: a sum with dots.
        start: of the terms that belong to these.
        stop: behind them.

    Raises:
        MeaningError: nothing says how far they run.
    """
    run = _run_of(node, start, stop)
    assert run is not None
    value = reading.value(run.template)
    letter, size = _size(reading, run, node.span)

    def term(k: Expr) -> Expr:
        return index.substitute(value.expr, {letter: k})

    return replace(value, expr=index.summation(term, 1, size), is_number=False, derivative=None)
