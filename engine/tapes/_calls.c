/* Repeats a list of calls of NumPy's own inner loops on arrays that stay where they are, without Python in between.
 *
 * A call is what `ufunc(*inputs, out=out)` does for arrays of one shape, or for two stacks of matrices, found by NumPy's
 * public C API. So the bits are those of the same calls from Python. engine/tapes/recording.py makes the lists.
 *
 * An operand lies in an array of its own, or in a slot: the slots of one repetition follow those of the one before at an even
 * distance, as the batches of an epoch do. All addresses come from arrays, whose shapes and strides are checked here.
 */
#define PY_SSIZE_T_CLEAN
#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#include <Python.h>
#include <numpy/arrayobject.h>
#include <numpy/ufuncobject.h>

#define MOST_OPERANDS 4
#define MOST_AXES 4
#define MOST_SLOTS 32

typedef struct {
    PyUFuncGenericFunction loop;
    void *data;
    int operands;
    char *at[MOST_OPERANDS];                     /* where each operand begins, or how far from its slot's beginning */
    int slot[MOST_OPERANDS];                     /* its slot, or the one behind all slots that lies at 0 */
    npy_intp dims[4], steps[9];                  /* of the inner loop, as NumPy passes them */
    int axes;                                    /* around it */
    npy_intp length[MOST_AXES], stride[MOST_AXES][MOST_OPERANDS];
    char *mask;                                  /* of the elements to write, with the strides of its axes; or NULL */
    npy_intp mask_step, mask_stride[MOST_AXES];
} Call;

typedef struct {
    PyObject_HEAD
    Call *calls;
    Py_ssize_t count;
    int slots;
    PyObject *templates;                         /* a tuple of arrays: the slots as they were recorded */
    PyObject *kept;                              /* what the addresses of the calls belong to */
} CallList;

/* --- repeating ---------------------------------------------------------------------------------------------------- */

/* One run of the inner loop; with a mask one for each stretch of elements to write, as NumPy does it. */
static void run_inner(const Call *call, char **at, const char *mask)
{
    if (!mask) {
        call->loop(at, call->dims, call->steps, call->data);
        return;
    }
    npy_intp n = call->dims[0], i = 0;
    while (i < n) {
        while (i < n && !mask[i * call->mask_step]) i++;
        npy_intp start = i;
        while (i < n && mask[i * call->mask_step]) i++;
        npy_intp length = i - start;
        if (!length) return;
        char *from[MOST_OPERANDS];
        for (int k = 0; k < call->operands; k++) from[k] = at[k] + start * call->steps[k];
        call->loop(from, &length, call->steps, call->data);
    }
}

static void run_axes(const Call *call, int axis, char **at, char *mask)
{
    if (axis == call->axes || axis == MOST_AXES) {
        char *copy[MOST_OPERANDS];               /* a loop may move its pointers on */
        for (int k = 0; k < call->operands; k++) copy[k] = at[k];
        run_inner(call, copy, mask);
        return;
    }
    char *here[MOST_OPERANDS];
    for (npy_intp i = 0; i < call->length[axis]; i++) {
        for (int k = 0; k < call->operands; k++) here[k] = at[k] + i * call->stride[axis][k];
        run_axes(call, axis + 1, here, mask ? mask + i * call->mask_stride[axis] : NULL);
    }
}

static void repeat(const CallList *list, npy_intp times, char **slot, const npy_intp *move)
{
    for (npy_intp time = 0; time < times; time++) {
        for (const Call *call = list->calls; call < list->calls + list->count; call++) {
            char *at[MOST_OPERANDS];
            for (int k = 0; k < call->operands; k++) at[k] = slot[call->slot[k]] + (npy_intp)call->at[k];
            if (call->axes || call->mask) run_axes(call, 0, at, call->mask);
            else call->loop(at, call->dims, call->steps, call->data);
        }
        for (int s = 0; s < list->slots; s++) slot[s] += move[s];
    }
}

/* --- making ------------------------------------------------------------------------------------------------------- */

static int refuse(const char *what)
{
    PyErr_SetString(PyExc_ValueError, what);
    return -1;
}

