"""Wrong formulas made from right ones: is any of them accepted?

Every proved equation of the documents (by default derivations/ and the built-in notations) is changed at one place by
one operator and checked where it stands, with everything that its document states before it. What is accepted is
evaluated once more, on other networks than the check's and at 50 digits, and has to be equivalent there as well; each
is listed, so that a person can look at it.

    python benchmarks/mutations.py [--limit N] [--seed N] [--each N] [--list] [PATH…]
"""

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from pathlib import Path

from symfnn import errors
from symfnn.check import checker, deciding, links, oracle
from symfnn.check.mistakes import tree
from symfnn.check.variants import variants
from symfnn.check.verdicts import Verdict
from symfnn.documents.reader import read
from symfnn.elaboration.claims import equation
from symfnn.elaboration.names import TRANSPOSES
from symfnn.elaboration.statements import understand
from symfnn.latex.syntax import BigOperator, Fence, Fraction, Letter, Number, Product, Relation, Scripted, Sequence, Sum
from symfnn.latex.writing import write
from symfnn.source import Span

ROOT = Path(__file__).parents[1]
NOWHERE = Span(0, 0)
ACCEPTED = (Verdict.PROVED, Verdict.TESTED)
OUTCOMES = ("refuted", "ill-shaped", "undecided", "definition", "accepted", "crashed")
INDICES = set("ijkmnpqr")
LAYERS = {"l", "L"}
SIGNS = {r"\partial", r"\nabla", r"\top", "T", "d", r"\infty", r"\prime"}
FUNCTIONS = {"f", "g", "h", r"\sigma", r"\Sigma", "C", "J"}
HADAMARD = r"\odot"


def number(text):
    return Number(text, NOWHERE)


def is_transpose(node):
    return isinstance(node, Letter) and (node.name in TRANSPOSES)


def script_parts(node):
    """What stands above, in a row."""
    if node is None:
        return ()
    return node.factors if isinstance(node, Product) and not any(node.signs) else (node,)


def above(parts):
    return None if not parts else parts[0] if len(parts) == 1 else Product(parts, ("",) * (len(parts) - 1), NOWHERE)


def add_transpose(node, place):
    if place.script or place.below:
        return
    parts = script_parts(node.sup) if isinstance(node, Scripted) else ()
    if any(map(is_transpose, parts)) or not is_quantity(node):
        return
    turned = Letter(r"\top", NOWHERE)
    if isinstance(node, Scripted) and not node.primes:
        yield replace(node, sup=above((*parts, turned)))
    elif isinstance(node, Letter | Fence):
        yield Scripted(node, None, turned, 0, node.span)


def drop_transpose(node, place):
    if isinstance(node, Scripted) and any(map(is_transpose, script_parts(node.sup))):
        left = replace(node, sup=above(tuple(p for p in script_parts(node.sup) if not is_transpose(p))))
        yield left.base if left.sup is None and left.sub is None and not left.primes else left


def lose_prime(node, place):
    if isinstance(node, Scripted) and node.primes and not place.script:
        left = replace(node, primes=0)
        yield left.base if left.sup is None and left.sub is None else left


def add_prime(node, place):
    if place.script or tree.base_name(node) not in ("f", r"\sigma", "g", "h"):
        return
    if isinstance(node, Letter) and not place.is_base:
        yield Scripted(node, None, None, 1, node.span)
    elif isinstance(node, Scripted) and not node.primes:
        yield replace(node, primes=1)


def drop_factor(node, place):
    if isinstance(node, Product) and not place.script and not place.below and not is_head(node):
        units, signs = tree.units(node)
        for here in range(len(units)):
            if len(units) > 1:
                yield tree.product(*tree.dropped(units, signs, here), node.span)


def is_head(node):
    """Whether a product begins with ∂, d or ∇: no factors."""
    return tree.base_name(node.factors[0]) in (r"\partial", "d", r"\nabla")


def swap_factors(node, place):
    if isinstance(node, Product) and not place.script and not is_head(node):
        units, signs = tree.units(node)
        for here in range(len(units) - 1):
            swapped = [*units[:here], units[here + 1], units[here], *units[here + 2 :]]
            yield tree.product(swapped, signs, node.span)


