"""The catalogue: every mistake explains its own examples and leaves the others alone."""

import pytest

from symfnn.check.mistakes import CATALOGUE, Surroundings, diagnoses
from symfnn.check.mistakes.mistake import LIMIT, difference
from symfnn.check.mistakes.tree import at, children, places, put, without_spans
from symfnn.latex.parser import parse
from symfnn.latex.writing import write

DEFINED = (r"z^l = w^l a^{l-1} + b^l", r"a^l = \sigma(z^l)", r"J = \frac{1}{m} \sum_i C^{(i)}")


def sides(equation):
    (statement,) = parse(equation)
    left, right = statement.content.parts
    return left, right


SEEN = tuple(side for equation in DEFINED for side in sides(equation))


def reaches(mistake, wrong, right):
    left, side = sides(wrong)
    meant = without_spans(sides(right)[1])
    return [repaired for repaired in mistake.repairs(side, Surroundings(left, SEEN)) if alike(repaired, meant)]


def alike(one, other):
    return write(one) == write(other)


EXAMPLES = [(m, wrong, right) for m in CATALOGUE for _, wrong, right in m.examples]
OTHERS = [(m, wrong, right) for m in CATALOGUE for _, wrong, right in m.others]


@pytest.mark.parametrize(("mistake", "wrong", "right"), EXAMPLES, ids=lambda v: getattr(v, "code", None))
def test_a_mistake_is_undone_in_its_examples(mistake, wrong, right):
    assert reaches(mistake, wrong, right)


@pytest.mark.parametrize(("mistake", "wrong", "right"), OTHERS, ids=lambda v: getattr(v, "code", None))
def test_a_mistake_leaves_what_is_wrong_in_another_way(mistake, wrong, right):
    assert not reaches(mistake, wrong, right)


@pytest.mark.parametrize("mistake", CATALOGUE, ids=lambda m: m.code)
def test_each_entry_is_complete(mistake):
    assert mistake.examples
    assert mistake.others
    assert "$" in mistake.explanation
    assert 3 <= len(mistake.explanation.strip().splitlines()) <= 14
    assert sides(mistake.examples[0][1])[0] is not None


def test_codes_are_unique_words():
    codes = [mistake.code for mistake in CATALOGUE]
    assert len(set(codes)) == len(codes) == 21
    assert all(code.replace("-", "").isalpha() and code == code.lower() for code in codes)


@pytest.mark.parametrize(
    ("code", "wrong", "right", "sentence", "part"),
    [
        ("transposed-factor", r"x = W^l y", r"x = (W^l)^\top y", "W^l must be transposed here", "W^l"),
        ("wrong-sign", r"x = W (y - a)", r"x = W (a - y)", "the sign is wrong: a - y rather than y - a", "y - a"),
        ("lost-slope", r"x = W y", r"x = W y \odot \sigma'(z^l)", r"the slope \sigma'(z^l) is missing", "W y"),
        (
            "extra-slope",
            r"x = W y \odot \sigma'(z^l)",
            r"x = W y",
            r"the slope \sigma'(z^l) is too much",
            r"\sigma'(z^l)",
        ),
        ("lost-factor", r"x = \frac{1}{m} y", r"x = y", r"the factor \frac{1}{m} is too much", r"\frac{1}{m}"),
        ("shifted-layer", r"x = W (a^l)^T", r"x = W (a^{l-1})^T", "the layer is wrong: a^{l-1} rather than a^l", "a^l"),
        ("missing-term", r"x = w + u - v", r"x = w + u", "the term -v is too much", "v"),
        (
            "wrong-index",
            r"x_j = \sum_k u_k v_j",
            r"x_j = \sum_k u_k v_k",
            "the index is wrong: v_k rather than v_j",
            "v_j",
        ),
    ],
)
def test_the_sentence_names_what_stands_there_and_where(code, wrong, right, sentence, part):
    (mistake,) = [m for m in CATALOGUE if m.code == code]
    side = sides(wrong)[1]
    found = reaches(mistake, wrong, right)
    assert mistake.describe(side, found[0]) == sentence
    span = difference(side, found[0]).span
    assert wrong[span.start : span.end] == part


def test_repairs_are_few_different_and_none_is_the_side_itself():
    long = "x = " + " + ".join(rf"w_{{{i}j}}^{{l}} (a_{i} - y_{i}) \sigma'(z_{i}^{{l}})" for i in "abcdefghk")
    left, side = sides(long)
    for mistake in CATALOGUE:
        found = [without_spans(tree) for tree in mistake.repairs(side, Surroundings(left, SEEN))]
        assert len(found) <= LIMIT
        assert len(set(found)) == len(found)
        assert without_spans(side) not in found


def test_diagnoses_come_in_the_order_of_the_catalogue():
    left, side = sides(r"\delta^l = w^{l+1} \delta^{l+1} \odot \sigma'(z^l)")
    order = [mistake.code for mistake, _ in diagnoses(side, Surroundings(left, SEEN))]
    codes = [mistake.code for mistake in CATALOGUE]
    assert order == sorted(order, key=codes.index)
    assert order[0] == "transposed-factor"


def test_every_repair_can_be_read_again():
    for equation in (*DEFINED, *(wrong for _, wrong, _ in EXAMPLES)):
        left, side = sides(equation)
        for _, repaired in diagnoses(side, Surroundings(left, SEEN)):
            (statement,) = parse(write(repaired))
            assert alike(statement.content, repaired), write(repaired)


@pytest.mark.parametrize("latex", ["a", "-a", "(a)", r"\frac{a}{b}", r"\sum_k a_k", "f", "1", r"\log a", "a / b"])
def test_no_side_is_too_small(latex):
    (statement,) = parse(latex)
    assert all(write(tree) for _, tree in diagnoses(statement.content))


@pytest.mark.parametrize(
    ("latex", "place", "new", "result"),
    [
        ("a b c", (1,), "x + y", "a(x + y) c"),
        ("a b c", (1,), r"x \odot y", r"a x \odot y c"),
        ("a - b", (1,), "x + y", "a - x - y"),
        ("a - b", (0,), "-x", "-x - b"),
        ("(a)^2", (0,), "x", "x^2"),
        ("a^2", (0,), "x y", "(x y)^2"),
        ("a_j", (1,), "j + 1", "a_{j+1}"),
        (r"\sum_k a", (1,), "x + y", r"\sum_k (x + y)"),
    ],
)
def test_what_is_put_somewhere_keeps_its_meaning(latex, place, new, result):
    (tree,), (other,) = parse(latex), parse(new)
    assert write(put(tree.content, place, other.content)) == result


def test_places_lead_back_to_their_nodes():
    (statement,) = parse(
        r"\sum_{k=1}^n \frac{\partial a_k}{\partial z_j} f'(x)^2 + \begin{cases} 1 & i = j \\ 0 \end{cases}"
    )
    tree = statement.content
    found = list(places(tree, scripts=True))
    assert len(found) > 20
    assert all(at(tree, place) is node for place, node in found)
    assert all(put(tree, place, node) == tree for place, node in found if place and children(node))
