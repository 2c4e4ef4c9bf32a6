"""What is not stated, supposed: the shape of a name that a definition uses, if a usual shape makes it fit.

A text that says ``z^l = W^l a^{l-1} + b^l`` and nothing about shapes means one of a few layouts; the first in which its
definitions fit is taken, and kept. Claims never introduce a name, except the loss that is differentiated.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from sympy import Expr, Function, Integer, Piecewise, Symbol

from symfnn import errors
from symfnn.algebra import index
from symfnn.elaboration.copies import for_samples
from symfnn.elaboration.declarations import SUPPOSED, Ranged, is_layer, profile, unify
from symfnn.elaboration.entries import candidates
from symfnn.elaboration.names import PREFIXES, Mention, is_labelled, without_label
from symfnn.elaboration.reading import blank
from symfnn.elaboration.scope import Profile, Scope, Stated
from symfnn.latex.syntax import Letter, Number, Scripted
from symfnn.model.definitions import Definition
from symfnn.source import Span

_MOST = 80
_MATRICES = frozenset({"W", r"\Theta", "U", "V", r"\theta"})
_SCALARS = frozenset(
    {r"\eta", r"\alpha", r"\lambda", r"\epsilon", r"\varepsilon", r"\mu", r"\gamma", r"\beta", r"\rho"}
)
_LOSSES = frozenset({"C", "J", "L", "E", "F", "I", r"\ell", "loss", "cost", "Loss", "Cost", "error", "Error"})
_OBJECTIVES = frozenset({"C", "J", "L", "E", r"\ell"})
_ONE = Integer(1)


Order: TypeAlias = Callable[[Scope, list[Profile]], list[Profile]]


def _as_usual(_: Scope, found: list[Profile]) -> list[Profile]:
    return found


def supposing(
    scope: Scope, attempt: Callable[[Scope], Scope], ranges: dict[str, Ranged], order: Order = _as_usual
) -> Scope:
    """What a definition makes of a scope, with as many names supposed as it needs.

    Letters of scalar networks come first: ``h_1 = f(w_1 x_1 + b_1)`` has no other sense. A fit in which a column of
    layer l has as many entries as another layer, or an error has several, is taken only if no other fits.

    Args:
        scope: what is known.
        attempt: what is tried.
        ranges: stated beside it.
        order: which of the usual shapes of a name are tried, and in which order.

    Raises:
        MeaningError: of the attempt without any supposition, where none of the usual shapes fits.
    """
    unusual: list[Scope] = []
    try:
        return attempt(scope)
    except errors.MeaningError as trouble:
        span = trouble.span

        def usually(wider: Scope) -> Scope:
            made = attempt(wider)
            if not _is_usual(made):
                unusual.append(made)
                raise errors.MeaningError("wrong-index", "its shape is no usual one", span)
            return made

        found = (
            _after(scope, attempt, _as_numbers, trouble, [_MOST])
            or _after(scope, usually, partial(_wider, ranges, order), trouble, [_MOST])
            or next(iter(unusual), None)
        )
        if found is None:
            raise
        return found


def _is_usual(made: Scope) -> bool:
    """Whether what was defined last has the width of its layer, or is a number if it is an error."""
    known = made.profile(made.definitions[-1].definition.name) if made.definitions else None
    if known is not None and known.letter in _LOSSES and not known.slots:
        return known.rows is None and known.columns is None
    if known is None or not known.is_layered or (known.rows is not None and known.columns is not None):
        return True
    widths = {size for size in (known.rows, known.columns) if size is not None and size.has(index.WIDTH)}
    return widths <= {index.width(index.LAYER)}


def _after(
    scope: Scope,
    attempt: Callable[[Scope], Scope],
    widened: Callable[[Scope, errors.MeaningError], Iterator[Scope]],
    trouble: errors.MeaningError,
    left: list[int],
) -> Scope | None:
    """What an attempt gives when what stopped it is supposed; None where nothing usual helps."""
    for wider in widened(scope, trouble):
        if left[0] <= 0:
            return None
        left[0] -= 1
        try:
            return attempt(wider)
        except errors.MeaningError as further:
            if further.mention is not None and further.mention == trouble.mention:
                continue
            found = _after(wider, attempt, widened, further, left)
            if found is not None:
                return found
    return None


def _wider(ranges: dict[str, Ranged], order: Order, scope: Scope, trouble: errors.MeaningError) -> Iterator[Scope]:
    """The scopes in which what stopped an attempt is supposed: an unknown name, or that an open size is another."""
    copied = _copied(scope, trouble.mention, trouble.span) if isinstance(trouble.mention, Mention) else None
    if copied is not None:
        yield copied
        return
    if trouble.code == "unknown-symbol" and isinstance(trouble.mention, Mention):
        usual = list(shapes(scope, trouble.mention, ranges))
        yield from (scope.with_profile(candidate)[0] for candidate in order(scope, usual))
        return
    yield from (wider for wider, _, _ in with_one_size(scope, trouble))


def _as_numbers(scope: Scope, trouble: errors.MeaningError) -> Iterator[Scope]:
    """The scope in which an unknown small letter with a number below, w_1, or one neuron's out_{h1} is a number.

    Nothing for another name.
    """
    found = trouble.mention
    if trouble.code != "unknown-symbol" or not isinstance(found, Mention) or found.style == "bold" or found.primes:
        return
    is_numbered = bool(found.marks) and all(m.place == "sub" and isinstance(m.content, Number) for m in found.marks)
    is_of_neuron = (is_labelled(found.name) or found.name in scope.single_numbers) and not found.marks
    if (is_numbered and found.name[-1:].islower() and found.name not in scope.applied) or is_of_neuron:
        made = profile(scope, found, {}, is_entry=False)
        if not made.is_layered and made.rows is None and made.columns is None:
            yield scope.with_profile(made)[0]


def with_one_size(scope: Scope, trouble: errors.MeaningError) -> Iterator[tuple[Scope, Symbol, Expr]]:
    """The scope in which an open size is the one that it is met with, with both; nothing where none is open."""
    if trouble.sizes is None:
        return
    for own, other in (trouble.sizes, trouble.sizes[::-1]):
        is_own = isinstance(own, Symbol) and own.name.startswith(SUPPOSED)
        if is_own and isinstance(other, Expr) and other != 1 and index.LAYER not in other.free_symbols:
            yield unify(scope, own, other), own, other
            return


def shapes(scope: Scope, found: Mention, ranges: dict[str, Ranged]) -> Iterator[Profile]:
    """The usual shapes of a name, the most usual first."""
    is_sign = found.name in PREFIXES and not found.marks  # the d of dW and its like are no numbers
    if is_sign or found.primes or found.name in _LOSSES or found.style == "calligraphic":
        return
    if found.name in scope.applied and found.name not in _MATRICES:
        return
    of_one = _of_one_sample(scope, found, ranges)
    if of_one is not None:
        yield of_one
        return
    letters = [mark for mark in found.marks if mark.place == "sub" and isinstance(mark.content, Letter | Scripted)]
    components = [mark for mark in letters if not is_layer(scope, mark.content)]
    base = profile(scope, found, ranges, is_entry=bool(components))
    if base.is_layered:
        base = replace(base, layers=_supposed_layers(scope, base.layers))
    count = len(components) or scope.components.get(found.name) or scope.components.get(found.name.swapcase(), 0)
    yield from _batches(scope, base)
    if found.name in _SCALARS and not components:
        yield base
    elif count == 2 or (not components and found.name in _MATRICES and not (count == 1 and found.name == r"\theta")):
        yield from _matrices(scope, base)
    else:
        yield from _vectors(scope, base)


def _batches(scope: Scope, base: Profile) -> Iterator[Profile]:
    """A capital letter, where the small one is a vector that is defined: the vectors of all samples, lying alike."""
    defined = {stated.definition.name for stated in scope.definitions}
    alike = [p for p in scope.named(base.letter.swapcase()) if p.axes == 1 and p.name in defined]
    if len(base.letter) > 1 or not base.letter.isupper():
        return
    for one in alike:
        if one.samples is None and one.is_layered == base.is_layered:
            size = next(iter(_counts(scope)), Symbol(f"{SUPPOSED}samples", integer=True, positive=True))
            rows, columns = (size, one.columns) if one.rows is None else (one.rows, size)
            yield replace(base, rows=rows, columns=columns, is_firm=True)


def _counts(scope: Scope) -> list[Expr]:
    """The sizes that count samples: by a sum over them, or beside a layer's width in the shape of an array."""
    found = [*scope.batch, *scope.numbers.values()]
    shaped = [(p.rows, p.columns) for p in reversed(scope.profiles) if p.axes == 2]
    wide = [[size for size in pair if size is not None and not size.has(index.WIDTH)] for pair in shaped]
    return found + [pair[0] for pair in wide if len(pair) == 1]