def other_product(node, place):
    if isinstance(node, Product) and not place.script and not is_head(node):
        units, signs = tree.units(node)
        for here, sign in enumerate(signs):
            new = "" if sign in tree.HADAMARD else HADAMARD
            yield tree.product(units, [*signs[:here], new, *signs[here + 1 :]], node.span)


def shift_layer(node, place):
    if not place.layer:
        return
    if isinstance(node, Letter) and node.name in LAYERS and not place.in_sum:
        for sign in "+-":
            yield Sum((node, number("1")), ("+", sign), node.span)
    if isinstance(node, Sum) and tree.base_name(node.terms[0]) in LAYERS:
        yield node.terms[0]
        yield replace(node, signs=tuple({"+": "-", "-": "+"}[s] if n else s for n, s in enumerate(node.signs)))
        yield replace(node, terms=(node.terms[0], number("2"), *node.terms[2:]))
    if isinstance(node, Number) and node.text.isdecimal() and not place.in_sum:
        yield number(str(int(node.text) + 1))
        yield number(str(int(node.text) - 1))


def flip_sign(node, place):
    if isinstance(node, Sum) and not place.script:
        for here, sign in enumerate(node.signs):
            if sign in "+-":
                yield replace(node, signs=(*node.signs[:here], "-" if sign == "+" else "+", *node.signs[here + 1 :]))
    elif place.is_side and not isinstance(node, Sum):
        yield Sum((node,), ("-",), node.span)


def drop_term(node, place):
    if isinstance(node, Sum) and len(node.terms) > 1 and not place.script:
        for here in range(len(node.terms)):
            terms = node.terms[:here] + node.terms[here + 1 :]
            signs = node.signs[:here] + node.signs[here + 1 :]
            yield terms[0] if len(terms) == 1 and signs == ("+",) else replace(node, terms=terms, signs=signs)


def swap_indices(node, place):
    if not isinstance(node, Scripted) or node.sub is None:
        return
    sub = node.sub
    if isinstance(sub, Product) and len(sub.factors) == 2:
        yield replace(node, sub=replace(sub, factors=sub.factors[::-1]))
    if isinstance(sub, Sequence) and len(sub.items) == 2:
        yield replace(node, sub=replace(sub, items=sub.items[::-1]))


def rename_index(node, place):
    if place.script and isinstance(node, Letter) and node.name in INDICES:
        for other in sorted(place.indices - {node.name}):
            yield replace(node, name=other)


def drop_sum(node, place):
    if isinstance(node, BigOperator):
        yield node.body


def change_limit(node, place):
    if not isinstance(node, BigOperator):
        return
    if isinstance(node.lower, Relation) and isinstance(node.lower.parts[1], Number):
        first, low = node.lower.parts[0], int(node.lower.parts[1].text)
        yield replace(node, lower=replace(node.lower, parts=(first, number(str(low + 1)))))
    if node.upper is not None:
        yield replace(node, upper=Sum((node.upper, number("1")), ("+", "-"), NOWHERE))


def other_variable(node, place):
    if place.script or not isinstance(node, Letter) or node.name in SIGNS or node.name in INDICES:
        return
    for other in sorted(place.names - {node.name}):
        yield replace(node, name=other)


def change_constant(node, place):
    if isinstance(node, Number) and not place.layer and node.text.isdecimal():
        yield number(str(int(node.text) + 1))


def scale(node, place):
    if place.is_side:
        inner = tree.bracketed(node) if isinstance(node, Sum) else node
        yield Product((number("2"), inner), ("",), node.span)
        yield Product((Fraction(number("1"), Letter("m", NOWHERE), NOWHERE), inner), ("",), node.span)


def change_power(node, place):
    if (
        isinstance(node, Scripted)
        and not place.script
        and isinstance(node.sup, Number)
        and isinstance(node.base, Fence)
    ):
        yield replace(node, sup=number("3"))
        yield node.base


OPERATORS = (
    add_transpose,
    drop_transpose,
    lose_prime,
    add_prime,
    drop_factor,
    swap_factors,
    other_product,
    shift_layer,
    flip_sign,
    drop_term,
    swap_indices,
    rename_index,
    drop_sum,
    change_limit,
    other_variable,
    change_constant,
    scale,
    change_power,
)


