"""A document as Markdown with formulas between double dollar signs."""

from symfnn.reports.document import Document, Formula, Heading, Notation, Paragraph


def to_markdown(document: Document) -> str:
    r"""The whole text, ending with a newline; formulas stand between ``$$`` and carry their label as ``\tag``."""
    parts = [f"# {document.title}"]
    for block in document.blocks:
        match block:
            case Heading(text):
                parts.append(f"## {text}")
            case Paragraph(text):
                parts.append(text)
            case Notation(name):
                parts.append(f"<!-- symfnn: notation {name} -->")
            case Formula():
                parts.append(f"$$\n{aligned(block)}\n$$")
    return "\n\n".join(parts) + "\n"


def aligned(formula: Formula) -> str:
    """The chain of a formula, one link a line, with its reasons at the right and its label as tag."""
    rows = []
    for number, link in enumerate(formula.links):
        left = formula.left if number == 0 else ""
        reason = rf" && \text{{{link.reason}}}" if link.reason else ""
        rows.append(f"{left} &= {link.latex}{reason}".strip())
    domain = rf" \qquad {formula.domain}" if formula.domain else ""
    body = " \\\\\n".join(rows)
    tag = rf" \tag{{{formula.label}}}" if formula.label else ""
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}{domain}{tag}"
