"""Jupyter notebooks, format 4: the Markdown cells, with the place in the file of each character of their text."""

import json
import re
from collections.abc import Iterator
from typing import Any

from symfnn import errors
from symfnn.documents import markdown
from symfnn.documents.document import Cell, Piece, relocated
from symfnn.documents.passage import Passage, Segment, joined
from symfnn.source import Source

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*+")
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")


def cells(source: Source) -> tuple[Cell, ...]:
    """The Markdown cells of a notebook, numbered from 1 among all cells.

    Raises:
        errors.DocumentError: it is not JSON, or not a notebook of format 4.
    """
    _validate(source)
    text = source.text
    places = dict(_members(text, _space(text, 0)))
    found = []
    for number, start in enumerate(_elements(text, places["cells"]), 1):
        members = dict(_members(text, start)) if text[start] == "{" else {}
        if "source" in members and _value(text, members.get("cell_type")) == "markdown":
            passage = _cell_text(text, members["source"])
            if passage.text:
                found.append(Cell(passage.places[0], number, passage))
    return tuple(found)


def pieces(found: tuple[Cell, ...]) -> Iterator[Piece]:
    """The pieces of all Markdown cells."""
    for cell in found:
        for piece in markdown.pieces(cell.passage.text):
            yield relocated(piece, cell.passage)


def _validate(source: Source) -> None:
    try:
        data = json.loads(source.text)
    except json.JSONDecodeError as error:
        place = f"{source.name}:{error.lineno}:{error.colno}"
        raise errors.DocumentError(f"{place}: this notebook is not valid JSON: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise errors.DocumentError(f"{source.name}: this notebook's JSON is nested too deep or too large") from error
    if not isinstance(data, dict) or data.get("nbformat") != 4 or not isinstance(data.get("cells"), list):
        version = data.get("nbformat") if isinstance(data, dict) else None
        said = f"its nbformat is {version}" if isinstance(version, int) else "it names no format"
        raise errors.DocumentError(
            f"{source.name}: only notebooks of format 4 are read and {said}; "
            "convert it with `jupyter nbconvert --to notebook`"
        )


def _space(text: str, start: int) -> int:
    match = _SPACE.match(text, start)
    return match.end() if match else start


def _value(text: str, start: int | None) -> Any:
    return None if start is None else _DECODER.raw_decode(text, start)[0]


def _after(text: str, start: int) -> int:
    return _space(text, _DECODER.raw_decode(text, start)[1])


def _members(text: str, start: int) -> Iterator[tuple[str, int]]:
    """The keys of the object that stands at a place, each with where its value starts."""
    place = _space(text, start + 1)
    while text[place] != "}":
        key, place = _DECODER.raw_decode(text, place)
        value = _space(text, _space(text, place) + 1)
        yield key, value
        place = _after(text, value)
        place = _space(text, place + 1) if text[place] == "," else place


def _elements(text: str, start: int) -> Iterator[int]:
    """Where each element of the array that stands at a place starts."""
    place = _space(text, start + 1)
    while text[place] != "]":
        yield place
        place = _after(text, place)
        place = _space(text, place + 1) if text[place] == "," else place


def _cell_text(text: str, start: int) -> Passage:
    if text[start] == '"':
        return joined(_segments(text, start))
    if text[start] != "[":
        return joined(())
    lines = [place for place in _elements(text, start) if text[place] == '"']
    return joined(segment for line in lines for segment in _segments(text, line))


def _segments(text: str, start: int) -> Iterator[Segment]:
    """The segments of the string that stands at a place: what is written plainly, and each escape."""
    end = _DECODER.raw_decode(text, start)[1] - 1
    last = start + 1
    for match in _ESCAPE.finditer(text, last, end):
        yield Segment(text[last : match.start()], last, match.start())
        yield Segment(_character(match.group()), *match.span())
        last = match.end()
    yield Segment(text[last:end], last, end)


def _character(escape: str) -> str:
    """What an escape stands for; half of a surrogate pair cannot be printed and stands for no character."""
    return str(json.loads(f'"{escape}"')).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
