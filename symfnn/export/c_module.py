"""A standalone C file for a network, and its header: loss, gradient, prediction, and a check of itself."""

import re
import textwrap
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from importlib import metadata, resources
from itertools import pairwise
from typing import NamedTuple

from symfnn import errors
from symfnn.export import c_arrays, c_unrolled
from symfnn.export.c_body import Body
from symfnn.export.c_functions import sources
from symfnn.export.c_memory import Sizes, blocks
from symfnn.export.formulas import conventions, formulas
from symfnn.export.functions import Function
from symfnn.export.functions import functions as functions_of
from symfnn.export.passes.extremes import extremes
from symfnn.export.passes.linear import scale_once
from symfnn.export.passes.margins import margins
from symfnn.export.passes.prune import prune
from symfnn.export.passes.share import share_operations
from symfnn.export.passes.slopes import positive, slopes
from symfnn.export.program import Program
from symfnn.export.shapes import verify
from symfnn.model.definitions import Model

NAME = "network"
_WIDE = 110
_TYPES = {"float64": ("double", "uint64_t"), "float32": ("float", "uint32_t")}
_REAL = re.compile(r"\breal\b")
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


class CModule(NamedTuple):
    """The two files of a network.

    Attributes:
        header: to be saved as ``NAME.h``.
        source: to be saved as ``NAME.c``.
        name: what both files and every public name begin with.
        work: the number of entries of the block of memory that a call needs.
        functions: those in the file, without what they are called by in C.
    """

    header: str
    source: str
    name: str
    work: int
    functions: tuple[Function, ...]

    def alone(self) -> str:
        """Header and source in one text."""
        return f"{self.header}\n{self.source.replace(_included(self.name), '')}"


def _included(name: str) -> str:
    return f'#include "{name}.h"\n'


def c_module(
    model: Model,
    strength: float | None = None,
    *,
    batch: int,
    dtype: str = "float64",
    name: str = NAME,
    what: Collection[str] = (),
    has_blas: bool = False,
    has_formulas: bool = True,
) -> CModule:
    """The text of a C99 file and of its header, for a fixed number of samples.

    Args:
        model: with given layers, known activations and a loss.
        strength: λ, where the model's regulariser leaves it open.
        batch: the number of samples m of a call.
        dtype: ``"float64"`` (double) or ``"float32"`` (float).
        name: what the files and every public name begin with.
        what: which derivatives are made beside the gradient.
        has_blas: whether products are made by a BLAS, cblas_dgemm or cblas_sgemm, without ``-DSYMFNN_CBLAS`` too.
        has_formulas: whether comments give the formulas.

    Raises:
        ModelError: the model leaves something open, or holds something that has no form in C; the number of samples or
            the name cannot be used.
    """
    _require(batch, dtype, name)
    sizes = Sizes(batch, model.widths or ())
    comments = formulas(model) if has_formulas else {}
    functions = [replace(f, program=_prepared(f.program)) for f in functions_of(model, strength, what)]
    write = c_unrolled.body if c_unrolled.is_tiny(sizes) else c_arrays.body
    bodies = [
        write(f, sizes, dtype, comments if f.model is None or not has_formulas else formulas(f.model))
        for f in functions
    ]
    work = max(1, *(made.work for made in bodies))
    texts = [_definition(name, function, made) for function, made in zip(functions, bodies, strict=True)]
    used = sources("\n".join(texts), dtype)
    head = _head(model, sizes, dtype, name)
    parts = [
        f"/* {head} */",
        *(["#ifndef SYMFNN_CBLAS\n#define SYMFNN_CBLAS\n#endif"] if has_blas else []),
        _PREAMBLE.format(name=name, bits=_TYPES[dtype][1], library=_library(bodies)),
        *used,
        *texts,
        _selftest(name),
    ]
    header = _header(functions, sizes, dtype, name, work)
    return CModule(header, "\n\n".join(parts) + "\n", name, work, tuple(functions))


def _prepared(program: Program) -> Program:
    """The program after those passes that serve entries one after another."""
    for apply in (extremes, partial(slopes, slope=positive), scale_once, share_operations, margins, prune):
        program = verify(apply(program))
    return program


def _require(batch: int, dtype: str, name: str) -> None:
    if isinstance(batch, bool) or not isinstance(batch, int) or batch < 1:
        raise errors.ModelError(f"a C function is made for a fixed number of samples, 1 or more, not {batch!r}")
    if dtype not in _TYPES:
        raise errors.ModelError(f"unknown data type {dtype!r}: choose float32 or float64")
    if _NAME.fullmatch(name) is None:
        raise errors.ModelError(f"{name!r} cannot begin names in C: letters, digits and _ can, the first a letter")


def _parameters(function: Function) -> list[tuple[str, str]]:
    """The parameters of a C function: type and name."""
    results = dict.fromkeys(blocks(function).values())
    return [
        *(("const real", name) for name in function.arguments),
        *(("real", name) for name in results),
        ("real", "work"),
    ]


