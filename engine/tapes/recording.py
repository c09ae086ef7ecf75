"""Records the NumPy calls that a piece of code makes, so that they can be repeated without Python.

Code that is given `Recorded` arrays computes nothing: each call of a ufunc is noted with its arrays, those that the
code names and those that the call would make. What is no ufunc, and cannot be said by ufuncs, raises
`NotRecordableError`: such code cannot be repeated, and runs as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from engine.copying import Copyable
from engine.tables import Array
from engine.tapes.products import stacked


class NotRecordableError(Exception):
    """Code does something that is no list of calls of ufuncs."""


class Call(NamedTuple):
    """One call of a ufunc, or one step of a reduction, as `engine.tapes._calls` takes it."""

    ufunc: np.ufunc
    operands: tuple[Array, ...]
    """The inputs and the output."""
    slots: tuple[int, ...]
    """The slot that each operand lies in, or -1."""
    mask: Array | None
    """Which elements to write; None for all."""


class Recorder:
    """Notes the calls of ufuncs on the arrays that it is given, in their order."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def recorded(self, value: Any, slot: int = -1) -> Any:
        """The same value with all its arrays as `Recorded` ones, on the same memory; its objects are other ones."""
        return self._recorded(value, slot, {})

    def _recorded(self, value: Any, slot: int, memo: dict[int, Any]) -> Any:
        if id(value) in memo:
            return memo[id(value)]
        if isinstance(value, np.ndarray):
            return self._array(value, slot)
        if isinstance(value, (list, tuple)):
            make = type(value)._make if hasattr(value, "_make") else type(value)
            return make(self._recorded(each, slot, memo) for each in value)
        if isinstance(value, dict):
            return {key: self._recorded(each, slot, memo) for key, each in value.items()}
        if isinstance(value, Copyable):
            twin = memo[id(value)] = object.__new__(type(value))
            vars(twin).update({name: self._recorded(each, slot, memo) for name, each in vars(value).items()})
            return twin
        return value

    def _array(self, array: Array, slot: int = -1) -> Recorded:
        made: Recorded = array.view(Recorded)
        made.recorder, made.slot = self, slot
        return made

    def call(self, ufunc: np.ufunc, inputs: Sequence[Any], output: Any = None, where: Any = True) -> Recorded:
        """A call of single elements; of an input that would have to be cast, NotRecordableError."""
        try:
            kinds = ufunc.resolve_dtypes((*map(_kind, inputs), None))
        except TypeError as error:
            raise NotRecordableError from error
        plain = [_cast(_plain(value), kind) for value, kind in zip(inputs, kinds, strict=False)]
        shape = np.broadcast_shapes(*(array.shape for array in plain))
        written = np.empty(shape, kinds[-1]) if output is None else _plain(output)
        if any(array.dtype != kind for array, kind in zip((*plain, written), kinds, strict=True)):
            raise NotRecordableError
        operands = [np.broadcast_to(array, written.shape) for array in plain]
        mask = None if where is True else np.broadcast_to(_plain(where), written.shape)
        self.calls.append(Call(ufunc, (*operands, written), (*map(_slot, inputs), _slot(output)), mask))
        return self._array(written, _slot(output))

    def product(self, A: Any, B: Any, output: Any) -> Recorded:
        """A call of `np.matmul`."""
        outer = A.shape[:-2] or B.shape[:-2]
        written = np.empty((*outer, A.shape[-2], B.shape[-1])) if output is None else _plain(output)
        operands = [np.broadcast_to(_plain(each), (*outer, *each.shape[-2:])) for each in (A, B)]
        self.calls.append(Call(np.matmul, (*operands, written), (_slot(A), _slot(B), _slot(output)), None))
        return self._array(written, _slot(output))

    def reduction(self, ufunc: np.ufunc, array: Any, axis: Any = 0, keepdims: bool = False) -> Recorded:
        """A reduction over one axis: the identity, or where there is none the first elements, and then the others."""
        if not isinstance(axis, int) or array.dtype != float:
            raise NotRecordableError
        axis %= array.ndim
        written = np.empty([1 if i == axis else length for i, length in enumerate(array.shape)])
        if ufunc.identity is None:
            self.call(np.positive, [array[_along(axis, slice(1))]], written)
            array = array[_along(axis, slice(1, None))]
        else:
            self.call(np.positive, [float(ufunc.identity)], written)
        if array.shape[axis]:
            spread = as_strided(written, array.shape, [step * (i != axis) for i, step in enumerate(written.strides)])
            self.calls.append(Call(ufunc, (spread, _plain(array), spread), (-1, _slot(array), -1), None))
        return self._array(written if keepdims else written.squeeze(axis))


