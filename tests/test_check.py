r"""``symfnn check`` from a document to what its reader sees, with the real judges.

The network is column-wise: $W^l$ is $n_l \times n_{l-1}$, the loss is half the squared error unless a test says else.
"""

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import symfnn
from symfnn.check import judge
from symfnn.check.variants import variants
from symfnn.cli import main

DERIVATIONS = Path(__file__).parents[1] / "derivations"

NETWORK = r"""
- $W^l \in \mathbb{R}^{n_l \times n_{l-1}}$, $b^l \in \mathbb{R}^{n_l}$ for $l = 1, \dots, L$
- $a^l \in \mathbb{R}^{n_l}$ for $l = 0, \dots, L$; $x \in \mathbb{R}^{n_0}$, $y \in \mathbb{R}^{n_L}$
- $a^0 = x$
- $z^l = W^l a^{l-1} + b^l$ for $l = 1, \dots, L$
- $\sigma : \mathbb{R} \to \mathbb{R}$
- $a^l = \sigma(z^l)$ for $l = 1, \dots, L$
- LOSS
- $\delta^l = \frac{\partial C}{\partial z^l}$ for $l = 1, \dots, L$
"""
SQUARED = NETWORK.replace("LOSS", r"$C = \frac12 \|a^L - y\|^2$")
OPEN = NETWORK.replace("LOSS", r"$C = C(a^L, y) \in \mathbb{R}$")
RECURSION = r"\delta^l = ((W^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)"
UNTURNED = RECURSION.replace("(W^{l+1})^T", "W^{l+1}")

NEURON = r"""
- $w \in \mathbb{R}^n$, $x \in \mathbb{R}^n$, $b \in \mathbb{R}$, $t \in \mathbb{R}$
- $y = w^T x + b$
- $E = \frac12 (y - t)^2$
"""


def checked(text, *claims, **options):
    """The finding on each claim, in a document that begins with the text."""
    found = symfnn.check(text + "".join(f"\n\n$${claim}$$\n" for claim in claims), **options).statements
    return found[len(found) - len(claims) :]


def verdicts(text, *claims, **options):
    return [str(statement.verdict) for statement in checked(text, *claims, has_repairs=False, **options)]


def run(*arguments):
    return CliRunner().invoke(main, ["check", *(str(argument) for argument in arguments)])


def places(path):
    """(line, column) of what is refuted or ill-shaped in a file."""
    (document,) = json.loads(run(path, "--format", "json").stdout)["documents"]
    wrong = [s for s in document["statements"] if s["verdict"] in ("refuted", "ill-shaped")]
    return [(s["line"], s["column"]) for s in wrong]


# what is right stands, what is wrong does not

TRUE = [
    r"\delta^L = (a^L - y) \odot \sigma'(z^L)",
    RECURSION,
    r"\frac{\partial C}{\partial W^l} = \delta^l (a^{l-1})^T",
    r"\frac{\partial C}{\partial b^l} = \delta^l",
    r"\frac{\partial C}{\partial W^1} = \delta^1 x^T",
    r"\delta^l_j = \sum_k W^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)",
    r"\frac{\partial C}{\partial y} = y - a^L",
]
FALSE = [
    r"\delta^L = (y - a^L) \odot \sigma'(z^L)",
    r"\delta^L = a^L - y",
    r"\delta^l = (W^{l+1})^T \delta^{l+1}",
    r"\delta^l = ((W^{l+1})^T \delta^{l+1}) \odot \sigma'(z^{l+1})",
    r"\frac{\partial C}{\partial W^l} = a^{l-1} (\delta^l)^T",
    r"\frac{\partial C}{\partial a^L_j} = 2 (a^L_j - y_j)",
    r"\delta^l_j = \sum_k W^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_k)",
    r"\delta^L = 0",
]


def test_formulas_that_follow_are_proved():
    assert verdicts(SQUARED, *TRUE) == ["proved"] * len(TRUE)


