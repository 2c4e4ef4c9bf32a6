"""The document of a model's derivation, in the article's order and under its labels A1 to A19."""

from collections.abc import Iterator

from sympy import Expr, Integer, Piecewise, sign

from symfnn import errors
from symfnn.algebra import index
from symfnn.algebra.arrays import Column, Form, Matrix, Stacked, Transposed
from symfnn.calculus.rules import (
    AFFINE_RULES,
    ASSUMPTION_RULES,
    DEFINITION_RULES,
    LAYER_RULES,
    NEURON_RULES,
    REGULARIZER,
    SLOPE_RULES,
    STATE_RULES,
    UNROLL_RULES,
    derive,
    derive_batch,
)
from symfnn.derivation.steps import Derivation, Goal, Rule, apply_in_turn
from symfnn.latex.entries import EntryPrinter, to_latex
from symfnn.latex.wholes import whole
from symfnn.model.activations import OWN, Activation
from symfnn.model.definitions import Definition, Model
from symfnn.model.feedforward import feedforward
from symfnn.reports.document import Block, Document, Formula, Heading, Link, Notation, Paragraph
from symfnn.reports.words import LANGUAGES, Words

_I, _J = index.index("i"), index.index("j")


class _Writer:
    """Formulas of one model with reasons in one language."""

    def __init__(self, model: Model, words: Words) -> None:
        self.model, self.words = model, words

    def formula(self, label: str, left: str, derivation: Derivation, domain: str = "") -> Formula:
        """Every step of a derivation as one link."""
        links = (Link(self.text(s.after), s.rule.name, self.words.reasons[s.rule.name]) for s in derivation.steps)
        return Formula(label, left, derivation, tuple(links), domain)

    def text(self, form: Form) -> str:
        return to_latex(self.model, form) if isinstance(form, Expr) else whole(self.model, form)

    def define(self, definition: Definition, rules: tuple[Rule, ...] = DEFINITION_RULES) -> Derivation:
        goal = Goal(self.model, definition.entry, definition.layers)
        return apply_in_turn(goal, definition.entry, rules)

    def collect(self, definition: Definition, rules: tuple[Rule, ...] = LAYER_RULES) -> Derivation:
        """The definition of one entry, for its whole layer."""
        goal = Goal(self.model, definition.entry, definition.layers)
        return apply_in_turn(goal, definition.value, rules)

    def left(self, entry: Expr) -> str:
        return to_latex(self.model, entry)

    def domain(self, layers: index.Range | None) -> str:
        """The layers as l = 2, …, L; nothing for one fixed layer."""
        if layers is None or layers[0] == layers[1]:
            return ""
        low, high = (EntryPrinter(self.model).compact(bound) for bound in layers)
        return rf"l = {low}, \dots, {high}"

    def label(self, label: str, layers: index.Range | None) -> str:
        """A numbered layer is part of its label: A15.2."""
        is_numbered = layers is not None and layers[0] == layers[1] and layers[0].is_Integer
        several = self.model.depth.is_Integer and self.model.depth > 2 and layers is not None
        return f"{label}.{layers[0]}" if is_numbered and several and layers else label


def derivation_document(model: Model, language: str = "en", *, unroll: bool = False) -> Document:
    """Everything that is derived from a model, with the words around it.

    Args:
        model: a feed-forward model.
        language: ``"en"`` or ``"zh"``.
        unroll: whether a closed form without recursion is added; needs numbered layers.

    Returns:
        A1 to A19 of this model, as far as it has them; every formula keeps the steps that it was printed from.

    Raises:
        CalculusError: a layer has no matrix form to unroll.
        ModelError: the model is no feed-forward one, the layers to unroll are not numbered, or the language is unknown.
    """
    writer = _Writer(model, _words(language))
    blocks = (
        *_notation(writer),
        *_neuron(writer),
        *_forward(writer),
        *_backward(writer),
        *_loss(writer),
        *(_unrolled(writer) if unroll else ()),
    )
    return Document(writer.words.title, language, blocks)


