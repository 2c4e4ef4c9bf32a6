"""The pages of codes: complete, and the same in the documentation."""

from pathlib import Path

import pytest

from symfnn.reports import pages

DOCS = Path(__file__).parents[1] / "docs" / "mistakes.md"


def test_the_documentation_is_what_the_catalogue_says():
    assert DOCS.read_text(encoding="utf-8") == pages.document(), "write it anew: python tests/test_pages.py"


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
