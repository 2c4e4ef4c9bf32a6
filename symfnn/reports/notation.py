"""The derivation in any notation: from its definitions, in its symbols."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import final

from sympy import Expr, S

from symfnn import errors
from symfnn.algebra import index
from symfnn.algebra.arrays import Column
from symfnn.calculus import vectorise
from symfnn.calculus.adjoint import uses
from symfnn.calculus.rules import RULES, derive
from symfnn.check import oracle
from symfnn.check.claims import Claim
from symfnn.derivation.steps import Derivation, Goal, Rule
from symfnn.elaboration.claims import model_of
from symfnn.elaboration.scope import Profile
from symfnn.model.definitions import Definition, Model
from symfnn.notations.opening import everything, given, opened, unread
from symfnn.rendering.symbols import SymbolPrinter, Symbols, symbols_of
from symfnn.rendering.wholes import has_whole, turned, whole
from symfnn.reports.document import Block, Document, Formula, Heading, Link, Notation, Paragraph
from symfnn.reports.words import LANGUAGES, Words

_PATIENCE = 5.0  # seconds for the test of one result
_HIDDEN = "the adjoint of "


@final
@dataclass(frozen=True, slots=True)
class _Named:
    """A name for a derivative of the objective: ``name = factor * ∂J/∂of``."""

    name: str
    of: str
    factor: Expr


@final
@dataclass(frozen=True, slots=True)
class _Writer:
    """Formulas of one notation's model.

    Attributes:
        model: without the names of derivatives among its definitions.
        symbols: of the notation.
        names: of derivatives.
        words: of one language.
        rules: of the calculus, the names of this notation among them.
    """

    model: Model
    symbols: Symbols
    names: tuple[_Named, ...]
    words: Words
    rules: tuple[Rule, ...]

    @property
    def objective(self) -> Expr:
        """The scalar that is differentiated."""
        return self.model.quantity(self.model.objective).scalar

    def text(self, expression: Expr) -> str:
        """A formula of entries."""
        return SymbolPrinter(self.model, self.symbols).text(expression)

    def profile(self, name: str) -> Profile:
        """How a quantity is written."""
        found = self.symbols.scope.profile(name)
        assert found is not None, name
        return found

    def lettered(self, entry: Expr) -> dict[Expr, Expr]:
        """The notation's letters for the components of a left side."""
        if not index.is_entry(entry):
            return {}
        profile = self.profile(index.name_of(entry))
        places = list(entry.indices)[1 if profile.is_layered else 0 :]
        letters = (*self.symbols.letters(profile), "i")
        return {place: index.index(letter) for place, letter in zip(places, letters, strict=False) if place.is_Symbol}

    def reason(self, rule: str) -> str:
        """Why, in words."""
        return self.words.reasons[rule]

    def domain(self, layers: index.Range | None) -> str:
        """The layers as l = 2, …, L; nothing for one fixed layer."""
        if layers is None or layers[0] == layers[1]:
            return ""
        low, high = (SymbolPrinter(self.model, self.symbols).compact(bound) for bound in layers)
        return rf"{self.symbols.scope.layer_letter} = {low}, \dots, {high}"


def notation_document(named: str | Path, language: str = "en") -> Document:
    """Everything that is derived from a notation's definitions.

    Args:
        named: a notation or a file; sections of it behind `` / ``.
        language: ``"en"`` or ``"zh"``.

    Raises:
        ModelError: the notation is unknown, or states nothing that could be differentiated.
        CalculusError: its definitions ask for something that the rules do not cover.
    """
    writer = _writer(named, LANGUAGES[language])
    blocks = (Notation(str(named)), *_definitions(writer), *_derivatives(writer))
    return Document(writer.words.title, language, blocks)


def _writer(named: str | Path, words: Words) -> _Writer:
    statements = given(named)
    lost = unread(statements)
    if lost:
        raise errors.ModelError(f"{named} cannot be derived from: it is not understood what {lost[0]} states")
    scope = opened(statements, [])
    model = model_of(scope)
    if not model.objective:
        raise errors.ModelError(f"{named} defines no scalar that could be differentiated")
    symbol = model.quantity(model.objective).scalar
    names = tuple(found for d in model.definitions if (found := _named(symbol, d)) is not None)
    plain = tuple(d for d in model.definitions if not d.value.has(index.Partial))
    model = _with_adjoint(_needed(replace(model, definitions=plain)), names)
    rules = tuple(_rule(rule, names) for rule in RULES)
    return _Writer(model, symbols_of(scope, everything(named)), names, words, rules)


def _needed(model: Model) -> Model:
    """The model without what its objective does not depend on, such as the batch beside one sample."""
    values: dict[str, list[Expr]] = {}
    for definition in model.definitions:
        values.setdefault(definition.name, []).append(definition.value)
    seen: set[str] = set()
    waiting = [model.objective]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += [used for value in values.get(name, ()) for used in _names(value)]
    return replace(model, definitions=tuple(d for d in model.definitions if d.name in seen))


