"""Every target × activation × loss × regulariser against PyTorch's and JAX's own automatic differentiation.

python benchmarks/agreement.py [--every N] prints the worst relative error of each target, over random shapes, with
moderate and with large inputs; an error is relative to the largest entry of its array.
"""

import argparse
import sys
import time
import warnings
from itertools import pairwise, product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import jax
import numpy as np
import torch
from framework_reference import JAX, TORCH, loss, predict, quickly, worst

import symfnn
from symfnn.export.targets import module

WHAT = ("input", "jvp", "vjp", "hvp")
TARGETS = ("numpy", "jax", "torch", "array-api")


def networks():
    for activation, kind, regularizer in product(symfnn.ACTIVATIONS, symfnn.LOSSES, (None, *symfnn.REGULARIZERS)):
        output = {"cross-entropy": "sigmoid", "softmax-cross-entropy": "softmax"}.get(kind, activation)
        yield [activation, activation, output], kind, regularizer


def loaded(model, target):
    names = {"__name__": "exported"}
    exec(compile(module(model, target, what=WHAT, has_formulas=False), "exported", "exec"), names)
    return names


def drawn(rng, widths, scale):
    theta = [rng.normal(size=(p + 1, q)) / np.sqrt(p) for p, q in pairwise(widths)]
    m = int(rng.integers(1, 9))
    inputs, targets = scale * rng.normal(size=(m, widths[0])), rng.uniform(size=(m, widths[-1]))
    theta_dot = [rng.normal(size=part.shape) for part in theta]
    return theta, inputs, targets, theta_dot, rng.normal(size=inputs.shape), rng.normal(size=targets.shape)


def converted(array, given):
    return [[array(one) for one in part] if isinstance(part, list) else array(part) for part in given]


def by_module(made):
    def all_of(theta, inputs, targets, theta_dot, inputs_dot, weights):
        return [
            made["loss_and_grad"](theta, inputs, targets),
            [made["input_grad"](theta, inputs, targets)],
            made["jvp"](theta, inputs, theta_dot, inputs_dot),
            made["vjp"](theta, inputs, weights),
            made["hvp"](theta, inputs, targets, theta_dot),
        ]

    return all_of


def by_framework(lib, names, kind, regularizer, strength):
    value, outputs = loss(lib, names, kind, regularizer, strength), predict(lib, names)

    def all_of(theta, inputs, targets, theta_dot, inputs_dot, weights):
        by_theta = lib.derivative(lambda theta: value(theta, inputs, targets))
        return [
            [value(theta, inputs, targets), *by_theta(theta)],
            [lib.derivative(lambda x: value(theta, x, targets))(inputs)],
            lib.jvp(outputs, (theta, inputs), (theta_dot, inputs_dot)),
            lib.vjp(outputs, theta, inputs)[1](weights),
            lib.jvp(by_theta, (theta,), (theta_dot,))[1],
        ]

    return all_of


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="every N-th network; JAX's autodiff for every 4N-th")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(0)
    found = dict.fromkeys((*TARGETS, "JAX against PyTorch"), 0.0)
    start = time.perf_counter()
    chosen = list(networks())[:: given.every]
    for number, (names, kind, regularizer) in enumerate(chosen):
        widths = tuple(int(width) for width in rng.integers(1, 7, size=4))
        model = symfnn.feedforward(widths, names, kind, regularizer, strength=0.3 if regularizer else None)
        modules = {target: loaded(model, target) for target in TARGETS}
        data = [drawn(rng, widths, scale) for scale in (1.0, 300.0)]
        reference = by_framework(TORCH, names, kind, regularizer, 0.3)
        compiled = quickly(by_module(modules["jax"])) if number % 4 == 0 else by_module(modules["jax"])
        own = quickly(by_framework(JAX, names, kind, regularizer, 0.3)) if number % 4 == 0 else None
        for arrays in data:
            wanted = reference(*converted(torch.tensor, arrays))
            results = {
                "numpy": by_module(modules["numpy"])(*arrays),
                "torch": by_module(modules["torch"])(*converted(torch.tensor, arrays)),
                "array-api": by_module(modules["array-api"])(*converted(torch.tensor, arrays)),
                "jax": compiled(*converted(jax.numpy.asarray, arrays)) if own else wanted,
                "JAX against PyTorch": own(*converted(jax.numpy.asarray, arrays)) if own else wanted,
            }
            for name, parts in results.items():
                errors = [worst(part, expected) for part, expected in zip(parts, wanted, strict=True)]
                if max(errors) > 1e-10:
                    print(name, names, kind, regularizer, widths, [f"{error:.0e}" for error in errors], flush=True)
                found[name] = max(found[name], *errors)
    print(f"{len(chosen)} networks, {time.perf_counter() - start:.0f} s; worst relative errors:")
    for name, error in found.items():
        print(f"  {name}: {error:.1e}")


if __name__ == "__main__":
    main()
