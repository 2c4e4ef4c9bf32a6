"""What importing symfnn, and compiling a gradient, loads."""

import subprocess
import sys

PROGRAM = """
import sys
import symfnn

heavy = ("jax", "torch", "dask", "scipy", "onnx", "sklearn", "matplotlib", "sympy.physics")
assert not [name for name in heavy if name in sys.modules]
symfnn.lambdify(symfnn.feedforward((64,) * 8, "sigmoid", "cross-entropy"))
assert not [name for name in heavy if name in sys.modules]
"""


def test_neither_frameworks_nor_half_of_sympy_are_loaded():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
