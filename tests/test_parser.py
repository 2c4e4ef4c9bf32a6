r"""Reading LaTeX: what each construct is read as, where it stands, and what is said about what cannot be read.

Trees are compared as short expressions: ``(* W x)`` is a product, ``(* W \odot x)`` one with a sign, ``(w _i ^l)``
has scripts, ``(a = b)`` is a relation, ``[a , b]`` a list, ``⦅a⦆`` stands in round brackets, ``∅`` is nothing.
"""

import sys
import time
from importlib.util import cache_from_source
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symfnn.errors import LatexError
from symfnn.latex import lexicon, parser
from symfnn.latex.macros import Macros, read_macros
from symfnn.latex.malformed import LESSONS
from symfnn.latex.parser import parse
from symfnn.latex.syntax import (
    BigOperator,
    Cases,
    Dots,
    Fence,
    Fraction,
    Function,
    Letter,
    Matrix,
    Node,
    Number,
    Product,
    Relation,
    Scripted,
    Sequence,
    Statement,
    Sum,
    Text,
)

_STYLES = {"bold": "b", "calligraphic": "c", "blackboard": "bb", "sans": "s", "roman": "r", "text": "t", "": ""}


def show(node: Node | None) -> str:  # noqa: C901 - one case for each node
    match node:
        case None:
            return "∅"
        case Number(text):
            return text
        case Letter(name, _, style):
            return name + (f":{_STYLES[style]}" if style else "")
        case Text(words):
            return f"'{words}'"
        case Dots():
            return "…"
        case Scripted(base, sub, sup, primes):
            return f"({show(base)}{_scripts(sub, sup, primes)})"
        case Function(name, argument, sub, sup, primes):
            return f"({name}{_scripts(sub, sup, primes)} {show(argument)})"
        case Fence("(", body, ")"):
            return f"⦅{show(body)}⦆"
        case Fence(left, body, right):
            return f"{left}{show(body)}{right}"
        case Fraction(top, bottom):
            return f"(/ {show(top)} {show(bottom)})"
        case Product(factors, signs):
            return f"(* {_between(factors, signs)})"
        case Sum(terms, signs):
            return "(+ " + " ".join(sign + show(term) for sign, term in zip(signs, terms, strict=True)) + ")"
        case BigOperator(name, lower, upper, body):
            return f"({name} {show(lower)} {show(upper)} {show(body)})"
        case Matrix(rows):
            return "(matrix " + " / ".join(" ".join(show(cell) for cell in row) for row in rows) + ")"
        case Cases(branches):
            return "(cases " + " / ".join(f"{show(value)} ? {show(condition)}" for value, condition in branches) + ")"
        case Sequence(items, separators):
            return f"[{_between(items, separators)}]"
        case Relation(parts, signs):
            return f"({_between(parts, signs)})"
    raise TypeError(node)


def _between(parts: tuple[Node | None, ...], signs: tuple[str, ...]) -> str:
    shown = [show(parts[0])]
    for sign, part in zip(signs, parts[1:], strict=True):
        shown += [sign, show(part)] if sign else [show(part)]
    return " ".join(shown)


def _scripts(sub: Node | None, sup: Node | None, primes: int) -> str:
    return "'" * primes + ("" if sub is None else f" _{show(sub)}") + ("" if sup is None else f" ^{show(sup)}")


def statement(text: str, macros: Macros = Macros()) -> Statement:  # noqa: B008 - a frozen value
    (found,) = parse(text, macros)
    return found


def tree(text: str) -> str:
    found = statement(text)
    assert found.remarks == ()
    return show(found.content)


def every(node: object) -> list[Node]:
    """All nodes in a tree."""
    if isinstance(node, tuple):
        return [inner for part in node for inner in every(part)]
    if isinstance(node, Node | Statement):
        below = [inner for name in node.__slots__ for inner in every(getattr(node, name))]
        return [*([] if isinstance(node, Statement) else [node]), *below]
    return []


