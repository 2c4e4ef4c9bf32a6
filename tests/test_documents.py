"""Where formulas, headings, prose and directives stand, in documents as people write them."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symfnn import errors
from symfnn.documents.document import Directive, Document, Formula, Heading, Prose, where
from symfnn.documents.passage import Segment, joined
from symfnn.documents.reader import read, read_text
from symfnn.source import Span

MARKDOWN = r"""---
title: it costs $5 and $10, not $x$
---
# The error $\delta$ ##

We pay $5 and $10 for `$code$`, US$7 too. Let $x_1 = 2$, $ w_1 $ and \$a\$.

A title over two
lines with $t$
----------------

- the activation $a^l = \sigma(z^l)$
  is as follows:
  $$
  x
  =
  y

  - z
  $$ {#eq:bp1}

  1. deeper \\(q\\) and \(p\)

> Quoted $$u =
> v$$ text
>
> $$
> \delta
> = W
> $$

| letter | meaning |
|--------|:-------:|
| $b$    | $p(y\|x)$ |
| $5     | $10 |

```math
c = d
```

```python
print("$no$")
```

    $indented code$

\begin{align}
a &= b \\

c &= d
\end{align}

\[ r \] and $`s_1`$ but \[not a link that we mean\].

<p>In HTML $h$ and <img alt="$no$" src="a.png"> &amp; $i &lt; j$</p>
<pre>$no$</pre>

A footnote[^1] and $e$.

[^1]: says $f$

    and $g$
"""

TEX = r"""\documentclass{article} % not $a$ document
% symfnn: notation nielsen
\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}
% \newcommand{\old}{x}
\begin{document}
\section[Short]{The error $\delta$}
\def\bx{\mathbf{x}}
At 50\% and \$5, $a % a comment with $
  + b$ and \verb|$no$| and \lstinline{$no$}.
% a remark about $x$
\begin{align*}
  a &= b \\ % because of $c$
  c &= \text{if $x > 0$, \textbf{not $y$}} d \label{e}
\end{align*}
\begin{theorem}[On $t$]
Let \(z\) be \[ q = \text{\]} r \\[2pt] s \]
\end{theorem}
$$ u = \text{for $v$} $$ and $w$$x$, $k\ \ $
\begin{verbatim}
$no$
\end{verbatim}
\begin{comment} $no$ \end{comment}
\iffalse $no$ \fill \fi
\begin{alignat}{2} k &= 1 \end{alignat}
\end{document}
$after$
"""

RST = r"""
The error :math:`\delta`
========================

First part
----------

