"""The rules of a derivation, in the order in which they are tried; each can be taken again by itself."""

from functools import lru_cache

from sympy import Add, Dummy, Expr, S, Sum, cancel, factor_terms

from symfnn import errors
from symfnn.algebra import arrays, index, normal
from symfnn.algebra.arrays import Array, Column, Form, Matrix, Stacked, Transposed, lower
from symfnn.calculus import vectorise
from symfnn.calculus.adjoint import cases, kept, total, uses
from symfnn.calculus.fold import slope_in_value
from symfnn.calculus.partial import partial
from symfnn.derivation.steps import Derivation, Goal, Rule, apply_in_turn
from symfnn.model.definitions import Model, at_sample, covers, may_meet, readers


def _objective(goal: Goal) -> Expr:
    return goal.model.quantity(goal.model.objective).scalar


def _chain(goal: Goal, expression: Expr) -> Expr | None:
    """∂J/∂e as a sum over everything that e reaches J through."""
    if expression != index.Partial(_objective(goal), goal.entry):
        return None
    for case in cases(goal.model, index.name_of(goal.entry)):
        if case.entry == goal.entry and case.layers == goal.layers:
            return case.chain
    return None


def _name(goal: Goal, expression: Expr) -> Expr | None:
    """The adjoints that have a name are written by it, the goal's own excepted."""
    if goal.model.adjoint is None:
        return None
    symbol, of = goal.model.adjoint
    quantity = goal.model.quantity(symbol)
    named = {
        node: quantity[index.indices_of(node.args[1])]
        for node in expression.atoms(index.Partial)
        if node.args[0] == _objective(goal) and node.args[1] != goal.entry and index.name_of(node.args[1]) == of
    }
    return expression.xreplace(named) if named else None


def _differentiate(goal: Goal, expression: Expr) -> Expr | None:
    """Every one-step partial is worked out from the definitions."""
    if not expression.has(index.Partial):
        return None
    ranges = goal.ranges
    result = []
    for body, limits in normal.terms(expression):
        inner = ranges | {letter: (lo, hi) for letter, lo, hi in limits}
        for node in sorted(body.atoms(index.Partial), key=str):
            inner = goal.model.ranges_of(node.args[1]) | inner
        nodes = [node for node in body.atoms(index.Partial) if _is_one_step(goal, node)]
        values = {node: total(goal.model, node.args[0], node.args[1], inner) for node in nodes}
        result.append(normal.collapse(body.xreplace(values), limits, ranges))
    return Add(*result)


def _is_one_step(goal: Goal, node: Expr) -> bool:
    """Whether no other kept quantity lies between the two; else a part of the derivative would be lost."""
    numerator, denominator = node.args
    if numerator != _objective(goal):
        return True
    others = kept(goal.model) - {goal.model.objective}
    return all(index.name_of(use.user) not in others for use in uses(goal.model, denominator))


def _slope(goal: Goal, expression: Expr) -> Expr | None:
    """f'(z) in the activation's own value, where it can be written so."""
    known = dict(goal.model.functions)
    values = {}
    for node in expression.atoms(index.ScalarFunction):
        folded = slope_in_value(known[node.letter].rule) if node.order == 1 and node.letter in known else None
        activation = _activation_at(goal, node.args[0])
        if folded is not None and activation is not None:
            values[node] = folded(activation)
    return expression.xreplace(values) if values else None


def _activation_at(goal: Goal, state: Expr) -> Expr | None:
    """The entry that is defined as the function of ``state`` alone."""
    layer = state.indices[0]
    for definition, place in readers(goal.model)[index.name_of(state)]:
        if place is None or not may_meet(layer, place):
            continue
        if isinstance(definition.value, index.ScalarFunction) and covers(
            definition.layers or (layer, layer), layer, goal.ranges
        ):
            return definition.entry.base[state.indices]
    return None


def _cancel(goal: Goal, expression: Expr) -> Expr | None:
    """Common factors of numerators and denominators are cancelled, sums being taken as they are."""
    del goal
    letters = {leaf: Dummy(str(leaf), real=True) for leaf in sorted(normal.leaves(expression), key=str)}
    back = {letter: leaf for leaf, letter in letters.items()}
    result = factor_terms(cancel(expression.xreplace(letters))).xreplace(back)
    return result if result.count_ops() < expression.count_ops() else None


def _assume(goal: Goal, expression: Expr) -> Expr | None:
    """What is agreed on for the data: Σ_k y_k = 1."""
    result = expression
    for assumption in goal.model.assumptions:
        result = result.replace(
            lambda part, left=assumption.left: isinstance(part, Sum) and normal.equal(part, left),
            lambda _, right=assumption.right: right,
        )
    return result


