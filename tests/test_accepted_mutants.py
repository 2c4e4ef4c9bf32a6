"""Wrong formulas that were once accepted, each a change of one place in a right one."""

import pytest

import symfnn

STANDS = {"proved", "tested"}
BY_BIAS = r"\frac{\partial}{\partial b_i^{(l)}}"
TRAINING = "ufldl / The training set and the weight decay"
SIGMOID = "article / The sigmoid network with the cross-entropy loss"


def verdict(formula, notation, before=""):
    report = symfnn.check(f"{before}\n\n$$\n{formula}\n$$\n", notation=notation, has_repairs=False).report
    return str(report.documents[0].statements[-1].verdict)


@pytest.mark.parametrize(
    ("formula", "notation"),
    [
        (r"\delta^L = \nabla_a C", "nielsen"),  # the slope is 1 for the identity only
        (r"\delta_j^L = \frac{\partial C}{\partial z_j^L} \sigma'(z_j^L)", "nielsen"),  # … and idempotent for relu
        (r"\delta^L = \nabla_a C \odot \sigma'(a^L)", "nielsen"),
        (r"\frac{\partial a_j^l}{\partial w_{jk}^l} = a_k^{l-1}", "nielsen"),
        (r"\frac{\partial z_j^l}{\partial w_{jk}^l} = {a'}_k^{l-1}", "nielsen"),
        (r"\delta_j^l = \sum_{k=1}^{j} w_{kj}^{l+1} \delta_k^{l+1} \sigma'(z_j^l)", "nielsen"),
        (r"d z^{[l]} = d a^{[l]} * {g^{[l+1]}}'(z^{[l]})", "ng"),
        (r"\frac{\partial J}{\partial b^{(l)}} = \mathbf{1} \Delta^{(l)}", "rows"),
        (r"\nabla_{b^{(l)}} J(b, b; x, y) = \delta^{(l+1)}", "ufldl"),
        (r"\nabla_{b^{(l)}} J(\delta, b; x, y) = \delta^{(l+1)}", "ufldl"),
        (r"\delta^L = \nabla_a \odot C \odot \sigma'(z^L)", "nielsen"),
        # w_j^l is no new name beside the matrix w^l
        (r"w_j^L = \frac{\partial C}{\partial z_j^L} = \frac{\partial C}{\partial a_j^L} \sigma'(z_j^L)", "nielsen"),
        (r"w_j^l = \delta_j^l = \frac{\partial C}{\partial z_j^l}", "nielsen"),
        # where w_{ij} is stated to be W_{ji}, w_{ik} is W_{ki} and not W_{ik}
        (r"\delta_i^{(l)} = \sum_k \delta_k^{(l+1)} w_{ik}^{(l+1)} f'(z_i^{(l)})", "article"),
        (r"\delta_i^{(l)} = \sum_k \delta_k^{(l+1)} {w^{\top}}_{ki}^{(l+1)} f'(z_i^{(l)})", "article"),
        (
            r"\nabla_{w_{ij}^{(l)}} J = \delta_i^{(l)} \frac{\partial z_i^{(l)}}{\partial w_{ji}^{(l)}}",
            "article",
        ),
        (r"\frac{\partial R}{\partial w_{ji}^{(l)}} = \frac{\lambda}{m} w_{ij}^{(l)}", SIGMOID),
        (r"\frac{\partial E_n}{\partial w_{0j}^{(l)}} = \delta_j^{(l)}", "bishop"),
        (rf"{BY_BIAS} J(W, J) = \frac{{1}}{{m}} \sum_{{k=1}}^{{m}} {BY_BIAS} J^{{(k)}}", TRAINING),
    ],
)  # fmt: skip
def test_a_mutant_is_not_accepted(formula, notation):
    assert verdict(formula, notation) not in {*STANDS, "definition"}


LOSSES = r"\sum_{k=1}^{K} \left(y_k^{(i)} \ln a_k^{(L)(i)} + (1 - y_k^{(i)}) \ln(1 - a_k^{(L)(i)})\right)"
PENALTY = r"\frac{\lambda}{2m} \sum_{l=2}^{L} \sum_{i=1}^{s_l} \sum_{j=1}^{s_{l-1}} (w_{ij}^{(l)})^2"


@pytest.mark.parametrize(
    ("formula", "stands"),
    [
        (rf"J = -\frac{{1}}{{m}} \sum_{{i=1}}^{{m}} {LOSSES} + {PENALTY}", True),
        (rf"J = -\frac{{1}}{{m}} \sum_{{i=1}}^{{k}} {LOSSES} + {PENALTY}", False),
        (rf"J = -\frac{{1}}{{m}} \sum_{{i=1}}^{{j}} {LOSSES} + {PENALTY}", False),
        (rf"J = {PENALTY} - \frac{{1}}{{m}} \sum_{{i=1}}^{{j}} {LOSSES}", False),
    ],
)
def test_an_index_counts_nothing(formula, stands):
    assert (verdict(formula, SIGMOID) in STANDS) is stands


def test_functions_with_other_marks_are_other_functions():
    functions = r"$f_1 : \mathbb{R} \to \mathbb{R}$, $f_2 : \mathbb{R} \to \mathbb{R}$"
    before = rf"{functions}, $z \in \mathbb{{R}}^n$, $a = f_1(z)$"
    assert verdict(r"a = f_1(z)", None, before) not in {"refuted", "ill-shaped"}
    assert verdict(r"a = f_2(z)", None, before) not in STANDS