def article_document(language: str = "en") -> Document:
    """The article: back propagation whatever the loss, then the sigmoid network with the cross-entropy.

    Args:
        language: ``"en"`` or ``"zh"``.

    Returns:
        A1 to A19 for any depth and widths.

    Raises:
        ModelError: the language is unknown.
    """
    words = _words(language)
    generic = _Writer(feedforward(), words)
    sigmoid = _Writer(feedforward(activation="sigmoid", loss="cross-entropy", regularizer="l2"), words)
    blocks = (
        Notation("article"),
        *_notation(generic),
        Notation("article / One neuron"),
        *_neuron(sigmoid),
        Notation("article"),
        *_forward(generic),
        *_backward(generic),
        Notation("article / The sigmoid network with the cross-entropy loss"),
        *_loss(sigmoid),
    )
    return Document(words.title, language, blocks)


def _words(language: str) -> Words:
    if language not in LANGUAGES:
        raise errors.ModelError(f"unknown language {language!r}: choose {' or '.join(LANGUAGES)}")
    return LANGUAGES[language]


def _notation(w: _Writer) -> Iterator[Block]:
    yield Heading(w.words.notation)
    yield Paragraph(w.words.shapes)
    shapes = [rf"$x \in \mathbb{{R}}^{{{w.left(index.width(1))}}}$", r"$y \in \mathbb{R}^{K}$"]
    width, before = w.left(index.width(index.LAYER)), w.left(index.width(index.LAYER - 1))
    shapes += [
        rf"$z^{{(l)}}, a^{{(l)}}, b^{{(l)}}, \delta^{{(l)}} \in \mathbb{{R}}^{{{width}}}$",
        rf"$W^{{(l)}} \in \mathbb{{R}}^{{{before} \times {width}}}$, $W_{{ji}}^{{(l)}} = w_{{ij}}^{{(l)}}$",
        r"$\Theta^{(l)} = \begin{bmatrix} b^{(l)\mathsf{T}} \\ W^{(l)} \end{bmatrix}$",
    ]
    if w.model.widths is not None:
        sizes = [f"L = {w.model.depth}", *(f"s_{{{n}}} = {s}" for n, s in enumerate(w.model.widths, 1))]
        shapes.append(", ".join(f"${size}$" for size in sizes))
    yield Paragraph("; ".join(shapes))


def _neuron(w: _Writer) -> Iterator[Block]:
    """A1 to A4."""
    model = _neuron_model(w.model.functions)
    one = _Writer(model, w.words)
    state, activation = model.definitions
    yield Heading(w.words.neuron)
    yield Paragraph(w.words.neuron_text)
    yield one.formula("A1", "z", one.define(state, NEURON_RULES))
    yield one.formula("A2", "a", one.define(activation))
    for number, (letter, known) in enumerate(model.functions):
        yield from _function(one, "" if number == 0 else f".{letter}", letter, known)


def _function(w: _Writer, suffix: str, letter: str, known: Activation) -> Iterator[Block]:
    """A3 and A4."""
    (z,) = known.rule.variables
    value, slope = (index.scalar_function(letter, order)(z) for order in (0, 1))
    yield Paragraph(w.words.activation_text)
    given = apply_in_turn(Goal(w.model, value, None), value, DEFINITION_RULES)
    yield w.formula(f"A3{suffix}", f"{letter}(z)", given)
    yield Paragraph(w.words.slope_text)
    derived = apply_in_turn(Goal(w.model, slope, None), slope, SLOPE_RULES)
    yield w.formula(f"A4{suffix}", f"{letter}'(z)", derived)
    yield from _kinks(w, letter, known)


def _kinks(w: _Writer, letter: str, known: Activation) -> Iterator[Block]:
    (z,) = known.rule.variables
    if known.kinks is None:
        yield Paragraph(w.words.no_kinks_text.format(letter=letter))
        return
    for kink in known.kinks:
        point, slope = (to_latex(w.model, value) for value in (kink, known.rule.expr.diff(z).subs(z, kink)))
        text = w.words.own_kink_text if known.name == OWN else w.words.kink_text
        yield Paragraph(text.format(points=f"$z = {point}$", letter=letter, point=point, slope=slope))


