r"""Keep the digits of 1 - a where an entry a of a softmax is nearly 1: there it is the sum of the others.

At most one entry of a row is larger than a half. In the derivative by the states, t - a Σ t for t = ∂E/∂a · a, the two
parts are then nearly equal; t (1 - a) - a Σ t over the others is the same. The a Σ y - y of a softmax with its own
cross-entropy stays as it is: t has no a there, and what is lost is below the rounding of y.
"""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import final

from sympy import Expr, Piecewise, Pow, S, Symbol, log, preorder_traversal

from symfnn.export import stable
from symfnn.export.making import Making
from symfnn.export.program import Assignment, Elementwise, Program, Softmax, Total, variable

_HALF = S.Half
_REST = Symbol("rest", real=True)
_SENSITIVE = (log, Pow, stable.TimesLog, stable.Quotient)


def dominant(program: Program) -> Program:
    """The program with such differences taken from the other entries; where it is so already, it stays."""
    softmaxes = [variable(a.target) for a in program.assignments if isinstance(a.operation, Softmax)]
    if not softmaxes:
        return program
    taken = {a.target for a in program.assignments}
    made = _Dominant(dict(program.inputs), softmaxes=frozenset(softmaxes), taken=taken)
    for assignment in program.assignments:
        made.add(assignment)
    return replace(program, assignments=tuple(made.assignments))


@final
@dataclass(slots=True, kw_only=True)
class _Dominant(Making):
    """The new assignments; ``values`` and ``totals`` have what was given for each name."""

    softmaxes: frozenset[Expr]
    taken: set[str]
    values: dict[Expr, Expr] = field(default_factory=dict)
    totals: dict[Expr, Expr] = field(default_factory=dict)
    rests: dict[Expr, Expr] = field(default_factory=dict)

    def add(self, assignment: Assignment) -> None:
        operation, target = assignment.operation, variable(assignment.target)
        self.section = assignment.section
        match operation:
            case Elementwise(expression):
                self.values[target] = expression
                for a in sorted(self.softmaxes & expression.free_symbols, key=str):
                    expression = self._kept(self._error(expression, a), a)
                operation = Elementwise(expression)
            case Total(operand, 1):
                self.totals[target] = self.values.get(variable(operand), variable(operand))
        self.put(assignment.target, operation)

    def _over_others(self, summed: Expr, a: Expr) -> Expr:
        """The sum over the entries of a row that are not larger than a half."""
        part = Elementwise(Piecewise((0, a > _HALF), (summed, True)))
        lesser = self.put(self._name("lesser"), part)
        return self.put(self._name("others"), Total(str(lesser), 1))

    def _name(self, hint: str) -> str:
        name = next(name for n in count(1) if (name := f"{hint}_{n}") not in self.taken)
        self.taken.add(name)
        return name

    def _rest(self, a: Expr) -> Expr:
        if a not in self.rests:
            self.rests[a] = self._over_others(a, a)
        return self.rests[a]

    def _kept(self, expression: Expr, a: Expr) -> Expr:
        """The expression with 1 - a from the others where a is larger than a half."""
        if not _has(expression, 1 - a) or _is_divided(expression, a):
            return expression
        if expression == 1 - a or isinstance(expression, _SENSITIVE):
            close = expression.xreplace({1 - a: self._rest(a)})
            return Piecewise((close, a > _HALF), (expression, True))
        return expression.func(*(self._kept(part, a) for part in expression.args))

    def _error(self, expression: Expr, a: Expr) -> Expr:
        """The derivative by the states of what has the derivative t/a by a."""
        for total in sorted(self.totals.keys() & expression.free_symbols, key=str):
            summed = self.totals[total]
            for t in (summed, -summed) if a in summed.free_symbols else ():
                if (expression - t + a * total * (1 if t == summed else -1)).expand() != 0:
                    continue
                near = (stable.plain_of(t).xreplace({1 - a: _REST}) * _REST).expand()
                if near.is_polynomial(_REST):
                    near = near.xreplace({_REST: self._rest(a)}) - a * self._over_others(t, a)
                    return Piecewise((near, a > _HALF), (expression, True))
        return expression


def _is_divided(expression: Expr, a: Expr) -> bool:
    return isinstance(expression, Piecewise) and expression.args[0][1] == (a > _HALF)


def _has(expression: Expr, part: Expr) -> bool:
    return any(node == part for node in preorder_traversal(expression))