def _supposed_layers(scope: Scope, mentioned: index.Range | None) -> index.Range:
    """All layers of the network, and those of the mention: ``a^{(l-1)}`` for l = 1, …, L does not end before L."""
    first, last = Integer(scope.first_layer), index.DEPTH
    if mentioned is None or mentioned[0] == mentioned[1]:
        return first, last
    return min(first, mentioned[0], key=index.leading), max(last, mentioned[1], key=index.leading)


def is_weight(scope: Scope, found: Mention) -> bool:
    """Whether a name is usual for a matrix, or is written with two indices."""
    letters = [mark for mark in found.marks if mark.place == "sub" and isinstance(mark.content, Letter | Scripted)]
    components = [mark for mark in letters if not is_layer(scope, mark.content)]
    return len(components) == 2 or (not components and found.name in _MATRICES)


def _of_one_sample(scope: Scope, found: Mention, ranges: dict[str, Ranged]) -> Profile | None:
    """A name with the number of a sample, of which the shape is known without."""
    made = profile(scope, found, ranges, is_entry=False)
    if made.samples is None:
        return None
    for known in scope.named(found.name):
        if known.samples is None and known.is_layered == made.is_layered:
            layers = known.layers or made.layers
            return replace(made, rows=known.rows, columns=known.columns, layers=layers, is_firm=known.is_firm)
    return None


