"""A document as a LaTeX file that any engine with the usual packages sets (Chinese: XeLaTeX or LuaLaTeX)."""

from symfnn.reports.document import Document, Formula, Heading, Paragraph
from symfnn.reports.markdown import aligned

_CLASS = {"en": "article", "zh": "ctexart"}


def to_tex(document: Document) -> str:
    """The source of a complete document; Chinese needs the class ctexart of CTeX."""
    parts = [
        f"\\documentclass{{{_CLASS[document.language]}}}",
        "\\usepackage{amsmath,amssymb}\n\\usepackage[margin=2.5cm]{geometry}\n\\allowdisplaybreaks",
        f"\\title{{{document.title}}}\n\\date{{}}\n\\begin{{document}}\n\\maketitle",
    ]
    for block in document.blocks:
        match block:
            case Heading(text):
                parts.append(f"\\section*{{{text}}}")
            case Paragraph(text):
                parts.append(text)
            case Formula():
                parts.append(f"\\begin{{equation*}}\n{aligned(block)}\n\\end{{equation*}}")
    return "\n\n".join([*parts, "\\end{document}"]) + "\n"