def _gives(function: Function) -> str:
    return "real" if any(result.kind == "number" for result in function.results) else "void"


def _declaration(name: str, function: Function, sizes: Sizes) -> str:
    taken = ", ".join(f"{kind} *{parameter}" for kind, parameter in _parameters(function))
    title = function.title.format(parameters=len(sizes.widths) - 1, inputs=sizes.widths[0], outputs=sizes.widths[-1])
    line = f"{_gives(function)} {name}_{function.name}({taken});"
    return f"/* {title} */\n{re.sub(_REAL, f'{name}_real', line)}"


def _definition(name: str, function: Function, made: Body) -> str:
    parameters = _parameters(function)
    taken = ", ".join(f"{kind} *restrict {parameter}" for kind, parameter in parameters)
    text = "\n".join(line for line in made.lines if not line.startswith("/*"))
    unused = [f"(void){parameter};" for _, parameter in parameters if not re.search(rf"\b{parameter}\b", text)]
    returned = [f"return {result.names[0]};" for result in function.results if result.kind == "number"]
    lines = "\n".join(part for line in [*unused, *made.lines, *returned] for part in _wrapped(line))
    return f"{_gives(function)} {name}_{function.name}({taken})\n{{\n{textwrap.indent(lines, ' ' * 4)}\n}}"


def _wrapped(line: str) -> list[str]:
    """A long statement in several lines; comments keep theirs."""
    if len(line) <= _WIDE or line.startswith("/*"):
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(line, _WIDE, subsequent_indent=f"{indent}    ", break_long_words=False, break_on_hyphens=False)


def _library(bodies: list[Body]) -> str:
    return "#include <math.h>\n" if any(made.needs_library for made in bodies) else ""


def _head(model: Model, sizes: Sizes, dtype: str, name: str) -> str:
    layers = "-".join(map(str, sizes.widths))
    lines = [
        f"Loss and gradient of a {layers} network for {sizes.samples} samples of {dtype}, "
        f"generated by symfnn {metadata.version('symfnn')}.",
        "",
        *conventions(model),
        "",
        "theta holds the parameters of layer 2, 3, ... one after another, each a matrix (1 + s_(l-1)) x s_l by rows:"
        " row 0 holds the biases, row j the weights from neuron j. X and Y hold one sample a row.",
        "",
        f"Build: cc -std=c99 -O3 -march=native -c {name}.c, but not with -ffast-math.",
        "With -DSYMFNN_CBLAS, and linked to a BLAS, that makes the matrix products.",
        f"Test: cc -std=c99 -O2 -DSYMFNN_SELFTEST {name}.c -lm && ./a.out",
    ]
    wrapped = [line for text in lines for line in (textwrap.wrap(text, _WIDE) or [""])]
    return "\n   ".join(wrapped)


def _header(functions: list[Function], sizes: Sizes, dtype: str, name: str, work: int) -> str:
    widths = sizes.widths
    return _HEADER.format(
        upper=name.upper(),
        name=name,
        type=_TYPES[dtype][0],
        layers="-".join(map(str, widths)),
        samples=sizes.samples,
        inputs=widths[0],
        outputs=widths[-1],
        size=sum((p + 1) * q for p, q in pairwise(widths)),
        work=work,
        declared="\n\n".join(_declaration(name, function, sizes) for function in functions),
    )


def _selftest(name: str) -> str:
    text = (resources.files("symfnn.export") / "c" / "selftest.c").read_text(encoding="utf-8")
    return text.replace("network", name).replace("NETWORK", name.upper()).strip()


_PREAMBLE = """\
#include <stddef.h>
#include <stdint.h>
{library}
#include "{name}.h"

#ifdef __FAST_MATH__
#error "exponentials are rounded by sums that -ffast-math takes apart: compile without it"
#endif

typedef {name}_real real;
typedef {bits} bits;

/* the columns that a product keeps in registers, and the depth of the panel beside them */
#ifdef __AVX512F__
enum {{ COLUMNS = 128 / sizeof(real), DEPTH = 256 }};
#else
enum {{ COLUMNS = 64 / sizeof(real), DEPTH = 256 }};
#endif"""

_HEADER = """\
/* Loss and gradient of a {layers} network; {name}.c says which and how. */
#ifndef {upper}_H
#define {upper}_H

#ifdef __cplusplus
extern "C" {{
#endif

typedef {type} {name}_real;

enum {{
    {upper}_SAMPLES = {samples},
    {upper}_INPUTS = {inputs}, /* X is SAMPLES x INPUTS */
    {upper}_OUTPUTS = {outputs}, /* Y and outputs are SAMPLES x OUTPUTS */
    {upper}_SIZE = {size}, /* of theta and of gradient */
    {upper}_WORK = {work} /* of work, memory that a call may write to; no two calls at a time share it */
}};

{declared}

#ifdef __cplusplus
}}
#endif

#endif
"""
