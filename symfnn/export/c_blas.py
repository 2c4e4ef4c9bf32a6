"""The matrix product of a BLAS that is installed already, for compiled networks to call by its address."""

import ctypes
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import final

from symfnn import errors

# where the wheels of these packages keep their libraries, beside or in the package's folder
_WHEELS = {
    "numpy": ("numpy.libs", "*openblas*"),
    "scipy": ("scipy.libs", "*openblas*"),
    "torch": ("torch/lib", "libtorch_cpu.*"),
}
# how the routine is called: with sizes of 64 or 32 bits, by the interface for C or that for Fortran
_NAMES = (
    ("scipy_cblas_{0}gemm64_", "long long", True),
    ("cblas_{0}gemm64_", "long long", True),
    ("scipy_cblas_{0}gemm", "int", True),
    ("cblas_{0}gemm", "int", True),
    ("{0}gemm_", "int", False),
)


@final
@dataclass(frozen=True, slots=True)
class Routine:
    """A loaded matrix product.

    Attributes:
        address: of the routine.
        integer: the C type of its sizes.
        is_for_c: whether it has the interface for C rather than that for Fortran.
    """

    address: int
    integer: str
    is_for_c: bool


def routine(library: str | Path, dtype: str) -> Routine:
    """The matrix product of a library for real numbers of one type.

    Args:
        library: its path, or ``"numpy"``, ``"scipy"`` or ``"torch"`` for that in the package's wheel.
        dtype: ``"float32"`` or ``"float64"``.

    Raises:
        OutputError: there is no such library, or no matrix product in it.
    """
    path = _in_wheel(str(library)) if str(library) in _WHEELS else Path(library)
    try:
        loaded = ctypes.CDLL(str(path))
    except OSError as error:
        raise errors.OutputError(f"the BLAS {path} cannot be loaded: {error}") from error
    for pattern, integer, is_for_c in _NAMES:
        function = getattr(loaded, pattern.format("s" if dtype == "float32" else "d"), None)
        if function is not None:
            address = ctypes.cast(function, ctypes.c_void_p).value
            assert address is not None
            return Routine(address, integer, is_for_c)
    raise errors.OutputError(f"{path} holds no matrix product: neither cblas_dgemm nor dgemm_ is in it")


def _in_wheel(package: str) -> Path:
    """The library in a package's wheel; the package is not imported.

    Raises:
        OutputError: the package, or a library in its wheel, is not there.
    """
    spec = importlib.util.find_spec(package)
    folder, pattern = _WHEELS[package]
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        for path in sorted((Path(place).parent / folder).glob(pattern)):
            return path
    raise errors.OutputError(f"no BLAS of {package} is found: install its wheel, or give the path of a library")