def test_formulas_that_do_not_follow_are_refuted_or_ill_shaped():
    assert set(verdicts(SQUARED, *FALSE)) <= {"refuted", "ill-shaped"}


@pytest.mark.parametrize(
    "claim",
    [
        r"\delta^L_j = \frac{\partial C}{\partial a^L_j} \sigma'(a^L_j)",  # as for relu
        r"\delta^L_j = \frac{\partial C}{\partial a^L_j}",  # as for the identity
        r"\delta^L = y - a^L",
        r"\delta^L = a^L + y",
        r"\delta^L = (a^L - y) \odot a^L \odot (1 + a^L)",
    ],
)
def test_what_is_left_open_excuses_no_mistake(claim):
    assert set(verdicts(OPEN, claim)) <= {"refuted", "ill-shaped"}


def test_what_a_claim_assumes_is_said():
    (statement,) = checked(OPEN, r"\delta^L = a^L - y")
    assert statement.verdict == "proved"
    assert statement.finding.assumptions == ("the output activation is sigmoid, the loss is cross-entropy",)


def test_what_is_left_open_can_be_said_outside():
    claim = r"\delta^L = a^L - y"
    (right,) = checked(OPEN, claim, activation="sigmoid", loss="cross-entropy")
    assert (str(right.verdict), right.finding.assumptions) == ("proved", ())
    assert verdicts(OPEN, claim, activation="tanh", loss="half-squared-error") == ["refuted"]
    assert verdicts(SQUARED, claim, loss="cross-entropy") == ["refuted"]
    with pytest.raises(symfnn.ModelError, match="huper"):
        symfnn.check(claim, notation="nielsen", loss="huper")


def test_an_activation_that_is_stated_is_not_assumed_to_be_another():
    known = OPEN.replace(r"$\sigma : \mathbb{R} \to \mathbb{R}$", r"$\sigma(z) = \tanh(z)$")
    assert verdicts(known, r"\delta^L = a^L - y") == ["refuted"]


def test_a_repair_is_no_tautology():
    known = SQUARED.replace(r"$\sigma : \mathbb{R} \to \mathbb{R}$", r"$\sigma(z) = \max(0, z)$")
    (statement,) = checked(known, r"\sigma'(z) = 1")
    assert statement.verdict == "refuted"
    assert statement.finding.repair is None


def test_a_function_is_not_updated():
    assert verdicts(SQUARED, r"\sigma(z^L) = \sigma(z^L) + y", r"a^L = a^L - y") == ["refuted", "assignment"]


# the report


def test_a_transposed_factor_is_shown_with_its_place_and_its_repair():
    text = str(symfnn.check(f"{SQUARED}\n$${UNTURNED}$$\n"))
    line = SQUARED.count("\n") + 2
    assert text.startswith(f"<text>:{line}:15: ill-shaped[transposed-factor]: W^{{l+1}} must be transposed here\n")
    source, carets = text.splitlines()[2:4]
    assert source[carets.index("^") : carets.rindex("^") + 1] == "W^{l+1}"
    assert r"= help: \delta^l = ((W^{l+1})^{\top} \delta^{l+1}) \odot \sigma'(z^l)    (proved)" in text
    assert "= shapes: n_{l+1} × n_{l}, n_{l+1} × 1" in text
    assert "= see: symfnn explain transposed-factor" in text


def test_without_repairs_the_verdicts_are_the_same():
    """Of the wrong statements of a document, each of which has one."""
    suggested = []
    for more in ([], ["--no-repairs"]):
        (document,) = json.loads(run("demo/notes.md", "--format", "json", *more).stdout)["documents"]
        wrong = [one for one in document["statements"] if one["verdict"] in ("refuted", "ill-shaped")]
        assert [one["verdict"] for one in wrong] == ["refuted", "ill-shaped", "ill-shaped", "refuted"]
        suggested.append([one["suggestion"] for one in wrong])
    assert all(suggested[0])
    assert not any(suggested[1])


