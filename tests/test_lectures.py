"""Whole lectures, as a teacher writes them: what is said in the introduction is enough for what follows."""

import pytest

import symfnn

INTRODUCTION = r"""
We consider a network with $L$ layers. Layer $l$ has $n_l$ units, and for $l = 1, \dots, L$ we write
$$z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}, \qquad a^{(l)} = g(z^{(l)}),$$
where $W^{(l)} \in \mathbb{R}^{n_l \times n_{l-1}}$, $b^{(l)} \in \mathbb{R}^{n_l}$ and $a^{(0)} = x$.
The loss is $J = \tfrac12 \|a^{(L)} - y\|^2$. Define the error signal $\delta^{(l)} = \nabla_{z^{(l)}} J$.
"""
DECLARED = INTRODUCTION.replace(r"and $a^{(0)}", r"$a^{(l)} \in \mathbb{R}^{n_l}$ and $a^{(0)}")
BODY = r"""
$$\delta^{(L)} = (a^{(L)} - y) \odot g'(z^{(L)})$$
\begin{align}
\delta^{(l)} &= \left( (W^{(l+1)})^T \delta^{(l+1)} \right) \odot g'(z^{(l)}) \\
\frac{\partial J}{\partial W^{(l)}} &= \delta^{(l)} (a^{(l-1)})^T, \\
\frac{\partial J}{\partial b^{(l)}} &= \delta^{(l)}
\end{align}
$$\nabla_x J = (W^{(1)})^T \delta^{(1)}.$$
"""
SLIPS = r"""
$$\frac{\partial J}{\partial W^{(l)}} = a^{(l-1)} (\delta^{(l)})^T$$
$$\delta^{(l)} = W^{(l+1)} \delta^{(l+1)} \odot g'(z^{(l)})$$
"""
OTHER_LOSS = r"""
With cross-entropy instead, $J = -\sum_k \left[ y_k \ln a_k^{(L)} + (1-y_k)\ln(1-a_k^{(L)}) \right]$.
"""


def verdicts(text: str) -> list[str]:
    return [str(statement.verdict) for statement in symfnn.check(text, has_repairs=False).statements]


def test_a_range_before_the_definitions_is_theirs() -> None:
    assert verdicts(INTRODUCTION + BODY)[-5:] == ["proved"] * 5


def test_the_input_lies_beside_the_layers_that_were_stated() -> None:
    assert verdicts(DECLARED + BODY)[-5:] == ["proved"] * 5


def test_shapes_count_where_the_loss_has_an_undeclared_target() -> None:
    result = symfnn.check(INTRODUCTION + SLIPS)
    assert [str(s.verdict) for s in result.statements[-2:]] == ["ill-shaped", "ill-shaped"]
    repairs = [s.finding.repair for s in result.statements[-2:]]
    assert repairs[0] is not None
    assert r"\delta^{(l)} (a^{(l-1)})^T" in repairs[0].latex


def test_shapes_count_that_fit_by_neither_of_two_losses() -> None:
    assert verdicts(INTRODUCTION + OTHER_LOSS + SLIPS)[-2:] == ["ill-shaped", "ill-shaped"]


ROWS = r"""
Input $X \in \mathbb{R}^{N \times D}$, one-hot labels $Y \in \mathbb{R}^{N \times C}$.
$$H = \mathrm{ReLU}(X W_1 + b_1), \qquad S = H W_2 + b_2, \qquad P = \mathrm{softmax}(S)$$
where $W_1 \in \mathbb{R}^{D \times M}$ and $W_2 \in \mathbb{R}^{M \times C}$.
$$L = -\frac{1}{N} \sum_{i=1}^{N} \sum_{c=1}^{C} Y_{ic} \log P_{ic}$$
$$\frac{\partial L}{\partial S} = \frac{1}{N}(P - Y)$$
$$\frac{\partial L}{\partial W_2} = H^T \frac{\partial L}{\partial S}$$
$$\frac{\partial L}{\partial b_2} = \mathbf{1}^T \frac{\partial L}{\partial S}$$
$$\frac{\partial L}{\partial W_1} = X^T \left( \frac{\partial L}{\partial H} \odot \mathbf{1}[H > 0] \right)$$
$$\frac{\partial L}{\partial W_1} = X^T \frac{\partial L}{\partial H}$$
"""


def test_a_batch_in_rows_with_shapes_behind_the_formulas() -> None:
    assert verdicts(ROWS)[-5:] == ["proved"] * 4 + ["refuted"]


AFTERWARDS = r"""
A network computes $a_0 = x$ and $a_\ell = \phi_\ell(W_\ell a_{\ell-1} + b_\ell)$ for $\ell = 1, \dots, L$.
Write $z_\ell = W_\ell a_{\ell-1} + b_\ell$ for the pre-activations. For a differentiable loss $\mathcal{L}(a_L, y)$ let
$\delta_\ell = \partial \mathcal{L} / \partial z_\ell$.
$$\delta_L = \nabla_{a_L} \mathcal{L} \odot \phi_L'(z_L)$$
$$\delta_\ell = W_{\ell+1}^\top \delta_{\ell+1} \odot \phi_\ell'(z_\ell)$$
$$\frac{\partial \mathcal{L}}{\partial W_\ell} = \delta_\ell a_{\ell-1}^\top$$
"""