def _names(expression: Expr) -> set[str]:
    arrays = {str(array[0]) for node in expression.atoms(index.Unspecified) for array in node.arrays}
    scalars = {symbol.name for symbol in expression.free_symbols if symbol.is_Symbol and not symbol.is_integer}
    return arrays | scalars | {index.name_of(entry) for entry in index.entries(expression)}


def _named(objective: Expr, definition: Definition) -> _Named | None:
    """The name for a derivative that a definition gives; None for any other definition."""
    found = list(definition.value.atoms(index.Partial))
    if len(found) != 1 or found[0].args[0] != objective or not index.is_entry(found[0].args[1]):
        return None
    factor = definition.value / found[0]
    if factor.has(index.Partial) or index.indices_of(found[0].args[1]) != index.indices_of(definition.entry):
        return None
    return _Named(definition.name, index.name_of(found[0].args[1]), factor)


def _with_adjoint(model: Model, names: tuple[_Named, ...]) -> Model:
    """The model with the quantity at which the recursion stops: the state of a layer."""
    parameters = set(_parameters(model, names))
    layered = {name for name in parameters if model.quantity(name).layered}
    uses_of = {d.name: _names(d.value) for d in model.definitions if model.quantity(d.name).slots}
    states = [name for name, used in uses_of.items() if used & parameters]
    if not states:
        raise errors.ModelError("no definition uses what is given: there is nothing to differentiate by")
    named = [name for name in states if any(one.of == name for one in names)] or states
    of = max(reversed(named), key=lambda name: len(uses_of[name] & layered))
    plain = next((one for one in names if one.of == of and one.factor == 1), None)
    if plain is not None:
        return replace(model, adjoint=(plain.name, of))
    hidden = replace(model.quantity(of), name=_HIDDEN + of)
    return replace(model, quantities=(*model.quantities, hidden), adjoint=(hidden.name, of))


def _parameters(model: Model, names: tuple[_Named, ...]) -> list[str]:
    """What is given and enters a layer: weights, biases and the input, the targets not among them."""
    defined = {d.name for d in model.definitions} | {one.name for one in names}
    used: dict[str, None] = {}
    for definition in model.definitions:
        axes = model.quantity(definition.name)
        if len(axes.slots) > axes.layered + axes.per_sample:
            used |= {index.name_of(entry): None for entry in index.entries(definition.value)}
    return [name for name in used if name not in defined]


def _rule(rule: Rule, names: tuple[_Named, ...]) -> Rule:
    """A rule of the calculus as it is for this notation."""
    if rule.name == "slope":
        return replace(rule, apply=lambda goal, expression: _slope(rule, goal, expression))
    if rule.name != "name":
        return rule
    return replace(rule, apply=lambda goal, expression: _by_names(names, goal, expression))


def _by_names(names: tuple[_Named, ...], goal: Goal, expression: Expr) -> Expr | None:
    """Derivatives of the objective by the names that the notation has for them."""
    known = {one.of: one for one in names}
    objective = goal.model.quantity(goal.model.objective).scalar
    found = {}
    for node in expression.atoms(index.Partial):
        one = known.get(index.name_of(node.args[1]))
        if one is not None and node.args[0] == objective and node.args[1] != goal.entry:
            found[node] = goal.model.quantity(one.name)[index.indices_of(node.args[1])] / one.factor
    return expression.xreplace(found) if found else None


def _slope(rule: Rule, goal: Goal, expression: Expr) -> Expr | None:
    """The slope in the activation's value, where functions are taken of states alone."""
    taken = (node.args[0] for node in expression.atoms(index.ScalarFunction))
    return rule.apply(goal, expression) if all(index.is_entry(state) for state in taken) else None


def _definitions(w: _Writer) -> Iterator[Block]:
    """What is derived from."""
    yield Heading(w.words.forward)
    for definition in w.model.definitions:
        letters = w.lettered(definition.entry)
        value = index.substitute(definition.value, letters)
        left = w.text(definition.entry.xreplace(letters))
        link = Link(w.text(value), "definition", w.reason("definition"))
        yield Formula("", left, None, (link,), w.domain(definition.layers))


def _derivatives(w: _Writer) -> Iterator[Block]:
    """The errors of the layers, then the gradients."""
    yield Heading(w.words.backward)
    assert w.model.adjoint is not None
    state = w.model.adjoint[1]
    named = [one.of for one in w.names if one.of != state and one.of in {d.name for d in w.model.definitions}]
    ordered = [state, *(name for name in named if uses(w.model, _any(w.model, name)))]
    yield Paragraph(w.words.backward_text)
    for name in ordered:
        yield from _named_formula(w, name)
        yield from _formulas(w, name)
    parameters = _parameters(w.model, w.names)
    yield Paragraph(w.words.recursion_text)
    for name in parameters:
        yield from _named_formula(w, name)
        yield from _formulas(w, name)


