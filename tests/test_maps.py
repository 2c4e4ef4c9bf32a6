"""Functions of whole arrays of which nothing is known: chain rules through them hold, and only the right ones."""

import pytest
from judging import judged

from symfnn.check.verdicts import Checked

PLAIN = (r"x \in \mathbb{R}^{m}", r"y = y(x) \in \mathbb{R}^{n}", r"z = z(y) \in \mathbb{R}")
LAYERS = (
    r"x^l \in \mathbb{R}^{n_l}, \quad l = 0, \dots, L",
    r"w^l \in \mathbb{R}^{p_l}, \quad l = 1, \dots, L",
    r"x^l = F^l(x^{l-1}, w^l), \quad l = 1, \dots, L",
    r"E = C(x^L, t) \in \mathbb{R}",
)
TWO_ROADS = (r"x \in \mathbb{R}^{m}", r"h = h(x) \in \mathbb{R}^{n}", r"y = f(x, h) \in \mathbb{R}^{k}")


def checked(*formulas: str) -> list[Checked]:
    """The statements of a Markdown document with these formulas, one on each line."""
    text = "\n\n".join(f"$${formula}$$" for formula in formulas)
    return list(judged(text, timeout=30))


def verdict(*formulas: str) -> str:
    """That of the last one."""
    return str(checked(*formulas)[-1].finding.verdict)


@pytest.mark.parametrize("stated", [PLAIN, LAYERS, TWO_ROADS])
def test_such_functions_are_definitions(stated: tuple[str, ...]) -> None:
    found = {str(one.finding.verdict) for one in checked(*stated)}
    assert found <= {"declaration", "definition"}


@pytest.mark.parametrize(
    "claim",
    [
        r"\frac{\partial z}{\partial x_i} = \sum_j \frac{\partial z}{\partial y_j} \frac{\partial y_j}{\partial x_i}",
        r"\nabla_x z = \left(\frac{\partial y}{\partial x}\right)^\top \nabla_y z",
        r"\frac{dz}{dx} = \frac{dz}{dy} \frac{dy}{dx}",
    ],
)
def test_the_chain_rule_for_arrays_is_proved(claim: str) -> None:
    assert verdict(*PLAIN, claim) == "proved"


@pytest.mark.parametrize(
    "claim",
    [
        r"\frac{\partial z}{\partial x_i} = \sum_j \frac{\partial z}{\partial y_j} \frac{\partial y_i}{\partial x_j}",
        r"\frac{\partial z}{\partial x_i} = 2 \sum_j \frac{\partial z}{\partial y_j} \frac{\partial y_j}{\partial x_i}",
        r"\frac{\partial z}{\partial x_i} = \sum_j \frac{\partial z}{\partial y_j}",
        r"\nabla_x z = \left(\frac{\partial y}{\partial x}\right)^\top \nabla_x z",
        r"\nabla_y z = \left(\frac{\partial y}{\partial x}\right)^\top \nabla_x z",
    ],
)
def test_a_wrong_chain_rule_for_arrays_is_not_accepted(claim: str) -> None:
    assert verdict(*PLAIN, claim) not in ("proved", "tested", "definition")


LOCAL = r"\frac{\partial F^l(x^{l-1}, w^l)}{\partial w^l}"


def test_modules_in_a_row_are_proved_through_the_derivatives_of_their_functions() -> None:
    assert (
        verdict(*LAYERS, rf"\frac{{\partial E}}{{\partial w^l}} = \frac{{\partial E}}{{\partial x^l}} {LOCAL}")
        == "proved"
    )
    top = r"\frac{\partial E}{\partial x^L} = \frac{\partial C(x^L, t)}{\partial x^L}"
    assert verdict(*LAYERS, top) == "proved"