SCRIPTS = {
    r"w_{jk}^l": r"(w _(* j k) ^l)",
    r"w^l_{j,k}": r"(w _[j , k] ^l)",
    r"A^{[l-1] T}": r"(A ^(* [(+ +l -1)] T))",
    r"a^{[2](i)}": r"(a ^(* [2] ⦅i⦆))",
    r"x_12": r"(* (x _1) 2)",
    r"x_{12}": r"(x _12)",
    r"{g^{[l]}}'(z)": r"(* ((g ^[l])') ⦅z⦆)",
    r"f''(z)": r"(* (f'') ⦅z⦆)",
    r"f^\prime(z)": r"(* (f') ⦅z⦆)",
    r"f^{\prime\prime}": r"(f'')",
    "f’(z)": r"(* (f') ⦅z⦆)",
    r"f'^2": r"(f' ^2)",
    r"W_{k'i}": r"(W _(* k' i))",
    r"\sum_{i^{\prime}} z_{i^\prime}": r"(sum i' ∅ (z _i'))",
    r"\sigma^{\prime (l)}": r"(\sigma' ^⦅l⦆)",
    r"\sigma^{(l) \prime}": r"(\sigma' ^⦅l⦆)",
    r"\sigma^{(l)'}": r"(\sigma' ^⦅l⦆)",
    r"\sum_{k'=1}^K z_{k'}": r"(sum (k' = 1) K (z _k'))",
    r"e^{f'(x)}": r"(e ^(* (f') ⦅x⦆))",
    r"W^{[l]}{}^T": r"((W ^[l]) ^T)",
    r"x_\mathbf{W}": r"(x _W:b)",
    r"a^{\mathsf T}": r"(a ^T:s)",
    r"w\_{ij}": r"(w _(* i j))",
    r"y^*": r"(y ^*)",
    r"\delta_{q\cdot}": r"(\delta _(* q \cdot))",
    r"W_{:,j}": r"(W _[: , j])",
    r"x^{(i+)}": r"(x ^⦅(* i +)⦆)",
    r"x^{-1}": r"(x ^(+ -1))",
    r"\mathbb{1}_{z>0}": r"(1:bb _(z > 0))",
}
LETTERS = {
    r"\mathbf{W}": r"W:b",
    r"\vec{x}": r"x:b",
    r"\boldsymbol{\delta}": r"\delta:b",
    r"\hat{\vec{y}}": r"\hat{y}:b",
    r"\widehat y": r"\hat{y}",
    r"\hat{y}_i": r"(\hat{y} _i)",
    r"\hat{y_i}": r"(\hat{y} _i)",
    r"\mathcal{D_b}": r"(D:c _b)",
    r"\mathbf{Wx}": r"(* W:b x:b)",
    r"\mathbf{1}": r"1:b",
    r"\mathrm{\mathbf{1}}": r"1:b",
    r"\mathrm{softmax}(z)": r"(* softmax:t ⦅z⦆)",
    r"\text{softmax}(z)": r"(* softmax:t ⦅z⦆)",
    r"\operatorname{softmax}(z)": r"(* softmax:t ⦅z⦆)",
    r"\operatorname{tanh}(z)": r"(tanh z)",
    r"\operatorname*{arg\,min}_i z_i": r"(argmin _i (z _i))",
    r"a_{\rm in}": r"(a _in:t)",
    r"J_{\text{MLE}}": r"(J _MLE:t)",
    r"softmax": r"(* s o f t m a x)",
    r"\mathrm{d}W": r"(* d:r W)",
    r"dZ^{[l]}": r"(* d (Z ^[l]))",
    r"\partial{}C": r"(* \partial C)",
    r"{\bf W} x": r"(* W:b x)",
    "a\u200bb": r"(* a b)",
    r"{\color{red} x} \textcolor{blue}{y}": r"(* x y)",
    "Ŷ": r"\hat{Y}",
    "ℝ": r"R:bb",
    "½ x² · zᵀ": r"(* (/ 1 2) (x ^2) \cdot (z ^T))",
    "∂L ⊙ σ′": r"(* \partial L \odot (\sigma'))",
    "𝐖": r"W:b",
    r"0.25 x": r"(* 0.25 x)",
}
FORMULAS = {
    r"\frac12": r"(/ 1 2)",
    r"\dfrac{\partial L}{\partial w_{ij}}": r"(/ (* \partial L) (* \partial (w _(* i j))))",
    r"{a \over b} c": r"(* (/ a b) c)",
    r"\partial C/\partial a": r"(* \partial C / \partial a)",
    r"\sqrt[3]{x}": r"(sqrt _3 x)",
    r"\sum_{i,j} a_i b_j + c": r"(+ +(sum [i , j] ∅ (* (a _i) (b _j))) +c)",
    r"a \cdot \sum_k b \odot c": r"(* a \cdot (sum k ∅ (* b \odot c)))",
    r"\sum_i -y_i": r"(sum i ∅ (+ -(y _i)))",
    r"\sum_{\substack{i=1 \\ i \ne j}} x": r"(sum [(i = 1) , (i \neq j)] ∅ x)",
    r"\sum_{i,j=1}^n x": r"(sum ([i , j] = 1) n x)",
    r"\sum\limits_i x": r"(sum i ∅ x)",
    r"\log \hat{y}_i x": r"(* (log (\hat{y} _i)) x)",
    r"\log \sigma(z)": r"(log (* \sigma ⦅z⦆))",
    r"\exp X": r"(exp X)",
    r"\cos 2x \cdot y": r"(* (cos (* 2 x)) \cdot y)",
    r"\tanh^2 z": r"(tanh ^2 z)",
    r"\tanh'(a)": r"(tanh' a)",
    r"\log(x)^2": r"((log x) ^2)",
    r"\log |x|": r"(log |x|)",
    r"\log \sum_i x_i": r"(log (sum i ∅ (x _i)))",
    r"\max(0, x)": r"(max [0 , x])",
    r"\arg\max_i z_i": r"(argmax _i (z _i))",
    r"\mathop{\mathrm{argmin}}_x f": r"(argmin _x f)",
    r"\underset{i}{\max} z_i": r"(max _i (z _i))",
    r"-x + -y": r"(+ -x +(+ -y))",
    r"a * -b": r"(* a * (+ -b))",
    r"1 ./(1+x)": r"(* 1 ./ ⦅(+ +1 +x)⦆)",
    r"a .* b": r"(* a .* b)",
    r"f(\cdot)": r"(* f ⦅\cdot⦆)",
    r"|x| + \|W\|^2": r"(+ +|x| +(‖W‖ ^2))",
    r"|a||b| + ||W||": r"(+ +(* |a| |b|) +‖W‖)",
    r"p(y=k|x)": r"(* p ⦅[(y = k) | x]⦆)",
    r"\lVert x \rVert_2": r"(‖x‖ _2)",
    r"\left.\frac{a}{b}\right|_{x=0}": r"(.(/ a b)| _(x = 0))",
    r"f(x)|_{x=0}": r"(.(* f ⦅x⦆)| _(x = 0))",
    r"\big(x\big)_i \Bigl[ y \Bigr]": r"(* (⦅x⦆ _i) [y])",
    r"\left[ a \right)": r"[a)",
    r"\underbrace{W^{[1]}}_{2 \times 3} x": r"(* (W ^[1]) x)",
    r"\phantom{abc} x \hspace{9mm} y": r"(* x y)",
    r"\begin{bmatrix} a && b \\ c && d \\ \end{bmatrix}": r"(matrix a b / c d)",
    r"\pmatrix{a & b \cr \vdots & d}_{ij}": r"((matrix a b / … d) _(* i j))",
    r"\begin{pmatrix} \vert & \vert \\ a & b \end{pmatrix}": r"(matrix … … / a b)",
    r"\begin{vmatrix} a \end{vmatrix}": r"|(matrix a)|",
    r"\left[\begin{array}{cc} a & b \\ \hline c & d \end{array}\right]": r"[(matrix a b / c d)]",
    r"\begin{cases} x & \text{if } i = j \\ 0, & \text{otherwise}. \end{cases}": (
        r"(cases x ? ['if' (i = j)] / 0 ? 'otherwise')"
    ),
    r"\begin{cases} 1,\qquad\text{if }U>0,\\ 0 \text{ else} \end{cases}": r"(cases 1 ? ['if' (U > 0)] / 0 ? 'else')",
    r"\left\{\begin{array}{ll} x & \text{if } i = j \\ 0 & \text{else} \end{array}\right.": (
        r"(cases x ? ['if' (i = j)] / 0 ? 'else')"
    ),
    r"\frac{\text{number of samples}}{2}": r"(/ 'number of samples' 2)",
}
RELATIONS = {
    r"a := b \equiv c \triangleq d": r"(a := b \equiv c \triangleq d)",
    r"a \coloneqq b \stackrel{def}{=} c \overset{(i)}{=} d": r"(a := b \triangleq c = d)",
    r"a \le b \ne c >= d \not= e": r"(a \leq b \neq c >= d \neq e)",
    r"n = 1, \ldots, N": r"(n = [1 , … , N])",
    r"l \in \{1, \dots, L\}": r"(l \in {[1 , … , L]})",
    r"a, b \in \mathbb{R}^n": r"([a , b] \in (R:bb ^n))",
    r"f : \mathbb{R} \to \mathbb{R}": r"(f : R:bb \to R:bb)",
    r"a^l = x \in \mathbb{R}^{m \times n}": r"((a ^l) = x \in (R:bb ^(* m \times n)))",
    r"= b": r"(∅ = b)",
    r"\boxed{a = b}": r"(a = b)",
    r"x = y.": r"(x = y)",
    r"a = \begin{aligned}[t] & b \\ & + c \end{aligned}": r"(a = (+ +b +c))",
    r"a &= b \\ &= c \\ &\quad - d": r"(a = b = (+ +c -d))",
    r"a & = & b \\ & = & c": r"(a = b = c)",
    r"x = y + \\ z": r"(x = (+ +y +z))",
    r"\begin{array}{rcl} a &=& b \\ &=& c \end{array}": r"(a = b = c)",
    r"a = b % = c": r"(a = b)",
    r"a = b \quad (c + d)": r"[(a = b) \quad ⦅(+ +c +d)⦆]",
    r"J &= \left[ a \right. \\ &\quad \left. + b \right]": r"(J = [(+ +a +b)])",
    r"b = \alpha \text{ } db": r"(b = (* \alpha d b))",
}


