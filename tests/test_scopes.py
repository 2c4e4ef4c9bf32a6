"""Names and definitions across a document: used before they are defined, supposed, defined anew, or only an example."""

import pytest
from judging import judged

from symfnn.check.verdicts import Checked


def checked(*formulas: str) -> list[Checked]:
    """The statements of a Markdown document with these formulas, one on each line."""
    text = "\n\n".join(f"$${formula}$$" for formula in formulas)
    return list(judged(text, timeout=5))


def verdicts(*formulas: str) -> list[str]:
    """Their verdicts."""
    return [str(one.finding.verdict) for one in checked(*formulas)]


FORWARD = (r"z^l = W^l a^{l-1} + b^l", r"a^l = \sigma(z^l)")


def test_a_network_without_any_stated_shape_is_understood() -> None:
    found = verdicts(
        *FORWARD,
        r"C = \frac{1}{2} \|a^L - y\|^2",
        r"\delta^l = \frac{\partial C}{\partial z^l}",
        r"\delta^L = (a^L - y) \odot \sigma'(z^L)",
        r"\delta^l = ((W^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)",
        r"\frac{\partial C}{\partial W^l} = \delta^l (a^{l-1})^T",
    )
    assert found == ["definition"] * 4 + ["proved"] * 3


def test_its_mistakes_are_not_accepted() -> None:
    found = verdicts(
        *FORWARD,
        r"C = \frac{1}{2} \|a^L - y\|^2",
        r"\delta^l = \frac{\partial C}{\partial z^l}",
        r"\delta^l = (W^{l+1} \delta^{l+1}) \odot \sigma'(z^l)",
        r"\delta^L = (a^L - y) \odot \sigma(z^L)",
    )
    assert not {"proved", "tested", "definition"} & set(found[4:])


@pytest.mark.parametrize(
    ("state", "gradient"),
    [
        (r"z = W x + b", r"\frac{\partial C}{\partial W} = \frac{\partial C}{\partial z} x^T"),
        (r"z = x W + b", r"\frac{\partial C}{\partial W} = x^T \frac{\partial C}{\partial z}"),
    ],
)
def test_sizes_that_nothing_states_follow_from_the_definitions(state: str, gradient: str) -> None:
    found = verdicts(state, r"h = \sigma(z)", r"C = C(h)", gradient)
    assert found == ["definition"] * 3 + ["proved"]


def test_a_product_that_fits_in_the_other_layout_only_is_not_accepted() -> None:
    found = verdicts(r"z = W x + b", r"C = C(z)", r"\frac{\partial C}{\partial W} = x^T \frac{\partial C}{\partial z}")
    assert found[2] in ("undecided", "ill-shaped", "refuted")


def test_a_claim_may_stand_before_the_definitions_that_it_needs() -> None:
    claim = r"\frac{\partial C}{\partial z^l} = ((W^{l+1})^T \frac{\partial C}{\partial z^{l+1}}) \odot \sigma'(z^l)"
    assert verdicts(claim, *FORWARD, r"C = C(a^L)")[0] == "proved"


def test_a_false_claim_does_not_become_true_by_waiting() -> None:
    claim = r"\frac{\partial C}{\partial z^l} = ((W^{l+1})^T \frac{\partial C}{\partial z^{l+1}}) \odot \sigma(z^l)"
    assert verdicts(claim, *FORWARD, r"C = C(a^L)")[0] not in ("proved", "tested", "definition")


def test_an_activation_is_a_function_though_nothing_declares_it() -> None:
    (_, _, last) = checked(*FORWARD, r"\frac{\partial a_j^l}{\partial z_j^l} = \sigma'(z_j^l)")
    assert str(last.finding.verdict) == "proved"


def test_a_state_that_is_named_late_stands_between_the_activations() -> None:
    found = verdicts(
        r"a_j^l = \sigma\left(\sum_k w_{jk}^l a_k^{l-1} + b_j^l\right)",
        r"z^l = w^l a^{l-1} + b^l",
        r"a^l = \sigma(z^l)",
        r"\frac{\partial z_k^{l+1}}{\partial z_j^l} = w_{kj}^{l+1} \sigma'(z_j^l)",
    )
    assert found == ["definition", "definition", "proved", "proved"]


