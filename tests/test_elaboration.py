r"""What formulas mean: names, shapes, products, transposes and ranges, seen through the verdicts on small documents."""

import pytest

import symfnn
from symfnn.elaboration.names import TRANSPOSES

ARRAYS = r"""
- $A \in \mathbb{R}^{m \times n}$, $B \in \mathbb{R}^{n \times k}$, $G \in \mathbb{R}^{m \times n}$
- $u \in \mathbb{R}^m$, $v \in \mathbb{R}^n$, $w \in \mathbb{R}^n$, $r \in \mathbb{R}^{1 \times n}$, $c \in \mathbb{R}$
- $f : \mathbb{R} \to \mathbb{R}$
"""
DEEP = r"""
- $W^{(l)} \in \mathbb{R}^{n_l \times n_{l-1}}$ for $l = 1, \dots, L$
- $a^{(l)} \in \mathbb{R}^{n_l}$ for $l = 0, \dots, L$
- $f : \mathbb{R} \to \mathbb{R}$
- $a^{(l)} = f(W^{(l)} a^{(l-1)})$ for $l = 1, \dots, L$
- $J = J(a^{(L)}) \in \mathbb{R}$
"""


def statement(text, formula):
    return symfnn.check(f"{text}\n\n$${formula}$$\n").statements[-1]


def verdict(text, formula):
    return str(statement(text, formula).verdict)


@pytest.mark.parametrize("sign", [r"\odot", r"\circ", r"\bullet", ".*", "⊙", "∘", "*", r"\cdot", r"\times", r"\otimes"])
def test_every_elementwise_sign_multiplies_entry_by_entry(sign):
    assert verdict(ARRAYS, rf"(A {sign} G)_{{ij}} = A_{{ij}} G_{{ij}}") == "proved"
    assert verdict(ARRAYS, rf"(A {sign} G)_{{ij}} = A_{{ij}} G_{{ji}}") not in ("proved", "tested")


@pytest.mark.parametrize("sign", ["", r"\cdot", r"\times", "*"])
def test_a_sign_that_says_nothing_is_read_by_the_shapes(sign):
    assert verdict(ARRAYS, rf"(A {sign} B)_{{ij}} = \sum_k A_{{ik}} B_{{kj}}") == "proved"
    assert verdict(ARRAYS, rf"(A {sign} v)_i = \sum_j A_{{ij}} v_j") == "proved"
    assert verdict(ARRAYS, rf"(c {sign} v)_i = c v_i") == "proved"


@pytest.mark.parametrize(
    ("product", "entry"),
    [
        (r"(A v \odot u)_i", r"\sum_j A_{ij} v_j u_i"),
        (r"(u \odot A v)_i", r"\sum_j A_{ij} v_j u_i"),
        (r"(u v^T)_{ij}", r"u_i v_j"),
        (r"(u \otimes v^T)_{ij}", r"u_i v_j"),
        (r"(u \odot A v v^T)_{ij}", r"\sum_k A_{ik} v_k u_i v_j"),
        (r"v^T w", r"\sum_j v_j w_j"),
        (r"v \cdot w", r"\sum_j v_j w_j"),
        (r"u^T A v", r"\sum_i \sum_j u_i A_{ij} v_j"),
        (r"(r A^T)_i", r"\sum_j r_j A_{ij}"),
        (r"((1 - v) \odot v)_i", r"v_i - v_i^2"),
        (r"(f(A v))_i", r"f(\sum_j A_{ij} v_j)"),
        (r"\|v\|^2", r"\sum_j v_j^2"),
        (r"(\mathrm{diag}(u) A)_{ij}", r"u_i A_{ij}"),
    ],
)
def test_products_bind_as_the_shapes_allow(product, entry):
    assert verdict(ARRAYS, f"{product} = {entry}") == "proved"


@pytest.mark.parametrize("product", ["A G", "A A", "B A v", "u v", r"A \odot B", "v A", r"v \odot u", "A u"])
def test_what_no_bracketing_fits_has_no_value(product):
    found = statement(ARRAYS, f"c = {product}")
    assert found.finding.code in ("ill-shaped", "ambiguous-product", "transposed-factor")
    assert str(found.verdict) in ("ill-shaped", "undecided")


def test_two_columns_side_by_side_are_not_guessed_at():
    found = statement(ARRAYS, "v w = c v")
    assert (str(found.verdict), found.finding.code) == ("undecided", "ambiguous-product")


@pytest.mark.parametrize("transpose", [*sorted(TRANSPOSES - {"t"}), r"{\top}", r"\mathsf{T}", r"\text{T}"])
def test_every_spelling_of_a_transpose(transpose):
    assert verdict(ARRAYS, rf"(A^{{{transpose}}} u)_j = \sum_i A_{{ij}} u_i") == "proved"
    assert verdict(ARRAYS, rf"(A^{{{transpose}}} v)_j = \sum_i A_{{ij}} u_i") not in ("proved", "tested")