class Where:
    """What an operator has to know about the place of a node."""

    def __init__(self, names, indices):
        self.names, self.indices = names, indices
        self.script = self.layer = self.below = self.in_sum = self.is_base = False
        self.is_side = True

    def inside(self, node, child):
        new = copy(self)
        new.is_side = False
        new.is_base = isinstance(node, Scripted) and child is node.base
        new.in_sum = isinstance(node, Sum)
        if isinstance(node, Scripted):
            quantity = not isinstance(node.base, Fence)
            new.layer = self.layer or (
                quantity and (child is node.sup or (child is node.sub and new.layer_below(node)))
            )
        new.script = self.script or tree.is_script(node, child)
        new.below = self.below or tree.is_denominator(node, child)
        return new

    def layer_below(self, node):
        return tree.base_name(node.sub) in LAYERS or isinstance(node.sub, Sum)


def is_quantity(node):
    if isinstance(node, Fence):
        return node.left == "("
    return tree.base_name(node) not in SIGNS | INDICES | FUNCTIONS | {""} and not (
        isinstance(node, Scripted) and isinstance(node.base, Scripted)
    )


def walk(node, where) -> Iterator[tuple]:
    yield (), node, where
    for place, child in enumerate(tree.children(node)):
        for path, inner, there in walk(child, where.inside(node, child)):
            yield (place, *path), inner, there


def mutants(statement):
    """(operator's name, statement) for every change of one place; each different one once."""
    content = statement.content
    nodes = [part for _, part in tree.places(content, scripts=True)]
    inside = {n.name for p in nodes if isinstance(p, Scripted) for s in (p.sub, p.sup) if s is not None
              for _, n in tree.places(s, scripts=True) if isinstance(n, Letter)}  # fmt: skip
    letters = {n.name for n in nodes if isinstance(n, Letter)}
    names = letters - SIGNS - INDICES - LAYERS
    seen = {write(content)}
    for side, part in enumerate(content.parts):
        for path, node, where in walk(part, Where(names, inside & INDICES)):
            for operator in OPERATORS:
                for new in operator(node, where):
                    changed = tree.put(part, path, new) if path else new
                    parts = (*content.parts[:side], changed, *content.parts[side + 1 :])
                    whole = replace(content, parts=parts)
                    text = write(whole)
                    if text not in seen:
                        seen.add(text)
                        yield operator.__name__, replace(statement, content=whole)


def copied(course):
    """The state of a check, apart from what goes on."""
    return replace(
        course,
        seen=list(course.seen),
        layouts=set(course.layouts),
        redefined=dict(course.redefined),
        contradicted=set(course.contradicted),
    )


def proved(document):
    """Every proved statement of a document, with the state of the check where it stands and the document's source."""
    found, check = {}, checker._check

    def noted(course, source, one):
        before = copied(course)
        result = check(course, source, one)
        if result.verdict is Verdict.PROVED:
            found.setdefault(one.formula.span, (before, source, one))
        return result

    checker._check = noted
    checker.check_document(document, None, checker.Options(timeout=5))
    checker._check = check
    return list(found.values())


def outcome(before, source, one, statement):
    """(what a check says of a mutant, the findings on its links or what went wrong)."""
    try:
        found = checker._check(copied(before), source, replace(one, statement=statement))
    except errors.DisagreementError as error:
        return "crashed", repr(error)
    except Exception as error:
        return "crashed", repr(error)
    if found.verdict in ACCEPTED:
        return "accepted", [link.finding for link in found.links]
    return (str(found.verdict), None) if str(found.verdict) in OUTCOMES else ("definition", None)


def differs(before, statement, findings, seed):
    """A link that fails on other networks than the check's, or that cannot be evaluated; None where all hold."""
    understood = understand(before.scope, statement, 1)
    scope = understood.scope
    for part, finding in zip(understood.parts, findings, strict=True):
        left, right = part.left, part.right
        if finding.verdict is Verdict.DEFINITION:
            continue
        try:
            found = equation(scope, left, right, statement.remarks)
        except errors.MeaningError as error:
            return f"{write(left)} = {write(right)}: {error}"
        for said in (found, *found.parts):
            claim = deciding.claim_of(before, scope, said)
            models = [model for words, model in variants(claim) if words in finding.assumptions]
            claim = replace(claim, model=models[0]) if models else claim
            problem = failing(claim, seed)
            if problem is not None:
                return f"{write(left)} = {write(right)} {problem}"
    return None