def test_a_counterexample_can_be_followed_by_hand():
    (statement,) = checked(NEURON, r"\frac{\partial E}{\partial w_i} = (t - y) x_i")
    numbers = statement.finding.counterexample
    assert all(width <= 3 for width in numbers.widths)
    assert numbers.left == -numbers.right != 0


def test_a_chain_has_a_verdict_for_each_link():
    good, bad = r"\frac{\partial E}{\partial y} x", r"(t - y) x"
    (statement,) = checked(NEURON, rf"\frac{{\partial E}}{{\partial w}} = {good} = {bad} = -(y - t) x")
    assert [str(link.finding.verdict) for link in statement.links] == ["proved", "refuted", "proved"]
    assert statement.verdict == "refuted"


def test_repairs_stand():
    for claim in (r"\frac{\partial E}{\partial w} = (t - y) x", r"\frac{\partial E}{\partial w} = 2 (y - t) x"):
        (statement,) = checked(NEURON, claim)
        assert verdicts(NEURON, statement.finding.repair.latex) == ["proved"]


def test_json_is_as_designed():
    result = run("--formula", r"\delta^L = y - a^L", "--notation", "nielsen", "--format", "json")
    content = json.loads(result.stdout)
    assert content["version"] == 1
    (statement,) = content["documents"][0]["statements"]
    assert statement["latex"] == r"\delta^L = y - a^L"
    assert (statement["kind"], statement["verdict"], statement["line"]) == ("claim", "refuted", 1)
    assert {"suggestion", "assumptions", "counterexample", "links", "code", "message", "label"} <= statement.keys()
    assert set(statement["counterexample"]) == {"widths", "layer", "entry", "left", "right"}
    assert content["summary"] == {"refuted": 1}


def test_a_result_shows_itself_in_a_notebook():
    shown = symfnn.check(NEURON + "\n$$\\frac{\\partial E}{\\partial w} = (t - y) x$$\n")._repr_html_()
    assert "refuted" in shown
    assert "<script" not in shown


# exit codes


@pytest.mark.parametrize(
    ("claim", "options", "code"),
    [
        (r"$\frac{\partial E}{\partial w} = (y - t) x$", ["--strict"], 0),
        (r"$\frac{\partial E}{\partial w} = (t - y) x$", [], 1),
        (r"$\frac{\partial E}{\partial w} = q$", [], 0),
        (r"$\frac{\partial E}{\partial w} = q$", ["--strict"], 3),
        ("<!-- symfnn: expect refuted -->\n$$\\frac{\\partial E}{\\partial w} = (t - y) x$$", ["--strict"], 0),
        ("<!-- symfnn: expect refuted -->\n$$\\frac{\\partial E}{\\partial w} = (y - t) x$$", [], 1),
    ],
)
def test_exit_codes(tmp_path, claim, options, code):
    path = tmp_path / "notes.md"
    path.write_text(f"{NEURON}\n\n{claim}\n", encoding="utf-8")
    result = run(path, *options)
    assert result.exit_code == code, result.output


def test_a_notation_that_does_not_exist_is_exit_code_two():
    result = run("--formula", "a = b", "--notation", "nilsen")
    assert result.exit_code == 2
    assert "nilsen" in result.stderr


def test_a_document_without_formulas_has_no_statements(tmp_path):
    path = tmp_path / "empty.md"
    path.write_text("Nothing here, not even \\$5.\n", encoding="utf-8")
    assert run(path).exit_code == 0
    assert symfnn.check(path).statements == ()


def test_no_time_is_undecided():
    (found,) = verdicts(SQUARED, RECURSION, timeout=1e-9)
    assert found in ("undecided", "definition")  # where the definition of the error was not read in time, this is one


# places: one character changed at a known place