def _matrices(scope: Scope, base: Profile) -> Iterator[Profile]:
    """Rows are outputs or inputs; W^{(l)} leads to layer l or away from it."""
    here, before, after = (index.width(index.LAYER + step) for step in (0, -1, 1))
    if base.is_layered:
        for rows, columns in ((here, before), (after, here), (before, here), (here, after)):
            yield replace(base, rows=rows, columns=columns, is_firm=True)
        return
    yield replace(base, rows=_own(scope, base.name, "rows"), columns=_own(scope, base.name, "columns"))


def _own(scope: Scope, name: str, axis: str) -> Expr:
    """A size that nothing else has, until something says which one it is."""
    del scope
    return Symbol(f"{SUPPOSED}{axis} of {name}", integer=True, positive=True)


def _vectors(scope: Scope, base: Profile) -> Iterator[Profile]:
    """Columns before rows, or rows before columns where those of the text are, of the layer's width or any other."""
    sizes = [_own(scope, base.name, "entries")]
    if base.is_layered:
        sizes = [index.width(index.LAYER + step) for step in (0, 1)]
    for is_row in (scope.are_rows, not scope.are_rows):
        for size in sizes:
            shape = (None, size) if is_row else (size, None)
            yield replace(base, rows=shape[0], columns=shape[1], is_firm=base.is_layered)
    if not base.is_layered:
        yield base


def is_loss(found: Mention) -> bool:
    """Whether a name is a usual one for a loss."""
    return without_label(found.name).split("/")[0] in _LOSSES or found.style == "calligraphic"


def introduced(scope: Scope, found: Mention, span: Span) -> Scope | None:
    """The scope in which a name is what it is for one sample, or an objective of which nothing is stated.

    None where the name can be neither.
    """
    return _copied(scope, found, span) or supposed_loss(scope, found, span)


def _copied(scope: Scope, found: Mention, span: Span) -> Scope | None:
    """The scope in which a name is for each sample what it is for one; None for the objective of a row of a batch."""
    loss = supposed_loss(scope, found, span) if is_loss(found) and found.marks else None
    is_of_batch = loss is not None and any(len(array) > 2 for array in loss.definitions[-1].definition.value.arrays)
    return None if is_of_batch else for_samples(scope, found)


