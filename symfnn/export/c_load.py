"""Compile a network's C file into a Python extension module, and load it."""

import importlib.util
import os
import shlex
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import machinery
from pathlib import Path
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from symfnn import errors
from symfnn.export.c_blas import routine
from symfnn.export.c_extension import extension
from symfnn.export.c_memory import Sizes
from symfnn.export.c_module import CModule, c_module
from symfnn.model.definitions import Model

Array: TypeAlias = NDArray[Any]

# contraction and the absence of traps change no result but for rounding; -ffast-math would
FLAGS = ("-std=c99", "-O3", "-march=native", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math")


@final
@dataclass(frozen=True, slots=True)
class CompiledC:
    """The functions of a compiled network.

    ``theta`` is one vector with the parameters of layer 2, 3, … one after another, or a list of arrays
    (s_{l-1} + 1, s_l); one vector is faster.

    Attributes:
        loss_and_grad: ``(theta, X, Y) -> (J, gradient)``, the gradient in the form of theta; a fourth argument is a
            vector that the gradient is written to.
        loss: ``(theta, X, Y) -> J``.
        predict: ``(theta, X) -> outputs``.
        more: what is derived beside the gradient, by name: ``input_grad``, ``jvp``, ``vjp``, ``hvp``.
        module: the C file and its header.
        widths: the number of neurons of each layer.
        batch: the number of samples m: X is (m, s_1) and Y (m, s_L).
        dtype: of all arrays.
    """

    loss_and_grad: Callable[..., tuple[float, Any]]
    loss: Callable[..., float]
    predict: Callable[..., Array]
    more: Mapping[str, Callable[..., Any]]
    module: CModule = field(repr=False)
    widths: tuple[int, ...]
    batch: int
    dtype: np.dtype[Any]

    def __call__(self, theta: Array | Sequence[Array], X: Array, Y: Array) -> tuple[float, Any]:
        """The objective and its gradients, as ``loss_and_grad`` gives them."""
        return self.loss_and_grad(theta, X, Y)


def load_c(
    model: Model,
    strength: float | None = None,
    *,
    batch: int,
    dtype: str = "float64",
    what: Collection[str] = (),
    compiler: str | None = None,
    flags: Sequence[str] = FLAGS,
    blas: str | Path | None = None,
) -> CompiledC:
    """A network's objective and gradient, compiled from its C file for calls from Python.

    Args:
        model: with given layers, known activations and a loss.
        strength: λ, where the model's regulariser leaves it open.
        batch: the number of samples m of every call.
        dtype: ``"float64"`` or ``"float32"``.
        what: which derivatives are made beside the gradient: of ``"input"``, ``"jvp"``, ``"vjp"`` and ``"hvp"``.
        compiler: the command of a C compiler; otherwise ``$CC``, cc, gcc or clang.
        flags: for the compiler.
        blas: the library that makes the matrix products, by its path, or ``"numpy"``, ``"scipy"`` or ``"torch"`` for
            that in the package's wheel; None makes them in the file's own loops.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form in C.
        OutputError: there is no C compiler, no header of Python or NumPy or the compiler fails.
    """
    made = c_module(model, strength, batch=batch, dtype=dtype, what=what, has_formulas=False)
    command = _compiler(compiler)
    library = None if blas is None else routine(blas, dtype)
    if "SYMFNN_GEMM" not in made.source:  # a tiny network has no products of whole arrays
        library = None
    widths = model.widths or ()
    text = extension(made, Sizes(batch, widths), library)
    with tempfile.TemporaryDirectory(prefix="symfnn-") as folder:
        path = _compiled(Path(folder), made, text, [*command, *flags])
        loaded = _imported(path)
    if library is not None:
        loaded.use_blas(library.address)
    named = {function.name: getattr(loaded, function.name) for function in made.functions}
    gradient, loss, predict = (named.pop(name) for name in ("loss_and_grad", "loss", "predict"))
    return CompiledC(gradient, loss, predict, named, made, tuple(widths), batch, np.dtype(dtype))


def _compiler(given: str | None) -> list[str]:
    """The command of a C compiler.

    Raises:
        OutputError: there is none.
    """
    wanted = given or os.environ.get("CC")
    for name in [wanted] if wanted else ["cc", "gcc", "clang"]:
        command = shlex.split(name)
        if command and shutil.which(command[0]) is not None:
            return command
    looked = f"{wanted!r} is not there" if wanted else "none of cc, gcc and clang is there"
    raise errors.OutputError(f"a C compiler is needed to load this network, but {looked}: install gcc or name one")


def _compiled(folder: Path, made: CModule, text: str, command: list[str]) -> Path:
    """The extension module, built in a folder.

    Raises:
        OutputError: a header is missing, or the compiler fails.
    """
    python, numpy = Path(sysconfig.get_paths()["include"]), Path(np.get_include())
    for header in (python / "Python.h", numpy / "numpy" / "arrayobject.h"):
        if not header.is_file():
            raise errors.OutputError(f"{header.name} is needed to call C from Python: install the headers of Python")
    (folder / f"{made.name}.h").write_text(made.header, encoding="utf-8")
    (folder / f"{made.name}.c").write_text(made.source, encoding="utf-8")
    (folder / "extension.c").write_text(text, encoding="utf-8")
    target = folder / f"{made.name}_extension{machinery.EXTENSION_SUFFIXES[0]}"
    shared = [
        "-shared",
        "-fPIC",
        "-fvisibility=hidden",
        f"-I{python}",
        f"-I{numpy}",
        "extension.c",
        "-o",
        target.name,
        "-lm",
    ]
    done = subprocess.run([*command, *shared], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "error" in line] or done.stderr.splitlines() or ["?"]
        raise errors.OutputError(f"the C compiler {command[0]} fails: {lines[0]}")
    return target


def _imported(path: Path) -> Any:
    name = path.name.partition(".")[0]
    loader = machinery.ExtensionFileLoader(name, str(path))
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module