TEX = r"""\documentclass{article}
\begin{document}
\section{Notes}
Let $w \in \mathbb{R}^n$, $x \in \mathbb{R}^n$, $b \in \mathbb{R}$ and $t \in \mathbb{R}$. % as ever
\begin{align}
  y &= w^T x + b \\
  E &= \tfrac12 (y - t)^2
\end{align}
Then, with the chain rule,
\begin{align*}
  \frac{\partial E}{\partial b} &= y - t, \\
  \frac{\partial E}{\partial w} &= (y - t)\, x.
\end{align*}
\end{document}
"""
MARKDOWN = (
    NEURON
    + r"""
Text, 文字, and $\frac{\partial E}{\partial b} = y - t$ inline.

> quoted: $\frac{\partial E}{\partial w} = (y - t) x$

$$
\frac{\partial E}{\partial x} = (y - t) w
$$
"""
)


@pytest.mark.parametrize(
    ("suffix", "text", "start", "change"),
    [
        ("tex", TEX, "\n  ", (r"\partial b} &= y - t", r"\partial b} &= y + t")),
        ("tex", TEX, "\n  ", (r"\partial w} &= (y - t)", r"\partial w} &= (t - t)")),
        ("md", MARKDOWN, "文字, and $", (r"\partial b} = y - t", r"\partial b} = y + t")),
        ("md", MARKDOWN, "> quoted: $", (r"(y - t) x", r"(y + t) x")),
        ("md", MARKDOWN, "$$\n", (r"(y - t) w", r"(y - t) x")),
    ],
)
def test_one_changed_character_is_found_where_it_stands(tmp_path, suffix, text, start, change):
    path = tmp_path / f"notes.{suffix}"
    path.write_text(text, encoding="utf-8")
    assert places(path) == []
    assert text.count(change[0]) == 1
    path.write_text(text.replace(*change), encoding="utf-8")
    head = text[: text.rindex(start, 0, text.index(change[0])) + len(start)]
    assert places(path) == [(head.count("\n") + 1, len(head) - head.rfind("\n"))]


def test_places_in_a_notebook_are_those_of_its_cells(tmp_path):
    claim = "Then $\\frac{\\partial E}{\\partial w} = (t - y) x$."
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": [line + "\n" for line in NEURON.splitlines()]},
        {"cell_type": "code", "metadata": {}, "source": ["x = '$E = 1$'"], "outputs": [], "execution_count": None},
        {"cell_type": "markdown", "metadata": {}, "source": ["## So\n", "\n", claim]},
    ]
    path = tmp_path / "notes.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    (document,) = json.loads(run(path, "--format", "json").stdout)["documents"]
    (wrong,) = [s for s in document["statements"] if s["verdict"] == "refuted"]
    assert wrong["cell"] == {"cell": 3, "line": 3, "column": 7}
    assert "= cell: 3, line 3, column 7\n" in run(path).stdout


# definitions


def test_a_heading_opens_a_scope_for_a_loss():
    text = SQUARED + "\n## Without the half\n\n$$C = \\|a^L - y\\|^2$$\n"
    found = checked(text, r"\delta^L = 2 (a^L - y) \odot \sigma'(z^L)", r"\delta^L = (a^L - y) \odot \sigma'(z^L)")
    assert [str(statement.verdict) for statement in found] == ["proved", "refuted"]


def test_a_heading_excuses_no_wrong_formula_for_all_layers():
    text = SQUARED + "\n## The same again\n"
    assert verdicts(text, r"a^l = \sigma(z^l + b^l)") == ["undecided"]


def test_a_second_definition_is_a_conflict_and_what_rests_on_it_says_so():
    twice, claim = checked(
        SQUARED, r"C = \sum_j (a^L_j - y_j)^2", r"\frac{\partial C}{\partial a^L_j} = 2 (a^L_j - y_j)"
    )
    assert (str(twice.verdict), twice.finding.code) == ("definition", "conflict")
    (assumption,) = claim.finding.assumptions
    assert assumption.startswith("of the definitions of C the one on line ")