Text :math:`a = b`, ``:math:`no``, `bare` and :math:`c
+ d`, then::

    :math:`no`

.. math:: x = y
   :label: one

.. math::
   :label: two

   a = b \\
   c = d

   e = f

.. note:: Mind :math:`n`

   - in a list :math:`m`

     .. math::

        \begin{align}
        p &= q

        \end{align}

.. code-block:: python

   x = ":math:`no`"

.. a remark :math:`no`

   :math:`no`

>>> ":math:`no`"

Second part
-----------
:ref:`no` and :math:`l`"""


def notebook(*cells: str, indent: int | None = 1, split: bool = True) -> str:
    """A notebook whose Markdown cells have the texts, after a cell of code."""
    made = [
        {"cell_type": "markdown", "metadata": {}, "source": cell.splitlines(keepends=True) if split else cell}
        for cell in cells
    ]
    code = {"cell_type": "code", "metadata": {"source": "$no$"}, "source": ["x = '$no$'"], "outputs": []}
    return json.dumps({"cells": [code, *made], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=indent)


def formulas(document: Document) -> list[Formula]:
    return [piece for piece in document.pieces if isinstance(piece, Formula)]


def latex(text: str, format: str) -> list[str]:
    return [formula.latex for formula in formulas(read_text("x", text, format))]


def assert_places(document: Document) -> None:
    """Every formula is where it says, and what it was written as stands around it."""
    text = document.source.text
    last = 0
    for piece in document.pieces:
        start, end = piece.span
        assert isinstance(piece, Formula) or last <= start
        assert start <= end <= len(text)
        if isinstance(piece, Heading | Directive):
            continue
        last = start
        if isinstance(piece, Formula) and piece.offsets is None:
            assert text[piece.offset : piece.offset + len(piece.latex)] == piece.latex
            assert start <= piece.offset
            assert piece.offset + len(piece.latex) <= end
        elif isinstance(piece, Formula) and piece.offsets is not None:
            assert len(piece.offsets) == len(piece.latex) + 1
            assert list(piece.offsets) == sorted(piece.offsets)
            for letter, place in zip(piece.latex, piece.offsets, strict=False):
                assert letter in (text[place], "\n") or text[place] in "\\&"
        elif isinstance(piece, Prose) and document.format != "notebook" and "\n" not in piece.text:
            assert text[start:end].replace("\\|", "|") == piece.text.replace("\\|", "|")


def test_formulas_of_a_markdown_text() -> None:
    document = read_text("notes.md", MARKDOWN, "markdown")
    assert_places(document)
    assert [formula.latex.split() for formula in formulas(document)] == [
        line.split()
        for line in [
            *(r"\delta", "x_1 = 2", "w_1", "t", r"a^l = \sigma(z^l)", "x = y - z", "q", "p", "u = v", r"\delta = W"),
            *("b", "p(y|x)", "c = d", r"a &= b \\ c &= d", "r", "s_1", "h", "i < j", "e", "f", "g"),
        ]
    ]


def test_formulas_of_a_tex_file() -> None:
    document = read_text("notes.tex", TEX, "tex")
    assert_places(document)
    assert [formula.latex for formula in formulas(document)] == [
        r"\delta",
        "a % a comment with $\n  + b",
        "a &= b \\\\ % because of $c$\n  c &= \\text{if $x > 0$, \\textbf{not $y$}} d \\label{e}",
        "t",
        "z",
        r"q = \text{\]} r \\[2pt] s",
        r"u = \text{for $v$}",
        "w",
        "x",
        "k",
        "k &= 1",
    ]
    assert [formula.environment for formula in formulas(document) if formula.environment] == ["align*", "alignat"]
    assert [formula.display for formula in formulas(document)] == [letter == "d" for letter in "iidiiddiiid"]


def test_formulas_of_a_restructuredtext_file() -> None:
    document = read_text("notes.rst", RST, "rst")
    assert_places(document)
    assert [formula.latex.split() for formula in formulas(document)] == [
        line.split()
        for line in (r"\delta", "a = b", "c + d", "x = y", r"a = b \\ c = d", "e = f", "n", "m", "p &= q", "l")
    ]
    assert [formula.label for formula in formulas(document) if formula.display] == ["one", "two", "two", None]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("split", [True, False])
def test_a_notebook_has_the_formulas_of_its_cells_where_they_stand_in_the_file(indent: int | None, split: bool) -> None:
    document = read_text(
        "n.ipynb", notebook(MARKDOWN, 'Über\t$\\frac{α}{2}$ "$q$"', indent=indent, split=split), "notebook"
    )
    assert_places(document)
    assert [formula.latex for formula in formulas(document)] == [*latex(MARKDOWN, "markdown"), r"\frac{α}{2}", "q"]
    text = document.source.text
    fraction = formulas(document)[-2]
    assert text[slice(*fraction.span)] == r"$\\frac{\u03b1}{2}$"
    assert text[slice(*fraction.place(Span(6, 7)))] == r"\u03b1"
    assert where(document, fraction.place(Span(6, 7)).start)[2:] == (3, 1, 13)
    bp1 = next(formula for formula in formulas(document) if formula.label == "eq:bp1")
    line = MARKDOWN[: MARKDOWN.index("  - z")].count("\n") + 1
    assert where(document, bp1.place(Span(bp1.latex.index("z"), bp1.latex.index("z") + 1)).start)[2:] == (2, line, 5)


def test_a_place_in_a_notebook_is_given_in_the_file_and_in_the_cell() -> None:
    document = read_text("n.ipynb", notebook("one\n", "# Title\n\nHere\n$$\na = \\beta\n$$\n"), "notebook")
    beta = formulas(document)[0].place(Span(4, 9))
    text = document.source.text
    assert text[slice(*beta)] == r"\\beta"
    line = text[: beta.start].count("\n") + 1
    assert where(document, beta.start) == (line, text.split("\n")[line - 1].index(r"\\beta") + 1, 3, 5, 5)
    assert where(document, 0) == (1, 1, None, None, None)


@pytest.mark.parametrize(("text", "format"), [(MARKDOWN, "markdown"), (TEX, "tex"), (RST, "rst")])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_and_column_of_a_character_that_is_changed(text: str, format: str, end: str) -> None:
    for formula in formulas(read_text("x", text, format)):
        if formula.offsets is not None or not formula.latex[0].isalpha():
            continue
        line = text[: formula.offset].count("\n")
        column = formula.offset - text.rfind("\n", 0, formula.offset)
        changed = (text[: formula.offset] + "Q" + text[formula.offset + 1 :]).replace("\n", end)
        document = read_text("x", changed, format)
        found = [other for other in formulas(document) if other.latex.startswith("Q")]
        assert [where(document, other.offset)[:2] for other in found] == [(line + 1, column)]


@pytest.mark.parametrize(
    "price", ["$5 and $10", "US$5, US$6", "$5-$7", "10$ and 20$", "`$x$`", r"\$x\$", "$5", "$ 5 and 6 $"]
)
def test_prices_and_code_are_not_formulas(price: str) -> None:
    assert latex(f"It is {price}.\n\nThen $y$.", "markdown") == ["y"]
    assert latex(f"It is {price}, where $y$.", "markdown") == ["y"]


def test_what_a_block_quotation_puts_before_a_line_is_not_in_the_formula() -> None:
    document = read_text("x", "> > $$\n> > a\n> > = \\beta\n> > $$\n", "markdown")
    (formula,) = formulas(document)
    assert formula.latex == "a\n= \\beta"
    start = formula.latex.index("\\")
    assert document.source.text[slice(*formula.place(Span(start, start + 5)))] == "\\beta"


def test_a_formula_with_an_empty_line_does_not_take_the_prose_after_a_forgotten_end() -> None:
    text = "$$\na = 1\n\nThen we come to the next one:\n\n$$\nb = 2\n$$\n"
    first, second = formulas(read_text("x", text, "markdown"))
    assert (first.latex, first.problem) == ("a = 1", "unclosed-formula")
    assert (second.latex, second.problem) == ("b = 2", None)


@pytest.mark.parametrize("format", ["tex", "markdown"])
def test_an_environment_that_does_not_end_stops_at_its_paragraph(format: str) -> None:
    text = "\\begin{align}\na &= 1\n\nThen $b$.\n\n\\begin{align}\nc &= 2\n\\end{align}\n"
    document = read_text("x", text, format)
    assert [(formula.latex, formula.problem) for formula in formulas(document)] == [
        ("a &= 1", "unclosed-environment"),
        ("b", None),
        ("c &= 2", None),
    ]


def test_a_formula_in_tex_ends_with_its_paragraph() -> None:
    found = formulas(read_text("x", "An $a = b\n\nnext $c$ and \\[ d\n\n and $e$.", "tex"))
    assert [(formula.latex, formula.problem) for formula in found] == [
        ("a = b", "unclosed-formula"),
        ("c", None),
        ("d", "unclosed-formula"),
        ("e", None),
    ]


def test_headings_have_levels_and_places() -> None:
    found = [
        (piece.level, piece.text, MARKDOWN[slice(*piece.span)].split("\n")[0])
        for piece in read_text("x", MARKDOWN, "markdown").pieces
        if isinstance(piece, Heading)
    ]
    assert found == [
        (1, r"The error $\delta$", r"# The error $\delta$ ##"),
        (2, "A title over two lines with $t$", "A title over two"),
    ]
    tex = [piece for piece in read_text("x", TEX, "tex").pieces if isinstance(piece, Heading)]
    assert [(piece.level, piece.text) for piece in tex] == [(2, r"The error $\delta$")]
    rst = [piece for piece in read_text("x", RST, "rst").pieces if isinstance(piece, Heading)]
    assert [(piece.level, piece.text) for piece in rst] == [
        (1, r"The error :math:`\delta`"),
        (2, "First part"),
        (2, "Second part"),
    ]


def test_prose_is_what_stands_between_formulas() -> None:
    pieces = read_text("x", "# T\n\nFor $j = k$ this is $a$,\nelse $b$. <!-- hidden -->\n\nEnd", "markdown").pieces
    assert [piece.text for piece in pieces if isinstance(piece, Prose)] == ["For", "this is", ",\nelse", "End"]
    pieces = read_text("x", "For $j = k$ % hidden\nthis is $a$,\n\nelse", "tex").pieces
    assert [piece.text for piece in pieces if isinstance(piece, Prose)] == ["For", "this is", ",\n\nelse"]


DIRECTIVES = [
    ("symfnn: ignore", "ignore", "", []),
    ("symfnn: ignore[lost-sum]", "ignore", "lost-sum", []),
    ("symfnn: expect refuted", "expect", "refuted", []),
    ("symfnn: notation ng", "notation", "ng", []),
    (
        r"symfnn: $W^l \in \mathbb{R}^{n}$, $b$",
        "statement",
        r"$W^l \in \mathbb{R}^{n}$, $b$",
        [r"W^l \in \mathbb{R}^{n}", "b"],
    ),
    ("symfnn: ignor", "unknown", "ignor", []),
    ("symfnn: expect", "unknown", "expect", []),
]


@pytest.mark.parametrize(("written", "kind", "argument", "stated"), DIRECTIVES)
@pytest.mark.parametrize("format", ["markdown", "tex", "rst", "notebook"])
def test_directives(format: str, written: str, kind: str, argument: str, stated: list[str]) -> None:
    text = {
        "markdown": f"Text\n<!-- {written} -->\n\nMore",
        "tex": f"Text\n\\begin{{document}}\nabc % {written}\nMore",
        "rst": f"Text\n\n.. {written}\n\nMore",
        "notebook": notebook(f"Text\n\n> <!-- {written} -->\n"),
    }[format]
    document = read_text("x", text, format)
    (directive,) = (piece for piece in document.pieces if isinstance(piece, Directive))
    assert (directive.kind, directive.argument) == (kind, argument)
    assert [formula.latex for formula in directive.formulas] == stated
    for formula in directive.formulas:
        start = formula.latex.rindex(formula.latex[-1])
        assert text[slice(*formula.place(Span(start, start + 1)))] == formula.latex[-1]
    assert text[directive.span.start :].startswith("symfnn:")
    assert not formulas(document)


def test_commands_that_stand_for_an_environment() -> None:
    text = (
        "\\def\\be{\\begin{equation}}\\def\\ee{\\end{equation}}\n"
        "\\newcommand{\\alns}[1]{\\begin{align*} #1 \\end{align*}}\n\\begin{document}\n"
        "One \\be a = b \\begin{x}$\\end{x} % \\ee\n \\ee\n\\beta $z$ \\alns{ c &= {d} \\\\ \\{ }\n"
        "\\be e\n\nThen \\be f \\end{equation} \\alns{g\n\n$h$"
    )
    document = read_text("x", text, "tex")
    assert_places(document)
    assert [(formula.latex, formula.environment, formula.problem) for formula in formulas(document)] == [
        ("a = b \\begin{x}$\\end{x} % \\ee", "equation", None),
        ("z", "", None),
        ("c &= {d} \\\\ \\{", "align*", None),
        ("e", "equation", "unclosed-environment"),
        ("f", "equation", None),
        ("g", "align*", "unclosed-formula"),
        ("h", "", None),
    ]


def test_a_directive_in_a_formula_is_about_that_formula() -> None:
    text = "\\begin{align}\n a &= b \\\\\n % symfnn: expect refuted\n c &= d\n\\end{align}\n"
    directive, formula = read_text("x", text, "tex").pieces
    assert isinstance(directive, Directive)
    assert (directive.kind, directive.argument) == ("expect", "refuted")
    assert isinstance(formula, Formula)


def test_a_fence_of_mathematics_that_does_not_end() -> None:
    text = "> ```math\n> a = b\n\n- ```{math}\n  :label: one\n\n  c = d\n  ```\n"
    first, second = formulas(read_text("x", text, "markdown"))
    assert (first.latex, first.problem) == ("a = b", "unclosed-formula")
    assert (second.latex, second.problem, second.label) == ("c = d", None, "one")