@pytest.mark.parametrize(
    "right",
    [
        rf"\frac{{\partial E}}{{\partial x^{{l+1}}}} {LOCAL}",
        r"\frac{\partial E}{\partial x^l} \frac{\partial F^l(x^l, w^l)}{\partial w^l}",
        r"\frac{\partial E}{\partial x^l} \frac{\partial F^{l+1}(x^{l-1}, w^l)}{\partial w^l}",
        r"\frac{\partial E}{\partial x^l} \frac{\partial F^l(x^{l-1}, w^l)}{\partial x^{l-1}}",
        rf"2 \frac{{\partial E}}{{\partial x^l}} {LOCAL}",
    ],
)
def test_wrong_modules_in_a_row_are_not_accepted(right: str) -> None:
    assert verdict(*LAYERS, rf"\frac{{\partial E}}{{\partial w^l}} = {right}") not in ("proved", "tested", "definition")


def test_another_list_of_arguments_for_one_quantity_is_a_conflict() -> None:
    found = checked(r"o \in \mathbb{R}^{m}", r"L = l(o, y) \in \mathbb{R}", r"L = l(o, y)", r"L = l(y, o)")
    assert [one.finding.code for one in found[2:]] == [None, "conflict"]


def test_a_derivative_that_may_be_partial_or_total_is_left_open() -> None:
    assert verdict(*TWO_ROADS, r"\frac{\partial y}{\partial x} = \frac{\partial f(x, h)}{\partial x}") == "undecided"
    assert verdict(*TWO_ROADS, r"\frac{\partial y}{\partial h} = \frac{\partial f(x, h)}{\partial h}") == "proved"
    numbers = (r"x \in \mathbb{R}", r"y = x^3", r"z = x^2 y")
    total = r"\frac{dz}{dx} = \frac{\partial z}{\partial x} + \frac{\partial z}{\partial y} \frac{dy}{dx}"
    assert verdict(*numbers, total) == "undecided"
    assert verdict(*numbers, r"\frac{dz}{dx} = 4 x^4") == "refuted"


def test_an_entry_of_a_functions_value_is_read() -> None:
    softmax = r"\operatorname{softmax}(z)_i = \frac{\exp(z_i)}{\sum_j \exp(z_j)}"
    assert verdict(r"z \in \mathbb{R}^{n}", softmax) == "proved"
    wrong = r"\operatorname{softmax}(z)_i = \frac{\exp(z_i)}{1 + \sum_j \exp(z_j)}"
    assert verdict(r"z \in \mathbb{R}^{n}", wrong) == "refuted"


def test_a_function_of_an_array_on_the_left_is_about_that_array() -> None:
    stated = (r"z \in \mathbb{R}^{n}", r"\sigma : \mathbb{R} \to \mathbb{R}", r"a = \sigma(z)")
    assert verdict(*stated, r"\sigma(z) = a") == "proved"
    assert verdict(*stated, r"\sigma(z) = \frac{1}{2} a") == "refuted"
    assert verdict(*stated, r"e \in \mathbb{R}^{n}", r"\sigma(z) = e") == "undecided"  # this may say what e is


PRODUCT = (r"h \in \mathbb{R}^{p}, V \in \mathbb{R}^{q \times p}", r"o = V h", r"L = l(o, y) \in \mathbb{R}")


def test_prod_is_a_product_by_the_chain_rule_in_whatever_arrangement_fits() -> None:
    start = r"\frac{\partial L}{\partial h} = \operatorname{prod}\left(\frac{\partial L}{\partial o}, "
    inner = r"\frac{\partial o}{\partial h}\right)"
    assert verdict(*PRODUCT, start + inner) == "proved"
    for other in (r"\frac{\partial o}{\partial V}\right)", r"V\right)", rf"2 {inner}"):
        assert verdict(*PRODUCT, start + other) not in ("proved", "tested")


FAMILY = (
    r"x_i \in \mathbb{R}^{d_i}, \quad i = 0, \dots, n",
    r"w_i \in \mathbb{R}^{p_i}, \quad i = 1, \dots, n",
    r"x_i = f_i(x_{i-1}, w_i), \quad i = 1, \dots, n",
    r"E = C(x_n, t) \in \mathbb{R}",
)


@pytest.mark.parametrize(
    ("right", "is_right"),
    [
        (r"\frac{\partial E}{\partial x_k} \frac{\partial f_k(x_{k-1}, w_k)}{\partial w_k}", True),
        (r"\frac{\partial E}{\partial x_{k-1}} \frac{\partial x_k}{\partial w_k}", False),
        (r"\frac{\partial E}{\partial x_k} \frac{\partial f_k(x_{k-1}, w_k)}{\partial x_{k-1}}", False),
    ],
)
def test_layers_may_be_numbered_below_by_several_letters(right: str, is_right: bool) -> None:
    found = verdict(*FAMILY, rf"\frac{{\partial E}}{{\partial w_k}} = {right}")
    assert (found in ("proved", "tested")) == is_right


