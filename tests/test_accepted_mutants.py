"""Wrong formulas that were once accepted, each a change of one place in a right one."""

import pytest

import symfnn

STANDS = {"proved", "tested"}


def verdict(formula, notation, before=""):
    report = symfnn.check(f"{before}\n\n$$\n{formula}\n$$\n", notation=notation).report
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
    ],
)
def test_a_mutant_is_not_accepted(formula, notation):
    assert verdict(formula, notation) not in {*STANDS, "definition"}


def test_functions_with_other_marks_are_other_functions():
    functions = r"$f_1 : \mathbb{R} \to \mathbb{R}$, $f_2 : \mathbb{R} \to \mathbb{R}$"
    before = rf"{functions}, $z \in \mathbb{{R}}^n$, $a = f_1(z)$"
    assert verdict(r"a = f_1(z)", None, before) not in {"refuted", "ill-shaped"}
    assert verdict(r"a = f_2(z)", None, before) not in STANDS
