"""The document of a model's derivation, in the article's order and under its labels A1 to A19."""

from collections.abc import Iterator

from sympy import Expr, Integer, Lambda, Piecewise, sign

from symfnn import errors
from symfnn.algebra import arrays, index
from symfnn.algebra.arrays import Array, Column
from symfnn.calculus import vectorise
from symfnn.calculus.fold import slope_in_value
from symfnn.calculus.rules import REGULARIZER, derive, derive_batch
from symfnn.derivation.steps import Derivation
from symfnn.latex.entries import EntryPrinter, to_latex
from symfnn.latex.wholes import whole
from symfnn.model.definitions import Definition, Model, at_sample
from symfnn.model.feedforward import feedforward
from symfnn.reports.document import Block, Document, Formula, Heading, Link, Notation, Paragraph
from symfnn.reports.words import LANGUAGES, Words

_I, _J = index.index("i"), index.index("j")


class _Writer:
    """Formulas of one model with reasons in one language."""

    def __init__(self, model: Model, words: Words) -> None:
        self.model, self.words = model, words

    def link(self, value: Expr | Array, rule: str) -> Link:
        text = to_latex(self.model, value) if isinstance(value, Expr) else whole(self.model, value)
        return Link(text, rule, self.words.reasons[rule])

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
    """
    writer = _Writer(model, LANGUAGES[language])
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
    """The article: back propagation whatever the loss, then the sigmoid network with the cross-entropy."""
    words = LANGUAGES[language]
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
        shapes.append(", ".join(f"$s_{{{n}}} = {s}$" for n, s in enumerate(w.model.widths, 1)))
    yield Paragraph("; ".join(shapes))


def _neuron(w: _Writer) -> Iterator[Block]:
    """A1 to A4."""
    model = _neuron_model()
    one = _Writer(model, w.words)
    state, activation = model.definitions
    yield Heading(w.words.neuron)
    yield Paragraph(w.words.neuron_text)
    links = [one.link(state.value, "definition")]
    for form in (vectorise.scalar(state.value), vectorise.affine_entry(state.value)):
        if form is not None:
            links.append(one.link(form, "vectorise"))
    yield Formula("A1", "z", tuple(links))
    yield Formula("A2", "a", (one.link(activation.value, "definition"),))
    for number, (letter, known) in enumerate(w.model.functions):
        suffix = "" if number == 0 else f".{letter}"
        yield Paragraph(w.words.activation_text)
        (z,) = known.rule.variables
        yield Formula(f"A3{suffix}", f"{letter}(z)", (one.link(known.rule.expr, "definition"),))
        yield Paragraph(w.words.slope_text)
        yield Formula(f"A4{suffix}", f"{letter}'(z)", tuple(_slope_links(one, letter, known.rule)))
        for kink in known.kinks:
            slope = to_latex(model, known.rule.expr.diff(z).subs(z, kink))
            text = w.words.kink_text.format(points=f"$z = {kink}$", letter=letter, point=kink, slope=slope)
            yield Paragraph(text)


def _slope_links(w: _Writer, letter: str, rule: Lambda) -> Iterator[Link]:
    (z,) = rule.variables
    raw = rule.expr.diff(z)
    yield w.link(raw, "differentiate")
    folded = slope_in_value(rule)
    if folded is not None and raw.has(z):
        yield w.link(folded(index.scalar_function(letter)(z)), "slope")


def _neuron_model() -> Model:
    """One neuron, z = Σ_j w_j x_j + b and a = f(z), without layers."""
    j = index.index("j")
    inputs = index.index("n")
    one = (Integer(1), inputs)
    x, weight = (index.Quantity(name, (j,), (one,)) for name in "xw")
    bias, z, a = (index.Quantity(name) for name in "bza")
    value = index.summation(lambda k: weight[k] * x[k], 1, inputs, "j") + bias.scalar
    definitions = (Definition(z.scalar, value), Definition(a.scalar, index.scalar_function("f")(z.scalar)))
    return Model((x, weight, bias, z, a), definitions, ("w", "b"), "a")


def _forward(w: _Writer) -> Iterator[Block]:
    """A5 to A9."""
    states = [d for d in w.model.definitions if d.name == "z"]
    activations = [d for d in w.model.definitions if d.name == "a" and d.layers != (1, 1)]
    (first,) = (d for d in w.model.definitions if d.name == "a" and d.layers == (1, 1))
    yield Heading(w.words.forward)
    yield Paragraph(w.words.forward_text)
    yield Formula("A5", "a^{(1)}", (w.link(Column(first.value, _I), "definition"),))
    for d in states:
        by_neuron = vectorise.affine_entry(d.value)
        links = [w.link(by_neuron, "vectorise")] if by_neuron is not None else []
        links = [w.link(d.value, "definition"), *links]
        yield Formula(w.label("A6", d.layers), w.left(d.entry), tuple(links), w.domain(d.layers))
    for d in activations:
        links = [w.link(d.value, "definition")]
        yield Formula(w.label("A7", d.layers), w.left(d.entry), tuple(links), w.domain(d.layers))
    yield Paragraph(w.words.forward_layer)
    for d in states:
        forms = (vectorise.affine(d.value, _I), vectorise.column(d.value, _I))
        links = [w.link(form, "vectorise") for form in forms if form is not None]
        yield Formula(w.label("A8", d.layers), _whole_left(w, d.entry), tuple(links), w.domain(d.layers))
    for d in activations:
        form = vectorise.column(d.value, _I)
        if form is not None:
            links = [w.link(form, "vectorise")]
            yield Formula(w.label("A9", d.layers), _whole_left(w, d.entry), tuple(links), w.domain(d.layers))


def _whole_left(w: _Writer, entry: Expr) -> str:
    return whole(w.model, Column(entry, _I))


def _steps(w: _Writer, derivation: Derivation) -> tuple[Link, ...]:
    return tuple(w.link(step.after, step.rule.name) for step in derivation.steps)


def _backward(w: _Writer) -> Iterator[Block]:
    """A10 to A16, and the derivative by the input."""
    delta = w.model.quantity("delta")
    objective = w.model.quantity(w.model.objective).scalar
    state = w.model.quantity("z")
    yield Heading(w.words.backward)
    yield Paragraph(w.words.backward_text)
    own = index.Partial(objective, state[index.LAYER, _I])
    whole_range = state.ranges[0]
    yield Formula("A10", w.left(delta[index.LAYER, _I]), (w.link(own, "definition"),), w.domain(whole_range))
    output, *hidden = derive(w.model, "z")
    if hidden:
        yield Paragraph(w.words.paths_text)
        yield from (_entry_formula(w, "A11", d, delta[d.goal.entry.indices]) for d in hidden)
    yield Paragraph(w.words.parameters_text)
    weights, biases = derive(w.model, "w"), derive(w.model, "b")
    for label, found in (("A12", weights), ("A13", biases)):
        yield from (_entry_formula(w, label, d, index.Partial(objective, d.goal.entry)) for d in found)
    yield Paragraph(w.words.layers_text)
    yield _layer_formula(w, "A14", output, delta)
    yield from (_layer_formula(w, "A15", d, delta) for d in hidden)
    yield Paragraph(w.words.recursion_text)
    yield from (_block_formula(w, "A16", objective, *pair) for pair in zip(weights, biases, strict=True))
    yield Paragraph(w.words.input_text)
    (inputs,) = derive(w.model, "x")
    form = vectorise.column(inputs.value, _I)
    left = rf"\frac{{\partial {w.left(objective)}}}{{\partial x}}"
    yield Formula("", left, (w.link(form if form is not None else inputs.value, "vectorise"),))


def _entry_formula(w: _Writer, label: str, derivation: Derivation, left: Expr) -> Formula:
    layers = derivation.goal.layers
    return Formula(w.label(label, layers), w.left(left), _steps(w, derivation), w.domain(layers))


def _layer_formula(w: _Writer, label: str, derivation: Derivation, delta: index.Quantity) -> Formula:
    """The layer's error: the steps that still have a derivative in them are left to the entries."""
    layers = derivation.goal.layers
    form = vectorise.column(derivation.value, _I)
    left = _whole_left(w, delta[derivation.goal.entry.indices])
    if form is None:
        return Formula(w.label(label, layers), w.left(delta[derivation.goal.entry.indices]), _steps(w, derivation))
    return Formula(w.label(label, layers), left, (w.link(form, "vectorise"),), w.domain(layers))


