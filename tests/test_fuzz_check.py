"""Whatever is written, a check ends soon and with nothing but symfnn's own errors."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import symfnn
from symfnn import errors
from symfnn.check import links
from symfnn.check.checker import Options, check_document
from symfnn.documents.reader import read_text
from symfnn.latex.parser import parse

PIECES = (
    r"\delta^l", "a^{l-1}", "z_j^l", "w_{jk}^l", r"\sigma'(z^l)", r"\frac{\partial C}{\partial z^l}", " = ", r"\odot ",
    r"\sum_k ", r"\sum_{i=1}^{n} ", "(", ")", "{", "}", "^T", "^{2}", "_{ij}", "+", "-", r"\\ &=", r"\frac{1}{2}", "$$",
    r" \in \mathbb{R}^{m \times n}", "C", "y", "L", "1", "9^{9}", r"\log ", "e^{x}", r"\text{for } ", "J(W, b)", ",",
    r"\nabla_a ", r"\mathbf{1}^T ", r"\quad l = 2, \dots, L", "import os", "'", "\n\n", "\\", "&", "|", "中",
)  # fmt: skip
formulas = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@pytest.fixture(scope="module", autouse=True)
def _without_repairs():
    patch = pytest.MonkeyPatch()
    patch.setattr(links, "repaired", lambda _course, _scope, _part, _statement, finding: finding)
    yield
    patch.undo()


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(formulas, max_size=3))
def test_a_document_of_pieces_gets_a_report(parts):
    text = "\n\n".join(f"$$\n{part}\n$$" for part in parts)
    start = time.monotonic()
    check_document(read_text("notes.md", text, "markdown"), "nielsen", Options(timeout=0.5))
    assert time.monotonic() - start < 30


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.one_of(formulas, st.text(max_size=80)))
def test_a_formula_is_read_or_refused(text):
    try:
        parse(text)
    except errors.LatexError as error:
        span = error.span
    else:
        return
    assert 0 <= span.start <= span.end <= len(text)


@pytest.mark.parametrize(
    "formula",
    [
        r"9^{9^{9}} = C",
        r"C = x^{10^{100}}",
        r"\delta^L = (a^L)^{10^{100}}",
        "C = 0." + "3" * 5000,
        "C = " + r"\frac{1}{" * 200 + "2" + "}" * 200,
        r"\delta^L = " + " + ".join([r"a^L"] * 500),
        r"e^{e^{e^{e^{9}}}} = C",
        r"\delta^l = a^l \qquad l = 2, \dots, 99999",
        r"\text{__import__('os').abort()} = \operatorname{exec}(1)",
        r"C = (" * 150,
        r"C^{y} = (a^L)^{y}",
    ],
)
def test_hostile_formulas_are_undecided_or_refused_at_once(formula):
    start = time.monotonic()
    report = symfnn.check(formula, notation="nielsen", timeout=3).report
    verdicts = {str(statement.verdict) for document in report.documents for statement in document.statements}
    assert not verdicts & {"proved", "tested"}
    assert time.monotonic() - start < 20


def test_many_statements_end():
    text = "\n\n".join([r"$$a^l = \sigma(z^l)$$"] * 300)
    report = check_document(read_text("notes.md", text, "markdown"), "nielsen", Options(timeout=1))
    assert len(report.statements) == 300
