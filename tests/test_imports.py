"""What importing symfnn, and compiling a gradient, loads."""

import subprocess
import sys

import pytest

import symfnn
from symfnn import exports

PROGRAM = """
import sys
import symfnn

assert "numpy" not in sys.modules and "symfnn.export" not in sys.modules
heavy = ("jax", "torch", "dask", "scipy", "onnx", "sklearn", "matplotlib", "sympy.physics")
assert not [name for name in heavy if name in sys.modules]
symfnn.lambdify(symfnn.feedforward((64,) * 8, "sigmoid", "cross-entropy"))
assert not [name for name in heavy if name in sys.modules]
"""


def test_neither_frameworks_nor_half_of_sympy_are_loaded():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_check_loads_neither_numpy_nor_the_exports():
    shown = "print(sorted({'numpy', 'symfnn.export', 'symfnn.cli.derive', 'latex2mathml'} & set(sys.modules)))"
    ended = f"try:\n    main(['check', '--formula', 'a = a'])\nexcept SystemExit:\n    {shown}"
    program = f"import sys\nfrom symfnn.cli import main\n{ended}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.endswith("[]\n"), done


def test_the_names_of_exports_are_symfnns():
    assert tuple(exports.__all__) == symfnn.api.EXPORTS
    assert {*symfnn.api.EXPORTS} <= {*symfnn.__all__} <= {*dir(symfnn)}
    for name in exports.__all__:
        assert getattr(symfnn, name) is getattr(exports, name)
    with pytest.raises(AttributeError, match="'symfnn' has no attribute 'lambdfy'"):
        symfnn.lambdfy  # noqa: B018 - the name is asked for
