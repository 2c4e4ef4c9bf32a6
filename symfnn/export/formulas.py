"""The formulas that a program comes from, in LaTeX under the labels of the derivation."""

from sympy import Abs, Expr, Integer, Piecewise, sign

from symfnn.algebra import index
from symfnn.export.closed_forms import by_inputs, closed_forms
from symfnn.latex.entries import to_latex
from symfnn.model.activations import NAMES, Activation
from symfnn.model.definitions import Model

_I, _J = index.index("i"), index.index("j")


def formulas(model: Model) -> dict[str, str]:
    """One or more lines for each section of the model's program.

    Args:
        model: with numbered layers and a loss.
    """
    lines: dict[str, str] = {}
    for definition in model.definitions:
        if definition.layers is not None and int(definition.layers[0]) > 1:
            layer = int(definition.layers[0])
            label = "A6" if definition.name == "z" else "A7"
            line = _line(model, f"{label}.{layer}", definition.entry, definition.value)
            section = f"layer {layer}"
            lines[section] = f"{lines[section]}\n{line}" if section in lines else line
    lines["objective"] = _objective(model)
    for layer in range(2, int(model.depth) + 1):
        forms = closed_forms(model, layer)
        label = "A18" if layer == model.depth else f"A11.{layer}"
        lines[f"error of layer {layer}"] = _line(model, label, model.quantity("delta")[layer, _I], forms.state)
        lines[f"gradient of layer {layer}"] = "\n".join(
            _line(model, f"A19.{layer}", _by(model, entry), form)
            for entry, form in (
                (model.quantity("b")[layer, _I], forms.bias),
                (model.quantity("w")[layer, _I, _J], forms.weight),
            )
        )
    by_input = _by(model, model.quantity("x")[_I], model.objective)
    lines["derivative by X"] = _line(model, model.objective, by_input, by_inputs(model))
    return lines


def conventions(model: Model) -> list[str]:
    """The activation of each layer, and what a slope is taken to be where there is none."""
    functions = dict(model.functions)
    lines = [f"Layer {layer}: {_activation(functions, value)}." for layer, value in _activations(model)]
    for letter, function in model.functions:
        for kink in function.kinks or ():
            (z,) = function.rule.variables
            slope = function.rule.expr.diff(z).subs(z, kink)
            lines.append(
                f"{function.name} has a kink at {kink}: its slope there is taken as {letter}'({kink}) = {slope}."
            )
    own = [function.rule.expr for _, function in model.functions if function.name not in NAMES]
    if any(rule.has(Piecewise) for rule in own):
        lines.append("Where pieces meet, a slope is that of the piece that holds there.")
    if any(part.has(Abs, sign) for part in (*_wholes(model), *own)):
        lines.append("|u| has a kink at 0: its slope there is taken as sign(0) = 0.")
    return lines


def _wholes(model: Model) -> list[Expr]:
    (loss,) = [d.value for d in model.definitions if d.name == model.objective]
    return [loss, Integer(0) if model.batch is None else model.batch.regularizer]


def _activations(model: Model) -> list[tuple[int, Expr]]:
    layered = [(int(d.layers[0]), d.value) for d in model.definitions if d.name == "a" and d.layers is not None]
    return [(layer, value) for layer, value in layered if layer > 1]


def _activation(functions: dict[str, Activation], value: Expr) -> str:
    """The catalogue's name of an activation; other names stay outside the text."""
    if not isinstance(value, index.ScalarFunction):
        return "softmax"
    name = functions[value.letter].name
    return f"{value.letter} = {name if name in NAMES else 'own function'}"


def _objective(model: Model) -> str:
    assert model.batch is not None
    (loss,) = [d for d in model.definitions if d.name == model.objective]
    one = _line(model, "E", loss.entry, loss.value)
    whole = rf"\sum_{{n=1}}^{{m}} {model.objective}^{{(n)}}"
    if model.batch.factor != 1:
        whole = rf"\frac{{1}}{{m}} {whole}"
    if model.batch.regularizer != 0:
        whole += f" + {to_latex(model, model.batch.regularizer)}"
    return f"{one}\nA17: {model.batch.objective} = {whole}"


def _by(model: Model, entry: Expr, objective: str | None = None) -> str:
    if objective is None:
        objective = "J" if model.batch is None else model.batch.objective
    return rf"\partial {objective} / \partial {to_latex(model, entry)}"


def _line(model: Model, label: str, left: Expr | str, right: Expr) -> str:
    written = left if isinstance(left, str) else to_latex(model, left)
    return f"{label}: {written} = {to_latex(model, right)}"