def _neuron_model(functions: tuple[tuple[str, Activation], ...]) -> Model:
    """One neuron, z = Σ_j w_j x_j + b and a = f(z), without layers."""
    j = index.index("j")
    inputs = index.index("n")
    one = (Integer(1), inputs)
    x, weight = (index.Quantity(name, (j,), (one,)) for name in "xw")
    bias, z, a = (index.Quantity(name) for name in "bza")
    value = index.summation(lambda k: weight[k] * x[k], 1, inputs, "j") + bias.scalar
    definitions = (Definition(z.scalar, value), Definition(a.scalar, index.scalar_function("f")(z.scalar)))
    return Model((x, weight, bias, z, a), definitions, ("w", "b"), "a", functions=functions)


def _forward(w: _Writer) -> Iterator[Block]:
    """A5 to A9."""
    states = [d for d in w.model.definitions if d.name == "z"]
    activations = [d for d in w.model.definitions if d.name == "a" and d.layers != (1, 1)]
    (first,) = (d for d in w.model.definitions if d.name == "a" and d.layers == (1, 1))
    yield Heading(w.words.forward)
    yield Paragraph(w.words.forward_text)
    start = Column(first.entry, _I)
    yield w.formula("A5", "a^{(1)}", apply_in_turn(Goal(w.model, first.entry, first.layers), start, DEFINITION_RULES))
    for d in states:
        yield w.formula(w.label("A6", d.layers), w.left(d.entry), w.define(d, STATE_RULES), w.domain(d.layers))
    for d in activations:
        yield w.formula(w.label("A7", d.layers), w.left(d.entry), w.define(d), w.domain(d.layers))
    yield Paragraph(w.words.forward_layer)
    collected = [("A8", d, w.collect(d, AFFINE_RULES)) for d in states]
    collected += [("A9", d, w.collect(d)) for d in activations]
    for label, d, found in collected:
        if found.steps:
            yield w.formula(w.label(label, d.layers), _whole_left(w, d.entry), found, w.domain(d.layers))
        else:
            yield Paragraph(w.words.no_matrix_form.format(formula=f"${w.left(d.entry)}$"))


def _whole_left(w: _Writer, entry: Expr) -> str:
    return whole(w.model, Column(entry, _I))


def _in_matrix_form(derivation: Derivation) -> Derivation:
    """What a derivation reached by entries, for the whole layer; without steps where it has no matrix form."""
    return apply_in_turn(derivation.goal, derivation.value, LAYER_RULES)


def _backward(w: _Writer) -> Iterator[Block]:
    """A10 to A16, and the derivative by the input."""
    delta = w.model.quantity("delta")
    objective = w.model.quantity(w.model.objective).scalar
    yield Heading(w.words.backward)
    yield Paragraph(w.words.backward_text)
    error, layers = delta[index.LAYER, _I], delta.ranges[0]
    found = apply_in_turn(Goal(w.model, error, layers), error, DEFINITION_RULES)
    yield w.formula("A10", w.left(error), found, w.domain(layers))
    output, *hidden = derive(w.model, "z")
    if hidden:
        yield Paragraph(w.words.paths_text)
        yield from (_entry_formula(w, "A11", d, delta[d.goal.entry.indices]) for d in hidden)
    yield Paragraph(w.words.parameters_text)
    weights, biases = derive(w.model, "w"), derive(w.model, "b")
    for label, gradients in (("A12", weights), ("A13", biases)):
        yield from (_entry_formula(w, label, d, index.Partial(objective, d.goal.entry)) for d in gradients)
    yield Paragraph(w.words.layers_text)
    yield _layer_formula(w, "A14", output, delta)
    yield from (_layer_formula(w, "A15", d, delta) for d in hidden)
    yield Paragraph(w.words.recursion_text)
    yield from (_block_formula(w, "A16", objective, *pair) for pair in zip(weights, biases, strict=True))
    yield Paragraph(w.words.input_text)
    (inputs,) = derive(w.model, "x")
    found = _in_matrix_form(inputs)
    left = rf"\frac{{\partial {w.left(objective)}}}{{\partial x}}"
    if found.steps:
        yield w.formula("", left, found)
    else:
        yield w.formula("", w.left(index.Partial(objective, inputs.goal.entry)), inputs)


def _entry_formula(w: _Writer, label: str, derivation: Derivation, left: Expr) -> Formula:
    layers = derivation.goal.layers
    return w.formula(w.label(label, layers), w.left(left), derivation, w.domain(layers))


