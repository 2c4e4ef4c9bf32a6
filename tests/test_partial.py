"""One-step partial derivatives against SymPy's own diff on written-out sums."""

import pytest
from sympy import Integer, Symbol, exp, log, simplify

from symfnn import errors
from symfnn.algebra import index
from symfnn.calculus.partial import partial

i, j, k, p, layer = (index.index(name) for name in "ijkpl")
f = index.scalar_function("f")
ONE = Integer(1)


def layered(name):
    return index.Quantity(name, (layer, i), ((ONE, index.DEPTH), (ONE, index.width(layer))), layered=True)


Z, B = layered("z"), layered("b")
W = index.Quantity(
    "w",
    (layer, i, j),
    ((Integer(2), index.DEPTH), (ONE, index.width(layer)), (ONE, index.width(layer - 1))),
    layered=True,
)


def next_state(neuron):
    return B[layer + 1, neuron] + index.summation(
        lambda n: W[layer + 1, neuron, n] * f(Z[layer, n]), 1, index.width(layer)
    )


def test_state_of_the_next_layer_by_a_state():
    ranges = {p: (ONE, index.width(layer))}
    slope = partial(next_state(k), Z[layer, p], ranges)
    assert slope == W[layer + 1, k, p] * index.scalar_function("f", 1)(Z[layer, p])


def test_state_by_a_weight_keeps_the_delta_of_the_neuron():
    ranges = {p: (ONE, index.width(layer + 1)), j: (ONE, index.width(layer))}
    slope = partial(next_state(p), W[layer + 1, p, j], ranges)
    assert slope == f(Z[layer, j])


def test_an_index_of_another_width_is_refused():
    with pytest.raises(errors.RangeError):
        partial(next_state(k), Z[layer, p], {p: (ONE, index.width(layer + 1))})


@pytest.mark.parametrize("size", [2, 3])
def test_sum_in_a_denominator_and_in_a_logarithm(size):
    def share(neuron):
        return exp(Z[1, neuron]) / index.summation(lambda n: exp(Z[1, n]), 1, index.width(1))

    loss = index.summation(lambda n: -B[1, n] * log(share(n)), 1, index.width(1))
    derived = partial(loss, Z[1, p], {p: (ONE, index.width(1))})
    for neuron in range(1, size + 1):
        left = derived.xreplace({p: Integer(neuron)})
        assert simplify(written(left, size) - written(loss, size).diff(scalar(neuron))) == 0


def scalar(neuron):
    return Symbol(f"z{neuron}", real=True)


def written(expression, size):
    """Sums written out by SymPy, and plain symbols for the entries."""
    finite = expression.xreplace({index.width(1): Integer(size)}).doit()
    values = {Z[1, n]: scalar(n) for n in range(1, size + 1)}
    values |= {B[1, n]: Symbol(f"y{n}", real=True) for n in range(1, size + 1)}
    return finite.xreplace(values)


def test_unspecified_function_gives_an_opaque_partial_only_by_what_it_reads():
    objective = index.Unspecified(Symbol("J", real=True), (Z[1, 1].base.label, index.DEPTH))
    by = Z[index.DEPTH, i]
    assert partial(objective, by, {}) == index.Partial(Symbol("J", real=True), by)
    assert partial(objective, B[index.DEPTH, i], {}) == 0