@pytest.mark.parametrize(
    ("text", "expected"), [*SCRIPTS.items(), *LETTERS.items(), *FORMULAS.items(), *RELATIONS.items()]
)
def test_construct_is_read_as(text, expected):
    assert tree(text) == expected


STATEMENTS = {
    r"x = y, z = w": ["(x = y)", "(z = w)"],
    r"x = y, i, j = 1": ["(x = y) | ([i , j] = 1)"],
    r"a = b; \quad x = d": ["(a = b)", "(x = d)"],
    r"z = x \quad , \quad a = g &(2.3)": ["(z = x)", "(a = g) | ⦅2.3⦆"],
    r"a = b, \qquad l = 2, \dots, L.": [r"(a = b) | (l = [2 , … , L])"],
    r"a = b \quad \text{for } j = k": ["(a = b) | 'for' | (j = k)"],
    r"a = b \quad \text{(2.5)}": ["(a = b) | '(2.5)'"],
    r"a = b, \quad z > 0": [r"(a = b) | (z > 0)"],
    r"a = b, \quad i \neq j": [r"(a = b) | (i \neq j)"],
    r"\text{if} \; i = j :& y = 3": ["(y = 3) | 'if' | (i = j)"],
    r"\text{Similarly,}\quad a = b": ["(a = b) | 'Similarly,'"],
    r"\text{where}\quad E &= x": ["(E = x) | 'where'"],
    r"W = x &\text{因为}g=z \quad\text{(2)}": ["(W = x) | '因为' | (g = z) | '(2)'"],
    r"a = b \text{ and } c = d": ["(a = b) | 'and'", "(c = d)"],
    r"a = b \text{ if } i = 1 \text{ and } j = 2": ["(a = b) | 'if' | (i = 1) | 'and' | (j = 2)"],
    r"\therefore a = b \\ \Rightarrow c = d": [r"(a = b) | '\therefore'", r"(c = d) | '\Rightarrow'"],
    r"a = b \; \forall i \in S": [r"(a = b) | '\forall' | (i \in S)"],
    r"C &= c, & a &= d": ["(C = c)", "(a = d)"],
    r"a &= b \\ & \vdots \\ c &= d": ["(a = b) | …", "(c = d)"],
    r"\begin{cases} v &= b \\ W &= c \end{cases}": ["(v = b)", "(W = c)"],
    r"\left\{ \begin{aligned} a &= b \\ c &= d \end{aligned} \right.": ["(a = b)", "(c = d)"],
    r"\begin{gather} a = b \\ c = d \end{gather}": ["(a = b)", "(c = d)"],
    r"a = b \quad (\mathrm{BP1}) \qquad (l = 1, \dots, L)": [r"(a = b) | ⦅BP1:t⦆ | ⦅(l = [1 , … , L])⦆"],
    r"\forall i \in S: a = b": [r"(a = b) | '\forall' | (i \in S)"],
    r"\text{Let } z = x \text{, then } a = y": ["(z = x) | 'Let' | ', then'", "(a = y)"],
    r"": [],
    r"\quad \label{x}": [],
}


