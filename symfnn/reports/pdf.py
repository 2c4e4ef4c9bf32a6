"""A document as PDF, set by a TeX engine found on the PATH."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from symfnn import errors
from symfnn.reports.document import Document
from symfnn.reports.latex import to_tex

_ENGINES = {"en": ("tectonic", "xelatex", "lualatex", "pdflatex"), "zh": ("tectonic", "xelatex", "lualatex")}
_SECONDS = 120


def to_pdf(document: Document) -> bytes:
    """The bytes of the file, set by the first TeX engine that is on the PATH.

    Raises:
        OutputError: no engine is on the PATH, or the engine failed or took too long.
    """
    found = [path for path in map(shutil.which, _ENGINES[document.language]) if path]
    if not found:
        names = ", ".join(_ENGINES[document.language])
        raise errors.OutputError(
            f"a PDF needs a TeX engine ({names}) and none is on the PATH: install TeX Live (texlive-xetex, for Chinese "
            "also texlive-lang-chinese) or tectonic, or choose --format html"
        )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "derivation.tex")
        source.write_text(to_tex(document), encoding="utf-8")
        options = [] if found[0].endswith("tectonic") else ["-interaction=nonstopmode", "-halt-on-error"]
        try:
            done = subprocess.run(
                [found[0], *options, source.name], cwd=folder, capture_output=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as expired:
            raise errors.OutputError(f"{found[0]} took more than {_SECONDS} s") from expired
        result = source.with_suffix(".pdf")
        if done.returncode != 0 or not result.exists():
            lines = [line for line in done.stdout.decode(errors="replace").splitlines() if line.startswith("!")]
            raise errors.OutputError(f"{Path(found[0]).name} failed: {lines[0] if lines else 'no message'}")
        return result.read_bytes()