def test_a_formula_is_no_definition_of_a_derivative_in_another_layer():
    text = SQUARED.replace(r"\partial z^l}$ for $l = 1, \dots, L$", r"\partial z^l}$ for $l = 1, \dots, L-1$")
    assert text != SQUARED
    assert verdicts(text, r"\delta^L = (y - a^L) \odot \sigma'(z^L)") == ["undecided"]


def test_an_error_may_be_called_e():
    text = "- $x \\in \\mathbb{R}$\n- $e = x - 1$\n- $g = e^2$\n"
    assert verdicts(text, r"\frac{\partial g}{\partial x} = 2e", r"\frac{\partial g}{\partial x} = 2x") == [
        "proved",
        "refuted",
    ]


def test_a_repeat_is_no_proof():
    (statement,) = checked(SQUARED, r"z^l = W^l a^{l-1} + b^l")
    assert (str(statement.verdict), statement.finding.message) == ("definition", "this repeats a definition")


def test_derivatives_of_nothing_are_not_decided():
    assert verdicts(NEURON + "\n- $q \\in \\mathbb{R}$\n", r"\frac{\partial E}{\partial q} = 0") == ["undecided"]


def test_a_derivative_that_nothing_connects_refutes_nothing():
    text = """
- $z^l \\in \\mathbb{R}^{n_l}$, $W^l \\in \\mathbb{R}^{n_l \\times n_{l-1}}$ for $l = 1, \\dots, L$
- $a^l = \\tanh(z^l)$ for $l = 1, \\dots, L$
- $J = J(a^L) \\in \\mathbb{R}$
- $\\delta^l = \\frac{\\partial J}{\\partial z^l}$ for $l = 1, \\dots, L$
"""
    assert verdicts(text, r"\delta^l = (W^{l+1})^T \delta^{l+1} \odot (1 - a^l \odot a^l)") == ["undecided"]


def test_a_loss_of_other_data_is_not_the_loss():
    text = NEURON.replace("E =", "E(w; x, t) =") + "- $m \\in \\mathbb{N}$\n"
    claim = r"\frac{\partial E}{\partial b} = \frac1m \sum_{k=1}^m \frac{\partial}{\partial b} E(w; x^{(k)}, t^{(k)})"
    assert verdicts(text, claim, claim.replace("m}", "m} 2")) == ["undecided", "undecided"]


@pytest.mark.parametrize("name", ["nielsen", "ng", "goodfellow", "coursera", "ufldl", "rows", "bishop", "zhou"])
def test_nothing_in_a_known_derivation_is_refuted(name):
    assert not symfnn.check(DERIVATIONS / f"{name}.md", timeout=3.0).is_wrong


def test_nothing_is_refuted_before_all_that_may_save_it_is_tried(monkeypatch):
    def slowly(claim):
        time.sleep(0.6)
        yield from variants(claim)

    claim = r"\delta^L = a^L - y"
    assert symfnn.check(claim, notation="nielsen").statements[-1].verdict == "proved"
    monkeypatch.setattr(judge, "variants", slowly)
    assert symfnn.check(claim, notation="nielsen", timeout=0.5).statements[-1].finding.code == "timeout"


@pytest.mark.parametrize(
    ("notation", "claim", "name"),
    [
        ("nielsen", r"2 z^l = w^l a^{l-1} + b^l", "w^2 = "),
        ("ng", r"2 Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}", "W^{[1]} = "),
    ],
)
def test_a_counterexample_names_arrays_as_the_document_does(notation, claim, name):
    (statement,) = symfnn.check(f"$${claim}$$", notation=notation).statements
    assert any(words.startswith(name) for words in statement.finding.counterexample.given)


