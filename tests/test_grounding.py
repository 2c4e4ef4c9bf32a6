"""Letters that no declaration mentions: what is refuted of them, and what may be meant without being said."""

import pytest

import symfnn

NETWORK = r"""
$$z^{l} = W^{l} a^{l-1} + b^{l}$$

$$a^l = g(z^l)$$

$$C = \frac12 \|a^L - y\|^2$$

$$\delta^l = \frac{\partial C}{\partial z^l}$$
"""
SOFTMAX = r"""
$$p_i = \frac{e^{z_i}}{\sum_{k=1}^{K} e^{z_k}}$$

$$H = -\sum_{i=1}^{K} y_i \log p_i$$
"""
DETACHED = r"""
$$z = W x + b$$

$$C = \frac12 \sum_i (o_i - y_i)^2$$
"""


def last(document: str, claim: str) -> symfnn.Report:
    return symfnn.check(f"{document}\n$$\n{claim}\n$$\n").statements[-1].finding


@pytest.mark.parametrize(
    ("document", "claim", "verdict"),
    [
        (NETWORK, r"\delta^L = (a^L - y) \odot g'(z^L)", "proved"),
        (NETWORK, r"\delta^L = (a^L - y) \odot g(z^L)", "refuted"),
        (NETWORK, r"\delta^L = (y - a^L) \odot g'(z^L)", "refuted"),
        (SOFTMAX, r"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)", "proved"),
        (SOFTMAX, r"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} + p_j)", "refuted"),
        (SOFTMAX, r"\frac{\partial H}{\partial z_j} = y_j - p_j", "refuted"),
    ],
)
def test_what_is_false_of_any_numbers_is_refuted_without_declarations(document, claim, verdict):
    assert last(document, claim).verdict == verdict


def test_targets_of_an_entropy_may_add_up_to_one():
    finding = last(SOFTMAX, r"\frac{\partial H}{\partial z_j} = p_j - y_j")
    assert (finding.verdict, finding.assumptions) == ("proved", ("Σ y = 1",))


def test_inputs_are_not_supposed_to_add_up_to_one():
    document = "$$h = \\sum_j x_j$$\n\n$$E = \\log(h w)$$\n"
    assert last(document, r"\frac{\partial E}{\partial w} = \frac{h}{w}").verdict != "proved"


@pytest.mark.parametrize(
    "claim",
    [r"\frac{\partial C}{\partial W} = (o - y) x^T", r"\frac{\partial C}{\partial o} = o - y + 0 z"],
)
def test_an_error_beside_a_network_refutes_nothing(claim):
    assert last(DETACHED, claim).verdict != "refuted"


def test_a_letter_may_be_what_it_is_called_elsewhere():
    document = NETWORK.replace("a^L - y", r"\hat{y} - y").replace(
        "$$C", r"$$\hat{y}, y \in \mathbb{R}^{n_L}$$" + "\n\n$$C"
    )
    assert last(document, r"\delta^L = (a^L - y) \odot g'(z^L)").verdict != "refuted"


def test_targets_may_be_signs():
    document = "$$p = \\frac{1}{1 + e^{-z}}$$\n\n$$E = \\log(1 + e^{-y z})$$\n"
    assert last(document, r"\frac{\partial E}{\partial z} = p - \frac{y + 1}{2}").verdict != "refuted"


def test_a_letter_on_one_side_alone_may_be_the_other_letter():
    finding = last(SOFTMAX, r"p_i (1 - p_i) = p_i (\delta_{ij} - p_j)")
    assert (finding.verdict, finding.code) == ("undecided", "special-case")


SCALARS = r"""
$$h_1 = \sigma(w_1 x_1 + w_2 x_2 + b_1)$$

$$h_2 = \sigma(w_3 x_1 + w_4 x_2 + b_2)$$

$$o = w_5 h_1 + w_6 h_2 + b_3$$

$$E = \frac12 (t - o)^2$$
"""
LOGISTIC = r"""
$$p = \sigma(w^T x + b)$$

$$\sigma(z) = \frac{1}{1 + e^{-z}}$$

$$L = -(y \log p + (1 - y) \log(1 - p))$$
"""


