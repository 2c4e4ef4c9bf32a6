"""Gradients over Dask arrays: the single machine's result, by any scheduler, with a worker lost on the way."""

import os
import signal
import time
from itertools import pairwise

import dask
import dask.array as da
import numpy as np
import pytest
from distributed import Client, LocalCluster

from symfnn import errors
from symfnn.export import dask as export
from symfnn.export.numpy import lambdify
from symfnn.model.feedforward import feedforward

WIDTHS = (4, 3, 2)


def numbers(samples, widths=WIDTHS, dtype=float):
    rng = np.random.default_rng(3)
    theta = [rng.normal(size=(p + 1, q)).astype(dtype) / 2 for p, q in pairwise(widths)]
    inputs = rng.normal(size=(samples, widths[0])).astype(dtype)
    return theta, inputs, rng.uniform(size=(samples, widths[-1])).astype(dtype)


def same(found, wanted, rtol=1e-12):
    assert found[0] == pytest.approx(wanted[0], rel=rtol)
    for left, right in zip(found[1], wanted[1], strict=True):
        assert left.dtype == right.dtype
        assert np.allclose(left, right, rtol=rtol, atol=rtol * np.abs(right).max())


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("regularizer", [None, "l2"])
@pytest.mark.parametrize("scheduler", ["synchronous", "threads"])
def test_chunks_give_the_result_of_one_machine(reduction, regularizer, scheduler):
    """Chunks of other rows in X than in Y, columns in chunks, more parts than one level of the tree takes."""
    model = feedforward(
        WIDTHS, ("gelu", "softmax"), "softmax-cross-entropy", regularizer, reduction, 0.3 if regularizer else None
    )
    theta, inputs, targets = numbers(100)
    with dask.config.set(scheduler=scheduler):
        found = export.loss_and_grad(model, theta, da.from_array(inputs, (7, 2)), da.from_array(targets, (30, 1)))
    same(found, lambdify(model)(theta, inputs, targets))


def test_strength_and_type_are_those_of_the_compiled_function():
    model = feedforward(WIDTHS, ("tanh", "sigmoid"), "cross-entropy", "elastic-net")
    theta, inputs, targets = numbers(20, dtype=np.float32)
    function = export.lambdify(model, strength=0.5)
    found = function(theta, da.from_array(inputs, 6), da.from_array(targets, 6))
    same(found, lambdify(model, strength=0.5)(theta, inputs, targets), rtol=1e-5)
    lazy = function.delayed(theta, da.from_array(inputs, 6), da.from_array(targets, 6))
    same(lazy.compute(scheduler="synchronous"), found, rtol=1e-6)


def test_one_sentence_for_what_does_not_fit():
    model = feedforward(WIDTHS, "tanh", "huber")
    theta, inputs, targets = (part if isinstance(part, list) else da.from_array(part, 5) for part in numbers(10))
    for arguments, sentence in (
        ((theta[:1], inputs, targets), "theta has 1 arrays, but this network needs 2"),
        ((theta, inputs[:, :3], targets), "X has shape"),
        ((theta, inputs, targets[:4]), "Y has shape"),
        ((theta, inputs[inputs[:, 0] > 0], targets), "chunks of unknown sizes"),
    ):
        with pytest.raises(errors.ShapeError, match=sentence):
            export.loss_and_grad(model, *arguments)
    with pytest.raises(errors.ModelError, match="a program needs a loss"):
        export.lambdify(feedforward(WIDTHS, "tanh"))


@pytest.mark.filterwarnings("ignore")  # of a cluster that loses a worker
def test_more_data_than_a_worker_holds_and_a_worker_lost():
    """320 MB of samples, made chunk by chunk, on two workers of 300 MB each; one is killed in the middle."""
    widths = (100, 4, 2)
    model = feedforward(widths, ("tanh", "sigmoid"), "cross-entropy", "l2", strength=0.1)
    theta, _, _ = numbers(1, widths)
    inputs = da.random.default_rng(1).normal(size=(400_000, 100), chunks=(10_000, 100))
    targets = (inputs[:, :2] > 0).astype(float)
    wanted = export.loss_and_grad(model, theta, inputs, targets)
    with (
        LocalCluster(2, threads_per_worker=1, memory_limit="300MB", dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        future = client.compute(export.lambdify(model).delayed(theta, inputs, targets))
        time.sleep(1)
        assert not future.done()
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        found = future.result(timeout=120)
    same(found, wanted)
