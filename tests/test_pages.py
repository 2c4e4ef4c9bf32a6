"""The pages of codes: complete, and the same in the documentation."""

from pathlib import Path

import pytest

from symfnn.reports import pages

DOCS = Path(__file__).parents[1] / "docs" / "mistakes.md"
READER = DOCS.with_name("reader.md")


def test_the_documentation_is_what_the_catalogue_says():
    assert DOCS.read_text(encoding="utf-8") == pages.document(), "write it anew: python tests/test_pages.py"


def test_the_table_of_the_reader_is_what_the_lexicon_says():
    text = READER.read_text(encoding="utf-8")
    assert text == pages.reader(), "write it anew: python tests/test_pages.py"
    assert all(f"`{command}`" in text for command in (r"\odot", r"\sigma", r"\sum", "align", "pmatrix", "⊙"))


@pytest.mark.parametrize("code", pages.codes())
def test_every_code_has_a_page_with_its_name(code):
    text = pages.page(code)
    assert code in text.splitlines()[1]
    assert len(text.splitlines()) > 5


def test_codes_are_unique():
    assert len(set(pages.codes())) == len(pages.codes())


def test_an_unknown_code_has_no_page():
    assert pages.page("nonsense") is None
    assert pages.nearest("wrong-singn")[0] == "wrong-sign"


if __name__ == "__main__":
    DOCS.write_text(pages.document(), encoding="utf-8")
    READER.write_text(pages.reader(), encoding="utf-8")
