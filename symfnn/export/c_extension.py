"""The C text of a Python extension module around a network's functions."""

from collections.abc import Iterator
from importlib import resources
from itertools import pairwise

from symfnn.export.c_blas import Routine
from symfnn.export.c_memory import Sizes, blocks
from symfnn.export.c_module import CModule
from symfnn.export.functions import LISTS, Function

_LONG = 200_000  # multiplications from which a call lets other threads run


def extension(made: CModule, sizes: Sizes, blas: Routine | None) -> str:
    """The text of a C file that includes the network's and defines the module ``NAME_extension``.

    Args:
        made: the network's files.
        sizes: the number of samples and the widths.
        blas: whose matrix product is called once ``use_blas`` has its address; None for that in the file.
    """
    text = (resources.files("symfnn.export") / "c" / "extension.c").read_text(encoding="utf-8")
    is_long = sizes.samples * sum(p * q for p, q in pairwise(sizes.widths)) >= _LONG
    methods = "\n".join([*map(_method, made.functions), *([] if blas is None else [_USE])])
    return "\n".join(
        [
            "#include <string.h>",
            *([] if blas is None else [_BLAS.format(integer=blas.integer, name=_gemm(blas))]),
            f'#include "{made.name}.c"',
            f"static const int widths[] = {{{', '.join(map(str, sizes.widths))}}};",
            text.replace("network", made.name).replace("NETWORK", made.name.upper()),
            *([] if blas is None else [_ADDRESS if blas.is_for_c else _ADDRESS_OF_FORTRAN]),
            *(line for function in made.functions for line in _wrapper(made.name, function, sizes, is_long=is_long)),
            _DEFINITION.format(name=made.name, methods=methods),
        ]
    )


def _wrapper(name: str, function: Function, sizes: Sizes, *, is_long: bool) -> Iterator[str]:
    """A function that takes its arguments apart, calls that of the network, and gives the results."""
    results = _results(function, sizes)
    arrays = [*function.arguments, *results]
    has_number = any(result.kind == "number" for result in function.results)
    most = len(function.arguments) + (len(results) == 1)
    yield f"static PyObject *{function.name}(PyObject *self, PyObject *const *given, Py_ssize_t count)"
    yield "{"
    yield f"    PyArrayObject *{', '.join(f'*{array} = NULL' for array in arrays).removeprefix('*')};"
    yield "    PyObject *result = NULL;"
    yield "    real *work;"
    yield "    int is_list = 0, other = 0;"
    yield "    (void)self;"
    yield "    (void)is_list;"
    yield "    (void)other;"
    yield f'    if (!has_arguments("{function.name}", count, {len(function.arguments)}, {most}))'
    yield "        return NULL;"
    for place, argument in enumerate(function.arguments):
        yield f"    if (({argument} = {_taken(argument, place, function, sizes)}) == NULL)"
        yield "        goto done;"
    optional = f"count == {most} ? given[{most - 1}] : NULL" if len(results) == 1 else "NULL"
    for result, (axes, rows, columns) in results.items():
        yield f"    if (({result} = result_array({optional}, {axes}, {rows}, {columns})) == NULL)"
        yield "        goto done;"
    yield "    if ((work = take_work()) == NULL) {"
    yield "        PyErr_NoMemory();"
    yield "        goto done;"
    yield "    }"
    data = ", ".join([*(f"PyArray_DATA({array})" for array in arrays), "work"])
    yield "    {"
    yield "        real J = 0;"
    yield "        Py_BEGIN_ALLOW_THREADS" if is_long else ""
    yield f"        {'J = ' if has_number else ''}{name}_{function.name}({data});"
    yield "        Py_END_ALLOW_THREADS" if is_long else ""
    yield "        give_back(work);"
    yield f"        result = {_built(function)};"
    yield "    }"
    yield "done:"
    yield from (f"    Py_XDECREF({array});" for array in arrays)
    yield "    return result;"
    yield "}"


