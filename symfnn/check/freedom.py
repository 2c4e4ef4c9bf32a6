"""An objective that a text leaves open at a claim, taken for an unspecified function of what lies furthest downstream.

Texts that treat one layer at a time differentiate E by a layer's output y and by its input x, and say no more of E
than that it is computed from y, or have said before what it is in another layer. Then every road from x to E is taken
to lead through y. That is supposed, not stated: under it a claim can be accepted, and never refuted.
"""

from collections.abc import Iterable
from dataclasses import replace

from sympy import Expr, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.check import dependence, oracle
from symfnn.check.claims import Claim
from symfnn.check.closures import names_in
from symfnn.check.oracle import Agreement
from symfnn.check.proof import prove
from symfnn.check.verdicts import Finding, Verdict
from symfnn.model.definitions import Definition, Model


def of_open_objective(claim: Claim, objective: Expr, deadline: float) -> Finding | None:
    """The finding on a claim that stands whatever function of what lies furthest downstream an objective is.

    Args:
        claim: in which the objective is differentiated by something that it does not depend on by the definitions.
        objective: what is differentiated; only a scalar quantity is supposed anything of.
        deadline: on the clock of ``time.monotonic``.

    Returns:
        None where the claim does not stand, or nothing says what lies furthest downstream.
    """
    arrays = _last(claim, objective) if objective.is_Symbol else ()
    if not arrays:
        return None
    value = index.Unspecified(objective, *arrays)
    definitions = (d for d in claim.model.definitions if d.entry != objective)
    supposed = replace(claim, model=replace(claim.model, definitions=(*definitions, Definition(objective, value))))
    return accepted_under(supposed, (alone(objective, map(_array, arrays)),), deadline)


def accepted_under(supposed: Claim, words: tuple[str, ...], deadline: float) -> Finding | None:
    """The finding on a claim that stands under suppositions; None where it does not, or its derivatives are of nothing.

    Args:
        supposed: the claim with what is supposed as definitions of its model.
        words: that say what is supposed.
        deadline: on the clock of ``time.monotonic``.
    """
    if unconnected(supposed.model, (supposed.left, supposed.right)) is not None:
        return None
    try:
        outcome = oracle.refute(supposed, deadline=deadline)
    except errors.OracleError:
        return None
    if not isinstance(outcome, Agreement) or not outcome.nonzero:
        return None
    proof = prove(supposed, deadline=deadline)
    if proof is None:
        return Finding(Verdict.TESTED, assumptions=words)
    return Finding(Verdict.PROVED, assumptions=(*words, *proof.assumptions))


def unconnected(model: Model, sides: Iterable[Expr]) -> tuple[Expr, Expr] | None:
    """A derivative of something by something that it does not depend on by the model's definitions."""
    sides = tuple(sides)
    names = set().union(*(names_in(side) for side in sides))
    values = (definition.value for definition in model.definitions if definition.name in names)
    for side in (*sides, *values):
        for node in sorted(side.atoms(index.Partial), key=str):
            top, by = node.args
            if not _reaches(model, top, index.name_of(by)):
                return top, by
    return None


def _reaches(model: Model, top: Expr, target: str) -> bool:
    """Whether an expression depends on a quantity, by names."""
    return target in behind(_uses(model), names_in(top))


def alone(objective: Expr | str, arrays: Iterable[str]) -> str:
    """That something is taken to be a function of some arrays, in words."""
    return f"{objective} is taken to be a function of {' and '.join(arrays)} alone"


def of_supposed(claim: Claim, supposed: frozenset[str], finding: Finding) -> Finding:
    """The finding with what is supposed of an objective that nothing states; a refutation does not rest on that.

    Args:
        claim: what it is about.
        supposed: names of objectives of which only that is known which derivatives of them are taken.
        finding: accepted or refuted.
    """
    involved = behind(_uses(claim.model), set().union(*(names_in(side) for side in (claim.left, claim.right))))
    open_ones = [d for d in claim.model.definitions if d.name in supposed & involved]
    if not open_ones:
        return finding
    if finding.verdict is Verdict.REFUTED:
        return Finding(Verdict.UNDECIDED, f"nothing states what {open_ones[0].name} is", "no-definition")
    taken = map(_taken, open_ones)
    return replace(finding, assumptions=(*dict.fromkeys(taken), *finding.assumptions))


