"""Where scripted runs are trained: processes of this machine behind the live pages, or a Dask cluster."""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from importlib import import_module
from multiprocessing.connection import wait
from typing import Any, NamedTuple, Protocol

from app.process.resources import SCRIPTED_NICENESS, lower_priority
from app.process.safe_path import seal
from app.process.threads import SINGLE_THREADED
from app.settings import Settings
from engine.errors import InputError, Problem, shown
from playground.remote import call, packed

ADDRESS = re.compile(r"(tcp|tls|wss?)://[^\s/?#]+:\d{1,5}")
CONNECT = "5s"
"""How long a scheduler may take to answer."""


class TaskPool(NamedTuple):
    """Processes that do tasks."""

    executor: Executor
    size: int
    """How many tasks they do at once."""
    end: Callable[[], None]
    """Ends them, whatever they are doing."""
    errors: tuple[type[Exception], ...] = (BrokenExecutor,)
    """What is raised where they are gone."""


class StartPool(Protocol):
    """Starts a pool."""

    def __call__(self, most: int | None = None) -> TaskPool:
        """The pool, or one of so many processes at most; ValueError where none can be started."""


def local(processes: int, niceness: int = 0) -> TaskPool:
    """Processes of this machine, whose priority is lower by so much."""
    for name, value in SINGLE_THREADED.items():  # seen by the new processes before they import NumPy
        os.environ.setdefault(name, value)
    seal()  # they get this process's path, and look for Python's own modules before that
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _prepare, (niceness,))

    def end() -> None:
        for process in list((pool._processes or {}).values()):  # it has no public way to end them at once
            process.kill()
        pool.shutdown()

    return TaskPool(pool, processes, end)


def _prepare(niceness: int) -> None:
    """Run in each process before its first task."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which then ends us
    lower_priority(niceness)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End with the parent: a server that is killed cannot end its processes, and they would wait for tasks forever."""
    parent = multiprocessing.parent_process()
    assert parent
    wait([parent.sentinel])
    os._exit(1)


def starter(settings: Settings, *, live: bool = True) -> StartPool:
    """What starts the pool that the settings ask for; beside live pages it has a lower priority."""
    niceness = SCRIPTED_NICENESS if live else 0

    def start(most: int | None = None) -> TaskPool:
        return dask(settings.scheduler) if settings.scheduler else local(most or settings.processes, niceness)

    return start


def dask(address: str) -> TaskPool:
    """A Dask cluster's workers; ValueError where there are none."""
    if not ADDRESS.fullmatch(address):
        raise InputError(Problem("scheduler", "an address as tcp://127.0.0.1:8786", shown(address)))
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise InputError(
            Problem("scheduler", "the extra `dask` to be installed (neural-playground[dask])", "nothing")
        ) from None
    for name in ("distributed", "distributed.client"):  # of lost connections the runner tells
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(address, timeout=CONNECT, set_as_default=False)
        size = max(1, sum(client.ncores().values()))
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(Problem("scheduler", "the address of a Dask scheduler", f"{address}: {error}")) from None

    def end() -> None:
        with suppress(OSError, TimeoutError):  # where it is gone already
            client.close()

    gone = distributed.client
    errors = (
        gone.ClosedClientError,
        gone.FutureCancelledError,
        gone.FuturesCancelledError,
        distributed.comm.CommClosedError,
    )
    return TaskPool(_Cluster(client.get_executor(retries=3)), size, end, errors)


class _Cluster(Executor):
    """Hands tasks over so that a worker loads our modules, whatever its folder holds."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, function: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        """The future value of a function."""
        return self._executor.submit(call, packed(partial(function, **named), *args))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks."""
        self._executor.shutdown(wait, cancel_futures=cancel_futures)