@pytest.mark.parametrize(
    "turned", ["W^{(l+1)T} a^{(l+1)}", r"W^{(l+1)\top} a^{(l+1)}", "(W^{(l+1)})^T a^{(l+1)}", "{W^{(l+1)}}^T a^{(l+1)}"]
)
def test_a_transpose_beside_a_layer(turned):
    assert verdict(DEEP, rf"({turned})_j = \sum_k W_{{kj}}^{{(l+1)}} a_k^{{(l+1)}}") == "proved"


def test_a_quantity_called_t_is_no_transpose():
    text = ARRAYS + "- $T \\in \\mathbb{R}^n$\n- $E = \\frac12 \\|v - T\\|^2$\n"
    assert verdict(text, r"\frac{\partial E}{\partial v} = v - T") == "proved"
    assert verdict(text, r"\frac{\partial E}{\partial T} = T - v") == "proved"


# layers and ranges


@pytest.mark.parametrize(
    ("layer", "other"),
    [
        ("{l}", "{l-1}"),
        ("{(l)}", "{(l-1)}"),
        ("{[l]}", "{[l-1]}"),
    ],
)
@pytest.mark.parametrize("place", ["^", "_"])
def test_layers_in_every_bracket_above_and_below(layer, other, place):
    w, a, before = (name + place + script for name, script in (("W", layer), ("a", layer), ("a", other)))
    text = rf"""
- ${w} \in \mathbb{{R}}^{{n_l \times n_{{l-1}}}}$ for $l = 1, \dots, L$
- ${a} \in \mathbb{{R}}^{{n_l}}$ for $l = 0, \dots, L$
- ${a} = \tanh({w} {before})$ for $l = 1, \dots, L$
- $J = \frac12 \|a{place}{layer.replace("l", "L")}\|^2$
"""
    assert (
        verdict(
            text,
            rf"\frac{{\partial J}}{{\partial a{place}{layer.replace('l', 'L')}}} = a{place}{layer.replace('l', 'L')}",
        )
        == "proved"
    )
    assert verdict(text, rf"\frac{{\partial J}}{{\partial {w}}} = 0") == "refuted"


def test_a_range_on_the_same_line_is_that_of_its_formula():
    above = r"(\frac{\partial J}{\partial a^{(l+1)}} \odot f'(W^{(l+1)} a^{(l)}))"
    recursion = rf"\frac{{\partial J}}{{\partial a^{{(l)}}}} = W^{{(l+1)T}} {above}"
    assert verdict(DEEP, rf"{recursion}, \quad l = 0, \dots, L-1") == "proved"
    assert verdict(DEEP, recursion) == "proved"


def test_a_number_above_is_a_layer_where_letters_are():
    text = DEEP.replace("(l)", "l").replace("(l-1)", "l-1").replace("(L)", "L")
    assert statement(text, r"a^2 = f(W^2 a^1)").finding.message == "this says in another form what is defined"
    assert verdict(text, r"a^2 = f(W^1 a^1)") == "ill-shaped"
    assert verdict(ARRAYS, r"v^2 = v \odot v") == "proved"


def test_a_layer_that_does_not_exist_is_not_decided():
    assert verdict(DEEP, r"a^{(L+1)} = f(W^{(L+1)} a^{(L)})") == "undecided"


# names


def test_a_small_letter_with_two_indices_is_an_entry_of_the_matrix():
    assert verdict(ARRAYS, r"(A v)_i = \sum_j a_{ij} v_j") == "proved"
    assert verdict(ARRAYS, r"(A v)_i = \sum_j a_{ji} v_j") not in ("proved", "tested")


def test_an_alias_says_how_entries_are_found():
    text = ARRAYS + "- $h_{ij} = A_{ji}$\n"
    assert verdict(text, r"(A v)_i = \sum_j h_{ji} v_j") == "proved"
    assert verdict(text, r"(A v)_i = \sum_j h_{ij} v_j") not in ("proved", "tested")


def test_a_letter_without_meaning_is_named():
    found = statement(ARRAYS, "A v = q")
    assert (str(found.verdict), found.finding.code) == ("undecided", "unknown-symbol")
    assert "q" in found.finding.message


def test_a_bound_letter_is_not_the_free_one():
    text = ARRAYS + "- $E = \\frac12 \\sum_i v_i^2$\n"
    assert verdict(text, r"\frac{\partial E}{\partial v_i} = v_i") == "proved"
    assert verdict(text, r"\frac{\partial E}{\partial v_i} = \sum_i v_i") == "refuted"


