"""The text of a NumPy program that evaluates a network's objective and its gradients."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import final

from sympy import Expr, Integer, log

from symfnn import errors
from symfnn.algebra import index
from symfnn.export import special
from symfnn.export.closed_forms import closed_forms, penalty_of_layer
from symfnn.export.emit import Emitter
from symfnn.export.limits import shorter, with_limits
from symfnn.export.stable import rebuilt, stable
from symfnn.export.text import Text, aligned, function_name
from symfnn.model.activations import NAMES
from symfnn.model.definitions import Model, at_sample
from symfnn.model.regularizers import STRENGTH

_N, _I, _J = index.index("n"), index.index("i"), index.index("j")
_PER_LAYER = ("z", "a", "delta", "w", "b")
_GUARD = 'np.errstate(divide="ignore", over="ignore", invalid="ignore")'


@final
@dataclass(slots=True)
class _Program:
    """The names of one program, and what its statements use."""

    model: Model
    strength: Expr | None
    used: set[str] = field(default_factory=set)

    def leaf(self, expression: Expr) -> Text | None:
        """The array of an entry, as the program calls it."""
        if expression == index.SAMPLES:
            return Text("m")
        if not index.is_entry(expression):
            return None
        indices = list(index.indices_of(expression))
        name = index.name_of(expression)
        if name in _PER_LAYER and indices[0].is_Integer:
            name = f"{name}_{int(indices.pop(0))}"
        elif name in ("x", "y", self.model.objective):
            name = name.upper()
        else:
            raise errors.ModelError(f"the program has no array for {expression}")
        # samples are rows; w[l, i, j] is the entry of Θ that row j, column i hold
        axes = tuple(reversed(indices))
        if len(set(axes)) < len(axes) or not all(axis.is_Symbol for axis in axes):
            raise errors.ModelError(f"the program has no array for {expression}")
        return Text(name, axes)

    def emitter(self, order: tuple[Expr, ...]) -> Emitter:
        widths = self.model.widths or ()
        counts = {index.width(layer): str(number) for layer, number in enumerate(widths, 1)}
        return Emitter(self.leaf, order, counts)

    def statement(self, target: str, value: Expr, order: tuple[Expr, ...], full: str | None = None) -> Iterator[str]:
        """``target = value``; an array of fewer axes is spread out like the array named ``full``."""
        emitter = self.emitter(order)
        text = emitter.text(value if self.strength is None else value.xreplace({STRENGTH: self.strength}))
        written = text.text
        if full is not None and text.axes != order:
            text = aligned(text, order)
            written = f"np.broadcast_to({text.text}, {full}.shape).astype({full}.dtype)"
        elif text.axes != order and text.axes:
            written = aligned(text, order).text
        for product in dict.fromkeys(emitter.products):
            if written.count(product) > 1:
                yield f"shared = {product}"
                written = written.replace(f"({product})", "shared").replace(product, "shared")
        self.used |= emitter.used
        if emitter.is_guarded:
            yield f"with {_GUARD}:  # branches that are not taken may overflow"
            yield f"    {target} = {written}"
        else:
            yield f"{target} = {written}"


def program(model: Model, strength: Expr | None) -> str:
    """The text of ``gradient(theta, X, Y)`` for a network of given layers.

    Args:
        model: with numbered layers, known activations and a known loss.
        strength: λ where the regulariser holds the symbol.

    Raises:
        ModelError: the model holds something that has no form with NumPy arrays.
    """
    made = _Program(model, strength)
    layers = range(2, int(model.depth) + 1)
    body = [*_unpacking(layers), "# states and activations", *_forward(made), "# objective", *_objective(made)]
    errors_text, gradients = [], []
    for layer in reversed(layers):
        forms = closed_forms(model, layer)
        errors_text += _error(made, layer, forms.state)
        gradients += _gradient(made, layer, forms.weight, forms.bias)
    names = ", ".join(f"gradient_{layer}" for layer in layers)
    body += ["# errors", *errors_text, "# gradients", *gradients, f"return J, [{names}]"]
    functions = [text for letter, _ in model.functions for text in _function(made, letter)]
    parts = [f"{_header(model)}\n\n{_imports(made)}", *special.sources(made.used), *functions, _main(model, body)]
    return "\n\n\n".join(parts) + "\n"


def _unpacking(layers: range) -> list[str]:
    lines = ["m = X.shape[0]"]
    for place, layer in enumerate(layers):
        lines.append(f"b_{layer}, w_{layer} = theta[{place}][0], theta[{place}][1:]")
    return lines


def _forward(made: _Program) -> list[str]:
    """Every definition but the objective's, in order."""
    lines: list[str] = []
    for definition in made.model.definitions:
        if definition.layers is None:
            continue
        layer = int(definition.layers[0])
        value = with_limits(stable(definition.at(definition.entry.base[Integer(layer), _I])))
        lines += made.statement(f"{definition.name}_{layer}", at_sample(made.model, value, _N), (_N, _I))
    return lines


