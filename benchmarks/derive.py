"""What a derivation costs: by depth, by width, and beside SymPy's own diff of the network written out in scalars.

Every time is the process time of a fresh interpreter, without the time that importing symfnn and SymPy takes. The last
columns are ratios to the smallest network of the same run, which is what can be compared between machines.
"""

import json
import subprocess
import sys
from itertools import pairwise

LIMIT = 60  # seconds after which the naive derivative is given up
DEPTHS = (2, 4, 8, 16, 32, 64)
WIDTHS = (2, 16, 128, 1024, 4096)

MEASURE = """
import json, sys, time
import symfnn
from symfnn.reports.structured import to_json
layers, what = json.loads(sys.argv[1])
start = time.process_time()
if what == "article":
    text = to_json(symfnn.article_document())
elif what == "generic":
    text = to_json(symfnn.derivation_document(symfnn.feedforward()))
elif what == "derive":
    text = to_json(symfnn.derivation_document(symfnn.feedforward(layers, "sigmoid", "cross-entropy")))
else:
    text = symfnn.lambdify(symfnn.feedforward(layers, "sigmoid", "cross-entropy")).source
seconds = time.process_time() - start
formulas = json.loads(text)["formulas"] if what != "lambdify" else []
longest = max((len(step["latex"]) for formula in formulas for step in formula["steps"]), default=0)
print(json.dumps([seconds, longest, len(formulas)]))
"""

NAIVE = """
import json, sys, time
from sympy import Symbol, exp, log
layers, _ = json.loads(sys.argv[1])
start = time.process_time()
letters, below = [], [Symbol(f"x_{i}") for i in range(layers[0])]
for layer, width in enumerate(layers[1:], 2):
    above = []
    for i in range(width):
        own = [Symbol(f"w_{layer}_{i}_{j}") for j in range(len(below))] + [Symbol(f"b_{layer}_{i}")]
        letters += own
        above.append(1 / (1 + exp(-own[-1] - sum(w * a for w, a in zip(own, below)))))
    below = above
targets = [Symbol(f"y_{i}") for i in range(layers[-1])]
loss = -sum(y * log(a) + (1 - y) * log(1 - a) for y, a in zip(targets, below))
gradient = [loss.diff(letter) for letter in letters]
operations = sum(part.count_ops() for part in gradient)
print(json.dumps([time.process_time() - start, operations, len(gradient)]))
"""


def measure(layers, what="derive", program=MEASURE):
    """(seconds, longest formula or operations, number of formulas); None where it takes too long."""
    arguments = [sys.executable, "-c", program, json.dumps([layers, what])]
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=LIMIT, check=True)
    except subprocess.TimeoutExpired:
        return None
    return json.loads(done.stdout)


def table(head, rows):
    widths = [max(len(str(row[place])) for row in (head, *rows)) for place in range(len(head))]
    for row in (head, *rows):
        print("  ".join(str(cell).rjust(width) for cell, width in zip(row, widths, strict=True)), flush=True)
    print()


def by_depth():
    found = [(depth, measure([4] * depth), measure([4] * depth, "lambdify")) for depth in DEPTHS]
    first = found[0][1][0]
    head = ("layers", "derive s", "s a layer", "ratio", "longest formula", "formulas", "lambdify s")
    table(
        head,
        [
            (depth, f"{s:.2f}", f"{s / depth:.3f}", f"{s / first:.1f}", longest, count, f"{compiled[0]:.2f}")
            for depth, (s, longest, count), compiled in found
        ],
    )
    print("growth between neighbours, in seconds a layer:", end=" ")
    print(", ".join(f"{(b[1][0] - a[1][0]) / (b[0] - a[0]):.4f}" for a, b in pairwise(found)), end="\n\n")


def by_width():
    found = [(width, measure([width] * 3), measure([width] * 3, "lambdify")) for width in WIDTHS]
    first = found[0][1][0]
    table(
        ("width of 3 layers", "derive s", "ratio", "longest formula", "lambdify s"),
        [(w, f"{s:.2f}", f"{s / first:.2f}", longest, f"{c[0]:.2f}") for w, (s, longest, _), c in found],
    )


def beside_naive_diff():
    rows = []
    for layers in ([2, 2, 1], [2, 2, 2, 1], [3, 4, 3], [4, 8, 4], [5, 10, 10, 2], [16, 16, 16, 4]):
        own, naive = measure(layers)[0], measure(layers, "", NAIVE)
        shown = (f"> {LIMIT}", "-", "-") if naive is None else (f"{naive[0]:.2f}", naive[1], f"{naive[0] / own:.2f}")
        rows.append(("-".join(map(str, layers)), f"{own:.2f}", *shown))
        if naive is None:
            break
    table(("layers", "symfnn s", "naive diff s", "operations in it", "naive / symfnn"), rows)


def main():
    rows = [(name, f"{measure(None, name)[0]:.2f}") for name in ("generic", "article")]
    table(("symbolic depth and widths", "process time s, without imports"), rows)
    by_depth()
    by_width()
    beside_naive_diff()


if __name__ == "__main__":
    main()
