"""Train a 64-32-10 network on scikit-learn's digits with the gradient that symfnn derived.

Writes the loss curve and the digits it gets wrong as PNG into the folder given (default: build/demo), and prints the
test accuracy beside that of scikit-learn's own MLPClassifier of the same shape.
"""

import sys
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from rich.console import Console
from rich.progress import Progress
from scipy.optimize import minimize
from sklearn.datasets import load_digits
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

import symfnn

LAYERS = (64, 32, 10)
STRENGTH = 0.5
ITERATIONS = 200


def flatten(theta):
    return np.concatenate([part.ravel() for part in theta])


def unflatten(vector):
    parts, start = [], 0
    for before, after in pairwise(LAYERS):
        size = (before + 1) * after
        parts.append(vector[start : start + size].reshape(before + 1, after))
        start += size
    return parts


def train(gradient, inputs, targets, progress):
    """The parameters that L-BFGS finds, and the objective after each of its iterations."""
    generator = np.random.default_rng(0)
    start = [generator.normal(0, (1 / a) ** 0.5, (a + 1, b)) for a, b in pairwise(LAYERS)]
    task = progress.add_task("training", total=ITERATIONS)
    curve = []

    def objective(vector):
        value, parts = gradient(unflatten(vector), inputs, targets)
        objective.last = float(value)
        return objective.last, flatten(parts)

    def after_iteration(_):
        curve.append(objective.last)
        progress.update(task, advance=1, description=f"training, J = {objective.last:.4f}")

    found = minimize(
        objective,
        flatten(start),
        jac=True,
        method="L-BFGS-B",
        callback=after_iteration,
        options={"maxiter": ITERATIONS},
    )
    progress.update(task, completed=ITERATIONS)
    return unflatten(found.x), curve


def predict(theta, inputs):
    """The class with the largest state: softmax keeps the order."""
    values = inputs
    for part in theta[:-1]:
        values = np.tanh(values @ part[1:] + part[0])
    return np.argmax(values @ theta[-1][1:] + theta[-1][0], axis=1)


def draw_curve(curve, target):
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    axes.semilogy(range(1, len(curve) + 1), curve)
    axes.set(xlabel="L-BFGS iteration", ylabel="J", title="Loss with the derived gradient")
    axes.grid(visible=True, which="both", alpha=0.3)
    figure.savefig(target, dpi=120)


def draw_mistakes(images, truths, guesses, target):
    wrong = np.flatnonzero(truths != guesses)[:20]
    rows = max(1, -(-len(wrong) // 5))
    figure, grid = plt.subplots(rows, 5, figsize=(7, 0.6 + 1.5 * rows), layout="constrained")
    for axes in grid.flat:
        axes.axis("off")
    for axes, number in zip(grid.flat, wrong, strict=False):
        axes.imshow(images[number].reshape(8, 8), cmap="gray_r")
        axes.set_title(f"{truths[number]} read as {guesses[number]}", fontsize=9)
    figure.suptitle(f"{np.sum(truths != guesses)} of {len(truths)} test digits are read wrongly")
    figure.savefig(target, dpi=120)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    console = Console()
    digits = load_digits()
    inputs, targets = digits.data / 16, np.eye(10)[digits.target]
    train_x, test_x, train_y, test_y = train_test_split(inputs, targets, test_size=0.25, random_state=0)
    model = symfnn.feedforward(LAYERS, ["tanh", "softmax"], "softmax-cross-entropy", "l2", strength=STRENGTH)
    with Progress(console=Console(stderr=True)) as progress:
        theta, curve = train(symfnn.lambdify(model), train_x, train_y, progress)
    truths, guesses = test_y.argmax(axis=1), predict(theta, test_x)
    draw_curve(curve, folder / "loss.png")
    draw_mistakes(test_x, truths, guesses, folder / "mistakes.png")
    peer = MLPClassifier((32,), activation="tanh", solver="lbfgs", alpha=STRENGTH, max_iter=ITERATIONS, random_state=0)
    peer.fit(train_x, train_y.argmax(axis=1))
    console.print(f"images: {len(inputs)} ({len(test_x)} for the test), network: {'-'.join(map(str, LAYERS))}")
    console.print(f"test accuracy, derived gradient:            {accuracy_score(truths, guesses):.1%}")
    console.print(f"test accuracy, scikit-learn MLPClassifier:  {accuracy_score(truths, peer.predict(test_x)):.1%}")
    console.print(f"pictures: {folder / 'loss.png'}, {folder / 'mistakes.png'}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo"))
