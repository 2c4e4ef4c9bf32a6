r"""The functions that users call; everything else is reached through these.

model = feedforward((64, 32, 10), "sigmoid", "cross-entropy")    # or feedforward() for symbolic depth and widths
derive(model, "z")              # the error recursion, step by step; also "w", "b" and the input "x"
derive_batch(model, "w")        # over all samples, with the regulariser
to_markdown(derivation_document(model))

check("notes.md")                        # or a text, or one formula; every statement gets a verdict
check(r"\delta^L = a^L - y", notation="nielsen", loss="cross-entropy")

What exports gradients and takes over weights (``lambdify``, ``to_c``, ``from_torch`` …) is listed in ``exports``.
ACTIVATIONS, LOSSES, REGULARIZERS and LANGUAGES are the names to choose from; RULES and BATCH_RULES are the
rules that ``derive`` and ``derive_batch`` try, in order. The labels A1 to A19 are those of
``derivations/article.en.md``.
"""

from pathlib import Path

from symfnn.algebra.arrays import lower
from symfnn.calculus.rules import BATCH_RULES, RULES, derive, derive_batch
from symfnn.calculus.vectorise import column, matrix, stacked
from symfnn.check import session
from symfnn.check.checker import Options
from symfnn.check.verdicts import Report, Verdict
from symfnn.derivation.steps import Derivation, Rule, Step, replay
from symfnn.documents import delimiters, reader
from symfnn.documents.document import Document as SourceDocument
from symfnn.errors import CalculusError, DocumentError, ModelError, OutputError, ShapeError, SymfnnError
from symfnn.latex.entries import to_latex
from symfnn.latex.wholes import whole
from symfnn.model.activations import NAMES as ACTIVATIONS
from symfnn.model.definitions import Definition, Model
from symfnn.model.feedforward import feedforward
from symfnn.model.losses import NAMES as LOSSES
from symfnn.model.regularizers import NAMES as REGULARIZERS
from symfnn.reports.check_result import CheckResult
from symfnn.reports.derivation import article_document, derivation_document
from symfnn.reports.document import Document
from symfnn.reports.html import to_html
from symfnn.reports.latex import to_tex
from symfnn.reports.markdown import to_markdown
from symfnn.reports.notation import notation_document
from symfnn.reports.pdf import to_pdf
from symfnn.reports.structured import to_json
from symfnn.reports.words import LANGUAGES

__all__ = [
    "ACTIVATIONS",
    "BATCH_RULES",
    "LANGUAGES",
    "LOSSES",
    "REGULARIZERS",
    "RULES",
    "CalculusError",
    "CheckResult",
    "Definition",
    "Derivation",
    "Document",
    "DocumentError",
    "Model",
    "ModelError",
    "Options",
    "OutputError",
    "Report",
    "Rule",
    "ShapeError",
    "Step",
    "SymfnnError",
    "Verdict",
    "article_document",
    "check",
    "column",
    "derivation_document",
    "derive",
    "derive_batch",
    "feedforward",
    "lower",
    "matrix",
    "notation_document",
    "replay",
    "stacked",
    "to_html",
    "to_json",
    "to_latex",
    "to_markdown",
    "to_pdf",
    "to_tex",
    "whole",
]

#: the names of ``exports``
EXPORTS = (
    "C_NAME",
    "DERIVATIVES",
    "DTYPES",
    "LAYOUTS",
    "TARGETS",
    "CModule",
    "CompiledC",
    "CompiledGradient",
    "export",
    "from_onnx",
    "from_sklearn",
    "from_torch",
    "lambdify",
    "load_c",
    "load_theta",
    "save_theta",
    "to_c",
    "to_numpy",
    "to_python",
)


def check(
    source: str | Path,
    notation: str | Path | None = None,
    *,
    activation: str | None = None,
    loss: str | None = None,
    timeout: float = 10.0,
    has_repairs: bool = True,
) -> CheckResult:
    r"""A verdict on every statement of a file, of a directory, of a text, or on one formula.

    Args:
        source: a path; or a text in Markdown or TeX with formulas between delimiters; or, where it has none, one
            formula. A single line that ends in a known suffix such as ``.md`` is taken for a path.
        notation: the name of a notation, or the path of one, whose definitions hold where the source has none; that
            of the built-in one which fits best by default, and none with ``"none"``.
        activation: the activation, where the source leaves it open.
        loss: the loss, likewise.
        timeout: seconds for the decision of one statement.
        has_repairs: whether what was meant is looked for where something is wrong, for up to three seconds a claim.

    Raises:
        DocumentError: a file cannot be read.
    """
    options = Options(activation, loss, timeout, has_repairs)
    return CheckResult(Report(tuple(session.check(document, notation, options) for document in _documents(source))))


def _documents(source: str | Path) -> list[SourceDocument]:
    line = str(source)
    if isinstance(source, Path) or ("\n" not in line and Path(line).suffix.lower() in reader.FORMATS):
        return [reader.read(path) for path in session.files([Path(source)])]
    if "\\begin{document}" in line:
        return [reader.read_text("<text>", line, "tex")]
    # a matrix or cases inside a formula leave it a formula
    displayed = [rf"\begin{{{name}" for name in delimiters.DISPLAY]
    if any(mark in line for mark in ("$", "\\[", "\\(", "```math", *displayed)) or line.lstrip().startswith("\\begin{"):
        return [reader.read_text("<text>", line, "markdown")]
    return [session.formula(line)]
