"""Excerpts that have lost their preamble: commands that nothing defines are taken for what their names say."""

from judging import judged

from symfnn.check.verdicts import Checked
from symfnn.latex.macros import Macros, read_macros
from symfnn.latex.undefined import undefined


def checked(*formulas: str) -> list[Checked]:
    text = "\n\n".join(f"$${formula}$$" for formula in formulas)
    return list(judged(text, timeout=5))


def meaning(text: str, name: str) -> str | None:
    """What a command stands for, in words."""
    return dict(undefined([text], Macros()).meanings).get(name)


def test_bold_letters_and_derivatives_are_understood_and_said() -> None:
    states, claims = checked(r"\bz = \bW \bx", r"\pd{z_i}{x_j} = W_{ij}")
    assert (str(states.verdict), str(claims.verdict)) == ("definition", "proved")
    assert any(
        r"\pd{a}{b}" in words and r"\frac{\partial a}{\partial b}" in words for words in claims.finding.assumptions
    )
    assert any(r"\bW" in words for words in states.finding.assumptions)


def test_what_is_supposed_refutes_nothing() -> None:
    shapes = r"W \in \mathbb{R}^{m \times n}, \quad x \in \mathbb{R}^n"
    *_, plain = checked(shapes, r"z = W x", r"\frac{\partial z_i}{\partial x_j} = 2 W_{ij}")
    *_, wrong = checked(shapes, r"\bz = \bW \bx", r"\frac{\partial z_i}{\partial x_j} = 2 W_{ij}")
    assert str(plain.verdict) == "refuted"
    assert (str(wrong.verdict), wrong.finding.code) == ("undecided", "supposition")


def test_a_definition_of_the_document_comes_first() -> None:
    states, claims = checked(
        r"\newcommand{\bz}{u} \bz = 2 v", r"\newcommand{\pd}[2]{\frac{\partial #2}{\partial #1}} \pd{v}{u} = 2"
    )
    assert not states.finding.assumptions
    assert not any("nothing defines" in words for words in claims.finding.assumptions)
    assert str(claims.verdict) == "proved"


def test_a_name_that_says_nothing_stays_unknown() -> None:
    assert str(checked(r"\foo = x")[0].verdict) == "undecided"
    for name in (r"\foo", r"\batch", r"\had", r"\bmu"):
        assert meaning(f"{name} = 1", name) is None


def test_the_use_of_a_command_tells_what_it_can_be() -> None:
    assert meaning(r"W^\T x", r"\T") == r"\T, which nothing defines, stands for \top"
    assert meaning(r"W^{\tp} x", r"\tp") is not None
    assert meaning(r"\T W", r"\T") is None
    assert meaning(r"\pd x", r"\pd") is None
    assert meaning(r"\matr Z + \matr{A}", r"\matr") == r"\matr{a}, which nothing defines, stands for \mathbf{a}"
    assert meaning(r"\yhat - y", r"\yhat") == r"\yhat, which nothing defines, stands for \hat{y}"
    assert meaning(r"\bdelta", r"\bdelta") == r"\bdelta, which nothing defines, stands for \mathbf{\delta}"
    assert meaning(r"\frac{1}{\batch} \sum_{n=1}^{\batch} x_n", r"\batch") is not None
    assert meaning(r"{a} \had {b}", r"\had") is None
    assert meaning(r"\relu(x)", r"\relu") == r"\relu, which nothing defines, stands for \operatorname{ReLU}"


def test_broken_and_hostile_names_are_passed_over() -> None:
    assert undefined([r"\pd{{{", "\\", r"\bx" * 10_000, "}" * 50], read_macros(r"\newcommand{\bx}{y}")).meanings == ()
