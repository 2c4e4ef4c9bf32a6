"""A coverage-guided fuzzer (atheris, which is no dependency) on the reader and the checker.

    python -m pip install atheris
    python benchmarks/fuzz.py -max_total_time=600 -len_control=0 -max_len=200 -rss_limit_mb=1024 -timeout=60

Whatever is thrown other than symfnn's own errors ends it, and so do a hang and too much memory.
"""

import contextlib
import sys

import atheris

with atheris.instrument_imports(include=["symfnn"]):
    from symfnn import errors
    from symfnn.check.checker import Options, check_document
    from symfnn.documents.reader import read_text
    from symfnn.latex.parser import parse

PIECES = (
    r"\delta^l", "a^{l-1}", "z_j^l", "w_{jk}^l", r"\sigma'(z^l)", r"\frac{\partial C}{\partial z^l}", " = ", r"\odot ",
    r"\sum_k ", r"\sum_{i=1}^{n} ", "(", ")", "{", "}", "^T", "^{2}", "_{ij}", "+", "-", r"\\ &=", r"\frac", "$$", "\n",
    r"\in \mathbb{R}^{m \times n}", "C", "y", "L", "1", "9^{9}", r"\begin{aligned}", r"\end{aligned}", "# heading\n",
    "<!-- symfnn: notation nielsen -->\n", r"\log ", "e^{", r"\text{for } ", "J(W, b)", r"\nabla_a ", r"\mathbf{1}",
)  # fmt: skip


def one(data):
    provider = atheris.FuzzedDataProvider(data)
    if provider.ConsumeBool():
        text = provider.ConsumeUnicodeNoSurrogates(300)
    else:
        text = "".join(
            PIECES[provider.ConsumeIntInRange(0, len(PIECES) - 1)] for _ in range(40) if provider.remaining_bytes()
        )
    with contextlib.suppress(errors.SymfnnError):
        parse(text)
    try:
        check_document(read_text("fuzz.md", f"$$\n{text}\n$$\n", "markdown"), "nielsen", Options(timeout=0.5))
    except errors.SymfnnError as error:
        if isinstance(error, errors.DisagreementError):
            raise


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
