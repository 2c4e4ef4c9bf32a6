"""Scopes: what names stand for at a place of a document. Values; a new declaration makes a new scope."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple, final

from sympy import Expr, Integer, Lambda

from symfnn.algebra import index
from symfnn.elaboration.values import Value
from symfnn.model.activations import Activation
from symfnn.model.definitions import Assumption, Definition
from symfnn.source import Span


class Slot(NamedTuple):
    """A place of a script and what stands there.

    Attributes:
        place: ``"sub"`` or ``"sup"``.
        bracket: ``"("``, ``"["`` or ``""``.
        role: ``"layer"``, ``"sample"``, or ``"name"`` for a mark that belongs to the name.
        text: of a mark that belongs to the name.
        is_behind: whether a mark that belongs to the name stands behind another one of its place.
    """

    place: str
    bracket: str
    role: str
    text: str = ""
    is_behind: bool = False


@final
@dataclass(frozen=True, slots=True)
class Profile:
    """A quantity as texts write it.

    Attributes:
        name: of the model's quantity; marks that belong to the name are part of it.
        letter: the base that is written.
        slots: which marks a mention has besides its components.
        rows: how long a column is, in terms of ``index.LAYER``; None where there is no such axis.
        columns: the same across.
        layers: in which layers it is; None where it has none or they are not known.
        samples: how many samples it is given for; None where it is given for one.
        has_arguments: whether it is written with arguments, ``J(W, b)``, that are no factor.
        is_firm: whether its shape was stated, or follows from what was stated, and is not only supposed.
        span: where it was first stated.
        origin: 0 in the notation; in the document one more than the number of headings before it.
        is_stated: whether a declaration gives its shape.
        part: of a quantity that is a part of a composite one: the number of its row and of its column as they are
            written, empty where its own index stands there. It is not mentioned by itself. None of any other.
        copy_of: the name of the quantity of one sample that it is the same as for each; empty for any other.
        is_bold: whether its letter is bold where it is first stated.
    """

    name: str
    letter: str
    slots: tuple[Slot, ...] = ()
    rows: Expr | None = None
    columns: Expr | None = None
    layers: index.Range | None = None
    samples: Expr | None = None
    has_arguments: bool = False
    is_firm: bool = False
    span: Span | None = None
    origin: int = 1
    is_stated: bool = False
    part: tuple[str, str] | None = None
    copy_of: str = ""
    is_bold: bool = False

    @property
    def is_layered(self) -> bool:
        """Whether a mention has a layer."""
        return any(slot.role == "layer" for slot in self.slots)

    @property
    def axes(self) -> int:
        """How many axes it has."""
        return (self.rows is not None) + (self.columns is not None)

    @property
    def quantity(self) -> index.Quantity:
        """The model's quantity."""
        letters: list[Expr] = []
        ranges: list[index.Range] = []
        if self.is_layered:
            letters.append(index.LAYER)
            ranges.append(self.layers or (Integer(1), index.DEPTH))
        for hint, size in (("i", self.rows), ("j", self.columns), ("n", self.samples)):
            if size is not None:
                letters.append(index.index(f"{hint}_"))
                ranges.append((size * 0 + 1, size))
        return index.Quantity(
            self.name, tuple(letters), tuple(ranges), layered=self.is_layered, per_sample=self.samples is not None
        )


class Alias(NamedTuple):
    """Another way to write a quantity: w_{ij} stands for W_{ji}, and z_n for column n of Z.

    Attributes:
        profile: how it is written; its axes are those that are left when its own indices are fixed.
        of: the name of the quantity it stands for.
        roles: for each axis of that quantity, what stands there: 0 or 1 for the row or column of the alias, 2, 3, … for
            its own indices in the order written, ``"sample"`` for the sample.
        sizes: of the axes that its own indices run along.
        style: in which it is written, where that tells it from another name; None where it does not matter.
        layer: the one that is meant, where it is written without any.
        label: the index of its own that is not written, and the size of its axis: the y of a loss that is -log p_y.
    """

    profile: Profile
    of: str
    roles: tuple[int | str, ...]
    sizes: tuple[Expr, ...] = ()
    style: str | None = None
    layer: Expr | None = None
    label: tuple[tuple[Expr, Expr], ...] = ()


