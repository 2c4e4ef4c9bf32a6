r"""Errors taught by example: malformed formulas, and what to tell someone who writes one like it.

A sample stands for the grammar's state at its error and for the terminal that came there. Adding one needs no code.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final, final

from lark import Lark, UnexpectedToken

from symfnn.errors import LatexError
from symfnn.latex import arguments, context, tokens
from symfnn.latex.tokens import Token
from symfnn.source import Span


@final
@dataclass(frozen=True, slots=True)
class Lesson:
    """A mistake in writing.

    Attributes:
        code: a stable word.
        message: what is missing, with ``{found}`` for what stands there instead.
        samples: formulas with the mistake.
    """

    code: str
    message: str
    samples: tuple[str, ...]


LESSONS: Final = (
    Lesson("missing-term", "a term is expected after the sign", (r"a +", r"-", r"(a +)", r"a + = b", r"{a -}")),
    Lesson(
        "missing-factor",
        "a factor is expected at this sign",
        (r"a \cdot", r"\cdot a", r"(a \cdot)", r"a \odot \odot b"),
    ),
    Lesson(
        "missing-side", "something is expected on this side of the relation", (r"a =", r"a = = b", r"(a =)", r"{a =}")
    ),
    Lesson(
        "missing-body", "a big operator needs something to run over", (r"\sum", r"\sum_i", r"(\sum_{i})", r"\sum = a")
    ),
    Lesson(
        "script-without-base",
        "a subscript, a superscript or a prime needs something to stand at",
        (r"_i", r"^2", r"'", r"(^2)", r"a + ^2", r"a = _i", r"a \cdot ^2"),
    ),
    Lesson(
        "empty-argument",
        "nothing stands in these braces",
        (r"\frac{}{a}", r"\frac{a}{}", r"x_{}", r"\hat{}", r"\sqrt{}"),
    ),
    Lesson("double-fraction", r"there is a second \over here; put one of them in braces", (r"{a \over b \over c}",)),
)


def explain(error: UnexpectedToken, terms: list[Token], grammar: Lark) -> LatexError:
    """The error to raise for what the grammar could not read."""
    token = error.token.value if isinstance(error.token.value, Token) else None
    span = token.span if token else _end(terms)
    found = f"{token.text or token.kind} stands here" if token else "the formula ends here"
    lesson = _lessons(grammar).get((_state(error), error.token.type))
    if lesson is None:
        return LatexError("unexpected-token", f"{found}, which was not expected", span)
    return LatexError(lesson.code, f"{lesson.message}, but {found}", span)


@cache
def _lessons(grammar: Lark) -> dict[tuple[object, str], Lesson]:
    """What each state and terminal of the samples teach."""
    learned: dict[tuple[object, str], Lesson] = {}
    for lesson in LESSONS:
        for sample in lesson.samples:
            terms = context.settle(arguments.arrange(list(tokens.lex(sample))))
            try:
                grammar.parse(terms)
            except UnexpectedToken as error:
                learned.setdefault((_state(error), error.token.type), lesson)
    return learned


def _state(error: UnexpectedToken) -> object:
    return error.state.position


def _end(terms: list[Token]) -> Span:
    end = max((term.span.end for term in terms), default=0)
    return Span(end, end)
