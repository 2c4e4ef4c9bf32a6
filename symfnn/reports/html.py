"""A document as one self-contained HTML page; formulas are MathML, which a browser sets without a script."""

import html
import re

from symfnn.reports.document import Document, Formula, Heading, Paragraph

_STYLE = """
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 Georgia, "Noto Serif CJK SC", serif;
       color: #1b1b1b; background: #fff; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.3rem; margin-top: 2.2rem; border-bottom: 1px solid #ddd; }
.formula { display: flex; align-items: center; gap: 1rem; margin: .8rem 0; padding: .2rem 0;
           overflow-x: auto; overflow-y: hidden; }
.formula table { border-collapse: collapse; flex: 1; } .formula td { padding: .25rem .3rem; vertical-align: baseline; }
td.left { text-align: right; width: 1%; white-space: nowrap; }
td.reason { color: #666; font-size: .85rem; padding-left: 2rem; white-space: nowrap; width: 1%; }
.domain { white-space: nowrap; } .label { min-width: 3.5rem; text-align: right; color: #444; }
math { font-size: 1.1rem; font-family: "Latin Modern Math", "STIX Two Math", "STIXMath", "Cambria Math", math; }
"""

_OPEN, _CLOSE = (
    f'<mo stretchy="true" fence="true" form="{form}">{sign}</mo>'
    for form, sign in (("prefix", "&#x00028;"), ("postfix", "&#x00029;"))
)
# brackets around a formula of one line, the innermost first
_FLAT = re.compile(rf'{_OPEN}((?:(?!<m(?:frac|under|over|table|sqrt|root)|stretchy="true").)*?){_CLOSE}')
_PRIME = '<mo lspace="0" rspace="0">&#x2032;</mo>'


def to_html(document: Document) -> str:
    """The whole page, in one file without scripts: formulas are MathML Core, which browsers set themselves."""
    body = [f"<h1>{html.escape(document.title)}</h1>"]
    for block in document.blocks:
        match block:
            case Heading(text):
                body.append(f"<h2>{_prose(text)}</h2>")
            case Paragraph(text):
                body.append(f"<p>{_prose(text)}</p>")
            case Formula():
                body.append(_formula(block))
    return (
        f'<!doctype html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _prose(text: str) -> str:
    """Escaped text, with what stands between dollar signs as MathML."""
    pieces = re.split(r"\$([^$]+)\$", text)
    return "".join(_math(piece) if place % 2 else html.escape(piece) for place, piece in enumerate(pieces))


def _math(latex: str, *, display: bool = False) -> str:
    """MathML of a formula, with room around function names, and primes and brackets of their own size."""
    from latex2mathml.converter import convert  # what needs no page does not wait for it

    # set as a display, with limits above and below sums, yet beside its neighbours
    text = convert(latex, display="block" if display else "inline")
    text = text.replace('display="block"', 'display="inline" displaystyle="true"', 1)
    text = re.sub(r"<msup><mi>(\w)</mi><mi>&#x02032;</mi></msup>", rf"<mi>\1</mi>{_PRIME}", text)
    while (flat := _FLAT.sub(r'<mo stretchy="false">(</mo>\1<mo stretchy="false">)</mo>', text)) != text:
        text = flat
    return re.sub(r"<m[io]>(ln|sign|erf)</m[io]>", r'<mo lspace="0.17em" rspace="0.17em">\1</mo>', text)


def _formula(formula: Formula) -> str:
    rows = []
    for number, link in enumerate(formula.links):
        left = _math(formula.left, display=True) if number == 0 else ""
        right = _math("= " + link.latex, display=True)
        rows.append(
            f'<tr><td class="left">{left}</td><td>{right}</td><td class="reason">{_prose(link.reason)}</td></tr>'
        )
    domain = f'<span class="domain">{_math(formula.domain)}</span>' if formula.domain else ""
    label = f'<span class="label">({html.escape(formula.label)})</span>' if formula.label else ""
    anchor = f' id="{html.escape(formula.label)}"' if formula.label else ""
    return f'<div class="formula"{anchor}><table>{"".join(rows)}</table>{domain}{label}</div>'
