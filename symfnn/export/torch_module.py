"""The PyTorch target: functions of tensors, and the loss with the derived gradient as its derivative."""

import textwrap
from collections.abc import Collection, Sequence

from sympy import erf, erfc

from symfnn.export import stable
from symfnn.export.body import Body, body
from symfnn.export.dialect import Dialect, elementary
from symfnn.export.formulas import formulas
from symfnn.export.functions import Function, functions
from symfnn.export.halves import differentiated, halves
from symfnn.export.layout import TURNED, Layout, arranged
from symfnn.export.module import indented, opening
from symfnn.export.module import module as module_of
from symfnn.export.passes.backward import backward
from symfnn.export.passes.extremes import extremes
from symfnn.export.passes.linear import scale_once
from symfnn.export.passes.log_softmax import log_softmax
from symfnn.export.passes.margins import cross_entropies
from symfnn.export.passes.prune import prune
from symfnn.export.passes.share import share_operations
from symfnn.export.passes.slopes import slopes
from symfnn.export.target import Target
from symfnn.model.definitions import Model

_SOURCES = {
    "quotient": '''
def quotient(p: Any, q: Array) -> Array:
    """The quotient p / q, where 0/0 is its limit 0."""
    is_undefined = (p == 0) & (q == 0)
    return torch.where(is_undefined, 0, p / torch.where(is_undefined, 1, q))
''',
}

_CHECK = '''
def on_numpy(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function for NumPy arrays."""

    def tensors(given: Any) -> Any:
        return [tensors(part) for part in given] if isinstance(given, list) else torch.tensor(given)

    def arrays(found: Any) -> Any:
        return found.detach().numpy() if isinstance(found, Array) else type(found)(arrays(part) for part in found)

    return lambda *given: arrays(function(*map(tensors, given)))
'''


_DERIVATIVE = '''
class Loss(torch.autograd.Function):
    """The objective, differentiable once by theta, X and Y: its derivatives are the derived ones."""

    @staticmethod
    def forward(X: Array, Y: Array, *theta: Array) -> tuple[Array, ...]:
        """The objective, and what its derivatives need of it."""
        {opening}
        {forward}
        return {value}{returned}

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Array, ...], output: tuple[Array, ...]) -> None:
        """Keep the arguments and what the first half has evaluated."""
        ctx.mark_non_differentiable(*output[1:])
        ctx.save_for_backward(*output[1:], *inputs)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, cotangent: Array, *_: Any) -> tuple[Array | None, ...]:
        """The derivatives by X, Y and theta, multiplied by a number."""
        {kept}X, Y, *theta = ctx.saved_tensors
        {opening_backward}
        X_gradient = Y_gradient = None
        {backward}
        return X_gradient, Y_gradient, {gradients}


def loss(theta: Sequence[Array], X: Array, Y: Array) -> Array:
    """The objective J, which can be differentiated.

    Args:
        theta: {meaning}
        X: inputs, of shape (m, {inputs}).
        Y: targets, of shape (m, {outputs}).
    """
    value, *_ = Loss.apply(X, Y, *theta)
    return value
'''


# its targets have the type of the states, also where they are whole numbers
_CROSS_ENTROPY = 'torch.nn.functional.binary_cross_entropy_with_logits({0}, {1}.to({0}.dtype), reduction="none")'
DIALECT = Dialect(
    functions={
        **elementary("torch."),
        erf: "torch.special.erf",
        erfc: "torch.special.erfc",
        stable.Logistic: "torch.sigmoid",
        stable.Softplus: "torch.nn.functional.softplus({0}, threshold=40)",
        stable.BinaryCrossEntropy: _CROSS_ENTROPY,
        stable.LogisticSlope: "torch.ops.aten.sigmoid_backward",
        stable.TanhSlope: "torch.ops.aten.tanh_backward",
        stable.PositiveSlope: "torch.ops.aten.threshold_backward({0}, {1}, 0)",
        stable.ErrorComplement: "torch.special.erfc",
        stable.Quotient: "quotient",
        stable.TimesLog: "torch.special.xlogy",
    },
    sqrt="torch.sqrt",
    log1p="torch.log1p",
    times_log1p="torch.special.xlog1py",
    where="torch.where",
    nan="torch.nan",
    constant="{like}.new_full((), {0})",
    cast="{0}",
    total="{atom}.sum()",
    along="{atom}.sum(dim={axis}, keepdim=True)",
    vector="{atom}.sum(dim=0)",
    spread="torch.zeros_like({like}) + {0}",
    softmax="torch.softmax({0}, dim=1)",
    log_sum_exp="torch.logsumexp({0}, dim=1, keepdim=True)",
    log_softmax="torch.log_softmax({0}, dim=1)",
    stack=(
        ("{target}", "torch.empty_like({like})"),
        ("{target}[:1]", "{biases}"),
        ("{target}[1:]", "{weights}"),
    ),
    scalar="{0}",
    positive="torch.relu",
    affine="torch.addmm({0}, {1}, {2})",
    product_into="torch.mm({0}, {1}, out={out})",
    total_into="torch.sum({0}, dim=0, keepdim=True, out={out})",
    releases=True,
)