RULES = (
    Rule("chain-rule", "J depends on the entry only through the entries that use it", _chain),
    Rule("name", "these derivatives of J are the error rates of the next layer", _name),
    Rule("differentiate", "each factor follows from one definition", _differentiate),
    Rule("slope", "the slope of the activation is known, and proved", _slope),
    Rule("cancel", "common factors cancel", _cancel),
    Rule("assume", "this holds for the data by agreement", _assume),
)


def _samples(goal: Goal, expression: Expr) -> Expr | None:
    """The derivative of a sum over samples is the sum of the samples' derivatives."""
    batch, model = goal.model.batch, goal.model
    if batch is None or expression != index.Partial(index.Quantity(batch.objective).scalar, goal.entry):
        return None
    sample = index.fresh("n")
    one = index.Partial(index.Quantity(model.objective)[sample], goal.entry)
    result = batch.factor * index.bind(one, [(sample, S.One, index.SAMPLES)])
    return result + (index.Partial(REGULARIZER, goal.entry) if batch.regularizer != 0 else S.Zero)


def _one_sample(goal: Goal, expression: Expr) -> Expr | None:
    """The derivative for one sample is known already; it is taken at each sample."""
    value = _derive_goal(goal, RULES).value
    samples = {node: _sample_of(node) for node in expression.atoms(index.Partial) if node.args[0] != REGULARIZER}
    lifted = {node: at_sample(goal.model, value, sample) for node, sample in samples.items() if sample is not None}
    return expression.xreplace(lifted) if lifted else None


def _sample_of(node: Expr) -> Expr | None:
    """The sample whose objective is differentiated; None where it is no single sample's."""
    indices = index.indices_of(node.args[0])
    return indices[0] if indices else None


def _regularizer(goal: Goal, expression: Expr) -> Expr | None:
    """The regulariser is differentiated by one weight."""
    node = index.Partial(REGULARIZER, goal.entry)
    if goal.model.batch is None or not expression.has(node):
        return None
    return expression.xreplace({node: partial(goal.model.batch.regularizer, goal.entry, goal.ranges)})


REGULARIZER = index.Quantity("R").scalar
BATCH_RULES = (
    Rule("samples", "the derivative of a sum is the sum of the derivatives", _samples),
    Rule("one-sample", "each sample's derivative is the one derived above", _one_sample),
    Rule("regularizer", "only one term of the regulariser holds this weight", _regularizer),
)


def _definition(goal: Goal, form: Form) -> Form | None:
    """What the model says that an entry, a column of entries or a known function is."""
    if isinstance(form, Column):
        value = _definition(goal, form.expression)
        return Column(value, form.letter) if isinstance(value, Expr) else None
    if isinstance(form, index.ScalarFunction):
        known = dict(goal.model.functions).get(form.letter)
        return None if known is None or form.order else known.rule(*form.args)
    return _batch_definition(goal, form) or _entry_definition(goal, form)


def _batch_definition(goal: Goal, entry: Expr) -> Expr | None:
    """The objective over all samples, and its regulariser."""
    batch, model = goal.model.batch, goal.model
    if batch is None or entry not in (REGULARIZER, index.Quantity(batch.objective).scalar):
        return None
    if entry == REGULARIZER:
        return batch.regularizer
    loss = model.definition_of(_objective(goal))
    assert loss is not None, "a model has an objective"
    sample = index.fresh("n")
    return batch.factor * index.bind(at_sample(model, loss.value, sample), [(sample, S.One, index.SAMPLES)]) + (
        batch.regularizer
    )


def _entry_definition(goal: Goal, entry: Expr) -> Expr | None:
    model = goal.model
    if model.adjoint is not None and index.name_of(entry) == model.adjoint[0]:
        of = model.quantity(model.adjoint[1])
        return index.Partial(_objective(goal), of[index.indices_of(entry)])
    found = model.definition_of(entry, goal.ranges)
    return None if found is None else found.at(entry)


def _row(goal: Goal) -> Expr:
    """The index that counts the rows of the goal's column; 1 where there is but one entry."""
    return (index.indices_of(goal.entry) or (S.One,))[-1]


def _entry_of(goal: Goal, form: Form) -> Expr:
    return form if isinstance(form, Expr) else lower(form, _row(goal), S.One)


def _whole_layer(goal: Goal, form: Form) -> Form | None:
    """The column of the goal's entries, or a block of two gradients, in matrix form."""
    match form:
        case Stacked(Transposed(Column(top, across)), Matrix(bottom, row, _)):
            return vectorise.stacked(top, bottom, row, across)
    return vectorise.column(_entry_of(goal, form), _row(goal))


def _derivative(goal: Goal, expression: Expr) -> Expr | None:
    """f'(z) of a known f, as it comes."""
    known = dict(goal.model.functions).get(goal.entry.letter)
    if known is None or expression != goal.entry:
        return None
    (z,) = known.rule.variables
    return known.rule.expr.diff(z).xreplace({z: expression.args[0]})


