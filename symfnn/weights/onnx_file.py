"""The network in an ONNX file; the package ``onnx`` is imported when a file is read."""

import importlib
from pathlib import Path
from typing import Any

from sympy import Lambda

from symfnn import errors
from symfnn.model.definitions import Model
from symfnn.weights.chain import Array, Objective, network
from symfnn.weights.onnx_graph import Chain, Node


def from_onnx(
    source: str | Path | Any,
    loss: str | Lambda | None = None,
    regularizer: str | None = None,
    reduction: str = "mean",
    strength: float | None = None,
) -> tuple[Model, list[Array]]:
    """The model of an ONNX graph, and its parameters.

    Args:
        source: the path of a file, or an ``onnx.ModelProto``. The graph is a chain of Gemm, or MatMul and Add, with
            elementwise operations or Softmax behind; Dropout is passed over, and so is Flatten at the inputs.
        loss: a name of the catalogue; None for that which belongs to the output: the cross-entropies after softmax
            and sigmoid, otherwise half the squared error. Outputs without an activation are taken for logits where
            the loss is a cross-entropy.
        regularizer: as for ``feedforward``.
        reduction: the same.
        strength: the same.

    Returns:
        The model, and arrays (s_{l-1} + 1, s_l) for l = 2 … L, in the file's own type.

    Raises:
        DocumentError: the file cannot be read.
        OutputError: the package ``onnx`` is missing.
        ModelError: a node has no counterpart here; it is named.
    """
    try:
        onnx = importlib.import_module("onnx")
    except ImportError as error:
        raise errors.OutputError("the package onnx is needed to read such a file: pip install symfnn[onnx]") from error
    model = _loaded(onnx, source) if isinstance(source, str | Path) else source
    name = str(source) if isinstance(source, str | Path) else "this ONNX graph"
    graph = model.graph
    constants = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    inputs = [given.name for given in graph.input if given.name not in constants]
    if len(inputs) != 1 or len(graph.output) != 1:
        raise errors.ModelError(
            f"{name} has {len(inputs)} inputs and {len(graph.output)} outputs: one of each is needed"
        )
    chain = Chain(constants, frozenset(inputs))
    for place, node in enumerate(graph.node, 1):
        chain.add(_node(onnx, node, place))
    layers = chain.finished(graph.output[0].name)
    return network(layers, Objective(loss, regularizer, reduction, strength), name)


def _loaded(onnx: Any, path: str | Path) -> Any:
    try:
        return onnx.load(str(path))
    except OSError as error:
        raise errors.DocumentError(f"cannot read {path}: {error.strerror}") from error
    except importlib.import_module("google.protobuf.message").DecodeError as error:
        raise errors.DocumentError(f"{path} is no ONNX file") from error


def _node(onnx: Any, node: Any, place: int) -> Node:
    attributes = {}
    for attribute in node.attribute:
        value = onnx.helper.get_attribute_value(attribute)
        attributes[attribute.name] = onnx.numpy_helper.to_array(value) if hasattr(value, "data_type") else value
    name = f"the node {node.name!r}" if node.name else f"node {place}"
    return Node(node.op_type, name, tuple(node.input), node.output[0], attributes)
