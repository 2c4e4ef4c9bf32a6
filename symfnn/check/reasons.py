"""Why nothing was decided, or why a document has a remark: a page for each code that is no mistake."""

from dataclasses import dataclass
from typing import Final, final


@final
@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, under every code that it goes by.

    Attributes:
        codes: stable words.
        title: a heading.
        explanation: what it means and what to do; Markdown.
    """

    codes: tuple[str, ...]
    title: str
    explanation: str


REASONS: Final[tuple[Reason, ...]] = (
    Reason(
        ("ill-shaped",),
        "The shapes do not fit",
        r"""
A sum, a product or an equation joins things of different shape: $W^{l+1} \delta^{l+1}$ with $W^{l+1}$ of shape
$n_{l+1} \times n_l$ and $n_{l+1}$ entries in $\delta^{l+1}$. Widths of different layers count as different, even
where a text gives them the same number, so that a wrong transpose cannot hide in a square matrix. If a shape is not
what you meant, state it: `% symfnn: $W^l \in \mathbb{R}^{n_{l-1} \times n_l}$`.
""",
    ),
    Reason(
        ("unknown-symbol",),
        "A symbol that nothing introduces",
        r"""
A letter is neither defined nor declared above this place, and the notation does not know it either. A definition
counts from where it stands. Say what it is: an equation that defines it, a shape such as $v \in \mathbb{R}^n$, a
function $f : \mathbb{R} \to \mathbb{R}$; in a comment if the text shall not show it: `% symfnn: $v \in
\mathbb{R}^n$`.
""",
    ),
    Reason(
        ("no-definition", "nothing-to-compare"),
        "There is nothing to compare with",
        r"""
All letters are known, but no definition connects the two sides, so neither truth nor falsehood follows: $\delta = a -
y$ says nothing as long as the loss is open. State the missing definition (the loss, the activation, what δ is), name
a notation (`--notation`), or give `--activation` and `--loss`.
""",
    ),
    Reason(
        ("supposition",),
        "It fails under something that is only supposed",
        r"""
The document does not say all that the formula rests on, and symfnn has supposed the rest: a notation that fits its
letters, or what an undefined command such as `\bW` stands for. With that the formula does not hold; but what is only
supposed refutes nothing. State what is meant (a definition, `--notation NAME`, `\newcommand`) for a verdict.
""",
    ),
    Reason(
        ("ambiguous-product",),
        "A product that can be read in several ways",
        r"""
Factors side by side, or a sign such as $\cdot$, can mean a matrix product, a product entry by entry, or an outer
product, and here more than one of them fits the shapes and they do not agree. Write $\odot$ for entry by entry, and
transposes for outer products: $\delta a^\top$.
""",
    ),
    Reason(
        ("ambiguous-shape",),
        "A shape that is not determined",
        r"""
What stands here fits a row as well as a column, or a matrix either way round, and the result depends on it. State the
shape once: $x \in \mathbb{R}^{n \times 1}$ (a column), $x \in \mathbb{R}^{1 \times n}$ (a row), $W \in
\mathbb{R}^{m \times n}$.
""",
    ),
    Reason(
        ("informal-step",),
        "A step that stands for a calculation",
        r"""
The formula holds the derivative of one array by another, and no way of arranging it makes the sides agree. Understood
are the Jacobian (the numerator's entries as rows, unless the text says otherwise by $(\frac{\partial f}{\partial
x})_{ij} = \frac{\partial f_j}{\partial x_i}$), chains such as $\frac{\partial C}{\partial a} \frac{\partial a}{\partial
z} \frac{\partial z}{\partial W}$ in which each factor is taken by what the next one differentiates, an array of the
numerator's shape before such a factor, and slopes beside an elementwise sign ($\nabla_a C \odot \frac{\partial
a}{\partial z}$). A step that holds only so is accepted with words that say how it was read. Anything else has no
definite value: which index meets which is left to the reader. Write it by components, with the sums, and it can be
checked.
""",
    ),
    Reason(
        ("unknown-condition",),
        "A condition that was not understood",
        r"""
Words beside the formula limit when it holds, and they could not be read. Understood are ranges ($l = 2, \dots, L$),
equal and different indices (for $j = k$), and "for all". The claim does not hold without its condition, and is left
open rather than refuted; or it would define something in some cases only.
""",
    ),
    Reason(
        ("timeout",),
        "It took too long",
        r"""
