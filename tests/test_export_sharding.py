"""The JAX module on a mesh of devices: the recipe of docs/export.md, on eight virtual ones."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from symfnn.export.targets import module
from symfnn.model.feedforward import feedforward

RECIPE = re.search(
    r"## Several devices.*?```python\n(.*?)```",
    (Path(__file__).parents[1] / "docs" / "export.md").read_text(encoding="utf-8"),
    re.DOTALL,
).group(1)

COMPARED = """
import json
from itertools import pairwise
import numpy as np
import jax
jax.config.update("jax_enable_x64", True)
rng = np.random.default_rng(0)
theta = [rng.normal(size=(p + 1, q)) / 8 for p, q in pairwise((64, 32, 10))]
X, Y = rng.normal(size=(256, 64)), rng.uniform(size=(256, 10))
given = theta, X, Y
{recipe}
alone = jax.jit(grad.loss_and_grad).lower(*given).compile()
wanted = jax.tree.leaves(alone(*given))
each = sharded.lower(theta, X, Y).compile()
print(json.dumps({{
    "devices": len(jax.devices()),
    "error": max(float(abs(a - b).max() / abs(b).max()) for a, b in zip(jax.tree.leaves([J, gradients]), wanted)),
    "flops": [program.cost_analysis()["flops"] for program in (alone, each)],
    "rows": X.addressable_shards[0].data.shape[0],
}}))
"""


def test_the_recipe_divides_the_samples_among_devices(tmp_path):
    model = feedforward((64, 32, 10), ("relu", "softmax"), "softmax-cross-entropy", "l2", strength=0.1)
    (tmp_path / "grad.py").write_text(module(model, "jax"), encoding="utf-8")
    script = tmp_path / "run.py"
    script.write_text(COMPARED.format(recipe=RECIPE), encoding="utf-8")
    environment = os.environ | {"XLA_FLAGS": "--xla_force_host_platform_device_count=8", "PYTHONPATH": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-W", "error", str(script)], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert (found["devices"], found["rows"]) == (8, 32)
    assert found["error"] < 1e-12
    alone, each = found["flops"]
    assert each < alone / 6