@pytest.mark.parametrize(("text", "expected"), STATEMENTS.items())
def test_formula_states(text, expected):
    assert [" | ".join([show(s.content), *map(show, s.remarks)]) for s in parse(text)] == expected


def test_labels_belong_to_their_rows():
    text = r"\begin{align} a &= b \tag{BP1}\label{eq:1} \\ &= c \\ d &= e \label{eq:2} \\ f &= g \nonumber \end{align}"
    assert [s.label for s in parse(text)] == ["BP1", "eq:2", None]


@pytest.mark.parametrize(
    "sign", [r"\odot", r"\circ", r"\otimes", r"\bullet", "*", ".*", r"\cdot", r"\times", r"\ast", "/"]
)
def test_signs_of_products_are_kept(sign):
    assert tree(f"a {sign} b") == f"(* a {sign} b)"


SPANS = {
    r"x + \frac{\partial L}{\partial w}": (Fraction, r"\frac{\partial L}{\partial w}"),
    r"a \mathbf{W}^{l} b": (Scripted, r"\mathbf{W}^{l}"),
    r"a = \sum_{i=1}^n x_i y + b": (BigOperator, r"\sum_{i=1}^n x_i y"),
    r"a = \left( b + c \right) d": (Fence, r"\left( b + c \right)"),
    r"1 + \log \hat{y} x": (Function, r"\log \hat{y}"),
    r"a \underbrace{x y}_{2 \times 3} b": (Product, r"a \underbrace{x y}_{2 \times 3} b"),
    r"x = \begin{pmatrix} a \\ b \end{pmatrix}^T": (Matrix, r"\begin{pmatrix} a \\ b \end{pmatrix}"),
    "a + Ŷ": (Letter, "a"),
    "x = ∂L": (Product, "∂L"),
}