def test_a_name_that_is_given_afterwards_is_what_stands_in_the_definition() -> None:
    assert verdicts(AFTERWARDS)[-3:] == ["proved"] * 3


def test_names_inside_a_softmax_and_a_rule_are_found_too() -> None:
    text = r"""
$h = \sigma(W x + b)$ with $\sigma(t) = 1/(1+e^{-t})$, $p = \mathrm{softmax}(V h + c)$ and $J = -\sum_k y_k \log p_k$,
where $\sum_k y_k = 1$. Write $z = W x + b$ and $s = V h + c$.
$$\frac{\partial J}{\partial s} = p - y$$
$$\frac{\partial J}{\partial z} = V^T (p - y) \odot h \odot (1 - h)$$
$$\frac{\partial J}{\partial z} = V^T (p - y) \odot h$$
"""
    assert verdicts(text)[-3:] == ["proved", "proved", "undecided"]  # what undeclared letters are is open


def test_a_sum_to_a_letter_that_counted_something_else_leaves_it_open_what_is_meant() -> None:
    text = r"""
$z_k = \sum_{l=1}^m W_{kl} x_l$, $J = \sum_k z_k^2$, $\delta_k = \frac{\partial J}{\partial z_k}$.
$$\frac{\partial J}{\partial x_j} = \sum_{k=1}^m \delta_k W_{kj}$$
$$\frac{\partial J}{\partial x_j} = \sum_{k=1}^n \delta_k W_{kj}$$
"""
    first, second = (statement.finding for statement in symfnn.check(text).statements[-2:])
    assert [str(first.verdict), str(second.verdict)] == ["undecided", "proved"]
    assert first.message == "it holds only if the number of rows of W is m too, which counted something else before"
    assert second.assumptions == ()


SUBSCRIPTS = r"""
$$\begin{aligned}
\mathbf{h}_0 &= \mathbf{x}\\
\mathbf{a}_k &= \mathbf{W}_k \mathbf{h}_{k-1} + \mathbf{b}_k\\
\mathbf{h}_k &= f(\mathbf{a}_k), \quad k = 1, \dots, K\\
\ell &= L(\mathbf{h}_K, \mathbf{y})
\end{aligned}$$

$$\boldsymbol{\delta}_k := \nabla_{\mathbf{a}_k} \ell$$

$$\mathcal{J} = \ell + \frac{\lambda}{2} \sum_k \|\mathbf{W}_k\|_F^2$$
"""


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"\nabla_{\mathbf{W}_k} \ell = \boldsymbol{\delta}_k \mathbf{h}_{k-1}^\top", {"proved"}),
        (
            r"\boldsymbol{\delta}_{k-1} = (\mathbf{W}_k^\top \boldsymbol{\delta}_k) \odot f'(\mathbf{a}_{k-1})",
            {"proved"},
        ),
        (
            r"\nabla_{\mathbf{W}_k} \mathcal{J} = \nabla_{\mathbf{W}_k} \ell + \lambda \mathbf{W}_k",
            {"proved", "tested"},
        ),
        (
            r"\boldsymbol{\delta}_{k-1} = (\mathbf{W}_k \boldsymbol{\delta}_k) \odot f'(\mathbf{a}_{k-1})",
            {"ill-shaped"},
        ),
        (r"\nabla_{\mathbf{W}_k} \mathcal{J} = \nabla_{\mathbf{W}_k} \ell + 2 \lambda \mathbf{W}_k", {"refuted"}),
    ],
)
def test_a_letter_below_is_a_layer_where_weights_and_a_recursion_have_it(claim: str, expected: set[str]) -> None:
    assert verdicts(f"{SUBSCRIPTS}\n$${claim}$$")[-1] in expected


def test_a_bias_is_in_the_layers_that_read_it() -> None:
    text = r"""
$$a^l = \sigma(z^l)$$

$$J = \frac{1}{2}||a^L-y||_2^2$$

$$z^l = W^l a^{l-1} + b^l$$

$$\frac{\partial J}{\partial b^L} = (a^L - y) \odot \sigma'(z^L)$$
"""
    assert verdicts(text)[-1] == "proved"


ONE_NEURON = r"$$z = w x + b, \qquad y = \sigma(z), \qquad \mathcal{L} = \frac12 (y - t)^2$$"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"\frac{\partial \mathcal{L}}{\partial w} = (\sigma(wx+b) - t)\sigma'(wx+b) x", "proved"),
        (r"\frac{\partial \mathcal{L}}{\partial x} = (y - t)\sigma'(z) w", "proved"),
        (r"\frac{\partial \mathcal{L}}{\partial w} = (\sigma(wx+b) - t)\sigma(wx+b) x", "refuted"),
    ],
)
def test_small_letters_that_nothing_shows_as_arrays_are_numbers(claim: str, expected: str) -> None:
    assert verdicts(f"{ONE_NEURON}\n\n$${claim}$$")[-1] == expected


def test_a_transpose_shows_a_vector() -> None:
    text = r"""
$$z = w^T x + b, \qquad y = \sigma(z), \qquad \mathcal{L} = \frac12 (y - t)^2$$

$$\frac{\partial \mathcal{L}}{\partial w} = (y - t) \sigma'(z) x$$
"""
    assert verdicts(text)[-1] == "proved"