The decision was broken off after the time for one claim (10 seconds unless `--timeout` says otherwise). Nothing
follows about the statement. Try a longer time, or split a long chain of equations: each link is then decided by
itself.
""",
    ),
    Reason(
        ("not-covered",),
        "Outside what can be checked",
        r"""
The formula was read, but holds something that the checker has no meaning for: an integral, an expectation, an index
of another kind, convolution, recurrence over time. Nothing is said about it, neither that it is right nor that it is
wrong.
""",
    ),
    Reason(
        ("approximate",),
        "Only nearly equal",
        r"""
The sides are joined by $\approx$, or one holds a rounded number such as $0.607$ for $e^{-1/2}$. Such a statement is
neither proved nor refuted: it depends on how near is near enough. Two forms have an exact sense and are decided: a
change that is linear in other changes, $\Delta C \approx \frac{\partial C}{\partial w} \Delta w$, and a difference
quotient beside the derivative that is its limit.
""",
    ),
    Reason(
        ("conflict",),
        "Two definitions in force",
        r"""
One letter is defined twice and the definitions disagree: two networks, two losses, one sample and then a batch.
Rename one, or begin a new section: a heading opens a scope in which a letter can be defined anew. The later definition
is in force from where it stands, and what is proved by it says so; what fails by it and may hold by the other one is
left open. So is an equation that is about the same things as the definition it contradicts: it may be a claim with a
slip in it. If it defines, write `:=`.
""",
    ),
    Reason(
        ("unknown-command", "unknown-environment"),
        "A command that is not known",
        r"""
The reader does not know this LaTeX command and will not guess what it stands for. If it is your own, its
`\newcommand`, `\def` or `\DeclareMathOperator` has to stand in the same document; an operator can also be written
`\operatorname{name}`.
""",
    ),
    Reason(
        ("unexpected-token", "unexpected-brace", "unexpected-bracket", "unexpected-end", "unexpected-prime"),
        "Something stands where it cannot",
        r"""
At this place the formula cannot go on like that: a sign without a partner, a closing bracket that nothing opened, a
script on nothing. TeX may set it all the same; as mathematics it has no structure. The caret shows where reading
stopped; the slip is there or just before.
""",
    ),
    Reason(
        (
            "missing-argument",
            "missing-item",
            "missing-factor",
            "missing-side",
            "missing-body",
            "empty-argument",
            "empty-case",
            "script-without-base",
            "double-fraction",
            "accent-over-formula",
        ),
        "Something is missing",
        r"""
A command, a sign or a relation needs something beside it that is not there: `\frac{a}` without a denominator, a
product that ends with its sign, an equation without a side. Often half of it stands in another formula; join the two
with `\begin{aligned} … \end{aligned}`.
""",
    ),
    Reason(
        (
            "unclosed-brace",
            "unclosed-bracket",
            "unclosed-left",
            "unclosed-environment",
            "unclosed-formula",
            "unpaired-bar",
        ),
        "Something is not closed",
        r"""
A brace, a bracket, a `\left`, an environment or the formula itself begins here and does not end. Intervals such as
$[0, 1)$ are understood; for others write `\left[ … \right)`. A formula may not go over an empty line.
""",
    ),
    Reason(
        ("too-long", "too-deep", "macro-too-large", "formula-too-long"),
        "Larger than what is read",
        r"""
The formula is longer, more deeply nested, or grows by its macros beyond what the reader takes on. The limits keep a
hostile file from taking all time and memory; no derivation written by hand comes near them. Split the formula.
""",
    ),
    Reason(
        ("unmet-expectation",),
        "What was expected is not so",
        r"""
A directive such as `<!-- symfnn: expect refuted -->` says what the next formula has to be found to be, and it is not.
Either the formula was repaired meanwhile, then the directive can go; or the checker no longer sees the mistake: an
undecided formula does not meet an expectation.
""",
    ),
    Reason(
        ("unused-ignore",),
        "There is nothing to ignore",
        r"""
`<!-- symfnn: ignore -->` silences what is found about the formula that follows, `ignore[code]` only what has this
code, and here nothing is found. Take the directive away, lest it hide the next mistake.
""",
    ),
    Reason(
        ("unknown-directive",),
        "A directive that is not understood",
        r"""
Comments that begin with `symfnn:` are read as one of: `ignore`, `ignore[code]`, `expect refuted`, `notation NAME`, or
statements between dollar signs, e.g. `<!-- symfnn: $W^l \in \mathbb{R}^{n_l \times n_{l-1}}$ -->`.
""",
    ),
)
