r"""What each command and sign is: the words of written mathematics, without their meaning.

One table, in groups as the documentation shows them. An entry maps what is written to what the reader takes it for, so
that ``\widehat`` and ``\hat`` are one accent; a sign that has no other name stands for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final


@final
@dataclass(frozen=True, slots=True)
class Group:
    """Commands of one kind.

    Attributes:
        kind: what the reader does with them.
        title: for the documentation.
        entries: from what is written to what it is taken for.
    """

    kind: str
    title: str
    entries: Mapping[str, str]


def _same(names: str) -> dict[str, str]:
    return {name: name for name in names.split()}


def _bare(names: str) -> dict[str, str]:
    return {name: name.lstrip("\\") for name in names.split()}


def _all(names: str, value: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), value)


GROUPS: Final = (
    Group(
        "letter",
        "letters and constant signs",
        _same(
            r"\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \varkappa"
            r" \lambda"
            r" \mu \nu \xi \pi \varpi \rho \varrho \sigma \varsigma \tau \upsilon \phi \varphi \chi \psi \omega"
            r" \digamma"
            r" \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega"
            r" \ell \hbar \imath \jmath \wp \Re \Im \aleph \complement \eth \partial \nabla \infty \top \bot \intercal"
            r" \prime \dagger \ddagger \emptyset \square \triangle \flat \sharp \natural \angle \degree ? ! \& \# \S"
        )
        | _all(r"\varnothing", r"\emptyset")
        | _all(r"\hslash", r"\hbar")
        | _all(r"\Box", r"\square")
        | {r"\%": "%", r"\$": "$", r"\dag": r"\dagger"},
    ),
    Group(
        "dots", "dots", _all(r"\dots \cdots \ldots \vdots \ddots \dotsc \dotsb \dotsm \dotsi \dotso \iddots ...", "…")
    ),
    Group(
        "big",
        "big operators",
        _bare(
            r"\sum \prod \int \iint \iiint \oint \coprod \bigcup \bigcap \bigvee \bigwedge \biguplus \lim \limsup"
            r" \liminf \varinjlim"
        ),
    ),
    Group(
        "function",
        "functions",
        _bare(
            r"\log \ln \lg \exp \tanh \sinh \cosh \coth \sin \cos \tan \cot \sec \csc \arcsin \arccos \arctan \max \min"
            r" \sup \inf \arg \det \dim \ker \gcd \deg \hom \Pr"
        )
        | {r"\argmax": "argmax", r"\argmin": "argmin"},
    ),
    Group("sign", "signs of sums", _same(r"+ - \pm \mp") | {r"\plus": "+", r"\minus": "-"}),
    Group(
        "times",
        "signs of products",
        _same(
            r"\odot \circ \bigodot \otimes \bigotimes \bigcirc \bullet \cdot \times \ast \star \oplus \bigoplus \ominus"
            r" \oslash \div \diamond \cdotp \boxdot \boxtimes \circledast \circledcirc \centerdot \wedge \vee \cup \cap"
            r" \setminus \bmod \amalg \bigstar \lozenge \ltimes \rtimes \dotplus * .* ./ / . @"
        )
        | {r"\*": "*", r"\land": r"\wedge", r"\lor": r"\vee", r"\slash": "/", r"\backslash": r"\setminus"},
    ),
    Group(
        "relation",
        "relations",
        _same(
            r"= := =: == < > <= >= != -> => \equiv \triangleq \doteq \leftarrow \gets \to \rightarrow \longrightarrow"
            r" \longleftarrow \Rightarrow \Longrightarrow \implies \Leftarrow \impliedby \Leftrightarrow \iff"
            r" \leftrightarrow \longleftrightarrow \mapsto \longmapsto \approx \simeq \propto \sim \cong \asymp \leq"
            r" \geq"
            r" \ll \gg \neq \in \notin \ni \subset \subseteq \supset \supseteq \prec \succ \preceq \succeq \perp"
            r" \leftleftarrows \hookrightarrow \leadsto \rightsquigarrow \uparrow \downarrow \updownarrow \nearrow"
            r" \searrow \swarrow \nwarrow \Longleftrightarrow \models \vdash \rightleftharpoons"
        )
        | {r"\coloneqq": ":=", r"\coloneq": ":=", r"\colonequals": ":=", r"\eqqcolon": "=:", r"\eqcolon": "=:"}
        | {r"\le": r"\leq", r"\ge": r"\geq", r"\ne": r"\neq", r"\lt": "<", r"\gt": ">", r"\approxeq": r"\approx"}
        | {r"\leqslant": r"\leq", r"\geqslant": r"\geq", r"\eqdef": r"\triangleq", r"\defeq": r"\triangleq"}
        | {r"\isin": r"\in", r"\thickapprox": r"\approx"},
    ),
    Group("words", "words of logic", _same(r"\forall \exists \nexists \therefore \because \qed")),
    Group(
        "separator",
        "signs between items",
        {",": ",", ";": ";", ":": ":", r"\colon": ":", r"\mid": "|", r"\vcentcolon": ":", r"\semicolon": ";"},
    ),
    Group(
        "fence",
        "brackets",
        {"(": "(", ")": ")", "[": "[", "]": "]", r"\{": "{", r"\}": "}", r"\lbrace": "{", r"\rbrace": "}"}
        | {r"\lbrack": "[", r"\rbrack": "]", r"\langle": "⟨", r"\rangle": "⟩", r"\lfloor": "⌊", r"\rfloor": "⌋"}
        | {r"\lceil": "⌈", r"\rceil": "⌉", "|": "|", r"\vert": "|", r"\lvert": "|", r"\rvert": "|", r"\|": "‖"}
        | {
            r"\Vert": "‖",
            r"\lVert": "‖",
            r"\rVert": "‖",
            "||": "‖",
            r"\parallel": "‖",
            r"\lgroup": "(",
            r"\rgroup": ")",
        }
        | {r"\lparen": "(", r"\rparen": ")", r"\llbracket": "⟦", r"\rrbracket": "⟧"},
    ),
    Group(
        "size",
        "sizes of brackets",
        _all(r"\big \Big \bigg \Bigg", "")
        | _all(r"\bigl \Bigl \biggl \Biggl", "left")
        | _all(r"\bigr \Bigr \biggr \Biggr", "right")
        | _all(r"\bigm \Bigm \biggm \Biggm \middle", "middle"),
    ),
    Group(
        "style",
        "styles of letters",
        _all(r"\mathbf \boldsymbol \bm \vec \mathbfit \bold \pmb \symbf \symbfit \overrightarrow \Vec", "bold")
        | _all(r"\mathcal \mathscr \mathfrak", "calligraphic")
        | _all(r"\mathbb \mathbbm \mathds \Bbb", "blackboard")
        | _all(r"\mathsf", "sans")
        | _all(r"\mathrm", "roman")
        | _all(r"\mathit \mathnormal \mathtt", ""),
    ),
    Group(
        "switch",
        "styles up to the end of a group",
        {r"\rm": r"\mathrm", r"\bf": r"\mathbf", r"\it": r"\mathit", r"\cal": r"\mathcal", r"\sf": r"\mathsf"}
        | {r"\tt": r"\mathtt", r"\bfseries": r"\mathbf", r"\mit": r"\mathit"},
    ),
    Group(
        "accent",
        "accents",
        _same(r"\hat \tilde \bar \dot \ddot \check \breve \acute \grave \mathring \underline \overleftarrow \utilde")
        | {r"\widehat": r"\hat", r"\widetilde": r"\tilde", r"\overline": r"\bar", r"\widecheck": r"\check"},
    ),
    Group(
        "text",
        "words",
        _all(r"\text \textrm \mbox \textnormal \textup \hbox \textsf \texttt \textsc \textit \emph \intertext", "text")
        | {r"\textbf": "bold", r"\shortintertext": "text"},
    ),
    Group("operator", "named operators", _same(r"\operatorname \operatornamewithlimits \mathop")),
    Group("fraction", "fractions", _same(r"\frac \dfrac \tfrac \cfrac \sfrac \nicefrac")),
    Group("over", "fractions in plain TeX", _same(r"\over \atop")),
    Group("root", "roots", _same(r"\sqrt")),
    Group("overset", "a sign with a note above or below", _same(r"\stackrel \overset \underset")),
    Group("note", "braces with a note", {r"\underbrace": "_", r"\overbrace": "^", r"\underbracket": "_"}),
    Group(
        "transparent",
        "frames and marks around what counts",
        _same(
            r"\boxed \fbox \ensuremath \mathord \mathrel \mathbin \mathopen \mathclose \mathpunct \mathinner \smash"
            r" \cancel \substack \lefteqn \mathclap \mathllap \mathrlap"
        ),
    ),
    Group("plain matrix", "matrices in plain TeX", _all(r"\pmatrix \matrix \bmatrix", "matrix") | {r"\cases": "cases"}),
    Group("quad", "wide spaces, which part statements", _same(r"\quad \qquad")),
    Group(
        "space",
        "spacing and size, left out",
        _same(
            r"\, \; \: \! \> \  ~ \thinspace \medspace \thickspace \negthinspace \negmedspace \negthickspace \enspace"
            r" \displaystyle \textstyle \scriptstyle \scriptscriptstyle \limits \nolimits \displaylimits \nonumber"
            r" \notag \hline \hfill \hfil \strut \null \relax \allowbreak \nobreak \noindent \centering \small \large"
            r" \Large \normalsize \footnotesize \tiny \boldmath \unboldmath \xspace \/ \- \break \protect"
            r" \allowdisplaybreaks \enskip \par \smallskip \medskip \bigskip \mathsurround"
            r" \hdashline \toprule \midrule \bottomrule \normalfont \mathstrut \newpage \scriptsize"
        )
        | {r"\ ": r"\ ", "\\\n": r"\ ", "\\\t": r"\ "},
    ),
    Group(
        "skipped",
        "left out with what follows in braces",
        _all(
            r"\hspace \vspace \hskip \mspace \mkern \kern \color \phantom \hphantom \vphantom \cline \cmidrule"
            r" \textcolor"
            r" \colorbox \raisebox \ref \eqref \cite \citep \citet \footnote \footnotemark \hypertarget \class \cssId"
            r" \arraycolsep \setlength \rule \bbox \htmlClass \mmlToken \hyperref \autoref \style",
            "1",
        ),
    ),
    Group("label", "labels", _same(r"\tag \label \eqno \leqno")),
    Group("row", "ends of rows", _same(r"\\ \cr \tabularnewline \newline")),
)

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    name: (group.kind, value) for group in GROUPS for name, value in group.entries.items()
}
FUNCTIONS: Final = frozenset(COMMANDS[name][1] for name in COMMANDS if COMMANDS[name][0] == "function")

# environments whose rows are statements
ALIGNED: Final = frozenset(
    (
        "equation align aligned alignat alignedat flalign gather gathered split eqnarray multline multlined"
        " displaymath math subequations dmath dgroup IEEEeqnarray"
    ).split()
)
MATRICES: Final = frozenset(
    ("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix psmallmatrix bsmallmatrix array").split()
)
CASES: Final = frozenset(["cases", "dcases", "rcases", "numcases"])
# environments that take so many arguments before their cells
ENVIRONMENT_ARGUMENTS: Final = {"array": 1, "alignat": 1, "alignedat": 1, "IEEEeqnarray": 1, "numcases": 1}

# words that go on to another statement, rather than say when one holds
JOINERS: Final = frozenset(
    (
        "and or also so hence thus therefore similarly then i.e. e.g. that so that namely likewise"
        " consequently where let with here or, first second finally next now recall note analogously generally"
        " specifically 和 且 及 或 以及 所以 因此 则 故 于是 同理 类似地 即 其中 有 得 可得"
    ).split()
)
# words that say when a statement holds
CONDITIONS: Final = frozenset(
    (
        "if for when whenever where with otherwise else since because as given assuming unless all each every"
        " any using by is are on such provided under only of from while once suppose let"
    ).split()
)
LEADING: Final = frozenset(
    (r"if for when whenever since because given assuming suppose \forall 若 如果 当 对 对于 因为 由于").split()
)

UNICODE: Final[Mapping[str, str]] = {
    **dict(
        zip(
            "αβγδεζηθικλμνξπρστυφχψω",
            (
                r"\alpha \beta \gamma \delta \epsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi \pi \rho"
                r" \sigma \tau \upsilon \phi \chi \psi \omega"
            ).split(),
            strict=True,
        )
    ),
    **dict(
        zip(
            "ΓΔΘΛΞΠΣΥΦΨΩ",
            (r"\Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega").split(),
            strict=True,
        )
    ),
    "ϵ": r"\epsilon",
    "ϑ": r"\vartheta",
    "ϕ": r"\phi",
    "ς": r"\varsigma",
    "ϱ": r"\varrho",
    "ϖ": r"\varpi",
    "µ": r"\mu",
    "∂": r"\partial",
    "∇": r"\nabla",
    "∆": r"\Delta",
    "∞": r"\infty",
    "ℓ": r"\ell",
    "⊤": r"\top",
    "⊥": r"\perp",
    "ℏ": r"\hbar",
    "∑": r"\sum",
    "∏": r"\prod",
    "∫": r"\int",
    "√": r"\sqrt",
    "∅": r"\emptyset",
    "⊺": r"\intercal",
    "·": r"\cdot",
    "⋅": r"\cdot",
    "×": r"\times",
    "⊙": r"\odot",
    "⨀": r"\bigodot",
    "∘": r"\circ",
    "○": r"\circ",
    "◦": r"\circ",
    "⊗": r"\otimes",
    "⊕": r"\oplus",
    "∗": r"\ast",
    "⋆": r"\star",
    "•": r"\bullet",
    "÷": r"\div",
    "∕": "/",
    "⁄": "/",
    "−": "-",
    "–": "-",
    "±": r"\pm",
    "∓": r"\mp",
    "∧": r"\wedge",
    "∨": r"\vee",
    "∪": r"\cup",
    "∩": r"\cap",
    "∖": r"\setminus",
    "≤": r"\leq",
    "≥": r"\geq",
    "⩽": r"\leq",
    "⩾": r"\geq",
    "≠": r"\neq",
    "≡": r"\equiv",
    "≈": r"\approx",
    "≃": r"\simeq",
    "∼": r"\sim",
    "∝": r"\propto",
    "≔": ":=",
    "≜": r"\triangleq",
    "≐": r"\doteq",
    "≪": r"\ll",
    "≫": r"\gg",
    "≅": r"\cong",
    "→": r"\rightarrow",
    "←": r"\leftarrow",
    "⇒": r"\Rightarrow",
    "⟹": r"\Rightarrow",
    "⇔": r"\Leftrightarrow",
    "⟶": r"\rightarrow",
    "↦": r"\mapsto",
    "⟵": r"\leftarrow",
    "⇐": r"\Leftarrow",
    "∈": r"\in",
    "∉": r"\notin",
    "⊂": r"\subset",
    "⊆": r"\subseteq",
    "∀": r"\forall",
    "∃": r"\exists",
    "∴": r"\therefore",
    "∵": r"\because",
    "∣": r"\mid",
    "‖": r"\|",
    "∥": r"\|",
    "⟨": r"\langle",
    "⟩": r"\rangle",
    "〈": r"\langle",
    "〉": r"\rangle",
    "⌊": r"\lfloor",
    "⌋": r"\rfloor",
    "⌈": r"\lceil",
    "⌉": r"\rceil",
    "…": r"\dots",
    "⋯": r"\cdots",
    "⋮": r"\vdots",
    "⋱": r"\ddots",
    "′": "'",
    "’": "'",
    "‘": "'",
    "ʹ": "'",
    "、": ",",
    "。": ".",
    "“": '"',
    "”": '"',
}
# combining marks and the accents that they are
MARKS: Final[Mapping[str, str]] = {
    "\u0302": r"\hat",
    "\u0303": r"\tilde",
    "\u0304": r"\bar",
    "\u0305": r"\bar",
    "\u0307": r"\dot",
    "\u0308": r"\ddot",
    "\u030c": r"\check",
    "\u0306": r"\breve",
    "\u0301": r"\acute",
    "\u0300": r"\grave",
    "\u20d7": r"\vec",
    "\u030a": r"\mathring",
}