def failing(claim, seed):
    """Where the sides of a claim differ at 50 digits, or that they have no value; None where all is well."""
    places = 0
    for instance in oracle.networks(claim, seed + 977, 6):
        for letters in oracle.places(claim, instance.extent, 12, instance.seed):
            try:
                a, b = oracle.sides(claim, instance, letters, 50, None)
            except errors.OracleError:
                continue
            places += 1
            if abs(a - b) > 1e-40 * max(1, abs(a), abs(b)):
                return f"at {letters}: {float(a)} and {float(b)}"
    return None if places else "is evaluated nowhere"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="at most so many mutants in all")
    parser.add_argument("--each", type=int, default=0, help="at most so many mutants of one formula")
    parser.add_argument("--seed", type=int, default=0, help="which mutants are taken where there are too many")
    parser.add_argument("--list", action="store_true", help="list every accepted mutant")
    return parser.parse_args()


def collected(paths, each, seed):
    """(path, state, source, statement as written, mutants of it) for every proved formula."""
    found = []
    for path in paths:
        for before, source, one in proved(read(path)):
            made = list(mutants(one.statement))
            random.Random(f"{seed} {path.name} {write(one.statement.content)}").shuffle(made)
            found.append((path, before, source, one, made[:each] if each else made))
    return found


def main():
    options = arguments()
    paths = options.paths or [
        *sorted((ROOT / "derivations").glob("*.md")),
        *sorted((ROOT / "symfnn/notations").glob("*.md")),
    ]
    links.repaired = lambda course, scope, part, statement, finding: finding  # repairs are not what is measured
    start = time.monotonic()
    formulas = collected(paths, options.each, options.seed)
    todo = [(path, before, source, one, *made) for path, before, source, one, each in formulas for made in each]
    if options.limit and len(todo) > options.limit:
        todo = random.Random(options.seed).sample(todo, options.limit)
    print(f"{len(formulas)} proved formulas, {len(todo)} mutants; {time.monotonic() - start:.0f} s", flush=True)
    counts, accepted, wrong, crashed = defaultdict(Counter), [], [], []
    for done, (path, before, source, one, operator, statement) in enumerate(todo):
        if done % 200 == 0:
            print(f"{done} of {len(todo)}, {len(wrong)} wrong, {len(crashed)} crashed", file=sys.stderr, flush=True)
        said, problem = outcome(before, source, one, statement)
        counts[operator][said] += 1
        where = f"{path.name}: {write(one.statement.content)}\n    {operator}: {write(statement.content)}"
        if said == "crashed":
            crashed.append(f"{where}\n    {problem}")
        if said == "accepted":
            findings = problem
            assumed = {word for finding in findings for word in finding.assumptions}
            words = [f"{finding.verdict}" for finding in findings]
            where += f"\n    {', '.join(words)}{' if ' * bool(assumed)}{', '.join(sorted(assumed))}"
            problem = differs(before, statement, findings, options.seed)
            (accepted if problem is None else wrong).append(where if problem is None else f"{where}\n    {problem}")
    report(counts, accepted, wrong, crashed, options.list)
    print(f"{time.monotonic() - start:.0f} s")


def report(counts, accepted, wrong, crashed, is_listed):
    print("operator".ljust(18), *(name.rjust(10) for name in OUTCOMES))
    for name, row in [*counts.items(), ("in all", sum(counts.values(), Counter()))]:
        print(name.ljust(18), *(str(row[outcome]).rjust(10) for outcome in OUTCOMES))
    for title, found in (("crashed", crashed), ("accepted, and not equivalent", wrong)):
        for one in found:
            print(f"{title}: {one}")
    for one in accepted if is_listed else ():
        print(f"accepted: {one}")
    print(f"accepted and equivalent on other networks at 50 digits: {len(accepted)}; not: {len(wrong)}")


if __name__ == "__main__":
    main()