def test_a_comment_may_hold_several_directives_and_others_are_not_for_us() -> None:
    text = "<!-- symfnn: notation ng\n     symfnn: $a$ -->\n<!-- about symfnn: ignore -->\n<!-- $b$ -->"
    pieces = read_text("x", text, "markdown").pieces
    assert [piece.kind for piece in pieces if isinstance(piece, Directive)] == ["notation", "statement"]
    assert len(pieces) == 2


def test_macros_come_from_the_preamble_without_comments_and_from_formulas() -> None:
    macros = read_text("x", TEX, "tex").macros
    assert r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}" in macros
    assert r"\def\bx{\mathbf{x}}" in macros
    assert "old" not in macros
    markdown = (
        "$$\\newcommand{\\R}{\\mathbb{R}} \\def\\d#1{\\delta^{#1}}$$\n\n\\newcommand\\x{a{b{c}}}\n\n`\\def\\no{}`"
    )
    assert read_text("x", markdown, "markdown").macros.split("\n")[:3] == [
        r"\newcommand{\R}{\mathbb{R}}",
        r"\def\d#1{\delta^{#1}}",
        r"\newcommand\x{a{b{c}}}",
    ]


WORDS = st.text(st.sampled_from("ab ,.\n%é\u2028α$5"), max_size=30).map(lambda words: words.replace("$", "\\$"))


