"""What a worker of a cluster calls: it loads this project's own modules, whatever the worker's folder holds."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import TypeVar, cast

import playground.ownership  # noqa: F401 - before a task names a module of engine or app

Result = TypeVar("Result")


def packed(function: Callable[..., object], *args: object) -> bytes:
    """A call that `call` makes elsewhere."""
    return pickle.dumps((function, args))


def call(task: bytes) -> object:
    """Make a call that `packed` wrote, and give what it gives."""
    function, args = cast("tuple[Callable[..., object], tuple[object, ...]]", pickle.loads(task))
    return function(*args)
