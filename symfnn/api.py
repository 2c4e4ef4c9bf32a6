"""The functions that users call; everything else is reached through these.

model = feedforward((64, 32, 10), "sigmoid", "cross-entropy")    # or feedforward() for symbolic depth and widths
derive(model, "z")              # the error recursion, step by step; also "w", "b" and the input "x"
derive_batch(model, "w")        # over all samples, with the regulariser
to_markdown(derivation_document(model))

ACTIVATIONS, LOSSES, REGULARIZERS and LANGUAGES are the names to choose from; RULES and BATCH_RULES are the rules that
``derive`` and ``derive_batch`` try, in order. The labels A1 to A19 are those of ``derivations/article.en.md``.
"""

from symfnn.algebra.arrays import lower
from symfnn.calculus.rules import BATCH_RULES, RULES, derive, derive_batch
from symfnn.calculus.vectorise import column, matrix, stacked
from symfnn.derivation.steps import Derivation, Rule, Step, replay
from symfnn.errors import CalculusError, ModelError, OutputError, ShapeError, SymfnnError
from symfnn.export.numpy import CompiledGradient, lambdify
from symfnn.latex.entries import to_latex
from symfnn.latex.wholes import whole
from symfnn.model.activations import NAMES as ACTIVATIONS
from symfnn.model.definitions import Definition, Model
from symfnn.model.feedforward import feedforward
from symfnn.model.losses import NAMES as LOSSES
from symfnn.model.regularizers import NAMES as REGULARIZERS
from symfnn.reports.derivation import article_document, derivation_document
from symfnn.reports.document import Document
from symfnn.reports.html import to_html
from symfnn.reports.latex import to_tex
from symfnn.reports.markdown import to_markdown
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
    "CompiledGradient",
    "Definition",
    "Derivation",
    "Document",
    "Model",
    "ModelError",
    "OutputError",
    "Rule",
    "ShapeError",
    "Step",
    "SymfnnError",
    "article_document",
    "column",
    "derivation_document",
    "derive",
    "derive_batch",
    "feedforward",
    "lambdify",
    "lower",
    "matrix",
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