@given(before=WORDS, after=WORDS, format=st.sampled_from(["tex", "markdown", "rst"]))
@settings(max_examples=150, deadline=None)
def test_what_is_written_around_a_formula_moves_it(before: str, after: str, format: str) -> None:
    formula = ":math:`x = \\beta`" if format == "rst" else "$x = \\beta$"
    around = f"{before.replace('%', '') if format == 'tex' else before}\n\nq ", f" {after}\n"
    found = formulas(read_text("x", formula.join(around), format))
    assert [(piece.latex, piece.span.start) for piece in found] == [("x = \\beta", len(around[0]))]


SIGNS = r"""$ $$ \[ \] \( \) \\( \\) \begin{align} \end{align} \text{ \ { } | \| # - > ` `` <!-- --> symfnn: ignore %
&lt; \section{ \newcommand{\a} \verb| \begin{document} [^1]: .. :: :math:` a é 😀 b=c <pre> 1."""
LINES = [
    "\n",
    "\n\n",
    "\n> ",
    "\n- ",
    "\n    ",
    "\n```math\n",
    "\n```\n",
    "\n---\n",
    "\n.. math::\n",
    "\t",
    "\r",
    "\r\n",
]
PARTS = st.sampled_from([*SIGNS.split(), *LINES, " ", "\u2028", "\ufeff"])