def test_layers_of_an_example_come_to_be_those_of_the_general_rule() -> None:
    found = verdicts(
        r"z^{(2)} = W^{(1)} x + b^{(1)}",
        r"a^{(2)} = f(z^{(2)})",
        r"z^{(l+1)} = W^{(l)} a^{(l)} + b^{(l)}",
        r"a^{(l+1)} = f(z^{(l+1)})",
        r"\frac{\partial z_i^{(l+1)}}{\partial a_j^{(l)}} = W_{ij}^{(l)}",
    )
    assert found[-1] == "proved"


def test_an_entry_by_number_defines_no_array() -> None:
    shapes = (r"W \in \mathbb{R}^{n \times m}", r"x \in \mathbb{R}^{m}", r"y \in \mathbb{R}^{n}")
    found = checked(*shapes, r"y_1 = W_{11} x_1 + W_{12} x_2")
    assert str(found[-1].finding.verdict) == "undecided"


def test_an_example_of_some_widths_is_no_refutation() -> None:
    found = checked(
        r"W \in \mathbb{R}^{n \times m}",
        r"x \in \mathbb{R}^{m}",
        r"y = W x",
        r"y_1 = W_{11} x_1 + W_{12} x_2",
        r"y_i = \sum_{j=1}^m W_{ij} x_j",
    )
    assert [str(one.finding.verdict) for one in found[3:]] == ["proved", "proved"]
    assert found[3].finding.assumptions == ("m = 2",)


def test_lists_of_arguments_of_unlike_length_tell_quantities_apart() -> None:
    found = verdicts(
        r"W \in \mathbb{R}^{n \times m}",
        r"x \in \mathbb{R}^{m}, y \in \mathbb{R}^{n}, \lambda \in \mathbb{R}",
        r"J(W; x, y) = \frac{1}{2} \|W x - y\|^2",
        r"J(W, y) = J(W; x, y) + \frac{\lambda}{2} \|W\|^2",
        r"\nabla_W J(W; x, y) = (W x - y) x^T",
        r"\nabla_W J(W, y) = (W x - y) x^T",
    )
    assert found[-2:] == ["proved", "refuted"]


def test_a_conflict_says_where_the_first_definition_stands() -> None:
    found = checked(r"x \in \mathbb{R}^{m}", r"E = \sum_i x_i^2", r"E = \sum_i x_i^3")
    assert found[-1].finding.code == "conflict"
    assert "line 3" in found[-1].finding.message


def test_a_letter_with_several_meanings_is_ill_shaped_where_none_fits() -> None:
    found = verdicts(
        r"W \in \mathbb{R}^{n \times m}",
        r"W_2 \in \mathbb{R}^{k \times n}",
        r"x \in \mathbb{R}^{m}",
        r"u = W x",
        r"\frac{\partial u_i}{\partial x_j} = W_{ij}",
        r"u = W^T x",
    )
    assert found[-1] == "ill-shaped"


def test_a_function_of_one_layer_is_not_applied_to_anothers_states() -> None:
    shapes = (r"z^{[l]} \in \mathbb{R}^{n_l}", r"a^{[l]} \in \mathbb{R}^{n_l}", r"g : \mathbb{R} \to \mathbb{R}")
    found = verdicts(*shapes, r"a^{[l]} = g^{[l]}(z^{[l]})", r"a^{[l]} = g^{[l+1]}(z^{[l]})")
    assert found[-2] == "definition"
    assert found[-1] == "undecided"


def test_a_chain_of_names_defines_each_of_them() -> None:
    found = verdicts(
        r"\text{Error} = E = \frac{1}{2} \sum_{i=1}^m (x_i - t_i)^2",
        r"\frac{\partial E}{\partial x_i} = x_i - t_i",
        r"= F = \frac{1}{2} \sum_{i=1}^m (u_i - v_i)^2",
        r"\frac{\partial F}{\partial u_i} = u_i - v_i",
    )
    assert found == ["definition", "proved"] * 2


def test_a_name_on_the_right_alone_is_defined_there() -> None:
    found = verdicts(
        *FORWARD,
        r"C = \frac{1}{2} \|a^L - y\|^2",
        r"\frac{\partial C}{\partial z^L} = \delta^L",
        r"\frac{\partial C}{\partial b^L} = \delta^L",
    )
    assert found == ["definition"] * 4 + ["proved"]
    alone = verdicts(*FORWARD, r"\frac{\partial C}{\partial z^L} = q")
    assert alone[-1] == "undecided"


