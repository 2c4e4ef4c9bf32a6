"""The printed derivation: complete, in both languages and all formats, and the committed copies are current."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sympy import Abs, Lambda, Max, Symbol, sin

from symfnn.api import (
    ModelError,
    article_document,
    derivation_document,
    feedforward,
    to_html,
    to_json,
    to_markdown,
    to_tex,
)

COMMITTED = Path(__file__).parent.parent / "derivations"
Z = Symbol("z", real=True)
LABELS = [f"A{number}" for number in range(1, 20)]


@pytest.fixture(scope="module", params=["en", "zh"])
def article(request):
    return article_document(request.param)


def test_committed_derivations_are_current(article):
    committed = COMMITTED / f"article.{article.language}.md"
    assert committed.read_text(encoding="utf-8") == to_markdown(article)


def test_every_label_of_the_article_is_there_and_has_a_rule(article):
    formulas = {f["label"]: f for f in json.loads(to_json(article))["formulas"]}
    assert set(LABELS) <= set(formulas)
    for label in LABELS:
        assert formulas[label]["steps"]
        assert all(step["rule"] and step["latex"] for step in formulas[label]["steps"])


def test_last_links_of_the_article_are_those_of_its_author():
    formulas = {f["label"]: f for f in json.loads(to_json(article_document()))["formulas"]}
    expected = {
        "A4": r"f\left(z\right) \left(1 - f\left(z\right)\right)",
        "A11": r"\sum_{k=1}^{s_{l+1}} \delta_{k}^{(l+1)} w_{ki}^{(l+1)} f'\left(z_{i}^{(l)}\right)",
        "A12": r"\delta_{i}^{(l)} a_{j}^{(l-1)}",
        "A13": r"\delta_{i}^{(l)}",
        "A14": r"\frac{\partial J}{\partial a^{(L)}} \circ f'\left(z^{(L)}\right)",
        "A15": r"\left(W^{(l+1)} \delta^{(l+1)}\right) \circ f'\left(z^{(l)}\right)",
        "A16": r"\begin{bmatrix} 1 \\ a^{(l-1)} \end{bmatrix} \delta^{(l)\mathsf{T}}",
        "A18": r"a_{i}^{(L)} - y_{i}",
    }
    assert {label: formulas[label]["steps"][-1]["latex"] for label in expected} == expected
    assert formulas["A15"]["domain"] == r"l = 2, \dots, L-1"


class _Tags(HTMLParser):
    """Checks that every element is closed where it should be."""

    def __init__(self):
        super().__init__()
        self.open, self.formulas = [], 0

    def handle_starttag(self, tag, attrs):
        self.formulas += tag == "math"
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_is_well_formed_and_needs_nothing_else(article):
    page = to_html(article)
    reader = _Tags()
    reader.feed(page)
    assert not reader.open
    assert reader.formulas > 60
    assert "<script" not in page
    assert not re.search(r"(src|href)=", page)
    assert "\\frac" not in page


def test_brackets_of_one_line_keep_their_size_in_html():
    """Browsers set stretched brackets with a gap at both sides."""
    page = to_html(derivation_document(feedforward((3, 2, 2), "relu", "cross-entropy"), unroll=True))
    bracketed = re.findall(r'<mo stretchy="true"[^>]*>&#x00028;</mo>(.*?)<mo stretchy="true"[^>]*>&#x00029;</mo>', page)
    assert bracketed
    assert all("<mfrac" in inner or "<munder" in inner for inner in bracketed)


def test_what_has_no_matrix_form_is_said():
    text = to_markdown(derivation_document(feedforward((3, 2, 2), ["tanh", "softmax"], "softmax-cross-entropy")))
    assert "For $a_{i}^{(3)}$ no matrix form was found" in text


def test_tex_has_balanced_braces_and_environments(article):
    source = to_tex(article)
    assert source.count("{") == source.count("}")
    assert source.count("\\begin{") == source.count("\\end{")


@pytest.mark.parametrize("layers", [None, (3, 2, 2)])
@pytest.mark.parametrize("activation", ["relu", "softmax", "gelu", None])
@pytest.mark.parametrize("loss", ["huber", "softmax-cross-entropy", "cross-entropy"])
def test_other_models_print(layers, activation, loss):
    model = feedforward(layers, activation, loss, "elastic-net", "sum")
    text = to_markdown(derivation_document(model, unroll=layers is not None))
    assert r"\tag{A19" in text
    assert "Dummy" not in text
    assert re.search(r"\^\{[^{}]*\}\^", text) is None


def test_an_unknown_language_is_refused():
    with pytest.raises(ModelError, match="choose en or zh"):
        article_document("fr")


def test_a_kink_is_stated():
    text = to_markdown(derivation_document(feedforward(activation="relu", loss="huber")))
    assert "$f'(0) = 0$" in text


@pytest.mark.parametrize(
    ("expression", "stated"),
    [
        (Max(Z, 0), "At $z = 0$ the slope or the value of $f$ jumps; there $f'(0) = 0$"),
        (Abs(2 * Z - 1), r"there $f'(\frac{1}{2}) = 0$"),
        (Abs(Z**2 - 1), "was not looked into"),
    ],
)
def test_kinks_of_an_own_activation_are_stated(expression, stated):
    assert stated in to_markdown(derivation_document(feedforward(None, Lambda(Z, expression))))


def test_no_kink_is_stated_of_a_smooth_activation():
    text = to_markdown(derivation_document(feedforward(None, Lambda(Z, sin(Z)))))
    assert "jumps" not in text


@pytest.mark.parametrize(
    ("loss", "regularizer", "points"),
    [
        ("absolute-error", "l1", ["y_{i} - a_{i}^{(L)}", "w_{ij}^{(l)}"]),
        ("half-squared-error", "elastic-net", ["w_{ij}^{(l)}"]),
        ("absolute-error", "l2", ["y_{i} - a_{i}^{(L)}"]),
        ("huber", "l2", []),
    ],
)
def test_kinks_of_loss_and_regulariser_are_stated(loss, regularizer, points):
    for language, phrase in (("en", "absolute value has a kink"), ("zh", "绝对值函数有折点")):
        text = to_markdown(derivation_document(feedforward(None, "tanh", loss, regularizer), language))
        stated = [line for line in text.splitlines() if phrase in line]
        assert len(stated) == len(points)
        assert all(f"${point} = 0$" in line for point, line in zip(points, stated, strict=True))
        assert all(r"\operatorname{sign}(0) = 0" in line for line in stated)


def test_the_text_of_a_formula_does_not_grow_with_depth():
    def longest(depth):
        model = feedforward((4,) * depth, "sigmoid", "cross-entropy")
        formulas = json.loads(to_json(derivation_document(model)))["formulas"]
        return max(len(step["latex"]) for f in formulas for step in f["steps"])

    assert longest(6) == longest(3)