def _helpers(used: frozenset[str]) -> list[str]:
    return [text.strip() for name, text in _SOURCES.items() if name in used]


def _decorator(function: Function, made: Body) -> str:
    del made
    return "" if function.name == "predict" else "@torch.no_grad()\n"


TARGET = Target(
    name="torch",
    dialect=DIALECT,
    standard=(),
    imports=("import numpy as np", "import torch", "", "Array = torch.Tensor"),
    number="Array",
    helpers=_helpers,
    decorator=_decorator,
    opening=(),
    joined="torch.cat([part.reshape(-1) for part in theta])",
    shaped="vector[start:stop].reshape(shape)",
    check="on_numpy({0})",
    check_source=_CHECK.strip(),
    separate=TURNED,
    passes=(extremes, slopes, cross_entropies, log_softmax, scale_once, share_operations, backward, prune),
)


def module(
    model: Model,
    strength: float | None = None,
    what: Collection[str] = (),
    *,
    layout: str = "stacked",
    has_formulas: bool = True,
) -> str:
    """The text of a Python module that imports PyTorch and NumPy.

    Args:
        model: with given layers, known activations and a loss.
        strength: λ, where the model's regulariser leaves it open.
        what: some of ``functions.WHAT``, beside loss, gradient and outputs.
        layout: of the parameters, one of ``layout.LAYOUTS``.
        has_formulas: whether comments give the formulas.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form with arrays.
    """
    comments = formulas if has_formulas else None
    lies = TARGET.layout(layout)
    text, used = _derivative(model, strength, lies)
    wanted = [arranged(function, lies) for function in functions(model, strength, what) if function.name != "loss"]
    return module_of(model, TARGET, wanted, comments, more=[text], used=used, layout=lies)


def _derivative(model: Model, strength: float | None, layout: Layout) -> tuple[str, frozenset[str]]:
    """The loss with the derived gradient as its own, and the functions that its text calls."""
    whole = differentiated(model, strength, TARGET, layout)
    objective, *gradients, by_inputs, by_targets, _ = whole.outputs
    parts = halves(whole, objective, tuple(gradients), (by_inputs, by_targets))
    more = {f"ctx.needs_input_grad[{place}]": parts.more[name] for place, name in enumerate((by_inputs, by_targets))}
    forward, backward = body(parts.forward, {}, DIALECT), body(parts.backward, {}, DIALECT, more)
    widths = model.widths or ()
    text = _DERIVATIVE.format(
        opening=_inside(opening(TARGET, dict(parts.forward.inputs), ("theta",), len(widths), layout)),
        forward=_inside(forward.lines),
        value=objective,
        returned="".join(f", {name}" for name in parts.kept) or ",",
        kept="".join(f"{name}, " for name in parts.kept),
        opening_backward=_inside(opening(TARGET, dict(parts.backward.inputs), ("theta",), len(widths), layout)),
        backward=_inside(backward.lines),
        gradients=", ".join(map(backward.result, gradients)),
        meaning=layout.doc.format(parameters=layout.count * (len(widths) - 1)),
        inputs=widths[0],
        outputs=widths[-1],
    )
    return text.strip(), forward.used | backward.used


def _inside(lines: Sequence[str]) -> str:
    return textwrap.indent(indented(lines), "    ").strip()