STEP = r"x_i = f_i(x_{i-1}, W_i)"
OUT, VALUE = r"\frac{\partial E}{\partial x_i}", r"f_i(x_{i-1}, W_i)"


def test_an_array_that_is_defined_from_the_one_before_it_is_numbered_by_layers() -> None:
    by_input = rf"\frac{{\partial E}}{{\partial x_{{i-1}}}} = {OUT} \frac{{\partial {VALUE}}}{{\partial x_{{i-1}}}}"
    by_weight = rf"\frac{{\partial E}}{{\partial W_i}} = {OUT} \frac{{\partial {VALUE}}}{{\partial W_i}}"
    slips = [
        by_input.replace(r"\partial x_{i-1}} =", r"\partial W_i} ="),
        by_weight.replace(OUT, OUT.replace("_i}", "_{i-1}}")),
    ]
    found = [str(one.finding.verdict) for one in checked(STEP, by_input, by_weight, *slips)]
    assert found == ["definition", "proved", "proved", "undecided", "undecided"]


TYPED = (
    r"x \in \mathbb{R}^{m}",
    r"g : \mathbb{R}^m \to \mathbb{R}^m",
    r"f : \mathbb{R}^m \to \mathbb{R}",
    r"y = g(x)",
    r"z = f(y)",
)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (
            r"\frac{\partial z}{\partial x_i} = \sum_j"
            r" \frac{\partial z}{\partial y_j} \frac{\partial y_j}{\partial x_i}",
            "proved",
        ),
        (r"\nabla_x z = \left(\frac{\partial y}{\partial x}\right)^\top \nabla_y z", "proved"),
        # what holds of a function that is applied entry by entry
        (r"\frac{\partial y_i}{\partial x_j} = 0, \quad i \neq j", "refuted"),
        (
            r"\frac{\partial z}{\partial x_i} = \frac{\partial z}{\partial y_i} \frac{\partial y_i}{\partial x_i}",
            "refuted",
        ),
        (r"g(2 x) = 2 g(x)", "undecided"),
    ],
)
def test_a_function_with_a_type_takes_whole_arrays(claim: str, expected: str) -> None:
    assert verdict(*TYPED, claim) == expected


def test_an_activation_with_a_type_is_applied_entry_by_entry() -> None:
    stated = (r"z \in \mathbb{R}^n", r"\sigma : \mathbb{R}^n \to \mathbb{R}^n", r"a = \sigma(z)")
    assert verdict(*stated, r"\frac{\partial a}{\partial z} = \operatorname{diag}(\sigma'(z))") == "proved"


def test_a_function_with_a_type_and_a_rule() -> None:
    stated = (r"f : \mathbb{R}^n \to \mathbb{R}^m", r"x \in \mathbb{R}^n", r"f(x) = W x")
    assert verdict(*stated, r"\frac{\partial f_i}{\partial x_j} = W_{ij}") == "proved"
    assert verdict(*stated, r"\frac{\partial f_i}{\partial x_j} = 2 W_{ij}") == "refuted"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"\frac{\partial C}{\partial b} = \nabla_a \mathcal{L} \odot \phi'(z)", "proved"),
        (r"\frac{\partial \mathcal{L}}{\partial x} = W^T (\nabla_a \mathcal{L} \odot \phi'(z))", "proved"),
        (r"\frac{\partial C}{\partial b} = \nabla_a \mathcal{L} \odot \phi(z)", "refuted"),
        (r"\frac{\partial C}{\partial b} = \nabla_z \mathcal{L} \odot \phi'(z)", "refuted"),
    ],
)
def test_the_letter_of_a_loss_is_its_value(claim: str, expected: str) -> None:
    stated = (r"z = W x + b", r"a = \phi(z)", r"C = \mathcal{L}(a, y)")
    assert verdict(*stated, claim) == expected