/* The loop of a ufunc for the types of some arrays. */
static int find_loop(Call *call, PyUFuncObject *ufunc, PyArrayObject **arrays)
{
    for (int i = 0; i < ufunc->ntypes; i++) {
        const char *types = ufunc->types + i * ufunc->nargs;
        int k = 0;
        while (k < ufunc->nargs && PyArray_TYPE(arrays[k]) == types[k]) k++;
        if (k == ufunc->nargs) {
            call->loop = ufunc->functions[i];
            call->data = ufunc->data ? (void *)ufunc->data[i] : NULL;
            return call->loop ? 0 : refuse("expected a ufunc with a loop of its own");
        }
    }
    return refuse("expected arrays of types that the ufunc takes without a cast");
}

/* Where an operand lies: by itself, or from the beginning of its slot. */
static int find_place(Call *call, int k, PyArrayObject *array, long slot, const CallList *list)
{
    if (!PyArray_ISBEHAVED_RO(array)) return refuse("expected aligned arrays in the machine's byte order");
    call->slot[k] = list->slots;
    call->at[k] = PyArray_BYTES(array);
    if (slot < 0) return 0;
    if (slot >= list->slots) return refuse("expected the number of a slot");
    char *begins, *ends;
    PyArrayObject *whole = (PyArrayObject *)PyTuple_GET_ITEM(list->templates, slot);
    npy_intp low = 0, high = PyArray_ITEMSIZE(whole), first = 0, last = PyArray_ITEMSIZE(array);
    for (int i = 0; i < PyArray_NDIM(whole); i++) {
        npy_intp reach = (PyArray_DIM(whole, i) - 1) * PyArray_STRIDE(whole, i);
        if (reach < 0) low += reach; else high += reach;
    }
    for (int i = 0; i < PyArray_NDIM(array); i++) {
        npy_intp reach = (PyArray_DIM(array, i) - 1) * PyArray_STRIDE(array, i);
        if (reach < 0) first += reach; else last += reach;
    }
    begins = PyArray_BYTES(whole) + low, ends = PyArray_BYTES(whole) + high;
    if (PyArray_BYTES(array) + first < begins || PyArray_BYTES(array) + last > ends)
        return refuse("expected an operand within its slot");
    call->slot[k] = (int)slot;
    call->at[k] = (char *)(PyArray_BYTES(array) - PyArray_BYTES(whole));
    return 0;
}

/* The axes of an elementwise call, where those that lie behind each other in all operands are one. */
static int find_axes(Call *call, PyArrayObject **arrays, PyArrayObject *mask, int copies)
{
    int count = call->operands, ndim = PyArray_NDIM(arrays[0]), axes = 0;
    npy_intp length[NPY_MAXDIMS], stride[NPY_MAXDIMS][MOST_OPERANDS + 1];
    for (int i = 0; i < ndim; i++) {
        npy_intp n = PyArray_DIM(arrays[0], i), step[MOST_OPERANDS + 1];
        for (int k = 0; k <= count; k++) {
            PyArrayObject *array = k < count ? arrays[k] : mask;
            step[k] = array ? PyArray_STRIDE(array, i) : 0;
            if (array && (PyArray_NDIM(array) != ndim || PyArray_DIM(array, i) != n))
                return refuse("expected operands of one shape");
        }
        if (n == 1) continue;
        int joins = axes > 0;
        for (int k = 0; k <= count && joins; k++) joins = stride[axes - 1][k] == n * step[k];
        if (joins) length[axes - 1] *= n;
        else length[axes++] = n;
        for (int k = 0; k <= count; k++) stride[axes - 1][k] = step[k];
    }
    if (copies && axes == 2 && length[0] > length[1]) {      /* a copy is the same in any order: in few runs */
        npy_intp other = length[0];
        length[0] = length[1], length[1] = other;
        for (int k = 0; k <= count; k++) other = stride[0][k], stride[0][k] = stride[1][k], stride[1][k] = other;
    }
    if (axes - 1 > MOST_AXES) return refuse("expected fewer axes");
    call->dims[0] = axes ? length[axes - 1] : 1;
    for (int k = 0; k < count; k++) call->steps[k] = axes ? stride[axes - 1][k] : 0;
    call->mask_step = axes ? stride[axes - 1][count] : 0;
    call->axes = axes ? axes - 1 : 0;
    for (int a = 0; a < call->axes; a++) {
        call->length[a] = length[a];
        for (int k = 0; k < count; k++) call->stride[a][k] = stride[a][k];
        call->mask_stride[a] = stride[a][count];
    }
    call->mask = mask ? PyArray_BYTES(mask) : NULL;
    return 0;
}

