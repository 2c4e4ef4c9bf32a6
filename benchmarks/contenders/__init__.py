"""Who takes part in ``benchmarks/export.py``: each makes a function that evaluates loss and gradient of one case."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass(frozen=True)
class Case:
    """One network, with its data.

    Attributes:
        widths: of its layers.
        batch: the number of samples.
        model: ``"sigmoid"`` with cross-entropy, or ``"relu"`` with a softmax and its cross-entropy.
        dtype: ``"float64"`` or ``"float32"``.
    """

    widths: tuple[int, ...]
    batch: int
    model: str
    dtype: str

    @property
    def name(self):
        widths = self.widths
        if len(widths) > 4 and len(set(widths)) == 1:
            return f"{len(widths)} layers of {widths[0]} ({self.batch})"
        return f"{'-'.join(map(str, widths))} ({self.batch})"

    @property
    def is_tiny(self):
        return max(self.widths) <= 8

    def is_worth_compiling(self):
        """Whether torch.compile, which takes seconds, is measured; single numbers cost it the same in both types."""
        return self.dtype == "float64" or not self.is_tiny

    def arrays(self):
        """Theta with the biases in row 0, inputs, and targets: of one class each, or of independent outputs."""
        rng = np.random.default_rng(0)
        theta = [(rng.normal(size=(p + 1, q)) / np.sqrt(p)).astype(self.dtype) for p, q in pairwise(self.widths)]
        inputs = rng.normal(size=(self.batch, self.widths[0])).astype(self.dtype)
        outputs = self.widths[-1]
        if self.model == "relu":
            targets = np.eye(outputs)[rng.integers(0, outputs, self.batch)]
        else:
            targets = rng.integers(0, 2, (self.batch, outputs))
        return theta, inputs, targets.astype(self.dtype)

    def parts(self):
        """Weights, biases, inputs and targets, each an array of its own."""
        theta, inputs, targets = self.arrays()
        return [part[1:].copy() for part in theta], [part[0].copy() for part in theta], inputs, targets


@dataclass(frozen=True)
class Contender:
    """One way to a gradient.

    Attributes:
        name: as the table has it.
        make: gives ``(run, read)``: ``read(run())`` is the objective and the gradients as NumPy arrays.
        is_for: whether a case is worth its time.
        library: what it imports.
    """

    name: str
    make: Callable
    is_for: Callable = lambda case: True
    library: str = ""


def stacked(weights, biases):
    """The gradients of weights and biases in the shape of theta."""
    return [np.vstack([np.asarray(b)[None], np.asarray(w)]) for w, b in zip(weights, biases, strict=True)]
