"""What users call to export gradients and to take weights over; apart from ``api``, for it loads NumPy and all targets.

CompiledGradient = lambdify(model)                # in memory; to_numpy, to_python and to_c give the source
model, theta = from_torch(network)                # also from_onnx and from_sklearn

TARGETS, DERIVATIVES, LAYOUTS and DTYPES are the names to choose from.
"""

from symfnn import export
from symfnn.export.c_load import CompiledC, load_c
from symfnn.export.c_module import NAME as C_NAME
from symfnn.export.c_module import CModule
from symfnn.export.c_module import c_module as to_c
from symfnn.export.functions import WHAT as DERIVATIVES
from symfnn.export.layout import LAYOUTS
from symfnn.export.module import DTYPES
from symfnn.export.numpy import CompiledGradient, lambdify
from symfnn.export.numpy_module import module as to_numpy
from symfnn.export.targets import NAMES as TARGETS
from symfnn.export.targets import module as to_python
from symfnn.weights.npz import load_theta, save_theta
from symfnn.weights.onnx_file import from_onnx
from symfnn.weights.pytorch import from_torch
from symfnn.weights.scikit_learn import from_sklearn

__all__ = [
    "C_NAME",
    "DERIVATIVES",
    "DTYPES",
    "LAYOUTS",
    "TARGETS",
    "CModule",
    "CompiledC",
    "CompiledGradient",
    "export",
    "from_onnx",
    "from_sklearn",
    "from_torch",
    "lambdify",
    "load_c",
    "load_theta",
    "save_theta",
    "to_c",
    "to_numpy",
    "to_python",
]