def _any(model: Model, name: str) -> Expr:
    quantity = model.quantity(name)
    return quantity[quantity.slots] if quantity.slots else quantity.scalar


def _named_formula(w: _Writer, name: str) -> Iterator[Block]:
    """What a name for a derivative stands for."""
    one = next((one for one in w.names if one.of == name), None)
    if one is None:
        return
    entry = _any(w.model, name)
    letters = w.lettered(entry)
    entry = entry.xreplace(letters)
    value = one.factor.xreplace(letters) * index.Partial(w.objective, entry)
    left = w.model.quantity(one.name)[index.indices_of(entry)] if index.is_entry(entry) else entry
    quantity = w.model.quantity(one.name)
    layers = quantity.ranges[0] if quantity.layered else None
    link = Link(w.text(value), "definition", w.reason("definition"))
    yield Formula("", w.text(left), None, (link,), w.domain(layers))


def _formulas(w: _Writer, name: str) -> Iterator[Block]:
    """The derivative by a quantity, by entries and, where it has one, in matrix form."""
    one = next((one for one in w.names if one.of == name), None)
    factor = S.One if one is None else one.factor
    for found in derive(w.model, name, w.rules):
        if not found.steps:
            continue
        _require_true(w, found)
        letters = w.lettered(found.goal.entry)
        left = _left(w, found, one)
        links = [
            Link(w.text(factor * index.substitute(step.after, letters)), step.rule.name, _reason(w, step.rule.name))
            for step in found.steps
        ]
        yield Formula("", w.text(left.xreplace(letters)), found, tuple(links), w.domain(found.goal.layers))
        form = _whole(w, left, factor * found.value, found.goal.entry)
        if form is not None:
            link = Link(form[1], "vectorise", w.reason("vectorise"))
            yield Formula("", form[0], found, (link,), w.domain(found.goal.layers))


def _require_true(w: _Writer, found: Derivation) -> None:
    """That the oracle does not refute a result: rules that were written for chains of layers may miss a road.

    Raises:
        CalculusError: it does.
    """
    goal = found.goal
    start = index.Partial(w.objective, goal.entry)
    model, value = _checked_model(w), found.value
    ranges = tuple(
        (letter, bounds) for letter, bounds in goal.ranges.items() if letter.is_Symbol and letter != index.DEPTH
    )
    try:
        outcome = oracle.refute(Claim(model, start, value, ranges), tries=2, deadline=time.monotonic() + _PATIENCE)
    except errors.OracleError:
        return
    if isinstance(outcome, oracle.Difference):
        entry = w.text(goal.entry.xreplace(w.lettered(goal.entry)))
        raise errors.CalculusError(f"the derivative by {entry} is not covered by the rules of a derivation")


def _checked_model(w: _Writer) -> Model:
    """The model with the names of derivatives as definitions, for the oracle."""
    made = []
    for one in w.names:
        quantity = w.model.quantity(one.name)
        by = w.model.quantity(one.of)[quantity.slots] if quantity.slots else w.model.quantity(one.of).scalar
        layers = quantity.ranges[0] if quantity.layered else None
        made.append(Definition(quantity[quantity.slots], one.factor * index.Partial(w.objective, by), layers))
    return replace(w.model, definitions=(*w.model.definitions, *made))


def _left(w: _Writer, found: Derivation, one: _Named | None) -> Expr:
    entry = found.goal.entry
    if one is None:
        return index.Partial(w.objective, entry)
    return w.model.quantity(one.name)[index.indices_of(entry)]


def _reason(w: _Writer, rule: str) -> str:
    """The words for a rule, with the notation's own names for derivatives."""
    defined = {d.name for d in w.model.definitions}
    letters = {w.profile(one.name).letter: None for one in w.names if one.of in defined}
    return w.reason(rule).replace(r"$\delta$", ", ".join(f"${letter}$" for letter in letters))


def _whole(w: _Writer, left: Expr, value: Expr, entry: Expr) -> tuple[str, str] | None:
    """Both sides in matrix form; None where one has none."""
    profile = w.profile(index.name_of(entry)) if index.is_entry(entry) else None
    if profile is None or profile.rows is None or profile.samples is not None:
        return None
    defined = {d.name for d in w.model.definitions}
    if not has_whole(value, w.symbols, defined) or not has_whole(left, w.symbols, defined) or _is_open(value):
        return None
    places = list(entry.indices)[1 if profile.is_layered else 0 :]
    made = (
        vectorise.column(turned(value, w.symbols), places[0])
        if len(places) == 1
        else vectorise.matrix(turned(value, w.symbols), *places)
    )
    shown = None if made is None else whole(w.model, w.symbols, made)
    target = whole(w.model, w.symbols, Column(left, places[0]))
    return None if shown is None or target is None else (target, shown)


def _is_open(value: Expr) -> bool:
    """Whether a derivative by something else than one entry is left, which has no form as a whole."""
    return any(not index.is_entry(node.args[1]) for node in value.atoms(index.Partial))
