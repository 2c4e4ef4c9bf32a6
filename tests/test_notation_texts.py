"""The texts of notations, preambles and derivations: each is complete as a text, and a notation states no result."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILT_IN = ("article", "bishop", "coursera", "goodfellow", "ng", "nielsen", "rows", "ufldl", "zhou")
DERIVATIONS = tuple(name for name in BUILT_IN if name != "article")
PREAMBLES = tuple(sorted(path.stem for path in (ROOT / "tests" / "corpus").glob("*.md")))
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)


def notation(name: str) -> str:
    return files("symfnn.notations").joinpath(f"{name}.md").read_text(encoding="utf-8")


def formulas(text: str) -> list[str]:
    found = [display or inline for display, inline in FORMULA.findall(text)]
    assert "$" not in FORMULA.sub("", text), "a dollar sign is left over"
    return found


def sides(formula: str) -> tuple[str, str]:
    left, _, right = formula.partition("=")
    return left, right


def all_texts() -> list[tuple[str, str]]:
    texts = [(f"notation {name}", notation(name)) for name in BUILT_IN]
    texts += [(f"derivation {n}", (ROOT / "derivations" / f"{n}.md").read_text("utf-8")) for n in DERIVATIONS]
    return texts + [(f"preamble {n}", (ROOT / "tests" / "corpus" / f"{n}.md").read_text("utf-8")) for n in PREAMBLES]


def test_every_built_in_notation_is_listed_here() -> None:
    shipped = {Path(entry.name).stem for entry in files("symfnn.notations").iterdir() if entry.name.endswith(".md")}
    assert shipped == set(BUILT_IN)


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_notation_names_its_source_first(name: str) -> None:
    title, _, first = notation(name).split("\n", 2)
    assert title.startswith("# ")
    assert first.startswith("Source: ")


@pytest.mark.parametrize(("name", "text"), all_texts(), ids=[name for name, _ in all_texts()])
def test_every_formula_is_closed(name: str, text: str) -> None:
    for formula in formulas(text):
        assert formula.count("{") == formula.count("}"), formula
        assert formula.count(r"\left") - formula.count(r"\leftarrow") == formula.count(r"\right"), formula


@pytest.mark.parametrize(
    ("name", "text"),
    [(n, t) for n, t in all_texts() if not n.startswith("derivation")],
    ids=[n for n, _ in all_texts() if not n.startswith("derivation")],
)
def test_what_is_stated_and_not_derived_has_no_slope_on_the_right(name: str, text: str) -> None:
    """A right side with an adjoint or f' is a result of back propagation; the diagonal of slopes is a name for one."""
    for formula in formulas(text):
        left, right = sides(formula)
        if left.startswith((r"\newcommand", r"\renewcommand", r"\Sigma'")) or r"\operatorname{diag}" in right:
            continue
        assert "'(" not in right, formula
        if r"\delta" in right and r"\partial" not in right:
            raise AssertionError(f"an adjoint on the right: {formula}")


@pytest.mark.parametrize("name", DERIVATIONS)
def test_a_derivation_names_its_notation_and_has_enough_formulas(name: str) -> None:
    text = (ROOT / "derivations" / f"{name}.md").read_text("utf-8")
    assert text.startswith(f"<!-- symfnn: notation {name} -->")
    assert text.count("$$") >= 2 * 10