def test_a_side_of_a_chain_is_repaired_by_what_the_chain_begins_with():
    chain = r"\frac{\partial C}{\partial z^l} \frac{\partial z^l}{\partial w^l} = \delta^L (a^{L-1})^T"
    claim = rf"\frac{{\partial C}}{{\partial w^l}} = {chain}"
    (statement,) = symfnn.check(f"$${claim}$$", notation="nielsen").statements
    assert statement.finding.code == "shifted-layer"
    assert statement.finding.repair.latex.endswith(r"= \delta^l (a^{l-1})^T")


def test_neurons_by_number_are_proved_where_an_activation_lies_between():
    """The sum in z stands two definitions away from a_1."""
    shapes = r"$W \in \mathbb{R}^{m \times n}$, $x \in \mathbb{R}^n$, $f : \mathbb{R} \to \mathbb{R}$."
    right, wrong = r"$$a_1 = f(W_{11} x_1 + W_{12} x_2)$$", r"$$a_1 = f(W_{11} x_1 + W_{21} x_2)$$"
    verdicts = [str(one.verdict) for one in symfnn.check(f"{shapes} $z = W x$, $a = f(z)$. {right} {wrong}").statements]
    assert verdicts[-2] == "proved"
    assert verdicts[-1] not in ("proved", "tested")


def test_networks_of_one_neuron_that_alone_fit_are_no_test():
    """x has I entries here and s_0 there: most networks have no such entries, and any softmax of one number is 1."""
    text = r"""
    - $W^n \in \mathbb{R}^{s_n \times s_{n-1}}$, $z^n \in \mathbb{R}^{s_n}$ for $n = 1, \dots, N$
    - $h^n \in \mathbb{R}^{s_n}$ for $n = 0, \dots, N$. $h^0 = x$ and $z^n = W^n h^{n-1}$ for $n = 1, \dots, N$
    - $h^n = \tanh(z^n)$ for $n = 1, \dots, N-1$
    - $h_k^N = \frac{\exp(z_k^N)}{\sum_{j=1}^{K} \exp(z_j^N)}$ for $k = 1, \dots, K$ with $K = s_N$
    - $V \in \mathbb{R}^{K \times I}$, $x \in \mathbb{R}^I$, $u = V x$
    - $q_k = \frac{\exp(u_k)}{\sum_{j=1}^{K} \exp(u_j)}$ for $k = 1, \dots, K$

    $$q_k = h_k^N$$
    """
    found = symfnn.check("\n".join(line[4:] for line in text.splitlines())).statements[-1]
    assert str(found.verdict) not in ("proved", "tested")


IDENTITIES = r"""$x \in \mathbb{R}^n$, $b \in \mathbb{R}^n$, $W \in \mathbb{R}^{m \times n}$, $c \in \mathbb{R}^m$,
$f : \mathbb{R} \to \mathbb{R}$. $z = x + b$, $a = f(z)$, $u = W a + c$. """


@pytest.mark.parametrize(
    ("claim", "verdicts"),
    [
        (r"\frac{\partial z}{\partial x} = I", {"proved"}),
        (r"\frac{\partial z}{\partial b} = \mathbf{I}_n", {"proved"}),
        (r"\frac{\partial u}{\partial c} = I_{m \times m}", {"proved"}),
        (
            r"\frac{\partial u}{\partial x} = \frac{\partial u}{\partial a} \frac{\partial a}{\partial z} = I",
            {"undecided"},
        ),
        (r"\frac{\partial u}{\partial c} = I_n", {"definition", "undecided"}),
        (r"\frac{\partial a}{\partial z} = I", {"undecided", "refuted"}),
        (r"\frac{\partial u}{\partial a} = I", {"undecided", "ill-shaped"}),
        (r"W^\top W = I", {"undecided"}),
        (r"I = 3$$ $$\frac{\partial z}{\partial x} = I", {"undecided", "refuted"}),
    ],
)
def test_an_identity_matrix_is_known_by_its_name(claim, verdicts):
    assert str(symfnn.check(f"{IDENTITIES}\n\n$${claim}$$").statements[-1].verdict) in verdicts
