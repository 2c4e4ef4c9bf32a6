"""Built-in notations as models, and the derivations in them: nothing unread, every claim proved."""

from pathlib import Path

import pytest

from symfnn.algebra import index
from symfnn.check import oracle
from symfnn.check.checker import Options, check_document
from symfnn.check.claims import Claim
from symfnn.check.verdicts import Verdict
from symfnn.documents.reader import read, read_text
from symfnn.elaboration.claims import model_of
from symfnn.errors import ModelError
from symfnn.notations.loader import NAMES
from symfnn.notations.opening import given, opened, unread

DERIVATIONS = Path(__file__).parents[1] / "derivations"
STATES_NOTHING = {"proved", "definition", "declaration", "assignment"}


@pytest.mark.parametrize("name", NAMES)
def test_every_statement_of_a_notation_is_read(name: str) -> None:
    assert unread(given(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_notations_model_has_values(name: str) -> None:
    """Each defined quantity has a value on a random network: the oracle finds it equal to itself and to no other."""
    model = model_of(opened(given(name), []))
    layer = index.LAYER
    assert model.objective
    for definition in model.definitions:
        if definition.value.has(index.Partial):
            continue
        entry = definition.entry
        ranges = tuple(model.ranges_of(entry).items())
        if definition.layers is not None and layer in entry.free_symbols:
            ranges = tuple((k, definition.layers if k == layer else bounds) for k, bounds in ranges)
        assert isinstance(oracle.refute(Claim(model, entry, entry, ranges), tries=2), oracle.Agreement)
        assert isinstance(oracle.refute(Claim(model, entry, entry + 1, ranges), tries=2), oracle.Difference)


@pytest.mark.parametrize("name", sorted(path.name for path in DERIVATIONS.glob("*.md")))
def test_every_claim_of_a_derivation_is_proved(name: str) -> None:
    report = check_document(read(DERIVATIONS / name), None, Options())
    assert [s.latex for s in report.statements if str(s.verdict) not in STATES_NOTHING] == []
    assert sum(s.verdict is Verdict.PROVED for s in report.statements) >= 10


def _verdicts(text: str) -> list[str]:
    report = check_document(read_text("t", text, "markdown"), None, Options())
    return [f"{s.verdict}{' under an assumption' if s.finding.assumptions else ''}" for s in report.statements]


def test_a_directive_chooses_a_section_from_where_it_stands() -> None:
    quadratic = "$$\\frac{\\partial C}{\\partial a_j^L} = a_j^L - y_j$$\n"
    entropy = "$$\\delta^L = a^L - y$$\n"
    text = "<!-- symfnn: notation nielsen / The quadratic cost -->\n\n" + quadratic + "\n" + entropy
    assert _verdicts(text) == ["proved", "refuted"]
    text += "\n<!-- symfnn: notation nielsen / The cross-entropy cost with sigmoid neurons -->\n\n" + quadratic + "\n"
    assert _verdicts(text + entropy) == ["proved", "refuted", "refuted", "proved"]


def test_a_section_changes_only_the_layers_that_it_states() -> None:
    """A softmax at the output leaves the hidden layers as the base part has them."""
    text = (
        "<!-- symfnn: notation nielsen / Softmax output with the log-likelihood cost -->\n\n"
        "$$\\delta^l = ((w^{l+1})^T \\delta^{l+1}) \\odot \\sigma'(z^l) \\qquad l = 2, \\dots, L-1$$\n\n"
        "$$\\delta^L = \\nabla_a C \\odot \\sigma'(z^L)$$\n"
    )
    assert _verdicts(text) == ["proved", "refuted"]


def test_an_unknown_section_is_named_with_those_that_exist() -> None:
    with pytest.raises(ModelError, match="The quadratic cost"):
        given("nielsen / No such section")


def test_a_loss_is_unfolded_under_the_sum_over_samples() -> None:
    """The logarithms of a sigmoid's value end the proof, not the recursion limit."""
    text = (
        "<!-- symfnn: notation article / The sigmoid network with the cross-entropy loss -->\n\n"
        "$$J - R = -\\frac{1}{m} \\sum_{i=1}^{m} \\sum_{k=1}^{K} (y_k^{(i)} \\ln a_k^{(L)(i)}"
        " + (1 - y_k^{(i)}) \\ln(1 - a_k^{(L)(i)}))$$\n\n"
        "$$J - R = -\\frac{1}{m} \\sum_{i=1}^{m} \\sum_{k=1}^{K} (y_k^{(i)} \\ln a_k^{(L)(i)}"
        " + y_k^{(i)} \\ln(1 - a_k^{(L)(i)}))$$\n"
    )
    assert _verdicts(text) == ["proved", "refuted"]


def test_a_letter_l_that_is_no_layer_is_a_size() -> None:
    """Zhou counts the outputs by l, Goodfellow the layers."""
    text = (
        "<!-- symfnn: notation zhou -->\n\n"
        "$$\\frac{\\partial E}{\\partial b_h} = -\\sum_{j=1}^{l} w_{hj} g_j$$\n\n"
        "$$\\frac{\\partial E}{\\partial b_h} = \\sum_{j=1}^{l} w_{hj} g_j$$\n\n"
        "<!-- symfnn: notation goodfellow -->\n\n"
        "$$\\nabla_{W^{(l)}} J = h^{(l-1)} (\\nabla_{a^{(l)}} J)^\\top$$\n"
    )
    assert _verdicts(text) == ["proved", "refuted", "proved"]