/* The sizes of a product of matrices, or of a stack of them. */
static int find_product(Call *call, PyArrayObject **arrays)
{
    int ndim = PyArray_NDIM(arrays[2]);
    if (ndim < 2 || ndim > 3) return refuse("expected matrices, or a stack of them");
    for (int k = 0; k < 3; k++)
        if (PyArray_NDIM(arrays[k]) != ndim || (ndim == 3 && PyArray_DIM(arrays[k], 0) != PyArray_DIM(arrays[2], 0)))
            return refuse("expected stacks of one length");
    npy_intp *a = PyArray_DIMS(arrays[0]) + ndim - 2, *b = PyArray_DIMS(arrays[1]) + ndim - 2;
    npy_intp *c = PyArray_DIMS(arrays[2]) + ndim - 2;
    if (a[1] != b[0] || c[0] != a[0] || c[1] != b[1]) return refuse("expected matrices that can be multiplied");
    npy_intp dims[4] = {ndim == 3 ? PyArray_DIM(arrays[2], 0) : 1, a[0], a[1], b[1]};
    memcpy(call->dims, dims, sizeof dims);
    for (int k = 0; k < 3; k++) {
        npy_intp *strides = PyArray_STRIDES(arrays[k]);
        call->steps[k] = ndim == 3 ? strides[0] : 0;
        call->steps[3 + 2 * k] = strides[ndim - 2];
        call->steps[4 + 2 * k] = strides[ndim - 1];
    }
    call->axes = 0;
    call->mask = NULL;
    return 0;
}

/* A call from (ufunc, operands, slots, mask or None): the operands in the order of the loop, the last one written to. */
static int make_call(Call *call, PyObject *item, const CallList *list)
{
    PyObject *function, *operands, *slots, *mask;
    if (!PyArg_ParseTuple(item, "O!O!O!O", &PyUFunc_Type, &function, &PyTuple_Type, &operands, &PyTuple_Type, &slots, &mask))
        return -1;
    PyUFuncObject *ufunc = (PyUFuncObject *)function;
    PyArrayObject *arrays[MOST_OPERANDS];
    call->operands = ufunc->nargs;
    if (ufunc->nargs > MOST_OPERANDS || ufunc->nout != 1) return refuse("expected a ufunc of few operands and one output");
    if (PyTuple_GET_SIZE(operands) != ufunc->nargs || PyTuple_GET_SIZE(slots) != ufunc->nargs)
        return refuse("expected as many operands and slots as the ufunc has");
    for (int k = 0; k < ufunc->nargs; k++) {
        PyObject *operand = PyTuple_GET_ITEM(operands, k);
        if (!PyArray_Check(operand)) return refuse("expected arrays as operands");
        arrays[k] = (PyArrayObject *)operand;
        long slot = PyLong_AsLong(PyTuple_GET_ITEM(slots, k));
        if ((slot == -1 && PyErr_Occurred()) || find_place(call, k, arrays[k], slot, list)) return -1;
    }
    if (!PyArray_ISWRITEABLE(arrays[ufunc->nargs - 1])) return refuse("expected an output that may be written to");
    if (mask != Py_None && !(PyArray_Check(mask) && PyArray_TYPE((PyArrayObject *)mask) == NPY_BOOL))
        return refuse("expected a mask of booleans");
    if (find_loop(call, ufunc, arrays)) return -1;
    if (!ufunc->core_enabled) {
        PyArrayObject *written = mask == Py_None ? NULL : (PyArrayObject *)mask;
        return find_axes(call, arrays, written, !strcmp(ufunc->name, "positive"));
    }
    if (strcmp(ufunc->name, "matmul") || mask != Py_None) return refuse("expected matmul, or a ufunc of single elements");
    return find_product(call, arrays);
}

static int are_arrays(PyObject *tuple)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++)
        if (!PyArray_Check(PyTuple_GET_ITEM(tuple, i))) return 0;
    return PyTuple_GET_SIZE(tuple) <= MOST_SLOTS;
}

