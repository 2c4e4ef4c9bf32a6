"""Laws of the index language on expressions made by chance."""

from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Mul, Sum

from symfnn.algebra import index, normal
from symfnn.algebra.arrays import lower
from symfnn.api import derive, feedforward, replay
from symfnn.calculus import vectorise
from symfnn.model import activations

i, j, n, layer = (index.index(name) for name in "ijnl")
W = index.Quantity("w", (i, j), ((Integer(1), n), (Integer(1), n)))
V = index.Quantity("v", (i,), ((Integer(1), n),))
f = index.scalar_function("f")

# a factor by the places of its letters: 0 is the free letter i, 1 and 2 are bound
FACTORS = st.one_of(
    st.tuples(st.just("w"), st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("v"), st.integers(0, 2)),
    st.tuples(st.just("f"), st.integers(0, 2)),
)
TERMS = st.lists(FACTORS, min_size=1, max_size=4)


def factor(shape, letters):
    name, *places = shape
    chosen = [letters[place] for place in places]
    if name == "f":
        return f(V[chosen[0]])
    return W[tuple(chosen)] if name == "w" else V[chosen[0]]


def term(shapes):
    """The product of the factors, summed over its two bound letters."""
    first, second = index.fresh("k"), index.fresh("q")
    body = Mul(*(factor(shape, (i, first, second)) for shape in shapes))
    return index.bind(body, [(first, Integer(1), n), (second, Integer(1), n)])


@given(st.lists(TERMS, min_size=1, max_size=3), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_normal_form_does_not_see_names_nor_order(shapes, random):
    shuffled = [random.sample(factors, len(factors)) for factors in random.sample(shapes, len(shapes))]
    swapped = [[(name, *((0, 2, 1)[p] for p in places)) for name, *places in factors] for factors in shuffled]
    expression, other = sum(map(term, shapes)), sum(map(term, swapped))
    assert normal.normal_form(expression) == normal.normal_form(other)
    assert normal.normal_form(expression) == normal.normal_form(index.refresh(expression))
    assert normal.equal(expression, other)


@given(TERMS, st.sampled_from([Integer(2), 3 * V[1], W[1, 2]]))
@settings(max_examples=40, deadline=None)
def test_what_is_added_is_seen(shapes, other):
    expression = term(shapes)
    assert not normal.equal(expression + other, expression)


@given(TERMS)
@settings(max_examples=60, deadline=None)
def test_substitution_does_not_capture(shapes):
    """A bound letter put for a free one stays free: the sum does not catch it."""
    expression = term(shapes)
    bound = [letter for total in expression.atoms(Sum) for letter in total.variables] or [j]
    for letter in bound:
        moved = index.substitute(expression, {i: letter})
        assert letter in moved.free_symbols or i not in expression.free_symbols
        assert normal.equal(index.substitute(moved, {letter: i}), expression)


@given(st.lists(TERMS, min_size=1, max_size=2))
@settings(max_examples=60, deadline=None)
def test_a_matrix_form_has_the_entries_that_it_was_made_from(shapes):
    expression = sum(map(term, shapes))
    form = vectorise.column(expression, i)
    if form is not None:
        assert normal.equal(lower(form, i, Integer(1)), expression)
        assert normal.equal(lower(form, j, Integer(1)), index.substitute(expression, {i: j}))


NAMES = (None, *activations.NAMES)


@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=4),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from([None, "half-squared-error", "cross-entropy", "absolute-error", "huber"]),
)
@settings(max_examples=25, deadline=None)
def test_every_derivation_replays(widths, hidden, output, loss):
    model = feedforward(widths, [hidden, output], loss)
    for name in ("z", "w", "b", "x"):
        assert all(replay(found) for found in derive(model, name))