@pytest.mark.parametrize(("text", "expected"), SPANS.items())
def test_span_is_the_construct(text, expected):
    kind, part = expected
    node = next(node for node in every(statement(text)) if isinstance(node, kind))
    assert text[node.span.start : node.span.end] == part


def test_every_node_stands_inside_the_node_around_it():
    text = r"\delta^{l} = ((W^{l+1})^T \delta^{l+1}) \odot \sigma'(z^{l}), \quad l = 1, \dots, L-1 \tag{BP2}"
    found = statement(text)
    assert text[found.span.start : found.span.end] == text
    for node in every(found):
        for inner in every(node)[1:]:
            assert node.span.start <= inner.span.start <= inner.span.end <= node.span.end


PREAMBLE = r"""
\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}} % a derivative
\renewcommand\vec[1]{\boldsymbol{#1}}
\def\bW{\mathbf{W}}
\def\of#1#2{#1(#2)}
\DeclareMathOperator*{\amax}{arg\,max}
\newcommand{\layer}[2][l]{#2^{(#1)}}
\DeclarePairedDelimiter{\nrm}{\lVert}{\rVert}
\newcommand{\broken}[
"""
CALLS = {
    r"\pd{J}{\bW}": r"(/ (* \partial J) (* \partial W:b))",
    r"\pd J{w_i}": r"(/ (* \partial J) (* \partial (w _i)))",
    r"\of{f}{x}": r"(* f ⦅x⦆)",
    r"\amax_i z": r"(argmax _i z)",
    r"\layer{a}": r"(a ^⦅l⦆)",
    r"\layer[l+1]{a}": r"(a ^⦅(+ +l +1)⦆)",
    r"\nrm{x}": r"‖x‖",
    r"\newcommand{\foo}{x+y}\foo": r"(+ +x +y)",
}