static PyObject *list_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(named))
{
    PyObject *calls, *templates;
    if (!PyArg_ParseTuple(args, "O!O!", &PyTuple_Type, &calls, &PyTuple_Type, &templates)) return NULL;
    if (!are_arrays(templates)) return refuse("expected arrays as slots"), NULL;
    CallList *list = (CallList *)type->tp_alloc(type, 0);
    if (!list) return NULL;
    Py_INCREF(calls), Py_INCREF(templates);
    list->kept = calls, list->templates = templates;
    list->slots = (int)PyTuple_GET_SIZE(templates);
    list->count = PyTuple_GET_SIZE(calls);
    list->calls = PyMem_Calloc(list->count ? list->count : 1, sizeof(Call));
    if (!list->calls) return Py_DECREF(list), PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < list->count; i++)
        if (make_call(list->calls + i, PyTuple_GET_ITEM(calls, i), list)) return Py_DECREF(list), NULL;
    return (PyObject *)list;
}

static void list_dealloc(CallList *list)
{
    PyMem_Free(list->calls);
    Py_XDECREF(list->kept);
    Py_XDECREF(list->templates);
    Py_TYPE(list)->tp_free((PyObject *)list);
}

/* --- running ------------------------------------------------------------------------------------------------------ */

static int fits(PyArrayObject *array, PyArrayObject *like)
{
    return PyArray_NDIM(array) == PyArray_NDIM(like) && PyArray_TYPE(array) == PyArray_TYPE(like)
        && PyArray_ISBEHAVED(array)
        && PyArray_CompareLists(PyArray_DIMS(array), PyArray_DIMS(like), PyArray_NDIM(like))
        && PyArray_CompareLists(PyArray_STRIDES(array), PyArray_STRIDES(like), PyArray_NDIM(like));
}

static PyObject *list_run(CallList *list, PyObject *args)
{
    PyObject *firsts, *lasts;
    Py_ssize_t times;
    char *slot[MOST_SLOTS + 1];
    npy_intp move[MOST_SLOTS];
    if (!PyArg_ParseTuple(args, "nO!O!", &times, &PyTuple_Type, &firsts, &PyTuple_Type, &lasts)) return NULL;
    if (PyTuple_GET_SIZE(firsts) != list->slots || PyTuple_GET_SIZE(lasts) != list->slots || !are_arrays(firsts)
        || !are_arrays(lasts) || times < 1)
        return refuse("expected an array for each slot of the first and of the last repetition"), NULL;
    for (int s = 0; s < list->slots; s++) {
        PyArrayObject *like = (PyArrayObject *)PyTuple_GET_ITEM(list->templates, s);
        PyArrayObject *first = (PyArrayObject *)PyTuple_GET_ITEM(firsts, s);
        PyArrayObject *last = (PyArrayObject *)PyTuple_GET_ITEM(lasts, s);
        npy_intp way = PyArray_BYTES(last) - PyArray_BYTES(first);
        if (!fits(first, like) || !fits(last, like)) return refuse("expected slots as they were recorded"), NULL;
        if (PyArray_BASE(first) != PyArray_BASE(last) || !PyArray_BASE(first))
            return refuse("expected the first and the last slot in one array"), NULL;
        if (times == 1 ? way : way % ((times - 1) * PyArray_ITEMSIZE(like))) return refuse("expected slots at an even distance"), NULL;
        slot[s] = PyArray_BYTES(first);
        move[s] = times == 1 ? 0 : way / (times - 1);
    }
    slot[list->slots] = NULL;
    Py_BEGIN_ALLOW_THREADS
    repeat(list, times, slot, move);
    Py_END_ALLOW_THREADS
    PyUFunc_clearfperr();                        /* what the loops noted is nobody's error */
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"run", (PyCFunction)list_run, METH_VARARGS,
     "run(times, firsts, lasts): repeat all calls, with the arrays of all slots at the first and at the last time."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject CallListType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "engine.tapes._calls.CallList",
    .tp_doc = "CallList(calls, slots): calls as (ufunc, operands, slots, mask or None), and the arrays of the slots.",
    .tp_basicsize = sizeof(CallList),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = list_new,
    .tp_dealloc = (destructor)list_dealloc,
    .tp_methods = methods,
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_calls",
    .m_doc = "Repeats calls of NumPy's inner loops.",
    .m_size = -1,
};

PyMODINIT_FUNC PyInit__calls(void)
{
    import_array();
    import_umath();
    PyObject *made = PyModule_Create(&module);
    if (!made || PyType_Ready(&CallListType) || PyModule_AddObjectRef(made, "CallList", (PyObject *)&CallListType)) return NULL;
    return made;
}