def _taken(definition: Definition) -> str:
    """What is supposed of an objective, what it depends on or that it is a term of a sum, or of a name's sign."""
    if isinstance(definition.value, index.Partial):
        top, by = definition.value.args
        derivative = f"the derivative of {_letter(str(top))} by {_letter(index.name_of(by))}"
        return f"{_letter(definition.name)} is {derivative}, as its sign says elsewhere"
    if isinstance(definition.value, index.Unspecified):
        return alone(definition.name, map(_array, definition.value.arrays))
    letter = definition.name.rstrip("′")
    return f"{letter} of each sample is taken to be its term in the sum over all of them"


def _letter(name: str) -> str:
    return name.rstrip("′")


def _array(array: Iterable[Expr]) -> str:
    name, *places = array
    letter = str(name).rstrip("′")
    return f"{letter} of the last layer" if index.DEPTH in places else letter


def _uses(model: Model) -> dict[str, set[str]]:
    """For each quantity those that it is computed from."""
    result: dict[str, set[str]] = {}
    for definition in model.definitions:
        result.setdefault(definition.name, set()).update(names_in(definition.value))
    return result


def _last(claim: Claim, objective: Expr) -> tuple[tuple[Expr, ...], ...]:
    """What an objective is taken to be a function of: arrays by name, those with layers at the last one.

    Without layers that is what the claim differentiates it by and no other such array is computed from; with layers,
    what no array of the same layer is computed from. Empty where a road leads around all of them.
    """
    model = claim.model
    by = {index.name_of(node.args[1]) for node in partials_of(claim) if node.args[0] == objective}
    quantities = {quantity.name: quantity for quantity in model.quantities}
    if not by or model.batch is not None or not by | {objective.name} <= quantities.keys():
        return ()
    readers = readers_of(model, objective.name)
    if any(quantities[name].layered for name in by):
        return _outputs(model, readers, behind(readers, by))
    later = {name: behind(readers, {name}) - {name} for name in by}
    found = {name for name in by if not later[name] & by}
    ends = {name for name in behind(readers, by) if not readers.get(name)}
    around = behind({name: more - found for name, more in readers.items()}, by - found)
    return () if (around - found) & ends else tuple((_label(quantities[name]),) for name in sorted(found))


def _outputs(model: Model, readers: dict[str, set[str]], group: set[str]) -> tuple[tuple[Expr, ...], ...]:
    """The one array that comes last in a network with layers: behind all of them, or at the last; else nothing."""
    ends = [name for name in sorted(group) if not readers.get(name) and not model.quantity(name).layered]
    same = {read.name for read in dependence.reads(model) if read.shift == 0 and read.definition.name in group}
    tops = sorted(name for name in group - same if model.quantity(name).layered and _is_to_the_last(model, name))
    if len(ends) == 1 and model.quantity(ends[0]).slots:
        return ((_label(model.quantity(ends[0])),),)
    return ((_label(model.quantity(tops[0])), index.DEPTH),) if not ends and len(tops) == 1 else ()


def _is_to_the_last(model: Model, name: str) -> bool:
    """Whether a quantity is computed in the last layer."""
    layers = [definition.layers for definition in model.definitions if definition.name == name]
    return any(bounds is not None and bounds[1] == index.DEPTH for bounds in layers)


def _label(quantity: index.Quantity) -> Expr:
    return Symbol(quantity.name, real=True)


def partials_of(claim: Claim) -> list[Expr]:
    """The derivatives in a claim, those with a name of their own among them."""
    sides = (claim.left, claim.right)
    names = {index.name_of(entry) for side in sides for entry in index.entries(side)}
    values = [d.value for d in claim.model.definitions if d.name in names]
    return [node for value in (*sides, *values) for node in sorted(value.atoms(index.Partial), key=str)]


def readers_of(model: Model, objective: str) -> dict[str, set[str]]:
    """For each quantity those that are computed from it, but for the objective and all that comes of derivatives."""
    hidden = {objective} | {d.name for d in model.definitions if d.value.has(index.Partial)}
    while True:
        more = {d.name for d in model.definitions if names_in(d.value) & hidden} - hidden
        if not more:
            break
        hidden |= more
    result: dict[str, set[str]] = {}
    for definition in model.definitions:
        for name in names_in(definition.value) if definition.name not in hidden else ():
            result.setdefault(name, set()).add(definition.name)
    return result


def behind(nexts: dict[str, set[str]], names: set[str]) -> set[str]:
    """Everything that some names lead to, themselves included."""
    seen, waiting = set(names), list(names)
    while waiting:
        more = nexts.get(waiting.pop(), set()) - seen
        seen |= more
        waiting += more
    return seen
