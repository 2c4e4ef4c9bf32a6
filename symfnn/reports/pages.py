"""The page for each code, for a terminal and for the documentation: both from the catalogue itself."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from symfnn.check.mistakes import CATALOGUE
from symfnn.check.mistakes.mistake import Mistake
from symfnn.check.reasons import REASONS, Reason
from symfnn.latex.lexicon import ALIGNED, CASES, GROUPS, MATRICES, UNICODE

_HEAD = """\
# Mistakes and reasons

Every code that `symfnn check` prints. `symfnn explain CODE` shows the same pages. This file is generated from
`symfnn/check/mistakes/` and `symfnn/check/reasons.py`.

A repair is offered only if the repaired formula was itself proved or tested.
"""

_READER = """\
# What the reader understands

Mathematics as people write it in `.tex`, `.md`, `.ipynb` and `.rst` files. This file is generated from
`symfnn/latex/lexicon.py`. To be read is not to be decided: what a formula means is found out afterwards, and where that
fails the verdict is `undecided`. A command that stands nowhere here, and that the document does not define with
`\\newcommand`, `\\def` or `\\DeclareMathOperator`, makes its formula `undecided`, with the place of the command;
but a usual name (`\\bW`, `\\vx`, `\\yhat`, `\\relu`, `\\pd{J}{x}`) is taken for what it says, which is then named as an
assumption and refutes nothing.
"""


def page(code: str) -> str | None:
    """What a code means, in Markdown; None where there is no such code."""
    for mistake in CATALOGUE:
        if mistake.code == code:
            return _mistake(mistake)
    for reason in REASONS:
        if code in reason.codes:
            return _reason(reason)
    return None


def codes() -> tuple[str, ...]:
    """All codes that have a page."""
    return (*(mistake.code for mistake in CATALOGUE), *(code for reason in REASONS for code in reason.codes))


def nearest(code: str) -> tuple[str, ...]:
    """Codes that are written alike."""
    return tuple(get_close_matches(code, codes(), n=3, cutoff=0.5))


def document() -> str:
    """All pages in one Markdown document."""
    mistakes = [_mistake(mistake) for mistake in CATALOGUE]
    reasons = [_reason(reason) for reason in REASONS]
    parts = [_HEAD, "\n## Mistakes\n", *mistakes, "\n## Where nothing is decided, and remarks\n", *reasons]
    return "".join(part.replace("\n# ", "\n### ") if part.startswith("\n# ") else part for part in parts)


def reader() -> str:
    """What the reader understands, in one Markdown document made from the lexicon."""
    groups = [_table(group.title, dict(group.entries)) for group in GROUPS]
    environments = [
        f"| {title} | {_listed(names)} |\n"
        for title, names in (("aligned formulas", ALIGNED), ("matrices", MATRICES), ("cases", CASES))
    ]
    known = ["\n## Environments\n\n| | |\n| --- | --- |\n", *environments]
    signs = ["\n## Unicode\n\nEach is read like the command behind it.\n\n", _pairs(UNICODE)]
    return "".join([_READER, *groups, *known, *signs])


def _table(title: str, entries: Mapping[str, str]) -> str:
    """One group: what is written, by what it is taken for where that is something else."""
    plain = [name for name, meant in entries.items() if name.lstrip("\\") == meant.lstrip("\\")]
    others = {name: meant for name, meant in entries.items() if name not in plain}
    out = f"\n## {title[0].upper()}{title[1:]}\n\n"
    out += f"{_listed(plain)}\n" if plain else ""
    return out + (("\nAnd, taken for another: " if plain else "Taken for: ") + _pairs(others) if others else "")


def _pairs(entries: Mapping[str, str]) -> str:
    by_meaning: dict[str, list[str]] = {}
    for name, meant in entries.items():
        by_meaning.setdefault(meant, []).append(name)
    parts = [_listed(names) + (f" ({_code(meant)})" if meant.strip() else "") for meant, names in by_meaning.items()]
    return "; ".join(parts) + ".\n"


def _listed(names: Iterable[str]) -> str:
    return " ".join(_code(name) for name in sorted(names))


def _code(name: str) -> str:
    """In Markdown; a sign that cannot stand between backticks, by its number."""
    return f"`{name}`" if name.isprintable() and "`" not in name and name.strip() == name else f"U+{ord(name[0]):04X}"


def _mistake(mistake: Mistake) -> str:
    out = f"\n# {mistake.code}\n\n**{mistake.title}.**\n\n{mistake.explanation.strip()}\n\nFor example ({{}}):\n"
    notation, wrong, right = mistake.examples[0]
    return out.replace("({})", f"in the notation `{notation}`") + f"\n- wrong: ${wrong}$\n- right: ${right}$\n"


def _reason(reason: Reason) -> str:
    return f"\n# {', '.join(reason.codes)}\n\n**{reason.title}.**\n\n{reason.explanation.strip()}\n"