class Composite(NamedTuple):
    """A quantity that is written as one array and made up of others: [bᵀ; W], or a layer and its bias unit.

    Attributes:
        profile: how it is written; its sizes are those of the whole.
        parts: row by row, for layer l.
        own: the letters of its own indices in the parts, in the order written: i of θ_i = [b_i; w_i].
        sizes: of the axes that its own indices run along.
        from_zero: whether the first part of a cut axis, down and across, is entry 0 and the second all that follow.
        is_name: whether the parts are what it is another name for, and no quantities of its own.
    """

    profile: Profile
    parts: tuple[tuple[Value, ...], ...]
    own: tuple[Expr, ...] = ()
    sizes: tuple[Expr, ...] = ()
    from_zero: tuple[bool, bool] = (False, False)
    is_name: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The names of the quantities that it is made up of."""
        found = (part.expr for row in self.parts for part in row)
        return frozenset(index.name_of(e) for e in found if index.is_entry(e) or e.is_Symbol)


class Operator(NamedTuple):
    """A function of a whole array, such as Σ'(z^l) = diag(σ'(z^l)), by its value for any layer.

    Attributes:
        letter: the function's name.
        primes: that belong to it.
        argument: the letter of the array that it is stated for.
        value: its value at layer l.
    """

    letter: str
    primes: int
    argument: str
    value: Value


class Rule(NamedTuple):
    """A function of a vector that is stated by its entries, σ(z)_i = e^{z_i} / Σ_j e^{z_j}.

    Attributes:
        letter: how it is written.
        of: the name of the vector that it is stated for.
        size: how many entries that has.
        index: the letter of the value's entry.
        length: how many entries the value has.
        expr: one entry of the value.
    """

    letter: str
    of: str
    size: Expr
    index: Expr
    length: Expr
    expr: Expr


class Map(NamedTuple):
    """A function of whole arrays of which nothing is known, such as F_k in X_k = F_k(X_{k-1}, W_k).

    Attributes:
        letter: how it is written; a mark for the layer is no part of that.
        arity: how many arguments it takes.
        of: the name of the quantity whose values it has.
    """

    letter: str
    arity: int
    of: str


@final
@dataclass(frozen=True, slots=True)
class Stated:
    """A definition and where it stands.

    Attributes:
        definition: for the model.
        span: of the statement.
        origin: 0 in the notation; in the document one more than the number of headings before it.
    """

    definition: Definition
    span: Span
    origin: int


@final
@dataclass(frozen=True, slots=True)
class Scope:
    """What is known at a place.

    Attributes:
        profiles: quantities, the latest last.
        aliases: other spellings of entries.
        composites: what is made up of several quantities.
        functions: of one real variable, by letter; None for one of which nothing is known.
        operators: functions of whole arrays.
        maps: functions of whole arrays of which nothing is known.
        rules: functions of a vector, by their entries.
        sizes: counts, by how they are written.
        family: the letter of the widths (s in s_l) and the place of its layer.
        single: the widths of layers that have one neuron.
        is_one_supposed: whether one of these is only supposed, so that a loss is a number.
        batch: sizes that count samples.
        counted: what letters that nothing declares count, by the sums of definitions that run to them.
        ranges: where letters lie, by letter.
        layer_letter: the letter for any layer, as written.
        layer_letters: that of most statements, and others that some have in its place; empty where there is one.
        depth_letter: how the last layer is written.
        definitions: in force.
        assumptions: about the data.
        layered: (letter, place, bracket) of what is written with a layer anywhere: a number there is a layer.
        components: for each letter the most indices below that it is written with.
        are_rows: whether a vector of which only the number of entries is stated is a row.
        is_numerator_layout: whether the derivative of a scalar by a column is a row.
        jacobian_layout: ``"numerator"`` or ``"denominator"`` where a text states whose entries are the rows of the
            derivative of a column by a column; the numerator's are where it does not.
        first_layer: the number of the first layer, where layers are not stated.
        applied: the letters that stand nowhere in the text without brackets behind them.
        lists: the letters that are written with lists of arguments of unlike lengths, which tell quantities apart.
        sampled: the letters that number samples where they stand above in round brackets, and how many there are.
        numbers: what numbers samples by its use, as (name, place, bracket, letter), and how many there are.
        each: the letters that are written with the number of a sample somewhere.
        supposed: names of the objectives of which nothing is stated but that derivatives of them are taken.
        single_numbers: small letters that nothing in the text shows as arrays.
        numbered_samples: names that are declared by number for samples, and numbered by entries in formulas.
        reshaped: names of the quantities that were stated with other shapes further up.
        labels: the letters that can be the number of a class, as the text writes them.
        primed: the letters that stand with a prime before brackets.
        of_arrays: the letters stated to be functions of whole arrays, with the sizes of their values.
    """

    profiles: tuple[Profile, ...] = ()
    aliases: tuple[Alias, ...] = ()
    composites: tuple[Composite, ...] = ()
    functions: dict[str, Lambda | None] = field(default_factory=dict)
    operators: tuple[Operator, ...] = ()
    maps: tuple[Map, ...] = ()
    rules: tuple[Rule, ...] = ()
    sizes: dict[str, Expr] = field(default_factory=dict)
    family: tuple[str, str] | None = None
    single: frozenset[Expr] = frozenset()
    is_one_supposed: bool = False
    batch: frozenset[Expr] = frozenset()
    counted: dict[str, Expr] = field(default_factory=dict)
    ranges: dict[str, index.Range] = field(default_factory=dict)
    layer_letter: str = "l"
    layer_letters: tuple[str, ...] = ()
    depth_letter: str = "L"
    definitions: tuple[Stated, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    layered: frozenset[tuple[str, str, str]] = frozenset()
    components: dict[str, int] = field(default_factory=dict)
    are_rows: bool = False
    is_numerator_layout: bool = False
    jacobian_layout: str = ""
    first_layer: int = 1
    applied: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    sampled: dict[str, Expr] = field(default_factory=dict)
    numbers: dict[tuple[str, str, str, str], Expr] = field(default_factory=dict)
    each: frozenset[str] = frozenset()
    supposed: frozenset[str] = frozenset()
    single_numbers: frozenset[str] = frozenset()
    numbered_samples: frozenset[str] = frozenset()
    reshaped: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    primed: frozenset[str] = frozenset()
    of_arrays: dict[str, tuple[Expr, ...]] = field(default_factory=dict)

    def named(self, letter: str) -> list[Profile]:
        """The profiles written with that letter, the most special and latest first."""
        found = [profile for profile in reversed(self.profiles) if profile.letter == letter and profile.part is None]
        return sorted(found, key=lambda p: -sum(slot.role == "name" for slot in p.slots))

    def listed(self, letter: str) -> list[Profile]:
        """What a letter without its arguments means where these tell quantities apart: the only one so far."""
        found = [p for p in self.profiles if letter in self.lists and p.letter.startswith(f"{letter}/")]
        return found if len(found) == 1 else []

    def knows(self, letter: str) -> bool:
        """Whether something is written with that letter."""
        return bool(self.named(letter)) or any(c.profile.letter == letter for c in self.composites)

    def maps_vectors(self, letter: str) -> bool:
        """Whether a function of whole vectors is written with that letter."""
        return letter in {one.letter for one in self.maps} | {one.letter for one in self.rules}

    def layers_of(self, profile: Profile) -> index.Range:
        """In which layers a quantity is; in all where that is not known."""
        return profile.layers or (Integer(self.first_layer), index.DEPTH)

    def profile(self, name: str) -> Profile | None:
        """The profile of a model's quantity."""
        return next((p for p in reversed(self.profiles) if p.name == name), None)

    def with_profile(self, profile: Profile) -> tuple["Scope", Profile]:
        """The scope with a profile in the place of an older one that is written alike, and the profile by its name.

        What is written with other marks or has other axes is another quantity and gets another name.
        """

        def kind(one: Profile) -> object:
            return one.letter, one.slots, one.rows is None, one.columns is None, one.part

        others = tuple(p for p in self.profiles if kind(p) != kind(profile))
        name = profile.name
        while any(p.name == name for p in others):
            name += "′"
        profile = replace(profile, name=name)
        sizes = profile.rows, profile.columns
        is_other = any(p.is_stated and (p.rows, p.columns) != sizes for p in self.profiles if kind(p) == kind(profile))
        reshaped = self.reshaped | {name} if is_other and profile.is_stated else self.reshaped
        return replace(self, profiles=(*others, profile), reshaped=reshaped), profile

    def with_columns(self) -> "Scope":
        """The scope in which what lies as a row is a column."""
        turned = (
            replace(p, rows=p.columns, columns=None) if p.rows is None and p.columns is not None else p
            for p in self.profiles
        )
        return replace(self, profiles=tuple(turned), are_rows=False)

    def with_definition(self, stated: Stated) -> "Scope":
        """The scope with one definition more; it stands for what was only a copy of what holds for one sample."""
        name = stated.definition.name
        scope = replace(self, supposed=self.supposed - {name})
        if not any(p.copy_of for p in self.profiles if p.name == name):
            return replace(scope, definitions=(*self.definitions, stated))
        profiles = tuple(replace(p, copy_of="") if p.name == name else p for p in self.profiles)
        others = (one for one in self.definitions if one.definition.name != name)
        return replace(scope, profiles=profiles, definitions=(*others, stated))

    def known_functions(self) -> tuple[tuple[str, Activation], ...]:
        """The functions with a rule, as a model holds them."""
        return tuple((name, Activation(name, rule)) for name, rule in self.functions.items() if rule is not None)
