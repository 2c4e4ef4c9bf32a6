"""Expressions of the index language as functions that compute a number from sizes, letters and a world of entries.

An expression is walked once and run many times. Derivatives are not worked out here: a known function's slope comes
from running its rule on dual numbers, and a Partial is handed to the world, which moves an entry.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import zip_longest

import sympy
from sympy import Expr, Indexed, KroneckerDelta, Piecewise, Pow, Product, Sum, Symbol
from sympy.core.relational import Relational

from symfnn import errors
from symfnn.algebra import index
from symfnn.check import dual
from symfnn.check.counting import Counter, Setting, counter
from symfnn.check.dual import Number
from symfnn.check.frame import Closure, Frame, Key

_LONGEST = 5_000


@lru_cache(maxsize=1024)
def compiled(expression: Expr, setting: Setting) -> Closure:
    """The function that computes an expression.

    Raises:
        OracleError: the expression holds something that has no number.
    """
    return _build(expression, setting)


def _build(expression: Expr, setting: Setting) -> Closure:
    if expression == setting.variable:
        return lambda frame: frame.argument
    if expression in _NO_NUMBERS:
        raise errors.OracleError(f"{expression} is not a number")
    for kind, build in _BUILDERS:
        if isinstance(expression, kind):
            return build(expression, setting)
    function = _FUNCTIONS.get(expression.func)
    if function is None:
        raise errors.OracleError(f"the oracle does not know {expression.func.__name__}")
    parts = [_build(part, setting) for part in expression.args]
    if len(parts) == 1:
        (part,) = parts
        return lambda frame: function(part(frame))
    return lambda frame: function(*[part(frame) for part in parts])


def _constant(expression: Expr, setting: Setting) -> Closure:
    make = dual.field(setting.digits)
    try:
        if isinstance(expression, sympy.Rational):
            value = make(int(expression.p)) / make(int(expression.q))
        elif setting.digits is None:
            value = make(expression)
        elif isinstance(expression, sympy.Float):
            value = make(expression._mpf_)
        else:
            value = make(str(expression.evalf(setting.digits + 10)))
    except (OverflowError, ZeroDivisionError, TypeError) as failure:
        raise errors.OracleError("a number is too large to be evaluated") from failure
    return lambda frame: value


def _symbol(expression: Expr, setting: Setting) -> Closure:
    if expression.is_integer:
        count = counter(expression, setting)
        return lambda frame: frame.number(count(frame))
    return _read(index.name_of(expression), [], setting)


def _indexed(expression: Expr, setting: Setting) -> Closure:
    if not index.is_entry(expression):
        count = counter(expression, setting)
        return lambda frame: frame.number(count(frame))
    return _read(index.name_of(expression), [counter(part, setting) for part in expression.indices], setting)


def _read(name: str, indices: list[Counter], setting: Setting) -> Closure:
    key_of = _key(name, indices, setting)
    return lambda frame: frame.world.read(key_of(frame), frame.stack)


def _key(name: str, indices: list[Counter], setting: Setting) -> Callable[[Frame], Key]:
    found = [q for q in setting.model.quantities if q.name == name]
    if found and found[0].per_sample and len(indices) == len(found[0].slots):
        return lambda frame: (
            name,
            *[part(frame) for part in indices],
            *(() if frame.sample is None else (frame.sample,)),
        )
    if len(indices) == 2:
        first, second = indices
        return lambda frame: (name, first(frame), second(frame))
    return lambda frame: (name, *[part(frame) for part in indices])


def _add(expression: Expr, setting: Setting) -> Closure:
    first, *others = (_build(part, setting) for part in expression.args)

    def run(frame: Frame) -> Number:
        total = first(frame)
        for part in others:
            total = total + part(frame)
        return total

    return run


def _mul(expression: Expr, setting: Setting) -> Closure:
    first, *others = (_build(part, setting) for part in expression.args)

    def run(frame: Frame) -> Number:
        result = first(frame)
        for part in others:
            result = result * part(frame)
        return result

    return run


def _power(expression: Expr, setting: Setting) -> Closure:
    base = _build(expression.base, setting)
    if expression.exp.is_integer:
        exponent = counter(expression.exp, setting)
        return lambda frame: dual.power(base(frame), exponent(frame))
    real = _build(expression.exp, setting)
    return lambda frame: dual.general_power(base(frame), real(frame))


def _sum(expression: Expr, setting: Setting) -> Closure:
    return _repeat(expression, setting, lambda x, y: x + y, 0)


def _product(expression: Expr, setting: Setting) -> Closure:
    return _repeat(expression, setting, lambda x, y: x * y, 1)


def _repeat(expression: Expr, setting: Setting, combine: Callable[[Number, Number], Number], start: int) -> Closure:
    body = _build(expression.function, setting)
    for limit in expression.limits:
        if len(limit) != 3:
            raise errors.OracleError("a sum has no limits")
        body = _loop(body, limit[0], _bounds((limit[1], limit[2]), setting), combine, start)
    return body


def _bounds(bounds: index.Range, setting: Setting) -> tuple[Counter, Counter]:
    return counter(bounds[0], setting), counter(bounds[1], setting)


def _loop(
    body: Closure,
    letter: Expr,
    bounds: tuple[Counter, Counter],
    combine: Callable[[Number, Number], Number],
    start: int,
) -> Closure:
    low, high = bounds

    def run(frame: Frame) -> Number:
        first, last = low(frame), high(frame)
        if last - first > _LONGEST:
            raise errors.OracleError(f"a sum has {last - first + 1} terms")
        frame.world.check_time()
        letters, outer = frame.letters, frame.letters.get(letter)
        total = frame.world.zero + start
        for value in range(first, last + 1):
            letters[letter] = value
            total = combine(total, body(frame))
        letters.pop(letter, None)
        if outer is not None:
            letters[letter] = outer
        return total

    return run


def _partial(expression: Expr, setting: Setting) -> Closure:
    body, entry = expression.args
    is_scalar = isinstance(entry, Symbol) and not entry.is_integer
    if not is_scalar and not (isinstance(entry, Indexed) and index.is_entry(entry)):
        raise errors.OracleError(f"a derivative by {entry}, which is not an entry of a quantity")
    key_of = _key(index.name_of(entry), [counter(part, setting) for part in index.indices_of(entry)], setting)
    names = tuple(sorted(names_in(body)))
    closure = _build(body, setting)
    return lambda frame: frame.world.differentiate(closure, names, key_of(frame), frame)


def names_in(expression: Expr) -> set[str]:
    """The names of the quantities that an expression mentions."""
    names = {index.name_of(entry) for entry in index.entries(expression)}
    names |= {str(array[0]) for node in expression.atoms(index.Unspecified) for array in node.arrays}
    labels = {entry.base.label for entry in expression.atoms(Indexed)}
    return names | {s.name for s in expression.atoms(Symbol) if not s.is_integer and s not in labels}


def _pattern(places: Iterable[Expr], setting: Setting) -> list[Counter | None]:
    """What stands at each index of an array; None for every one."""
    return [None if place == index.ALL else counter(place, setting) for place in places]


def _unspecified(expression: Expr, setting: Setting) -> Closure:
    letter, own = expression.letter, [counter(part, setting) for part in expression.place]
    arrays = [(str(part[0]), _pattern(part[1:], setting)) for part in expression.arrays]

    def run(frame: Frame) -> Number:
        units = []
        for number, (array, pattern) in enumerate(arrays):
            places = [None if part is None else part(frame) for part in pattern]
            whole = places.index(None) if None in places else len(places)
            leading = tuple(place for place in places[:whole] if place is not None)
            for key in frame.world.keys(array, leading, frame.sample):
                pairs = list(zip_longest(key[1:], places))
                if all(place in (None, part) for part, place in pairs):
                    free = [part for part, place in pairs if place is None]
                    units.append(((number, *free), frame.world.read(key, frame.stack)))
        return frame.world.unspecified((letter, *(part(frame) for part in own)), units)

    return run


def _function(expression: Expr, setting: Setting) -> Closure:
    argument = _build(expression.args[0], setting)
    letter, order = expression.letter, expression.order
    known = dict(setting.model.functions).get(letter)
    if known is None:
        return lambda frame: nth_slope(frame.world.unknown(letter), argument(frame), order, frame)
    if known.rule.expr.has(index.Partial):
        raise errors.OracleError(f"the definition of {letter} holds a derivative")
    inner = Setting(setting.model, setting.digits, known.rule.variables[0])
    body = compiled(known.rule.expr, inner)

    def run(frame: Frame) -> Number:
        value, outer = argument(frame), frame.argument

        def rule(x: Number) -> Number:
            frame.argument = x
            return body(frame)

        result = nth_slope(rule, value, order, frame)
        frame.argument = outer
        return result

    return run


def nth_slope(rule: Callable[[Number], Number], x: Number, order: int, frame: Frame) -> Number:
    """The derivative of that order of a function of one variable at x."""
    tag = max(dual.tag_of(x), frame.stack[-1].tag if frame.stack else 0) + 1
    tags = range(tag, tag + order)
    for inner in tags:
        x = dual.Dual(inner, x, frame.world.zero + 1)
    result = rule(x)
    for outer in reversed(tags):
        result = frame.world.zero + dual.slope_of(result, outer)
    return result


def _pieces(expression: Expr, setting: Setting) -> Closure:
    pieces = [(_build(value, setting), condition(where, setting)) for value, where in expression.args]

    def run(frame: Frame) -> Number:
        for value, holds in pieces:
            if holds(frame):
                return value(frame)
        raise errors.DomainError("no piece of a function holds")

    return run


def _delta(expression: Expr, setting: Setting) -> Closure:
    left, right = (counter(part, setting) for part in expression.args[:2])
    return lambda frame: frame.number(int(left(frame) == right(frame)))


_COMPARISONS: dict[type, tuple[Callable[[Number, Number], bool], Callable[[int, int], bool]]] = {
    sympy.StrictLessThan: (dual.is_less, lambda x, y: x < y),
    sympy.StrictGreaterThan: (lambda x, y: dual.is_less(y, x), lambda x, y: x > y),
    sympy.LessThan: (lambda x, y: not dual.is_less(y, x), lambda x, y: x <= y),
    sympy.GreaterThan: (lambda x, y: not dual.is_less(x, y), lambda x, y: x >= y),
    sympy.Equality: (lambda x, y: not dual.is_less(x, y) and not dual.is_less(y, x), lambda x, y: x == y),
    sympy.Unequality: (lambda x, y: dual.is_less(x, y) or dual.is_less(y, x), lambda x, y: x != y),
}


def condition(expression: Expr, setting: Setting) -> Callable[[Frame], bool]:
    """The function that says whether a condition holds."""
    if expression in (sympy.true, sympy.false):
        value = bool(expression)
        return lambda frame: value
    if isinstance(expression, Relational) and expression.func in _COMPARISONS:
        return _comparison(expression, setting)
    if not isinstance(expression, sympy.And | sympy.Or | sympy.Not):
        raise errors.OracleError(f"the condition {expression} cannot be evaluated")
    parts = [condition(part, setting) for part in expression.args]
    if isinstance(expression, sympy.And):
        return lambda frame: all(part(frame) for part in parts)
    if isinstance(expression, sympy.Or):
        return lambda frame: any(part(frame) for part in parts)
    return lambda frame: not parts[0](frame)


def _comparison(expression: Expr, setting: Setting) -> Callable[[Frame], bool]:
    of_numbers, of_indices = _COMPARISONS[expression.func]
    if all(part.is_integer for part in expression.args):
        first, second = (counter(part, setting) for part in expression.args)
        return lambda frame: of_indices(first(frame), second(frame))
    left, right = (_build(part, setting) for part in expression.args)
    return lambda frame: of_numbers(left(frame), right(frame))


_NO_NUMBERS = (sympy.oo, -sympy.oo, sympy.zoo, sympy.nan, sympy.I)
_BUILDERS: tuple[tuple[type, Callable[[Expr, Setting], Closure]], ...] = (
    (sympy.Number, _constant),
    (sympy.NumberSymbol, _constant),
    (Symbol, _symbol),
    (Indexed, _indexed),
    (sympy.Add, _add),
    (sympy.Mul, _mul),
    (Pow, _power),
    (Sum, _sum),
    (Product, _product),
    (index.Partial, _partial),
    (index.Unspecified, _unspecified),
    (index.ScalarFunction, _function),
    (Piecewise, _pieces),
    (KroneckerDelta, _delta),
)
_FUNCTIONS: dict[type, Callable[..., Number]] = {
    sympy.exp: dual.exp,
    sympy.log: dual.log,
    sympy.sin: dual.sin,
    sympy.cos: dual.cos,
    sympy.tan: dual.tan,
    sympy.sinh: dual.sinh,
    sympy.cosh: dual.cosh,
    sympy.tanh: dual.tanh,
    sympy.asinh: dual.asinh,
    sympy.acosh: dual.acosh,
    sympy.atanh: dual.atanh,
    sympy.asin: dual.asin,
    sympy.acos: dual.acos,
    sympy.atan: dual.atan,
    sympy.erf: dual.erf,
    sympy.erfc: dual.erfc,
    sympy.Abs: dual.absolute,
    sympy.sign: dual.sign,
    sympy.Heaviside: lambda x, *at_zero: dual.step(x),
    sympy.Max: dual.largest,
    sympy.Min: dual.smallest,
}