@given(st.lists(PARTS | st.characters(exclude_categories=["Cs"]), max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read(text: str) -> None:
    for format in ("tex", "markdown", "rst"):
        try:
            assert_places(read_text("x", text, format))
        except errors.DocumentError:
            assert "\0" in text
    if "\0" not in text:
        inside = read_text("x", notebook(text, split=False), "notebook")
        assert_places(inside)
        assert [f.latex for f in formulas(inside)] == latex(text, "markdown")


@given(st.lists(st.sampled_from(["ab", "é", "\n", "\\", '"', "😀", "\t"]), max_size=12))
def test_a_passage_keeps_where_each_character_stands(parts: list[str]) -> None:
    source, segments = "", []
    for part in parts:
        source += "  "
        written = json.dumps(part)[1:-1]
        segments.append(Segment(part, len(source), len(source) + len(written)))
        source += written
    passage = joined(segments)
    assert passage.text == "".join(parts)
    for offset in range(len(passage.text)):
        place = passage.place(offset)
        assert passage.inside(place) == offset
        assert passage.inside(passage.end(offset + 1) - 1) == offset
        written = source[place : passage.end(offset + 1)]
        assert json.loads(f'"{written}"') == passage.text[offset]


HOSTILE = [
    *(
        "$",
        "$$",
        "$ ",
        "$a ",
        "$$a\n",
        "$`",
        "$\\text{",
        "&amp;$",
        "\\",
        "\\[",
        "\\text{",
        "\\verb|",
        "\\url{",
        "\\section[",
    ),
    *("\\begin{align}\n\n", "\\begin{align}\n\n\\begin{gather}\n\n", "\\newcommand{\\a}{"),
    *(
        "` ",
        "`` ` ",
        "> ",
        ">",
        "- ",
        "<!--",
        "<a ",
        "|-",
        "[",
        ":math:`",
        "::::",
        ".. math::\n",
        "\ufeff",
        "\r\n",
        "\t",
    ),
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("format", ["tex", "markdown", "rst"])
def test_hostile_texts_are_read_in_linear_time(piece: str, format: str) -> None:
    def seconds(length: int) -> float:
        start = time.process_time()
        try:
            read_text("x", piece * (length // len(piece)), format)
        except errors.DocumentError:
            assert format != "tex" or "$" in piece or "\\" in piece
        return time.process_time() - start

    def is_linear() -> bool:  # 5 times as long a text; 25 times as much work if it were quadratic
        return (whole := seconds(300_000)) < 1 or whole < 12 * seconds(60_000)

    assert any(is_linear() for _ in range(3))  # a machine that does something else can spoil one measurement


@pytest.mark.parametrize("format", ["tex", "markdown", "rst"])
def test_ten_megabytes_of_dollars(format: str) -> None:
    start = time.process_time()
    if format != "tex":
        with pytest.raises(errors.DocumentError, match="at most"):
            read_text("x", "$" * 10_000_000, format)
    else:
        assert not formulas(read_text("x", "$" * 10_000_000, format))
    assert time.process_time() - start < 2


def test_a_formula_that_is_too_long_is_cut_and_says_so() -> None:
    (formula,) = formulas(read_text("x", "$" + "a" * 200_000 + "$", "tex"))
    assert (len(formula.latex), formula.problem) == (100_000, "formula-too-long")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.docx", b"x", "a file of this kind"),
        ("a", b"x", "a file of this kind"),
        ("a.md", b"one\ntwo \xff\xfe", "a.md:2: this is not UTF-8 text"),
        ("a.tex", b"one\nt\0wo", "a.tex:2:2: this is not text"),
        ("a.ipynb", b'{"cells": [\n  1,, 2]}', "a.ipynb:2:5: this notebook is not valid JSON"),
        ("a.ipynb", b'{"nbformat": 3, "worksheets": []}', "its nbformat is 3"),
        ("a.ipynb", b"[]", "it names no format"),
        ("a.ipynb", b"[" * 100_000, "nested too deep"),
        ("a.ipynb", b"", "not valid JSON"),
    ],
)
def test_files_that_are_no_documents(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(errors.DocumentError, match=message):
        read(tmp_path / name)


def test_a_file_that_is_missing_or_too_large(tmp_path: Path) -> None:
    with pytest.raises(errors.DocumentError, match="No such file"):
        read(tmp_path / "a.md")
    (tmp_path / "b.tex").mkdir()
    with pytest.raises(errors.DocumentError, match="cannot be read"):
        read(tmp_path / "b.tex")
    with open(tmp_path / "c.tex", "wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(errors.DocumentError, match="20,000,001 bytes"):
        read(tmp_path / "c.tex")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_moves_nothing(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.MD").write_bytes("é $α$".encode(encoding))
    document = read(tmp_path / "a.MD")
    assert [(formula.latex, formula.offset) for formula in formulas(document)] == [("α", 3)]


def test_cells_that_are_written_twice_or_strangely() -> None:
    cell = '{"cell_type": "markdown", "source": ["$b$", 1, "$\\ud83d\\ude00$ \\ud800"] }'
    others = '3, {"cell_type": "markdown", "source": null}, {"cell_type": "markdown"}, {}'
    twice = f'{{"nbformat": 4, "cells": [{{"source": "$a$"}}], "cells": [ {cell} , {others} ]}}'
    document = read_text("x", twice, "notebook")
    assert [formula.latex for formula in formulas(document)] == ["b", "😀"]
    assert [cell.number for cell in document.cells] == [1]
