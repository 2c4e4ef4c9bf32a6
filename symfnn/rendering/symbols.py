"""How a notation writes what a model holds: letters, scripts, the letters of components, layers and widths."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from sympy import Add, Expr, Mul, Sum, Symbol

from symfnn.algebra import index
from symfnn.elaboration.names import Mention, written
from symfnn.elaboration.scope import Profile, Scope
from symfnn.elaboration.survey import mentions
from symfnn.elaboration.texts import Written
from symfnn.latex.entries import EntryPrinter
from symfnn.latex.letters import readable
from symfnn.latex.syntax import Letter
from symfnn.latex.walk import nodes
from symfnn.model.definitions import Model

_CLOSING = {"(": ")", "[": "]", "": ""}
_NEXT = {"i": "j", "j": "k", "k": "j", "p": "q"}


@final
@dataclass(frozen=True, slots=True)
class Symbols:
    r"""The symbols of a notation.

    Attributes:
        scope: that it opens.
        components: for a letter and a number of components, the letters that these are written with.
        wholes: the letters that are written without components somewhere.
        brackets: around the layer of a width, ``[`` in ``n^{[l]}``.
        transpose: what stands above a transposed matrix.
        calligraphic: the letters of quantities that are written in that style.
    """

    scope: Scope
    components: dict[tuple[str, int], tuple[str, ...]]
    wholes: frozenset[str]
    brackets: str
    transpose: str
    calligraphic: frozenset[str] = frozenset()

    def letters(self, profile: Profile) -> tuple[str, ...]:
        """The letters for the components of a quantity."""
        count = (profile.rows is not None) + (profile.columns is not None)
        known = self.components.get((profile.letter, count)) or self.components.get(("", count))
        if known is not None and not set(known) & self._taken:
            return known
        first = next(
            letter for letter in (*self.components.get(("", 1), ()), "i", "j", "p") if letter not in self._taken
        )
        second = next(letter for letter in (_NEXT.get(first, "j"), "j", "q") if letter not in {*self._taken, first})
        return (first, second)[:count]

    @property
    def _taken(self) -> set[str]:
        return {self.scope.layer_letter, self.scope.depth_letter}


def symbols_of(scope: Scope, statements: Iterable[Written]) -> Symbols:
    """The symbols that a notation's statements are written in, those of all its sections."""
    statements = list(statements)
    contents = [one.statement.content for one in statements if one.statement is not None]
    everything = [found for content in contents for found in mentions(content)]
    components: dict[tuple[str, int], tuple[str, ...]] = {}
    wholes: set[str] = set()
    for found in everything:
        letters = _component_letters(scope, found)
        if not scope.knows(found.name) or any(scope.named(letter) for letter in letters):
            continue
        if letters and len(set(letters)) == len(letters):
            components.setdefault((found.name, len(letters)), letters)
            components.setdefault(("", len(letters)), letters)
        elif not letters:
            wholes.add(found.name)
    wholes |= {node.name for content in contents for node in nodes(content) if isinstance(node, Letter)} - {
        found.name for found in everything
    }
    family = scope.family
    widths = (found for found in everything if family is not None and found.name == family[0] and found.marks)
    brackets = next((found.marks[0].bracket for found in widths), "")
    texts = " ".join(one.formula.latex for one in statements)
    turned = next((sign for sign in (r"\mathsf{T}", r"\top") if sign in texts), "T")
    typed = [node for content in contents for node in nodes(content) if isinstance(node, Letter)]
    round_ones = frozenset(node.name for node in typed if node.style == "calligraphic")
    return Symbols(scope, components, frozenset(wholes), brackets, turned, round_ones)


def _component_letters(scope: Scope, found: Mention) -> tuple[str, ...]:
    own = {scope.layer_letter, scope.depth_letter}
    below = (mark.content for mark in found.marks if mark.place == "sub")
    return tuple(node.name for node in below if isinstance(node, Letter) and written(node) not in own)


class SymbolPrinter(EntryPrinter):
    """Expressions of a model in the symbols of a notation."""

    def __init__(self, model: Model, symbols: Symbols) -> None:
        super().__init__(model)
        self.symbols = symbols

    def text(self, expression: Expr) -> str:
        """The formula of an expression whose free letters are those to be written."""
        scope = self.symbols.scope
        taken = {scope.layer_letter, scope.depth_letter}
        return str(self.doprint(readable(_hinted(expression.xreplace(self._named())), taken)))

    def _named(self) -> dict[Expr, Expr]:
        scope = self.symbols.scope
        named = {index.LAYER: _as_written(scope.layer_letter or "l"), index.DEPTH: _as_written(scope.depth_letter)}
        return named | {size: _as_written(text) for text, size in scope.sizes.items() if size.has(index.WIDTH)}

    def compact(self, expression: Expr) -> str:
        """A formula without spaces, for a script."""
        return super().compact(expression.xreplace(self._named()))

    def _print_Symbol(self, expression: Symbol) -> str:
        name = str(expression.name).rstrip("′")
        profile = None if expression.is_integer else self.symbols.scope.profile(str(expression.name))
        return name if profile is None else self._written(profile, "", [], [])

    _print_Dummy = _print_Symbol

    def _print_factors(self, expression: Expr) -> str:
        adjoint = self.model.adjoint
        errors = [
            f for f in Mul.make_args(expression) if adjoint and index.is_entry(f) and index.name_of(f) == adjoint[0]
        ]
        rest = [f for f in Mul.make_args(expression) if f not in errors]
        if len(errors) != 1 or not rest or any(isinstance(f, Sum) for f in rest):
            return super()._print_factors(expression)
        return self._times().join([self._print(errors[0]), self._beside(Mul(*rest))])

    def _beside(self, rest: Expr) -> str:
        text = super()._print_factors(rest)
        return self._bracket(text) if isinstance(rest, Add) else text

    def _width(self, layer: Expr) -> str:
        family = self.symbols.scope.family or ("s", "sub")
        opening = self.symbols.brackets
        sign = "_" if family[1] == "sub" else "^"
        return f"{family[0]}{sign}{{{opening}{self.compact(layer)}{_CLOSING[opening]}}}"

    def _entry(self, expression: Expr) -> str:
        name, places = index.name_of(expression), list(index.indices_of(expression))
        profile = self.symbols.scope.profile(name)
        if profile is None:
            return str(super()._entry(expression))
        layer = self.compact(places.pop(0)) if profile.is_layered else ""
        count = (profile.rows is not None) + (profile.columns is not None)
        parts = [self.compact(place) for place in places[:count]]
        return self._written(profile, layer, parts, [self.compact(place) for place in places[count:]])

    def _written(self, profile: Profile, layer: str, components: list[str], samples: list[str]) -> str:
        """A quantity with its scripts in their places."""
        components = [part for part in _numbered(profile, components) if self._is_shown(part)]
        above: list[str] = []
        below = [("" if all(len(part) == 1 for part in components) else ",").join(components)]
        taken = iter(samples)
        for slot in profile.slots:
            text = {"layer": layer, "name": slot.text}.get(slot.role) or next(taken, "")
            marked = f"{slot.bracket}{text}{_CLOSING.get(slot.bracket, '')}"
            (above if slot.place == "sup" else below).append(marked)
        joined = "".join(above) if all(part[:1] in "([" for part in above) else ",".join(above)
        if any(slot.role == "name" and slot.place == "sub" and not slot.is_behind for slot in profile.slots):
            below = [*below[1:], below[0]]  # a name's own marks come first, else h_{W,b} loses them to an entry
            under = ",".join(part for part in below if part)
        else:
            is_short = all(len(part) < 2 for part in below[1:])
            under = "".join(below) if is_short else ",".join(part for part in below if part)
        letter = _letter(profile.letter)
        if profile.letter in self.symbols.calligraphic:
            letter = rf"\mathcal{{{letter}}}"
        return self._with_scripts(letter, under, joined)

    def _is_shown(self, component: str) -> bool:
        """Whether a component is written."""
        return bool(component)

    def _print_Unspecified(self, expression: Expr) -> str:
        shown = []
        for array in expression.arrays:
            profile = self.symbols.scope.profile(str(array[0]))
            is_layered = profile is not None and profile.is_layered and len(array) > 1
            layer = self.compact(array[1]) if is_layered else ""
            shown.append(str(array[0]) if profile is None else self._written(profile, layer, [], []))
        return rf"{expression.letter}({', '.join(shown)})"


def _numbered(profile: Profile, components: list[str]) -> list[str]:
    """The components of an entry of a part, with the numbers that its own axes do not have."""
    if profile.part is None:
        return components
    own = iter(components)
    sizes = profile.rows, profile.columns
    return [
        number or next(own, "") for number, size in zip(profile.part, sizes, strict=True) if number or size is not None
    ]


def _as_written(text: str) -> Symbol:
    """A letter for printing, which is equal to none of the language's own."""
    return Symbol(text, integer=True)


def _letter(letter: str) -> str:
    """A letter as it is typed."""
    if letter == "1":
        return r"\mathbf{1}"
    is_word = len(letter) > 2 and letter.isalpha()
    return rf"\text{{{letter}}}" if is_word else letter


def _hinted(expression: Expr) -> Expr:
    """The expression with bound letters whose names are only those of slots called k."""

    def renamed(total: Expr) -> Expr:
        letters = {limit[0]: index.fresh("k") for limit in total.limits if str(limit[0].name).endswith("_")}
        limits = [tuple(part.xreplace(letters) for part in limit) for limit in total.limits]
        return index.Sum(total.function.xreplace(letters), *limits)

    return expression.replace(lambda node: isinstance(node, Sum), renamed)