def _objective(made: _Program) -> list[str]:
    """The objective of each sample, and that of all."""
    model, batch = made.model, made.model.batch
    assert batch is not None
    name = model.objective
    (definition,) = [d for d in model.definitions if d.name == name]
    value = with_limits(stable(_opened_logarithms(model, stable(definition.value))))
    lines = list(made.statement(name, at_sample(model, value, _N), (_N,)))
    over_samples = batch.factor * index.bind(index.Quantity(name)[_N], [(_N, Integer(1), index.SAMPLES)])
    lines += made.statement("J", over_samples, ())
    for layer in range(2, int(model.depth) + 1):
        share = penalty_of_layer(batch.regularizer, layer)
        if share != 0:
            lines += (line.replace("J =", "J +=", 1) for line in made.statement("J", share, ()))
    return lines


def _opened_logarithms(model: Model, value: Expr) -> Expr:
    """Logarithms of an activation, written in its state where that needs no logarithm any more."""

    def opened(node: Expr) -> Expr:
        if not isinstance(node, log):
            return node
        values = {entry: _in_state(model, entry) for entry in index.entries(node) if index.name_of(entry) == "a"}
        result = stable(index.substitute(node, values))
        return node if result.has(log) else result

    return rebuilt(value, opened)


def _in_state(model: Model, activation: Expr) -> Expr:
    """The definition of an activation, its function written out."""
    definition = model.definition_of(activation)
    assert definition is not None
    functions = dict(model.functions)
    return definition.at(activation).replace(
        lambda node: isinstance(node, index.ScalarFunction), lambda node: functions[node.letter].rule(*node.args)
    )


def _error(made: _Program, layer: int, form: Expr) -> list[str]:
    value = at_sample(made.model, with_limits(stable(form)), _N)
    return list(made.statement(f"delta_{layer}", value, (_N, _I), f"z_{layer}"))


def _gradient(made: _Program, layer: int, weight: Expr, bias: Expr) -> list[str]:
    target = f"gradient_{layer}"
    return [
        f"{target} = np.empty_like(theta[{layer - 2}])",
        *made.statement(f"{target}[0]", with_limits(stable(bias)), (_I,)),
        *made.statement(f"{target}[1:]", with_limits(stable(weight)), (_J, _I)),
    ]


def _function(made: _Program, letter: str) -> Iterator[str]:
    """An activation and its slope, as far as the program calls them."""
    rule = dict(made.model.functions)[letter].rule
    (z,) = rule.variables
    for order, title in ((0, "activation"), (1, "slope")):
        name = function_name(letter, order)
        if name not in made.used:
            continue
        value = stable(rule.expr if order == 0 else rule.expr.diff(z))
        emitter = Emitter(lambda leaf: Text("z", (_I,)) if leaf == z else None, (_I,), like="z")
        text = emitter.text(with_limits(shorter(value) if order else value))
        made.used |= emitter.used
        guard = f"@{_GUARD}  # branches that are not taken may overflow\n" if emitter.is_guarded else ""
        result = text.text if text.axes else f"np.full_like(z, {text.text})"
        yield f'{guard}def {name}(z):\n    """{title.capitalize()}, entry by entry."""\n    return {result}'


def _header(model: Model) -> str:
    widths = model.widths or ()
    lines = [f"Objective and gradients of a {'-'.join(map(str, widths))} network, generated by symfnn.", ""]
    for definition in model.definitions:
        if definition.name == "a" and definition.layers is not None and definition.layers[0] > 1:
            lines.append(f"Layer {int(definition.layers[0])}: {_activation_name(model, definition.value)}.")
    lines += ["", "Samples are rows; row 0 of each theta holds the biases."]
    return '"""' + "\n".join(lines) + '\n"""'


def _activation_name(model: Model, value: Expr) -> str:
    """The catalogue's name of an activation; other names stay outside the text."""
    if not isinstance(value, index.ScalarFunction):
        return "softmax"
    name = dict(model.functions)[value.letter].name
    return f"{function_name(value.letter, 0)} = {name if name in NAMES else 'own function'}"


def _imports(made: _Program) -> str:
    lines = ["import numpy as np"]
    if made.used & {"erf", "erfc"}:
        lines.insert(0, "from math import factorial, pi, sqrt\n")
    return "\n".join(lines)


def _main(model: Model, body: list[str]) -> str:
    widths = model.widths or ()
    doc = [
        '"""The objective J and its gradient by every theta.',
        "",
        "Args:",
        f"    theta: {len(widths) - 1} arrays, that of layer l of shape (1 + s_(l-1), s_l).",
        f"    X: inputs, of shape (m, {widths[0]}).",
        f"    Y: targets, of shape (m, {widths[-1]}).",
        '"""',
    ]
    head = '@np.errstate(under="ignore")  # what is too small for the data type is 0\ndef gradient(theta, X, Y):\n'
    return head + textwrap.indent("\n".join([*doc, *body]), "    ")