def _layer_formula(w: _Writer, label: str, derivation: Derivation, delta: index.Quantity) -> Formula:
    """The layer's error: the steps that still have a derivative in them are left to the entries."""
    layers = derivation.goal.layers
    error = delta[derivation.goal.entry.indices]
    found = _in_matrix_form(derivation)
    if not found.steps:
        return w.formula(w.label(label, layers), w.left(error), derivation)
    return w.formula(w.label(label, layers), _whole_left(w, error), found, w.domain(layers))


def _block_formula(w: _Writer, label: str, objective: Expr, weights: Derivation, biases: Derivation) -> Formula:
    """∂J/∂Θ from those of the weights and the biases."""
    layers = weights.goal.layers
    layer = EntryPrinter(w.model).compact(weights.goal.entry.indices[0])
    left = rf"\frac{{\partial {w.left(objective)}}}{{\partial \Theta^{{({layer})}}}}"
    start = Stacked(Transposed(Column(biases.value, _I)), Matrix(weights.value, _J, _I))
    found = apply_in_turn(weights.goal, start, LAYER_RULES)
    assert found.steps, "the gradient of an affine layer is an outer product"
    return w.formula(w.label(label, layers), left, found, w.domain(layers))


def _loss(w: _Writer) -> Iterator[Block]:
    """A17 to A19."""
    batch = w.model.batch
    if batch is None:
        return
    yield Heading(w.words.loss)
    yield Paragraph(w.words.loss_text)
    total = index.Quantity(batch.objective).scalar
    (loss,) = (d for d in w.model.definitions if d.name == w.model.objective)
    yield w.formula("E", w.left(loss.entry), w.define(loss))
    if batch.regularizer != 0:
        yield w.formula("R", w.left(REGULARIZER), w.define(Definition(REGULARIZER, batch.regularizer)))
    yield w.formula("A17", w.left(total), apply_in_turn(Goal(w.model, total, None), total, DEFINITION_RULES))
    for assumption in w.model.assumptions:
        yield Paragraph(w.words.assumption_text)
        found = apply_in_turn(Goal(w.model, loss.entry, None), assumption.left, ASSUMPTION_RULES)
        yield w.formula("", w.left(assumption.left), found)
    output, *_ = derive(w.model, "z")
    delta = w.model.quantity("delta")[output.goal.entry.indices]
    yield Paragraph(w.words.output_text)
    yield w.formula("A18", w.left(delta), output)
    found = _in_matrix_form(output)
    if found.steps:
        yield w.formula("", _whole_left(w, delta), found)
    yield from _sign_kinks(w, output.value)
    yield Paragraph(w.words.samples_text)
    pairs = zip(derive_batch(w.model, "w"), derive_batch(w.model, "b"), strict=True)
    for weights, biases in pairs:
        left = index.Partial(total, weights.goal.entry)
        yield w.formula("", w.left(left), weights, w.domain(weights.goal.layers))
        yield _block_formula(w, "A19", total, weights, biases)
    yield from _sign_kinks(w, weights.value)


def _sign_kinks(w: _Writer, expression: Expr) -> Iterator[Block]:
    """What sign(0) is taken to be; inside pieces it is not met, as |a - y| > 1 in the Huber loss."""
    pieces = {node: Integer(0) for node in expression.atoms(Piecewise)}
    for node in sorted(expression.xreplace(pieces).atoms(sign), key=str):
        yield Paragraph(w.words.sign_text.format(point=f"${w.left(node.args[0])} = 0$"))


def _unrolled(w: _Writer) -> Iterator[Block]:
    """The errors of all layers without recursion."""
    if not w.model.depth.is_Integer:
        raise errors.ModelError("a closed form without recursion needs numbered layers: give their widths")
    yield Heading(w.words.unrolled)
    yield Paragraph(w.words.unrolled_text)
    delta = w.model.quantity("delta")
    for derivation in derive(w.model, "z"):
        layer = derivation.goal.entry.indices[0]
        start = Column(delta[layer, _I], _I)
        found = apply_in_turn(derivation.goal, start, UNROLL_RULES)
        yield w.formula(f"closed.{layer}", _whole_left(w, delta[layer, _I]), found)
