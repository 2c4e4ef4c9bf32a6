"""Every target × activation × loss × regulariser against PyTorch's and JAX's own automatic differentiation.

    python benchmarks/export_grid.py [--every N] [--first K] [--targets c jax]

Gradient, input gradient, JVP, VJP and HVP in float64 over random shapes, with moderate inputs and with inputs of some
hundreds. An error is relative to the largest entry of its array. Where a target and PyTorch differ by more than 1e-10,
hundreds of digits decide: a target has failed if it is further from them than that, and ten times further than PyTorch
and JAX are, whose values are rounded too: 1 - a of an activation a near 1 has no more digits than a has left.
JAX's own differentiation, which compiles for seconds, is a column for every fourth network.
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
from exact_reference import derivatives
from framework_reference import JAX, TORCH, loss, numbers, predict

import symfnn
from symfnn.export import array_api_module, c_module, jax_module, numpy_module, torch_module
from symfnn.export.functions import functions
from symfnn.export.targets import module

WHAT = ("input", "jvp", "vjp", "hvp")
NAMES = ("gradient", *WHAT)
MODULES = {"numpy": np.asarray, "array-api": torch.tensor, "torch": torch.tensor, "jax": jax.numpy.asarray}
TARGETS = ("numpy", "workspace", "c", "torch", "array-api", "jax")
LIMIT = 1e-10
# widths and samples; few, because JAX compiles each of its operations for every shape
SHAPES = (((3, 4, 2, 3), 5), ((5, 1, 6, 2), 1), ((1, 3, 3, 2), 4))
QUICK = ("-std=c99", "-O0")


def derive_once():
    """Let the targets print the same functions: deriving them takes longer than what each target does with them."""
    known = {}

    def once(model, strength=None, what=()):
        key = strength, tuple(what)
        if known.get("model") is not model:
            known.clear()
            known["model"] = model
        if key not in known:
            known[key] = functions(model, strength, what)
        return known[key]

    for target in (array_api_module, jax_module, numpy_module, torch_module):
        target.functions = once
    c_module.functions_of = once


def networks():
    for activation, kind, regularizer in product(symfnn.ACTIVATIONS, symfnn.LOSSES, (None, *symfnn.REGULARIZERS)):
        output = {"cross-entropy": "sigmoid", "softmax-cross-entropy": "softmax"}.get(kind, activation)
        yield [activation, activation, output], kind, regularizer
        if kind == "cross-entropy":
            yield [activation, activation, "softmax"], kind, regularizer


def drawn(rng, widths, m, scale):
    theta = [rng.normal(size=(p + 1, q)) / np.sqrt(p) for p, q in pairwise(widths)]
    inputs, targets = scale * rng.normal(size=(m, widths[0])), rng.uniform(size=(m, widths[-1]))
    theta_dot = [rng.normal(size=part.shape) for part in theta]
    return theta, inputs, targets, theta_dot, rng.normal(size=inputs.shape), rng.normal(size=targets.shape)


def converted(array, given):
    return [[array(one) for one in part] if isinstance(part, list) else array(part) for part in given]


def by_functions(loss_and_grad, input_grad, jvp, vjp, hvp):
    def all_of(theta, inputs, targets, theta_dot, inputs_dot, weights):
        return [
            loss_and_grad(theta, inputs, targets),
            [input_grad(theta, inputs, targets)],
            jvp(theta, inputs, theta_dot, inputs_dot),
            vjp(theta, inputs, weights),
            hvp(theta, inputs, targets, theta_dot),
        ]

    return all_of


def by_module(model, target):
    names = {"__name__": "exported"}
    exec(compile(module(model, target, what=WHAT, has_formulas=False), "exported", "exec"), names)
    run = by_functions(*(names[name] for name in ("loss_and_grad", "input_grad", "jvp", "vjp", "hvp")))
    return lambda given: run(*converted(MODULES[target], given))


def by_workspace(model, m):
    names = {"__name__": "exported"}
    text = symfnn.to_numpy(model, has_workspace=True, has_formulas=False)
    exec(compile(text, "exported", "exec"), names)
    workspace = names["Workspace"](m)
    return lambda given: [workspace.loss_and_grad(*given[:3])]


def by_c(model, m):
    compiled = symfnn.load_c(model, batch=m, what=WHAT, flags=QUICK)
    more = compiled.more
    run = by_functions(compiled, more["input_grad"], more["jvp"], more["vjp"], more["hvp"])
    return lambda given: run(*given)


def by_framework(lib, array, names, kind, regularizer, strength):
    value, outputs = loss(lib, names, kind, regularizer, strength), predict(lib, names)

    def all_of(given):
        theta, inputs, targets, theta_dot, inputs_dot, weights = converted(array, given)
        by_theta = lib.derivative(lambda theta: value(theta, inputs, targets))
        return [
            [value(theta, inputs, targets), *by_theta(theta)],
            [lib.derivative(lambda x: value(theta, x, targets))(inputs)],
            lib.jvp(outputs, (theta, inputs), (theta_dot, inputs_dot)),
            lib.vjp(outputs, theta, inputs)[1](weights),
            lib.jvp(by_theta, (theta,), (theta_dot,))[1],
        ]

    return all_of


def by_digits_or(reference, *network_and_data):
    try:
        return derivatives(*network_and_data)
    except ZeroDivisionError:  # 1 - a is 0 in all these digits: the other values have to do
        return reference


def difference(found, wanted):
    """The largest, relative to the largest entry of its array; what is not finite in both alike counts as equal."""
    worst = 0.0
    for a, b in zip(numbers(found), numbers(wanted), strict=True):
        with np.errstate(invalid="ignore"):
            apart = np.abs(a - b)
        apart = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0, apart)
        finite = np.abs(b[np.isfinite(b)])
        scale = finite.max() if finite.size else 0.0
        error = apart.max() / max(scale, 1e-300)
        worst = max(worst, float("inf") if np.isnan(error) else float(error))
    return worst


class Table:
    """Counts, by target: cases, those that PyTorch rounds differently, failures, and the worst error of the others."""

    def __init__(self, targets):
        self.rows = {target: [0, 0, 0, 0.0] for target in targets}

    def add(self, target, error, own, others):
        row = self.rows[target]
        row[0] += 1
        if error > LIMIT:
            row[1] += 1
            error = own()
            if error > LIMIT and error > 10 * others():
                row[2] += 1
                return error
        row[3] = max(row[3], min(error, LIMIT))
        return None

    def __str__(self):
        lines = ["target      cases  rounded otherwise by PyTorch  failures  worst relative error of the others"]
        for target, (cases, apart, failures, worst) in self.rows.items():
            lines.append(f"{target:10} {cases:6} {apart:29} {failures:9} {worst:36.1e}")
        return "\n".join(lines)


def compare(table, network, given, results):
    """Every array of every target with PyTorch's, and where they differ with the exact one."""
    reference = results["PyTorch"]
    known = []
    also = [results["JAX"]] if "JAX" in results else []

    def in_jax():
        if not also:
            also.append(by_framework(JAX, jax.numpy.asarray, *network)(given))
        return also[0]

    def exactly():
        if not known:
            known.append(by_digits_or(reference, *network, given))
        return known[0]

    for target in [name for name in table.rows if name in results]:
        for place, name in enumerate(NAMES[: len(results[target])]):
            part = results[target][place]
            error = table.add(
                target,
                difference(part, reference[place]),
                lambda part=part, place=place: difference(part, exactly()[place]),
                lambda place=place: max(difference(found[place], exactly()[place]) for found in (reference, in_jax())),
            )
            if error is not None:
                print(f"{target} {name} {network}: {error:.0e}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="every N-th network")
    parser.add_argument("--first", type=int, default=0, help="from this one on: two processes take a half each")
    parser.add_argument("--targets", nargs="*", choices=TARGETS, default=list(TARGETS))
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    derive_once()
    rng = np.random.default_rng(0)
    table = Table([*chosen.targets, "JAX"])
    start = time.perf_counter()
    used = list(networks())[chosen.first :: chosen.every]
    for number, (names, kind, regularizer) in enumerate(used):
        widths, m = SHAPES[number % len(SHAPES)]
        model = symfnn.feedforward(widths, names, kind, regularizer, strength=0.3 if regularizer else None)
        made = {
            target: by_workspace(model, m)
            if target == "workspace"
            else by_c(model, m)
            if target == "c"
            else by_module(model, target)
            for target in chosen.targets
        }
        made["PyTorch"] = by_framework(TORCH, torch.tensor, names, kind, regularizer, 0.3)
        if number % 4 == 0:  # it compiles for seconds
            made["JAX"] = by_framework(JAX, jax.numpy.asarray, names, kind, regularizer, 0.3)
        for scale in (1.0, 300.0):
            given = drawn(rng, widths, m, scale)
            results = {name: run(given) for name, run in made.items()}
            compare(table, (names, kind, regularizer, 0.3), given, results)
    print(f"{len(used)} networks in {time.perf_counter() - start:.0f} s")
    print(table)
    return int(any(row[2] for target, row in table.rows.items() if target != "JAX"))


if __name__ == "__main__":
    sys.exit(main())