class Recorded(np.ndarray):
    """An array whose ufunc calls are noted. It shares its memory with the array that it was made of."""

    recorder: Recorder
    slot: int
    """The slot that it lies in, or -1."""

    def __array_finalize__(self, source: Array | None) -> None:
        if source is None or self.flags.owndata:
            raise NotRecordableError  # it was made by something that was not noted
        if isinstance(source, Recorded):
            self.recorder, self.slot = source.recorder, source.slot

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **named: Any) -> Any:
        output = out[0] if out else None
        recorder = next(value.recorder for value in (*inputs, output) if isinstance(value, Recorded))
        given = {name: value for name, value in named.items() if value is not None and value is not np._NoValue}
        if method == "__call__" and ufunc is np.matmul and not given:
            A, B = inputs
            return recorder.product(A, B, output)
        if method == "__call__" and given.keys() <= {"where"}:
            return recorder.call(ufunc, inputs, output, **given)
        if method == "reduce" and output is None and given.pop("where", True) is True:
            return recorder.reduction(ufunc, *inputs, **given)
        raise NotRecordableError

    def __array_function__(self, function: Any, types: Any, args: Any, named: Any) -> Any:
        if function not in FUNCTIONS:
            raise NotRecordableError
        return FUNCTIONS[function](*args, **named)

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        if not isinstance(found, Recorded) or not np.may_share_memory(_plain(found), _plain(self)):
            raise NotRecordableError  # a number, or a copy
        return found

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, np.ndarray):
            self.recorder.call(np.positive, [value], self, where=key)
        else:
            self.recorder.call(np.positive, [value], self[key])

    def __bool__(self) -> bool:
        raise NotRecordableError  # what follows would depend on values, and a list of calls does not

    __float__ = __int__ = __index__ = __bool__

    def fill(self, value: Any) -> None:
        """Write a value to all elements."""
        self.recorder.call(np.positive, [value], self)


def _along(axis: int, part: slice) -> tuple[slice, ...]:
    return (*[slice(None)] * axis, part)


def _plain(value: Any) -> Array:
    return value.view(np.ndarray) if isinstance(value, Recorded) else np.asarray(value)


def _slot(value: Any) -> int:
    return value.slot if isinstance(value, Recorded) else -1


def _kind(value: Any) -> Any:
    """The type of an input, as NumPy sees it: a Python number takes that of the others."""
    return type(value) if type(value) in (int, float) else _plain(value).dtype


def _cast(array: Array, kind: np.dtype[Any]) -> Array:
    """A number in the type of the loop. An array would have to be cast anew at each repetition."""
    return array.astype(kind) if array.ndim == 0 and array.flags.owndata else array


FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.dot: stacked,
    np.copyto: lambda target, source, where=True: target.recorder.call(np.positive, [source], target, where),
    np.empty_like: lambda array: array.recorder.recorded(np.empty_like(_plain(array))),
    np.sum: lambda array, axis, keepdims=False: array.sum(axis=axis, keepdims=keepdims),
    np.clip: lambda array, low, high, out: array.clip(low, high, out=out),
}
"""Functions of NumPy that are no ufuncs, said by ufuncs."""
