"""Split elementwise expressions into steps of one operation each, as array libraries evaluate them."""

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from typing import Any, final

from sympy import Abs, Add, Expr, Max, Min, Mul, Piecewise, Pow, exp, log
from sympy.core.relational import Relational

from symfnn.export import stable
from symfnn.export.making import Making
from symfnn.export.program import Elementwise, Program, Shape, operands, variable
from symfnn.export.shapes import infer


def single(program: Program) -> Program:
    """The program with at most one operation on arrays in each elementwise assignment; scalars stay whole.

    1/(1 + e^{-u}) takes the place of the logistic function: where e^{-u} overflows, the quotient is 0 as it should be.
    Where u = p + b with a row b of biases is needed for nothing else, -b - p is a step less than u and its negative.
    log(1 + e^u) becomes max(u, 0) + log(1 + e^{-|u|}), whose logarithm is the same for u and -u.
    """
    splitting = _Splitting(dict(program.inputs), sums=_read_once(program))
    for assignment in program.assignments:
        operation = assignment.operation
        splitting.section = assignment.section
        if isinstance(operation, Elementwise) and assignment.shape != ():
            operation = Elementwise(splitting.one(operation.expression))
        splitting.put(assignment.target, operation)
    return Program(program.inputs, tuple(splitting.assignments), program.outputs)


def _read_once(program: Program) -> dict[Expr, Expr]:
    """The sums that one assignment reads, by their names."""
    uses = Counter(name for a in program.assignments for name in operands(a.operation))
    uses.update(program.outputs)
    return {
        variable(a.target): a.operation.expression
        for a in program.assignments
        if isinstance(a.operation, Elementwise) and isinstance(a.operation.expression, Add) and uses[a.target] == 1
    }


@final
@dataclass(slots=True, kw_only=True)
class _Splitting(Making):
    sums: dict[Expr, Expr]
    count: int = 0

    def step(self, expression: Expr) -> Expr:
        """A step of its own, and its name."""
        if expression.is_Symbol or self.is_scalar(expression):
            return expression
        self.count += 1
        return self.put(f"step_{self.count}", Elementwise(expression))

    def operand(self, expression: Expr) -> Expr:
        """The name of an array that is evaluated first, or a scalar."""
        return self.step(self.one(expression))

    def shape(self, expression: Expr) -> Shape:
        return infer(Elementwise(expression), self.shapes)

    def is_scalar(self, expression: Any) -> bool:
        return all(self.shapes[str(symbol)] == () for symbol in expression.free_symbols)

    def one(self, expression: Expr) -> Any:
        """The last operation of an expression, on names and scalars."""
        if expression.is_Symbol or self.is_scalar(expression):
            return expression
        if expression.is_Mul and expression.args[0] == -1 and isinstance(expression.args[1], Abs):
            return -Abs(self.operand(expression.args[1].args[0]))  # u with a minus sign, whatever its own
        if isinstance(expression, stable.Logistic):
            return self.one(1 / (1 + exp(-self._with_row(expression.args[0]))))
        if isinstance(expression, stable.Softplus):
            (state,) = expression.args
            return self.one(Max(state, 0) + log(1 + exp(-Abs(state))))
        for kind, split in ((Add, self._add), (Mul, self._mul), (Piecewise, self._piecewise), ((Max, Min), self._most)):
            if isinstance(expression, kind):
                return split(expression)
        if isinstance(expression, log | stable.TimesLog):
            *factors, inner = expression.args
            constant, rest = inner.as_coeff_Add()
            argument = 1 + self.operand(rest) if constant == 1 else self.operand(inner)
            return expression.func(*(self.operand(factor) for factor in factors), argument)
        return expression.func(*(self.operand(part) for part in expression.args))

    def _with_row(self, state: Expr) -> Expr:
        """A state written out, where it is the sum of an array and a row and nothing else reads it."""
        terms = Add.make_args(self.sums.get(state, state))
        rows = [term for term in terms if term.is_Symbol and self.shape(term)[:1] == ("1",)]
        return Add(*terms) if len(terms) == 2 and len(rows) == 1 else state

    def _add(self, expression: Expr) -> Expr:
        """Terms with a plus sign first, then rows, so that each further one is added or subtracted."""
        scalar = Add(*(term for term in expression.args if self.is_scalar(term)))
        terms = [term for term in expression.args if not self.is_scalar(term)]
        terms.sort(key=lambda term: (bool(term.as_coeff_Mul()[0].is_negative), "1" not in self.shape(term)))
        result = self.operand(terms[0]) if scalar == 0 else scalar
        for term in terms[1:] if scalar == 0 else terms:
            is_negative = term.as_coeff_Mul()[0].is_negative
            part = self.operand(-term if is_negative else term)
            result = self.step(result) - part if is_negative else self.step(result) + part
        return result

    def _mul(self, expression: Expr) -> Expr:
        """Products, then quotients, then the scalar factor, all but the last in steps of their own.

        Rows and columns among arrays that are larger are one factor, which is evaluated first.
        """
        scalar = Mul(*(factor for factor in expression.args if self.is_scalar(factor)))
        arrays = [factor for factor in expression.args if not self.is_scalar(factor)]
        short = [factor for factor in arrays if "1" in self.shape(factor)]
        if 1 < len(short) < len(arrays):
            whole = self.operand(Mul(*short))
            return self.one(Mul(scalar, whole, *(factor for factor in arrays if factor not in short)))
        # names first: what else is made of them may be written over one of them afterwards
        above = sorted((factor for factor in arrays if not _is_below(factor)), key=lambda f: not f.is_Symbol)
        result = self.operand(above[0]) if above else scalar
        for factor in above[1:]:
            result = self.step(result) * self.operand(factor)
        for factor in arrays:
            if _is_below(factor):
                result = self.step(result) / self.operand(1 / factor)
        return self.step(result) * scalar if above and scalar != 1 else result

    def _most(self, expression: Expr) -> Expr:
        parts = [self.operand(part) for part in expression.args]
        return reduce(lambda left, right: expression.func(self.step(left), right), parts)

    def _piecewise(self, expression: Expr) -> Expr:
        return Piecewise(*((self.operand(value), self._condition(held)) for value, held in expression.args))

    def _condition(self, condition: Any) -> Any:
        if isinstance(condition, Relational):
            return condition.func(self.operand(condition.lhs), self.operand(condition.rhs))
        return condition.func(*(self._condition(part) for part in condition.args)) if condition.args else condition


def _is_below(factor: Expr) -> bool:
    return isinstance(factor, Pow) and factor.exp == -1