def _results(function: Function, sizes: Sizes) -> dict[str, tuple[int, int, int]]:
    """The arrays that are given back: their axes, rows and columns."""
    shapes = {a.target: a.shape for a in function.program.assignments} | dict(function.program.inputs)
    size = sum((p + 1) * q for p, q in pairwise(sizes.widths))
    found: dict[str, tuple[int, int, int]] = {}
    for name, block in blocks(function).items():
        is_vector = any(name in result.names and result.kind == "list" for result in function.results)
        rows, columns = (sizes.length(length) for length in shapes[name])
        found[block] = (1, size, 1) if is_vector else (2, rows, columns)
    return found


def _taken(argument: str, place: int, function: Function, sizes: Sizes) -> str:
    if argument in LISTS:
        return f'parameters_of("{argument}", given[{place}], &{"is_list" if argument == "theta" else "other"})'
    rows, columns = sizes.samples, sizes.widths[0 if argument.startswith("X") else -1]
    return f'array_of("{argument}", given[{place}], 2, {rows}, {columns})'


def _built(function: Function) -> str:
    """The expression that builds the result."""
    names = blocks(function)
    texts = [
        "PyFloat_FromDouble((double)J)"
        if result.kind == "number"
        else f"in_form({names[result.names[0]]}, is_list)"
        if result.kind == "list"
        else f"in_form({names[result.names[0]]}, 0)"
        for result in function.results
    ]
    return texts[0] if len(texts) == 1 else f"tuple_of_two({', '.join(texts)})"


def _method(function: Function) -> str:
    arguments = ", ".join(function.arguments)
    doc = f"{function.name}({arguments}, out=None, /)\\n--\\n\\n{function.title}"
    return f'    {{"{function.name}", (PyCFunction)(void (*)(void)){function.name}, METH_FASTCALL, "{doc}"}},'


def _gemm(blas: Routine) -> str:
    """A pointer in the place of a name makes the declaration of the routine that of a variable."""
    return "(*gemm)" if blas.is_for_c else "gemm_by_columns"


_BLAS = """\
#define SYMFNN_CBLAS
#define SYMFNN_BLAS_INT {integer}
#define SYMFNN_GEMM {name}"""

_ADDRESS = """
static PyObject *use_blas(PyObject *self, PyObject *address)
{
    (void)self;
    *(void **)&gemm = PyLong_AsVoidPtr(address);
    Py_RETURN_NONE;
}
"""

_ADDRESS_OF_FORTRAN = """
static void (*gemm)(const char *, const char *, const int *, const int *, const int *, const real *, const real *,
                    const int *, const real *, const int *, const real *, real *, const int *);

/* by rows C = A B is by columns C^T = B^T A^T */
void gemm_by_columns(int order, int is_a_turned, int is_b_turned, int rows, int columns, int depth, real factor,
                     const real *a, int a_apart, const real *b, int b_apart, real kept, real *c, int c_apart)
{
    (void)order;
    gemm(is_b_turned == 112 ? "T" : "N", is_a_turned == 112 ? "T" : "N", &columns, &rows, &depth, &factor, b, &b_apart,
         a, &a_apart, &kept, c, &c_apart);
}

static PyObject *use_blas(PyObject *self, PyObject *address)
{
    (void)self;
    *(void **)&gemm = PyLong_AsVoidPtr(address);
    Py_RETURN_NONE;
}
"""

_USE = '    {"use_blas", use_blas, METH_O, "Where the matrix product is."},'

_DEFINITION = """\
static PyMethodDef methods[] = {{
{methods}
    {{NULL, NULL, 0, NULL}},
}};

static struct PyModuleDef definition = {{
    PyModuleDef_HEAD_INIT, "{name}_extension", NULL, -1, methods, NULL, NULL, NULL, NULL,
}};

PyMODINIT_FUNC PyInit_{name}_extension(void)
{{
    PyObject *errors;
    import_array();
    errors = PyImport_ImportModule("symfnn.errors");
    shape_error = errors == NULL ? NULL : PyObject_GetAttrString(errors, "ShapeError");
    Py_XDECREF(errors);
    return shape_error == NULL ? NULL : PyModule_Create(&definition);
}}
"""
