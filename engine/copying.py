"""Copies: `copy.copy`, `copy.deepcopy`, `pickle` and joblib give the same value, whose arrays are its own.

NumPy copies a view as an array by itself, so that the layers of a copied network would no longer look at its
parameters. What holds arrays is therefore copied as pieces of memory, each once, and as views on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any, NamedTuple, Self
from weakref import WeakValueDictionary

import numpy as np

from engine.tables import Array


class Copyable:
    """An object that changes in place: a copy is independent, and continues from the same bits."""

    def __copy__(self) -> Self:
        return deepcopy(self)  # a shallow copy would write into the same arrays

    def __getstate__(self) -> dict[str, Any]:
        return {name: _with_views(value) for name, value in vars(self).items()}


class Memory:
    """The memory of an array. It is no array itself, because joblib stores the same array anew wherever it is held,
    and hands large ones to other processes so that they cannot be written."""

    def __init__(self, owner: Array) -> None:
        self._owner = owner

    def __reduce__(self) -> tuple[Callable[[bytes], Array], tuple[bytes]]:
        return _memory, (self._owner.ravel("K").tobytes(),)


MEMORIES: WeakValueDictionary[int, Memory] = WeakValueDictionary()
"""Those that are being copied, by the identity of their arrays: each is copied once for all views on it."""


def _memory(data: bytes) -> Array:
    return np.frombuffer(data, np.uint8).copy()


class ArrayView(NamedTuple):
    """An array as it is copied: as a view on memory."""

    memory: Memory
    offset: int
    """Bytes from the beginning of the memory."""
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: np.dtype[Any]
    writeable: bool

    @classmethod
    def of(cls, array: Array) -> ArrayView:
        """The view that an array is, on its own memory or on another array's."""
        owner = array.base if isinstance(array.base, np.ndarray) else array
        memory = MEMORIES.setdefault(id(owner), Memory(owner))
        offset = array.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
        return cls(memory, offset, array.shape, array.strides, array.dtype, array.flags.writeable)

    def __reduce__(self) -> tuple[Callable[..., Array], tuple[Any, ...]]:
        return _view, tuple(self)


def _view(
    memory: Array, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], dtype: np.dtype[Any], writeable: bool
) -> Array:
    view: Array = np.ndarray(shape, dtype, memory, offset, strides)
    view.flags.writeable = writeable
    return view


def _with_views(value: Any) -> Any:
    """The value with a `ArrayView` in the place of each array, in lists, tuples and dictionaries too."""
    if isinstance(value, np.ndarray):
        return ArrayView.of(value)
    if isinstance(value, dict):
        entries = list(map(_with_views, value.values()))
        return dict(zip(value, entries, strict=True)) if _differ(entries, value.values()) else value
    if isinstance(value, (list, tuple)):
        entries = list(map(_with_views, value))
        make = type(value)._make if hasattr(value, "_make") else type(value)
        return make(entries) if _differ(entries, value) else value
    return value


def _differ(entries: Iterable[object], others: Iterable[object]) -> bool:
    return any(entry is not other for entry, other in zip(entries, others, strict=True))
