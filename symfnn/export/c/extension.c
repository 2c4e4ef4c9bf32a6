/* a Python module around the functions of network.c, called with NumPy arrays */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#define NPY_NO_DEPRECATED_API NPY_1_7_API_VERSION
#include <numpy/arrayobject.h>

enum { LAYERS = sizeof widths / sizeof *widths - 1 };

static PyObject *shape_error;
static const int type_number = sizeof(real) == sizeof(double) ? NPY_DOUBLE : NPY_FLOAT;
static const char *const type_name = sizeof(real) == sizeof(double) ? "float64" : "float32";
static real *spare; /* memory for one call, taken and given back while Python's lock is held */

static real *take_work(void)
{
    real *work = spare;
    spare = NULL;
    return work != NULL ? work : PyMem_RawMalloc(sizeof(real) * NETWORK_WORK);
}

static void give_back(real *work)
{
    if (spare == NULL)
        spare = work;
    else
        PyMem_RawFree(work);
}

/* whether an object is an array of this type and shape that can be read as it lies */
static inline int is_ready(PyObject *given, int axes, npy_intp rows, npy_intp columns)
{
    PyArrayObject *array = (PyArrayObject *)given;
    return PyArray_Check(given) && PyArray_TYPE(array) == type_number && PyArray_ISCARRAY_RO(array) &&
           PyArray_NDIM(array) == axes && PyArray_DIM(array, 0) == rows &&
           (axes == 1 || PyArray_DIM(array, 1) == columns);
}

static void *refuse(const char *name, PyArrayObject *array, int axes, npy_intp rows, npy_intp columns)
{
    PyObject *shape = PyObject_GetAttrString((PyObject *)array, "shape");
    PyObject *type = PyObject_GetAttrString((PyObject *)array, "dtype");
    if (shape != NULL && type != NULL) {
        if (axes == 1)
            PyErr_Format(shape_error, "%s has shape %R in %S, but (%zd,) in %s is needed", name, shape, type,
                         (Py_ssize_t)rows, type_name);
        else
            PyErr_Format(shape_error, "%s has shape %R in %S, but (%zd, %zd) in %s is needed", name, shape, type,
                         (Py_ssize_t)rows, (Py_ssize_t)columns, type_name);
    }
    Py_XDECREF(shape);
    Py_XDECREF(type);
    return NULL;
}

/* the argument as such an array, a new reference; lists are converted, arrays in another order are copied */
static PyArrayObject *array_of(const char *name, PyObject *given, int axes, npy_intp rows, npy_intp columns)
{
    PyArrayObject *array;
    if (is_ready(given, axes, rows, columns)) {
        Py_INCREF(given);
        return (PyArrayObject *)given;
    }
    if (PyArray_Check(given) && PyArray_TYPE((PyArrayObject *)given) != type_number)
        return refuse(name, (PyArrayObject *)given, axes, rows, columns);
    array = (PyArrayObject *)PyArray_FROM_OTF(given, type_number, NPY_ARRAY_CARRAY_RO | NPY_ARRAY_NOTSWAPPED);
    if (array == NULL) {
        PyErr_Clear();
        PyErr_Format(shape_error, "%s is no rectangular array of real numbers", name);
        return NULL;
    }
    if (!is_ready((PyObject *)array, axes, rows, columns)) {
        refuse(name, array, axes, rows, columns);
        Py_DECREF(array);
        return NULL;
    }
    return array;
}

/* the parameters as one vector: as they are, or those of each layer one after another */
static PyArrayObject *parameters_of(const char *name, PyObject *given, int *is_list)
{
    PyObject *items;
    PyArrayObject *vector;
    npy_intp size = NETWORK_SIZE;
    real *to;
    *is_list = PyList_Check(given) || PyTuple_Check(given);
    if (!*is_list)
        return array_of(name, given, 1, NETWORK_SIZE, 0);
    items = PySequence_Fast(given, name);
    if (items == NULL)
        return NULL;
    if (PySequence_Fast_GET_SIZE(items) != LAYERS) {
        PyErr_Format(shape_error, "%s has %zd arrays, but this network needs %d, for layers 2...L", name,
                     PySequence_Fast_GET_SIZE(items), (int)LAYERS);
        Py_DECREF(items);
        return NULL;
    }
    vector = (PyArrayObject *)PyArray_SimpleNew(1, &size, type_number);
    to = vector == NULL ? NULL : PyArray_DATA(vector);
    for (int k = 0; vector != NULL && k < LAYERS; k++) {
        char part_name[32];
        const npy_intp rows = widths[k] + 1, columns = widths[k + 1];
        PyArrayObject *part;
        PyOS_snprintf(part_name, sizeof part_name, "%.16s[%d]", name, k);
        part = array_of(part_name, PySequence_Fast_GET_ITEM(items, k), 2, rows, columns);
        if (part == NULL) {
            Py_CLEAR(vector);
            break;
        }
        memcpy(to, PyArray_DATA(part), sizeof(real) * rows * columns);
        to += rows * columns;
        Py_DECREF(part);
    }
    Py_DECREF(items);
    return vector;
}

/* the parts of a vector that belong to each layer, as views */
static PyObject *layers_of(PyArrayObject *vector)
{
    PyObject *list = PyList_New(LAYERS);
    real *from = PyArray_DATA(vector);
    for (int k = 0; list != NULL && k < LAYERS; k++) {
        npy_intp shape[2] = {widths[k] + 1, widths[k + 1]};
        PyObject *part = PyArray_SimpleNewFromData(2, shape, type_number, from);
        if (part == NULL) {
            Py_CLEAR(list);
            break;
        }
        Py_INCREF(vector);
        PyList_SET_ITEM(list, k, part);
        if (PyArray_SetBaseObject((PyArrayObject *)part, (PyObject *)vector) < 0) {
            Py_CLEAR(list);
            break;
        }
        from += shape[0] * shape[1];
    }
    return list;
}

/* the form of theta for a vector of parameters */
static PyObject *in_form(PyArrayObject *vector, int is_list)
{
    if (is_list)
        return layers_of(vector);
    Py_INCREF(vector);
    return (PyObject *)vector;
}

/* an array for a result: a new one, or that which is given for it */
static PyArrayObject *result_array(PyObject *given, int axes, npy_intp rows, npy_intp columns)
{
    npy_intp shape[2] = {rows, columns};
    if (given == NULL)
        return (PyArrayObject *)PyArray_SimpleNew(axes, shape, type_number);
    if (is_ready(given, axes, rows, columns) && PyArray_ISWRITEABLE((PyArrayObject *)given)) {
        Py_INCREF(given);
        return (PyArrayObject *)given;
    }
    PyErr_Format(shape_error, "out is no writable array of %zd numbers in %s", (Py_ssize_t)(rows * columns), type_name);
    return NULL;
}

static int has_arguments(const char *name, Py_ssize_t given, Py_ssize_t least, Py_ssize_t most)
{
    if (given >= least && given <= most)
        return 1;
    PyErr_Format(PyExc_TypeError, "%s takes %zd arguments, not %zd", name, least, given);
    return 0;
}

/* both in a tuple, which takes them over; NULL where one is NULL */
static inline PyObject *tuple_of_two(PyObject *first, PyObject *second)
{
    PyObject *result = first != NULL && second != NULL ? PyTuple_Pack(2, first, second) : NULL;
    Py_XDECREF(first);
    Py_XDECREF(second);
    return result;
}
