"""Reports written by hand, as the checker would hand them over."""

from symfnn.check.verdicts import Checked, Counterexample, DocumentReport, Finding, Link, Repair, Report, Verdict
from symfnn.source import Source, Span

WRONG = r"\delta^{l} = W^{l+1} \delta^{l+1} \odot \sigma'(z^{l})"
TEXT = "# 反向传播\n\n\t误差 $" + WRONG + "$ and $a = b = c$, $y$.\n\n$$\nz = x\n$$\n"


def statement(text, latex, verdict, *, links=(), kind="claim", part=None, **finding):
    start = text.index(latex)
    span = None if part is None else Span(start + latex.index(part), start + latex.index(part) + len(part))
    found = Finding(verdict, span=span, **finding)
    return Checked(Span(start, start + len(latex)), latex, None, kind, found, links)


def transposed(text=TEXT):
    return statement(
        text,
        WRONG,
        Verdict.ILL_SHAPED,
        part="W^{l+1}",
        message="W^{l+1} must be transposed here",
        code="transposed-factor",
        evidence=("shapes: W^{l+1} is n_{l+1} × n_l",),
        repair=Repair(r"(W^{l+1})^\top \delta^{l+1} \odot \sigma'(z^{l})", Verdict.PROVED),
        counterexample=Counterexample((2, 3, 1), 2, (1, 2), 0.31, -0.07, ("z_1 = 1/2", "σ = tanh")),
    )


def chain(text=TEXT):
    good = Finding(Verdict.PROVED)
    place = text.index("a = b = c") + 8
    bad = Finding(Verdict.UNDECIDED, "nothing defines c", "no-definition", Span(place, place + 1))
    return statement(
        text,
        "a = b = c",
        Verdict.UNDECIDED,
        part="c",
        message="nothing defines c",
        code="no-definition",
        links=(Link("a", "b", good), Link("b", "c", bad)),
    )


def definition(text=TEXT):
    return statement(text, "z = x", Verdict.DEFINITION, kind="definition")


def document(name="notes.md", text=TEXT, statements=None, remarks=()):
    found = (transposed(text), chain(text), definition(text)) if statements is None else tuple(statements)
    return DocumentReport(Source(name, text), "from the document itself", found, tuple(remarks))


def report(*documents):
    return Report(documents or (document(),))