def supposed_loss(scope: Scope, found: Mention, span: Span) -> Scope | None:
    """The scope with an unspecified loss of the last outputs, of one sample where it is written with its number.

    None where the name is no usual one for a loss.
    """
    if found.primes or (found.name not in _LOSSES and found.style != "calligraphic"):
        return None
    made = Profile(found.name, found.name)
    if found.marks:
        made = profile(scope, found, {}, is_entry=False)
        if [slot.role for slot in made.slots] != ["sample"] and not is_named_objective(found, made):
            return None
    outputs = _outputs(scope, is_of_one=made.samples is None)
    if outputs is None:
        return None
    scope, made = scope.with_profile(replace(made, has_arguments=True, is_firm=not made.slots))
    slots = made.quantity.slots
    entry = made.quantity[slots] if slots else made.quantity.scalar
    name = (made.quantity.scalar, *slots) if slots else made.quantity.scalar
    value = index.Unspecified(name, _of_sample(scope, outputs, made))
    scope = scope.with_definition(Stated(Definition(entry, value), span, 0))
    return replace(scope, supposed=scope.supposed | {made.name})


def is_named_objective(found: Mention, made: Profile) -> bool:
    """Whether a name is that of one objective among several, such as C_0 or J_{MLE}."""
    is_usual = found.name in _OBJECTIVES or found.style == "calligraphic"
    return is_usual and all(slot.role == "name" for slot in made.slots)


def _of_sample(scope: Scope, outputs: tuple[Expr, ...], loss: Profile) -> tuple[Expr, ...]:
    """The outputs for the sample that a loss is of, where they have an axis along the samples; else all of them."""
    known = scope.profile(str(outputs[0]))
    if known is None or loss.samples is None:
        return outputs
    sizes = [size for size in (known.rows, known.columns, known.samples) if size is not None]
    if loss.samples not in sizes:
        return outputs
    along = len(sizes) - 1 - sizes[::-1].index(loss.samples)
    (sample,) = loss.quantity.slots
    return (*outputs, *(sample if place == along else index.ALL for place in range(along + 1)))


def unsupposed(scope: Scope, found: Mention) -> Scope | None:
    """The scope without what was only supposed of an objective; None where nothing was of one that is written so."""
    known = (meant for meant, _ in candidates(blank(scope), found, is_exact=True))
    name = next((meant.name for meant in known if isinstance(meant, Profile)), "")
    if name not in scope.supposed:
        return None
    own = [stated.definition for stated in scope.definitions if stated.definition.name == name]
    if any(isinstance(definition.value, index.Partial) for definition in own):
        return None  # its sign says what it is
    rest = tuple(stated for stated in scope.definitions if stated.definition.name != name)
    return replace(scope, definitions=rest, supposed=scope.supposed - {name})


def _outputs(scope: Scope, *, is_of_one: bool) -> tuple[Expr, ...] | None:
    """The array that comes last in the network: an activation at the last layer, or the vector that nothing uses.

    The outputs of one sample come before those of a batch, where a loss is of one.
    """
    found = list(_ends(scope))
    vectors = [end for end in found if (known := scope.profile(str(end[0]))) is not None and known.axes == 1]
    return next(iter(vectors if is_of_one and vectors else found), None)


def _ends(scope: Scope) -> Iterator[tuple[Expr, ...]]:
    """What may come last in the network, the latest first."""
    for stated in reversed(scope.definitions):
        definition = stated.definition
        known = scope.profile(definition.name)
        if known is None or known.axes == 0 or known.copy_of or definition.value.has(index.Partial):
            continue
        is_used = any(
            definition.name in _names(other.definition.value) for other in scope.definitions if other is not stated
        )
        label = definition.entry.base.label
        if known.is_layered:
            if (
                definition.layers is not None
                and definition.layers[1] == index.DEPTH
                and not _is_affine(definition.value)
            ):
                yield (label, index.DEPTH)
            continue
        if not is_used:
            yield (label,)


def _is_affine(value: Expr) -> bool:
    """Whether a value is a weighted sum, not an activation."""
    return not value.atoms(Function) and not value.has(Piecewise, index.Unspecified)


def _names(expression: Expr) -> set[str]:
    arrays = {str(array[0]) for node in expression.atoms(index.Unspecified) for array in node.arrays}
    return arrays | {index.name_of(entry) for entry in index.entries(expression)}