@pytest.mark.parametrize(
    ("document", "claim", "verdict"),
    [
        (SCALARS, r"\frac{\partial E}{\partial w_5} = (o - t) h_1", "proved"),
        (SCALARS, r"\frac{\partial E}{\partial w_1} = (o - t) w_5 \sigma'(w_1 x_1 + w_2 x_2 + b_1) x_1", "proved"),
        (SCALARS, r"\frac{\partial E}{\partial w_6} = (o - t) h_1", "refuted"),
        (LOGISTIC, r"\frac{\partial L}{\partial w} = (p - y) x", "proved"),
        (LOGISTIC, r"\frac{\partial L}{\partial b} = p - y", "proved"),
        (LOGISTIC, r"\frac{\partial L}{\partial w} = (y - p) x", "refuted"),
        (LOGISTIC, r"\frac{\partial L}{\partial p} = \frac{y}{p} + \frac{1 - y}{1 - p}", "refuted"),
    ],
)
def test_networks_of_numbers_need_no_declarations(document, claim, verdict):
    assert last(document, claim).verdict == verdict


def test_a_formula_of_an_open_function_alone_may_say_what_it_is():
    def finding(claim):
        return symfnn.check(f"$$\n{claim}\n$$\n").statements[-1].finding

    found = finding(r"g'(z) = \frac{d}{dz} g(z) = g(z) (1 - g(z))")
    assert (found.verdict, found.assumptions) == ("proved", ("g is sigmoid",))
    assert finding(r"g'(z) = \frac{d}{dz} g(z) = 1").verdict == "undecided"


NUMBERED = r"""
$$x_1 = f_1(W_1 x_0)$$

$$x_2 = f_2(W_2 x_1)$$

$$x_3 = f_3(W_3 x_2)$$

$$E = \frac{1}{2} \|x_3 - t\|_2^2$$

$$\delta_3 = (x_3 - t) \circ f'_3(W_3 x_2)$$
"""
RECURSION = r"""<!-- symfnn: notation nielsen -->
$$C = \frac12 \|y - a^L\|^2$$

$$d^l = (w^{l+1})^T d^{l+1} \odot \sigma'(z^l)$$
"""


@pytest.mark.parametrize(
    ("document", "claim", "verdict"),
    [
        (NUMBERED, r"\frac{\partial E}{\partial W_3} = \delta_3 x_2^T", "proved"),
        (NUMBERED, r"\frac{\partial E}{\partial W_3} = -\delta_3 x_2^T", "refuted"),
        # nothing is stated of it in this layer yet
        (NUMBERED, r"\frac{\partial E}{\partial W_2} = \delta_2 x_1^T", "undecided"),
        # x_0 is given
        (NUMBERED, r"\frac{\partial E}{\partial x_0} = x_0", "refuted"),
        # nor is it of what a recursion ends at
        (RECURSION, r"\frac{\partial C}{\partial b^L} = d^L", "undecided"),
        (RECURSION, r"\frac{\partial C}{\partial b^l} = d^l", "undecided"),
        (RECURSION.replace("d^", "e^"), r"\frac{\partial C}{\partial b^L} = e^L", "undecided"),
        (
            RECURSION + "\n$$d^L = (a^L - y) \\odot \\sigma'(z^L)$$\n",
            r"\frac{\partial C}{\partial b^l} = -d^l",
            "refuted",
        ),
        # two functions of which nothing is known: one may be said by the other
        (NETWORK, r"g'(x) = h(x) (1 - h(x))", "undecided"),
    ],
)
def test_a_letter_is_free_in_no_layer_of_which_nothing_is_stated(document, claim, verdict):
    assert last(document, claim).verdict == verdict