def _block_formula(w: _Writer, label: str, objective: Expr, weights: Derivation, biases: Derivation) -> Formula:
    """∂J/∂Θ from those of the weights and the biases."""
    layers = weights.goal.layers
    layer = EntryPrinter(w.model).compact(weights.goal.entry.indices[0])
    left = rf"\frac{{\partial {w.left(objective)}}}{{\partial \Theta^{{({layer})}}}}"
    form = vectorise.stacked(biases.value, weights.value, _J, _I)
    assert form is not None, "the gradient of an affine layer is an outer product"
    return Formula(w.label(label, layers), left, (w.link(form, "vectorise"),), w.domain(layers))


def _loss(w: _Writer) -> Iterator[Block]:
    """A17 to A19."""
    batch = w.model.batch
    if batch is None:
        return
    yield Heading(w.words.loss)
    yield Paragraph(w.words.loss_text)
    total = index.Quantity(batch.objective).scalar
    (loss,) = (d for d in w.model.definitions if d.name == w.model.objective)
    yield Formula("E", w.left(loss.entry), (w.link(loss.value, "definition"),))
    sample = index.fresh("n")
    samples = index.bind(at_sample(w.model, loss.value, sample), [(sample, Integer(1), index.SAMPLES)])
    whole_loss = [w.link(batch.factor * samples, "definition").latex]
    if batch.regularizer != 0:
        regularizer = w.link(batch.regularizer, "definition")
        yield Formula("R", w.left(REGULARIZER), (regularizer,))
        whole_loss.append(regularizer.latex)
    yield Formula("A17", w.left(total), (Link(" + ".join(whole_loss), "definition", w.words.reasons["definition"]),))
    for assumption in w.model.assumptions:
        yield Paragraph(w.words.assumption_text)
        yield Formula("", w.left(assumption.left), (w.link(assumption.right, "assume"),))
    output, *_ = derive(w.model, "z")
    delta = w.model.quantity("delta")[output.goal.entry.indices]
    yield Paragraph(w.words.output_text)
    yield Formula("A18", w.left(delta), _steps(w, output))
    form = vectorise.column(output.value, _I)
    if form is not None:
        yield Formula("", _whole_left(w, delta), (w.link(form, "vectorise"),))
    yield from _sign_kinks(w, output.value)
    yield Paragraph(w.words.samples_text)
    pairs = zip(derive_batch(w.model, "w"), derive_batch(w.model, "b"), strict=True)
    for weights, biases in pairs:
        left = index.Partial(total, weights.goal.entry)
        yield Formula("", w.left(left), _steps(w, weights), w.domain(weights.goal.layers))
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
    known: dict[Expr, Array] = {}
    for derivation in derive(w.model, "z"):
        layer = derivation.goal.entry.indices[0]
        form = vectorise.column(derivation.value, _I)
        if form is None:
            raise errors.CalculusError(f"the error of layer {layer} has no matrix form to unroll")
        known[layer] = arrays.put_in(form, lambda column: _known_error(delta, known, column))
        left = _whole_left(w, delta[layer, _I])
        yield Formula(f"closed.{layer}", left, (w.link(known[layer], "unroll"),))


def _known_error(delta: index.Quantity, known: dict[Expr, Array], column: Column) -> Array | None:
    """The closed form of a column that is the error of a layer further on."""
    is_error = index.is_entry(column.expression) and index.name_of(column.expression) == delta.name
    return known.get(column.expression.indices[0]) if is_error else None
