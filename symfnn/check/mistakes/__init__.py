"""The catalogue of mistakes, the likeliest first; each is one file with its explanation and its examples."""

from collections.abc import Iterator
from typing import Final

from symfnn.check.mistakes import (
    extra_slope,
    extra_sum,
    hadamard_for_product,
    layer_as_sample,
    lost_bias_sum,
    lost_factor,
    lost_slope,
    lost_sum,
    misplaced_slope,
    missing_term,
    product_for_hadamard,
    shifted_layer,
    softmax_elementwise,
    swapped_factors,
    swapped_indices,
    transposed_factor,
    value_for_slope,
    wrong_index,
    wrong_loss_derivative,
    wrong_sign,
    wrong_variable,
)
from symfnn.check.mistakes.mistake import NOTHING, Mistake, Surroundings
from symfnn.latex.syntax import Node

CATALOGUE: Final[tuple[Mistake, ...]] = (
    transposed_factor.MISTAKE,
    wrong_sign.MISTAKE,
    value_for_slope.MISTAKE,
    misplaced_slope.MISTAKE,
    swapped_indices.MISTAKE,
    product_for_hadamard.MISTAKE,
    hadamard_for_product.MISTAKE,
    shifted_layer.MISTAKE,
    swapped_factors.MISTAKE,
    layer_as_sample.MISTAKE,
    extra_sum.MISTAKE,
    lost_slope.MISTAKE,
    extra_slope.MISTAKE,
    lost_sum.MISTAKE,
    lost_factor.MISTAKE,
    lost_bias_sum.MISTAKE,
    wrong_index.MISTAKE,
    wrong_loss_derivative.MISTAKE,
    softmax_elementwise.MISTAKE,
    wrong_variable.MISTAKE,
    missing_term.MISTAKE,
)

# of which two at once are looked for, the likeliest pairs first
PAIRS: Final[tuple[tuple[Mistake, Mistake], ...]] = (
    (wrong_sign.MISTAKE, lost_factor.MISTAKE),
    (lost_bias_sum.MISTAKE, lost_factor.MISTAKE),
    (transposed_factor.MISTAKE, value_for_slope.MISTAKE),
    (transposed_factor.MISTAKE, wrong_sign.MISTAKE),
    (transposed_factor.MISTAKE, lost_factor.MISTAKE),
    (transposed_factor.MISTAKE, shifted_layer.MISTAKE),
    (transposed_factor.MISTAKE, product_for_hadamard.MISTAKE),
    (wrong_sign.MISTAKE, value_for_slope.MISTAKE),
    (lost_slope.MISTAKE, wrong_sign.MISTAKE),
    (lost_slope.MISTAKE, lost_factor.MISTAKE),
)
# what was written for something else, without more or less of it
RENAMING: Final[tuple[Mistake, ...]] = (
    swapped_indices.MISTAKE,
    shifted_layer.MISTAKE,
    layer_as_sample.MISTAKE,
    wrong_index.MISTAKE,
    wrong_variable.MISTAKE,
)


def diagnoses(side: Node, around: Surroundings = NOTHING) -> Iterator[tuple[Mistake, Node]]:
    """Every repair of a side that the catalogue proposes, the likeliest mistake first; none is checked yet."""
    for mistake in CATALOGUE:
        for repaired in mistake.repairs(side, around):
            yield mistake, repaired
