"""The operations of an ONNX graph that form a chain of affine layers with something elementwise between them.

Each array of the graph is an expression in the state z of the last affine layer, so that an activation may be spread
over several nodes, as exporters write them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
from sympy import Abs, Expr, Lambda, Max, Min, Rational, Symbol, cos, erf, exp, lambdify, log, sin, sqrt, tanh

from symfnn import errors
from symfnn.model.activations import CATALOGUE, SOFTMAX
from symfnn.weights.chain import IDENTITY, Array, Layer

Z = Symbol("z", real=True)
_ALPHAS = {"LeakyRelu": 0.01, "Elu": 1.0}
_SINGLE: dict[str, Callable[[Expr], Expr]] = {
    "Relu": lambda u: Max(u, 0),
    "Sigmoid": lambda u: 1 / (1 + exp(-u)),
    "Softplus": lambda u: log(1 + exp(u)),
    "Softsign": lambda u: u / (1 + Abs(u)),
    "Tanh": tanh,
    "Erf": erf,
    "Exp": exp,
    "Log": log,
    "Abs": Abs,
    "Neg": lambda u: -u,
    "Sqrt": sqrt,
    "Sin": sin,
    "Cos": cos,
    "Reciprocal": lambda u: 1 / u,
    "Gelu": lambda u: u * (1 + erf(u / sqrt(2))) / 2,
    "LeakyRelu": lambda u: Max(u, 0) + Min(u, 0) / 100,
}
_PAIRS: dict[str, Callable[[Any, Any], Expr]] = {
    "Add": lambda u, v: u + v,
    "Sub": lambda u, v: u - v,
    "Mul": lambda u, v: u * v,
    "Div": lambda u, v: u / v,
    "Pow": lambda u, v: u**v,
    "Max": Max,
    "Min": Min,
}
_PASSED = ("Identity", "Dropout")
_POINTS = np.array([-9.0, -2.5, -1.0, -0.3, -1e-3, 0.2, 0.9, 1.7, 4.0, 11.0])


@final
@dataclass(frozen=True, slots=True)
class Node:
    """A node of the graph.

    Attributes:
        kind: the operator.
        name: its own name, or a place.
        inputs: the names of arrays.
        output: the name of the first result.
        attributes: numbers and words by name.
    """

    kind: str
    name: str
    inputs: tuple[str, ...]
    output: str
    attributes: Mapping[str, Any]


@final
@dataclass(frozen=True, slots=True)
class _Value:
    """An array of the graph: an expression in the state of an affine layer; of none at the inputs."""

    layer: int
    expression: Expr


@final
@dataclass(slots=True)
class Chain:
    """Reads nodes in order.

    Attributes:
        constants: the arrays that are given.
        layers: the affine layers so far, each with the activation that the next one takes.
    """

    constants: dict[str, Array]
    inputs: frozenset[str]
    layers: list[Layer] = field(default_factory=list)
    values: dict[str, _Value] = field(default_factory=dict)

    def add(self, node: Node) -> None:
        """The result of one node.

        Raises:
            ModelError: it has no place in such a chain; the node is named.
        """
        given = [name for name in node.inputs if name and name not in self.constants]
        if not given:
            self._constant(node)
        elif node.kind in ("Gemm", "MatMul"):
            self._affine(node)
        elif node.kind in _PASSED or (node.kind in ("Flatten", "Reshape") and given[0] in self.inputs):
            self.values[node.output] = self._value(node, given[0])
        elif node.kind == "Softmax":
            self._softmax(node)
        elif node.kind == "Add" and self._is_bias(node):
            self._biased(node)
        else:
            self._elementwise(node)

    def finished(self, output: str) -> list[Layer]:
        """The layers, if the output is that of the last one."""
        self._close(self._output(output))
        return self.layers

    def _output(self, name: str) -> _Value:
        if name not in self.values or not self.layers:
            raise errors.ModelError("the graph's output does not come from an affine layer")
        return self.values[name]

    def _value(self, node: Node, name: str) -> _Value:
        if name in self.inputs:
            return _Value(0, Z)
        if name not in self.values:
            raise errors.ModelError(f"{node.name} reads {name!r}, which no node before it gives")
        return self.values[name]

    def _constant(self, node: Node) -> None:
        if node.kind == "Constant" and len(node.attributes) == 1:
            (value,) = node.attributes.values()
            self.constants[node.output] = np.asarray(value)
        elif node.kind == "Transpose" and self.constants[node.inputs[0]].ndim == 2:
            self.constants[node.output] = self.constants[node.inputs[0]].T
        elif node.kind in _PASSED:
            self.constants[node.output] = self.constants[node.inputs[0]]
        else:
            raise _no_place(node)

    def _affine(self, node: Node) -> None:
        """A Gemm or MatMul, which ends the layer before it."""
        settings = {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0} | dict(node.attributes)
        names = [name for name in node.inputs if name]
        if names[0] in self.constants or any(name not in self.constants for name in names[1:]) or settings["transA"]:
            raise errors.ModelError(f"{node.name} is no product of an array of samples by given weights")
        value = self._value(node, names[0])
        self._close(value, node)
        weights = self.constants[names[1]]
        weights = settings["alpha"] * (weights.T if settings["transB"] else weights)
        biases = settings["beta"] * self.constants[names[2]].ravel() if len(names) > 2 else None
        kind = self.constants[names[1]].dtype
        given = None if biases is None else biases.astype(kind)
        self.layers.append(Layer(node.name, weights.astype(kind), given))
        self.values[node.output] = _Value(len(self.layers), Z)

    def _is_bias(self, node: Node) -> bool:
        sizes = [self.constants[name].size for name in node.inputs if name in self.constants]
        return bool(self.layers) and sizes == [self.layers[-1].weights.shape[1]]

    def _biased(self, node: Node) -> None:
        given, bias = sorted(node.inputs, key=lambda name: name in self.constants)
        value, last = self._value(node, given), self.layers[-1]
        if value != _Value(len(self.layers), Z) or last.biases is not None:
            raise errors.ModelError(f"{node.name} (Add) adds a row, but not to the product of a layer")
        self.layers[-1] = Layer(last.name, last.weights, self.constants[bias].ravel())
        self.values[node.output] = value

    def _softmax(self, node: Node) -> None:
        value = self._value(node, node.inputs[0])
        if node.attributes.get("axis", -1) not in (1, -1) or value.expression != Z or value.layer == 0:
            raise errors.ModelError(f"{node.name} (Softmax) does not run over the neurons of a layer")
        self.values[node.output] = _Value(value.layer, Symbol(SOFTMAX))

    def _elementwise(self, node: Node) -> None:
        function = _function(node)
        parts = [self._part(node, name) for name in node.inputs if name]
        stages = {part.layer for part in parts if isinstance(part, _Value)}
        has_softmax = any(isinstance(part, _Value) and part.expression == Symbol(SOFTMAX) for part in parts)
        if len(stages) > 1 or stages == {0} or has_softmax:
            raise errors.ModelError(f"{node.name} ({node.kind}) does not act on the state of one layer alone")
        arguments = [part.expression if isinstance(part, _Value) else part for part in parts]
        self.values[node.output] = _Value(stages.pop(), function(*arguments))

    def _part(self, node: Node, name: str) -> _Value | Expr:
        if name not in self.constants:
            return self._value(node, name)
        if self.constants[name].size != 1:
            raise errors.ModelError(f"{node.name} ({node.kind}) takes a number for each neuron: only biases may differ")
        number = float(self.constants[name].item())
        if not np.isfinite(number):
            raise errors.ModelError(f"{node.name} ({node.kind}) takes {number}, which is no number")
        return Rational(repr(number))

    def _close(self, value: _Value, node: Node | None = None) -> None:
        """The activation of the last layer, which is whole now."""
        if value.layer != len(self.layers):
            where = "the output" if node is None else node.name
            raise errors.ModelError(f"{where} does not come from the layer right before it: the graph is no chain")
        if value.layer == 0:
            if value.expression != Z:
                raise errors.ModelError("the inputs are changed before the first layer")
            return
        last = self.layers[-1]
        self.layers[-1] = Layer(last.name, last.weights, last.biases, _activation(value.expression))


def _function(node: Node) -> Callable[..., Expr]:
    """The function of an elementwise node.

    Raises:
        ModelError: it is none that is known, or has a setting of its own.
    """
    wanted = _ALPHAS.get(node.kind)
    alpha = node.attributes.get("alpha", wanted)
    if node.attributes.get("approximate", b"none") != b"none":
        raise errors.ModelError(f"{node.name} (Gelu) is the approximation by tanh, which is not known")
    if node.kind in ("Elu", "LeakyRelu") and abs(alpha - wanted) > 1e-6:
        raise errors.ModelError(f"{node.name} ({node.kind}) has alpha {alpha:g}, but only {wanted:g} is known")
    if node.kind == "Elu":
        return next(a.rule for a in CATALOGUE if a.name == "elu")  # type: ignore[no-any-return]
    if node.kind in _SINGLE and len(node.inputs) == 1:
        return _SINGLE[node.kind]
    if node.kind in _PAIRS and len(node.inputs) == 2:
        return _PAIRS[node.kind]
    raise _no_place(node)


def _activation(expression: Expr) -> str | Lambda:
    """The name in the catalogue of what an expression in z is, up to the rounding of its constants, or a function."""
    if expression == Z:
        return IDENTITY
    if expression == Symbol(SOFTMAX):
        return SOFTMAX
    found = _values(expression)
    for known in CATALOGUE:
        if np.allclose(found, _values(known.rule(Z)), rtol=1e-6, atol=1e-9):
            return known.name
    return Lambda(Z, expression)


def _values(expression: Expr) -> Array:
    """At some points; not a number where there is none."""
    function = lambdify(Z, expression, "math")

    def value(point: float) -> float:
        try:
            return float(function(point))
        except (ArithmeticError, ValueError, TypeError):
            return float("nan")

    return np.array([value(float(point)) for point in _POINTS])


def _no_place(node: Node) -> errors.ModelError:
    known = ", ".join(sorted({"Gemm", "MatMul", "Softmax", "Elu", *_SINGLE, *_PAIRS, *_PASSED}))
    return errors.ModelError(f"{node.name} ({node.kind}) has no place in a chain of layers: known are {known}")
