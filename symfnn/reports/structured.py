"""A document as JSON: formulas, labels, steps and rules (version 1)."""

import json

from symfnn.reports.document import Document, Formula, Heading


def to_json(document: Document) -> str:
    """One JSON object, version 1, with the formulas in reading order; every link names its rule.

    Its keys are ``version``, ``title``, ``language`` and ``formulas``; a formula has ``label``, ``section``, ``left``,
    ``domain`` and ``steps``, a step ``latex``, ``rule`` and ``reason``. What is absent is null.
    """
    section, formulas = None, []
    for block in document.blocks:
        if isinstance(block, Heading):
            section = block.text
        if isinstance(block, Formula):
            formulas.append(
                {
                    "label": block.label or None,
                    "section": section,
                    "left": block.left,
                    "domain": block.domain or None,
                    "steps": [{"latex": k.latex, "rule": k.rule, "reason": k.reason} for k in block.links],
                }
            )
    content = {"version": 1, "title": document.title, "language": document.language, "formulas": formulas}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
