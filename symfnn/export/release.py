"""Statements that let go of arrays as soon as no statement needs them, where memory is freed by reference counts."""

import re
from collections.abc import Collection, Sequence


def released(statements: Sequence[Sequence[str]], names: Collection[str]) -> list[list[str]]:
    """The statements, each followed by ``del`` of the names that no later one mentions.

    Args:
        statements: the lines of each.
        names: that may be let go of; one that only its own assignment mentions is kept.
    """
    last: dict[str, int] = {}
    first: dict[str, int] = {}
    for place, lines in enumerate(statements):
        for word in re.findall(r"\w+", "\n".join(line for line in lines if not line.startswith("#"))):
            if word in names:
                last[word] = place
                first.setdefault(word, place)
    result = [list(lines) for lines in statements]
    for place, lines in enumerate(result):
        gone = [name for name in last if last[name] == place and first[name] < place]
        if gone:
            lines.append(f"del {', '.join(gone)}")
    return result