def _in_own_value(goal: Goal, expression: Expr) -> Expr | None:
    """f'(z) written in f(z), where it can be and is no number."""
    (z,), letter = goal.entry.args, goal.entry.letter
    if not expression.has(z) or expression != _derivative(goal, goal.entry):
        return None
    folded = slope_in_value(dict(goal.model.functions)[letter].rule)
    return None if folded is None else folded(index.scalar_function(letter)(z))


def _unroll(goal: Goal, form: Array) -> Form | None:
    """The errors of layers in a form are replaced by what holds no error any more."""
    known = _closed_errors(goal.model)
    return arrays.put_in(form, lambda column: _known_error(goal.model, known, column))


@lru_cache(maxsize=8)
def _closed_errors(model: Model) -> dict[Expr, Array]:
    """The closed form of every layer's error, by its number."""
    known: dict[Expr, Array] = {}
    for derivation in derive(model, "z"):
        layer, row = derivation.goal.entry.indices
        form = vectorise.column(derivation.value, row)
        if form is None:
            raise errors.CalculusError(f"the error of layer {layer} has no matrix form to unroll")
        known[layer] = arrays.put_in(form, lambda column: _known_error(model, known, column))
    return known


def _known_error(model: Model, known: dict[Expr, Array], column: Column) -> Array | None:
    """The closed form of a column that is the error of a layer."""
    assert model.adjoint is not None
    is_error = index.is_entry(column.expression) and index.name_of(column.expression) == model.adjoint[0]
    return known.get(column.expression.indices[0]) if is_error else None


_PRODUCT = Rule("vectorise", "a sum of products is a product of columns", lambda _, form: vectorise.scalar(form))
_WHOLE = Rule("vectorise", "the entries of a layer stand in a column", _whole_layer)
_NEURON = Rule(
    "vectorise",
    "the bias is one more weight, of an input that is 1",
    lambda goal, form: vectorise.affine_entry(_entry_of(goal, form)),
)
_AFFINE = Rule(
    "vectorise",
    "the biases are one more row of weights",
    lambda goal, form: vectorise.affine(_entry_of(goal, form), _row(goal)),
)
_DEFINITION = Rule("definition", "the model says so", _definition)

DEFINITION_RULES = (_DEFINITION,)
NEURON_RULES = (_DEFINITION, _PRODUCT, _NEURON)
STATE_RULES = (_DEFINITION, _NEURON)
AFFINE_RULES = (_AFFINE, _WHOLE)
LAYER_RULES = (_WHOLE,)
SLOPE_RULES = (
    Rule("differentiate", "the activation is known", _derivative),
    Rule("slope", "the slope is a polynomial in the activation's own value, and proved to be", _in_own_value),
)
ASSUMPTION_RULES = tuple(rule for rule in RULES if rule.name == "assume")
UNROLL_RULES = (Rule("unroll", "the errors of the layers further on are known", _unroll),)


def derive_batch(model: Model, name: str, rules: tuple[Rule, ...] = BATCH_RULES) -> list[Derivation]:
    """The derivative of the objective over all samples by every entry of a parameter (A19).

    Args:
        model: with a batch.
        name: of a parameter.
        rules: what may be used, in order.

    Returns:
        One derivation for each range of layers, from the last to the first; its value has the free indices of the
        parameter, (l, i, j) for a weight.

    Raises:
        CalculusError: the model has one sample only.
        ModelError: the model has no quantity of that name.
    """
    if model.batch is None:
        raise errors.CalculusError("the model has no sum over samples: its loss is unspecified")
    objective = index.Quantity(model.batch.objective).scalar
    goals = [Goal(model, case.entry, case.layers) for case in cases(model, name)]
    return [apply_in_turn(goal, index.Partial(objective, goal.entry), rules) for goal in goals]


def derive(model: Model, name: str, rules: tuple[Rule, ...] = RULES) -> list[Derivation]:
    """The derivative of the objective by every entry of a quantity, step by step, for each range of layers.

    Args:
        model: whose objective is differentiated.
        name: a parameter, an input, or a quantity on the way.
        rules: what may be used, in order.

    Returns:
        One derivation for each range of layers, from the last to the first (A14 before A15); its value has the free
        indices of the quantity, (l, i) for a state: as many entries as the quantity has.

    Raises:
        CalculusError: the definitions ask for something that the rules do not cover.
        ModelError: the model has no quantity of that name.
    """
    return [_derive_goal(Goal(model, case.entry, case.layers), rules) for case in cases(model, name)]


def _derive_goal(goal: Goal, rules: tuple[Rule, ...]) -> Derivation:
    return apply_in_turn(goal, index.Partial(_objective(goal), goal.entry), rules)