def test_two_functions_of_which_nothing_is_known_differ():
    text = ARRAYS + "- $g : \\mathbb{R} \\to \\mathbb{R}$\n"
    assert verdict(text, r"f'(v) = g'(v)") == "undecided"  # one may be said by the other
    assert verdict(text + "- $E = \\sum_i f(v_i)$\n", r"\frac{\partial E}{\partial v_i} = g'(v_i)") == "refuted"


def test_samples_are_counted_by_their_own_letter():
    text = r"""
- $x^{(i)} \in \mathbb{R}$, $t^{(i)} \in \mathbb{R}$ for $i = 1, \dots, m$; $q \in \mathbb{R}$, $m \in \mathbb{N}$
- $y^{(i)} = q x^{(i)}$ for $i = 1, \dots, m$
- $J = \frac{1}{2m} \sum_{i=1}^m (y^{(i)} - t^{(i)})^2$
"""
    assert (
        verdict(text, r"\frac{\partial J}{\partial q} = \frac1m \sum_{i=1}^m (y^{(i)} - t^{(i)}) x^{(i)}") == "proved"
    )
    assert verdict(text, r"\frac{\partial J}{\partial q} = \sum_{i=1}^m (y^{(i)} - t^{(i)}) x^{(i)}") == "refuted"


def test_a_bias_is_added_to_every_sample():
    text = r"""
- $X \in \mathbb{R}^{n \times m}$, $W \in \mathbb{R}^{k \times n}$, $b \in \mathbb{R}^k$, $m \in \mathbb{N}$
- $Z = W X + b$
- $J = \frac12 \sum_i \sum_j Z_{ij}^2$
"""
    assert verdict(text, r"\frac{\partial J}{\partial b_i} = \sum_{j=1}^m Z_{ij}") == "proved"
    assert verdict(text, r"\frac{\partial J}{\partial b} = Z") == "ill-shaped"


# what is not stated


def test_a_power_is_no_new_quantity():
    assert verdict(ARRAYS, r"v^2 = v \odot w") == "refuted"


def test_shapes_that_are_not_stated_are_found_and_are_no_reason_to_refute():
    text = "$$z = W x + b$$\n\n$$y = \\tanh(z)$$\n\n$$E = \\frac12 \\|y - t\\|^2$$\n"
    assert verdict(text, r"\frac{\partial E}{\partial z} = (y - t) \odot (1 - y^2)") == "proved"
    assert verdict(text, r"\frac{\partial E}{\partial W} = x ((y - t) \odot (1 - y^2))^T") == "undecided"
    assert verdict(text, r"\frac{\partial E}{\partial z} = (y - t) \odot (1 - y)") == "refuted"  # whatever the shapes


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        (r"v \in \mathbb{R}^n", "declaration"),
        (r"i = 1, \dots, n", "declaration"),
        (r"g : \mathbb{R} \to \mathbb{R}", "declaration"),
        (r"s = A v", "definition"),
        (r"A \leftarrow A - c G", "assignment"),
        (r"A := A - c G", "assignment"),
        (r"A = A - c G", "assignment"),
        (r"(A v)_i = c", "claim"),
    ],
)
def test_kinds_of_statements(formula, kind):
    assert statement(ARRAYS, formula).kind == kind


def test_the_letter_at_which_the_layers_end_is_no_layer():
    text = DEEP.replace("n_l", "n_k").replace("(l", "(k").replace("{l-1}", "{k-1}").replace("$l =", "$k =")
    text = text.replace("L", "l") + "- $q \\in \\mathbb{R}^{n_{l-1}}$, $q = a^{(l-1)}$\n"
    above = r"(\frac{\partial J}{\partial a^{(k+1)}} \odot f'(W^{(k+1)} a^{(k)}))"
    assert verdict(text, rf"\frac{{\partial J}}{{\partial a^{{(k)}}}} = W^{{(k+1)T}} {above}") == "proved"


def test_the_d_of_a_differential_is_no_number():
    text = "$$Z = W X$$\n\n$$dZ = A - Y$$\n"
    assert verdict(text, "dZ = d Y") != "refuted"


def test_an_equation_of_functions_alone_is_about_any_number() -> None:
    given = "$z^{(l)} \\in \\mathbb{R}^{s_l}$ for $l = 2, \\dots, L$, $g(z) = \\frac{1}{1 + e^{-z}}$"
    for factor, wanted in ((r"1 - g(z)", "proved"), (r"1 + g(z)", "refuted")):
        claim = rf"$$g'(z) = \frac{{d}}{{dz}} g(z) = g(z) ({factor})$$"
        report = symfnn.check(f"{given}\n\n{claim}", notation="none")
        assert str(report.statements[-1].verdict) == wanted