@pytest.mark.parametrize(
    "formula",
    [
        r"(s \odot t)_j = s_j t_j",
        r"(A B)^\top = B^\top A^\top",
        r"p^\top q = q^\top p",
        r"\|p - q\|^2 = p^\top p - 2 p^\top q + q^\top q",
        r"\tanh'(q) = 1 - \tanh^2(q)",
        r"\text{softmax}(\mathbf{v})_i = \frac{\exp(v_i)}{\sum_j \exp(v_j)}",
        r"\log \text{softmax}(\mathbf{v})_i = v_i - \log \sum_j \exp(v_j)",
    ],
)
def test_what_holds_for_all_values_needs_no_definition(formula: str) -> None:
    (found,) = checked(formula)
    assert str(found.verdict) == "proved"
    assert any("can be anything that fits" in words for words in found.finding.assumptions)


@pytest.mark.parametrize(
    "formula",
    [
        r"(s \odot t)_j = s_j t_k",
        r"(A B)^\top = A^\top B^\top",
        r"A B = B A",
        r"p q^\top = q p^\top",
        r"\|p - q\|^2 = p^\top p - p^\top q + q^\top q",
        r"\tanh'(q) = 1 + \tanh^2(q)",
        r"\text{softmax}(\mathbf{v}) = \text{softmax}(c \mathbf{v})",
        r"\text{softmax}(\mathbf{v})_i = \frac{\exp(v_i)}{\sum_j v_j}",
        r"\frac{\partial u}{\partial v} = 0",
        r"\frac{\partial u_i}{\partial v_j} = 0",
    ],
)
def test_what_does_not_hold_for_all_values_is_open(formula: str) -> None:
    (found,) = checked(formula)
    assert str(found.verdict) == "undecided"


LAYERS = (
    r"E = \frac{1}{2} \sum_{i=1}^m (x_i - t_i)^2",
    r"\delta x = \left[ \frac{\partial E}{\partial x_i} \right]_i = x - t",
    r"y_i = \frac{1}{1 + e^{-x_i}}",
)


def test_a_prefix_for_derivatives_is_known_from_its_first_example() -> None:
    found = checked(
        *LAYERS,
        r"\frac{\partial E}{\partial x_i} = \delta y_i \cdot y_i \cdot (1 - y_i)",
        r"\delta x = \delta y \odot y \odot (1 - y)",
        r"\frac{\partial E}{\partial x_i} = \delta y_i \cdot y_i \cdot (1 + y_i)",
        r"\delta x = \delta y \odot y",
    )
    assert [str(one.verdict) for one in found[3:]] == ["proved", "proved", "undecided", "undecided"]
    assert any(r"as in \delta x" in words for words in found[3].finding.assumptions)


def test_a_prefix_without_an_example_stays_unknown() -> None:
    assert (
        verdicts(LAYERS[0], LAYERS[2], r"\frac{\partial E}{\partial x_i} = \delta y_i y_i (1 - y_i)")[-1] == "undecided"
    )


def test_a_new_weight_begins_a_new_layer() -> None:
    found = verdicts(
        *LAYERS,
        r"y_j = \sum_{i=1}^m w_{ji} x_i",
        r"\frac{\partial E}{\partial x_i} = \sum_{j=1}^n \delta y_j w_{ji}",
        r"\frac{\partial E}{\partial w_{ji}} = \delta y_j x_i",
        r"\frac{\partial E}{\partial w_{ji}} = \delta y_i x_j",
    )
    assert found[3:] == ["definition", "proved", "proved", "undecided"]


LAYERS_FROM_0 = (
    "x^0 = x",
    "s^{l+1} = W^l x^l + b^l",
    "x^{l+1} = f(s^{l+1})",
    r"E = \frac{1}{2} \|x^L - t\|^2",
    r"\delta^l = \frac{\partial E}{\partial s^l}",
)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\delta^l = (W^l)^T \delta^{l+1} \odot f'(s^l)", "proved"),
        (r"\delta^l = (W^{l+1})^T \delta^{l+1} \odot f'(s^l)", "ill-shaped"),
        (r"\delta^l = (W^l)^T \delta^{l+1}", "refuted"),
        (r"\frac{\partial E}{\partial w_{ij}^l} = \delta_i^{l+1} x_j^l", "proved"),
    ],
)
def test_an_input_that_is_written_like_the_states(claim, verdict):
    assert verdicts(*LAYERS_FROM_0, claim)[-1] == verdict