@pytest.mark.parametrize(("text", "expected"), CALLS.items())
def test_macros_are_written_out(text, expected):
    assert show(statement(text, read_macros(PREAMBLE)).content) == expected


def test_what_a_macro_writes_stands_at_its_call():
    text = r"x = \pd{J}{w} + 1"
    found = statement(text, read_macros(PREAMBLE))
    node = next(node for node in every(found) if isinstance(node, Fraction))
    assert text[node.span.start : node.span.end] == r"\pd{J}{w}"
    letters = {n.name: text[n.span.start : n.span.end] for n in every(node) if isinstance(n, Letter)}
    assert letters == {r"\partial": r"\pd{J}{w}", "J": "J", "w": "w"}


def test_later_definitions_hold():
    first, second = read_macros(r"\def\a{x}"), read_macros(r"\def\a{y}")
    assert show(statement(r"\a", first.merged(second)).content) == "y"


MALFORMED = {
    r"\frac{a}{": ("unclosed-brace", "{"),
    r"a}": ("unexpected-brace", "}"),
    r"\frac{a}": ("missing-argument", r"\frac"),
    r"x^": ("missing-argument", "^"),
    r"\foo{x}": ("unknown-command", r"\foo"),
    r"\begin{foo} a \end{foo}": ("unknown-environment", r"\begin{foo}"),
    r"\begin{align} a": ("unclosed-environment", r"\begin{align}"),
    r"a \end{align}": ("unexpected-end", r"\end{align}"),
    r"(a + b": ("unclosed-bracket", "("),
    r"a^{[l} b": ("unclosed-bracket", "["),
    r"a)": ("unexpected-bracket", ")"),
    r"\left( a": ("unclosed-left", r"\left("),
    r"a = \left( b + c \right.": ("half-open-bracket", r"\left("),
    r"x^a^b": ("double-superscript", "^b"),
    r"x_a_b": ("double-subscript", "_b"),
    r"a + |x| + |": ("unpaired-bar", "|"),
    r"f(,a)": ("missing-item", ","),
    r'a " b': ("unexpected-token", '"'),
    r"\hat{\frac{a}{b}}": ("accent-over-formula", r"{\frac{a}{b}}"),
    r"\def\a{\a}\a": ("macro-too-large", r"\a"),
}


@pytest.mark.parametrize(("text", "expected"), MALFORMED.items())
def test_what_cannot_be_read_has_a_code_and_a_place(text, expected):
    with pytest.raises(LatexError) as caught:
        parse(text)
    error = caught.value
    assert (error.code, text[error.span.start : error.span.end]) == expected


