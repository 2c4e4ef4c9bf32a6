"""The C functions that a generated file calls: their texts stand in ``symfnn/export/c``, one block a function."""

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

_FILES = ("functions.c", "kernels.c")


def sources(text: str, dtype: str) -> list[str]:
    """The texts of the functions that a text calls, and of those that they call, each behind what it uses.

    Args:
        text: C code.
        dtype: ``"float32"`` or ``"float64"``.
    """
    known = _functions(dtype)
    wanted: set[str] = set()
    todo = _called(text, known)
    while todo:
        wanted |= todo
        todo = {name for found in todo for name in _called(known[found], known)} - wanted
    return [block for name, block in known.items() if name in wanted]


def _called(text: str, known: Iterable[str]) -> set[str]:
    return set(re.findall(r"\b(\w+)\(", text)) & set(known)


@cache
def _functions(dtype: str) -> dict[str, str]:
    """Blocks by the name of the function that they define, in the order of the files."""
    folder = resources.files("symfnn.export") / "c"
    blocks = [
        block.strip("\n")
        for name in (f"{dtype}.c", *_FILES)
        for block in (folder / name).read_text(encoding="utf-8").split("\n\n\n")
    ]
    found: dict[str, str] = {}
    for block in blocks:
        defined = re.search(r"^(?:static )?(?:inline )?\w+ (\w+)\(", block, re.MULTILINE)
        assert defined is not None
        found[defined.group(1)] = block
    product = (folder / "product.c").read_text(encoding="utf-8").strip("\n")
    return found | {"product": product if dtype == "float64" else product.replace("cblas_dgemm", "cblas_sgemm")}