@pytest.mark.parametrize(("lesson", "sample"), [(lesson, sample) for lesson in LESSONS for sample in lesson.samples])
def test_samples_teach_their_lesson(lesson, sample):
    with pytest.raises(LatexError) as caught:
        parse(sample)
    assert caught.value.code == lesson.code


def test_lesson_holds_beside_its_samples():
    with pytest.raises(LatexError, match=r"a term is expected after the sign, but \) stands here"):
        parse(r"W x = \sigma(z +)")


HOSTILE = {
    "x" * 10_000_000: "too-long",
    "{" * 50_000: "too-deep",
    "(" * 101 + "x" + ")" * 101: "too-deep",
    r"\sum " * 14_000 + "x": "too-deep",
    r"\log " * 14_000 + "x": "too-deep",
    "x^2" + "{}^2" * 15_000: "too-deep",
    r"\hat" * 20_000 + "x": "too-deep",
    r"\begin{cases}" * 5_000: "too-deep",
    r"\def\a{\b\b}\def\b{\c\c}\def\c{\a}\a": "macro-too-large",
    r"\text{" * 15_000: "unclosed-brace",
}


@pytest.mark.parametrize(("text", "code"), HOSTILE.items(), ids=lambda value: value[:12])
def test_hostile_input_is_refused_soon(text, code):
    start = time.process_time()
    with pytest.raises(LatexError) as caught:
        parse(text)
    assert caught.value.code == code
    assert time.process_time() - start < 2


def test_hundred_levels_are_read():
    assert tree("(" * 90 + "x" + ")" * 90).count("⦅") == 90


def test_the_kept_tables_read_as_the_built_ones_do_and_broken_ones_are_built_again(tmp_path, monkeypatch):
    def read():
        parser._grammar.cache_clear()
        with pytest.raises(LatexError) as caught:
            parse("a = + )")
        return parse(r"\delta_j^l = \sum_k w_{kj} f^\prime(z)"), repr(caught.value), caught.value.span

    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    built = read()
    assert not [*tmp_path.rglob("*")]
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert read() == built  # there is no place to keep them
    Path(cache_from_source(parser.__file__)).parent.mkdir(parents=True)
    assert read() == built
    (kept,) = tmp_path.rglob("*.grammar*")
    assert kept.suffix == ".grammar"
    assert kept.stat().st_size > 10_000
    assert read() == built
    kept.write_bytes(kept.read_bytes()[:1000])
    assert read() == built
    assert kept.stat().st_size > 10_000
    parser._grammar.cache_clear()


def test_hostile_preamble_ends_soon():
    start = time.process_time()
    read_macros(r"\newcommand{\a}[2]{\frac" * 100_000)
    assert len(read_macros(r"\def\a{}" * 100_000).definitions) == 5_000
    assert time.process_time() - start < 3


_PIECES = [
    *lexicon.COMMANDS,
    *(
        "{",
        "}",
        "^",
        "_",
        "'",
        "&",
        " ",
        "a",
        "W",
        "12",
        "||",
        "{}",
        "%",
        "\n",
        "#1",
        "Ŷ",
        "²",
        "½",
        "因",
        '"',
        r"\not",
    ),
    *(r"\left", r"\right", r"\begin{cases}", r"\end{cases}", r"\begin{align}", r"\end{align}", r"\begin{pmatrix}"),
    *(r"\end{pmatrix}", r"\text{if }", r"\newcommand", r"\def\a", r"\a", r"\foo", "(", ")", "[", "]", "=", "+"),
]


def read(text: str) -> tuple[Statement, ...] | LatexError:
    try:
        return parse(text)
    except LatexError as error:
        return error


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_any_tokens_give_a_tree_or_an_error_with_a_place(text):
    found = read(text)
    spans = [found.span] if isinstance(found, LatexError) else [node.span for node in every(found)]
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_text_gives_a_tree_or_an_error(text):
    assert isinstance(read(text), tuple | LatexError)


def test_every_entry_of_the_lexicon_has_one_group():
    names = [name for group in lexicon.GROUPS for name in group.entries]
    assert len(names) == len(set(names))
